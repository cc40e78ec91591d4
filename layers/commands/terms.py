"""Terms of what was given: a lease that becomes a transfer, and a term that is renewed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.errors import LeaseTooLong, TermBeyondRule, TermNotOpen
from layers.commands.following import kept
from layers.commands.projecting import end_of
from layers.commands.steps import LONGEST_DOCUMENT, Step, on_day
from layers.commands.values import plain
from layers.errors import NotAnOption
from layers.rows import edited, row, with_rows
from layers.ruling import day, lease_limit, term_breach, years_between
from layers.vocabulary import PROJECT_STATES, SUPPLY_MODES, term
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]

_REACHED = ("at_capacity", "evaluated", "renewed")
"""States of a project that has done what was agreed."""

_LONGEST = 70


@dataclass(frozen=True)
class Convert:
    """A lease becomes a transfer (先租后让 → 出让), once its project has done what was agreed.

    Parameters
    ----------
    on
        Day of the contract, ``YYYY-MM-DD``: the first day of the new term.
    term_years
        How long the transfer lasts.
    """

    assignment_id: str
    on: str
    document: str
    term_years: float
    kind: str = field(default="convert", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the assignment: its project is looked up when it is written."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The assignment with its new mode and term, the step, and the conversion that was promised as kept.

        Raises
        ------
        NothingSuch, TermNotOpen, LeaseTooLong, TermBeyondRule, DateRefused, DayBeforeStep
        """
        given = row(workspace, "assignments", self.assignment_id)
        name, act = _name(workspace, given), ("转为出让", "converted")
        on = on_day(workspace, "assignments", self.assignment_id, self.on, name)
        mode, since = given.get("supply_mode"), given.get("valid_from")
        if mode != "lease_then_transfer":
            reason = f"供应方式是“{_mode(mode)}”", f"its supply mode is {_mode(mode, 'en')}"
            raise _closed(name, act, reason)
        _open(given, name, act)
        _in_time(workspace, name, str(since), on)
        state = row(workspace, "projects", str(given["project_id"])).get("state")
        if state not in _REACHED and not _kept(workspace, self.assignment_id, on):
            words = {language: term(PROJECT_STATES, state, language) or "—" for language in ("zh-CN", "en")}
            reason = (
                f"项目尚未达产（当前“{words['zh-CN']}”）",
                f"its project has not reached capacity ({words['en']})",
            )
            raise _closed(name, act, reason)
        years = years_within(self.term_years)
        values = {"supply_mode": "transfer", "term_years": years, "valid_from": on, "valid_to": end_of(on, years)}
        change = edited(workspace, "assignments", self.assignment_id, values)
        _keeps(workspace, change, on, name)
        at = ("assignments", self.assignment_id)
        step = Step(at, str(mode), "transfer", on, document=self.document)
        return (change, step.kept(scene), *kept(workspace, self.assignment_id, "conversion", on))

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, project, the new mode, when and by which document."""
        told = _told(workspace, self.assignment_id)
        return told | {"supply_mode": "transfer", "on": self.on, "document": self.document[:LONGEST_DOCUMENT] or None}


@dataclass(frozen=True)
class Renew:
    """A term is renewed (续期), once its project was evaluated: a new term begins on the day after the old one ends.

    A lease that is to become a transfer is prolonged instead, no further than such a lease may last.

    Parameters
    ----------
    until
        Last day of the new term, ``YYYY-MM-DD``.
    on
        Day of the decision.
    """

    assignment_id: str
    until: str
    on: str
    document: str
    kind: str = field(default="renew", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the assignment: its project is looked up when it is written."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The assignment with its new days, the step, and the renewal that was promised as kept.

        Raises
        ------
        NothingSuch, TermNotOpen, LeaseTooLong, TermBeyondRule, DateRefused, DayBeforeStep
        """
        given = row(workspace, "assignments", self.assignment_id)
        name, act = _name(workspace, given), ("续期", "renewed")
        on = on_day(workspace, "assignments", self.assignment_id, self.on, name)
        until, last = day(self.until, "until"), given.get("valid_to")
        _open(given, name, act)
        state = row(workspace, "projects", str(given["project_id"])).get("state")
        if state not in ("evaluated", "renewed"):
            reason = (
                f"项目尚未评估（当前“{_state(state)}”）",
                f"its project is {_state(state, 'en')}, not evaluated",
            )
            raise _closed(name, act, reason)
        if last is None or until <= max(str(last), on):
            told = last or "—"
            reason = f"新到期日须晚于原到期日 {told} 与决定之日", f"the new end has to lie after {told} and {on}"
            raise _closed(name, act, reason)
        values: dict[str, object] = {"valid_to": until}
        if given.get("supply_mode") == "lease_then_transfer":
            _in_time(workspace, name, str(given["valid_from"]), until)
        else:
            first = _after(str(last))
            values |= {"valid_from": first, "term_years": years_within(round(years_between(first, _after(until)), 2))}
        change = edited(workspace, "assignments", self.assignment_id, values)
        _keeps(workspace, change, on, name)
        at = ("assignments", self.assignment_id)
        step = Step(at, str(last), until, on, document=self.document)
        return (change, step.kept(scene), *kept(workspace, self.assignment_id, "renewal", on))

    def facts(self, workspace: Workspace) -> Facts:
        """Parcel, project, until when, and by which document."""
        told = _told(workspace, self.assignment_id)
        return told | {"until": self.until, "on": self.on, "document": self.document[:LONGEST_DOCUMENT] or None}


