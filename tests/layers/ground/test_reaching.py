"""Distances of the three parcels from entrances, worked out by hand; and what is kept when something else changes."""

from __future__ import annotations

import numpy as np
import pytest

from layers.ground import reaching
from layers.ground.suggested import lacking, suggested, with_values
from layers.vocabulary import FACILITY_KINDS
from tests.layers.ground.reach_world import STATIONS, at, reach_world, street
from tests.world import table, three_parcels


def test_straight_lines_begin_at_entrances_and_end_where_they_say() -> None:
    world = reach_world()
    inner = reaching.station_distances(world, None, walk=False)
    assert inner == pytest.approx([90, np.hypot(150, 90), 250])
    assert reaching.station_distances(world, "metro", walk=False) == pytest.approx(np.hypot([0, 150, 300], 90))
    assert reaching.station_distances(world, None, walk=False, to=reaching.OUTLINE) == pytest.approx(
        [40, np.hypot(100, 40), 200]
    )


def test_the_nearest_station_is_named_with_its_entrance() -> None:
    found = reaching.nearest_station(reach_world(), None, walk=False)
    assert (found.source.tolist(), found.owner.tolist()) == ([1, 1, 3], [0, 0, 3])


@pytest.mark.parametrize("walk", [False, True])
@pytest.mark.parametrize("kind", ["metro", "rail", None])
def test_one_parcel_by_itself_is_as_far_as_among_the_others(kind: str | None, walk: bool) -> None:
    world = reach_world()
    every = reaching.nearest_station(world, kind, walk)
    outline = reaching.station_distances(world, kind, walk, reaching.OUTLINE)
    for row in range(3):
        near = reaching.near_one(world, kind, row, walk)
        assert near[:2] == pytest.approx((outline[row], every.distance_m[row]), nan_ok=True)
        assert near[2:] == (every.source[row], every.owner[row])


def test_walks_count_both_legs_and_never_fall_back_on_a_straight_line() -> None:
    world = reach_world()
    assert reaching.station_distances(world, "metro", walk=True) == pytest.approx([90, 240, 390])
    assert reaching.station_distances(world, "metro", walk=True, to=reaching.OUTLINE) == pytest.approx([40, 190, 340])
    # 320 m from the railway station to the street are more than anybody is assumed to cross
    assert np.isnan(reaching.station_distances(world, "rail", walk=True)).all()
    assert np.isnan(reaching.station_distances(reach_world(ways=False), "metro", walk=True)).all()


def test_parcels_that_no_way_comes_near_are_counted() -> None:
    assert reaching.walking(reach_world()).without_way == 0
    near = reaching.walking(reach_world(walk_access=10.0))
    assert (near.without_way, near.barred) == (3, 1)
    assert np.isnan(reaching.station_distances(reach_world(walk_access=10.0), None, walk=True)).all()


def test_an_entrance_without_its_station_stands_for_itself_and_a_station_without_place_for_nothing() -> None:
    lost = [STATIONS[1] | {"parent": "gone"}, STATIONS[0] | {"geometry": None}]
    world = reach_world().with_tables(stations=table("stations", lost))
    assert reaching.stations(world).owners.tolist() == [0]
    assert reaching.stations(world, "metro").rows.tolist() == []
    assert reaching.stations(world, "entrance").rows.tolist() == [0]


def test_no_station_at_all() -> None:
    assert np.isnan(reaching.station_distances(three_parcels(), None, walk=False)).all()


def test_facilities_reach_as_far_as_they_say_and_open_when_they_say() -> None:
    world = reach_world()
    assert reaching.facility_distances(world, "canteen", walk=False) == pytest.approx(np.hypot([0, 150, 300], 90))
    assert reaching.facilities_reached(world).tolist() == [1, 0, 0]
    later = world.table("facilities").assign(open_from=2030)
    world = world.with_tables(facilities=later)
    assert np.isnan(reaching.facility_distances(world, "canteen", walk=False)).all()
    assert reaching.facilities_reached(world).tolist() == [0, 0, 0]


def test_without_a_reach_of_its_own_the_assumption_counts_and_without_that_nobody_is_reached() -> None:
    world = reach_world(service_reach_canteen=250.0)
    world = world.with_tables(facilities=world.table("facilities").assign(reach_m=np.nan))
    assert reaching.facilities_reached(world, walk=False).tolist() == [1, 1, 0]
    assert reaching.facilities_reached(world, walk=True).tolist() == [1, 1, 0]
    rows = world.table("assumptions")
    bare = world.with_tables(assumptions=rows[rows["name"] != "service_reach.canteen"])
    assert reaching.facilities_reached(bare).tolist() == [0, 0, 0]


def test_without_facilities_nothing_is_said_about_them() -> None:
    assert np.isnan(reaching.facilities_reached(three_parcels())).all()


def test_what_was_worked_out_is_kept_until_what_it_rests_on_changes() -> None:
    world = reach_world()
    first = reaching.nearest_station(world, None, walk=True)
    other = world.with_tables(projects=world.table("projects").assign(note="x")).at(7)
    assert reaching.nearest_station(other, None, walk=True) is first
    moved = [*STATIONS[:3], STATIONS[3] | {"geometry": at(350, -40)}]
    near = other.with_tables(stations=table("stations", moved))
    assert reaching.station_distances(near, None, walk=True)[2] == pytest.approx(90)
    longer = other.with_tables(ways=world.table("ways").assign(length_m=[1600.0, np.nan]))
    assert reaching.station_distances(longer, "metro", walk=True) == pytest.approx([90, 390, 690])


def test_ways_on_another_level_do_not_meet() -> None:
    rows = [
        {"way_id": "low", "geometry": street((-300, -20), (120, -20))},
        {"way_id": "high", "level": 1, "geometry": street((100, -60), (100, 40), (400, 40))},
    ]
    world = reach_world().with_tables(ways=table("ways", rows))
    assert reaching.walking(world).ways.components()[0] == 2
    flat = world.with_tables(ways=world.table("ways").assign(level=0))
    assert reaching.walking(flat).ways.components()[0] == 1


def test_every_suggestion_is_an_assumption_within_its_range_and_says_that_it_is_one() -> None:
    rows = suggested()
    assert {f"service_reach.{kind}" for kind in FACILITY_KINDS} <= {row["name"] for row in rows}
    assert all(row["low"] <= row["value"] <= row["high"] and row["confidence"] == "D" for row in rows)
    assert all(row["source"].startswith("假设") for row in rows)
    assert (len(lacking(three_parcels())), lacking(reach_world())) == (len(rows), [])


def test_other_values_widen_their_range_and_rows_that_lack_come_as_suggested() -> None:
    found = with_values(reach_world(), {"catchment_near": 200.0, "catchment_far": 1500.0}).set_index("name")
    assert found.loc["catchment_near", ["value", "low", "high"]].tolist() == [200, 200, 500]
    assert found.loc["catchment_far", ["value", "low", "high"]].tolist() == [1500, 500, 1500]
    bare = with_values(three_parcels(), {"catchment_near": 450.0}).set_index("name")
    assert bare.loc["catchment_near", "value"] == 450
    assert bare.loc["catchment_near", "source"].startswith("假设")
    assert len(bare) == 2
