"""Whether a workspace holds together: every kind of problem is found, by layer, row and column."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from layers import stores
from layers.checks import TEXTS, problems
from layers.workspace import Workspace
from tests.world import box, table


def found(workspace: Workspace) -> dict[tuple[str, int | None, str, str], str]:
    return {(p.layer, p.said.row, p.said.column, p.said.code): p.severity for p in problems(workspace)}


def changed(workspace: Workspace, layer: str, row: int, **values: object) -> Workspace:
    frame = workspace.table(layer).copy()
    for column, value in values.items():
        frame[column] = frame[column].astype(object)
        frame.loc[row, column] = value
    return workspace.with_tables(**{layer: frame})


def test_the_small_world_is_sound(world: Workspace) -> None:
    assert found(world) == {}


@pytest.mark.parametrize(
    ("layer", "column", "value", "row"),
    [
        ("zones", "parent", "north", 0),
        ("buildings", "parcel_id", "X", 0),
        ("projects", "must_zone", "north", 0),
        ("projects", "may_zones", "east; north", 1),
        ("projects", "lead_partner", "p9", 0),
    ],
)
def test_references_that_lead_nowhere(world: Workspace, layer: str, column: str, value: str, row: int) -> None:
    seen = found(changed(world, layer, row, **{column: value}))
    assert {key: severity for key, severity in seen.items() if severity == "error"} == {
        (layer, row, column, "reference_dangling"): "error"
    }


def test_references_of_assignments_and_parks(world: Workspace) -> None:
    given = {"assignment_id": "a", "parcel_id": "X", "project_id": "Y", "floor_area_m2": 1.0, "source": "new"}
    rows: list[dict[str, object]] = [given | {"stage": "intent"}]
    parks: list[dict[str, object]] = [{"park_id": "k", "member_parcels": "A;Q", "geometry": None}]
    workspace = world.with_tables(assignments=table("assignments", rows), parks=table("parks", parks))
    assert found(workspace) == {
        ("assignments", 0, "parcel_id", "reference_dangling"): "error",
        ("assignments", 0, "project_id", "reference_dangling"): "error",
        ("parks", 0, "member_parcels", "reference_dangling"): "error",
    }


def assigned(world: Workspace, parcel: str, area: float, source: str = "new", stage: str = "signed") -> Workspace:
    row: dict[str, object] = {"assignment_id": "a", "parcel_id": parcel, "project_id": "p1", "floor_area_m2": area}
    return world.with_tables(assignments=table("assignments", [row | {"source": source, "stage": stage}]))


def test_more_than_a_parcel_has_is_an_error(world: Workspace) -> None:
    assert found(assigned(world, "A", 15_000.0)) == {}
    assert found(assigned(world, "A", 15_000.1)) == {("parcels", 0, "", "assigned_beyond_room"): "error"}
    assert found(assigned(world, "A", 2_000.0, "existing")) == {}
    assert found(assigned(world, "A", 2_000.1, "existing")) == {("parcels", 0, "", "assigned_beyond_room"): "error"}
    assert found(assigned(world, "A", 99_000.0, stage="vacated")) == {}
    assert found(assigned(world, "C", 10.0)) == {("parcels", 2, "", "assigned_without_limit"): "warning"}


def test_vacant_beyond_built(world: Workspace) -> None:
    workspace = changed(world, "buildings", 0, vacant_floor_area_m2=6_000.0)
    assert found(workspace) == {
        ("parcels", 0, "built_floor_area_m2", "vacant_beyond_built"): "warning",
        ("buildings", 0, "vacant_floor_area_m2", "vacant_beyond_built"): "error",
    }


@pytest.mark.parametrize(("stated", "told"), [(20_000.0, False), (20_199.0, False), (20_500.0, True), (10.0, True)])
def test_stated_floor_area_against_the_ratio(world: Workspace, stated: float, told: bool) -> None:
    expected = {("parcels", 0, "stated_floor_area_m2", "limits_disagree"): "warning"} if told else {}
    assert found(changed(world, "parcels", 0, stated_floor_area_m2=stated)) == expected


@pytest.mark.parametrize(("official", "told"), [(10_009.0, False), (10_012.0, True), (9_980.0, True)])
def test_official_area_against_the_drawn_one(world: Workspace, official: float, told: bool) -> None:
    expected = {("parcels", 0, "official_area_m2", "area_disagrees"): "warning"} if told else {}
    assert found(changed(world, "parcels", 0, official_area_m2=official)) == expected


def test_shapes_that_overlap_stick_out_or_lie_outside(world: Workspace) -> None:
    workspace = changed(world, "parcels", 0, geometry=box(60, -50, 160, 50))
    workspace = workspace.with_tables(parcels=world.table("parcels").assign(geometry=workspace.shapes("parcels")))
    assert found(workspace) == {
        ("parcels", 0, "geometry", "parcels_overlap"): "warning",
        ("parcels", 0, "geometry", "outside_zones"): "info",
    }
    text = next(p for p in problems(workspace) if p.said.code == "parcels_overlap").told("en")["message"]
    assert text == "overlaps parcel B by 500.00 m²"


def test_gaps_between_parcels_and_slivers_are_told(world: Workspace) -> None:
    workspace = changed(world, "parcels", 0, geometry=box(49.8, 0, 149.8, 100))
    workspace = changed(workspace, "parcels", 2, geometry=box(300, 0, 300.4, 100))
    assert found(workspace) == {
        ("parcels", 0, "geometry", "parcels_gap"): "warning",
        ("parcels", 2, "geometry", "parcels_sliver"): "warning",
    }
    told = {p.said.code: p.told("en")["message"] for p in problems(workspace)}
    assert told["parcels_gap"] == "a gap of 20.00 m² lies between it and B"
    assert told["parcels_sliver"] == "a sliver of 40.00 m²"


def test_zones_that_overlap_and_sub_areas_that_stick_out() -> None:
    rows: list[dict[str, object]] = [
        {"zone_id": "a", "geometry": box(0, 0, 100, 100)},
        {"zone_id": "b", "geometry": box(90, 0, 200, 100)},
        {"zone_id": "a1", "parent": "a", "geometry": box(-10, 0, 50, 100)},
    ]
    assert found(Workspace("w", "EPSG:4548", {"zones": table("zones", rows)})) == {
        ("zones", 0, "geometry", "zones_overlap"): "warning",
        ("zones", 2, "geometry", "sub_area_sticks_out"): "warning",
    }


def test_broken_contracts_come_first_and_stop_nothing(world: Workspace) -> None:
    workspace = changed(world, "parcels", 1, parcel_id="A", far_max=-1.0)
    seen = found(workspace)
    assert seen[("parcels", 1, "parcel_id", "key_duplicate")] == "error"
    assert seen[("parcels", 1, "far_max", "below_minimum")] == "error"


def test_figures_of_rows_that_are_gone_warn(world: Workspace) -> None:
    row: dict[str, object] = {
        "figure_id": "f",
        "layer": "parcels",
        "row_id": "Q",
        "column": "far_max",
        "basis": "assumed",
    }
    workspace = world.with_tables(figures=table("figures", [row]))
    assert found(workspace) == {("figures", 0, "row_id", "reference_dangling"): "warning"}


def test_a_damaged_file_says_so(world: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    stores.create(str(path), world)
    store = stores.open_store(path)
    assert store.faults() == []
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA foreign_keys = OFF")
        made.execute("INSERT INTO gpkg_geometry_columns VALUES ('nowhere', 'geom', 'POINT', 4548, 0, 0)")
    made.close()
    assert [code for code, _ in store.faults()] == ["file_damaged"]


def test_every_text_is_there_in_both_languages() -> None:
    assert all(set(texts) == {"zh-CN", "en"} for texts in TEXTS.values())
    assert not pd.isna(list(TEXTS)).any()
