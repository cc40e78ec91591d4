"""The check that shares no code: a plan that holds, and for every rule a plan that breaks that rule alone."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.allocation import Goal, Limit, Reached, verify
from tests.spatial.allocation.test_every_plan import both, taking, world

HELD = taking(0, 5, 6)
"""8 on A, 6 in what is vacant on B, 4 on C."""


def _with(share: np.ndarray, **parts: float) -> np.ndarray:
    found = share.copy()
    for option, part in parts.items():
        found[int(option[1:])] = part
    return found


BROKEN = {
    "share": ({"splittable": np.ones(3, dtype=bool)}, _with(HELD, o6=-0.5)),
    "split": ({}, _with(HELD, o6=0.5)),
    "forbidden": ({"forbidden": np.arange(8) == 6}, HELD),
    "placed_twice": ({"splittable": np.ones(3, dtype=bool)}, _with(HELD, o7=0.5)),
    "two_sites": ({"partial": np.ones(3, dtype=bool)}, _with(HELD, o6=0.5, o7=0.5)),
    "must_place": ({"must": np.ones(3, dtype=bool)}, taking(0, 5)),
    "locked": ({"locked": np.arange(8) == 7}, HELD),
    "capacity": ({}, taking(2, 5, 6)),
    "exclusive": ({"exclusive": np.array([False, True, False])}, taking(2, 3, 6)),
    "limit": ({"limits": (Limit("two", np.ones(8), 2.0),)}, HELD),
}
"""For each rule what makes it hold, and a plan that breaks it."""


def test_a_plan_that_holds_breaks_nothing() -> None:
    found = world()
    reached = (Reached("demand", 18.0, 18.0), Reached("opened", 3.0, 2.0))
    assert verify(found, HELD, both(found), reached) == []


@pytest.mark.parametrize("rule", sorted(BROKEN))
def test_a_plan_that_breaks_one_rule_is_named_for_that_rule_alone(rule: str) -> None:
    changed, share = BROKEN[rule]
    assert {one.rule for one in verify(world(**changed), share)} == {rule}


def test_whole_options_are_not_divided_even_where_the_project_may_be() -> None:
    part = _with(HELD, o6=0.5)
    split = {"splittable": np.ones(3, dtype=bool)}
    assert verify(world(**split), part) == []
    assert [one.rule for one in verify(world(**split, whole=np.arange(8) == 6), part)] == ["split"]


@pytest.mark.parametrize(
    ("reached", "rule"),
    [
        ((17.0, 18.0, 3.0, 2.0), "objective"),
        ((18.0, 17.0, 3.0, 2.0), "bound"),
        ((18.0, 18.0, 2.0, 2.0), "objective"),
        ((18.0, 18.0, 3.0, 4.0), "bound"),
        ((float("nan"), 18.0, 3.0, 2.0), "objective"),
    ],
)
def test_what_a_plan_is_said_to_reach_is_worked_out_again(reached: tuple[float, ...], rule: str) -> None:
    told = (Reached("demand", *reached[:2]), Reached("opened", *reached[2:]))
    found = world()
    assert {one.rule for one in verify(found, HELD, both(found), told)} == {rule}
    assert {one.rule for one in verify(found, HELD, both(found), told[:1])} == {"goals"}


def test_what_is_taken_at_all_counts_once_however_small() -> None:
    found = world(splittable=np.ones(3, dtype=bool))
    changes = (Goal("changes", np.zeros(8), taken=np.ones(8), constant=2.0, maximise=False),)
    share = _with(np.zeros(8), o0=0.25, o3=0.25)
    assert verify(found, share, changes, [Reached("changes", 4.0, 4.0)]) == []


def test_shares_that_are_no_shares_are_refused() -> None:
    assert [one.rule for one in verify(world(), np.zeros(3))] == ["share"]
    assert [one.rule for one in verify(world(), np.full(8, np.nan))] == ["share"]
