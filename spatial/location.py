"""Which zone, sub-area and park a parcel lies in, by share of area.

A zone is never taken from what somebody typed where an outline exists. A parcel that crosses zones is split
exactly: the shares of its parts sum to 1, and what lies in no zone is a part of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from spatial.sums import by_group

OUTSIDE = -1
"""Leaf number of a part that lies in no zone."""

_TOLERANCE = 1e-9
"""Share of a parcel below which a part is arithmetic noise."""
_TILE_VERTICES = 512
"""An outline with more vertices than this is cut into tiles first: clipping costs grow with the outline."""
_PIECE, _PIECES = 2.0, 500_000
"""Longest piece of a boundary whose box is looked up, in sizes of a parcel; and how many pieces there may be."""
_WINDOW = 12.0
"""Width of the window in which parcels share a clipped outline, in sizes of a parcel."""
_MARGIN = 0.01
"""How much wider than what they hold boxes are made [m], so that rounding never loses a parcel."""

Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Leaves:
    """The finest areas that do not overlap: sub-areas, and what their zones hold besides.

    `zone` and `sub_area` name each leaf; `sub_area` is None where a zone has none there.
    """

    shapes: Shapes
    zone: tuple[str, ...]
    sub_area: tuple[str | None, ...]

    def __len__(self) -> int:
        return len(self.zone)


@dataclass(frozen=True)
class Split:
    """Parcels cut by leaves: one row a part.

    Parameters
    ----------
    parcel
        Position of the parcel, shape (m,), ascending.
    leaf
        Number of the leaf, `OUTSIDE` for none, shape (m,).
    share
        Share of the parcel's area, shape (m,); the shares of one parcel sum to 1.
    parcels
        How many parcels were split.
    overlapping
        Positions of parcels over which leaves overlap; the overlap went to the first leaf.
    """

    parcel: NDArray[np.int64]
    leaf: NDArray[np.int64]
    share: NDArray[np.float64]
    parcels: int
    overlapping: NDArray[np.int64]

    def main_part(self) -> NDArray[np.int64]:
        """Row of the largest part of each parcel, shape (parcels,); on a tie land in a zone comes first."""
        return self._main

    @cached_property
    def _main(self) -> NDArray[np.int64]:
        # the split outlives edits of figures, and so does this; only parcels with several parts need an order
        starts = np.diff(self.parcel, prepend=-1) > 0
        main = np.flatnonzero(starts)
        if len(self.parcel) > self.parcels:
            several = np.flatnonzero((self.parts > 1)[self.parcel])
            parcel, leaf = self.parcel[several], self.leaf[several]
            order = np.lexsort((leaf, leaf == OUTSIDE, -self.share[several], parcel))
            parcel, first = np.unique(parcel[order], return_index=True)
            main[parcel] = several[order[first]]
        main.flags.writeable = False
        return main

    @cached_property
    def parts(self) -> NDArray[np.int64]:
        """How many parts each parcel has, shape (parcels,)."""
        return np.bincount(self.parcel, minlength=self.parcels)

    def outside(self) -> NDArray[np.int64]:
        """Positions of parcels that lie in no zone at all, or with a part of more than the noise."""
        return np.unique(self.parcel[self.leaf == OUTSIDE])

    def sum_by_parcel(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Figures of the parts, shape (m,), summed to parcels, shape (parcels,)."""
        return by_group(self.parcel, values, self.parcels)


def leaves(keys: list[str], parents: list[str | None], shapes: Shapes) -> Leaves:
    """The leaves of a two-level table of zones.

    Parameters
    ----------
    keys, parents
        Key of each row and key of the zone that it is part of (None for a zone).
    shapes
        Outlines, shape (n,); a row without outline gives no leaf.

    Examples
    --------
    >>> zone, part = shapely.box(0, 0, 2, 1), shapely.box(0, 0, 1, 1)
    >>> found = leaves(["E", "E1"], [None, "E"], np.array([zone, part]))
    >>> list(zip(found.zone, found.sub_area, shapely.area(found.shapes).tolist()))
    [('E', 'E1', 1.0), ('E', None, 1.0)]
    """
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    out: list[tuple[shapely.Geometry, str, str | None]] = []
    for zone in (row for row in range(len(keys)) if not parents[row]):
        inner = [row for row in range(len(keys)) if parents[row] == keys[zone] and drawn[row]]
        out.extend((shapes[row], keys[zone], keys[row]) for row in inner)
        if not drawn[zone]:
            continue
        rest = shapely.difference(shapes[zone], shapely.union_all(shapes[inner])) if inner else shapes[zone]
        # what is left along shared edges of drawn outlines is noise, not land
        if rest.area > _TOLERANCE * shapes[zone].area:
            out.append((rest, keys[zone], None))
    return Leaves(_array([row[0] for row in out]), tuple(row[1] for row in out), tuple(row[2] for row in out))


