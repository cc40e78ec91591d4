"""Parameters of a transverse Mercator CRS, for those who draw its kilometre grid without PROJ."""

from __future__ import annotations

from dataclasses import dataclass

from pyproj import CRS

_NAMES = {
    "Longitude of natural origin": "lon0",
    "Latitude of natural origin": "lat0",
    "Scale factor at natural origin": "scale",
    "False easting": "east0",
    "False northing": "north0",
}


@dataclass(frozen=True)
class Gauss:
    """Transverse Mercator of Gauß and Krüger: angles in degrees, lengths in metres."""

    lon0: float
    lat0: float
    scale: float
    east0: float
    north0: float
    axis: float
    flattening: float


def gauss(crs: CRS) -> Gauss | None:
    """The parameters of a CRS, None where it is no transverse Mercator on the ellipsoid of CGCS2000 or WGS 84.

    On any other ellipsoid a datum shift stands between the CRS and longitude and latitude, and a grid drawn without
    it would lie wrong.

    Examples
    --------
    >>> gauss(CRS("EPSG:4548")).lon0
    117.0
    >>> gauss(CRS("EPSG:32650")).scale
    0.9996
    >>> gauss(CRS("EPSG:2436")) is None, gauss(CRS("EPSG:3857")) is None
    (True, True)
    """
    operation, ellipsoid = crs.coordinate_operation, crs.ellipsoid
    if operation is None or ellipsoid is None or operation.method_name != "Transverse Mercator":
        return None
    axis, inverse = ellipsoid.semi_major_metre, ellipsoid.inverse_flattening
    if abs(axis - 6378137.0) > 1e-3 or abs(inverse - 298.2572) > 1e-3:
        return None
    found = {_NAMES[one.name]: float(one.value) for one in operation.params if one.name in _NAMES}
    return Gauss(**found, axis=axis, flattening=1.0 / inverse) if len(found) == len(_NAMES) else None