def _kept(workspace: Workspace, key: str, on: str) -> bool:
    """Whether the obligation to reach full capacity was kept by a day."""
    table = workspace.table("milestones")
    mine = (table["assignment_id"] == key) & (table["kind"] == "full_capacity") & (table["done_on"] <= on)
    return bool(mine.to_numpy(dtype=bool, na_value=False).any())


def _open(given: Row, name: str, act: tuple[str, str]) -> None:
    """Refuse a term that has not begun to run or has ended.

    Raises
    ------
    TermNotOpen
    """
    if given["stage"] in ("intent", "vacated"):
        raise _closed(name, act, ("尚未签约或已经退出", "it is not signed, or it has ended"))
    if not given.get("valid_from"):
        raise _closed(name, act, ("没有起始日", "its term has no first day"))


def _in_time(workspace: Workspace, name: str, since: str, last: str) -> None:
    """Refuse a day after the last one on which a lease may become a transfer.

    Raises
    ------
    TermNotOpen, LeaseTooLong
    """
    if last < since:
        raise _closed(name, ("转为出让", "converted"), (f"日期早于起始日 {since}", f"the day lies before {since}"))
    years, pack = lease_limit(workspace, last)
    if years_between(since, last) > years:
        basis = {"basis": pack or "5 年的通行期限", "basis_en": pack or "the usual limit of 5 years"}
        final = _after(end_of(since, years))
        raise LeaseTooLong(where=name, name=name, since=since, years=f"{years:g}", last=final, **basis)


def _keeps(workspace: Workspace, change: RowChange, on: str, name: str) -> None:
    """Refuse a term that the rules of a day do not allow; a class that would allow it has to be shown elsewhere.

    Raises
    ------
    TermBeyondRule
    """
    breach = term_breach(with_rows(workspace, (change,)), change.key, on)
    if breach is not None and not breach.classes:
        numbers = {"value": f"{breach.value:g}", "limit": f"{breach.limit:g}"}
        raise TermBeyondRule(where=name, name=name, pack=breach.pack, **numbers)


def years_within(years: object) -> float:
    """A term in years.

    Raises
    ------
    ValueUnfit, NotAnOption
    """
    plain("assignments", {"term_years": years})
    if not isinstance(years, (int, float)) or not 0 < years <= _LONGEST:
        raise NotAnOption(where="term_years", column="term_years", value=str(years)[:40], known=f"0–{_LONGEST}")
    return float(years)


def _after(last: str) -> str:
    return (datetime.date.fromisoformat(last) + datetime.timedelta(days=1)).isoformat()


def _closed(name: str, act: tuple[str, str], reason: tuple[str, str]) -> TermNotOpen:
    words = {"act": act[0], "act_en": act[1], "reason": reason[0], "reason_en": reason[1]}
    return TermNotOpen(where=name, name=name, **words)


def _mode(mode: object, language: str = "zh-CN") -> str:
    return term(SUPPLY_MODES, mode, language) or "—"


def _state(state: object, language: str = "zh-CN") -> str:
    return term(PROJECT_STATES, state, language) or "—"


def _told(workspace: Workspace, key: str) -> dict[str, str | int | float | None]:
    given = row(workspace, "assignments", key)
    at, by = row(workspace, "parcels", given["parcel_id"]), row(workspace, "projects", given["project_id"])
    return {"parcel": str(at.get("parcel_no", at["parcel_id"])), "project": str(by.get("name", by["project_id"]))}


def _name(workspace: Workspace, given: Row) -> str:
    told = _told(workspace, str(given["assignment_id"]))
    return f"{told['parcel']} · {told['project']}"
