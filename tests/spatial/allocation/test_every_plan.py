"""Plans in any goals and under any rules, against every plan there is."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from spatial.allocation import Goal, Limit, Problem, Progress, Stop, solve, values, verify
from tests.spatial.allocation.random_problems import best_in_part, every, problem


def test_two_thousand_small_problems_are_solved_as_by_going_through_every_plan() -> None:
    seen: Counter[str] = Counter()
    for seed in range(2000):
        found, goals = problem(seed)
        plan, best = solve(found, goals, Stop(60), seed), every(found).best(goals)
        seen[plan.status] += 1
        if best is None:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert [one.value for one in plan.goals] == pytest.approx(best, rel=1e-6, abs=1e-6), seed
        assert [one.bound for one in plan.goals] == pytest.approx(best, rel=1e-6, abs=1e-6), seed
        assert verify(found, plan.share, goals, plan.goals) == [], seed
    assert seen["optimal"] > 1000
    assert seen["infeasible"] > 300


def test_shares_that_are_parts_are_those_of_a_linear_program_for_every_choice_of_options() -> None:
    seen: Counter[str] = Counter()
    for seed in range(300):
        found, goals = problem(seed, parts=True, most=(3, 3, 2))
        if not len(found.project):
            continue
        plan, best = solve(found, goals, Stop(60), seed), best_in_part(found, goals)
        seen["part" if ((plan.share > 1e-4) & (plan.share < 1 - 1e-4)).any() else plan.status] += 1
        if best is None:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert [one.value for one in plan.goals] == pytest.approx(best, rel=2e-4, abs=2e-4), seed
        assert verify(found, plan.share, goals, plan.goals) == [], seed
    assert min(seen["optimal"], seen["part"], seen["infeasible"]) > 10


def world(**changed: object) -> Problem:
    """Parcels A, B, C with new floor area of 10, 10, 4, vacant floor area of 0, 6, 0; A and B under a cap of 14.

    Project 0 (8) fits A or B, or B's vacant 6 and A's 2 as one site; 1 (6) fits A, B or the vacant part of B;
    2 (4) fits C, or A.
    """
    told: dict[str, object] = {
        "capacity": np.array([10.0, 10, 4, 0, 6, 0, 14]),
        "project": np.array([0, 0, 0, 1, 1, 1, 2, 2]),
        "need": np.array([8.0, 8, 8, 6, 6, 6, 4, 4]),
        "value": np.array([8.0, 8, 8, 6, 6, 6, 4, 4]),
        "weight": np.ones(3),
        "must": np.zeros(3, dtype=bool),
        "splittable": np.zeros(3, dtype=bool),
        "entry_option": np.array([0, 0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 6, 7, 7]),
        "entry_room": np.array([0, 6, 1, 6, 4, 0, 6, 0, 6, 1, 6, 4, 2, 0, 6]),
        "entry_amount": np.array([8.0, 8, 8, 8, 6, 2, 2, 6, 6, 6, 6, 6, 4, 4, 4]),
        "stand_option": np.array([0, 1, 2, 2, 3, 4, 5, 6, 7]),
        "stand_parcel": np.array([0, 1, 0, 1, 0, 1, 1, 2, 0]),
        "parcels": 3,
    }
    return Problem(**{**told, **changed})  # type: ignore[arg-type]


def taking(*options: int) -> np.ndarray:
    share = np.zeros(8)
    share[list(options)] = 1.0
    return share


def both(found: Problem) -> tuple[Goal, Goal]:
    opened = Goal("opened", np.zeros(8), opening=np.ones(3), maximise=False)
    return Goal("demand", found.worth), opened


def test_a_site_of_two_parcels_shares_them_with_nobody_who_stands_alone() -> None:
    found = world()
    assert solve(found, both(found)).goals[0].value == 18
    assert solve(found, both(found)).goals[1].value == 2, "8 on A, 6 in what is vacant on B, 4 on C would open three"
    lone = world(exclusive=np.array([True, False, False]), forbidden=np.isin(np.arange(8), [0, 1]))
    plan = solve(lone, both(lone))
    assert plan.share.tolist() == taking(2, 6).tolist(), (
        "on A and B nobody else may stand, not even in the new part of B"
    )
    assert (plan.objective, plan.status) == (12, "optimal")


def test_the_order_of_the_goals_is_the_order_in_which_they_count() -> None:
    found = world(must=np.array([False, True, False]))
    demand, opened = both(found)
    assert [one.value for one in solve(found, (demand, opened)).goals] == [18, 2]
    assert [one.value for one in solve(found, (opened, demand)).goals] == [1, 14]


def test_a_limit_counts_options_however_small_their_share() -> None:
    found = world(splittable=np.ones(3, dtype=bool), limits=(Limit("two", np.ones(8), 2.0),))
    plan = solve(found)
    assert int((plan.share > 0).sum()) <= 2
    assert plan.objective == pytest.approx(14)


def test_every_plan_on_the_way_is_sound_better_than_the_last_and_below_its_bound() -> None:
    for seed in range(40):
        found, goals = problem(seed)
        heard: list[Progress] = []
        plan = solve(found, goals, Stop(60), seed, tell=heard.append)
        reached = [tuple(_signed(found, goals, one.share)) for one in heard]
        assert all(not verify(found, one.share) for one in heard)
        assert reached == sorted(reached)
        assert all(_below(goals[one.goal], one) for one in heard)
        if heard:
            assert np.array_equal(heard[-1].share, plan.share)


def _signed(found: Problem, goals: tuple[Goal, ...], share: np.ndarray) -> list[float]:
    sign = [1.0 if goal.maximise else -1.0 for goal in goals]
    return np.round(np.array(sign) * values(found, goals, share), 6).tolist()


def _below(goal: Goal, one: Progress) -> bool:
    over = one.value - one.bound if goal.maximise else one.bound - one.value
    return bool(np.isnan(one.bound)) or over <= 1e-6 * max(1.0, abs(one.value))


def test_somebody_who_stops_it_keeps_the_best_plan_so_far() -> None:
    found = world()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 1

    start = taking(3)
    plan = solve(found, both(found), Stop(60, cancelled=cancelled), start=start)
    assert plan.status in ("feasible", "optimal")
    assert plan.objective >= 6
    assert verify(found, plan.share, both(found), plan.goals) == []


def test_without_time_the_start_is_the_plan_and_nothing_is_claimed() -> None:
    found = world()
    plan = solve(found, both(found), Stop(0.0), start=taking(3))
    assert (plan.status, plan.objective) == ("feasible", 6)
    assert verify(found, plan.share, both(found), plan.goals) == []
    assert plan.gap > 0
    broken = solve(found, both(found), Stop(0.0), start=taking(0, 3))
    assert broken.status in ("unknown", "feasible")
    assert verify(found, broken.share) == []


def test_the_same_seed_gives_the_same_plan_in_every_goal() -> None:
    for seed in range(30):
        found, goals = problem(seed, parts=seed % 2 == 0)
        one, two = solve(found, goals, seed=7), solve(found, goals, seed=7)
        assert np.array_equal(one.share, two.share)
        assert one.goals == two.goals or one.status in ("infeasible", "unknown")


def _magnified(seed: int) -> tuple[Problem, tuple[Goal, ...]]:
    """Floor area in square metres, and two goals in front: demand by the metre, and a fit of which many are alike."""
    found, goals = problem(seed)
    chance = np.random.default_rng(seed)
    many = 10 ** chance.uniform(2, 5)
    count = len(found.project)
    found = replace(
        found, capacity=found.capacity * many, need=found.need * many, value=found.value * many,
        entry_amount=found.entry_amount * many * chance.uniform(0.99, 1.01, len(found.entry_amount)),
    )  # fmt: skip
    fit = chance.random(4)[chance.integers(0, 4, count)]
    return found, (Goal("metres", found.weight[found.project] * np.round(found.need)), Goal("few", fit), *goals[:2])


@pytest.mark.parametrize("options", [0, 500])
def test_large_figures_and_fits_that_are_alike_are_proved_as_well(
    monkeypatch: pytest.MonkeyPatch, options: int
) -> None:
    # from so many options on, plans are looked at for being the only one
    monkeypatch.setattr(sys.modules["spatial.allocation.solve"], "_ALONE", options)
    for seed in range(300):
        found, goals = _magnified(seed)
        plan, best = solve(found, goals, Stop(60), seed), every(found).best(goals)
        assert plan.status == ("infeasible" if best is None else "optimal"), seed
        if best is not None:
            assert [one.value for one in plan.goals] == pytest.approx(best, rel=1e-6, abs=1e-6), seed
            assert verify(found, plan.share, goals, plan.goals) == [], seed
