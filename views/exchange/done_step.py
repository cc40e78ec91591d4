"""After the import: what it did, where it is taken back, and where to look."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from layers.workspace import Workspace
from views.doing import take_back
from views.exchange.desk import draft, forget, keep
from views.exchange.draft import Draft
from views.markup import note, tag
from views.rows import layer_name
from views.session import may
from views.text import Text


def done_step(workspace: Workspace, say: Text, bar: DeltaGenerator) -> None:  # noqa: ARG001
    """What was written, and the ways on."""
    done = draft().done
    layer = layer_name(str(done["layer"]), say)
    what = layer if say.language == "zh-CN" else layer.lower()
    counts = done["counts"]
    parts = [
        say(f"done_{kind}", count=f"{counts[kind]:,}", layer=what)
        for kind in ("added", "changed", "removed")
        if counts[kind]
    ]
    words = say("comma_sign").join(parts)
    left, _ = st.columns([62, 38])
    with left:
        st.html(note("done", words[:1].upper() + words[1:], say("done_from", file=done["file"])))
        if done["rejected"]:
            st.html(note("hint", say("done_rejected", count=f"{done['rejected']:,}")))
        st.html(tag("div", say("done_undo"), css="cz-hint"))
        with st.container(horizontal=True, gap="small", key="done-ways"):
            st.page_link("overview.py", label=say("done_map"))
            st.page_link("log.py", label=say("done_history"))
            if may("undo"):
                st.button(say("done_take_back"), key="done-take-back", on_click=_back, args=(workspace,))
            st.button(say("done_more"), key="done-more", on_click=_more, type="primary")
            st.button(say("done_new"), key="done-new", on_click=forget)


def _more() -> None:
    """Another import of the files that are here."""
    now = draft()
    keep(Draft(uploads=now.uploads, layer=now.layer).choosing(now.chosen))


def _back(workspace: Workspace) -> None:
    """Take the import back; the draft is as it was before it was written."""
    take_back(workspace)
    keep(replace(draft(), step="preview", done={}))
