"""Parcels that have floor area left, and the supply plan by year, as tables and as files."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from layers.map.landuse import use
from layers.vocabulary import GEOMETRY_BASIS, PARCEL_STATUS
from layers.workspace import Workspace
from layers.writers.sheets import sheet
from views import acts, supply
from views.exchange.handing_out import quick
from views.markup import tag
from views.numbers import square_metres
from views.session import present, text
from views.switching import switch
from views.text import Text
from views.zones_panel import zone_names


def page() -> None:
    """Draw the page."""
    acts.page(board)


VIEWS = ("list", "supply")


def board() -> None:
    """The switch, and what is left or what is to come."""
    say, workspace = text(), present()
    with st.container(key="remaining"):
        chosen = switch("remaining-view", VIEWS, lambda name: say(f"remaining_view_{name}"), say("page_remaining"))
        if chosen == "supply":
            supply.view(workspace, say)
        else:
            _remaining(workspace, say)


def _remaining(workspace: Workspace, say: Text) -> None:
    """The table, and beside it what can be taken away."""
    left, right = st.columns([76, 24], gap="medium")
    with left:
        frame = remaining_table(workspace, say)
        free = square_metres(float(frame[say("available")].sum()))
        vacant = square_metres(float(frame[say("built_vacant")].sum()))
        counts = (
            f"{say('count', count=len(frame))} · {say('available')} {free} m² · {say('built_vacant')} {vacant} m²"
        )
        st.html(tag("div", say("remaining_heading"), " ", tag("small", counts), css="cz-h"))
        number = st.column_config.NumberColumn(format="localized")
        names = ("site_area", "permitted", "available", "built_vacant")
        config: dict[str, Any] = {say(name): number for name in names}
        config[say("available_from")] = st.column_config.NumberColumn(format="%d")
        with st.container(key="long-table"):
            st.dataframe(
                frame, hide_index=True, height="stretch", column_config=config, key=f"remaining-{say.language}"
            )
    with right, st.container(key="side"):
        quick(say, "remaining", ("remaining",), ("xlsx", "shp", "gpkg", "dxf", "kml"))


def remaining_table(workspace: Workspace, say: Text) -> pd.DataFrame:
    """Parcels with floor area left as they are shown, those with most at the top [m²]."""
    found, names = sheet(workspace, "remaining").frame, zone_names(workspace, say)
    uses = zip(found["classification"], found["land_use"], strict=True)
    table = pd.DataFrame(
        {
            say("parcel_no"): [
                say.name(no, key) for no, key in zip(found["parcel_no"], found["parcel_id"], strict=True)
            ],
            say("geometry_basis"): [say.term(GEOMETRY_BASIS, code) for code in found["geometry_basis"]],
            say("place"): [_place(z, s, names) for z, s in zip(found["zone"], found["sub_area"], strict=True)],
            say("land_use"): [use(say.name(c), say.name(code)).label(say.language) for c, code in uses],
            say("site_area"): found["site_area_m2"].round(),
            say("far"): found["far_max"],
            say("permitted"): found["permitted_m2"].round(),
            say("available"): found["available_m2"].round(),
            say("built_vacant"): found["built_vacant_m2"].round(),
            say("binding"): [say(f"limit_{name}") for name in found["binding_limit"]],
            say("status"): [say.term(PARCEL_STATUS, code) for code in found["status"]],
            say("available_from"): found["available_from"].to_numpy(),
        }
    )
    return table.sort_values(say("available"), ascending=False, kind="stable")


def _place(zone: object, sub: object, names: dict[str | None, str]) -> str:
    parts = [names.get(str(key), str(key)) for key in (zone, sub) if key is not None and key == key and key != ""]
    return " › ".join(parts) or names[None]


if __name__ == "__main__":
    page()
