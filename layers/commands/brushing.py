"""Giving floor area of many parcels to a project at once, and taking it back: a brush, a slider, one undo."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.changes import Key, RowChange, Scene
from layers.commands.assigning import Assign, room, zones_of
from layers.commands.errors import EnoughAlready, ShareRefused
from layers.commands.following import without
from layers.contract import split_list
from layers.errors import NotAnOption, NothingSuch
from layers.matching import allowed, ask, function_mix, housed
from layers.rows import added, position, row, rows
from layers.standing import standing
from layers.vocabulary import FUNCTIONS, STAGES
from layers.workspace import Workspace

_FEW = 64
"""Parcels up to which the books of all are not needed."""

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class AssignMany:
    """Give floor area of many parcels to a project.

    Parcels that cannot take it, by land use, zone, exclusive use or want of room, are left out; when none can, the
    reason of the first is the answer.

    Parameters
    ----------
    parcel_ids
        In the order in which they are taken.
    share
        How much of what each can still give, above 0 and up to 1; None takes all of one after the other until the
        project has what it asks for.
    source
        ``new`` from available floor area, ``existing`` from vacant space.
    """

    parcel_ids: tuple[str, ...]
    project_id: str
    share: float | None = None
    source: str = "new"
    stage: str = "intent"
    supply_mode: str | None = None
    term_years: float | None = None
    kind: str = field(default="assign_many", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels and the project."""
        return (*(("parcels", key) for key in dict.fromkeys(self.parcel_ids)), ("projects", self.project_id))

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The new assignments.

        Raises
        ------
        ShareRefused, EnoughAlready, AssignmentRefused
        """
        given = self.given(workspace)
        if not given:
            # what stands in the way of the first is said as for it alone
            self._one(self.parcel_ids[0], None).check(workspace)
            return ()
        self._one(next(iter(given)), next(iter(given.values()))).check(workspace)
        values = {
            "project_id": self.project_id,
            "source": self.source,
            "stage": self.stage,
            "supply_mode": self.supply_mode,
            "term_years": None if self.term_years is None else float(self.term_years),
            "assigned_by": scene.actor or None,
            "assigned_at": scene.at,
        }
        return tuple(
            added(
                "assignments",
                {"assignment_id": scene.mint("A"), "parcel_id": key, "floor_area_m2": area, **values},
            )
            for key, area in given.items()
        )

    def given(self, workspace: Workspace) -> dict[str, float]:
        """How much each parcel gives [m²]; those that give nothing are left out.

        Raises
        ------
        NothingSuch, ShareRefused, NotAnOption
        """
        share, keys = self.share, list(dict.fromkeys(self.parcel_ids))
        number = isinstance(share, (int, float)) and not isinstance(share, bool)
        if not keys or not (share is None or (number and 0 < share <= 1)):
            raise ShareRefused(where="share", value=str(share)[:20])
        if self.source not in ("new", "existing"):
            raise NotAnOption(where="source", column="source", value=str(self.source)[:40], known="new, existing")
        project = position(workspace, "projects", self.project_id)
        places = workspace.parcel_index.get_indexer(pd.Index(keys, dtype=object))
        if (places < 0).any():
            key = keys[int(np.argmin(places))][:40]
            raise NothingSuch(where=key, key=key, what="地块")
        left = np.where(_may(workspace, places, project), _rooms(workspace, places, self.source), 0.0)
        if share is None:
            wanted = float(ask(workspace).floor_area[1, project].sum() - housed(workspace)[project])
            if wanted <= 0:
                name = str(row(workspace, "projects", self.project_id).get("name", self.project_id))[:60]
                raise EnoughAlready(where=name, project=name)
            before = np.concatenate([[0.0], np.cumsum(left)[:-1]])
            left = np.clip(wanted - before, 0.0, left)
        elif share < 1:
            left = left * share
        # figures are entered to 0.01 m²; rounding up could take what is not there
        cents = np.floor(left * 100 + 1e-6) / 100
        return {key: area for key, area in zip(keys, cents.tolist(), strict=True) if area > 0}

    def facts(self, workspace: Workspace) -> Facts:
        """Which project, how many parcels give it floor area, and how much in all."""
        name = row(workspace, "projects", self.project_id).get("name", self.project_id)
        given = self.given(workspace)
        return {
            "project": str(name),
            "parcels": len(given),
            "left_out": len(set(self.parcel_ids)) - len(given),
            "floor_area_m2": round(math.fsum(given.values()), 2),
        }

    def _one(self, key: str, area: float | None) -> Assign:
        return Assign(key, self.project_id, area, self.source, self.stage, self.supply_mode, self.term_years)


@dataclass(frozen=True)
class UnassignMany:
    """Take floor area of many parcels back.

    Parameters
    ----------
    project_id
        Only what this project has; None: what anybody has.
    stages
        Only assignments that have got this far; what is under construction or in use is not brushed away.
    """

    parcel_ids: tuple[str, ...]
    project_id: str | None = None
    stages: tuple[str, ...] = ("intent", "signed")
    kind: str = field(default="unassign_many", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the assignments."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The assignments go with their documents and milestones; none where there are none."""
        gone = [RowChange("assignments", str(one["assignment_id"]), one, None) for one in rows(self._mine(workspace))]
        return (*gone, *without(workspace, "assignments", [change.key for change in gone]))

    def facts(self, workspace: Workspace) -> Facts:
        """How many assignments, and how much floor area in all."""
        mine = self._mine(workspace)
        area = float(mine["floor_area_m2"].sum())
        return {"rows": len(mine), "parcels": mine["parcel_id"].nunique(), "floor_area_m2": round(area, 2)}

    def _mine(self, workspace: Workspace) -> pd.DataFrame:
        unknown = [stage for stage in self.stages if stage not in STAGES]
        if unknown:
            raise NotAnOption(where="stage", column="stage", value=str(unknown[0])[:40], known=", ".join(STAGES))
        given = workspace.table("assignments")
        mine = given["parcel_id"].isin(list(self.parcel_ids)) & given["stage"].isin(list(self.stages))
        if self.project_id is not None:
            mine &= given["project_id"] == self.project_id
        return given[mine.to_numpy(dtype=bool, na_value=False)]


