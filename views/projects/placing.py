"""The form on a project's card that gives it floor area of a parcel."""

from __future__ import annotations

import numpy as np
import streamlit as st

from layers.workspace import Workspace
from views.assigning import Candidate, begun, safe, terms_of
from views.card import place
from views.doing import turn
from views.markup import note, tag
from views.numbers import square_metres
from views.projects.shading import room
from views.projects.sifting import unmet
from views.projects.table import parcel_names
from views.text import Text

MOST = 150
"""Parcels that the list offers, the best of them; any other one is given floor area on the map of the editor."""


def place_form(workspace: Workspace, row: int, say: Text) -> None:
    """Parcels that could take the project, those that house all of it first, and the terms of an assignment."""
    project = workspace.table("projects").iloc[row]
    name, key = say.name(project["name"], project["name_en"]), str(project["project_id"])
    wanted = float(unmet(workspace)[row])
    hint = tag("small", f"{say('unmet')} {square_metres(wanted)} m²")
    st.html(tag("div", say("assign_to"), " ", hint, css="cz-h"))
    offers = parcels_for(workspace, row, wanted)
    if not offers:
        st.html(note("hint", say("no_fit")))
        return
    free, rows = room(workspace, row), {str(workspace.parcel_index[parcel]): parcel for parcel in offers[:MOST]}
    names = parcel_names(workspace, rows)

    def label(key: str) -> str:
        parcel = rows[key]
        where, left = place(workspace, parcel, say), square_metres(float(free[parcel]))
        return say("parcel_fits", number=names[key], place=where, area=left)

    if len(offers) > MOST:
        st.html(tag("p", say("parcel_first", most=MOST, count=f"{len(offers):,}"), css="cz-hint"))
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
        terms_of(workspace, rows[parcel], Candidate(row, key, name, wanted, True), since, say)


def parcels_for(workspace: Workspace, project: int, wanted: float) -> list[int]:
    """Parcels that have floor area left where a project may be.

    Those that can house all that it still wants come first, the smallest of them at the top.
    """
    free = room(workspace, project)
    rows = np.flatnonzero(free > 0)
    enough = free[rows] + 0.005 >= wanted
    order = np.lexsort((np.where(enough, free[rows], -free[rows]), ~enough))
    return [int(row) for row in rows[order]]
