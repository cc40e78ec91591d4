"""Where data lands, in words: outside China, outside what its CRS is made for, or in a district that people know."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from pyproj import CRS, Transformer

from layers.readers.doubts import placing
from layers.readers.doubts.finding import Cure, Finding
from layers.workspace import Workspace
from spatial import crs as crs_

Box = tuple[float, float, float, float]

CHINA: Box = (73.4, 3.4, 135.1, 53.6)
"""West, south, east and north [degrees]."""
_PLACES: tuple[tuple[str, str, Box], ...] = (
    ("北京市丰台区一带", "about Fengtai, Beijing", (116.04, 39.76, 116.47, 39.90)),
    ("北京市一带", "about Beijing", (115.42, 39.44, 117.51, 41.06)),
    ("中国境内", "in China", CHINA),
)
_BESIDE = 0.3
"""How far [degrees] beyond the edge of its CRS data may lie before that is told: belts overlap."""
_WGS84 = 4326


def findings(placed: np.ndarray, read_as: tuple[str, str | None], workspace: Workspace) -> Iterator[Finding]:
    """What there is to say about the place of data.

    Parameters
    ----------
    placed
        In the working CRS, shape (n,).
    read_as
        CRS that the file was read in, and why.
    """
    at = middle_of(placed, workspace.pyproj_crs)
    if at is None:
        return
    (lon, lat), crs = at, crs_.parse(read_as[0])
    words = (place(lon, lat, "zh-CN"), place(lon, lat, "en"))
    evidence = {"place": words, "longitude": lon, "latitude": lat, "crs": read_as[0] if crs.to_epsg() else crs.name}
    inside = _within(CHINA, lon, lat)
    if not inside and chinese(crs):
        yield Finding("outside_china", "asks", evidence, "geometry")
        return
    area = crs.area_of_use
    if crs.is_projected and area is not None:
        box = (area.west, area.south, area.east, area.north)
        if not _within(_wider(box), lon, lat):
            valid = f"{area.west:g}–{area.east:g}° E, {area.south:g}–{area.north:g}° N"
            yield Finding("outside_zone", "asks", evidence | {"valid": valid}, "geometry")
            return
    if inside and crs.is_geographic and crs.to_epsg() == _WGS84 and read_as[1] == "file":
        cure = Cure("crs", {"crs": crs_.LONLAT}, {"crs": crs_.LONLAT})
        yield Finding("wgs84_said", "tells", {"crs": read_as[0]}, "geometry", (), cure)


def middle_of(placed: np.ndarray, working: CRS) -> tuple[float, float] | None:
    """Longitude and latitude of the middle of data in the working CRS; None where there is none."""
    x, y = placing.middle(placed)
    if not np.isfinite([x, y]).all():
        return None
    lon, lat = Transformer.from_crs(working, crs_.LONLAT, always_xy=True).transform(x, y)
    return (float(lon), float(lat)) if np.isfinite([lon, lat]).all() else None


def place(lon: float, lat: float, language: str) -> str:
    """A place by its degrees, and what people call its surroundings.

    >>> place(116.28, 39.83, "en"), place(-71.1, 42.37, "zh-CN")
    ('116.2800° E, 39.8300° N, about Fengtai, Beijing', '71.1000° W, 42.3700° N')
    """
    said = f"{abs(lon):.4f}° {'E' if lon >= 0 else 'W'}, {abs(lat):.4f}° {'N' if lat >= 0 else 'S'}"
    known = next((one for one in _PLACES if _within(one[2], lon, lat)), None)
    if known is None:
        return said
    return f"{said}（{known[0]}）" if language == "zh-CN" else f"{said}, {known[1]}"


def chinese(crs: CRS) -> bool:
    """Whether a CRS is one of China, by its datum.

    >>> chinese(crs_.parse("EPSG:4548")), chinese(crs_.parse("EPSG:32650"))
    (True, False)
    """
    base = crs.geodetic_crs
    return base is not None and base.to_epsg() in (4490, 4610, 4214, 4555)


def _within(box: Box, lon: float, lat: float) -> bool:
    return box[0] <= lon <= box[2] and box[1] <= lat <= box[3]


def _wider(box: Box) -> Box:
    return (box[0] - _BESIDE, box[1] - _BESIDE, box[2] + _BESIDE, box[3] + _BESIDE)