def _rooms(workspace: Workspace, places: np.ndarray, source: str) -> np.ndarray:
    """What each parcel can still give [m²]."""
    found = standing(workspace, places)
    if source == "existing":
        return np.maximum(found.room_old - found.taken_old, 0.0)
    if len(places) <= _FEW:
        left = np.array([room(workspace, int(at))["new"] for at in places])
    else:
        left = books(workspace).parcels().available[places]
    # where one part of a parcel across zones holds more than it may, another part has more than the parcel can give
    return np.clip(found.room_new - found.taken_new, 0.0, left)


def _may(workspace: Workspace, places: np.ndarray, project: int) -> np.ndarray:
    """Which parcels may hold a project, by land use, zone and exclusive use."""
    one = workspace.table("projects").iloc[project]
    functions = [list(FUNCTIONS).index(name) for name in function_mix(one["function_mix"])]
    may = allowed(workspace)[functions][:, places].all(axis=0)
    zones = set(split_list(one["must_zone"]) or split_list(one["may_zones"]))
    if zones:
        may &= np.array([bool(zones & zones_of(workspace, int(at))) for at in places], dtype=bool)
    return np.asarray(may & ~_taken(workspace, places, one))


def _taken(workspace: Workspace, places: np.ndarray, project: pd.Series) -> np.ndarray:
    """Parcels that others have and that cannot be shared, because one of the two wants it alone."""
    projects, given = workspace.table("projects"), workspace.table("assignments")
    alone = projects["exclusive"].to_numpy(dtype=bool, na_value=False)
    others = (given["project_id"] != project["project_id"]) & (given["stage"] != "vacated")
    theirs = given[others.to_numpy(dtype=bool, na_value=False)]
    if not (project["exclusive"] is not pd.NA and bool(project["exclusive"])):
        theirs = theirs[theirs["project_id"].isin(projects["project_id"][alone])]
    at = workspace.parcel_index.get_indexer(pd.Index(theirs["parcel_id"]))
    return np.isin(places, at)
