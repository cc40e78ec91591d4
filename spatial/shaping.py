"""Cutting and joining outlines. Stored vertices stay what they are: nothing is snapped, so that areas add up."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from spatial.errors import ChengzaiError

SLIVER_M2 = 0.01
"""A part smaller than this [m²] is no parcel: the line runs along the outline."""

_HALVINGS = 60

_BESIDE = 1e-6
"""Distance [m] within which a vertex lies on a line but for the last bits of its coordinates."""

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
        found = _cells(piece, [line])
        if len(found) > 1:
            cut += found
        else:
            whole.append(piece)
    if len(cut) < 2 or min(part.area for part in cut) < SLIVER_M2:
        raise CutRefused
    for piece in whole:
        near = int(np.argmin(shapely.distance(np.array(cut, dtype=object), piece)))
        cut[near] = MultiPolygon([*shapely.get_parts(cut[near]), piece])
    return _ordered(cut)


def into(shape: BaseGeometry, parts: int) -> list[BaseGeometry]:
    """A number of parts of equal area, by parallel cuts across the longest direction of a polygon.

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
    origin = shape.centroid
    along = _longest(shape)
    across = np.array([-along[1], along[0]])
    middle = np.array([origin.x, origin.y])
    reach = (shapely.get_coordinates(shape) - middle) @ np.stack([along, across], axis=1)
    (first, low), (last, high) = reach.min(axis=0) - 1.0, reach.max(axis=0) + 1.0

    def before(place: float) -> Polygon:
        corners = [(first, low), (place, low), (place, high), (first, high)]
        return Polygon([middle + a * along + b * across for a, b in corners])

    cuts, start = [], first
    for number in range(1, parts):
        wanted, left, right = shape.area * number / parts, start, last
        for _ in range(_HALVINGS):
            half = (left + right) / 2
            if shapely.intersection(shape, before(half)).area < wanted:
                left = half
            else:
                right = half
        start = (left + right) / 2
        cuts.append(start)
    lines = [LineString([middle + at * along + low * across, middle + at * along + high * across]) for at in cuts]
    strips: dict[int, list[Polygon]] = {}
    for piece in shapely.get_parts(shape):
        for cell in _cells(piece, lines):
            inside = cell.representative_point()
            at = float((np.array([inside.x, inside.y]) - middle) @ along)
            strips.setdefault(int(np.searchsorted(cuts, at)), []).append(cell)
    if len(strips) != parts:
        raise PartsRefused(value=str(parts))
    return _ordered([cells[0] if len(cells) == 1 else MultiPolygon(cells) for cells in strips.values()])


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


def cut_strip(shape: BaseGeometry, line: LineString, width: float) -> tuple[list[BaseGeometry], BaseGeometry]:
    """What is left of a polygon when a strip along a line is taken out of it, and the strip.

    Parameters
    ----------
    width
        Width of the strip [m].

    Raises
    ------
    NothingLeft, CutRefused
    """
    if not (math.isfinite(width) and width > 0):
        raise CutRefused
    line = _drawn(line)
    band = line.buffer(width / 2, cap_style="flat", join_style="mitre")
    road = _polygons(shapely.intersection(shape, band))
    rest = _polygons(shapely.difference(shape, band))
    if road is None or rest is None:
        raise NothingLeft
    return _ordered(list(shapely.get_parts(rest))), road


def trim(shape: BaseGeometry, others: Sequence[BaseGeometry]) -> BaseGeometry:
    """A polygon without what others cover of it.

    Raises
    ------
    NothingLeft
    """
    left = _polygons(shapely.difference(shape, shapely.union_all(np.array(others, dtype=object))))
    if left is None:
        raise NothingLeft
    return left


def _drawn(line: LineString) -> LineString:
    """A line that can cut, in two dimensions."""
    if not isinstance(line, LineString) or line.is_empty or line.length == 0:
        raise CutRefused
    if not (np.abs(shapely.get_coordinates(line)) <= _FAR).all():
        raise CutRefused
    return shapely.force_2d(line)


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
        near = (x >= west - _BESIDE) & (x <= east + _BESIDE) & (y >= south - _BESIDE) & (y <= north + _BESIDE)
        if near.any():
            met[i] = shapely.snap(shape, shapely.multipoints(others[near]), _BESIDE)
    return met


def _longest(shape: BaseGeometry) -> NDArray[np.float64]:
    """Unit vector along the longer side of the smallest rectangle around a shape."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape))
    sides = np.diff(corners[:3], axis=0)
    side = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    return np.asarray(side / np.hypot(*side))


def _adjoin(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two polygons share an edge or overlap."""
    shared = shapely.intersection(one, other)
    return bool(shared.area > SLIVER_M2 or shared.length > SLIVER_M2)


def _polygons(shape: BaseGeometry) -> BaseGeometry | None:
    """The polygons of a geometry; None where they hold no area."""
    found = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and part.area >= SLIVER_M2]
    if not found:
        return None
    return found[0] if len(found) == 1 else MultiPolygon(found)


def _ordered(parts: list[BaseGeometry]) -> list[BaseGeometry]:
    centres = shapely.get_coordinates(shapely.centroid(np.array(parts, dtype=object)))
    return [parts[i] for i in np.lexsort((-centres[:, 1], np.round(centres[:, 0], 3)))]
