"""A plan as one command: what goes, what is resized, what comes, and what forbids it."""

from __future__ import annotations

import pytest

from layers.commands import Allocate, Assign, Attach, Delete, Edit, Given
from layers.errors import (
    CapacityUnknown,
    CapGone,
    ExclusiveUse,
    LandUseForbids,
    NothingSuch,
    RoomGone,
    ZoneForbids,
)
from layers.workspace import Workspace
from tests.layers.commands.doing import changes, did, every_row, undone

PAPER = ("ab" * 32, "a.pdf", "application/pdf", 3)


@pytest.fixture
def land(world: Workspace) -> Workspace:
    """Two intents on A, of which 15,000 m² were left; one has a document."""
    free = did(world, Edit.of("projects", "p2", exclusive=False))
    return did(free, Assign("A", "p1", 3_000.0), Assign("A", "p2", 2_000.0), Attach("assignments", "A00002", *PAPER))


def test_what_it_takes_resizes_and_gives(land: Workspace) -> None:
    command = Allocate(
        (Given("p1", "A", 8_000.0, assignment_id="A00001"), Given("p2", "A", 1_500.0, "existing", "lease", 15.0)),
        ("A00002",),
        "C0DE",
        ("p1", "p2"),
    )
    found = changes(land, command)
    after = did(land, command)
    rows = after.table("assignments").set_index("assignment_id")
    assert rows["floor_area_m2"].to_dict() == {"A00001": 8_000.0, "A00003": 1_500.0}
    new = rows.loc["A00003"]
    assert (new["source"], new["stage"], new["supply_mode"], new["term_years"]) == (
        "existing",
        "intent",
        "lease",
        15.0,
    )
    assert (new["assigned_by"], new["note"]) == ("test", "落位方案 C0DE")
    assert len(after.table("attachments")) == 0, "a document goes with what it belongs to"
    assert command.facts(land) == {"name": "C0DE", "rows": 3, "floor_area_m2": 9_500.0}
    assert set(command.rests_on()) == {("parcels", "A"), ("projects", "p1"), ("projects", "p2")}
    assert every_row(undone(after, found)) == every_row(land)


def test_what_goes_makes_room_for_what_comes(land: Workspace) -> None:
    full = did(land, Edit.of("parcels", "A", far_max=1.0))
    assert len(did(full, Allocate((Given("p1", "A", 5_000.0),), ("A00001", "A00002"))).table("assignments")) == 1
    with pytest.raises(RoomGone):
        changes(full, Allocate((Given("p1", "A", 5_000.0),), ("A00001",)))


def test_who_wants_to_be_alone_is_alone_once_all_of_it_stands(land: Workspace) -> None:
    alone = did(land, Edit.of("projects", "p2", exclusive=True))
    with pytest.raises(ExclusiveUse):
        changes(alone, Allocate((Given("p2", "A", 100.0),), ("A00002",)))
    assert len(did(alone, Allocate((Given("p2", "A", 100.0),), ("A00001", "A00002"))).table("assignments")) == 1


@pytest.mark.parametrize(
    ("before", "command", "error"),
    [
        (Edit.of("parcels", "A", land_use="R2"), Allocate((Given("p1", "A", 10.0),)), LandUseForbids),
        (Edit.of("projects", "p2", must_zone="west"), Allocate((Given("p2", "A", 10.0),)), ZoneForbids),
        (Edit.of("projects", "p1", must_zone=None), Allocate((Given("p1", "C", 10.0),)), CapacityUnknown),
        (Edit.of("zones", "east", floor_area_cap_m2=1.0), Allocate((Given("p1", "A", 10.0),)), CapGone),
        (Edit.of("projects", "p1", note="x"), Allocate((), ("A99999",)), NothingSuch),
        (Delete("parcels", "C"), Allocate((Given("p2", "C", 10.0),)), NothingSuch),
        (Edit.of("projects", "p1", note="x"), Allocate((Given("nobody", "A", 10.0),)), NothingSuch),
    ],
)
def test_what_forbids_it(land: Workspace, before: Edit, command: Allocate, error: type[Exception]) -> None:
    with pytest.raises(error):
        changes(did(land, before), command)
