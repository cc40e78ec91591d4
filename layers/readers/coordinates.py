"""Geometry that a plain table holds: a column of WKT or WKB, or two columns of coordinates."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint
from layers.readers.belts import easts, norths
from layers.readers.features import Features
from layers.readers.notes import note
from layers.readers.numerals import numbers, texts
from layers.readers.open_rings import noted, of_wkt
from layers.readers.synonyms import plain

_TEXT = re.compile(
    r"\s*(?:SRID\s*=\s*\d+\s*;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|CURVE|SURFACE|CURVEPOLYGON|GEOMETRYCOLLECTION)"
    r"\s*(?:Z|M|ZM)?\s*(?:\(|EMPTY)",
    re.I,
)
_SRID = re.compile(r"\s*SRID\s*=\s*(\d+)\s*;", re.I)
_HEX = re.compile(r"(?:\\x|0x)?(?:00|01)(?:[0-9A-Fa-f]{2}){8,}")
_SAMPLE = 20
_EAST = ("经度", "lon", "lng", "long", "longitude", "jd", "东坐标", "东坐标y", "横坐标", "easting", "east", "xcoord")
_NORTH = ("纬度", "lat", "latitude", "wd", "北坐标", "北坐标x", "纵坐标", "northing", "north", "ycoord")
_PAIRS = (
    ("x", "y"),
    ("x坐标", "y坐标"),
    ("坐标x", "坐标y"),
    ("xzb", "yzb"),
    ("pointx", "pointy"),
    ("centerx", "centery"),
)
_MOST = 0.9
"""Share of a column that has to be numbers for it to hold coordinates."""


@dataclass(frozen=True)
class _Found:
    shapes: np.ndarray
    unreadable: np.ndarray
    crs: str | None
    notes: tuple[Complaint, ...]
    drop: tuple[str, ...] = ()


def located(features: Features) -> Features:
    """A table with the geometry that its columns hold; the same where they hold none.

    A column of WKT, EWKT or hexadecimal WKB becomes the geometry and is no column any more. Two columns of
    coordinates become points and stay; which one is the east is told by their names and, where X and Y may mean
    either, by their numbers.
    """
    found = _written(features.table) or _paired(features.table)
    if found is None:
        return features
    made = replace(
        features,
        table=features.table.drop(columns=list(found.drop)),
        shapes=np.asarray(shapely.force_2d(found.shapes), dtype=object),
        unreadable=found.unreadable,
        with_z=int((shapely.has_z(found.shapes) | shapely.has_m(found.shapes)).sum()),
        crs=found.crs,
        notes=(*features.notes, *found.notes),
    )
    lost = np.flatnonzero(found.unreadable).tolist() if found.drop else []
    texts_ = {row: str(features.table[found.drop[0]].iloc[row]) for row in lost}
    return noted(made, {row: one for row, text in texts_.items() if (one := of_wkt(text)) is not None})


def _written(table: pd.DataFrame) -> _Found | None:
    for name in table.columns:
        if not pd.api.types.is_string_dtype(table[name]) and table[name].dtype != object:
            continue
        given = table[name].dropna()
        sample = [str(value) for value in given.head(_SAMPLE)]
        for pattern, read in ((_TEXT, _from_text), (_HEX, _from_hex)):
            if sample and all(pattern.match(value) for value in sample):
                values = table[name].astype(object).where(table[name].notna(), None).to_numpy()
                shapes, srids = read(values)
                present = np.array([value is not None for value in values])
                told = [note("geometry_from_column", str(name), value=len(given))]
                known = np.unique(srids[srids > 0])
                if len(known) > 1:
                    told.append(note("srids_differ", str(name), severity="warning", value=known[:5].tolist()))
                crs = f"EPSG:{known[0]}" if len(known) == 1 else None
                return _Found(shapes, present & shapely.is_missing(shapes), crs, tuple(told), (name,))
    return None


def _from_text(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = [None if value is None else _SRID.match(value) for value in values]
    srids = np.array([0 if one is None else int(one.group(1)) for one in found])
    bare = [value if one is None else value[one.end() :] for value, one in zip(values.tolist(), found, strict=True)]
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is told by the check
        return shapely.from_wkt(np.array([*bare, None], dtype=object)[:-1], on_invalid="ignore"), srids


def _from_hex(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bare = [None if value is None else re.sub(r"^(\\x|0x)", "", value.strip()) for value in values]
    shapes = shapely.from_wkb(np.array([*bare, None], dtype=object)[:-1], on_invalid="ignore")
    return shapes, shapely.get_srid(shapes)


def _paired(table: pd.DataFrame) -> _Found | None:
    by_name = {plain(str(name)): str(name) for name in reversed(table.columns)}
    east = next((by_name[one] for one in _EAST if one in by_name), None)
    north = next((by_name[one] for one in _NORTH if one in by_name), None)
    sure = east is not None and north is not None
    if not sure:
        pair = next(((by_name[x], by_name[y]) for x, y in _PAIRS if x in by_name and y in by_name), None)
        if pair is None:
            return None
        east, north = pair
    x, y = _coordinates(table[east]), _coordinates(table[north])
    if x is None or y is None:
        return None
    both = np.isfinite(x) & np.isfinite(y)
    turned = _turned(x[both], y[both]) if both.any() else False
    if turned:
        x, y, east, north = y, x, north, east
    shapes = np.full(len(table), None, dtype=object)
    shapes[both] = shapely.points(x[both], y[both])
    told = [note("points_from_columns", str(east), value=east, limit=north)]
    if turned:
        sample = f"{x[both][0]:g}, {y[both][0]:g}"
        told.append(note("columns_turned", str(east), severity="warning", value=f"{east} / {north}", limit=sample))
    given = table[east].notna().to_numpy() | table[north].notna().to_numpy()
    return _Found(shapes, given & ~both, None, tuple(told))


def _coordinates(column: pd.Series) -> np.ndarray | None:
    read = numbers(column)
    given = texts(column).fillna("") != ""
    count = int(given.sum())
    return read.values if count and np.isfinite(read.values).sum() >= _MOST * count else None


def _turned(x: np.ndarray, y: np.ndarray) -> bool:
    """Whether numbers say that what is called the east is the north: surveys call the north X."""
    if max(np.abs(x).max(), np.abs(y).max()) <= 180:
        north, east = (17.0, 54.0), (73.0, 136.0)
        return bool(_all(x, north) and _all(y, east))
    return bool((norths(x) & ~easts(x)).all() and (easts(y) & ~norths(y)).all())


def _all(values: np.ndarray, limits: tuple[float, float]) -> bool:
    return bool(((values >= limits[0]) & (values <= limits[1])).all())
