"""What no library gives as a row is counted all the same, and every row is called as its file shows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from layers.readers.bring_in import Wish, bring_in
from layers.readers.registry import look, read_source
from layers.readers.rejected import rejected
from layers.workspace import Workspace
from tests.files import parcels, plain, shapefile
from tests.world import box

EMPTY = Workspace("w", "EPSG:4548")
RING = [[116.28, 39.80], [116.281, 39.80], [116.281, 39.801], [116.28, 39.801], [116.28, 39.80]]
SQUARE = {"type": "Polygon", "coordinates": [RING]}
KML = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{}</Document></kml>'


def feature(number: str) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"地块编号": number}, "geometry": SQUARE}


def report(path: Path, language: str = "zh-CN", **wish: Any) -> dict[str, Any]:
    found = bring_in(EMPTY, Wish(str(path), "parcels", **wish)).report(language)
    assert found["read"] == found["accepted"] + found["rejected"]
    return found


def errors(found: dict[str, Any]) -> list[tuple[int, str]]:
    return [(row["row"], row["code"]) for row in found["rows"] if row["severity"] == "error"]


@pytest.mark.parametrize("odd", [SQUARE, None, 5, "x", True, [], {}, {"type": "feature", "geometry": SQUARE}])
def test_members_of_a_collection_that_are_no_features_are_rejected_rows(tmp_path: Path, odd: Any) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature("A"), odd, feature("B")]}))
    found = report(path, skip_bad=True)
    assert (found["read"], found["accepted"]) == (3, 2)
    assert errors(found) == [(1, "not_a_feature")]
    assert look(str(path))[1][0].rows == 3
    sound = tmp_path / "b.geojson"
    sound.write_text(json.dumps({"type": "FeatureCollection", "features": [feature("A"), feature("B")]}))
    assert (report(sound)["read"], errors(report(sound))) == (2, [])


def test_geometries_of_a_topology_without_a_kind_are_rejected_rows(tmp_path: Path) -> None:
    shape = {"type": "Polygon", "arcs": [[0]], "properties": {"地块编号": "A"}}
    inside = [{"type": None}, shape, {"type": "GeometryCollection", "geometries": [shape]}]
    document = {"type": "Topology", "objects": {"t": {"type": "GeometryCollection", "geometries": inside}}}
    path = tmp_path / "a.topojson"
    path.write_text(json.dumps(document | {"arcs": [RING]}))
    found = report(path, crs="EPSG:4490", skip_bad=True)
    assert (found["read"], found["accepted"]) == (3, 1)
    assert errors(found) == [(0, "not_a_feature"), (2, "not_a_feature")]


def polygon(ring: list[list[float]] = RING) -> str:
    numbers = " ".join(f"{x},{y}" for x, y in ring)
    return (
        f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{numbers}</coordinates></LinearRing>"
        "</outerBoundaryIs></Polygon>"
    )


def test_a_kml_tells_of_links_and_pictures_and_keeps_every_geometry_of_a_placemark(tmp_path: Path) -> None:
    body = (
        "<NetworkLink><Link><href>x.kml</href></Link></NetworkLink><GroundOverlay/><GroundOverlay/>"
        f"<Placemark><name>A</name>{polygon()}</Placemark>"
        f"<Placemark><name>B</name><Point><coordinates>116,39</coordinates></Point>{polygon()}</Placemark>"
        f"<Placemark><name>C</name>{polygon()}{polygon([[x + 0.01, y] for x, y in RING])}</Placemark>"
        "<Placemark><name>D</name></Placemark>"
    )
    path = tmp_path / "a.kml"
    path.write_text(KML.format(body), encoding="utf-8")
    found = report(path, skip_bad=True)
    assert (found["read"], found["accepted"]) == (4, 2)
    assert errors(found) == [(1, "geometry_type"), (3, "geometry_missing")]
    left = next(row for row in found["rows"] if row["code"] == "elements_left_out")
    assert "GroundOverlay × 2, NetworkLink × 1" in left["message"]
    assert read_source(str(path))[1].shapes[2].geom_type == "MultiPolygon"  # type: ignore[index]


def test_a_row_of_a_csv_with_too_many_cells_is_rejected_and_one_with_too_few_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("project_id,name,headcount\np1,a,1\n\np2,b,1,200\np3,c\np4,d,5,\n", encoding="utf-8")
    found = bring_in(EMPTY, Wish(str(path), "projects", skip_bad=True)).report("en")
    assert (found["read"], found["accepted"]) == (4, 3)
    said = {row["code"]: (row["row"], row["line"], row["key"]) for row in found["rows"] if row["severity"] != "info"}
    assert said == {"row_too_long": (1, 4, "p2"), "row_too_short": (2, 5, "p3")}


# --- how rows are called ----------------------------------------------------------------------------------------


def test_a_row_is_called_by_the_line_on_which_its_user_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    lines = ["丰台区地块表,,", "地块编号,容积率,wkt", ",,"]
    lines += [f'{number},{far},"{box(100 * i, 0, 100 * i + 90, 90).wkt}"' for i, (number, far) in enumerate(FARS)]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = report(path, crs="EPSG:4548")
    bad = next(row for row in found["rows"] if row["code"] == "not_a_number")
    assert (bad["row"], bad["line"], bad["key"]) == (1, 5, "FT-2")
    odd = next(one for one in found["findings"] if one["code"] == "far_unusual")
    assert "例如第 6 行（FT-3）" in odd["message"]
    assert (odd["rows"], odd["named"]) == ([2], ["第 6 行（FT-3）"])
    arrival = bring_in(EMPTY, Wish(str(path), "parcels", crs="EPSG:4548"))
    assert arrival.refusal is not None
    assert rejected(arrival, "en")["row"].tolist() == [5]


FARS = (("FT-1", "2"), ("FT-2", "两倍"), ("FT-3", "80"), ("FT-4", "1.5"))


def test_rows_of_a_shapefile_are_counted_from_one_and_the_refusal_names_the_parcel(tmp_path: Path) -> None:
    frame = parcels(3, DKBH=["A", "B", "C"], RJL=["1", "x", "2"])
    file, store = shapefile(tmp_path / "p.shp", frame), tmp_path / "w.gpkg"
    assert plain("new", store)[0] == 0
    status, _, said = plain("import", store, file, "--layer", "parcels", "--lang", "zh-CN")
    assert status == 1
    assert "例如第 2 行（B）「far_max」" in said
    _, _, said = plain("import", store, file, "--layer", "parcels", "--lang", "en")
    assert "such as row 2 (B), far_max: not a number" in said


def test_two_outlines_that_overlap_are_named(tmp_path: Path) -> None:
    frame = parcels(3, DKBH=["A", "B", "C"])
    frame.loc[1, "geometry"] = box(90, 0, 200, 100)
    arrival = bring_in(EMPTY, Wish(str(shapefile(tmp_path / "p.shp", frame)), "parcels"))
    found = next(one for one in arrival.findings if one.code == "parcels_overlap")
    assert "第 1 行（A）与第 2 行（B）" in found.sentence("zh-CN")
    assert "row 1 (A) and row 2 (B)" in found.sentence("en")
