"""Slope and aspect of heights, as GDAL's ``gdaldem`` works them out: from the eight neighbours of a cell.

Heights and distances are both in metres: a grid in degrees is brought to a projected CRS first. A cell without a
value, or with a neighbour that has none, and the outermost cells of a grid have neither slope nor aspect.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["horn", "zevenbergen_thorne"]


def slope(heights: NDArray[np.float64], cell: tuple[float, float], method: Method = "horn") -> NDArray[np.float64]:
    """Steepest slope [°], shape (rows, columns); NaN where it is not known.

    Parameters
    ----------
    heights
        Heights [m], the first row in the north, NaN where there is none, shape (rows, columns).
    cell
        Width and height of a cell [m].
    method
        ``horn`` weighs the four nearest neighbours twice, ``zevenbergen_thorne`` takes only these; the first is
        better on rough ground, the second on smooth.

    Examples
    --------
    >>> plane = np.add.outer(np.zeros(3), 10.0 * np.arange(3))  # rises by 10 m from cell to cell, towards the east
    >>> float(slope(plane, (10.0, 10.0))[1, 1])
    45.0
    """
    east, north = _gradient(heights, cell, method)
    return np.degrees(np.arctan(np.hypot(east, north)))


def aspect(heights: NDArray[np.float64], cell: tuple[float, float], method: Method = "horn") -> NDArray[np.float64]:
    """The direction in which the ground falls [°]: 0 north, 90 east; NaN where it is flat or not known.

    Parameters
    ----------
    heights, cell, method
        As in `slope`.
    """
    east, north = _gradient(heights, cell, method)
    towards = np.degrees(np.arctan2(-east, -north)) % 360.0
    return np.where((east == 0.0) & (north == 0.0), np.nan, towards)


def _gradient(
    heights: NDArray[np.float64], cell: tuple[float, float], method: Method
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rise towards the east and towards the north, metres a metre."""
    wide, high = cell
    east, north = np.full(heights.shape, np.nan), np.full(heights.shape, np.nan)
    if min(heights.shape) < 3:
        return east, north
    rows, columns = heights.shape

    def at(down: int, right: int) -> NDArray[np.float64]:
        return heights[1 + down : rows - 1 + down, 1 + right : columns - 1 + right]

    inner = np.s_[1:-1, 1:-1]
    if method == "horn":
        east[inner] = (at(-1, 1) + 2 * at(0, 1) + at(1, 1) - at(-1, -1) - 2 * at(0, -1) - at(1, -1)) / (8 * wide)
        north[inner] = (at(-1, -1) + 2 * at(-1, 0) + at(-1, 1) - at(1, -1) - 2 * at(1, 0) - at(1, 1)) / (8 * high)
    else:
        east[inner] = (at(0, 1) - at(0, -1)) / (2 * wide)
        north[inner] = (at(-1, 0) - at(1, 0)) / (2 * high)
    # every neighbour must be known under either method, as GDAL has it
    known = ~np.isnan(at(0, 0))
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            known &= ~np.isnan(at(down, right))
    for part in (east, north):
        part[inner] = np.where(known, part[inner], np.nan)
    return east, north
