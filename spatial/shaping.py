"""Cutting and joining outlines. Stored vertices stay what they are: nothing is snapped, so that areas add up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from spatial.errors import ChengzaiError
from spatial.vertices import BESIDE, at, inserted

SLIVER_M2 = 0.01
"""A part smaller than this [m²] is no parcel: the line runs along the outline."""

_HALVINGS = 60

_UPRIGHT = 1e-9
"""Eastward part of a unit vector below which a direction counts as north or south."""

_WIDEST = 1_000.0
"""Widest strip [m]: no road of a plan comes near it."""

Direction = float | Literal["longest_side", "longest_edge"]

_FAR = 1e8
"""No coordinate of a projected CRS in metres is larger [m]; NaN is not smaller either."""


class CutRefused(ChengzaiError):
    code = "cut_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "这条线没有把图形分成两部分以上（每部分至少 0.01 m²）",
        "en": "The line does not divide the outline into parts of at least 0.01 m²",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "画一条两端都在地块之外、从中间穿过的线",
        "en": "Draw a line that begins and ends outside the parcel and passes through it",
    }


class PartsRefused(ChengzaiError):
    code = "parts_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "不能等分为 {value} 份",
        "en": "It cannot be cut into {value} equal parts",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "份数应为 2–100 的整数", "en": "Give a whole number from 2 to 100"}


class NotAdjoining(ChengzaiError):
    code = "not_adjoining"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "这些图形没有共同的边，不能合并",
        "en": "These outlines share no edge and cannot be merged",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "只合并相邻地块；有缝隙时先修正边界",
        "en": "Merge neighbours only; where there is a gap, mend the boundary first",
    }


class NothingLeft(ChengzaiError):
    code = "nothing_left"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "操作后图形不剩面积，或道路没有经过它",
        "en": "Nothing would be left of the outline, or the strip misses it",
    }
    cure: ClassVar[dict[str, str]] = {"zh-CN": "检查线的位置和宽度", "en": "Check where the line runs and its width"}


def split(shape: BaseGeometry, line: LineString) -> list[BaseGeometry]:
    """The parts into which a line cuts a polygon, from west to east and then from north to south.

    Every stored vertex stays; new ones stand only where the line crosses the outline. A piece of a multipart polygon
    that the line misses goes with the nearest part.

    Raises
    ------
    CutRefused
    """
    line = _drawn(line)
    cut: list[BaseGeometry] = []
    whole: list[Polygon] = []
    for piece in shapely.get_parts(shape):
        found = _cells(*_led(piece, line))
        if len(found) > 1:
            cut += found
        else:
            whole.append(piece)
    if len(cut) < 2 or min(part.area for part in cut) < SLIVER_M2:
        raise CutRefused
    return _ordered(_joined(cut, whole))


def into(shape: BaseGeometry, parts: int, direction: Direction = "longest_side") -> list[BaseGeometry]:
    """A number of parts of equal area, by parallel cuts; they follow one another from west to east.

    Parameters
    ----------
    direction
        Where the parts follow one another: along the longer side of the smallest rectangle around the polygon, along
        its own longest edge, or a bearing in degrees clockwise from grid north.

    Raises
    ------
    PartsRefused
    """
    if (
        isinstance(parts, bool)
        or not isinstance(parts, int)
        or not 2 <= parts <= 100
        or shape.area < SLIVER_M2 * parts
    ):
        raise PartsRefused(value=str(parts)[:20])
    along = _towards(shape, direction)
    across = np.array([-along[1], along[0]])
    middle = np.floor(shapely.get_coordinates(shape.centroid)[0])
    near = shapely.transform(shape, lambda points: points - middle)
    reach = shapely.get_coordinates(near) @ np.stack([along, across], axis=1)
    (first, low), (last, high) = reach.min(axis=0) - 1.0, reach.max(axis=0) + 1.0

    def before(place: float) -> Polygon:
        corners = [(first, low), (place, low), (place, high), (first, high)]
        return Polygon([a * along + b * across for a, b in corners])

    cuts, start = [], first
    for number in range(1, parts):
        wanted, left, right = near.area * number / parts, start, last
        for _ in range(_HALVINGS):
            half = (left + right) / 2
            if shapely.intersection(near, before(half)).area < wanted:
                left = half
            else:
                right = half
        start = (left + right) / 2
        cuts.append(start)
    lines = [LineString([middle + at * along + low * across, middle + at * along + high * across]) for at in cuts]
    strips: dict[int, list[Polygon]] = {}
    for piece in shapely.get_parts(shape):
        for cell in _cells(piece, lines):
            inside = shapely.get_coordinates(cell.representative_point())[0]
            strips.setdefault(int(np.searchsorted(cuts, (inside - middle) @ along)), []).append(cell)
    if len(strips) != parts:
        raise PartsRefused(value=str(parts))
    return [_one(strips[number]) for number in range(parts)]


def union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Neighbours as one outline.

    A line that was cut twice has vertices that lie beside it by the last bits of a coordinate; edges are led through
    such vertices, so that no gap stays between two outlines that share them.

    Raises
    ------
    NotAdjoining
        When any of them shares no edge with the others; a corner is not enough.
    """
    if len(shapes) < 2:
        raise NotAdjoining
    met = _met(shapes)
    reached, waiting = [0], list(range(1, len(met)))
    for one in reached:
        near = [other for other in waiting if _adjoin(met[one], met[other])]
        reached += near
        waiting = [other for other in waiting if other not in near]
    if waiting:
        raise NotAdjoining
    return shapely.union_all(np.array(met, dtype=object))


