"""Why here, why not there: every answer against all plans of small problems."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from spatial.allocation.deciding import decided
from spatial.allocation.explain import next_best, unplaced, why_not
from spatial.allocation.nearby import narrowed, neighbours
from spatial.allocation.plan import Plan, Reached, Stop, values
from spatial.allocation.problem import Goal, Problem
from spatial.allocation.solve import solve
from spatial.allocation.verify import verify
from tests.spatial.allocation.enumerated import best, plans, ranked, three_goals, world

STOP = Stop(20.0)


def solved(seed: int, rules: float = 0.3) -> tuple[Problem, tuple[Goal, ...], Plan] | None:
    """A small problem with its best plan, None where it has none."""
    problem = world(seed, rules=rules)
    goals = three_goals(problem, seed)
    plan = solve(problem, goals, STOP, seed)
    return None if plan.status == "infeasible" else (problem, goals, plan)


@pytest.mark.parametrize("start", range(0, 80, 16))
def test_a_forced_place_costs_what_all_plans_with_it_cost(start: int) -> None:
    for seed in range(start, start + 16):
        found = solved(seed)
        if found is None:
            continue
        problem, goals, plan = found
        option = int(np.random.default_rng(seed).integers(len(problem.project)))
        answer = why_not(problem, goals, plan, [option], STOP, seed)
        there = [ranked(goals, values(problem, goals, one)) for one in plans(problem) if one[option] == 1]
        assert answer.possible == bool(there), seed
        assert answer.proved, seed
        if not there:
            assert answer.blocked is not None and answer.blocked.proof == "smallest", seed
            continue
        assert verify(problem, answer.share) == [], seed
        assert answer.share[option] == 1.0
        assert ranked(goals, np.array([one.after for one in answer.changes])) == max(there), seed
        assert ranked(goals, np.array([one.before for one in answer.changes])) == best(problem, goals), seed
        after = plan.share.copy()
        for move in answer.moves:
            after[[at for at, _ in move.before]] = 0.0
            after[[at for at, _ in move.after]] = 1.0
        assert np.array_equal(after, answer.share), seed


def test_the_next_best_is_the_best_of_all_plans_that_have_it_elsewhere() -> None:
    for seed in range(40):
        found = solved(seed)
        if found is None:
            continue
        problem, goals, plan = found
        placed = np.unique(problem.project[plan.share > 0])
        if not len(placed):
            continue
        project = int(placed[seed % len(placed)])
        here = (problem.project == project) & (plan.share > 0)
        answer = next_best(problem, goals, plan, project, STOP, seed)
        freed = replace(problem, locked=problem.lock & (problem.project != project))
        other = [ranked(goals, values(problem, goals, one)) for one in plans(freed) if not one[here].any()]
        assert answer.possible == bool(other), seed
        if other:
            assert answer.proved, seed
            assert ranked(goals, np.array([one.after for one in answer.changes])) == max(other), seed


def test_what_decided_a_place_is_the_exact_difference_while_the_others_stay() -> None:
    seen = set()
    for seed in range(60):
        found = solved(seed)
        if found is None:
            continue
        problem, goals, plan = found
        before = values(problem, goals, plan.share)
        for one in decided(problem, goals, plan):
            mine = problem.project == one.project
            others = np.where(mine, 0.0, plan.share)
            reach = {}
            for option in [-1, *np.flatnonzero(mine & (plan.share == 0)).tolist()]:
                share = others.copy()
                if option >= 0:
                    share[option] = 1.0
                if not verify(problem, share):
                    reach[option] = ranked(goals, values(problem, goals, share) - before)
            seen.add(one.because)
            if one.because == "locked":
                assert problem.lock[list(one.options)].all()
                continue
            assert (one.next == -2) == (not reach), seed
            if not reach:
                assert one.because == "only"
                continue
            assert ranked(goals, one.changes) == max(reach.values()) == reach[one.next], seed
            assert one.because == ("equal" if not any(reach[one.next]) else one.because)
            if one.goal >= 0:
                # the plan is the best: the first goal in which the next differs is one that it loses in
                assert reach[one.next][one.goal] < 0 and not any(reach[one.next][: one.goal]), seed
            for room, short in one.scarce:
                amount = problem.entry_amount[(problem.entry_option == one.wanted) & (problem.entry_room == room)]
                used = (others[problem.entry_option] * problem.entry_amount)[problem.entry_room == room].sum()
                assert amount.sum() + used - problem.capacity[room] == pytest.approx(short), seed
    assert seen == {"locked", "only", "goal", "equal"}


def test_everybody_without_a_place_is_told_why() -> None:
    blocked = outbid = 0
    for seed in range(40):
        found = solved(seed)
        if found is None:
            continue
        problem, goals, plan = found
        without = np.setdiff1d(np.arange(len(problem.weight)), problem.project[plan.share > 0])
        answers = unplaced(problem, goals, plan, STOP, seed)
        assert [one.project for one in answers] == without.tolist()
        for one in answers:
            there = [share for share in plans(problem) if share[problem.project == one.project].any()]
            assert one.possible == bool(there), seed
            blocked += one.blocked is not None
            outbid += bool(one.possible)
            if one.possible:
                assert one.changes[0].by <= 1e-9, seed
    assert blocked and outbid


def test_the_same_seed_gives_the_same_answer() -> None:
    found = solved(11)
    assert found is not None
    problem, goals, plan = found
    option = int(np.flatnonzero(plan.share == 0)[0])
    one, two = (why_not(problem, goals, plan, [option], STOP, 5) for _ in range(2))
    assert np.array_equal(one.share, two.share)
    assert replace(one, share=two.share, seconds=0.0) == replace(two, seconds=0.0)


def swap() -> tuple[Problem, tuple[Goal, ...]]:
    """Two projects of 6 and 5 on parcels of 6 and 5, a third of 5 that fits both but is worth less."""
    project, parcel = np.array([0, 1, 1, 2, 2]), np.array([0, 0, 1, 0, 1])
    need = np.array([6.0, 5.0, 5.0, 5.0, 5.0])
    nothing = np.zeros(3, dtype=bool)
    problem = Problem.plain(
        np.array([6.0, 5.0]), project, parcel, need, need, np.array([1.0, 1.0, 0.5]), nothing, nothing
    )
    return problem, (Goal("demand", problem.worth),)


def test_who_moves_and_what_it_costs_by_hand() -> None:
    problem, goals = swap()
    plan = solve(problem, goals)
    assert plan.share.tolist() == [1.0, 0.0, 1.0, 0.0, 0.0]
    answer = why_not(problem, goals, plan, [4])
    # the third takes the small parcel and the second leaves: 5 − 2.5, less than to push the first out of the large
    assert answer.changes[0].by == -2.5
    assert [(one.project, one.after) for one in answer.moves] == [(2, ((4, 1.0),)), (1, ())]
    third = unplaced(problem, goals, plan)[0]
    assert (third.project, third.possible, third.changes[0].by) == (2, True, -2.5)


def test_where_it_is_already_nothing_moves() -> None:
    problem, goals = swap()
    plan = solve(problem, goals)
    answer = why_not(problem, goals, plan, [0])
    assert (answer.possible, answer.moves, answer.changes[0].by, answer.proved) == (True, (), 0.0, True)


def test_a_part_of_a_place_is_compared_as_a_part() -> None:
    problem, goals = swap()
    loose = replace(problem, splittable=np.array([False, False, True]), capacity=np.array([8.0, 5.0]))
    plan = solve(loose, goals)
    assert plan.objective == pytest.approx(12.0)
    one = decided(loose, goals, plan)[-1]
    assert (one.project, one.next) == (2, -1)
    assert one.changes.tolist() == pytest.approx([-1.0])


def test_the_bound_of_another_problem_is_not_used() -> None:
    problem, goals = swap()
    held = replace(problem, locked=np.array([False, False, False, False, True]))
    plan = solve(held, goals)
    assert plan.objective == 8.5
    answer = next_best(held, goals, plan, 2)
    assert (answer.possible, answer.changes[0].after, answer.proved) == (True, 11.0, True)


def test_without_time_nothing_is_claimed() -> None:
    problem, goals = swap()
    plan = Plan("feasible", np.zeros(5), (Reached("demand", 0.0, np.nan),), 0.0)
    answer = why_not(problem, goals, plan, [4], Stop(0.0))
    assert not answer.proved


def test_neighbours_are_those_who_would_have_to_move() -> None:
    problem, goals = swap()
    share = solve(problem, goals).share
    assert neighbours(problem, share, np.array([4]), most=2).tolist() == [1, 2]
    fixed = narrowed(problem, share, np.array([1, 2]))
    assert fixed.ban.tolist() == [False] * 5
    fixed = narrowed(problem, share, np.array([1]))
    assert fixed.ban.tolist() == [False, False, False, True, True]
