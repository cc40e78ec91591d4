"""A bound that knows parcels whole: who may stand together on one is a pattern, and patterns share out the projects.

A linear program over single options may fill every parcel to the last square metre with parts of projects. Over
patterns it cannot: each parcel takes one set of whole projects that really goes together, or a mixture of such sets.
Where every project fits most parcels that is nearly the truth. Patterns are found as their prices ask for them:

    bound = Σ over rows of price × end   +   Σ over parcels of their best pattern net of prices

holds for any prices, as in `relax`, and says what every option falls short of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from spatial.allocation.ground import Ground, Priced, chosen
from spatial.allocation.problem import Floats, Integers

_NEAR = 0.7
"""How near to the best prices known the next ones stay: without it they swing."""

_SLACK = 0.02
"""Part of what is still apart that the best pattern of all parcels together may miss."""

_APART = 0.02
"""Part of what is apart from the best plan at which better prices are no longer worth their time."""

_ROUNDS = 400

_FIRST = 1e-3
"""Part of the best plan's worth that the first patterns of all parcels together may miss."""

_CLEAR = 0.9
"""Share of a pattern from which on it is taken when a plan is made."""

_FEW = 0.03
"""Share of the projects whose pattern is taken at a time, where so many patterns are more than half taken."""

_DUST = 1e-6
"""A share that is the solver's rounding."""

_TURNS = 3
"""How often prices and patterns follow what was taken."""

_LOSS = 50.0
"""What leaving out somebody who must be placed costs while a plan is made, in largest worths."""


@dataclass(frozen=True)
class Aim:
    """What is asked of prices.

    Parameters
    ----------
    reached
        Worth of the best plan known.
    step
        By how much another is better at least.
    """

    reached: float
    step: float

    def met(self, bound: float, value: float) -> bool:
        """Whether better prices would say nothing new: not below a value, the bound of the patterns known."""
        apart = max(_APART * (bound - self.reached), 1e-9 * abs(bound))
        if bound - value <= apart:
            return True
        steps = np.floor(np.array([bound, value, self.reached]) / self.step + 1e-6) if self.step else np.zeros(0)
        return bool(self.step and steps[0] <= max(steps[1], steps[2]))


@dataclass(frozen=True)
class Generated:
    """The best prices found, and where the linear program over patterns ended.

    Parameters
    ----------
    part
        What it takes of each column, shape (columns,).
    """

    ground: Ground
    prices: Floats
    priced: Priced
    part: Floats
    master: Master

    def better(self, aim: Aim, seconds: float, cancelled: Callable[[], bool]) -> Generated:
        """The same with better prices, and with the patterns that they ask for."""
        ends = time.perf_counter() + seconds
        ground, master = self.ground, self.master
        at, best, now, near, value = self.prices, self.priced, self.prices, 0.0, -np.inf
        for _ in range(_ROUNDS):
            solved = master.solve(ends - time.perf_counter())
            if solved is None:
                break
            value, now = solved
            if aim.met(best.bound, value) or time.perf_counter() > ends or cancelled():
                break
            tried = ground.clean(near * at + (1 - near) * now)
            priced = ground.priced(tried, _SLACK * max(best.bound - value, 0.0) / len(ground.opened))
            new = master.add(priced.patterns)
            if priced.bound < best.bound:
                best, at = priced, tried
            near = _NEAR if new else 0.0
        return Generated(ground, at, best, self.part if value == -np.inf else master.part(), master)

    def short(self) -> Floats:
        """How much less than the bound a plan is worth at most that takes an option whole, shape (usable,)."""
        ground, net, worth = self.ground, self.priced.net, self.priced.worth
        usable = len(ground.relaxation.project)
        own, parcel = net[:usable], ground.parcel[:usable]
        here = np.maximum(parcel, 0)
        lonely = worth[here] - ground.opening(net)[here] - own
        beside = -own - ground.gained(net)[here]
        found = np.where(parcel < 0, -own, np.where(ground.alone[:usable], lonely, beside))
        return np.maximum(found, 0.0)

    def without(self) -> Floats:
        """How much less a plan is worth at most that does not place a project, shape (projects,)."""
        must = self.ground.relaxation.must
        return np.where(must, 0.0, np.maximum(self.prices[: len(must)], 0.0))


