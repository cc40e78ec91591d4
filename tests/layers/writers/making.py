"""Layers made up for exports: any text, any number, holes, parts, rows without a value."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import shapely
import shapely.affinity
from hypothesis import strategies as st

from layers.catalogue import LAYERS
from layers.contract import Column
from layers.workspace import Workspace
from tests.outlines import polygons
from tests.world import box, table

READER = Path(__file__).parent / "foreign.py"
RARE = "𠮷野家䶮〇 {{7*7}} </script> 'x' \"y\" =1+1"
SQUARE = box(0, 0, 100, 100)
RING = box(0, 200, 100, 300).difference(box(40, 240, 60, 260))
ISLANDS = shapely.MultiPolygon([box(200, 0, 300, 100), box(400, 0, 500, 100).difference(box(410, 10, 420, 20))])
ODD = shapely.Polygon([(438000.1 + 1 / 3, 4410500), (438100, 4410500 + 1 / 7), (438050.123456789, 4410600)])
SHAPES = (SQUARE, RING, ISLANDS, ODD)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=40) | st.sampled_from(
    [RARE, "长" * 300, "x" * 33_000, "=1+1", "+86", "-", "@a", "\tt", "\r", "a\r\nb", " 前后 ", "_x0041_",
     "2026-11-22", "NULL", "J1,1,2", "@", "<b>&amp;", "]]>", "\\U+4DAE", "true", "1", "nan"]
)  # fmt: skip
NUMBER = st.floats(0, 1e12) | st.sampled_from([0.1 + 0.2, 1 / 3, 12345.675, 0.0, 99.999])
INTEGER = st.integers(-(2**53), 2**53) | st.sampled_from([2**53 + 1, -(2**60), 0])


def parcels(count: int = 3, **columns: list[Any]) -> Workspace:
    """Squares of 1 ha side by side, with these columns."""
    rows = [
        {"parcel_id": f"P{i}", "parcel_no": f"P{i}", "geometry": box(i * 100, 0, i * 100 + 100, 100)}
        | {name: values[i] for name, values in columns.items()}
        for i in range(count)
    ]
    return Workspace("w", "EPSG:4548", {"parcels": table("parcels", rows)})


@st.composite
def outlines(draw: st.DrawFn) -> shapely.Geometry:
    """A polygon with or without a hole, or several beside each other."""
    count = draw(st.integers(1, 3))
    parts = [shapely.affinity.translate(draw(polygons()), 500.0 * step) for step in range(count)]
    return parts[0] if count == 1 else shapely.MultiPolygon(parts)


@st.composite
def layers(draw: st.DrawFn, drawn: st.SearchStrategy[Any] | None = None) -> Workspace:
    """A layer of four parcels with whatever people may have written into it, and outlines if they are drawn."""
    some = {
        "note": TEXT | st.none(),
        "name": TEXT | st.none(),
        "land_use": st.sampled_from(["M4", "1001", "<&>", "", None]),
        "official_area_m2": NUMBER | st.none(),
        "far_max": NUMBER | st.none(),
        "height_max_m": st.floats(0, 1e4) | st.none(),
    }
    rows = [
        {name: draw(values) for name, values in some.items()}
        | {"parcel_id": f"P{i}", "parcel_no": draw(TEXT), "classification": "DB11/996"}
        | {"geometry": shape if drawn is None else draw(drawn)}
        for i, shape in enumerate(SHAPES)
    ]
    made = table("parcels", rows)
    made["owner 业主"] = pd.Series([draw(TEXT | st.none()) for _ in SHAPES], dtype="str")
    made["count"] = pd.array([draw(INTEGER | st.none()) for _ in SHAPES], dtype="Int64")
    made["Note"] = pd.Series([draw(NUMBER | st.none()) for _ in SHAPES], dtype="float64")
    made["flag"] = pd.array([draw(st.booleans() | st.none()) for _ in SHAPES], dtype="boolean")
    made["approved"] = pd.Series(["2026-11-22", None, "1999-12-31", None], dtype="str")
    return Workspace("示例 <a> & b", "EPSG:4548", {"parcels": made}, as_of="2026-11-22", revision=12)


def foreign(jobs: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What readers that are not ours say of files, all in one process that imports nothing of ours."""
    words = [sys.executable, str(READER)]
    done = subprocess.run(words, input=json.dumps(jobs), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def equal(column: Column, value: Any, said: Any, step: float = 0.0) -> bool:
    """Whether a file says a value; a missing text and an empty one are the same in half of the formats."""
    none = value is None or value is pd.NA or value != value
    if column.kind in ("text", "list"):
        return (said or "") == ("" if none else value)
    if none or said is None:
        return none and said is None
    if column.kind == "date":
        return str(said)[:10] == value
    if column.kind == "boolean":
        return said in (("true", 1) if value else ("false", 0))
    return math.isclose(float(said), float(value), rel_tol=1e-12, abs_tol=step)


def ordered(said: dict[str, Any], name: str, keys: list[str]) -> dict[str, Any]:
    """The rows of a file in our order: the spatial index of FlatGeobuf has one of its own."""
    order = [said["columns"][name].index(key) for key in keys]
    columns = {column: [values[row] for row in order] for column, values in said["columns"].items()}
    return said | {"columns": columns, "places": [said["places"][row] for row in order]}


def everything() -> Workspace:
    """Three rows in every layer there is: everything filled, nothing filled and nothing drawn, and odd values."""
    return Workspace(
        "全部 <&>", "EPSG:4548", {name: table(name, _three(name)) for name in LAYERS}, as_of="2026-11-22"
    )


def _three(name: str) -> list[dict[str, Any]]:
    layer = LAYERS[name]
    rows: list[dict[str, Any]] = [{layer.key: f"{name}-{row}"} for row in range(3)]
    for column in layer.columns:
        if column.name == layer.key:
            continue
        for row in (0, 2):
            rows[row][column.name] = _value(name, column, row)
        if column.required:
            rows[1][column.name] = _value(name, column, 0)
    if layer.geometry:
        for row, shape in enumerate(_drawn(layer.geometry)):
            rows[row]["geometry"] = shape
    return rows


_OPEN = {
    "classification": "DB11/996", "land_use": "M4", "functions": "research", "land_uses": None,
    "official_area_m2": 9000.0, "floor_area_cap_m2": 1e6, "height_max_m": 24.0, "coverage_max_pct": 50.0,
    "stated_floor_area_m2": 9000.0,
}  # fmt: skip
"""Values with which something remains of the first parcel."""
_LINKS = {"parcel_id": "parcels", "project_id": "projects", "zone": "zones", "sub_area": "zones"}


def _value(layer: str, column: Column, row: int) -> Any:
    if column.name in _LINKS and layer == "assignments":
        return f"{_LINKS[column.name]}-{row}"
    if column.name in _OPEN:
        return _OPEN[column.name]
    if column.kind == "date":
        return ("2026-11-22", "", "2024-02-29")[row]
    if column.kind == "boolean":
        return row == 0
    if column.kind in ("number", "integer"):
        wanted = (1.25, 0.0, 0.5)[row] if column.kind == "number" else (7, 0, 2)[row]
        low = wanted if column.minimum is None else max(column.minimum, wanted)
        return low if column.maximum is None else min(column.maximum, low)
    if column.allowed:
        return column.allowed[min(row, len(column.allowed) - 1)]
    return (RARE, "", "=1+1")[row] if column.kind == "text" else ("a; b", "", "平")[row]


def _drawn(kinds: tuple[str, ...]) -> tuple[Any, Any, Any]:
    if "Polygon" in kinds:
        return RING, None, ISLANDS
    if "LineString" in kinds:
        return (
            shapely.LineString(RING.exterior.segmentize(50)),
            None,
            shapely.LineString([(438000, 4410000), (438300, 4410400)]),
        )
    return RING.centroid, None, shapely.Point(438010.125, 4410020.5)
