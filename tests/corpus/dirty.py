"""Files that can be read and should not be believed: shapes and values with a known fault in a known row."""

from __future__ import annotations

import csv
import functools
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon

from tests.corpus.case import STEP, Case, blocks, short, written
from tests.hostile import PAYLOADS
from tests.world import X, Y, box

_FAR = 6 * STEP
_HOLE = [(X + _FAR + 20, Y + 20), (X + _FAR + 40, Y + 20), (X + _FAR + 40, Y + 40), (X + _FAR + 20, Y + 40)]


def _ring(*corners: tuple[float, float]) -> Polygon:
    return Polygon([(X + _FAR + x, Y + y) for x, y in corners])


FAULTS: dict[str, Any] = {
    "bow-tie": _ring((0, 0), (50, 50), (50, 0), (0, 50)),
    "spike": _ring((0, 0), (50, 0), (50, 50), (50, 90), (50, 50), (0, 50)),
    "crossing-hole": Polygon(box(_FAR, 0, _FAR + 30, 30).exterior.coords, [_HOLE]),
    "hole-outside": Polygon(box(_FAR, 0, _FAR + 10, 10).exterior.coords, [_HOLE]),
    "nested-hole": Polygon(box(_FAR, 0, _FAR + 60, 60).exterior.coords, [_HOLE, _HOLE]),
    "overlapping-parts": MultiPolygon([box(_FAR, 0, _FAR + 30, 30), box(_FAR + 10, 10, _FAR + 40, 40)]),
    "flat": _ring((0, 0), (50, 0), (20, 0)),
    "null": None,
    "empty": Polygon(),
    "point": Point(X + _FAR, Y),
    "line": LineString([(X + _FAR, Y), (X + _FAR + 50, Y + 50)]),
    "collection": GeometryCollection([Point(X + _FAR, Y), box(_FAR, 0, _FAR + 30, 30)]),
    "infinite": shapely.Polygon([(X, Y), (np.inf, Y), (X + 50, Y + 50)]),
    "far-away": shapely.transform(box(0, 0, 50, 50), lambda xy: xy + 9e7),
}
"""A seventh row beside six sound ones; every one of these has to be rejected or told of."""

SOUND: dict[str, Any] = {
    "with-z": shapely.force_3d(box(_FAR, 0, _FAR + 50, 50), 41.5),
    "clockwise": box(_FAR, 0, _FAR + 50, 50).reverse(),
    "with-hole": Polygon(box(_FAR, 0, _FAR + 60, 60).exterior.coords, [_HOLE]),
    "two-parts": MultiPolygon([box(_FAR, 0, _FAR + 20, 20), box(_FAR + 30, 30, _FAR + 40, 40)]),
    "repeated-vertex": _ring((0, 0), (50, 0), (50, 0), (50, 50), (0, 50)),
    "tiny": box(_FAR, 0, _FAR + 0.01, 0.01),
    "many-vertices": Point(X + _FAR + 50, Y + 50).buffer(40, quad_segs=2_000),
}

_FORMATS = {"shp": "ESRI Shapefile", "gpkg": "GPKG", "fgb": "FlatGeobuf", "gdb": "OpenFileGDB"}
_KEEPS_ONE_KIND = ("shp", "fgb", "gdb")


def dirty() -> Iterator[Case]:
    """All of them."""
    for (fault, shape), ending in itertools.product(FAULTS.items(), (*_FORMATS, "parquet", "csv")):
        if not _can_hold(fault, shape, ending):
            continue
        make = functools.partial(_with_shape, shape=shape, ending=ending)
        wish = {"crs": "EPSG:4548"} if ending == "csv" else {}
        yield Case(f"{ending}-{fault}", make, "told", rows=7, codes=frozenset({"*"}), wish=wish)
    for (fault, shape), ending in itertools.product(SOUND.items(), (*_FORMATS, "parquet")):
        if (fault, ending) == ("with-z", "fgb"):
            continue  # the format has heights everywhere or nowhere
        make = functools.partial(_with_shape, shape=shape, ending=ending)
        yield Case(f"{ending}-{fault}", make, "in", rows=7)
    yield from _arranged()
    yield from _values()


def _can_hold(fault: str, shape: Any, ending: str) -> bool:
    """Whether a program can write such a thing into the format at all."""
    kind = getattr(shape, "geom_type", "Polygon")
    if ending in _KEEPS_ONE_KIND and kind not in ("Polygon", "MultiPolygon"):
        return False
    if ending in ("shp", "csv", "fgb", "gdb") and fault in ("empty", "infinite"):
        return False
    return not (ending == "gdb" and fault == "flat")


def _with_shape(folder: Path, shape: Any, ending: str) -> Path:
    frame = blocks(7)
    shapes = frame.geometry.to_numpy().copy()
    shapes[6] = shape
    frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs="EPSG:4548")
    path = folder / f"地块.{ending}"
    if ending == "parquet":
        frame.to_parquet(path)
        return path
    if ending == "csv":
        texts = ["" if s is None else shapely.to_wkt(s, rounding_precision=4) for s in shapes]
        frame.drop(columns="geometry").assign(wkt=texts).to_csv(path, index=False)
        return path
    if ending == "shp":
        frame = short(frame)
    options: dict[str, Any] = {"driver": _FORMATS[ending]}
    if ending == "fgb":
        options["SPATIAL_INDEX"] = "NO"
    if getattr(shape, "geom_type", "") == "MultiPolygon" and ending == "gdb":
        options["geometry_type"], options["promote_to_multi"] = "MultiPolygon", True
    return written(frame, path, **options)


# --- faults between rows ---------------------------------------------------------------------------------------


