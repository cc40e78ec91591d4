"""Demand against changes: the frontier is that of every plan there is."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.allocation.pareto import Point, pareto
from spatial.allocation.plan import Stop
from spatial.allocation.problem import Goal, Limit, Problem
from spatial.allocation.verify import verify
from tests.spatial.allocation.enumerated import plans, world


def today(problem: Problem, seed: int) -> Limit:
    """Some plan is what stands today: a project changes unless it is where it was."""
    every = plans(problem)
    stands = every[int(np.random.default_rng(seed).integers(len(every)))]
    was = np.bincount(problem.project, stands, minlength=len(problem.weight)) > 0
    worth = np.where(stands > 0, -1.0, np.where(was[problem.project], 0.0, 1.0))
    return Limit("changes", worth, -float(was.sum()))


def frontier(problem: Problem, changes: Limit) -> list[tuple[float, float]]:
    """Changes and demand of the plans that no other is better than, by trying all."""
    every = [
        (float(changes.worth @ one) - changes.at_most, round(float(problem.worth @ one), 6)) for one in plans(problem)
    ]
    best = {(c, v) for c, v in every if not any(a <= c and b >= v and (a, b) != (c, v) for a, b in every)}
    return sorted(best)


def seeds(count: int) -> list[int]:
    """Worlds that have a plan."""
    return [seed for seed in range(count) if plans(world(seed, rules=0.2))]


def test_the_frontier_is_that_of_every_plan() -> None:
    longest = 0
    for seed in seeds(40):
        problem = world(seed, rules=0.2)
        changes = today(problem, seed)
        fit = Goal("fit", np.random.default_rng(seed).integers(0, 5, len(problem.project)).astype(float))
        found = pareto(problem, (Goal("demand", problem.worth), fit), changes, Stop(20))
        expected = frontier(problem, changes)
        assert [(one.changes, round(one.value, 6)) for one in found] == expected, seed
        assert all(one.proved for one in found)
        assert all(verify(problem, one.plan.share) == [] for one in found)
        longest = max(longest, len(found))
    assert longest >= 3


def test_chosen_steps_give_points_of_the_frontier() -> None:
    for seed in seeds(15):
        problem = world(seed, rules=0.2)
        changes = today(problem, seed)
        found = pareto(problem, problem.goals(), changes, Stop(20), (0, 2, 4))
        expected = frontier(problem, changes)
        reached = [max((one for one in expected if one[0] <= k), default=None) for k in (0, 2, 4)]
        assert [(one.changes, round(one.value, 6)) for one in found] == sorted({one for one in reached if one}), seed


def test_cancelled_it_keeps_its_points() -> None:
    seed = next(
        one for one in seeds(40) if len(frontier(world(one, rules=0.2), today(world(one, rules=0.2), one))) > 2
    )
    problem = world(seed, rules=0.2)
    told: list[Point] = []
    stop = Stop(20, cancelled=lambda: len(told) >= 2)
    found = pareto(problem, problem.goals(), today(problem, seed), stop, tell=told.append)
    assert len(told) == 2
    assert [one.changes for one in found] == sorted(one.changes for one in told)


def test_the_same_seed_gives_the_same_points() -> None:
    problem = world(3, rules=0.2)
    one, two = (pareto(problem, problem.goals(), today(problem, 3), Stop(20), seed=4) for _ in range(2))
    assert [p.plan.share.tolist() for p in one] == [p.plan.share.tolist() for p in two]
    assert one[0].value == pytest.approx(two[0].value)
