"""When demand turns out otherwise: what is counted is what every draw, solved by itself, says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.allocation.plan import Stop, values
from spatial.allocation.problem import Goal, Problem
from spatial.allocation.regret import Draws, regret, repaired
from spatial.allocation.solve import solve
from spatial.allocation.verify import verify
from tests.spatial.allocation.enumerated import plans, ranked, world


def apart(problem: Problem, seed: int) -> tuple[Goal, ...]:
    """Two goals by which no two plans are alike, nearly always."""
    chance = np.random.default_rng([seed, 3])
    return Goal("demand", problem.worth), Goal("fit", chance.random(len(problem.project)))


def test_shares_are_those_of_all_plans_under_the_same_draws() -> None:
    impossible = 0
    for seed in range(16):
        problem = world(seed, (4, 3), rules=0.4 if seed % 2 else 1.2)
        goals = apart(problem, seed)
        plan = solve(problem, goals, Stop(20), seed)
        if plan.status == "infeasible":
            continue
        factor = np.random.default_rng(seed).uniform(0.5, 3.0, (5, len(problem.weight)))
        found = regret(problem, goals, plan, Draws(factor), Stop(20), seed)
        held = np.bincount(problem.project[problem.lock], minlength=len(problem.weight)) > 0
        free, kept, placed, count = [], [], [], 0
        for row in factor:
            each = np.where(held, 1.0, row)[problem.project]
            drawn = replace(problem, entry_amount=problem.entry_amount * each[problem.entry_option])
            aims = (replace(goals[0], worth=goals[0].worth * each), goals[1])
            every = plans(drawn)
            if not every:
                continue
            best = max(every, key=lambda one: ranked(aims, values(drawn, aims, one)))
            count += 1
            stood = {int(p) for o, p in zip(problem.stand_option, problem.stand_parcel, strict=True) if best[o]}
            free.append([parcel not in stood for parcel in range(problem.parcels)])
            mine = [problem.project == at for at in range(len(problem.weight))]
            kept.append([bool((best[one] == plan.share[one]).all()) for one in mine])
            placed.append([bool(best[one].any()) for one in mine])
        impossible += found.impossible
        assert (found.draws, found.proved, found.impossible) == (count, count, len(factor) - count), seed
        assert not found.stopped
        if count:
            assert found.free == pytest.approx(np.mean(free, axis=0)), seed
            assert found.kept == pytest.approx(np.mean(kept, axis=0)), seed
            assert found.placed == pytest.approx(np.mean(placed, axis=0)), seed
    assert impossible


def test_it_stops_between_draws_and_keeps_what_it_has() -> None:
    problem = world(4)
    goals = apart(problem, 4)
    plan = solve(problem, goals, Stop(20))
    done: list[tuple[int, int]] = []
    stop = Stop(20, cancelled=lambda: len(done) >= 2)
    draws = Draws(np.ones((5, len(problem.weight))))
    found = regret(problem, goals, plan, draws, stop, 0, lambda one: done.append((one.draws, one.asked)))
    assert (done, found.stopped, found.draws) == ([(1, 5), (2, 5)], True, 2)
    assert found.kept.tolist() == [1.0] * len(problem.weight)


def test_the_same_seed_gives_the_same_shares() -> None:
    problem = world(9)
    goals = apart(problem, 9)
    plan = solve(problem, goals, Stop(20))
    draws = Draws(np.random.default_rng(1).uniform(0.6, 1.6, (6, len(problem.weight))))
    one, two = (regret(problem, goals, plan, draws, Stop(20), 3) for _ in range(2))
    assert one.free.tolist() == two.free.tolist()
    assert one.kept.tolist() == two.kept.tolist()


def test_a_repaired_plan_holds() -> None:
    for seed in range(40):
        problem = replace(world(seed, rules=0.0), limits=())
        plan = solve(problem, None, Stop(20))
        small = replace(problem, capacity=problem.capacity * 0.6)
        assert verify(small, repaired(small, small.goals()[0], plan.share)) == [], seed


def test_what_stands_today_keeps_its_size() -> None:
    nothing = np.zeros(1, dtype=bool)
    problem = Problem.plain(
        np.array([10.0, 20.0]), np.array([0, 0]), np.array([0, 1]), np.array([6.0, 6.0]), np.array([6.0, 6.0]),
        np.ones(1), nothing, nothing,
    )  # fmt: skip
    goals = (Goal("demand", problem.worth), Goal("fit", np.array([1.0, 0.0])))
    plan, factor = solve(problem, goals), np.array([[1.0], [4.0]])
    today = Draws(factor, fixed=np.array([True, False]))
    assert regret(problem, goals, plan, today, Stop(5)).placed.tolist() == [1.0]
    assert regret(problem, goals, plan, Draws(factor), Stop(5)).placed.tolist() == [0.5]
