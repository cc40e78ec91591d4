"""Existing works of the expanded zone: single-storey workshops drawn inside their parcel. Schematic throughout.

Published of them is only that workshops of 二七机车厂 are 9 to 17 m high, that units measure some thousand to ten
thousand m², and that renovation began on 2024-12-22.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon

from data.fengtai.fabric import Piece
from data.fengtai.outlines import to_degrees, to_plane, unit

SETBACK_M, GAP_M, LARGEST_M2 = 16.0, 18.0, 9_500.0


@dataclass(frozen=True)
class Hall:
    """A workshop: footprint [m], floor area and the vacant part of it [m²], clear height [m], year of reuse."""

    shape: Polygon
    floor_area: float
    vacant: float
    height: float
    reusable_from: int


def halls(piece: Piece, key: str, code: str) -> tuple[Hall, ...]:
    """Workshops side by side across the longer side of a parcel."""
    yard = max(shapely.get_parts(piece.shape.buffer(-SETBACK_M, join_style="mitre")), key=lambda part: part.area)
    corners = list(yard.minimum_rotated_rectangle.exterior.coords)[:4]
    if math.dist(corners[0], corners[1]) < math.dist(corners[1], corners[2]):
        corners = corners[1:] + corners[:1]
    a, b, c, d = corners
    length = math.dist(a, b)
    count = max(1, min(6, math.ceil(0.6 * yard.area / LARGEST_M2)))
    found = []
    for number in range(count):
        key_here = f"{key}/hall{number}"
        start = (number + GAP_M / 2 / (length / count)) / count
        end = (number + 1 - GAP_M / 2 / (length / count)) / count
        depth = 0.62 + 0.33 * unit(f"{key_here}/depth")
        band = Polygon([_at(a, b, c, d, s, t) for s, t in ((start, 0), (end, 0), (end, depth), (start, depth))])
        cut = max(shapely.get_parts(yard.intersection(band)), key=lambda part: part.area, default=None)
        if cut is None or cut.area < 700:
            continue
        shape = to_plane(to_degrees(cut))
        floor = 10.0 * math.floor(shape.area / 10)
        share = 0.35 + 0.6 * unit(f"{key_here}/vacant") if unit(f"{key_here}/empty") > 0.25 else 0.0
        first = 2026 if code == "XL" else 2028
        year = first + int(unit(f"{key_here}/year") * 3)
        height = round(9 + 8 * unit(f"{key_here}/height"), 1)
        found.append(Hall(shape, floor, 10.0 * math.floor(floor * share / 10), height, year))
    return tuple(found)


def _at(
    a: tuple[float, ...], b: tuple[float, ...], c: tuple[float, ...], d: tuple[float, ...], s: float, t: float
) -> tuple[float, float]:
    low = (a[0] + s * (b[0] - a[0]), a[1] + s * (b[1] - a[1]))
    high = (d[0] + s * (c[0] - d[0]), d[1] + s * (c[1] - d[1]))
    return (low[0] + t * (high[0] - low[0]), low[1] + t * (high[1] - low[1]))
