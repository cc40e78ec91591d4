"""The CRS that a survey's header names in words: a datum, the width of its belts and the number of one."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

import numpy as np

Reference = Literal["2000", "1980", "1954", "wgs84"]

BELT_M, BELTS = 1_000_000.0, (13, 45)
"""What a prefix of a belt adds to an easting for each number [m], and the numbers of the belts of China."""

_NORTH, _EAST = (1_000_000.0, 7_000_000.0), (50_000.0, 950_000.0)
"""Metres in which northings, and eastings without a prefix, lie in China."""

_FIRST = {
    # (datum, width): code of the first belt with its number before the east coordinate, without it, its number
    ("2000", 3): (4513, 4534, 25),
    ("2000", 6): (4491, 4502, 13),
    ("1980", 3): (2349, 2370, 25),
    ("1980", 6): (2327, 2338, 13),
    ("1954", 3): (2401, 2422, 25),
    ("1954", 6): (21413, 21453, 13),
}
_MOST = {3: 21, 6: 11}
_DEGREES: dict[str, int] = {"2000": 4490, "1980": 4610, "1954": 4214, "wgs84": 4326}
_LOCAL = ("地方", "独立", "城市", "local")


def reference(text: str) -> Reference | None:
    """The datum that a text names; None for a city's own, and for what is no name of one.

    >>> reference("2000国家大地坐标系"), reference("1980西安坐标系"), reference("北京54"), reference("北京地方坐标系")
    ('2000', '1980', '1954', None)
    """
    plain = re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", text)).casefold()
    if not plain or any(word in plain for word in _LOCAL):
        return None
    if "cgcs2000" in plain or ("2000" in plain and "北京" not in plain) or plain == "国家大地坐标系":
        return "2000"
    if "wgs" in plain:
        return "wgs84"
    if "80" in plain:
        return "1980"
    return "1954" if "54" in plain else None


def belt_crs(datum: str, width: int, number: int, *, prefixed: bool) -> str | None:
    """The CRS of a belt; None where there is no such belt.

    >>> belt_crs("2000", 3, 39, prefixed=True), belt_crs("2000", 3, 39, prefixed=False)
    ('EPSG:4527', 'EPSG:4548')
    >>> belt_crs("1954", 3, 39, prefixed=False), belt_crs("1980", 6, 20, prefixed=True)
    ('EPSG:2436', 'EPSG:2334')
    """
    if (datum, width) not in _FIRST:
        return None
    with_number, without, first = _FIRST[datum, width]
    step = number - first
    return f"EPSG:{(with_number if prefixed else without) + step}" if 0 <= step < _MOST[width] else None


def degrees_crs(datum: str) -> str | None:
    """The CRS of longitude and latitude on a datum."""
    return f"EPSG:{_DEGREES[datum]}" if datum in _DEGREES else None


def norths(values: np.ndarray) -> np.ndarray:
    """Which numbers may be northings in China [m]."""
    return np.asarray((values > _NORTH[0]) & (values < _NORTH[1]))


def easts(values: np.ndarray) -> np.ndarray:
    """Which numbers may be eastings in China [m], with the prefix of a belt or without."""
    belt = np.floor(values / BELT_M)
    own = values - np.where((belt >= BELTS[0]) & (belt <= BELTS[1]), belt, 0.0) * BELT_M
    return np.asarray((own > _EAST[0]) & (own < _EAST[1]))
