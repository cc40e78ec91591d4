"""Records of another file joined to features: one record a key, and no square metre counted twice.

A key may have several records (flats in one building): each column says by a rule how they become one. A key may
stand on several features (one lot in five pieces): quantities that add up are shared among them by area.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.contract import Complaint
from layers.readers.columns import Plan
from layers.readers.errors import ColumnUnknown, ExpressionRefused
from layers.readers.notes import note
from layers.readers.numerals import numbers, texts

RULES = ("first", "sum", "max", "min", "mean", "count")


@dataclass(frozen=True)
class Join:
    """How a file is joined.

    Parameters
    ----------
    records
        Rows of the joined file.
    on, key
        Key column of the features and of the records.
    take
        Column of the records to rule.
    """

    records: pd.DataFrame
    on: str
    key: str
    take: Mapping[str, str]

    def __post_init__(self) -> None:
        for column in (self.key, *self.take):
            if column not in self.records:
                known = ", ".join(map(str, self.records.columns))[:400]
                raise ColumnUnknown(where="--join", column=column, known=known)
        for column, rule in self.take.items():
            if rule not in RULES:
                raise ExpressionRefused(where="--take", text=f"{column}={rule}", place=len(column) + 2)


@dataclass(frozen=True)
class Joined:
    """Features with the columns taken, and how well the two files met."""

    table: pd.DataFrame
    notes: list[Complaint]
    unmatched_features: int
    unmatched_records: int


def names(join: Join, columns: list[str]) -> dict[str, str]:
    """What each taken column is called beside the columns of the features."""
    return {column: f"{column}_joined" if column in columns else column for column in join.take}


def attach(features: pd.DataFrame, join: Join, how: Plan, area: np.ndarray, *, skip_bad: bool) -> Joined:
    """Put the taken columns beside the features; there are as many rows after as before.

    Parameters
    ----------
    how
        What the columns are read for: a column that a target in m² reads, or that is summed, is shared by area
        among features with the same key; a record below the minimum of its target is bad.
    area
        Planar area of each feature [m²], shape (n,).
    skip_bad
        Leave bad records out of the sum and warn, instead of an error.
    """
    if join.on not in features:
        raise ColumnUnknown(where="--on", column=join.on, known=", ".join(map(str, features.columns))[:400])
    key, record_key = _keys(features[join.on]), _keys(join.records[join.key])
    distinct = pd.Index(record_key.dropna().unique())
    to_key = distinct.get_indexer(pd.Index(key))
    notes: list[Complaint] = []
    called = names(join, list(features.columns))
    first_feature = _first_feature(to_key, len(distinct))
    number = distinct.get_indexer(pd.Index(record_key))
    many, share = _sharing(to_key, area, len(distinct))
    out: dict[str, pd.Series] = {}
    for column, rule in join.take.items():
        targets = how.readers_of(called[column])
        values = _aggregate(join, column, rule, number, first_feature, notes, (how, targets, skip_bad))
        taken = values.reindex(to_key).set_axis(features.index)
        if rule == "sum" or any(target.endswith("_m2") for target in targets):
            taken = pd.Series(numbers(taken).values * share, index=features.index)
        out[called[column]] = taken
    for row in np.flatnonzero(many > 1):
        notes.append(
            note("join_shared", join.on, row=int(row), severity="warning", value=key.iloc[int(row)], limit=many[row])
        )
    lost = int((to_key < 0).sum())
    stray = int((~np.isin(number, to_key[to_key >= 0])).sum())
    notes.append(note("join_unmatched_features", join.on, value=lost))
    notes.append(note("join_unmatched_records", join.key, value=stray))
    return Joined(features.assign(**out), notes, lost, stray)


def _keys(values: pd.Series) -> pd.Series:
    plain = texts(values)
    return plain.where(plain != "", None)


def _first_feature(to_key: np.ndarray, count: int) -> np.ndarray:
    first = np.full(count, -1)
    there = np.flatnonzero(to_key >= 0)[::-1]
    first[to_key[there]] = there
    return first


def _sharing(to_key: np.ndarray, area: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """How many features have the key of each feature, and its share among them by area."""
    there = to_key >= 0
    size = np.where(np.isfinite(area) & (area > 0), area, 0.0)
    features = np.bincount(to_key[there], minlength=count)
    total = np.bincount(to_key[there], weights=size[there], minlength=count)
    many = np.where(there, features[to_key], 1) if count else np.ones(len(to_key), dtype=int)
    whole = np.where(there, total[to_key], 0.0) if count else np.zeros(len(to_key))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole > 0, size / whole, 1.0 / many)
    return many, np.where(many > 1, share, 1.0)


def _aggregate(
    join: Join,
    column: str,
    rule: str,
    number: np.ndarray,
    first_feature: np.ndarray,
    notes: list[Complaint],
    judge: tuple[Plan, list[str], bool],
) -> pd.Series:
    """One value a key, indexed by the key's number; keys without any value are missing."""
    values = join.records[column]
    there = number >= 0
    if rule == "count":
        return pd.Series(values[there].notna().groupby(number[there]).sum())
    how, targets, skip_bad = judge
    minimum = _minimum(how, targets)
    if rule == "first" and minimum is None:
        return values[there].groupby(number[there]).first()
    read = numbers(values)
    below = read.values < minimum if minimum is not None else np.zeros(len(values), dtype=bool)
    for record in np.flatnonzero((read.bad | below) & there):
        row = int(first_feature[number[record]])
        if row < 0:
            continue
        code = "join_not_a_number" if read.bad[record] else "join_record_below_minimum"
        severity = "warning" if skip_bad else "error"
        code = "join_record_ignored" if skip_bad else code
        notes.append(note(code, column, row=row, severity=severity, value=values.iloc[int(record)], limit=record + 1))  # type: ignore[arg-type]
    good = pd.Series(np.where(read.bad | below, np.nan, read.values))[there].groupby(number[there])
    if rule == "sum":
        return good.sum(min_count=1)
    return pd.Series(getattr(good, rule)())


def _minimum(how: Plan, targets: list[str]) -> float | None:
    known = {column.name: column.minimum for column in how.layer.columns}
    limits = [limit for target in targets if (limit := known.get(target)) is not None]
    return min(limits) if limits else None
