"""Giving floor area of a parcel to a project, changing what was given, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from layers.catalogue import LAYERS
from layers.changes import Key, RowChange, Scene
from layers.commands.following import without
from layers.commands.values import LARGEST, plain
from layers.contract import split_list
from layers.errors import (
    CapacityUnknown,
    ExclusiveUse,
    LandUseForbids,
    NotAFloorArea,
    NotAnOption,
    NotEnoughFloorArea,
    ZoneForbids,
)
from layers.matching import allowed_on, function_mix
from layers.rows import added, edited, position, removed, row, with_rows
from layers.standing import available, standing
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
    kind: str = field(default="assign", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcel and the project."""
        return ("parcels", self.parcel_id), ("projects", self.project_id)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The new assignment.

        Raises
        ------
        AssignmentRefused
            When land use, remaining floor area or exclusive use forbid it.
        """
        area = self.check(workspace)
        values = {
            "assignment_id": scene.mint("A"),
            "parcel_id": self.parcel_id,
            "project_id": self.project_id,
            "floor_area_m2": area,
            "source": self.source,
            "stage": self.stage,
            "supply_mode": self.supply_mode,
            "term_years": None if self.term_years is None else float(self.term_years),
            "assigned_by": scene.actor or None,
            "assigned_at": scene.at,
        }
        return (added("assignments", values),)

    def check(self, workspace: Workspace, *, leaves: bool = False) -> float:
        """How much it takes [m²], once everything that may forbid it was looked at.

        Parameters
        ----------
        leaves
            The assignment ends: only its words are checked.

        Raises
        ------
        AssignmentRefused
        """
        if leaves:
            self._check_words(self._named(workspace))
            return float(self.floor_area_m2 or 0.0)
        self.check_place(workspace)
        return self._amount(workspace, position(workspace, "parcels", self.parcel_id), self._named(workspace))

    def check_place(self, workspace: Workspace) -> None:
        """Look at everything that may forbid it but the room.

        Raises
        ------
        AssignmentRefused
        """
        parcel = position(workspace, "parcels", self.parcel_id)
        project = position(workspace, "projects", self.project_id)
        name = self._named(workspace)
        self._check_words(name)
        self._check_use(workspace, parcel, project, name)
        self._check_zone(workspace, parcel, project, name)
        self._check_alone(workspace, project, name)

    def _named(self, workspace: Workspace) -> str:
        parcel = position(workspace, "parcels", self.parcel_id)
        return _name(workspace.table("parcels").iloc[parcel], "parcel_no", "parcel_id")

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Parcel, project and floor area."""
        return _told(workspace, self.parcel_id, self.project_id) | {"floor_area_m2": self.floor_area_m2}

    def _check_words(self, name: str) -> None:
        area = self.floor_area_m2
        number = isinstance(area, (int, float)) and not isinstance(area, bool)
        if area is not None and not (number and 0 < area <= LARGEST):
            raise NotAFloorArea(where=name, value=repr(area)[:40])
        plain("assignments", {"term_years": self.term_years})
        for column in ("source", "stage", "supply_mode"):
            value, known = getattr(self, column), LAYERS["assignments"].column(column).allowed
            if value not in known and not (value is None and column == "supply_mode"):
                raise NotAnOption(where=column, column=column, value=str(value)[:40], known=", ".join(known))

    def _check_use(self, workspace: Workspace, parcel: int, project: int, name: str) -> None:
        wanted = function_mix(workspace.table("projects")["function_mix"].iloc[project])
        may = allowed_on(workspace, parcel)
        refused = [f for f in wanted if f not in may]
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
        here = np.flatnonzero((given["parcel_id"] == self.parcel_id).to_numpy(dtype=bool, na_value=False))
        if not len(here):
            return
        mine = projects["exclusive"].iloc[project]
        for other in dict.fromkeys(
            given["project_id"].iloc[at] for at in here if given["stage"].iloc[at] != "vacated"
        ):
            if other == self.project_id:
                continue
            theirs = projects.iloc[position(workspace, "projects", str(other))]
            if _true(theirs["exclusive"]) or _true(mine):
                me = _name(projects.iloc[project], "name", "project_id")
                raise ExclusiveUse(where=name, parcel=name, project=me, other=_name(theirs, "name", "project_id"))

    def _amount(self, workspace: Workspace, parcel: int, name: str) -> float:
        if self.source == "new" and standing(workspace, [parcel]).unknown[0]:
            raise CapacityUnknown(where=name, parcel=name)
        left = room(workspace, parcel)[self.source]
        area = left if self.floor_area_m2 is None else self.floor_area_m2
        if area > left + _CENT or area <= 0:
            raise NotEnoughFloorArea(where=name, parcel=name, left=f"{left:,.2f}", asked=f"{area:,.2f}")
        return float(area)


