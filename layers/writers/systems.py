"""In which CRS a file goes out: the one that was chosen or pasted, if the data can truly lie in it."""

from __future__ import annotations

import re

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from layers.writers.errors import CrsNotFlat, CrsReadsFiles, LonLatOnly, OutOfReach
from spatial import crs as crs_
from spatial.errors import UnsuitableCrs

WGS84 = "EPSG:4326"
OFFERED = ("EPSG:4548", "EPSG:4527", "EPSG:4490", "EPSG:4326")
"""What people in Beijing ask for: without and with the number of the zone, and two ways of degrees."""

_ASKED_OF = 2_000
"""Vertices on which a CRS is tried."""
_RETURNS_WITHIN_M = 1e-3
_FILES = re.compile(r"nadgrids|geoidgrids|PARAMETERFILE|gridshift|\+init|file=|://", re.IGNORECASE)
"""Words by which a definition would make the library read a file."""
_LONGEST = 20_000


def chosen(text: str | None, otherwise: str) -> CRS:
    """The CRS of an order: a code, a bare EPSG number, or a definition in WKT or PROJ as it was pasted.

    Parameters
    ----------
    otherwise
        What is taken where nothing was chosen.

    Raises
    ------
    UnknownCrs, CrsReadsFiles, CrsNotFlat

    Examples
    --------
    >>> chosen("4527", "EPSG:4548").to_epsg(), chosen(None, "EPSG:4548").to_epsg()
    (4527, 4548)
    """
    wanted = (text or "").strip() or otherwise
    if len(wanted) > _LONGEST or _FILES.search(wanted):
        raise CrsReadsFiles(where="--crs", crs=wanted[:60])
    if wanted.isdecimal():
        wanted = f"EPSG:{wanted}"
    crs = crs_.parse(wanted)
    try:
        flat = crs.to_2d()
    except (CRSError, ProjError) as error:
        raise CrsNotFlat(where="--crs", crs=crs.name[:60]) from error
    if flat.is_compound:
        flat = flat.sub_crs_list[0]
    plain = flat.source_crs if flat.is_bound and flat.source_crs is not None else flat
    if (
        plain.is_engineering
        or plain.is_vertical
        or plain.is_geocentric
        or not (plain.is_geographic or plain.is_projected)
    ):
        raise CrsNotFlat(where="--crs", crs=crs.name[:60])
    return flat


def written(crs: CRS) -> CRS:
    """The CRS as a file can name it: without the parameters of a datum shift, which no file format here keeps."""
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def moved(shapes: np.ndarray | None, source: CRS, target: CRS) -> np.ndarray | None:
    """Geometries in the CRS of the file, flat.

    Raises
    ------
    OutOfReach
        Where some cannot be moved there and back within a millimetre.
    UnsuitableCrs
        Where areas in the CRS are false at the place of the data.
    """
    if shapes is None:
        return None
    flat = shapely.force_2d(shapes) if shapely.has_z(shapes).any() else shapes
    if source.equals(target):
        return np.asarray(flat, dtype=object)
    out = crs_.transform(flat, source, target)
    present = ~(shapely.is_missing(out) | shapely.is_empty(out))
    lost = present & ~np.isfinite(shapely.bounds(out)).all(axis=1)
    points = shapely.get_coordinates(flat[present])
    if len(points):
        tried = points[:: max(1, len(points) // _ASKED_OF)]
        there = Transformer.from_crs(source, target, always_xy=True)
        back = there.transform(*there.transform(tried[:, 0], tried[:, 1]), direction="INVERSE")
        away = np.hypot(back[0] - tried[:, 0], back[1] - tried[:, 1])
        if lost.any() or not bool((away <= _RETURNS_WITHIN_M).all()):
            raise OutOfReach(where="--crs", count=int(lost.sum()) or int(present.sum()), crs=target.name)
        _areas_are_true(target, flat[present], source)
    return out


def _areas_are_true(target: CRS, shapes: np.ndarray, source: CRS) -> None:
    """A CRS in which areas come out false is no CRS to hand a survey out in, whatever its unit of length."""
    if target.is_geographic:
        return
    west, south, east, north = crs_.lonlat_bounds(shapes, source)
    lon, lat = (side.ravel() for side in np.meshgrid(np.linspace(west, east, 5), np.linspace(south, north, 5)))
    share = float(np.max(np.abs(crs_.areal_scale(written(target), lon, lat) - 1.0)))
    if not share <= crs_.REFUSE_ABOVE:
        size = f"{share:.2%}" if np.isfinite(share) else "∞"
        raise UnsuitableCrs(
            where="--crs",
            crs=target.name,
            distortion=size,
            limit=f"{crs_.REFUSE_ABOVE:.1%}",
            suggestion=crs_.suggestion((west + east) / 2, (south + north) / 2),
        )


def degrees(text: str | None, crs: CRS, format: str) -> None:
    """Refuse a CRS in metres for a format that knows longitude and latitude only.

    Raises
    ------
    LonLatOnly
    """
    if text and not crs.is_geographic:
        raise LonLatOnly(where="--crs", crs=text[:60], format=format)


def with_zone(crs: CRS) -> str:
    """The CRS whose east carries the number of the 3° zone, which cadastral files want; the same where there is none.

    >>> with_zone(crs_.parse("EPSG:4548")), with_zone(crs_.parse("EPSG:32650"))
    ('EPSG:4527', 'EPSG:32650')
    """
    code = crs.to_epsg() or 0
    return f"EPSG:{code - 21}" if 4534 <= code <= 4554 else crs_.label(crs)
