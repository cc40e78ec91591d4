"""Vertices that parcels share move in all of them: land is neither lost nor claimed twice."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from spatial.errors import ShapeRefused
from spatial.reworking import Rework, meeting, reworked, sound
from tests.outlines import EXACT, X, Y, box

STEP = 50.0


def place(x: float, y: float) -> tuple[float, float]:
    return (X + x, Y + y)


def array(*shapes: Polygon) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


WEST, SOUTH, NORTH = box(0, 0, 100, 100), box(100, 0, 200, 50), box(100, 50, 200, 100)
THREE = array(WEST, SOUTH, NORTH)
"""The corner of the two to the east lies on the long edge of the one to the west, which has no vertex there."""


def after(shapes: np.ndarray, rework: Rework) -> np.ndarray:
    found = reworked(shapes, rework)
    now = shapes.copy()
    for row, shape in found.items():
        now[row] = shape
    return now


def overlap(shapes: np.ndarray) -> float:
    one, other = np.triu_indices(len(shapes), 1)
    return float(shapely.area(shapely.intersection(shapes[one], shapes[other])).sum())


def grid(bends: list[tuple[float, float]]) -> tuple[np.ndarray, np.ndarray]:
    """Nine cells that share crooked corners, one of them with a hole that a tenth fills."""
    corner = np.stack(np.meshgrid(np.arange(4), np.arange(4), indexing="ij"), axis=-1) * STEP + (X, Y)
    corner[1:3, 1:3] += np.array(bends).reshape(2, 2, 2)
    cells = []
    for i in range(3):
        for j in range(3):
            cells.append(Polygon([corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]]))
    middle = cells[4].centroid
    well = shapely.box(middle.x - 2, middle.y - 2, middle.x + 2, middle.y + 2)
    cells[4] = Polygon(cells[4].exterior.coords, [well.exterior.coords])
    return array(*cells, well), corner


BEND = st.floats(-10, 10)
FOUR = st.lists(st.tuples(BEND, BEND), min_size=4, max_size=4)


@given(FOUR, st.lists(st.tuples(st.integers(1, 2), st.integers(1, 2), BEND, BEND), min_size=1, max_size=3))
def test_a_corner_within_the_land_moves_in_all_and_the_total_stays(
    bends: list[tuple[float, float]], steps: list[tuple[int, int, float, float]]
) -> None:
    cells, corner = grid(bends)
    moves = {tuple(corner[i, j].tolist()): tuple((corner[i, j] + (dx, dy)).tolist()) for i, j, dx, dy in steps}
    now = after(cells, Rework(moves=tuple(moves.items())))
    assert shapely.area(now).sum() == pytest.approx(shapely.area(cells).sum(), rel=EXACT)
    assert overlap(now) == 0.0
    assert shapely.is_valid(now).all()
    stayed = {tuple(one) for one in shapely.get_coordinates(cells)} - moves.keys()
    assert {tuple(one) for one in shapely.get_coordinates(now)} == stayed | {*moves.values()}
    holders = [(shapely.get_coordinates(shape) == one).all(axis=1).any() for one in moves for shape in cells]
    assert sum(holders) == 4 * len(moves)


@given(FOUR, st.floats(0.2, 0.8), st.floats(-3, 3))
def test_a_new_vertex_stands_in_both_that_share_the_edge(
    bends: list[tuple[float, float]], along: float, dx: float
) -> None:
    cells, corner = grid(bends)
    a, b = corner[1, 1], corner[1, 2]
    edge = tuple((a + along * (b - a)).tolist())
    to = (edge[0] + dx, edge[1])
    found = reworked(cells, Rework(new=(edge,), moves=((edge, to),)))
    assert sorted(found) == [1, 4]
    assert sum(shape.area for shape in found.values()) == pytest.approx(cells[1].area + cells[4].area, rel=EXACT)
    assert all((shapely.get_coordinates(shape) == to).all(axis=1).any() for shape in found.values())


def test_a_corner_on_another_s_edge_takes_the_edge_along() -> None:
    now = after(THREE, Rework(moves=((place(100, 50), place(110, 60)),)))
    assert shapely.area(now).tolist() == [10_500.0, 5_250.0, 4_250.0]
    assert overlap(now) == 0.0
    assert len(shapely.get_coordinates(now[0])) == 6, "the west one has the corner now"


def test_the_end_of_an_edge_moves_and_corners_along_it_stay() -> None:
    """Nothing may tear where the edge swings away from a corner of somebody else that lay on it."""
    now = after(THREE, Rework(moves=((place(100, 100), place(105, 100)),)))
    assert shapely.area(now).sum() == 20_000.0
    assert overlap(now) == 0.0
    assert now[1] is THREE[1]


def test_a_vertex_at_the_edge_of_all_land_takes_land_along() -> None:
    (row, shape), *others = reworked(THREE, Rework(moves=((place(0, 0), place(-10, 0)),))).items()
    assert (row, shape.area, others) == (0, 10_500.0, [])


def test_a_vertex_is_taken_out_of_all() -> None:
    bent = after(THREE, Rework(new=(place(100, 25),), moves=((place(100, 25), place(90, 25)),)))
    assert shapely.area(bent).tolist() == [9_750.0, 5_250.0, 5_000.0]
    straight = after(bent, Rework(gone=(place(90, 25),)))
    assert shapely.area(straight).tolist() == [10_000.0, 5_000.0, 5_000.0]


@pytest.mark.parametrize(
    ("rework", "reason"),
    [
        (Rework(moves=((place(100, 50), place(250, 50)),)), "cross itself"),
        (Rework(moves=((place(0, 0), place(150, 20)),)), "cross itself"),
        (Rework(gone=(place(0, 0), place(0, 100))), "nothing would be left"),
    ],
)
def test_what_no_parcel_can_be_is_refused_with_its_place(rework: Rework, reason: str) -> None:
    with pytest.raises(ShapeRefused) as refused:
        reworked(THREE, rework)
    assert reason in str(refused.value)
    assert "nan" not in refused.value.where


def test_land_in_the_midst_may_not_be_lost() -> None:
    """A corner of three parcels that is taken out of all would leave a triangle to nobody."""
    a, b, c = place(0, 0), place(100, 0), place(50, 90)
    ab, bc, ca, m = place(50, 0), place(75, 45), place(25, 45), place(50, 30)
    fan = array(Polygon([a, ab, m, ca]), Polygon([b, bc, m, ab]), Polygon([c, ca, m, bc]))
    assert shapely.area(after(fan, Rework(moves=((m, place(52, 33)),)))).sum() == pytest.approx(4_500.0)
    with pytest.raises(ShapeRefused, match=r"a gap of 1,125\.00 m²"):
        reworked(fan, Rework(gone=(m,)))


def test_an_overlap_that_was_there_does_not_stand_in_the_way() -> None:
    both = array(box(0, 0, 100, 100), box(90, 0, 200, 100))
    assert len(reworked(both, Rework(moves=((place(0, 0), place(10, 10)),)))) == 1
    with pytest.raises(ShapeRefused, match=r"overlap another by 500\.00"):
        reworked(both, Rework(moves=((place(100, 0), place(110, 0)),)))


def test_neighbours_are_looked_for_before_and_after() -> None:
    far = array(*THREE, box(190, 200, 300, 300), box(1_000, 0, 1_100, 100))
    rework = Rework(moves=((place(200, 100), place(195, 205)),))
    assert meeting(far, rework).tolist() == [0, 1, 2, 3]
    with pytest.raises(ShapeRefused, match="overlap"):
        reworked(far[meeting(far, rework)], rework)
    assert meeting(far, Rework(gone=(place(600, 600),))).tolist() == []


def test_outlines_that_no_parcel_can_have() -> None:
    bow = Polygon([place(0, 0), place(10, 10), place(10, 0), place(0, 10)])
    for shape, reason in ((Polygon(), "there is none"), (bow, "crosses itself"), (box(0, 0, 0.05, 0.1), "too small")):
        with pytest.raises(ShapeRefused, match=reason):
            sound(shape)
    assert sound(WEST) is WEST
