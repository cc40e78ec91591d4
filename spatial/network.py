"""Distances along ways, from the places where walkers come onto a network to the places where they leave it.

A point walks to the nearest place of the nearest way (its foot) and from there along the ways; the straight leg to
the foot counts. Where no way leads the distance is NaN: a straight line never stands in for a walk.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from spatial.noding import Network, links_between, pieces
from spatial.vertices import BESIDE

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[np.object_]

_CELLS = 20_000_000
"""Distances that are held at a time."""


@dataclass(frozen=True)
class Feet:
    """Where points come onto a network.

    Parameters
    ----------
    place
        Place on the axis of the network [m], NaN where no way is near enough, shape (n,).
    leg
        Straight way from the point to it [m], shape (n,).
    """

    place: Floats
    leg: Floats

    def __len__(self) -> int:
        return len(self.place)


@dataclass(frozen=True)
class Entered:
    """A network with places at which groups of walkers come onto it.

    Parameters
    ----------
    network
        What is walked on.
    cut, start, end, weight
        First place [m], nodes and counted length [m] of each link, by place, shape (m,).
    graph
        Weights between nodes, both ways; from a hub to its feet one way.
    hubs
        Node of each group, from which every foot of it is as far as its leg, shape (g,).
    """

    network: Network
    cut: Floats
    start: Ints
    end: Ints
    weight: Floats
    graph: csr_array
    hubs: Ints

    def link_of(self, place: Floats) -> Ints:
        """The link on which each place lies; a node counts to a link of its line."""
        line = self.network.line_of(place)
        first = np.searchsorted(self.cut, self.network.base - BESIDE)
        last = np.append(first[1:], len(self.cut)) - 1
        return np.clip(np.searchsorted(self.cut, place, side="right") - 1, first[line], last[line])


def feet(network: Network, points: Shapes, shapes: Shapes | None = None, *, most: float = np.inf) -> Feet:
    """Where points come onto the network: the nearest place of the nearest way.

    Parameters
    ----------
    points
        Points, shape (n,); a missing one has no foot.
    shapes
        Outlines that the leg is counted from instead of the points, which still choose the foot.
    most
        Longest leg [m], from the outline where there is one; a point farther from every way has no foot.
    """
    place, leg = np.full(len(points), np.nan), np.full(len(points), np.nan)
    there = np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points)))
    if len(there) and len(network.lines):
        _, line = network.tree.query_nearest(points[there], all_matches=False)
        along = shapely.line_locate_point(network.lines[line], points[there])
        foot = shapely.line_interpolate_point(network.lines[line], along)
        off = shapely.distance(foot, (points if shapes is None else shapes)[there])
        near = off <= most
        place[there[near]] = (network.base[line] + along)[near]
        leg[there[near]] = off[near]
    return Feet(place, leg)


def standing(network: Network, feet: Feet) -> Shapes:
    """The point on its way of each foot, None where there is none, shape (n,)."""
    out = np.full(len(feet), None, dtype=object)
    there = np.flatnonzero(~np.isnan(feet.place))
    line = network.line_of(feet.place[there])
    out[there] = shapely.line_interpolate_point(network.lines[line], feet.place[there] - network.base[line])
    return out


def entered(network: Network, sources: Feet, group: Ints, groups: int) -> Entered:
    """The network with its sources; those of one group are one walker who may start at any of them.

    Parameters
    ----------
    group
        Group of each source, 0 … groups − 1, shape (s,).
    """
    there = np.flatnonzero(~np.isnan(sources.place))
    foot = network.nodes + np.arange(len(there))
    hubs = network.nodes + len(there) + np.arange(groups)
    cut = np.concatenate([network.cut, sources.place[there]])
    node = np.concatenate([network.node, foot])
    order = np.argsort(cut, kind="stable")
    start, end, weight, at = links_between(network, cut[order], node[order])
    # out of a hub only: nobody walks through a station to come out at another of its entrances
    one = np.concatenate([start, end, hubs[group[there]]])
    other = np.concatenate([end, start, foot])
    weights = np.concatenate([weight, weight, sources.leg[there]])
    graph = _graph(one, other, weights, network.nodes + len(there) + groups)
    return Entered(network, at, start, end, weight, graph, hubs)


def nearest(network: Network, sources: Feet, targets: Feet, *, limit: float = np.inf) -> tuple[Floats, Ints]:
    """Walking distance from the nearest source to each target, and which source it is.

    Parameters
    ----------
    limit
        Distance beyond which nobody walks [m].

    Returns
    -------
    distance
        With the legs at both ends [m], NaN where no source is reached, shape (n,).
    source
        Position of the source, −1 for none, shape (n,).

    Examples
    --------
    >>> from spatial.noding import build
    >>> street = build(shapely.linestrings([[(0, 0), (100, 0)]]))
    >>> at = lambda *xy: feet(street, shapely.points([xy]))
    >>> nearest(street, at(10, 5), at(60, -3))[0].tolist()
    [58.0]
    """
    walk = entered(network, sources, np.arange(len(sources)), len(sources))
    if not len(sources) or not len(targets):
        return np.full(len(targets), np.nan), np.full(len(targets), -1, dtype=np.int64)
    found, _, source = dijkstra(walk.graph, indices=walk.hubs, limit=limit, min_only=True, return_predecessors=True)
    there, link, to_start, to_end = _last_leg(walk, targets)
    ends = np.stack([found[walk.start[link]] + to_start, found[walk.end[link]] + to_end])
    by = np.where(ends[0] <= ends[1], walk.start[link], walk.end[link])
    total = ends.min(axis=0) + targets.leg[there]
    reached = total <= limit if np.isfinite(limit) else np.isfinite(total)
    distance, nearest_source = np.full(len(targets), np.nan), np.full(len(targets), -1, dtype=np.int64)
    distance[there[reached]] = total[reached]
    nearest_source[there[reached]] = source[by[reached]] - walk.hubs[0]
    return distance, nearest_source


def within(walk: Entered, targets: Feet, limit: float | Floats) -> tuple[Ints, Ints, Floats]:
    """Every pair of a group and a target that it reaches.

    Parameters
    ----------
    limit
        How far each group walks [m], one for all or shape (g,).

    Returns
    -------
    group, target, distance
        By group and target, shape (p,).
    """
    there, link, to_start, to_end = _last_leg(walk, targets)
    most = np.broadcast_to(np.asarray(limit, dtype=float), (len(walk.hubs),))
    out: list[tuple[Ints, Ints, Floats]] = []
    for some, found in _from_groups(walk, most, len(there)):
        total = np.minimum(found[:, walk.start[link]] + to_start, found[:, walk.end[link]] + to_end)
        total += targets.leg[there]
        group, target = np.nonzero(total <= most[some][:, None])
        out.append((some[group], there[target], total[group, target]))
    if not out:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    group, target, distance = (np.concatenate(column) for column in zip(*out, strict=True))
    return group, target, distance


def stretches(walk: Entered, limit: float) -> tuple[Ints, Shapes]:
    """The stretches of ways that each group reaches within a distance, cut exactly where it ends.

    Returns
    -------
    group, line
        Group and line of each stretch, by group, shape (q,).
    """
    # a way that counts as nothing is walked at once
    scale = np.maximum(walk.network.factor[walk.network.line_of(walk.cut)], 1e-12)
    drawn = _drawn(walk)
    out: list[tuple[Ints, Floats, Floats]] = []
    for some, found in _from_groups(walk, np.full(len(walk.hubs), limit), len(walk.cut)):
        ahead = np.clip((limit - found[:, walk.start]) / scale, 0.0, drawn)
        back = np.clip((limit - found[:, walk.end]) / scale, 0.0, drawn)
        whole = ahead + back >= drawn
        ahead[whole], back[whole] = np.broadcast_to(drawn, whole.shape)[whole], 0.0
        for length, backwards in ((ahead, False), (back, True)):
            group, link = np.nonzero(length > BESIDE)
            low = walk.cut[link] + (drawn[link] - length[group, link] if backwards else 0.0)
            out.append((some[group], low, low + length[group, link]))
    if not out:
        return np.empty(0, np.int64), np.empty(0, dtype=object)
    group, low, high = (np.concatenate(column) for column in zip(*out, strict=True))
    order = np.argsort(group, kind="stable")
    return group[order], pieces(walk.network, low[order], high[order])


def _graph(one: Ints, other: Ints, weight: Floats, nodes: int) -> csr_array:
    """Links as a matrix; of several between two nodes the shortest counts, as a matrix would add them up."""
    order = np.lexsort((weight, other, one))
    one, other, weight = one[order], other[order], weight[order]
    keep = (one != other) & np.append(True, (np.diff(one) != 0) | (np.diff(other) != 0))[: len(one)]
    return coo_array((weight[keep], (one[keep], other[keep])), shape=(nodes, nodes)).tocsr()


def _drawn(walk: Entered) -> Floats:
    """Length of each link as drawn [m]."""
    line = walk.network.line_of(walk.cut)
    finish = walk.network.base + shapely.length(walk.network.lines)
    last = np.append(np.diff(line) != 0, True)[: len(line)]
    return np.where(last, finish[line], np.append(walk.cut[1:], 0.0)[: len(line)]) - walk.cut


def _last_leg(walk: Entered, targets: Feet) -> tuple[Ints, Ints, Floats, Floats]:
    """Targets that have a foot, the link that each lies on, and the way along it to its two nodes."""
    there = np.flatnonzero(~np.isnan(targets.place))
    place = targets.place[there]
    link = walk.link_of(place)
    scale = walk.network.factor[walk.network.line_of(place)]
    ahead = np.maximum(place - walk.cut[link], 0.0) * scale
    return there, link, ahead, np.maximum(walk.weight[link] - ahead, 0.0)


def _from_groups(walk: Entered, limit: Floats, beside: int) -> Iterator[tuple[Ints, Floats]]:
    """Distances from some groups at a time to every node, shape (some, nodes); beyond the limit infinite."""
    size = walk.graph.shape[0] + 3 * beside
    step = max(1, _CELLS // max(size, 1))
    for first in range(0, len(walk.hubs), step):
        some = np.arange(first, min(first + step, len(walk.hubs)))
        most = max(float(limit[some].max()), 0.0)  # who reaches nobody has a limit below 0
        yield some, dijkstra(walk.graph, indices=walk.hubs[some], limit=most)
