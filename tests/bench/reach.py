"""Distances of 100 k parcels from 2,000 entrances over a network of 50 k links, and straight lines.

The peers are what one would write: a loop of SciPy's Dijkstra, one run a source, over the same links; and
`geopandas.sjoin_nearest` for straight lines.
"""

from __future__ import annotations

import sys
import time

import geopandas as gpd
import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from spatial import catchment, network, noding
from tests.bench import synthetic
from tests.bench.line import Line

_PEER = 50
"""Sources that the loop is timed on."""
_SNAP, _ACCESS = 0.5, 300.0


def walked(*, quick: bool) -> list[Line]:
    """Network, feet and walks together, then straight lines."""
    count, side, entrances = (5_000, 36, 100) if quick else (100_000, 159, 2_000)
    print(f"  {count:,} parcels over a grid of {side} × {side} crossings", file=sys.stderr, flush=True)
    parcels = synthetic.parcels(count)
    shapes = np.asarray(parcels.geometry, dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    rng = np.random.default_rng(7)
    ways = _streets(west, south, east, north, side, rng)
    places = rng.uniform((west, south), (east, north), (entrances, 2))
    doors = shapely.points(places)

    start = time.perf_counter()
    net = noding.build(ways, snap=_SNAP)
    built = time.perf_counter() - start
    inner = catchment.inner_points(shapes)
    goals = network.feet(net, inner, shapes, most=_ACCESS)
    sources = network.feet(net, doors, most=_ACCESS)
    far, _ = network.nearest(net, sources, goals)
    whole = time.perf_counter() - start

    start = time.perf_counter()
    straight, _ = catchment.nearest(doors, shapes)
    line = time.perf_counter() - start
    start = time.perf_counter()
    joined = gpd.sjoin_nearest(
        parcels[["geometry"]], gpd.GeoDataFrame(geometry=doors, crs=parcels.crs), distance_col="m"
    )
    peer_line = time.perf_counter() - start
    same = float(np.abs(joined["m"].groupby(level=0).min().to_numpy() - straight).max())

    each, least = _loop(net, sources, min(_PEER, entrances))
    ahead, _ = network.nearest(net, network.Feet(sources.place[:_PEER], sources.leg[:_PEER]), goals)
    reached = int((~np.isnan(far)).sum())
    named = f"{count // 1000} k parcels, {net.links:,} links, {entrances:,} entrances"
    return [
        Line(
            f"Walks from the nearest entrance: {named}; network cut and entered anew",
            f"{whole:.1f} s",
            f"SciPy Dijkstra, one run an entrance: {each * 1e3:.0f} ms each, {each * entrances:.0f} s for all",
            f"cutting {built:.1f} s; {reached:,} reached; nodes alike to {_difference(least, net, sources):.0e} m",
            "< 30 s",
            whole < 30 and bool((ahead[~np.isnan(ahead)] >= far[~np.isnan(ahead)] - 1e-6).all()),
        ),
        Line(
            f"Straight lines from the nearest entrance to the outline: {count // 1000} k parcels",
            f"{line:.2f} s",
            f"`geopandas.sjoin_nearest`: {peer_line:.2f} s",
            f"{peer_line / line:.1f} ×; alike to {same:.0e} m",
        ),
    ]


def _streets(west: float, south: float, east: float, north: float, side: int, rng: np.random.Generator) -> np.ndarray:
    """A jittered grid of streets with one bend each, the same on every machine."""
    x, y = np.meshgrid(np.linspace(west, east, side), np.linspace(south, north, side), indexing="ij")
    spots = np.stack([x, y], axis=-1) + rng.normal(0, 8, (side, side, 2))
    out = []
    for one, other in ((spots[:-1], spots[1:]), (spots[:, :-1], spots[:, 1:])):
        middle = (one + other) / 2 + rng.normal(0, 4, one.shape)
        out.append(np.stack([one, middle, other], axis=-2).reshape(-1, 3, 2))
    return np.asarray(shapely.linestrings(np.concatenate(out)), dtype=object)


def _loop(net: noding.Network, sources: network.Feet, count: int) -> tuple[float, np.ndarray]:
    """Seconds a source of the plain loop, and the least distance of each node from its sources."""
    walk = network.entered(net, network.Feet(sources.place[:count], sources.leg[:count]), np.arange(count), count)
    start = time.perf_counter()
    least = np.full(walk.graph.shape[0], np.inf)
    for hub in walk.hubs:
        least = np.minimum(least, dijkstra(walk.graph, indices=hub))
    return (time.perf_counter() - start) / count, least[: net.nodes]


def _difference(least: np.ndarray, net: noding.Network, sources: network.Feet) -> float:
    """How far the loop and one run from many sources differ at any node."""
    count = min(_PEER, len(sources))
    walk = network.entered(net, network.Feet(sources.place[:count], sources.leg[:count]), np.arange(count), count)
    found = dijkstra(walk.graph, indices=walk.hubs, min_only=True)[: net.nodes]
    both = np.isfinite(found) & np.isfinite(least)
    return float(np.abs(found[both] - least[both]).max(initial=0.0))
