"""Planar and ellipsoidal area, Chinese and US land units, and rounding that adds up.

Planar area is what the working CRS gives; ellipsoidal area is that of the CGCS2000 ellipsoid. In Fengtai the
planar figure is larger by 65 to 146 parts per million: not an error, but a difference that a reviewer asks about.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer

from spatial.crs import CGCS2000, LONLAT, areal_scale

AreaUnit = Literal["m2", "ha", "mu", "ft2"]

SQUARE_METRES: dict[str, Fraction] = {
    "m2": Fraction(1),
    "ha": Fraction(10_000),
    "mu": Fraction(10_000, 15),
    "ft2": Fraction(3048, 10_000) ** 2,
}
"""Square metres in one unit, exactly: 15 亩 are a hectare, and a foot is 0.3048 m."""

METRES: dict[str, Fraction] = {"m": Fraction(1), "ft": Fraction(3048, 10_000)}

_LARGE = 2_000.0
"""Above this diameter [m] the scale varies too much inside one geometry for its centroid to speak for it."""
_SEGMENT = 70.0
"""Longest segment [m] before it is put on the ellipsoid; the survey rule of 2008 uses the same."""


def convert(value: float, source: AreaUnit, target: AreaUnit) -> float:
    """An area from one unit to another, by exact ratios and one rounding at the end.

    >>> convert(1_000_000, "m2", "mu")
    1500.0
    >>> convert(15, "mu", "ha")
    1.0
    >>> convert(1, "ft2", "m2")
    0.09290304
    """
    return float(Fraction(value) * SQUARE_METRES[source] / SQUARE_METRES[target])


def planar(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Area in the plane of the working CRS [m²], shape (n,); missing geometries are 0."""
    return np.nan_to_num(shapely.area(shapes))


def ellipsoidal(shapes: NDArray[np.object_], crs: CRS) -> NDArray[np.float64]:
    """Area on the ellipsoid [m²], shape (n,).

    A parcel's planar area is divided by the areal scale at its centroid (error below 2e-8 relative for parcels);
    a geometry of more than 2 km across is measured along geodesics after its segments are cut to 70 m.

    Parameters
    ----------
    shapes
        Polygons in `crs`, shape (n,).
    crs
        Projected CRS in metres.
    """
    flat = planar(shapes)
    result = np.zeros(len(shapes))
    centres = shapely.centroid(shapes)
    present = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not present.any():
        return result
    to_lonlat = Transformer.from_crs(crs, LONLAT, always_xy=True)
    lon, lat = to_lonlat.transform(shapely.get_x(centres[present]), shapely.get_y(centres[present]))
    result[present] = flat[present] / areal_scale(crs, np.asarray(lon), np.asarray(lat))
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        large = present & (np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1]) > _LARGE)
    for row in np.flatnonzero(large):
        result[row] = _geodesic(shapes[row], to_lonlat)
    return result


def _geodesic(shape: shapely.Geometry, to_lonlat: Transformer) -> float:
    fine = shapely.segmentize(shape, _SEGMENT)

    def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(to_lonlat.transform(points[:, 0], points[:, 1]))

    area, _ = CGCS2000.geometry_area_perimeter(shapely.orient_polygons(shapely.transform(fine, move)))
    return abs(float(area))


def round_half_up(value: float, decimals: int = 0) -> Decimal:
    """A figure rounded as people round (四舍五入), away from zero at the half.

    The shortest decimal text of the float is what is rounded, as a reader of the printed figure would.

    >>> round_half_up(12345.675, 2)
    Decimal('12345.68')
    >>> round_half_up(-0.5)
    Decimal('-1')
    """
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def balanced(values: Sequence[float], decimals: int = 0, total: float | None = None) -> list[Decimal]:
    """Figures rounded so that they sum to their rounded total (强制调平).

    The unit that is left over goes to the figures that lose most by plain rounding; ties go to the first.

    Parameters
    ----------
    values
        Finite figures.
    total
        Control total; the sum of the figures when it is not given.

    Examples
    --------
    >>> [str(v) for v in balanced([1.4, 1.4, 1.4])]
    ['2', '1', '1']
    >>> sum(balanced([0.05, 0.05, 0.05], 1))
    Decimal('0.2')
    """
    step = Decimal(1).scaleb(-decimals)
    exact = [Decimal(repr(float(value))) for value in values]
    goal = (
        round_half_up(total, decimals) if total is not None else sum(exact, Decimal(0)).quantize(step, ROUND_HALF_UP)
    )
    rounded = [value.quantize(step, ROUND_HALF_UP) for value in exact]
    units = int((goal - sum(rounded, Decimal(0))) / step)
    sign = 1 if units > 0 else -1
    order = sorted(range(len(exact)), key=lambda i: (-(exact[i] - rounded[i]) * sign, i))
    for turn in range(abs(units)):
        if order:
            rounded[order[turn % len(order)]] += sign * step
    return rounded
