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
from views.switching import switch, view_now
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
            now = view_now("ground-tab", PANELS)
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
            shown = switch("ground-tab", PANELS, lambda name: say(f"ground_{name}"), say("page_ground"), "stretch")
            finder(workspace, say)
            said = outcome()
            if said:
                st.html(said)
            with st.container(key="sheet", height="stretch", border=False):
                PANELS[shown](workspace, say)


if __name__ == "__main__":
    page()
