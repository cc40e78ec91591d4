"""Where only a part fits: as much as the rules let is put there, and the rest is done again."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from spatial.allocation.blocking import most
from spatial.allocation.explain import why_not
from spatial.allocation.plan import Stop
from spatial.allocation.problem import Problem
from spatial.allocation.solve import solve
from spatial.allocation.verify import verify
from tests.spatial.allocation.enumerated import world


def divisible(seed: int) -> Problem:
    """A small problem in which the first project may be split and nobody stands alone."""
    problem = replace(world(seed, (4, 3), rules=0.2), exclusive=None, limits=(), locked=None)
    split = np.arange(len(problem.weight)) == 0
    twice = np.where(problem.project == 0, 2.0, 1.0)
    return replace(
        problem,
        splittable=split,
        need=problem.need * twice,
        value=problem.value * twice,
        entry_amount=problem.entry_amount * twice[problem.entry_option],
    )


def linear(problem: Problem, others: np.ndarray, option: int, part: float | None) -> float | None:
    """With the others where they are: the best worth with a part on an option, or the largest part; None for none."""
    mine = np.flatnonzero(problem.project == 0)
    rows = np.zeros((len(problem.capacity) + 1, len(mine)))
    for at, one in enumerate(mine):
        inside = problem.entry_option == one
        rows[problem.entry_room[inside], at] = problem.entry_amount[inside]
    rows[-1] = 1.0
    used = np.bincount(
        problem.entry_room, others[problem.entry_option] * problem.entry_amount, minlength=len(problem.capacity)
    )
    ends = [(0.0, 0.0 if problem.ban[one] else 1.0) for one in mine]
    at = mine.tolist().index(option)
    cost = -problem.worth[mine]
    if part is None:
        cost = -(mine == option).astype(float)
    else:
        ends[at] = (part, part)
    found = linprog(
        cost, A_ub=rows, b_ub=np.append(problem.capacity - used, 1.0), bounds=ends,
        A_eq=np.ones((1, len(mine))) if problem.must[0] else None, b_eq=[1.0] if problem.must[0] else None,
    )  # fmt: skip
    return None if found.status != 0 else float(-found.fun + (0.0 if part is None else others @ problem.worth))


def every(problem: Problem, option: int, part: float | None) -> float | None:
    """The same over all that the others may do."""
    mine = [[-1]] + [[-1, *np.flatnonzero(problem.project == at).tolist()] for at in range(1, len(problem.weight))]
    loose = replace(problem, must=problem.must & (np.arange(len(problem.weight)) > 0))
    found = []
    for choice in product(*mine):
        others = np.zeros(len(problem.project))
        others[[at for at in choice if at >= 0]] = 1.0
        if not verify(loose, others):
            worth = linear(problem, others, option, part)
            found += [] if worth is None else [worth]
    return max(found, default=None)


def test_as_much_as_can_be_is_there_and_nothing_better_has_it_there() -> None:
    parts = wholes = impossible = 0
    for seed in range(40):
        problem = divisible(seed)
        goals = problem.goals()
        plan = solve(problem, goals, Stop(20), seed)
        if plan.status == "infeasible" or not (problem.project == 0).any():
            continue
        option = int(np.flatnonzero(problem.project == 0)[-1])
        if plan.share[option] > 1 - 1e-6:
            continue
        answer = why_not(problem, goals, plan, [option], Stop(20), seed)
        largest = every(problem, option, None)
        if not answer.possible:
            impossible += 1
            assert largest is None or largest < 1e-3, seed
            continue
        assert answer.part == pytest.approx(largest, abs=1e-6), seed
        assert answer.share[option] == pytest.approx(answer.part, abs=1e-6), seed
        assert answer.changes[0].after == pytest.approx(every(problem, option, answer.part), abs=1e-5), seed
        assert answer.proved, seed
        assert verify(problem, answer.share) == [], seed
        parts += answer.part < 1 - 1e-6
        wholes += answer.part > 1 - 1e-6
    assert parts and wholes and impossible


def test_who_may_take_a_part_on_one_site_has_no_rest() -> None:
    nothing = np.zeros(2, dtype=bool)
    problem = Problem.plain(
        np.array([4.0, 9.0]), np.array([0, 0, 1]), np.array([0, 1, 0]), np.array([8.0, 8.0, 3.0]),
        np.array([8.0, 8.0, 3.0]), np.ones(2), nothing, nothing,
    )  # fmt: skip
    some = replace(problem, partial=np.array([True, False]))
    plan = solve(some)
    assert plan.share.tolist() == [0.0, 1.0, 1.0]
    assert most(some, 0) == pytest.approx(0.5)
    answer = why_not(some, some.goals(), plan, [0])
    assert (answer.part, answer.changes[0].by, answer.proved) == (pytest.approx(0.5), pytest.approx(-7.0), True)
    assert [(one.project, one.after) for one in answer.moves][1:] == [(1, ())]
