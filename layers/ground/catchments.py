"""Catchments of stations (站点辐射范围): their outlines, the parcels in them and the floor area that these hold.

In a straight line the catchment is the union of the circles around a station's entrances, and a parcel that the ring
cuts counts by its share of area, exactly. Along the ways it is the stretches that people reach, and a parcel counts
whole where its own walk is short enough: a band along a street has no edge that could cut a parcel. The band that a
map shows is for the eye.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.accounts import books
from layers.ground import reaching
from layers.posting import assumption
from layers.workspace import Workspace
from spatial import catchment, location, network
from spatial.sums import by_group

RINGS = ("near", "far")
"""Catchments of a station by the assumption that gives their radius, `catchment_near` and `catchment_far`."""

FIGURES = ("permitted_m2", "available_m2", "vacant_m2", "built_m2")
"""What is added up within a catchment."""

BAND = 25.0
"""How far from a reached street its band is drawn [m]."""

ALL = -1
"""The station number under which all catchments together stand, each parcel counted once."""


@dataclass(frozen=True)
class Members:
    """Parcels within the catchments of one ring.

    Parameters
    ----------
    station
        Number of the station among `stations`, `ALL` for any of them, shape (p,).
    parcel
        Row of the parcel, shape (p,).
    share
        Share of its area that lies within, shape (p,).
    stations
        Row of each station in its table, shape (g,).
    """

    station: np.ndarray
    parcel: np.ndarray
    share: np.ndarray
    stations: np.ndarray


def radius(workspace: Workspace, ring: str) -> float:
    """Radius of a ring [m], NaN where the workspace has no such assumption."""
    return assumption(workspace, f"catchment_{ring}", default=np.nan)


def outlines(workspace: Workspace, ring: str, *, walk: bool = False, kind: str | None = None) -> np.ndarray:
    """The catchment of each station of a kind, in the order of `reaching.stations`; None where there is none.

    Along the ways these are bands around the stretches that are reached.
    """
    return _outlines(workspace, ring, walk, kind)


def members(workspace: Workspace, ring: str, *, walk: bool = False, kind: str | None = None) -> Members:
    """Which parcels lie within the catchments of a ring, and by how much."""
    found, reach = reaching.stations(workspace, kind), radius(workspace, ring)
    empty = Members(*(np.empty(0, dtype=np.int64),) * 2, np.empty(0), found.owners)
    if not (reach > 0 and len(found.rows)):
        return empty
    terms = () if not walk else reaching.walk_terms(workspace)
    key, rests = ("members", kind, walk, reach, *terms), reaching.rests_on(walk)

    def made() -> Members:
        if walk:
            _, entered = reaching.entered(workspace, kind)
            station, parcel, _ = network.within(entered, reaching.walking(workspace).inner, reach)
            share = np.ones(len(parcel))
            every = np.unique(parcel)
            once = np.ones(len(every))
        else:
            shapes, areas = workspace.shapes("parcels"), _outlines(workspace, ring, False, kind)
            pairs = location.belong(shapes, areas)
            station, parcel, share = (pairs[name].to_numpy() for name in ("area", "parcel", "share"))
            covered = location.covered_area(shapes, areas) / np.maximum(workspace.drawn_area_m2, 1e-9)
            every = np.unique(parcel)
            once = covered[every]
        return Members(
            np.concatenate([station, np.full(len(every), ALL)]),
            np.concatenate([parcel, every]),
            np.minimum(np.concatenate([share, once]), 1.0),
            found.owners,
        )

    return reaching.kept(workspace, key, rests, made)


def floor_area(workspace: Workspace, *, walk: bool = False, kind: str | None = None) -> pd.DataFrame:
    """Floor area within each ring of each station [m²], one row a station and ring; `station` ALL is their union.

    Returns
    -------
    DataFrame
        `station` (row of its table, or `ALL`), `ring`, `radius_m`, `parcels` (that lie within with any part),
        `unknown_parcels` (without a permitted figure, in no sum) and `FIGURES`, each by the parcels' shares.
    """
    held = books(workspace)
    sums, unknown = held.parcels(), held.unknown()
    values = {
        "permitted_m2": sums.permitted,
        "available_m2": sums.available,
        "vacant_m2": sums.built_vacant,
        "built_m2": sums.built,
    }
    out: list[pd.DataFrame] = []
    for ring in RINGS:
        found = members(workspace, ring, walk=walk, kind=kind)
        count = len(found.stations)
        group = np.where(found.station == ALL, count, found.station)
        known = ~unknown[found.parcel]
        rows: dict[str, Any] = {
            "station": np.append(found.stations, ALL),
            "ring": ring,
            "radius_m": radius(workspace, ring),
            "parcels": np.bincount(group, minlength=count + 1),
            "unknown_parcels": np.bincount(group[~known], minlength=count + 1),
        }
        for name, value in values.items():
            weighed = np.where(known, np.nan_to_num(value[found.parcel]) * found.share, 0.0)
            rows[name] = by_group(group, weighed, count + 1)
        out.append(pd.DataFrame(rows))
    return pd.concat(out, ignore_index=True)


def _outlines(workspace: Workspace, ring: str, walk: bool, kind: str | None) -> np.ndarray:
    found, reach = reaching.stations(workspace, kind), radius(workspace, ring)
    count = len(found.owners)
    if not (reach > 0 and count):
        return np.full(count, None, dtype=object)
    terms = () if not walk else reaching.walk_terms(workspace)

    def made() -> np.ndarray:
        if not walk:
            return catchment.discs(found.points, found.group, count, reach)
        _, entered = reaching.entered(workspace, kind)
        group, lines = network.stretches(entered, reach)
        return catchment.united(np.asarray(shapely.buffer(lines, BAND, quad_segs=4), dtype=object), group, count)

    return reaching.kept(
        workspace, ("outlines", kind, walk, reach, *terms), reaching.rests_on(walk, parcels=False), made
    )
