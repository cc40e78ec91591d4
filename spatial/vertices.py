"""Vertices of outlines: put in, moved, taken out. Only those that are asked for change, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

BESIDE = 1e-6
"""Distance [m] within which a vertex is at a place, or on a line, but for the last bits of its coordinates."""

Points = NDArray[np.float64]
"""Coordinates, shape (n, 2)."""


def rings(shape: BaseGeometry) -> list[list[Points]]:
    """The closed rings of each part: the outer one, then the holes."""
    return [
        [shapely.get_coordinates(ring) for ring in (part.exterior, *part.interiors)]
        for part in shapely.get_parts(shape)
    ]


@dataclass(frozen=True)
class Rings:
    """Every ring of some polygons, point after point; rings are counted from 0.

    Parameters
    ----------
    points
        Shape (n, 2); the last of a ring is its first again.
    ring
        Which ring each point is of, shape (n,).
    row
        Which polygon each ring is of, shape (r,).
    hole
        Which rings bound a hole, shape (r,).
    """

    points: Points
    ring: NDArray[np.int64]
    row: NDArray[np.int64]
    hole: NDArray[np.bool_]

    @property
    def turns(self) -> NDArray[np.float64]:
        """Twice the area inside each ring, positive where it runs to the left [m²], shape (r,)."""
        local = self.points - (self.points.min(axis=0) if len(self.points) else 0.0)
        same = self.ring[:-1] == self.ring[1:]
        cross = local[:-1, 0] * local[1:, 1] - local[1:, 0] * local[:-1, 1]
        found = np.bincount(self.ring[:-1][same], weights=cross[same], minlength=len(self.row))
        return np.asarray(found, dtype=np.float64)


def every_ring(shapes: NDArray[np.object_]) -> Rings:
    """The rings of polygons, of many at once; what is missing or no polygon has none.

    Examples
    --------
    >>> found = every_ring(np.array([shapely.box(0, 0, 2, 1), None, shapely.box(0, 0, 1, 1)]))
    >>> found.ring.tolist(), found.row.tolist(), found.turns.tolist()
    ([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [0, 2], [4.0, 2.0])
    """
    kind = shapely.get_type_id(shapes)
    # one ring a polygon is what most have: its points are those of the polygon, and no ring need be made
    plain = np.flatnonzero((kind == shapely.GeometryType.POLYGON) & (shapely.get_num_interior_rings(shapes) == 0))
    other = np.setdiff1d(np.flatnonzero(np.isin(kind, (3, 6))), plain)
    points, of = shapely.get_coordinates(shapes[plain], return_index=True)
    if not len(other):
        return Rings(points, of, plain, np.zeros(len(plain), dtype=bool))
    parts, part_of = shapely.get_parts(shapes[other], return_index=True)
    drawn, ring_of_part = shapely.get_rings(parts, return_index=True)
    more, ring = shapely.get_coordinates(drawn, return_index=True)
    # the first ring of a part is the outer one
    hole = np.zeros(len(drawn), dtype=bool)
    hole[1:] = ring_of_part[1:] == ring_of_part[:-1]
    return Rings(
        np.concatenate([points, more]),
        np.concatenate([of, ring + len(plain)]).astype(np.int64),
        np.concatenate([plain, other[part_of[ring_of_part]]]).astype(np.int64),
        np.concatenate([np.zeros(len(plain), dtype=bool), hole]),
    )


def ring_of(shape: BaseGeometry, part: int, ring: int) -> Points:
    """One ring of a polygon without its closing point; part and ring are counted from 0, ring 0 is the outer one.

    Raises
    ------
    IndexError
        When there is none.

    Examples
    --------
    >>> ring_of(shapely.box(0, 0, 2, 1), 0, 0).tolist()
    [[2.0, 0.0], [2.0, 1.0], [0.0, 1.0], [0.0, 0.0]]
    """
    if part < 0 or ring < 0:
        raise IndexError
    return rings(shape)[part][ring][:-1]


def at(points: Points, places: Points) -> NDArray[np.int64]:
    """Which of some places each point is at, −1 for none, shape (n,)."""
    found = np.full(len(points), -1, dtype=np.int64)
    for number, place in enumerate(places):
        found[np.hypot(*(points - place).T) <= BESIDE] = number
    return found


def inserted(shape: BaseGeometry, points: Points, touching: Points | None = None) -> BaseGeometry:
    """An outline whose edges pass through points that lie on them; where a vertex stands already, none is added.

    Parameters
    ----------
    touching
        Only edges that begin or end at one of these places are looked at.
    """

    def through(ring: Points) -> Points:
        first, step = ring[:-1], np.diff(ring, axis=0)
        square = np.maximum((step**2).sum(axis=1), 1e-300)
        near = np.ones(len(first), dtype=bool)
        if touching is not None:
            there = at(ring, touching) >= 0
            near = there[:-1] | there[1:]
        places: list[tuple[int, float, Points]] = []
        for point in points:
            if (np.hypot(*(ring - point).T) <= BESIDE).any():
                continue
            along = np.clip(((point - first) * step).sum(axis=1) / square, 0.0, 1.0)
            off = np.hypot(*(first + along[:, None] * step - point).T)
            off[~near] = np.inf
            edge = int(np.argmin(off))
            if off[edge] <= BESIDE:
                places.append((edge, float(along[edge]), point))
        for edge, _, point in sorted(places, key=lambda one: (-one[0], -one[1])):
            ring = np.insert(ring, edge + 1, point, axis=0)
        return ring

    return _each(shape, through)


def moved(shape: BaseGeometry, places: Points, to: Points) -> BaseGeometry:
    """An outline whose vertices at some places stand at others, without vertices that fall together."""

    def shifted(ring: Points) -> Points:
        found = at(ring, places)
        if (found < 0).all():
            return ring
        ring = np.where((found >= 0)[:, None], to[found], ring)
        keep = np.ones(len(ring), dtype=bool)
        keep[1:] = (np.diff(ring, axis=0) != 0).any(axis=1)
        return ring[keep]

    return _each(shape, shifted)


def dropped(shape: BaseGeometry, places: Points) -> BaseGeometry:
    """An outline without its vertices at some places."""

    def thinned(ring: Points) -> Points:
        kept = ring[:-1][at(ring[:-1], places) < 0]
        return ring if len(kept) == len(ring) - 1 else np.concatenate([kept, kept[:1]])

    return _each(shape, thinned)


def _each(shape: BaseGeometry, change: Callable[[Points], Points]) -> BaseGeometry:
    """A polygon with every ring changed; a ring that is no ring any more goes, and a part with its outer one."""
    before = rings(shape)
    after = [[change(ring) for ring in part] for part in before]
    if all(new is old for one, two in zip(after, before, strict=True) for new, old in zip(one, two, strict=True)):
        return shape
    parts = [Polygon(part[0], [hole for hole in part[1:] if len(hole) >= 4]) for part in after if len(part[0]) >= 4]
    if not parts:
        return Polygon()
    return MultiPolygon(parts) if isinstance(shape, MultiPolygon) else parts[0]


def is_finite(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """Whether all coordinates of each geometry are numbers, shape (n,); False for a missing or an empty one.

    A box does not tell: a NaN between sound vertices leaves it as it is.

    >>> line = shapely.linestrings([[0, 0], [np.nan, 1], [2, 2]])
    >>> is_finite(np.array([line, shapely.Point(1, 2), None, shapely.Point()], dtype=object)).tolist()
    [False, True, False, False]
    """
    out = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    numbers = np.isfinite(shapely.get_coordinates(shapes))
    if not numbers.all():
        _, of = shapely.get_coordinates(shapes, return_index=True)
        out[of[~numbers.all(axis=1)]] = False
    return np.asarray(out, dtype=np.bool_)