def _arranged() -> Iterator[Case]:
    yield Case("overlap", functools.partial(_moved, by=-60.0), "told", 6, frozenset({"parcels_overlap"}))
    yield Case("same-twice", functools.partial(_moved, by=-STEP), "told", 6, frozenset({"*"}))
    yield Case("swapped-axes", _swapped, "told", 6, frozenset({"*"}))
    yield Case("degrees-called-metres", functools.partial(_relabelled, true=4490, told=4548), "told", 6, _ANY)
    yield Case("metres-called-degrees", functools.partial(_relabelled, true=4548, told=4490), "any", None, _ANY)
    yield Case("wrong-zone", functools.partial(_relabelled, true=4548, told=4549), "told", 6, _ANY)
    yield Case("no-prefix-called-39", functools.partial(_relabelled, true=4548, told=4527), "told", 6, _ANY)
    yield Case("mercator", functools.partial(_one, system="EPSG:3857"), "told", 6, frozenset())
    for ending in ("geojson", "csv"):
        yield Case(f"gcj-02-{ending}", functools.partial(_shifted, ending=ending), "any", 6)


_ANY = frozenset({"*"})


def _moved(folder: Path, by: float) -> Path:
    frame = blocks()
    shapes = frame.geometry.to_numpy().copy()
    shapes[5] = shapely.transform(shapes[5], lambda xy: np.add(xy, (by, 0.0)))
    return written(frame.set_geometry(shapes, crs="EPSG:4548"), folder / "a.gpkg", driver="GPKG")


def _swapped(folder: Path) -> Path:
    frame = blocks()
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: xy[:, ::-1])
    return written(frame.set_geometry(shapes, crs="EPSG:4548"), folder / "a.gpkg", driver="GPKG")


def _relabelled(folder: Path, true: int, told: int) -> Path:
    frame = blocks(crs=f"EPSG:{true}").set_crs(f"EPSG:{told}", allow_override=True)
    return written(frame, folder / "a.gpkg", driver="GPKG")


def _one(folder: Path, system: str) -> Path:
    return written(blocks(crs=system), folder / "a.gpkg", driver="GPKG")


def _shifted(folder: Path, ending: str) -> Path:
    frame = blocks(crs="EPSG:4326")
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda xy: np.add(xy, (0.0061, 0.0014)))
    frame = frame.set_geometry(shapes, crs="EPSG:4326")
    if ending == "geojson":
        return written(frame, folder / "a.geojson", driver="GeoJSON")
    texts = shapely.to_wkt(shapes, rounding_precision=7)
    pd.DataFrame(frame.drop(columns="geometry")).assign(wkt=texts).to_csv(folder / "a.csv", index=False)
    return folder / "a.csv"


# --- values ----------------------------------------------------------------------------------------------------

_NUMBERS: dict[str, tuple[str, str]] = {
    "negative": ("-1", "told"),
    "text": ("两倍", "told"),
    "nan": ("NaN", "any"),
    "infinite": ("inf", "told"),
    "huge": ("1e308", "told"),
    "too-long": ("1" * 400, "told"),
    "full-width": ("２．５", "any"),
    "comma": ("1,5", "any"),
    "per-cent": ("250%", "told"),
    "unit": ("2.5倍", "any"),
    "formula": ("=1+1", "told"),
    "range": ("1.5-2.5", "told"),
    "dash": ("—", "any"),
    "spaces": ("  2.5 ", "in"),
    "empty": ("", "in"),
}


def _values() -> Iterator[Case]:
    for name, (value, verdict) in _NUMBERS.items():
        make = functools.partial(_cell, column="容积率上限", value=value)
        yield Case(f"far-{name}", make, verdict, 6, _ANY if verdict == "told" else frozenset(), wish=_METRES)
    for number, text in enumerate((*PAYLOADS, "=cmd|' /C calc'!A0", "+1", "@sum", "\tx", "a" * 9_000, "\u202egnp")):
        make = functools.partial(_cell, column="名称", value=text)
        yield Case(f"name-{number}", make, "any", 6, wish=_METRES)
    for name, text in {"missing": "", "blank": "  ", "twice": "FT-0001", "full-width": "ＦＴ－０００１"}.items():
        make = functools.partial(_cell, column="地块编号", value=text)
        verdict = "any" if name == "full-width" else "told"
        yield Case(f"number-{name}", make, verdict, 6, _ANY if verdict == "told" else frozenset(), wish=_METRES)
    for name, text in {
        "1899": "1899-12-30",
        "13th-month": "2026-13-01",
        "feb-30": "2026-02-30",
        "words": "明年",
    }.items():
        make = functools.partial(_dated, value=text)
        yield Case(f"date-{name}", make, "any" if name == "1899" else "told", 6, _ANY, wish=_METRES)
    for name, text in {"dots": "2026.1.2", "chinese": "2026年1月2日", "slashes": "2026/1/2"}.items():
        yield Case(f"date-{name}", functools.partial(_dated, value=text), "any", 6, wish=_METRES)


_METRES = {"crs": "EPSG:4548"}


def _cell(folder: Path, column: str, value: str) -> Path:
    frame = blocks()
    table = frame.drop(columns="geometry").astype(object)
    table.loc[3, column] = value
    return _as_csv(folder, table.assign(wkt=shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=4)))


def _dated(folder: Path, value: str) -> Path:
    frame = blocks()
    table = frame.drop(columns="geometry").astype(object).assign(available_from="2027-01-01")
    table.loc[3, "available_from"] = value
    return _as_csv(folder, table.assign(wkt=shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=4)))


def _as_csv(folder: Path, table: pd.DataFrame) -> Path:
    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(table.columns)
        writer.writerows(table.itertuples(index=False))
    return path
