"""The demo as it reads from its files, and its code tables."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely

from layers.catalogue import LAYERS

DATA = Path(__file__).parents[2] / "data"
DEMO = DATA / "demo"
TO_PLANE = pyproj.Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
STOREY_M = 4.0


def read(name: str) -> pd.DataFrame:
    """A table of the demo as it reads from its file, in EPSG:4548."""
    if not LAYERS[name].geometry:
        return LAYERS[name].conform(pd.read_csv(DEMO / f"{name}.csv", dtype={"term_years": float}))
    features = json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    shapes = [shapely.geometry.shape(f["geometry"]) if f["geometry"] else None for f in features]
    flat = [
        s if s is None else shapely.transform(s, lambda xy: np.column_stack(TO_PLANE.transform(xy[:, 0], xy[:, 1])))
        for s in shapes
    ]
    rows = pd.DataFrame([f["properties"] for f in features])
    return LAYERS[name].conform(gpd.GeoDataFrame(rows, geometry=flat, crs="EPSG:4548"), "EPSG:4548")


@pytest.fixture(scope="module")
def demo() -> dict[str, pd.DataFrame]:
    """Every table of the demo."""
    return {name: read(name) for name in LAYERS if any(DEMO.glob(f"{name}.*"))}


@pytest.fixture(scope="module")
def parcels(demo: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Parcels with their permitted floor area, worked out here and not by the code that made them."""
    table = demo["parcels"]
    drawn = pd.Series(shapely.area(table["geometry"].to_numpy()), index=table.index)
    area = table["official_area_m2"].fillna(drawn)
    storeys = np.floor(table["height_max_m"] / STOREY_M)
    limits = pd.DataFrame(
        {
            "far": table["far_max"] * area,
            "stated": table["stated_floor_area_m2"],
            "shape": table["coverage_max_pct"] / 100 * area * storeys,
        }
    )
    return table.assign(drawn=drawn, permitted=limits.min(axis=1), binding_shape=limits["shape"])


def _reference(name: str) -> list[dict[str, str]]:
    with (DATA / "reference" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def land_use_functions() -> list[dict[str, str]]:
    """Rows of the table of functions by land use."""
    return _reference("landuse_functions.csv")


@pytest.fixture(scope="module")
def land_use_crosswalk() -> list[dict[str, str]]:
    """Rows of the table of national classes by local code."""
    return _reference("landuse_crosswalk.csv")


@pytest.fixture(scope="module")
def national_classes() -> list[dict[str, str]]:
    """Rows of the table of national classes."""
    return _reference("landuse_ydyh2023.csv")