def split(parcels: Shapes, areas: Shapes) -> Split:
    """Cut parcels by areas that do not overlap.

    Only parcels that an outline cuts are intersected; all others are counted whole. Geometries are not changed.

    Parameters
    ----------
    parcels
        Valid polygons, shape (n,).
    areas
        Valid polygons in the same CRS, shape (k,).

    Returns
    -------
    Split
        Σ share = 1 for each parcel to 1e-15; a parcel without area is outside, whole.

    Examples
    --------
    >>> cut = split(np.array([shapely.box(0, 0, 4, 1)]), np.array([shapely.box(0, 0, 1, 1), shapely.box(1, 0, 3, 1)]))
    >>> list(zip(cut.leaf.tolist(), cut.share.tolist()))
    [(-1, 0.25), (0, 0.25), (1, 0.5)]
    """
    size = shapely.area(parcels)
    parcel, leaf, area = meetings(parcels, areas)
    covered = by_group(parcel, area, len(parcels))
    doubled = np.flatnonzero(covered > size * (1 + 1e-7) + 1e-6)
    if len(doubled):
        keep = ~np.isin(parcel, doubled)
        again = _cut_in_order(parcels, areas, doubled, parcel, leaf)
        parcel, leaf, area = (
            np.concatenate([old[keep], new]) for old, new in zip((parcel, leaf, area), again, strict=True)
        )
    return _finish(parcel, leaf, area, size, doubled)


def belong(parcels: Shapes, areas: Shapes) -> pd.DataFrame:
    """Shares of parcels in areas that may overlap, such as specialised parks.

    Returns
    -------
    DataFrame
        Columns `parcel`, `area` (positions) and `share` of the parcel, one row a pair that meets.
    """
    parcel, area, met = meetings(parcels, areas)
    share = met / shapely.area(parcels)[parcel]
    frame = pd.DataFrame({"parcel": parcel, "area": area, "share": share})
    return frame[frame["share"] > _TOLERANCE].sort_values(["parcel", "area"], ignore_index=True)


def covered_area(parcels: Shapes, areas: Shapes) -> NDArray[np.float64]:
    """Area of each parcel [m²] that lies under the union of areas, shape (n,); overlaps count once."""
    if len(areas) == 0:
        return np.zeros(len(parcels))
    union = _array([shapely.union_all(areas)])
    parcel, _, area = meetings(parcels, union)
    return by_group(parcel, area, len(parcels))


