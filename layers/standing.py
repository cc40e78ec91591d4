"""How single parcels stand: what they can still give and what is taken, without posting all the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.accounts import tally
from layers.posting import opening
from layers.tally import caps
from layers.workspace import Workspace
from spatial import ledger
from spatial.sums import by_group

_FEW = 64
"""Parcels up to which each is posted on its own; for more, posting everything is quicker."""


@dataclass(frozen=True)
class Standing:
    """Floor area of some parcels [m²], each of shape (n,).

    Parameters
    ----------
    room_new, room_old
        What new buildings and vacant space there can hold.
    taken_new, taken_old
        What assignments that have not ended take of each.
    unknown
        Whether the parcel has no limit at all.
    available
        Permitted floor area that nothing takes, before any cap of a zone.
    """

    room_new: np.ndarray
    room_old: np.ndarray
    taken_new: np.ndarray
    taken_old: np.ndarray
    unknown: np.ndarray
    available: np.ndarray

    @property
    def short(self) -> np.ndarray:
        """Assigned floor area for which there is no room; of new buildings none where the limit is unknown."""
        new = np.where(self.unknown, 0.0, np.maximum(self.taken_new - self.room_new, 0.0))
        return np.asarray(new + np.maximum(self.taken_old - self.room_old, 0.0))


def standing(workspace: Workspace, rows: Sequence[int] | np.ndarray) -> Standing:
    """How the parcels of some rows stand, shape as `rows`."""
    wanted = np.asarray(rows, dtype=np.int64)
    if len(wanted) > _FEW:
        whole = _stand(workspace, 0, len(workspace.table("parcels")))
        return Standing(*(values[wanted] for values in vars(whole).values()))
    each = [_stand(workspace, int(row), int(row) + 1) for row in wanted] or [_stand(workspace, 0, 0)]
    return Standing(*(np.concatenate([vars(one)[name] for one in each]) for name in vars(each[0])))


def _stand(workspace: Workspace, first: int, after: int) -> Standing:
    """The parcels from row `first` up to `after`."""
    now = opening(workspace)
    start, stop = (int(at) for at in np.searchsorted(now.split.parcel, (first, after)))
    count, group = after - first, now.split.parcel[start:stop] - first
    accounts, found = now.post(slice(start, stop))
    moves = now.moves.between(start, stop)
    at = group if moves.rows is None else group[moves.rows]

    def moved(values: np.ndarray) -> np.ndarray:
        return by_group(at, values, count)

    built, vacant = now.figures["built"][first:after], now.figures["vacant"][first:after]
    constructing = np.nan_to_num(now.figures["under_construction_floor_area_m2"][first:after])
    permitted = by_group(group, np.nan_to_num(found.floor_area), count)
    known = by_group(group, (~found.unknown).astype(float), count)
    return Standing(
        np.maximum(permitted - built - constructing, 0.0),
        vacant + moved(moves.new[4]),
        moved(moves.new[:4].sum(axis=0)),
        moved(moves.existing[:4].sum(axis=0)),
        known == 0,
        by_group(group, accounts.available, count),
    )


@dataclass(frozen=True)
class Capped:
    """Use of the zones and sub-areas that have a cap [m²].

    Parameters
    ----------
    keys
        Their zone_ids.
    used, free
        What is built, under construction, committed or reserved there, and what is permitted beyond that.
    """

    keys: tuple[str, ...]
    cap: np.ndarray
    used: np.ndarray
    free: np.ndarray


def capped(workspace: Workspace) -> Capped:
    """How the zones with a cap stand; no rows where no zone has one."""
    zones = workspace.table("zones")
    cap = zones["floor_area_cap_m2"].to_numpy(dtype=float, na_value=np.nan)
    rows = np.flatnonzero(~np.isnan(cap))
    if not len(rows):
        return Capped((), *np.zeros((3, 0)))
    found = tally(workspace)
    used, free = np.zeros(len(cap)), np.zeros(len(cap))
    for level in caps(zones, *([key[part] for key in found.keys] for part in (0, 1))):
        inside = level.zone >= 0
        used += by_group(level.zone[inside], found.accounts.used[inside], len(cap))
        free += by_group(level.zone[inside], found.accounts.available[inside], len(cap))
    return Capped(tuple(zones["zone_id"].iloc[rows].tolist()), cap[rows], used[rows], free[rows])


def available(workspace: Workspace, row: int) -> float:
    """What new buildings on a parcel can still take [m²], after what the caps of its zones hold back."""
    levels = caps(workspace.table("zones"), *_places(workspace))
    now = opening(workspace)
    start, stop = (int(at) for at in np.searchsorted(now.split.parcel, (row, row + 1)))
    mine, _ = now.post(slice(start, stop))
    left = mine.available
    if levels:
        left = left * _kept(workspace, workspace.places.code[start:stop])
    return float(np.sum(left))


def _places(workspace: Workspace) -> tuple[Sequence[str | None], Sequence[str | None]]:
    return workspace.places.zone, workspace.places.sub_area


def _kept(workspace: Workspace, place: np.ndarray) -> np.ndarray:
    """The share of what is available that the caps leave, for parts in some places."""
    found = tally(workspace)
    of_key = {key[:2]: i for i, key in enumerate(found.keys) if found.accounts.available[i] > 0}
    held = ledger.hold(found.accounts, caps(workspace.table("zones"), *([k[i] for k in found.keys] for i in (0, 1))))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(found.accounts.available > 0, held.available / found.accounts.available, 1.0)
    zone, sub_area = _places(workspace)
    cells = [of_key.get((zone[at], sub_area[at]), -1) for at in place.tolist()]
    return np.array([share[cell] if cell >= 0 else 1.0 for cell in cells])
