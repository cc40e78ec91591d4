"""One column of many projects, given the same value as one act, with what changes told before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from layers.commands import EditMany
from layers.contract import Column
from layers.projects import PROJECTS
from layers.vocabulary import CHAIN_SEGMENTS, FIGURE_BASIS, RANGES, Terms
from layers.workspace import Workspace
from views.assigning import begun
from views.doing import commit, turn
from views.markup import Row, join, note, table, tag
from views.projects.choosing import pick
from views.projects.table import project_names
from views.rows import column_name, value_text
from views.text import Text
from views.zones_panel import zone_names

COLUMNS = (
    "need_by",
    "priority",
    "chain_segment",
    "must_zone",
    "may_zones",
    "exclusive",
    "lead_partner",
    "range_is",
    "basis",
    "source",
    "note",
)
"""Columns that may be set for many at once: none of them is a state, which moves by its own rules."""
_TERMS: dict[str, Terms] = {"chain_segment": CHAIN_SEGMENTS, "basis": FIGURE_BASIS, "range_is": RANGES}
_MOST = 8


def many(workspace: Workspace, picked: Sequence[int], rows: Sequence[int], say: Text) -> None:
    """The form; what changes stands under it, and the button that does it."""
    keys = [str(key) for key in workspace.table("projects")["project_id"].iloc[list(rows)]]
    if set(rows) - set(picked):
        st.button(say("many_all", count=len(rows)), key="many-all", on_click=pick, args=(keys,), type="tertiary")
    if len(picked) < 2:
        st.html(note("hint", say("many_hint")))
        return
    st.html(tag("div", say("many_heading", count=len(picked)), css="cz-h"))
    name = str(
        st.selectbox(
            say("many_column"),
            COLUMNS,
            format_func=lambda one: column_name("projects", one, say),
            key=f"many-column-{turn()}",
        )
    )
    where = f"{name}-{turn()}"
    empty = st.toggle(say("many_clear"), key=f"many-clear-{where}")
    value = None if empty else _value(workspace, PROJECTS.column(name), where, say)
    since = begun("many", workspace, touched=empty or value is not None)
    if value is None and not empty:
        return
    _offer(workspace, picked, (name, value), since, say)


def _value(workspace: Workspace, column: Column, where: str, say: Text) -> Any:
    """The new value; None while nothing is chosen."""
    label, key, name = say("many_value"), f"many-value-{where}", column.name
    if name in _TERMS:
        terms = _TERMS[name]
        return st.selectbox(label, list(terms), index=None, format_func=lambda one: say.term(terms, one), key=key)
    if name in ("must_zone", "may_zones"):
        names = {zone: said for zone, said in zone_names(workspace, say).items() if zone is not None}
        if name == "must_zone":
            return st.selectbox(label, list(names), index=None, format_func=names.__getitem__, key=key)
        return "; ".join(st.multiselect(label, list(names), format_func=names.__getitem__, key=key)) or None
    if name == "lead_partner":
        called = project_names(workspace, say)
        return st.selectbox(label, list(called), index=None, format_func=called.__getitem__, key=key)
    if column.kind == "boolean":
        words = {True: say("yes"), False: say("no")}
        return st.selectbox(label, [True, False], index=None, format_func=words.__getitem__, key=key)
    if column.kind in ("integer", "number"):
        return _number(column, label, key)
    return st.text_input(label, key=key, max_chars=500).strip() or None


def _number(column: Column, label: str, key: str) -> int | float | None:
    whole = column.kind == "integer"
    low, high = column.minimum, column.maximum
    return st.number_input(
        label,
        min_value=None if low is None else int(low) if whole else float(low),
        max_value=None if high is None else int(high) if whole else float(high),
        value=None,
        step=1 if whole else 0.5,
        key=key,
    )


def _offer(workspace: Workspace, picked: Sequence[int], told: tuple[str, Any], since: int, say: Text) -> None:
    """What would change, and the button."""
    name, value = told
    projects = workspace.table("projects").iloc[list(picked)]
    before = [_plain(one) for one in projects[name]]
    places = [at for at, one in enumerate(before) if one != value]
    if not places:
        st.html(note("hint", say("many_none")))
        return
    rows = []
    for at in places[:_MOST]:
        old, new = (value_text("projects", name, one, workspace, say) for one in (before[at], value))
        rows.append(Row(say.name(projects["name"].iloc[at], projects["name_en"].iloc[at]), [old, tag("b", new)]))
    heads = [say("project"), say("many_before"), say("many_after")]
    more = len(places) - _MOST
    rest = tag("p", say("many_more", count=more), css="cz-hint") if more > 0 else ""
    counts = say("many_changes", count=len(places), same=len(before) - len(places))
    st.html(join([tag("p", counts, css="cz-hint"), table(heads, rows, css="cz-facts cz-many"), rest]))
    keys = tuple(str(projects["project_id"].iloc[at]) for at in places)
    st.button(
        say("many_save", count=len(places)),
        type="primary",
        key=f"many-save-{turn()}",
        on_click=commit,
        args=(EditMany("projects", keys, ((name, value),)), workspace, (), since),
        width="stretch",
    )


def _plain(value: Any) -> Any:
    """A cell as it is compared and told; None for nothing."""
    if pd.isna(value) or value == "":
        return None
    return value.item() if hasattr(value, "item") else value
