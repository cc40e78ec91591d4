"""Boundary points (界址点) of an outline as surveys write them: J1 … Jn, X to the north, Y to the east.

Each ring begins at its north-west corner. The outer ring runs clockwise, holes run the other way, numbers run on
from ring to ring, and every ring ends with its first point again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from spatial.vertices import rings


@dataclass(frozen=True)
class BoundaryPoint:
    """One boundary point.

    Parameters
    ----------
    number
        ``J1``, ``J2`` …; the closing point has the number of the first.
    ring
        Number of its ring over all parts, from 1.
    x, y
        North and east in the working CRS [m].
    side
        Length of the side that leads to the next point [m]; None at the closing point.
    """

    number: str
    ring: int
    x: float
    y: float
    side: float | None


def boundary_points(shape: BaseGeometry) -> tuple[BoundaryPoint, ...]:
    """The boundary points of a polygon, ring by ring, each with its closing point.

    Examples
    --------
    >>> [(one.number, one.x, one.y) for one in boundary_points(shapely.box(0, 0, 2, 1))]
    [('J1', 1.0, 0.0), ('J2', 1.0, 2.0), ('J3', 0.0, 2.0), ('J4', 0.0, 0.0), ('J1', 1.0, 0.0)]
    """
    found: list[BoundaryPoint] = []
    first, number = 1, 0
    for part in rings(shape):
        for place, ring in enumerate(part):
            number += 1
            points = _begun(ring[:-1], clockwise=place == 0)
            sides = np.hypot(*(np.roll(points, -1, axis=0) - points).T)
            for i, ((east, north), side) in enumerate(zip(points.tolist(), sides.tolist(), strict=True)):
                found.append(BoundaryPoint(f"J{first + i}", number, north, east, side))
            found.append(BoundaryPoint(f"J{first}", number, float(points[0, 1]), float(points[0, 0]), None))
            first += len(points)
    return tuple(found)


def _begun(points: NDArray[np.float64], *, clockwise: bool) -> NDArray[np.float64]:
    """A ring in its direction, from its north-west corner."""
    if shapely.is_ccw(shapely.linearrings(points)) == clockwise:
        points = points[::-1]
    return np.roll(points, -int(np.argmax(points[:, 1] - points[:, 0])), axis=0)


def as_text(points: tuple[BoundaryPoint, ...], decimals: int = 3) -> str:
    """Boundary points as a table with tabs, to be pasted into a sheet: number, ring, X, Y, side.

    >>> print(as_text(boundary_points(shapely.box(0, 0, 2, 1))[3:]).expandtabs(8))
    点号      圈号      X(北)    Y(东)    边长(m)
    J4      1       0.000   0.000   1.000
    J1      1       1.000   0.000
    """
    lines = ["点号\t圈号\tX(北)\tY(东)\t边长(m)"]
    for one in points:
        side = "" if one.side is None else f"{one.side:.{decimals}f}"
        lines.append(f"{one.number}\t{one.ring}\t{one.x:.{decimals}f}\t{one.y:.{decimals}f}\t{side}".rstrip())
    return "\n".join(lines)
