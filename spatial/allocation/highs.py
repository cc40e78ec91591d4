"""One mixed-integer program through HiGHS: with a start, a way to stop it and word of every better plan."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from spatial.allocation.model import Model
from spatial.allocation.problem import Floats

_TIGHT = 1e-9
"""How far a row may be from holding, as a share of its room's capacity."""

_PROVED = 1e-9
"""Difference below which a plan is proved."""

_HEARS = 0.25
"""Seconds that a solver may take to hear that its time is up."""

_OFTEN = 0.1
"""Seconds after which it is asked again whether to stop."""

_BEGUN = 1e-5
"""Seconds for each number of a program below which it is not begun: its first step alone takes them."""

_LARGE = 512.0
"""The largest worth of a column that the solver sees: with much larger ones its tolerances are never met."""


@dataclass(frozen=True)
class Outcome:
    """What came of a program.

    Parameters
    ----------
    values
        Columns of the best plan found; None where none was found.
    bound
        No plan is worth more; ∞ where nothing is known.
    ended
        Whether it came to its end, and not to that of its time.
    """

    infeasible: bool
    values: Floats | None
    bound: float
    ended: bool = True


_NOTHING = Outcome(infeasible=False, values=None, bound=np.inf, ended=False)


@dataclass(frozen=True)
class Run:
    """How a program is run.

    Parameters
    ----------
    better
        Told the columns and the bound of every better plan.
    gap
        Share of the worth at which it may stop.
    """

    seconds: float
    seed: int
    cancelled: Callable[[], bool]
    better: Callable[[Floats, float], None]
    gap: float = 0.0
    apart: float = _PROVED


def run(
    model: Model,
    cost: Floats,
    start: Floats | None,
    how: Run,
    floors: list[tuple[Floats, float]] | None = None,
) -> Outcome:
    """Make the cost as large as can be.

    Parameters
    ----------
    floors
        Worth of every column and what it has to come to at least.
    """
    if model.columns == 0:
        held = bool((model.lower <= 0).all() and (model.upper >= 0).all())
        return Outcome(infeasible=not held, values=np.zeros(0) if held else None, bound=0.0 if held else -np.inf)
    ends = time.perf_counter() + how.seconds
    if how.seconds < _BEGUN * len(model.number) or how.cancelled():
        return _NOTHING
    scale = _scale(cost)
    solver = _solver(replace(how, apart=how.apart * scale))
    solver.passModel(_program(model, cost * scale))
    _stand(solver, floors or [])
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    watch = Watch(lambda values, bound: how.better(values, bound / scale))
    if not watch.run(solver, ends - time.perf_counter(), how.cancelled):
        return replace(_NOTHING, bound=watch.bound / scale)
    found = solver.getInfo()
    status = solver.getModelStatus()
    mixed = bool(model.whole.any())
    bound = float(found.mip_dual_bound) / scale if mixed else np.inf
    # every column has two ends, so that no program is unbounded
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Outcome(infeasible=True, values=None, bound=-np.inf)
    there = found.primal_solution_status == highspy.kSolutionStatusFeasible
    values = np.asarray(solver.getSolution().col_value) if there else None
    ended = status == highspy.HighsModelStatus.kOptimal
    if ended and not mixed:
        bound = float(found.objective_function_value) / scale
    return Outcome(infeasible=False, values=values, bound=bound, ended=ended)


def _stand(solver: Any, floors: list[tuple[Floats, float]]) -> None:
    for worth, least in floors:
        some = np.flatnonzero(worth)
        scale = float(np.abs(worth).max(initial=0.0)) or 1.0
        solver.addRow(least / scale, highspy.kHighsInf, len(some), some.astype(np.int32), worth[some] / scale)


def _scale(cost: Floats) -> float:
    """A power of two, which rounds nothing."""
    most = float(np.abs(cost).max(initial=0.0))
    return 1.0 if most <= _LARGE else float(2.0 ** -np.ceil(np.log2(most / _LARGE)))


class Watch:
    """A solver at work: it ends in time, and is left to itself where it does not hear.

    HiGHS asks for the time and for a word to stop between its steps, and a step of a large program takes seconds. So
    it works beside us, and what it tells is told on from here; one that is left ends at its next step, unheard.

    Parameters
    ----------
    better
        Told the columns and the bound of every better plan.
    bound
        The last that was told; ∞ where none was.
    """

    def __init__(self, better: Callable[[Floats, float], None] | None = None) -> None:
        self.better, self.bound = better, np.inf
        self._stop = threading.Event()
        self._told: queue.SimpleQueue[tuple[Floats, float] | None] = queue.SimpleQueue()

    def run(self, solver: Any, seconds: float, cancelled: Callable[[], bool]) -> bool:
        """Whether it ended, by itself or in time, and may be asked for what it found."""
        solver.setOptionValue("time_limit", float(solver.getRunTime()) + max(seconds, 0.0))
        heard = [(solver.cbMipInterrupt, self._ask), (solver.cbSimplexInterrupt, self._ask)]
        heard += [] if self.better is None else [(solver.cbMipImprovingSolution, self._tell)]
        for event, mine in heard:
            event.subscribe(mine)
        ends = time.perf_counter() + max(seconds, 0.0) + _HEARS
        threading.Thread(target=self._work, args=(solver,)).start()
        try:
            while time.perf_counter() < ends:
                try:
                    told = self._told.get(timeout=_OFTEN)
                except queue.Empty:
                    if cancelled() and not self._stop.is_set():
                        self._stop.set()
                        ends = min(ends, time.perf_counter() + _HEARS)
                    continue
                if told is None:
                    for event, mine in heard:
                        event.unsubscribe(mine)
                    return True
                self.bound = told[1]
                if self.better is not None:
                    self.better(*told)
            return False
        finally:
            self._stop.set()

    def _work(self, solver: Any) -> None:
        try:
            solver.run()
        finally:
            self._told.put(None)

    def _ask(self, event: Any) -> None:
        if self._stop.is_set():
            event.interrupt()

    def _tell(self, event: Any) -> None:
        self._told.put((np.array(event.data_out.mip_solution), float(event.data_out.mip_dual_bound)))


def _program(model: Model, cost: Floats) -> Any:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = model.columns, len(model.lower)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = np.zeros(model.columns), np.ones(model.columns)
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    program.integrality_ = [kinds[one] for one in model.whole.tolist()]
    program.row_lower_ = np.maximum(model.lower, -highspy.kHighsInf)
    program.row_upper_ = np.minimum(model.upper, highspy.kHighsInf)
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = model.start
    program.a_matrix_.index_ = model.index
    program.a_matrix_.value_ = model.number
    return program


def _solver(how: Run) -> Any:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", how.seed % (2**31 - 1)),
        ("mip_rel_gap", how.gap),
        ("mip_abs_gap", how.apart),
        ("mip_feasibility_tolerance", _TIGHT),
        ("primal_feasibility_tolerance", _TIGHT),
        ("dual_feasibility_tolerance", _TIGHT),
    ):
        solver.setOptionValue(name, value)
    return solver
