"""What is wrong between parcels that should cover land once: overlaps, gaps and slivers, each with its place.

All of it is looked for around some parcels only, so that a map can show it while they are edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from spatial import sharing
from spatial.geometry import overlaps

Shapes = NDArray[np.object_]
Rows = NDArray[np.int64]
Kind = Literal["overlap", "gap", "sliver"]

_HAIR = 1e-6
"""Width [m] of what rounding leaves between outlines that meet."""

_TOUCH = 1e-3
"""Distance [m] within which a parcel lies at a gap."""

_FREE = 0.4
"""Share of a gap's outline that may face no parcel: more than that is a bay at the edge of the land."""

_MITRE = 20.0

_ROUNDING = 1e-12
"""Share of an area by which the sum of its parts may differ."""


@dataclass(frozen=True)
class Limits:
    """What counts as a fault.

    Parameters
    ----------
    area_m2
        Smallest fault [m²].
    width_m
        A gap that is open at an end, or a parcel, counts where it is narrower than this [m]; wider is a lane.
    hole_m2
        A gap that parcels enclose counts up to this area [m²], whatever its width; larger is land of its own.
    """

    area_m2: float = 0.01
    width_m: float = 0.5
    hole_m2: float = 50.0


@dataclass(frozen=True)
class Fault:
    """One overlap, gap or sliver.

    Parameters
    ----------
    thickness
        4 × area ÷ perimeter²: 0.25 for a square, nearly 0 for a hair.
    place
        A point in it, in the working CRS.
    rows
        Positions of the parcels that it concerns, ascending.
    """

    kind: Kind
    area_m2: float
    thickness: float
    place: tuple[float, float]
    rows: tuple[int, ...]
    shape: BaseGeometry


def faults(shapes: Shapes, around: Rows | None = None, limits: Limits | None = None) -> list[Fault]:
    """Overlaps, gaps and slivers, in this order.

    Parameters
    ----------
    shapes
        Valid polygons, shape (n,); missing ones have no fault.
    around
        Positions of the parcels to look at; everything where it is None.

    Examples
    --------
    >>> found = faults(np.array([shapely.box(0, 0, 10, 10), shapely.box(9, 0, 20, 10)]))
    >>> [(one.kind, one.area_m2, one.rows) for one in found]
    [('overlap', 10.0, (0, 1))]
    """
    limits = limits or Limits()
    there = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    present = np.flatnonzero(there)
    wanted = (
        present if around is None else np.array(sorted({int(row) for row in around if there[row]}), dtype=np.int64)
    )
    if not len(wanted):
        return []
    if around is not None:
        reach = max(limits.width_m, 2 * float(np.sqrt(limits.hole_m2)))
        present = _within(shapes, present, wanted, reach)
    origin = np.floor(shapely.total_bounds(shapes[present])[:2])
    # near the origin coordinates have more digits after the point; taking whole metres away changes none of them
    local = shapely.transform(shapes[present], lambda points: points - origin)
    inside = np.isin(present, wanted)
    found = [*_overlaps(local, inside, limits), *_gaps(local, inside, limits), *_slivers(local, inside, limits)]

    def back(fault: Fault) -> Fault:
        place = (fault.place[0] + float(origin[0]), fault.place[1] + float(origin[1]))
        shape = shapely.transform(fault.shape, lambda points: points + origin)
        return replace(fault, place=place, shape=shape, rows=tuple(sorted(int(present[row]) for row in fault.rows)))

    return [back(one) for one in found]


