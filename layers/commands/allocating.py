"""A plan of places applied in one: what it takes back, changes and gives, undone in one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from layers.changes import Key, RowChange, Scene
from layers.commands.assigning import Assign
from layers.commands.following import without
from layers.errors import CapacityUnknown
from layers.rows import added, edited, removed, with_rows
from layers.standing import standing
from layers.workspace import Workspace


@dataclass(frozen=True)
class Given:
    """Floor area of one parcel that a plan gives to a project.

    Parameters
    ----------
    assignment_id
        Assignment of today that it changes the floor area of; None for a new one.
    """

    project_id: str
    parcel_id: str
    floor_area_m2: float
    source: str = "new"
    supply_mode: str | None = None
    term_years: float | None = None
    assignment_id: str | None = None


@dataclass(frozen=True)
class Allocate:
    """Apply a plan.

    Parameters
    ----------
    given
        What it gives or resizes; what it leaves as it is stands nowhere here.
    taken
        Keys of the assignments that it takes back.
    code
        What the plan is called.
    projects
        Keys of the projects that it changes.
    """

    given: tuple[Given, ...]
    taken: tuple[str, ...] = ()
    code: str = ""
    projects: tuple[str, ...] = ()
    kind: str = field(default="allocate", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The projects that it changes and the parcels that it gives."""
        parcels = dict.fromkeys(one.parcel_id for one in self.given)
        projects = dict.fromkeys((*self.projects, *(one.project_id for one in self.given)))
        return (*(("parcels", key) for key in parcels), *(("projects", key) for key in projects))

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """Assignments that go, with their documents, those that are resized and those that come.

        Raises
        ------
        NothingSuch, AssignmentRefused
            When land use, zone or exclusive use forbid any of it now; room and caps are looked at with all of it.
        """
        goes = [removed(workspace, "assignments", key) for key in self.taken]
        resized = [
            edited(workspace, "assignments", one.assignment_id, {"floor_area_m2": one.floor_area_m2} | self._noted)
            for one in self.given
            if one.assignment_id is not None
        ]
        comes = [added("assignments", self._row(one, scene)) for one in self.given if one.assignment_id is None]
        self._check(with_rows(workspace, (*goes, *resized, *comes)))
        return (*goes, *without(workspace, "assignments", self.taken), *resized, *comes)

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:  # noqa: ARG002
        """Which plan, how many assignments it changes, and how much floor area it gives."""
        return {
            "name": self.code or None,
            "rows": len(self.given) + len(self.taken),
            "floor_area_m2": round(math.fsum(one.floor_area_m2 for one in self.given), 2),
        }

    @property
    def _noted(self) -> dict[str, str]:
        return {"note": f"落位方案 {self.code}"} if self.code else {}

    def _row(self, one: Given, scene: Scene) -> dict[str, object]:
        return {
            "assignment_id": scene.mint("A"),
            "parcel_id": one.parcel_id,
            "project_id": one.project_id,
            "floor_area_m2": float(one.floor_area_m2),
            "source": one.source,
            "stage": "intent",
            "supply_mode": one.supply_mode,
            "term_years": None if one.term_years is None else float(one.term_years),
            "assigned_by": scene.actor or None,
            "assigned_at": scene.at,
        } | self._noted

    def _check(self, after: Workspace) -> None:
        """Every place once all of the plan stands: who is alone on a parcel must be alone then."""
        for one in self.given:
            Assign(
                one.parcel_id,
                one.project_id,
                one.floor_area_m2,
                one.source,
                "intent",
                one.supply_mode,
                one.term_years,
            ).check_place(after)
        fresh = [one.parcel_id for one in self.given if one.source == "new"]
        at = after.parcel_index.get_indexer(pd.Index(fresh, dtype=object))
        unknown = np.flatnonzero(standing(after, at).unknown) if len(at) else np.zeros(0, dtype=np.int64)
        if len(unknown):
            number = after.table("parcels")["parcel_no"].iloc[int(at[unknown[0]])]
            name = fresh[int(unknown[0])] if pd.isna(number) else str(number)
            raise CapacityUnknown(where=name, parcel=name)
