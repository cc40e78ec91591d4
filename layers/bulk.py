"""Very many changes as what they are: a table of rows that all come, or all go.

A `Bulk` is a sequence of row changes like any other; whoever needs single rows is given them one by one. Whoever
writes, checks or encodes a hundred thousand of them works on its columns instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, overload

import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.changes import Row, RowChange
from layers.contract import DTYPES

FEW = 64
"""Changes up to which each is a value of its own."""


class _Changes(Sequence[RowChange]):
    """What both sequences share: two are the same where their changes are."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, eq=False)
class Bulk(_Changes):
    """Rows of one layer that all come into being, or all go.

    Parameters
    ----------
    table
        The rows in the types of their layer, numbered from 0; `bulk` makes it.
    comes
        Whether the rows come; they go where it is False.
    """

    layer: str
    table: pd.DataFrame
    comes: bool = True

    def __len__(self) -> int:
        return len(self.table)

    @overload
    def __getitem__(self, at: int) -> RowChange: ...
    @overload
    def __getitem__(self, at: slice) -> Bulk: ...
    def __getitem__(self, at: int | slice) -> RowChange | Bulk:
        if isinstance(at, slice):
            some = Bulk(self.layer, self.table.iloc[at].reset_index(drop=True), self.comes)
            some.__dict__["columns"] = {name: values[at] for name, values in self.columns.items()}
            return some
        return self._change(self.rows[at])

    def __iter__(self) -> Iterator[RowChange]:
        return map(self._change, self.rows)

    def _change(self, row: Row) -> RowChange:
        key = row[LAYERS[self.layer].key]
        return RowChange(self.layer, key, None, row) if self.comes else RowChange(self.layer, key, row, None)

    @cached_property
    def keys(self) -> list[str]:
        """The keys of the rows."""
        return plain(self.table[LAYERS[self.layer].key])

    @cached_property
    def columns(self) -> dict[str, list[Any]]:
        """Columns in which any row has a value, as Python values; None where a row has none. No geometry."""
        held = self.table.columns[self.table.notna().any()]
        return {str(name): plain(self.table[name]) for name in held if name != "geometry"}

    @property
    def shapes(self) -> np.ndarray | None:
        """Geometries, shape (n,); None where the layer has none."""
        return np.asarray(self.table["geometry"], dtype=object) if "geometry" in self.table else None

    @cached_property
    def wkb(self) -> list[bytes | None]:
        """Geometries as plain WKB, to the last bit of every vertex."""
        shapes = self.shapes
        return [None] * len(self) if shapes is None else to_wkb(shapes)

    @cached_property
    def rows(self) -> list[Row]:
        """Single rows, without what is missing."""
        return rows_of(self.table)

    def reversed(self) -> Bulk:
        """The changes that take these back."""
        return Bulk(self.layer, self.table, not self.comes)


@dataclass(frozen=True, eq=False)
class Parts(_Changes):
    """Changes one after the other, some of them in bulk."""

    parts: tuple[Sequence[RowChange], ...]

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @overload
    def __getitem__(self, at: int) -> RowChange: ...
    @overload
    def __getitem__(self, at: slice) -> Parts: ...
    def __getitem__(self, at: int | slice) -> RowChange | Parts:
        start, stop, step = (at if isinstance(at, slice) else slice(at, at + 1 or None)).indices(len(self))
        if step != 1:
            raise ValueError("changes are taken in their order")
        found, first = [], 0
        for part in self.parts:
            some = part[max(start - first, 0) : max(stop - first, 0)]
            found += [some] if len(some) else []
            first += len(part)
        if isinstance(at, slice):
            return Parts(tuple(found))
        if not found:
            raise IndexError(at)
        return found[0][0]

    def __iter__(self) -> Iterator[RowChange]:
        for part in self.parts:
            yield from part