def generate(
    ground: Ground, start: Floats, prices: Floats, aim: Aim, seconds: float, cancelled: Callable[[], bool]
) -> Generated:
    """Prices and patterns, one after the other, until the two meet.

    Parameters
    ----------
    start
        Columns of a plan.
    prices
        To begin with, of every row, as those of `relax`.
    """
    master = Master(ground)
    master.add(ground.patterns(start))
    prices = ground.clean(prices)
    priced = ground.priced(prices, _FIRST * abs(aim.reached) / len(ground.opened))
    master.add(priced.patterns)
    return Generated(ground, prices, priced, start, master).better(aim, seconds, cancelled)


@dataclass
class Master:
    """The linear program over the patterns that are known."""

    ground: Ground
    patterns: list[Integers] = field(default_factory=list)

    def __post_init__(self) -> None:
        ground = self.ground
        self.rows = np.flatnonzero(ground.linking)
        self.matrix = ground.matrix.tocsr()[self.rows].tocsc()
        self.parcels = np.unique(ground.parcel[ground.parcel >= 0])
        self.seen: set[bytes] = set()
        self.loose = ground.loose
        self.column: list[int] = []
        self.solver = _solver()
        count = len(self.rows) + len(self.parcels)
        lower = np.concatenate([ground.lower[self.rows], np.full(len(self.parcels), -np.inf)])
        upper = np.concatenate([ground.upper[self.rows], np.ones(len(self.parcels))])
        none = np.zeros(0)
        self.solver.addRows(
            count, np.maximum(lower, -highspy.kHighsInf), np.minimum(upper, highspy.kHighsInf), 0,
            np.zeros(count, dtype=np.int32), none.astype(np.int32), none,
        )  # fmt: skip
        loose = self.matrix[:, self.loose]
        self._columns(ground.relaxation.cost[self.loose], np.ones(len(self.loose)), loose)
        self.add(ground.bare)

    def _columns(self, cost: Floats, upper: Floats, part: sparse.csc_matrix) -> None:
        self.solver.addCols(
            len(cost), cost, np.zeros(len(cost)), upper, part.nnz, part.indptr[:-1].astype(np.int32),
            part.indices.astype(np.int32), part.data,
        )  # fmt: skip

    def add(self, patterns: list[Integers]) -> int:
        """Take up patterns; how many of them are new."""
        new = [one for one in patterns if one.tobytes() not in self.seen]
        if not new:
            return 0
        self.seen.update(one.tobytes() for one in new)
        first = self.solver.getNumCol()
        self.column += range(first, first + len(new))
        self.patterns += new
        choice = chosen(new, self.matrix.shape[1])
        where = np.searchsorted(self.parcels, [self.ground.parcel[one[0]] for one in new])
        once = sparse.csc_matrix(
            (np.ones(len(new)), where, np.arange(len(new) + 1)), shape=(len(self.parcels), len(new))
        )
        part = sparse.vstack([self.matrix @ choice, once]).tocsc()
        self._columns(choice.T @ self.ground.relaxation.cost, np.full(len(new), highspy.kHighsInf), part)
        return len(new)

    def solve(self, seconds: float) -> tuple[float, Floats] | None:
        """Its value and prices of every row; None where it did not come to an end."""
        self.solver.setOptionValue("time_limit", float(self.solver.getRunTime()) + max(seconds, 0.0))
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        prices = np.zeros(len(self.ground.linking))
        prices[self.rows] = np.asarray(self.solver.getSolution().row_dual, dtype=float)[: len(self.rows)]
        return float(self.solver.getInfo().objective_function_value), prices

    def shares(self) -> Floats:
        """What it takes of each pattern, shape (patterns,)."""
        found = np.asarray(self.solver.getSolution().col_value, dtype=float)
        return found[self.column] if len(found) else np.zeros(len(self.column))

    def take(self, number: int) -> None:
        """A pattern stands."""
        self.solver.changeColBounds(self.column[number], 1.0, 1.0)

    def help(self) -> None:
        """Rows that have to be met may be missed, at a loss: so there is an end whatever is taken."""
        needed = np.flatnonzero(np.isfinite(self.ground.lower[self.rows]))
        loss = _LOSS * float(np.abs(self.ground.relaxation.cost).max(initial=1.0))
        count = len(self.rows) + len(self.parcels)
        part = sparse.csc_matrix(
            (np.ones(len(needed)), needed, np.arange(len(needed) + 1)), shape=(count, len(needed))
        )
        first = self.solver.getNumCol()
        self._columns(np.full(len(needed), -loss), np.full(len(needed), highspy.kHighsInf), part)
        self.helping = np.arange(first, self.solver.getNumCol(), dtype=np.int32)

    def free(self) -> None:
        """Nothing stands any more, and nothing may be missed."""
        some = np.array(self.column, dtype=np.int32)
        self.solver.changeColsBounds(len(some), some, np.zeros(len(some)), np.full(len(some), highspy.kHighsInf))
        none = np.zeros(len(self.helping))
        self.solver.changeColsBounds(len(none), self.helping, none, none)

    def part(self) -> Floats:
        """What it takes of each column of the program, shape (columns,)."""
        shares = self.shares()
        found = chosen(self.patterns, self.matrix.shape[1]) @ shares
        values = np.asarray(self.solver.getSolution().col_value, dtype=float)
        if len(values):
            found[self.loose] = values[: len(self.loose)]
        return np.asarray(found, dtype=float)


