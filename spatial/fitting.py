"""Fitting an outline to its neighbours: without what they cover, and up to where they begin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry import MultiPolygon
from shapely.geometry.base import BaseGeometry

from spatial.errors import FillRefused
from spatial.shaping import SLIVER_M2, NothingLeft

WIDEST_GAP = 10.0
"""Widest gap that may be filled [m]: anything wider is land of its own."""

_HAIR = 1e-3
"""Width [m] below which a gap is none: what rounding leaves along outlines that meet."""


def trim(shape: BaseGeometry, others: Sequence[BaseGeometry]) -> BaseGeometry:
    """A polygon without what others cover of it; its new edges are theirs.

    Raises
    ------
    NothingLeft
    """
    left = _polygons(shapely.difference(shape, shapely.union_all(np.array(others, dtype=object))))
    if left is None:
        raise NothingLeft
    return left


def filled(shape: BaseGeometry, others: Sequence[BaseGeometry], width: float) -> BaseGeometry:
    """A polygon with the gaps between it and others that are no wider than a width; its new edges are theirs.

    Parameters
    ----------
    others
        Neighbours that the polygon does not overlap.
    width
        Widest gap to fill [m].

    Raises
    ------
    FillRefused

    Examples
    --------
    >>> short = shapely.box(0, 0, 9.8, 10)
    >>> filled(short, [shapely.box(10, 0, 20, 10)], 0.5).area
    100.0
    """
    if not 0 < width <= WIDEST_GAP:
        raise FillRefused(value=str(width)[:20], limit=f"{WIDEST_GAP:g}")
    if not others:
        return shape
    near = shapely.union_all(np.array(others, dtype=object))
    both = shapely.union(shape, near)
    closed = both.buffer(width / 2, join_style="mitre").buffer(-width / 2, join_style="mitre")
    gaps = shapely.difference(closed, both).buffer(-_HAIR, join_style="mitre").buffer(2 * _HAIR, join_style="mitre")
    reach = shape.buffer(width, join_style="mitre")  # a gap between others goes on where this one ends
    gaps = shapely.intersection(shapely.intersection(gaps, closed), reach)
    mine = [gap for gap in shapely.get_parts(gaps) if shapely.intersection(gap, shape).area > 0]
    if not mine:
        return shape
    whole = _polygons(shapely.difference(shapely.union_all(np.array([shape, *mine], dtype=object)), near))
    return shape if whole is None else whole


def _polygons(shape: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a geometry that are no slivers; None where there is none."""
    found = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area >= SLIVER_M2]
    if not found:
        return None
    return found[0] if len(found) == 1 else MultiPolygon(found)
