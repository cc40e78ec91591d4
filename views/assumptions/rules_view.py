"""Rule packs: which documents held on a day, what they rule, and which assignments another day would not allow."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd
import streamlit as st

from layers import ruling
from layers.conditions import Unjudged
from layers.milestones import QUANTITIES
from layers.ruling import Breach
from layers.vocabulary import (
    CONFIDENCE,
    CONSTRAINT_KINDS,
    MILESTONE_KINDS,
    RULE_CLASSES,
    RULES,
    SUPPLY_MODES,
    UNITS,
)
from layers.workspace import Workspace
from views.markup import Markup, Row, join, note, table, tag
from views.numbers import plain
from views.picking import pick
from views.text import Text

_EARLIEST, _LATEST = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
STATES = ("broken", "both", "allowed")
"""Of an assignment on two days: only the first does not allow it, both do not, only the second does not."""


def view(workspace: Workspace, say: Text) -> None:
    """The days above, documents and rules at the left, assignments at the right."""
    if not len(workspace.table("rulepacks")):
        st.html(note("hint", say("pack_empty")))
        return
    on, other = _days(workspace, say)
    left, right = st.columns([58, 42], gap="medium")
    with left, st.container(key="assume-rules", border=False):
        st.html(packs_table(workspace, on, say))
        st.html(rules_table(workspace, on, say))
        st.html(changes_between(workspace, on, other, say))
    with right, st.container(key="assume-side", border=False):
        _breaches(workspace, on, other, say)


def _days(workspace: Workspace, say: Text) -> tuple[str, str]:
    """The day whose rules are shown, and one to compare it with."""
    held = st.session_state
    now, before = default_days(workspace)
    for name, day in (("rule-day", now), ("rule-other", before)):
        if held.get(name) is None:
            held[name] = held.get(f"{name}-kept", day)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key="rule-days"):
        days = [
            st.date_input(
                say(f"pack_{name}"), key=name, min_value=_EARLIEST, max_value=_LATEST, format="YYYY-MM-DD", width=150
            )
            for name in ("rule-day", "rule-other")
        ]
        begins = sorted({str(one) for one in workspace.table("rulepacks")["valid_from"]})
        st.pills(
            say("pack_begins"),
            begins,
            key="rule-begins",
            on_change=_turn_to,
            help=say("pack_begins_help"),
        )
    for name, day in zip(("rule-day", "rule-other"), days, strict=True):
        held[f"{name}-kept"] = day
    return tuple(day.isoformat() if day else now.isoformat() for day in days)  # type: ignore[return-value]


def _turn_to() -> None:
    """Take the first day of a document, and let the pill go."""
    chosen = st.session_state.pop("rule-begins", None)
    if chosen:
        st.session_state["rule-day"] = datetime.date.fromisoformat(chosen)


def default_days(workspace: Workspace) -> tuple[datetime.date, datetime.date]:
    """The day of the workspace, and the last one before the youngest rules that hold on it."""
    try:
        now = datetime.date.fromisoformat(str(workspace.as_of)[:10])
    except ValueError:
        now = datetime.date.today()
    begun = [str(one) for one in workspace.table("rulepacks")["valid_from"] if str(one) <= now.isoformat()]
    if not begun:
        return now, now
    return now, datetime.date.fromisoformat(max(begun)) - datetime.timedelta(days=1)


def packs_table(workspace: Workspace, on: str, say: Text) -> Markup:
    """Every document with its days, and whether any of its rules holds on the day."""
    rows = []
    for one in ruling.packs(workspace, on):
        until = one.valid_to or say("pack_open")
        checked = say("pack_verified", count=one.verified, all=one.rules) if one.verified else say("pack_unverified")
        holds = say("pack_holds", count=one.holds, all=one.rules) if one.holds else say("pack_holds_not")
        head = join([one.pack, *([tag("small", one.name)] if one.name else [])])
        rows.append(Row(head, [f"{one.valid_from} – {until}", checked, holds], "" if one.holds else "cz-faint"))
    heads = [say("pack_document"), say("pack_days"), say("pack_checked"), say("pack_on", on=on)]
    return table(heads, rows, css="cz-packs")


def rules_table(workspace: Workspace, on: str, say: Text) -> Markup:
    """The rules that hold on a day; a clause only where somebody compared it with the document."""
    told = ruling.rules_of(workspace, on)
    title = tag("div", say("pack_rules", on=on), " ", tag("small", say("count_rows", count=len(told))), css="cz-h")
    if not told:
        return join([title, tag("p", say("pack_none", on=on), css="cz-hint")])
    heads = [say("pack_rule"), say("pack_for"), say("pack_bounds"), say("pack_clause"), say("source")]
    return join([title, table(heads, [_rule(one, say) for one in told], css="cz-packs")])


def _rule(one: dict[str, Any], say: Text) -> Row:
    clause = one["clause"] or (say("pack_no_clause") if one["verified"] else say("pack_unverified"))
    source = [tag("span", say.name(one["source"]))]
    if one["confidence"]:
        source.append(tag("small", say.term(CONFIDENCE, one["confidence"])))
    if one["note"]:
        source.append(tag("small", one["note"]))
    head = join([say.term(RULES, one["rule"]), tag("small", one["pack"])])
    mark = tag("span", clause, css="" if one["verified"] else "cz-badge cz-unchecked")
    return Row(
        head,
        [
            for_whom(one, say),
            tag("span", bounds(one, say), css="cz-nowrap"),
            mark,
            tag("div", *source, css="cz-sources"),
        ],
    )


def for_whom(one: dict[str, Any], say: Text) -> str:
    """Mode, class and land that a rule is for."""
    columns = (("supply_mode", SUPPLY_MODES), ("for_class", RULE_CLASSES), ("constraint_kind", CONSTRAINT_KINDS))
    named = [say.term(terms, one[column]) for column, terms in columns if one[column] is not None]
    return " · ".join(named) or say("pack_everybody")


def bounds(one: dict[str, Any], say: Text) -> str:
    """What a rule allows, in words; a dash where it sets no number."""
    low, high = one["low"], one["high"]
    unit = "" if one["unit"] in (None, "1") else f" {say.term(UNITS, one['unit'])}"
    if low is None and high is None:
        return "—"
    if low is None:
        return say("pack_most", value=plain(high)) + unit
    if high is None:
        return say("pack_least", value=plain(low)) + unit
    return say("balance_range", low=plain(low), high=plain(high)) + unit


def changes_between(workspace: Workspace, on: str, other: str, say: Text) -> Markup:
    """Rules that only one of two days has."""
    here, there = (ruling.rules_of(workspace, day) for day in (on, other))
    known = [{one["rule_id"] for one in rules} for rules in (here, there)]
    only = [(say("pack_only_here", on=on), [one for one in here if one["rule_id"] not in known[1]])]
    only.append((say("pack_only_here", on=other), [one for one in there if one["rule_id"] not in known[0]]))
    rows = [
        Row(title, [join(tag("div", _short(one, say)) for one in rules) if rules else "—"]) for title, rules in only
    ]
    title = tag("div", say("pack_compare", on=on, other=other), css="cz-h")
    return join([title, table(["", ""], rows, css="cz-facts cz-headless")])


def _short(one: dict[str, Any], say: Text) -> str:
    return " · ".join([say.term(RULES, one["rule"]), for_whom(one, say), bounds(one, say), str(one["pack"])])


def compared(workspace: Workspace, on: str, other: str) -> list[tuple[str, Breach]]:
    """Assignments that a day or another does not allow, each with which of the two: one of `STATES`."""
    now, then = ruling.breaches(workspace, on), ruling.breaches(workspace, other)
    here, there = ({_about(one) for one in some} for some in (now, then))
    found = [("both" if _about(one) in there else "broken", one) for one in now]
    found += [("allowed", one) for one in then if _about(one) not in here]
    return sorted(found, key=lambda pair: STATES.index(pair[0]))


def _about(one: Breach) -> tuple[str, str, str | None]:
    return one.assignment_id, one.rule, one.measure


def unjudged_told(workspace: Workspace, found: list[Unjudged], say: Text) -> Markup:
    """Rule by rule, of how many assignments nothing can be said and what it would take; their parcels in a hint."""
    numbers = workspace.table("parcels").set_index("parcel_id")["parcel_no"]
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in found:
        parcel = say.name(numbers.get(one.parcel_id), one.parcel_id)
        groups.setdefault((one.rule, one.pack, one.missing), []).append(parcel)
    lines = []
    for (rule, pack, missing), parcels in groups.items():
        name = " · ".join([say.term(RULES, rule), pack])
        if missing in QUANTITIES:
            why = say("pack_no_figure", what=say.term(MILESTONE_KINDS, missing))
        else:
            why = say(f"pack_no_{missing}")
        told = say("pack_unjudged", rule=name, count=len(parcels), why=why)
        where = say("list_sign").join(dict.fromkeys(parcels))
        lines.append(tag("p", told, css="cz-hint", title=where))
    return join(lines)


def _measured(one: Breach, value: float, say: Text) -> str:
    """What an assignment has or may have, in the unit of the rule."""
    if one.measure is not None:
        return f"{say.term(MILESTONE_KINDS, one.measure)} {plain(value)} {say(f'unit_{one.measure}')}"
    if one.rule == "support_share":
        return f"{plain(round(100 * value, 1))} %"
    if one.rule == "no_transfer":
        return say("yes") if value else say("no")
    return f"{plain(value)} {say('pack_years')}"


def breaches_table(workspace: Workspace, found: list[tuple[str, Breach]], say: Text) -> pd.DataFrame:
    """Those assignments as they are shown."""
    parcels = workspace.table("parcels").set_index("parcel_id")["parcel_no"]
    projects = workspace.table("projects").set_index("project_id")
    names = {
        str(key): say.name(zh, en)
        for key, zh, en in zip(projects.index, projects["name"], projects["name_en"], strict=True)
    }
    return pd.DataFrame(
        {
            say("parcel"): [say.name(parcels.get(one.parcel_id), one.parcel_id) for _, one in found],
            say("project"): [names.get(one.project_id, one.project_id) for _, one in found],
            say("pack_has"): [_measured(one, one.value, say) for _, one in found],
            say("pack_allows"): [
                say("pack_most" if one.value > one.limit else "pack_least", value=_measured(one, one.limit, say))
                for _, one in found
            ],
            say("pack_state"): [say(f"pack_state_{state}") for state, _ in found],
            say("pack_document"): [one.pack for _, one in found],
            say("pack_unless"): [
                say("list_sign").join(say.term(RULE_CLASSES, name) for name in one.classes) or "—" for _, one in found
            ],
        }
    )


def _breaches(workspace: Workspace, on: str, other: str, say: Text) -> None:
    found = compared(workspace, on, other)
    counts = {state: sum(1 for one, _ in found if one == state) for state in STATES}
    now = counts["broken"] + counts["both"]
    st.html(tag("div", say("pack_breaches", on=on), " ", tag("small", say("count_rows", count=now)), css="cz-h"))
    st.html(tag("p", say("pack_moved", other=other, **counts), css="cz-lead"))
    if not found:
        st.html(tag("p", say("pack_kept"), css="cz-because"))
    else:
        key, height = f"breaches-{on}-{other}-{say.language}", min(36 + 31 * len(found), 320)
        at = pick(breaches_table(workspace, found, say), key, _widths(say), height)
        if at is None:
            st.html(tag("p", say("pack_pick"), css="cz-hint"))
        else:
            _link(workspace, found[at][1], say)
    st.html(unjudged_told(workspace, ruling.judge(workspace, on)[1], say))
    st.html(tag("p", say("pack_judged"), css="cz-hint"))


def _widths(say: Text) -> dict[str, Any]:
    widths = {"parcel": 84, "project": 150, "pack_has": 72, "pack_allows": 104, "pack_state": 120}
    return {say(name): st.column_config.TextColumn(width=width) for name, width in widths.items()}


def _link(workspace: Workspace, one: Breach, say: Text) -> None:
    """The way to the parcel of an assignment: it is chosen there when the page opens."""
    no = workspace.table("parcels").set_index("parcel_id")["parcel_no"].get(one.parcel_id)
    st.session_state["parcel"] = one.parcel_id
    st.session_state.pop("find", None)
    st.page_link("overview.py", label=say("pack_look", parcel=say.name(no, one.parcel_id)))
