"""Map tiles: where a square of a pyramid lies, in Web Mercator and in the pyramid of longitude and latitude.

The working pyramid of the map is Web Mercator, z / x / y from the north-west. The other one, Tianditu's ``_c`` sets
among others, cuts longitude and latitude themselves into squares of 360° ÷ 2^z: its columns are those of Web
Mercator, its rows are not.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Grid = Literal["mercator", "geographic"]
GRIDS: tuple[Grid, ...] = ("mercator", "geographic")

HALF_WORLD = 20037508.342789244
"""Half the side of the Web Mercator square [m]."""
DEEPEST = 22

Box = tuple[float, float, float, float]


def inside(z: int, x: int, y: int, grid: Grid = "mercator") -> bool:
    """Whether a tile exists in a pyramid.

    >>> inside(1, 1, 1), inside(1, 2, 0), inside(1, 1, 1, "geographic")
    (True, False, False)
    """
    rows = 2**z if grid == "mercator" else 2 ** max(z - 1, 0)
    return 0 <= z <= DEEPEST and 0 <= x < 2**z and 0 <= y < rows


def metres(z: int, x: int, y: int) -> Box:
    """West, south, east, north of a tile in Web Mercator [m].

    >>> metres(1, 1, 0)
    (0.0, 0.0, 20037508.342789244, 20037508.342789244)
    """
    side = 2.0 * HALF_WORLD / 2**z
    west, north = x * side - HALF_WORLD, HALF_WORLD - y * side
    return west, north - side, west + side, north


def degrees(
    z: int, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Longitude and latitude of positions in the Web Mercator pyramid, in tiles of one zoom.

    >>> lon, lat = degrees(1, np.array([1.0]), np.array([1.0]))
    >>> float(lon[0]), float(lat[0])
    (0.0, 0.0)
    """
    lon = x / 2.0**z * 360.0 - 180.0
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1.0 - 2.0 * y / 2.0**z))))
    return lon, lat


def position(
    z: int, lon: NDArray[np.float64], lat: NDArray[np.float64], grid: Grid = "mercator"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where longitudes and latitudes lie in a pyramid, in tiles of one zoom: the whole part names the tile.

    >>> x, y = position(10, np.array([116.28]), np.array([39.83]))
    >>> int(x[0]), int(y[0])
    (842, 388)
    >>> x, y = position(10, np.array([116.28]), np.array([39.83]), "geographic")
    >>> int(x[0]), int(y[0])
    (842, 142)
    """
    side = 2.0**z
    x = (lon + 180.0) / 360.0 * side
    if grid == "geographic":
        return x, (90.0 - lat) / 360.0 * side
    sine = np.sin(np.radians(lat))
    return x, (0.5 - np.log((1.0 + sine) / (1.0 - sine)) / (4.0 * np.pi)) * side


def zoom_for(resolution: float, tile_size: int = 256) -> int:
    """The zoom of Web Mercator whose pixels are at least as fine as a resolution [m of the projection].

    >>> zoom_for(0.5)
    19
    """
    wanted = 2.0 * HALF_WORLD / tile_size / max(resolution, 1e-3)
    return int(np.clip(np.ceil(np.log2(max(wanted, 1.0)) - 1e-6), 0, DEEPEST))
