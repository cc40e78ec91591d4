"""Capacity as double entry: every square metre stands in exactly one account.

```
permitted + over = built occupied + built vacant + under construction + committed + reserved
                 + held by the zone's cap + available
```
A parcel's built and under-construction figures are the opening balance. An assignment moves floor area between
accounts and is never added on top. Rows without a permitted figure stay outside all accounts, in keys of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from spatial.sums import by_group, runs

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

STAGES = ("intent", "signed", "under_construction", "completed", "vacated")
"""Stages of an assignment. New floor area moves from `available` to the account of its stage."""


@dataclass(frozen=True)
class Moves:
    """Floor area of assignments by stage [m²], shape (5, n), in the order of `STAGES`.

    `new` is taken from what is available, `existing` from vacant space in existing buildings.

    Parameters
    ----------
    rows
        Position of each column among the rows that the moves are for, ascending; None where every row has a column.
        Few rows have assignments, and the others need not be carried along.
    """

    new: Floats
    existing: Floats
    rows: Integers | None = None

    @classmethod
    def none(cls, count: int) -> Moves:
        """No assignment on any of `count` rows."""
        return cls(np.zeros((len(STAGES), count)), np.zeros((len(STAGES), count)))

    @classmethod
    def of(cls, row: Integers, stage: Integers, existing: NDArray[np.bool_], floor_area: Floats, count: int) -> Moves:
        """Assignments added up by row and stage.

        Parameters
        ----------
        row
            Position that each assignment draws on, shape (k,).
        stage
            Position of its stage in `STAGES`, shape (k,).
        existing
            Whether it takes existing space, shape (k,).
        floor_area
            [m²], shape (k,).
        count
            How many rows there are.
        """

        def added(which: NDArray[np.bool_]) -> Floats:
            cell = stage[which] * count + row[which]
            flat = by_group(cell, floor_area[which], len(STAGES) * count)
            return flat.reshape(len(STAGES), count)

        return cls(added(~existing), added(existing))

    def take(self, rows: Integers, share: Floats) -> Moves:
        """The moves of parts: row `rows[i]` times `share[i]`; `rows` are ascending."""
        if self.rows is None:
            return Moves(self.new[:, rows] * share, self.existing[:, rows] * share)
        first, after = (np.searchsorted(rows, self.rows, side) for side in ("left", "right"))
        column = np.repeat(np.arange(len(self.rows)), after - first)
        part = np.arange(len(column)) + (first - np.cumsum(after - first) + (after - first))[column]
        return Moves(self.new[:, column] * share[part], self.existing[:, column] * share[part], part)

    def same(self, other: Moves) -> bool:
        """Whether the same floor area is known to be assigned to the same rows."""
        if self.rows is None or other.rows is None:
            return False
        pairs = ((self.rows, other.rows), (self.new, other.new), (self.existing, other.existing))
        return all(np.array_equal(mine, theirs) for mine, theirs in pairs)

    def between(self, start: int, stop: int) -> Moves:
        """The moves of the rows from `start` up to `stop`, counted from `start`."""
        if self.rows is None:
            return Moves(self.new[:, start:stop], self.existing[:, start:stop])
        first, after = np.searchsorted(self.rows, (start, stop))
        return Moves(self.new[:, first:after], self.existing[:, first:after], self.rows[first:after] - start)


@dataclass(frozen=True)
class Accounts:
    """The accounts of n rows (parts, parcels or groups) [m²], each of shape (n,).

    Examples
    --------
    >>> one = np.array([100.0])
    >>> found = post(permitted=one, built=one * 0.3, vacant=one * 0.1, under_construction=one * 0.2,
    ...              moves=Moves.none(1), site=one)
    >>> found.available.tolist(), found.built_vacant.tolist(), found.imbalance().tolist()
    ([50.0], [10.0], [0.0])
    """

    site_area: Floats
    permitted: Floats
    over: Floats
    built_occupied: Floats
    built_vacant: Floats
    under_construction: Floats
    committed: Floats
    reserved: Floats
    held_by_cap: Floats
    available: Floats
    remaining_signed: Floats
    remaining_clipped: Floats
    unknown_site_area: Floats
    unknown_built: Floats
    unknown_assigned: Floats

    def __len__(self) -> int:
        return len(self.permitted)

    @property
    def built(self) -> Floats:
        """Built floor area, occupied and vacant [m²]."""
        return self.built_occupied + self.built_vacant

    @property
    def used(self) -> Floats:
        """What is built, under construction, committed or reserved [m²]."""
        return self.built + self.under_construction + self.committed + self.reserved

    @property
    def supply(self) -> Floats:
        """What a project can take: available, and vacant in existing buildings [m²]."""
        return self.available + self.built_vacant

    def imbalance(self) -> Floats:
        """Left side less right side of the identity [m²]; 0 but for the last bits."""
        return self.permitted + self.over - self.used - self.held_by_cap - self.available

    def grouped(self, group: Integers, count: int) -> Accounts:
        """Rows added up to groups: row i goes to `group[i]` in 0 … count − 1."""
        starts = runs(group)
        # runs are added up first where they are long, and an account in which nothing stands not at all
        long = len(starts) * 8 < len(group)
        rows = group[starts] if long else group

        def added(values: Floats) -> Floats:
            if not values[:1].any() and not values.any():
                return np.zeros(count)
            return by_group(rows, np.add.reduceat(values, starts) if long else values, count)

        return Accounts(*(added(getattr(self, f.name)) for f in fields(self)))

    def plus(self, other: Accounts) -> Accounts:
        """The sum, row by row."""
        return Accounts(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


@dataclass(frozen=True)
class Caps:
    """Floor-area caps of one level of zones.

    Parameters
    ----------
    zone
        Number of the zone of each row, −1 for none, shape (n,).
    cap
        Cap of each zone [m²], NaN for none, shape (zones,).
    """

    zone: Integers
    cap: Floats = field(default_factory=lambda: np.empty(0))


def post(
    *,
    permitted: Floats,
    built: Floats,
    vacant: Floats,
    under_construction: Floats,
    moves: Moves,
    site: Floats,
) -> Accounts:
    """Post opening balance and assignments to the accounts, before any cap.

    Parameters
    ----------
    permitted
        [m²], shape (n,); NaN keeps the row outside all accounts.
    built, vacant
        Floor area that stands above ground, and how much of it is vacant [m²], shape (n,); vacant ≤ built.
    under_construction
        [m²], shape (n,).
    moves
        Assignments by stage. Existing space that is assigned beyond what is vacant stands on top, so that it shows
        as `over` or lowers `available` rather than vanish.
    site
        Site area [m²], shape (n,).

    Returns
    -------
    Accounts
        With `held_by_cap` 0.
    """
    # one block for all figures: fifteen arrays that come and go would cost more than the sums
    out = Accounts(*np.empty((len(fields(Accounts)), len(permitted))))
    for account in (out.committed, out.reserved, out.held_by_cap, out.unknown_assigned):
        account[:] = 0.0
    np.subtract(built, vacant, out=out.built_occupied)
    out.site_area[:], out.permitted[:], out.built_vacant[:] = site, permitted, vacant
    out.under_construction[:] = under_construction
    _move(out, vacant, moves)
    used = out.built_occupied + out.built_vacant
    for account in (out.under_construction, out.committed, out.reserved):
        used += account
    np.maximum(used - permitted, 0.0, out=out.over)
    np.maximum(permitted - used, 0.0, out=out.available)
    np.subtract(permitted - built, under_construction, out=out.remaining_signed)
    np.maximum(out.remaining_signed, 0.0, out=out.remaining_clipped)
    unknown = np.flatnonzero(np.isnan(permitted))
    for account, values in ((out.unknown_site_area, site), (out.unknown_built, built)):
        account[:] = 0.0
        account[unknown] = values[unknown]
    assigned = out.unknown_assigned[unknown]
    for f in fields(out):
        if not f.name.startswith("unknown_"):
            getattr(out, f.name)[unknown] = 0.0
    out.unknown_assigned[:] = 0.0
    out.unknown_assigned[unknown] = assigned
    return out


def _move(out: Accounts, vacant: Floats, moves: Moves) -> None:
    """Put assignments into fresh accounts, and what is assigned in all into that of unknown rows."""
    if moves.new.size:
        rows = slice(None) if moves.rows is None else moves.rows
        both = moves.new + moves.existing
        taken = moves.existing[:4].sum(axis=0)
        # what nobody uses is vacant space like any other: it can be taken
        out.built_vacant[rows] = np.maximum(vacant[rows] + moves.new[4] - taken, 0.0)
        out.built_occupied[rows] += both[3]
        out.under_construction[rows] += both[2]
        out.committed[rows], out.reserved[rows] = both[1], both[0]
        out.unknown_assigned[rows] = both.sum(axis=0)


def nothing(count: int) -> Accounts:
    """Accounts of `count` rows in which nothing stands."""
    return Accounts(*np.zeros((len(fields(Accounts)), count)))


def joined(accounts: Sequence[Accounts]) -> Accounts:
    """The rows of several accounts, one after the other."""
    return Accounts(*(np.concatenate([getattr(one, f.name) for one in accounts]) for f in fields(Accounts)))


def hold(accounts: Accounts, levels: list[Caps]) -> Accounts:
    """Move what the zones' caps hold back from `available` to `held_by_cap`.

    A cap is on all floor area of the zone: what is used stands first, and only what is left can be available. What
    has to be held is taken from every row in proportion to what it has available. Levels go from the finest
    (sub-areas) to the coarsest, so that a sub-area's cap is spent before its zone's.

    Because the share held is one number a zone, rows that were already added up give the same totals as their parts.

    Examples
    --------
    >>> one = np.array([60.0, 40.0])
    >>> free = post(permitted=one, built=0 * one, vacant=0 * one, under_construction=0 * one,
    ...             moves=Moves.none(2), site=one)
    >>> held = hold(free, [Caps(np.array([0, 0]), np.array([50.0]))])
    >>> held.available.tolist(), held.held_by_cap.tolist()
    ([30.0, 20.0], [30.0, 20.0])
    """
    for level in levels:
        accounts = _hold(accounts, level)
    return accounts


def _hold(accounts: Accounts, level: Caps) -> Accounts:
    inside = level.zone >= 0
    if not inside.any() or np.isnan(level.cap).all():
        return accounts
    zone = level.zone[inside]
    used = by_group(zone, accounts.used[inside], len(level.cap))
    free = by_group(zone, accounts.available[inside], len(level.cap))
    excess = np.where(np.isnan(level.cap), 0.0, np.clip(used + free - level.cap, 0.0, free))
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(free > 0, excess / free, 0.0)
    moved = np.zeros(len(accounts))
    moved[inside] = accounts.available[inside] * ratio[zone]
    return replace(accounts, available=accounts.available - moved, held_by_cap=accounts.held_by_cap + moved)
