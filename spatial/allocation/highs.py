"""One mixed-integer program through HiGHS: with a start, a way to stop it and word of every better plan."""

from __future__ import annotations

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


@dataclass(frozen=True)
class Run:
    """How a program is run.

    Parameters
    ----------
    better
        Told the columns and the bound of every better plan.
    fixed
        Lower and upper ends of every column.
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
    ends: tuple[Floats, Floats],
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
    scale = _scale(cost)
    solver = _solver(replace(how, apart=how.apart * scale))
    solver.passModel(_program(model, cost * scale, ends))
    _stand(solver, floors or [])
    if start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = start.tolist()
        solver.setSolution(solution)
    _listen(solver, how, scale)
    solver.run()
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


@dataclass(frozen=True)
class Relaxed:
    """The linear relaxation: no plan that keeps to the floors is worth more than `bound`, whatever the solver rounds.

    Parameters
    ----------
    column, row
        What a unit of each column, and of the slack of each row, takes from the bound.
    floor
        Price of each floor.
    """

    bound: float
    column: Floats
    row: Floats
    floor: Floats


def relax(
    model: Model, cost: Floats, ends: tuple[Floats, Floats], floors: list[tuple[Floats, float]], how: Run
) -> Relaxed | None:
    """Solve the program without its whole numbers; None where there is no time, or no plan.

    Parameters
    ----------
    floors
        Worth of every column and what it has to come to at least.
    """
    solver = _solver(how)
    program = _program(model, cost, ends)
    program.integrality_ = []
    solver.passModel(program)
    _stand(solver, floors)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    dual = np.asarray(solver.getSolution().row_dual)
    rows = len(model.lower)
    price = np.array([
        max(-float(dual[rows + at]), 0.0) / (float(np.abs(worth).max(initial=0.0)) or 1.0)
        for at, (worth, _) in enumerate(floors)
    ])  # fmt: skip
    # the bound is worked out anew from the prices, so that it holds even where they are a little off
    own = dual[:rows]
    own = np.where((own > 0) & np.isfinite(model.upper) | (own < 0) & np.isfinite(model.lower), own, 0.0)
    low = np.where(np.isfinite(model.lower), model.lower, 0.0)
    most = np.where(np.isfinite(model.upper), model.upper, 0.0)
    total = cost.copy()
    for one, (worth, _) in zip(price, floors, strict=True):
        total += one * worth
    column = total - np.add.reduceat(
        np.concatenate([own[model.index] * model.number, [0.0]]), np.minimum(model.start[:-1], len(model.index))
    ) * (np.diff(model.start) > 0)
    bound = float(np.where(own > 0, own * most, own * low).sum())
    bound += float(np.where(column > 0, column * ends[1], column * ends[0]).sum())
    bound -= float(sum(one * floor for one, (_, floor) in zip(price.tolist(), floors, strict=True)))
    return Relaxed(bound=bound, column=column, row=own, floor=price)


def _stand(solver: Any, floors: list[tuple[Floats, float]]) -> None:
    for worth, least in floors:
        some = np.flatnonzero(worth)
        scale = float(np.abs(worth).max(initial=0.0)) or 1.0
        solver.addRow(least / scale, highspy.kHighsInf, len(some), some.astype(np.int32), worth[some] / scale)


def _scale(cost: Floats) -> float:
    """A power of two, which rounds nothing."""
    most = float(np.abs(cost).max(initial=0.0))
    return 1.0 if most <= _LARGE else float(2.0 ** -np.ceil(np.log2(most / _LARGE)))


def _listen(solver: Any, how: Run, scale: float) -> None:
    def stop(event: Any) -> None:
        if how.cancelled():
            event.interrupt()

    def better(event: Any) -> None:
        how.better(np.array(event.data_out.mip_solution), float(event.data_out.mip_dual_bound) / scale)

    solver.cbMipInterrupt += stop
    solver.cbSimplexInterrupt += stop
    solver.cbMipImprovingSolution += better


def _program(model: Model, cost: Floats, ends: tuple[Floats, Floats]) -> Any:
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = model.columns, len(model.lower)
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = cost
    program.col_lower_, program.col_upper_ = ends
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
        ("time_limit", max(float(how.seconds), 0.0)),
        ("mip_rel_gap", how.gap),
        ("mip_abs_gap", how.apart),
        ("mip_feasibility_tolerance", _TIGHT),
        ("primal_feasibility_tolerance", _TIGHT),
        ("dual_feasibility_tolerance", _TIGHT),
    ):
        solver.setOptionValue(name, value)
    return solver
