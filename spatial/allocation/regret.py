"""How a plan fares when demand turns out otherwise: each draw of demand is solved, and what they share is counted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from spatial.allocation.plan import Plan, Stop
from spatial.allocation.problem import TAKEN, Booleans, Floats, Goal, Problem
from spatial.allocation.solve import solve
from spatial.allocation.standing import stood_on


@dataclass(frozen=True)
class Draws:
    """Demand as it may turn out.

    Parameters
    ----------
    factor
        What each project needs, as a multiple of what it asks for, shape (draws, projects). A project with a locked
        option keeps what it has.
    fixed
        Options that stay as they are in every draw, as what stands today does, shape (options,).
    scaled
        Names of the goals whose worth grows with what is needed.
    """

    factor: Floats
    fixed: Booleans | None = None
    scaled: tuple[str, ...] = ("demand", "value")


@dataclass(frozen=True)
class Regret:
    """What the best plans of all draws have in common.

    Parameters
    ----------
    free
        Share of the draws in which nobody stands on a parcel, shape (parcels,).
    kept
        Share of the draws in which a project is just where the plan has it, or nowhere as there, shape (projects,).
    placed
        Share of the draws in which a project has a place, shape (projects,).
    draws
        How many are counted; `proved` of them to be the best.
    asked
        How many were asked for.
    impossible
        Draws that have no plan, and are not counted.
    """

    free: Floats
    kept: Floats
    placed: Floats
    draws: int
    proved: int
    impossible: int
    asked: int

    @property
    def stopped(self) -> bool:
        """Whether it ended before all draws were solved; one for which there was no time counts as not solved."""
        return self.draws + self.impossible < self.asked


def regret(
    problem: Problem,
    goals: Sequence[Goal],
    plan: Plan,
    draws: Draws,
    stop: Stop,
    seed: int = 0,
    tell: Callable[[Regret], None] | None = None,
) -> Regret:
    """Solve every draw of demand.

    Parameters
    ----------
    stop
        Of each draw; once it is cancelled, what is counted so far is the answer.
    tell
        Told after each draw what all so far have in common.

    Examples
    --------
    >>> from spatial.allocation.solve import solve
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> draws = Draws(np.array([[1.0, 1.0], [1.0, 2.0], [2.0, 2.0], [0.5, 1.0]]))
    >>> found = regret(problem, problem.goals(), solve(problem), draws, Stop(5.0))
    >>> found.free.tolist(), found.placed.tolist(), found.kept.tolist(), found.proved
    ([0.25], [0.5, 0.5], [0.5, 0.5], 4)
    """
    free, kept, placed = np.zeros(problem.parcels), np.zeros(len(problem.weight)), np.zeros(len(problem.weight))
    counted = proved = impossible = 0

    def so_far() -> Regret:
        of = max(counted, 1)
        return Regret(free / of, kept / of, placed / of, counted, proved, impossible, len(draws.factor))

    here = plan.share > TAKEN
    for factor in draws.factor:
        if stop.cancelled():
            break
        drawn, aims = _drawn(problem, tuple(goals), draws, factor)
        found = solve(drawn, aims, stop, seed, repaired(drawn, aims[0], plan.share))
        impossible += found.status == "infeasible"
        if found.status in ("optimal", "feasible"):
            there = found.share > TAKEN
            free += ~stood_on(problem, found.share)
            placed += np.bincount(problem.project[there], minlength=len(placed)) > 0
            kept += np.bincount(problem.project[there != here], minlength=len(kept)) == 0
            counted += 1
            proved += found.status == "optimal"
        if tell is not None:
            tell(so_far())
    return so_far()


def _drawn(
    problem: Problem, goals: tuple[Goal, ...], draws: Draws, factor: Floats
) -> tuple[Problem, tuple[Goal, ...]]:
    held = np.bincount(problem.project[problem.lock], minlength=len(problem.weight)) > 0
    each = np.where(held, 1.0, factor)[problem.project]
    if draws.fixed is not None:
        each = np.where(draws.fixed, 1.0, each)
    drawn = replace(
        problem,
        need=problem.need * each,
        value=problem.value * each,
        entry_amount=problem.entry_amount * each[problem.entry_option],
    )
    return drawn, tuple(replace(one, worth=one.worth * each) if one.name in draws.scaled else one for one in goals)


def repaired(problem: Problem, goal: Goal, share: Floats) -> Floats:
    """A plan from which projects are taken until every room holds: those first that are worth least.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> repaired(problem, problem.goals()[0], np.ones(2)).tolist()
    [0.0, 1.0]
    """
    found = share.copy()
    amount = problem.entry_amount * found[problem.entry_option]
    left = problem.capacity - np.bincount(problem.entry_room, amount, minlength=len(problem.capacity))
    worth = np.bincount(problem.project, goal.worth * found, minlength=len(problem.weight))
    order = np.argsort(worth if goal.maximise else -worth, kind="stable")
    taken = np.bincount(problem.project, found, minlength=len(problem.weight)) > TAKEN
    for project in order[(taken & ~problem.must_stand)[order]].tolist():
        over = left < -1e-9 * np.maximum(problem.capacity, 1.0)
        if not over.any():
            break
        mine = (problem.project == project)[problem.entry_option]
        if over[problem.entry_room[mine & (amount > 0)]].any():
            left += np.bincount(problem.entry_room[mine], amount[mine], minlength=len(left))
            found[problem.project == project] = 0.0
    return found
