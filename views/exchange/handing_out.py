"""Handing layers out as files."""

from __future__ import annotations

import streamlit as st

from views.remaining import export_form
from views.session import present
from views.text import Text


def board(say: Text) -> None:
    """The form that makes a file of a layer."""
    workspace = present()
    left, _ = st.columns([40, 60])
    with left:
        export_form(workspace, say)
