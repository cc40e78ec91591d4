"""A file comes in through the front door: counts, coordinates, columns, keys, and what is told by row."""

from __future__ import annotations

import contextlib
import math
import sqlite3
import struct
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from layers import stores
from layers.workspace import Workspace
from tests.files import bring, codes, geojson, held, parcels, shapefile
from tests.world import box, table

# --- what a good file says -------------------------------------------------------------------------------------


def test_the_report_has_its_keys(w: Path, tmp_path: Path) -> None:
    source = shapefile(
        tmp_path / "p.shp", parcels(3, DKBH=["1", "2", "3"], RJL=[1.0, 2.0, 2.5], owner=["a", "b", "c"])
    )
    status, answer = bring(w, source)
    assert status == 0
    assert (answer["read"], answer["accepted"], answer["rejected"], answer["written"]) == (3, 3, 0, 3)
    assert (answer["crs"], answer["crs_basis"]) == ("EPSG:4548", "file")
    assert (answer["encoding"], answer["encoding_basis"]) == ("UTF-8", "cpg")
    assert answer["columns"] == {"parcel_no": "DKBH", "far_max": "RJL"}
    assert answer["planar_area_m2"] == pytest.approx(30_000, rel=1e-12)
    assert answer["ellipsoidal_area_m2"] == pytest.approx(30_000, rel=2e-4)
    assert answer["bounds"] == pytest.approx([438_000, 4_410_000, 438_300, 4_410_100])
    assert answer["revision"] == 2
    kept = held(w)
    assert kept["parcel_id"].tolist() == ["1", "2", "3"]
    assert kept["far_max"].tolist() == [1.0, 2.0, 2.5]
    assert kept["owner"].tolist() == ["a", "b", "c"]
    assert kept["geometry_basis"].isna().all()
    assert kept["classification"].isna().all()


def test_a_dry_run_reports_the_same_and_writes_nothing(w: Path, tmp_path: Path) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(2, DKBH=["1", "1"]))
    before = w.read_bytes()
    dry = bring(w, source, "--dry-run")[1]
    assert w.read_bytes() == before
    wet = bring(w, source)[1]
    assert dry["written"] == 0
    same = ("read", "accepted", "rejected", "rows", "columns", "planar_area_m2", "bounds", "crs")
    assert {key: dry[key] for key in same} == {key: wet[key] for key in same}


def test_imports_append_and_keep_extra_columns_of_both(w: Path, tmp_path: Path) -> None:
    bring(w, shapefile(tmp_path / "a.shp", parcels(1, DKBH=["1"], Owner=["x"])))
    bring(w, shapefile(tmp_path / "b.shp", parcels(1, DKBH=["2"], owner=["y"], age=[7])))
    kept = held(w)
    assert kept["parcel_id"].tolist() == ["1", "2"]
    assert kept["Owner"].tolist() == ["x", "y"]
    assert pd.isna(kept["age"].iloc[0])


# --- coordinates ----------------------------------------------------------------------------------------------


def test_degrees_come_in_by_rfc7946(w: Path, tmp_path: Path) -> None:
    source = geojson(tmp_path / "p.geojson", parcels(2).to_crs(4326))
    answer = bring(w, source)[1]
    assert (answer["crs"], answer["crs_basis"]) == ("EPSG:4326", "rfc7946")
    assert answer["planar_area_m2"] == pytest.approx(20_000, rel=1e-7)


@pytest.mark.parametrize(
    ("epsg", "words", "code"),
    [
        (4548, (), "crs_missing"),
        (4548, ("--crs", "EPSG:4326"), "crs_contradicts_coordinates"),
        (4326, ("--crs", "EPSG:4548"), "crs_contradicts_coordinates"),
        (4326, ("--crs", "EPSG:12"), "crs_unknown"),
    ],
)
def test_coordinates_that_contradict_their_crs_are_refused(
    w: Path, tmp_path: Path, epsg: int, words: tuple[str, ...], code: str
) -> None:
    source = geojson(tmp_path / "p.geojson", parcels(2).to_crs(epsg))
    status, answer = bring(w, source, *words)
    assert (status, answer["error"]["code"]) == (1, code)
    assert len(held(w)) == 0


