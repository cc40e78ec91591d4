"""The planner's page: the map in the whole width, with the tools of whoever is before it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from layers.roles import RIGHTS
from layers.vocabulary import STAGES
from views import acts
from views.map_component import shown_map
from views.session import as_of, can, present

_STAGE = "intent"


def page() -> None:
    """Draw the page."""
    acts.page(board, alone=True)


def board() -> None:
    """The map; the past is only looked at."""
    with st.container(key="editor-map"):
        shown_map(present(), editor=None if as_of() is not None else _tools())


def _tools() -> dict[str, Any]:
    """What this viewer may do, and what their brush gives to a project."""
    kinds = frozenset().union(*RIGHTS.values())
    look = {"assignment": list(STAGES).index(_STAGE)}
    return {"may": sorted(filter(can, kinds)), "brush": {"values": {"stage": _STAGE}, "look": look}}


if __name__ == "__main__":
    page()
