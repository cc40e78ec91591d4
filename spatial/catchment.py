"""Straight-line distances from points to parcels, and the areas within a radius of them.

A distance to a parcel is given in two ways, and whoever shows one says which:

- to its *outline*: the least distance to any place of the parcel, 0 where the point lies in it;
- to its *inner point*: the centroid where it lies in the parcel, else a point on the surface. It stands for the
  middle of the parcel, and is what scores and services are measured to: that a corner is near serves no whole parcel.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

_QUARTER = 64
"""Sides of a quarter of a drawn circle."""


def inner_points(shapes: Shapes) -> Shapes:
    """The inner point of each outline, None where there is none, shape (n,).

    Examples
    --------
    >>> bent = shapely.Polygon([(0, 0), (9, 0), (9, 1), (1, 1), (1, 9), (0, 9)])
    >>> middle, inside = inner_points(np.array([shapely.box(0, 0, 2, 2), bent]))
    >>> middle.wkt, bool(shapely.covers(bent, shapely.centroid(bent))), bool(shapely.covers(bent, inside))
    ('POINT (1 1)', False, True)
    """
    points = np.asarray(shapely.centroid(shapes), dtype=object)
    outside = np.flatnonzero(~shapely.covers(shapes, points) & ~shapely.is_missing(shapes))
    points[outside] = shapely.point_on_surface(shapes[outside])
    points[shapely.is_empty(points)] = None
    return points


def nearest(sources: Shapes, targets: Shapes) -> tuple[Floats, Ints]:
    """Straight-line distance from the nearest source to each target, and which source it is.

    Parameters
    ----------
    sources, targets
        Any geometries in metres, shapes (s,) and (n,); a missing one is far from everything.

    Returns
    -------
    distance
        [m], NaN where there is no source, shape (n,).
    source
        Position of the source, the first of several that are equally near, −1 for none, shape (n,).

    Examples
    --------
    >>> distance, source = nearest(shapely.points([(0, 0), (10, 0)]), np.array([shapely.box(3, 0, 4, 1)]))
    >>> distance.tolist(), source.tolist()
    ([3.0], [0])
    """
    distance, source = np.full(len(targets), np.nan), np.full(len(targets), -1, dtype=np.int64)
    known = np.flatnonzero(~(shapely.is_missing(sources) | shapely.is_empty(sources)))
    there = np.flatnonzero(~(shapely.is_missing(targets) | shapely.is_empty(targets)))
    if not (len(known) and len(there)):
        return distance, source
    tree = shapely.STRtree(sources[known])
    (row, found), far = tree.query_nearest(targets[there], return_distance=True, all_matches=True)
    order = np.lexsort((found, row))
    row, first = np.unique(row[order], return_index=True)
    distance[there[row]], source[there[row]] = far[order][first], known[found[order][first]]
    return distance, source


def within(sources: Shapes, group: Ints, targets: Shapes, limit: float | Floats) -> tuple[Ints, Ints, Floats]:
    """Every pair of a group of sources and a target within a straight line of it.

    Parameters
    ----------
    group
        Group of each source, shape (s,).
    limit
        How far each source reaches [m], one for all or shape (s,).

    Returns
    -------
    group, target, distance
        By group and target; the distance is that of the nearest source of the group that reaches [m], shape (p,).
    """
    tree = shapely.STRtree(targets)
    most = np.broadcast_to(np.asarray(limit, dtype=float), (len(sources),))
    source, target = tree.query(sources, predicate="dwithin", distance=most)
    far = shapely.distance(sources[source], targets[target])
    of = group[source]
    order = np.lexsort((far, target, of))
    of, target, far = of[order], target[order], far[order]
    first = np.append(True, (np.diff(of) != 0) | (np.diff(target) != 0))[: len(of)]
    return of[first].astype(np.int64), target[first].astype(np.int64), far[first]


def discs(points: Shapes, group: Ints, groups: int, radius: float) -> Shapes:
    """The area within a straight line of the points of each group, shape (groups,); None where it has no point.

    A circle is drawn as 256 sides that hold the circle's own area: they stay within 1/10,000 of the radius of it.

    Examples
    --------
    >>> one = discs(shapely.points([(0, 0)]), np.array([0]), 1, 500.0)[0]
    >>> round(one.area / (np.pi * 500**2), 9)
    1.0
    """
    turn = 2 * np.pi / (4 * _QUARTER)
    drawn = shapely.buffer(points, radius * np.sqrt(turn / np.sin(turn)), quad_segs=_QUARTER)
    return united(np.asarray(drawn, dtype=object), group, groups)


def united(areas: Shapes, group: Ints, groups: int) -> Shapes:
    """The union of the areas of each group, shape (groups,); None where there is none."""
    out = np.full(groups, None, dtype=object)
    there = ~(shapely.is_missing(areas) | shapely.is_empty(areas))
    areas, group = areas[there], group[there]
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    for number, some in zip(group[order][starts], np.split(areas[order], starts[1:]), strict=False):
        out[number] = some[0] if len(some) == 1 else shapely.union_all(some)
    return out
