"""What a query asks of parcels, and which parcels answer to it. Nothing in it is ever evaluated as code."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.selecting.errors import QueryRefused
from layers.workspace import Workspace

FIGURES: dict[str, tuple[str, str]] = {
    "available": ("可供建筑面积", "Available floor area"),
    "vacant": ("空置建筑面积", "Vacant floor area"),
    "permitted": ("规划建筑面积", "Permitted floor area"),
    "built": ("现状建筑面积", "Built floor area"),
    "site_area": ("用地面积", "Site area"),
    "far": ("容积率", "Floor area ratio"),
}
"""Figures that a range may be of, Chinese and English; all but the ratio in m²."""

_LISTS = ("zones", "land_uses", "status", "supply_modes", "projects")
_LONGEST = 200


@dataclass(frozen=True)
class Range:
    """A figure between two bounds.

    Parameters
    ----------
    low, high
        None: no bound.
    above, below
        Whether the bound itself is left out.
    """

    figure: str
    low: float | None = None
    high: float | None = None
    above: bool = False
    below: bool = False

    def __post_init__(self) -> None:
        bounds = [one for one in (self.low, self.high) if one is not None]
        sound = (
            isinstance(self.figure, str) and self.figure in FIGURES and bounds and all(_number(one) for one in bounds)
        )
        if not sound or (len(bounds) == 2 and bounds[0] > bounds[1]):
            raise refused(f"{self.figure} {self.low}–{self.high}")

    def told(self) -> dict[str, Any]:
        """The range as JSON holds it, without what it does not ask."""
        return {name: value for name, value in vars(self).items() if value is not None and value is not False}

    def holds(self, values: np.ndarray) -> np.ndarray:
        """Where values are in the range; a missing one never is."""
        inside = ~np.isnan(values)
        with np.errstate(invalid="ignore"):
            if self.low is not None:
                inside &= values > self.low if self.above else values >= self.low
            if self.high is not None:
                inside &= values < self.high if self.below else values <= self.high
        return inside


@dataclass(frozen=True)
class Query:
    """Conditions that all hold; within one list any value does, and an empty list asks nothing.

    Parameters
    ----------
    zones
        zone_ids of zones or sub-areas; a parcel is in that of its largest part.
    land_uses
        Codes; a code stands for its subclasses too.
    assigned
        Whether floor area there is assigned to anybody now.
    projects
        project_ids of which any has floor area there.
    text
        What is in the number, the name or the key, in upper or lower case.
    """

    zones: tuple[str, ...] = ()
    land_uses: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    supply_modes: tuple[str, ...] = ()
    ranges: tuple[Range, ...] = ()
    assigned: bool | None = None
    projects: tuple[str, ...] = ()
    text: str = ""

    def told(self) -> dict[str, Any]:
        """The query as JSON holds it, without what it does not ask."""
        found: dict[str, Any] = {name: list(getattr(self, name)) for name in _LISTS if getattr(self, name)}
        if self.ranges:
            found["ranges"] = [one.told() for one in self.ranges]
        if self.assigned is not None:
            found["assigned"] = self.assigned
        return found | ({"text": self.text} if self.text else {})

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Query:
        """The query that `told` gave.

        Raises
        ------
        QueryRefused
            For a name that it does not know, or a value of another kind.
        """
        unknown = [name for name in told if name not in {one.name for one in fields(cls)}]
        if unknown:
            raise refused(str(unknown[0]))
        values: dict[str, Any] = {}
        for name in _LISTS:
            listed = told.get(name, [])
            if not isinstance(listed, (list, tuple)) or not all(_word(one) for one in listed):
                raise refused(f"{name} {listed}")
            values[name] = tuple(listed)
        text, assigned, ranges = told.get("text", ""), told.get("assigned"), told.get("ranges", [])
        if not isinstance(text, str) or len(text) > _LONGEST:
            raise refused(f"text {text}")
        if not (assigned is None or isinstance(assigned, bool)):
            raise refused(f"assigned {assigned}")
        if not isinstance(ranges, (list, tuple)):
            raise refused(f"ranges {ranges}")
        return cls(**values, text=text, assigned=assigned, ranges=tuple(_range(one) for one in ranges))


def chosen(workspace: Workspace, query: Query) -> np.ndarray:
    """Which parcels answer to a query, shape (parcels,)."""
    parcels = workspace.table("parcels")
    mask = np.ones(len(parcels), dtype=bool)
    if query.zones:
        mask &= _in_zones(workspace, query.zones)
    if query.land_uses:
        mask &= parcels["land_use"].astype("str").str.startswith(query.land_uses).to_numpy(dtype=bool, na_value=False)
    for column, wanted in (("status", query.status), ("supply_mode", query.supply_modes)):
        if wanted:
            mask &= parcels[column].isin(list(wanted)).to_numpy(dtype=bool, na_value=False)
    for one in query.ranges:
        mask &= one.holds(_figure(workspace, one.figure))
    if query.assigned is not None:
        mask &= _given(workspace, None) == query.assigned
    if query.projects:
        mask &= _given(workspace, query.projects)
    if query.text:
        mask &= _named(parcels, query.text)
    return mask


def keys_of(workspace: Workspace, query: Query) -> tuple[str, ...]:
    """Keys of the parcels that a query finds."""
    found = workspace.table("parcels")["parcel_id"].to_numpy()[chosen(workspace, query)]
    return tuple(str(key) for key in found)


def _in_zones(workspace: Workspace, wanted: tuple[str, ...]) -> np.ndarray:
    zones = workspace.table("zones")
    parents = dict(zip(zones["zone_id"].tolist(), zones["parent"].tolist(), strict=True))
    inside = set(wanted)
    for _ in range(len(parents)):
        more = {key for key, parent in parents.items() if parent in inside} - inside
        if not more:
            break
        inside |= more
    places = workspace.places
    within = [zone in inside or area in inside for zone, area in zip(places.zone, places.sub_area, strict=True)]
    return np.array([*within, False], dtype=bool)[places.code[places.main]]


def _figure(workspace: Workspace, name: str) -> np.ndarray:
    if name == "far":
        return workspace.table("parcels")["far_max"].to_numpy(dtype=float, na_value=np.nan)
    held = books(workspace)
    if name == "site_area":
        return held.site_area
    sums = held.parcels()
    values = {"available": "available", "vacant": "built_vacant", "permitted": "permitted", "built": "built"}
    found = np.array(getattr(sums, values[name]), dtype=float)
    if name in ("available", "permitted"):
        found[held.unknown()] = np.nan  # unknown is neither much nor little
    return found


def _given(workspace: Workspace, projects: tuple[str, ...] | None) -> np.ndarray:
    """Parcels of which floor area is given, to anybody or to some projects."""
    given = workspace.table("assignments")
    live = given["stage"] != "vacated"
    if projects is not None:
        live &= given["project_id"].isin(list(projects))
    mine = given["parcel_id"][live.to_numpy(dtype=bool, na_value=False)]
    return workspace.table("parcels")["parcel_id"].isin(mine).to_numpy(dtype=bool, na_value=False)


def _named(parcels: pd.DataFrame, text: str) -> np.ndarray:
    wanted = text.casefold()
    found = np.zeros(len(parcels), dtype=bool)
    for column in ("parcel_no", "name", "parcel_id"):
        there = parcels[column].astype("str").str.casefold().str.contains(wanted, regex=False)
        found |= there.to_numpy(dtype=bool, na_value=False)
    return found


def _range(told: object) -> Range:
    if not isinstance(told, Mapping) or not set(told) <= {one.name for one in fields(Range)} or "figure" not in told:
        raise refused(str(told))
    if not all(isinstance(told.get(name, False), bool) for name in ("above", "below")):
        raise refused(str(told))
    return Range(**told)


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def refused(part: str, known: str = "", known_en: str = "") -> QueryRefused:
    """A condition that cannot be read, with what could stand there."""
    return QueryRefused(where=part[:60], part=part[:60], known=known, known_en=known_en)
