"""Whether everything lies a little off: GCJ-02, BD-09, an old datum or a local grid, measured against our own layers.

A shift shows only against something that lies right. Shapes that the file and the workspace both have are paired, by
parcel number or by their form, and the vectors between them are looked at together: what one cause explains better
than chance is named, with the vector and with what remains after it is taken out. Where nothing can be paired the
zones tell, by the share of parcels that lie inside them. Where there is neither it cannot be told, and that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from layers.readers.doubts import old_datums
from layers.readers.doubts.finding import Cure, Finding
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial import datum as datum_
from spatial.datum import Datum

_DATUMS: tuple[Datum, ...] = ("gcj02", "bd09")
_PAIRS = 3
"""Fewer pairs than this prove nothing."""
_AGREE, _SPREAD = 0.7, 0.2
"""Share of pairs that have to lie near the usual vector, and how near, as a share of its length."""
_LEAST, _MOST = 2.0, 3_000.0
"""Shifts [m] that are worth telling, and that are still a shift of the same things."""
_EXPLAINED = 0.1
"""What may remain of a shift after its cause is taken out, as a share of it."""
_AREA, _LENGTH = 0.006, 0.004
"""How much the area and the outline of the same shape may differ, relative: GCJ-02 bends areas by 0.3 %."""
_SAMPLE = 2_000
_INSIDE, _GAIN = 0.97, 0.15
"""Share inside the zones that a datum has to reach, and by how much it has to be better."""


@dataclass(frozen=True)
class Pairs:
    """Middles of the same shapes in the file and in the workspace, each of shape (n, 2), in the working CRS."""

    file: np.ndarray
    ours: np.ndarray
    by: str

    @property
    def vectors(self) -> np.ndarray:
        """From where ours lies to where the file has it [m]."""
        return np.asarray(self.file - self.ours)


def findings(
    shapes: np.ndarray, numbers: pd.Series | None, workspace: Workspace, layer: str, read_as: CRS
) -> list[Finding]:
    """A shift of the whole file, where there is one, or that it cannot be told.

    Parameters
    ----------
    shapes
        Of the file, in the working CRS, shape (n,).
    numbers
        Their parcel numbers, shape (n,).
    layer
        The layer that they come into.
    read_as
        CRS that they were read in.
    """
    good = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not good.any():
        return []
    found = pairs(shapes, numbers, workspace, layer)
    if found is not None:
        return list(_by_pairs(found, workspace.pyproj_crs, read_as))
    if not _in_china(shapes[good], workspace.pyproj_crs):
        return []
    zones = workspace.shapes("zones")
    if layer != "zones" and (~(shapely.is_missing(zones) | shapely.is_empty(zones))).any():
        return list(_by_zones(shapes[good], zones, workspace.pyproj_crs))
    # who projects data has mostly put it right before; longitude and latitude come straight from a web map
    return [Finding("shift_untold", "tells", {}, "geometry")] if read_as.is_geographic else []


def pairs(shapes: np.ndarray, numbers: pd.Series | None, workspace: Workspace, layer: str) -> Pairs | None:
    """Shapes that the file and the workspace both have, or None where too few are found."""
    ours = workspace.shapes(layer)
    if len(ours) == 0:
        return None
    left, right = _NONE, _NONE
    if numbers is not None and layer == "parcels":
        left, right = _numbered(numbers, workspace.table("parcels")["parcel_no"])
    same = _alike(shapes[left], ours[right])
    left, right, by = left[same], right[same], "parcel_no"
    if len(left) < _PAIRS:
        (left, right), by = _formed(shapes, ours), "form"
    if len(left) < _PAIRS:
        return None
    step = max(1, len(left) // _SAMPLE)
    return Pairs(_middles(shapes[left[::step]]), _middles(ours[right[::step]]), by)


_NONE = np.empty(0, dtype=np.int64)


def _numbered(numbers: pd.Series, held: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the file and of ours with the same number, where either has it once."""
    mine = np.flatnonzero((numbers.notna() & ~numbers.duplicated(keep=False)).to_numpy())
    theirs = np.flatnonzero((held.notna() & ~held.duplicated(keep=False)).to_numpy())
    at = pd.Index(held.iloc[theirs]).get_indexer(pd.Index(numbers.iloc[mine]))
    return mine[at >= 0], theirs[at[at >= 0]]


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether pairs of shapes are one shape by area and outline."""
    with np.errstate(invalid="ignore", divide="ignore"):
        area = np.abs(shapely.area(one) / shapely.area(other) - 1) < _AREA
        return np.asarray(area & (np.abs(shapely.length(one) / shapely.length(other) - 1) < _LENGTH))


def _formed(shapes: np.ndarray, ours: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs by form alone: as many vertices, like area and outline, and no third shape that is as like."""
    mine, theirs = _forms(shapes), _forms(ours)
    left: list[np.ndarray] = []
    right: list[np.ndarray] = []
    order = np.argsort(theirs[:, 0], kind="stable")
    areas = theirs[order, 0]
    low = np.searchsorted(areas, mine[:, 0] - _AREA)
    high = np.searchsorted(areas, mine[:, 0] + _AREA)
    wide = np.minimum(high - low, _CANDIDATES)
    best = np.full(len(mine), -1)
    count = np.zeros(len(mine), dtype=int)
    for step in range(int(wide.max(initial=0))):
        open_ = np.flatnonzero((wide > step) & (high - low <= _CANDIDATES))
        other = order[low[open_] + step]
        fits = (np.abs(theirs[other, 1] - mine[open_, 1]) < _LENGTH) & (theirs[other, 2] == mine[open_, 2])
        best[open_[fits]] = other[fits]
        count[open_[fits]] += 1
    left.append(np.flatnonzero(count == 1))
    right.append(best[left[0]])
    _, first, times = np.unique(right[0], return_index=True, return_counts=True)
    once = first[times == 1]
    return left[0][once], right[0][once]


