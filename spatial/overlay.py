"""What lies over parcels: the exact area under each set of causes, where causes overlap one another.

The outlines of all causes together cut the plane into faces. A face lies under one set of causes everywhere, and
faces do not overlap, so that the parts of a parcel by face add up: «A alone», «B alone» and «A with B» are the
land under A or B, once. What a figure a cause is made of follows from the parts, never from another overlay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.location import meetings
from spatial.sums import by_group

Shapes = NDArray[np.object_]
Floats = NDArray[np.float64]

NOISE_M2 = 1e-6
"""Area that is arithmetic noise: a square millimetre."""
_NOISE = 1e-9
"""The same as a share of a parcel."""
_NO_MEETINGS = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
_GRID_M = 1e-9
"""Grid on which outlines are noded [m]: those that nearly fall on one another may cross unseen without one."""
_MARGIN_M = 1.0
"""How far beyond the parcels outlines are kept [m]."""


@dataclass(frozen=True)
class Cause:
    """What limits land: outlines within which it holds, and outlines beyond which it does.

    Parameters
    ----------
    inside
        Valid polygons, shape (i,); it holds under any of them.
    outside
        Valid polygons, shape (o,); it holds where none of them is, as beyond a growth boundary in several parts.
    """

    inside: Shapes
    outside: Shapes

    @classmethod
    def of(cls, shapes: Shapes, outside: NDArray[np.bool_]) -> Cause:
        """The cause of some outlines, given which of them it holds beyond."""
        return cls(shapes[~outside], shapes[outside])


@dataclass(frozen=True)
class Faces:
    """The plane around parcels, cut by causes.

    Parameters
    ----------
    origin
        Where the coordinates of the faces begin, x and y.
    shapes
        Polygons that do not overlap, shape (f,).
    under
        Which causes hold in each, shape (f, k).
    beyond
        Which causes hold where no face is, shape (k,).
    """

    origin: Floats
    shapes: Shapes
    under: NDArray[np.bool_]
    beyond: NDArray[np.bool_]


@dataclass(frozen=True)
class Overlay:
    """Parcels cut by causes: one row a parcel and set of causes that holds on some of its land.

    Parameters
    ----------
    parcel
        Position of the parcel, ascending, shape (m,).
    group
        Row of `sets` that holds there, shape (m,).
    area
        Land [m²], shape (m,).
    sets
        Sets of causes, none of them empty, shape (s, k).
    size
        Area of each parcel [m²], shape (n,).
    """

    parcel: NDArray[np.int64]
    group: NDArray[np.int64]
    area: Floats
    sets: NDArray[np.bool_]
    size: Floats

    @cached_property
    def covered(self) -> Floats:
        """Land under any cause [m²], shape (n,): what several causes claim counts once."""
        return by_group(self.parcel, self.area, len(self.size))

    @cached_property
    def whole(self) -> NDArray[np.bool_]:
        """Parcels without land that is free of every cause, shape (n,)."""
        return (self.size > 0) & (self.covered >= self.size - noise(self.size))

    @cached_property
    def under(self) -> Floats:
        """Land under each cause [m²], shape (n, k); where causes overlap, it counts for each of them."""
        return self._by_cause(self.sets)

    @cached_property
    def alone(self) -> Floats:
        """Land under one cause and no other [m²], shape (n, k)."""
        return self._by_cause(self.sets & (self.sets.sum(axis=1) == 1)[:, None])

    @cached_property
    def first(self) -> Floats:
        """Land of each cause [m²], shape (n, k), where land under several counts for the first of them.

        So the causes of a parcel add up to what it has under any of them.
        """
        return self._by_cause(self.sets & (np.cumsum(self.sets, axis=1) == 1))

    def _by_cause(self, counts: NDArray[np.bool_]) -> Floats:
        out = np.zeros((len(self.size), self.sets.shape[1]))
        for cause in range(out.shape[1]):
            rows = counts[self.group, cause]
            out[:, cause] = by_group(self.parcel[rows], self.area[rows], len(self.size))
        return out

    def parts(self, parcel: int) -> list[tuple[tuple[int, ...], float]]:
        """The sets of causes on one parcel, each with its land [m²], the largest first."""
        rows = slice(*np.searchsorted(self.parcel, (parcel, parcel + 1)))
        found = [
            (tuple(np.flatnonzero(self.sets[group]).tolist()), float(area))
            for group, area in zip(self.group[rows], self.area[rows], strict=True)
        ]
        return sorted(found, key=lambda part: -part[1])


def overlay(parcels: Shapes, causes: Sequence[Cause]) -> Overlay:
    """Cut parcels by causes that may overlap.

    Parameters
    ----------
    parcels
        Valid polygons in metres, shape (n,).
    causes
        The first goes first where land is counted for one cause only.

    Returns
    -------
    Overlay
        Land of less than a square millimetre is left out.

    Examples
    --------
    >>> belt, flood = shapely.box(0, 0, 6, 1), shapely.box(4, 0, 12, 1)
    >>> causes = [Cause(np.array([area]), np.array([])) for area in (belt, flood)]
    >>> found = overlay(np.array([shapely.box(0, 0, 10, 1)]), causes)
    >>> found.under.tolist(), found.alone.tolist(), found.first.tolist(), found.covered.tolist()
    ([[6.0, 6.0]], [[4.0, 4.0]], [[6.0, 4.0]], [10.0])
    """
    return cut(parcels, faces(causes, parcels))


def faces(causes: Sequence[Cause], around: Shapes) -> Faces:
    """The faces into which causes cut the plane around some shapes.

    Parameters
    ----------
    around
        Outlines are kept where these lie; what is far from all of them costs nothing later.
    """
    drawn = around[~(shapely.is_missing(around) | shapely.is_empty(around))]
    window, origin = None, np.zeros(2)
    if len(drawn):
        bounds = shapely.total_bounds(drawn)
        window = shapely.box(*(bounds + np.array([-1, -1, 1, 1]) * _MARGIN_M))
        origin = np.floor((bounds[:2] + bounds[2:]) / 2)
    unions = [tuple(_union(shapes, window, origin) for shapes in (cause.inside, cause.outside)) for cause in causes]
    every = np.array([union for pair in unions for union in pair], dtype=object)
    lines = shapely.union_all(shapely.boundary(every[~shapely.is_empty(every)]), grid_size=_GRID_M)
    shapes = np.asarray(shapely.get_parts(shapely.polygonize([lines])), dtype=object)
    points = shapely.get_coordinates(shapely.point_on_surface(shapes))
    under = np.zeros((len(shapes), len(causes)), dtype=bool)
    beyond = np.array([len(cause.outside) > 0 for cause in causes], dtype=bool)
    for number, (inside, outside) in enumerate(unions):
        under[:, number] = _holds(inside, points)
        if beyond[number]:
            under[:, number] |= ~_holds(outside, points)
    if not beyond.any():
        there = under.any(axis=1)
        shapes, under = shapes[there], under[there]
    return Faces(origin, shapes, under, beyond)


def cut(parcels: Shapes, by: Faces) -> Overlay:
    """Cut parcels by faces; `overlay` in two steps, for callers that keep the faces."""
    size = np.nan_to_num(shapely.area(parcels))
    parcel, face, area = meetings(_moved(parcels, by.origin), by.shapes) if len(by.shapes) else _NO_MEETINGS
    held = np.vstack([by.under, by.beyond])
    met = by_group(parcel, area, len(size))
    rest = size - met
    if by.beyond.any():
        left = np.flatnonzero(rest > noise(size))
        parcel = np.append(parcel, left)
        face = np.append(face, np.full(len(left), len(by.shapes)))
        area = np.append(area, rest[left])
    # a parcel whose faces are all of it has exactly its own area under them
    whole = (np.abs(rest) <= noise(size)) & (met > 0)
    area = area * np.where(whole, size / np.where(whole, met, 1.0), 1.0)[parcel]
    sets, number = np.unique(held, axis=0, return_inverse=True)
    number = number.reshape(-1)
    key, where = np.unique(parcel * len(sets) + number[face], return_inverse=True)
    area = by_group(where, area, len(key))
    parcel, group = key // len(sets), key % len(sets)
    there = (area > NOISE_M2) & sets[group].any(axis=1)
    return Overlay(parcel[there], group[there], area[there], sets, size)


def noise(size: Floats) -> Floats:
    """Area [m²] of parcels of some size [m²] that is arithmetic noise."""
    return np.maximum(_NOISE * size, NOISE_M2)


def _moved(shapes: Shapes, origin: Floats) -> Shapes:
    """Shapes in coordinates that begin at an origin among them.

    Numbers of metres that begin at the equator have a grain of a nanometre, and outlines that nearly fall on one
    another are then snapped together by micrometres. Subtracting an origin nearby loses nothing and leaves small
    numbers, whose grain is a thousand times finer.
    """
    return np.asarray(shapely.transform(shapes, lambda points: points - origin), dtype=object)


def _union(shapes: Shapes, window: shapely.Geometry | None, origin: Floats) -> shapely.Geometry:
    """What shapes cover together inside a window."""
    if window is None or len(shapes) == 0:
        return shapely.GeometryCollection()
    shapely.prepare(window)
    near = shapes[shapely.intersects(window, shapes)]
    crossing = ~shapely.contains(window, near)
    near[crossing] = shapely.intersection(near[crossing], window)
    return _areal(shapely.union_all(_moved(near, origin)))


def _areal(shape: shapely.Geometry) -> shapely.Geometry:
    """The polygons of a shape: lines and points where it only touches the window hold nothing."""
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    parts = shapely.get_parts(shape)
    return shapely.multipolygons(parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON])


def _holds(area: shapely.Geometry, points: Floats) -> NDArray[np.bool_]:
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, points[:, 0], points[:, 1]), dtype=bool)
