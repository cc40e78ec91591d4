"""Whatever was written into a layer goes out in every format, or is told as lost; what went out comes back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings

from layers.field_names import shapefile_names
from layers.workspace import Workspace
from layers.writers.formats import FORMATS
from layers.writers.hand_out import Handed, Order, hand_out
from layers.writers.shapefile import NOTES
from layers.writers.sheets import Sheet, sheet
from layers.writers.workbook import headings
from tests.layers.writers import foreign
from tests.layers.writers.making import RARE, SHAPES, equal, layers, ordered, outlines, parcels

CHANGES = ("text_cut", "characters_replaced", "spaces_lost", "control_removed", "null_reads_blank")


def fresh(folder: Path) -> Path:
    """An empty folder inside a folder."""
    inner = folder / "out"
    shutil.rmtree(inner, ignore_errors=True)
    inner.mkdir()
    return inner


@pytest.mark.parametrize("kind", list(FORMATS))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(workspace=layers())
def test_anything_goes_out_in_any_format(tmp_path: Path, kind: str, workspace: Workspace) -> None:
    found = hand_out(workspace, Order(str(fresh(tmp_path) / f"x.{kind}"), "parcels"))
    assert found.written == len(SHAPES)
    assert all(loss.message(language) for loss in found.losses for language in ("zh-CN", "en"))
    assert all(0 < loss.rows <= len(SHAPES) for loss in found.losses)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(workspace=layers())
def test_a_shapefile_gives_back_what_it_did_not_tell_as_lost(tmp_path: Path, workspace: Workspace) -> None:
    found = hand_out(workspace, Order(str(fresh(tmp_path) / "x.shp"), "parcels"))
    back = gpd.read_file(found.files[0], use_arrow=True)
    assert [shapely.normalize(shape) for shape in back.geometry] == [shapely.normalize(shape) for shape in SHAPES]
    assert (shapely.area(back.geometry.values) == shapely.area(np.array(SHAPES))).all()
    before = workspace.table("parcels")
    for column, field in (("note", "BZ"), ("name", "DKMC"), ("parcel_no", "DKBH")):
        told = {loss.code for loss in found.losses if loss.column == column}
        same = _texts(before[column]) == _texts(back[field])
        assert same or told & set(CHANGES), column
    for column, field in (("official_area_m2", "YDMJ"), ("Note", "NOTE"), ("far_max", "RJLSX")):
        told = {loss.code for loss in found.losses if loss.column == column}
        a, b = (values.astype(float).to_numpy() for values in (before[column], back[field]))
        close = np.isclose(a, b, rtol=1e-12, atol=0, equal_nan=True)
        assert close.all() or "number_rounded" in told, column
        assert np.allclose(a, b, rtol=1e-14, atol=0.005000001, equal_nan=True)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(workspace=layers())
def test_a_geopackage_gives_back_everything(tmp_path: Path, workspace: Workspace) -> None:
    found = hand_out(workspace, Order(str(fresh(tmp_path) / "x.gpkg"), "parcels"))
    assert {loss.code for loss in found.losses} <= {"field_renamed"}
    back = gpd.read_file(found.files[0], layer="parcels", use_arrow=True)
    before = workspace.table("parcels")
    assert [shapely.normalize(_single(shape)) for shape in back.geometry] == [
        shapely.normalize(shape) for shape in SHAPES
    ]
    for column in ("note", "name", "parcel_no", "owner 业主"):
        assert _texts(before[column]) == _texts(back[column])
        assert before[column].isna().tolist() == back[column].isna().tolist()
    with sqlite3.connect(found.files[0]) as file:
        counts = [row[0] for row in file.execute('SELECT "count" FROM parcels ORDER BY fid')]
    assert [None if pd.isna(value) else int(value) for value in before["count"]] == counts
    assert before["Note"].fillna(-1).tolist() == back["Note_1"].fillna(-1).tolist()


@pytest.mark.parametrize("kind", list(FORMATS))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(workspace=layers(outlines()))
def test_what_is_not_told_as_lost_is_read_by_others(tmp_path: Path, kind: str, workspace: Workspace) -> None:
    """Each value is in the file as it was, or its column is told with at least as many rows as changed."""
    found = hand_out(workspace, Order(str(fresh(tmp_path) / f"x.{kind}"), "parcels"))
    job = {"path": found.files[0], "kind": kind, "layer": "parcels", "encoding": FORMATS[kind].encoding or "utf-8"}
    said = foreign.READERS[kind][0](job)
    made = sheet(workspace, "parcels")
    if kind == "fgb":
        said = ordered(said, "parcel_id", made.frame["parcel_id"].tolist())
    told = {
        column.name: sum(one.rows for one in found.losses if one.column == column.name) for column in made.columns
    }
    names = _names(made, kind, found)
    for column in made.columns if "columns" in said else ():
        values, read = made.frame[column.name].tolist(), said["columns"].get(names[column.name], [None] * len(SHAPES))
        changed = [not equal(column, a, b) for a, b in zip(values, read, strict=True)]
        assert sum(changed) <= told[column.name], column.name
    shapes = np.asarray(made.shapes, dtype=object)
    if "places" in said:
        step = {"geojson": 1e-4, "kml": 1e-4, "gdb": 2e-4}.get(kind, 0.0)
        for shape, place in zip(shapes, said["places"], strict=True):
            assert place[0] == pytest.approx(shape.area, rel=1e-12, abs=step * shape.length)
            lean = max(1.0, shape.length**2 / shape.area)  # the middle of a thin shape moves more than its edge
            middle = [shape.centroid.x, shape.centroid.y]
            assert place[2:] == pytest.approx(middle, rel=1e-12, abs=max(step, 1e-9) * lean)
    if kind == "dxf":
        rings = [shapely.Polygon(ring).area for ring in shapely.get_rings(shapely.get_parts(shapes))]
        assert sorted(said["rings"]) == pytest.approx(sorted(rings), rel=1e-12)
    if kind == "txt":
        assert np.allclose(said["areas"], shapely.area(shapes), rtol=0, atol=1e-3 * shapely.length(shapes).max())


def _names(made: Sheet, kind: str, found: Handed) -> dict[str, str]:
    columns = [column.name for column in made.columns]
    if kind == "shp":
        return shapefile_names("parcels", columns)
    if kind == "xlsx":
        return headings(made.columns)
    changed = {one.column: str(one.facts["name"]) for one in found.losses if one.code == "field_renamed"}
    return dict(zip(columns, columns, strict=True)) | changed


def _single(shape: shapely.Geometry) -> shapely.Geometry:
    return shape.geoms[0] if shape.geom_type == "MultiPolygon" and len(shape.geoms) == 1 else shape


def _texts(values: pd.Series) -> list[str]:
    return ["" if pd.isna(value) else str(value) for value in values]


def test_losses_are_listed_beside_the_file_too(tmp_path: Path) -> None:
    workspace = parcels(3, note=[RARE, "长" * 200, None], name=["a ", "b", None])
    found = hand_out(workspace, Order(str(tmp_path / "p.shp"), "parcels", encoding="GBK"))
    listed = pd.read_csv(tmp_path / "p.shp.losses.csv", encoding="utf-8-sig")
    assert listed.iloc[:, :4].to_numpy().tolist() == [
        [loss.column, loss.code, loss.severity, loss.rows] for loss in found.losses
    ]
    told = {(loss.column, loss.code, loss.rows) for loss in found.losses}
    assert {("note", "characters_replaced", 1), ("note", "text_cut", 1), ("name", "spaces_lost", 1)} <= told


def test_an_old_list_of_losses_does_not_stay_beside_a_new_file(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    hand_out(parcels(2, note=["=1", "b"]), Order(str(path), "parcels"))
    assert (tmp_path / "p.csv.losses.csv").is_file()
    without = Workspace("w", "EPSG:4548", {})
    assert hand_out(without, Order(str(path), "parcels", overwrite=True)).losses == ()
    assert not (tmp_path / "p.csv.losses.csv").exists()


@pytest.mark.parametrize("kind", list(FORMATS))
def test_an_empty_layer_goes_out(tmp_path: Path, kind: str) -> None:
    found = hand_out(Workspace("w", "EPSG:4548", {}), Order(str(tmp_path / f"x.{kind}"), "parcels"))
    assert found.written == 0


def test_only_the_rows_that_were_asked_for(tmp_path: Path) -> None:
    found = hand_out(parcels(3), Order(str(tmp_path / "x.gpkg"), "parcels", only=("P2", "P0", "no such")))
    assert found.written == 2
    assert gpd.read_file(found.files[0], layer="parcels")["parcel_id"].tolist() == ["P0", "P2"]


def test_heights_are_left_out_and_told(tmp_path: Path) -> None:
    made = parcels(2)
    frame = made.table("parcels").copy()
    frame["geometry"] = shapely.force_3d(frame.geometry.values, 42.0)
    found: Handed = hand_out(made.with_tables(parcels=frame), Order(str(tmp_path / "x.shp"), "parcels"))
    assert ("geometry", "height_left_out", 2) in [(one.column, one.code, one.rows) for one in found.losses]
    assert not shapely.has_z(gpd.read_file(found.files[0]).geometry.values).any()


def test_the_field_notes_say_what_every_field_is(tmp_path: Path) -> None:
    hand_out(parcels(2), Order(str(tmp_path / "p.shp"), "parcels"))
    notes = pd.read_csv(tmp_path / f"p{NOTES}", encoding="utf-8-sig").set_index("字段 field")
    assert notes.loc["YDMJ", ["列 column", "中文", "宽度 width", "单位 unit"]].tolist() == [
        "official_area_m2", "用地面积", "N15.2", "m²",
    ]  # fmt: skip


def test_a_bearer_of_bad_news_ends_the_export(tmp_path: Path) -> None:
    """What the listener raises, as when somebody presses cancel, leaves nothing behind."""

    def stop(step: str) -> None:
        if step == "checking":
            raise InterruptedError

    with pytest.raises(Exception):  # noqa: B017
        hand_out(parcels(2), Order(str(tmp_path / "p.shp"), "parcels"), stop)
    assert list(tmp_path.iterdir()) == []