def one_of(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    """Outlines as one, whether they adjoin or not; common edges go."""
    return shapely.union_all(np.array(_met(shapes), dtype=object))


def cut_strip(shape: BaseGeometry, line: LineString, width: float) -> tuple[list[BaseGeometry], BaseGeometry | None]:
    """What is left of a polygon when a strip along a line is taken out of it, from west to east, and the strip.

    Both sides of the strip's edges are cut at once, so that what is left and the strip share every vertex. Crumbs
    that are no parcel go with the strip. A polygon that the strip misses is left whole, and there is no strip.

    Parameters
    ----------
    width
        Width of the strip [m].

    Raises
    ------
    NothingLeft, CutRefused
    """
    if not (math.isfinite(width) and 0 < width <= _WIDEST):
        raise CutRefused
    band = _drawn(line).buffer(width / 2, cap_style="flat", join_style="mitre")
    rest: list[BaseGeometry] = []
    road: list[Polygon] = []
    whole: list[Polygon] = []
    for piece in shapely.get_parts(shape):
        cells = np.array(_cells(piece, [band.boundary]), dtype=object)
        inside = shapely.contains(band, shapely.point_on_surface(cells))
        if not inside.any() or shapely.area(cells[inside]).sum() < SLIVER_M2:
            whole.append(piece)
            continue
        inside |= shapely.area(cells) < SLIVER_M2
        rest += list(cells[~inside])
        road += list(cells[inside])
    if not road:
        return [shape], None
    if not rest and not whole:
        raise NothingLeft
    left = _joined(rest, whole) if rest else [_one(whole)]
    strip = road[0] if len(road) == 1 else shapely.union_all(np.array(road, dtype=object))
    return _ordered(left), strip


def _drawn(line: LineString) -> LineString:
    """A line that can cut, in two dimensions."""
    if not isinstance(line, LineString) or line.is_empty or line.length == 0:
        raise CutRefused
    if not (np.abs(shapely.get_coordinates(line)) <= _FAR).all():
        raise CutRefused
    return shapely.force_2d(line)


def _led(piece: Polygon, line: LineString) -> tuple[Polygon, list[LineString]]:
    """A polygon and a line whose ends, where they lie on the outline but for their last bits, are vertices of it."""
    points = shapely.get_coordinates(line)
    ends = points[[0, -1]]
    piece = inserted(piece, ends)
    stored = shapely.get_coordinates(piece)
    found = at(ends, stored)
    points[[0, -1]] = np.where((found >= 0)[:, None], stored[found], ends)
    return piece, [LineString(points)]


def _cells(piece: Polygon, lines: Sequence[LineString]) -> list[Polygon]:
    """The cells that lines cut a polygon into; the polygon itself where they cut nothing."""
    noded = shapely.unary_union([piece.boundary, *lines])
    cells = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.contains(piece, shapely.point_on_surface(cells))
    return list(cells[inside])


def _met(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Shapes whose edges pass through each other's vertices where they lie beside them by less than a micrometre."""
    met = list(shapes)
    for i, shape in enumerate(met):
        others = shapely.get_coordinates(np.array([*met[:i], *met[i + 1 :]], dtype=object))
        west, south, east, north = shapely.bounds(shape)
        x, y = others[:, 0], others[:, 1]
        near = (x >= west - BESIDE) & (x <= east + BESIDE) & (y >= south - BESIDE) & (y <= north + BESIDE)
        if near.any():
            met[i] = shapely.snap(shape, shapely.multipoints(others[near]), BESIDE)
    return met


def _towards(shape: BaseGeometry, direction: Direction) -> NDArray[np.float64]:
    """Unit vector of a direction, from west to east, or from north to south where it has no east."""
    if isinstance(direction, str):
        around = shapely.minimum_rotated_rectangle(shape)
        rings = [around] if direction == "longest_side" else shapely.get_parts(shape)
        sides = np.concatenate([np.diff(shapely.get_coordinates(one.exterior), axis=0) for one in rings])
        side = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    else:
        side = np.array([math.sin(math.radians(direction)), math.cos(math.radians(direction))])
        if isinstance(direction, bool) or not np.isfinite(side).all():
            raise PartsRefused(value=str(direction)[:20])
    side = np.asarray(side / np.hypot(*side))
    backwards = side[0] < -_UPRIGHT or (abs(side[0]) <= _UPRIGHT and side[1] > 0)
    return -side if backwards else side


def _adjoin(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two polygons share an edge or overlap."""
    shared = shapely.intersection(one, other)
    return bool(shared.area > SLIVER_M2 or shared.length > SLIVER_M2)


def _one(found: Sequence[Polygon]) -> BaseGeometry:
    return found[0] if len(found) == 1 else MultiPolygon(found)


def _joined(cut: list[BaseGeometry], whole: Sequence[Polygon]) -> list[BaseGeometry]:
    """Parts, each with the pieces that no cut met and that lie nearest to it."""
    for piece in whole:
        near = int(np.argmin(shapely.distance(np.array(cut, dtype=object), piece)))
        cut[near] = MultiPolygon([*shapely.get_parts(cut[near]), piece])
    return cut


def _ordered(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    centres = shapely.get_coordinates(shapely.centroid(np.array(parts, dtype=object)))
    return [parts[i] for i in np.lexsort((-centres[:, 1], np.round(centres[:, 0], 3)))]
