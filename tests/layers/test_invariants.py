"""What no change may break, whoever makes it: rows, references, room and caps; and it is quick to look at."""

from __future__ import annotations

import time
from statistics import median

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layers import invariants
from layers.accounts import books, report
from layers.changes import Row, RowChange, Scene
from layers.commands import Assign, Edit, room
from layers.commands.assigning import zones_of
from layers.errors import CapGone, ReferenceDangling, RoomGone, RowRefused, StillReferred
from layers.rows import added, edited, removed, with_rows
from layers.standing import capped, standing
from layers.workspace import Workspace
from spatial.errors import tell
from tests.bench import synthetic
from tests.layers.commands.doing import did, fresh
from tests.world import box, table

GIVEN: Row = {
    "assignment_id": "x",
    "parcel_id": "A",
    "project_id": "p1",
    "floor_area_m2": 100.0,
    "source": "new",
    "stage": "intent",
}
HOUSE: Row = {"building_id": "h", "parcel_id": "A", "floor_area_m2": 10.0}


def refuse(world: Workspace, *changes: RowChange, kind: str = "edit") -> None:
    invariants.refuse(world, with_rows(world, changes), changes, kind)


@pytest.mark.parametrize(
    ("layer", "row", "reason"),
    [
        ("assignments", {**GIVEN, "parcel_id": "Z"}, ReferenceDangling),
        ("assignments", {**GIVEN, "project_id": "Z"}, ReferenceDangling),
        ("assignments", {**GIVEN, "stage": "dreamt"}, RowRefused),
        ("assignments", {**GIVEN, "floor_area_m2": -1.0}, RowRefused),
        ("assignments", {**GIVEN, "floor_area_m2": float("inf")}, RowRefused),
        ("assignments", {**GIVEN, "floor_area_m2": 1e13}, RowRefused),
        ("assignments", {**GIVEN, "floor_area_m2": "100"}, RowRefused),
        ("assignments", {**GIVEN, "floor_area_m2": None}, RowRefused),
        ("assignments", {**GIVEN, "floor_area_m2": 15_000.1}, RoomGone),
        ("assignments", {**GIVEN, "floor_area_m2": 2_000.1, "source": "existing"}, RoomGone),
        ("buildings", {**HOUSE, "parcel_id": "Z"}, ReferenceDangling),
        ("buildings", {**HOUSE, "building_id": "a1"}, RowRefused),
        ("zones", {"zone_id": "north", "parent": "nowhere"}, ReferenceDangling),
        ("zones", {"zone_id": "north", "parent": "north"}, RowRefused),
        ("parcels", {"parcel_id": "A", "geometry": box(400, 0, 410, 10)}, RowRefused),
        ("parcels", {"parcel_id": "D"}, RowRefused),
        (
            "attachments",
            {
                "attachment_id": "h",
                "layer": "parcels",
                "row_key": "Z",
                "name": "a",
                "media": "b",
                "size_bytes": 1,
                "sha256": "c",
            },
            ReferenceDangling,
        ),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused(world: Workspace, layer: str, row: Row, reason: type[Exception]) -> None:
    with pytest.raises(reason) as refused:
        refuse(world, added(layer, row))
    for language in ("zh-CN", "en"):
        said = tell(refused.value, language)  # type: ignore[arg-type]
        assert said["message"]
        assert "{" not in said["message"] + said["cure"]


def test_rows_that_keep_the_rules_pass(world: Workspace) -> None:
    refuse(world, added("assignments", {**GIVEN, "floor_area_m2": 15_000.0}))
    refuse(world, added("assignments", {**GIVEN, "floor_area_m2": 2_000.0, "source": "existing"}))
    refuse(world, added("buildings", HOUSE), added("zones", {"zone_id": "north", "parent": "east"}))


def test_a_row_under_another_key_is_refused(world: Workspace) -> None:
    with pytest.raises(RowRefused):
        refuse(world, RowChange("assignments", "y", None, GIVEN))


@pytest.mark.parametrize(("layer", "key"), [("parcels", "A"), ("projects", "p1")])
def test_what_is_referred_to_stays(world: Workspace, layer: str, key: str) -> None:
    here = with_rows(world, (added("assignments", GIVEN), removed(world, "buildings", "a1")))
    with pytest.raises(StillReferred):
        refuse(here, removed(here, layer, key))
    refuse(here, removed(here, layer, key), removed(here, "assignments", "x"))


def test_zones_do_not_lie_in_each_other(world: Workspace) -> None:
    changes = [edited(world, "zones", one, {"parent": other}) for one, other in (("east", "west"), ("west", "east"))]
    refuse(world, changes[0])
    with pytest.raises(RowRefused):
        refuse(world, *changes)
    here = with_rows(world, changes[:1])
    with pytest.raises(RowRefused):
        refuse(here, changes[1])


def test_an_import_may_bring_buildings_before_their_parcels(world: Workspace) -> None:
    early = added("buildings", {**HOUSE, "parcel_id": "later"})
    refuse(world, early, kind="import")
    with pytest.raises(ReferenceDangling):
        refuse(world, added("assignments", {**GIVEN, "parcel_id": "later"}), kind="import")


def test_what_was_short_before_may_stay_so_and_not_grow(world: Workspace) -> None:
    short = with_rows(world, (added("assignments", {**GIVEN, "floor_area_m2": 20_000.0}),))
    refuse(short, edited(short, "parcels", "A", {"note": "x", "far_max": 2.1}))
    refuse(short, edited(short, "assignments", "x", {"floor_area_m2": 19_000.0}))
    for change in (
        edited(short, "parcels", "A", {"far_max": 1.9}),
        edited(short, "parcels", "A", {"official_area_m2": 9_000.0}),
        edited(short, "parcels", "A", {"built_floor_area_m2": 6_000.0}),
        edited(short, "parcels", "A", {"under_construction_floor_area_m2": 5.0}),
        edited(short, "parcels", "A", {"geometry": box(0, 0, 100, 99)}),
        edited(short, "assignments", "x", {"floor_area_m2": 20_001.0}),
    ):
        with pytest.raises(RoomGone):
            refuse(short, change)


def test_vacant_space_that_is_taken_stays_vacant(world: Workspace) -> None:
    here = with_rows(world, (added("assignments", {**GIVEN, "floor_area_m2": 1_500.0, "source": "existing"}),))
    refuse(here, edited(here, "buildings", "a1", {"vacant_floor_area_m2": 1_500.0}))
    for change in (
        edited(here, "buildings", "a1", {"vacant_floor_area_m2": 1_400.0}),
        removed(here, "buildings", "a1"),
    ):
        with pytest.raises(RoomGone):
            refuse(here, change)


def test_a_parcel_without_a_limit_keeps_what_it_was_given(world: Workspace) -> None:
    here = with_rows(world, (added("assignments", {**GIVEN, "parcel_id": "C"}),))
    refuse(here, edited(here, "parcels", "C", {"built_floor_area_m2": 9_000.0}))
    with pytest.raises(RoomGone):
        refuse(here, edited(here, "parcels", "C", {"far_max": 0.3}))


def sub_capped(world: Workspace, zone: float | None, sub_area: float | None) -> Workspace:
    """East with a cap, and a sub-area of it under A with another."""
    inner = {"zone_id": "e1", "parent": "east", "geometry": box(0, 0, 100, 100), "floor_area_cap_m2": sub_area}
    outer = {"zone_id": "e2", "parent": "east", "geometry": box(100, 0, 200, 100)}
    rows = [*world.table("zones").to_dict("records"), inner, outer]
    rows[0]["floor_area_cap_m2"] = zone
    return world.with_tables(zones=table("zones", rows))


@pytest.mark.parametrize(
    ("zone", "sub_area", "left"), [(12_000.0, None, 1_000), (None, 8_000.0, 3_000), (9e9, 6e3, 1e3)]
)
def test_a_cap_holds_for_zones_and_sub_areas(
    world: Workspace, zone: float | None, sub_area: float | None, left: float
) -> None:
    here = sub_capped(world, zone, sub_area)
    refuse(here, added("assignments", {**GIVEN, "floor_area_m2": left}))
    refuse(here, added("assignments", {**GIVEN, "floor_area_m2": 2_000.0, "source": "existing"}))
    with pytest.raises(CapGone) as refused:
        refuse(here, added("assignments", {**GIVEN, "floor_area_m2": left + 10}))
    assert refused.value.facts["lack"] == "10.00"


def test_a_cap_that_is_set_below_what_is_used_only_stops_more(world: Workspace) -> None:
    given_ = with_rows(world, (added("assignments", GIVEN),))
    cap = edited(given_, "zones", "east", {"floor_area_cap_m2": 100.0})
    refuse(given_, cap)
    here = with_rows(given_, (cap,))
    refuse(here, edited(here, "assignments", "x", {"floor_area_m2": 50.0}))
    refuse(here, edited(here, "assignments", "x", {"stage": "signed"}))
    with pytest.raises(CapGone):
        refuse(here, edited(here, "assignments", "x", {"floor_area_m2": 101.0}))


@pytest.fixture(scope="module")
def fabric() -> Workspace:
    """Two thousand parcels under twelve zones, four of them with a cap, and assignments of every kind."""
    return synthetic.workspace(2_000, cap=250_000.0, assign=True)


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1_999))
def test_a_parcel_on_its_own_stands_as_in_the_books(fabric: Workspace, row: int) -> None:
    held, alone, found = books(fabric), room(fabric, row), standing(fabric, [row])
    parcels = held.parcels()
    assert alone["new"] == pytest.approx(parcels.available[row], rel=1e-9, abs=1e-6)
    assert found.unknown[0] == held.unknown()[row]
    if not found.unknown[0]:
        assert alone["existing"] == pytest.approx(parcels.built_vacant[row], rel=1e-9, abs=1e-6)
    start, stop = np.searchsorted(held.split.parcel, (row, row + 1))
    zones = {key for level in (held.zone, held.sub_area) for key in level[start:stop] if key is not None}
    assert zones_of(fabric, row) == zones


