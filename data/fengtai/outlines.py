"""Where the sub-areas of the demo lie: outlines in the working CRS and a local frame for each.

Only 东区三期 has published bounds (four roads). Every other outline is schematic: placed by a station or an
anchor point that is known, and scaled to the land area that is published or follows by subtraction.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyproj
import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

WORKING_CRS = "EPSG:4548"
GEOGRAPHIC_CRS = "EPSG:4490"
FACTS = Path(__file__).parent.parent / "facts"
DECIMALS = 9

_TO_PLANE = pyproj.Transformer.from_crs(GEOGRAPHIC_CRS, WORKING_CRS, always_xy=True)
_TO_DEGREES = pyproj.Transformer.from_crs(WORKING_CRS, GEOGRAPHIC_CRS, always_xy=True)

Pairs = tuple[tuple[float, float], ...]


def unit(key: str) -> float:
    """A number in [0, 1) that depends on nothing but the text: the demo holds no random draw.

    >>> unit("E3-01") == unit("E3-01")
    True
    """
    mixed = zlib.crc32(key.encode()) * 2654435761 % 2**32
    return mixed / 2**32


def to_plane(shape: BaseGeometry) -> BaseGeometry:
    """A shape in degrees, in metres of the working CRS."""
    return shapely.transform(shape, lambda xy: np.column_stack(_TO_PLANE.transform(xy[:, 0], xy[:, 1])))


def to_degrees(shape: BaseGeometry) -> BaseGeometry:
    """A shape in metres of the working CRS, in degrees with as many decimals as the files hold."""
    degrees = shapely.transform(
        shape, lambda xy: np.round(np.column_stack(_TO_DEGREES.transform(xy[:, 0], xy[:, 1])), DECIMALS)
    )
    return degrees


@dataclass(frozen=True)
class Outline:
    """A sub-area: its ring and four of its corners, in the order SW, SE, NE, NW, as a frame of u and v.

    Parameters
    ----------
    zone_id, code
        Key of the zones table, and the prefix of parcel numbers.
    ring
        Outline [m].
    corners
        Corners that (0, 0), (1, 0), (1, 1) and (0, 1) of the local frame stand for.
    """

    zone_id: str
    code: str
    ring: Polygon
    corners: Pairs

    def point(self, u: float, v: float) -> tuple[float, float]:
        """Position of a place of the local frame [m]."""
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.corners
        west, east = (1 - u) * (1 - v), u * (1 - v)
        north_east, north_west = u * v, (1 - u) * v
        return (
            west * x0 + east * x1 + north_east * x2 + north_west * x3,
            west * y0 + east * y1 + north_east * y2 + north_west * y3,
        )


@dataclass(frozen=True)
class _Sketch:
    zone_id: str
    code: str
    hectares: float
    ring: Pairs
    frame: tuple[int, int, int, int]


_SKETCHES = (
    # North of the south 4th ring road, around 科怡路 and 丰台南路 stations; 176 ha published.
    _Sketch(
        "east-1",
        "E1",
        176.0,
        (
            (116.2786, 39.8358),
            (116.2902, 39.8339),
            (116.2966, 39.8327),
            (116.2974, 39.8418),
            (116.2935, 39.8440),
            (116.2842, 39.8452),
            (116.2781, 39.8442),
        ),
        (0, 2, 3, 6),
    ),
    # South of the ring road and west of the line 9 street; 401 − 176 − 181 = 44 ha.
    _Sketch(
        "east-2",
        "E2",
        44.0,
        ((116.2838, 39.8264), (116.2905, 39.8254), (116.2903, 39.8321), (116.2835, 39.8333)),
        (0, 1, 2, 3),
    ),
    # South of 园博园 station, its east side along the river; ~134 ha published.
    _Sketch(
        "west-1",
        "W1",
        134.0,
        (
            (116.1886, 39.8494),
            (116.1978, 39.8480),
            (116.2058, 39.8499),
            (116.2036, 39.8545),
            (116.2008, 39.8592),
            (116.1878, 39.8586),
        ),
        (0, 2, 4, 5),
    ),
    # By 张郭庄 station; 162 − 134 = 28 ha, two sources of different years.
    _Sketch(
        "west-2",
        "W2",
        28.0,
        (
            (116.1786, 39.8503),
            (116.1853, 39.8497),
            (116.1850, 39.8547),
            (116.1808, 39.8553),
            (116.1781, 39.8544),
        ),
        (0, 1, 2, 4),
    ),
    # North of 长辛店 railway station; no area published.
    _Sketch(
        "expanded-c",
        "XC",
        48.0,
        (
            (116.1942, 39.8291),
            (116.1990, 39.8287),
            (116.2001, 39.8334),
            (116.1985, 39.8374),
            (116.1930, 39.8368),
        ),
        (0, 1, 3, 4),
    ),
    # About the published anchor (± 500 m); no area published.
    _Sketch(
        "expanded-l",
        "XL",
        62.0,
        (
            (116.1932, 39.8121),
            (116.1978, 39.8117),
            (116.1992, 39.8142),
            (116.1991, 39.8213),
            (116.1936, 39.8219),
            (116.1928, 39.8168),
        ),
        (0, 1, 3, 4),
    ),
)


def _drawn(sketch: _Sketch) -> Outline:
    rough = to_plane(Polygon(sketch.ring))
    factor = float(np.sqrt(sketch.hectares * 10_000 / rough.area))
    centre = rough.centroid
    ring = shapely.transform(rough, lambda xy: (xy - [centre.x, centre.y]) * factor + [centre.x, centre.y])
    vertices = [(float(x), float(y)) for x, y in ring.exterior.coords]
    return Outline(sketch.zone_id, sketch.code, ring, tuple(vertices[i] for i in sketch.frame))


def _third_phase() -> Outline:
    """东区三期, as derived from its four bounding roads."""
    features = json.loads((FACTS / "derived_zones_and_anchors.geojson").read_text(encoding="utf-8"))["features"]
    shape = next(f["geometry"] for f in features if f["properties"]["id"] == "E3")
    ring = to_plane(Polygon(shape["coordinates"][0]))
    vertices = [(float(x), float(y)) for x, y in ring.exterior.coords]
    return Outline("east-3", "E3", ring, (vertices[0], vertices[1], vertices[2], vertices[4]))


def outlines() -> tuple[Outline, ...]:
    """The seven sub-areas, in the order of the zones table."""
    drawn = {sketch.zone_id: _drawn(sketch) for sketch in _SKETCHES} | {"east-3": _third_phase()}
    return tuple(
        drawn[zone_id] for zone_id in ("east-1", "east-2", "east-3", "west-1", "west-2", "expanded-c", "expanded-l")
    )
