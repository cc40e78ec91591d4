"""Cutting and joining outlines: areas add up, stored vertices stay, and what cannot be is said."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, Polygon

from spatial.shaping import CutRefused, NotAdjoining, NothingLeft, PartsRefused, cut_strip, into, split, union
from tests.outlines import EXACT, X, Y, box, exact, line, polygons


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


DIRECTIONS = st.sampled_from(["longest_side", "longest_edge"]) | st.floats(0, 360)


@given(polygons(), st.integers(2, 9), DIRECTIONS)
def test_equal_parts_are_equal(shape: Polygon, count: int, direction: float | str) -> None:
    parts = into(shape, count, direction)  # type: ignore[arg-type]
    assert len(parts) == count
    exact(parts, shape)
    assert [part.area for part in parts] == pytest.approx([shape.area / count] * count, rel=EXACT)


def test_equal_parts_follow_one_another_where_they_are_told_to() -> None:
    long = box(0, 0, 90, 30)
    assert [part.bounds for part in into(long, 3)] == [box(x, 0, x + 30, 30).bounds for x in (0, 30, 60)]
    north_first = [box(0, y, 90, y + 10).bounds for y in (20, 10, 0)]
    for bearing in (0, 180):
        found = [part.bounds for part in into(long, 3, bearing)]
        assert np.abs(np.array(found) - north_first).max() < 1e-8
    # the longest edge of this house shape is its wall to the north; the rectangle around it stands upright
    wedge = Polygon([(0, 0), (20, 0), (0, 50)])
    along = np.array([20, -50]) / math.hypot(20, 50)
    centres = shapely.get_coordinates(shapely.centroid(into(wedge, 4, "longest_edge"))) @ along
    assert (np.diff(centres) > 0).all()
    sides = [shapely.length(shapely.intersection(one, two)) for one, two in pairwise(into(wedge, 4, "longest_edge"))]
    assert min(sides) > 1.0


def test_concave_parcels_with_a_hole_are_cut_equally() -> None:
    comb = Polygon(
        [(0, 0), (100, 0), (100, 60), (80, 60), (80, 20), (60, 20), (60, 60), (0, 60)],
        [[(10, 10), (30, 10), (30, 40), (10, 40)]],
    )
    parts = into(comb, 5, 0.0)
    exact(parts, comb)
    assert [part.area for part in parts] == pytest.approx([comb.area / 5] * 5, rel=EXACT)


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


def test_a_line_may_end_on_the_outline() -> None:
    """Ends that lie on an edge but for their last bits cut all the same, and become vertices."""
    shape = Polygon([(X, Y), (X + 33.3, Y + 0.1), (X + 71.7, Y + 99.9), (X, Y + 100)])
    for fraction in (0.1, 1 / 3, 0.7, 0.99):
        on_edge = (33.3 + fraction * 38.4, 0.1 + fraction * 99.8)
        parts = split(shape, line((0, 100), on_edge))
        assert len(parts) == 2
        exact(parts, shape)
    parts = split(shape, line((0, 0), (71.7, 99.9)))
    exact(parts, shape)


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
    assert road is not None
    assert [part.area for part in rest] == pytest.approx([4400.0, 4400.0], rel=EXACT)
    assert road.area == pytest.approx(1200.0, rel=EXACT)
    for width in (0.0, -1.0, math.nan, math.inf, 2_000.0):
        with pytest.raises(CutRefused):
            cut_strip(box(0, 0, 100, 100), line((50, -10), (50, 110)), width)
    with pytest.raises(NothingLeft):
        cut_strip(box(0, 0, 100, 100), line((50, -10), (50, 110)), 500.0)
    far = box(0, 0, 100, 100)
    assert cut_strip(far, line((500, -10), (500, 110)), 12.0) == ([far], None)


@given(polygons(), st.floats(0, math.pi), st.floats(-30, 30), st.floats(0.5, 40), st.floats(-20, 20))
def test_a_strip_and_what_is_left_share_every_vertex(
    shape: Polygon, angle: float, off: float, width: float, bend: float
) -> None:
    dx, dy = math.cos(angle), math.sin(angle)
    way = [(-500 * dx - off * dy, -500 * dy + off * dx), (bend * dy, -bend * dx), (500 * dx, 500 * dy)]
    try:
        rest, road = cut_strip(shape, line(*way), width)
    except NothingLeft:
        return
    if road is None:
        return
    exact([*rest, road], shape)
    inner = [one for one in shapely.get_coordinates(road) if shape.boundary.distance(shapely.Point(one)) > 1e-6]
    of_rest = {tuple(one) for part in rest for one in shapely.get_coordinates(part)}
    on_edges = shapely.get_coordinates(line(*way).buffer(width / 2, cap_style="flat", join_style="mitre"))
    assert {tuple(one) for one in inner} <= {tuple(one) for one in on_edges}
    assert {tuple(one) for one in inner} <= of_rest


def test_an_island_that_the_strip_misses_goes_with_the_nearest_part() -> None:
    both = MultiPolygon([box(0, 0, 100, 100), box(110, 0, 120, 10)])
    rest, road = cut_strip(both, line((50, -10), (50, 110)), 10.0)
    assert [part.area for part in rest] == pytest.approx([4500.0, 4600.0], rel=EXACT)
    assert road is not None
    assert road.area == pytest.approx(1000.0, rel=EXACT)
