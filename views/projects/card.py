"""The card of an enterprise: where it stands, what it asks for and how that came about, what it has, its chain."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from layers import chains
from layers.accounts import assumption
from layers.matching import ask, function_mix, housed, norms
from layers.milestones import QUANTITIES
from layers.obliging import COLOURS, Light, Promise, day_of, judge, today_of, within_of
from layers.vocabulary import (
    CHAIN_SEGMENTS,
    FIGURE_BASIS,
    FUNCTIONS,
    MILESTONE_KINDS,
    PROJECT_STATES,
    SOURCES,
    STAGES,
    SUPPLY_MODES,
)
from layers.workspace import Workspace
from spatial.demand import CASES
from views.markup import Markup, Row, join, note, table, tag
from views.numbers import plain, square_metres
from views.projects.sharing import groups
from views.projects.sifting import unmet
from views.projects.table import group_name, parcel_names, project_names
from views.text import Text

_MOST = 12
"""Rows of a list before the others are counted."""


@dataclass(frozen=True)
class Enterprise:
    """One row of the projects.

    Parameters
    ----------
    row
        Its position.
    """

    workspace: Workspace
    row: int

    @cached_property
    def line(self) -> pd.Series:
        """Its columns."""
        return self.workspace.table("projects").iloc[self.row]

    @cached_property
    def key(self) -> str:
        """Its project_id."""
        return str(self.line["project_id"])


def card_top(one: Enterprise, say: Text) -> Markup:
    """Name, state, what is known of it, and the last moves."""
    return join([_title(one, say), _facts(one, say)])


def card_more(one: Enterprise, say: Text) -> Markup:
    """What it asks for and has, who it works with, and every move."""
    return join([part(one, say) for part in (_asks, _has, _promises, _outside, _chain, _moves)])


def _title(one: Enterprise, say: Text) -> Markup:
    line = one.line
    marks = [tag("span", say.term(PROJECT_STATES, line["state"]), css="cz-badge cz-binds")]
    if line["basis"] == "schematic":
        marks.append(
            tag("span", say.term(FIGURE_BASIS, "schematic"), css="cz-badge", title=say("enterprise_schematic"))
        )
    name = say.name(line["name"], line["name_en"])
    other = say.name(line["name_en"], line["name"])
    under = [tag("div", other, css="cz-place")] if other not in (name, "—") else []
    return join([tag("div", tag("b", name, css="cz-number"), *marks, css="cz-title"), *under])


def _facts(one: Enterprise, say: Text) -> Markup:
    line = one.line
    year = line["need_by"]
    pairs: list[tuple[str, object]] = [
        ("chain_segment", say.term(CHAIN_SEGMENTS, line["chain_segment"])),
        ("need_by", "—" if pd.isna(year) else str(int(year))),
        ("priority", "—" if pd.isna(line["priority"]) else plain(float(line["priority"]))),
        ("agreement", _text(line["supervision_agreement"]) or say("agreement_none")),
        ("exclusive", say("yes") if pd.notna(line["exclusive"]) and bool(line["exclusive"]) else "—"),
        ("source", _text(line["source"]) or "—"),
        ("note", _text(line["note"]) or "—"),
    ]
    told = [pair for pair in pairs if pair[1] != "—"]
    return tag("dl", *(tag("div", tag("dt", say(name)), tag("dd", value)) for name, value in told), css="cz-dl")


def _asks(one: Enterprise, say: Text) -> Markup:
    """Low, likely and high by function, and the sum that led there."""
    asked, shares = ask(one.workspace), function_mix(one.line["function_mix"]) or {"research": 1.0}
    rows = []
    for name in shares:
        figures = asked.floor_area[:, one.row, list(FUNCTIONS).index(name)]
        rows.append(Row(say.term(FUNCTIONS, name), [square_metres(float(value)) for value in figures], "cz-part"))
    totals = [square_metres(float(asked.total(case)[one.row])) for case in CASES]
    rows.append(Row(say("total"), totals, "cz-sum"))
    rows += [
        Row(say("housed"), ["", square_metres(float(housed(one.workspace)[one.row])), ""], "cz-part"),
        Row(say("unmet"), ["", square_metres(float(unmet(one.workspace)[one.row])), ""], "cz-part cz-want"),
    ]
    heads = [join([say("enterprise_asks"), " ", tag("small", "m²")]), *(say(f"asked_{case}") for case in CASES)]
    return join([table(heads, rows, css="cz-sheet cz-asks"), tag("p", *_how(one, say), css="cz-because")])


def _how(one: Enterprise, say: Text) -> list[object]:
    """How the likely figure came about, in words."""
    asked, line = ask(one.workspace), one.line
    if line["state"] == "exited":
        return [say("asks_exited")]
    if asked.silent[one.row]:
        return [say("asks_silent")]
    if asked.stated[one.row]:
        return [say("asks_stated", area=square_metres(line["requested_floor_area_m2"]))]
    found, vacancy = norms(one.workspace), assumption(one.workspace, "vacancy", default=0.0)
    parts: list[object] = [say("asks_people", count=f"{float(line['headcount']):,.0f}")]
    shares = function_mix(line["function_mix"]) or {"research": 1.0}
    for name, share in shares.items():
        at = list(FUNCTIONS).index(name)
        usable = bool(found.usable[at])
        facts = {
            "function": say.term(FUNCTIONS, name),
            "share": f"{share:.0%}",
            "norm": plain(float(found.per_person[1, at])),
            "efficiency": f" ÷ {plain(float(found.efficiency[at]))}" if usable else "",
            "empty": f" ÷ (1 − {vacancy:.0%})" if vacancy else "",
            "area": square_metres(float(asked.floor_area[1, one.row, at])),
        }
        parts.append(tag("small", say("asks_norm", **facts)))
    return parts


def given_rows(one: Enterprise) -> list[int]:
    """Rows of its assignments, the newest first."""
    given = one.workspace.table("assignments")
    return np.flatnonzero((given["project_id"] == one.key).to_numpy(dtype=bool, na_value=False))[::-1].tolist()


def _has(one: Enterprise, say: Text) -> Markup:
    """Its assignments with parcel, floor area, stage, supply, term, building and who shares it."""
    rows = given_rows(one)
    if not rows:
        return tag("p", say("enterprise_has_none"), css="cz-hint")
    given = one.workspace.table("assignments")
    numbers = parcel_names(one.workspace, given["parcel_id"].iloc[rows])
    names = project_names(one.workspace, say)
    together, lines = groups(one.workspace), []
    for at in rows[:_MOST]:
        line, group = given.iloc[at], together[at]
        facts = [say.term(STAGES, line["stage"]), say.term(SOURCES, line["source"])]
        facts.append(say.term(SUPPLY_MODES, line["supply_mode"]))
        facts.append(_term(line, say))
        others = [names.get(key, key) for key in group.projects if key != one.key]
        shared = [tag("small", say("shared_with", names=say("list_sign").join(others)))] if others else []
        place = group_name(group, say) if group.building or group.held_by else ""
        place = tag("small", place) if place else Markup()
        number = numbers.get(line["parcel_id"], str(line["parcel_id"]))
        words = " · ".join(fact for fact in facts if fact not in ("—", ""))
        lines.append(Row(join([number, place]), [join([words, *shared]), square_metres(line["floor_area_m2"])]))
    heads = [say("enterprise_has"), say("terms"), "m²"]
    more = len(rows) - _MOST
    rest = tag("p", say("enterprise_more", count=more), css="cz-hint") if more > 0 else Markup()
    return join([table(heads, lines, css="cz-facts cz-has"), rest])


def _promises(one: Enterprise, say: Text) -> Markup:
    """What its assignments promised, each with its light, the most urgent first."""
    given, promised = one.workspace.table("assignments").iloc[given_rows(one)], one.workspace.table("milestones")
    going = given[(given["stage"] != "vacated").to_numpy(dtype=bool, na_value=True)]
    at = dict(zip(going["assignment_id"], going["parcel_id"], strict=True))
    own = promised[promised["assignment_id"].isin(list(at)).to_numpy(dtype=bool)]
    if own.empty:
        return Markup()
    numbers, today = parcel_names(one.workspace, going["parcel_id"]), today_of(one.workspace)
    found = [(_light(line, today, within_of(one.workspace)), line) for line in own.itertuples()]
    found.sort(key=lambda pair: (COLOURS.index(pair[0].colour), np.inf if pair[0].days is None else pair[0].days))
    rows = []
    for light, line in found[:_MOST]:
        lamp = tag("i", css=f"cz-lamp cz-lamp-{light.colour}", title=say(f"lamp_{light.colour}"))
        figures = [part for part in (_quantity(line.promised), _text(line.unit)) if part]
        reached = say("promise_reached", value=_quantity(line.achieved)) if _quantity(line.achieved) else ""
        said = [" ".join(figures), reached, say(f"lamp_{light.colour}")]
        where = tag("small", numbers.get(at[line.assignment_id], ""))
        what = join([lamp, say.term(MILESTONE_KINDS, line.kind), where])
        rows.append(Row(what, [" · ".join(part for part in said if part), _text(line.due) or "—"]))
    more = len(found) - _MOST
    rest = tag("p", say("enterprise_more", count=more), css="cz-hint") if more > 0 else Markup()
    heads = [say("promises_heading"), "", say("promise_due")]
    return join([table(heads, rows, css="cz-facts cz-has"), rest])


def _light(line: Any, today: datetime.date, within: int) -> Light:
    """How one obligation stands."""
    quantities = [None if pd.isna(value) else float(value) for value in (line.promised, line.achieved)]
    days = [day_of(value) for value in (line.due, line.done_on)]
    return judge(Promise(line.kind in QUANTITIES, days[0], days[1], quantities[0], quantities[1]), today, within)


def _quantity(value: object) -> str:
    return "" if pd.isna(value) else plain(float(value))  # type: ignore[call-overload, arg-type]


def _term(line: pd.Series, say: Text) -> str:
    """Years of a term with its first and last day, as far as they are known."""
    years = "" if pd.isna(line["term_years"]) else say("years", count=plain(float(line["term_years"])))
    first, last = _text(line["valid_from"]), _text(line["valid_to"])
    span = f"{first or '…'} – {last or '…'}" if first or last else ""
    return f"{years} {span}".strip()


def _outside(one: Enterprise, say: Text) -> Markup:
    """Production that the park should not hold, and the partner parks that take it (P17)."""
    parks = one.workspace.table("parks")
    columns = (parks[name].to_list() for name in ("park_id", "name", "name_en"))
    names = {key: say.name(name, english) for key, name, english in zip(*columns, strict=True)}
    said = []
    for found in chains.outside(one.workspace):
        if found.link.project_id == one.key:
            facts = {"function": say.term(FUNCTIONS, found.function), "area": square_metres(found.floor_area_m2)}
            takers = say("list_sign").join(names.get(key, key) for key in found.parks)
            said.append(tag("p", say("enterprise_outside", **facts, parks=takers), css="cz-because cz-warn"))
    return join(said)


def _chain(one: Enterprise, say: Text) -> Markup:
    """Its lead partner, those under the same lead, those that it leads, and the laboratory of a platform."""
    links = {link.project_id: link for part in chains.segments(one.workspace) for link in part.links}
    mine, names, rows = links.get(one.key), project_names(one.workspace, say), []
    if mine is None:
        return Markup()
    if mine.lead:
        rows.append(Row(say("chain_lead"), [names.get(mine.lead, mine.lead)]))
        beside = [link.project_id for link in links.values() if link.lead == mine.lead and link is not mine]
        rows += _people("chain_beside", beside, names, say)
    rows += _people("chain_led", mine.leads, names, say)
    for found in chains.laboratories(one.workspace):
        if found.link.project_id == one.key:
            rows.append(Row(say("chain_laboratory"), [f"{square_metres(found.laboratory_m2[1])} m²"]))
    if not rows:
        return Markup()
    return join([tag("div", say("chain_heading"), css="cz-h"), table(["", ""], rows, css="cz-facts cz-headless")])


def _people(what: str, keys: Sequence[str], names: dict[str, str], say: Text) -> list[Row]:
    if not keys:
        return []
    told = say("list_sign").join(names.get(key, key) for key in keys[:_MOST])
    more = len(keys) - _MOST
    return [Row(say(what), [told + (say("chain_more", count=more) if more > 0 else "")])]


def _moves(one: Enterprise, say: Text) -> Markup:
    """Every move of the library, the newest first."""
    moves = one.workspace.table("moves")
    mine = moves[
        ((moves["layer"] == "projects") & (moves["row_key"] == one.key)).to_numpy(dtype=bool, na_value=False)
    ]
    mine = mine.sort_values("moved_on", kind="stable").iloc[::-1]
    if mine.empty:
        return Markup()
    rows = []
    for move in mine.itertuples():
        words = say.term(PROJECT_STATES, move.to_state)
        if _text(move.from_state):
            words = f"{say.term(PROJECT_STATES, move.from_state)} → {words}"
        why = [_text(move.reason), _text(move.document), _text(move.moved_by)]
        rows.append(Row(_text(move.moved_on) or "—", [join([words, tag("small", " · ".join(w for w in why if w))])]))
    return join(
        [tag("div", say("moves_heading"), css="cz-h"), table(["", ""], rows, css="cz-facts cz-headless cz-moved")]
    )


def nobody(say: Text, parcel: str = "") -> Markup:
    """What the side says while no project is chosen."""
    if parcel:
        return note("hint", say("parcel_without", number=parcel), say("projects_hint"))
    return note("hint", say("projects_hint"))


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
