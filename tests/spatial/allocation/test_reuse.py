"""What is left is used as well as can be: against every way to fill it in small problems."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from spatial.allocation.plan import Stop, values
from spatial.allocation.problem import Goal, Problem
from spatial.allocation.reuse import Reuse, exchanges, reuse
from spatial.allocation.solve import solve
from spatial.allocation.verify import verify
from tests.spatial.allocation.enumerated import ranked, three_goals, world


def touched(problem: Problem, options: np.ndarray) -> set[tuple[str, int]]:
    """Rooms and parcels of some options."""
    rooms = problem.entry_room[np.isin(problem.entry_option, options)].tolist()
    parcels = problem.stand_parcel[np.isin(problem.stand_option, options)].tolist()
    return {("room", one) for one in rooms} | {("parcel", one) for one in parcels}


def uses(problem: Problem, share: np.ndarray, leaving: int) -> dict[tuple[int, ...], np.ndarray]:
    """Every use of what a project leaves, by its own words: one comes, or one comes and a new one takes its place."""
    mine = [np.flatnonzero(problem.project == at).tolist() for at in range(len(problem.weight))]
    base = np.where(problem.project == leaving, 0.0, share)
    gone = touched(problem, np.flatnonzero((problem.project == leaving) & (share > 0)))
    placed = {int(problem.project[at]) for at in np.flatnonzero(base)}
    relaxed = replace(
        problem,
        must=problem.must & (np.arange(len(problem.weight)) != leaving),
        locked=problem.lock & (problem.project != leaving),
    )
    found = {}
    for one, two in product(range(len(mine)), range(-1, len(mine))):
        if leaving in (one, two) or one == two or (two >= 0 and (two in placed or one not in placed)):
            continue
        old = touched(problem, np.flatnonzero((problem.project == one) & (base > 0)))
        for first, second in product(mine[one], mine[two] if two >= 0 else [-1]):
            if base[first] or not touched(problem, np.array([first])) & gone:
                continue
            if second >= 0 and not touched(problem, np.array([second])) & old:
                continue
            after = np.where(problem.project == one, 0.0, base)
            after[first] = 1.0
            if second >= 0:
                after[second] = 1.0
            if not verify(relaxed, after):
                found[tuple(np.flatnonzero(after).tolist())] = after
    return found


def gains(goals: tuple[Goal, ...], at: int, change: np.ndarray) -> bool:
    """Whether a goal gains and none before it loses."""
    signed = [one if goal.maximise else -one for goal, one in zip(goals, change.tolist(), strict=True)]
    return signed[at] > 1e-6 and min(signed[:at], default=0.0) >= -1e-6


def told(goals: tuple[Goal, ...], at: int, change: np.ndarray) -> tuple[float, ...]:
    """What a change is worth when one goal comes before the others."""
    order = [at, *(other for other in range(len(goals)) if other != at)]
    return ranked([goals[number] for number in order], change[order])


@pytest.mark.parametrize("start", range(0, 90, 30))
def test_the_best_uses_are_those_of_every_use(start: int) -> None:
    chains = several = 0
    for seed in range(start, start + 30):
        problem = world(seed, (5, 3), rules=0.25)
        goals = three_goals(problem, seed)
        plan = solve(problem, goals, Stop(20), seed)
        placed = np.unique(problem.project[plan.share > 0]).tolist()
        if not placed:
            continue
        leaving = placed[seed % len(placed)]
        base = np.where(problem.project == leaving, 0.0, plan.share)
        before = values(problem, goals, base)
        every = [values(problem, goals, one) - before for one in uses(problem, plan.share, leaving).values()]
        found = reuse(problem, goals, plan.share, leaving)
        assert len(found) == len(goals)
        for at, few in enumerate(found):
            best = sorted((told(goals, at, one) for one in every if gains(goals, at, one)), reverse=True)[:3]
            assert [told(goals, at, one.changes) for one in few] == best, (seed, at)
            for one in few:
                assert values(problem, goals, one.share) - before == pytest.approx(one.changes), seed
                assert leaving not in {move.project for move in one.moves}
                chains += len(one.moves) > 1
                several += len(few) > 1
    assert chains and several


def test_projects_change_places_where_a_goal_gains() -> None:
    seen = 0
    for seed in range(60):
        problem = world(seed, (5, 3), rules=0.2)
        goals = (Goal("demand", problem.weight[problem.project]), *three_goals(problem, seed)[1:])
        share = solve(problem, goals[:1], Stop(20), seed).share
        before, every = values(problem, goals, share), []
        taken = np.flatnonzero(share)
        sites = [
            frozenset(problem.stand_parcel[problem.stand_option == at].tolist()) for at in range(len(problem.project))
        ]
        for one, two in product(taken, taken):
            if one >= two or sites[one] == sites[two]:
                continue
            for first, second in product(range(len(sites)), range(len(sites))):
                swap = problem.project[[first, second]].tolist() == problem.project[[one, two]].tolist()
                if not swap or sites[first] != sites[two] or sites[second] != sites[one]:
                    continue
                after = share.copy()
                after[[one, two]], after[[first, second]] = 0.0, 1.0
                if not verify(problem, after):
                    every.append(values(problem, goals, after) - before)
        for at, few in enumerate(exchanges(problem, goals, share)):
            best = sorted((told(goals, at, one) for one in every if gains(goals, at, one)), reverse=True)[:3]
            assert [told(goals, at, one.changes) for one in few] == best, (seed, at)
            for one in few:
                assert verify(problem, one.share) == []
                assert len(one.moves) == 2
                seen += 1
    assert seen


def three() -> Problem:
    """Parcels of 10 and 6: the first holds a project of 9, the second one of 6 that would rather be on the first."""
    nothing = np.zeros(3, dtype=bool)
    return Problem.plain(
        np.array([10.0, 6.0]), np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([9.0, 6.0, 6.0, 5.0]),
        np.array([9.0, 6.0, 6.0, 5.0]), np.ones(3), nothing, nothing,
    )  # fmt: skip


def test_one_moves_in_and_another_takes_its_place_by_hand() -> None:
    problem = three()
    goals = (Goal("demand", problem.worth), Goal("fit", np.array([0.0, 3.0, 1.0, 1.0])))
    demand, fit = reuse(problem, goals, np.array([1.0, 0.0, 1.0, 0.0]), 0)
    first = demand[0]
    assert first.changes.tolist() == [5.0, 3.0]
    assert [(one.project, one.before, one.after) for one in first.moves] == [
        (1, ((2, 1.0),), ((1, 1.0),)),
        (2, (), ((3, 1.0),)),
    ]
    assert len(demand) == 1
    assert [one.changes.tolist() for one in fit] == [[5.0, 3.0], [0.0, 2.0]]


def test_who_is_locked_or_leaves_does_not_come() -> None:
    problem = replace(three(), locked=np.array([False, False, True, False]))
    assert reuse(problem, problem.goals(), np.array([1.0, 0.0, 1.0, 0.0]), 0) == ((),)
    assert isinstance(reuse(three(), three().goals(), np.array([1.0, 0.0, 1.0, 0.0]), 0)[0][0], Reuse)
