"""Changes that a user can make, one value each; they alone make the next workspace.

First form: assign and unassign. Each answers with the tables that it changes, or is refused with the reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from layers.accounts import books, built_and_vacant
from layers.catalogue import LAYERS
from layers.contract import split_list
from layers.errors import (
    CapacityUnknown,
    ExclusiveUse,
    LandUseForbids,
    NotAFloorArea,
    NotAnOption,
    NotEnoughFloorArea,
    NothingSuch,
    ZoneForbids,
)
from layers.matching import allowed, function_mix
from layers.vocabulary import FUNCTIONS, term
from layers.workspace import Workspace

_CENT = 0.005
"""Floor area [m²] below which a shortage is a matter of rounding: figures are entered to 0.01 m²."""


@dataclass(frozen=True)
class Assign:
    """Give floor area of a parcel to a project.

    Parameters
    ----------
    floor_area_m2
        How much; None takes all that is left there.
    source
        ``new`` from available floor area, ``existing`` from vacant space.
    """

    parcel_id: str
    project_id: str
    floor_area_m2: float | None = None
    source: str = "new"
    stage: str = "intent"
    supply_mode: str | None = None
    term_years: float | None = None
    actor: str = ""

    def apply(self, workspace: Workspace) -> dict[str, pd.DataFrame]:
        """The tables that change.

        Raises
        ------
        AssignmentRefused
            When land use, remaining floor area or exclusive use forbid it; the workspace stays as it is.
        """
        parcel = _row(workspace, "parcels", "parcel_id", self.parcel_id)
        project = _row(workspace, "projects", "project_id", self.project_id)
        name = _name(workspace.table("parcels").iloc[parcel], "parcel_no", "parcel_id")
        self._check_words(name)
        self._check_use(workspace, parcel, project, name)
        self._check_zone(workspace, parcel, project, name)
        self._check_alone(workspace, project, name)
        area = self._amount(workspace, parcel, name)
        given = workspace.table("assignments")
        row = {
            "assignment_id": _next_key(given["assignment_id"]),
            "parcel_id": self.parcel_id,
            "project_id": self.project_id,
            "floor_area_m2": area,
            "source": self.source,
            "stage": self.stage,
            "supply_mode": self.supply_mode,
            "term_years": self.term_years,
            "assigned_by": self.actor or None,
            "assigned_at": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        layer = LAYERS["assignments"]
        added = layer.conform(pd.DataFrame([row]))
        return {"assignments": layer.conform(pd.concat([given, added], ignore_index=True) if len(given) else added)}

    def _check_words(self, name: str) -> None:
        area = self.floor_area_m2
        number = isinstance(area, (int, float)) and not isinstance(area, bool)
        if area is not None and not (number and 0 < area < math.inf):
            raise NotAFloorArea(where=name, value=str(area)[:40])
        for column in ("source", "stage", "supply_mode"):
            value, known = getattr(self, column), LAYERS["assignments"].column(column).allowed
            if value not in known and not (value is None and column == "supply_mode"):
                raise NotAnOption(where=column, column=column, value=str(value)[:40], known=", ".join(known))

    def _check_use(self, workspace: Workspace, parcel: int, project: int, name: str) -> None:
        wanted = function_mix(workspace.table("projects")["function_mix"].iloc[project])
        may = allowed(workspace)[:, parcel]
        refused = [f for f in wanted if not may[list(FUNCTIONS).index(f)]]
        if refused:
            use = workspace.table("parcels")["land_use"].iloc[parcel]
            words = "、".join(term(FUNCTIONS, f) for f in refused)
            raise LandUseForbids(where=name, parcel=name, land_use="—" if pd.isna(use) else use, functions=words)

    def _check_zone(self, workspace: Workspace, parcel: int, project: int, name: str) -> None:
        row = workspace.table("projects").iloc[project]
        wanted = split_list(row["must_zone"]) or split_list(row["may_zones"])
        if wanted and not set(wanted) & zones_of(workspace, parcel):
            zones = workspace.table("zones").set_index("zone_id")["name"]
            words = "、".join(str(zones.get(key, key)) for key in wanted)
            raise ZoneForbids(where=name, parcel=name, project=_name(row, "name", "project_id"), zones=words)

    def _check_alone(self, workspace: Workspace, project: int, name: str) -> None:
        projects, given = workspace.table("projects"), workspace.table("assignments")
        here = given[(given["parcel_id"] == self.parcel_id) & (given["stage"] != "vacated")]
        others = projects[
            projects["project_id"].isin(here["project_id"]) & (projects["project_id"] != self.project_id)
        ]
        alone = others[others["exclusive"].fillna(False).astype(bool)]
        mine = projects["exclusive"].iloc[project]
        if len(others) and mine is not pd.NA and bool(mine):
            alone = others
        if len(alone):
            me = _name(projects.iloc[project], "name", "project_id")
            raise ExclusiveUse(where=name, parcel=name, project=me, other=_name(alone.iloc[0], "name", "project_id"))

    def _amount(self, workspace: Workspace, parcel: int, name: str) -> float:
        held = books(workspace)
        if self.source == "new" and held.unknown()[parcel]:
            raise CapacityUnknown(where=name, parcel=name)
        left = room(workspace, parcel)[self.source]
        area = left if self.floor_area_m2 is None else self.floor_area_m2
        if area > left + _CENT or area <= 0:
            raise NotEnoughFloorArea(where=name, parcel=name, left=f"{left:,.2f}", asked=f"{area:,.2f}")
        return float(area)


@dataclass(frozen=True)
class Unassign:
    """Take an assignment back; its floor area returns to the account that it came from."""

    assignment_id: str
    actor: str = ""

    def apply(self, workspace: Workspace) -> dict[str, pd.DataFrame]:
        """The tables that change."""
        row = _row(workspace, "assignments", "assignment_id", self.assignment_id)
        given = workspace.table("assignments")
        return {"assignments": given.drop(index=given.index[row]).reset_index(drop=True)}


Command = Assign | Unassign


def zones_of(workspace: Workspace, parcel: int) -> set[str]:
    """Keys of the zones and sub-areas in which any of a parcel lies."""
    held = books(workspace)
    mine = held.split.parcel == parcel
    return {str(key) for keys in (held.zone[mine], held.sub_area[mine]) for key in keys if key is not None}


def room(workspace: Workspace, parcel: int) -> dict[str, float]:
    """Floor area that a parcel can still give [m²], by source of the space."""
    held = books(workspace)
    here = held.split.parcel == parcel
    _, vacant = built_and_vacant(workspace)
    given = workspace.table("assignments")
    key = workspace.table("parcels")["parcel_id"].iloc[parcel]
    mine = given[(given["parcel_id"] == key) & (given["source"] == "existing") & (given["stage"] != "vacated")]
    freed = given[(given["parcel_id"] == key) & (given["source"] == "new") & (given["stage"] == "vacated")]
    left = float(vacant[parcel]) + float(freed["floor_area_m2"].sum()) - float(mine["floor_area_m2"].sum())
    return {"new": float(np.sum(held.parts.available[here])), "existing": max(0.0, left)}


def _row(workspace: Workspace, layer: str, column: str, key: str) -> int:
    found = np.flatnonzero((workspace.table(layer)[column] == key).to_numpy(dtype=bool))
    if len(found) == 0:
        raise NothingSuch(where=str(key)[:40], key=str(key)[:40], what=LAYERS[layer].zh)
    return int(found[0])


def _name(row: pd.Series, *columns: str) -> str:
    return next((str(row[column]) for column in columns if not pd.isna(row[column]) and row[column] != ""), "")


def _next_key(keys: pd.Series) -> str:
    numbers = pd.to_numeric(keys.astype("str").str.extract(r"^A(\d+)$")[0], errors="coerce")
    return f"A{int(numbers.max()) + 1 if numbers.notna().any() else 1:04d}"
