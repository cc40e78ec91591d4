"""Plans of one viewer: made as jobs beside the screen, stopped with the best so far, kept while the visit lasts."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import streamlit as st

from layers.allocating import Made, Proposal, Wish, make, propose
from layers.allocating.answering import contradicting
from layers.exchange.jobs import Progress
from layers.readers.watching import Cancelled
from layers.workspace import Workspace
from spatial.allocation import Decision, Plan, Reached, Rule, Stop, decided, solve, values
from spatial.allocation import Progress as Step
from views.session import scenario, workspace_key
from views.text import Text
from views.waiting import begin, is_over, mark_of, stop_work, waited

MOST_DECIDED = 60_000
"""Options up to which every place is explained: beyond, that would take longer than the plan."""


@dataclass
class Best:
    """The best plan so far, for whoever stops the work."""

    made: Made | None = None
    share: np.ndarray | None = None
    bounds: dict[int, float] = field(default_factory=dict)
    seconds: float = 0.0

    def proposal(self) -> Proposal | None:
        """What is known now as a proposal; None where there is no plan yet."""
        if self.made is None or self.share is None:
            return None
        reached = values(self.made.problem, self.made.goals, self.share).tolist()
        goals = tuple(
            Reached(goal.name, value, self.bounds.get(at, float("nan")))
            for at, (goal, value) in enumerate(zip(self.made.goals, reached, strict=True))
        )
        return propose(self.made, Plan("feasible", self.share, goals, self.seconds))


@dataclass(frozen=True)
class Shown:
    """A plan that the page shows.

    Parameters
    ----------
    at
        Workspace and scenario that it was made for.
    decisions
        What decided each place; empty where there are too many options.
    stopped
        Whether its viewer stopped the work.
    going
        Whether it is the best so far of work that goes on.
    against
        Where there is no plan at all: rules of which one has to be given up.
    """

    at: tuple[str, str]
    proposal: Proposal
    decisions: tuple[Decision, ...] = ()
    stopped: bool = False
    going: bool = False
    against: tuple[Rule, ...] = ()


def plan(workspace: Workspace, wish: Wish, seconds: float) -> None:
    """Begin a plan; what is being made is given up."""
    best = Best()

    def act(progress: Progress) -> Shown:
        progress.step("model")
        began = time.perf_counter()
        made = best.made = make(workspace, wish)

        def tell(step: Step) -> None:
            # the first plan is shown at once, and the best so far whenever another goal is worked on
            progress.news += best.share is None or step.goal not in best.bounds
            best.share, best.seconds = step.share, step.seconds
            best.bounds[step.goal] = step.bound
            # said without asking whether to stop: what a solver's own call raises is lost
            progress.stage = f"goal_{made.goals[step.goal].name}"
            progress.share = min(step.seconds / seconds, 1.0)

        stop = Stop(seconds, lambda: progress.stopping).since(began)
        found = propose(made, solve(made.problem, made.goals, stop, tell=tell))
        return shown(found)

    st.session_state["place-best"] = best
    begin("place", (workspace.revision, wish, seconds), act)


def shown(found: Proposal, *, stopped: bool = False) -> Shown:
    """A proposal with what decided each place."""
    made = found.made
    decisions = (
        decided(made.problem, made.goals, found.plan) if found.verified and len(made.options) <= MOST_DECIDED else ()
    )
    return Shown(("", made.ground.today.scenario), found, decisions, stopped, against=contradicting(found))


def keep(found: Shown) -> None:
    """Show a plan from now on."""
    st.session_state["place-shown"] = replace(found, at=(workspace_key(), scenario()))


def current(say: Text) -> Shown | None:
    """The plan of this viewer for what they look at; while one is being made, the page says how far it is."""
    if mark_of("place") is not None:
        try:
            found = waited("place", say)
        except Cancelled:
            best = st.session_state.pop("place-best", None)
            stop_work("place")
            so_far = best.proposal() if isinstance(best, Best) else None
            st.session_state["place-early"] = so_far is None
            if so_far is not None:
                keep(shown(so_far, stopped=True))
        else:
            if found is not None:
                stop_work("place")
                st.session_state["place-early"] = False
                keep(found)
    if working():
        so_far = st.session_state["place-best"].proposal()
        if so_far is not None:
            return Shown((workspace_key(), scenario()), so_far, going=True)
    held = st.session_state.get("place-shown")
    return held if isinstance(held, Shown) and held.at == (workspace_key(), scenario()) else None


def working() -> bool:
    """Whether a plan is being made."""
    return mark_of("place") is not None


@dataclass(frozen=True)
class Known:
    """What some other work about the plan has found.

    Parameters
    ----------
    found
        One by one, in the order in which it was found.
    stopped
        Whether the viewer stopped it: this is what it had by then.
    """

    found: tuple[Any, ...]
    stopped: bool


def ask(kind: str, mark: object, act: Callable[[Progress, list[Any]], None]) -> None:
    """Begin another work about the plan.

    Parameters
    ----------
    mark
        What it depends on.
    act
        Told where to say how far it is, and where to put what it finds as soon as it has it.
    """
    so_far: list[Any] = []
    st.session_state[f"{kind}-so-far"] = so_far
    begin(kind, mark, lambda progress: act(progress, so_far))


def known(kind: str, mark: object) -> Known | None:
    """What came of another work about the plan; None where it is not over."""
    of, found = st.session_state.get(f"{kind}-known", (None, None))
    return found if of == mark else None


def asked(kind: str, mark: object, say: Text) -> Known | None:
    """The same; while it is being done the page shows how far it is, and a stop keeps what it has so far."""
    if mark_of(kind) != mark:
        return known(kind, mark)
    so_far, stopped = st.session_state[f"{kind}-so-far"], False
    try:
        if waited(kind, say) is None and not is_over(kind):
            return None
    except Cancelled:
        stopped = True
    stop_work(kind)
    found = Known(tuple(so_far), stopped)
    st.session_state[f"{kind}-known"] = (mark, found)
    return found
