"""Straight-line distances, circles that hold their own area, and which of two points of a parcel is meant."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial import catchment, location


def test_the_distance_to_the_outline_is_nothing_inside_and_that_to_the_inner_point_is_not() -> None:
    parcel = np.array([shapely.box(0, 0, 100, 40)], dtype=object)
    station = shapely.points([(10, 20)])
    assert catchment.nearest(station, parcel)[0].tolist() == [0.0]
    assert catchment.nearest(station, catchment.inner_points(parcel))[0].tolist() == [40.0]


def test_the_first_of_equally_near_sources_is_named_and_a_missing_one_never() -> None:
    sources = np.array([None, shapely.Point(0, 0), shapely.Point(20, 0), shapely.Point()], dtype=object)
    distance, source = catchment.nearest(sources, np.array([shapely.Point(10, 0), None], dtype=object))
    assert (distance[0], source.tolist()) == (10.0, [1, -1])
    assert np.isnan(distance[1])


def test_without_sources_there_is_no_distance() -> None:
    distance, source = catchment.nearest(np.empty(0, dtype=object), shapely.points([(0, 0)]))
    assert np.isnan(distance[0])
    assert source.tolist() == [-1]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12), st.integers(1, 40))
def test_pairs_within_reach_are_those_of_a_plain_comparison(spots: list[tuple[int, int]], limit: int) -> None:
    points = shapely.points(spots)
    group = np.arange(len(spots)) % 3
    found = catchment.within(points, group, points[::-1], float(limit))
    far = shapely.distance(points[:, None], points[::-1][None, :])
    expected = {
        (g, t): far[group == g, t].min()
        for g in range(3)
        for t in range(len(spots))
        if (group == g).any() and far[group == g, t].min() <= limit
    }
    pairs = zip(found[0].tolist(), found[1].tolist(), strict=True)
    assert dict(zip(pairs, found[2].tolist(), strict=True)) == pytest.approx(expected)


def test_each_source_reaches_as_far_as_it_says() -> None:
    sources, targets = shapely.points([(0, 0), (0, 0)]), shapely.points([(5, 0), (8, 0)])
    group, target, distance = catchment.within(sources, np.array([0, 1]), targets, np.array([6.0, 9.0]))
    assert (group.tolist(), target.tolist(), distance.tolist()) == ([0, 1, 1], [0, 0, 1], [5.0, 5.0, 8.0])


def test_entrances_of_one_station_share_one_area_and_a_ring_cuts_a_parcel_by_area() -> None:
    entrances = shapely.points([(0, 0), (100, 0), (5000, 0)])
    first, second, none = catchment.discs(entrances, np.array([0, 0, 1]), 3, 500.0)
    lens = 2 * 500**2 * np.arccos(0.1) - 50 * np.sqrt(4 * 500**2 - 100**2)
    assert first.area == pytest.approx(2 * np.pi * 500**2 - lens, rel=1e-6)
    assert second.area == pytest.approx(np.pi * 500**2, rel=1e-9)
    assert none is None
    half_plane = np.array([shapely.box(4000, -1000, 5000, 1000)], dtype=object)
    assert location.belong(half_plane, np.array([second]))["share"][0] == pytest.approx(np.pi * 500**2 / 2 / 2e6)


def test_no_side_of_a_circle_strays() -> None:
    (disc,) = catchment.discs(shapely.points([(0, 0)]), np.array([0]), 1, 800.0)
    ring = shapely.get_exterior_ring(disc)
    out = shapely.distance(shapely.points(shapely.get_coordinates(ring)), shapely.Point(0, 0))
    assert abs(out - 800.0).max() < 0.08
    assert abs(ring.distance(shapely.Point(0, 0)) - 800.0) < 0.08
