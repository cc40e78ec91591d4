"""Ways cut where they meet, so that one can walk along them.

Ways meet

- where they truly cross, touch or overlap on the same level;
- where an end of one touches another, on whatever level (a stair ends on the street that it leads to);
- where an end lies within the snap tolerance of another way, because drawn ends miss each other.

Ways that cross on different levels do not meet, and no way is one-way. Snapping joins, it does not move: the gap that
it closes counts as nothing, so that a distance is too short by at most the tolerance at each joint.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from spatial.vertices import BESIDE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

_GAP = 1.0
"""Room between lines that are laid end to end on one axis [m]."""


@dataclass(frozen=True)
class Network:
    """Ways cut where they meet.

    All lines are laid end to end on one axis; a place on the network is one number on it.

    Parameters
    ----------
    lines
        Lines without self-crossings, shape (k,).
    way
        Row of the way that each line is part of, shape (k,).
    base
        Where each line begins on the axis [m], shape (k,).
    factor
        Length to count ÷ length as drawn, shape (k,).
    cut, node
        Places at which lines begin, end and meet, ascending [m], and the node that each is, shape (c,).
    nodes
        How many nodes there are.
    """

    lines: Shapes
    way: Ints
    base: Floats
    factor: Floats
    cut: Floats
    node: Ints
    nodes: int

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index of the lines."""
        return shapely.STRtree(self.lines)

    @cached_property
    def links(self) -> int:
        """How many stretches there are between nodes."""
        return int((np.diff(self.line_of(self.cut)) == 0).sum())

    def line_of(self, place: Floats) -> Ints:
        """The line on which each place lies, shape as given."""
        return np.searchsorted(self.base, place + BESIDE, side="right") - 1

    def components(self) -> tuple[int, Ints]:
        """How many parts of the network do not reach each other, and the part of each line, shape (k,)."""
        start, end, _, _ = links_between(self, self.cut, self.node)
        graph = coo_array((np.ones(len(start)), (start, end)), shape=(self.nodes, self.nodes))
        count, part = connected_components(graph, directed=False)
        first = np.searchsorted(self.cut, self.base - BESIDE)
        return int(count), part[self.node[first]].astype(np.int64)


def build(ways: Shapes, *, level: Ints | None = None, length: Floats | None = None, snap: float = 0.0) -> Network:
    """The network of some ways.

    Parameters
    ----------
    ways
        Lines or multi-lines in metres, shape (n,); a way without length is left out.
    level
        Storey of each way, shape (n,); none means all on one.
    length
        Length to count with [m], NaN for as drawn, shape (n,).
    snap
        How far an end may lie from what it should touch [m].

    Examples
    --------
    >>> found = build(shapely.linestrings([[(0, 0), (10, 0)], [(5, -5), (5, 5)]]))
    >>> found.links, found.nodes
    (4, 5)
    """
    lines, way = _simple(ways)
    drawn = shapely.length(lines)
    base = np.concatenate([[0.0], np.cumsum(drawn + _GAP)])[:-1]
    storey = np.zeros(len(lines), np.int64) if level is None else level[way]
    tree = shapely.STRtree(lines)
    ends = np.stack([shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)], axis=1).reshape(-1, 2)
    end_places = np.column_stack([base, base + drawn]).ravel()
    crossing, item = _crossings(lines, storey, tree, base, len(ends))
    touching, touched, joined = _touches(lines, tree, base, drawn, ends, max(snap, BESIDE))
    place = np.concatenate([end_places, crossing, touching])
    item = np.concatenate([np.arange(len(ends)), item, touched])
    order = np.argsort(place, kind="stable")
    place, item = place[order], item[order]
    beside = np.flatnonzero(np.diff(place) <= BESIDE)
    same = np.concatenate([joined, np.column_stack([item[beside], item[beside + 1]])])
    items = int(item.max(initial=-1)) + 1
    pairs = coo_array((np.ones(len(same)), (same[:, 0], same[:, 1])), shape=(items, items))
    nodes, node = connected_components(pairs, directed=False) if items else (0, np.empty(0, np.int64))
    apart = np.append(True, np.diff(place) > BESIDE)[: len(place)]
    node = node[item[apart]].astype(np.int64)
    return Network(lines, way, base, _factors(ways, way, drawn, length), place[apart], node, int(nodes))


