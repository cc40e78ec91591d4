"""The one place through which files reach GDAL, with everything switched off that an import does not need."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.readers.dbf import column_name, decode, encoding_of
from layers.readers.errors import ChooseLayer, FileBroken, FormatRefused
from layers.readers.features import Choice, Features, FoundLayer, described
from layers.readers.source import Source

_OPTIONS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "50",
    "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "PROJ_NETWORK": "OFF",
    "SHAPE_RESTORE_SHX": "NO",
}
_SKIPPED = (
    "ADBC", "AmigoCloud", "CSV", "CSW", "Carto", "DXF", "EEDA", "Elasticsearch", "GDALG", "GML", "GPSBabel", "HTTP",
    "KML", "LIBKML", "NGW", "OAPIF", "ODS", "OGCAPI", "OGR_VRT", "PDF", "PGDUMP", "PLSCENES", "SQLite", "WFS", "XLSX",
)  # fmt: skip

_OF_QGIS = ("layer_styles", "qgis_projects")
"""Tables that QGIS puts beside the layers of a GeoPackage; nobody means them by its layer."""

_TROUBLE = (RuntimeError, ValueError, NameError, OSError, MemoryError)
"""What the library below raises on damaged files besides its own errors: a torn .prj ends in a NameError."""


_LATER = ("kml", "dxf", "gdb", "fgb")


def read_features(source: Source, choice: Choice) -> Features:
    """Read one layer of a source.

    Raises
    ------
    ChooseLayer, EncodingRefused, FileBroken
    """
    if source.kind in _LATER:
        raise FormatRefused(where=source.name, path=source.name, found=source.kind.upper())
    pyogrio = _library()
    path, layer = source.path, choice.layer
    if source.layers:
        title = _chosen(list(source.layers), layer, source)
        path, layer = source.layers[title], None
    settled = encoding_of(path, source.name, choice.encoding) if source.kind == "shapefile" else None
    options: dict[str, Any] = {"DATE_AS_STRING": "YES"} if source.kind == "geojson" else {}
    if settled is not None:
        options["encoding"] = "ISO-8859-1"  # every byte comes back as one character; decoding is ours
    try:
        known = [str(name) for name, _ in pyogrio.list_layers(path)]
        chosen = _chosen(known, layer, source)
        meta, arrow = pyogrio.raw.read_arrow(path, layer=chosen, datetime_as_string=True, **options)
    except (pyogrio.errors.DataSourceError, *_TROUBLE) as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)[:200]) from error
    geometry = meta["geometry_name"] or "wkb_geometry"
    names = [name for name in arrow.column_names if name != geometry]
    table = pd.DataFrame({name: _column(arrow.column(name)) for name in names}, index=range(arrow.num_rows))
    shapes, unreadable, with_z = None, np.zeros(len(table), dtype=bool), 0
    if geometry in arrow.column_names and meta["geometry_type"] is not None:
        shapes, unreadable, with_z = _shapes(arrow.column(geometry).to_pylist())
    cut: list[tuple[int, str, str]] = []
    short: dict[str, bool] = {}
    if settled is not None:
        table, short = _named(table, settled.codec)
        table, cut = _decoded(table, settled.codec)
    return Features(
        table=table.rename(columns=str),
        shapes=shapes,
        unreadable=unreadable,
        with_z=with_z,
        crs=str(meta["crs"]) if meta["crs"] and (source.kind != "geojson" or source.has_crs) else None,
        encoding=settled.name if settled else source.encoding,
        encoding_basis=settled.basis if settled else source.encoding_basis,
        contradicted=settled.contradicted if settled else None,
        cut=tuple(cut),
        short=short,
    )


def look_at_features(source: Source, choice: Choice) -> tuple[FoundLayer, ...]:
    """The layers of a source, each with what its first rows hold.

    Raises
    ------
    EncodingRefused, FileBroken
    """
    if source.kind in _LATER:
        raise FormatRefused(where=source.name, path=source.name, found=source.kind.upper())
    pyogrio = _library()
    try:
        names = list(source.layers) or [
            str(name) for name, _ in pyogrio.list_layers(source.path) if name not in _OF_QGIS
        ]
    except (pyogrio.errors.DataSourceError, *_TROUBLE) as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)[:200]) from error
    found = [described(name, read_features(source, replace(choice, layer=name))) for name in names]
    return tuple(found)


def _library() -> Any:
    if "pyogrio" not in sys.modules:
        os.environ.setdefault("GDAL_SKIP", ",".join(_SKIPPED))
        os.environ.setdefault("GDAL_DRIVER_PATH", "disable")
    import pyogrio
    import pyogrio.raw

    pyogrio.set_gdal_config_options(_OPTIONS)
    return pyogrio


def _chosen(known: list[str], layer: str | None, source: Source) -> str:
    if layer in known:
        return str(layer)
    known = [name for name in known if name not in _OF_QGIS] or known
    if layer is None and len(known) == 1:
        return known[0]
    raise ChooseLayer(
        where=source.name, path=source.name, count=len(known), asked=layer or "", known=", ".join(known)
    )


def _column(values: Any) -> pd.Series:
    """An Arrow column in a type that keeps every value: whole numbers stay whole beside missing ones."""
    import pyarrow as pa

    kind = values.type
    if pa.types.is_integer(kind):
        return pd.Series(values.to_pandas(integer_object_nulls=True), dtype="Int64")
    if pa.types.is_boolean(kind):
        return pd.Series(values.to_pylist(), dtype="boolean")
    if pa.types.is_floating(kind):
        return pd.Series(values.to_pandas(), dtype="float64")
    return pd.Series([_plain(value) for value in values.to_pylist()], dtype="str")


def _plain(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict)):
        import json

        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _shapes(blobs: list[bytes | None]) -> tuple[np.ndarray, np.ndarray, int]:
    wkb = np.array([None if blob is None or _curved(blob) else blob for blob in blobs], dtype=object)
    present = np.array([blob is not None for blob in blobs], dtype=bool)
    shapes = shapely.from_wkb(wkb, on_invalid="ignore") if len(wkb) else np.empty(0, dtype=object)
    unreadable = present & shapely.is_missing(shapes)
    deep = shapely.has_z(shapes) | shapely.has_m(shapes)
    return np.asarray(shapely.force_2d(shapes), dtype=object), unreadable, int(deep.sum())


def _curved(blob: bytes) -> bool:
    """Whether a WKB is of a curve, which nothing here computes with."""
    code = int.from_bytes(blob[1:5], "little" if blob[:1] == b"\x01" else "big")
    return (code & 0x0FFFFFFF) % 1000 in range(8, 15)


def _named(table: pd.DataFrame, codec: str) -> tuple[pd.DataFrame, dict[str, bool]]:
    """A table whose names came byte for byte, under their true and distinct names; and which may have been cut."""
    names: list[str] = []
    short: dict[str, bool] = {}
    for place, column in enumerate(table.columns):
        data = str(column).encode("latin-1")
        plain, torn = column_name(data, codec)
        name, number = plain or f"column_{place + 1}", 1
        while name in names:
            number += 1
            name = f"{plain}_{number}"
        names.append(name)
        if torn or len(data) >= 9:
            short[name] = torn
    return table.set_axis(names, axis="columns"), short


def _decoded(table: pd.DataFrame, codec: str) -> tuple[pd.DataFrame, list[tuple[int, str, str]]]:
    """A table whose text came byte for byte, in its true encoding."""
    out: dict[str, pd.Series] = {}
    cut: list[tuple[int, str, str]] = []
    for name in map(str, table.columns):
        values = table[name]
        if pd.api.types.is_string_dtype(values):
            known: dict[str, tuple[str, bool]] = {text: _whole(text, codec) for text in values.dropna().unique()}
            for row in np.flatnonzero(values.isin([text for text, (_, half) in known.items() if half])):
                cut.append((int(row), name, known[values.iloc[int(row)]][0]))
            values = values.map({text: whole for text, (whole, _) in known.items()}).astype("str")
        out[name] = values
    return pd.DataFrame(out, index=table.index), cut


def _whole(text: str, codec: str) -> tuple[str, bool]:
    data = text.encode("latin-1")
    try:
        return data.decode(codec), False
    except UnicodeDecodeError:
        return decode(data, len(data), codec) or "", True
