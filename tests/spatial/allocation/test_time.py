"""Time that is up and a word to stop are heard: in every phase, and by a solver that does not listen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from spatial.allocation import Problem, Stop, highs, improve, large, relax, solve, verify
from spatial.allocation.plan import never
from tests.bench.sites import dense, sparse

SOLVING = import_module("spatial.allocation.solve")


class Deaf:
    """A solver that goes on until it is let go, and hears nothing."""

    def __init__(self) -> None:
        self.cbMipInterrupt = self.cbSimplexInterrupt = self.cbMipImprovingSolution = self
        self.let_go, self.heard = threading.Event(), list[Any]()

    def setOptionValue(self, name: str, value: float) -> None:
        assert name == "time_limit"

    def getRunTime(self) -> float:
        return 0.0

    def subscribe(self, heard: Callable[[Any], None]) -> None:
        self.heard.append(heard)

    def unsubscribe(self, heard: Callable[[Any], None]) -> None:
        self.heard.remove(heard)

    def run(self) -> None:
        self.let_go.wait()


@pytest.mark.parametrize(("seconds", "cancelled"), [(0.0, never), (1e6, lambda: True)])
def test_a_solver_that_does_not_hear_is_left_to_itself_and_stops_when_it_asks(
    seconds: float, cancelled: Callable[[], bool]
) -> None:
    solver, interrupted = Deaf(), list[int]()
    # without this it would go on for as long as the solver does, which is for ever
    assert not highs.Watch().run(solver, seconds, cancelled)

    class Asked:
        def interrupt(self) -> None:
            interrupted.append(1)

    solver.heard[0](Asked())
    assert interrupted
    solver.let_go.set()


def test_a_solver_that_ends_is_asked_for_what_it_found_and_may_be_run_again() -> None:
    solver = Deaf()
    solver.let_go.set()
    for _ in range(2):
        assert highs.Watch(lambda _columns, _bound: None).run(solver, 1e6, never)
        assert solver.heard == []


PHASES = (
    (large, "bounded"), (SOLVING, "build"), (improve.Parts, "round"), (improve.Parts, "few"),
    (improve.Parts, "search"), (relax, "relax"), (large, "with_others"),
)  # fmt: skip


def begun(monkeypatch: pytest.MonkeyPatch, over: Callable[[], bool]) -> tuple[list[str], list[str]]:
    """Phases that were begun, and those of them that were begun when it was over."""
    every, late = list[str](), list[str]()

    def watched(name: str, phase: Callable[..., Any]) -> Callable[..., Any]:
        def do(*given: Any, **named: Any) -> Any:
            every.append(name)
            if over():
                late.append(name)
            return phase(*given, **named)

        return do

    for home, name in PHASES:
        monkeypatch.setattr(home, name, watched(name, getattr(home, name)))
    monkeypatch.setattr(large, "MANY", 0)
    monkeypatch.setattr(large, "TOO_MANY", 0)
    monkeypatch.setattr(SOLVING, "_ALONE", 0)
    return every, late


@pytest.mark.parametrize("after", [1, 2, 3, 5, 8, 13, 21, 34])
def test_once_it_is_cancelled_no_phase_begins(after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [0]

    def cancelled() -> bool:
        asked[0] += 1
        return asked[0] > after

    every, late = begun(monkeypatch, lambda: asked[0] > after)
    problem, goals = dense(20, 15)
    plan = solve(problem, goals, Stop(1e6, cancelled))
    assert late == []
    assert (asked[0] > after) == (plan.status != "optimal")
    # what was found until then is told
    assert verify(problem, plan.share, goals, plan.goals) == []
    assert every or after < 40


def stood_still(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of a clock that goes on only where the test says so."""
    now = [time.perf_counter()]
    monkeypatch.setattr(SOLVING.time, "perf_counter", lambda: now[0])
    return now


