"""Where a user points: a place, a stored vertex, or a place on a stored edge.

A screen knows outlines to the centimetre only. What it snaps to therefore travels as a reference, and becomes
coordinates here, on the stored geometry, in the transaction.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pyproj import Transformer
from shapely.geometry import LineString, Polygon

from layers.changes import Key
from layers.commands.errors import PointRefused
from layers.rows import row
from layers.workspace import Workspace
from spatial.crs import LONLAT
from spatial.reworking import sound
from spatial.vertices import ring_of

Coordinates = tuple[float, float]


@dataclass(frozen=True)
class At:
    """A place in the working CRS: east and north [m]."""

    x: float
    y: float


@dataclass(frozen=True)
class AtVertex:
    """A vertex of a parcel.

    Parameters
    ----------
    part, ring, index
        Which part, which ring of it (0 is the outer one) and which vertex of that, all from 0; a ring has as many
        vertices as corners.
    """

    parcel_id: str
    part: int
    ring: int
    index: int


@dataclass(frozen=True)
class OnEdge:
    """A place on an edge of a parcel.

    Parameters
    ----------
    index
        The edge begins at this vertex and ends at the next.
    fraction
        How far along it, 0 … 1.
    """

    parcel_id: str
    part: int
    ring: int
    index: int
    fraction: float


Point = At | AtVertex | OnEdge
Line: TypeAlias = LineString | tuple[Point, ...]


def at_lonlat(workspace: Workspace, lon: float, lat: float) -> At:
    """A place that is given in CGCS2000 longitude and latitude [°]."""
    x, y = Transformer.from_crs(LONLAT, workspace.pyproj_crs, always_xy=True).transform(lon, lat)
    return At(float(x), float(y))


def resolve(workspace: Workspace, point: Point) -> Coordinates:
    """The coordinates of a point, to the last bit of the stored ones where it refers to some.

    Raises
    ------
    NothingSuch, PointRefused
    """
    if isinstance(point, At):
        if not all(_number(one) for one in (point.x, point.y)):
            raise PointRefused(where="", value=f"{point.x}, {point.y}"[:60])
        return float(point.x), float(point.y)
    if isinstance(point, AtVertex):
        return ends(workspace, point)[0]
    if not _number(point.fraction) or not 0 <= point.fraction <= 1:
        raise PointRefused(where=point.parcel_id[:40], value=str(point.fraction)[:20])
    (x, y), (u, v) = ends(workspace, point)
    if point.fraction in (0, 1):
        return (x, y) if point.fraction == 0 else (u, v)
    return x + point.fraction * (u - x), y + point.fraction * (v - y)


def ends(workspace: Workspace, point: AtVertex | OnEdge) -> tuple[Coordinates, Coordinates]:
    """A vertex and the one after it.

    Raises
    ------
    NothingSuch, PointRefused
    """
    shape = row(workspace, "parcels", point.parcel_id).get("geometry", Polygon())
    try:
        points = ring_of(shape, point.part, point.ring)
        if not 0 <= point.index < len(points):
            raise IndexError
    except (IndexError, TypeError) as error:
        value = f"{point.part}/{point.ring}/{point.index}"
        raise PointRefused(where=point.parcel_id[:40], value=value[:60]) from error
    first, second = points[point.index].tolist(), points[(point.index + 1) % len(points)].tolist()
    return (first[0], first[1]), (second[0], second[1])


def line_of(workspace: Workspace, line: Line) -> LineString:
    """A line from its points; one that has coordinates already is what it is.

    Raises
    ------
    NothingSuch, PointRefused
    """
    if not isinstance(line, tuple):
        return line
    if len(line) < 2:
        raise PointRefused(where="", value=f"{len(line)} < 2")
    return LineString([resolve(workspace, point) for point in line])


def outline_of(workspace: Workspace, rings: Iterable[tuple[Point, ...]]) -> Polygon:
    """A polygon from the corners of its outer ring and of its holes.

    Raises
    ------
    NothingSuch, PointRefused, ShapeRefused
    """
    corners = [[resolve(workspace, point) for point in ring] for ring in rings]
    few = min(map(len, corners), default=0)
    if few < 3:
        raise PointRefused(where="", value=f"{few} < 3")
    return sound(Polygon(corners[0], corners[1:]))


def looked_at(points: Iterable[object]) -> tuple[Key, ...]:
    """The parcels that points refer to: a command rests on them as they were seen."""
    keys = (point.parcel_id for point in points if isinstance(point, (AtVertex, OnEdge)))
    return tuple(("parcels", key) for key in dict.fromkeys(keys))


def _number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
