"""Who is served and what is lacking, worked out by hand: 200 people on A, 480 on B, 120 on C."""

from __future__ import annotations

import numpy as np
import pytest

from layers.ground import serving
from tests.layers.ground.reach_world import at, reach_world
from tests.world import table, three_parcels


def test_people_are_floor_area_by_the_norm() -> None:
    world = reach_world()
    assert serving.persons(world) == pytest.approx([200, 480, 120])
    assert serving.persons(world, "full") == pytest.approx([800, 480, 120])


def test_shares_out_of_reach_and_lacking_places_by_zone() -> None:
    (found,) = serving.coverage(reach_world(), walk=False)
    assert (found.kind, found.facilities, found.without_capacity, found.planned) == ("canteen", 1, 0, 0)
    assert found.floor_area == pytest.approx([6_000 / 11_000, 1, 0.75])
    assert found.persons == pytest.approx([240 / 440, 1, 0.75])
    # A needs 100 of the 40 places, B 240 and C 60; half of B lies in either zone
    assert found.lacking == pytest.approx([180, 180, 360])


def test_a_facility_is_shared_by_all_whom_it_reaches() -> None:
    world = reach_world()
    two = world.table("facilities").assign(reach_m=200.0)
    (found,) = serving.coverage(world.with_tables(facilities=two), walk=False)
    assert found.lacking == pytest.approx([(340 - 40) * 100 / 340 + 120 * 300 / 340, 120 * 300 / 340 + 60, 360])


def test_without_a_capacity_or_a_need_nothing_is_said_to_lack() -> None:
    world = reach_world()
    (unsaid,) = serving.coverage(world.with_tables(facilities=world.table("facilities").assign(capacity=np.nan)))
    assert unsaid.without_capacity == 1
    assert np.isnan(unsaid.lacking).all()
    clinic = world.with_tables(facilities=world.table("facilities").assign(kind="clinic"))
    assert np.isnan(serving.coverage(clinic)[0].lacking).all()


def test_kinds_without_any_facility_are_no_shortfall() -> None:
    assert serving.coverage(three_parcels()) == []


def test_what_opens_later_is_counted_apart() -> None:
    world = reach_world()
    (found,) = serving.coverage(world.with_tables(facilities=world.table("facilities").assign(open_from=2030)))
    assert (found.facilities, found.planned) == (0, 1)
    assert found.floor_area == pytest.approx([1, 1, 1])


def test_what_a_parcel_misses_is_named_with_the_way_to_it() -> None:
    world = reach_world()
    assert serving.missing(world, 0, walk=False) == []
    assert serving.missing(world, 1, walk=False) == [("canteen", pytest.approx(np.hypot(150, 90)))]
    assert serving.missing(world, 1, walk=True) == [("canteen", pytest.approx(240))]


def test_support_stands_on_its_parcel_and_is_taken_off_what_is_allowed() -> None:
    world = reach_world()
    inside = world.table("facilities").assign(geometry=[at(20, 20)])
    parks = [{"park_id": "K", "name": "园", "kind": "specialised", "member_parcels": "A"}]
    projects = world.table("projects").assign(function_mix=["research=0.9; support=0.1", "research"])
    given = [{"assignment_id": "a", "parcel_id": "A", "project_id": "p1", "floor_area_m2": 5000.0, "stage": "signed"}]
    world = world.with_tables(
        facilities=inside, parks=table("parks", parks), projects=projects, assignments=table("assignments", given)
    )
    east, west, park = serving.support(world)
    assert (east["key"], east["permitted_m2"], east["allowed_m2"]) == ("east", 25_000, pytest.approx(3_750))
    assert (east["facilities_m2"], east["assigned_m2"], east["left_m2"]) == pytest.approx((900, 500, 2_350))
    assert (west["facilities_m2"], west["left_m2"]) == (0, pytest.approx(750))
    assert (park["layer"], park["permitted_m2"], park["left_m2"]) == ("parks", 20_000, pytest.approx(1_600))


def test_where_no_facility_is_given_what_is_left_is_unknown() -> None:
    world = reach_world()
    east = serving.support(world.with_tables(facilities=world.table("facilities").iloc[:0]))[0]
    assert (east["facilities_m2"], east["left_m2"], east["assigned_m2"]) == (None, None, 0)
