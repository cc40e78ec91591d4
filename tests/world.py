"""Makers of small worlds for tests: rectangles in metres and tables from plain rows."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from layers.catalogue import LAYERS

X, Y = 438_000.0, 4_410_000.0
"""A corner in Fengtai, EPSG:4548."""


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle in metres from the corner of the world."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


def table(layer: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """A table of a layer from plain rows."""
    contract = LAYERS[layer]
    plain = pd.DataFrame(rows)
    if contract.geometry and "geometry" in plain:
        plain = gpd.GeoDataFrame(plain, crs="EPSG:4548")
    return contract.conform(plain, "EPSG:4548")