def suspects(shapes: Shapes, limits: Limits | None = None) -> Rows:
    """Positions of the parcels outside of which there is no fault: what `faults` need look around in a whole layer.

    Where neighbours share their boundary vertex by vertex nothing overlaps and nothing gapes; that is seen ten times
    faster than by cutting them.

    Parameters
    ----------
    shapes
        Valid polygons, shape (n,); missing ones are never suspect.

    Examples
    --------
    >>> land = np.array([shapely.box(0, 0, 5, 10), shapely.box(5, 0, 10, 10), shapely.box(9, 20, 20, 30)])
    >>> suspects(land).tolist(), suspects(np.append(land, shapely.box(19, 20, 25, 30))).tolist()
    ([], [2, 3])
    """
    limits = limits or Limits()
    present = np.flatnonzero(~(shapely.is_missing(shapes) | shapely.is_empty(shapes)))
    if not len(present):
        return present
    here = shapes[present]
    clean, land = _covering(here, limits)
    near = [np.flatnonzero(~clean)]
    parts, of = here, np.arange(len(here))
    if (shapely.get_type_id(here) != shapely.GeometryType.POLYGON).any():
        parts, of = shapely.get_parts(here, return_index=True)
    near.append(np.unique(of[_narrow(parts, limits)]))
    rings = [ring for part in shapely.get_parts(land) for ring in part.interiors]
    holes = np.asarray(shapely.polygons(np.array(rings, dtype=object)), dtype=object)
    holes = holes[_faulty(holes, limits)]
    if len(holes):
        near.append(np.unique(shapely.STRtree(here).query(holes, predicate="dwithin", distance=_TOUCH)[1]))
    return np.asarray(present[np.unique(np.concatenate(near))], dtype=np.int64)


def _covering(shapes: Shapes, limits: Limits) -> tuple[NDArray[np.bool_], BaseGeometry]:
    """Parcels that meet all others vertex by vertex and leave no narrow gap, shape (n,), and the land they cover.

    Where the parcels are larger than that land, or parts of it overlap, parcels do although every edge is shared;
    then none is clean.
    """
    for clean in _clean(shapes, limits):
        land, whole = _joined(shapes[clean]), float(shapely.area(shapes[clean]).sum())
        least = max(limits.area_m2 / 2, _ROUNDING * whole)
        if (
            land is not None
            and abs(whole - land.area) < least
            and not len(overlaps(shapely.get_parts(land), least).area)
        ):
            return clean, land
    return np.zeros(len(shapes), dtype=bool), shapely.GeometryCollection()


def _clean(shapes: Shapes, limits: Limits) -> Iterator[NDArray[np.bool_]]:
    """Parcels around which nothing seems wrong, shape (n,): first as quickly as can be seen, then as well."""
    tree, bounds = shapely.STRtree(shapes), shapely.bounds(shapes)
    odd, around = np.flatnonzero(sharing.loose(shapes)), np.zeros(len(shapes), dtype=bool)
    clean = np.ones(len(shapes), dtype=bool)
    while True:  # how edges lie is looked at around loose ones, and around whatever is found there
        boxes = bounds[odd] + np.array([-1, -1, 1, 1]) * limits.width_m
        beside = tree.query(shapely.box(*boxes.T))[1]
        if around[beside].all():
            yield clean
            break
        around[beside] = True
        if 2 * around.sum() > len(shapes):
            break
        clean = np.ones(len(shapes), dtype=bool)
        clean[around] = _meeting(shapes[around], limits)
        odd = np.flatnonzero(~clean)
    yield _meeting(shapes, limits)


def _joined(shapes: Shapes) -> BaseGeometry | None:
    """The land of a partition; None where they are none."""
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:
        return None


def _meeting(shapes: Shapes, limits: Limits) -> NDArray[np.bool_]:
    edges = shapely.coverage_invalid_edges(shapes, gap_width=limits.width_m)
    return np.asarray(shapely.is_missing(edges) | shapely.is_empty(edges))


def _within(shapes: Shapes, present: Rows, wanted: Rows, reach: float) -> Rows:
    """The parcels that lie within a distance of some of them."""
    bounds = shapely.bounds(shapes[present])
    west, south, east, north = shapely.total_bounds(shapes[wanted])
    beside = (bounds[:, 2] < west - reach) | (bounds[:, 0] > east + reach)
    present = present[~(beside | (bounds[:, 3] < south - reach) | (bounds[:, 1] > north + reach))]
    near = shapely.STRtree(shapes[present]).query(shapes[wanted], predicate="dwithin", distance=reach)[1]
    return present[np.unique(near)]


