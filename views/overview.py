"""The first page: what each zone can still carry, against what enterprises ask for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from layers.live import routes as live
from layers.map.board import BOARDS
from layers.map.folium_map import Message, capacity_map, carrier
from layers.map.payload import labels
from layers.map.routes import addresses
from layers.workspace import Workspace
from views import acts
from views.assigning import assign_form, assignments_list
from views.card import card_more, card_top, parcel_at
from views.documents import documents
from views.doing import forget_outcome, outcome
from views.markup import tag
from views.rows import parcel_row
from views.session import as_of, can, present, served_key, text, who, workspace_key
from views.sheet import sheet
from views.text import Text
from views.zones_panel import functions_view, headline, notes_view, zones_view

TABS = ("zones", "functions", "notes")
_HEIGHT = 600


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Headline, map and panel."""
    say, workspace = text(), present()
    _hear(workspace)
    found = sheet(workspace)
    with st.container(key="topline", horizontal=True, vertical_alignment="center"):
        st.html(_heading(workspace, say))
        st.html(headline(found, say))
    left, right = st.columns([58, 42], gap="small")
    with left, st.container(key="map"):
        _map(workspace, say)
    with right, st.container(key="panel"):
        _panel(workspace, say)


def selected(workspace: Workspace) -> int | None:
    """Row of the parcel that the viewer chose, None for none: it stays chosen when rows come or go around it."""
    key = st.session_state.get("parcel")
    return None if key is None else parcel_row(workspace, key)


def heard(value: Any, parcels: pd.Index) -> tuple[str, int | None] | None:
    """What the map says was clicked: a mark of the click, and the row or None; None for anything that is no click.

    The value comes from a browser and may hold anything at all.

    >>> heard({"kind": "select", "key": "p2", "nonce": "a-1"}, pd.Index(["p1", "p2"]))
    ('a-1', 1)
    >>> heard({"kind": "select", "key": "p9", "nonce": "a-1"}, pd.Index(["p1", "p2"])) is None
    True
    >>> heard("<script>", pd.Index(["p1"])) is None
    True
    """
    if not isinstance(value, dict) or value.get("kind") != "select":
        return None
    key, nonce = value.get("key"), value.get("nonce")
    if not isinstance(nonce, str) or len(nonce) > 40:
        return None
    if key is None:
        return nonce, None
    row = int(parcels.get_indexer(pd.Index([key]))[0]) if isinstance(key, str) else -1
    return (nonce, row) if row >= 0 else None


def _hear(workspace: Workspace) -> None:
    """Take the last click on the map, once. The component's value is still there in every later run."""
    said = st.session_state.get(f"map-{workspace_key()}-{text().language}")
    click = heard(said, workspace.parcel_index)
    if click and click[0] != st.session_state.get("heard"):
        st.session_state["heard"] = click[0]
        _choose(workspace, click[1])


def _choose(workspace: Workspace, row: int | None, *, fly: bool = False) -> None:
    st.session_state["parcel"] = None if row is None else str(workspace.parcel_index[row])
    st.session_state["find"] = row
    st.session_state.pop("forms", None)
    if fly:
        st.session_state["fly"] = int(st.session_state.get("fly", 0)) + 1
    forget_outcome()


def _heading(workspace: Workspace, say: Text) -> str:
    facts = [say("revision", number=workspace.revision)]
    if workspace.as_of:
        facts.insert(0, say("as_of", date=workspace.as_of))
    schematic = (workspace.table("parcels")["geometry_basis"] == "schematic").any()
    badge = [tag("span", say("schematic_banner"), css="cz-badge")] if schematic else []
    name = tag("div", tag("b", say.name(workspace.name, workspace.name_en)), *badge, css="cz-study")
    return tag("div", name, tag("small", " · ".join(facts)), css="cz-heading")


def _map(workspace: Workspace, say: Text) -> None:
    row, place, me = selected(workspace), served_key(), who().name
    board = BOARDS.of(place, workspace)
    message = Message(
        **addresses(board, say.language, place, me),
        **({} if as_of() else live.addresses(board, say.language, place, me)),
        epoch=board.epoch,
        revision=workspace.revision,
        memory=f"chengzai-{workspace_key()}",
        selected=-1 if row is None else board.slot(str(workspace.parcel_index[row])),
        fly=int(st.session_state.get("fly", 0)),
    )
    st_folium(
        capacity_map(),
        key=f"map-{workspace_key()}-{say.language}",
        height=_HEIGHT,
        width=None,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=carrier(message),
    )


def _panel(workspace: Workspace, say: Text) -> None:
    row = selected(workspace)
    names = labels(workspace)
    st.session_state["find"] = row
    find, back = st.columns([4, 1], gap="small") if row is not None else (st.container(), None)
    find.selectbox(
        say("choose_parcel"),
        range(len(names)),
        index=None,
        format_func=lambda i: names[i],
        placeholder=say("choose_parcel_hint"),
        key="find",
        on_change=lambda: _choose(workspace, st.session_state.get("find"), fly=True),
        label_visibility="collapsed",
    )
    if back:
        back.button(say("back"), key="back", on_click=_choose, args=(workspace, None), width="stretch")
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
