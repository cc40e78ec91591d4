"""Layers made up for exports: any text, any number, holes, parts, rows without a value."""

from __future__ import annotations

from typing import Any

import pandas as pd
import shapely
from hypothesis import strategies as st

from layers.workspace import Workspace
from tests.world import box, table

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
def layers(draw: st.DrawFn) -> Workspace:
    """A layer of four parcels with whatever people may have written into it."""
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
        | {"parcel_id": f"P{i}", "parcel_no": draw(TEXT), "classification": "DB11/996", "geometry": shape}
        for i, shape in enumerate(SHAPES)
    ]
    made = table("parcels", rows)
    made["owner 业主"] = pd.Series([draw(TEXT | st.none()) for _ in SHAPES], dtype="str")
    made["count"] = pd.array([draw(INTEGER | st.none()) for _ in SHAPES], dtype="Int64")
    made["Note"] = pd.Series([draw(NUMBER | st.none()) for _ in SHAPES], dtype="float64")
    made["flag"] = pd.array([draw(st.booleans() | st.none()) for _ in SHAPES], dtype="boolean")
    made["approved"] = pd.Series(["2026-11-22", None, "1999-12-31", None], dtype="str")
    return Workspace("示例 <a> & b", "EPSG:4548", {"parcels": made}, as_of="2026-11-22", revision=12)
