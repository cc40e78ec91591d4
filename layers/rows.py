"""Rows of tables: read from a workspace, put into one, and written as the canonical text that events keep."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.bulk import FEW, Bulk, Parts, bulk, by_layer, rows_of
from layers.catalogue import LAYERS
from layers.changes import Row, RowChange
from layers.contract import DTYPES
from layers.errors import NothingSuch
from layers.workspace import Workspace

_FEW = 16
"""Rows up to which each is read on its own; for more, columns are read as a whole."""

_KINDS = {name: {column.name: column.kind for column in layer.columns} for name, layer in LAYERS.items()}


def position(workspace: Workspace, layer: str, key: str) -> int:
    """Where a row stands in its table.

    Raises
    ------
    NothingSuch
    """
    if layer == "parcels":
        found = workspace.parcel_index.get_indexer(pd.Index([key]))
        if found[0] >= 0:
            return int(found[0])
    else:
        rows = np.flatnonzero((workspace.table(layer)[LAYERS[layer].key] == key).to_numpy(dtype=bool, na_value=False))
        if len(rows):
            return int(rows[0])
    raise NothingSuch(where=str(key)[:40], key=str(key)[:40], what=LAYERS[layer].zh)


def row(workspace: Workspace, layer: str, key: str) -> Row:
    """The present form of a row.

    Raises
    ------
    NothingSuch
    """
    return row_at(workspace.table(layer), position(workspace, layer, key))


def row_at(table: pd.DataFrame, place: int) -> Row:
    """The row at a place of a table."""
    values = zip(table.columns, table.iloc[place].array, strict=True)
    return {name: plain for name, value in values if (plain := _settled(value, None)) is not None}


def rows(table: pd.DataFrame) -> list[Row]:
    """Every row of a table, in order, without what is missing."""
    if len(table) <= _FEW:
        return [row_at(table, place) for place in range(len(table))]
    return rows_of(table)


def table_of(layer: str, values: Sequence[Row], crs: str) -> pd.DataFrame:
    """A table of a layer from rows."""
    contract = LAYERS[layer]
    index = pd.RangeIndex(len(values))
    there = dict.fromkeys(name for one in values for name in one if name != "geometry")
    bare = {kind: pd.Series(None, index=index, dtype=dtype) for kind, dtype in DTYPES.items()}  # most columns are one
    nothing = {name: bare[kind] for name, kind in _KINDS[layer].items()}
    data = nothing | {name: _column(layer, name, [one.get(name) for one in values]) for name in there}
    table = pd.DataFrame(data, index=index)
    if not contract.geometry:
        return table
    shapes = np.array([*(one.get("geometry") for one in values), None], dtype=object)[:-1]
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, crs=crs))


def _column(layer: str, name: str, values: Sequence[Any]) -> pd.Series:
    """Values in the type of their column; where one does not fit, all stay as they are, for the contract to say."""
    kind = _KINDS[layer].get(name)
    if kind is None:
        return pd.Series(values, dtype=object)
    wanted = {"number": float, "integer": int, "boolean": bool}.get(kind, str)
    if all(value is None or type(value) is wanted for value in values):
        with contextlib.suppress(OverflowError):
            return pd.Series(values, dtype=DTYPES[kind])
    return pd.Series(values, dtype=object)


def gathered(changes: Sequence[RowChange], crs: str) -> Sequence[RowChange]:
    """The same changes, those of a layer in bulk where all of its rows come, or all go, and they are many."""
    found: list[Sequence[RowChange]] = []
    for layer, some in by_layer(changes).items() if len(changes) > FEW else ():
        sides = {(change.before is None, change.after is None) for change in some} if len(some) > FEW else set()
        many = None
        if len(sides) == 1 and sides != {(False, False)}:
            comes = sides == {(True, False)}
            rows_ = [(change.after if comes else change.before) or {} for change in some]
            many = bulk(layer, table_of(layer, rows_, crs), comes=comes)
        found.append(some if many is None else many)
    if not any(isinstance(part, Bulk) for part in found):
        return changes
    return found[0] if len(found) == 1 else Parts(tuple(found))


def added(layer: str, after: Row) -> RowChange:
    """A row that comes into being."""
    return RowChange(layer, str(after[LAYERS[layer].key]), None, settled(layer, after))


def removed(workspace: Workspace, layer: str, key: str) -> RowChange:
    """A row that goes.

    Raises
    ------
    NothingSuch
    """
    return RowChange(layer, key, row(workspace, layer, key), None)


def edited(workspace: Workspace, layer: str, key: str, values: Mapping[str, Any]) -> RowChange:
    """A row with some values changed; None takes a value away.

    Raises
    ------
    NothingSuch
    """
    before = row(workspace, layer, key)
    return RowChange(layer, key, before, settled(layer, {**before, **values}))


def settled(layer: str, values: Mapping[str, Any]) -> Row:
    """A row in the types of its layer, without what is missing; what fits no type is left for the contract."""
    kinds = _KINDS[layer]
    plain = {name: _settled(value, kinds.get(name)) for name, value in values.items()}
    return {name: value for name, value in plain.items() if value is not None}


def _settled(value: Any, kind: str | None) -> Any:
    if type(value) is str or value is None:
        return value
    if isinstance(value, np.generic):
        value = value.item()
    if value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value != value:  # NaN: what a table says where nothing is
            return None
        if kind == "number":
            return float(value)
        if kind == "integer" and math.isfinite(value) and value == int(value):
            return int(value)
    return value


def with_rows(workspace: Workspace, changes: Iterable[RowChange], revision: int | None = None) -> Workspace:
    """The next workspace: rows that change stay in their place, new ones come last.

    Parameters
    ----------
    revision
        Its revision; the same as before where it is not given.
    """
    every = changes if isinstance(changes, Sequence) else tuple(changes)
    tables = {layer: _changed(workspace, layer, found) for layer, found in by_layer(every).items()}
    return workspace.with_tables(**tables).at(workspace.revision if revision is None else revision)


def _changed(workspace: Workspace, layer: str, found: Sequence[RowChange]) -> pd.DataFrame:
    table, contract = workspace.table(layer), LAYERS[layer]
    changes = found if isinstance(found, Bulk) else list({change.key: change for change in found}.values())
    keys = found.keys if isinstance(found, Bulk) else [change.key for change in changes]
    index = workspace.parcel_index if layer == "parcels" else pd.Index(table[contract.key])
    place = index.get_indexer(pd.Index(keys, dtype="str"))
    if isinstance(found, Bulk) and found.comes and (place < 0).all():
        return _with_more(table, found.table)
    if isinstance(found, Bulk) and not found.comes:
        return _without(table, place[place >= 0])
    stays = [
        (int(at), change) for at, change in zip(place, changes, strict=True) if at >= 0 and change.after is not None
    ]
    goes = [int(at) for at, change in zip(place, changes, strict=True) if at >= 0 and change.after is None]
    comes = [change.after for at, change in zip(place, changes, strict=True) if at < 0 and change.after is not None]
    if stays:
        table = _set(table, [at for at, _ in stays], [change for _, change in stays], workspace.crs, layer)
    if goes:
        table = _without(table, goes)
    return _with_more(table, table_of(layer, comes, workspace.crs)) if comes else table


def _without(table: pd.DataFrame, places: Sequence[int] | np.ndarray) -> pd.DataFrame:
    kept = np.ones(len(table), dtype=bool)
    kept[places] = False
    return table[kept].reset_index(drop=True)


def _with_more(table: pd.DataFrame, fresh: pd.DataFrame) -> pd.DataFrame:
    return fresh if len(table) == 0 else pd.concat([table, fresh], ignore_index=True)


def _set(table: pd.DataFrame, places: list[int], changes: list[RowChange], crs: str, layer: str) -> pd.DataFrame:
    """Only the columns that change are made anew; the others are shared with the table before."""
    changed: dict[str, Any] = {}
    for name in _named(table, changes):
        values = [(change.after or {}).get(name) for change in changes]
        if name == "geometry":
            shapes = np.asarray(table["geometry"], dtype=object).copy()
            shapes[places] = np.array([*values, None], dtype=object)[:-1]
            changed[name] = gpd.GeoSeries(shapes, index=table.index, crs=crs)
            continue
        fresh = _column(layer, name, values)
        if name not in table.columns:
            column = pd.Series([None] * len(table), index=table.index, dtype=object)
        else:
            column = table[name].copy()
            if column.dtype != fresh.dtype:
                column = column.astype(object)
        column.iloc[places] = fresh.to_numpy(dtype=object) if column.dtype == object else fresh.array
        changed[name] = column
    return table.assign(**changed) if changed else table


def _named(table: pd.DataFrame, changes: list[RowChange]) -> list[str]:
    """Columns that differ, in their order; all of them where it is not known what a row was before."""
    if any(not change.before for change in changes):
        fields = {*table.columns, *(name for change in changes for name in change.after or {})}
    else:
        fields = {name for change in changes for name in change.fields}
    return [*(name for name in table.columns if name in fields), *sorted(fields - {*table.columns})]


def encode(values: Row | None) -> Any:
    """A row as JSON holds it; a geometry is its WKB in hexadecimal, to the last bit of every vertex."""
    if values is None:
        return None
    shape = values.get("geometry")
    if shape is None:
        return dict(values)
    return {**values, "geometry": shapely.to_wkb(shape, hex=True, output_dimension=2, byte_order=1)}


def decode(values: Any) -> Row | None:
    """A row from what `encode` made."""
    if values is None:
        return None
    return {name: shapely.from_wkb(value) if name == "geometry" else value for name, value in values.items()}


def canonical(value: Any) -> str:
    """The one JSON text of a value: sorted keys, no spaces, no NaN.

    >>> canonical({"b": 1.5, "a": "丰台"})
    '{"a":"丰台","b":1.5}'
    """
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
