"""GeoParquet, read by a child process; its geometry in WKB or in nested lists of coordinates."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from layers.contract import Complaint
from layers.readers.children import POOL
from layers.readers.coordinates import located
from layers.readers.errors import FileBroken, TooLarge
from layers.readers.features import Choice, Features
from layers.readers.isolation import limits_of
from layers.readers.notes import note
from layers.readers.source import Source
from layers.readers.watching import Watch

MOST_BYTES = 1 << 32
_LONLAT = "OGC:CRS84"
"""What a column of geometry is in that names no CRS, by the specification."""

_NAMES = ("geometry", "geom", "wkb", "wkb_geometry", "the_geom", "shape")
_NATIVE = {
    "point": (shapely.GeometryType.POINT, 0),
    "linestring": (shapely.GeometryType.LINESTRING, 1),
    "polygon": (shapely.GeometryType.POLYGON, 2),
    "multipoint": (shapely.GeometryType.MULTIPOINT, 1),
    "multilinestring": (shapely.GeometryType.MULTILINESTRING, 2),
    "multipolygon": (shapely.GeometryType.MULTIPOLYGON, 3),
}
_TROUBLE = (pa.ArrowException, OSError, ValueError, TypeError, KeyError, IndexError, OverflowError)


def read_parquet(source: Source, choice: Choice) -> Features:
    """Read a file; without metadata of GeoParquet a column of WKB is its geometry, and its CRS is not known.

    Raises
    ------
    FileRefused, Cancelled
    """
    with tempfile.TemporaryDirectory(prefix="chengzai-", dir=source.path.parent) as folder:
        try:
            data = streamed(source.path, source.name, folder, choice.watch)
            schema, geo = data.schema, metadata(data.schema)
            chosen, encoding, crs, notes = _geometry(schema, geo)
            parts = []
            for batch in data:
                batch.validate(full=True)
                parts.append(_part(pa.table(batch), chosen, encoding, geo))
            if not parts:
                parts = [_part(schema.empty_table(), chosen, encoding, geo)]
        except _TROUBLE as error:
            raise FileBroken(where=source.name, path=source.name, reason=str(error)[:160]) from error
    notes += [note("nested_column", field.name) for field in schema if _nested(field, chosen, geo)]
    table = pd.concat([part[0] for part in parts], ignore_index=True)
    features = Features(
        table, None, np.zeros(len(table), dtype=bool), encoding="UTF-8", encoding_basis="format", notes=tuple(notes)
    )
    if chosen is None:
        return located(features)
    shapes = np.concatenate([part[1] for part in parts])
    deep = shapely.has_z(shapes) | shapely.has_m(shapes)
    return Features(
        table=table,
        shapes=np.asarray(shapely.force_2d(shapes), dtype=object),
        unreadable=np.concatenate([part[2] for part in parts]),
        with_z=int(deep.sum()),
        crs=crs,
        encoding="UTF-8",
        encoding_basis="format",
        notes=tuple(notes),
    )


def streamed(path: Path, name: str, folder: str, watch: Watch) -> pa.RecordBatchReader:
    """What a child process reads in a file, batch by batch, out of a folder that has to stay until all is read.

    Parameters
    ----------
    name
        What the user calls the file.

    Raises
    ------
    FileRefused, Cancelled
    """
    request = {"do": "columnar", "path": str(path), "out": folder, "most": MOST_BYTES}
    limits = replace(limits_of(path), file_bytes=2 * MOST_BYTES)
    answer = POOL.ask("", request, limits, name, watch)
    if answer["file"] is None:
        limit = f"{MOST_BYTES / 1e9:,.1f} GB"
        raise TooLarge(where=name, path=name, found=f"{answer['size'] / 1e9:,.1f} GB", limit=limit)
    return pa.ipc.open_stream(pa.memory_map(f"{folder}/0.arrow"))


def metadata(schema: pa.Schema) -> dict[str, Any]:
    """What a file says of its geometry; empty where it says nothing that can be used."""
    try:
        geo = json.loads((schema.metadata or {}).get(b"geo", b"null"))
    except (ValueError, RecursionError):
        return {}
    columns = geo.get("columns") if isinstance(geo, dict) else None
    return geo if isinstance(columns, dict) and all(isinstance(one, dict) for one in columns.values()) else {}


def _geometry(schema: pa.Schema, geo: dict[str, Any]) -> tuple[str | None, str, str | None, list[Complaint]]:
    """The column of geometry, its encoding and CRS, and what there is to say."""
    if geo:
        there = [name for name in geo["columns"] if name in schema.names]
        primary = geo.get("primary_column")
        chosen = primary if primary in there else next(iter(there), None)
        if chosen is not None:
            others = [name for name in there if name != chosen]
            said = {"value": chosen, "limit": ", ".join(others)}
            notes = [note("geometry_columns", str(chosen), severity="warning", **said)] if others else []
            about = geo["columns"][chosen]
            return str(chosen), str(about.get("encoding", "WKB")).lower(), _crs(about), notes
    found = next((f.name for f in schema if f.name.casefold() in _NAMES and _binary(f.type)), None)
    if found is None:
        return None, "", None, []
    return found, "wkb", None, [note("geo_metadata_missing", found, severity="warning", value=found)]


def _crs(about: dict[str, Any]) -> str | None:
    if "crs" not in about:
        return _LONLAT
    try:
        return None if about["crs"] is None else str(CRS.from_user_input(about["crs"]).to_wkt())
    except (CRSError, TypeError, ValueError):
        return None


def _binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_binary_view(kind))


def _nested(field: pa.Field, chosen: str | None, geo: dict[str, Any]) -> bool:
    return field.name != chosen and field.name not in geo.get("columns", {}) and bool(pa.types.is_nested(field.type))


def _part(
    table: pa.Table, chosen: str | None, encoding: str, geo: dict[str, Any]
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Columns, shapes and which of these cannot be parsed, of one row group."""
    aside = {chosen, *geo.get("columns", {})}
    data = {name: _column(table.column(name)) for name in table.column_names if name not in aside}
    frame = pd.DataFrame(data, index=range(table.num_rows))
    if chosen is None:
        nothing = np.full(table.num_rows, None, dtype=object)
        return frame, nothing, np.zeros(table.num_rows, dtype=bool)
    values = table.column(chosen).combine_chunks()
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else pa.array([], type=values.type)
    present = values.is_valid().to_numpy(zero_copy_only=False)
    if encoding in _NATIVE:
        shapes = _native(values, *_NATIVE[encoding], present)
    elif encoding == "wkb":
        shapes = shapely.from_wkb(np.array([*values.to_pylist(), None], dtype=object)[:-1], on_invalid="ignore")
    else:
        raise ValueError(f"encoding {encoding[:40]}")
    return frame, np.asarray(shapes, dtype=object), present & shapely.is_missing(shapes)


