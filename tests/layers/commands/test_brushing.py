"""A brush over many parcels: what each can give goes to the project, in one command that is taken back as one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers.accounts import books
from layers.changes import Command
from layers.commands import Assign, AssignMany, Edit, Reassign, UnassignMany
from layers.commands.errors import EnoughAlready, ShareRefused, ValueUnfit
from layers.errors import (
    CapacityUnknown,
    ExclusiveUse,
    LandUseForbids,
    NotAnOption,
    NotEnoughFloorArea,
    NothingSuch,
    ZoneForbids,
)
from layers.workspace import Workspace
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import box, table


@pytest.fixture
def row(world: Workspace) -> Workspace:
    """Five parcels of 50 m × 100 m in West, like A but for 1,000 m² built: each can give 9,000 m²."""
    rows = world.table("parcels").to_dict("records")
    for i in range(5):
        like = rows[0] | {"parcel_id": f"D{i}", "parcel_no": f"D{i}", "built_floor_area_m2": 1_000.0}
        rows.append(like | {"geometry": box(400 + 50 * i, 0, 450 + 50 * i, 100)})
    zones = world.table("zones").to_dict("records")
    zones[1] |= {"geometry": box(200, 0, 700, 100)}
    projects = world.table("projects").assign(must_zone=None, exclusive=False)
    tables = {"parcels": rows, "zones": zones, "projects": projects.to_dict("records")}
    return world.with_tables(**{name: table(name, values) for name, values in tables.items()})


EVERY = ("D0", "D1", "D2", "D3", "D4")


def given_to(workspace: Workspace, project: str = "p1") -> dict[str, float]:
    table = workspace.table("assignments")
    mine = table[table["project_id"] == project]
    return dict(zip(mine["parcel_id"], mine["floor_area_m2"], strict=True))


def test_a_share_of_what_each_can_give(row: Workspace) -> None:
    after = did(row, AssignMany((*EVERY, "B", "C", "D0"), "p1", 0.3, stage="signed"))
    assert given_to(after) == dict.fromkeys(EVERY, 2_700.0)
    assert after.table("assignments")["stage"].unique().tolist() == ["signed"]
    again = did(after, AssignMany(EVERY, "p2", 1.0))
    assert given_to(again, "p2") == dict.fromkeys(EVERY, 6_300.0)
    assert books(again).parcels().available[3:].tolist() == [0.0] * 5


def test_as_much_as_the_project_still_wants(row: Workspace) -> None:
    wants = did(row, Edit.of("projects", "p1", requested_floor_area_m2=20_000.5), Assign("D4", "p1", 500.0))
    command = AssignMany(EVERY, "p1")
    after = did(wants, command)
    assert given_to(after) == {"D4": 500.0, "D0": 9_000.0, "D1": 9_000.0, "D2": 1_500.5}
    assert command.facts(wants) == {"project": "甲", "parcels": 3, "left_out": 2, "floor_area_m2": 19_500.5}
    with pytest.raises(EnoughAlready):
        changes(after, AssignMany(EVERY, "p1"))


def test_vacant_space_is_given_too(row: Workspace) -> None:
    after = did(row, AssignMany(("A", "D0"), "p1", 0.5, source="existing"))
    assert given_to(after) == {"A": 1_000.0}


def test_shares_are_rounded_down_to_the_hundredth(row: Workspace) -> None:
    assert given_to(did(row, AssignMany(("D0",), "p1", 1 / 7))) == {"D0": 1_285.71}


def test_a_cap_is_shared_by_what_is_available(row: Workspace) -> None:
    zones = row.table("zones").to_dict("records")
    zones[1] |= {"floor_area_cap_m2": 30_000.0}
    capped = row.with_tables(zones=table("zones", zones))
    after = did(capped, AssignMany(EVERY, "p1", 1.0))
    left = 30_000.0 - 5_000.0 - 6_000.0  # what stands on D0 … D4 and on the half of B
    assert sum(given_to(after).values()) == pytest.approx(left, abs=0.06)


def test_a_parcel_across_zones_gives_no_more_than_it_has(row: Workspace) -> None:
    """A third of it is over in East; what West allows there the parcel does not have as a whole."""
    zones = row.table("zones").assign(far_max=[0.1, 2.0]).to_dict("records")
    rows = row.table("parcels").to_dict("records")
    rows[1] |= {"far_max": None, "built_floor_area_m2": 9_000.0}
    here = row.with_tables(parcels=table("parcels", rows), zones=table("zones", zones))
    assert books(here).parcels().available[1] == 5_500.0, "West: 2.0 × 5,000 − 4,500"
    assert given_to(did(here, AssignMany(("B",), "p1", 1.0))) == {"B": 1_500.0}, "0.1 × 5,000 + 10,000 − 9,000"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (AssignMany((), "p1", 0.5), ShareRefused),
        (AssignMany(EVERY, "p1", 0.0), ShareRefused),
        (AssignMany(EVERY, "p1", 1.1), ShareRefused),
        (AssignMany(EVERY, "p1", True), ShareRefused),
        (AssignMany(EVERY, "p1", float("nan")), ShareRefused),
        (AssignMany(EVERY, "p1", 0.5, source="air"), NotAnOption),
        (AssignMany(EVERY, "p1", 0.5, stage="later"), NotAnOption),
        (AssignMany(EVERY, "p1", 0.5, term_years=float("inf")), ValueUnfit),
        (AssignMany((*EVERY, "Z"), "p1", 0.5), NothingSuch),
        (AssignMany(EVERY, "p9", 0.5), NothingSuch),
        (AssignMany(("C",), "p1", 0.5), CapacityUnknown),
        (AssignMany(("B",), "p1", 0.5), NotEnoughFloorArea),
        (UnassignMany(EVERY, stages=("later",)), NotAnOption),
    ],
)
def test_what_cannot_be_is_refused(row: Workspace, command: Command, reason: type[Exception]) -> None:
    before = every_row(row)
    with pytest.raises(reason):
        changes(row, command)
    assert every_row(row) == before


def test_parcels_that_may_not_hold_it_are_left_out(row: Workspace) -> None:
    houses = did(row, Edit.of("parcels", "D1", land_use="R2"))
    assert "D1" not in given_to(did(houses, AssignMany(EVERY, "p1", 0.5)))
    with pytest.raises(LandUseForbids):
        changes(houses, AssignMany(("D1",), "p1", 0.5))
    east = did(row, Edit.of("projects", "p1", may_zones="east"))
    assert given_to(did(east, AssignMany((*EVERY, "A"), "p1", 0.5))) == {"A": 7_500.0}
    with pytest.raises(ZoneForbids):
        changes(east, AssignMany(EVERY, "p1", 0.5))


@pytest.mark.parametrize("alone", ["p1", "p2"])
def test_who_wants_a_parcel_alone_is_left_alone(row: Workspace, alone: str) -> None:
    here = did(row, Edit.of("projects", alone, exclusive=True), Assign("D2", "p2", 10.0))
    assert given_to(did(here, AssignMany(EVERY, "p1", 1.0))).keys() == {*EVERY} - {"D2"}
    with pytest.raises(ExclusiveUse):
        changes(here, AssignMany(("D2",), "p1", 1.0))
    gone = did(here, Reassign("A00001", stage="completed"), Reassign("A00001", stage="vacated"))
    assert "D2" in given_to(did(gone, AssignMany(EVERY, "p1", 1.0)))


def test_many_are_given_what_few_are(row: Workspace) -> None:
    """Above a number of parcels all books are read at once; each parcel gives the same."""
    rows = row.table("parcels").to_dict("records")
    for i in range(5, 90):
        like = rows[0] | {"parcel_id": f"D{i}", "parcel_no": f"D{i}", "built_floor_area_m2": 100.0 * i}
        rows.append(like | {"geometry": box(400 + 50 * i, 0, 450 + 50 * i, 100)})
    wide = row.with_tables(parcels=table("parcels", rows))
    keys = tuple(f"D{i}" for i in range(90))
    for source in ("new", "existing"):
        at_once = AssignMany((*keys, "A"), "p1", 0.37, source=source).given(wide)
        one_by_one: dict[str, float] = {}
        for start in range(0, 91, 13):
            some = AssignMany((*keys, "A")[start : start + 13], "p1", 0.37, source=source)
            one_by_one |= some.given(wide)
        assert at_once == one_by_one
        assert len(at_once) > (64 if source == "new" else 0)


def test_a_brush_erases_what_is_not_yet_built(row: Workspace) -> None:
    full = did(
        row,
        AssignMany(EVERY, "p1", 0.2),
        AssignMany(EVERY[:2], "p2", 0.2, stage="signed"),
        Assign("D3", "p2", 100.0, stage="under_construction"),
    )
    assert set(did(full, UnassignMany(EVERY, "p1")).table("assignments")["project_id"]) == {"p2"}
    left = did(full, UnassignMany(EVERY)).table("assignments")
    assert left["stage"].tolist() == ["under_construction"]
    assert len(did(full, UnassignMany(EVERY, stages=("signed",))).table("assignments")) == 6
    assert changes(row, UnassignMany(EVERY)) == ()
    assert UnassignMany(EVERY[:2]).facts(full) == {"rows": 4, "parcels": 2, "floor_area_m2": 6_480.0}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*EVERY, "A", "B", "C"]), min_size=1, max_size=8), st.floats(0.01, 1))
def test_what_is_given_is_taken_back_to_the_last_bit(row: Workspace, keys: list[str], share: float) -> None:
    command = AssignMany(tuple(keys), "p1", share)
    try:
        found = changes(row, command)
    except (CapacityUnknown, NotEnoughFloorArea):
        assert not {*keys} & {*EVERY, "A"}
        return
    after = did(row, command)
    assert every_row(undone(after, found)) == every_row(row)
    assert every_row(did(after, UnassignMany(tuple(keys)))) == every_row(row)
