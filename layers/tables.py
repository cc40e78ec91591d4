"""Rows in which two tables of a layer differ, whatever their order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from layers.bulk import FEW, Parts, bulk
from layers.catalogue import LAYERS
from layers.changes import RowChange
from layers.rows import rows, settled


def differing(layer: str, before: pd.DataFrame, after: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows that go (of `before`), rows that differ and rows that come (of `after`), as places in their tables.

    Columns are compared as a whole, so that only rows that differ cost anything. Keys are not repeated.
    """
    key = LAYERS[layer].key
    old, new = (pd.Index(table[key].astype("str")) for table in (before, after))
    place = old.get_indexer(new)
    both = np.flatnonzero(place >= 0)
    changed = both[_differ(before.iloc[place[both]], after.iloc[both])]
    gone = np.flatnonzero(~np.isin(np.arange(len(old)), place[both]))
    return gone, changed, np.flatnonzero(place < 0)


def differences(layer: str, before: pd.DataFrame, after: pd.DataFrame) -> Sequence[RowChange]:
    """The changes that lead from one table to another: rows that go, rows that differ, rows that come.

    Many rows that come, or go, are one `Bulk`.
    """
    if before is after or not (len(before) or len(after)):
        return ()
    key = LAYERS[layer].key
    old, new = (pd.Index(table[key].astype("str")) for table in (before, after))
    if old.has_duplicates or new.has_duplicates:
        return _one_by_one(layer, before, after)
    gone, changed, come = differing(layer, before, after)
    was = old.get_indexer(new[changed])
    pairs = zip(rows(before.iloc[was]), rows(after.iloc[changed]), strict=True)
    kept = [RowChange(layer, str(one[key]), one, settled(layer, other)) for one, other in pairs]
    found = (
        _whole(layer, before.iloc[gone], comes=False),
        tuple(change for change in kept if not change.idle),
        _whole(layer, after.iloc[come], comes=True),
    )
    some = tuple(part for part in found if len(part))
    return Parts(some) if len(some) > 1 else some[0] if some else ()


def _whole(layer: str, table: pd.DataFrame, *, comes: bool) -> Sequence[RowChange]:
    """The rows of a table as rows that come or go."""
    many = bulk(layer, table, comes=comes) if len(table) > FEW else None
    if many is not None:
        return many
    key = LAYERS[layer].key
    if comes:
        return tuple(RowChange(layer, str(one[key]), None, settled(layer, one)) for one in rows(table))
    return tuple(RowChange(layer, str(one[key]), one, None) for one in rows(table))


def _differ(before: pd.DataFrame, after: pd.DataFrame) -> np.ndarray:
    """Which rows differ, of tables whose rows stand side by side."""
    differ = np.zeros(len(after), dtype=bool)
    for name in {*before.columns, *after.columns}:
        if name not in before or name not in after:
            there = before[name] if name in before else after[name]
            differ |= there.notna().to_numpy(dtype=bool)
            continue
        one, other = before[name], after[name]
        if name == "geometry":
            shapes = (np.asarray(one, dtype=object), np.asarray(other, dtype=object))
            missing = shapely.is_missing(shapes[0]) & shapely.is_missing(shapes[1])
            differ |= ~(missing | shapely.equals_identical(*shapes))
            continue
        left, right = one.reset_index(drop=True), other.reset_index(drop=True)
        if left.dtype != right.dtype:
            left, right = left.astype(object), right.astype(object)
        missing = left.isna().to_numpy() & right.isna().to_numpy()
        same = (left == right).fillna(False).to_numpy(dtype=bool)
        differ |= ~(missing | same)
    return differ


def _one_by_one(layer: str, before: pd.DataFrame, after: pd.DataFrame) -> tuple[RowChange, ...]:
    """Where a key is repeated the last row of it counts; the contract refuses it later."""
    key = LAYERS[layer].key
    old, new = ({str(one[key]): one for one in rows(table)} for table in (before, after))
    every = [RowChange(layer, one, old.get(one), new.get(one)) for one in {**old, **new}]
    return tuple(change for change in every if not change.idle)