def test_a_shapefile_without_prj_asks_for_its_crs_and_shows_the_evidence(w: Path, tmp_path: Path) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(1))
    source.with_suffix(".prj").unlink()
    status, answer = bring(w, source)
    assert (status, answer["error"]["code"]) == (1, "crs_missing")
    assert "438000" in answer["error"]["message"]
    assert "--crs" in answer["error"]["cure"]
    status, answer = bring(w, source, "--crs", "EPSG:4548")
    assert (status, answer["crs_basis"]) == (0, "given")


def test_the_given_crs_wins_over_the_file_and_that_is_told(w: Path, tmp_path: Path) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(1))
    answer = bring(w, source, "--crs", "EPSG:4547", "--dry-run")[1]
    assert (answer["crs"], answer["crs_basis"], codes(answer)[0]) == ("EPSG:4547", "given", "crs_overridden")
    assert "crs_overridden" not in codes(bring(w, source, "--crs", "EPSG:4548")[1])


def test_swapped_axes_are_refused(w: Path, tmp_path: Path) -> None:
    frame = parcels(1).to_crs(4326)
    frame["geometry"] = shapely.transform(frame.geometry.values, lambda xy: xy[:, ::-1])
    status, answer = bring(w, geojson(tmp_path / "p.geojson", frame))
    assert (status, answer["error"]["code"]) == (1, "crs_missing")


def test_a_working_crs_that_distorts_is_refused_with_a_better_one(w: Path, tmp_path: Path) -> None:
    boston = gpd.GeoDataFrame(geometry=[shapely.box(-71.11, 42.36, -71.10, 42.37)], crs=4326)
    status, answer = bring(w, geojson(tmp_path / "b.geojson", boston))
    assert (status, answer["error"]["code"]) == (1, "crs_unsuitable")
    assert "EPSG:32619" in answer["error"]["cure"]


