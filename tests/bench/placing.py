"""Plans for projects: value, bound and time of each goal, beside CP-SAT and what a first attempt would be."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np

from spatial.allocation import Goal, Plan, Problem, Progress, Stop, solve, values, verify, why_not
from tests.bench.line import Line
from tests.bench.sites import dense, plain_greedy, sparse, together

ROOT = Path(__file__).parent.parent.parent
PEER = 10
"""Seconds that CP-SAT has for each of its two goals."""

Make = Callable[[int, int], tuple[Problem, tuple[Goal, ...]]]


@dataclass(frozen=True)
class _Case:
    """An instance, the time it may take, the largest gap of each goal, and whether CP-SAT is asked as well."""

    name: str
    make: Make
    projects: int
    parcels: int
    seconds: float
    gaps: tuple[float, ...]
    asked: str
    peer: bool = True

    @property
    def what(self) -> str:
        return f"{self.name}, {self.projects:,} projects × {self.parcels:,} parcels"


_NONE = float("inf")
_PROVED = (0.0, 0.0, 0.0, 0.0)
CASES = (
    _Case("Sparse", sparse, 300, 1_000, 20, _PROVED, "four goals proved"),
    _Case("Sparse", sparse, 1_000, 5_000, 60, (0.0, 1e-3, _NONE, _NONE), "goal 1 proved, goal 2 ≤ 1e-3"),
    _Case("Sparse", sparse, 3_000, 15_000, 60, (_NONE,) * 4, "a plan, its gap told", peer=False),
    _Case("Dense", dense, 120, 150, 30, _PROVED, "four goals proved"),
    _Case("Dense", dense, 240, 300, 60, (0.0, 5e-3, 5e-3, 5e-3), "goal 1 proved, all ≤ 0.5 %"),
    _Case("Dense", dense, 480, 600, 60, (1e-2, 1e-2, _NONE, _NONE), "≤ 1 % of a bound"),
    _Case("Sites of up to three parcels", together, 160, 300, 30, _PROVED, "four goals proved", peer=False),
)


def placed(*, quick: bool) -> list[Line]:
    """Every case; the first alone where it should be quick."""
    lines = []
    for case in CASES[:1] if quick else CASES:
        print(f"  {case.what}", file=sys.stderr, flush=True)
        problem, goals = case.make(case.projects, case.parcels)
        plan, first = _solved(problem, goals, case.seconds)
        lines.append(_line(case, problem, goals, plan))
        if (case.projects, case.parcels) == (300, 1_000):
            lines.append(_at_once(case, problem, goals, first, plan))
        if case.projects <= 300 and case.peer and case.parcels != 300:
            lines.append(_answered(case, problem, goals))
    return lines


def _solved(problem: Problem, goals: tuple[Goal, ...], seconds: float) -> tuple[Plan, Progress | None]:
    told: list[Progress] = []
    plan = solve(problem, goals, Stop(seconds), tell=told.append)
    if verify(problem, plan.share, goals, plan.goals):
        raise AssertionError("a plan breaks a rule")
    return plan, told[0] if told else None


def _line(case: _Case, problem: Problem, goals: tuple[Goal, ...], plan: Plan) -> Line:
    gaps = [one.gap for one in plan.goals]
    start = time.perf_counter()
    greedy = values(problem, goals, plain_greedy(problem, goals))
    spent = time.perf_counter() - start
    peer = f"greedy {greedy[0]:,.0f} · {greedy[1]:.1f} in {spent:.1f} s"
    if case.peer:
        peer = f"CP-SAT {_cpsat(problem, goals)}; {peer}"
    proved = all(gap <= most + 1e-12 for gap, most in zip(gaps, case.gaps, strict=True))
    return Line(
        f"{case.what}: demand · fit · opened · changes",
        " · ".join(f"{one.value:,.{digits}f}" for one, digits in zip(plan.goals, (0, 1, 0, 0), strict=True))
        + f" in {plan.seconds:.1f} s",
        peer,
        "gaps " + " · ".join("proved" if not gap else f"{gap:.1e}" for gap in gaps),
        f"{case.asked} in {case.seconds:g} s",
        proved and plan.seconds <= case.seconds * 1.05 + 1,
    )


def _at_once(
    case: _Case, problem: Problem, goals: tuple[Goal, ...], first: Progress | None, plan: Plan
) -> Line:  # fmt: skip
    assert first is not None
    short = 1 - values(problem, goals, first.share)[0] / plan.goals[0].bound
    return Line(
        f"{case.what}: the first plan", f"{first.seconds:.2f} s", "–", f"{100 * short:.2f} % below the best",
        "≤ 1 s", first.seconds <= 1,
    )  # fmt: skip


def _answered(case: _Case, problem: Problem, goals: tuple[Goal, ...]) -> Line:
    """Why not here, for projects that stand elsewhere, two goals."""
    two = goals[:2]
    plan = solve(problem, two, Stop(case.seconds))
    chance = np.random.default_rng(1)
    rest = chance.permutation(np.flatnonzero((plan.share == 0) & problem.open & problem.fits))[:9]
    taken = []
    for option in rest.tolist():
        start = time.perf_counter()
        why_not(problem, two, plan, [option], Stop(30))
        taken.append(time.perf_counter() - start)
    return Line(
        f"{case.what}: why not here, two goals", f"{median(taken):.2f} s", "–", f"worst {max(taken):.1f} s",
        "≤ 5 s", median(taken) <= 5,
    )  # fmt: skip


def _cpsat(problem: Problem, goals: tuple[Goal, ...]) -> str:
    """What CP-SAT comes to in two goals, and how far its bounds are."""
    amount = problem.entry_amount.copy()
    # a project that stands alone weighs the whole parcel: its rooms come first
    lone = problem.alone[problem.project[problem.entry_option]] & (problem.entry_room < problem.parcels)
    amount[lone] = problem.capacity[problem.entry_room[lone]]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "problem.npz"
        np.savez(
            file, project=problem.project, option=problem.entry_option, room=problem.entry_room, amount=amount,
            capacity=problem.capacity, goals=np.array([goal.worth for goal in goals[:2]]),
        )  # fmt: skip
        command = [sys.executable, str(ROOT / "tests" / "bench" / "cpsat.py"), str(file), str(PEER)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    rows = json.loads(done.stdout.splitlines()[-1])
    if not rows:
        return f"nothing in {PEER} s"
    values_ = " · ".join(f"{one['value']:,.{digits}f}" for one, digits in zip(rows, (0, 1), strict=False))
    gaps = " · ".join(f"{abs(one['bound'] - one['value']) / max(abs(one['bound']), 1e-9):.0e}" for one in rows)
    return f"{values_} in {sum(one['seconds'] for one in rows):.0f} s, gaps {gaps}"
