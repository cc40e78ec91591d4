"""What a plan starts from: the workspace without what may move, and the room that it leaves."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from layers import ruling
from layers.accounts import assumption
from layers.allocating.wishes import Wish
from layers.balancing.market import dated, first_year
from layers.commands.assigning import zones_of
from layers.matching import allowed, ask, for_support_alone, mixes
from layers.posting import opening
from layers.standing import capped, standing
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial.sums import by_group

Floats = np.ndarray

_LEAST_M2 = 0.5
"""Less than this is no demand: figures are entered to 0.01 m², and a project may have many of them."""


@dataclass(frozen=True)
class Ground:
    """A workspace as a plan sees it.

    Parameters
    ----------
    today
        The workspace as it is.
    base
        The same without the assignments that may move: their floor area is free, and their projects ask for it again.
    moving
        Rows of those assignments in the table of today.
    """

    today: Workspace
    base: Workspace
    moving: np.ndarray

    @cached_property
    def wanted(self) -> Floats:
        """Floor area that each project still has to be given [m²], as in a new building, shape (projects,)."""
        asked = ask(self.base).floor_area[1].sum(axis=1)
        given = self.base.table("assignments")
        live = (given["stage"] != "vacated").to_numpy(dtype=bool)
        row = pd.Index(self.base.table("projects")["project_id"]).get_indexer(pd.Index(given["project_id"]))
        area = self.counted(given)
        known = live & (row >= 0)
        left = asked - by_group(row[known], area[known], len(asked))
        return np.where(left < _LEAST_M2, 0.0, left)

    def counted(self, given: pd.DataFrame) -> Floats:
        """What assignments count for [m²]: in an existing building more is taken than a new one would need."""
        area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
        old = (given["source"] == "existing").to_numpy(dtype=bool, na_value=False)
        return np.where(old, area / self.reuse, area)

    @cached_property
    def reuse(self) -> float:
        """Floor area that a project takes in an existing building for 1 m² of a new one."""
        return max(assumption(self.base, "reuse_factor", default=1.0), 0.1)

    def factor(self, source: int) -> float:
        """Floor area that a project takes of a source for 1 m² that it asks for: 0 new, 1 existing."""
        return self.reuse if source else 1.0

    @cached_property
    def new(self) -> Floats:
        """What new buildings on each parcel can take, before caps of zones [m²], shape (parcels,)."""
        found = standing(self.base, np.arange(len(self.base.table("parcels"))))
        left = np.minimum(found.available, found.room_new - found.taken_new)
        return np.where(found.unknown, 0.0, np.maximum(left, 0.0))

    @cached_property
    def unknown(self) -> np.ndarray:
        """Parcels without any limit: nothing new can be placed there."""
        return standing(self.base, np.arange(len(self.base.table("parcels")))).unknown

    @cached_property
    def vacant(self) -> list[tuple[int, Floats]]:
        """Vacant floor area of each parcel that is there by a year [m²], by year, the last one all of it."""
        split = self.base.location
        by_year: dict[int, Floats] = {}
        for area, since in dated(self.base)[1:]:
            for year in np.unique(since[area > 0]).tolist():
                there = np.where(since == year, area, 0.0)
                by_year[int(year)] = by_year.get(int(year), 0.0) + split.sum_by_parcel(there)
        total, found = np.zeros(split.parcels), []
        for year in sorted(by_year):
            total = total + by_year[year]
            found.append((year, total))
        return found

    @cached_property
    def from_year(self) -> Floats:
        """First year in which new floor area of a parcel can be taken, −∞ where it can be now, shape (parcels,)."""
        return self.base.table("parcels")["available_from"].to_numpy(dtype=float, na_value=-np.inf)

    @cached_property
    def need_by(self) -> Floats:
        """Year by which a project needs its space, shape (projects,); what is overdue, now."""
        told = self.base.table("projects")["need_by"].to_numpy(dtype=float, na_value=np.inf)
        return np.maximum(told, first_year(self.base))

    @cached_property
    def holder(self) -> np.ndarray:
        """Row of the platform that holds each parcel itself, −1 for none, −2 for one not in the library."""
        told = self.base.table("parcels")["held_by"]
        row = pd.Index(self.base.table("projects")["project_id"]).get_indexer(pd.Index(told))
        return np.where(told.isna(), -1, np.where(row < 0, -2, row))

    @cached_property
    def day(self) -> str:
        """The day whose rules hold: that of the workspace."""
        told = str(self.base.as_of)
        try:
            return datetime.date.fromisoformat(told).isoformat()
        except ValueError:
            return datetime.datetime.now(tz=datetime.UTC).date().isoformat()

    @cached_property
    def rules(self) -> pd.DataFrame:
        """Rules in force."""
        return ruling.in_force(self.base, self.day)

    @cached_property
    def mixes(self) -> Floats:
        """Share of each function in what a project asks for, shape (projects, functions)."""
        return mixes(self.base)

    @cached_property
    def allowed(self) -> np.ndarray:
        """Which function may stand on which parcel, shape (functions, parcels)."""
        return allowed(self.base)

    @cached_property
    def zones(self) -> tuple[list[frozenset[str]], np.ndarray]:
        """Sets of zones and sub-areas in which a parcel may lie with any of it, and which of them each parcel has."""
        number: dict[frozenset[str], int] = {}
        each = [
            number.setdefault(frozenset(zones_of(self.base, at)), len(number)) for at in range(len(self.from_year))
        ]
        return list(number), np.array(each, dtype=np.int64)

    @cached_property
    def support_limit(self) -> float | None:
        """Most of the floor area of a parcel that may be support, by the rules in force; None without a rule."""
        rows = self.rules[(self.rules["rule"] == "support_share").to_numpy(dtype=bool)]
        high = rows["high"].dropna()
        return float(high.min()) if len(high) else None

    @cached_property
    def support(self) -> Floats:
        """Support that each parcel can still take [m²], +∞ where no rule limits it, shape (parcels,)."""
        count = len(self.base.table("parcels"))
        if self.support_limit is None:
            return np.full(count, np.inf)
        now = opening(self.base)
        _, found = now.post(slice(None))
        permitted = by_group(now.split.parcel, np.nan_to_num(found.floor_area), count)
        whole = np.where(permitted > 0, permitted, now.figures["built"])
        given = self.base.table("assignments")
        project = pd.Index(self.base.table("projects")["project_id"]).get_indexer(pd.Index(given["project_id"]))
        parcel = self.base.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
        live = (given["stage"] != "vacated").to_numpy(dtype=bool) & (project >= 0) & (parcel >= 0)
        share = self.mixes[:, list(FUNCTIONS).index("support")]
        area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
        taken = by_group(parcel[live], (area * share[project])[live], count)
        return np.where(for_support_alone(self.base), np.inf, np.maximum(self.support_limit * whole - taken, 0.0))

    @cached_property
    def caps(self) -> list[tuple[str, float, Floats]]:
        """Of each zone with a cap: its key, what it still allows [m²], the share of each parcel that lies in it."""
        now = capped(self.base)
        split, places = self.base.location, self.base.places
        found = []
        for key, cap, used in zip(now.keys, now.cap.tolist(), now.used.tolist(), strict=True):
            inside = np.array([key in (z, s) for z, s in zip(places.zone, places.sub_area, strict=True)], dtype=bool)
            share = np.where(inside[places.code], split.share, 0.0) if len(inside) else np.zeros(len(split.share))
            found.append((key, max(cap - used, 0.0), split.sum_by_parcel(share)))
        return found

    @cached_property
    def open(self) -> np.ndarray:
        """Parcels on which something stands, is being built or is signed, shape (parcels,)."""
        now = opening(self.base)
        constructing = np.nan_to_num(now.figures["under_construction_floor_area_m2"])
        given = self.base.table("assignments")
        at = self.base.parcel_index.get_indexer(pd.Index(given["parcel_id"][(given["stage"] != "vacated")]))
        found = (now.figures["built"] > 0) | (constructing > 0)
        found[at[at >= 0]] = True
        return np.asarray(found)


def ground(workspace: Workspace, wish: Wish) -> Ground:
    """The workspace without what may move under a wish."""
    given = workspace.table("assignments")
    may = given["stage"].isin(list(wish.movable)).to_numpy(dtype=bool, na_value=False)
    known = pd.Index(workspace.table("projects")["project_id"]).get_indexer(pd.Index(given["project_id"])) >= 0
    at = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"])) >= 0
    moving = np.flatnonzero(may & known & at)
    base = workspace.with_tables(assignments=given.drop(index=given.index[moving]).reset_index(drop=True))
    return Ground(workspace, base, moving)
