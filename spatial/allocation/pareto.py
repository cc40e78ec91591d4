"""Demand met against changes: what at most so many changes can reach, every point a whole plan with its proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import numpy as np

from spatial.allocation.plan import Plan, Stop
from spatial.allocation.problem import TAKEN, Floats, Goal, Limit, Problem
from spatial.allocation.solve import solve


@dataclass(frozen=True)
class Point:
    """A plan that no other has both more of the first goal and fewer changes than.

    Parameters
    ----------
    changes
        How many it makes.
    value
        What it reaches in the first goal.
    plan
        Its goals are the first goal, `changes`, then the others; each with its bound among all plans that make no
        more changes than were allowed.
    """

    changes: float
    value: float
    plan: Plan

    @property
    def proved(self) -> bool:
        """Whether nothing reaches more with as few changes, nor as much with fewer."""
        return all(one.gap <= 1e-9 for one in self.plan.goals[:2])


def pareto(
    problem: Problem,
    goals: Sequence[Goal],
    changes: Limit,
    stop: Stop,
    steps: Sequence[float] | None = None,
    seed: int = 0,
    tell: Callable[[Point], None] | None = None,
) -> tuple[Point, ...]:
    """The frontier of the first goal against changes, fewest changes first; dominated points are dropped.

    Parameters
    ----------
    changes
        What each option counts as a change once it is taken; `at_most` is that of a plan that changes nothing.
    stop
        Of each point; once it is cancelled, the points so far are the answer.
    steps
        How many changes are allowed at each point. None for every point there is, where changes are whole numbers:
        first without a limit, then each time with one change fewer than the point before made.
    tell
        Told each point.

    Examples
    --------
    >>> problem = Problem.plain(np.array([9.0, 7.0]), np.array([0, 0, 1]), np.array([0, 1, 0]),
    ...                         np.array([6.0, 6.0, 9.0]), np.array([6.0, 6.0, 9.0]), np.ones(2), np.zeros(2, bool),
    ...                         np.zeros(2, bool))
    >>> changes = Limit("changes", np.array([-1.0, 0.0, 1.0]), -1.0)
    >>> [(one.changes, one.value, one.proved) for one in pareto(problem, problem.goals(), changes, Stop(5.0))]
    [(0.0, 6.0, True), (2.0, 15.0, True)]
    """
    counted = Goal("changes", np.zeros(len(problem.project)), taken=changes.worth, constant=-changes.at_most,
                   maximise=False)  # fmt: skip
    aims = (goals[0], counted, *(one for one in goals[1:] if one.name != "changes"))
    found: list[Point] = []
    start: Floats | None = None
    for allowed in _steps(steps, found):
        if stop.cancelled():
            break
        limited = problem if np.isinf(allowed) else _limited(problem, changes, allowed)
        plan = solve(limited, aims, stop, seed, start)
        if plan.status not in ("optimal", "feasible"):
            if steps is None:
                break
            continue
        start = plan.share
        point = Point(_count(changes, plan.share), plan.objective, plan)
        found.append(point)
        if tell is not None:
            tell(point)
    return frontier(found, maximise=goals[0].maximise)


def _steps(steps: Sequence[float] | None, found: list[Point]) -> Iterator[float]:
    if steps is not None:
        yield from sorted(steps)
        return
    yield np.inf
    while found and found[-1].changes > 0:
        yield found[-1].changes - 1.0


def _limited(problem: Problem, changes: Limit, allowed: float) -> Problem:
    return replace(problem, limits=(*problem.limits, replace(changes, at_most=changes.at_most + allowed)))


def _count(changes: Limit, share: Floats) -> float:
    return float(changes.worth[share > TAKEN].sum()) - changes.at_most


class _Of(Protocol):
    @property
    def changes(self) -> float: ...
    @property
    def value(self) -> float: ...


T = TypeVar("T", bound=_Of)


def frontier(points: Iterable[T], *, maximise: bool) -> tuple[T, ...]:
    """Points that no other has both more than and fewer changes, fewest changes first."""
    sign = 1.0 if maximise else -1.0
    kept: list[T] = []
    for one in sorted(points, key=lambda one: (one.changes, -sign * one.value)):
        if not kept or sign * one.value > sign * kept[-1].value + 1e-9 * max(1.0, abs(one.value)):
            kept.append(one)
    return tuple(kept)
