"""Plans of workspaces of every odd kind, each worked out anew from the tables."""

from __future__ import annotations

import pytest

from layers import allocating, checks, ruling
from layers.allocating import Wish
from layers.rows import with_rows
from layers.workspace import Workspace
from spatial.allocation import Stop
from tests.layers.allocating.odd_worlds import odd_world
from tests.layers.allocating.recomputed import could_still, faults
from tests.layers.commands.doing import changes

DAY = "2026-11-22"


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_keeps_to_the_tables_and_leaves_nothing_free(seed: int) -> None:
    before, wish = odd_world(seed), Wish(unlock=seed % 3 == 0)
    found = allocating.plan(before, wish, Stop(20.0), seed)
    told = allocating.told(found)
    assert told["blocked_by"] == []
    assert found.verified and found.plan.status == "optimal"
    after = with_rows(before, changes(before, found.command))
    assert faults(before, after, wish.movable) == []
    assert could_still(after) == []
    assert _complaints(after) <= _complaints(before)
    assert _breaches(after) <= _breaches(before)
    again = allocating.plan(after, wish, Stop(20.0), seed)
    assert (again.command.given, again.command.taken) == ((), ()), "a best plan has nothing to change"
    first = [one.value for one in found.plan.goals[:3]]
    assert [one.value for one in again.plan.goals[:3]] == pytest.approx(first, abs=1.0)


def _complaints(workspace: Workspace) -> set[tuple[object, ...]]:
    """What `check` says of every row but of the assignments, which come and go."""
    every = [(one.layer, one.said) for one in checks.problems(workspace)]
    return {(layer, said.row, said.column, said.code) for layer, said in every if layer != "assignments"}


def _breaches(workspace: Workspace) -> set[tuple[str, str]]:
    return {(one.assignment_id, one.rule) for one in ruling.breaches(workspace, DAY)}