_CANDIDATES = 200
"""More shapes than this of one size are a grid, in which form says nothing."""


def _forms(shapes: np.ndarray) -> np.ndarray:
    """Logarithms of area and outline, and the number of vertices, shape (n, 3); NaN where there is no area."""
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.log(np.column_stack([shapely.area(shapes), shapely.length(shapes)]))
    sizes[~np.isfinite(sizes)] = np.nan
    return np.column_stack([sizes, shapely.get_num_coordinates(shapes)])


def _middles(shapes: np.ndarray) -> np.ndarray:
    at = shapely.centroid(shapes)
    return np.column_stack([shapely.get_x(at), shapely.get_y(at)])


def _by_pairs(found: Pairs, crs: CRS, read_as: CRS) -> Iterator[Finding]:
    vector = np.median(found.vectors, axis=0)
    length = float(np.hypot(*vector))
    off = np.hypot(*(found.vectors - vector).T)
    agree = float((off <= max(_LEAST, _SPREAD * length)).mean())
    if not (_LEAST < length < _MOST) or agree < _AGREE:
        return
    east, north = (float(part) for part in vector)
    evidence: dict[str, Any] = {
        "pairs": len(found.file),
        "by": found.by,
        "east_m": east,
        "north_m": north,
        "shift_m": length,
        "azimuth_deg": float(np.degrees(np.arctan2(east, north)) % 360),
        "agree": agree,
    }
    remains = {datum: _remains(found, datum, crs) for datum in _DATUMS}
    datum = min(_DATUMS, key=lambda one: remains[one])
    if remains[datum] < max(_EXPLAINED * length, _LEAST):
        evidence |= {"residual_m": remains[datum], "datum": datum_.NAMES[datum]}
        restored = Cure("datum", {"datum": datum}, {"datum": datum_.NAMES[datum]})
        yield Finding(f"shift_{datum}", "asks", evidence, "geometry", (), restored)
        return
    residual = float(np.median(off))
    evidence["residual_m"] = residual
    offset = (-round(east, 3), -round(north, 3))
    sure = residual <= max(_SURE, 0.01 * length)
    cure = Cure("offset", {"offset": offset}, {"east_m": offset[0], "north_m": offset[1]}) if sure else None
    at = tuple(np.median(found.file, axis=0).tolist())
    old, beside = old_datums.compared(offset, old_datums.expected(read_as, (at[0], at[1]), crs))
    evidence |= beside
    if old is None:
        yield Finding("shift_unexplained", "asks", evidence, "geometry", (), cure)
        return
    evidence |= {"datum": old_datums.NAMES[old], "add_x": offset[1], "add_y": offset[0]}
    yield Finding("shift_old_datum", "asks", evidence, "geometry", (), cure)


_SURE = 0.5
"""What may remain [m] of a shift that is taken out as it was measured."""


def _remains(found: Pairs, datum: Datum, crs: CRS) -> float:
    """How far the file lies from ours after a datum's shift is taken out, in the middle of all pairs [m]."""
    return float(np.median(np.hypot(*(_restored(found.file, datum, crs) - found.ours).T)))


def _restored(points: np.ndarray, datum: Datum, crs: CRS) -> np.ndarray:
    lon, lat = Transformer.from_crs(crs, crs_.LONLAT, always_xy=True).transform(points[:, 0], points[:, 1])
    true = datum_.restored(np.asarray(lon), np.asarray(lat), datum)
    return np.column_stack(Transformer.from_crs(crs_.LONLAT, crs, always_xy=True).transform(*true))


def _by_zones(shapes: np.ndarray, zones: np.ndarray, crs: CRS) -> Iterator[Finding]:
    step = max(1, len(shapes) // _SAMPLE)
    points = _middles(shapes[::step])
    land = shapely.union_all(zones[~shapely.is_missing(zones)])
    shapely.prepare(land)

    def inside(at: np.ndarray) -> float:
        return float(shapely.contains_xy(land, at[:, 0], at[:, 1]).mean())

    now = inside(points)
    shares = {datum: inside(_restored(points, datum, crs)) for datum in _DATUMS}
    datum = max(_DATUMS, key=lambda one: shares[one])
    if len(points) >= _PAIRS and shares[datum] >= _INSIDE and shares[datum] - now >= _GAIN:
        evidence = {"inside": now, "inside_after": shares[datum], "datum": datum_.NAMES[datum]}
        cure = Cure("datum", {"datum": datum}, {"datum": datum_.NAMES[datum]})
        yield Finding("shift_by_zones", "asks", evidence, "geometry", (), cure)


def _in_china(shapes: np.ndarray, crs: CRS) -> bool:
    west, south, east, north = crs_.lonlat_bounds(shapes, crs)
    return bool(datum_.covers(np.array([west, east]), np.array([south, north])).all())
