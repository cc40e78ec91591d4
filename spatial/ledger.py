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

from spatial.sums import by_group

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
        """The moves of parts: row `rows[i]` times `share[i]`."""
        if self.rows is None:
            return Moves(self.new[:, rows] * share, self.existing[:, rows] * share)
        column = np.full(int(max(rows.max(initial=-1), self.rows.max(initial=-1))) + 1, -1)
        column[self.rows] = np.arange(len(self.rows))
        column = column[rows]
        touched = np.flatnonzero(column >= 0)
        column, part = column[touched], share[touched]
        return Moves(self.new[:, column] * part, self.existing[:, column] * part, touched)


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
        starts = np.flatnonzero(np.diff(group, prepend=-1))
        if len(starts) * 8 < len(group):
            # neighbours lie in the same zone: runs are added up first, at a third of the price
            runs, group = starts, group[starts]
            figures = {f.name: np.add.reduceat(getattr(self, f.name), runs) for f in fields(self)}
        else:
            figures = {f.name: getattr(self, f.name) for f in fields(self)}
        return Accounts(**{name: by_group(group, values, count) for name, values in figures.items()})


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
    block = np.zeros((len(fields(Accounts)), len(permitted)))
    out = Accounts(*block)
    np.subtract(built, vacant, out=out.built_occupied)
    out.site_area[:], out.permitted[:], out.built_vacant[:] = site, permitted, vacant
    out.under_construction[:] = under_construction
    assigned = _move(out, vacant, moves)
    unknown = np.flatnonzero(np.isnan(permitted))
    out.permitted[unknown] = 0.0
    used = out.built_occupied + out.built_vacant
    for account in (out.under_construction, out.committed, out.reserved):
        used += account
    np.maximum(used - out.permitted, 0.0, out=out.over)
    np.maximum(out.permitted - used, 0.0, out=out.available)
    np.subtract(out.permitted - built, under_construction, out=out.remaining_signed)
    np.maximum(out.remaining_signed, 0.0, out=out.remaining_clipped)
    block[:, unknown] = 0.0
    out.unknown_site_area[unknown], out.unknown_built[unknown] = site[unknown], built[unknown]
    out.unknown_assigned[unknown] = assigned[unknown]
    return out


def _move(out: Accounts, vacant: Floats, moves: Moves) -> Floats:
    """Put assignments into fresh accounts; what is assigned in all [m²], shape (n,)."""
    assigned = np.zeros(len(out))
    if moves.new.size:
        rows = slice(None) if moves.rows is None else moves.rows
        both = moves.new + moves.existing
        taken = moves.existing[:4].sum(axis=0)
        out.built_vacant[rows] = np.maximum(vacant[rows] - taken, 0.0) + moves.new[4]
        out.built_occupied[rows] += both[3]
        out.under_construction[rows] += both[2]
        out.committed[rows], out.reserved[rows], assigned[rows] = both[1], both[0], both.sum(axis=0)
    return assigned


def joined(accounts: Sequence[Accounts]) -> Accounts:
    """The rows of several accounts, one after the other."""
    return Accounts(**{f.name: np.concatenate([getattr(one, f.name) for one in accounts]) for f in fields(Accounts)})


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
