"""What is wrong between shapes: land that two of them claim, and land that lies where it should not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Overlaps:
    """Pairs of shapes that share land: positions with `left` < `right`, and the area [m²], each of shape (k,)."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    area: NDArray[np.float64]


def overlaps(shapes: Shapes, tolerance: float) -> Overlaps:
    """Pairs of shapes that share more land than the tolerance [m²].

    Parameters
    ----------
    shapes
        Valid polygons, shape (n,); missing ones overlap nothing.

    Examples
    --------
    >>> found = overlaps(np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1), shapely.box(3, 0, 4, 1)]), 0.01)
    >>> found.left.tolist(), found.right.tolist(), found.area.tolist()
    ([0], [1], [1.0])
    """
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    left, right = left[left < right], right[left < right]
    area = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    real = area > tolerance
    return Overlaps(left[real], right[real], area[real])


def sticking_out(inner: Shapes, outer: Shapes) -> NDArray[np.float64]:
    """Area of each shape [m²] that lies outside its partner, shape (n,); 0 where one of the two is missing.

    >>> sticking_out(np.array([shapely.box(0, 0, 2, 1)]), np.array([shapely.box(0, 0, 1.5, 1)])).tolist()
    [0.5]
    """
    return np.nan_to_num(shapely.area(shapely.difference(inner, outer)))
