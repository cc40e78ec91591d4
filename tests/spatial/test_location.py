"""Parcels cut by zones: exact, complete, and the same whatever the order."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import location


def boxes(*sides: tuple[float, float, float, float]) -> np.ndarray:
    return np.array([shapely.box(*side) for side in sides], dtype=object)


def test_a_parcel_in_one_zone_is_whole() -> None:
    found = location.split(boxes((1, 1, 2, 2)), boxes((0, 0, 10, 10)))
    assert (found.leaf.tolist(), found.share.tolist()) == ([0], [1.0])


def test_a_parcel_that_touches_a_zone_is_not_in_it() -> None:
    found = location.split(boxes((10, 0, 11, 1)), boxes((0, 0, 10, 10)))
    assert (found.leaf.tolist(), found.share.tolist()) == ([location.OUTSIDE], [1.0])


def test_what_lies_in_no_zone_is_listed() -> None:
    found = location.split(boxes((0, 0, 4, 1), (20, 0, 21, 1), (1, 0, 2, 1)), boxes((0, 0, 3, 1)))
    assert found.outside().tolist() == [0, 1]
    assert found.main_part().tolist() == [1, 2, 3]


def test_overlapping_zones_count_the_land_once_and_say_so() -> None:
    found = location.split(boxes((0, 0, 10, 1)), boxes((0, 0, 6, 1), (4, 0, 10, 1)))
    assert found.overlapping.tolist() == [0]
    assert found.share.tolist() == pytest.approx([0.6, 0.4])


def test_on_a_tie_land_in_a_zone_comes_first() -> None:
    found = location.split(boxes((-1, 0, 1, 1)), boxes((0, 0, 5, 5)))
    assert found.leaf[found.main_part()].tolist() == [0]


def test_a_parcel_without_area_is_outside_and_whole() -> None:
    flat = np.array([shapely.Polygon([(0, 0), (1, 0), (2, 0)])], dtype=object)
    found = location.split(flat, boxes((0, 0, 5, 5)))
    assert found.share.sum() == pytest.approx(1.0)


def test_no_zone_at_all_and_no_parcel_at_all() -> None:
    assert location.split(boxes((0, 0, 1, 1)), boxes()).leaf.tolist() == [location.OUTSIDE]
    assert len(location.split(boxes(), boxes((0, 0, 1, 1))).leaf) == 0


def test_an_outline_of_many_vertices_gives_the_same_as_a_plain_cut() -> None:
    angle = np.linspace(0, 2 * np.pi, 5000, endpoint=False)
    radius = 80 + 8 * np.sin(angle * 60)
    zone = shapely.Polygon(np.column_stack([100 + radius * np.cos(angle), 100 + radius * np.sin(angle)]))
    parcels = boxes(*[(x, y, x + 9, y + 9) for x in range(0, 200, 10) for y in range(0, 200, 10)])
    found = location.split(parcels, np.array([zone], dtype=object))
    inside = found.sum_by_parcel(np.where(found.leaf == 0, found.share, 0.0))
    assert inside == pytest.approx(shapely.area(shapely.intersection(parcels, zone)) / 81, abs=1e-9)


def test_leaves_are_sub_areas_and_the_rest_of_their_zone() -> None:
    shapes = boxes((0, 0, 10, 10), (0, 0, 4, 10), (4, 0, 7, 10), (20, 0, 30, 10))
    found = location.leaves(["E", "E1", "E2", "W"], [None, "E", "E", None], shapes)
    assert list(zip(found.zone, found.sub_area, strict=True)) == [("E", "E1"), ("E", "E2"), ("E", None), ("W", None)]
    assert shapely.area(found.shapes).tolist() == [40, 30, 30, 100]


def test_a_zone_that_its_sub_areas_fill_has_no_rest() -> None:
    found = location.leaves(["E", "E1", "E2"], [None, "E", "E"], boxes((0, 0, 10, 10), (0, 0, 4, 10), (4, 0, 10, 10)))
    assert found.sub_area == ("E1", "E2")


def test_parks_may_overlap() -> None:
    found = location.belong(boxes((0, 0, 10, 1)), boxes((0, 0, 5, 1), (0, 0, 10, 1)))
    assert found.to_dict("list") == {"parcel": [0, 0], "area": [0, 1], "share": [0.5, 1.0]}


def test_land_under_two_overlays_is_taken_off_once() -> None:
    assert location.covered_area(boxes((0, 0, 10, 1)), boxes((0, 0, 4, 1), (2, 0, 6, 1))).tolist() == [6.0]


@st.composite
def fabrics(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Random parcels, turned and far from the origin, over a grid of zones with gaps."""
    angle = draw(st.floats(0, 90))
    count = draw(st.integers(1, 25))
    corners = draw(st.lists(st.tuples(st.floats(0, 900), st.floats(0, 900)), min_size=count, max_size=count))
    sizes = draw(st.lists(st.floats(0.5, 300), min_size=count, max_size=count))
    parcels = boxes(*[(x, y, x + s, y + s * 0.7) for (x, y), s in zip(corners, sizes, strict=True)])
    cuts = sorted({0.0, 1000.0, *draw(st.lists(st.floats(10, 990), max_size=4))})
    zones = boxes(*[(a, 0, b, 800) for a, b in itertools.pairwise(cuts) if b - a > 1e-3])
    turn = [shapely.affinity.rotate(s, angle, (0, 0)) for s in (*parcels, *zones)]
    moved = np.array([shapely.affinity.translate(s, 438_000, 4_410_000) for s in turn], dtype=object)
    return moved[: len(parcels)], moved[len(parcels) :]


@settings(max_examples=60, deadline=None)
@given(fabrics())
def test_the_parts_are_the_parcel(fabric: tuple[np.ndarray, np.ndarray]) -> None:
    parcels, zones = fabric
    found = location.split(parcels, zones)
    assert found.sum_by_parcel(found.share) == pytest.approx(np.ones(len(parcels)), rel=1e-12)
    area = shapely.area(parcels)
    for leaf, zone in enumerate(zones):
        mine = found.leaf == leaf
        got = np.bincount(found.parcel[mine], weights=found.share[mine], minlength=len(parcels)) * area
        assert got == pytest.approx(
            shapely.area(shapely.intersection(parcels, zone)), rel=1e-8, abs=1e-8 * area.max()
        )
