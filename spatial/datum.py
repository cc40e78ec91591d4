"""GCJ-02 and BD-09: the shifted coordinates of Chinese web maps, to and from true longitude and latitude.

True is CGCS2000, which WGS 84 equals to well below a metre. Tiles of Gaode, Tencent and Google China lie in GCJ-02,
those of Baidu in BD-09: in Fengtai some 548 m and 1,355 m away. The shift is smooth, so the way back is a fixed
point; it is found to 1e-10 degrees, a hundredth of a millimetre.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Datum = Literal["wgs84", "gcj02", "bd09"]
"""``wgs84`` stands for true coordinates, CGCS2000 among them."""
NAMES: dict[Datum, str] = {"wgs84": "CGCS2000 / WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}

Degrees = NDArray[np.float64]

_AXIS = 6378245.0
_ECCENTRICITY2 = 0.00669342162296594323
_WEST, _SOUTH, _EAST, _NORTH = 72.004, 0.8293, 137.8347, 55.8271
_CENTRE = (105.0, 35.0)
_TURN = np.pi * 3000.0 / 180.0
_CLOSE = 1e-10
_ROUNDS = 30


def covers(lon: Degrees, lat: Degrees) -> NDArray[np.bool_]:
    """Where the shift is defined: a box around China. Elsewhere coordinates stay as they are.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).

    Examples
    --------
    >>> covers(np.array([116.28, -71.1]), np.array([39.83, 42.4])).tolist()
    [True, False]
    """
    return np.asarray((lon > _WEST) & (lon < _EAST) & (lat > _SOUTH) & (lat < _NORTH), dtype=np.bool_)


def shifted(lon: Degrees, lat: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """True coordinates as a datum shows them.

    Parameters
    ----------
    lon, lat
        Degrees, shape (n,).

    Returns
    -------
    tuple of ndarray
        Longitude and latitude in the datum, shape (n,).

    Examples
    --------
    >>> lon, lat = shifted(np.array([116.377817]), np.array([39.911954]), "gcj02")
    >>> round(float(lon[0]), 5), round(float(lat[0]), 5)
    (116.38405, 39.91335)
    """
    if datum == "wgs84":
        return lon, lat
    inside = covers(lon, lat)
    there = _gcj02(lon, lat)
    if datum == "bd09":
        there = _bd09(*there)
    return np.where(inside, there[0], lon), np.where(inside, there[1], lat)


def restored(lon: Degrees, lat: Degrees, datum: Datum) -> tuple[Degrees, Degrees]:
    """Coordinates of a datum as true ones: the inverse of `shifted`.

    Examples
    --------
    >>> lon, lat = restored(*shifted(np.array([116.28]), np.array([39.83]), "bd09"), "bd09")
    >>> bool(abs(lon[0] - 116.28) < 1e-9 and abs(lat[0] - 39.83) < 1e-9)
    True
    """
    true_lon, true_lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if datum == "wgs84" or true_lon.size == 0:
        return true_lon, true_lat
    for _ in range(_ROUNDS):
        there_lon, there_lat = shifted(true_lon, true_lat, datum)
        off_lon, off_lat = there_lon - lon, there_lat - lat
        true_lon, true_lat = true_lon - off_lon, true_lat - off_lat
        if max(np.abs(off_lon).max(), np.abs(off_lat).max()) < _CLOSE:
            break
    return true_lon, true_lat


def _gcj02(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    x, y = lon - _CENTRE[0], lat - _CENTRE[1]
    root = np.sqrt(np.abs(x))
    both = (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    north += (160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    east += (150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - _ECCENTRICITY2 * np.sin(phi) ** 2
    meridian = _AXIS * (1.0 - _ECCENTRICITY2) / (w2 * np.sqrt(w2))
    parallel = _AXIS / np.sqrt(w2) * np.cos(phi)
    return lon + np.degrees(east / parallel), lat + np.degrees(north / meridian)


def _bd09(lon: Degrees, lat: Degrees) -> tuple[Degrees, Degrees]:
    """BD-09 of coordinates in GCJ-02."""
    length = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _TURN)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _TURN)
    return length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006