def meetings(parcels: Shapes, areas: Shapes) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of a parcel and an area that meet, with the area [m²] that they share; a pair stands there once.

    Only parcels that an outline cuts are intersected, and an outline of many vertices is cut into tiles first.

    Parameters
    ----------
    parcels, areas
        Valid polygons in one CRS, shapes (n,) and (k,).

    Returns
    -------
    parcel, area, shared
        Positions and figures, each of shape (m,), in no order.
    """
    tiles, owner = _tiles(areas)
    if len(tiles) == 0 or len(parcels) == 0:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    tree, count = shapely.STRtree(parcels), len(parcels)
    bounds = shapely.bounds(parcels)
    size = float(np.nanmedian(bounds[:, 2:] - bounds[:, :2]))
    shapely.prepare(tiles)
    tile, parcel = tree.query(tiles)
    near = _near(tree, tiles, count, size)
    close = near[np.minimum(np.searchsorted(near, tile * count + parcel), len(near) - 1)] == tile * count + parcel
    # away from every boundary a whole box lies on one side, and one of its corners speaks for it
    away_tile, away = tile[~close], parcel[~close]
    within = shapely.contains_xy(tiles[away_tile], bounds[away, 0], bounds[away, 1])
    tile, parcel = tile[close], parcel[close]
    covers = shapely.covers(tiles[tile], parcels[parcel])
    cut = ~covers & shapely.intersects(tiles[tile], parcels[parcel])
    inside_tile, inside = np.append(away_tile[within], tile[covers]), np.append(away[within], parcel[covers])
    shared = _shared(parcels, bounds, tiles, parcel[cut], tile[cut], size)
    leaf = owner[np.append(inside_tile, tile[cut])]
    area = np.append(shapely.area(parcels[inside]), shared)
    parcel = np.append(inside, parcel[cut])
    if len(tiles) > len(areas):
        pair, where = np.unique(parcel * len(areas) + leaf, return_inverse=True)
        area = by_group(where, area, len(pair))
        parcel, leaf = pair // len(areas), pair % len(areas)
    met = area > 0
    return parcel[met].astype(np.int64), leaf[met].astype(np.int64), area[met]


def _near(tree: shapely.STRtree, tiles: Shapes, count: int, size: float) -> NDArray[np.int64]:
    """Pairs, as tile × count + parcel, where the parcel's box meets that of a piece of the tile's boundary.

    Ascending, after a −1 that is no pair.
    """
    parts, of_part = shapely.get_parts(tiles, return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    of_tile = of_part[of_ring]
    # long slanted sides would have boxes that meet everything
    rings = shapely.segmentize(rings, max(_PIECE * size, float(shapely.length(rings).sum()) / _PIECES, 1e-3))
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    start = np.flatnonzero(of_ring[:-1] == of_ring[1:])
    low = np.minimum(points[start], points[start + 1]) - _MARGIN
    high = np.maximum(points[start], points[start + 1]) + _MARGIN
    piece, parcel = tree.query(shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    return np.append(-1, np.unique(of_tile[of_ring[start]][piece] * count + parcel))


def _shared(
    parcels: Shapes,
    bounds: NDArray[np.float64],
    tiles: Shapes,
    parcel: NDArray[np.int64],
    tile: NDArray[np.int64],
    size: float,
) -> NDArray[np.float64]:
    """Area that a parcel and a tile share, for pairs of them, shape (k,).

    Clipping costs grow with the outline: neighbours are clipped by what of the tile lies around them.
    """
    if len(parcel) == 0:
        return np.empty(0)
    middle = (bounds[parcel, :2] + bounds[parcel, 2:]) / 2
    window = np.floor((middle - middle.min(axis=0)) / max(_WINDOW * size, 1e-3)).astype(np.int64)
    order = np.lexsort((window[:, 0], window[:, 1], tile))
    key = np.column_stack([tile, window])[order]
    start = np.flatnonzero(np.append(True, (key[1:] != key[:-1]).any(axis=1)))
    low = np.minimum.reduceat(bounds[parcel[order], :2], start) - _MARGIN
    high = np.maximum.reduceat(bounds[parcel[order], 2:], start) + _MARGIN
    clips = shapely.intersection(tiles[key[start, 0]], shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]))
    for row in np.flatnonzero(~np.isin(shapely.get_type_id(clips), (3, 6))):
        clips[row] = _polygons(clips[row]) or tiles[key[start[row], 0]]
    clip = np.repeat(np.arange(len(start)), np.diff(start, append=len(order)))
    area = np.empty(len(parcel))
    area[order] = shapely.area(shapely.intersection(parcels[parcel[order]], clips[clip]))
    return area


def _cut_in_order(
    parcels: Shapes,
    areas: Shapes,
    rows: NDArray[np.int64],
    parcel: NDArray[np.int64],
    leaf: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """The same where areas overlap: what two claim goes to the first."""
    out: list[tuple[int, int, float]] = []
    for row in rows:
        rest = parcels[row]
        for area in np.sort(leaf[parcel == row]):
            met = shapely.intersection(rest, areas[area])
            out.append((int(row), int(area), float(met.area)))
            rest = shapely.difference(rest, areas[area])
    table = np.array(out, dtype=float).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def _finish(
    parcel: NDArray[np.int64],
    leaf: NDArray[np.int64],
    area: NDArray[np.float64],
    size: NDArray[np.float64],
    overlapping: NDArray[np.int64],
) -> Split:
    with np.errstate(invalid="ignore", divide="ignore"):
        share = area / size[parcel]
    real = share > _TOLERANCE
    parcel, leaf, share = parcel[real], leaf[real], share[real]
    rest = 1.0 - by_group(parcel, share, len(size))
    left = np.flatnonzero(rest > _TOLERANCE)
    parcel = np.concatenate([parcel, left])
    leaf = np.concatenate([leaf, np.full(len(left), OUTSIDE)])
    share = np.concatenate([share, rest[left]])
    order = np.lexsort((leaf, parcel))
    parcel, leaf, share = parcel[order], leaf[order], share[order]
    # noise that is left, plus or minus, is spread so that the parts are exactly the parcel
    share = share / by_group(parcel, share, len(size))[parcel]
    return Split(parcel, leaf, share, len(size), overlapping)


def _tiles(areas: Shapes) -> tuple[Shapes, NDArray[np.int64]]:
    shapes: list[shapely.Geometry] = []
    owner: list[int] = []
    for row, area in enumerate(areas):
        for tile in _quarter(area) if shapely.get_num_coordinates(area) > _TILE_VERTICES else (area,):
            shapes.append(tile)
            owner.append(row)
    return _array(shapes), np.array(owner, dtype=np.int64)


def _quarter(area: shapely.Geometry) -> list[shapely.Geometry]:
    if area is None or shapely.is_empty(area):
        return []
    if shapely.get_num_coordinates(area) <= _TILE_VERTICES:
        return [area]
    west, south, east, north = area.bounds
    x, y = (west + east) / 2, (south + north) / 2
    if min(x - west, y - south) < 1e-3:
        return [area]
    boxes = ((west, south, x, y), (x, south, east, y), (west, y, x, north), (x, y, east, north))
    return [tile for box in boxes for tile in _quarter(_polygons(shapely.intersection(area, shapely.box(*box))))]


def _polygons(shape: shapely.Geometry) -> shapely.Geometry:
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    return shapely.multipolygons(parts) if parts else None


def _array(shapes: list[shapely.Geometry]) -> Shapes:
    out = np.empty(len(shapes), dtype=object)
    out[:] = shapes
    return out
