"""Projects move through the library: every step with its day, its reason and its document, and what follows them.

The floor area that a project was given moves with it from account to account; what one that leaves had taken returns
to where it came from. Which step follows which is told in docs/decisions/0019-states-and-moves.md.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.errors import AgreementMissing, StateRefused
from layers.commands.following import without
from layers.commands.steps import LONGEST_DOCUMENT, LONGEST_REASON, Ladder, Step, on_day
from layers.rows import edited, removed, row, rows
from layers.vocabulary import PROJECT_STATES, STAGES, term
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]

_EVERY = tuple(PROJECT_STATES)
_LATE = _EVERY[_EVERY.index("signed") : _EVERY.index("exited")]
"""States that rest on a supervision agreement."""

PROJECT_LADDER = Ladder(
    PROJECT_STATES,
    follows={
        None: ("lead", "reserve", "admitted"),
        "lead": ("reserve", "admitted"),
        "reserve": ("admitted",),
        "admitted": ("signed",),
        "signed": ("started",),
        "started": ("completed",),
        "completed": ("operating",),
        "operating": ("at_capacity",),
        "at_capacity": ("evaluated",),
        "evaluated": ("renewed", "at_capacity"),
        "renewed": ("evaluated",),
        "exited": ("lead", "reserve"),
    },
    never=frozenset(
        {("exited", to) for to in _EVERY if to not in ("lead", "reserve")}
        | {(state, "renewed") for state in (None, *_EVERY) if state != "evaluated"}
    ),
)
"""Exit may follow any state and always needs a reason; back in the library is who left as a lead or in reserve."""

STAGE_OF: dict[str, str] = {"signed": "signed", "started": "under_construction"} | dict.fromkeys(
    _EVERY[_EVERY.index("completed") : _EVERY.index("exited")], "completed"
)
"""Stage that the floor area of a project has in a state; before it is signed it is an intent."""

_RANK = {stage: place for place, stage in enumerate(STAGES)}


@dataclass(frozen=True)
class Advance:
    """Move a project to another state, and its floor area with it.

    Parameters
    ----------
    to
        The next state; any other one needs a reason.
    on
        Day of the decision, ``YYYY-MM-DD``.
    agreement
        Number of the supervision agreement, where it is not known yet.
    """

    project_id: str
    to: str
    on: str
    reason: str = ""
    document: str = ""
    agreement: str = ""
    kind: str = field(default="advance", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the project and its assignments."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The project in its new state, its assignments, and the step as it is written down.

        Raises
        ------
        NothingSuch, StepRefused, ReasonMissing, AgreementMissing, DateRefused, DayBeforeStep
        """
        found = row(workspace, "projects", self.project_id)
        PROJECT_LADDER.refuse(_name(found), found.get("state"), self.to, self.reason)
        return _moved(workspace, scene, self._step(found), self.agreement)

    def facts(self, workspace: Workspace) -> Facts:
        """Which project, from which state to which, when, why and by which document."""
        found = row(workspace, "projects", self.project_id)
        return {"project": _name(found)} | {"was_state": found.get("state"), "state": self.to} | _why(self)

    def _step(self, found: Row) -> Step:
        at = ("projects", self.project_id)
        return Step(at, found.get("state"), self.to, self.on, self.reason, self.document)


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

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The project in its new state.

        Raises
        ------
        NothingSuch, StateRefused, DateRefused, DayBeforeStep
        """
        found = row(workspace, "projects", self.project_id)
        _state(found, {None, "lead", "reserve"}, "准入", "enter")
        at, was = ("projects", self.project_id), found.get("state")
        return _moved(workspace, scene, Step(at, was, "admitted", self.on, document=self.document))

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

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The project in its new state; its assignments: completed ones vacated, others gone with their documents.

        Raises
        ------
        NothingSuch, StateRefused, DateRefused, DayBeforeStep
        """
        found = row(workspace, "projects", self.project_id)
        _state(found, {None, *PROJECT_STATES} - {"exited"}, "退出", "leave")
        at, was = ("projects", self.project_id), found.get("state")
        return _moved(workspace, scene, Step(at, was, "exited", self.on, self.reason))

    def facts(self, workspace: Workspace) -> Facts:
        """Which project, when and why."""
        return _project(workspace, self.project_id) | {"on": self.on, "reason": self.reason[:500]}


