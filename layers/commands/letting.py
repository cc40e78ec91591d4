"""Self-held development (P11): the platform that holds a parcel lets a part of what it builds there to a project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.changes import Key, RowChange, Scene
from layers.commands.assigning import Assign
from layers.commands.errors import LetRefused
from layers.commands.projecting import end_of
from layers.commands.steps import LONGEST_DOCUMENT, Step, on_day
from layers.commands.terms import years_within
from layers.rows import added, edited, row, with_rows
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]

_CENT = 0.005


@dataclass(frozen=True)
class Let:
    """Let a part of self-held floor area: it goes over from the platform to its user, and stays the same floor area.

    The user's part stands where the platform's stands, under construction or completed: nothing is built twice.

    Parameters
    ----------
    assignment_id
        What the platform holds.
    project_id
        Who uses it.
    building_id
        In which building, where that is known; several projects may share one.
    on
        Day of the contract, ``YYYY-MM-DD``: the first day of the lease; None where it is not known.
    document
        Its number; it is written down with the day.
    """

    assignment_id: str
    project_id: str
    floor_area_m2: float
    term_years: float | None = None
    building_id: str | None = None
    on: str | None = None
    document: str = ""
    kind: str = field(default="let", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The project that uses it."""
        return (("projects", self.project_id),)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """What the platform still holds, what its user has, and the step where its day is known.

        Raises
        ------
        NothingSuch, LetRefused, AssignmentRefused, DateRefused, DayBeforeStep
        """
        held = row(workspace, "assignments", self.assignment_id)
        parcel = row(workspace, "parcels", str(held["parcel_id"]))
        name = str(parcel.get("parcel_no") or parcel["parcel_id"])
        if held.get("supply_mode") != "self_held" or parcel.get("held_by") != held["project_id"]:
            raise _refused(name, "不是平台自持的空间", "it is not held by its platform")
        if held["stage"] == "vacated" or held["project_id"] == self.project_id:
            raise _refused(name, "已经退出，或使用者就是平台自己", "it has ended, or its user is the platform itself")
        number = isinstance(self.floor_area_m2, (int, float)) and not isinstance(self.floor_area_m2, bool)
        if not number or not 0 < self.floor_area_m2 <= held["floor_area_m2"] + _CENT:
            left = f"{held['floor_area_m2']:,.2f}"
            raise _refused(name, f"平台尚有 {left} m² 可出租", f"the platform has {left} m² left to let")
        if self.building_id is not None and (
            row(workspace, "buildings", self.building_id)["parcel_id"] != held["parcel_id"]
        ):
            raise _refused(name, "该建筑不在这个地块上", "that building stands on another parcel")
        area = min(float(self.floor_area_m2), float(held["floor_area_m2"]))
        rest = edited(workspace, "assignments", self.assignment_id, {"floor_area_m2": held["floor_area_m2"] - area})
        given = Assign(
            str(held["parcel_id"]),
            self.project_id,
            area,
            str(held["source"]),
            str(held["stage"]),
            "lease",
            self.term_years,
        )
        given.check(with_rows(workspace, (rest,)))
        values = {
            "assignment_id": scene.mint("A"),
            "parcel_id": held["parcel_id"],
            "project_id": self.project_id,
            "floor_area_m2": area,
            "source": held["source"],
            "stage": held["stage"],
            "supply_mode": "lease",
            "term_years": None if self.term_years is None else float(self.term_years),
            "building_id": self.building_id or held.get("building_id"),
            "assigned_by": scene.actor or None,
            "assigned_at": scene.at,
        }
        if self.on is None:
            return (rest, added("assignments", values))
        on = on_day(workspace, "assignments", self.assignment_id, self.on, name)
        if held["stage"] != "intent":  # the term of what is not signed begins when it is
            ends = {} if self.term_years is None else {"valid_to": end_of(on, years_within(self.term_years))}
            values |= {"valid_from": on, **ends}
        step = Step(("assignments", str(values["assignment_id"])), "self_held", "lease", on, document=self.document)
        return (rest, added("assignments", values), step.kept(scene))

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, the project that uses it, and how much."""
        held = row(workspace, "assignments", self.assignment_id)
        parcel, user = row(workspace, "parcels", held["parcel_id"]), row(workspace, "projects", self.project_id)
        told: dict[str, str | int | float | None] = {
            "parcel": str(parcel.get("parcel_no") or parcel["parcel_id"]),
            "project": str(user.get("name", self.project_id)),
            "floor_area_m2": self.floor_area_m2,
        }
        if self.on is not None:
            told |= {"on": self.on, "document": self.document[:LONGEST_DOCUMENT] or None}
        return told


def _refused(name: str, reason: str, reason_en: str) -> LetRefused:
    return LetRefused(where=name, parcel=name, reason=reason, reason_en=reason_en)
