"""Whether a measured shift is that of Beijing 1954 or Xian 1980: what each of them would give, beside what was found.

Parameters between the old datums and CGCS2000 are not public and differ from place to place, so nothing is computed
with them. What is known is how far sheets move: by how much plane coordinates change when a map goes over to
CGCS2000. A shift that lies in that range speaks for the datum; it is taken out as it was measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from pyproj import CRS, Proj, Transformer

from layers.readers.doubts.finding import Finding
from spatial import crs as crs_

Old = Literal["1954", "1980"]

NAMES: Mapping[Old, tuple[str, str]] = {"1954": ("1954 北京", "Beijing 1954"), "1980": ("1980 西安", "Xian 1980")}
_DEGREES: Mapping[int, Old] = {4214: "1954", 4610: "1980"}
_ELLIPSOIDS: Mapping[str, str] = {"1954": "krass", "1980": "IAU76", "2000": "GRS80"}
_MOVES: Mapping[Old, tuple[tuple[float, float], tuple[float, float]]] = {
    "1954": ((-62.0, -29.0), (-56.0, 84.0)),
    "1980": ((-9.0, 43.0), (76.0, 119.0)),
}
"""By how much [m] X (north) and Y (east) change from a datum to CGCS2000, least and most in China."""


@dataclass(frozen=True)
class Expected:
    """What a datum would give: the least and the most that is to be added to the north and to the east [m]."""

    datum: Old
    north: tuple[float, float]
    east: tuple[float, float]

    def holds(self, east: float, north: float) -> bool:
        """Whether what was measured is in these ranges."""
        return self.north[0] <= north <= self.north[1] and self.east[0] <= east <= self.east[1]

    def line(self, fits: str) -> list[str]:
        """As a line beside the others."""
        spans = [f"{low:+.0f} … {high:+.0f}" for low, high in (self.north, self.east)]
        return [" · ".join(NAMES[self.datum]), *spans, fits]


def of_crs(crs: CRS) -> Old | None:
    """The old datum that a CRS is on.

    >>> of_crs(crs_.parse("EPSG:2436")), of_crs(crs_.parse("EPSG:2384")), of_crs(crs_.parse("EPSG:4548"))
    ('1954', '1980', None)
    """
    base = crs.geodetic_crs
    return _DEGREES.get(base.to_epsg() or 0) if base is not None else None


def expected(read_as: CRS, at: tuple[float, float], working: CRS) -> list[Expected]:
    """What has to be added to plane coordinates that were read in a CRS, were they in truth on an old datum.

    Parameters
    ----------
    read_as
        CRS that the file was read in. Plane coordinates of CGCS2000 hold the numbers as they are; from degrees, and
        from a CRS on the old datum itself, they were projected on another ellipsoid.
    at
        A point in the working CRS [m].
    """
    if not working.is_projected:
        return []
    declared = of_crs(read_as)
    lon, lat = Transformer.from_crs(working, crs_.LONLAT, always_xy=True).transform(*at)
    out = []
    for datum in _MOVES if declared is None else (declared,):
        north, east = _MOVES[datum]
        more = (0.0, 0.0)
        if read_as.is_geographic or declared is not None:
            more = _between_ellipsoids(datum, lon, lat)
        out.append(Expected(datum, (north[0] + more[1], north[1] + more[1]), (east[0] + more[0], east[1] + more[0])))
    return out


def _between_ellipsoids(datum: str, lon: float, lat: float) -> tuple[float, float]:
    """East and north of a longitude and latitude on the ellipsoid of a datum, less those on that of CGCS2000 [m]."""
    middle = 3 * round(lon / 3)
    one, other = (
        np.array(Proj(f"+proj=tmerc +lon_0={middle} +x_0=500000 +ellps={_ELLIPSOIDS[name]}")(lon, lat))
        for name in (datum, "2000")
    )
    east, north = (one - other).tolist()
    return float(east), float(north)


def compared(measured: tuple[float, float], ways: list[Expected]) -> tuple[Old | None, dict[str, Any]]:
    """The datum whose range holds what was measured, where one alone does; and all of them side by side.

    Parameters
    ----------
    measured
        East and north that have to be added [m].
    """
    east, north = measured
    fits = [one for one in ways if one.holds(east, north)]
    lines = [one.line("✓" if one in fits else "✗") for one in ways]
    said = ["▶", f"{north:+.2f}", f"{east:+.2f}", ""]
    table = [["CGCS2000 ←", "ΔX (N) m", "ΔY (E) m", ""], said, *lines]
    return (fits[0].datum if len(fits) == 1 else None), {"side_by_side": table} if ways else {}


def unsure(crs: str, measured: bool) -> Iterator[Finding]:
    """That a file on an old datum is projected but not moved, where nothing measures by how much it lies off.

    Parameters
    ----------
    measured
        Whether a shift was measured, which says it better.
    """
    datum = of_crs(crs_.parse(crs))
    if datum is None or measured:
        return
    (south, north), (west, east) = _MOVES[datum]
    spans = {"x": f"{south:+.0f} … {north:+.0f}", "y": f"{west:+.0f} … {east:+.0f}"}
    evidence = {"crs": crs, "datum": NAMES[datum], **spans}
    yield Finding("datum_unsure", "asks", evidence, "geometry")
