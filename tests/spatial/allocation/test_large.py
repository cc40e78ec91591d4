"""Bounds are never passed, what is left out is in no better plan, and parts never make a plan worse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from itertools import product

import numpy as np
import pytest

from spatial.allocation import Problem, Stop, large, solve, verify
from spatial.allocation.construct import construct
from spatial.allocation.improve import Parts, compact, core
from spatial.allocation.large import bounded
from spatial.allocation.plan import never, values
from spatial.allocation.problem import Floats, Goal
from tests.bench.sites import dense, sparse
from tests.spatial.allocation import random_problems

World = tuple[Problem, tuple[Goal, ...]]


def worlds() -> list[World]:
    """Small problems of every rule the generator knows."""
    return [(sparse if seed % 2 else dense)(*size, seed) for seed in range(4) for size in ((6, 5), (18, 12))]


def first(problem: Problem, goals: tuple[Goal, ...]) -> Floats:
    share = construct(problem, goals)
    assert share is not None
    return share


def every(problem: Problem) -> Iterator[Floats]:
    """Every plan there is."""
    mine = [np.flatnonzero(problem.project == at) for at in range(len(problem.weight))]
    for choice in product(*([-1, *one] for one in mine)):
        share = np.zeros(len(problem.project))
        share[[at for at in choice if at >= 0]] = 1.0
        if not verify(problem, share):
            yield share


def test_no_plan_passes_a_bound_in_any_goal_among_plans_as_good_in_those_before() -> None:
    for seed in range(4):
        problem, goals = sparse(5, 14, seed) if seed % 2 else dense(4, 5, seed)
        sign = np.array([1.0 if one.maximise else -1.0 for one in goals])
        plans = list(every(problem))
        told = sign * np.array([values(problem, goals, share) for share in plans])
        assert len(plans) > 10
        # from a plan that is good, one that is bad, and the best of all
        for at in (*np.random.default_rng(seed).integers(len(plans), size=8).tolist(), np.lexsort(told.T[::-1])[-1]):
            for last in range(len(goals)):
                near = 1e-9 * np.maximum(1.0, np.abs(told[at]))
                among = (told[:, :last] >= (told[at] - near)[:last]).all(axis=1)
                found = bounded(problem, goals[: last + 1], plans[at], 10.0, never)
                assert found.bound >= told[among, last].max() - 1e-6
                # what is left out is in no plan that is as good in the goals before and no worse in this one
                left = found.leave_out(problem, told[at, last])
                for number in np.flatnonzero(among & (told[:, last] >= told[at, last])).tolist():
                    assert verify(left, plans[number]) == []


def test_what_is_left_out_is_in_no_plan_that_is_better() -> None:
    for problem, goals in worlds():
        share = first(problem, goals)
        reached = values(problem, goals[:1], share)[0]
        left = bounded(problem, goals[:1], share, 10.0, never).leave_out(problem, reached)
        assert solve(left, goals[:1], Stop(30)).objective == solve(problem, goals[:1], Stop(30)).objective


def test_parts_keep_the_rules_and_make_nothing_worse() -> None:
    for problem, goals in worlds():
        share = first(problem, goals)
        found = bounded(problem, goals[:2], share, 10.0, never)
        told: list[Floats] = []
        parts = Parts(2.0, 0, never, told.append, idle=3)
        near = parts.round(problem, goals[:2], share, found.short, found.part)
        better = parts.search(problem, goals[:2], near, found.short)
        for one in (near, better, *told):
            assert verify(problem, one) == []
        rows = [tuple(np.round(values(problem, goals[:2], one), 6)) for one in (share, near, better)]
        assert rows == sorted(rows)


def test_a_core_holds_the_plan_and_a_few_options_of_each_project() -> None:
    problem, goals = dense(18, 12)
    share = first(problem, goals)
    short = bounded(problem, goals[:2], share, 10.0, never).short
    keep = core(problem, share, short, 3)
    assert keep[share > 0].all()
    assert np.bincount(problem.project[keep]).max() <= 4
    small, small_goals = compact(problem, goals, keep)
    assert np.allclose(values(small, small_goals, share[keep]), values(problem, goals, share))
    assert verify(small, share[keep]) == []


@pytest.mark.parametrize("parts", [False, True])
def test_problems_of_any_rules_come_to_the_same_as_if_they_were_large(
    parts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    solving = import_module("spatial.allocation.solve")
    seen: Counter[str] = Counter()
    for seed in range(10_000, 10_000 + (60 if parts else 150)):
        found, goals = random_problems.problem(seed, parts=parts, most=(3, 3, 2) if parts else (7, 6, 5))
        if not len(found.project):
            continue
        plain = solve(found, goals, Stop(60), seed)
        with monkeypatch.context() as patch:
            patch.setattr(large, "MANY", 0)
            patch.setattr(solving, "_ALONE", 0)
            plan = solve(found, goals, Stop(60), seed)
        seen[plan.status] += 1
        assert plan.status == plain.status, seed
        near = 2e-4 if parts else 1e-6
        assert [one.value for one in plan.goals] == pytest.approx(
            [one.value for one in plain.goals], rel=near, abs=near, nan_ok=True
        ), seed
        if plan.status == "optimal":
            assert verify(found, plan.share, goals, plan.goals) == [], seed
    assert seen["optimal"] > 20


def test_too_many_options_for_one_program_still_give_a_plan_with_bounds_that_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(large, "MANY", 0)
    monkeypatch.setattr(large, "TOO_MANY", 0)
    for problem, goals in worlds()[:6]:
        plan = solve(problem, goals, Stop(2))
        assert plan.status in ("feasible", "optimal")
        assert verify(problem, plan.share, goals, plan.goals) == []
        assert plan.goals[0].gap < 0.2