def dive(made: Generated, seconds: float, cancelled: Callable[[], bool]) -> Floats:
    """A plan: what the linear program is clear about is taken, prices and patterns follow, until all is decided.

    Gives the columns that are whole, shape (columns,); where time ran out somebody may be missing.
    """
    made.master.help()
    try:
        return _Dive(made, time.perf_counter() + seconds, cancelled).plan()
    finally:
        made.master.free()


class _Dive:
    def __init__(self, made: Generated, ends: float, cancelled: Callable[[], bool]) -> None:
        self.ground, self.master, self.ends, self.cancelled = made.ground, made.master, ends, cancelled
        cost = self.ground.relaxation.cost
        self.slack = _SLACK * max(made.priced.bound - float(cost @ made.part), 1e-9) / len(self.ground.opened)
        self.out = np.zeros(len(cost), dtype=bool)
        self.closed = np.zeros(len(self.ground.opened), dtype=bool)
        self.done: set[int] = set()
        self.few = int(_FEW * len(self.ground.relaxation.must))

    def plan(self) -> Floats:
        ground, master = self.ground, self.master
        while self._priced():
            shares = master.shares()
            left = np.array([at for at in np.flatnonzero(shares > _DUST).tolist() if at not in self.done])
            if not len(left):
                found = master.part()
                found[ground.parcel >= 0] = np.round(found[ground.parcel >= 0])
                return found
            left = left[np.argsort(-shares[left], kind="stable")]
            # those that are clear, and where these are few the next of those that are more than not
            count = max(int((shares[left] >= _CLEAR).sum()), 1, min(int((shares[left] > 0.5).sum()), self.few))
            for one in left[:count].tolist():
                self._take(one)
        found = np.zeros(len(ground.parcel))
        found[[column for one in self.done for column in master.patterns[one].tolist()]] = 1.0
        return found

    def _priced(self) -> bool:
        """New patterns for those who are not placed yet; False where time is up."""
        for _ in range(_TURNS):
            solved = self.master.solve(self.ends - time.perf_counter())
            if solved is None or self.cancelled() or time.perf_counter() > self.ends:
                return False
            priced = self.ground.priced(self.ground.clean(solved[1]), self.slack, self.out)
            if not self.master.add([one for one in priced.patterns if not self.closed[self.ground.parcel[one[0]]]]):
                return True
        return self.master.solve(self.ends - time.perf_counter()) is not None

    def _take(self, number: int) -> None:
        ground, pattern = self.ground, self.master.patterns[number]
        self.done.add(number)
        self.master.take(number)
        project = ground.relaxation.project
        options = pattern[pattern < len(project)]
        self.out[: len(project)] |= np.isin(project, project[options])
        self.closed[ground.parcel[pattern[0]]] = True
        self.out |= ground.parcel == ground.parcel[pattern[0]]


def _solver() -> Any:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.changeObjectiveSense(highspy.ObjSense.kMaximize)
    return solver
