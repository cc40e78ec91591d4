"""Assumptions: every number with its range and source, what another value would move, and the rules of a day."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers.workspace import Workspace
from views import acts
from views.assumptions import numbers_view, rules_view
from views.session import present, text
from views.text import Text

VIEWS: dict[str, Callable[[Workspace, Text], None]] = {"numbers": numbers_view.view, "rules": rules_view.view}


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """The switch, and one of the two."""
    say, workspace = text(), present()
    held = st.session_state
    if held.get("assume-view") not in VIEWS:
        held["assume-view"] = held.get("assume-view-kept", next(iter(VIEWS)))
    with st.container(key="assume"):
        chosen = st.segmented_control(
            say("page_assumptions"),
            list(VIEWS),
            format_func=lambda name: say(f"assume_view_{name}"),
            key="assume-view",
            label_visibility="collapsed",
            required=True,
        )
        held["assume-view-kept"] = chosen  # Streamlit forgets a widget's value while another page is shown
        VIEWS[str(chosen)](workspace, say)


if __name__ == "__main__":
    page()