def test_many_parcels_stand_as_each_of_them(fabric: Workspace) -> None:
    few, many = standing(fabric, range(60)), standing(fabric, range(2_000))
    for name, values in vars(few).items():
        np.testing.assert_allclose(values, vars(many)[name][:60], rtol=1e-12, atol=1e-9, err_msg=name)


def test_use_of_capped_zones_is_that_of_the_report(fabric: Workspace) -> None:
    found = capped(fabric)
    groups = {group["zone"]: group for group in report(fabric)["groups"]}
    names = ("built_m2", "under_construction_m2", "committed_m2", "reserved_m2")
    assert len(found.keys) == 4
    for key, used in zip(found.keys, found.used, strict=True):
        assert used == pytest.approx(sum(groups[key][name] for name in names), rel=1e-9)


@pytest.fixture(scope="module")
def large() -> Workspace:
    """A hundred thousand parcels with projects."""
    start = synthetic.workspace(100_000, cap=3e7, assign=True)
    projects = [{"project_id": f"J{i}", "name": f"项目{i}", "function_mix": "research"} for i in range(7)]
    return start.with_tables(projects=table("projects", projects))


def timed(large: Workspace, commands: list[Assign] | list[Edit]) -> float:
    """Median time of one command with its rules [s], one after the other, as a planner works."""
    here, taken = did(large, commands[0]), []
    for command in commands[1:]:
        mint = fresh(here)
        clock = time.perf_counter()
        found = command.changes(here, Scene("test", "2026-11-23T08:00:00Z", mint))
        after = with_rows(here, found)
        invariants.refuse(here, after, found, command.kind)
        taken.append(time.perf_counter() - clock)
        here = after
    return median(taken)
