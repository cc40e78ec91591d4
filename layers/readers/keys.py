"""Keys of rows that come in: taken from the file where they are sound, given where they are not, never repeated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint, Layer, Severity
from layers.readers.notes import note


def with_keys(layer: Layer, table: pd.DataFrame, existing: pd.Series) -> tuple[pd.DataFrame, list[Complaint]]:
    """The table with a key in every row.

    A key that the file gives is kept; one that the workspace holds already is an error. Parcels without keys take
    their parcel number, as ``number~2`` where it is taken, or ``row-N``. Rows of other layers get ``layer-N``.

    Parameters
    ----------
    table
        Rows of the file, index 0 … n − 1.
    existing
        Keys that the workspace holds.
    """
    held = set(existing.dropna())
    notes: list[Complaint] = []
    given = table[layer.key] if layer.key in table else pd.Series([None] * len(table), index=table.index, dtype="str")
    for row in np.flatnonzero(given.isin(held)):
        code: tuple[str, Severity] = ("key_replaced", "info") if layer.replaces else ("key_exists", "error")
        notes.append(note(code[0], layer.key, row=int(row), severity=code[1], value=given.iloc[int(row)]))
    missing = given.isna().to_numpy()
    keys = given.astype(object).to_numpy(copy=True)
    taken = held | set(given.dropna())
    if layer.name == "parcels":
        numbers = table["parcel_no"] if "parcel_no" in table else pd.Series([None] * len(table), dtype="str")
        _from_numbers(keys, missing, numbers, taken)
        notes += _about_numbers(keys, numbers, existing)
    else:
        count = len(existing)
        for row in np.flatnonzero(missing):
            keys[row] = _unused(f"{layer.name}-{count + int(row) + 1}", taken)
            taken.add(keys[row])
            notes.append(note("key_generated", layer.key, row=int(row), value=keys[row]))
    return table.assign(**{layer.key: pd.Series(keys, index=table.index, dtype="str")}), notes


def _from_numbers(keys: np.ndarray, missing: np.ndarray, numbers: pd.Series, taken: set[str]) -> None:
    last: dict[str, int] = {}
    rows = np.flatnonzero(missing)
    plain = numbers.astype(object).to_numpy()
    absent = numbers.isna().to_numpy()
    for row in rows.tolist():
        base = f"row-{row + 1}" if absent[row] else str(plain[row])
        key, turn = base, last.get(base, 1)
        while key in taken:
            turn += 1
            key = f"{base}~{turn}"
        last[base] = turn
        keys[row] = key
        taken.add(key)


def _about_numbers(keys: np.ndarray, numbers: pd.Series, existing: pd.Series) -> list[Complaint]:
    out = []
    absent = numbers.isna().to_numpy()
    for row in np.flatnonzero(absent):
        out.append(note("parcel_no_missing", "parcel_no", row=int(row), severity="warning", value=keys[row]))
    known = set(existing.dropna())
    repeated = (numbers.duplicated(keep=False) | numbers.isin(known)).to_numpy() & ~absent
    for row in np.flatnonzero(repeated):
        number = numbers.iloc[int(row)]
        out.append(
            note("parcel_no_duplicate", "parcel_no", row=int(row), severity="warning", value=number, limit=keys[row])
        )
    return out


def _unused(key: str, taken: set[str]) -> str:
    candidate, turn = key, 1
    while candidate in taken:
        turn += 1
        candidate = f"{key}~{turn}"
    return candidate


def combine_zones(layer: Layer, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Complaint]]:
    """Rows of one zone_id as one zone of many parts; a zone without a name takes its key.

    Where rows of a zone differ in a column of the contract the first counts and a warning says so; an extra column
    is kept only in zones whose rows agree.
    """
    notes: list[Complaint] = []
    many = table["zone_id"].duplicated(keep=False).to_numpy()
    if many.any():
        notes.append(note("rows_combined", "zone_id", value=len(table), limit=table["zone_id"].nunique()))
        groups = table[many].groupby("zone_id", sort=False)
        firsts = table[~table["zone_id"].duplicated()].copy()
        for column in (name for name in table.columns if name not in ("zone_id", "geometry")):
            differ = groups[column].nunique(dropna=False)
            differ = differ[differ > 1]
            if column in layer.names:
                rows = firsts.index[firsts["zone_id"].isin(differ.index)]
                said = [(int(row), firsts["zone_id"][row]) for row in rows]
                notes += [note("rows_differ", column, row=r, severity="warning", value=zone) for r, zone in said]
            elif len(differ):
                firsts[column] = firsts[column].astype(object).where(~firsts["zone_id"].isin(differ.index), None)
        if "geometry" in table:
            shapes = firsts["geometry"].to_numpy(dtype=object).copy()
            place = {zone: i for i, zone in enumerate(firsts["zone_id"])}
            for zone, inside in groups.indices.items():
                parts = table["geometry"].to_numpy(dtype=object)[np.flatnonzero(many)[np.asarray(inside)]]
                shapes[place[zone]] = _union(parts)
            firsts["geometry"] = shapes
        table = firsts.reset_index(drop=True)
    if "name" not in table:
        return table.assign(name=table["zone_id"]), notes
    return table.assign(name=table["name"].where(table["name"].notna(), table["zone_id"])), notes


def _union(parts: np.ndarray) -> shapely.Geometry | None:
    whole = shapely.union_all(parts[~shapely.is_missing(parts)])
    return None if shapely.is_empty(whole) else whole
