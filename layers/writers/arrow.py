"""Rows as an Arrow table, which is how they go to the writers and come back from the readers, column by column."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyogrio.raw import write_arrow
from pyproj import CRS

from layers.contract import Column
from layers.writers.draft import Told, nobody
from spatial import crs as crs_

GEOMETRY = "geometry"
_TYPES = {
    "text": pa.string(), "list": pa.string(), "date": pa.date32(),
    "number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_(),
}  # fmt: skip
_ALIAS, _COMMENT = "GDAL:OGR:alternative_name", "GDAL:OGR:comment"
_PORTION = 16_384
WIDTH = "GDAL:OGR:width"
"""Key under which a field says how wide it is to be."""


@dataclass(frozen=True)
class Opened:
    """A file that was opened again."""

    table: pa.Table
    shapes: np.ndarray | None
    crs: str | None


def as_table(frame: pd.DataFrame, columns: Sequence[Column], names: Mapping[str, str]) -> pa.Table:
    """The rows under the names that they have in the file, each column with what people call it.

    Missing text stays missing, and so do numbers that are not there.
    """
    fields, arrays = [], []
    for column in columns:
        about = {_COMMENT: column.meaning} | ({} if column.zh == column.name else {_ALIAS: column.zh})
        array = as_array(frame[column.name], column.kind)
        arrays.append(array)
        fields.append(pa.field(names[column.name], array.type, metadata=about))
    return pa.table(arrays, schema=pa.schema(fields))


def as_array(values: pd.Series, kind: str) -> pa.Array:
    """One column in the type of its kind.

    >>> as_array(pd.Series(["2026-11-22", None], dtype="str"), "date").to_pylist()
    [datetime.date(2026, 11, 22), None]
    """
    wanted = _TYPES[kind]
    plain = pa.array(values, type=pa.string() if kind == "date" else wanted, from_pandas=True)
    if isinstance(plain, pa.ChunkedArray):
        plain = plain.combine_chunks()
    return pc.cast(plain, wanted) if kind == "date" else plain


def write(
    path: Path,
    table: pa.Table,
    shapes: np.ndarray | None,
    crs: CRS | None,
    *,
    driver: str,
    tell: Told = nobody,
    **options: Any,
) -> None:
    """Write a table, and geometries if there are any, with one of GDAL's drivers.

    Parameters
    ----------
    shapes
        Shape (n,), or None for a table without geometry.
    tell
        Is told how many rows the driver has taken.
    options
        Of `pyogrio.raw.write_arrow`, `geometry_type` among them.
    """
    schema = table.schema
    if shapes is not None:
        schema = schema.append(pa.field(GEOMETRY, pa.binary(), metadata={"ARROW:extension:name": "ogc.wkb"}))
        options |= {"geometry_name": GEOMETRY, "crs": None if crs is None else well_known(crs)}
    handed = _Handed(table, shapes, schema, tell)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # what it warns of is told as a loss
        try:
            write_arrow(pa.RecordBatchReader.from_batches(schema, handed), path, driver=driver, **options)
        except Exception:
            if handed.stopped is not None:  # the library says only that its source failed
                raise handed.stopped from None
            raise


class _Handed:
    """Rows as the library takes them, some thousand at a time; whoever listens may end it between two portions."""

    def __init__(self, table: pa.Table, shapes: np.ndarray | None, schema: pa.Schema, tell: Told) -> None:
        self.stopped: BaseException | None = None
        self._table, self._shapes, self._schema, self._tell = table.combine_chunks(), shapes, schema, tell

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        count = self._table.num_rows
        for first in range(0, count, _PORTION):
            try:
                self._tell("writing", first, count)
            except BaseException as error:
                self.stopped = error
                raise
            part = self._table.slice(first, _PORTION)
            arrays = [column.combine_chunks() for column in part.columns]
            if self._shapes is not None:
                wkb = shapely.to_wkb(self._shapes[first : first + _PORTION])
                arrays.append(pa.array(wkb, type=pa.binary(), from_pandas=True))
            yield pa.record_batch(arrays, schema=self._schema)


def well_known(crs: CRS) -> str:
    """A CRS as GDAL takes it: its code, or its definition in words."""
    code = crs_.label(crs)
    return code if code.startswith("EPSG:") else crs.to_wkt()
