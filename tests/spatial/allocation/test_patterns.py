"""Who stands together on a parcel: the best sets, bounds that no plan passes, and plans that are the best of all."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import import_module
from itertools import chain, combinations

import numpy as np
import pytest

from spatial.allocation import Problem, Stop, choosing, large, packing, patterns, solve, verify
from spatial.allocation.construct import construct
from spatial.allocation.ground import Ground
from spatial.allocation.highs import Run
from spatial.allocation.plan import never, values
from spatial.allocation.problem import Floats, Goal, Integers
from spatial.allocation.relax import relax
from tests.bench.sites import dense
from tests.spatial.allocation import random_problems
from tests.spatial.allocation.test_large import every, first

FULL = 1 + 1e-9


def sets(count: int) -> list[list[int]]:
    return [list(one) for one in chain.from_iterable(combinations(range(count), size) for size in range(count + 1))]


def together(part: Floats, project: Integers, some: list[int]) -> bool:
    return len(set(project[some].tolist())) == len(some) and bool((part[:, some].sum(axis=1) <= FULL).all())


@pytest.mark.parametrize("states", [4_000, 4])
def test_what_goes_together_best_is_found_or_bounded(states: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_STATES", states)
    exact = 0
    for seed in range(1_500):
        chance = np.random.default_rng(seed)
        count, rows = int(chance.integers(1, 8)), int(chance.integers(0, 4))
        part = chance.random((rows, count)) * chance.random((rows, count)) * (chance.random((rows, count)) < 0.7)
        # now and then all are worth what they weigh, or there are many alike
        worth = part[0] + 0.01 if rows and seed % 3 == 0 else np.round(chance.random(count), seed % 3) + 0.01
        project = chance.integers(0, count + 2, count)
        slack = 0.05 if seed % 2 else 0.0
        best = max(float(worth[some].sum()) for some in sets(count) if together(part, project, some))
        found = packing.pack(worth, part, project, slack)
        assert together(part, project, found.chosen.tolist()), seed
        assert found.worth == pytest.approx(worth[found.chosen].sum()), seed
        assert found.worth <= best + 1e-9 <= found.most + 2e-9, seed
        if states > 4:
            assert found.worth >= best - slack - 1e-9, seed
        exact += found.worth >= best - 1e-9
    assert exact > 1_000


def made(problem: Problem, goals: tuple[Goal, ...], share: Floats) -> patterns.Generated:
    relaxation, reached, step = large.relaxation(problem, goals, share)
    start = relaxation.model.values(problem, share)
    prices = relax(relaxation, start, 10.0, never)[0].price
    ground = Ground.of(relaxation, problem)
    return patterns.generate(ground, start, prices, patterns.Aim(reached, step), 10.0, never)


def test_no_plan_passes_a_bound_by_patterns_nor_falls_short_by_less_than_is_said() -> None:
    looked = 0
    for seed in range(12):
        problem, goals = dense(4, 5, seed)
        if seed % 2:
            # opening is a gain, and the goal that comes first
            goals = (replace(goals[2], maximise=True), *goals[:2], goals[3])
        sign = np.array([1.0 if one.maximise else -1.0 for one in goals])
        plans = list(every(problem))
        told = sign * np.array([values(problem, goals, share) for share in plans])
        for at in np.random.default_rng(seed).integers(len(plans), size=5).tolist():
            for last in range(len(goals)):
                near = 1e-9 * np.maximum(1.0, np.abs(told[at]))
                among = np.flatnonzero((told[:, :last] >= (told[at] - near)[:last]).all(axis=1))
                found = made(problem, goals[: last + 1], plans[at])
                model = found.ground.relaxation.model
                bound = found.priced.bound + float(model.constant[-1])
                assert bound >= told[among, last].max() - 1e-6
                short, without = found.short(), found.without()
                for number in among.tolist():
                    share = plans[number]
                    apart = bound - told[number, last] + 1e-6
                    assert (short[share[model.usable] > 0] <= apart).all()
                    placed = np.bincount(problem.project, share, minlength=len(problem.weight)) > 0
                    assert (without[~placed] <= apart).all()
                    looked += 1
    assert looked > 1_000


def test_patterns_within_a_depth_are_all_that_there_are() -> None:
    for seed in range(8):
        problem, goals = dense(6, 4, seed)
        if seed % 2:
            goals = (goals[0], replace(goals[2], maximise=True))
        found = made(problem, goals[:2], first(problem, goals))
        ground, net = found.ground, found.priced.net
        project = np.full(len(ground.parcel), -1)
        project[: len(ground.relaxation.project)] = ground.relaxation.project
        depth = 0.6
        told = {one.tobytes() for one in choosing.listed(found, depth, 10_000) or []}
        wanted = set()
        for parcel, (columns, part) in ground.within.items():
            lone = ground.alone[columns]
            options = np.flatnonzero(project[columns] >= 0)
            for chosen in sets(len(options)):
                some = options[chosen].tolist()
                if not some or (lone[some].any() and len(some) > 1):
                    continue
                if not together(part, project[columns], some):
                    continue
                opened = ground.opened[parcel]
                bonus = float(net[opened]) if opened >= 0 else 0.0
                if float(net[columns[some]].sum()) + bonus >= found.priced.worth[parcel] - depth:
                    wanted.add(ground.whole(parcel, columns[some]).tobytes())
        assert told == wanted
        assert len(wanted) > 3
        assert choosing.listed(found, depth, len(wanted) - 1) is None


def test_a_plan_by_patterns_keeps_the_rules_and_is_bounded() -> None:
    for seed in range(4):
        problem, goals = dense(40, 30, seed)
        start = construct(problem, goals)
        assert start is not None
        best = [start]

        def offer(
            share: Floats, best: list[Floats] = best, world: tuple[Problem, tuple[Goal, ...]] = (problem, goals)
        ) -> Floats:
            told, known = (values(world[0], world[1][:2], one) for one in (share, best[0]))
            if not verify(world[0], share) and (told[0], told[1]) > (known[0], known[1] + 1e-9):
                best[0] = share
            return best[0]

        picked = choosing.pick(problem, goals[:2], start, Run(30.0, 0, never, lambda _values, _bound: None), offer)
        reached = values(problem, goals[:2], best[0])[1]
        assert reached > values(problem, goals[:2], start)[1]
        assert reached <= picked.bounded.bound + 1e-6
        assert picked.only
        assert reached == pytest.approx(picked.bounded.bound, rel=1e-9)


@pytest.mark.parametrize("parts", [False, True])
def test_problems_of_any_rules_come_to_the_same_as_if_many_could_stand_on_every_parcel(
    parts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    solving = import_module("spatial.allocation.solve")
    seen: Counter[str] = Counter()
    asked = []
    pick = choosing.pick

    def counted(*given: object) -> choosing.Picked:
        asked.append(given)
        return pick(*given)  # type: ignore[arg-type]

    for seed in range(20_000, 20_000 + (80 if parts else 250)):
        found, goals = random_problems.problem(seed, parts=parts, most=(3, 3, 2) if parts else (7, 6, 5))
        if not len(found.project):
            continue
        plain = solve(found, goals, Stop(60), seed)
        with monkeypatch.context() as patch:
            patch.setattr(solving, "_CROWD", -1)
            patch.setattr(solving, "_ALONE", 0)
            patch.setattr(choosing, "_SOME", 0.0)
            patch.setattr(choosing, "pick", counted)
            plan = solve(found, goals, Stop(60), seed)
        seen[plan.status] += 1
        assert plan.status == plain.status, seed
        near = 2e-4 if parts else 1e-6
        for told in ("value", "bound"):
            assert [getattr(one, told) for one in plan.goals] == pytest.approx(
                [getattr(one, told) for one in plain.goals], rel=near, abs=near, nan_ok=True
            ), seed
        if plan.status == "optimal":
            assert verify(found, plan.share, goals, plan.goals) == [], seed
    assert seen["optimal"] > 20
    assert len(asked) > 10


def test_a_dense_problem_is_proved_in_all_its_goals() -> None:
    problem, goals = dense(60, 75)
    plan = solve(problem, goals, Stop(120))
    assert plan.status == "optimal"
    assert verify(problem, plan.share, goals, plan.goals) == []
    again = solve(problem, goals, Stop(120))
    assert (again.share == plan.share).all()
