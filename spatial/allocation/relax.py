"""What no plan can pass: a bound from prices on everything that runs out, and what each option falls short of it.

With a price λ on every row but those of the projects,

    bound = Σ over rows of λ × end   +   Σ over projects of its best option net of prices   +   Σ of what else gains

holds for any prices, so it is worked out here in plain sums from whatever prices the linear program ends with;
nothing rests on the solver's tolerance. The linear program starts with a few options of each project and takes up
others whose price is right, until there are none: what it never took up is in the bound all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from spatial.allocation.highs import Watch
from spatial.allocation.model import Model
from spatial.allocation.problem import Booleans, Floats, Integers

_FIRST, _MORE = 12, 6
"""Options of a project that the linear program starts with, and takes up at a time."""

_ROUNDS = 60

_COUNTABLE = 1e12
"""Steps of a goal that a double still counts."""

_SMALL = 12_000
"""Columns up to which the linear program has all of them from the start."""


@dataclass(frozen=True)
class Floor:
    """What the columns must be worth together at least."""

    cost: Floats
    least: float

    @property
    def scale(self) -> float:
        """What its row is divided by."""
        return float(np.abs(self.cost).max(initial=0.0)) or 1.0


@dataclass(frozen=True)
class Relaxed:
    """A bound, and what it says of each option.

    Parameters
    ----------
    bound
        No columns are worth more.
    short
        How much less than the bound a plan is worth at most that takes this option whole, shape (usable,).
    without
        How much less a plan is worth at most that does not place this project, shape (projects,); 0 where it must.
    floor
        What a unit of each floor takes from the bound.
    price
        Of each row; that of a project is what its best option is worth net of the others, shape (rows,).
    """

    bound: float
    short: Floats
    without: Floats
    floor: Floats
    price: Floats


@dataclass(frozen=True)
class Relaxation:
    """The rows of a program beside those of its projects, which come first, and floors under earlier goals."""

    model: Model
    project: Integers
    must: Booleans
    cost: Floats
    floors: tuple[Floor, ...]

    def rows(self) -> tuple[sparse.csc_matrix, Floats, Floats]:
        """All rows with their ends, the last for the floors."""
        model = self.model
        own = sparse.csc_matrix((model.number, model.index, model.start), shape=(len(model.lower), model.columns))
        extra = [one.cost / one.scale for one in self.floors]
        least = [one.least / one.scale for one in self.floors]
        matrix = sparse.vstack([own, sparse.csr_matrix(np.array(extra))]).tocsc() if extra else own
        return (
            matrix,
            np.concatenate([model.lower, least]),
            np.concatenate([model.upper, np.full(len(least), np.inf)]),
        )

    def priced(self, matrix: sparse.csc_matrix, lower: Floats, upper: Floats, price: Floats) -> Relaxed:
        """The bound of some prices."""
        projects, usable = len(self.must), len(self.project)
        price = price.copy()
        price[:projects] = 0.0
        price = np.where(np.isinf(upper), np.minimum(price, 0.0), price)
        price = np.where(np.isinf(lower), np.maximum(price, 0.0), price)
        left = self.cost - matrix.T @ price
        ends = np.where(price > 0, np.where(np.isinf(upper), 0.0, upper), np.where(np.isinf(lower), 0.0, lower))
        best = np.where(self.must, -np.inf, 0.0)
        np.maximum.at(best, self.project, left[:usable])
        nowhere = np.isneginf(best)
        best[nowhere] = 0.0
        bound = float(price @ ends + best.sum() + np.maximum(left[usable:], 0.0).sum())
        if nowhere.any():
            bound = -np.inf
        floor = -price[len(price) - len(self.floors) :] / np.array([one.scale for one in self.floors])
        price[:projects] = best
        return Relaxed(bound, best[self.project] - left[:usable], np.where(self.must, 0.0, best), floor, price)


def count(relaxation: Relaxation) -> Relaxed:
    """The bound without prices: everybody on the best of their own options."""
    matrix, lower, upper = relaxation.rows()
    return relaxation.priced(matrix, lower, upper, np.zeros(len(lower)))


def relax(
    relaxation: Relaxation, start: Floats, seconds: float, cancelled: Callable[[], bool]
) -> tuple[Relaxed, Floats]:
    """The best bound that prices give, and the columns that the linear program ends with.

    Parameters
    ----------
    start
        Columns of a plan, which the linear program starts with.
    """
    ends = time.perf_counter() + seconds
    matrix, lower, upper = relaxation.rows()
    found = relaxation.priced(matrix, lower, upper, np.zeros(len(lower)))
    master = _Master(relaxation, matrix, lower, upper)
    new = _first(relaxation, start)
    for _ in range(_ROUNDS):
        prices = master.solve(new, ends - time.perf_counter(), cancelled)
        if prices is None:
            break
        better = relaxation.priced(matrix, lower, upper, prices)
        if better.bound < found.bound:
            found = better
        new = _gaining(relaxation, better, prices, master.taken)
        if not len(new) or time.perf_counter() > ends or cancelled():
            break
    return found, master.values()


class _Master:
    """The linear program over some of the columns."""

    def __init__(self, relaxation: Relaxation, matrix: sparse.csc_matrix, lower: Floats, upper: Floats) -> None:
        self.relaxation, self.matrix = relaxation, matrix
        self.taken = np.zeros(len(relaxation.cost), dtype=bool)
        self.order = np.zeros(0, dtype=np.int64)
        # whether the solver did not hear, and is not ours any more
        self.left = False
        self.solver: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("threads", 1)
        self.solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
        count, none = len(lower), np.zeros(0)
        self.solver.addRows(
            count, np.maximum(lower, -highspy.kHighsInf), np.minimum(upper, highspy.kHighsInf), 0,
            np.zeros(count, dtype=np.int32), none.astype(np.int32), none,
        )  # fmt: skip

    def solve(self, new: Integers, seconds: float, cancelled: Callable[[], bool]) -> Floats | None:
        """Prices once these columns are there as well; None where it did not come to an end."""
        part = self.matrix[:, new]
        self.taken[new] = True
        self.order = np.concatenate([self.order, new])
        self.solver.addCols(
            len(new), self.relaxation.cost[new], np.zeros(len(new)), np.ones(len(new)), part.nnz,
            part.indptr[:-1].astype(np.int32), part.indices.astype(np.int32), part.data,
        )  # fmt: skip
        self.left = not Watch().run(self.solver, seconds, cancelled)
        if self.left:
            return None
        prices = np.asarray(self.solver.getSolution().row_dual, dtype=float)
        done = self.solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return prices if done and len(prices) == self.matrix.shape[0] and np.isfinite(prices).all() else None

    def values(self) -> Floats:
        """The columns at the end; all 0 where it did not come to one."""
        found = np.zeros(len(self.taken))
        if self.left:
            return found
        ended = np.asarray(self.solver.getSolution().col_value, dtype=float)
        if len(ended) == len(self.order):
            found[self.order] = ended
        return found


def _first(relaxation: Relaxation, start: Floats) -> Integers:
    columns, usable = len(relaxation.cost), len(relaxation.project)
    if columns <= _SMALL:
        return np.arange(columns)
    order = np.lexsort((-relaxation.cost[:usable], relaxation.project))
    some = order[_rank(relaxation.project[order]) < _FIRST]
    also = np.flatnonzero(start[:usable] > 0)
    return np.concatenate([np.union1d(some, also), np.arange(usable, columns)])


def _gaining(relaxation: Relaxation, priced: Relaxed, prices: Floats, taken: Booleans) -> Integers:
    """Options that the linear program would take up at these prices, the best few of each project."""
    project, usable = relaxation.project, len(relaxation.project)
    most = np.full(len(relaxation.must), np.inf)
    inside = taken[:usable]
    np.minimum.at(most, project[inside], priced.short[inside])
    # of what the program has, the best falls short by `most`; anything that falls short by less would be taken up
    near = 1e-9 * max(1.0, float(np.abs(relaxation.cost).max(initial=0.0)))
    gain = most[project] - priced.short
    worth = prices[: len(relaxation.must)][project]
    new = np.flatnonzero(~inside & (gain > near) & np.isfinite(worth))
    order = new[np.lexsort((priced.short[new], project[new]))]
    return order[_rank(project[order]) < _MORE]


def _rank(owner: Integers) -> Integers:
    """Place of each among those of its owner, for owners in order."""
    starts = np.concatenate([[0], np.flatnonzero(np.diff(owner)) + 1, [len(owner)]]).astype(np.int64)
    found: Integers = np.arange(len(owner)) - np.repeat(starts[:-1], np.diff(starts))
    return found


def grain(cost: Floats, whole: Booleans) -> float:
    """The least by which two plans may differ in a goal; 0 where that is not known."""
    some = np.abs(cost[cost != 0])
    if not len(some) or not whole[cost != 0].all():
        return 0.0
    for unit in (1.0, 0.1, 0.01, 0.001):
        steps = np.round(some / unit)
        if steps.max() < _COUNTABLE and np.allclose(steps * unit, some, rtol=0, atol=unit * 1e-9):
            return unit * float(np.gcd.reduce(steps.astype(np.int64)))
    return 0.0


def heavy(model: Model, project: Integers, must: Booleans, reached: Floats) -> Floats:
    """Weights that let every goal count before those after it, the last 1: what these could gain, over its grain.

    A goal in which nothing that is left can lose has no weight: large ones only blur what the solver sees.

    Parameters
    ----------
    reached
        What is reached in each goal, to be made large, shape (goals,).
    """
    ends = [_ends(cost, project, must, len(project)) for cost in model.cost]
    found = np.ones(len(ends))
    gain = ends[-1][1] + float(model.constant[-1]) - float(reached[-1])
    for before in reversed(range(len(ends) - 1)):
        cost, near = model.cost[before], 1e-9 * max(1.0, abs(float(reached[before])))
        least, most = (end + float(model.constant[before]) for end in ends[before])
        if least >= reached[before] - near:
            found[before] = 0.0
            continue
        found[before] = max(gain, 1e-6) / (grain(cost, model.whole) or max(float(np.abs(cost).sum()), 1.0) * 1e-6)
        gain += found[before] * max(most - float(reached[before]), 0.0)
    return found


def _ends(cost: Floats, project: Integers, must: Booleans, usable: int) -> tuple[float, float]:
    """The least and the most that the columns can be worth, projects by themselves."""
    least, most = np.where(must, np.inf, 0.0), np.where(must, -np.inf, 0.0)
    np.minimum.at(least, project, cost[:usable])
    np.maximum.at(most, project, cost[:usable])
    rest = cost[usable:]
    return (
        float(least[np.isfinite(least)].sum() + np.minimum(rest, 0.0).sum()),
        float(most[np.isfinite(most)].sum() + np.maximum(rest, 0.0).sum()),
    )
