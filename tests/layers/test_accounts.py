"""The accounts of the three parcels, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from layers import accounts
from layers.catalogue import LAYERS
from layers.workspace import Workspace
from tests.world import box, table


def with_assignments(world: Workspace, *rows: tuple[str, str, float, str, str]) -> Workspace:
    keys = ("parcel_id", "project_id", "floor_area_m2", "source", "stage")
    made = [dict(zip(keys, row, strict=True)) | {"assignment_id": f"A{i}"} for i, row in enumerate(rows)]
    return world.with_tables(assignments=table("assignments", made))


def test_totals_of_the_world(world: Workspace) -> None:
    found = accounts.totals(world)
    assert found["parcels"] == 3
    assert found["unknown_parcels"] == 1
    expected = {
        "site_area_m2": 20_000,
        "permitted_m2": 30_000,
        "built_m2": 17_000,
        "built_vacant_m2": 2_000,
        "over_m2": 2_000,
        "available_m2": 15_000,
        "remaining_signed_m2": 13_000,
        "remaining_clipped_m2": 15_000,
        "held_by_cap_m2": 0,
        "unknown_site_area_m2": 10_000,
        "unknown_built_m2": 3_000,
    }
    assert {key: found[key] for key in expected} == pytest.approx(expected)


def test_a_parcel_that_crosses_is_split_by_area(world: Workspace) -> None:
    groups = {group["zone"]: group for group in accounts.report(world, ["zone"])["groups"]}
    assert groups["east"]["permitted_m2"] == pytest.approx(25_000)
    assert groups["west"]["permitted_m2"] == pytest.approx(5_000)
    assert groups["west"]["over_m2"] == pytest.approx(1_000)
    assert (groups["east"]["parcels"], groups["west"]["parcels"], groups["west"]["unknown_parcels"]) == (2, 1, 1)


@pytest.mark.parametrize("by", [("zone",), ("zone", "land_use"), ("sub_area",), ("status", "year"), ()])
def test_groups_add_up_to_the_total(world: Workspace, by: tuple[str, ...]) -> None:
    found = accounts.report(world, by)
    for name in (*accounts.FIGURES, "parcels", "unknown_parcels"):
        if by:
            assert sum(group[name] for group in found["groups"]) == pytest.approx(found[name]), name


def test_rows_of_parcels_name_their_limit_and_leave_the_unknown_unknown(world: Workspace) -> None:
    rows = {row["parcel_no"]: row for row in accounts.parcel_rows(world)}
    assert [rows[name]["binding_limit"] for name in "ABC"] == ["far", "far", "unknown"]
    assert rows["C"]["permitted_m2"] is None
    assert rows["C"]["available_m2"] is None
    assert rows["C"]["unknown_built_m2"] == 3000
    assert rows["B"]["zone"] == "east"


def test_a_cap_holds_back_and_is_in_an_account_of_its_own(world: Workspace) -> None:
    zones = world.table("zones").assign(floor_area_cap_m2=[20_000.0, np.nan])
    found = accounts.report(world.with_tables(zones=zones), ["zone"])["groups"][0]
    # East: 5,000 + 6,000 built; the cap leaves 9,000 of the 15,000 that A has free
    assert (found["available_m2"], found["held_by_cap_m2"]) == pytest.approx((9_000, 6_000))


def test_a_cap_of_a_zone_sees_what_its_sub_areas_hold(world: Workspace) -> None:
    zones = table(
        "zones",
        [
            {"zone_id": "east", "name": "东区", "floor_area_cap_m2": 18_000.0, "geometry": box(0, 0, 200, 100)},
            {"zone_id": "east-1", "parent": "east", "floor_area_cap_m2": 19_000.0, "geometry": box(0, 0, 120, 100)},
            {"zone_id": "west", "geometry": box(200, 0, 400, 100)},
        ],
    )
    found = accounts.report(replace(world, tables={**world.tables, "zones": zones}), ["zone"])["groups"][0]
    # sub-area: 5,000 used + 15,000 free > 19,000 holds 1,000
    # zone: 11,000 used + 14,000 free > 18,000 holds 7,000 more
    assert (found["available_m2"], found["held_by_cap_m2"]) == pytest.approx((7_000, 8_000))


def test_assignments_move_between_accounts_and_keep_the_stock_view(world: Workspace) -> None:
    before = accounts.totals(world)
    after = accounts.totals(
        with_assignments(
            world,
            ("A", "p1", 4_000, "new", "intent"),
            ("A", "p1", 1_500, "existing", "signed"),
            ("A", "p2", 1_000, "new", "completed"),
        )
    )
    moved = {name: after[name] - before[name] for name in accounts.FIGURES if after[name] != before[name]}
    assert moved == pytest.approx(
        {
            "reserved_m2": 4_000,
            "committed_m2": 1_500,
            "available_m2": -5_000,
            "built_m2": -500,
            "built_vacant_m2": -1_500,
        }
    )


def test_an_assignment_to_nowhere_is_listed_and_changes_nothing(world: Workspace) -> None:
    held = accounts.books(with_assignments(world, ("Z", "p1", 4_000, "new", "intent")))
    assert held.orphans.tolist() == [0]
    assert held.total().reserved[0] == 0


def test_zone_ratio_counts_for_parcels_without_their_own(world: Workspace) -> None:
    zones = world.table("zones").assign(far_max=[9.0, 1.5])
    found = accounts.totals(world.with_tables(zones=zones))
    assert found["permitted_m2"] == pytest.approx(45_000)
    assert found["unknown_parcels"] == 0


def test_each_part_follows_the_ratio_of_its_own_zone(world: Workspace) -> None:
    parcels = world.table("parcels").assign(far_max=np.nan)
    zones = world.table("zones").assign(far_max=[1.0, 3.0])
    groups = accounts.report(world.with_tables(parcels=parcels, zones=zones), ["zone"])["groups"]
    assert [group["permitted_m2"] for group in groups] == pytest.approx([15_000, 45_000])


def test_a_typed_zone_counts_only_where_no_zone_has_an_outline(world: Workspace) -> None:
    parcels = world.table("parcels").assign(zone=["west", "西区", "北区"])
    typed = accounts.report(world.with_tables(parcels=parcels), ["zone"])["groups"]
    assert [group["zone"] for group in typed] == ["east", "west"]
    bare = world.with_tables(parcels=parcels, zones=world.table("zones").assign(geometry=None))
    named = accounts.report(bare, ["zone"])["groups"]
    assert [(group["zone"], group["parcels"]) for group in named] == [("west", 2), ("北区", 1)]


def test_land_outside_every_zone_is_listed(world: Workspace) -> None:
    zones = world.table("zones").iloc[:1]
    found = accounts.outside(world.with_tables(zones=zones))
    assert dict(zip(found["parcel_no"], found["share"], strict=True)) == pytest.approx({"B": 0.5, "C": 1.0})


def test_gross_land_loses_what_is_excluded(world: Workspace) -> None:
    parcels = world.table("parcels").assign(far_basis=["gross", "net", None])
    constraints = table(
        "constraints",
        [
            {"constraint_id": "g", "effect": "exclude", "geometry": box(0, 0, 400, 25)},
            {"constraint_id": "h", "effect": "inform", "geometry": box(0, 0, 400, 90)},
        ],
    )
    found = accounts.parcel_rows(world.with_tables(parcels=parcels, constraints=constraints))
    assert [row["permitted_m2"] for row in found[:2]] == pytest.approx([15_000, 10_000])


def test_buildings_are_added_up_where_the_parcel_has_no_figure(world: Workspace) -> None:
    parcels = world.table("parcels").assign(built_floor_area_m2=np.nan)
    built, vacant = accounts.built_and_vacant(world.with_tables(parcels=parcels))
    assert (built.tolist(), vacant.tolist()) == ([5000, 0, 0], [2000, 0, 0])


def test_the_split_survives_a_change_that_moves_nothing(world: Workspace) -> None:
    first = world.location
    assert with_assignments(world, ("A", "p1", 1, "new", "intent")).location is first
    assert world.with_tables(zones=world.table("zones")).location is not first


def test_a_typed_sub_area_of_a_drawn_zone_is_void(world: Workspace) -> None:
    extra = [{"zone_id": "east-9", "parent": "east", "far_max": 9.0}, {"zone_id": "north-1", "parent": "north"}]
    zones = pd.concat([world.table("zones").iloc[:1], table("zones", extra)], ignore_index=True)
    parcels = world.table("parcels").assign(sub_area=[None, None, "east-9"], zone=[None, None, "north"])
    changed = world.with_tables(zones=LAYERS["zones"].conform(zones, world.crs), parcels=parcels)
    row = accounts.parcel_rows(changed)[2]
    assert (row["zone"], row["sub_area"], row["binding_limit"]) == ("north", None, "unknown")