@dataclass(frozen=True)
class Reassign:
    """Change what was given: how much, how far it has got, and on which terms.

    Parameters
    ----------
    floor_area_m2, stage, supply_mode, term_years, phase, note
        New values; None leaves what is there.
    """

    assignment_id: str
    floor_area_m2: float | None = None
    stage: str | None = None
    supply_mode: str | None = None
    term_years: float | None = None
    phase: str | None = None
    note: str | None = None
    kind: str = field(default="reassign", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the assignment."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The assignment with its new values.

        Raises
        ------
        AssignmentRefused
            When the parcel has no room for it.
        """
        given = row(workspace, "assignments", self.assignment_id)
        names = ("floor_area_m2", "stage", "supply_mode", "term_years", "phase", "note")
        values = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        plain("assignments", {name: value for name, value in values.items() if name != "floor_area_m2"})
        stage = str(values.get("stage", given["stage"]))
        without = with_rows(workspace, (removed(workspace, "assignments", self.assignment_id),))
        again = Assign(
            str(given["parcel_id"]),
            str(given["project_id"]),
            values.get("floor_area_m2", given["floor_area_m2"]),
            str(given["source"]),
            stage,
            values.get("supply_mode", given.get("supply_mode")),
        )
        again.check(without, leaves=stage == "vacated")
        return (edited(workspace, "assignments", self.assignment_id, values),)

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Parcel, project, and floor area and stage where they change."""
        given = row(workspace, "assignments", self.assignment_id)
        told = _told(workspace, given["parcel_id"], given["project_id"])
        named = {"floor_area_m2": self.floor_area_m2, "stage": self.stage}
        return told | {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True)
class Unassign:
    """Take an assignment back; its floor area returns to the account that it came from."""

    assignment_id: str
    kind: str = field(default="unassign", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the assignment."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The assignment goes, and its documents with it."""
        gone = removed(workspace, "assignments", self.assignment_id)
        return (gone, *without(workspace, "assignments", (self.assignment_id,)))

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Parcel, project and floor area."""
        given = row(workspace, "assignments", self.assignment_id)
        told = _told(workspace, given["parcel_id"], given["project_id"])
        return told | {"floor_area_m2": given["floor_area_m2"]}


def zones_of(workspace: Workspace, parcel: int) -> set[str]:
    """Keys of the zones and sub-areas in which any of a parcel lies."""
    split, places = workspace.location, workspace.places
    start, stop = (int(at) for at in np.searchsorted(split.parcel, (parcel, parcel + 1)))
    at = places.code[start:stop].tolist()
    return {str(key) for level in (places.zone, places.sub_area) for key in (level[i] for i in at) if key is not None}


def room(workspace: Workspace, parcel: int) -> dict[str, float]:
    """Floor area that a parcel can still give [m²], by source of the space."""
    found = standing(workspace, [parcel])
    old = max(0.0, float(found.room_old[0] - found.taken_old[0]))
    return {"new": available(workspace, parcel), "existing": old}


def _told(workspace: Workspace, parcel: str, project: str) -> dict[str, str | int | float | None]:
    at, by = row(workspace, "parcels", parcel), row(workspace, "projects", project)
    return {"parcel": str(at.get("parcel_no", parcel)), "project": str(by.get("name", project))}


def _true(value: object) -> bool:
    return value is not pd.NA and value == True  # noqa: E712 a missing value is neither


def _name(row: pd.Series, *columns: str) -> str:
    return next((str(row[column]) for column in columns if not pd.isna(row[column]) and row[column] != ""), "")
