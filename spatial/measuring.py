"""Length and area of what somebody draws, in the plane of the working CRS and on the ellipsoid, never mixed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Transformer
from shapely.geometry import LineString, Polygon

from spatial.area import ellipsoidal
from spatial.crs import CGCS2000, LONLAT
from spatial.errors import ShapeRefused

_SEGMENT = 70.0
"""Longest piece of a drawn side [m] that counts as one geodesic, as for areas."""


@dataclass(frozen=True)
class Measured:
    """A drawn line or outline, measured.

    Parameters
    ----------
    length_planar_m, length_ellipsoidal_m
        Length of the line, or around the outline [m].
    area_planar_m2, area_ellipsoidal_m2
        Area [m²]; None for a line.
    """

    length_planar_m: float
    length_ellipsoidal_m: float
    area_planar_m2: float | None = None
    area_ellipsoidal_m2: float | None = None


def measure(points: Sequence[tuple[float, float]], crs: CRS, *, closed: bool = False) -> Measured:
    """Measure a line, or the outline that is closed from its last point to its first.

    Parameters
    ----------
    points
        Coordinates in `crs`.

    Raises
    ------
    ShapeRefused
        When there are too few points, or an outline crosses itself and so has no area.
    """
    ring = [*points, points[0]] if closed and points else list(points)
    coordinates = np.array(ring, dtype=float).reshape(-1, 2)
    if len(points) < (3 if closed else 2) or not np.isfinite(coordinates).all():
        raise _refused("点数不够", "too few points", coordinates)
    line = LineString(coordinates)
    fine = shapely.get_coordinates(shapely.segmentize(line, _SEGMENT))
    lon, lat = Transformer.from_crs(crs, LONLAT, always_xy=True).transform(fine[:, 0], fine[:, 1])
    length = float(CGCS2000.line_length(lon, lat))
    if not closed:
        return Measured(line.length, length)
    outline = Polygon(coordinates)
    if not outline.is_valid:
        raise _refused("边界自相交", "the outline crosses itself", coordinates)
    on_ellipsoid = float(ellipsoidal(np.array([outline], dtype=object), crs)[0])
    return Measured(line.length, length, outline.area, on_ellipsoid)


def _refused(said: str, reason: str, points: np.ndarray) -> ShapeRefused:
    east, north = (f"{one:.3f}" for one in (points[0] if len(points) else (0.0, 0.0)))
    return ShapeRefused(where=f"{north}, {east}", said=said, reason=reason, north=north, east=east)
