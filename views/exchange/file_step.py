"""The first step: files are handed over, and one of them is chosen for a layer."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.catalogue import LAYERS
from layers.exchange.inbox import LIMIT_MB, Upload
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from views.documents import size
from views.exchange.desk import draft, inbox, keep, pick, refused
from views.exchange.moving import moves
from views.markup import Row, note, table, tag
from views.rows import layer_name
from views.text import Text

INTO = (
    "parcels",
    "zones",
    "parks",
    "buildings",
    "projects",
    "stations",
    "constraints",
    "ways",
    "facilities",
    "assignments",
    "backdrop",
)
"""Layers that files come into, those that do so most at the top."""


def file_step(workspace: Workspace, say: Text, bar: DeltaGenerator) -> None:
    """A place to drop files, what is there, and where it is to go."""
    now = draft()
    with bar:
        moves(say, ready=now.chosen is not None, why="" if now.chosen is not None else say("file_first"))
    left, right = st.columns([62, 38], gap="large")
    with left:
        _dropping(say)
        _listed(say)
    with right, st.container(key="side"):
        _aim(workspace, say)


def _dropping(say: Text) -> None:
    st.html(tag("div", say("file_heading"), css="cz-h"))
    turn = int(st.session_state.get("exchange-turn", 0))
    with st.container(key=f"exchange-drop-{say.language}"):
        st.file_uploader(
            say("file_heading"),
            accept_multiple_files=True,
            max_upload_size=LIMIT_MB,
            key=f"exchange-files-{turn}",
            on_change=_taken,
            args=(turn,),
            label_visibility="collapsed",
        )
    st.html(tag("div", say("file_hint", limit=LIMIT_MB), css="cz-hint"))
    trouble = st.session_state.get("exchange-trouble")
    if isinstance(trouble, ChengzaiError):
        refused(trouble, say)


def _taken(turn: int) -> None:
    """Files arrived: they go to the private folder, and out of the memory of the page."""
    given = st.session_state.get(f"exchange-files-{turn}") or []
    st.session_state.pop("exchange-trouble", None)
    if not given:
        return
    try:
        inbox().take((one.name, one.getbuffer()) for one in given)
    except ChengzaiError as error:
        st.session_state["exchange-trouble"] = error
    keep(draft().with_uploads(inbox().uploads))
    st.session_state["exchange-turn"] = turn + 1


def _listed(say: Text) -> None:
    now = draft()
    if not now.uploads:
        return
    st.html(tag("div", say("file_here", count=len(now.uploads)), css="cz-h"))
    for one in now.uploads:
        with st.container(key=f"upload-{one.key}"):
            name, act = st.columns([6, 1], vertical_alignment="center")
            facts = [size(one.size)] + ([" ".join(f".{part}" for part in one.parts)] if one.parts else [])
            lacking = [part for part in ("shx", "dbf") if one.parts and part not in one.parts]
            marks = [tag("span", say("file_lacking", parts=" ".join(f".{p}" for p in lacking)), css="cz-badge")]
            said = (tag("b", one.name), *(marks if lacking else []), tag("small", " · ".join(facts)))
            name.html(tag("div", *said, css="cz-given cz-clip"))
            act.button(say("file_remove"), key=f"remove-{one.key}", on_click=_removed, args=(one,), type="tertiary")


def _removed(one: Upload) -> None:
    st.session_state.pop("exchange-trouble", None)
    keep(draft().with_uploads(inbox().remove(one.key)))


def _aim(workspace: Workspace, say: Text) -> None:
    now = draft()
    pick(
        say("into_layer"),
        list(INTO),
        now.layer,
        key="exchange-layer",
        format_func=lambda name: layer_name(name, say),
        on_change=lambda: keep(draft().into(str(st.session_state["exchange-layer"]))),
    )
    if len(now.uploads) > 1 and now.chosen is not None:
        names = {one.key: one.name for one in now.uploads}
        pick(
            say("file_which"),
            list(names),
            now.chosen.key,
            key="exchange-chosen",
            format_func=lambda key: names.get(key, key),
            on_change=_chosen,
            help=say("file_others"),
        )
    there = len(workspace.table(now.layer))
    contract = LAYERS[now.layer]
    each = contract.row_zh if say.language == "zh-CN" else contract.row
    rows = [
        Row(say("layer_each"), [each]),
        Row(say("layer_now"), [say("count_rows", count=f"{there:,}")]),
        Row(say("working_crs"), [workspace.crs]),
    ]
    st.html(table(["", ""], rows, css="cz-headless"))
    st.html(note("hint", say("file_safe")))


def _chosen() -> None:
    now, key = draft(), st.session_state["exchange-chosen"]
    keep(now.choosing(next((one for one in now.uploads if one.key == key), now.chosen)))
