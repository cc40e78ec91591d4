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
        share = construct(problem, goals)
        assert share is not None
        assert verify(problem, share) == []
        best = solve(problem, goals[:1], Stop(20)).objective
        assert 0.9 * best <= values(problem, goals, share)[0] <= best + 1e-6


def test_the_same_problem_gives_the_same_plan() -> None:
    problem, goals = sparse(40, 60)
    one, two = (construct(problem, goals) for _ in range(2))
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
    share = construct(problem, problem.goals())
    assert share is not None
    assert share.tolist() == expected


def test_a_project_that_stands_alone_keeps_the_other_out_and_one_that_may_be_split_fills_what_is_left() -> None:
    wide = two(capacity=np.array([20.0, 0.0]))
    assert _placed(wide) == pytest.approx(2.0)
    assert _placed(replace(wide, exclusive=np.array([True, False]))) == pytest.approx(1.0)
    part = two(capacity=np.array([10.0, 0.0]), splittable=np.array([True, False]))
    assert _placed(part) == pytest.approx(1.5)


def _placed(problem: Problem) -> float:
    share = construct(problem, problem.goals())
    assert share is not None
    assert verify(problem, share) == []
    return float(share.sum())


def test_what_cannot_be_placed_though_it_must_gives_no_plan() -> None:
    problem = two(must=np.array([True, True]), capacity=np.array([10.0, 0.0]))
    assert construct(problem, problem.goals()) is None


def test_a_limit_that_asks_for_something_is_met_first() -> None:
    keep = Limit("keep", np.array([-1.0, 0.0, 0.0]), -1.0)
    problem = two(limits=(keep,))
    share = construct(problem, (Goal("value", problem.worth),))
    assert share is not None
    assert share.tolist() == [1.0, 0.0, 0.0]


def test_what_is_sound_of_a_plan_to_begin_with_stays_and_the_rest_is_placed_round_it() -> None:
    problem = two(capacity=np.array([10.0, 0.0]))
    began = construct(problem, problem.goals(), np.array([1.0, 1.0, 0.0]))
    assert began is not None
    assert began.tolist() == [1.0, 0.0, 0.0]
    # who must stand is placed before who stood there
    held = replace(problem, must=np.array([False, True]))
    began = construct(held, held.goals(), np.array([1.0, 1.0, 0.0]))
    assert began is not None
    assert began.tolist() == [0.0, 1.0, 0.0]


def test_once_time_is_over_only_who_must_be_placed_is() -> None:
    asked: list[int] = []

    def over() -> bool:
        asked.append(1)
        return len(asked) > 3

    problem, goals = sparse(40, 60)
    share = construct(problem, goals, over=over)
    assert share is not None
    assert share.sum() == 3
    must = replace(problem, must=problem.project[np.flatnonzero(share)[0]] == np.arange(40))
    share = construct(must, goals, over=lambda: True)
    assert share is not None
    assert np.flatnonzero(must.must).tolist() == problem.project[share > 0].tolist()


def plain(problem: Problem, goals: tuple[Goal, ...]) -> list[int]:
    """The options taken, each time all that can still be taken looked at anew."""
    gain = sum((1.0 if one.maximise else -1.0) * (one.worth + (0.0 if one.taken is None else one.taken))
               * 1e-4**at / max(np.abs(one.worth + (0.0 if one.taken is None else one.taken)).max(), 1e-300)
               for at, one in enumerate(goals) if one.opening is None)  # fmt: skip
    share, found = np.zeros(len(problem.project)), []
    while True:
        seen = []
        for project in range(len(problem.weight)):
            mine = np.flatnonzero(problem.project == project)
            if share[mine].any():
                continue
            with_one = {at: np.where(np.arange(len(share)) == at, 1.0, share) for at in mine.tolist()}
            able = [at for at, one in with_one.items() if not verify(problem, one)]
            if able and max(gain[able]) > 0:
                worth = np.sort(gain[able])[::-1]
                miss = worth[0] - (worth[1] if len(worth) > 1 else 0.0) + abs(worth[0]) / len(worth)
                seen.append((miss, -project, able[int(np.argmax(gain[able]))]))
        if not seen:
            return sorted(found)
        found.append(max(seen)[2])
        share[found[-1]] = 1.0


def test_who_is_next_is_what_looking_at_everybody_anew_would_say() -> None:
    for seed in range(6):
        problem, goals = (sparse if seed % 2 else dense)(12, 8, seed)
        share = construct(problem, goals[:2])
        assert share is not None
        assert np.flatnonzero(share).tolist() == plain(problem, goals[:2])
