"""Demand in classes and supply in pools, year by year: the two sides that a balance brings together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from layers.accounts import assumption, books
from layers.contract import split_list
from layers.matching import allowed, home_zones, top_zones
from layers.posting import stands_empty
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial.sums import by_group

LONGEST = 40
"""Years that a balance looks ahead at most."""


class Group(NamedTuple):
    """Projects whose demand may be housed in the same places.

    Parameters
    ----------
    home
        Zone in which the demand counts; None is free to choose.
    places
        Zones and sub-areas that it may be in; empty means any.
    """

    home: str | None
    places: frozenset[str]


class Pool(NamedTuple):
    """Floor area of one zone and sub-area on parcels that may hold the same functions."""

    zone: str | None
    sub_area: str | None
    functions: frozenset[str]


@dataclass(frozen=True)
class Market:
    """The two sides of a balance.

    Parameters
    ----------
    years
        Ascending, from the year of the workspace on.
    groups
        Groups of projects.
    group, year
        Group and place in `years` of each project, −1 where it asks for nothing more, shape (projects,).
    pools
        Pools of supply.
    supply
        Available and vacant floor area up to each year [m²], shape (years, pools); nominal.
    parts
        Pool of each part of the books, −1 for none, shape (parts,).
    may
        Which group may use which pool for which function, shape (groups, functions, pools).
    undated
        Rows of projects that give no year; they ask from the first year on.
    """

    years: tuple[int, ...]
    groups: tuple[Group, ...]
    group: np.ndarray
    year: np.ndarray
    pools: tuple[Pool, ...]
    supply: np.ndarray
    parts: np.ndarray
    may: np.ndarray
    undated: np.ndarray

    def for_enterprises(self, supply: np.ndarray) -> float:
        """What some supply of the pools [m²], shape (pools,), holds for enterprises: housing and greens are none."""
        return float(
            sum(area for pool, area in zip(self.pools, supply.tolist(), strict=True) if pool.functions - {"support"})
        )


def market(workspace: Workspace, until: int | None = None) -> Market:
    """Bring demand and supply of a workspace into classes and pools.

    Parameters
    ----------
    until
        A year that the balance reaches at least; None for the last in which space is needed.
    """
    projects = workspace.table("projects")
    years = _years(workspace, until)
    groups, group = _groups(workspace)
    wanted = projects["need_by"].to_numpy(dtype=float, na_value=np.nan)
    undated = np.isnan(wanted)
    year = np.searchsorted(years, np.where(undated, years[0], np.clip(wanted, years[0], years[-1])))
    pools, parts, supply = _pools(workspace, years)
    may = np.zeros((len(groups), len(FUNCTIONS), len(pools)), dtype=bool)
    for at, pool in enumerate(pools):
        fits = np.array([function in pool.functions for function in FUNCTIONS])
        for row, one in enumerate(groups):
            may[row, :, at] = fits & (not one.places or bool({pool.zone, pool.sub_area} & one.places))
    return Market(
        tuple(int(one) for one in years), groups, group, year, pools, supply, parts, may, np.flatnonzero(undated)
    )


def first_year(workspace: Workspace) -> int:
    """The year that a workspace stands at; without a date, the first in which anybody wants space."""
    told = str(workspace.as_of)[:4]
    if told.isdigit():
        return int(told)
    wanted = workspace.table("projects")["need_by"].dropna()
    return int(wanted.min()) if len(wanted) else 2025


def _years(workspace: Workspace, until: int | None) -> np.ndarray:
    first = first_year(workspace)
    wanted = workspace.table("projects")["need_by"].dropna()
    last = max(int(wanted.max()) if len(wanted) else first, until or first)
    return np.arange(first, min(max(last, first), first + LONGEST - 1) + 1)


def _groups(workspace: Workspace) -> tuple[tuple[Group, ...], np.ndarray]:
    projects, zones = workspace.table("projects"), top_zones(workspace)
    home = home_zones(workspace, zones)
    found: dict[Group, int] = {}
    group = np.full(len(projects), -1, dtype=np.int64)
    gone = (projects["state"] == "exited").to_numpy(dtype=bool)
    for row, (must, may) in enumerate(zip(projects["must_zone"], projects["may_zones"], strict=True)):
        if gone[row]:
            continue
        places = frozenset([str(must)] if not pd.isna(must) and must else split_list(may))
        one = Group(zones[home[row]] if home[row] >= 0 else None, places)
        group[row] = found.setdefault(one, len(found))
    return tuple(found), group


def _pools(workspace: Workspace, years: np.ndarray) -> tuple[tuple[Pool, ...], np.ndarray, np.ndarray]:
    """Pools, the pool of each part, and their supply up to each year."""
    held, fits = books(workspace), allowed(workspace)
    parcel, place = held.split.parcel, held.places.code
    code = (fits.T @ (1 << np.arange(len(FUNCTIONS)))).astype(np.int64)[parcel]
    usable = code > 0
    keys, at = np.unique(np.stack([place[usable], code[usable]]), axis=1, return_inverse=True)
    parts = np.full(len(parcel), -1, dtype=np.int64)
    parts[usable] = at.ravel()
    names = np.array(list(FUNCTIONS))
    zone, sub_area = (*held.places.zone, None), (*held.places.sub_area, None)
    pools = tuple(
        Pool(zone[where], sub_area[where], frozenset(names[(bits >> np.arange(len(names))) & 1 == 1].tolist()))
        for where, bits in keys.T.tolist()
    )
    supply = np.zeros((len(years), len(pools)))
    for area, from_year in dated(workspace):
        step = np.searchsorted(years, from_year)  # one that comes after the last year comes too late
        now = usable & (step < len(years))
        np.add.at(supply, (step[now], parts[now]), area[now])
    return pools, parts, supply.cumsum(axis=0)


def dated(workspace: Workspace) -> list[tuple[np.ndarray, np.ndarray]]:
    """Supply of each part and the year from which it is there: new buildings, then vacant space by its buildings."""
    held, parcels = books(workspace), workspace.table("parcels")
    parcel, now = held.split.parcel, first_year(workspace)
    opening = parcels["available_from"].to_numpy(dtype=float, na_value=now)
    found = [(held.parts.available, opening[parcel])]
    vacant, buildings = held.parts.built_vacant, workspace.table("buildings")
    row = workspace.parcel_index.get_indexer(pd.Index(buildings["parcel_id"])) if len(buildings) else np.empty(0, int)
    area = np.nan_to_num(buildings["vacant_floor_area_m2"].to_numpy(dtype=float, na_value=0.0))
    year = buildings["reusable_from"].to_numpy(dtype=float, na_value=now)
    known = (row >= 0) & (area > 0)
    total = np.bincount(row[known], weights=area[known], minlength=len(parcels)) + _empty(workspace)
    later = np.zeros(len(vacant))
    for one in np.unique(year[known & (year > now)]):
        mine = known & (year == one)
        share = np.divide(
            np.bincount(row[mine], weights=area[mine], minlength=len(parcels)),
            total,
            out=np.zeros(len(parcels)),
            where=total > 0,
        )
        part = vacant * share[parcel]
        found.append((part, np.full(len(part), one)))
        later += part
    found.append((vacant - later, np.full(len(vacant), float(now))))
    return found


def _empty(workspace: Workspace) -> np.ndarray:
    """New floor area of each parcel that nobody uses [m²], shape (n,): no building's figure holds it."""
    given = workspace.table("assignments")
    row = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"])) if len(given) else np.empty(0, int)
    mine = (row >= 0) & stands_empty(given) & (given["source"] == "new").to_numpy(dtype=bool)
    area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    return by_group(row[mine], area[mine], len(workspace.parcel_index))


def supply_of_parts(workspace: Workspace, year: int) -> np.ndarray:
    """Available and vacant floor area of each part that is there by a year [m²], shape (parts,); nominal."""
    return np.asarray(sum(np.where(since <= year, area, 0.0) for area, since in dated(workspace)))


def partners(workspace: Workspace) -> dict[str, list[str]]:
    """Keys of the partner parks outside the study area that take a function which it should not hold."""
    parks, found = workspace.table("parks"), dict[str, list[str]]()
    for key, taken in zip(parks["park_id"], parks["takes_functions"], strict=True):
        for function in split_list(taken):
            found.setdefault(function, []).append(str(key))
    return found


def available_share(workspace: Workspace) -> float:
    """The part of nominal supply that is expected to come in time, by the assumptions."""
    return assumption(workspace, "availability_factor", default=1.0)
