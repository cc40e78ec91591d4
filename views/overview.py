"""The first page: what each zone can still carry, against what enterprises ask for."""

from __future__ import annotations

import streamlit as st

from layers.balancing import illustrative
from layers.workspace import Workspace
from views import acts
from views.allocation.asking import open_why
from views.assigning import assign_form, assignments_list
from views.card import card_more, card_top, parcel_at
from views.documents import documents
from views.doing import outcome
from views.markup import tag
from views.parcel_map import finder, listen, parcel_map, selected
from views.session import can, present, text
from views.sheet import sheet
from views.text import Text
from views.zones_panel import functions_view, headline, notes_view, zones_view

TABS = ("zones", "functions", "notes")


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Headline, map and panel."""
    say, workspace = text(), present()
    listen(workspace)
    found = sheet(workspace)
    with st.container(key="topline", horizontal=True, vertical_alignment="center"):
        st.html(_heading(workspace, say))
        st.html(headline(found, say))
    left, right = st.columns([58, 42], gap="small")
    with left, st.container(key="map"):
        parcel_map(workspace, say)
    with right, st.container(key="panel"):
        _panel(workspace, say)


def _heading(workspace: Workspace, say: Text) -> str:
    facts = [say("revision", number=workspace.revision)]
    if workspace.as_of:
        facts.insert(0, say("as_of", date=workspace.as_of))
    schematic = (workspace.table("parcels")["geometry_basis"] == "schematic").any() or illustrative(workspace)
    badge = [tag("span", say("schematic_banner"), css="cz-badge")] if schematic else []
    name = tag("div", tag("b", say.name(workspace.name, workspace.name_en)), *badge, css="cz-study")
    return tag("div", name, tag("small", " · ".join(facts)), css="cz-heading")


def _panel(workspace: Workspace, say: Text) -> None:
    row = selected(workspace)
    finder(workspace, say)
    said = outcome()
    if said:
        st.html(said)
    if row is None:
        _zones(workspace, say)
        return
    parcel = parcel_at(workspace, row)
    with st.container(key="card", height="stretch", border=False):
        st.html(card_top(parcel, say))
        assignments_list(parcel, say)
        if can("assign"):
            assign_form(parcel, say)
        if st.button(say("place_why_here"), key="why-here", type="tertiary"):
            open_why(parcel.key)
        documents(workspace, "parcels", parcel.key, say)
        st.html(card_more(parcel, say))


def _zones(workspace: Workspace, say: Text) -> None:
    tab = st.segmented_control(
        say("tab_zones"),
        TABS,
        format_func=lambda name: say(f"tab_{name}"),
        default="zones",
        key="tab",
        label_visibility="collapsed",
        width="stretch",
    )
    with st.container(key="sheet", height="stretch", border=False):
        if tab == "functions":
            st.html(functions_view(workspace, say))
        elif tab == "notes":
            st.html(notes_view(workspace, sheet(workspace), say))
        else:
            st.html(zones_view(workspace, sheet(workspace), say))


if __name__ == "__main__":
    page()
