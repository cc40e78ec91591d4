"""How well each parcel fits each project, 0 to 1: function, suitability, station, partners of the value chain."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.accounts import assumption
from layers.allocating.grounds import Ground
from layers.allocating.options import centres
from layers.allocating.wishes import Fit
from layers.ground.reaching import station_distances
from layers.ground.scoring import fit as suitability
from layers.matching import profile_of
from layers.vocabulary import FUNCTIONS

PARTNER_REACH_M = 2_000.0
"""Distance at which partners are near no more [m]."""

_SILENT = 0.5
"""Fit of a function that a zone allows without naming it."""


def fits(ground: Ground, weights: Fit) -> np.ndarray:
    """Fit of every project on every parcel, shape (projects, parcels); parts that nobody knows are left out."""
    count = (len(ground.wanted), len(ground.base.table("parcels")))
    parts = (
        (weights.function, by_function),
        (weights.suitability, by_suitability),
        (weights.station, by_station),
        (weights.partners, by_partners),
    )
    total, weight = np.zeros(count), np.zeros(count)
    for much, part in parts:
        if much > 0:
            values = np.broadcast_to(part(ground), count)
            for row, one in enumerate(values):  # row by row: a city has too many pairs for copies of all of them
                known = ~np.isnan(one)
                total[row] += np.where(known, much * one, 0.0)
                weight[row] += much * known
    return np.divide(total, weight, out=total, where=weight > 0)


def by_function(ground: Ground) -> np.ndarray:
    """1 for functions that the zone names, a half for those that it only allows, by their share in the project."""
    base = ground.base
    places, main = base.places, base.location.main_part()
    zones = base.table("zones").set_index("zone_id")
    scores = np.full((len(places) + 1, len(FUNCTIONS)), _SILENT)
    for at, (zone, sub_area) in enumerate(zip(places.zone, places.sub_area, strict=True)):
        named = profile_of(zones, sub_area, zone)
        scores[at] = [1.0 if name in named or name == "support" else _SILENT for name in FUNCTIONS]
    return np.asarray(ground.mixes @ scores[places.code[main]].T)


def by_suitability(ground: Ground) -> np.ndarray:
    """Score under the first model, by the share of each function that it rates; NaN where it rates none."""
    count = (len(ground.wanted), len(ground.base.table("parcels")))
    found = [(column, suitability(ground.base, name)) for column, name in enumerate(FUNCTIONS)
             if (ground.mixes[:, column] > 0).any()]  # fmt: skip
    rated = [(column, score) for column, score in found if not np.isnan(score).all()]
    if not rated:
        return np.full((1, count[1]), np.nan)
    total, weight = np.zeros(count), np.zeros(count)
    for column, score in rated:
        share, known = ground.mixes[:, column], ~np.isnan(score)
        total += share[:, None] * np.where(known, score, 0.0)[None, :]
        weight += share[:, None] * known[None, :]
    return np.divide(total, weight, out=np.full(count, np.nan), where=weight > 0)


def by_station(ground: Ground) -> np.ndarray:
    """1 at a station, 0 from twice the outer catchment on; NaN without stations."""
    far = 2 * assumption(ground.base, "catchment_far", default=800.0)
    return np.clip(1 - station_distances(ground.base, None, walk=False) / far, 0.0, 1.0)[None, :]


def by_partners(ground: Ground) -> np.ndarray:
    """1 beside the lead partner or a follower that has a place, 0 from `PARTNER_REACH_M` on; NaN where none has."""
    projects, given = ground.base.table("projects"), ground.base.table("assignments")
    index = pd.Index(projects["project_id"])
    lead = index.get_indexer(pd.Index(projects["lead_partner"]))
    who = index.get_indexer(pd.Index(given["project_id"]))
    at = ground.base.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    live = (given["stage"] != "vacated").to_numpy(dtype=bool) & (who >= 0) & (at >= 0)
    points = centres(ground)
    found = np.full((len(projects), len(points)), np.nan)
    for row in range(len(projects)):
        partners = [*([int(lead[row])] if lead[row] >= 0 else []), *np.flatnonzero(lead == row).tolist()]
        homes = np.unique(at[live & np.isin(who, partners)])
        if len(homes):
            away = np.linalg.norm(points[:, None, :] - points[None, homes, :], axis=2).min(axis=1)
            found[row] = np.clip(1 - away / PARTNER_REACH_M, 0.0, 1.0)
    return found
