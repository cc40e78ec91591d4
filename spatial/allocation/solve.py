"""The best plan and a bound that proves it, by HiGHS: the same problem, seed and time give the same plan."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import highspy
import numpy as np

from spatial.allocation.problem import Booleans, Floats, Problem

Status = Literal["optimal", "feasible", "infeasible", "unknown"]

_TIGHT = 1e-9
"""How far a row may be from holding, as a share of its parcel's capacity."""

_PROVED = 1e-9
"""Gap below which a plan is proved."""


@dataclass(frozen=True)
class Stop:
    """When a solver stops: proved, or after so many seconds."""

    seconds: float = 60.0


@dataclass(frozen=True)
class Plan:
    """A plan, and how good any plan can be.

    Parameters
    ----------
    status
        `optimal`: proved; `feasible`: a plan, not proved to be the best; `infeasible`: proved that there is none;
        `unknown`: time was up before either.
    share
        Part of its project that each option takes, shape (options,); 0 everywhere where there is no plan.
    objective
        NaN where there is no plan.
    bound
        No plan is better than this; NaN where nothing is known.
    """

    status: Status
    share: Floats
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """How far the bound is from the objective, as a share of it; 0 is proved, infinite is unknown."""
        apart = abs(self.bound - self.objective)
        if np.isnan(apart):
            return float("inf")
        return float(apart / max(abs(self.objective), abs(self.bound), 1e-12)) if apart else 0.0


def solve(problem: Problem, stop: Stop = Stop(), seed: int = 0) -> Plan:
    """Find the best plan.

    Examples
    --------
    >>> problem = Problem(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                   np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> plan = solve(problem)
    >>> plan.status, plan.share.tolist(), plan.objective, plan.gap
    ('optimal', [0.0, 1.0], 7.0, 0.0)
    """
    started = time.perf_counter()
    usable = np.flatnonzero(problem.open & _fits(problem))
    if len(usable) == 0:
        return _without_options(problem, started)
    solver = _solver(problem, usable, stop, seed)
    solver.run()
    found = solver.getInfo()
    status = solver.getModelStatus()
    seconds = time.perf_counter() - started
    if status == highspy.HighsModelStatus.kInfeasible:
        return Plan("infeasible", np.zeros(len(problem.project)), np.nan, np.nan, seconds)
    mixed = not problem.splittable[problem.project[usable]].all()
    bound = float(found.mip_dual_bound if mixed else found.objective_function_value)
    if found.primal_solution_status != highspy.kSolutionStatusFeasible:
        return Plan("unknown", np.zeros(len(problem.project)), np.nan, _finite(bound), seconds)
    share = np.zeros(len(problem.project))
    values = np.clip(np.asarray(solver.getSolution().col_value), 0.0, 1.0)
    share[usable] = np.where(problem.splittable[problem.project[usable]], values, np.round(values))
    share[share < _TIGHT] = 0.0
    objective = float(share @ problem.worth)
    proved = status == highspy.HighsModelStatus.kOptimal
    return Plan(
        "optimal" if proved else "feasible", share, objective, objective if proved else _finite(bound), seconds
    )


def _fits(problem: Problem) -> Booleans:
    """Options that fit their empty parcel, or could in part, shape (options,)."""
    return problem.splittable[problem.project] | (problem.need <= problem.capacity[problem.parcel] * (1 + _TIGHT))


def _without_options(problem: Problem, started: float) -> Plan:
    bad = problem.must.any() or problem.lock.any()
    nothing = np.zeros(len(problem.project))
    seconds = time.perf_counter() - started
    return (
        Plan("infeasible", nothing, np.nan, np.nan, seconds) if bad else Plan("optimal", nothing, 0.0, 0.0, seconds)
    )


def _solver(problem: Problem, usable: np.ndarray, stop: Stop, seed: int) -> highspy.Highs:
    """The mixed-integer program: a column an option, a row a parcel and a row a project."""
    project, parcel = problem.project[usable], problem.parcel[usable]
    parcels, projects = len(problem.capacity), len(problem.weight)
    room = np.where(problem.capacity > 0, problem.capacity, 1.0)
    whole = problem.must | (np.bincount(problem.project[problem.lock], minlength=projects) > 0)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(usable), parcels + projects
    program.sense_ = highspy.ObjSense.kMaximize if problem.maximise else highspy.ObjSense.kMinimize
    program.col_cost_ = problem.worth[usable]
    program.col_lower_, program.col_upper_ = np.zeros(len(usable)), np.ones(len(usable))
    program.integrality_ = [
        highspy.HighsVarType.kContinuous if split else highspy.HighsVarType.kInteger
        for split in problem.splittable[project].tolist()
    ]
    # a row of a parcel is divided by its capacity, so that the solver's tolerance is a share of it
    program.row_lower_ = np.concatenate([np.full(parcels, -highspy.kHighsInf), np.where(whole, 1.0, 0.0)])
    program.row_upper_ = np.concatenate([problem.capacity / room, np.ones(projects)])
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = 2 * np.arange(len(usable) + 1)
    program.a_matrix_.index_ = np.stack([parcel, project + parcels], axis=1).ravel()
    program.a_matrix_.value_ = np.stack([problem.need[usable] / room[parcel], np.ones(len(usable))], axis=1).ravel()
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed % (2**31 - 1)),
        ("time_limit", float(stop.seconds)),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", _PROVED),
        ("mip_feasibility_tolerance", _TIGHT),
        ("primal_feasibility_tolerance", _TIGHT),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(program)
    return solver


def _finite(value: float) -> float:
    return value if abs(value) < highspy.kHighsInf else float("nan")
