"""How the demo's parcel fabric is cut: streets and green strips out of an outline, blocks, blocks into parcels.

The pieces of one sub-area are a partition. They are noded together on a 0.1 mm grid and built again from the
nodes, so that neighbours share every vertex and their areas add up to the outline.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import shapely
from shapely.geometry import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split

from data.fengtai.outlines import Outline, Pairs, to_degrees, to_plane, unit

GRID_M = 0.0001
CRUMB_M2 = 2_500.0  # what streets leave over below this size is planted, not built on


@dataclass(frozen=True)
class Strip:
    """A street or a green strip: its axis in the local frame and its width [m]."""

    name: str
    axis: Pairs
    width: float


@dataclass(frozen=True)
class Carving:
    """A real parcel: a rectangle of exactly the published land area, and what its neighbours are called.

    Parameters
    ----------
    tag
        Key of the parcel.
    at
        Place in the local frame; the block there is cut around the rectangle.
    area, width
        Land area [m²] and length of the side that runs along u [m].
    room
        Largest piece of the block to carve from [m²].
    neighbours
        Keys of the pieces on the sides ``N``, ``S``, ``E``, ``W``, where they are known.
    """

    tag: str
    at: tuple[float, float]
    area: float
    width: float
    room: float
    neighbours: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Layout:
    """What cuts one sub-area: streets in order of rank, green strips, real parcels, and the size of the rest [m²]."""

    streets: tuple[Strip, ...]
    greens: tuple[Strip, ...]
    target: float
    carvings: tuple[Carving, ...] = ()
    whole: tuple[tuple[float, float], ...] = ()  # blocks that stay one parcel


@dataclass(frozen=True)
class Piece:
    """One piece of a sub-area.

    Parameters
    ----------
    role
        ``street``, ``green`` or ``plot``.
    name
        Name of a street or green strip.
    tag
        Key of a real parcel, or ``beside`` for an unnamed piece cut off by one; empty otherwise.
    block
        Number of the block, from 1; 0 for streets.
    shape
        Outline [m], as it reads back from a file.
    """

    role: str
    name: str
    tag: str
    block: int
    shape: BaseGeometry

    @property
    def area(self) -> float:
        """Planar area [m²]."""
        return float(self.shape.area)


def pieces(outline: Outline, layout: Layout) -> tuple[Piece, ...]:
    """The partition of a sub-area, streets first, then plots block by block from south-west to north-east."""
    drawn: list[Piece] = []
    left: BaseGeometry = outline.ring
    for role, strips in (("street", layout.streets), ("green", layout.greens)):
        for strip in strips:
            body = LineString([outline.point(u, v) for u, v in strip.axis]).buffer(
                strip.width / 2, cap_style="flat", join_style="mitre"
            )
            drawn.append(Piece(role, strip.name, "", 0, left.intersection(body)))
            left = left.difference(body)
    for number, block in enumerate(_in_reading_order(outline, left), start=1):
        drawn.extend(replace(piece, block=number) for piece in _plots(outline, layout, block, number))
    return _noded([piece for piece in drawn if piece.shape.area > 1.0], outline.ring)


def _in_reading_order(outline: Outline, blocks: BaseGeometry) -> list[Polygon]:
    origin, east, north = (outline.point(u, v) for u, v in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)))
    along = math.atan2(east[1] - origin[1], east[0] - origin[0])
    height = math.dist(origin, north)

    def place(block: Polygon) -> tuple[int, float]:
        dx, dy = block.centroid.x - origin[0], block.centroid.y - origin[1]
        u, v = dx * math.cos(along) + dy * math.sin(along), dy * math.cos(along) - dx * math.sin(along)
        return (int(6 * v / height), round(u, 3))

    return sorted(shapely.get_parts(blocks), key=place)


def _plots(outline: Outline, layout: Layout, block: Polygon, number: int) -> Iterator[Piece]:
    if block.area < CRUMB_M2:
        yield Piece("green", "", "", 0, block)
        return
    if any(block.contains(Point(outline.point(u, v))) for u, v in layout.whole):
        yield Piece("plot", "", "", 0, block)
        return
    key = f"{outline.code}/{number}"
    here = [c for c in layout.carvings if block.contains(Point(outline.point(*c.at)))]
    target = layout.target * (0.55 + 0.95 * unit(f"{key}/size") ** 2 + (0.5 if unit(f"{key}/large") > 0.75 else 0.0))
    for part in _shared_out(block, max([target, *(c.room for c in here)]), key):
        inside = [c for c in here if part.contains(Point(outline.point(*c.at)))]
        if inside:
            yield from _carved(outline, part, inside[0])
        else:
            yield from (Piece("plot", "", "", 0, bit) for bit in _shared_out(part, target, f"{key}/more"))


def _shared_out(plot: Polygon, target: float, key: str) -> list[Polygon]:
    """A block cut across its longer side, again and again, until its pieces are near the size wanted."""
    if plot.area < 1.45 * target:
        return [plot]
    corners = list(plot.minimum_rotated_rectangle.exterior.coords)[:4]
    sides = [math.dist(corners[0], corners[1]), math.dist(corners[1], corners[2])]
    first = 0 if sides[0] >= sides[1] else 1
    if max(sides) < 1.2 * min(sides) and unit(f"{key}/turn") > 0.5:
        first = 1 - first
    a, b, c, d = corners[first:] + corners[:first]
    share = 0.39 + 0.22 * unit(f"{key}/share")
    if plot.area > 2.4 * target and unit(f"{key}/third") > 0.5:
        share = 0.34
    ends = [_between(a, b, share), _between(d, c, share)]
    cut = LineString([_between(ends[0], ends[1], -0.1), _between(ends[0], ends[1], 1.1)])
    halves = sorted(
        shapely.get_parts(split(plot, cut)), key=lambda part: (round(part.centroid.x, 3), part.centroid.y)
    )
    if len(halves) < 2:
        return [plot]
    return [bit for i, half in enumerate(halves) for bit in _shared_out(half, target, f"{key}.{i}")]


def _between(a: tuple[float, ...], b: tuple[float, ...], share: float) -> tuple[float, float]:
    return (a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1]))


def _carved(outline: Outline, plot: Polygon, carving: Carving) -> Iterator[Piece]:
    u, v = carving.at
    (x0, y0), (x1, y1) = outline.point(u - 0.01, v), outline.point(u + 0.01, v)
    angle = math.atan2(y1 - y0, x1 - x0)
    centre = plot.minimum_rotated_rectangle.centroid
    half_w, half_h = carving.width / 2, carving.area / carving.width / 2

    def box(west: float, south: float, east: float, north: float) -> Polygon:
        corners = [(west, south), (east, south), (east, north), (west, north)]
        turn = (math.cos(angle), math.sin(angle))
        return Polygon(
            [(centre.x + x * turn[0] - y * turn[1], centre.y + x * turn[1] + y * turn[0]) for x, y in corners]
        )

    far = 2_000.0
    yield Piece("plot", "", carving.tag, 0, box(-half_w, -half_h, half_w, half_h))
    names = dict(carving.neighbours)
    for side, extent in (
        ("N", (-far, half_h, far, far)),
        ("S", (-far, -far, far, -half_h)),
        ("W", (-far, -half_h, -half_w, half_h)),
        ("E", (half_w, -half_h, far, half_h)),
    ):
        for bit in shapely.get_parts(plot.intersection(box(*extent))):
            yield Piece("plot", "", names.get(side, "beside"), 0, bit)


def _noded(drawn: list[Piece], ring: Polygon) -> tuple[Piece, ...]:
    """The same pieces, built from one set of nodes and rounded as the files round them."""
    lines = shapely.union_all([ring.boundary, *(piece.shape.boundary for piece in drawn)], grid_size=GRID_M)
    faces = list(shapely.get_parts(shapely.polygonize([lines])))
    tree = shapely.STRtree([piece.shape for piece in drawn])
    held: dict[int, list[Polygon]] = {}
    for face in faces:
        hits = tree.query(face.representative_point(), predicate="intersects")
        if len(hits) == 1:
            held.setdefault(int(hits[0]), []).append(face)
        elif face.area > 0.01:
            raise ValueError(f"{len(hits)} pieces claim {face.area:.2f} m² at {face.representative_point()}")
    rebuilt = []
    for index, piece in enumerate(drawn):
        parts = sorted(held[index], key=lambda part: -part.area)
        shape = parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
        rebuilt.append(replace(piece, shape=to_plane(to_degrees(shape))))
    return tuple(rebuilt)
