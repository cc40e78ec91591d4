"""Which row of a file is which row of the layer: by number, or by the land that both cover."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint, Layer
from layers.readers.notes import note
from layers.readers.updates import MatchRefused, Rule
from spatial.pairing import by_overlap

_NUMBER = {"parcels": "parcel_no"}
"""Column that people know the rows of a layer by, where that is not its key."""

_ALIKE = 1e-9
"""Difference of figures that is none, relative and absolute."""


@dataclass(frozen=True)
class Partners:
    """Which row of the layer each row of a file is.

    Parameters
    ----------
    place
        Place in the layer's table, −1 for a row that it does not have; shape (n,).
    share
        Area that both outlines cover, as a share of the larger; NaN where it was not looked at. Shape (n,).
    notes
        Rows for which the choice was not clear.
    """

    place: np.ndarray
    share: np.ndarray
    notes: tuple[Complaint, ...] = ()


def partners(layer: Layer, rows: pd.DataFrame, table: pd.DataFrame, rule: Rule, where: str) -> Partners:
    """Match the rows of a file with those of a layer.

    Parameters
    ----------
    rows
        Rows of the file under our column names, index 0 … n − 1, with `geometry` in the working CRS where they
        have any.
    table
        Rows of the layer.

    Raises
    ------
    MatchRefused
        When the file has nothing to match by.
    """
    place, share = np.full(len(rows), -1, dtype=np.int64), np.full(len(rows), np.nan)
    notes: list[Complaint] = []
    if rule.match == "number":
        _by_number(layer, rows, table, place, share, notes, where)
    elif rule.match == "shape":
        if "Polygon" not in layer.geometry or not drawn(rows).any():
            raise MatchRefused(where=where, layer=layer.zh, match=rule.match, by="图形")
        found = by_overlap(shapes_of(table), shapes_of(rows), rule.least_share, likeness=_likeness(rows, table))
        place[found.new], share[found.new] = found.old, found.share
        notes += _tied(found.new[found.tied], table[layer.key].to_numpy(dtype=object)[found.old[found.tied]])
    return Partners(place, share, tuple(notes))


def _by_number(
    layer: Layer,
    rows: pd.DataFrame,
    table: pd.DataFrame,
    place: np.ndarray,
    share: np.ndarray,
    notes: list[Complaint],
    where: str,
) -> None:
    named = _NUMBER.get(layer.name)
    if layer.key not in rows and (named is None or named not in rows):
        raise MatchRefused(where=where, layer=layer.zh, match="number", by="编号")
    keys = pd.Index(table[layer.key].astype(object))
    if layer.key in rows:
        place[:] = keys.get_indexer(pd.Index(rows[layer.key].astype(object).where(rows[layer.key].notna(), None)))
    if named is None or named not in rows:
        return
    free_new = np.flatnonzero(place < 0)
    free_old = np.setdiff1d(np.arange(len(table)), place)
    both = pd.concat([table[named].iloc[free_old], rows[named].iloc[free_new]]).astype(object)
    code = pd.factorize(both.where(both.notna(), ""))[0]  # rows without a number are told apart by their land
    of_old, of_new = code[: len(free_old)], code[len(free_old) :]
    count = np.bincount(code, minlength=1)
    in_old, in_new = (np.bincount(some, minlength=len(count)) for some in (of_old, of_new))
    unnamed = code[(both.isna() | (both == "")).to_numpy(dtype=bool)]
    single = (in_old == 1) & (in_new == 1)
    single[unnamed[:1]] = False
    first = np.full(len(count), -1, dtype=np.int64)
    first[of_old] = free_old
    sure = single[of_new]
    place[free_new[sure]] = first[of_new[sure]]
    notes += _elsewhere(rows, table, free_new[sure], first[of_new[sure]], keys.to_numpy())
    rest_new, rest_old = np.flatnonzero(~sure), np.flatnonzero(~single[of_old])
    if not len(rest_new) or not len(rest_old):
        return
    at_new, at_old = free_new[rest_new], free_old[rest_old]
    found = by_overlap(
        shapes_of(table)[at_old],
        shapes_of(rows)[at_new],
        0.0,
        groups=(of_old[rest_old], of_new[rest_new]),
        likeness=_likeness(rows.iloc[at_new].reset_index(drop=True), table.iloc[at_old].reset_index(drop=True)),
    )
    place[at_new[found.new]], share[at_new[found.new]] = at_old[found.old], found.share
    notes += _tied(at_new[found.new[found.tied]], keys.to_numpy()[at_old[found.old[found.tied]]])
    undrawn = ~drawn(rows)[at_new] & np.isin(of_new[rest_new], of_old[rest_old])
    for row in at_new[undrawn].tolist():
        number = rows[named].iloc[row]
        notes.append(
            note("match_ambiguous", named, row=row, severity="error", value="" if pd.isna(number) else number)
        )


def _elsewhere(
    rows: pd.DataFrame, table: pd.DataFrame, new: np.ndarray, old: np.ndarray, keys: np.ndarray
) -> list[Complaint]:
    """Rows whose number is the same and whose land is not: numbers are given anew, now and then."""
    apart = shapely.disjoint(shapes_of(rows)[new], shapes_of(table)[old]) & drawn(rows)[new] & drawn(table)[old]
    pairs = zip(new[apart].tolist(), keys[old[apart]].tolist(), strict=True)
    return [note("match_elsewhere", "geometry", row=row, severity="warning", value=key) for row, key in pairs]


def _tied(rows: np.ndarray, keys: np.ndarray) -> list[Complaint]:
    pairs = zip(rows.tolist(), keys.tolist(), strict=True)
    return [note("match_tied", "geometry", row=row, severity="warning", value=key) for row, key in pairs]


def shapes_of(table: pd.DataFrame) -> np.ndarray:
    """Geometries of a table, None where it has none; shape (n,)."""
    if "geometry" not in table:
        return np.full(len(table), None, dtype=object)
    return np.asarray(table["geometry"], dtype=object)


def drawn(rows: pd.DataFrame) -> np.ndarray:
    """Rows with a geometry that is not empty."""
    outlines = shapes_of(rows)
    return ~(shapely.is_missing(outlines) | shapely.is_empty(outlines))


def _likeness(rows: pd.DataFrame, table: pd.DataFrame) -> Any:
    columns = [name for name in rows if name in table and name != "geometry"]

    def alike(old: np.ndarray, new: np.ndarray) -> np.ndarray:
        same = np.zeros(len(old))
        for name in columns:
            same += ~differs(table[name].iloc[old], rows[name].iloc[new])
        return same

    return alike


def differs(old: pd.Series, new: pd.Series) -> np.ndarray:
    """Where two columns side by side differ; what both lack is the same.

    >>> differs(pd.Series([1.0, None, 3.0]), pd.Series([1.0, None, 4.0])).tolist()
    [False, False, True]
    """
    one, other = old.reset_index(drop=True), new.reset_index(drop=True)
    lacks, lacked = one.isna().to_numpy(), other.isna().to_numpy()
    numeric = [pd.api.types.is_numeric_dtype(c) and not pd.api.types.is_bool_dtype(c) for c in (one, other)]
    if all(numeric):
        a, b = (column.to_numpy(dtype=float, na_value=np.nan) for column in (one, other))
        same = np.isclose(a, b, rtol=_ALIKE, atol=_ALIKE)
    else:
        same = (one.astype(object) == other.astype(object)).fillna(False).to_numpy(dtype=bool)
    return ~((lacks & lacked) | (same & ~lacks & ~lacked))
