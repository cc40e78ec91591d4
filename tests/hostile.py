"""A workspace in which every text tries to become code."""

from __future__ import annotations

import pandas as pd

from layers.catalogue import LAYERS
from layers.workspace import Workspace
from tests.world import box, table

PAYLOADS = (
    "{{7*7}}",
    "{%x",
    "{#",
    "</script><script>window.top.XSS=1</script>",
    "<img src=x onerror=window.top.XSS=1>",
    "`${window.top.XSS=1}`",
    '"><svg onload=window.top.XSS=1>',
    "'-window.top.XSS=1-'",
)


def text_of(number: int) -> str:
    """Every payload in turn, and which field it stands in."""
    return f"{PAYLOADS[number % len(PAYLOADS)]} {number}"


def hostile() -> Workspace:
    """Three zones, eight parcels, and payloads in every text of every layer, keys among them."""
    parcels = [
        {
            "parcel_id": f"{payload}#{i}",
            "parcel_no": payload,
            "far_max": 2.0,
            "geometry": box(i * 60, 0, i * 60 + 55, 90),
        }
        for i, payload in enumerate(PAYLOADS)
    ]
    zones = [
        {"zone_id": f"z{i} {payload}", "geometry": box(i * 200, 0, (i + 1) * 200, 100)}
        for i, payload in enumerate(PAYLOADS[3:6])
    ]
    projects = [
        {"project_id": f"p{i} {payload}", "requested_floor_area_m2": 900.0, "function_mix": "research"}
        for i, payload in enumerate(PAYLOADS)
    ]
    point = box(10, 10, 12, 12).centroid
    given = {
        "assignment_id": "A0001",
        "parcel_id": parcels[0]["parcel_id"],
        "project_id": projects[0]["project_id"],
        "floor_area_m2": 100.0,
        "source": "new",
        "stage": "intent",
    }
    rows: dict[str, list[dict[str, object]]] = {
        "zones": zones,
        "parcels": parcels,
        "projects": projects,
        "assignments": [given],
        "parks": [{"park_id": text_of(1), "geometry": box(20, 20, 80, 60)}],
        "stations": [{"station_id": text_of(2), "kind": "metro", "geometry": point}],
        "buildings": [
            {"building_id": text_of(3), "parcel_id": parcels[0]["parcel_id"], "floor_area_m2": 9.0, "geometry": None}
        ],
        "backdrop": [{"backdrop_id": text_of(4), "kind": "water", "geometry": box(0, -80, 300, -40)}],
    }
    tables = {name: filled(name, table(name, listed)) for name, listed in rows.items()}
    return Workspace(
        name=text_of(3),
        name_en=text_of(3),
        crs="EPSG:4548",
        as_of=text_of(5),
        note=text_of(6),
        note_en=text_of(7),
        tables=tables,
    )


def filled(layer: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Payloads wherever a text of the table is still empty and any text may stand there."""
    free = [
        column.name
        for column in LAYERS[layer].columns
        if column.kind == "text" and not (column.allowed and column.strict) and column.name not in ("must_zone",)
    ]
    texts = {}
    for i, name in enumerate(free):
        spare = pd.Series([text_of(i + row) for row in range(len(frame))], index=frame.index, dtype=object)
        texts[name] = frame[name].astype(object).where(frame[name].notna(), spare)
    return frame.assign(**texts)