def _moved(workspace: Workspace, scene: Scene, step: Step, agreement: str = "") -> tuple[RowChange, ...]:
    """The project, what it was given, and the step.

    Raises
    ------
    AgreementMissing, DateRefused, DayBeforeStep
    """
    key = step.at[1]
    found = row(workspace, "projects", key)
    on_day(workspace, "projects", key, step.on, _name(found))
    values: dict[str, str] = {"state": step.to}
    if agreement.strip():
        values["supervision_agreement"] = agreement.strip()[:LONGEST_DOCUMENT]
    if step.to in _LATE and not {**found, **values}.get("supervision_agreement"):
        words = {"to": term(PROJECT_STATES, step.to), "to_en": term(PROJECT_STATES, step.to, "en")}
        raise AgreementMissing(where=_name(found), project=_name(found), **words)
    mine = workspace.table("assignments")
    given = rows(mine[(mine["project_id"] == key).to_numpy(dtype=bool, na_value=False)])
    follow = _left(workspace, given, step.on) if step.to == "exited" else _followed(workspace, given, step)
    return (edited(workspace, "projects", key, values), *follow, step.kept(scene))


def _left(workspace: Workspace, given: list[Row], on: str) -> list[RowChange]:
    """What a project had: space in use is vacated and kept, what was not yet built goes with its documents."""
    changes = []
    for one in given:
        key, stage = str(one["assignment_id"]), one["stage"]
        if stage == "completed":
            until = one.get("valid_to")
            ends = {"valid_to": on} if until is None or str(until) > on else {}
            changes.append(edited(workspace, "assignments", key, {"stage": "vacated"} | ends))
        elif stage != "vacated":
            changes.append(removed(workspace, "assignments", key))
    gone = {change.key for change in changes if change.after is None}
    return [*changes, *without(workspace, "assignments", gone)]


def _followed(workspace: Workspace, given: list[Row], step: Step) -> list[RowChange]:
    """Assignments that stood where the project stood move with it; a later phase that is not so far stays."""
    changes = []
    for one in given:
        was, now = (_stage(state, str(one["source"])) for state in (step.was, step.to))
        stage, low, high = _RANK[one["stage"]], _RANK[was], _RANK[now]
        forward = low < high and low <= stage < high
        back = high < low and high < stage <= low
        if forward or back:
            values = {"stage": now, **_term(one, now, step.on)}
            changes.append(edited(workspace, "assignments", str(one["assignment_id"]), values))
    return changes


def _stage(state: str | None, source: str) -> str:
    """Stage of floor area in a state: space that stands already is not built anew while its user starts."""
    stage = STAGE_OF.get(str(state), "intent")
    return "signed" if stage == "under_construction" and source == "existing" else stage


def _term(given: Row, stage: str, on: str) -> Mapping[str, str | None]:
    """First and last day of a term that begins with the signature; none where it is an intent again."""
    if stage == "intent":
        return {"valid_from": None, "valid_to": None}
    if given.get("valid_from") or _RANK[given["stage"]] > _RANK["intent"]:
        return {}
    years = given.get("term_years")
    return {"valid_from": on} | ({"valid_to": given.get("valid_to") or end_of(on, years)} if years else {})


def end_of(first: str, years: float) -> str:
    """Last day of a term of some years.

    >>> end_of("2026-05-12", 15), end_of("2024-02-29", 1), end_of("2026-01-01", 0.5)
    ('2041-05-11', '2025-02-28', '2026-06-30')
    """
    start = datetime.date.fromisoformat(first)
    months = start.year * 12 + start.month - 1 + round(years * 12)
    begins = datetime.date(months // 12, months % 12 + 1, 1)
    ahead = datetime.timedelta(days=start.day - 1)
    after = (begins + datetime.timedelta(days=31)).replace(day=1)
    return (min(begins + ahead, after) - datetime.timedelta(days=1)).isoformat()


def _state(found: Row, may: set[str | None], act: str, act_en: str) -> None:
    state, name = found.get("state"), _name(found)
    if state not in may:
        words = {"state": term(PROJECT_STATES, state), "state_en": term(PROJECT_STATES, state, "en")}
        raise StateRefused(where=name, project=name, act=act, act_en=act_en, **words)


def _name(found: Row) -> str:
    return str(found.get("name", found["project_id"]))


def _project(workspace: Workspace, key: str) -> dict[str, str | int | float | None]:
    return {"project": _name(row(workspace, "projects", key))}


def _why(command: Advance) -> dict[str, str | int | float | None]:
    return {
        "on": command.on,
        "reason": command.reason[:LONGEST_REASON] or None,
        "document": command.document[:LONGEST_DOCUMENT] or None,
        "agreement": command.agreement[:LONGEST_DOCUMENT] or None,
    }
