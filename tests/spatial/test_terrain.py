"""Slope and aspect: exact on planes, equal to published examples, unknown where a neighbour is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.terrain import Method, aspect, slope

METHODS: list[Method] = ["horn", "zevenbergen_thorne"]


def plane(east: float, north: float, cell: tuple[float, float]) -> np.ndarray:
    """z = east · x + north · y, the first row in the north."""
    x, y = np.meshgrid(np.arange(5) * cell[0], -np.arange(4) * cell[1])
    return 50 + east * x + north * y


@pytest.mark.parametrize("method", METHODS)
@given(east=st.floats(-3, 3), north=st.floats(-3, 3), cell=st.sampled_from([(10.0, 10.0), (30.0, 12.0)]))
def test_a_plane_has_its_slope_everywhere_inside(
    method: Method, east: float, north: float, cell: tuple[float, float]
) -> None:
    found = slope(plane(east, north, cell), cell, method)
    assert found[1:-1, 1:-1] == pytest.approx(math.degrees(math.atan(math.hypot(east, north))), abs=1e-9)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("east", "north", "falls"), [(0, -1, 0), (-1, 0, 90), (0, 1, 180), (1, 0, 270), (-1, -1, 45), (1, -1, 315)]
)
def test_aspect_is_where_the_ground_falls(method: Method, east: float, north: float, falls: float) -> None:
    assert aspect(plane(east, north, (10.0, 10.0)), (10.0, 10.0), method)[1, 1] == pytest.approx(falls)


def test_flat_ground_has_a_slope_of_0_and_no_aspect() -> None:
    assert slope(np.zeros((3, 3)), (5.0, 5.0))[1, 1] == 0
    assert math.isnan(aspect(np.zeros((3, 3)), (5.0, 5.0))[1, 1])


def test_the_published_examples_of_horn() -> None:
    """The worked examples of Esri's “How Slope works” and “How Aspect works”, which GDAL's formula gives as well."""
    steep = np.array([[50.0, 45, 50], [30, 30, 30], [8, 10, 10]])
    assert slope(steep, (5.0, 5.0))[1, 1] == pytest.approx(75.25762, abs=5e-5)
    gentle = np.array([[101.0, 92, 85], [101, 92, 85], [101, 91, 84]])
    assert aspect(gentle, (5.0, 5.0))[1, 1] == pytest.approx(92.64, abs=5e-3)


@pytest.mark.parametrize("method", METHODS)
def test_edges_and_neighbours_of_gaps_are_unknown(method: Method) -> None:
    heights = plane(1, 0, (10.0, 10.0))
    heights[0, 0] = np.nan
    found = slope(heights, (10.0, 10.0), method)
    known = ~np.isnan(found)
    assert known.tolist() == [
        [False] * 5,
        [False, False, True, True, False],
        [False, True, True, True, False],
        [False] * 5,
    ]
    assert np.isnan(slope(np.zeros((2, 9)), (10.0, 10.0), method)).all()
