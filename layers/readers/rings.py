"""Rings of one feature as an outline with holes and parts, by what lies in what."""

from __future__ import annotations

import numpy as np
import shapely


def nested(rings: np.ndarray) -> shapely.Geometry:
    """One polygon, or several, from rings in any order and direction.

    A ring that lies in an odd number of others is a hole of the smallest of them; all others are parts.

    Parameters
    ----------
    rings
        A polygon without holes for each ring, shape (n,), n ≥ 1.

    Examples
    --------
    >>> found = nested(np.array([shapely.box(0, 0, 9, 9), shapely.box(1, 1, 3, 3), shapely.box(20, 0, 21, 1)]))
    >>> found.geom_type, found.area
    ('MultiPolygon', 78.0)
    """
    if len(rings) == 1:
        return rings[0]
    area = shapely.area(rings)
    inner, outer = shapely.STRtree(rings).query(rings, predicate="covered_by")
    inside = area[inner] < area[outer]
    inner, outer = inner[inside], outer[inside]
    depth = np.bincount(inner, minlength=len(rings))
    holes: dict[int, list[int]] = {int(i): [] for i in np.flatnonzero(depth % 2 == 0)}
    for ring in np.flatnonzero(depth % 2 == 1).tolist():
        around = outer[(inner == ring)]
        around = around[depth[around] == depth[ring] - 1]
        if len(around):
            holes[int(around[np.argmin(area[around])])].append(ring)
        else:  # rings that cross one another: it is a part, and the check says that parts overlap
            holes[ring] = []
    outlines = [shapely.get_exterior_ring(ring) for ring in rings]
    parts = [shapely.Polygon(outlines[shell], [outlines[i] for i in some]) for shell, some in sorted(holes.items())]
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
