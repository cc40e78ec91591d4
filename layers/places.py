"""Where the parts of parcels lie, as numbers: each part is in one place, a zone and a sub-area of it.

Accounts need the zone of a hundred thousand parts again after every edit. As numbers that are kept beside the split
they cost nothing; as arrays of text they would cost more than all formulas together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd

from spatial import location
from spatial.sums import runs

Key = tuple[Any, ...]
Level = Literal["zone", "sub_area"]


@dataclass(frozen=True)
class Places:
    """Places, and which of them each part lies in.

    Parameters
    ----------
    code
        Number of the place of each part, shape (m,).
    zone, sub_area
        Keys of each place, None for none.
    main
        Row of the largest part of each parcel, shape (n,).
    """

    code: np.ndarray
    zone: tuple[str | None, ...]
    sub_area: tuple[str | None, ...]
    main: np.ndarray

    def __len__(self) -> int:
        return len(self.zone)

    def of_parts(self, level: Level) -> np.ndarray:
        """Key of each part at a level, None for none, shape (m,)."""
        keys: tuple[str | None, ...] = getattr(self, level)
        return np.array([*keys, None], dtype=object)[self.code]

    @cached_property
    def cells(self) -> Cells:
        """The groups of parts by place alone."""
        return cells(self, [])


@dataclass(frozen=True)
class Cells:
    """The groups that parts fall into by place and by further values.

    Parameters
    ----------
    group
        Number of the group of each part, shape (m,).
    keys
        Zone, sub-area and further values of each group.
    parcels
        How many parcels have their largest part in each group.
    """

    group: np.ndarray
    keys: tuple[Key, ...]
    parcels: np.ndarray


def cells(places: Places, labels: Sequence[tuple[np.ndarray, Sequence[Any]]]) -> Cells:
    """The groups of parts by place and by further values.

    Parameters
    ----------
    labels
        Number of each part, shape (m,), and what the numbers mean; one pair for each further value of a key.
    """
    group, count = _compact(places.code, len(places))
    for code, meaning in labels:
        group, count = _compact(group * len(meaning) + code, count * len(meaning))
    starts = runs(group)
    first = np.empty(count, dtype=np.int64)
    first[group[starts]] = starts
    place = places.code[first]
    columns = [[places.zone[i] for i in place], [places.sub_area[i] for i in place]]
    columns += [[meaning[i] for i in code[first]] for code, meaning in labels]
    parcels = np.bincount(group[places.main], minlength=count)
    return Cells(group, tuple(zip(*columns, strict=True)), parcels)


def places(leaves: location.Leaves, split: location.Split, zones: pd.DataFrame, parcels: pd.DataFrame) -> Places:
    """Zone and sub-area of each part: by outline, or as typed where the named zone has no outline.

    Parameters
    ----------
    zones
        Their `zone_id` and `name`; a parcel may be typed with either.
    parcels
        Their `zone` and `sub_area` as typed.
    """
    nowhere = np.flatnonzero(split.leaf == location.OUTSIDE)
    code = split.leaf.copy()
    pairs: list[tuple[str | None, str | None]] = [*zip(leaves.zone, leaves.sub_area, strict=True)]
    if len(nowhere):
        drawn, alias, rows = set(leaves.zone), _aliases(zones), split.parcel[nowhere]
        zone, zone_keys = _typed(parcels["zone"], rows, alias, drawn)
        # a sub-area is void where it has an outline, or where its zone has
        parents = zip(zones["zone_id"].tolist(), zones["parent"].tolist(), strict=True)
        inner = {key for key, parent in parents if parent in drawn} | set(filter(None, leaves.sub_area))
        sub_area, sub_keys = _typed(parcels["sub_area"], rows, alias, inner)
        met, where = np.unique(zone * len(sub_keys) + sub_area, return_inverse=True)
        code[nowhere] = len(pairs) + where
        pairs.extend((zone_keys[pair // len(sub_keys)], sub_keys[pair % len(sub_keys)]) for pair in met.tolist())
    return Places(code, tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs), split.main_part())


def numbered(values: pd.Series) -> tuple[np.ndarray, list[Any]]:
    """Values as numbers, and what each number means: plain Python values, None for everything that is missing.

    >>> code, meaning = numbered(pd.Series(["M4", None, "", "M4"]))
    >>> code.tolist(), meaning
    ([0, 1, 1, 0], ['M4', None])
    """
    code, met = pd.factorize(values, use_na_sentinel=True)
    number: dict[Any, int] = {}
    # the sentinel of a missing value is -1, so it takes what stands last
    found = [number.setdefault(_plain(value), len(number)) for value in [*met.tolist(), None]]
    return np.array(found, dtype=np.int64)[code], list(number)


def _typed(
    column: pd.Series, rows: np.ndarray, alias: Mapping[Any, str], drawn: set[str]
) -> tuple[np.ndarray, list[str | None]]:
    """What was typed for some rows; a zone that has an outline lies where that says, so its name is void."""
    code, words = numbered(column.iloc[rows])
    keys = [alias.get(word, word) for word in words]
    return code, [None if key in drawn else key for key in keys]


def _aliases(zones: pd.DataFrame) -> dict[Any, str]:
    """Key of a zone by its name and by its key; where a name is another zone's key, the key wins."""
    keys = zones["zone_id"].tolist()
    named = {name: key for name, key in zip(zones["name"].tolist(), keys, strict=True) if _plain(name) is not None}
    return named | {key: key for key in keys}


def _compact(cell: np.ndarray, size: int) -> tuple[np.ndarray, int]:
    """Numbers of cells, of which few may occur, as numbers without gaps; and how many there are."""
    if size > 4 * len(cell) + 1024:
        met, group = np.unique(cell, return_inverse=True)
        return group, len(met)
    occurs = np.zeros(size, dtype=bool)
    occurs[cell[runs(cell)]] = True
    if occurs.all():
        return cell, size
    return (np.cumsum(occurs) - 1)[cell], int(occurs.sum())


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or value != value or value == "":
        return None
    return value.item() if isinstance(value, np.generic) else value