def bulk(layer: str, table: pd.DataFrame, *, comes: bool = True) -> Bulk | None:
    """Rows of a layer as one change; None where a value is not of its column's type, or a key is none or repeated.

    Parameters
    ----------
    table
        Rows that a layer's `conform` has seen, in any index.
    """
    contract = LAYERS[layer]
    kinds = {column.name: DTYPES[column.kind] for column in contract.columns}
    if any(name not in table or table[name].dtype != kind for name, kind in kinds.items()):
        return None
    keys = table[contract.key]
    if keys.isna().any() or not keys.is_unique:
        return None
    more = {name: _own(table[name]) for name in table.columns if name not in kinds and name != "geometry"}
    return Bulk(layer, table.assign(**more).reset_index(drop=True), comes)


def parts(changes: Sequence[RowChange]) -> tuple[Sequence[RowChange], ...]:
    """Changes as the runs that they are made of."""
    return changes.parts if isinstance(changes, Parts) else (changes,)


def by_layer(changes: Sequence[RowChange]) -> dict[str, Sequence[RowChange]]:
    """The changes of each layer in their order; in bulk where all of a layer are."""
    if isinstance(changes, Bulk):
        return {changes.layer: changes} if len(changes) else {}
    found: dict[str, list[Sequence[RowChange]]] = {}
    for part in parts(changes):
        if isinstance(part, Bulk):
            found.setdefault(part.layer, []).append(part)
            continue
        single: dict[str, list[RowChange]] = {}
        for change in part:
            single.setdefault(change.layer, []).append(change)
        for layer, some in single.items():
            found.setdefault(layer, []).append(some)
    return {
        layer: some[0] if len(some) == 1 else [change for part in some for change in part]
        for layer, some in found.items()
    }


def keys_of(changes: Sequence[RowChange]) -> list[str]:
    """The keys of the rows that change."""
    return changes.keys if isinstance(changes, Bulk) else [change.key for change in changes]


def gone(changes: Sequence[RowChange]) -> list[str]:
    """The keys of the rows that go."""
    found: list[str] = []
    for part in parts(changes):
        if isinstance(part, Bulk):
            found += [] if part.comes else part.keys
        else:
            found += [change.key for change in part if change.after is None]
    return found


def shapes_after(changes: Sequence[RowChange]) -> np.ndarray:
    """Geometries that rows have after changes, shape (m,)."""
    if isinstance(changes, Bulk):
        return changes.shapes if changes.comes and changes.shapes is not None else np.empty(0, dtype=object)
    shapes = [change.after.get("geometry") for change in changes if change.after]
    return np.array([*shapes, None], dtype=object)[:-1]


# -- columns


def plain(values: pd.Series) -> list[Any]:
    """A column as Python values, None where one is missing."""
    missing = values.isna().to_numpy()
    if missing.all():
        return [None] * len(values)
    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "fiub":
        told: list[Any] = values.to_numpy().tolist()
    else:
        told = values.to_numpy(dtype=object).tolist()
    if values.dtype == object:
        told = [value.item() if isinstance(value, np.generic) else value for value in told]
    for place in np.flatnonzero(missing):
        told[place] = None
    return told


def rows_of(table: pd.DataFrame) -> list[Row]:
    """Every row of a table, in order, without what is missing."""
    if not len(table):
        return []
    columns = [
        list(np.asarray(table[name], dtype=object)) if name == "geometry" else plain(table[name])
        for name in table.columns
    ]
    nothing = [None] * len(table)
    told = [(name, values) for name, values in zip(table.columns, columns, strict=True) if values != nothing]
    if not told:
        return [{} for _ in range(len(table))]
    names = [name for name, _ in told]
    return [
        {name: value for name, value in zip(names, line, strict=True) if value is not None}
        for line in zip(*(values for _, values in told), strict=True)
    ]


def _own(values: pd.Series) -> pd.Series:
    """A column that no contract knows, as the plain values that a row has of it."""
    return pd.Series(plain(values), index=values.index, dtype=object)


def to_wkb(shapes: np.ndarray) -> list[bytes | None]:
    """WKB of geometries: little-endian, two dimensions."""
    found: list[bytes | None] = shapely.to_wkb(shapes, output_dimension=2, byte_order=1).tolist()
    return found
