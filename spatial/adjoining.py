"""Which outlines lie side by side, and the sets of them that hang together."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray

APART_M = 0.5
"""Outlines this near still meet: what two surveys leave between them is no lane."""

LEAST_M = 5.0
"""Length along which two outlines have to meet; a corner joins nothing."""

Pairs = NDArray[np.int64]


def neighbours(shapes: NDArray[np.object_], apart_m: float = APART_M, least_m: float = LEAST_M) -> Pairs:
    """Pairs of outlines that meet along an edge, each once, shape (2, pairs).

    Parameters
    ----------
    shapes
        Polygons in a working CRS; missing and empty ones have no neighbour.

    Examples
    --------
    >>> row = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10), shapely.box(20, 10, 30, 20)])
    >>> neighbours(row).tolist()
    [[0], [1]]
    """
    there = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not len(there):
        return np.zeros((2, 0), dtype=np.int64)
    land = shapes[there]
    one, other = shapely.STRtree(land).query(land, predicate="dwithin", distance=apart_m)
    one, other = one[one < other], other[one < other]
    edge = shapely.boundary(land)
    near = shapely.buffer(edge, apart_m)
    met = shapely.length(shapely.intersection(edge[one], near[other]))
    along = met >= least_m + 2 * apart_m  # what lies about a corner is as long as the buffer is wide
    return np.stack([there[one[along]], there[other[along]]]).astype(np.int64)


def sets_of(pairs: Pairs, most: int = 3) -> list[tuple[int, ...]]:
    """Sets of two and up to three places that hang together, each ascending and once.

    Parameters
    ----------
    pairs
        As `neighbours` gives them.
    most
        2 or 3.

    Examples
    --------
    >>> sets_of(np.array([[0, 1], [1, 2]]))
    [(0, 1), (1, 2), (0, 1, 2)]
    """
    beside: dict[int, set[int]] = {}
    for one, other in pairs.T.tolist():
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    two = sorted({(min(pair), max(pair)) for pair in pairs.T.tolist()})
    three = {
        tuple(sorted((centre, *ends))) for centre, near in beside.items() for ends in combinations(sorted(near), 2)
    }
    return [*two, *(sorted(three) if most > 2 else [])]
