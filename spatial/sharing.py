"""Which polygons share every edge with exactly one other: seen in their coordinates, without cutting anything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spatial.vertices import Points, every_ring

_ODD = tuple(np.array([0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9], dtype=np.uint64))
"""Odd numbers with bits all over: a product with one of them spreads a coordinate over 64 bits."""


def loose(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Polygons with an edge that no other polygon has the other way round, or that several have, shape (n,).

    Inside on the left, every edge of a seamless partition but those of its rim is there once in each direction.
    Where two polygons overlap, the rim of the land that they share is made of loose edges.

    Parameters
    ----------
    shapes
        Polygons, shape (n,); missing ones are not loose.

    Examples
    --------
    >>> import shapely
    >>> land = [shapely.box(x, y, x + 1, y + 1) for y in range(3) for x in range(3)]
    >>> np.flatnonzero(~loose(np.array(land))).tolist()
    [4]
    """
    rings = every_ring(shapes)
    found = np.zeros(len(shapes), dtype=bool)
    points = rings.points + 0.0  # -0 is 0
    within = (rings.ring[:-1] == rings.ring[1:]) & (points[:-1] != points[1:]).any(axis=1)
    first = np.flatnonzero(within)
    against = ((rings.turns < 0) != rings.hole)[rings.ring[first]]
    start, end = np.where(against, first + 1, first), np.where(against, first, first + 1)
    code = _codes(points)
    edge, way = code[start] + code[end], code[start] - code[end]  # the one is the same in both directions
    order = np.argsort(edge)
    along = edge[order]
    ends = np.flatnonzero(np.append(along[1:] != along[:-1], np.ones(min(len(along), 1), dtype=bool)))
    pair = ends[np.diff(ends, prepend=-1) == 2]
    one, other = order[pair - 1], order[pair]
    met = way[one] + way[other] == 0
    free = np.ones(len(edge), dtype=bool)
    free[one[met]] = free[other[met]] = False
    found[rings.row[rings.ring[first[free]]]] = True
    return found


def _codes(points: Points) -> NDArray[np.uint64]:
    """A number of 64 bits for each place, shape (n,).

    That two of a million places have the same happens once in ten million times; an overlap that hid behind it would
    still be seen in the sum of the areas.
    """
    bits = np.ascontiguousarray(points).view(np.uint64)
    mixed = bits * _ODD[0]
    mixed ^= mixed >> np.uint64(29)
    mixed *= _ODD[1]
    mixed ^= mixed >> np.uint64(32)
    return np.asarray(mixed[:, 0] * np.uint64(3) + mixed[:, 1], dtype=np.uint64) * _ODD[0]
