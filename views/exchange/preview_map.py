"""The product's own map over what an import would change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from layers.catalogue import LAYERS
from layers.exchange.previews import Preview
from layers.map.arriving import Arriving, shown_at
from layers.map.folium_map import OPTIONS, Message
from layers.map.routes import addresses
from views.components import component, nothing
from views.markup import note
from views.session import who, workspace_key
from views.text import Text


def preview_map(seen: Preview, say: Text) -> None:
    """Rows that stay, come, change and go, each in its look."""
    if not LAYERS[seen.layer].geometry or (seen.after.bounds is None and seen.before.bounds is None):
        st.html(note("hint", say("preview_refused" if seen.arrival.refusal is not None else "preview_no_map")))
        return
    board = _board(seen)
    place = shown_at(workspace_key(), board)
    memory = f"chengzai-import-{board.epoch}"
    where = addresses(board, say.language, place, who().name)
    message = Message(**where, fly=0, epoch=board.epoch, revision=board.revision, memory=memory, selected=-1)
    data: dict[str, Any] = {
        "message": asdict(message),
        "options": OPTIONS,
        "figures": [],
        "editor": None,
        "frame": board.frame,
        "tops": {"undo": "", "redo": ""},
        "may": {"edit": False, "assign": False, "undo": False},
    }
    component("component")(key=f"preview-{board.epoch}-{say.language}", data=data, on_said_change=nothing)


def _board(seen: Preview) -> Arriving:
    """The board of a preview, made once."""
    known = st.session_state.get("exchange-board")
    if known is None or known[0] is not seen:
        known = st.session_state["exchange-board"] = (seen, Arriving(seen.seen, seen.layer, seen.rows, seen.kinds))
    board: Arriving = known[1]
    return board
