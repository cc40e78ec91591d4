"""Which rules stand in the way of a place: a set of them that cannot be smaller, and whether any set is smaller.

```
elastic    every rule that could be given up has a switch z (0 holds, 1 given up)
smallest   S is a smallest set of rules that meets every way out found so far; with S held, the fewest others are
           given up that make the place possible: one more way out. Where none is left, S blocks, and no smaller set.
minimal    rules are given up one after the other for good while the place stays impossible (deletion filter)
```
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from spatial.allocation.plan import USUAL, Stop
from spatial.allocation.problem import Booleans, Floats, Integers, Problem

Kind = Literal["capacity", "must_place", "locked", "forbidden", "exclusive", "limit"]
Proof = Literal["smallest", "minimal", "some"]

_TIGHT = 1e-9
_WHOLE = 1e-6
"""A switch below this holds."""


@dataclass(frozen=True, order=True)
class Rule:
    """A rule of the problem that could be given up.

    Parameters
    ----------
    kind
        `capacity` of a room, `must_place` and `locked` of a project, `forbidden` options of a project, `exclusive`
        use by a project, a `limit`.
    at
        The room, project or limit.
    """

    kind: Kind
    at: int


@dataclass(frozen=True)
class Blocking:
    """Rules that cannot all be kept when a project is to take a place.

    Parameters
    ----------
    rules
        Without any one of them the place is possible, unless `proof` is `some`.
    proof
        `smallest`: no set of fewer rules blocks; `minimal`: none of these can be left out; `some`: time was up before
        either was known.
    """

    rules: tuple[Rule, ...]
    proof: Proof


def blocking(
    problem: Problem, options: Sequence[int] | Integers, stop: Stop = USUAL, least: float = 1.0
) -> Blocking | None:
    """A smallest set of rules that keeps a project from a place; None where nothing does, or time was up.

    Parameters
    ----------
    options
        Of one project, at least one: it is to be placed within these.
    least
        Share of the project that is to be there.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.array([True, False]), np.zeros(2, bool))
    >>> blocking(problem, [1])
    Blocking(rules=(Rule(kind='capacity', at=0), Rule(kind='must_place', at=0)), proof='smallest')
    """
    until = time.perf_counter() + stop.seconds
    model = _Elastic(problem, np.unique(np.asarray(options, dtype=np.int64)), least)
    every = frozenset(range(len(model.rules)))
    try:
        free = model.ways_out(every, _left(until, stop)) is not None
    except TimeoutError:
        return None
    if free:
        return None
    found, proof = _smallest(model, until, stop)
    if proof != "smallest":
        found, proof = _minimal(model, found, until, stop)
    return Blocking(tuple(sorted(model.rules[at] for at in found)), proof)


def most(problem: Problem, option: int, stop: Stop = USUAL) -> float:
    """The largest share of its project that an option can take while every rule holds; 0 where time was up.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 8.0]),
    ...                         np.array([6.0, 8.0]), np.ones(2), np.array([True, False]), np.array([False, True]))
    >>> most(problem, 1)
    0.5
    """
    model = _Elastic(problem, np.array([option]), 0.0)
    seconds = _left(time.perf_counter() + stop.seconds, stop)
    solver = model.solver(frozenset(range(len(model.rules))), seconds, wanted=int(model.place[option]))
    solver.run()
    if solver.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
        return 0.0
    return float(np.clip(np.asarray(solver.getSolution().col_value)[model.place[option]], 0.0, 1.0))


def _left(until: float, stop: Stop) -> float:
    return 0.0 if stop.cancelled() else max(until - time.perf_counter(), 0.0)


def _smallest(model: _Elastic, until: float, stop: Stop) -> tuple[frozenset[int], Proof]:
    """By the ways out: every blocking set meets each of them, so a smallest set that meets all is a lower bound."""
    ways: list[frozenset[int]] = []
    every = frozenset(range(len(model.rules)))
    while True:
        held = _cover(ways)
        seconds = _left(until, stop)
        if seconds <= 0:
            return every, "some"
        try:
            way = model.ways_out(held, seconds)
        except TimeoutError:
            return every, "some"
        if way is None:
            return held, "smallest"
        ways.append(way)


def _minimal(model: _Elastic, held: frozenset[int], until: float, stop: Stop) -> tuple[frozenset[int], Proof]:
    """Leave rules out one after the other, those of most rules at once first."""
    kept, step = sorted(held), max(len(held) // 2, 1)
    sure, at = True, 0
    while step:
        while at < len(kept):
            seconds = _left(until, stop)
            without = frozenset(kept[:at] + kept[at + step :])
            try:
                blocked = seconds > 0 and model.ways_out(without, seconds) is None
            except TimeoutError:
                blocked = False
            sure = sure and seconds > 0
            if blocked:
                kept = sorted(without)
            else:
                at += step
        step, at = step // 2, 0
    return frozenset(kept), "minimal" if sure else "some"


def _cover(ways: Sequence[frozenset[int]]) -> frozenset[int]:
    """The fewest rules of which every way out gives up at least one."""
    if not ways:
        return frozenset()
    known = sorted(frozenset().union(*ways))
    rows = _Rows(len(known))
    for way in ways:
        rows.add([known.index(at) for at in way], np.ones(len(way)), 1.0, highspy.kHighsInf)
    solver = rows.solver(np.ones(len(known)), np.ones(len(known)), np.ones(len(known), dtype=bool), 60.0)
    solver.run()
    values = np.asarray(solver.getSolution().col_value)
    return frozenset(at for at, value in zip(known, values.tolist(), strict=True) if value > 0.5)


class _Rows:
    """Rows of a mixed-integer program, one after the other."""

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.index: list[np.ndarray] = []
        self.value: list[np.ndarray] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, at: Sequence[int] | Integers, value: Sequence[float] | Floats, low: float, high: float) -> None:
        self.index.append(np.asarray(at, dtype=np.int32))
        self.value.append(np.asarray(value, dtype=np.float64))
        self.low.append(low)
        self.high.append(high)

    def solver(self, cost: Floats, upper: Floats, whole: Booleans, seconds: float) -> highspy.Highs:
        program = highspy.HighsLp()
        program.num_col_, program.num_row_ = self.columns, len(self.low)
        program.col_cost_ = cost
        program.col_lower_, program.col_upper_ = np.zeros(self.columns), upper
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        program.integrality_ = [kinds[one] for one in whole.astype(int).tolist()]
        program.row_lower_, program.row_upper_ = np.array(self.low), np.array(self.high)
        program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        program.a_matrix_.start_ = np.concatenate([[0], np.cumsum([len(one) for one in self.index])]).astype(np.int32)
        program.a_matrix_.index_ = np.concatenate([*self.index, np.zeros(0, dtype=np.int32)])
        program.a_matrix_.value_ = np.concatenate([*self.value, np.zeros(0)])
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("time_limit", seconds),
            ("mip_feasibility_tolerance", _TIGHT),
            ("primal_feasibility_tolerance", _TIGHT),
        ):
            solver.setOptionValue(name, value)
        solver.passModel(program)
        return solver


class _Elastic:
    """Whom the rules oblige, with a switch for each rule: columns are shares, whether taken at all, switches."""

    def __init__(self, problem: Problem, options: Integers, least: float) -> None:
        self.problem, self.options, self.least = problem, options, least
        forced = int(problem.project[options[0]])
        obliged = problem.must_stand.copy()
        obliged[forced] = True
        for limit in problem.limits:
            obliged[problem.project[limit.worth < 0]] = True
        self.at = np.flatnonzero(obliged[problem.project])
        self.place = np.full(len(problem.project), -1)
        self.place[self.at] = np.arange(len(self.at))
        self.parts = problem.in_part[self.at]
        self.rules: list[Rule] = []
        self.rows = _Rows(0)
        self._projects(np.flatnonzero(obliged).tolist(), forced)
        self._rooms()
        self._alone()
        self._limits()
        self.rows.columns = self._width + len(self.rules)

    @property
    def _width(self) -> int:
        return 2 * len(self.at)

    def _switch(self, kind: Kind, at: int) -> int:
        rule = Rule(kind, int(at))
        if rule not in self.rules:
            self.rules.append(rule)
        return self._width + self.rules.index(rule)

    def _projects(self, obliged: list[int], forced: int) -> None:
        problem, taken = self.problem, len(self.at)
        for project in obliged:
            mine = np.flatnonzero(problem.project == project)
            here = self.place[mine]
            self.rows.add(here, np.ones(len(mine)), -highspy.kHighsInf, 1.0)
            for one in here[self.parts[here]].tolist():
                self.rows.add([one, taken + one], [1.0, -1.0], -highspy.kHighsInf, 0.0)
            if not problem.splittable[project] and self.parts[here].any():
                self.rows.add(taken + here, np.ones(len(mine)), -highspy.kHighsInf, 1.0)
            if project == forced:
                self.rows.add(self.place[self.options], np.ones(len(self.options)), self.least, highspy.kHighsInf)
            if problem.must[project] and project != forced:
                self._at_least(here, self._switch("must_place", project))
            held = here[problem.lock[mine]]
            if len(held):
                self._at_least(held, self._switch("locked", project))
            banned = here[problem.ban[mine]]
            if len(banned):
                switch = self._switch("forbidden", project)
                for one in banned.tolist():
                    self.rows.add([one, switch], [1.0, -1.0], -highspy.kHighsInf, 0.0)

    def _at_least(self, columns: Integers, switch: int) -> None:
        self.rows.add([*columns.tolist(), switch], np.ones(len(columns) + 1), 1.0, highspy.kHighsInf)

    def _rooms(self) -> None:
        problem = self.problem
        inside = np.flatnonzero((self.place[problem.entry_option] >= 0) & (problem.entry_amount > 0))
        inside = inside[np.argsort(problem.entry_room[inside], kind="stable")]
        rooms, first = np.unique(problem.entry_room[inside], return_index=True)
        for room, entries in zip(rooms.tolist(), np.split(inside, first[1:]), strict=True):
            capacity, amount = float(problem.capacity[room]), problem.entry_amount[entries]
            project = problem.project[problem.entry_option[entries]]
            most = np.zeros(len(problem.weight))
            np.maximum.at(most, project, amount)
            over = float(most.sum()) - capacity
            if over <= _TIGHT * capacity:
                continue  # all of them fit: nothing to give up
            unit = capacity if capacity > 0 else 1.0
            columns = [*self.place[problem.entry_option[entries]].tolist(), self._switch("capacity", room)]
            self.rows.add(columns, [*(amount / unit).tolist(), -over / unit], -highspy.kHighsInf, capacity / unit)

    def _alone(self) -> None:
        """Who shares no parcel with anybody: on each of its parcels it and any one other exclude each other."""
        problem, taken = self.problem, len(self.at)
        for parcel in np.unique(problem.stand_parcel[self.place[problem.stand_option] >= 0]).tolist():
            options = problem.stand_option[problem.stand_parcel == parcel]
            here = self.place[options][self.place[options] >= 0]
            project = problem.project[self.at[here]]
            column = np.where(self.parts[here], taken + here, here)
            there = np.unique(project)
            for one in there[problem.alone[there]].tolist():
                switch = self._switch("exclusive", one)
                mine = column[project == one]
                for other in there[there != one].tolist():
                    theirs = column[project == other]
                    values = np.concatenate([np.ones(len(mine) + len(theirs)), [-1.0]])
                    self.rows.add([*mine.tolist(), *theirs.tolist(), switch], values, -highspy.kHighsInf, 1.0)

    def _limits(self) -> None:
        problem, taken = self.problem, len(self.at)
        for number, limit in enumerate(problem.limits):
            worth = limit.worth[self.at]
            over = float(np.maximum(worth, 0.0).sum()) - limit.at_most
            if over <= 0:
                continue
            some = np.flatnonzero(worth)
            columns = np.where(self.parts[some], taken + some, some)
            switch = self._switch("limit", number)
            values = [*worth[some].tolist(), -over]
            self.rows.add([*columns.tolist(), switch], values, -highspy.kHighsInf, limit.at_most)

    def solver(self, held: frozenset[int], seconds: float, wanted: int | None = None) -> highspy.Highs:
        """The program with some rules held: the fewest others given up, or as much of a column as can be had."""
        upper = np.ones(self.rows.columns)
        upper[[self._width + at for at in held]] = 0.0
        cost = np.concatenate([np.zeros(self._width), np.ones(len(self.rules))])
        if wanted is not None:
            cost = np.zeros(self.rows.columns)
            cost[wanted] = -1.0
        whole = np.concatenate([~self.parts, self.parts, np.ones(len(self.rules), dtype=bool)])
        return self.rows.solver(cost, upper, whole, seconds)

    def ways_out(self, held: frozenset[int], seconds: float) -> frozenset[int] | None:
        """The fewest other rules to be given up when some are held; None where no way is left."""
        solver = self.solver(held, seconds)
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if solver.getInfo().primal_solution_status != highspy.kSolutionStatusFeasible:
            raise TimeoutError
        switches = np.asarray(solver.getSolution().col_value)[self._width :]
        return frozenset(np.flatnonzero(switches > _WHOLE).tolist())
