"""Past what one program can do: a bound on the whole, options that no better plan takes left out, parts done again.

An option is left out only where the bound shows that every plan with it falls behind the best plan known, in the goal
at hand and among plans as good in the goals before. So whatever is proved of what is left is proved of the whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from spatial.allocation.model import Model, build
from spatial.allocation.plan import values
from spatial.allocation.problem import TAKEN, Floats, Goal, Integers, Problem
from spatial.allocation.relax import Floor, Relaxation, count, grain, relax

_NEAR = 1e-9
"""Two values this near, as a share of the larger, are the same."""

MANY = 3_000
"""Options from which on a bound of its own is worth its time; below, the program of the whole is quicker."""

TOO_MANY = 60_000
"""Options from which on the program of the whole is not tried."""

THICK = 6
"""How many times as many options as `improve` looks at first make it worth while to look at those alone."""


@dataclass(frozen=True)
class Bounded:
    """A bound on the last of some goals among plans as good in those before, and what falls short of it.

    Parameters
    ----------
    bound
        No plan is worth more, to be made large; rounded to what plans can differ by.
    raw
        The same before it was rounded: what falls short is measured from here.
    short
        What a plan with the whole of an option is worth less at least, shape (options,); ∞ where it may not be taken.
    without
        What a plan without a project is worth less at least, shape (projects,).
    part
        What the linear program takes of each option, shape (options,); 0 everywhere where it was not needed.
    grain
        The least by which two plans may differ in the goal; 0 where that is not known.
    floor
        What giving up a unit of each goal before adds to the bound at most, shape (goals before,); None where the
        linear program did not come to that.
    """

    bound: float
    raw: float
    short: Floats
    without: Floats
    part: Floats
    grain: float
    floor: Floats | None

    def leave_out(self, problem: Problem, reached: float) -> Problem:
        """The problem without options that only plans worth less than what is reached could take."""
        room = self.raw - reached + 2 * _NEAR * max(1.0, abs(self.raw))
        divisible = np.zeros(len(problem.weight), dtype=bool)
        divisible[problem.project[problem.in_part]] = True
        out = (self.short > room) & ~problem.in_part & ~problem.lock
        must = problem.must | ((self.without > room) & ~divisible)
        return replace(problem, forbidden=problem.ban | out, must=must)


def bounded(
    problem: Problem, goals: tuple[Goal, ...], share: Floats, seconds: float, cancelled: Callable[[], bool]
) -> Bounded:
    """A bound on the last goal among plans as good in those before as this one.

    Parameters
    ----------
    share
        The best plan known, shape (options,).

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> found = bounded(problem, problem.goals(), np.array([0.0, 1.0]), 1.0, lambda: False)
    >>> found.bound, found.part.round(3).tolist()
    (10.0, [0.5, 1.0])
    """
    relaxed, worth, step = relaxation(problem, goals, share)
    model = relaxed.model
    constant, near = float(model.constant[-1]), _NEAR * max(1.0, abs(worth))
    found = count(relaxed)
    ended = np.zeros(model.columns)
    if found.bound > worth + near:
        found, ended = relax(relaxed, model.values(problem, share), seconds, cancelled)
    bound = step * float(np.floor(found.bound / step + 1e-6)) if step and np.isfinite(found.bound) else found.bound
    short, part = np.full(len(problem.project), np.inf), np.zeros(len(problem.project))
    short[model.usable], part[model.usable] = found.short, ended[: len(model.usable)]
    floor = found.floor if ended.any() else None
    return Bounded(bound + constant, found.bound + constant, short, found.without, part, step, floor)


def plain(problem: Problem, goal: Goal) -> float:
    """What no plan passes in a goal, to be made large: everybody on the best of their options, as if alone.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> plain(problem, problem.goals()[0])
    13.0
    """
    sign = 1.0 if goal.maximise else -1.0
    taken = np.zeros(len(problem.project)) if goal.taken is None else sign * goal.taken
    some, parts = np.flatnonzero(problem.open & problem.fits), problem.in_part
    best = np.full(len(problem.weight), -np.inf)
    np.maximum.at(best, problem.project[some], sign * goal.worth[some] + np.where(parts, 0.0, taken)[some])
    # what may be in part on several options counts once for each
    more = np.where(parts[some], np.maximum(taken[some], 0.0), 0.0)
    must = problem.must_stand & np.isfinite(best)
    found = np.where(must, best, np.maximum(best, 0.0)).sum() + more.sum() + sign * goal.constant
    return float(found if goal.opening is None else found + np.maximum(sign * goal.opening, 0.0).sum())


def relaxation(problem: Problem, goals: tuple[Goal, ...], share: Floats) -> tuple[Relaxation, float, float]:
    """The program of the last goal with floors under those before, what a plan is worth in it, and the least step."""
    sign = np.array([1.0 if one.maximise else -1.0 for one in goals])
    worth = sign * values(problem, goals, share)
    near = _NEAR * np.maximum(1.0, np.abs(worth))
    model = build(problem, goals)
    floors = tuple(
        Floor(model.cost[at], float(worth[at] - near[at] - model.constant[at])) for at in range(len(goals) - 1)
    )
    found = Relaxation(model, problem.project[model.usable], problem.must_stand, model.cost[-1], floors)
    return found, float(worth[-1] - model.constant[-1]), grain(model.cost[-1], model.whole)


def reached(problem: Problem, goals: tuple[Goal, ...], share: Floats) -> float:
    """What a plan is worth in the last goal, to be made large."""
    return float((1.0 if goals[-1].maximise else -1.0) * values(problem, goals[-1:], share)[0])


def same_served(problem: Problem, share: Floats) -> Problem:
    """The problem in which who is placed whole has to be, and who is nowhere may not be."""
    met = np.bincount(problem.project, share, minlength=len(problem.weight))
    whole, nowhere = met > 1 - TAKEN, met < TAKEN
    ban = problem.ban | (nowhere[problem.project] & ~problem.lock)
    return replace(problem, must=problem.must | whole, forbidden=ban)


def with_others(model: Model, project: Integers, columns: Floats) -> Model:
    """The program with one more column, which only these columns need: it is 0 in every other plan.

    Parameters
    ----------
    project
        Of each usable option; all of them are taken whole or not at all.
    columns
        A plan.
    """
    taken = np.flatnonzero(columns[: len(model.usable)] > TAKEN)
    more = np.flatnonzero(~np.isin(project, project[taken]))
    # a different plan leaves one of its options, or places somebody who is nowhere in it
    sign = np.concatenate([np.ones(len(taken)), -np.ones(len(more))])
    return one_more(model, np.concatenate([taken, more]), sign, len(taken) - 1.0)


def one_more(model: Model, some: Integers, sign: Floats, most: float) -> Model:
    """The program with one more column, and a row over it and some others: Σ sign × column − the new one ≤ most."""
    row, sign = np.append(some, model.columns), np.append(sign, -1.0)
    own = sparse.csc_matrix((model.number, model.index, model.start), shape=(len(model.lower), model.columns))
    wide = sparse.hstack([own, sparse.csc_matrix((own.shape[0], 1))])
    last = sparse.csr_matrix((sign, row, [0, len(row)]), shape=(1, model.columns + 1))
    matrix = sparse.vstack([wide, last]).tocsc()
    return replace(
        model, whole=np.append(model.whole, True), cost=np.hstack([model.cost, np.zeros((len(model.cost), 1))]),
        start=matrix.indptr, index=matrix.indices, number=matrix.data,
        lower=np.append(model.lower, -np.inf), upper=np.append(model.upper, most),
    )  # fmt: skip


def options(problem: Problem) -> int:
    """How many options may be taken."""
    return int((problem.open & problem.fits).sum())
