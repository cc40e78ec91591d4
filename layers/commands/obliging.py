"""What an assignment promises: agreed, kept, postponed and dropped, each with the document that it rests on."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.editing import LETTERS
from layers.commands.errors import MilestoneRefused
from layers.commands.values import plain
from layers.errors import DateRefused, NotAnOption
from layers.milestones import QUANTITIES
from layers.rows import added, edited, removed, row
from layers.vocabulary import MILESTONE_KINDS
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class Agree:
    """Put down what an assignment promises, or change it.

    Parameters
    ----------
    what
        Kind of the milestone: a date to keep, or a quantity.
    due
        Last day on which it is kept in time, ``YYYY-MM-DD``.
    promised
        Least quantity, in the unit of the kind.
    milestone_id
        The one that changes; None makes a new one.
    """

    assignment_id: str
    what: str
    due: str | None = None
    promised: float | None = None
    document: str = ""
    milestone_id: str | None = None
    kind: str = field(default="agree", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The assignment."""
        return (("assignments", self.assignment_id),)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The milestone as it is agreed.

        Raises
        ------
        NothingSuch, NotAnOption, DateRefused, MilestoneRefused, ValueUnfit
        """
        row(workspace, "assignments", self.assignment_id)
        if self.what not in MILESTONE_KINDS:
            raise NotAnOption(where="kind", column="kind", value=self.what[:40], known=", ".join(MILESTONE_KINDS))
        if self.due is not None:
            _date(self.due)
        if self.due is None and self.promised is None:
            raise _refused(self.what, "没有日期也没有数量", "it has neither a date nor a quantity")
        if self.promised is not None and self.what not in QUANTITIES:
            raise _refused(self.what, "这一类只约定日期", "this kind promises a date only")
        values: dict[str, Any] = {
            "assignment_id": self.assignment_id,
            "kind": self.what,
            "due": self.due,
            "promised": None if self.promised is None else float(self.promised),
            "unit": QUANTITIES.get(self.what),
            "document": _words(self.document),
            "basis": "edited",
        }
        plain("milestones", values)
        if self.milestone_id is None:
            return (added("milestones", values | {"milestone_id": scene.mint(LETTERS["milestones"])}),)
        return (edited(workspace, "milestones", self.milestone_id, values),)

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, project, and what is promised."""
        told = {"milestone": self.what, "due": self.due, "promised": self.promised}
        return _parties(workspace, self.assignment_id) | told | {"document": self.document[:200] or None}


@dataclass(frozen=True)
class Fulfil:
    """Put down that a milestone was kept, or what quantity was found.

    Parameters
    ----------
    on
        Day on which it was kept or found, ``YYYY-MM-DD``.
    achieved
        The quantity; needed where one was promised.
    """

    milestone_id: str
    on: str
    achieved: float | None = None
    document: str = ""
    kind: str = field(default="fulfil", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the milestone."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The milestone with its day, and its quantity.

        Raises
        ------
        NothingSuch, DateRefused, MilestoneRefused, ValueUnfit
        """
        _date(self.on)
        found = row(workspace, "milestones", self.milestone_id)
        what = str(found["kind"])
        if (what in QUANTITIES) != (self.achieved is not None):
            needs = what in QUANTITIES
            words = ("要填实际值", "needs a quantity") if needs else ("只填日期", "takes a date only")
            raise _refused(what, *words)
        if self.achieved is not None and not (math.isfinite(self.achieved) and self.achieved >= 0):
            raise _refused(what, "实际值不能为负", "a quantity is never below 0")
        values: dict[str, Any] = {"done_on": self.on}
        if self.achieved is not None:
            values["achieved"] = float(self.achieved)
        if _words(self.document):
            values["document"] = _words(self.document)
        return (edited(workspace, "milestones", self.milestone_id, plain("milestones", values)),)

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, project, what was kept, and when."""
        told = _told(workspace, self.milestone_id) | {"on": self.on, "achieved": self.achieved}
        return told | {"document": self.document[:200] or None}


@dataclass(frozen=True)
class Postpone:
    """Give a milestone that is not yet kept a later day; the first one stays on record.

    Parameters
    ----------
    to
        The later day, ``YYYY-MM-DD``.
    reason
        Why, in words.
    """

    milestone_id: str
    to: str
    reason: str
    document: str = ""
    kind: str = field(default="postpone", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the milestone."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The milestone with its new day.

        Raises
        ------
        NothingSuch, DateRefused, MilestoneRefused, ValueUnfit
        """
        _date(self.to)
        found = row(workspace, "milestones", self.milestone_id)
        what, due = str(found["kind"]), found.get("due")
        if found.get("done_on") and what not in QUANTITIES:
            raise _refused(what, "已经履行", "it was kept already")
        if due is None:
            raise _refused(what, "还没有约定日期", "no day was agreed yet")
        if self.to <= str(due):
            raise _refused(what, f"新日期须晚于 {due}", f"the new day has to be after {due}")
        if not self.reason.strip():
            raise _refused(what, "请填写延期原因", "say why it is postponed")
        values: dict[str, Any] = {"due": self.to, "first_due": found.get("first_due") or due}
        if _words(self.document):
            values["document"] = _words(self.document)
        return (edited(workspace, "milestones", self.milestone_id, plain("milestones", values)),)

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, project, what was postponed, from and to when, and why."""
        told = _told(workspace, self.milestone_id)
        was = row(workspace, "milestones", self.milestone_id).get("due")
        days = {"was": None if was is None else str(was), "to": self.to}
        return told | days | {"reason": self.reason[:500], "document": self.document[:200] or None}


@dataclass(frozen=True)
class Drop:
    """A milestone holds no longer.

    Parameters
    ----------
    reason
        Why, in words.
    """

    milestone_id: str
    reason: str = ""
    kind: str = field(default="drop", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the milestone."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The row goes.

        Raises
        ------
        NothingSuch
        """
        return (removed(workspace, "milestones", self.milestone_id),)

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, project, what was promised, and why it holds no longer."""
        return _told(workspace, self.milestone_id) | {"reason": self.reason[:500] or None}


def _date(text: str) -> None:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        datetime.date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise DateRefused(where="due", value=str(text)[:40]) from error


def _words(document: str) -> str | None:
    return document.strip()[:200] or None


def _refused(what: str, reason: str, reason_en: str) -> MilestoneRefused:
    name, name_en = MILESTONE_KINDS[what]
    return MilestoneRefused(where=what, milestone=name, milestone_en=name_en, reason=reason, reason_en=reason_en)


def _told(workspace: Workspace, key: str) -> dict[str, str | int | float | None]:
    found: Row = row(workspace, "milestones", key)
    return _parties(workspace, str(found["assignment_id"])) | {"milestone": str(found["kind"])}


def _parties(workspace: Workspace, assignment: str) -> dict[str, str | int | float | None]:
    """Parcel and project of an assignment."""
    given = row(workspace, "assignments", assignment)
    parcel = row(workspace, "parcels", str(given["parcel_id"]))
    project = row(workspace, "projects", str(given["project_id"]))
    return {
        "parcel": str(parcel.get("parcel_no", given["parcel_id"])),
        "project": str(project.get("name", given["project_id"])),
    }
