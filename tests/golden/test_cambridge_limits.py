"""Cambridge, MA: real zoning districts stand in for constraints over real parcels; parts and unions add up."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers import accounts
from layers.catalogue import LAYERS
from layers.ground import overlaid
from layers.workspace import Workspace

KINDS = {"green_belt": ("A-1", "A-2", "B"), "flood_control": ("C-1", "C"), "noise": ("BA", "BB", "OS")}


@pytest.fixture(scope="module")
def city(shared: Path) -> Workspace:
    """A sixth of the city's lots; districts widened by 30 m, so that kinds overlap, and a boundary around some."""
    data = shared / "real" / "cambridge-ma"
    lots = gpd.read_file(data / "ASSESSING_ParcelsFY2013.topojson").set_crs("EPSG:4326").to_crs("EPSG:26986")
    lots = lots[shapely.is_valid(lots.geometry.array) & (lots.geometry.geom_type == "Polygon")].iloc[::6]
    parcels = gpd.GeoDataFrame(
        {"parcel_id": [f"P{i}" for i in range(len(lots))], "far_max": 1.5, "far_basis": "gross"},
        geometry=np.asarray(lots.geometry, dtype=object),
        crs="EPSG:26986",
    )
    districts = gpd.read_file(data / "zoning" / "CDD_ZoningDistricts.geojson").to_crs("EPSG:26986")
    rows = []
    for kind, names in KINDS.items():
        mine = districts[districts["ZONE_TYPE"].isin(names)].geometry.buffer(30.0)
        rows += [{"constraint_id": f"{kind}{i}", "kind": kind, "geometry": shape} for i, shape in enumerate(mine)]
    inner = shapely.union_all(np.asarray(districts.geometry, dtype=object)).buffer(-400)
    rows.append({"constraint_id": "edge", "kind": "growth_boundary", "side": "outside", "geometry": inner})
    table = gpd.GeoDataFrame(pd.DataFrame(rows).assign(effect="exclude"), crs="EPSG:26986")
    tables = {"parcels": parcels, "constraints": table}
    return Workspace("Cambridge", "EPSG:26986", {n: LAYERS[n].conform(t, "EPSG:26986") for n, t in tables.items()})


@pytest.mark.shared
def test_land_by_cause_is_what_a_plain_cut_says(city: Workspace) -> None:
    found, table = overlaid.losses(city), city.table("constraints")
    lots, bare = city.shapes("parcels"), np.zeros(len(city.shapes("parcels")), dtype=bool)
    every = []
    for place, kind in enumerate(found.kinds):
        area = shapely.union_all(np.asarray(table.loc[table["kind"] == kind, "geometry"], dtype=object))
        shapely.prepare(area)
        cut = shapely.difference(lots, area) if kind == "growth_boundary" else shapely.intersection(lots, area)
        assert found.under[:, place] == pytest.approx(shapely.area(cut), abs=1e-4)
        every.append(cut)
        bare |= shapely.area(cut) > 0
    several = np.flatnonzero((np.stack([shapely.area(cut) for cut in every]) > 1).sum(axis=0) > 1)[::7]
    assert len(several) > 10, "kinds overlap over many lots"
    for row in several.tolist():
        parts = [cut[row] for cut in every if cut[row].area > 0]
        assert found.covered[row] == pytest.approx(shapely.union_all(parts).area, abs=1e-4)
    assert (found.covered[~bare] == 0).all()


@pytest.mark.shared
def test_parts_are_the_union_to_the_square_millimetre(city: Workspace) -> None:
    found, land = overlaid.losses(city), city.excluding.land
    by_part = np.bincount(land.parcel, weights=land.area, minlength=len(land.size))
    assert np.abs(by_part - found.covered).max() <= 1e-6
    assert np.abs(found.by_cause.sum(axis=1) - found.lost).max() <= 1e-6
    assert found.covered.max() > 1_000 and len(land.sets) > 4
    assert math.fsum(slot.lost_m2 for slot in overlaid.slots(city)) == pytest.approx(found.lost.sum(), rel=1e-12)


@pytest.mark.shared
def test_what_is_permitted_falls_by_the_ratio_times_what_is_lost(city: Workspace) -> None:
    free = city.with_tables(constraints=LAYERS["constraints"].empty(city.crs))
    fallen = accounts.books(free).parcels().permitted - accounts.books(city).parcels().permitted
    assert fallen == pytest.approx(1.5 * overlaid.losses(city).lost, abs=1e-6)
    assert np.abs(accounts.books(city).parcels().imbalance()).max() <= 1e-6
