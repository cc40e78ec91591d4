"""Where areas are true: the working CRS, how much it distorts at the data, and what is refused.

Areas are computed in one projected CRS per workspace, in metres. The judgement is by areal distortion at the
data, never by a list of names: Web Mercator is projected and metric, and still shows Beijing 1.70 × too large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.proj import Proj

from spatial.errors import NotMetric, UnknownCrs, UnsuitableCrs

DEFAULT_CRS = "EPSG:4548"
"""CGCS2000 / 3-degree Gauss-Kruger CM 117E: Beijing, 115.5-118.5° E."""

LONLAT = "EPSG:4490"
"""CGCS2000 longitude and latitude: how coordinates travel to people and files."""

CGCS2000 = Geod(a=6378137.0, rf=298.257222101)
"""The ellipsoid of CGCS2000, named by its axes and not by WGS84."""

REFUSE_ABOVE = 0.005
WARN_ABOVE = 0.0005

Bounds = tuple[float, float, float, float]
Verdict = Literal["good", "warn", "refuse"]


@dataclass(frozen=True)
class Distortion:
    """How far areas in a CRS are from the ellipsoid at the data.

    `share` is the largest relative difference found, signed: 0.0007 means areas come out 0.07 % too large.
    """

    crs: str
    share: float
    verdict: Verdict


def parse(text: str) -> CRS:
    """A CRS from an EPSG code, WKT or PROJ text.

    Raises
    ------
    UnknownCrs
        When PROJ does not understand the text.

    Examples
    --------
    >>> parse("EPSG:4548").to_epsg()
    4548
    """
    try:
        return CRS.from_user_input(text)
    except (CRSError, ProjError) as error:
        raise UnknownCrs(where="crs", crs=str(text)[:80]) from error


def label(crs: CRS) -> str:
    """The shortest text that names a CRS again: its authority code, or its WKT.

    >>> label(parse("EPSG:4548"))
    'EPSG:4548'
    """
    code = crs.to_epsg(min_confidence=100)
    return f"EPSG:{code}" if code else crs.to_wkt()


def suggestion(longitude: float, latitude: float = 40.0) -> str:
    """The metric CRS to recommend at a place: the CGCS2000 3° belt in China, else the UTM zone.

    >>> suggestion(116.28)
    'EPSG:4548'
    >>> suggestion(-71.1, 42.4)
    'EPSG:32619'
    """
    belt = round(longitude / 3)
    if 25 <= belt <= 45 and 3 <= latitude <= 54:
        return f"EPSG:{4534 + belt - 25}"
    zone = int((longitude + 180) // 6) % 60 + 1
    return f"EPSG:{(32600 if latitude >= 0 else 32700) + zone}"


def areal_scale(crs: CRS, longitude: NDArray[np.float64], latitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area in the CRS divided by area on its ellipsoid, at points.

    Parameters
    ----------
    longitude, latitude
        Degrees, shape (n,).

    Returns
    -------
    ndarray
        Shape (n,); infinite where the projection does not reach.
    """
    factors = Proj(crs).get_factors(longitude, latitude, radians=False, errcheck=False)
    scale = np.abs(np.asarray(factors.areal_scale, dtype=float))
    return np.where(np.isfinite(scale) & (scale > 0), scale, np.inf)


def distortion(crs: CRS, bounds: Bounds) -> Distortion:
    """The largest areal distortion of a CRS over a longitude-latitude box.

    Raises
    ------
    NotMetric
        For degrees, feet or any unit but the metre.

    Examples
    --------
    >>> box = (116.10, 39.78, 116.40, 39.90)
    >>> distortion(parse("EPSG:4548"), box).verdict
    'good'
    >>> distortion(parse("EPSG:4547"), box).verdict
    'warn'
    >>> distortion(parse("EPSG:3857"), box).verdict
    'refuse'
    """
    metric(crs, bounds)
    west, south, east, north = bounds
    lon, lat = (side.ravel() for side in np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5)))
    shares = areal_scale(crs, lon, lat) - 1.0
    share = float(shares[np.argmax(np.abs(shares))])
    size = abs(share)
    verdict: Verdict = "refuse" if size > REFUSE_ABOVE else "warn" if size > WARN_ABOVE else "good"
    return Distortion(label(crs), share, verdict)


def metric(crs: CRS, bounds: Bounds | None = None) -> CRS:
    """The CRS itself when it is projected and measures in metres.

    Raises
    ------
    NotMetric
        Otherwise, with a CRS that would do.
    """
    unit = crs.axis_info[0].unit_name if crs.axis_info else "unknown"
    if not crs.is_projected or unit not in ("metre", "meter", "m"):
        place = ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2) if bounds else (117.0, 40.0)
        raise NotMetric(where="crs", crs=crs.name, unit=unit, suggestion=suggestion(*place))
    return crs


def require(crs: CRS, bounds: Bounds) -> Distortion:
    """The distortion of a CRS at the data, or a refusal with the cure.

    Raises
    ------
    NotMetric, UnsuitableCrs
        When areas would not be true.
    """
    found = distortion(crs, bounds)
    if found.verdict == "refuse":
        cure = suggestion((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2)
        size = f"{abs(found.share):.2%}" if np.isfinite(found.share) else "∞"
        raise UnsuitableCrs(where="crs", crs=crs.name, distortion=size, limit=f"{REFUSE_ABOVE:.1%}", suggestion=cure)
    return found


def transform(shapes: NDArray[np.object_], source: CRS, target: CRS) -> NDArray[np.object_]:
    """Geometries moved from one CRS to another, x before y on both sides.

    Missing geometries stay missing.
    """
    if source == target:
        return shapes
    moved = Transformer.from_crs(source, target, always_xy=True)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = moved.transform(points[:, 0], points[:, 1])
        return np.column_stack([x, y])

    return np.asarray(shapely.transform(shapes, move), dtype=object)


def is_located(crs: CRS) -> bool:
    """Whether a CRS says where on the earth its coordinates lie; those of a building site do not.

    >>> is_located(parse("EPSG:4548")), is_located(CRS.from_wkt('LOCAL_CS["site",UNIT["metre",1]]'))
    (True, False)
    """
    try:
        Transformer.from_crs(crs, LONLAT, always_xy=True)
    except ProjError:
        return False
    return True


def lonlat_bounds(shapes: NDArray[np.object_], crs: CRS) -> Bounds:
    """The longitude-latitude box of geometries, in degrees.

    The box is taken from a grid over the projected box, so that no geometry has to be transformed.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    if crs.is_geographic:
        return float(west), float(south), float(east), float(north)
    x, y = (side.ravel() for side in np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5)))
    lon, lat = Transformer.from_crs(crs, LONLAT, always_xy=True).transform(x, y)
    return float(np.min(lon)), float(np.min(lat)), float(np.max(lon)), float(np.max(lat))
