"""The right side of the page: the card of the enterprise that is chosen, a change of many, and files in and out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from layers.map.payload import labels
from layers.workspace import Workspace
from views.documents import documents
from views.doing import outcome
from views.markup import unmarked
from views.parcel_map import choose, selected
from views.projects.card import Enterprise, card_more, card_top, given_rows, nobody
from views.projects.choosing import chosen
from views.projects.files import files
from views.projects.many import many
from views.projects.moving import moves_row, refused_here
from views.projects.placing import place_form
from views.projects.table import parcel_names
from views.session import can
from views.text import Text

_MOST = 6
"""Parcels of a project that have a button of their own."""


def side(workspace: Workspace, rows: Sequence[int], say: Text) -> None:
    """One of the subjects, under the switch between them.

    Parameters
    ----------
    rows
        Rows of the projects in the table.
    """
    subjects = ["card", *(["many"] if can("edit_many") else []), "files"]
    held = st.session_state
    if held.get("projects-subject") not in subjects:
        held["projects-subject"] = held.get("projects-about") if held.get("projects-about") in subjects else "card"
    subject = st.segmented_control(
        say("page_projects"),
        subjects,
        format_func=lambda name: say(f"side_{name}"),
        required=True,
        key="projects-subject",
        label_visibility="collapsed",
        width="stretch",
    )
    held["projects-about"] = subject  # Streamlit forgets a widget's value while another page is shown
    said = outcome()
    if said and not refused_here():
        st.html(said)
    with st.container(key="projects-sheet", height="stretch", border=False, gap="small"):
        if subject == "many":
            many(workspace, chosen(workspace), rows, say)
        elif subject == "files":
            files(workspace, rows, say)
        else:
            _card(workspace, say)


def _card(workspace: Workspace, say: Text) -> None:
    picked = chosen(workspace)
    if not picked:
        parcel = selected(workspace)
        st.html(nobody(say, labels(workspace)[parcel] if parcel is not None else ""))
        return
    one = Enterprise(workspace, _one(workspace, picked, say))
    st.html(card_top(one, say))
    moves_row(one, say)
    st.html(card_more(one, say))
    _on_map(one, say)
    if can("assign"):
        place_form(workspace, one.row, say)
    documents(workspace, "projects", one.key, say)


def _one(workspace: Workspace, picked: Sequence[int], say: Text) -> int:
    """The project whose card is open; of several that are chosen the viewer says which."""
    if len(picked) == 1:
        return picked[0]
    projects = workspace.table("projects")
    names = {row: say.name(projects["name"].iloc[row], projects["name_en"].iloc[row]) for row in picked}
    if st.session_state.get("projects-one") not in names:
        st.session_state["projects-one"] = picked[0]
    found = st.selectbox(
        say("which_project", count=len(picked)), list(names), format_func=names.__getitem__, key="projects-one"
    )
    return int(found)


def _on_map(one: Enterprise, say: Text) -> None:
    """Bring the parcels of its assignments into view, one after the other."""
    workspace, given = one.workspace, one.workspace.table("assignments")
    names = parcel_names(workspace, given["parcel_id"].iloc[given_rows(one)])
    found = list(zip(names.values(), workspace.parcel_index.get_indexer(pd.Index(list(names))), strict=True))[:_MOST]
    if not found:
        return
    with st.container(key="projects-places", horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(say("show_on_map"))
        for name, row in found:
            st.button(
                unmarked(name),
                key=f"see-{row}",
                type="tertiary",
                on_click=choose,
                args=(workspace, int(row)),
                kwargs={"fly": True},
            )