def test_a_neighbouring_belt_warns(tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    stores.create(path, Workspace("w", "EPSG:4547"))
    answer = bring(path, geojson(tmp_path / "p.geojson", parcels(1).to_crs(4326)))[1]
    found = next(row for row in answer["rows"] if row["code"] == "crs_distorts")
    assert (found["severity"], found["row"]) == ("warning", None)


# --- geometry --------------------------------------------------------------------------------------------------


BOW_TIE = shapely.Polygon([(438_000, 4_410_000), (438_100, 4_410_100), (438_100, 4_410_000), (438_000, 4_410_100)])


def bad_file(path: Path) -> Path:
    shapes = [box(0, 0, 100, 100), None, BOW_TIE, shapely.Point(438_050, 4_410_050), shapely.Polygon()]
    frame = gpd.GeoDataFrame({"DKBH": list("abcde")}, geometry=shapes, crs="EPSG:4548")
    pyogrio.write_dataframe(frame, path, driver="GPKG", layer="p", geometry_type="Unknown")
    return path


def test_bad_geometry_keeps_the_file_out_and_every_row_is_told(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, bad_file(tmp_path / "bad.gpkg"))
    assert status == 1
    assert answer["error"]["code"] == "rows_refused"
    assert (answer["read"], answer["accepted"], answer["written"]) == (5, 1, 0)
    found = {row["row"]: row["code"] for row in answer["rows"] if row["severity"] == "error"}
    assert found == {1: "geometry_missing", 2: "geometry_invalid", 3: "geometry_type", 4: "geometry_empty"}
    assert len(held(w)) == 0
    assert stores.revision(w) == 1


def test_skip_bad_leaves_them_out(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, bad_file(tmp_path / "bad.gpkg"), "--skip-bad")
    assert (status, answer["accepted"], answer["rejected"], answer["written"]) == (0, 1, 4, 1)
    assert "error" not in answer
    assert held(w)["parcel_id"].tolist() == ["a"]


def test_repair_mends_polygons_and_tells_both_areas(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, bad_file(tmp_path / "bad.gpkg"), "--skip-bad", "--repair")
    assert (status, answer["accepted"]) == (0, 2)
    found = next(row for row in answer["rows"] if row["code"] == "geometry_repaired")
    assert (found["row"], found["severity"]) == (2, "warning")
    assert "from 0.00 m² to 5000.00 m²" in found["message"]
    assert shapely.area(held(w)["geometry"].iloc[1]) == pytest.approx(5_000)


def test_rows_that_are_no_number_or_infinite_are_told(w: Path, tmp_path: Path) -> None:
    ring = [[116.28, 39.83], [1e400, 39.83], [116.29, 39.84], [116.28, 39.83]]
    text = '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":%s}]}'
    shape = str({"type": "Polygon", "coordinates": [ring]}).replace("'", '"').replace("inf", "1e400")
    path = tmp_path / "inf.geojson"
    path.write_text(text % shape)
    status, answer = bring(w, path)
    assert status == 1
    assert answer.get("read", 1) == 1


def test_arcs_become_straight_lines_and_that_is_told(w: Path, tmp_path: Path) -> None:
    path = tmp_path / "c.gpkg"
    pyogrio.write_dataframe(parcels(1), path, layer="p", layer_options={"SPATIAL_INDEX": "NO"})
    points = [(438_000 + x, 4_410_000 + y) for x, y in ((0, 0), (50, 50), (100, 0), (50, -50), (0, 0))]
    arc = struct.pack("<BII", 1, 8, 5) + b"".join(struct.pack("<dd", *point) for point in points)
    curve = b"GP\x00\x01" + struct.pack("<i", 4548) + struct.pack("<BII", 1, 10, 1) + arc
    with contextlib.closing(sqlite3.connect(path)) as made:
        for (name,) in made.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            made.execute(f'DROP TRIGGER "{name}"')
        made.execute("UPDATE p SET geom = ?", (curve,))
        made.commit()
    status, answer = bring(w, path)
    assert (status, codes(answer, "error")) == (0, [])
    assert "curves_straightened" in codes(answer, "warning")
    assert answer["planar_area_m2"] == pytest.approx(math.pi * 50**2, rel=1e-4)


def test_heights_of_points_are_dropped_and_told(w: Path, tmp_path: Path) -> None:
    frame = parcels(1)
    frame["geometry"] = shapely.force_3d(frame.geometry.values, 7.0)
    answer = bring(w, geojson(tmp_path / "z.geojson", frame.to_crs(4326)))[1]
    assert "dimensions_dropped" in codes(answer, "info")
    assert not held(w).geometry.has_z.any()


# --- keys ------------------------------------------------------------------------------------------------------


def test_repeated_and_missing_numbers_are_warnings(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, shapefile(tmp_path / "p.shp", parcels(5, DKBH=["1", "1", None, "2", "1"])))
    assert status == 0
    assert held(w)["parcel_id"].tolist() == ["1", "1~2", "row-3", "2", "1~3"]
    found = [(row["row"], row["code"], row["severity"]) for row in answer["rows"]]
    duplicate = "parcel_no_duplicate"
    assert found == [
        (0, duplicate, "warning"), (1, duplicate, "warning"), (2, "parcel_no_missing", "warning"),
        (4, duplicate, "warning"),
    ]  # fmt: skip


def test_a_number_that_the_workspace_holds_is_told(w: Path, tmp_path: Path) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(1, DKBH=["1"]))
    bring(w, source)
    answer = bring(w, source)[1]
    assert codes(answer) == ["parcel_no_duplicate"]
    assert held(w)["parcel_id"].tolist() == ["1", "1~2"]


