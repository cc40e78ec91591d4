"""The peer: the same accounts as GeoPandas users write them, by `overlay` and `groupby`."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

FIGURES = (
    "site_area_m2",
    "permitted_m2",
    "built_m2",
    "under_construction_m2",
    "available_m2",
    "over_m2",
    "remaining_signed_m2",
    "remaining_clipped_m2",
    "unknown_site_area_m2",
    "unknown_built_m2",
)
"""What it computes: the synthetic studies have no assignments, buildings or caps."""

_READ = [
    "official_area_m2",
    "far_max",
    "stated_floor_area_m2",
    "coverage_max_pct",
    "height_max_m",
    "built_floor_area_m2",
    "under_construction_floor_area_m2",
    "geometry",
]


def report(parcels: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, storey_height: float) -> pd.DataFrame:
    """Accounts by zone; a missing zone is land outside all of them."""
    plain = parcels[_READ].assign(drawn=parcels.area, row=np.arange(len(parcels)))
    areas = zones[["zone_id", "far_max", "geometry"]].rename(columns={"far_max": "zone_far"})
    cut = gpd.overlay(plain, areas, how="intersection", keep_geom_type=True)
    cut["share"] = cut.area / cut["drawn"]
    cut = cut[cut["share"] > 1e-9]
    rest = 1 - cut.groupby("row")["share"].sum().reindex(plain["row"], fill_value=0.0).to_numpy()
    outside = plain.assign(share=rest)[rest > 1e-9]
    parts = pd.concat([pd.DataFrame(cut.drop(columns="geometry")), pd.DataFrame(outside.drop(columns="geometry"))])
    return _accounts(parts, storey_height).groupby(parts["zone_id"], dropna=False).sum()


def _accounts(parts: pd.DataFrame, storey_height: float) -> pd.DataFrame:
    share = parts["share"]
    site = parts["official_area_m2"].fillna(parts["drawn"]) * share
    limits = pd.DataFrame(
        {
            "far": parts["far_max"].fillna(parts["zone_far"]) * site,
            "stated": parts["stated_floor_area_m2"] * share,
            "envelope": parts["coverage_max_pct"]
            / 100
            * site
            * np.floor(parts["height_max_m"] / storey_height + 1e-9),
        }
    )
    permitted = limits.min(axis=1)
    known = permitted.notna()
    built = parts["built_floor_area_m2"].fillna(0.0) * share
    building = parts["under_construction_floor_area_m2"].fillna(0.0) * share
    left = permitted - built - building
    return pd.DataFrame(
        {
            "site_area_m2": site.where(known, 0.0),
            "permitted_m2": permitted.fillna(0.0),
            "built_m2": built.where(known, 0.0),
            "under_construction_m2": building.where(known, 0.0),
            "available_m2": left.clip(lower=0.0).fillna(0.0),
            "over_m2": (-left).clip(lower=0.0).fillna(0.0),
            "remaining_signed_m2": left.fillna(0.0),
            "remaining_clipped_m2": left.clip(lower=0.0).fillna(0.0),
            "unknown_site_area_m2": site.where(~known, 0.0),
            "unknown_built_m2": built.where(~known, 0.0),
        }
    )
