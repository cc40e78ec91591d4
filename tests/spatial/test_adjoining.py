"""Neighbours on a grid: those that share an edge, never a corner."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial.adjoining import neighbours, sets_of


def grid(width: int, height: int, gap: float = 0.0) -> np.ndarray:
    boxes = [
        shapely.box(20 * x, 20 * y, 20 * x + 20 - gap, 20 * y + 20 - gap) for y in range(height) for x in range(width)
    ]
    return np.array(boxes, dtype=object)


def pairs(shapes: np.ndarray) -> set[tuple[int, int]]:
    return set(map(tuple, neighbours(shapes).T.tolist()))


def test_edges_join_and_corners_do_not() -> None:
    assert pairs(grid(2, 2)) == {(0, 1), (0, 2), (1, 3), (2, 3)}
    assert pairs(grid(2, 2, gap=0.3)) == {(0, 1), (0, 2), (1, 3), (2, 3)}, "what surveys leave between them"
    assert pairs(grid(2, 2, gap=6.0)) == set(), "a lane parts them"


def test_nothing_has_no_neighbour() -> None:
    assert neighbours(np.array([], dtype=object)).shape == (2, 0)
    assert pairs(np.array([None, shapely.Polygon(), shapely.box(0, 0, 9, 9)], dtype=object)) == set()


@settings(max_examples=30, deadline=None, derandomize=True)
@given(st.integers(1, 4), st.integers(1, 4))
def test_sets_hang_together(width: int, height: int) -> None:
    near = pairs(grid(width, height))
    assert len(near) == height * (width - 1) + width * (height - 1)
    found = sets_of(neighbours(grid(width, height)))
    assert len(set(found)) == len(found)
    for one in found:
        links = sum((a, b) in near for a in one for b in one)
        assert len(set(one)) == len(one) and links >= len(one) - 1
    three = [one for one in found if len(one) == 3]
    beside = {at: [b if a == at else a for a, b in near if at in (a, b)] for at in range(width * height)}
    assert len(three) == sum(len(near_) * (len(near_) - 1) // 2 for near_ in beside.values()), "no ring of three here"
