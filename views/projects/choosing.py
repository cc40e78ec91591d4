"""Which projects a viewer chose: by rows of the table, or by the parcel that was clicked on the map."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from layers.workspace import Workspace
from views.parcel_map import choose, listen


def chosen(workspace: Workspace) -> list[int]:
    """Rows of the projects that are chosen, in the order of their table; those that are gone are chosen no longer."""
    held = set(st.session_state.get("projects-chosen", ()))
    keys = workspace.table("projects")["project_id"]
    return [row for row, key in enumerate(keys) if key in held] if held else []


def pick(keys: Sequence[str]) -> None:
    """Choose projects by their keys, and no others."""
    st.session_state["projects-chosen"] = tuple(keys)
    st.session_state.pop("projects-one", None)


def heed(workspace: Workspace) -> None:
    """Take the last click on the map, once: the projects on that parcel are chosen."""
    before = st.session_state.get("heard")
    listen(workspace)
    if st.session_state.get("heard") == before:
        return
    parcel = st.session_state.get("parcel")
    given = workspace.table("assignments")
    here = (given["parcel_id"] == parcel).to_numpy(dtype=bool, na_value=False)
    pick([str(key) for key in dict.fromkeys(given["project_id"][here])] if parcel else [])


def mark(key: str, keys: Sequence[str]) -> None:
    """Tell the table which of its rows are chosen, and remember which project each row is.

    A click names rows of the table that the viewer sees; what others write meanwhile may move them, so it is read
    against the rows that were shown, never against those that are there when it arrives.
    """
    held = set(st.session_state.get("projects-chosen", ()))
    rows = [at for at, one in enumerate(keys) if one in held]
    known = st.session_state.get(key)
    if known is None or list(known["selection"]["rows"]) != rows:
        st.session_state[key] = {"selection": {"rows": rows, "columns": [], "cells": []}}
    st.session_state[f"{key}-keys"] = tuple(keys)


def taken(key: str, workspace: Workspace) -> None:
    """Rows of the table were clicked."""
    keys, rows = st.session_state[f"{key}-keys"], st.session_state[key]["selection"]["rows"]
    choose(workspace, None)
    pick([keys[row] for row in rows if row < len(keys)])
