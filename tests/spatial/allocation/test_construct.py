"""A plan at once: it keeps every rule, and it is near to the best."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.allocation import Goal, Limit, Problem, Stop, solve, verify
from spatial.allocation.construct import construct
from spatial.allocation.plan import values
from tests.bench.sites import dense, sparse


def test_every_plan_keeps_every_rule_and_comes_near_the_best() -> None:
    for seed in range(12):
        problem, goals = (sparse if seed % 2 else dense)(14, 12, seed)
        share = construct(problem, goals, seed, 0.05)
        assert share is not None
        assert verify(problem, share) == []
        best = solve(problem, goals[:1], Stop(20)).objective
        assert 0.9 * best <= values(problem, goals, share)[0] <= best + 1e-6


def test_the_same_seed_gives_the_same_plan() -> None:
    problem, goals = sparse(40, 60)
    one, two = (construct(problem, goals, 3, 0.0) for _ in range(2))
    assert one is not None
    assert two is not None
    assert np.array_equal(one, two)


def two(**changed: object) -> Problem:
    """Two projects of 6 and 7 on one parcel of 10, and the first on another of 6 as well."""
    plain = Problem.plain(
        np.array([10.0, 6.0]), np.array([0, 1, 0]), np.array([0, 0, 1]), np.array([6.0, 7.0, 6.0]),
        np.array([6.0, 7.0, 5.0]), np.ones(2), np.zeros(2, dtype=bool), np.zeros(2, dtype=bool),
    )  # fmt: skip
    return replace(plain, **changed)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, [0.0, 1.0, 1.0]),
        ({"locked": np.array([True, False, False])}, [1.0, 0.0, 0.0]),
        ({"forbidden": np.array([False, True, False])}, [1.0, 0.0, 0.0]),
        ({"must": np.array([True, True])}, [0.0, 1.0, 1.0]),
        ({"limits": (Limit("one", np.ones(3), 1.0),)}, [0.0, 1.0, 0.0]),
    ],
)
def test_locks_bans_musts_and_limits_hold(changed: dict[str, object], expected: list[float]) -> None:
    problem = two(**changed)
    share = construct(problem, problem.goals(), 0, 0.05)
    assert share is not None
    assert share.tolist() == expected


def test_a_project_that_stands_alone_keeps_the_other_out_and_one_that_may_be_split_fills_what_is_left() -> None:
    wide = two(capacity=np.array([20.0, 0.0]))
    assert _placed(wide) == pytest.approx(2.0)
    assert _placed(replace(wide, exclusive=np.array([True, False]))) == pytest.approx(1.0)
    part = two(capacity=np.array([10.0, 0.0]), splittable=np.array([True, False]))
    assert _placed(part) == pytest.approx(1.5)


def _placed(problem: Problem) -> float:
    share = construct(problem, problem.goals(), 0, 0.0)
    assert share is not None
    assert verify(problem, share) == []
    return float(share.sum())


def test_what_cannot_be_placed_though_it_must_gives_no_plan() -> None:
    problem = two(must=np.array([True, True]), capacity=np.array([10.0, 0.0]))
    assert construct(problem, problem.goals(), 0, 0.05) is None


def test_a_limit_that_asks_for_something_is_met_first() -> None:
    keep = Limit("keep", np.array([-1.0, 0.0, 0.0]), -1.0)
    problem = two(limits=(keep,))
    share = construct(problem, (Goal("value", problem.worth),), 0, 0.05)
    assert share is not None
    assert share.tolist() == [1.0, 0.0, 0.0]
