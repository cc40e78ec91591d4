"""The accounts of a workspace: its tables put through the formulas of `spatial.capacity` and `spatial.ledger`.

One row a part (a parcel, or what a zone's outline cuts from it) carries all accounts; parcels, zones and any other
grouping are sums of the same rows, so that every table of the product adds up to the same totals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.vocabulary import SOURCES, STAGES
from layers.workspace import Workspace
from spatial import capacity, ledger, location
from spatial.sums import by_group

Floats = np.ndarray

GROUPINGS = ("zone", "sub_area", "land_use", "status", "year")

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
class Books:
    """The books of one workspace at one revision.

    Parameters
    ----------
    parts
        Accounts of each part.
    split
        Which parcel and leaf each part belongs to.
    zone, sub_area
        Keys of each part, None for none, shape (m,).
    binding
        Name of the limit that binds each parcel (of its largest part), shape (n,).
    limits
        Limits of each parcel [m²], shape (3, n), in the order of `capacity.LIMITS`; NaN where not present.
    site_area
        Site area of each parcel [m²], shape (n,).
    orphans
        Positions of assignments whose parcel does not exist.
    """

    parts: ledger.Accounts
    split: location.Split
    zone: np.ndarray
    sub_area: np.ndarray
    binding: np.ndarray
    limits: Floats
    site_area: Floats
    orphans: np.ndarray

    def parcels(self) -> ledger.Accounts:
        """Accounts of each parcel."""
        return self.parts.grouped(self.split.parcel, self.split.parcels)

    def total(self) -> ledger.Accounts:
        """The accounts of everything, as one row."""
        return self.parts.grouped(np.zeros(len(self.parts), dtype=np.int64), 1)

    def unknown(self) -> np.ndarray:
        """Parcels that stand outside all accounts, shape (n,)."""
        return self.binding == capacity.UNKNOWN


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
    made = _books(workspace)
    workspace.__dict__["books"] = made
    return made


def _books(workspace: Workspace) -> Books:
    parcels, zones = workspace.table("parcels"), workspace.table("zones")
    split = workspace.location
    zone, sub_area = _places(workspace, split)
    site = capacity.site_area(_numbers(parcels, "official_area_m2"), workspace.drawn_area_m2)
    net = capacity.net_area(site, _excluded(workspace), (parcels["far_basis"] == "gross").to_numpy(dtype=bool))
    of_zone = _zone_defaults(zones, zone, sub_area)

    def limit(column: str) -> Floats:
        own = _numbers(parcels, column)[split.parcel]
        return np.where(np.isnan(own), of_zone[column], own)

    storey = _numbers(parcels, "storey_height_m")
    storey = np.where(np.isnan(storey), assumption(workspace, "storey_height", default=np.nan), storey)
    found = capacity.permitted(
        net[split.parcel] * split.share,
        far=limit("far_max"),
        stated=_numbers(parcels, "stated_floor_area_m2")[split.parcel] * split.share,
        coverage=limit("coverage_max_pct") / 100,
        height=limit("height_max_m"),
        storey_height=storey[split.parcel],
    )
    built, vacant = built_and_vacant(workspace)
    moves, orphans = _moves(workspace)
    parts = ledger.post(
        permitted=found.floor_area,
        built=built[split.parcel] * split.share,
        vacant=vacant[split.parcel] * split.share,
        under_construction=np.nan_to_num(_numbers(parcels, "under_construction_floor_area_m2"))[split.parcel]
        * split.share,
        moves=moves.take(split.parcel, split.share),
        site=site[split.parcel] * split.share,
    )
    main = split.main_part()
    limits = np.stack([_sum_known(split, row) for row in found.limits])
    return Books(
        parts=ledger.hold(parts, _caps(zones, zone, sub_area)),
        split=split,
        zone=zone,
        sub_area=sub_area,
        binding=_binding(found, split, main),
        limits=limits,
        site_area=site,
        orphans=orphans,
    )


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
    held, keys = books(workspace), list(by)
    labels = pd.DataFrame({key: _labels(workspace, held, key) for key in keys}, index=range(len(held.parts)))
    if keys and len(labels):
        grouped = labels.groupby(keys, dropna=False, sort=False)
        code = grouped.ngroup().to_numpy()
        names = [name if isinstance(name, tuple) else (name,) for name, _ in grouped]
    else:
        code, names = np.zeros(len(held.parts), dtype=np.int64), []
    sums = held.parts.grouped(code, len(names))
    main = held.split.main_part()
    counts = np.bincount(code[main], minlength=len(names))
    unknown = by_group(code[main], held.unknown(), len(names)).astype(int)
    groups = [
        dict(zip(keys, (None if pd.isna(part) else part for part in name), strict=True))
        | {"parcels": int(counts[i]), "unknown_parcels": int(unknown[i])}
        | figures(sums, i)
        for i, name in enumerate(names)
    ]
    order = _order(workspace, keys)
    return totals(workspace) | {"groups": sorted(groups, key=order)}


def totals(workspace: Workspace) -> dict[str, Any]:
    """The accounts of everything, with how many parcels stand in them."""
    held = books(workspace)
    return {"parcels": held.split.parcels, "unknown_parcels": int(held.unknown().sum())} | figures(held.total(), 0)


def parcel_rows(workspace: Workspace) -> list[dict[str, Any]]:
    """One row a parcel: where it lies, the limit that binds, and its accounts."""
    held, parcels = books(workspace), workspace.table("parcels")
    sums, main = held.parcels(), held.split.main_part()
    return [
        {
            "parcel_id": parcels["parcel_id"].iloc[i],
            "parcel_no": _or_none(parcels["parcel_no"].iloc[i]),
            "zone": held.zone[main[i]],
            "sub_area": held.sub_area[main[i]],
            "binding_limit": held.binding[i],
        }
        | _known(figures(sums, i), held.binding[i] != capacity.UNKNOWN)
        for i in range(len(parcels))
    ]


def _known(row: dict[str, float], known: bool) -> dict[str, float | None]:
    """The figures of a parcel; without a limit its accounts are unknown, which is not 0."""
    return {name: value if known or name.startswith("unknown_") else None for name, value in row.items()}


def outside(workspace: Workspace) -> pd.DataFrame:
    """Parcels of which some land lies in no zone: `parcel_id`, `parcel_no`, `share` outside."""
    held, parcels = books(workspace), workspace.table("parcels")
    none = np.array([zone is None for zone in held.zone], dtype=bool)
    rows = held.split.parcel[none]
    frame = parcels.iloc[rows][["parcel_id", "parcel_no"]].reset_index(drop=True)
    return frame.assign(share=held.split.share[none])


def figures(accounts: ledger.Accounts, row: int) -> dict[str, float]:
    """The figures of one row of accounts, under the names of the command line."""
    return {name: float(getattr(accounts, name.removesuffix("_m2"))[row]) for name in FIGURES}


def built_and_vacant(workspace: Workspace) -> tuple[Floats, Floats]:
    """Built floor area above ground of each parcel, and how much of it is vacant [m²].

    The parcel's own figure counts; where it has none, its buildings are added up. Vacant space comes from the
    buildings and never exceeds what is built.
    """
    parcels, buildings = workspace.table("parcels"), workspace.table("buildings")
    row = pd.Index(parcels["parcel_id"]).get_indexer(pd.Index(buildings["parcel_id"]))
    there = row >= 0

    def added(column: str) -> Floats:
        values = np.nan_to_num(_numbers(buildings, column))
        return by_group(row[there], values[there], len(parcels))

    own = _numbers(parcels, "built_floor_area_m2")
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
    rows = table[table["name"] == name]
    own = rows[rows["function"] == function] if function else rows.iloc[:0]
    every = rows[rows["function"].isna() | (rows["function"] == "")]
    for found in (own, every):
        if len(found):
            number = found[case].iloc[0]
            return float(found["value"].iloc[0] if pd.isna(number) else number)
    return default


def _places(workspace: Workspace, split: location.Split) -> tuple[np.ndarray, np.ndarray]:
    """Zone and sub-area of each part: by outline, or as typed where the named zone has no outline."""
    leaves, parcels, zones = workspace.leaves, workspace.table("parcels"), workspace.table("zones")
    drawn = set(leaves.zone)
    names = np.array([*leaves.zone, None], dtype=object)[split.leaf]
    subs = np.array([*leaves.sub_area, None], dtype=object)[split.leaf]
    alias = dict(zip(zones["name"], zones["zone_id"], strict=True)) | {key: key for key in zones["zone_id"]}
    nowhere = split.leaf == location.OUTSIDE
    for column, into in (("zone", names), ("sub_area", subs)):
        typed = np.array([_or_none(alias.get(value, value)) for value in parcels[column]], dtype=object)[split.parcel]
        free = nowhere & np.array([value is not None and value not in drawn for value in typed], dtype=bool)
        into[free] = typed[free]
    return names, subs


def _zone_defaults(zones: pd.DataFrame, zone: np.ndarray, sub_area: np.ndarray) -> dict[str, Floats]:
    """Limits that parcels take from their sub-area, else their zone."""
    columns = ("far_max", "coverage_max_pct", "height_max_m")
    out = {}
    for column in columns:
        given = zones.loc[zones[column].notna(), ["zone_id", column]]
        table = dict(zip(given["zone_id"], given[column].astype(float), strict=True))
        fine = (
            np.array([table.get(key, np.nan) for key in sub_area], dtype=float)
            if table
            else np.full(len(zone), np.nan)
        )
        coarse = np.array([table.get(key, np.nan) for key in zone], dtype=float) if table else fine
        out[column] = np.where(np.isnan(fine), coarse, fine)
    return out


def _caps(zones: pd.DataFrame, zone: np.ndarray, sub_area: np.ndarray) -> list[ledger.Caps]:
    capped = zones[zones["floor_area_cap_m2"].notna()]
    number = {key: i for i, key in enumerate(capped["zone_id"])}
    cap = capped["floor_area_cap_m2"].to_numpy(dtype=float)
    if not number:
        return []
    levels = (np.array([number.get(key, -1) for key in keys], dtype=np.int64) for keys in (sub_area, zone))
    return [ledger.Caps(level, cap) for level in levels]


def _excluded(workspace: Workspace) -> Floats:
    parcels, constraints = workspace.table("parcels"), workspace.table("constraints")
    gross = (parcels["far_basis"] == "gross").to_numpy(dtype=bool)
    area = np.zeros(len(parcels))
    areas = workspace.shapes("constraints")[(constraints["effect"] == "exclude").to_numpy(dtype=bool)]
    if gross.any() and len(areas):
        area[gross] = location.covered_area(workspace.shapes("parcels")[gross], areas)
    return area


def _moves(workspace: Workspace) -> tuple[ledger.Moves, np.ndarray]:
    parcels, given = workspace.table("parcels"), workspace.table("assignments")
    if len(given) == 0:
        return ledger.Moves.none(len(parcels)), np.empty(0, dtype=np.int64)
    row = pd.Index(parcels["parcel_id"]).get_indexer(pd.Index(given["parcel_id"]))
    stage = pd.Index(list(STAGES)).get_indexer(pd.Index(given["stage"]))
    good = (row >= 0) & (stage >= 0)
    moves = ledger.Moves.of(
        row[good],
        stage[good],
        (given["source"] == list(SOURCES)[1]).to_numpy(dtype=bool)[good],
        _numbers(given, "floor_area_m2")[good],
        len(parcels),
    )
    return moves, np.flatnonzero(~good)


def _binding(found: capacity.Permitted, split: location.Split, main: np.ndarray) -> np.ndarray:
    """The limit that binds the largest known part of a parcel."""
    names = found.binding()
    chosen = names[main]
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


def _labels(workspace: Workspace, held: Books, key: str) -> np.ndarray:
    if key == "zone":
        return held.zone
    if key == "sub_area":
        return held.sub_area
    column = {"land_use": "land_use", "status": "status", "year": "available_from"}[key]
    values = workspace.table("parcels")[column]
    plain = np.array([_or_none(value) for value in values], dtype=object)
    return plain[held.split.parcel]


def _order(workspace: Workspace, keys: list[str]) -> Any:
    """Zones in the order of their table, then everything else by name, missing last."""
    place = {key: i for i, key in enumerate(workspace.table("zones")["zone_id"])}

    def rank(group: dict[str, Any]) -> list[tuple[int, int, str]]:
        return [(group[key] is None, place.get(group[key], len(place)), str(group[key])) for key in keys]

    return rank


def _numbers(table: pd.DataFrame, column: str) -> Floats:
    return table[column].to_numpy(dtype=float, na_value=np.nan)


def _or_none(value: object) -> Any:
    if value is None or value is pd.NA or value != value or value == "":
        return None
    return value.item() if isinstance(value, np.generic) else value
