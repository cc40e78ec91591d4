"""Vertices put in, moved and taken out: those that are asked for, and no others."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import MultiPolygon, Polygon

from spatial.vertices import at, dropped, inserted, moved, ring_of, rings
from tests.outlines import X, Y, box

HOLE = Polygon(box(0, 0, 30, 30).exterior.coords, [box(10, 10, 20, 20).exterior.coords])


def places(*points: tuple[float, float]) -> np.ndarray:
    return np.array([(X + x, Y + y) for x, y in points]).reshape(-1, 2)


def test_rings_are_counted_from_the_outer_one() -> None:
    both = MultiPolygon([HOLE, box(40, 0, 50, 10)])
    assert [[len(ring) for ring in part] for part in rings(both)] == [[5, 5], [5]]
    assert len(ring_of(both, 0, 1)) == 4
    for part, ring in ((0, 2), (2, 0), (-1, 0), (0, -1)):
        with pytest.raises(IndexError):
            ring_of(both, part, ring)


def test_points_on_edges_become_vertices_in_order() -> None:
    shape = inserted(HOLE, places((20, 0), (5, 0), (15, 20), (100, 0), (0, 0)))
    assert shape.area == HOLE.area
    assert len(shapely.get_coordinates(shape)) == len(shapely.get_coordinates(HOLE)) + 3
    south = [tuple(one) for one in shapely.get_coordinates(shape.exterior) if one[1] == Y]
    assert sorted(set(south)) == [(X, Y), (X + 5, Y), (X + 20, Y), (X + 30, Y)]
    assert shape.is_valid
    assert inserted(HOLE, places((100, 0))) is HOLE


def test_only_edges_that_touch_a_place_are_looked_at() -> None:
    shape = inserted(HOLE, places((5, 0), (0, 5), (5, 30)), touching=places((0, 0)))
    assert len(shapely.get_coordinates(shape.exterior)) == 5 + 2


def test_moving_touches_nothing_else() -> None:
    shape = moved(HOLE, places((30, 30), (10, 10)), places((40, 35), (8, 8)))
    before, after = shapely.get_coordinates(HOLE), shapely.get_coordinates(shape)
    changed = (before != after).any(axis=1)
    assert {tuple(one) for one in before[changed] - (X, Y)} == {(30.0, 30.0), (10.0, 10.0)}
    assert moved(HOLE, places((1, 1)), places((2, 2))) is HOLE


def test_vertices_that_fall_together_are_one() -> None:
    assert len(shapely.get_coordinates(moved(HOLE, places((30, 30)), places((30, 0))).exterior)) == 4
    assert moved(box(0, 0, 1, 1), places((0, 0), (1, 0)), places((1, 1), (1, 1))).is_empty


def test_what_is_no_ring_any_more_goes() -> None:
    without = dropped(HOLE, places((10, 10), (20, 20)))
    assert len(without.interiors) == 0
    assert without.area == 900.0
    both = MultiPolygon([box(0, 0, 10, 10), box(20, 0, 30, 10)])
    left = dropped(both, places((0, 0), (10, 0)))
    assert left.equals(MultiPolygon([box(20, 0, 30, 10)]))
    assert dropped(box(0, 0, 1, 1), places((0, 0), (1, 1))).is_empty


def test_a_place_is_met_but_for_the_last_bits() -> None:
    assert at(places((0, 0), (5e-7, 0), (2e-6, 0)), places((0, 0))).tolist() == [0, 0, -1]
