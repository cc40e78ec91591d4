"""What goes out comes back the same, and what a format cannot carry is told."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapefile
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import CRS

from layers import stores
from layers.commands import Assign
from layers.field_names import SHEETS
from layers.readers.bring_in import Wish, bring_in
from layers.workspace import Workspace
from layers.writers import hand_out
from layers.writers.errors import ExportRefused
from layers.writers.formats import FORMATS
from layers.writers.hand_out import Order
from layers.writers.losses import MILD
from layers.writers.sheets import sheet
from spatial import crs as crs_
from spatial.errors import tell
from tests.files import call
from tests.world import after as after_
from tests.world import box, table

RARE = "𠮷野家䶮〇 {{7*7}} </script> 'x' \"y\" =1+1"

MISBEHAVING = Path(__file__).parents[1] / "readers" / "misbehaving.py"


def out(workspace: Workspace, path: Path, layer: str, **order: Any) -> hand_out.Handed:
    return hand_out.hand_out(workspace, Order(str(path), layer, **order))


def gone(found: hand_out.Handed) -> list[tuple[str, str, int]]:
    """What was lost of what somebody wrote."""
    return [(loss.column, loss.code, loss.rows) for loss in found.losses if loss.severity == "loss"]


def parcels(count: int = 3, **columns: Any) -> Workspace:
    rows = [
        {"parcel_id": f"P{i}", "parcel_no": f"P{i}", "geometry": box(i * 100, 0, i * 100 + 100, 100)}
        | {name: values[i] for name, values in columns.items()}
        for i in range(count)
    ]
    return Workspace("w", "EPSG:4548", {"parcels": table("parcels", rows)})


# --- round trips -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["gpkg", "geojson", "shp"])
def test_parcels_come_back_as_they_went(world: Workspace, tmp_path: Path, kind: str) -> None:
    found = out(world, tmp_path / f"p.{kind}", "parcels")
    assert (found.written, Path(found.files[0]).name) == (3, f"p.{kind}")
    back = bring_in(Workspace("b", "EPSG:4548"), Wish(found.files[0], "parcels"))
    assert back.refusal is None
    assert back.report("en")["columns"]["parcel_id"] in ("NBBH", "parcel_id")
    before, after = world.table("parcels"), back.table
    for column in (c for c in before.columns if c not in ("geometry", "zone", "sub_area")):
        both = [[None if pd.isna(v) else v for v in frame[column]] for frame in (before, after)]
        assert both[0] == both[1], column
    assert after["zone"].tolist() == ["east", "east", "west"]  # where they lie, not what was typed
    step = 0.001 if kind == "geojson" else 0.0
    same = shapely.equals_exact(
        shapely.normalize(after.geometry.values), shapely.normalize(before.geometry.values), step
    )
    assert same.all()
    assert not [name for name in after.columns if name not in before.columns]


@pytest.mark.parametrize("layer", [name for name in SHEETS if name not in ("remaining", "catchments")])
@pytest.mark.parametrize("kind", list(FORMATS))
def test_every_layer_of_the_demo_goes_out_in_every_format(tmp_path: Path, layer: str, kind: str) -> None:
    workspace = _demo()
    shapes = sheet(workspace, layer).shapes
    outlines = shapes is not None and (not len(shapes) or bool(np.isin(shapely.get_type_id(shapes), (3, 6)).any()))
    if (FORMATS[kind].needs and shapes is None) or (FORMATS[kind].needs == "outlines" and not outlines):
        with pytest.raises(ExportRefused):
            out(workspace, tmp_path / f"x.{kind}", layer)
        assert list(tmp_path.iterdir()) == []
        return
    found = out(workspace, tmp_path / f"x.{kind}", layer)
    assert found.written == len(workspace.table(layer))
    assert all(Path(path).exists() for path in found.files)
    assert f"x.{kind}.xml" in {Path(path).name for path in found.files}
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


_KEPT: list[Workspace] = []


def _demo() -> Workspace:
    if not _KEPT:
        from tests.world import demo

        _KEPT.append(demo())
    return _KEPT[0]


def test_the_shapefile_of_assignments_carries_who_gets_what(world: Workspace, tmp_path: Path) -> None:
    given_ = after_(world, Assign("A", "p1", 3000.0, supply_mode="lease"))
    found = out(given_, tmp_path / "a.shp", "assignments")
    row = gpd.read_file(found.files[0]).iloc[0]
    assert (row["DKBH"], row["XMDM"], row["XMMC"], row["JZMJ"], row["GYFS"]) == ("A", "p1", "甲", 3000.0, "lease")
    assert (row["SSFQ"], row["KJLY"], row["JD"]) == ("east", "new", "intent")
    assert row.geometry.equals(given_.shapes("parcels")[0])


def test_remaining_is_what_can_still_be_taken(world: Workspace, tmp_path: Path) -> None:
    made = sheet(world, "remaining")
    assert made.frame["parcel_id"].tolist() == ["A"]  # B is over, C has no limit
    row = made.frame.iloc[0]
    assert (row["available_m2"], row["built_vacant_m2"]) == (15_000, 2_000)
    assert "research" in row["functions_allowed"]


def test_unknown_capacity_is_empty_and_not_0(world: Workspace) -> None:
    row = sheet(world, "parcels").frame.iloc[2]
    assert row["binding_limit"] == "unknown"
    assert np.isnan(row["permitted_m2"])
    assert np.isnan(row["available_m2"])
    assert row["site_area_m2"] == 10_000


# --- the shapefile ---------------------------------------------------------------------------------------------


def test_names_and_crs_of_the_shapefile(world: Workspace, tmp_path: Path) -> None:
    found = out(world, tmp_path / "p.shp", "parcels")
    info = pyogrio.read_info(found.files[0])
    assert CRS.from_user_input(info["crs"]).to_epsg() == 4548
    assert {"DKBH", "YDXZDM", "RJLSX", "SSFQ", "KYGM", "TXYJ"} <= set(info["fields"])
    assert (tmp_path / "p.cpg").read_text() == "UTF-8"
    rows = list(csv.reader((tmp_path / "p_字段说明.csv").open(encoding="utf-8-sig")))
    assert [row[0] for row in rows[1:]] == list(info["fields"])
    assert next(row for row in rows if row[0] == "DKBH")[1:3] == ["parcel_no", "地块编号"]


@pytest.mark.parametrize("epsg", [4548, 4527, 4490, 4547, 32650])
def test_the_prj_says_the_same_crs_again(world: Workspace, tmp_path: Path, epsg: int) -> None:
    found = out(world, tmp_path / "p.shp", "parcels", crs=f"EPSG:{epsg}")
    assert CRS.from_user_input(pyogrio.read_info(found.files[0])["crs"]).to_epsg() == epsg


def test_rare_characters_and_long_text(tmp_path: Path) -> None:
    note = [RARE, "长" * 200, None]
    workspace = parcels(note=note, extra=["甲" * 84, "b " * 3, ""])
    found = out(workspace, tmp_path / "p.shp", "parcels")
    back = gpd.read_file(found.files[0])
    assert back["BZ"].iloc[0] == RARE
    assert back["BZ"].iloc[1] == "长" * 84
    assert pd.isna(back["BZ"].iloc[2])
    assert back["EXTRA"].iloc[0] == "甲" * 84
    lost = {(loss.column, loss.code): loss.rows for loss in found.losses}
    gone = {key: rows for key, rows in lost.items() if key[1] not in MILD}
    assert gone == {("note", "text_cut"): 1, ("extra", "spaces_lost"): 1}
    assert lost["far_max", "null_may_read_0"] == 3
    for language in ("zh-CN", "en"):
        assert all(row["message"] for row in found.report(language)["losses"])


def test_gbk_replaces_what_it_lacks_and_says_so(tmp_path: Path) -> None:
    workspace = parcels(note=["𠮷䶮", "平常", None])
    found = out(workspace, tmp_path / "p.shp", "parcels", encoding="GBK")
    assert gone(found) == [("note", "characters_replaced", 1)]
    assert (tmp_path / "p.cpg").read_text() == "GBK"
    assert gpd.read_file(found.files[0], encoding="GBK")["BZ"].tolist()[:2] == ["??", "平常"]
    kept = out(workspace, tmp_path / "q.shp", "parcels", encoding="GB18030")
    assert gone(kept) == []


def test_numbers_to_the_limits_of_a_dbf(tmp_path: Path) -> None:
    numbers = [0.1 + 0.2, 1e300, -123_456_789.123_456]
    integers = pd.array([2**53 + 1, None, 10**17], dtype="Int64")
    workspace = parcels()
    frame = workspace.table("parcels").assign(big=numbers, whole=integers)
    found = out(workspace.with_tables(parcels=frame), tmp_path / "p.shp", "parcels")
    back = gpd.read_file(found.files[0])
    assert back["BIG"].tolist()[::2] == pytest.approx(numbers[::2], rel=1e-15)
    assert pd.isna(back["BIG"].iloc[1])
    assert int(back["WHOLE"].iloc[0]) in (2**53, 2**53 + 1, 2**53 + 2)
    assert gone(found) == [
        ("big", "number_not_written", 1), ("whole", "integer_above_2_53", 1), ("whole", "number_not_written", 1),
    ]  # fmt: skip


def test_dates_are_dates(tmp_path: Path) -> None:
    workspace = parcels(3, approved=["2026-11-22", None, "2024-02-29"])
    found = out(workspace, tmp_path / "d.shp", "parcels")
    with shapefile.Reader(found.files[0]) as reader:
        kinds = {field[0]: field[1] for field in reader.fields}
        days = [record["APPROVED"] for record in reader.records()]
    assert kinds["APPROVED"] == "D"
    assert days == [date(2026, 11, 22), None, date(2024, 2, 29)]


def test_kinds_of_geometry_go_to_files_of_their_own(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"park_id": "a", "geometry": box(0, 0, 10, 10)},
        {"park_id": "b", "geometry": box(0, 0, 10, 10).centroid},
        {"park_id": "c", "geometry": None},
    ]
    workspace = Workspace("w", "EPSG:4548", {"parks": table("parks", rows)})
    found = out(workspace, tmp_path / "k.shp", "parks")
    names = {Path(path).name for path in found.files if path.endswith(".shp")}
    assert names == {"k_point.shp", "k_polygon.shp"}
    assert sorted(gpd.read_file(tmp_path / "k_polygon.shp")["YQBH"]) == ["a", "c"]
    assert gpd.read_file(tmp_path / "k_point.shp")["YQBH"].tolist() == ["b"]


def test_holes_and_parts_keep_their_place(tmp_path: Path) -> None:
    ring = box(0, 0, 100, 100).difference(box(40, 40, 60, 60))
    islands = shapely.MultiPolygon([box(200, 0, 300, 100), box(400, 0, 500, 100).difference(box(410, 10, 420, 20))])
    rows: list[dict[str, object]] = [{"parcel_id": "r", "geometry": ring}, {"parcel_id": "i", "geometry": islands}]
    workspace = Workspace("w", "EPSG:4548", {"parcels": table("parcels", rows)})
    for kind in ("shp", "gpkg", "geojson"):
        out(workspace, tmp_path / f"h.{kind}", "parcels")
    back = gpd.read_file(tmp_path / "h.shp")
    assert back.area.tolist() == [ring.area, islands.area]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=120)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(TEXT | st.none(), min_size=2, max_size=2),
    name=st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=14),
    number=st.floats(-1e14, 1e14),
    kind=st.sampled_from(["shp", "gpkg", "csv", "geojson"]),
)
def test_any_text_and_number_goes_out_or_is_told(
    tmp_path: Path, notes: list[str | None], name: str, number: float, kind: str
) -> None:
    workspace = parcels(2)
    frame = workspace.table("parcels").assign(note=pd.Series(notes, dtype="str"), height_max_m=abs(number))
    if name.casefold() not in {str(column).casefold() for column in frame} | {"fid", "geom", "zone_typed"}:
        frame[name] = pd.Series(notes[::-1], dtype="str")
    for path in tmp_path.iterdir():
        path.unlink()
    found = out(workspace.with_tables(parcels=frame), tmp_path / f"x.{kind}", "parcels")
    assert found.written == 2


# --- GeoJSON, CSV ----------------------------------------------------------------------------------------------


def test_geojson_is_rfc_7946(world: Workspace, tmp_path: Path) -> None:
    found = out(world, tmp_path / "p.geojson", "parcels")
    document = json.loads(Path(found.files[0]).read_text(encoding="utf-8"))
    assert "crs" not in document
    x, y = document["features"][0]["geometry"]["coordinates"][0][0]
    assert (round(x, 1), round(y, 1)) == (116.3, 39.8)
    ring = shapely.Polygon(document["features"][0]["geometry"]["coordinates"][0])
    assert ring.exterior.is_ccw
    assert [(loss.column, loss.code, loss.rows) for loss in found.losses] == [("geometry", "coordinates_rounded", 3)]
    assert gone(found) == []
    with pytest.raises(ExportRefused):
        out(world, tmp_path / "q.geojson", "parcels", crs="EPSG:4548")


def test_csv_holds_no_formula(tmp_path: Path) -> None:
    cells = ["=1+1", "+1", "-2", "@x", "\tx", "\rx", "ok"]
    workspace = parcels(7, note=cells, height_max_m=[float(i) for i in range(7)])
    frame = workspace.table("parcels").assign(**{"=cmd": cells})
    found = out(workspace.with_tables(parcels=frame), tmp_path / "p.csv", "parcels")
    rows = list(csv.DictReader((tmp_path / "p.csv").open(encoding="utf-8-sig", newline="")))
    assert [row["note"] for row in rows] == [f"'{cell}" for cell in cells[:-1]] + ["ok"]
    assert "'=cmd" in rows[0]
    assert [float(row["height_max_m"]) for row in rows] == list(range(7))
    lost = {(loss.column, loss.code): loss.rows for loss in found.losses}
    assert lost[("note", "formula_quoted")] == 6
    assert lost[("geometry", "geometry_left_out")] == 7


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_takes_a_file_called_after_the_layer(world: Workspace, tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "out").mkdir()
    order = Order(f"{tmp_path}/out" + ("" if there else "/"), "zones", format="shp")
    assert hand_out.hand_out(world, order).files[0] == str(tmp_path / "out" / "zones.shp")


# --- refusals --------------------------------------------------------------------------------------------------


def test_nothing_is_overwritten_unasked(world: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "p.shp"
    path.with_suffix(".dbf").write_text("mine")
    with pytest.raises(ExportRefused) as caught:
        out(world, path, "parcels")
    assert caught.value.code == "out_exists"
    assert [p.name for p in tmp_path.iterdir()] == ["p.dbf"]
    assert path.with_suffix(".dbf").read_text() == "mine"
    assert out(world, path, "parcels", overwrite=True).written == 3


def test_a_workspace_is_never_replaced(world: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    stores.create(str(path), world)
    before = path.read_bytes()
    status, answer = call("export", path, path, "--layer", "parcels", "--overwrite")
    assert (status, answer["error"]["code"]) == (1, "out_is_workspace")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "order", "code"),
    [
        ("p.shp", {"layer": "projects"}, "format_needs_geometry"),
        ("p.shp", {"layer": "parcels", "encoding": "latin-1"}, "encoding_unknown"),
        ("p.doc", {"layer": "parcels"}, "format_unknown"),
        ("p.shp", {"layer": "houses"}, "layer_unknown"),
        ("p.shp", {"layer": "parcels", "crs": "EPSG:0"}, "crs_unknown"),
        ("none/p.shp", {"layer": "parcels"}, "out_unwritable"),
        ("p.kml", {"layer": "projects"}, "format_needs_geometry"),
        ("p.txt", {"layer": "stations"}, "format_needs_outlines"),
        ("p.gpkg", {"layer": "parcels", "crs": "EPSG:3857"}, "crs_unsuitable"),
        ("p.gpkg", {"layer": "parcels", "crs": "EPSG:5737"}, "crs_not_flat"),
        ("p.gpkg", {"layer": "parcels", "crs": "+proj=tmerc +lon_0=117 +nadgrids=/etc/passwd"}, "crs_reads_files"),
        ("p.dxf", {"layer": "parcels", "crs": "EPSG:4490"}, "crs_not_metric"),
        ("p.kml", {"layer": "parcels", "crs": "EPSG:4548"}, "geojson_lonlat_only"),
        ("p.gpkg", {"layer": "parcels", "crs": "+proj=gnom +lat_0=-40 +lon_0=-63 +ellps=GRS80"}, "crs_out_of_reach"),
    ],
)
def test_refusals_leave_nothing_behind(
    world: Workspace, tmp_path: Path, name: str, order: dict[str, str], code: str
) -> None:
    from spatial.errors import ChengzaiError

    with pytest.raises(ChengzaiError) as caught:
        out(world, tmp_path / name, **order)
    assert caught.value.code == code
    assert tell(caught.value, "en")["message"] != tell(caught.value, "zh-CN")["message"]
    assert list(tmp_path.iterdir()) == []


def test_whole_numbers_that_readers_of_geojson_round_go_out_and_are_told(tmp_path: Path) -> None:
    """With one far below zero GDAL takes the column for doubles; the digits in the file are all there."""
    plain = parcels(3)
    table = plain.tables["parcels"].copy()
    table["count"] = pd.array([2**53 + 1, None, -(2**60)], dtype="Int64")
    world = replace(plain, tables=dict(plain.tables) | {"parcels": table})
    handed = hand_out.hand_out(world, Order(str(tmp_path / "a.geojson"), "parcels"))
    assert ("count", "integer_above_2_53", 2) in {(loss.column, loss.code, loss.rows) for loss in handed.losses}
    assert str(2**53 + 1) in (tmp_path / "a.geojson").read_text(encoding="utf-8")


def test_vertices_of_geojson_with_many_nines_stay_where_they_are(tmp_path: Path) -> None:
    """Printed with nine decimals by GDAL, 116.9999998 would go out as 117.0 and move by a centimetre."""
    lonlat = np.array([(116.9999998, 39.8), (117.0000000, 39.8000011), (116.9999989, 39.8000009999)])
    shape = crs_.transform(np.array([shapely.Polygon(lonlat)]), CRS("EPSG:4326"), CRS("EPSG:4548"))[0]
    world = parcels(1)
    frame = world.table("parcels").copy()
    frame["geometry"] = [shape]
    out(world.with_tables(parcels=frame), tmp_path / "x.geojson", "parcels")
    document = json.loads((tmp_path / "x.geojson").read_text(encoding="utf-8"))
    found = np.array(document["features"][0]["geometry"]["coordinates"][0])
    assert sorted(found[:-1].tolist()) == sorted(np.round(lonlat, 9).tolist())
