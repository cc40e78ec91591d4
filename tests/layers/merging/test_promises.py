"""What was promised on one side, and done about it on the other: merged, and never left without its assignment."""

from __future__ import annotations

from itertools import count

import pytest

from layers.changes import Command
from layers.commands import Agree, Assign, Drop, Fulfil, Postpone, Reassign, Unassign
from layers.merging import plan
from layers.workspace import Workspace
from tests.world import after, three_parcels

BASE = after(three_parcels(), Assign("A", "p1", 1_000.0), Agree("A00001", "completion", "2027-12-31"))
START = Agree("A00001", "start", "2027-01-31")
KEPT = Fulfil("Y00001", "2027-11-30")


def rows(workspace: Workspace) -> tuple[int, int]:
    return len(workspace.table("assignments")), len(workspace.table("milestones"))


@pytest.mark.parametrize(
    ("mine", "theirs", "conflicts"),
    [
        (START, Unassign("A00001"), 1),
        (KEPT, Unassign("A00001"), 1),
        (KEPT, Postpone("Y00001", "2028-12-31", "x"), 1),
        (KEPT, Drop("Y00001"), 1),
        (START, KEPT, 0),
        (START, Reassign("A00001", note="x"), 0),
        (Unassign("A00001"), Unassign("A00001"), 0),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_promise_and_its_assignment_stay_together(
    mine: Command, theirs: Command, conflicts: int, turned: bool
) -> None:
    number = count(1)
    left, right = (theirs, mine) if turned else (mine, theirs)
    found = plan(BASE, after(BASE, left), after(BASE, right), lambda prefix: f"{prefix}·{next(number)}")
    assert len(found.conflicts) == conflicts
    kept = found.after({one.id: "mine" for one in found.conflicts})
    if conflicts:
        assert rows(kept) == rows(after(BASE, left))
    for one in found.conflicts:
        for way in one.resolutions:
            if way.refused is None:
                made = found.after({one.id: way.choice})
                promised, given = made.table("milestones"), made.table("assignments")
                assert set(promised["assignment_id"]) <= set(given["assignment_id"])
