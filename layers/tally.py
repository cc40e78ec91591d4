"""Accounts added up by place and by what parcels say of themselves, before any cap: sums that can be summed again.

The share that a cap holds back is one number a zone, so caps may be applied to sums (see `spatial.ledger.hold`). That
is why a million parcels can pass a hundred thousand at a time and give the figures that they give all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.places import Key
from spatial import ledger

FIGURES = (
    "site_area_m2",
    "permitted_m2",
    "built_m2",
    "built_vacant_m2",
    "under_construction_m2",
    "committed_m2",
    "reserved_m2",
    "held_by_cap_m2",
    "available_m2",
    "over_m2",
    "remaining_signed_m2",
    "remaining_clipped_m2",
    "unknown_site_area_m2",
    "unknown_built_m2",
    "unknown_assigned_m2",
)
"""Figures of a row of accounts, in the order of the printed table. `built_vacant_m2` is part of `built_m2`."""


@dataclass(frozen=True)
class Tally:
    """Sums of parts, one row a group.

    Parameters
    ----------
    keys
        Zone, sub-area and further values of each group; a key may stand in several rows.
    accounts
        Accounts of each group before caps.
    parcels, unknown
        Parcels whose largest part is in the group, and how many of them stand outside all accounts.
    """

    keys: tuple[Key, ...]
    accounts: ledger.Accounts
    parcels: np.ndarray
    unknown: np.ndarray

    @classmethod
    def nothing(cls, keys: tuple[Key, ...]) -> Tally:
        """The tally of no parts."""
        none = np.zeros(len(keys), dtype=np.int64)
        return cls(keys, ledger.nothing(len(keys)), none, none)

    def regrouped(self, keys: Sequence[Key]) -> Tally:
        """Rows added up under other keys, one of them for each row; a key stands in one row then."""
        number: dict[Key, int] = {}
        group = np.array([number.setdefault(key, len(number)) for key in keys], dtype=np.int64)
        counts = (np.bincount(group, weights=n, minlength=len(number)) for n in (self.parcels, self.unknown))
        parcels, unknown = (np.rint(count).astype(np.int64) for count in counts)
        return Tally(tuple(number), self.accounts.grouped(group, len(number)), parcels, unknown)

    def whole(self) -> Tally:
        """Everything as one row."""
        every = self.accounts.grouped(np.zeros(len(self.keys), dtype=np.int64), 1)
        return Tally(((),), every, self.parcels.sum(keepdims=True), self.unknown.sum(keepdims=True))


def added(tallies: Iterable[Tally]) -> Tally | None:
    """Tallies of separate parcels as one; None where there is none. Holds two of them at a time."""
    whole: Tally | None = None
    for tally in tallies:
        if whole is None:
            whole = tally
            continue
        keys = whole.keys + tally.keys
        joined = Tally(
            keys,
            ledger.joined([whole.accounts, tally.accounts]),
            np.concatenate([whole.parcels, tally.parcels]),
            np.concatenate([whole.unknown, tally.unknown]),
        )
        whole = joined.regrouped(keys)
    return whole


def told(tally: Tally, zones: pd.DataFrame, by: Sequence[str], values: Sequence[str]) -> dict[str, Any]:
    """A tally in the words of the command line: everything, and each group, with the zones' caps applied.

    Parameters
    ----------
    zones
        Table of the zones: their caps, and the order of the groups.
    by
        Names of the keys to group by: ``zone``, ``sub_area`` or any of `values`.
    values
        Names of the tally's further keys.
    """
    names = ("zone", "sub_area", *values)
    zone, sub_area = ([key[level] for key in tally.keys] for level in (0, 1))
    held = Tally(tally.keys, ledger.hold(tally.accounts, caps(zones, zone, sub_area)), tally.parcels, tally.unknown)
    whole = _row(held.whole(), 0)
    if not by:
        return whole | {"groups": []}
    columns = [names.index(name) for name in by]
    found = held.regrouped([tuple(key[column] for column in columns) for key in held.keys])
    groups = [dict(zip(by, key, strict=True)) | _row(found, i) for i, key in enumerate(found.keys)]
    order = {key: i for i, key in enumerate(zones["zone_id"].tolist())}

    def rank(group: dict[str, Any]) -> list[tuple[bool, int, str]]:
        # zones in the order of their table, then everything else by name, missing last
        return [(group[name] is None, order.get(group[name], len(order)), str(group[name])) for name in by]

    return whole | {"groups": sorted(groups, key=rank)}


def caps(zones: pd.DataFrame, zone: Sequence[str | None], sub_area: Sequence[str | None]) -> list[ledger.Caps]:
    """Caps of the sub-areas and then of the zones, over rows that lie in those zones and sub-areas."""
    cap = zones["floor_area_cap_m2"].to_numpy(dtype=float, na_value=np.nan)
    number = {key: i for i, key in enumerate(zones["zone_id"].tolist()) if not np.isnan(cap[i])}
    if not number:
        return []
    levels = (np.array([number.get(key, -1) for key in keys], dtype=np.int64) for keys in (sub_area, zone))
    return [ledger.Caps(level, cap) for level in levels]


def figures(accounts: ledger.Accounts, row: int) -> dict[str, float]:
    """The figures of one row of accounts, under the names of the command line."""
    return {name: float(getattr(accounts, name.removesuffix("_m2"))[row]) for name in FIGURES}


def _row(tally: Tally, row: int) -> dict[str, Any]:
    counts = {"parcels": int(tally.parcels[row]), "unknown_parcels": int(tally.unknown[row])}
    return counts | figures(tally.accounts, row)
