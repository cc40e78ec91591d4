"""Assigning: what is allowed happens, what is not is refused with its reason, and nothing changes."""

from __future__ import annotations

import pytest

from layers import accounts, matching
from layers.commands import Assign, Unassign, room
from layers.errors import (
    AssignmentRefused,
    CapacityUnknown,
    ExclusiveUse,
    LandUseForbids,
    NotAFloorArea,
    NotEnoughFloorArea,
    NothingSuch,
    ZoneForbids,
)
from layers.workspace import Workspace
from spatial.errors import tell
from tests.world import after as after_


def apply(world: Workspace, command: Assign | Unassign) -> Workspace:
    return after_(world, command, actor="李")


def test_a_part_of_a_parcel_goes_to_a_project(world: Workspace) -> None:
    after = apply(world, Assign("A", "p1", 6_000, supply_mode="lease"))
    row = after.table("assignments").iloc[0]
    assert (row["assignment_id"], row["floor_area_m2"], row["stage"], row["supply_mode"]) == (
        "A00001",
        6_000,
        "intent",
        "lease",
    )
    assert accounts.totals(after)["reserved_m2"] == 6_000
    assert len(world.table("assignments")) == 0, "the workspace before stays as it was"


def test_all_that_is_left_is_taken_when_no_figure_is_given(world: Workspace) -> None:
    after = apply(world, Assign("A", "p1"))
    assert after.table("assignments")["floor_area_m2"].tolist() == [15_000]
    assert room(after, 0) == {"new": 0.0, "existing": 2_000.0}


def test_vacant_space_is_taken_from_what_is_vacant(world: Workspace) -> None:
    after = apply(world, Assign("A", "p1", source="existing"))
    assert after.table("assignments")["floor_area_m2"].tolist() == [2_000]
    with pytest.raises(NotEnoughFloorArea):
        apply(after, Assign("A", "p1", 1, source="existing"))


def test_taking_back_returns_it(world: Workspace) -> None:
    after = apply(apply(world, Assign("A", "p1", 6_000)), Unassign("A00001"))
    assert accounts.totals(after) == accounts.totals(world)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (Assign("A", "p1", 15_000.02), NotEnoughFloorArea),
        (Assign("B", "p1", 1), NotEnoughFloorArea),
        (Assign("B", "p1"), NotEnoughFloorArea),
        (Assign("C", "p2", 1), CapacityUnknown),
        (Assign("Z", "p1", 1), NothingSuch),
        (Assign("A", "nobody", 1), NothingSuch),
        (Assign("A", "p1", 0), NotAFloorArea),
        (Assign("A", "p1", -5), NotAFloorArea),
        (Assign("A", "p1", float("nan")), NotAFloorArea),
        (Assign("A", "p1", float("inf")), NotAFloorArea),
        (Assign("A", "p1", "12"), NotAFloorArea),
        (Assign("A", "p1", True), NotAFloorArea),
        (Assign("A", "p1", 1, source="borrowed"), AssignmentRefused),
        (Assign("A", "p1", 1, stage="dreamt"), AssignmentRefused),
        (Assign("A", "p1", 1, supply_mode="gift"), AssignmentRefused),
        (Unassign("A00009"), NothingSuch),
    ],
)
def test_what_cannot_be_is_refused_in_both_languages(world: Workspace, command: Assign, reason: type) -> None:
    with pytest.raises(reason) as refused:
        apply(world, command)
    for language in ("zh-CN", "en"):
        said = tell(refused.value, language)
        assert said["message"]
        assert said["cure"]
        assert "{" not in said["message"]


def test_a_project_stays_in_the_zones_that_it_may_be_in(world: Workspace) -> None:
    projects = world.table("projects")
    west = world.with_tables(projects=projects.assign(must_zone=["west", None]))
    with pytest.raises(ZoneForbids):
        apply(west, Assign("A", "p1", 1))
    may = world.with_tables(projects=projects.assign(must_zone=None, may_zones=["west; north", None]))
    with pytest.raises(ZoneForbids):
        apply(may, Assign("A", "p1", 1))


def test_land_use_forbids(world: Workspace) -> None:
    housing = world.with_tables(parcels=world.table("parcels").assign(land_use="R2"))
    with pytest.raises(LandUseForbids):
        apply(housing, Assign("A", "p1", 1))


def test_a_zone_that_names_its_functions_forbids_others(world: Workspace) -> None:
    zoned = world.with_tables(zones=world.table("zones").assign(functions=["laboratory", None]))
    with pytest.raises(LandUseForbids):
        apply(zoned, Assign("A", "p1", 1))


def test_who_wants_a_parcel_alone_shares_it_neither_first_nor_last(world: Workspace) -> None:
    with pytest.raises(ExclusiveUse):
        apply(apply(world, Assign("A", "p1", 1)), Assign("A", "p2", 1))
    with pytest.raises(ExclusiveUse):
        apply(apply(world, Assign("A", "p2", 1)), Assign("A", "p1", 1))
    assert len(apply(apply(world, Assign("A", "p2", 1)), Assign("A", "p2", 1)).table("assignments")) == 2


def test_account_and_gap_move_together(world: Workspace) -> None:
    before, after = (matching.by_zone(w)[0] for w in (world, apply(world, Assign("A", "p1", 6_000))))
    assert (before.asked[1], before.housed, before.unmet[1], before.supply) == (8_000, 0, 8_000, 17_000)
    assert (after.asked[1], after.housed, after.unmet[1], after.supply) == (8_000, 6_000, 2_000, 11_000)
    assert before.margin == after.margin == 9_000
