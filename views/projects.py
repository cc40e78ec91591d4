"""Projects and what they ask for, the assignments that house them, and a form to make one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from layers.accounts import books
from layers.contract import split_list
from layers.map.payload import labels
from layers.matching import allowed, ask, function_mix, housed
from layers.vocabulary import FIGURE_BASIS, FUNCTIONS, PROJECT_STATES, SOURCES, STAGES, SUPPLY_MODES
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views import acts
from views.assigning import Candidate, begun, safe, terms_of
from views.card import place
from views.documents import documents
from views.doing import outcome, turn
from views.exchange.handing_out import quick
from views.markup import note, tag
from views.numbers import square_metres
from views.session import can, present, text
from views.text import Text
from views.zones_panel import zone_names


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Projects above assignments, the form beside them."""
    say, workspace = text(), present()
    left, right = st.columns([70, 30], gap="medium")
    with left, st.container(key="two-tables"):
        chosen = _projects(workspace, say)
        _assignments(workspace, say)
    with right, st.container(key="side"):
        said = outcome()
        if said:
            st.html(said)
        if chosen is None:
            st.html(note("hint", say("projects_hint")))
            quick(say, "projects", ("projects", "assignments"), ("xlsx", "csv", "gpkg"))
        else:
            if can("assign"):
                _form(workspace, chosen, say)
            documents(workspace, "projects", str(workspace.table("projects")["project_id"].iloc[chosen]), say)


def _projects(workspace: Workspace, say: Text) -> int | None:
    """The table of projects; gives the row that is selected."""
    frame, rows = projects_table(workspace, say)
    st.html(tag("div", say("projects_table"), " ", tag("small", "m²"), css="cz-h"))
    number = st.column_config.NumberColumn(format="localized")
    config: dict[str, Any] = {
        say(name): number for name in ("asked_low", "asked_default", "asked_high", "housed", "unmet")
    }
    config[say("need_by")] = st.column_config.NumberColumn(format="%d")
    event = st.dataframe(
        frame,
        hide_index=True,
        height="stretch",
        column_config=config,
        on_select="rerun",
        selection_mode="single-row",
        key=f"projects-{say.language}",
    )
    picked = event.selection.rows if event else []
    return rows[picked[0]] if picked and picked[0] < len(rows) else None


def projects_table(workspace: Workspace, say: Text) -> tuple[pd.DataFrame, list[int]]:
    """Projects as they are shown, those that want most first, and the row that each has in the workspace."""
    projects, names = workspace.table("projects"), zone_names(workspace, say)
    asked, given = ask(workspace), housed(workspace)
    low, default, high = (asked.total(case) for case in ("low", "default", "high"))
    unmet = np.maximum(default - given, 0.0)
    rows = _in_order(
        [str(key) for key in projects["project_id"]], sorted(range(len(projects)), key=lambda i: (-unmet[i], i))
    )
    table = pd.DataFrame(
        {
            say("project"): [say.name(n, e) for n, e in zip(projects["name"], projects["name_en"], strict=True)],
            say("basis"): [say.term(FIGURE_BASIS, code) for code in projects["basis"]],
            say("state"): [say.term(PROJECT_STATES, code) for code in projects["state"]],
            say("asked_low"): np.round(low),
            say("asked_default"): np.round(default),
            say("asked_high"): np.round(high),
            say("housed"): np.round(given),
            say("unmet"): np.round(unmet),
            say("zone"): [_wish(p.must_zone, p.may_zones, names, say) for p in projects.itertuples()],
            say("need_by"): projects["need_by"].to_numpy(),
            say("functions"): [_mix(value, say) for value in projects["function_mix"]],
        }
    )
    return table.iloc[rows], rows


def _in_order(keys: list[str], rows: list[int]) -> list[int]:
    """Rows in the order in which this viewer saw them first: an act of anybody must not move what is selected."""
    order: dict[str, int] = st.session_state.setdefault("project-order", {})
    for row in rows:
        order.setdefault(keys[row], len(order))
    return sorted(rows, key=lambda row: order[keys[row]])


def _assignments(workspace: Workspace, say: Text) -> None:
    st.html(tag("div", say("assignments_table"), " ", tag("small", "m²"), css="cz-h"))
    frame = assignments_table(workspace, say)
    config = {say("floor_area"): st.column_config.NumberColumn(format="localized")}
    st.dataframe(frame, hide_index=True, height="stretch", column_config=config, key=f"given-{say.language}")


