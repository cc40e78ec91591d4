"""Projects enter and leave the library; what a project that leaves had taken returns to where it came from."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.changes import Key, RowChange, Scene
from layers.commands.errors import DateRefused, StateRefused
from layers.commands.following import without
from layers.rows import edited, removed, row, rows
from layers.vocabulary import PROJECT_STATES, term
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class Admit:
    """Take a project into the library (项目准入).

    Parameters
    ----------
    on
        Date of the decision, ``YYYY-MM-DD``.
    document
        Number of the document that it rests on.
    """

    project_id: str
    on: str
    document: str = ""
    kind: str = field(default="admit", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the project."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The project in its new state.

        Raises
        ------
        NothingSuch, StateRefused, DateRefused
        """
        _date(self.on)
        found = row(workspace, "projects", self.project_id)
        _state(
            found.get("state"), str(found.get("name", self.project_id)), {None, "lead", "reserve"}, "准入", "enter"
        )
        return (edited(workspace, "projects", self.project_id, {"state": "admitted"}),)

    def facts(self, workspace: Workspace) -> Facts:
        """Which project, when and by which document."""
        return _project(workspace, self.project_id) | {"on": self.on, "document": self.document[:200] or None}


@dataclass(frozen=True)
class Leave:
    """A project leaves (项目退出): space in use becomes vacant, what was not yet built is taken back.

    Parameters
    ----------
    on
        Date of the decision, ``YYYY-MM-DD``.
    reason
        Why, in words.
    """

    project_id: str
    on: str
    reason: str
    kind: str = field(default="leave", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the project and its assignments."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The project in its new state; its assignments: completed ones vacated, others gone with their documents.

        Raises
        ------
        NothingSuch, StateRefused, DateRefused
        """
        _date(self.on)
        found = row(workspace, "projects", self.project_id)
        every = {None, *PROJECT_STATES} - {"exited"}
        _state(found.get("state"), str(found.get("name", self.project_id)), every, "退出", "leave")
        changes = [edited(workspace, "projects", self.project_id, {"state": "exited"})]
        given = workspace.table("assignments")
        for one in rows(given[(given["project_id"] == self.project_id).to_numpy(dtype=bool, na_value=False)]):
            key, stage = str(one["assignment_id"]), one["stage"]
            if stage == "completed" and one["source"] == "new":
                changes.append(edited(workspace, "assignments", key, {"stage": "vacated"}))
            elif stage != "vacated":
                changes.append(removed(workspace, "assignments", key))
        gone = {change.key for change in changes if change.after is None}
        return (*changes, *without(workspace, "assignments", gone))

    def facts(self, workspace: Workspace) -> Facts:
        """Which project, when and why."""
        return _project(workspace, self.project_id) | {"on": self.on, "reason": self.reason[:500]}


def _date(text: str) -> None:
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        datetime.date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise DateRefused(where="on", value=str(text)[:40]) from error


def _state(state: str | None, name: str, may: set[str | None], act: str, act_en: str) -> None:
    if state not in may:
        words = {"state": term(PROJECT_STATES, state), "state_en": term(PROJECT_STATES, state, "en")}
        raise StateRefused(where=name, project=name, act=act, act_en=act_en, **words)


def _project(workspace: Workspace, key: str) -> dict[str, str | int | float | None]:
    return {"project": str(row(workspace, "projects", key).get("name", key))}
