"""A folder of GeoParquet gives the figures of the same workspace in memory, and refuses kindly what is not one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from layers import accounts
from layers.errors import NotAWorkspace, WorkspaceExists, WorkspaceMissing
from layers.stores import geoparquet
from layers.workspace import Workspace
from spatial.errors import tell
from tests.bench import synthetic
from tests.world import table

COUNT = 600
GROUPINGS: list[tuple[str, ...]] = [
    (),
    ("zone",),
    ("sub_area",),
    ("zone", "sub_area"),
    ("land_use", "zone"),
    ("status", "year"),
]


@pytest.fixture(scope="module")
def study() -> Workspace:
    """Parcels that cross zones, sub-areas and the rim; caps at both levels; assignments, buildings, excluded land."""
    zones, cells = synthetic.zones(COUNT, cap=180_000.0), synthetic.parcels(COUNT)
    first = zones.geometry.iloc[0]
    west, south, east, north = first.bounds
    part = first.intersection(shapely.box(west, south, (west + east) / 2, north))
    sub_area = table(
        "zones",
        [{"zone_id": "Z01-1", "parent": "Z01", "floor_area_cap_m2": 60_000.0, "far_max": 0.7, "geometry": part}],
    )
    undrawn = table("zones", [{"zone_id": "Z99", "name": "未画区", "floor_area_cap_m2": 30_000.0}])
    number = np.arange(COUNT)
    cells = cells.assign(
        zone=pd.Series(np.where(number % 2 == 0, "未画区", None), dtype="str"),
        far_basis=pd.Series(np.where(number % 3 == 0, "gross", "net"), dtype="str"),
        land_use=cells["land_use"].where(number % 11 != 0, None),
        available_from=cells["available_from"].where(number % 7 != 0, pd.NA),
    )
    rows = number[::9]
    buildings = pd.DataFrame(
        {
            "building_id": [f"b{i}" for i in rows],
            "parcel_id": [f"P{i:07d}" for i in rows],
            "floor_area_m2": 900.0 + rows,
            "vacant_floor_area_m2": 400.0,
        }
    )
    overlay = table(
        "constraints",
        [{"constraint_id": "c", "effect": "exclude", "geometry": shapely.box(west, south, east + 500, south + 90)}],
    )
    lost = table(
        "assignments",
        [
            {
                "assignment_id": "lost",
                "parcel_id": "nowhere",
                "project_id": "p",
                "floor_area_m2": 5.0,
                "source": "new",
                "stage": "intent",
            }
        ],
    )
    return Workspace(
        "合成",
        synthetic.CRS,
        {
            "zones": pd.concat([zones, sub_area, undrawn], ignore_index=True),
            "parcels": cells,
            "assumptions": synthetic.assumptions(),
            "assignments": pd.concat([synthetic.assignments(COUNT, 3), lost], ignore_index=True),
            "buildings": table("buildings", buildings.to_dict("records")),
            "constraints": overlay,
        },
        revision=7,
    )


@pytest.fixture(scope="module")
def folder(study: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet") / "study"
    geoparquet.write(path, study)
    return path


def agree(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """The same keys in the same order, the same words and counts, and figures to 1e-9 relative."""
    assert list(found) == list(expected)
    for name, value in expected.items():
        if name == "groups":
            assert len(found[name]) == len(value)
            for one, other in zip(found[name], value, strict=True):
                agree(one, other)
        elif isinstance(value, float):
            assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-6), name
        else:
            assert found[name] == value, name
            assert type(found[name]) is type(value), name


def test_the_study_has_what_it_is_to_test(study: Workspace) -> None:
    whole, split = accounts.totals(study), study.location
    assert len(split.parcel) > COUNT
    assert len(split.outside())
    assert {"Z99", None} <= set(accounts.books(study).zone)
    for name in (
        "unknown_parcels",
        "held_by_cap_m2",
        "over_m2",
        "committed_m2",
        "built_vacant_m2",
        "unknown_assigned_m2",
    ):
        assert whole[name] > 0, name
    assert study.excluded_area_m2.any()


@pytest.mark.parametrize("by", GROUPINGS)
def test_a_folder_gives_the_figures_of_memory(
    study: Workspace, folder: Path, by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = accounts.report(study, by)
    agree(geoparquet.report(folder, by), expected)
    monkeypatch.setattr(geoparquet, "ROWS", 97)
    agree(geoparquet.report(folder, by), expected)


def test_caps_hold_after_all_pieces_are_added(
    study: Workspace, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(geoparquet, "ROWS", 50)
    groups = {group["zone"]: group for group in geoparquet.report(folder)["groups"]}
    for zone, cap in zip(study.table("zones")["zone_id"], study.table("zones")["floor_area_cap_m2"], strict=True):
        if zone in groups and cap > 0 and groups[zone]["held_by_cap_m2"] > 0 and groups[zone]["available_m2"] > 0:
            used = sum(
                groups[zone][name]
                for name in ("built_m2", "under_construction_m2", "committed_m2", "reserved_m2", "available_m2")
            )
            assert used <= cap + 1e-6
    assert groups["Z01"]["held_by_cap_m2"] > 0


def test_the_books_and_the_report_say_the_same(study: Workspace) -> None:
    sums, whole = accounts.books(study).total(), accounts.totals(study)
    for name in accounts.FIGURES:
        assert whole[name] == pytest.approx(float(getattr(sums, name.removesuffix("_m2"))[0]), rel=1e-9, abs=1e-6)


def test_parcels_may_be_in_pieces(study: Workspace, tmp_path: Path) -> None:
    parcels = study.table("parcels")
    pieces = [parcels.iloc[:250], parcels.iloc[250:251], parcels.iloc[251:]]
    bare = Workspace(study.name, study.crs, {k: v for k, v in study.tables.items() if k != "parcels"})
    geoparquet.write(tmp_path / "w", bare, parcels=pieces)
    assert len(list((tmp_path / "w" / "parcels").iterdir())) == 3
    agree(geoparquet.report(tmp_path / "w"), accounts.report(study))


def test_row_groups_are_small_enough_to_pass_by(
    study: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    monkeypatch.setattr(geoparquet, "ROWS", 200)
    geoparquet.write(tmp_path / "w", study)
    assert pq.ParquetFile(tmp_path / "w" / "parcels.parquet").num_row_groups == 3


def test_what_is_written_is_read_again(study: Workspace, folder: Path) -> None:
    again = geoparquet.read(folder)
    assert (again.name, again.crs, again.revision) == (study.name, study.crs, 7)
    for name, before in study.tables.items():
        after = again.table(name)
        assert list(after.columns) == list(before.columns)
        plain = [column for column in before if column != "geometry"]
        pd.testing.assert_frame_equal(
            pd.DataFrame(after[plain]), pd.DataFrame(before[plain]).reset_index(drop=True), check_dtype=False
        )
        if "geometry" in before and len(before):
            both = (np.asarray(table_["geometry"], dtype=object) for table_ in (after, before))
            assert shapely.equals_identical(*both).tolist() == [shape is not None for shape in before.geometry]


def test_an_empty_workspace_has_empty_accounts(tmp_path: Path) -> None:
    empty = Workspace("空", "EPSG:4548")
    geoparquet.write(tmp_path / "w", empty)
    agree(geoparquet.report(tmp_path / "w", ("zone",)), accounts.report(empty))


def test_whole_numbers_may_stand_in_a_column_of_figures(study: Workspace, tmp_path: Path) -> None:
    parcels = study.table("parcels").assign(far_max=2)
    geoparquet.write(tmp_path / "w", study.with_tables(parcels=parcels))
    agree(geoparquet.report(tmp_path / "w"), accounts.report(study.with_tables(parcels=parcels.assign(far_max=2.0))))


def test_columns_may_be_missing(study: Workspace, tmp_path: Path) -> None:
    geoparquet.write(tmp_path / "w", study)
    few = study.table("parcels")[["parcel_id", "far_max", "geometry"]]
    few.to_parquet(tmp_path / "w" / "parcels.parquet")
    found = geoparquet.report(tmp_path / "w", ("zone", "year"))
    assert found["parcels"] == COUNT
    assert {group["year"] for group in found["groups"]} == {None}


def test_nothing_is_overwritten(study: Workspace, folder: Path) -> None:
    before = (folder / "workspace.json").read_bytes()
    with pytest.raises(WorkspaceExists):
        geoparquet.write(folder, study)
    assert (folder / "workspace.json").read_bytes() == before
    assert [path.name for path in folder.parent.iterdir()] == ["study"]


def test_a_writer_that_stops_leaves_nothing(study: Workspace, tmp_path: Path) -> None:
    def pieces() -> Any:
        yield study.table("parcels")
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        geoparquet.write(tmp_path / "w", study, parcels=pieces())
    assert list(tmp_path.iterdir()) == []


def _no_crs(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    parcels.to_crs("EPSG:4490").to_parquet(folder / "parcels.parquet")


def _text_for_numbers(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    parcels.assign(far_max=parcels["far_max"].astype("str")).to_parquet(folder / "parcels.parquet")


def _twice(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    pd.concat([parcels, parcels.iloc[:1]]).to_parquet(folder / "parcels.parquet")


def _bow_tie(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    shapes = parcels.geometry.copy()
    shapes.iloc[3] = shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)])
    parcels.set_geometry(shapes).to_parquet(folder / "parcels.parquet")


def _no_outline(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    shapes = parcels.geometry.copy()
    shapes.iloc[3] = None
    parcels.set_geometry(shapes).to_parquet(folder / "parcels.parquet")


def _plain_parquet(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    pd.DataFrame(parcels[["parcel_id", "far_max"]]).to_parquet(folder / "parcels.parquet")


def _no_parcels(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    (folder / "parcels.parquet").unlink()


def _cut_short(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    path = folder / "parcels.parquet"
    path.write_bytes(path.read_bytes()[:-100])


def _another_json(folder: Path, parcels: gpd.GeoDataFrame) -> None:
    (folder / "workspace.json").write_text(json.dumps([1, 2]), encoding="utf-8")


@pytest.mark.parametrize(
    "spoil",
    [
        _no_crs,
        _text_for_numbers,
        _twice,
        _bow_tie,
        _no_outline,
        _plain_parquet,
        _no_parcels,
        _cut_short,
        _another_json,
    ],
)
def test_what_is_wrong_is_said_kindly(study: Workspace, tmp_path: Path, spoil: Any) -> None:
    geoparquet.write(tmp_path / "w", study)
    spoil(tmp_path / "w", study.table("parcels"))
    with pytest.raises(NotAWorkspace) as caught:
        geoparquet.report(tmp_path / "w")
    for language in ("zh-CN", "en"):
        told = tell(caught.value, language)
        assert told["code"] == "workspace_unreadable"
        assert str(tmp_path) not in told["message"]


def test_a_folder_without_the_sign_is_no_workspace(tmp_path: Path) -> None:
    assert not geoparquet.is_folder_workspace(tmp_path)
    with pytest.raises(WorkspaceMissing):
        geoparquet.report(tmp_path)
    with pytest.raises(WorkspaceMissing):
        geoparquet.read(tmp_path / "none")