def _native(values: pa.Array, kind: shapely.GeometryType, depth: int, present: np.ndarray) -> np.ndarray:
    """Shapes from lists in lists of coordinates, each with its x and y side by side or apart."""
    values = values.filter(pa.array(present))
    offsets = []
    for _ in range(depth):
        begin = values.offsets.to_numpy()
        offsets.append(begin - begin[0] if len(begin) else np.zeros(1, dtype=np.int64))
        values = values.flatten()
    if pa.types.is_struct(values.type):
        axes = [values.field(name).to_numpy(zero_copy_only=False) for name in ("x", "y")]
        points = np.column_stack(axes).astype(float)
    else:
        size = values.type.list_size
        points = values.flatten().to_numpy(zero_copy_only=False).reshape(-1, size)[:, :2].astype(float)
    made = shapely.from_ragged_array(kind, points, tuple(reversed(offsets)) or None)
    out = np.full(len(present), None, dtype=object)
    out[present] = made
    return out


def _column(values: pa.ChunkedArray) -> pd.Series:
    """A column in a type that keeps every value: whole numbers stay whole beside missing ones."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    if pa.types.is_boolean(kind):
        return pd.Series(values.to_pylist(), dtype="boolean")
    if pa.types.is_integer(kind):
        return pd.Series(
            values.to_pandas(integer_object_nulls=True), dtype="Int64" if kind != pa.uint64() else object
        )
    if pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return pd.Series(values.cast(pa.float64()).to_pandas(), dtype="float64")
    return pd.Series([_plain(value) for value in values.to_pylist()], dtype="str")


def _plain(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
