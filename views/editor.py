"""The planner's page: the map in the whole width, with a brush that gives parcels to a project click by click."""

from __future__ import annotations

from typing import Any

import streamlit as st

from layers.vocabulary import STAGES
from layers.workspace import Workspace
from views import acts
from views.map_component import shown_map
from views.session import can, present, text
from views.text import Text

_STAGE = "intent"


def page() -> None:
    """Draw the page."""
    acts.page(board, undoes=False)


def board() -> None:
    """The project that is painted with, and the map."""
    say, workspace = text(), present()
    brush = _brush(workspace, say) if can("assign") else None
    with st.container(key="editor-map"):
        shown_map(workspace, brush=brush)


def _brush(workspace: Workspace, say: Text) -> dict[str, Any] | None:
    projects = workspace.table("projects")
    names = dict(zip(projects["project_id"].astype(str), projects["name"].fillna("").astype(str), strict=True))
    chosen = st.selectbox(
        say("brush"),
        list(names),
        index=None,
        format_func=lambda key: names[key] or key,
        placeholder=say("brush_hint"),
        key="brush",
        label_visibility="collapsed",
    )
    if chosen is None:
        return None
    look = {"assignment": list(STAGES).index(_STAGE)}
    return {"project": chosen, "values": {"stage": _STAGE}, "look": look}


if __name__ == "__main__":
    page()
