"""Which land use, and how dense, each piece of the demo's fabric is drawn with. All of it is schematic.

A piece takes the use of the nearest seed of its sub-area, so that uses lie together as they do in a plan; a pin
then gives one single piece a use of its own (a school, a substation, a pocket park).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from data.fengtai.fabric import Piece
from data.fengtai.outlines import Outline, unit

BEIJING, NATIONAL = "DB11/996", "YDYH2023"
INDUSTRY = ("M4", "B23", "B4")
STREET = {BEIJING: "S1", NATIONAL: "1207"}
GREEN = {BEIJING: "G1", NATIONAL: "1401"}
FLOOR_AREA_RATIO = {
    "M4": 2.5,
    "B23": 2.8,
    "B4": 3.4,
    "F3": 3.0,
    "A35": 2.2,
    "R2": 2.2,
    "A33": 0.8,
    "A5": 1.6,
    "U": 0.6,
    "W": 1.0,
    "G1": 0.0,
    "S1": 0.0,
    "1401": 0.0,
    "1207": 0.0,
}

Spots = tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class Uses:
    """The uses of one sub-area: the classification of the codes, seeds that spread, pins that do not."""

    classification: str
    seeds: Spots
    pins: Spots = ()


USES: dict[str, Uses] = {
    "east-1": Uses(
        BEIJING,
        seeds=(
            (0.10, 0.15, "M4"),
            (0.32, 0.38, "M4"),
            (0.06, 0.62, "M4"),
            (0.27, 0.66, "M4"),
            (0.55, 0.12, "B23"),
            (0.50, 0.62, "B23"),
            (0.40, 0.92, "B23"),
            (0.80, 0.20, "B23"),
            (0.64, 0.42, "B4"),
            (0.74, 0.62, "B4"),
            (0.62, 0.92, "M4"),
            (0.95, 0.45, "F3"),
            (0.92, 0.75, "R2"),
            (0.80, 0.97, "R2"),
            (0.10, 0.95, "R2"),
        ),
        pins=(
            (0.83, 0.70, "A33"),
            (0.15, 0.86, "A33"),
            (0.02, 0.40, "U"),
            (0.38, 0.32, "G1"),
            (0.55, 0.70, "G1"),
            (0.03, 0.30, "W"),
        ),
    ),
    "east-2": Uses(
        BEIJING,
        seeds=(
            (0.50, 0.60, "B4"),
            (0.50, 0.40, "B4"),
            (0.12, 0.80, "B23"),
            (0.12, 0.20, "B23"),
            (0.88, 0.80, "B23"),
            (0.50, 0.05, "B23"),
            (0.90, 0.15, "F3"),
        ),
        pins=((0.50, 0.27, "G1"), (0.98, 0.95, "U")),
    ),
    "east-3": Uses(
        BEIJING,
        seeds=(
            (0.10, 0.10, "B23"),
            (0.35, 0.30, "B23"),
            (0.82, 0.47, "B23"),
            (0.50, 0.70, "B23"),
            (0.90, 0.70, "B23"),
            (0.30, 0.78, "M4"),
            (0.10, 0.62, "M4"),
            (0.10, 0.92, "M4"),
            (0.32, 0.58, "M4"),
            (0.86, 0.15, "M4"),
            (0.48, 0.14, "M4"),
            (0.95, 0.30, "M4"),
            (0.62, 0.33, "B4"),
            (0.70, 0.78, "B4"),
            (0.52, 0.94, "B4"),
            (0.72, 0.06, "F3"),
            (0.93, 0.95, "F3"),
        ),
        pins=(
            (0.95, 0.60, "A33"),
            (0.10, 0.36, "A5"),
            (0.03, 0.08, "U"),
            (0.75, 0.20, "G1"),
            (0.25, 0.12, "G1"),
        ),
    ),
    "west-1": Uses(
        BEIJING,
        seeds=(
            (0.30, 0.68, "M4"),
            (0.62, 0.68, "M4"),
            (0.36, 0.92, "M4"),
            (0.64, 0.95, "M4"),
            (0.85, 0.68, "B23"),
            (0.85, 0.92, "B23"),
            (0.60, 0.46, "B4"),
            (0.08, 0.90, "R2"),
            (0.08, 0.62, "R2"),
            (0.10, 0.12, "R2"),
            (0.35, 0.10, "R2"),
            (0.62, 0.10, "R2"),
            (0.85, 0.15, "R2"),
            (0.35, 0.35, "F3"),
            (0.75, 0.33, "F3"),
        ),
        pins=(
            (0.10, 0.34, "A33"),
            (0.62, 0.22, "A33"),
            (0.27, 0.05, "A33"),
            (0.10, 0.47, "G1"),
            (0.70, 0.36, "G1"),
            (0.17, 0.49, "U"),
        ),
    ),
    "west-2": Uses(
        BEIJING,
        seeds=((0.25, 0.75, "A35"), (0.75, 0.90, "A35"), (0.25, 0.20, "M4"), (0.90, 0.20, "M4"), (0.80, 0.60, "B23")),
        pins=((0.30, 0.60, "G1"),),
    ),
    "expanded-c": Uses(
        NATIONAL,
        seeds=(
            (0.20, 0.30, "1001"),
            (0.60, 0.30, "1001"),
            (0.40, 0.75, "1001"),
            (0.65, 0.97, "0802"),
            (0.10, 0.97, "0902"),
            (1.12, 0.60, "1401"),
            (1.06, 0.85, "1401"),
        ),
        pins=((0.62, 0.68, "1401"),),
    ),
    "expanded-l": Uses(
        NATIONAL,
        seeds=(
            (0.70, 0.15, "1001"),
            (0.25, 0.65, "1001"),
            (0.70, 0.65, "1001"),
            (0.25, 0.40, "1001"),
            (0.75, 0.40, "1001"),
            (0.15, 0.95, "0802"),
            (0.40, 0.92, "0902"),
        ),
        pins=((0.25, 0.13, "080502"), (0.12, 0.44, "1401")),
    ),
}


def land_uses(outline: Outline, uses: Uses, pieces: tuple[Piece, ...]) -> list[str]:
    """Land-use code of every piece of a sub-area, in its classification."""

    def nearest(piece: Piece, spots: Spots) -> str:
        centre = piece.shape.centroid
        return min(spots, key=lambda spot: math.dist(outline.point(spot[0], spot[1]), (centre.x, centre.y)))[2]

    fixed = {"street": STREET[uses.classification], "green": GREEN[uses.classification]}
    codes = [fixed.get(piece.role) or nearest(piece, uses.seeds) for piece in pieces]
    free = [i for i, piece in enumerate(pieces) if piece.role == "plot" and piece.tag in ("", "beside")]
    for u, v, code in uses.pins:
        place = outline.point(u, v)
        chosen = min(free, key=lambda i: math.dist(place, (pieces[i].shape.centroid.x, pieces[i].shape.centroid.y)))
        codes[chosen] = code
        free.remove(chosen)
    for i in free:  # what a real parcel leaves over is planted where it is too thin to build on
        if pieces[i].tag == "beside" and pieces[i].area < 7_000:
            codes[i] = GREEN[uses.classification]
    return codes


def ratio(code: str, key: str) -> float:
    """Floor area ratio of a piece before a sub-area is fitted to its published floor area."""
    base = FLOOR_AREA_RATIO.get(code, 0.0)
    return 0.0 if base == 0.0 else max(0.3, round(base + 0.1 * int(unit(f"{key}/far") * 9 - 4), 1))