def test_a_key_that_the_workspace_holds_is_an_error(w: Path, tmp_path: Path) -> None:
    frame = parcels(2, zone_id=["east", "west"])
    assert bring(w, shapefile(tmp_path / "z.shp", frame), layer="zones")[0] == 0
    status, answer = bring(w, shapefile(tmp_path / "z.shp", frame), layer="zones")
    assert (status, codes(answer, "error")) == (1, ["key_exists", "key_exists"])


def test_rows_of_one_zone_become_one_zone(w: Path, tmp_path: Path) -> None:
    frame = parcels(4, ZONE=["A", "B", "A", "A"], note=["n", "m", "n", "k"], who=["x", "y", "x", "x"], n=[1, 2, 3, 4])
    answer = bring(w, shapefile(tmp_path / "z.shp", frame), "--map", "zone_id=ZONE", layer="zones")[1]
    assert (answer["read"], answer["accepted"], answer["written"]) == (4, 4, 2)
    assert codes(answer) == ["rows_combined", "rows_differ"]
    kept = held(w, "zones")
    assert kept["zone_id"].tolist() == kept["name"].tolist() == ["A", "B"]
    assert shapely.area(kept["geometry"].to_numpy()).tolist() == pytest.approx([30_000, 10_000])
    assert shapely.is_valid(kept["geometry"].to_numpy()).all()
    assert kept["who"].tolist() == ["x", "y"]
    assert pd.isna(kept["n"].iloc[0])


def test_other_layers_get_keys(w: Path, tmp_path: Path) -> None:
    frame = parcels(2, name=["a", "b"]).set_geometry(parcels(2).geometry.centroid)
    answer = bring(w, shapefile(tmp_path / "s.shp", frame), layer="stations")[1]
    assert codes(answer) == ["key_generated", "key_generated"]
    assert held(w, "stations")["station_id"].tolist() == ["stations-1", "stations-2"]


# --- tables without geometry ------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
def test_projects_come_in_from_csv(w: Path, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "p.csv"
    text = "项目编号,项目名称,需求面积,功能构成,独占地块,可选分区\n"
    text += "x1,甲𠮷,8000,研发设计=0.6；总部办公=0.4,是,east；west\n"
    path.write_bytes(text.encode(encoding))
    status, answer = bring(w, path, layer="projects")
    assert status == 0, answer
    row = held(w, "projects").iloc[0]
    assert (row["project_id"], row["name"], row["requested_floor_area_m2"]) == ("x1", "甲𠮷", 8000)
    assert row["function_mix"] == "research=0.6; headquarters=0.4"
    assert bool(row["exclusive"])
    assert answer["crs"] is None
    assert answer["planar_area_m2"] is None


def test_a_function_mix_that_nobody_understands_is_an_error_row(w: Path, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("project_id,function_mix,exclusive\na,dancing,maybe\n")
    status, answer = bring(w, path, layer="projects")
    assert status == 1
    assert sorted(codes(answer, "error")) == ["function_mix_refused", "not_a_boolean"]


def test_geometry_for_a_table_without_is_left_out_and_told(w: Path, tmp_path: Path) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(1, project_id=["a"], name=["b"]))
    status, answer = bring(w, source, layer="projects")
    assert (status, codes(answer)) == (0, ["geometry_left_out"])


def test_rows_without_a_required_column_stay_out_even_with_skip_bad(w: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("building_id,floor_area_m2\na,10\n")
    status, answer = bring(w, path, "--skip-bad", layer="buildings")
    assert (status, answer["accepted"], answer["written"]) == (1, 0, 0)


def test_a_workspace_in_use_may_be_the_source(w: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.gpkg"
    rows = [{"parcel_id": "A", "parcel_no": "A", "geometry": box(0, 0, 10, 10)}]
    stores.create(other, Workspace("o", "EPSG:4548", {"parcels": table("parcels", rows)}))
    status, answer = bring(w, other, "--source-layer", "parcels")
    assert (status, answer["written"]) == (0, 1)
