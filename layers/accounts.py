"""The accounts of a workspace: its tables put through the formulas of `spatial.capacity` and `spatial.ledger`.

One row a part (a parcel, or what a zone's outline cuts from it) carries all accounts; parcels, zones and any other
grouping are sums of the same rows, so that every table of the product adds up to the same totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from layers.membership import parks_of
from layers.places import Places, cells, numbered
from layers.posting import Sums, all_parts, assumption, built_and_vacant, opening, sums
from layers.tally import FIGURES, Tally, caps, figures
from layers.tally import told as tell
from layers.workspace import Workspace
from spatial import capacity, ledger, location
from spatial.sums import by_group

__all__ = [
    "FIGURES",
    "GROUPINGS",
    "Books",
    "assumption",
    "books",
    "built_and_vacant",
    "figures",
    "outside",
    "parcel_rows",
    "report",
    "tally",
    "told",
    "totals",
]

Floats = np.ndarray

GROUPINGS = ("zone", "sub_area", "land_use", "status", "year")

_COLUMNS = {"land_use": "land_use", "status": "status", "year": "available_from"}
"""Column of the parcels that a grouping reads; the others come from where the parts lie."""


@dataclass(frozen=True)
class Books:
    """The books of one workspace at one revision.

    Parameters
    ----------
    parts
        Accounts of each part.
    split
        Which parcel and leaf each part belongs to.
    places
        Zone and sub-area of each part.
    permitted
        Permitted floor area of each part and its limits.
    site_area
        Site area of each parcel [m²], shape (n,).
    orphans
        Positions of assignments whose parcel does not exist.
    """

    parts: ledger.Accounts
    split: location.Split
    places: Places
    permitted: capacity.Permitted
    site_area: Floats
    orphans: np.ndarray

    @cached_property
    def zone(self) -> np.ndarray:
        """Key of the zone of each part, None for none, shape (m,)."""
        return self.places.of_parts("zone")

    @cached_property
    def sub_area(self) -> np.ndarray:
        """Key of the sub-area of each part, None for none, shape (m,)."""
        return self.places.of_parts("sub_area")

    @cached_property
    def binding(self) -> np.ndarray:
        """Name of the limit that binds each parcel: that of its largest known part, shape (n,)."""
        return _binding(self.permitted, self.split)

    @cached_property
    def limits(self) -> Floats:
        """Limits of each parcel [m²], shape (3, n), in the order of `capacity.LIMITS`; NaN where not present."""
        return np.stack([_sum_known(self.split, row) for row in self.permitted.limits])

    def parcels(self) -> ledger.Accounts:
        """Accounts of each parcel."""
        return self.parts.grouped(self.split.parcel, self.split.parcels)

    def total(self) -> ledger.Accounts:
        """The accounts of everything, as one row."""
        return self.parts.grouped(np.zeros(len(self.parts), dtype=np.int64), 1)

    def unknown(self) -> np.ndarray:
        """Parcels that stand outside all accounts, shape (n,)."""
        unknown = np.zeros(self.split.parcels, dtype=bool)
        unknown[all_parts(self.split, np.flatnonzero(self.permitted.unknown))] = True
        return unknown


def books(workspace: Workspace) -> Books:
    """The books of a workspace, computed once for each.

    Examples
    --------
    >>> from layers.workspace import Workspace
    >>> len(books(Workspace("empty", "EPSG:4548")).parts)
    0
    """
    kept = workspace.__dict__.get("books")
    if isinstance(kept, Books):
        return kept
    free = _posted(workspace)
    zone, sub_area = free.places.zone, free.places.sub_area
    levels = [
        replace(level, zone=level.zone[free.places.code]) for level in caps(workspace.table("zones"), zone, sub_area)
    ]
    made = replace(free, parts=ledger.hold(free.parts, levels))
    workspace.__dict__["books"] = made
    return made


def _posted(workspace: Workspace) -> Books:
    """The books before any cap of a zone holds floor area back."""
    now = opening(workspace)
    accounts, found = now.post(slice(None))
    site = capacity.site_area(now.figures["official_area_m2"], workspace.drawn_area_m2)
    return Books(accounts, now.split, workspace.places, found, site, now.orphans)


def report(workspace: Workspace, by: Iterable[str] = ("zone",)) -> dict[str, Any]:
    """Accounts of everything and of each group.

    Parameters
    ----------
    by
        Any of `GROUPINGS`. Parcels of a group are counted where their largest part lies, so that counts add up too.

    Returns
    -------
    dict
        `parcels`, `unknown_parcels`, the figures of `FIGURES` and `groups`, each with its keys and the same figures.
    """
    keys = list(by)
    return told(tally(workspace, keys), workspace.table("zones"), keys)


def totals(workspace: Workspace) -> dict[str, Any]:
    """The accounts of everything, with how many parcels stand in them."""
    whole = report(workspace, ())
    return {name: value for name, value in whole.items() if name != "groups"}


def tally(workspace: Workspace, by: Iterable[str] = ()) -> Tally:
    """The accounts before any cap, added up by zone, sub-area and the further groupings of `by`.

    Tallies of separate parcels of one study area add up to the tally of all of them: see `layers.tally`.
    """
    parcels, places, now = workspace.table("parcels"), workspace.places, opening(workspace)
    labels = []
    for key in extra(by):
        code, meaning = numbered(parcels[_COLUMNS[key]])
        labels.append((code[now.split.parcel], meaning))
    if labels:
        found = sums(now, cells(places, labels))
    else:
        kept = workspace.__dict__.get("sums")
        found = sums(now, places.cells, kept if isinstance(kept, Sums) else None)
        workspace.__dict__["sums"] = found
    into = found.into
    unknown = np.bincount(into.group[places.main[found.unknown_parcels()]], minlength=len(into.keys))
    return Tally(into.keys, found.total(), into.parcels, unknown)


def told(found: Tally, zones: pd.DataFrame, by: Iterable[str]) -> dict[str, Any]:
    """A tally by `by` in the words of the command line, with the caps of the zones applied."""
    keys = list(by)
    return tell(found, zones, keys, extra(keys))


def extra(by: Iterable[str]) -> list[str]:
    """Groupings that do not follow from where a parcel lies."""
    return [key for key in by if key not in ("zone", "sub_area")]


def parcel_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """One row a parcel: where it lies, the limit that binds, and its accounts."""
    held, parcels = books(workspace), workspace.table("parcels")
    sums, main, unknown = held.parcels(), held.split.main_part(), held.unknown()
    number, no = numbered(parcels["parcel_no"])
    columns: dict[str, list[Any]] = {
        "parcel_id": parcels["parcel_id"].tolist(),
        "parcel_no": [no[i] for i in number],
        "zone": held.zone[main].tolist(),
        "sub_area": held.sub_area[main].tolist(),
        "parks": parks_of(workspace),
        "binding_limit": held.binding.tolist(),
    }
    for name in FIGURES:
        # without a limit the accounts of a parcel are unknown, which is not 0
        values = getattr(sums, name.removesuffix("_m2")).astype(object)
        values[unknown & (not name.startswith("unknown_"))] = None
        columns[name] = values.tolist()
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def available(workspace: Workspace) -> np.ndarray:
    """Available floor area of each parcel [m²], NaN where it is unknown; worked out once for each workspace."""
    kept = workspace.__dict__.get("available")
    if not isinstance(kept, np.ndarray):
        held = books(workspace)
        left = held.split.sum_by_parcel(held.parts.available)
        kept = workspace.__dict__["available"] = np.where(held.unknown(), np.nan, left)
    return kept


def outside(workspace: Workspace) -> pd.DataFrame:
    """Parcels of which some land lies in no zone: `parcel_id`, `parcel_no`, `share` outside."""
    held, parcels = books(workspace), workspace.table("parcels")
    none = np.array([zone is None for zone in held.places.zone], dtype=bool)[held.places.code]
    rows = held.split.parcel[none]
    frame = parcels.iloc[rows][["parcel_id", "parcel_no"]].reset_index(drop=True)
    return frame.assign(share=held.split.share[none])


def _binding(found: capacity.Permitted, split: location.Split) -> np.ndarray:
    """The limit that binds the largest known part of a parcel."""
    names = found.binding()
    chosen = names[split.main_part()]
    lost = np.flatnonzero(chosen == capacity.UNKNOWN)
    if len(lost) and len(split.parcel) > split.parcels:
        known = np.flatnonzero((names != capacity.UNKNOWN) & np.isin(split.parcel, lost))
        known = known[np.argsort(split.share[known], kind="stable")]
        chosen[split.parcel[known]] = names[known]
    return chosen


def _sum_known(split: location.Split, values: Floats) -> Floats:
    there = ~np.isnan(values)
    total = by_group(split.parcel[there], values[there], split.parcels)
    return np.where(np.bincount(split.parcel[there], minlength=split.parcels) > 0, total, np.nan)
