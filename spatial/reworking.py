"""Moving, adding and removing vertices of outlines that share them, so that neighbours stay neighbours.

A place is where a vertex stands in every outline that has it there. Before anything moves, outlines that meet along
an edge without sharing its vertices are given them, so that their common edge bends as one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from spatial.errors import ShapeRefused
from spatial.shaping import SLIVER_M2
from spatial.vertices import BESIDE, Points, at, dropped, inserted, moved, rings

OVERLAP_M2 = 1e-4
"""Overlap [m²] that a change may add: what rounding makes of edges that meet."""

Place = tuple[float, float]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Rework:
    """What happens to the vertices of some outlines.

    Parameters
    ----------
    moves
        Where vertices stand, and where each is to stand.
    new
        Places on edges that become vertices; a move may take them further.
    gone
        Where vertices are taken out.
    """

    moves: tuple[tuple[Place, Place], ...] = ()
    new: tuple[Place, ...] = ()
    gone: tuple[Place, ...] = ()

    def reach(self) -> Points:
        """Every place that it touches, shape (n, 2)."""
        return np.array([*(at for at, _ in self.moves), *self.new, *self.gone], dtype=float).reshape(-1, 2)


def reworked(shapes: Shapes, rework: Rework) -> dict[int, BaseGeometry]:
    """The outlines that change, by position.

    Parameters
    ----------
    shapes
        Valid polygons, shape (n,): all that may touch what changes, before or after it.

    Raises
    ------
    ShapeRefused
        When an outline would cross itself, vanish, or overlap another by more than it did; or when land in the midst
        of the outlines would belong to none.
    """
    after = _knitted(shapes, rework)
    old, new = (np.array([pair[i] for pair in rework.moves], dtype=float).reshape(-1, 2) for i in (0, 1))
    gone = np.array(rework.gone, dtype=float).reshape(-1, 2)
    for i, shape in after.items():
        after[i] = moved(dropped(shape, gone), old, new)
    for i, shape in after.items():
        if shape.is_empty or (shape.is_valid and shape.area < SLIVER_M2):
            _refuse("没有剩下面积", "nothing would be left of it", _middle(shapes[i]))
        if not shape.is_valid or len(shapely.get_parts(shape)) != len(shapely.get_parts(shapes[i])):
            _refuse("边界自相交", "the outline would cross itself", _crossing(shape))
    for i, j, more in _overlaps(shapes, after):
        common = shapely.intersection(after[i], after.get(j, shapes[j]))
        _refuse(f"与相邻图形重叠 {more:,.2f} m²", f"it would overlap another by {more:,.2f} m²", _middle(common))
    _refuse_hole(shapes, after, rework)
    return {i: shape for i, shape in after.items() if not shapely.equals_identical(shape, shapes[i])}


def _knitted(shapes: Shapes, rework: Rework) -> dict[int, BaseGeometry]:
    """The outlines that have a vertex at any place that is touched, with all vertices of their common edges there."""
    touched = rework.reach()
    taking = {i: inserted(shape, touched) for i, shape in enumerate(shapes)}
    taking = {i: shape for i, shape in taking.items() if (at(shapely.get_coordinates(shape), touched) >= 0).any()}
    if not taking:
        return {}
    ends = np.concatenate([ring for shape in taking.values() for ring in _edges(shape, touched)])
    low, high = ends.min(axis=0) - BESIDE, ends.max(axis=0) + BESIDE
    every = shapely.get_coordinates(shapes)
    near = np.unique(np.concatenate([every[((every >= low) & (every <= high)).all(axis=1)], ends]), axis=0)
    return {i: inserted(shape, near, touching=touched) for i, shape in taking.items()}


def _edges(shape: BaseGeometry, touched: Points) -> Iterator[Points]:
    """Ends of the edges that begin or end at a place that is touched."""
    for ring in (ring for part in rings(shape) for ring in part):
        there = at(ring, touched) >= 0
        near = there[:-1] | there[1:]
        yield ring[:-1][near]
        yield ring[1:][near]


def _overlaps(shapes: Shapes, after: dict[int, BaseGeometry]) -> Iterator[tuple[int, int, float]]:
    """Pairs that share more land than before, and how much more [m²]."""
    if not after:
        return
    now = shapes.copy()
    now[list(after)] = np.array([*after.values(), None], dtype=object)[:-1]
    changed = np.array(list(after))
    one, other = shapely.STRtree(now).query(now[changed], predicate="intersects")
    one = changed[one]
    twice = (one == other) | (np.isin(other, changed) & (other < one))
    one, other = one[~twice], other[~twice]
    area = shapely.area(shapely.intersection(now[one], now[other]))
    some = area > OVERLAP_M2
    one, other, area = one[some], other[some], area[some]
    more = area - shapely.area(shapely.intersection(shapes[one], shapes[other]))
    for i in np.flatnonzero(more > OVERLAP_M2):
        yield int(one[i]), int(other[i]), float(more[i])


def _refuse_hole(shapes: Shapes, after: dict[int, BaseGeometry], rework: Rework) -> None:
    """Refuse land that belonged to an outline and would belong to none, unless it lies at the edge of them all."""
    touched = rework.reach()
    if not after or not len(touched):
        return
    before = shapely.union_all(shapes[list(after)])
    # an outline that is cut twice may lie beside its neighbour by the last bits: that is no edge of the land
    before = before.buffer(2 * BESIDE, join_style="mitre").buffer(-2 * BESIDE, join_style="mitre")
    outside = shapely.distance(shapely.points(touched), before.boundary) <= 4 * BESIDE
    if outside.any():
        return
    lost = shapely.difference(before, shapely.union_all(np.array(list(after.values()), dtype=object)))
    lost = lost.buffer(-2 * BESIDE)
    if lost.area > OVERLAP_M2:
        text = f"{lost.area:,.2f} m²"
        _refuse(f"中间会留下 {text} 的空隙", f"a gap of {text} would be left in between", _middle(lost))


def _crossing(shape: BaseGeometry) -> Place:
    """Where an outline crosses itself."""
    said = shapely.is_valid_reason(shape)
    if "[" in said:
        x, y = (float(one) for one in said.split("[")[1].rstrip("]").split()[:2])
        return x, y
    return _middle(shape)


def _middle(shape: BaseGeometry) -> Place:
    inside = shapely.point_on_surface(shape)
    return (inside.x, inside.y) if not inside.is_empty else (float("nan"), float("nan"))


def _refuse(said: str, reason: str, place: Place) -> None:
    east, north = (f"{one:.3f}" for one in place)
    raise ShapeRefused(where=f"{north}, {east}", said=said, reason=reason, north=north, east=east)


def sound(shape: BaseGeometry) -> BaseGeometry:
    """An outline that a parcel can have.

    Raises
    ------
    ShapeRefused
    """
    if shape.is_empty or not np.isfinite(shape.bounds).all():
        _refuse("没有图形", "there is none", (float("nan"), float("nan")))
    if not shape.is_valid:
        _refuse("边界自相交", "the outline crosses itself", _crossing(shape))
    if shape.area < SLIVER_M2:
        _refuse("面积太小", "it is too small", _middle(shape))
    return shape


def meeting(shapes: Sequence[BaseGeometry] | Shapes, rework: Rework) -> NDArray[np.int64]:
    """Positions of the outlines that a change may touch, before or after it."""
    bounds = shapely.bounds(np.asarray(shapes, dtype=object))
    points = np.concatenate([rework.reach(), np.array([to for _, to in rework.moves], dtype=float).reshape(-1, 2)])
    holders = np.zeros(len(bounds), dtype=bool)
    for x, y in points:
        holders |= _holds(bounds, x, y, x, y)
    if not holders.any():
        return np.flatnonzero(holders)
    box = np.concatenate([bounds[holders][:, :2], bounds[holders][:, 2:], points])
    return np.flatnonzero(_holds(bounds, *box.min(axis=0), *box.max(axis=0)))


def _holds(bounds: NDArray[np.float64], west: float, south: float, east: float, north: float) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        x = (bounds[:, 0] <= east + BESIDE) & (bounds[:, 2] >= west - BESIDE)
        return np.asarray(x & (bounds[:, 1] <= north + BESIDE) & (bounds[:, 3] >= south - BESIDE))
