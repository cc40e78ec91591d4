"""Shared edges: who has one to itself, and that no fault escapes because everybody's edges seem shared."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Polygon

from spatial import sharing
from spatial.sharing import loose
from spatial.topology import faults, suspects
from spatial.vertices import every_ring

X, Y = 438_000.0, 4_410_000.0


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def array(*shapes: object) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


def grid(columns: int, rows: int, size: float = 10.0) -> list[shapely.Polygon]:
    """Squares side by side, row by row."""
    return [
        box(x * size, y * size, (x + 1) * size, (y + 1) * size) for y in range(rows) for x in range(columns)
    ]  # fmt: skip


def told(land: np.ndarray, around: np.ndarray | None = None) -> list[tuple[str, tuple[int, ...], float]]:
    """Faults as kind, parcels and area."""
    return sorted((one.kind, one.rows, round(one.area_m2, 3)) for one in faults(land, around))


def test_rings_of_every_kind_of_polygon() -> None:
    holed = box(0, 0, 9, 9).difference(box(1, 1, 2, 2))
    many = shapely.MultiPolygon([box(0, 0, 1, 1), holed])
    found = every_ring(array(None, many, shapely.Point(0, 0), box(0, 0, 2, 1), holed, Polygon()))
    area = np.abs(found.turns).round(6)
    assert sorted(zip(found.row.tolist(), found.hole.tolist(), area.tolist(), strict=True)) == [
        (1, False, 2.0), (1, False, 162.0), (1, True, 2.0), (3, False, 4.0), (4, False, 162.0), (4, True, 2.0),
        (5, False, 0.0),
    ]  # fmt: skip
    assert len(found.points) == len(found.ring) == 5 + 10 + 5 + 10


def test_only_the_rim_is_loose() -> None:
    land = grid(5, 5)
    assert np.flatnonzero(~loose(array(*land))).tolist() == [6, 7, 8, 11, 12, 13, 16, 17, 18]
    turned = [land[12].reverse(), *land[13:]]
    assert (loose(array(*land[:12], *turned)) == loose(array(*land))).all(), "the way a ring runs says nothing"
    assert loose(array(*land, land[12]))[[12, 25]].all(), "an outline drawn twice has no edge to itself"
    assert loose(array(*land, None)).tolist()[-1] is False
    assert loose(array()).tolist() == []


def test_a_hole_meets_what_lies_in_it() -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    assert loose(array(ring, box(10, 10, 20, 20))).tolist() == [True, False]
    assert loose(array(ring.reverse(), box(10, 10, 20, 20).reverse())).tolist() == [True, False]
    apart = shapely.MultiPolygon([box(10, 10, 15, 20), box(15, 10, 20, 20)])
    assert loose(array(ring, apart))[1], "its own edges do not count as somebody else's"


@pytest.mark.parametrize("size", [4, 8, 20])
def test_land_that_is_covered_twice_is_seen_everywhere(size: int) -> None:
    """Two seamless partitions of the same land: each has only shared edges, but for the rim."""
    twice = array(*grid(size, size), *grid(size // 2, size // 2, 20.0))
    assert told(twice, suspects(twice)) == told(twice)


@pytest.mark.parametrize("at", [0, 27, 63])
def test_a_fault_in_the_middle_of_many_is_found(at: int) -> None:
    land = grid(8, 8)
    assert suspects(array(*land)).tolist() == []
    corner = shapely.get_coordinates(land[at])
    corner[2] += (0.2, -0.2)
    moved = array(*land[:at], Polygon(corner), *land[at + 1 :])
    assert told(moved)
    assert told(moved, suspects(moved)) == told(moved)


CHANGE = st.tuples(
    st.integers(0, 24), st.sampled_from(["move", "twice", "gone", "over", "hole"]), st.floats(-3, 3), st.floats(-3, 3)
)


@settings(max_examples=60, deadline=None)
@given(st.lists(CHANGE, max_size=3))
def test_no_fault_escapes(changes: list[tuple[int, str, float, float]]) -> None:
    shapes: list[shapely.Geometry] = grid(5, 5)
    for at, what, east, north in changes:
        west, south, _, _ = shapely.bounds(shapes[at]) if shapes[at] is not None else (X, Y, 0, 0)
        if what == "move" and shapes[at] is not None:
            points = shapely.get_coordinates(shapes[at])
            points[2] += (east, north)
            shapes[at] = shapely.make_valid(Polygon(points))
        elif what == "twice":
            shapes.append(grid(5, 5)[at])
        elif what == "gone":
            shapes[at] = None
        elif what == "over":
            shapes.append(shapely.box(west + east, south + north, west + east + 14, south + north + 6))
        elif shapes[at] is not None:
            shapes[at] = shapely.difference(shapes[at], shapely.box(west + 4, south + 4, west + 5, south + 6))
    land = array(*(one if one is None or one.geom_type in ("Polygon", "MultiPolygon") else None for one in shapes))
    quick = suspects(land)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sharing, "loose", lambda shapes: np.ones(len(shapes), dtype=bool))
        assert set(suspects(land).tolist()) <= set(quick.tolist()), "what is looked at everywhere"
