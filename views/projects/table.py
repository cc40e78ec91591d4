"""The tables of the page: projects with what they ask for, and assignments in the groups that share a building."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.contract import split_list
from layers.map.payload import called
from layers.matching import ask, function_mix, housed
from layers.vocabulary import CHAIN_SEGMENTS, FIGURE_BASIS, FUNCTIONS, PROJECT_STATES, SOURCES, STAGES, SUPPLY_MODES
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.projects.choosing import mark, taken
from views.projects.sharing import Group, groups
from views.projects.sifting import unmet
from views.projects.sums import last_moves
from views.session import as_of, scenario
from views.text import Text
from views.zones_panel import zone_names

_NUMBERS = ("asked_low", "asked_default", "asked_high", "housed", "unmet")


def in_order(workspace: Workspace, stays: np.ndarray) -> list[int]:
    """Rows of the projects of a mask, those that want most first, in the order in which this viewer saw them first.

    An act of anybody must not move what a viewer looks at.
    """
    wanted = unmet(workspace)
    keys = workspace.table("projects")["project_id"].astype(str).to_list()
    order: dict[str, int] = st.session_state.setdefault("project-order", {})
    for row in np.lexsort((np.arange(len(keys)), -wanted)).tolist():
        order.setdefault(keys[row], len(order))
    return sorted(np.flatnonzero(stays).tolist(), key=lambda row: order[keys[row]])


def projects_view(workspace: Workspace, rows: Sequence[int], say: Text) -> None:
    """The table of projects; rows that are clicked become those that are chosen."""
    frame = projects_table(workspace, rows, say)
    number = st.column_config.NumberColumn(format="localized")
    config: dict[str, Any] = {say(name): number for name in _NUMBERS}
    config |= {say(name): st.column_config.NumberColumn(format="%g") for name in ("need_by", "priority")}
    config[say("project")] = st.column_config.TextColumn(width="medium")
    key = f"projects-{say.language}-{scenario()}-{as_of() or 0}"
    mark(key, [str(one) for one in workspace.table("projects")["project_id"].iloc[list(rows)]])
    st.dataframe(
        frame,
        hide_index=True,
        height="stretch",
        column_config=config,
        on_select=lambda: taken(key, workspace),
        selection_mode="multi-row",
        placeholder="",
        key=key,
    )


def projects_table(workspace: Workspace, rows: Sequence[int], say: Text) -> pd.DataFrame:
    """Projects as they are shown [m²]."""
    every, names, moved = workspace.table("projects"), zone_names(workspace, say), last_moves(workspace)
    projects, at = every.iloc[list(rows)], list(rows)
    asked = ask(workspace)
    low, likely, high = (np.round(asked.total(case))[at] for case in ("low", "default", "high"))
    return pd.DataFrame(
        {
            say("project"): [say.name(n, e) for n, e in zip(projects["name"], projects["name_en"], strict=True)],
            say("state"): [say.term(PROJECT_STATES, code) for code in projects["state"]],
            say("asked_default"): likely,
            say("housed"): np.round(housed(workspace))[at],
            say("unmet"): np.round(unmet(workspace))[at],
            say("need_by"): projects["need_by"].to_numpy(dtype=float, na_value=np.nan),
            say("zone"): [_wish(p.must_zone, p.may_zones, names, say) for p in projects.itertuples()],
            say("functions"): [mix_words(value, say) for value in projects["function_mix"]],
            say("chain_segment"): [say.term(CHAIN_SEGMENTS, code) for code in projects["chain_segment"]],
            say("moved_on"): [moved.get(str(key), "") for key in projects["project_id"]],
            say("agreement"): [_text(value) for value in projects["supervision_agreement"]],
            say("priority"): projects["priority"].to_numpy(dtype=float, na_value=np.nan),
            say("asked_low"): low,
            say("asked_high"): high,
            say("basis"): [say.term(FIGURE_BASIS, code) for code in projects["basis"]],
        }
    )


def assignments_view(workspace: Workspace, rows: Sequence[int], say: Text) -> None:
    """The assignments of the projects that are shown, those that share a building or a held parcel together."""
    frame = assignments_table(workspace, rows, say)
    config: dict[str, Any] = {say("floor_area"): st.column_config.NumberColumn(format="localized")}
    config[say("term_years")] = st.column_config.NumberColumn(format="%g")
    config[say("shared_group")] = st.column_config.TextColumn(width="medium")
    st.dataframe(
        frame, hide_index=True, height="stretch", column_config=config, placeholder="", key=f"given-{say.language}"
    )


def assignments_table(workspace: Workspace, rows: Sequence[int], say: Text) -> pd.DataFrame:
    """Assignments as they are shown [m²]: groups of several projects first, then the newest."""
    given, projects = workspace.table("assignments"), workspace.table("projects")
    shown = set(projects["project_id"].iloc[list(rows)])
    together = groups(workspace)
    order = [at for at, key in enumerate(given["project_id"]) if key in shown]
    order.sort(key=lambda at: (len(together[at].projects) < 2, together[at].rank, -at))
    lines = given.iloc[order]
    numbers, names = parcel_names(workspace, lines["parcel_id"]), project_names(workspace, say)
    return pd.DataFrame(
        {
            say("shared_group"): [group_name(together[at], say) for at in order],
            say("parcel"): [numbers.get(key, str(key)) for key in lines["parcel_id"]],
            say("project"): [names.get(key, str(key)) for key in lines["project_id"]],
            say("floor_area"): lines["floor_area_m2"].to_numpy(dtype=float),
            say("space"): [say.term(SOURCES, code) for code in lines["source"]],
            say("stage"): [say.term(STAGES, code) for code in lines["stage"]],
            say("supply_mode"): [say.term(SUPPLY_MODES, code) for code in lines["supply_mode"]],
            say("term_years"): lines["term_years"].to_numpy(dtype=float, na_value=np.nan),
            say("valid_from"): [_text(value) for value in lines["valid_from"]],
            say("valid_to"): [_text(value) for value in lines["valid_to"]],
            say("assigned_at"): [_text(value)[:10] for value in lines["assigned_at"]],
            say("note"): [_text(value) for value in lines["note"]],
        }
    )


def parcel_names(workspace: Workspace, keys: Iterable[str]) -> dict[str, str]:
    """What some parcels are called, by key."""
    asked = pd.Index(list(dict.fromkeys(keys)), dtype=object)
    rows = workspace.parcel_index.get_indexer(asked)
    known = asked[rows >= 0]
    return dict(zip(known, called(workspace.table("parcels").iloc[rows[rows >= 0]]), strict=True))


def project_names(workspace: Workspace, say: Text) -> dict[str, str]:
    """What projects are called, by key."""
    projects = workspace.table("projects")
    columns = (projects[name].to_list() for name in ("project_id", "name", "name_en"))
    return {str(key): say.name(name, english) for key, name, english in zip(*columns, strict=True)}


def group_name(group: Group, say: Text) -> str:
    """What assignments share, in words; a dash for one that shares nothing."""
    parts = []
    if len(group.projects) > 1:
        parts.append(say("shared_by", count=len(group.projects)))
    if group.building:
        parts.append(group.building)
    if group.held_by:
        parts.append(say("held_by", name=say.name(*group.held_by)))
    return " · ".join(parts) or "—"


def mix_words(value: object, say: Text) -> str:
    """Functions with their shares; a text that is no mix as it is."""
    try:
        shares = function_mix(value)
    except ChengzaiError:
        return say.name(value)
    parts = [f"{say.term(FUNCTIONS, name)} {share:.0%}" for name, share in shares.items()]
    return " · ".join(parts) or "—"


def _wish(must: object, may: object, names: dict[str | None, str], say: Text) -> str:
    if _text(must):
        return names.get(str(must), str(must))
    return say("list_sign").join(names.get(key, key) for key in split_list(may)) or say("free_choice")


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)
