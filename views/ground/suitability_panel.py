"""Suitability of the parcels for a function: weights, ranking, and why a parcel scores as it does."""

from __future__ import annotations

import streamlit as st

from layers.workspace import Workspace
from views.markup import tag
from views.text import Text


def panel(workspace: Workspace, say: Text) -> None:
    """Draw the panel."""
    st.html(tag("div", say("rating_heading"), css="cz-h"))
    if not len(workspace.table("criteria")):
        st.html(tag("div", say("rating_no_model"), css="cz-hint"))
