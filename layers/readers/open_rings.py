"""Outlines whose ends do not meet: how far they are apart, and what they enclose once a straight line joins them."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from layers.readers.features import Features, OpenRing
from layers.readers.notes import note
from layers.readers.rings import nested
from spatial import crs as crs_

NEAR_M, NEAR_SHARE = 1.0, 0.02
"""Ends that are nearer than the larger of the two [m, share of the length] were meant to meet."""
_CORNERS = 3
_POLYGON, _MANY = 3, 6
_RING = re.compile(r"\(([^()]+)\)")
_PARTS = re.compile(r"\(\s*\([^()]*\)(?:\s*,\s*\([^()]*\))*\s*\)")


@dataclass(frozen=True)
class _Wkb:
    """Bytes and the place up to which they were read."""

    data: bytes
    at: int = 0


def gap(first: Sequence[float], last: Sequence[float]) -> float:
    """Distance between two points [m]; of degrees along the ellipsoid.

    >>> gap((0.0, 3.0), (4.0, 0.0)) > 500_000, gap((438_000.0, 3.0), (438_004.0, 0.0))
    (True, 5.0)
    """
    if max(abs(first[0]), abs(last[0])) <= 180 and max(abs(first[1]), abs(last[1])) <= 90:
        return float(crs_.CGCS2000.inv(first[0], first[1], last[0], last[1])[2])
    return float(np.hypot(first[0] - last[0], first[1] - last[1]))


def meant(points: np.ndarray) -> bool:
    """Whether an open line, shape (n, 2), was meant to be an outline: its ends nearly meet, and it encloses land."""
    if len(points) <= _CORNERS or not np.isfinite(points).all():
        return False
    length = float(np.hypot(*np.diff(points, axis=0).T).sum())
    apart = float(np.hypot(*(points[0] - points[-1])))
    return 0 < apart <= max(NEAR_M, NEAR_SHARE * length) and bool(shapely.Polygon(points).area > 0)


def opened(parts: Sequence[Sequence[np.ndarray]]) -> OpenRing | None:
    """Polygons by their rings, each of shape (n, 2), of which one at least is open; None for anything else."""
    rings = [ring for part in parts for ring in part]
    if not rings or any(len(ring) < _CORNERS or not np.isfinite(ring).all() for ring in rings):
        return None
    widest = max(gap(ring[0], ring[-1]) if (ring[0] != ring[-1]).any() else 0.0 for ring in rings)
    if not widest:
        return None
    shapes = [shapely.Polygon(part[0], list(part[1:])) for part in parts]
    return OpenRing(shapes[0] if len(shapes) == 1 else shapely.MultiPolygon(shapes), widest)


def of_wkb(data: bytes) -> OpenRing | None:
    """The open outline that WKB holds, where that is why it cannot be parsed."""
    try:
        return opened(_polygons(_Wkb(bytes(data)))[0])
    except (struct.error, ValueError, IndexError):
        return None


def _polygons(wkb: _Wkb) -> tuple[list[list[np.ndarray]], int]:
    order = "<" if wkb.data[wkb.at] == 1 else ">"
    code = struct.unpack_from(order + "I", wkb.data, wkb.at + 1)[0]
    kind = (code & 0x0FFFFFFF) % 1000
    deep = ((code & 0x0FFFFFFF) // 1000) % 4
    wide = 2 + (1 if deep in (1, 2) else 2 if deep else bool(code & 0x80000000) + bool(code & 0x40000000))
    count, at = struct.unpack_from(order + "I", wkb.data, wkb.at + 5)[0], wkb.at + 9
    if kind not in (_POLYGON, _MANY) or count * 4 > len(wkb.data):
        raise ValueError(kind)
    out: list[list[np.ndarray]] = []
    if kind == _MANY:
        for _ in range(count):
            some, at = _polygons(_Wkb(wkb.data, at))
            out += some
        return out, at
    rings = []
    for _ in range(count):
        size = struct.unpack_from(order + "I", wkb.data, at)[0]
        ring = np.frombuffer(wkb.data, dtype=order + "f8", count=size * wide, offset=at + 4)
        rings.append(ring.reshape(size, wide)[:, :2].astype(float))
        at += 4 + 8 * size * wide
    return [rings], at


def of_wkt(text: str) -> OpenRing | None:
    """The open outline that WKT holds, where that is why it cannot be parsed.

    >>> of_wkt("POLYGON((438000 0, 438009 0, 438009 9, 438000 9, 438000 0.5))").gap_m
    0.5
    """
    if not re.match(r"\s*(?:MULTI)?POLYGON\b", text, re.I):
        return None
    try:
        parts = [
            [
                np.array([[float(n) for n in one.split()[:2]] for one in ring.split(",")])
                for ring in _RING.findall(part)
            ]
            for part in _PARTS.findall(text)
        ]
        return opened(parts)
    except ValueError:
        return None


def noted(features: Features, found: Mapping[int, OpenRing]) -> Features:
    """Features with outlines that are open, each an error until somebody says that it is to be closed."""
    if not found:
        return features
    unreadable = features.unreadable.copy()
    unreadable[list(found)] = False
    said = [
        note("ring_open", "geometry", row=row, severity="error", value=f"{one.gap_m:.3f}")
        for row, one in found.items()
    ]
    return replace(
        features,
        unreadable=unreadable,
        open_rings={**features.open_rings, **found},
        notes=(*features.notes, *said),
    )


def closed(features: Features) -> Features:
    """Features whose open outlines are closed by a straight line, each with a warning."""
    if not features.open_rings or features.shapes is None:
        return features
    shapes = features.shapes.copy()
    for row, one in features.open_rings.items():
        shapes[row] = one.shape
    kept = [one for one in features.notes if one.code != "ring_open"]
    said = [
        note("ring_closed", "geometry", row=row, severity="warning", value=f"{one.gap_m:.3f}")
        for row, one in features.open_rings.items()
    ]
    return replace(features, shapes=shapes, open_rings={}, notes=(*kept, *said))


def polygon(points: np.ndarray) -> OpenRing:
    """An open line as the outline that it was meant to be."""
    return OpenRing(nested(np.array([shapely.Polygon(points)], dtype=object)), gap(points[0], points[-1]))
