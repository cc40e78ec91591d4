"""Floor area within rings: a parcel that a ring cuts counts by its share, one between two stations counts once."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from layers.ground import catchments
from tests.layers.ground.reach_world import at, reach_world
from tests.world import table, three_parcels


def row(frame: object, station: int, ring: str) -> dict[str, float]:
    found = frame[(frame["station"] == station) & (frame["ring"] == ring)]  # type: ignore[index]
    return found.iloc[0].to_dict()


def test_a_ring_cuts_a_parcel_by_its_area() -> None:
    world = reach_world(catchment_near=50.0, catchment_far=1000.0)
    corner = [{"station_id": "T", "kind": "metro", "geometry": at(0, 0)}]
    found = catchments.floor_area(world.with_tables(stations=table("stations", corner)))
    quarter = np.pi * 50**2 / 4 / 10_000
    near = row(found, 0, "near")
    assert near["permitted_m2"] == pytest.approx(20_000 * quarter, rel=1e-4)
    assert near["vacant_m2"] == pytest.approx(2_000 * quarter, rel=1e-4)
    far = row(found, 0, "far")
    assert (far["permitted_m2"], far["available_m2"]) == pytest.approx((30_000, 15_000))
    assert (far["parcels"], far["unknown_parcels"], far["radius_m"]) == (3, 1, 1000)


def test_all_stations_together_count_each_parcel_once() -> None:
    world = reach_world(catchment_near=500.0, catchment_far=1000.0)
    found = catchments.floor_area(world)
    for station in (0, 3, catchments.ALL):
        assert row(found, station, "far")["permitted_m2"] == pytest.approx(30_000)
    assert found.loc[found["ring"] == "far", "station"].tolist() == [0, 3, catchments.ALL]


def test_along_the_ways_a_parcel_is_in_or_out() -> None:
    world = reach_world(catchment_near=90.5, catchment_far=240.5)
    found = catchments.floor_area(world, walk=True)
    assert row(found, 0, "near")["permitted_m2"] == pytest.approx(20_000)
    assert row(found, 0, "far")["permitted_m2"] == pytest.approx(30_000)
    assert row(found, 3, "far")["parcels"] == 0
    near, rail = catchments.outlines(world, "near", walk=True)
    assert rail is None
    assert near.covers(at(120, -20))  # 20 m to the street, 70 m along it
    assert not near.intersects(shapely.buffer(at(52 + 70.5 + catchments.BAND, -20), 1))


def test_without_the_assumption_there_is_no_catchment() -> None:
    world = three_parcels().with_tables(stations=reach_world().table("stations"))
    assert catchments.outlines(world, "near").tolist() == [None, None]
    found = catchments.floor_area(world)
    assert found["parcels"].sum() == 0
    assert found["radius_m"].isna().all()


def test_outlines_are_kept_until_the_radius_changes() -> None:
    world = reach_world()
    first = catchments.outlines(world, "near")
    assert catchments.outlines(world.with_tables(projects=world.table("projects")), "near") is first
    rows = world.table("assumptions").copy()
    rows.loc[rows["name"] == "catchment_near", "value"] = 400.0
    assert catchments.outlines(world.with_tables(assumptions=rows), "near")[1].area == pytest.approx(np.pi * 400**2)
