"""Outlines fitted to their neighbours: edges become theirs, and land is taken from nobody."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from spatial.errors import FillRefused
from spatial.fitting import filled, trim
from spatial.shaping import NothingLeft
from tests.outlines import EXACT, box, polygons


def test_overlaps_are_trimmed() -> None:
    assert trim(box(0, 0, 100, 100), [box(90, 0, 120, 100)]).area == 9000.0
    with pytest.raises(NothingLeft):
        trim(box(0, 0, 10, 10), [box(-1, -1, 11, 11)])
    assert np.isfinite(shapely.get_coordinates(trim(box(0, 0, 10, 10), [box(5, 5, 6, 6)]))).all()


@given(polygons(), st.floats(-80, 80), st.floats(-80, 80))
def test_what_is_trimmed_meets_the_other(shape: Polygon, x: float, y: float) -> None:
    other = box(x - 50, y - 50, x + 50, y + 50)
    common = shapely.intersection(shape, other).area
    try:
        left = trim(shape, [other])
    except NothingLeft:
        assert shape.area - common < 0.1
        return
    assert left.is_valid
    assert shapely.intersection(left, other).area == pytest.approx(0.0, abs=1e-9)
    assert left.area == pytest.approx(shape.area - common, rel=EXACT, abs=0.1)


def test_gaps_up_to_a_width_are_filled_and_wider_ones_are_not() -> None:
    east, north = box(100.3, 0, 200, 100), box(0, 102, 200, 200)
    shape = filled(box(0, 0, 100, 100), [east, north], 0.5)
    assert shape.area == pytest.approx(10_030.0, abs=1e-6)
    assert shapely.intersection(shape, east).area == 0.0
    assert shapely.intersection(shape, east).length == pytest.approx(100.0)
    both = filled(box(0, 0, 100, 100), [east, north], 2.5)
    assert shapely.intersection(both, north).length == pytest.approx(102.5), "no further along the others than that"
    assert shapely.intersection(both, north).area == 0.0


def test_a_crooked_gap_is_filled_up_to_the_very_vertices_of_the_neighbour() -> None:
    other = Polygon([(10.1, -5), (10.3, 2), (10.15, 4), (10.4, 7), (10.2, 15), (20, 15), (20, -5)])
    shape = filled(shapely.box(0, 0, 10, 10), [other], 0.6)
    stored = {tuple(one) for one in shapely.get_coordinates(other)}
    inside = {(10.3, 2.0), (10.15, 4.0), (10.4, 7.0)}
    assert inside <= stored & {tuple(one) for one in shapely.get_coordinates(shape)}
    assert shapely.intersection(shape, other).area == pytest.approx(0.0, abs=1e-12)
    assert shape.geom_type == "Polygon"


def test_a_gap_between_others_is_not_mine() -> None:
    shape = box(0, 0, 10, 10)
    assert filled(shape, [box(20, 0, 30, 10), box(30.1, 0, 40, 10)], 0.5) is shape
    assert filled(shape, [], 0.5) is shape


@pytest.mark.parametrize("width", [0.0, -1.0, 10.5, math.nan, math.inf])
def test_widths_that_cannot_be(width: float) -> None:
    with pytest.raises(FillRefused):
        filled(box(0, 0, 10, 10), [box(11, 0, 20, 10)], width)
