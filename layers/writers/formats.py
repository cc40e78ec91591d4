"""How each format is written, into a folder of ours; nothing here decides what goes out."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from layers import vocabulary
from layers.catalogue import LAYERS
from layers.contract import Column

ENCODINGS = {"utf-8": "UTF-8", "gbk": "GBK", "gb18030": "GB18030"}
GEOJSON_DECIMALS = 9
_FAMILIES = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}


def write_gpkg(path: Path, layer: str, frame: pd.DataFrame, shapes: np.ndarray | None, crs: str) -> None:
    """One layer as a GeoPackage of its own; text, numbers and geometry are kept to the last bit."""
    _write(path, frame, shapes, crs, layer=layer, driver="GPKG", promote_to_multi=_is_mixed(shapes))


def write_geojson(path: Path, layer: str, frame: pd.DataFrame, shapes: np.ndarray | None) -> None:
    """RFC 7946: longitude and latitude, no crs member."""
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": str(GEOJSON_DECIMALS), "WRITE_NAME": "NO"}
    empty = np.full(len(frame), None, dtype=object) if shapes is None else shapes
    _write(path, frame, empty, "EPSG:4326", layer=layer, driver="GeoJSON", layer_options=options)


def write_shapefile(path: Path, frame: pd.DataFrame, shapes: np.ndarray, crs: str, encoding: str) -> None:
    """One kind of geometry as .shp, .shx, .dbf, .prj and .cpg; dates are dates."""
    name = ENCODINGS[encoding]
    kind = next((kind for kind, names in _FAMILIES.items() if _of(shapes, names).any()), "polygon")
    several = _of(shapes, (_FAMILIES[kind][1],)).any()
    _write(
        path,
        frame,
        shapes,
        crs,
        driver="ESRI Shapefile",
        encoding=name,
        geometry_type=_FAMILIES[kind][1 if several else 0],
        promote_to_multi=bool(several),
    )
    path.with_suffix(".cpg").write_text(name, encoding="ascii")


def write_csv(path: Path, frame: pd.DataFrame, encoding: str) -> None:
    """A table that spreadsheets open in the right encoding; numbers are written so that they read back the same."""
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open("w", encoding=codec, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(frame.columns)
        writer.writerows(zip(*[_cells(frame[name]) for name in frame.columns], strict=True))


def write_field_notes(path: Path, columns: tuple[Column, ...], names: Mapping[str, str]) -> None:
    """The table that says what each field of a shapefile means (字段说明)."""
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(
            ["字段 field", "列 column", "中文", "类型 type", "单位 unit", "含义 meaning", "取值 values", "空值 nulls"]
        )
        for column in columns:
            name = column.name if column.name[:1] not in ("=", "+", "-", "@") else f"'{column.name}"
            nulls = (
                "空白 blank" if column.kind in ("text", "list") else "空（部分软件显示为 0）empty, 0 in some programs"
            )
            zh = name if column.zh == column.name else column.zh
            writer.writerow(
                [names[column.name], name, zh, column.kind, column.unit, column.meaning, _values(column), nulls]
            )


def families(shapes: np.ndarray) -> dict[str, np.ndarray]:
    """Rows by kind of geometry, for a format that keeps one kind a file; rows without geometry go with the last."""
    found = {kind: _of(shapes, names) for kind, names in _FAMILIES.items()}
    found = {kind: rows for kind, rows in found.items() if rows.any()}
    none = shapely.is_missing(shapes)
    if not found:
        return {"polygon": np.ones(len(shapes), dtype=bool)}
    last = list(found)[-1]
    return found | {last: found[last] | none}


def typed(values: pd.Series, kind: str) -> pd.Series:
    """Values in the type that a file's column gets: dates as dates, lists as text.

    >>> typed(pd.Series(["2026-11-22", None], dtype="str"), "date").tolist()
    [datetime.date(2026, 11, 22), None]
    """
    if kind == "date":
        days = [None if pd.isna(value) else date.fromisoformat(value) for value in values]
        return pd.Series(days, index=values.index, dtype=object)
    return values


def _write(path: Path, frame: pd.DataFrame, shapes: np.ndarray | None, crs: str, **options: Any) -> None:
    if shapes is None:
        pyogrio.write_dataframe(frame, path, use_arrow=True, **options)
        return
    if "geometry_type" not in options:
        options["geometry_type"] = _kind(shapes)
    geo = gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=frame.index), crs=crs)
    pyogrio.write_dataframe(geo, path, use_arrow=True, **options)


def _kind(shapes: np.ndarray) -> str:
    present = shapes[~shapely.is_missing(shapes)]
    kinds = {shape.geom_type for shape in present}
    for names in _FAMILIES.values():
        if kinds and kinds <= set(names):
            return names[1] if names[1] in kinds else names[0]
    return "Unknown"


def _is_mixed(shapes: np.ndarray | None) -> bool:
    return shapes is not None and _kind(shapes).startswith("Multi")


def _of(shapes: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    return np.isin(shapely.get_type_id(shapes), [shapely.GeometryType[name.upper()].value for name in names])


def _cells(values: pd.Series) -> list[object]:
    if pd.api.types.is_float_dtype(values):
        return ["" if value != value else repr(float(value)) for value in values]
    kept = values.astype(object)
    return ["" if pd.isna(value) else str(value).lower() if isinstance(value, bool) else value for value in kept]


def _values(column: Column) -> str:
    if not column.allowed:
        return ""
    tables = [terms for terms in vars(vocabulary).values() if isinstance(terms, dict)]
    terms = next((table for table in tables if tuple(table) == column.allowed), {})
    return "; ".join(f"{code}={terms[code][0]}" if code in terms else code for code in column.allowed)


LAYER_NAMES_ZH = {name: layer.zh for name, layer in LAYERS.items()} | {"remaining": "剩余可用地块"}
"""Names of the layers as they are told to people."""
