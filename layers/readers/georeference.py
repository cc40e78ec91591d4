"""Where the coordinates of a file lie: which CRS they are in, on what basis, and moved to the working CRS."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from pyproj import CRS

from layers.contract import Complaint
from layers.readers.errors import CrsContradicts, CrsMissing, DatumOutside
from layers.readers.features import Features
from layers.readers.notes import note
from layers.readers.source import Source
from layers.readers.watching import UNWATCHED, Watch, portions
from layers.readers.wish import Wish
from spatial import crs as crs_
from spatial import datum as datum_
from spatial.datum import Datum
from spatial.errors import UnknownCrs
from spatial.vertices import is_finite

RFC7946 = "EPSG:4326"
_LONLAT = crs_.parse(crs_.LONLAT)


@dataclass(frozen=True)
class Placed:
    """Geometries in the working CRS, and what was decided on the way.

    Parameters
    ----------
    shapes
        Shape (n,).
    crs, basis
        CRS of the file and why: ``file``, ``given`` or ``rfc7946``; None for a table without geometry.
    invalid
        Rows whose geometry is invalid as the file has it, with the reason: rounding on the way mends nothing.
    """

    shapes: np.ndarray
    crs: str | None
    basis: str | None
    notes: tuple[Complaint, ...]
    invalid: dict[int, str] = field(default_factory=dict)


def wished(features: Features, wish: Wish) -> Features:
    """Features as the wish wants them looked at: x for y where it says so, and nothing in rows that are left out."""
    if features.shapes is None or not (wish.swap_axes or wish.skip_rows):
        return features
    shapes = features.shapes.copy()
    shapes[[row for row in wish.skip_rows if row < len(shapes)]] = None
    if wish.swap_axes:
        shapes = np.asarray(shapely.transform(shapes, lambda points: points[:, ::-1]), dtype=object)
    return replace(features, shapes=shapes)


def place(source: Source, features: Features, wish: Wish, working: CRS, watch: Watch = UNWATCHED) -> Placed:
    """Decide the CRS of a file and move its geometries to the working CRS.

    Parameters
    ----------
    wish
        The CRS that the user gives wins over the file; a datum is taken out before anything else is done, and an
        offset is added at the end.
    working
        CRS of the workspace, projected and in metres.
    watch
        Told how many rows were moved.

    Raises
    ------
    CrsMissing, CrsContradicts
        When the file has none, or one that its coordinates contradict.
    DatumOutside
        When the coordinates cannot be in the datum.
    UnsuitableCrs
        When areas in the working CRS would be wrong at the data.
    """
    if features.shapes is None:
        return Placed(np.full(len(features.table), None, dtype=object), None, None, ())
    sound = _sound(features.shapes)
    bounds = tuple(float(side) for side in shapely.total_bounds(sound)) if len(sound) else None
    crs, basis, notes = _decide(source, features, wish.crs, bounds)
    if bounds is not None:
        _agree(crs, bounds, source.name)
        true, said = _unshifted(features.shapes, crs, wish.datum, source.name)
        notes += said
        at = crs_.lonlat_bounds(_sound(true), crs)
        if not np.isfinite(at).all():
            name = crs_.label(crs) if crs.to_epsg() else crs.name
            raise CrsContradicts(where=source.name, crs=name, bounds=_words(bounds))
        found = crs_.require(working, at)
        if found.verdict == "warn":
            notes.append(note("crs_distorts", "geometry", severity="warning", value=f"{found.share:+.3%}"))
    else:
        true = features.shapes
    moved = true.copy()
    finite = is_finite(moved)
    rows = np.flatnonzero(finite)
    odd = []
    for part in portions(len(rows), watch, "place"):
        some = rows[part]
        moved[some] = crs_.transform(moved[some], crs, working)
        odd.append(some[~shapely.is_valid(features.shapes[some])])
    if wish.offset is not None:
        moved[finite] = shapely.transform(moved[finite], lambda points: points + np.array(wish.offset))
        notes.append(note("offset_added", "geometry", severity="warning", value=wish.offset[0], limit=wish.offset[1]))
    rows = np.concatenate([rows[:0], *odd])
    reasons = shapely.is_valid_reason(features.shapes[rows])
    invalid = dict(zip(rows.tolist(), map(str, reasons), strict=True))
    return Placed(moved, crs_.label(crs), basis, tuple(notes), invalid)


def _decide(
    source: Source, features: Features, given: str | None, bounds: tuple[float, ...] | None
) -> tuple[CRS, str, list[Complaint]]:
    own = crs_.parse(features.crs).to_2d() if features.crs else None
    if own is not None and not crs_.is_located(own):
        own = None  # metres of a building site
    if given:
        crs = crs_.parse(given).to_2d()
        if not crs_.is_located(crs):
            raise UnknownCrs(where="--crs", crs=given[:80])
        if own is not None and not crs.equals(own, ignore_axis_order=True):
            name = crs_.label(own) if own.to_epsg() else own.name
            return crs, "given", [note("crs_overridden", "geometry", severity="warning", value=name, limit=given)]
        return crs, "given", []
    if own is not None:
        return own, "file", []
    if source.kind == "geojson" and (bounds is None or _degrees(bounds)):
        return crs_.parse(RFC7946), "rfc7946", []
    guess = "EPSG:4490" if bounds and _degrees(bounds) else "EPSG:4548"
    raise CrsMissing(where=source.name, bounds=_words(bounds), suggestion=guess)


def _agree(crs: CRS, bounds: tuple[float, ...], where: str) -> None:
    """Refuse degrees that are called metres and the reverse."""
    if crs.is_geographic != _degrees(bounds):
        name = crs_.label(crs) if crs.to_epsg() else crs.name
        raise CrsContradicts(where=where, crs=name, bounds=_words(bounds))


def _unshifted(shapes: np.ndarray, crs: CRS, datum: Datum, where: str) -> tuple[np.ndarray, list[Complaint]]:
    """Geometries without the shift of their datum, and how far that moved them.

    The shift is one of longitude and latitude; projected coordinates go there and come back.
    """
    if datum == "wgs84":
        return shapes, []
    name = datum_.NAMES[datum]
    out, finite = shapes.copy(), is_finite(shapes)
    there = crs_.transform(shapes[finite], crs, _LONLAT) if crs.is_projected else shapes[finite]
    points = shapely.get_coordinates(there)
    if not datum_.covers(points[:, 0], points[:, 1]).all():
        raise DatumOutside(where=where, datum=name, bounds=_words(tuple(shapely.total_bounds(there))))
    lon, lat = datum_.restored(points[:, 0], points[:, 1], datum)
    true = shapely.set_coordinates(there, np.column_stack([lon, lat]))
    out[finite] = crs_.transform(true, _LONLAT, crs) if crs.is_projected else true
    metres = crs_.CGCS2000.inv(lon, lat, points[:, 0], points[:, 1])[2]
    return out, [note("datum_removed", "geometry", severity="warning", value=name, limit=f"{np.mean(metres):.1f}")]


def _degrees(bounds: tuple[float, ...]) -> bool:
    west, south, east, north = bounds
    return west >= -180.0 and east <= 180.0 and south >= -90.0 and north <= 90.0


def _sound(shapes: np.ndarray) -> np.ndarray:
    return shapes[is_finite(shapes)]


def _words(bounds: tuple[float, ...] | None) -> str:
    return "(" + ", ".join(f"{side:.6g}" for side in bounds) + ")" if bounds else "—"
