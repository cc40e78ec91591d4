"""What lies around the parcels, as the map reads it: once a language, plain JSON of numbers and texts.

The browser puts texts on the page as text.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.map import limits
from layers.map.words import words
from layers.workspace import Workspace
from spatial import crs as crs_

_NAMED = ("zones", "parks", "stations", "backdrop")
AROUND = (*_NAMED, "constraints")
"""Layers that lie around the parcels: a map that was told of a change in them begins anew."""


def context_tag(workspace: Workspace) -> str:
    """Names what lies around the parcels: it changes when any of that does, and with nothing else."""
    kept = workspace.__dict__.get("map_context_tag")
    if isinstance(kept, str):
        return kept
    digest = hashlib.blake2b(workspace.crs.encode("utf-8"), digest_size=10)
    for layer in _NAMED:
        for blob in shapely.to_wkb(workspace.shapes(layer)):
            digest.update(blob or b"-")
    for blob in shapely.to_wkb(workspace.shapes("constraints")):
        digest.update(blob or b"-")
    told = workspace.table("constraints")[["name", "kind", "effect", "side"]].astype(object).fillna("")
    digest.update("\x1f".join(str(value) for row in told.to_numpy().tolist() for value in row).encode("utf-8"))
    names = [name for layer in _NAMED for language in ("zh-CN", "en") for name in _names(workspace, layer, language)]
    digest.update("\x1f".join(names).encode("utf-8"))
    workspace.__dict__["map_context_tag"] = digest.hexdigest()
    return digest.hexdigest()


def labels(workspace: Workspace) -> list[str]:
    """What each parcel is called on the map."""
    return called(workspace.table("parcels"))


def called(parcels: pd.DataFrame) -> list[str]:
    """What parcels are called on the map: their number, else their name, else their key."""
    found = parcels["parcel_id"].astype(object).fillna("—")
    for column in ("name", "parcel_no"):
        given = parcels[column].astype(object)
        found = given.where(given.notna() & (given != ""), found)
    return [str(name) for name in found]


def context(workspace: Workspace, language: str) -> dict[str, Any]:
    """Zones, sub-areas, parks, stations and backdrop with their names, and the texts of the map."""
    zones = workspace.table("zones")
    top = np.array([parent is None or parent != parent or parent == "" for parent in zones["parent"]], dtype=bool)
    areas = _areas(workspace, "zones", language)
    return {
        "bounds": _bounds(workspace),
        "zones": [area for area, is_top in zip(areas, top, strict=True) if is_top and area["rings"]],
        "sub_areas": [area for area, is_top in zip(areas, top, strict=True) if not is_top and area["rings"]],
        "parks": [area for area in _areas(workspace, "parks", language) if area["rings"] or area["at"]],
        "stations": _spots(workspace, language),
        "backdrop": _traces(workspace, language),
        "limits": limits.drawn(workspace, language),
        "limit_kinds": limits.offered(language),
        "words": words(language),
    }


def _lonlat(workspace: Workspace, layer: str) -> np.ndarray:
    return crs_.transform(workspace.shapes(layer), workspace.pyproj_crs, crs_.parse(crs_.LONLAT))


def _bounds(workspace: Workspace) -> list[list[float]] | None:
    shapes = [shape for name in ("zones", "parcels") for shape in workspace.shapes(name) if shape is not None]
    if not shapes:
        return None
    west, south, east, north = crs_.lonlat_bounds(np.array(shapes, dtype=object), workspace.pyproj_crs)
    return [[south, west], [north, east]]


def _names(workspace: Workspace, layer: str, language: str) -> list[str]:
    table = workspace.table(layer)
    order = ("name_en", "name") if language == "en" else ("name", "name_en")
    columns = [table[name].astype(object) for name in order if name in table]
    return [
        next((str(v) for v in row if v is not None and v == v and v != ""), "") for row in zip(*columns, strict=True)
    ]


def _areas(workspace: Workspace, layer: str, language: str) -> list[dict[str, Any]]:
    kinds = workspace.table(layer)["kind"].astype(object)
    shapes = _lonlat(workspace, layer)
    out = []
    for shape, name, kind in zip(shapes, _names(workspace, layer, language), kinds, strict=True):
        polygons = [] if shape is None or shape.is_empty or "Polygon" not in shape.geom_type else shape
        rings = [_latlon(ring) for part in shapely.get_parts(polygons) for ring in shapely.get_rings(part)]
        label = _latlon(shapely.point_on_surface(shape))[0] if rings else None
        point = _latlon(shape)[0] if shape is not None and not rings and not shape.is_empty else None
        out.append({"name": name, "kind": str(kind), "rings": rings, "label": label, "at": point})
    return out


def _spots(workspace: Workspace, language: str) -> list[dict[str, Any]]:
    kinds = workspace.table("stations")["kind"].astype(object)
    rows = zip(_lonlat(workspace, "stations"), _names(workspace, "stations", language), kinds, strict=True)
    return [
        {"name": name, "kind": str(kind), "at": _latlon(shape)[0]}
        for shape, name, kind in rows
        if shape is not None and not shape.is_empty
    ]


def _traces(workspace: Workspace, language: str) -> list[dict[str, Any]]:
    kinds = workspace.table("backdrop")["kind"].astype(object)
    rows = zip(_lonlat(workspace, "backdrop"), _names(workspace, "backdrop", language), kinds, strict=True)
    out = []
    for shape, name, kind in rows:
        if shape is None or shape.is_empty or "Point" in shape.geom_type:
            continue
        closed = "Polygon" in shape.geom_type
        lines = shapely.get_rings(shape) if closed else shapely.get_parts(shape)
        out.append({"name": name, "kind": str(kind), "closed": closed, "parts": [_latlon(line) for line in lines]})
    return out


def _latlon(shape: shapely.Geometry) -> list[list[float]]:
    return np.round(shapely.get_coordinates(shape)[:, ::-1], 6).tolist()