def links_between(network: Network, cut: Floats, node: Ints) -> tuple[Ints, Ints, Floats, Floats]:
    """Nodes, counted length and first place of the links between neighbouring cuts."""
    line = network.line_of(cut)
    first = np.flatnonzero(np.diff(line) == 0)
    weight = (cut[first + 1] - cut[first]) * network.factor[line[first]]
    return node[first], node[first + 1], np.maximum(weight, 0.0), cut[first]


def pieces(network: Network, low: Floats, high: Floats) -> Shapes:
    """The lines between pairs of places, each pair on one line, shape (q,)."""
    vertices, line = shapely.get_coordinates(network.lines, return_index=True)
    step = np.hypot(*np.diff(vertices, axis=0).T) * (np.diff(line) == 0)
    run = np.concatenate([[0.0], np.cumsum(step)])[: len(vertices)]
    first = np.searchsorted(line, np.arange(len(network.lines)))
    axis = run - run[first][line] + network.base[line]
    after, before = np.searchsorted(axis, low, side="right"), np.searchsorted(axis, high, side="left")
    inner = np.maximum(before - after, 0)
    owner = np.repeat(np.arange(len(low)), inner + 2)
    offset = np.arange(len(owner)) - np.repeat(np.cumsum(inner + 2) - inner - 2, inner + 2)
    at = np.where(offset == 0, low[owner], high[owner])
    points = np.column_stack([np.interp(at, axis, vertices[:, 0]), np.interp(at, axis, vertices[:, 1])])
    passed = (offset > 0) & (offset <= inner[owner])
    points[passed] = vertices[(after[owner] + offset - 1)[passed]]
    return np.asarray(shapely.linestrings(points, indices=owner), dtype=object)


def _simple(ways: Shapes) -> tuple[Shapes, Ints]:
    """Single lines without self-crossings, with the row of each."""
    parts, way = shapely.get_parts(shapely.force_2d(ways), return_index=True)
    drawn = shapely.length(parts) > 0
    parts, way = parts[drawn], way[drawn]
    tangled = ~shapely.is_simple(parts)
    if tangled.any():
        freed, of = shapely.get_parts(shapely.node(parts[tangled]), return_index=True)
        parts = np.concatenate([parts[~tangled], freed])
        way = np.concatenate([way[~tangled], way[tangled][of]])
        order = np.argsort(way, kind="stable")
        parts, way = parts[order], way[order]
    return parts, way.astype(np.int64)


def _factors(ways: Shapes, way: Ints, drawn: Floats, length: Floats | None) -> Floats:
    if length is None:
        return np.ones(len(way))
    whole = np.bincount(way, weights=drawn, minlength=len(ways))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(np.isnan(length), 1.0, length / whole)
    return factor[way]


def _crossings(lines: Shapes, storey: Ints, tree: shapely.STRtree, base: Floats, taken: int) -> tuple[Floats, Ints]:
    """Places at which lines of one level meet, two for each meeting, and the meeting's number from `taken` on."""
    one, other = tree.query(lines, predicate="intersects")
    pair = (one < other) & (storey[one] == storey[other])
    one, other = one[pair], other[pair]
    met, of = shapely.get_parts(shapely.intersection(lines[one], lines[other]), return_index=True)
    along = shapely.get_type_id(met) == int(shapely.GeometryType.LINESTRING)
    spots = np.concatenate([met[~along], shapely.get_point(met[along], 0), shapely.get_point(met[along], -1)])
    of = np.concatenate([of[~along], of[along], of[along]])
    number = taken + np.arange(len(spots))
    places = [base[line[of]] + shapely.line_locate_point(lines[line[of]], spots) for line in (one, other)]
    return np.concatenate(places), np.concatenate([number, number])


def _touches(
    lines: Shapes, tree: shapely.STRtree, base: Floats, drawn: Floats, ends: Floats, snap: float
) -> tuple[Floats, Ints, Ints]:
    """Places of lines at which an end of another joins them, those ends, and pairs of ends that join."""
    spots = shapely.points(ends)
    end, line = tree.query(spots, predicate="dwithin", distance=snap)
    foreign = end // 2 != line
    end, line = end[foreign], line[foreign]
    along = shapely.line_locate_point(lines[line], spots[end])
    # near an end of the other line the two ends join, and there is nothing to cut
    inner = (along > BESIDE) & (along < drawn[line] - BESIDE)
    for side in (0, 1):
        inner &= np.hypot(*(ends[end] - ends[2 * line + side]).T) > snap
    pairs = cKDTree(ends).query_pairs(snap, output_type="ndarray") if len(ends) else np.empty((0, 2), np.int64)
    return (base[line] + along)[inner], end[inner], pairs.astype(np.int64)
