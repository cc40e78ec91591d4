"""Boundary-point files: every dialect, and what is said where one is odd."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from layers.readers.bring_in import Wish, bring_in
from layers.readers.errors import FileBroken
from layers.readers.features import Features
from layers.readers.registry import look, read_source
from layers.workspace import Workspace
from spatial.boundary import boundary_points
from tests.files import POINTS_HEAD as HEADER
from tests.files import codes
from tests.outlines import polygons

SQUARE = """J1,1,4411001.000,39438363.000
J2,1,4411001.000,39438463.000
J3,1,4410901.000,39438463.000
J4,1,4410901.000,39438363.000
J1,1,4411001.000,39438363.000
"""
HOLE = """J5,2,4410960.000,39438400.000
J6,2,4410940.000,39438400.000
J7,2,4410940.000,39438420.000
J8,2,4410960.000,39438420.000
J5,2,4410960.000,39438400.000
"""
FAR = HOLE.replace("44109", "44119")
LINE = "10,0.9600,1516-66C,地块1,面,,M4,,@\n"
BOX = shapely.box(39438363, 4410901, 39438463, 4411001)
WITH_HOLE = BOX.difference(shapely.box(39438400, 4410940, 39438420, 4410960))


def read(folder: Path, text: str, encoding: str = "utf-8") -> Features:
    path = folder / "points.txt"
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    source, features = read_source(str(path))
    assert source.kind == "boundary"
    assert features.shapes is not None
    assert len(features.shapes) == len(features.table)
    return features


def said(features: Features, *but: str) -> list[tuple[str, int | None, str, str]]:
    usual = ("survey_header", *but)
    return [(one.code, one.row, one.value, one.limit) for one in features.notes if one.code not in usual]


def same(one: shapely.Geometry | None, other: shapely.Geometry) -> bool:
    return one is not None and bool(shapely.equals(one, other)) and one.is_valid


def test_the_example_of_the_standard(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER + LINE + SQUARE + HOLE)
    assert same(found.shapes[0], WITH_HOLE)
    assert found.crs == "EPSG:4527"
    assert found.table.iloc[0].to_dict() == {
        "地块面积(公顷)": "0.9600",
        "地块编号": "1516-66C",
        "地块名称": "地块1",
        "地块用途": "M4",
        "界址点号": "J1 J2 J3 J4; J5 J6 J7 J8",
        "来源": "丰台分局 2026-11-22",
    }
    assert said(found) == []
    (header,) = found.notes
    assert "带号=39" in header.value
    assert header.limit == "EPSG:4527"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    found = read(tmp_path, HEADER + LINE + SQUARE, encoding)
    assert found.table["地块名称"].tolist() == ["地块1"]
    assert found.encoding == {"gb18030": "GB18030", "utf-16": "UTF-16"}.get(encoding, "UTF-8")


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("5,1.0000,66C,地块1,面,,M4,0601,@", {"地块编号": "66C", "地类编码": "0601"}),
        ("5,1.0000,66C,地块1,面,,M4,@", {"地块编号": "66C", "地块用途": "M4"}),
        ("5,1.0000公顷,66C,地块1,面,H-50,M4,,@", {"地块面积(公顷)": "1.0000", "图幅号": "H-50"}),
        ("5,15亩,66C,地块1,面,,M4,,@", {"地块面积(公顷)": "1"}),
        ("5,,66C,地块1,面,,M4,,@", {"地块编号": "66C"}),
        ("5,1.0,66C,地块1,面,,M4,0601,备注,@", {"地块编号": "66C", "属性9": "备注"}),
        ("5,1.0,66C,地块1,面,,M4,0601,a,b,c,d,@", {"属性9": "a", "属性12": "d"}),
        ("5，1.0，66C，地块1，面，，M4，，＠", {"地块编号": "66C", "地块名称": "地块1"}),
        ("5,1.0,66C,甲，乙,面,,M4,,@", {"地块名称": "甲，乙"}),
        ("5,1.0,66C,面,,M4,,@", {"地块编号": "66C", "地块用途": "M4"}),
        ("5,1.0,66C,甲,乙,面,,M4,,@", {"地块编号": "66C", "地块名称": "乙", "属性9": "甲"}),
    ],
)
def test_attributes_of_every_number(tmp_path: Path, line: str, wanted: dict[str, str]) -> None:
    found = read(tmp_path, f"{HEADER}{line}\n{SQUARE}")
    row = {name: value for name, value in found.table.iloc[0].items() if isinstance(value, str)}
    assert wanted.items() <= row.items()
    assert same(found.shapes[0], BOX)
    assert said(found) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("[", "【").replace("]", "】"),
        lambda text: text.replace(",", "，"),
        lambda text: text.replace("J", ""),
        lambda text: text.replace(",1,", ",,"),
        lambda text: text.replace("39438363.000\n", "39438363.000,\n"),
        lambda text: "\n\n" + text.replace("\n", "\n\n"),
        lambda text: text.replace(",1,44", ",44"),
        lambda text: text.removesuffix("J1,1,4411001.000,39438363.000\n"),
    ],
    ids=["brackets", "wide commas", "numbers", "no ring", "a comma more", "empty lines", "no ring column", "open"],
)
def test_points_in_every_dress(tmp_path: Path, change: object) -> None:
    text = HEADER.partition("[地块坐标]")[0] + "[地块坐标]\n" + LINE + SQUARE
    found = read(tmp_path, change(text))  # type: ignore[operator]
    assert same(found.shapes[0], BOX)
    assert said(found, "point_count_differs") == []


def test_the_count_may_count_the_closing_points_or_not(tmp_path: Path) -> None:
    for count, wrong in (("10", False), ("8", False), ("9", True), ("", False)):
        found = read(tmp_path, HEADER + LINE.replace("10,", f"{count},", 1) + SQUARE + HOLE)
        assert said(found) == ([("point_count_differs", 0, "9", "8")] if wrong else [])


def test_rings_are_holes_or_parts_by_what_lies_in_what(tmp_path: Path) -> None:
    assert same(read(tmp_path, HEADER + LINE + HOLE + SQUARE).shapes[0], WITH_HOLE), "whatever their numbers"
    two = read(tmp_path, HEADER + LINE + SQUARE + FAR).shapes[0]
    assert (two.geom_type, two.area) == ("MultiPolygon", 10_400.0)
    island = "J9,3,4410952,39438408\nJ10,3,4410948,39438408\nJ11,3,4410948,39438412\nJ12,3,4410952,39438412\n"
    three = read(tmp_path, HEADER + LINE + SQUARE + HOLE + island).shapes[0]
    assert (three.geom_type, three.area, three.is_valid) == ("MultiPolygon", 9_616.0, True)
    one_number = read(tmp_path, HEADER + LINE + SQUARE + HOLE.replace(",2,", ",1,"))
    assert same(one_number.shapes[0], WITH_HOLE), "a ring ends where its first point comes again"
    crossing = SQUARE.replace("394384", "394385").replace("39438363", "39438413").replace(",1,", ",2,")
    over = read(tmp_path, HEADER + LINE + SQUARE + crossing).shapes[0]
    assert not over.is_valid, "rings that cross are told, not mended"


def test_swapped_coordinates_are_turned_and_told(tmp_path: Path) -> None:
    lines = [line.split(",") for line in SQUARE.strip().split("\n")]
    swapped = "".join(f"{a},{b},{y},{x}\n" for a, b, x, y in lines)
    found = read(tmp_path, HEADER + LINE + swapped)
    assert same(found.shapes[0], BOX)
    assert said(found, "point_count_differs") == [("axes_turned", None, "1", "39438363.000, 4411001.000")]
    mixed = read(tmp_path, HEADER + LINE + SQUARE.replace("4410901.000,39438463.000", "39438463.000,4410901.000"))
    assert said(mixed, "point_count_differs") == [("axes_mixed", 0, "16", "")]


def test_numbers_count_more_than_the_header(tmp_path: Path) -> None:
    lie = read(tmp_path, HEADER.replace("带号=39", "带号=38") + LINE + SQUARE)
    assert lie.crs == "EPSG:4527"
    assert said(lie, "point_count_differs") == [("belt_contradicts", None, "38", "39")]


@pytest.mark.parametrize(
    ("header", "prefix", "crs"),
    [
        ({}, "39", "EPSG:4527"),
        ({}, "", "EPSG:4548"),
        ({"坐标系": "1980西安坐标系"}, "39", "EPSG:2363"),
        ({"坐标系": "1980西安坐标系"}, "", "EPSG:2384"),
        ({"坐标系": "1954年北京坐标系"}, "39", "EPSG:2415"),
        ({"坐标系": "北京54"}, "", "EPSG:2436"),
        ({"几度分带": "6", "带号": "20"}, "20", "EPSG:4498"),
        ({"几度分带": "6", "带号": "20"}, "", "EPSG:4509"),
        ({"带号": "", "中央子午线": "117°"}, "", "EPSG:4548"),
        ({"坐标系": "北京地方坐标系"}, "", None),
        ({"坐标系": ""}, "39", None),
        ({"带号": ""}, "", None),
    ],
)
def test_the_header_names_the_crs(tmp_path: Path, header: dict[str, str], prefix: str, crs: str | None) -> None:
    text = HEADER
    for key, value in header.items():
        kept = [line for line in text.split("\n") if not line.startswith(f"{key}=")]
        text = "\n".join(kept).replace("[地块坐标]", f"{key}={value}\n[地块坐标]")
    found = read(tmp_path, text + LINE + SQUARE.replace(",39438", f",{prefix}438"))
    assert found.crs == crs
    assert said(found, "point_count_differs") == []


def test_parameters_are_not_applied_and_that_is_told(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER.replace("转换参数=,,,,,,", "转换参数=1.5,2,0,0,0,0,1") + LINE + SQUARE)
    assert ("parameters_unused", None, "1.5,2,0,0,0,0,1", "") in said(found)


def test_a_date_alone_is_no_origin(tmp_path: Path) -> None:
    found = read(tmp_path, HEADER.replace("丰台分局", "") + LINE + SQUARE)
    assert "来源" not in found.table


def test_degrees(tmp_path: Path) -> None:
    text = HEADER + LINE + "J1,1,39.83,116.28\nJ2,1,39.83,116.29\nJ3,1,39.82,116.29\n"
    found = read(tmp_path, text)
    assert found.crs == "EPSG:4490"
    assert shapely.bounds(found.shapes[0]).tolist() == [116.28, 39.82, 116.29, 39.83]


def test_a_bad_line_is_named_and_only_its_parcel_is_lost(world: Workspace, tmp_path: Path) -> None:
    bad = SQUARE.replace("J3,1,4410901.000", "J3,1,44l0901.000")
    short = "4,0.1,S,短,面,,,,@\nJ1,1,4411001,39438363\nJ2,1,4411001,39438463\n"
    text = HEADER + LINE + bad + LINE.replace("1516-66C", "B") + SQUARE + short + "0,0,E,空,面,,,,@\n"
    found = read(tmp_path, text)
    assert [shape is None for shape in found.shapes] == [True, False, True, True]
    errors = [(one.code, one.row, one.limit or one.value) for one in found.notes if one.severity == "error"]
    assert errors == [("point_line_bad", 0, "16"), ("ring_too_short", 2, "26"), ("parcel_without_points", 3, "28")]
    arrived = bring_in(world, Wish(str(tmp_path / "points.txt"), "parcels", skip_bad=True))
    assert (arrived.read, arrived.accepted) == (4, 1)
    told = [row["code"] for row in arrived.report()["rows"] if row["severity"] == "error"]
    assert told == ["point_line_bad", "ring_too_short", "parcel_without_points"], "and nothing is said twice"


def test_bare_coordinates(tmp_path: Path) -> None:
    plain = "\n".join(line.split(",", 2)[2] for line in (SQUARE + HOLE + FAR).strip().split("\n"))
    for text in (plain, plain.replace(",", " "), plain.replace(",", "\t")):
        found = read(tmp_path, text)
        assert sorted(shape.area for shape in found.shapes) == [400.0, 9_600.0]
        assert found.crs is None, "nothing says which datum"
        assert said(found) == [("bare_coordinates", None, "2", "")]
    numbered = read(tmp_path, SQUARE + "\n" + FAR)
    assert numbered.table["界址点号"].tolist() == ["J1 J2 J3 J4", "J5 J6 J7 J8"]


def test_points_and_lines(tmp_path: Path) -> None:
    for kind, name in (("点", "MultiPoint"), ("线", "LineString")):
        found = read(tmp_path, HEADER + LINE.replace(",面,", f",{kind},") + SQUARE)
        assert found.shapes[0].geom_type == name


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileBroken):
        read(tmp_path, HEADER)
    with pytest.raises(FileBroken):
        read(tmp_path, HEADER + LINE)


def test_it_comes_in_as_a_layer(world: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "points.txt"
    path.write_bytes((HEADER + LINE + SQUARE + HOLE).encode("gb18030"))
    found = bring_in(world, Wish(str(path), "parcels"))
    assert (found.read, found.accepted, found.refusal) == (1, 1, None)
    answer = found.report()
    assert (answer["crs"], answer["crs_basis"], answer["planar_area_m2"]) == (
        "EPSG:4527",
        "file",
        pytest.approx(9600),
    )
    row = found.table.iloc[-1]
    assert (row["parcel_no"], row["official_area_m2"], row["source"]) == ("1516-66C", 9_600.0, "丰台分局 2026-11-22")
    assert codes(answer, "error") == []
    _, (layer,) = look(str(path))
    assert (layer.rows, layer.geometry, layer.crs) == (1, "Polygon", "EPSG:4527")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(polygons(), min_size=1, max_size=4))
def test_what_is_written_is_read_to_the_last_bit(tmp_path: Path, shapes: list[Polygon]) -> None:
    text = HEADER
    for place, shape in enumerate(shapes):
        points = boundary_points(shape)
        text += f"{len(points)},,N{place},,面,,,,@\n"
        text += "".join(f"{one.number},{one.ring},{one.x!r},{one.y!r}\n" for one in points)
    found = read(tmp_path, text)
    assert found.crs == "EPSG:4548"
    assert said(found) == []
    for shape, back in zip(shapes, found.shapes, strict=True):
        assert shapely.equals_identical(shapely.normalize(shape), shapely.normalize(back))
    assert np.isfinite(shapely.area(found.shapes)).all()
