"""What the tables of a workspace say of every parcel, and the accounts that follow for any run of parts."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from layers.places import Cells, Places
from layers.vocabulary import SOURCES, STAGES
from layers.workspace import Workspace
from spatial import capacity, ledger, location
from spatial.sums import by_group

Floats = np.ndarray

_ROWS = 16_384
"""Parts that are posted at a time where only sums are asked for."""


@dataclass(frozen=True)
class Opening:
    """What the tables say of every parcel, ready to be posted for any run of parts.

    Parameters
    ----------
    figures
        Columns of numbers of the parcels, as they stand, each of shape (n,).
    of_place
        Limits that a place gives to parcels that have none of their own, by column, each of shape (places,).
    moves
        Assignments of the parts.
    """

    split: location.Split
    place: np.ndarray
    figures: dict[str, Floats]
    of_place: dict[str, Floats]
    moves: ledger.Moves
    orphans: np.ndarray

    def post(self, rows: slice) -> tuple[ledger.Accounts, capacity.Permitted]:
        """Accounts of some parts before any cap, and what binds them."""
        parcel, share, place = self.split.parcel[rows], self.split.share[rows], self.place[rows]

        def own(column: str) -> Floats:
            return self.figures[column][parcel]

        def limit(column: str) -> Floats:
            values, given = own(column), self.of_place.get(column)
            if given is not None:
                missing = np.flatnonzero(np.isnan(values))
                values[missing] = given[place[missing]]
            return values

        site = net = capacity.site_area(own("official_area_m2"), own("drawn"))
        if "excluded" in self.figures:
            # it is known only for ratios on gross land, so those are the rows where it is not 0
            excluded = own("excluded")
            net = capacity.net_area(site, excluded, excluded > 0)
        found = capacity.permitted(
            net * share,
            far=limit("far_max"),
            stated=own("stated_floor_area_m2") * share,
            coverage=limit("coverage_max_pct") / 100,
            height=limit("height_max_m"),
            storey_height=own("storey"),
        )
        under_construction = own("under_construction_floor_area_m2")
        under_construction[np.isnan(under_construction)] = 0.0
        accounts = ledger.post(
            permitted=found.floor_area,
            built=own("built") * share,
            vacant=own("vacant") * share,
            under_construction=under_construction * share,
            moves=self.moves.between(*rows.indices(len(self.place))[:2]),
            site=site * share,
        )
        return accounts, found

    def comparable(self, before: Opening) -> bool:
        """Whether only figures and assignments can differ."""
        return (
            self.split is before.split
            and self.place is before.place
            and self.figures.keys() == before.figures.keys()
            and self.of_place.keys() == before.of_place.keys()
            and all(np.array_equal(v, before.of_place[k], equal_nan=True) for k, v in self.of_place.items())
        )

    def touched(self, rows: slice, parcels: np.ndarray, before: Opening) -> bool:
        """Whether any of some parcels, which are ascending, or any other assignment is in a run."""
        first, last = self.split.parcel[rows.start], self.split.parcel[rows.stop - 1]
        inside = np.searchsorted(parcels, (first, last + 1))
        mine, theirs = (one.moves.between(rows.start, rows.stop) for one in (self, before))
        return bool(inside[0] < inside[1]) or not mine.same(theirs)


def opening(workspace: Workspace) -> Opening:
    """What the tables of a workspace say of every parcel, put together once."""
    kept = workspace.__dict__.get("opening")
    if not isinstance(kept, Opening):
        kept = workspace.__dict__["opening"] = _opening(workspace)
    return kept


def _opening(workspace: Workspace) -> Opening:
    parcels, split = workspace.table("parcels"), workspace.location
    built, vacant = built_and_vacant(workspace)
    moves, orphans = _moves(workspace)
    names = (
        "official_area_m2",
        "far_max",
        "stated_floor_area_m2",
        "coverage_max_pct",
        "height_max_m",
        "under_construction_floor_area_m2",
    )
    storey, usual = _numbers(parcels, "storey_height_m"), assumption(workspace, "storey_height", default=np.nan)
    figures = {name: _numbers(parcels, name) for name in names} | {
        "storey": np.where(np.isnan(storey), usual, storey),
        "drawn": workspace.drawn_area_m2,
        "built": built,
        "vacant": vacant,
    }
    if workspace.excluded_area_m2.any():
        figures["excluded"] = workspace.excluded_area_m2
    return Opening(
        split,
        workspace.places.code,
        figures,
        _zone_defaults(workspace.table("zones"), workspace.places),
        moves.take(split.parcel, split.share),
        orphans,
    )


@dataclass(frozen=True)
class Sums:
    """Accounts added up to groups, run by run, so that an edit posts only the runs that it touches.

    A run is posted again when any figure that it reads has another value, compared bit by bit with the figures that
    are kept here; all runs are then added up in their order. So they are the very sums that posting everything gives.

    Parameters
    ----------
    opening
        What was posted.
    into
        The groups.
    accounts
        Accounts of the groups from each run.
    unknown
        Rows of each run without a permitted figure.
    """

    opening: Opening
    into: Cells
    accounts: tuple[ledger.Accounts, ...]
    unknown: tuple[np.ndarray, ...]

    def total(self) -> ledger.Accounts:
        """Accounts of the groups."""
        return functools.reduce(ledger.Accounts.plus, self.accounts, ledger.nothing(len(self.into.keys)))

    def unknown_parcels(self) -> np.ndarray:
        """Parcels of which no part has a permitted figure."""
        return all_parts(self.opening.split, np.concatenate([np.empty(0, dtype=np.int64), *self.unknown]))


def sums(now: Opening, into: Cells, before: Sums | None = None) -> Sums:
    """Accounts added up to groups; what is the same in `before` is taken from there."""
    if before is None or before.into is not into or not now.comparable(before.opening):
        before = None
    # columns of a table may be written to by their owner: what is compared later is kept as a copy
    kept, changed = {}, [np.empty(0, dtype=np.int64)]
    for name, values in now.figures.items():
        if before is None:
            kept[name] = values.copy()
            continue
        old = before.opening.figures[name]
        other = np.flatnonzero(old.view(np.int64) != values.view(np.int64))
        kept[name] = values.copy() if len(other) else old
        changed.append(other)
    now, parcels = replace(now, figures=kept), np.unique(np.concatenate(changed))
    accounts, unknown = [], []
    for run, start in enumerate(range(0, len(now.place), _ROWS)):
        rows = slice(start, min(start + _ROWS, len(now.place)))
        if before is not None and not now.touched(rows, parcels, before.opening):
            accounts.append(before.accounts[run])
            unknown.append(before.unknown[run])
            continue
        posted, found = now.post(rows)
        accounts.append(posted.grouped(into.group[rows], len(into.keys)))
        unknown.append(np.flatnonzero(found.unknown) + start)
    return Sums(now, into, tuple(accounts), tuple(unknown))


def built_and_vacant(workspace: Workspace) -> tuple[Floats, Floats]:
    """Built floor area above ground of each parcel, and how much of it is vacant [m²].

    The parcel's own figure counts; where it has none, its buildings are added up. Vacant space comes from the
    buildings and never exceeds what is built.
    """
    parcels, buildings = workspace.table("parcels"), workspace.table("buildings")
    own = _numbers(parcels, "built_floor_area_m2")
    if len(buildings) == 0:
        return np.nan_to_num(own), np.zeros(len(own))
    row = _find(workspace, buildings["parcel_id"])
    there = row >= 0

    def added(column: str) -> Floats:
        values = np.nan_to_num(_numbers(buildings, column))
        return by_group(row[there], values[there], len(parcels))

    built = np.where(np.isnan(own), added("floor_area_m2"), own)
    return built, np.minimum(added("vacant_floor_area_m2"), built)


def assumption(
    workspace: Workspace, name: str, function: str | None = None, *, case: str = "value", default: float
) -> float:
    """One assumption: that of the function where there is one, else the one for all.

    Parameters
    ----------
    case
        ``low``, ``value`` or ``high``; a missing low or high takes the value.
    default
        What to take where the table has no such row.
    """
    table = workspace.table("assumptions")
    rows = zip(*(table[column].tolist() for column in ("name", "function", "value", case)), strict=True)
    found: dict[bool, float] = {}
    for named, of, value, number in rows:
        every = pd.isna(of) or of == ""
        if named == name and (every or of == function):
            found.setdefault(every, float(value if pd.isna(number) else number))
    return found.get(False, found.get(True, default))


def _zone_defaults(zones: pd.DataFrame, places: Places) -> dict[str, Floats]:
    """Limits that parcels take from their sub-area, else their zone: one for each place."""
    keys, out = zones["zone_id"].tolist(), {}
    for column in ("far_max", "coverage_max_pct", "height_max_m"):
        given = {key: value for key, value in zip(keys, _numbers(zones, column), strict=True) if not np.isnan(value)}
        if not given:
            continue
        fine, coarse = (
            np.array([given.get(key, np.nan) for key in level], dtype=float)
            for level in (places.sub_area, places.zone)
        )
        out[column] = np.where(np.isnan(fine), coarse, fine)
    return out


def _moves(workspace: Workspace) -> tuple[ledger.Moves, np.ndarray]:
    """Assignments of the parcels, and positions of those without one; kept for edits of other tables."""
    kept = workspace.__dict__.get("moves")
    if not isinstance(kept, tuple):
        kept = workspace.__dict__["moves"] = _moved(workspace)
    return kept


def _moved(workspace: Workspace) -> tuple[ledger.Moves, np.ndarray]:
    given = workspace.table("assignments")
    if len(given) == 0:
        none = np.empty(0, dtype=np.int64)
        return ledger.Moves(np.zeros((len(STAGES), 0)), np.zeros((len(STAGES), 0)), none), none
    row = _find(workspace, given["parcel_id"])
    stage = pd.Index(list(STAGES)).get_indexer(pd.Index(given["stage"]))
    stage[stands_empty(given)] = list(STAGES).index("vacated")
    good = (row >= 0) & (stage >= 0)
    touched, column = np.unique(row[good], return_inverse=True)
    moves = ledger.Moves.of(
        column,
        stage[good],
        (given["source"] == list(SOURCES)[1]).to_numpy(dtype=bool)[good],
        _numbers(given, "floor_area_m2")[good],
        len(touched),
    )
    return replace(moves, rows=touched), np.flatnonzero(~good)


def stands_empty(given: pd.DataFrame) -> np.ndarray:
    """Assignments whose space nobody uses: its user left, or a platform completed it and has not let it (P11)."""
    unlet = (given["stage"] == "completed") & (given["supply_mode"] == "self_held")
    return ((given["stage"] == "vacated") | unlet).to_numpy(dtype=bool, na_value=False)


def _find(workspace: Workspace, wanted: pd.Series) -> np.ndarray:
    """Row of the parcel of each key, −1 for none."""
    return workspace.parcel_index.get_indexer(pd.Index(wanted)) if len(wanted) else np.empty(0, dtype=np.int64)


def all_parts(split: location.Split, rows: np.ndarray) -> np.ndarray:
    """Parcels of which every part is among some rows, which are ascending."""
    parcel, count = np.unique(split.parcel[rows], return_counts=True)
    return parcel[count == split.parts[parcel]]


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    return np.asarray(table[column].to_numpy(dtype=float, na_value=np.nan))
