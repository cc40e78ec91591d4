"""What else a plan is asked: after an exit, exchanges, what to hold, demand against changes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import pandas as pd
import streamlit as st

from layers.allocating import GOALS, Compromise, Proposal, compromises, exits, regrets, swaps
from layers.allocating.explaining import DRAWS
from layers.allocating.words import Names
from layers.exchange.jobs import Progress
from spatial.allocation import Regret, Stop, frontier
from views.allocation import working
from views.allocation.working import Shown, keep
from views.markup import Markup, Row, join, note, table, tag
from views.picking import pick
from views.session import scenario, workspace_key
from views.switching import switch
from views.text import Text
from views.waiting import mark_of

_SHOWN = 12
_EACH_S = 5.0
"""Seconds for one draw of demand, and for one point, at most."""

Uses = dict[str, list[dict[str, Any]]]


def more(found: Shown, say: Text) -> None:
    """The switch, and one of the four."""
    chosen = switch("place-more", MORE, lambda name: say(f"place_more_{name}"), say("place_view_more"))
    MORE[chosen](found, say)


def _exit(found: Shown, say: Text) -> None:
    names = Names(found.proposal.made)
    rows = [one.project for one in found.proposal.placings if one.after]
    if not rows:
        return
    project = st.selectbox(
        say("place_exit_project"), rows, format_func=lambda at: names.project(at, say.language), key="place-exit"
    )
    st.html(uses(exits(found.proposal, int(project), say.language), "place_exit_none", say))


def _swap(found: Shown, say: Text) -> None:
    st.html(uses(swaps(found.proposal, say.language), "place_swap_none", say))


def uses(every: Uses, none: str, say: Text) -> Markup:
    """The best ways by goal, in words."""
    parts, known = [], set[str]()
    for goal, few in every.items():
        texts = [one["text"] for one in few if one["text"] not in known]
        known.update(texts)
        if texts:
            parts.append(tag("div", say.term(GOALS, goal), css="cz-h"))
            parts.append(tag("ol", *(tag("li", text) for text in texts), css="cz-goals"))
    return join(parts) if parts else note("hint", say(none))


def regret_of(found: Shown) -> Regret | None:
    """What is known of the plan under other demand."""
    known = working.known("place-draws", found.proposal.code)
    return known.found[-1] if known is not None and known.found and known.found[-1].draws else None


def _regret(found: Shown, say: Text) -> None:
    st.html(tag("p", say("place_regret_hint"), css="cz-hint"))
    code = found.proposal.code
    known = working.asked("place-draws", code, say)
    if mark_of("place-draws") == code:
        return
    if known is None or known.stopped:
        act = functools.partial(_drawn, found)
        label = say("place_regret_run", count=DRAWS)
        st.button(label, key="place-draws", on_click=working.ask, args=("place-draws", code, act))
    if known is not None:
        st.html(regret_told(found, regret_of(found), say, stopped=known.stopped))


def regret_told(found: Shown, known: Regret | None, say: Text, *, stopped: bool) -> Markup:
    """How many draws were solved, and the parcels that stay free most often."""
    if known is None:
        return note("hint", say("place_stopped_nothing"))
    word = "place_regret_stopped" if stopped else "place_regret_done"
    told = say(word, count=known.draws, asked=known.asked, proved=known.proved)
    return join([tag("p", told, css="cz-hint cz-drawn"), _free(found, known, say)])


def _drawn(found: Shown, progress: Progress, so_far: list[Any]) -> None:
    def tell(known: Regret) -> None:
        so_far[:] = [known]
        progress.stage, progress.share = "draws", (known.draws + known.impossible) / max(known.asked, 1)

    so_far.append(regrets(found.proposal, Stop(_EACH_S, lambda: progress.stopping), tell=tell))


def _free(found: Shown, known: Regret, say: Text) -> Markup:
    """Parcels with room that stay free most often."""
    names, room = Names(found.proposal.made), gives(found.proposal)
    rows = sorted(np.flatnonzero(room > 0).tolist(), key=lambda at: (-known.free[at], -room[at]))[:_SHOWN]
    lines = [Row(names.parcel(at), [f"{room[at]:,.0f}", f"{known.free[at]:.0%}"]) for at in rows]
    return table([say("place_parcels"), say("place_area"), say("place_regret_free")], lines)


def gives(found: Proposal) -> np.ndarray:
    """What each parcel has to give, new and vacant [m²]; 0 where no project may go at all."""
    ground = found.made.ground
    room = ground.new + (ground.vacant[-1][1] if ground.vacant else 0.0)
    return np.where(np.isin(np.arange(len(room)), found.made.options.parcel), room, 0.0)


def _pareto(found: Shown, say: Text) -> None:
    st.html(tag("p", say("place_pareto_hint"), css="cz-hint"))
    made = found.proposal.made
    # every point of the same question stays when one of them is taken
    mark = (workspace_key(), scenario(), made.ground.today.revision, made.wish)
    known = working.asked("place-front", mark, say)
    if mark_of("place-front") == mark:
        return
    if known is None or known.stopped:
        act = functools.partial(_points, found)
        st.button(say("place_pareto_run"), key="place-front", on_click=working.ask, args=("place-front", mark, act))
    if known is None:
        return
    points = frontier(known.found, maximise=made.goals[0].maximise)
    if known.stopped:
        st.html(note("hint", points_stopped(points, say)))
    if not points:
        return
    table_ = pd.DataFrame(
        {
            say("place_pareto_changes"): [one.changes for one in points],
            say("place_pareto_value"): [round(one.value) for one in points],
            say("place_proved"): [one.proved for one in points],
        }
    )
    number = st.column_config.NumberColumn(format="localized")
    height: int | Literal["content"] = "content" if len(points) <= _SHOWN else 400
    at = pick(table_, f"points-{len(points)}-{say.language}", {say("place_pareto_value"): number}, height)
    if at is not None:
        st.button(say("place_pareto_load"), key="place-load", on_click=_load, args=(points[at],))


def points_stopped(points: Sequence[Compromise], say: Text) -> str:
    """What a stop left: how many points, and how far down they go."""
    if not points:
        return say("place_stopped_nothing")
    return say("place_pareto_stopped", count=len(points), most=points[-1].changes, least=points[0].changes)


def _points(found: Shown, progress: Progress, so_far: list[Any]) -> None:
    progress.step("points")

    def tell(point: Compromise) -> None:
        so_far.append(point)
        progress.share = min(max(1 - point.changes / max(so_far[0].changes, 1), 0.0), 1.0)

    compromises(found.proposal.made, Stop(_EACH_S, lambda: progress.stopping), tell=tell)


def _load(point: Compromise) -> None:
    keep(working.shown(point.proposal))


MORE: dict[str, Callable[[Shown, Text], None]] = {
    "exit": _exit, "swap": _swap, "regret": _regret, "pareto": _pareto,
}  # fmt: skip
