"""Outlines for tests of geometry, and what must be true of the parts that one is cut into."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
import shapely
from hypothesis import strategies as st
from shapely.geometry import LineString, Polygon

X, Y = 438_000.0, 4_410_000.0
EXACT = 1e-9


def box(west: float, south: float, east: float, north: float) -> Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def line(*points: tuple[float, float]) -> LineString:
    return LineString([(X + x, Y + y) for x, y in points])


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """A star-shaped polygon, often concave, often with a hole."""
    count = draw(st.integers(3, 14))
    radii = draw(st.lists(st.floats(15, 150), min_size=count, max_size=count))
    turn = draw(st.floats(0, math.pi))
    ring = [
        (X + r * math.cos(turn + 2 * math.pi * i / count), Y + r * math.sin(turn + 2 * math.pi * i / count))
        for i, r in enumerate(radii)
    ]
    outer = Polygon(ring)
    hole = draw(st.none() | st.floats(0.2, 3.0))
    if hole is not None:
        inner = shapely.Point(X, Y).buffer(hole, quad_segs=2)
        if outer.contains(inner):
            outer = Polygon(ring, [inner.exterior.coords])
    return outer


def exact(parts: Sequence[shapely.Geometry], whole: shapely.Geometry) -> None:
    """Areas add up, nothing overlaps, and every stored vertex is still there."""
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=EXACT)
    overlap = sum(shapely.intersection(one, other).area for i, one in enumerate(parts) for other in parts[i + 1 :])
    assert overlap == 0.0
    stored = {tuple(point) for point in shapely.get_coordinates(whole)}
    assert stored <= {tuple(point) for part in parts for point in shapely.get_coordinates(part)}
    assert all(part.is_valid for part in parts)