def _overlaps(shapes: Shapes, wanted: NDArray[np.bool_], limits: Limits) -> Iterator[Fault]:
    mine = np.flatnonzero(wanted)
    one, other = shapely.STRtree(shapes).query(shapes[mine], predicate="intersects")
    one = mine[one]
    once = (one != other) & ~(wanted[other] & (other < one))
    one, other = one[once], other[once]
    pieces, pair = shapely.get_parts(shapely.intersection(shapes[one], shapes[other]), return_index=True)
    for i in np.flatnonzero(_large(shapely.area(pieces), limits)):
        yield _fault("overlap", pieces[i], (int(one[pair[i]]), int(other[pair[i]])))


def _gaps(shapes: Shapes, wanted: NDArray[np.bool_], limits: Limits) -> Iterator[Fault]:
    land = shapely.union_all(shapes)
    holes = np.array([*_enclosed(land), None], dtype=object)[:-1]
    slits = np.array([*_slits(land, holes, limits), None], dtype=object)[:-1]
    pieces = np.concatenate([holes[_faulty(holes, limits)], slits])
    pieces = pieces[_large(shapely.area(pieces), limits)]
    at, beside = shapely.STRtree(shapes).query(pieces, predicate="dwithin", distance=_TOUCH)
    for i, piece in enumerate(pieces):
        rows = beside[at == i]
        if len(rows) > 1 and wanted[rows].any():
            yield _fault("gap", piece, tuple(rows.tolist()))


def _enclosed(land: BaseGeometry) -> Iterator[BaseGeometry]:
    """Land that no parcel covers and that parcels enclose."""
    rings = [ring for part in shapely.get_parts(land) for ring in part.interiors]
    if rings:
        inside = shapely.difference(shapely.union_all(shapely.polygons(rings)), land)
        yield from (piece for piece in shapely.get_parts(inside) if piece.geom_type == "Polygon")


def _slits(land: BaseGeometry, holes: Shapes, limits: Limits) -> Iterator[BaseGeometry]:
    """Land between parcels that is open at an end or part of a wider place, as far as it is narrow."""
    half, mitre = limits.width_m / 2, {"join_style": "mitre", "mitre_limit": _MITRE}
    closed = land.buffer(half, **mitre).buffer(-half, **mitre)
    narrow = shapely.difference(closed, land)
    small = holes[_faulty(holes, limits)]
    if len(small):
        narrow = shapely.difference(narrow, shapely.union_all(small).buffer(_HAIR))
    pieces = shapely.get_parts(narrow.buffer(-_HAIR, **mitre).buffer(_HAIR, **mitre))
    pieces = pieces[_large(shapely.area(pieces), limits)]
    if len(pieces):
        free = shapely.length(shapely.difference(shapely.boundary(pieces), land.buffer(10 * _HAIR)))
        yield from pieces[free <= _FREE * shapely.length(pieces)]


def _slivers(shapes: Shapes, wanted: NDArray[np.bool_], limits: Limits) -> Iterator[Fault]:
    mine = np.flatnonzero(wanted)
    pieces, of = shapely.get_parts(shapes[mine], return_index=True)
    for i in np.flatnonzero(_narrow(pieces, limits) & (shapely.area(pieces) > 0)):
        yield _fault("sliver", pieces[i], (int(mine[of[i]]),))


def _narrow(shapes: Shapes, limits: Limits) -> NDArray[np.bool_]:
    """Twice the area by the perimeter is how wide a long shape is on average."""
    return np.asarray(2 * shapely.area(shapes) < limits.width_m * shapely.length(shapes))


def _faulty(holes: Shapes, limits: Limits) -> NDArray[np.bool_]:
    return np.asarray(_narrow(holes, limits) | (shapely.area(holes) <= limits.hole_m2))


def _large(area: NDArray[np.float64], limits: Limits) -> NDArray[np.bool_]:
    return np.asarray(area >= limits.area_m2 * (1 - 1e-4))


def _fault(kind: Kind, shape: BaseGeometry, rows: tuple[int, ...]) -> Fault:
    inside = shapely.point_on_surface(shape)
    thickness = 4 * shape.area / max(shape.length, 1e-9) ** 2
    return Fault(kind, float(shape.area), float(thickness), (inside.x, inside.y), rows, shape)
