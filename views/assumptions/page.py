"""Assumptions: every number with its range and source, what another value would move, and the rules of a day."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers.workspace import Workspace
from views import acts
from views.assumptions import numbers_view, rules_view
from views.session import present, text
from views.switching import switch
from views.text import Text

VIEWS: dict[str, Callable[[Workspace, Text], None]] = {"numbers": numbers_view.view, "rules": rules_view.view}


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """The switch, and one of the two."""
    say, workspace = text(), present()
    with st.container(key="assume"):
        chosen = switch("assume-view", VIEWS, lambda name: say(f"assume_view_{name}"), say("page_assumptions"))
        VIEWS[chosen](workspace, say)


if __name__ == "__main__":
    page()
