"""Rules that block a place: against every plan of small problems."""

from __future__ import annotations

import sys
from itertools import combinations

import numpy as np
import pytest

from spatial.allocation.blocking import Rule, blocking
from spatial.allocation.plan import Stop
from spatial.allocation.problem import Problem
from spatial.allocation.verify import verify
from tests.spatial.allocation.enumerated import choices, world

module = sys.modules["spatial.allocation.blocking"]  # the package names the function alike


def broken(problem: Problem, share: np.ndarray) -> frozenset[Rule]:
    """Rules that would have to be given up for a plan."""
    found = set()
    for fault in verify(problem, share):
        if fault.rule == "forbidden":
            found.add(Rule("forbidden", int(problem.project[fault.at])))
        elif fault.rule == "exclusive":
            there = problem.stand_option[problem.stand_parcel == fault.at]
            projects = np.unique(problem.project[there[share[there] > 0]])
            found |= {Rule("exclusive", int(one)) for one in projects[problem.alone[projects]]}
        else:
            found.add(Rule(fault.rule, fault.at))
    return frozenset(found)


def ways_out(problem: Problem, options: list[int]) -> list[frozenset[Rule]]:
    """What each plan with one of the options would break."""
    return [broken(problem, share) for share in choices(problem) if share[options].sum() == 1]


@pytest.mark.parametrize("start", range(0, 120, 20))
def test_the_set_blocks_cannot_be_smaller_and_no_other_is(start: int) -> None:
    for seed in range(start, start + 20):
        problem = world(seed, rules=0.7)
        option = int(np.random.default_rng(seed).integers(len(problem.project)))
        ways, found = ways_out(problem, [option]), blocking(problem, [option])
        if frozenset() in ways:
            assert found is None, seed
            continue
        assert found is not None, seed
        assert found.proof == "smallest"
        rules = frozenset(found.rules)
        assert all(way & rules for way in ways), seed
        for rule in rules:
            assert any(way & rules == {rule} for way in ways), (seed, rule)
        known = sorted(frozenset().union(*ways))
        for fewer in combinations(known, len(rules) - 1):
            assert not all(way & set(fewer) for way in ways), (seed, fewer)


def test_all_kinds_of_rules_block_somewhere() -> None:
    kinds = set()
    for seed in range(150):
        problem = world(seed, rules=0.7)
        for option in range(len(problem.project)):
            found = blocking(problem, [option])
            kinds |= {rule.kind for rule in found.rules} if found else set()
    assert kinds == {"capacity", "must_place", "locked", "forbidden", "exclusive", "limit"}


def test_where_time_is_up_nothing_of_the_set_can_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_smallest", lambda model, *_: (frozenset(range(len(model.rules))), "some"))
    several = 0
    for seed in range(60):
        problem = world(seed, rules=0.7)
        option = int(np.random.default_rng(seed).integers(len(problem.project)))
        ways, found = ways_out(problem, [option]), blocking(problem, [option])
        if found is None:
            continue
        rules = frozenset(found.rules)
        assert found.proof == "minimal"
        assert all(way & rules for way in ways), seed
        for rule in rules:
            assert any(way & rules == {rule} for way in ways), (seed, rule)
        several += len(rules) > 1
    assert several


def three_on_one() -> Problem:
    """A parcel of 10; three projects of 4 must stand there, a fourth of 4 has nowhere else either."""
    nothing = np.zeros(4, dtype=bool)
    return Problem.plain(
        np.array([10.0]), np.arange(4), np.zeros(4, dtype=int), np.full(4, 4.0), np.full(4, 4.0), np.ones(4),
        np.array([True, True, True, False]), nothing,
    )  # fmt: skip


def test_any_two_of_three_stand_in_the_way() -> None:
    found = blocking(three_on_one(), [3])
    assert found is not None
    assert (len(found.rules), found.rules[0], found.proof) == (3, Rule("capacity", 0), "smallest")


def test_without_time_nothing_is_claimed() -> None:
    found = blocking(three_on_one(), [3], Stop(0.0))
    assert found is None or found.proof == "some"