def assignments_table(workspace: Workspace, say: Text) -> pd.DataFrame:
    """Assignments as they are shown, the newest first."""
    given, projects, parcels = (workspace.table(name) for name in ("assignments", "projects", "parcels"))
    numbers = dict(zip(parcels["parcel_id"], labels(workspace), strict=True))
    names = {p.project_id: say.name(p.name, p.name_en) for p in projects.itertuples()}
    table = pd.DataFrame(
        {
            say("parcel"): [numbers.get(key, str(key)) for key in given["parcel_id"]],
            say("project"): [names.get(key, str(key)) for key in given["project_id"]],
            say("floor_area"): given["floor_area_m2"].to_numpy(),
            say("space"): [say.term(SOURCES, code) for code in given["source"]],
            say("stage"): [say.term(STAGES, code) for code in given["stage"]],
            say("supply_mode"): [say.term(SUPPLY_MODES, code) for code in given["supply_mode"]],
            say("assigned_at"): [say.name(value)[:10] for value in given["assigned_at"]],
            say("note"): [say.name(value) for value in given["note"]],
        }
    )
    return table.iloc[::-1]


def _form(workspace: Workspace, row: int, say: Text) -> None:
    project = workspace.table("projects").iloc[row]
    name = say.name(project["name"], project["name_en"])
    key = str(project["project_id"])
    unmet = float(max(ask(workspace).total()[row] - housed(workspace)[row], 0.0))
    st.html(tag("div", say("assign_to", name=name), css="cz-h"))
    st.html(tag("div", f"{say('unmet')} {square_metres(unmet)} m²", css="cz-hint"))
    offers = parcels_for(workspace, row, unmet)
    if not offers:
        st.html(note("hint", say("no_fit")))
        return
    sums, names = books(workspace).parcels(), labels(workspace)

    rows = {str(workspace.parcel_index[row]): row for row in offers}

    def label(key: str) -> str:
        parcel = rows[key]
        free = square_metres(float(sums.available[parcel] + sums.built_vacant[parcel]))
        return say("parcel_fits", number=names[parcel], place=place(workspace, parcel, say), area=free)

    parcel = st.selectbox(
        say("parcel"),
        list(rows),
        index=None,
        format_func=label,
        placeholder=say("parcel_hint"),
        key=f"parcel-{safe(key)}-{turn()}",
        label_visibility="collapsed",
    )
    since = begun(f"place-{safe(key)}-{turn()}", workspace, touched=parcel is not None)
    if parcel is not None:
        terms_of(workspace, rows[parcel], Candidate(row, key, name, unmet, True), since, say)


def parcels_for(workspace: Workspace, project: int, unmet: float) -> list[int]:
    """Parcels whose land use and zone hold every function of a project and that have space left.

    Those that can house all that it still wants come first, the smallest of them at the top.
    """
    one, held = workspace.table("projects").iloc[project], books(workspace)
    wanted = [list(FUNCTIONS).index(name) for name in function_mix(one["function_mix"])]
    fits = allowed(workspace)[wanted].all(axis=0)
    places = {one["must_zone"]} if say_has(one["must_zone"]) else set(split_list(one["may_zones"]))
    if places:
        inside = np.isin(held.zone.astype(str), list(places)) | np.isin(held.sub_area.astype(str), list(places))
        fits &= np.bincount(held.split.parcel[inside], minlength=held.split.parcels) > 0
    sums = held.parcels()
    free = sums.available + sums.built_vacant
    rows = np.flatnonzero(fits & (free > 0))
    enough = free[rows] + 0.005 >= unmet
    order = np.lexsort((np.where(enough, free[rows], -free[rows]), ~enough))
    return [int(row) for row in rows[order]]


def say_has(value: object) -> bool:
    """Whether a cell holds anything."""
    return value is not None and value == value and value != ""


def _wish(must: object, may: object, names: dict[str | None, str], say: Text) -> str:
    if say_has(must):
        return names.get(str(must), str(must))
    return say("list_sign").join(names.get(key, key) for key in split_list(may)) or say("free_choice")


def _mix(value: object, say: Text) -> str:
    try:
        shares = function_mix(value)
    except ChengzaiError:
        return say.name(value)
    parts = [f"{say.term(FUNCTIONS, name)} {share:.0%}" for name, share in shares.items()]
    return " · ".join(parts) or "—"


if __name__ == "__main__":
    page()
