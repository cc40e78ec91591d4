"""Cutting and joining outlines: areas add up, stored vertices stay, and what cannot be is said."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon

from spatial.shaping import CutRefused, NotAdjoining, NothingLeft, PartsRefused, cut_strip, into, split, trim, union

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


def exact(parts: list[shapely.Geometry], whole: shapely.Geometry) -> None:
    """Areas add up, nothing overlaps, and every stored vertex is still there."""
    assert sum(part.area for part in parts) == pytest.approx(whole.area, rel=EXACT)
    overlap = sum(shapely.intersection(one, other).area for i, one in enumerate(parts) for other in parts[i + 1 :])
    assert overlap <= whole.area * EXACT
    stored = {tuple(point) for point in shapely.get_coordinates(whole)}
    assert stored <= {tuple(point) for part in parts for point in shapely.get_coordinates(part)}
    assert all(part.is_valid for part in parts)


@given(polygons(), st.floats(0, math.pi), st.floats(-40, 40))
def test_a_cut_conserves_area_and_every_vertex(shape: Polygon, angle: float, off: float) -> None:
    far = 500.0
    dx, dy = math.cos(angle), math.sin(angle)
    cut = line((-far * dx - off * dy, -far * dy + off * dx), (far * dx - off * dy, far * dy + off * dx))
    try:
        parts = split(shape, cut)
    except CutRefused:
        assert (
            not shapely.crosses(cut, shape)
            or min(shapely.intersection(shape, half).area for half in _sides(cut)) < 1.0
        )
        return
    exact(parts, shape)


def _sides(cut: LineString) -> list[Polygon]:
    (x0, y0), (x1, y1) = cut.coords
    nx, ny = (y0 - y1), (x1 - x0)
    return [
        Polygon([(x0, y0), (x1, y1), (x1 + s * nx, y1 + s * ny), (x0 + s * nx, y0 + s * ny)]) for s in (1.0, -1.0)
    ]


@given(polygons(), st.integers(2, 9))
def test_equal_parts_are_equal(shape: Polygon, count: int) -> None:
    parts = into(shape, count)
    assert len(parts) == count
    exact(parts, shape)
    assert [part.area for part in parts] == pytest.approx([shape.area / count] * count, rel=1e-8)


@given(polygons(), st.floats(0, math.pi))
def test_what_was_cut_is_joined_again(shape: Polygon, angle: float) -> None:
    cut = line((-500 * math.cos(angle), -500 * math.sin(angle)), (500 * math.cos(angle), 500 * math.sin(angle)))
    try:
        parts = split(shape, cut)
    except CutRefused:
        return
    again = union(parts)
    assert again.area == pytest.approx(shape.area, rel=EXACT)
    assert shapely.symmetric_difference(again, shape).area <= shape.area * EXACT


def test_a_line_through_vertices_along_an_edge_and_through_a_hole() -> None:
    square = box(0, 0, 100, 100)
    exact(split(square, line((0, 0), (100, 100))), square)
    ring = Polygon(square.exterior.coords, [box(40, 40, 60, 60).exterior.coords])
    halves = split(ring, line((-10, 50), (110, 50)))
    assert [part.area for part in halves] == [4800.0, 4800.0]
    with pytest.raises(CutRefused):
        split(square, line((-10, 0), (110, 0)))


@pytest.mark.parametrize(
    "cut",
    [
        line((-10, 50), (50, 50)),
        line((20, 20), (80, 80)),
        line((200, 0), (200, 100)),
        LineString(),
        line((5, 5), (5, 5)),
    ],
)
def test_a_line_that_does_not_divide_is_refused(cut: LineString) -> None:
    with pytest.raises(CutRefused):
        split(box(0, 0, 100, 100), cut)


def test_a_line_that_turns_back_makes_three_parts_from_west_to_east() -> None:
    parts = split(box(0, 0, 90, 30), line((30, -10), (30, 40), (60, 40), (60, -10)))
    assert [round(part.centroid.x - X) for part in parts] == [15, 45, 75]


def test_an_island_that_the_line_misses_goes_with_the_nearest_part() -> None:
    both = MultiPolygon([box(0, 0, 100, 100), box(110, 0, 120, 10)])
    west, east = split(both, line((50, -10), (50, 110)))
    assert (west.area, east.area) == (5000.0, 5100.0)


@pytest.mark.parametrize("count", [0, 1, 101, True, 2.5, "3"])
def test_a_number_of_parts_that_cannot_be(count: object) -> None:
    with pytest.raises(PartsRefused):
        into(box(0, 0, 100, 100), count)  # type: ignore[arg-type]


def test_only_neighbours_are_joined() -> None:
    a, b, far, corner = box(0, 0, 10, 10), box(10, 0, 20, 10), box(30, 0, 40, 10), box(10, 10, 20, 20)
    assert union([a, b]).area == 200.0
    for shapes in ([a, far], [a, corner], [a], [a, b, far]):
        with pytest.raises(NotAdjoining):
            union(shapes)
    assert union([a, far, b, box(20, 0, 30, 10)]).equals(box(0, 0, 40, 10))


def test_a_road_is_cut_out() -> None:
    rest, road = cut_strip(box(0, 0, 100, 100), line((50, -10), (50, 110)), 12.0)
    assert [part.area for part in rest] == pytest.approx([4400.0, 4400.0], rel=EXACT)
    assert road.area == pytest.approx(1200.0, rel=EXACT)
    for width in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(CutRefused):
            cut_strip(box(0, 0, 100, 100), line((50, -10), (50, 110)), width)
    with pytest.raises(NothingLeft):
        cut_strip(box(0, 0, 100, 100), line((500, -10), (500, 110)), 12.0)
    with pytest.raises(NothingLeft):
        cut_strip(box(0, 0, 100, 100), line((50, -10), (50, 110)), 500.0)


def test_overlaps_are_trimmed() -> None:
    assert trim(box(0, 0, 100, 100), [box(90, 0, 120, 100)]).area == 9000.0
    with pytest.raises(NothingLeft):
        trim(box(0, 0, 10, 10), [box(-1, -1, 11, 11)])
    assert np.isfinite(shapely.get_coordinates(trim(box(0, 0, 10, 10), [box(5, 5, 6, 6)]))).all()
