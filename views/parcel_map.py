"""The map in folium's frame, and the parcel that a viewer chose on it or in the list beside it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from layers.ground.grading import GRADES
from layers.live import routes as live
from layers.map.board import BOARDS, Board
from layers.map.folium_map import Message, capacity_map, carrier
from layers.map.payload import labels
from layers.map.rated import NOT_RATED, grades
from layers.map.routes import addresses
from layers.workspace import Workspace
from spatial.suitability import Rating
from views.doing import forget_outcome
from views.rows import parcel_row
from views.session import as_of, served_key, text, who, workspace_key
from views.text import Text

_HEIGHT = 600


def selected(workspace: Workspace) -> int | None:
    """Row of the parcel that the viewer chose, None for none: it stays chosen when rows come or go around it."""
    key = st.session_state.get("parcel")
    return None if key is None else parcel_row(workspace, key)


def heard(value: Any, parcels: pd.Index) -> tuple[str, int | None] | None:
    """What the map says was clicked: a mark of the click, and the row or None; None for anything that is no click.

    The value comes from a browser and may hold anything at all.

    >>> heard({"kind": "select", "key": "p2", "nonce": "a-1"}, pd.Index(["p1", "p2"]))
    ('a-1', 1)
    >>> heard({"kind": "select", "key": "p9", "nonce": "a-1"}, pd.Index(["p1", "p2"])) is None
    True
    >>> heard("<script>", pd.Index(["p1"])) is None
    True
    """
    if not isinstance(value, dict) or value.get("kind") != "select":
        return None
    key, nonce = value.get("key"), value.get("nonce")
    if not isinstance(nonce, str) or len(nonce) > 40:
        return None
    if key is None:
        return nonce, None
    row = int(parcels.get_indexer(pd.Index([key]))[0]) if isinstance(key, str) else -1
    return (nonce, row) if row >= 0 else None


def listen(workspace: Workspace) -> None:
    """Take the last click on the map, once. The component's value is still there in every later run."""
    said = st.session_state.get(f"map-{workspace_key()}-{text().language}")
    click = heard(said, workspace.parcel_index)
    if click and click[0] != st.session_state.get("heard"):
        st.session_state["heard"] = click[0]
        choose(workspace, click[1])


def choose(workspace: Workspace, row: int | None, *, fly: bool = False) -> None:
    """Choose a parcel, None for none.

    Parameters
    ----------
    fly
        Whether the map brings it into view.
    """
    st.session_state["parcel"] = None if row is None else str(workspace.parcel_index[row])
    st.session_state["find"] = row
    st.session_state.pop("forms", None)
    if fly:
        st.session_state["fly"] = int(st.session_state.get("fly", 0)) + 1
    forget_outcome()


def finder(workspace: Workspace, say: Text) -> None:
    """The list to find a parcel in, and the way back from one."""
    row, names = selected(workspace), labels(workspace)
    st.session_state["find"] = row
    find, back = st.columns([4, 1], gap="small") if row is not None else (st.container(), None)
    find.selectbox(
        say("choose_parcel"),
        range(len(names)),
        index=None,
        format_func=lambda i: names[i],
        placeholder=say("choose_parcel_hint"),
        key="find",
        on_change=lambda: choose(workspace, st.session_state.get("find"), fly=True),
        label_visibility="collapsed",
    )
    if back:
        back.button(say("back"), key="back", on_click=choose, args=(workspace, None), width="stretch")


@dataclass(frozen=True)
class Shade:
    """Classes that the map shows this viewer: grades of a raster, or where chosen projects lie and could lie.

    Parameters
    ----------
    mark
        What they follow from.
    of
        Class of each parcel, shape (n,).
    labels, note
        What the classes are called, and what the legend says.
    mode, otherwise
        The mode of the map that they are of, and its class of a parcel that is in no row.
    """

    mark: object
    of: np.ndarray
    labels: tuple[str, ...]
    note: str
    mode: str = "raster"
    otherwise: int = GRADES


def parcel_map(
    workspace: Workspace,
    say: Text,
    rated: Rating | None = None,
    *,
    mode: str = "",
    wanted: tuple[str, ...] = (),
    shade: Shade | None = None,
) -> None:
    """Draw the map in its frame, with the parcel that is chosen marked.

    Parameters
    ----------
    rated
        What parcels score for this viewer; None for what all see.
    mode
        What parcels are coloured by here, whatever the viewer chose elsewhere.
    wanted
        Names of quiet layers under the parcels that are shown; see `layers.map.under`.
    shade
        Classes of a mode of the page's own, which parcels are coloured by then.
    """
    row, place, me = selected(workspace), served_key(), who().name
    board = BOARDS.of(place, workspace)
    message = Message(
        **addresses(board, say.language, place, me),
        **({} if as_of() else live.addresses(board, say.language, place, me)),
        epoch=board.epoch,
        revision=workspace.revision,
        memory=f"chengzai-{workspace_key()}",
        selected=-1 if row is None else board.slot(str(workspace.parcel_index[row])),
        fly=int(st.session_state.get("fly", 0)),
        mode=shade.mode if shade else mode,
        grades=_grades(board, workspace, rated, shade),
        labels="\n".join(shade.labels) if shade else "",
        note=shade.note if shade else "",
        wanted=",".join(wanted),
    )
    st_folium(
        capacity_map(),
        key=f"map-{workspace_key()}-{say.language}",
        height=_HEIGHT,
        width=None,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=carrier(message),
    )


def _grades(board: Board, workspace: Workspace, rated: Rating | None, shade: Shade | None) -> str:
    """Grades as the map reads them; empty for none of the viewer's own."""
    if shade is not None:
        return base64.b64encode(board.by_slot(workspace, shade.of.astype(np.uint8), shade.otherwise)).decode("ascii")
    if rated is None:
        return ""
    return base64.b64encode(board.by_slot(workspace, grades(rated), NOT_RATED)).decode("ascii")