@pytest.mark.parametrize("phase", ["bounded", "round", "few", "search"])
def test_once_time_is_up_no_phase_begins(phase: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = stood_still(monkeypatch)
    began = now[0]
    every, late = begun(monkeypatch, lambda: now[0] > began + 100)
    home = large if phase == "bounded" else improve.Parts
    do = getattr(home, phase)

    def slow(*given: Any, **named: Any) -> Any:
        found = do(*given, **named)
        now[0] += 1e3
        return found

    monkeypatch.setattr(home, phase, slow)
    problem, goals = dense(20, 15)
    plan = solve(problem, goals, Stop(100.0))
    assert phase in every
    assert late == []
    assert verify(problem, plan.share, goals, plan.goals) == []
    assert all(np.isfinite(one.gap) for one in plan.goals)


def test_a_goal_is_not_begun_in_less_than_half_the_time_of_a_first_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    now = stood_still(monkeypatch)
    construct = SOLVING.construct

    def slow(*given: Any, **named: Any) -> Any:
        now[0] += 6.0
        return construct(*given, **named)

    monkeypatch.setattr(SOLVING, "construct", slow)
    every, _ = begun(monkeypatch, lambda: False)
    problem, goals = sparse(40, 60)
    assert solve(problem, goals, Stop(8.9)).status == "feasible"
    assert every == []
    now[0] -= 6.0
    solve(problem, goals, Stop(9.5))
    assert every != []


def test_a_program_too_large_for_its_time_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs.Watch, "run", lambda *_: pytest.fail("a program was begun"))
    model = SOLVING.build(*sparse(40, 60))
    seconds = 0.5 * highs._BEGUN * len(model.number)
    how = highs.Run(seconds, 0, never, lambda _columns, _bound: None)
    found = highs.run(model, model.cost[0], None, how)
    assert (found.infeasible, found.values, found.bound, found.ended) == (False, None, np.inf, False)


def forced(problem: Problem, option: int) -> Problem:
    """The problem in which an option is taken."""
    lock = problem.lock.copy()
    lock[option] = True
    return Problem(**{**vars_of(problem), "locked": lock})


def vars_of(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in problem.__dataclass_fields__}


def test_what_is_known_of_a_larger_problem_changes_nothing_but_the_time() -> None:
    helped = 0
    for seed in range(12):
        problem, goals = (sparse if seed % 2 else dense)(12, 9, seed)
        whole = solve(problem, goals, Stop(60.0), seed)
        free = np.flatnonzero((whole.share == 0) & problem.fits)
        narrow = forced(problem, int(free[seed % len(free)]))
        plain, told = (solve(narrow, goals, Stop(60.0), seed, known=known) for known in ((), whole.goals))
        assert (plain.status, told.status) in (("optimal", "optimal"), ("infeasible", "infeasible"))
        for one, two in zip(plain.goals, told.goals, strict=True):
            assert two.value == pytest.approx(one.value, abs=1e-6, nan_ok=True)
        helped += plain.goals[0].value == whole.goals[0].value
    assert helped


def test_a_plan_as_good_as_the_best_of_a_larger_problem_is_proved_without_a_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    problem, goals = sparse(30, 40)
    whole = solve(problem, goals, Stop(60.0))
    assert whole.status == "optimal"
    monkeypatch.setattr(SOLVING, "run", lambda *_: pytest.fail("a program was begun"))
    again = solve(problem, goals, Stop(60.0), start=whole.share, known=whole.goals)
    assert again.status == "optimal"
    assert np.array_equal(again.share, whole.share)


def test_the_bound_of_a_later_goal_is_not_used_once_a_goal_before_it_is_given_up() -> None:
    problem, goals = sparse(30, 40)
    two = (goals[0], goals[1])
    whole = solve(problem, two, Stop(60.0))
    first = int(np.flatnonzero(whole.share)[0])
    ban = problem.ban.copy()
    ban[problem.project == problem.project[first]] = True
    narrow = Problem(**{**vars_of(problem), "forbidden": ban})
    plan = solve(narrow, two, Stop(60.0), known=whole.goals)
    assert plan.goals[0].value < whole.goals[0].value
    # with one fewer in the first goal, others may fit better than all of the best plan did
    assert plan.goals[1].value == pytest.approx(solve(narrow, two, Stop(60.0)).goals[1].value)
    assert plan.status == "optimal"
