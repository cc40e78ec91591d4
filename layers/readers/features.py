"""What a reader gives: one layer of a source as it is, and what there is to choose from before it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint
from layers.readers.watching import UNWATCHED, Watch

ColumnKind = Literal["text", "integer", "number", "boolean", "date"]
SAMPLES = 3
"""How many values of a column are shown."""


@dataclass(frozen=True)
class Choice:
    """What a user says about a source before it is read.

    Parameters
    ----------
    layer
        Layer of a source with several; None takes the only one.
    encoding
        Of its text; None lets the bytes decide.
    watch
        Told how far the reading is; may stop it.
    """

    layer: str | None = None
    encoding: str | None = None
    watch: Watch = UNWATCHED


@dataclass(frozen=True)
class OpenRing:
    """An outline whose ends do not meet: what it encloses when they are joined, and how far they are apart [m]."""

    shape: shapely.Geometry
    gap_m: float


@dataclass(frozen=True)
class Features:
    """What a source holds, as it is: nothing is renamed, moved or repaired.

    Parameters
    ----------
    table
        One row a feature, index 0 … n − 1.
    shapes
        Shape (n,), or None for a table without geometry; None in a row without geometry.
    unreadable
        Where a geometry is there but cannot be parsed, shape (n,).
    with_z
        How many geometries had Z or M, which are left out.
    curved
        How many geometries had arcs, which were turned into short straight lines.
    aside
        How many entities of a drawing are no outline, and no text in one; they are left out.
    crs
        CRS that the file itself gives, as WKT or an authority code.
    cut
        (row, column, text) of text that ends in half a character.
    short
        Columns whose names may have been cut at ten bytes, and whether a character was torn in doing so.
    title
        What the source calls the layer, where it names it.
    lines
        Line of a text, or row of a sheet, on which each row stands, from 1, shape (n,); None where rows are counted.
    open_rings
        Rows without a shape because its ends do not meet.
    notes
        What the reader has to say, by row of the table; an error about ``geometry`` is why a row has none.
    """

    table: pd.DataFrame
    shapes: np.ndarray | None
    unreadable: np.ndarray
    with_z: int = 0
    curved: int = 0
    aside: int = 0
    crs: str | None = None
    encoding: str | None = None
    encoding_basis: str | None = None
    contradicted: str | None = None
    cut: tuple[tuple[int, str, str], ...] = ()
    short: Mapping[str, bool] = field(default_factory=dict)
    title: str = ""
    lines: np.ndarray | None = None
    open_rings: Mapping[int, OpenRing] = field(default_factory=dict)
    notes: tuple[Complaint, ...] = ()


@dataclass(frozen=True)
class FoundColumn:
    """A column of a source, with up to three of its values."""

    name: str
    kind: ColumnKind
    samples: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundLayer:
    """A layer that a source holds.

    Parameters
    ----------
    rows
        How many features; None where only reading all would tell.
    geometry
        Kind of geometry in GDAL's words (``Polygon``, ``MultiPolygon``, ``Unknown`` where kinds are mixed); None for
        a table without.
    crs
        CRS that the file gives, as WKT or an authority code.
    encoding, encoding_basis
        Of its text, and why.
    """

    name: str
    rows: int | None
    geometry: str | None
    columns: tuple[FoundColumn, ...]
    crs: str | None = None
    encoding: str | None = None
    encoding_basis: str | None = None


def described(name: str, features: Features) -> FoundLayer:
    """A layer that was read, as it is shown for a choice.

    >>> import numpy as np, pandas as pd
    >>> table = pd.DataFrame({"DKBH": ["A", None, "B", "A"]}, dtype="str")
    >>> described("t", Features(table, None, np.zeros(4, dtype=bool))).columns
    (FoundColumn(name='DKBH', kind='text', samples=('A', 'B')),)
    """
    return FoundLayer(
        name=name,
        rows=len(features.table),
        geometry=None if features.shapes is None else _geometry(features.shapes),
        columns=tuple(found_column(str(column), features.table[column]) for column in features.table.columns),
        crs=features.crs,
        encoding=features.encoding,
        encoding_basis=features.encoding_basis,
    )


def distinct(names: list[str]) -> list[str]:
    """Names of columns, each once.

    >>> distinct(["a", "a", ""])
    ['a', 'a_2', 'column_3']
    """
    out: list[str] = []
    for place, name in enumerate(names):
        plain = name or f"column_{place + 1}"
        number, found = 1, plain
        while found in out:
            number += 1
            found = f"{plain}_{number}"
        out.append(found)
    return out


def found_column(name: str, values: pd.Series) -> FoundColumn:
    """A column with its kind and its first distinct values."""
    samples = tuple(str(value)[:80] for value in values.dropna().drop_duplicates().head(SAMPLES))
    return FoundColumn(name, _kind(values), samples)


def _kind(values: pd.Series) -> ColumnKind:
    if pd.api.types.is_bool_dtype(values):
        return "boolean"
    if pd.api.types.is_integer_dtype(values):
        return "integer"
    if pd.api.types.is_float_dtype(values):
        return "number"
    return "date" if pd.api.types.is_datetime64_any_dtype(values) else "text"


def _geometry(shapes: np.ndarray) -> str:
    kinds = {shapely.GeometryType(kind).name for kind in np.unique(shapely.get_type_id(shapes)) if kind >= 0}
    spoken = {"POLYGON": "Polygon", "MULTIPOLYGON": "MultiPolygon", "POINT": "Point", "LINESTRING": "LineString"}
    if kinds == {"POLYGON", "MULTIPOLYGON"}:
        return "MultiPolygon"
    return spoken.get(kinds.pop(), "Unknown") if len(kinds) == 1 else "Unknown"
