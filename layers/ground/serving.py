"""Service coverage (P15): which facilities parcels have within reach, and what zones and parks lack.

People of a parcel are the mean, over the functions that its land use allows, of floor area × (1 − vacancy) ÷ m² per
person; `built` floor area gives those of today, `full` (permitted, and what stands above it) those of a full park.
A kind of which nobody has given a facility is not counted as a shortfall: its slot is empty, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.ground import reaching
from layers.matching import allowed, function_mix, norms, top_zones
from layers.membership import park_shares
from layers.posting import assumption
from layers.workspace import Workspace
from spatial import capacity, serving
from spatial.sums import by_group

Floats = np.ndarray

STANDS = ("built", "full")
"""Floor area whose people are served: what is built, or all that may stand."""


@dataclass(frozen=True)
class Cover:
    """How a kind of facility serves the zones.

    Parameters
    ----------
    kind
        Kind of facility.
    facilities, without_capacity, planned
        How many are open, how many of these nobody gave a capacity for, and how many open later.
    floor_area, persons
        Share of floor area and of people out of reach, by zone and then in all, shape (z + 1,); NaN without any.
    lacking
        Places that are lacking [persons], shape (z + 1,); NaN where no capacity or no need is known.
    """

    kind: str
    facilities: int
    without_capacity: int
    planned: int
    floor_area: Floats
    persons: Floats
    lacking: Floats


def persons(workspace: Workspace, stands: str = "built") -> Floats:
    """People of each parcel, shape (n,); 0 where its land use allows no function, or its floor area is unknown."""
    return floor_area(workspace, stands) * persons_per_m2(workspace)


def persons_per_m2(workspace: Workspace) -> Floats:
    """People that a square metre of each parcel holds, the mean of the functions that may stand there, shape (n,)."""
    norm, fits = norms(workspace), allowed(workspace)
    each = norm.per_person[1] / np.where(norm.usable, norm.efficiency, 1.0)
    vacancy = float(norm.vacancy[1])
    counts, known = np.zeros(fits.shape[1]), np.zeros(fits.shape[1])
    for may, per_person in zip(fits, each, strict=True):
        if per_person > 0:
            counts += np.where(may, capacity.persons(np.ones(1), float(per_person), vacancy), 0.0)
            known += may
    return np.divide(counts, known, out=np.zeros(len(counts)), where=known > 0)


def floor_area(workspace: Workspace, stands: str = "built") -> Floats:
    """Floor area of each parcel whose people are meant [m²], shape (n,)."""
    sums = books(workspace).parcels()
    found = sums.built + sums.unknown_built if stands == "built" else sums.permitted + sums.over + sums.unknown_built
    return np.nan_to_num(found)


def coverage(workspace: Workspace, *, walk: bool | None = None, stands: str = "built") -> list[Cover]:
    """How each kind of facility that there is serves each top zone, in the order of `top_zones`, and all of them."""
    along = reaching.walks(workspace, walk)
    area, people = floor_area(workspace, stands), persons(workspace, stands)
    return [_cover(workspace, kind, along, area, people) for kind in reaching.kinds_of_facilities(workspace)]


def missing(workspace: Workspace, row: int, *, walk: bool | None = None) -> list[tuple[str, float]]:
    """Kinds of which a parcel reaches none, with the distance of the nearest [m], NaN where no way leads to one."""
    along = reaching.walks(workspace, walk)
    out = []
    for kind in reaching.kinds_of_facilities(workspace):
        if row not in reaching.reached(workspace, kind, along)[1]:
            out.append((kind, float(reaching.facility_distances(workspace, kind, along)[row])))
    return out


def support(workspace: Workspace) -> list[dict[str, Any]]:
    """Supporting floor area (配套) of each top zone and each park against its share of what may stand.

    Returns
    -------
    list of dict
        `layer` (zones, parks), `key`, `share` (the assumption), `permitted_m2`, `allowed_m2` (share × permitted),
        `facilities_m2` (floor area of facilities that stand there, None where nobody gave any), `assigned_m2` (what
        projects take for support) and `left_m2` (None where the share or what stands is unknown).
    """
    share = assumption(workspace, "support_share", default=np.nan)
    held = books(workspace)
    permitted = held.parcels().permitted
    stands = (*_facilities_area(workspace), assigned_support(workspace).by_parcel)
    out: list[dict[str, Any]] = []
    zone = held.zone
    for key in top_zones(workspace):
        part = zone == key
        parcel, weight = held.split.parcel[part], held.split.share[part]
        exact = float(held.parts.permitted[part].sum())
        out.append(_support("zones", key, share, exact, stands, parcel, weight))
    pairs, parks = park_shares(workspace), workspace.table("parks")["park_id"].tolist()
    for number, key in enumerate(parks):
        mine = pairs[pairs["park"] == number]
        parcel, weight = mine["parcel"].to_numpy(dtype=np.int64), mine["share"].to_numpy(dtype=float)
        if len(parcel):
            sums = float(np.nan_to_num(permitted[parcel] * weight).sum())
            out.append(_support("parks", str(key), share, sums, stands, parcel, weight))
    return out


def _support(
    layer: str,
    key: str,
    share: float,
    permitted: float,
    stands: tuple[Floats, bool, Floats],
    parcel: np.ndarray,
    weight: Floats,
) -> dict[str, Any]:
    given, stated, taken = stands
    facilities = float((given[parcel] * weight).sum())
    assigned = float((taken[parcel] * weight).sum())
    may = share * permitted
    return {
        "layer": layer,
        "key": key,
        "share": None if np.isnan(share) else share,
        "permitted_m2": permitted,
        "allowed_m2": None if np.isnan(may) else may,
        "facilities_m2": facilities if stated else None,
        "assigned_m2": assigned,
        "left_m2": may - facilities - assigned if stated and not np.isnan(may) else None,
    }


def _cover(workspace: Workspace, kind: str, walk: bool, area: Floats, people: Floats) -> Cover:
    held, zones, table = books(workspace), top_zones(workspace), workspace.table("facilities")
    owner, parcel, _ = reaching.reached(workspace, kind, walk)
    served = np.zeros(len(area), dtype=bool)
    served[parcel] = True
    number = {key: i for i, key in enumerate(zones)}
    of_part = np.array([number.get(str(key), len(zones)) for key in held.zone], dtype=np.int64)
    part_of, share = held.split.parcel, held.split.share

    def by_zone(values: Floats) -> Floats:
        return np.append(by_group(of_part, values[part_of] * share, len(zones) + 1)[:-1], values.sum())

    def out_of_reach(values: Floats) -> Floats:
        whole = by_zone(values)
        return np.divide(by_zone(values * ~served), whole, out=np.full(len(whole), np.nan), where=whole > 0)

    open_now = reaching.facilities(workspace, kind).rows
    places = table["capacity"].to_numpy(dtype=float, na_value=np.nan)[open_now]
    need = assumption(workspace, f"service_need.{kind}", default=np.nan)
    lacking = np.full(len(zones) + 1, np.nan)
    if not np.isnan(need) and not np.isnan(places).all():
        at = np.searchsorted(open_now, owner)
        lacking = by_zone(serving.shortfall(people * need, np.nan_to_num(places), at, parcel))
    every = int((table["kind"] == kind).sum())
    return Cover(
        kind,
        len(open_now),
        int(np.isnan(places).sum()),
        every - len(open_now),
        out_of_reach(area),
        out_of_reach(people),
        lacking,
    )


def _facilities_area(workspace: Workspace) -> tuple[Floats, bool]:
    """Floor area of facilities on each parcel [m²], and whether any facility states its own."""
    table, sources = workspace.table("facilities"), reaching.facilities(workspace)
    count = len(workspace.table("parcels"))
    stated = table["floor_area_m2"].to_numpy(dtype=float, na_value=np.nan)[sources.rows]
    parcel = reaching.parcel_at(workspace, sources.points)
    there = (parcel >= 0) & ~np.isnan(stated)
    return by_group(parcel[there], stated[there], count), bool((~np.isnan(stated)).any())


@dataclass(frozen=True)
class Support:
    """Floor area that assignments give to the support function of a project.

    Parameters
    ----------
    parcel
        Row of the parcel of each assignment, −1 for none, shape (assignments,).
    area
        [m²], shape (assignments,); 0 for one that has ended.
    by_parcel
        [m²], shape (parcels,).
    """

    parcel: np.ndarray
    area: Floats
    by_parcel: Floats


def assigned_support(workspace: Workspace) -> Support:
    """Floor area of each assignment and each parcel that is meant for support."""
    projects, given = workspace.table("projects"), workspace.table("assignments")
    mixes = [function_mix(text).get("support", 0.0) for text in projects["function_mix"]]
    project = pd.Index(projects["project_id"]).get_indexer(pd.Index(given["project_id"]))
    parcel = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    counts = (project >= 0) & (parcel >= 0) & (given["stage"] != "vacated").to_numpy(dtype=bool)
    share = np.append(np.array(mixes, dtype=float), 0.0)[project]
    area = np.where(counts, given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0) * share, 0.0)
    return Support(parcel, area, by_group(parcel[counts], area[counts], len(workspace.parcel_index)))
