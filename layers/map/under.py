"""Quiet layers under the parcels that the map fetches when a page wants them: catchments, ways, facilities.

Each is plain JSON of numbers and texts; the browser puts texts on the page as text.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from layers.ground import catchments
from layers.map.words import words
from layers.vocabulary import FACILITY_KINDS, term
from layers.workspace import Workspace
from spatial import crs as crs_

KINDS = ("metro", "rail")
HOWS = ("straight", "walk")
LOOKS: dict[str, dict[str, Any]] = {
    "near": {"color": "#0f5260", "weight": 1.6, "fillColor": "#1b8a83", "fillOpacity": 0.14},
    "far": {"color": "#0f5260", "weight": 1.4, "dashArray": "5 4", "fillColor": "#1b8a83", "fillOpacity": 0.06},
    # bands along streets: an outline around each would hide the streets
    "walk-near": {"color": "#1b8a83", "weight": 0, "stroke": False, "fillColor": "#1b8a83", "fillOpacity": 0.38},
    "walk-far": {"color": "#1b8a83", "weight": 0, "stroke": False, "fillColor": "#1b8a83", "fillOpacity": 0.18},
    "ways": {"color": "#7d6b54", "weight": 1.2, "opacity": 0.75, "fill": False},
    "facilities": {"color": "#ffffff", "weight": 1.4, "fillColor": "#b5781b", "fillOpacity": 1, "radius": 5},
}
MOST_WAYS = 20_000
"""Ways beyond which none is drawn: a browser would stand still, and nobody could tell them apart."""
_ROUND_M = 0.5
"""How far a drawn outline may leave the true one [m]."""


def catchment_key(how: str, ring: str, kind: str) -> str:
    """Name of the layer of a ring.

    >>> catchment_key("straight", "near", "metro")
    'straight-near-metro'
    """
    return f"{how}-{ring}-{kind}"


def under(workspace: Workspace, key: str, language: str) -> dict[str, Any]:
    """One layer: its title, its look and its shapes.

    Raises
    ------
    KeyError
        When there is no layer of that name.
    """
    say = words(language)
    if key == "ways":
        shapes = workspace.shapes("ways")
        drawn = shapes if len(shapes) <= MOST_WAYS else shapes[:0]
        title = say["under_ways"] if len(drawn) == len(shapes) else say["under_too_many"]
        return {"title": title, "look": LOOKS["ways"], "shapes": _shapes(workspace, drawn, [""] * len(drawn))}
    if key == "facilities":
        table = workspace.table("facilities")
        kinds = [term(FACILITY_KINDS, kind, language) for kind in table["kind"]]
        names = [
            f"{kind} {name}" if isinstance(name, str) else kind
            for kind, name in zip(kinds, table["name"].astype(object).where(table["name"].notna(), None), strict=True)
        ]
        drawn = workspace.shapes("facilities")
        return {
            "title": say["under_facilities"],
            "look": LOOKS["facilities"],
            "shapes": _shapes(workspace, drawn, names),
        }
    how, ring, kind = key.split("-") if key.count("-") == 2 else ("", "", "")
    if how not in HOWS or ring not in catchments.RINGS or kind not in KINDS:
        raise KeyError(key)
    areas = catchments.outlines(workspace, ring, walk=how == "walk", kind=kind)
    whole = shapely.union_all(areas[~shapely.is_missing(areas)])
    radius = catchments.radius(workspace, ring)
    title = say[f"under_{how}"].format(kind=say[kind], radius="—" if np.isnan(radius) else f"{radius:g}")
    shape = np.array([shapely.simplify(whole, _ROUND_M)], dtype=object)
    return {
        "title": title,
        "look": LOOKS[ring if how == "straight" else f"walk-{ring}"],
        "shapes": _shapes(workspace, shape, [""]),
    }


def offered(workspace: Workspace) -> list[str]:
    """Names of the layers that have anything to show, in the order in which a page lists them."""
    stations = workspace.table("stations")
    hows = HOWS if len(workspace.table("ways")) else HOWS[:1]
    there = [kind for kind in KINDS if (stations["kind"] == kind).any()]
    keys = [catchment_key(how, ring, kind) for kind in there for how in hows for ring in catchments.RINGS]
    return keys + [layer for layer in ("ways", "facilities") if len(workspace.table(layer))]


def _shapes(workspace: Workspace, shapes: np.ndarray, names: list[str]) -> list[dict[str, Any]]:
    moved = crs_.transform(shapes, workspace.pyproj_crs, crs_.parse(crs_.LONLAT))
    out: list[dict[str, Any]] = []
    for shape, name in zip(moved, names, strict=True):
        if shape is None or shape.is_empty:
            continue
        if "Point" in shape.geom_type:
            out.append({"name": name, "at": _latlon(shape)[0]})
            continue
        closed = "Polygon" in shape.geom_type
        # a polygon with its holes is one group of rings, as the map wants them
        parts = [
            [_latlon(ring) for ring in shapely.get_rings(part)] if closed else _latlon(part)
            for part in shapely.get_parts(shape)
        ]
        out.append({"name": name, "closed": closed, "parts": parts})
    return out


def _latlon(shape: shapely.Geometry) -> list[list[float]]:
    return np.round(shapely.get_coordinates(shape)[:, ::-1], 6).tolist()
