"""Plans against every plan there is, against another solver, and against the check that shares no code."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from spatial.allocation import Problem, Reached, Stop, solve, verify
from spatial.allocation.problem import ProblemUnsound


def random(seed: int, most: tuple[int, int] = (5, 4), *, split: bool = False) -> Problem:
    """A small problem with any combination of rules."""
    chance = np.random.default_rng(seed)
    projects, parcels = (int(chance.integers(1, top + 1)) for top in most)
    pairs = np.argwhere(chance.random((projects, parcels)) < chance.uniform(0.3, 1.0))
    count = len(pairs)
    mark = chance.random(count)
    one_lock = np.zeros(count, dtype=bool)
    if count and chance.random() < 0.3:
        one_lock[chance.integers(count)] = True
    return Problem.plain(
        capacity=chance.integers(0, 40, parcels).astype(float),
        project=pairs[:, 0],
        parcel=pairs[:, 1],
        need=chance.integers(0, 25, count).astype(float),
        value=chance.integers(-3, 20, count).astype(float),
        weight=chance.choice([0.5, 1.0, 2.0], projects),
        must=chance.random(projects) < 0.2,
        splittable=np.full(projects, split),
        locked=one_lock,
        forbidden=(mark < 0.1) & ~one_lock,
        maximise=bool(chance.random() < 0.7),
    )


def best(problem: Problem) -> float | None:
    """The best of all plans, one after the other; None where none holds."""
    options = [np.flatnonzero(problem.project == at) for at in range(len(problem.weight))]
    found = None
    for choice in product(*([-1, *mine] for mine in options)):
        share = np.zeros(len(problem.project))
        share[[at for at in choice if at >= 0]] = 1.0
        if not verify(problem, share):
            value = float(share @ problem.worth)
            if found is None or (value > found if problem.maximise else value < found):
                found = value
    return found


def test_every_small_problem_is_solved_as_by_trying_every_plan() -> None:
    seen = set()
    for seed in range(250):
        problem = random(seed)
        plan, expected = solve(problem, stop=Stop(20), seed=seed), best(problem)
        seen.add(plan.status)
        if expected is None:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert plan.objective == pytest.approx(expected), seed
        assert plan.bound == pytest.approx(expected), seed
        assert verify(problem, plan.share, None, plan.goals) == [], seed
    assert seen == {"optimal", "infeasible"}


def test_what_may_be_split_is_a_linear_program_that_another_solver_agrees_on() -> None:
    for seed in range(60):
        problem = replace(random(seed, (12, 9), split=True), locked=None)
        plan = solve(problem, stop=Stop(20), seed=seed)
        whole = problem.must
        rows = np.zeros((len(problem.capacity) + len(problem.weight), len(problem.project)))
        rows[problem.stand_parcel, np.arange(len(problem.project))] = problem.need
        rows[len(problem.capacity) + problem.project, np.arange(len(problem.project))] = 1.0
        ends = np.concatenate([problem.capacity, np.ones(len(problem.weight))])
        equal = len(problem.capacity) + np.flatnonzero(whole)
        if not len(problem.project):
            continue
        sign = -1.0 if problem.maximise else 1.0
        other = linprog(
            sign * problem.worth,
            A_ub=rows, b_ub=ends,
            A_eq=rows[equal] if len(equal) else None, b_eq=np.ones(len(equal)) if len(equal) else None,
            bounds=[(0.0, 0.0 if ban else 1.0) for ban in problem.ban],
        )  # fmt: skip
        if other.status == 2:
            assert plan.status == "infeasible", seed
        else:
            assert plan.objective == pytest.approx(sign * other.fun, abs=1e-6), seed
            assert verify(problem, plan.share, None, plan.goals) == [], seed


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**31), st.integers(0, 2**31))
def test_the_same_seed_gives_the_same_plan(seed: int, other: int) -> None:
    problem = random(seed, (8, 6))
    one, two, three = solve(problem, seed=5), solve(problem, seed=5), solve(problem, seed=other)
    assert np.array_equal(one.share, two.share)
    if one.status == "optimal":
        assert three.objective == pytest.approx(one.objective)


def small(**changed: object) -> Problem:
    """Two projects of 6 and 7 on one parcel of 10."""
    plain = Problem.plain(
        np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]), np.array([6.0, 7.0]),
        np.ones(2), np.zeros(2, dtype=bool), np.zeros(2, dtype=bool),
    )  # fmt: skip
    return replace(plain, **changed)


def test_a_lock_stands_and_a_ban_holds() -> None:
    assert solve(small(locked=np.array([True, False]))).share.tolist() == [1.0, 0.0]
    assert solve(small(forbidden=np.array([False, True]))).share.tolist() == [1.0, 0.0]
    both = solve(small(locked=np.array([True, True])))
    assert (both.status, both.gap) == ("infeasible", float("inf"))


def test_what_may_be_split_is_placed_in_part() -> None:
    plan = solve(small(splittable=np.array([True, False])))
    assert plan.share.tolist() == pytest.approx([0.5, 1.0])
    assert plan.objective == pytest.approx(10.0)


def test_time_that_is_up_is_said_with_a_bound_that_holds() -> None:
    chance = np.random.default_rng(3)
    projects, parcels = 60, 40
    pairs = np.argwhere(chance.random((projects, parcels)) < 0.8)
    need = chance.integers(5, 60, len(pairs)).astype(float)
    problem = Problem.plain(
        chance.integers(60, 120, parcels).astype(float), pairs[:, 0], pairs[:, 1], need,
        need * chance.uniform(0.7, 1.3, len(pairs)), np.ones(projects), np.zeros(projects, dtype=bool),
        np.zeros(projects, dtype=bool),
    )  # fmt: skip
    plan = solve(problem, stop=Stop(0.2))
    assert plan.status in ("feasible", "unknown", "optimal")
    if plan.status != "unknown":
        assert verify(problem, plan.share, None, plan.goals) == []
        assert plan.bound >= plan.objective - 1e-6


@pytest.mark.parametrize(
    ("share", "rule"),
    [
        ([1.0, 1.0], "capacity"),
        ([0.5, 0.0], "split"),
        ([1.5, 0.0], "share"),
        ([0.0, 0.0], "must_place"),
        ([0.0, 1.0], "forbidden"),
    ],
)
def test_the_check_names_what_a_plan_breaks(share: list[float], rule: str) -> None:
    problem = small(must=np.array([True, False]), forbidden=np.array([False, True]))
    assert rule in {fault.rule for fault in verify(problem, np.array(share))}


def test_the_check_looks_at_locks_placings_and_the_objective() -> None:
    assert {one.rule for one in verify(small(locked=np.array([True, False])), np.array([0.0, 1.0]))} == {"locked"}
    twice = Problem.plain(
        np.array([10.0, 10.0]), np.array([0, 0]), np.array([0, 1]), np.ones(2), np.ones(2), np.ones(1),
        np.zeros(1, dtype=bool), np.zeros(1, dtype=bool),
    )  # fmt: skip
    assert {one.rule for one in verify(twice, np.ones(2))} == {"placed_twice"}
    assert [one.rule for one in verify(small(), np.array([1.0, 0.0]), None, [Reached("value", 7.0, 7.0)])] == [
        "objective"
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"capacity": np.array([np.inf])},
        {"need": np.array([-1.0, 2.0])},
        {"entry_room": np.array([0, 4])},
        {"stand_parcel": np.array([0, 4])},
        {"entry_option": np.array([0, 0])},
        {"value": np.array([np.nan, 1.0])},
        {"must": np.zeros(3, dtype=bool)},
        {"locked": np.array([True, False]), "forbidden": np.array([True, False])},
    ],
)
def test_a_problem_that_does_not_hold_together_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ProblemUnsound):
        small(**changed)
