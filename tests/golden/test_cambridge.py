"""Cambridge, MA: the golden totals, and the same totals by a plain overlay and plain arithmetic."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from tests.golden.build_cambridge import HERE, build, golden

FT2 = 0.3048**2


@pytest.fixture(scope="module")
def found(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return build(shared, tmp_path_factory.mktemp("cambridge"))


def test_totals_stay(found: dict[str, Any]) -> None:
    kept = json.loads((HERE / "cambridge.json").read_text(encoding="utf-8"))
    now = golden(found)
    assert now["import"] == pytest.approx(kept["import"], rel=1e-9)
    assert now["all"] == pytest.approx(kept["all"], rel=1e-9)
    assert list(now["zones"]) == list(kept["zones"])
    for zone, figures in kept["zones"].items():
        assert now["zones"][zone] == pytest.approx(figures, rel=1e-9, abs=1e-6), zone


def test_every_parcel_is_read_once_and_the_traps_are_told(found: dict[str, Any]) -> None:
    parcels = found["parcels"]
    assert parcels["read"] == parcels["accepted"] + parcels["rejected"] == 13_159
    assert (parcels["crs"], parcels["crs_basis"]) == ("EPSG:4326", "given")
    assert (parcels["join_records"], parcels["join_unmatched_features"]) == (27_424, 145)
    codes = pd.Series([row["code"] for row in parcels["rows"]]).value_counts()
    assert codes["parcel_no_duplicate"] + codes["parcel_no_missing"] == 95
    assert codes["parcel_no_missing"] == 6
    assert codes["join_record_ignored"] == 1  # the one negative floor area
    assert codes["geometry_repaired"] == 24
    assert found["zones"]["read"] == 261
    assert found["zones"]["written"] == 57


def test_accounts_balance_in_every_zone(found: dict[str, Any]) -> None:
    whole = found["capacity"]
    for row in (whole, *whole["groups"]):
        used = sum(row[f"{name}_m2"] for name in ("built", "under_construction", "committed", "reserved"))
        right = used + row["held_by_cap_m2"] + row["available_m2"]
        assert row["permitted_m2"] + row["over_m2"] == pytest.approx(right, abs=0.01)
    for key in ("site_area_m2", "permitted_m2", "built_m2", "available_m2", "unknown_site_area_m2"):
        assert math.fsum(group[key] for group in whole["groups"]) == pytest.approx(whole[key], rel=1e-12)


def test_a_plain_overlay_says_the_same(found: dict[str, Any], shared: Path) -> None:
    by_hand = _by_hand(shared / "real" / "cambridge-ma")
    ours = pd.DataFrame(found["capacity"]["groups"]).set_index("zone")
    assert by_hand["site_area_m2"].sum() + by_hand["unknown_site_area_m2"].sum() == pytest.approx(
        found["capacity"]["site_area_m2"] + found["capacity"]["unknown_site_area_m2"], rel=1e-9
    )
    for zone in by_hand.index.difference([""]):
        for key in by_hand:
            assert ours.loc[zone, key] == pytest.approx(by_hand.loc[zone, key], rel=1e-7, abs=0.5), (zone, key)
    for key in by_hand:
        assert found["capacity"][key] == pytest.approx(by_hand[key].sum(), rel=1e-7), key


def _by_hand(data: Path) -> pd.DataFrame:
    """Site, built, permitted and remaining by zone, from the raw files alone: csv, overlay, groupby."""
    parcels = gpd.read_file(data / "ASSESSING_ParcelsFY2013.topojson").set_crs("EPSG:4326").to_crs("EPSG:26986")
    parcels["geometry"] = parcels.geometry.make_valid()
    area = parcels.area.to_numpy()
    land, gross = _tax(data / "TaxFY13.csv")
    on_key = defaultdict(float)
    for key, size in zip(parcels["ML"], area, strict=True):
        on_key[key] += size
    share = np.array([size / on_key[key] for key, size in zip(parcels["ML"], area, strict=True)])
    site = np.array([land.get(key, np.nan) for key in parcels["ML"]]) * share * FT2
    parcels["site"] = np.where(np.isnan(site), area, site)
    parcels["built"] = np.array([gross.get(key, 0.0) for key in parcels["ML"]]) * share * FT2
    parcels["whole"] = area
    parcels["number"] = np.arange(len(parcels))
    zones = gpd.read_file(data / "zoning" / "CDD_ZoningDistricts.geojson").to_crs("EPSG:26986")
    zones = zones.dissolve("ZONE_TYPE").reset_index()[["ZONE_TYPE", "geometry"]]
    parts = gpd.overlay(parcels, zones, how="intersection", keep_geom_type=True)
    parts["share"] = parts.area / parts["whole"]
    inside = parts.groupby("number")["share"].sum().reindex(range(len(parcels)), fill_value=0.0)
    rest = parcels.assign(share=1.0 - inside.to_numpy(), ZONE_TYPE="")
    both = pd.concat([parts, rest[rest["share"] > 1e-9]], ignore_index=True)
    both["share"] /= both.groupby("number")["share"].transform("sum")
    with (HERE / "cambridge_far.csv").open(encoding="utf-8") as handle:
        far = {row["zone"]: float(row["far_max"]) for row in csv.DictReader(handle)}
    both["far"] = both["ZONE_TYPE"].map(far)
    known = both["far"].notna()
    site, built = both["site"] * both["share"], both["built"] * both["share"]
    left = site * both["far"] - built
    table = pd.DataFrame(
        {
            "site_area_m2": site.where(known, 0.0),
            "built_m2": built.where(known, 0.0),
            "permitted_m2": (site * both["far"]).fillna(0.0),
            "remaining_signed_m2": left.fillna(0.0),
            "remaining_clipped_m2": left.clip(lower=0.0).fillna(0.0),
            "unknown_site_area_m2": site.where(~known, 0.0),
            "unknown_built_m2": built.where(~known, 0.0),
        }
    )
    return table.groupby(both["ZONE_TYPE"]).sum()


def _tax(path: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Land area [ft²] (the largest a lot) and floor area [ft²] (the sum of what is not negative), by lot."""
    land: dict[str, float] = {}
    gross: dict[str, float] = {}
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            key = row["ML"].strip()
            if row["LandArea"]:
                land[key] = max(land.get(key, 0.0), float(row["LandArea"]))
            if row["GrossArea"] and float(row["GrossArea"]) >= 0:
                gross[key] = gross.get(key, 0.0) + float(row["GrossArea"])
    land.pop("", None)
    gross.pop("", None)
    return land, gross
