"""Questions about a plan, answered for screens: what decided, who is left out, exits, regret, demand and changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from layers.allocating.answering import answered
from layers.allocating.making import Made
from layers.allocating.proposing import Proposal, propose
from layers.allocating.telling import decision_told, goals_told, moves_told
from layers.allocating.words import Names
from layers.balancing.asking import drawn
from layers.matching import ask
from spatial.allocation import (
    Answer,
    Draws,
    Limit,
    Point,
    Regret,
    Stop,
    decided,
    exchanges,
    frontier,
    pareto,
    regret,
    reuse,
    unplaced,
)

Row = dict[str, Any]

DRAWS = 100
"""Draws of demand that a map of regret rests on."""


def decisions(found: Proposal, language: str = "zh-CN") -> list[Row]:
    """What decided the place of every project that has one."""
    made, names = found.made, Names(found.made)
    return [
        {
            "project": names.project_key(one.project),
            "because": one.because,
            "goal": made.goals[one.goal].name if one.goal >= 0 else None,
            "next_parcels": _parcels(made, one.next),
            "changes": _by_goal(made, one.changes),
            "wanted_parcels": _parcels(made, one.wanted),
            "text": decision_told(made, one, language),
        }
        for one in decided(made.problem, made.goals, found.plan)
    ]


def left_out(
    found: Proposal,
    stop: Stop,
    seed: int = 0,
    language: str = "zh-CN",
    tell: Callable[[Row, int], None] | None = None,
) -> list[Row]:
    """What keeps projects without a place from one: rules, or who would move and what every goal would change by.

    Those that no parcel may take are not among them: `words.reason` names the rules that they would need given up.

    Parameters
    ----------
    stop
        Of all of them.
    tell
        Told each of them, and how many projects have no place.
    """
    made, names = found.made, Names(found.made)
    rows: list[Row] = []

    def told(one: Answer, count: int) -> None:
        if one.options:
            rows.append({"project": names.project_key(one.project)} | answered(found, one, language))
            if tell is not None:
                tell(rows[-1], count)

    unplaced(made.problem, made.goals, found.plan, stop, seed, told)
    return rows


def exits(found: Proposal, project: int, language: str = "zh-CN") -> dict[str, list[Row]]:
    """What could become of the floor area of a project that leaves: by goal, the uses that gain most in it."""
    made = found.made
    best = reuse(made.problem, made.goals, found.plan.share, project)
    return {goal.name: _uses(made, few, language) for goal, few in zip(made.goals, best, strict=True)}


def swaps(found: Proposal, language: str = "zh-CN") -> dict[str, list[Row]]:
    """Pairs of projects that would do well to change places, by goal."""
    made = found.made
    best = exchanges(made.problem, made.goals, found.plan.share)
    return {goal.name: _uses(made, few, language) for goal, few in zip(made.goals, best, strict=True)}


def regrets(
    found: Proposal,
    stop: Stop,
    count: int = DRAWS,
    seed: int = 0,
    tell: Callable[[Regret], None] | None = None,
) -> Regret:
    """How the plan fares under draws of demand, by demand and fit; parcels and projects in the order of their tables.

    Parameters
    ----------
    stop
        Of each draw.
    tell
        Told after each draw what is known so far.
    """
    made = found.made
    goals = tuple(one for one in made.goals if one.name in ("demand", "fit"))
    draws = Draws(factors(made, count, seed), fixed=made.options.kept)
    return regret(made.problem, goals or made.goals, found.plan, draws, stop, seed, tell)


def factors(made: Made, count: int, seed: int) -> np.ndarray:
    """What each project still needs in each draw, as a multiple of what it is likely to, shape (draws, projects).

    What it was given already is taken off each draw.
    """
    wanted = made.ground.wanted
    given = np.maximum(ask(made.ground.base).floor_area[1].sum(axis=1) - wanted, 0.0)
    left = np.maximum(drawn(made.ground.today, count, seed).asked - given[:, None], 0.0)
    each = np.divide(left, wanted[:, None], out=np.ones(left.shape), where=wanted[:, None] > 0)
    return np.ascontiguousarray(each.T)


@dataclass(frozen=True)
class Compromise:
    """A plan that makes few changes for what it reaches; it can be previewed and applied like any other."""

    changes: int
    value: float
    proved: bool
    proposal: Proposal


def compromises(
    made: Made,
    stop: Stop,
    steps: Sequence[float] | None = None,
    seed: int = 0,
    tell: Callable[[Compromise], None] | None = None,
) -> list[Compromise]:
    """Demand, or whatever comes first, against changes: every point a plan; fewest changes first.

    Parameters
    ----------
    tell
        Told each point as it is found, those with most changes first.
    """
    order = (made.goals[0], made.changes, *(one for one in made.goals[1:] if one.name != "changes"))
    mine = replace(made, goals=order)
    every: list[Compromise] = []

    def found(one: Point) -> None:
        every.append(Compromise(round(one.changes), one.value, one.proved, propose(mine, one.plan)))
        if tell is not None:
            tell(every[-1])

    pareto(made.problem.without("changes"), made.goals, changes_of(made), stop, steps, seed, found)
    return list(frontier(every, maximise=made.goals[0].maximise))


def changes_of(made: Made) -> Limit:
    """What each option counts as a change; a plan that changes nothing comes to `at_most`."""
    goal = made.changes
    assert goal.taken is not None  # noqa: S101  it counts options
    return Limit("changes", goal.taken, -goal.constant)


def _uses(made: Made, few: Sequence[Any], language: str) -> list[Row]:
    return [
        {
            "changes": _by_goal(made, one.changes),
            "text": f"{moves_told(made, one.moves, language)}{'：' if language == 'zh-CN' else ': '}"
            f"{goals_told(made, one.changes, language)}",
        }
        for one in few
    ]


def _by_goal(made: Made, changes: np.ndarray) -> dict[str, float]:
    return {goal.name: float(by) for goal, by in zip(made.goals, changes.tolist(), strict=True)}


def _parcels(made: Made, option: int) -> list[str]:
    names = Names(made)
    if option < 0:
        return []
    return list(dict.fromkeys(names.parcel(piece.parcel) for piece in made.options.pieces(option)))
