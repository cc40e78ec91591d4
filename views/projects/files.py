"""Projects in and out: the template and the way into the import, and the rows of the table as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from layers.workspace import Workspace
from layers.writers.templates import template
from views.exchange.handing_out import quick
from views.markup import tag
from views.session import can
from views.text import Text

_EXCHANGE = Path(__file__).parent.parent / "exchange" / "page.py"


def files(workspace: Workspace, rows: Sequence[int], say: Text) -> None:
    """What may come in, and what goes out as the table shows it."""
    if can("import_projects"):
        with st.container(key="projects-in"):
            _ways_in(say)
    projects = workspace.table("projects")
    only: dict[str, tuple[str, ...]] = {}
    if len(rows) < len(projects):
        shown, given = projects["project_id"].iloc[list(rows)], workspace.table("assignments")
        theirs = given["assignment_id"][given["project_id"].isin(shown).to_numpy(dtype=bool)]
        only = {"projects": tuple(shown.astype(str)), "assignments": tuple(theirs.astype(str))}
    quick(say, "projects", ("projects", "assignments"), ("xlsx", "csv", "gpkg"), only=only)
    if only:
        st.html(tag("p", say("files_shown", count=len(rows)), css="cz-hint"))


def _ways_in(say: Text) -> None:
    """The template, and the way to the page that brings files in."""
    st.html(tag("div", say("files_in"), css="cz-h"))
    st.html(tag("p", say("files_in_hint"), css="cz-hint"))
    st.download_button(
        say("files_template"),
        lambda: template("projects"),
        say("files_template_name"),
        "application/octet-stream",
        key="projects-template",
        on_click="ignore",
        width="stretch",
    )
    st.page_link(str(_EXCHANGE), label=say("files_open"), query_params={"into": "projects"}, width="stretch")
