"""Ground: the map at the left, and at the right what the land under the parcels allows, by subject."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from layers.workspace import Workspace
from views import acts
from views.doing import outcome
from views.ground import constraints_panel, rasters_panel, stations_panel, suitability_panel
from views.ground.rating import shown as rating_of
from views.parcel_map import finder, listen, parcel_map
from views.session import present, text
from views.text import Text

PANELS: dict[str, Callable[[Workspace, Text], None]] = {
    "suitability": suitability_panel.panel,
    "constraints": constraints_panel.panel,
    "rasters": rasters_panel.panel,
    "stations": stations_panel.panel,
}
"""What the right side shows, by subject, in the order of the switch; each draws one subject."""


def page() -> None:
    """Draw the page."""
    acts.page(board)


def board() -> None:
    """Map and one of the panels."""
    say, workspace = text(), present()
    listen(workspace)
    with st.container(key="ground"):
        left, right = st.columns([54, 46], gap="small")
        with left, st.container(key="map"):
            now = _subject_now()
            rated = rating_of(workspace) if now == "suitability" else None
            parcel_map(
                workspace,
                say,
                rated.rating if rated else None,
                mode="suitability" if rated and rated.rating else "",
                wanted=stations_panel.wanted(workspace) if now == "stations" else (),
                shade=rasters_panel.shade(workspace) if now == "rasters" else None,
            )
        with right, st.container(key="panel"):
            shown = _subject(say)
            finder(workspace, say)
            said = outcome()
            if said:
                st.html(said)
            with st.container(key="sheet", height="stretch", border=False):
                PANELS[shown](workspace, say)


def _subject_now() -> str:
    """The panel that is shown in this run."""
    held = st.session_state
    if held.get("ground-tab") not in PANELS:
        held["ground-tab"] = held.get("ground-subject", next(iter(PANELS)))
    return str(held["ground-tab"])


def _subject(say: Text) -> str:
    """The switch between the panels."""
    held, _ = st.session_state, _subject_now()
    chosen = st.segmented_control(
        say("page_ground"),
        list(PANELS),
        format_func=lambda name: say(f"ground_{name}"),
        key="ground-tab",
        label_visibility="collapsed",
        required=True,
        width="stretch",
    )
    held["ground-subject"] = chosen  # Streamlit forgets a widget's value while another page is shown
    return str(chosen)


if __name__ == "__main__":
    page()
