"""Projects: the library and filters above, tables over the map at the left, the chosen enterprise at the right."""

from __future__ import annotations

import streamlit as st

from layers.workspace import Workspace
from views import acts
from views.markup import note, tag
from views.numbers import shown, wan
from views.parcel_map import parcel_map
from views.projects.bar import filters, keep_address, kept, states_row
from views.projects.choosing import chosen, heed
from views.projects.shading import shade
from views.projects.side import side
from views.projects.sums import sums
from views.projects.table import assignments_view, in_order, projects_view
from views.session import present, text
from views.text import Text

_TABLES = ("projects", "assignments")


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """States and filters, tables and map, and the side."""
    say, workspace = text(), present()
    heed(workspace)
    with st.container(key="projects-top", gap="small"):
        states_row(workspace, say)
        filters(workspace, say)
    keep_address()
    rows = in_order(workspace, stays := kept(workspace))
    left, right = st.columns([62, 38], gap="small")
    with left, st.container(key="projects-left", gap="small"):
        with st.container(key="projects-heading", horizontal=True, vertical_alignment="center", gap="small"):
            which = _which(say)
            found = sums(workspace, stays)
            facts = {name: shown(wan(getattr(found, name))) for name in ("asked", "housed", "unmet")}
            counts = say("projects_counts", count=found.count, all=len(stays), **facts)
            st.html(tag("div", tag("small", counts), css="cz-h cz-counted"))
        with st.container(key="projects-table", border=False):
            _table(workspace, rows, which, say)
        with st.container(key="map"):
            parcel_map(workspace, say, shade=shade(workspace, rows, chosen(workspace), say))
    with right, st.container(key="projects-side", border=False):
        side(workspace, rows, say)


def _which(say: Text) -> str:
    """The switch between the tables."""
    return str(
        st.segmented_control(
            say("projects_tables"),
            _TABLES,
            format_func=lambda name: say(f"table_{name}"),
            default="projects",
            required=True,
            key="projects-which",
            label_visibility="collapsed",
        )
    )


def _table(workspace: Workspace, rows: list[int], which: str, say: Text) -> None:
    if not rows and len(workspace.table("projects")):
        st.html(note("hint", say("sift_nothing")))
    elif which == "assignments":
        assignments_view(workspace, rows, say)
    else:
        projects_view(workspace, rows, say)


if __name__ == "__main__":
    page()
