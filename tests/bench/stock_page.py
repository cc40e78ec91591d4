"""The usual way, to compare with: `st_folium` with a `GeoJson` layer whose style follows the clicks of the session.

It is the app of the peer in `tests/bench/stock.py`, and run by Streamlit alone.
"""

from __future__ import annotations

import os

import folium
import geopandas as gpd
import shapely
import streamlit as st
from streamlit_folium import st_folium


@st.cache_resource
def parcels() -> gpd.GeoDataFrame:
    """The parcels as longitude and latitude."""
    return gpd.read_parquet(os.environ["STOCK_PARCELS"])


@st.fragment
def page() -> None:
    """The map and a figure that follows its clicks."""
    given: set[str] = st.session_state.setdefault("given", set())
    table = parcels()
    west, south, east, north = table.total_bounds
    shown = folium.Map([(south + north) / 2, (west + east) / 2], zoom_start=16)
    folium.GeoJson(
        table,
        style_function=lambda one: {"fillColor": "#c98a1b" if one["properties"]["parcel_id"] in given else "#cfe5e2"},
    ).add_to(shown)
    st.metric("given", len(given))
    said = st_folium(shown, key="map", height=640, use_container_width=True, returned_objects=["last_clicked"])
    if said.get("last_clicked"):
        point = shapely.Point(said["last_clicked"]["lng"], said["last_clicked"]["lat"])
        for row in table.sindex.query(point, predicate="intersects"):
            clicked = table["parcel_id"].iloc[row]
            if clicked not in given:
                given.add(clicked)
                st.rerun(scope="fragment")


page()
