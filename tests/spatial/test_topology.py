"""Faults between parcels: layers with known faults, of which each is found and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon

from spatial.topology import Fault, Limits, faults

X, Y = 438_000.0, 4_410_000.0
STEP = 60.0


def box(west: float, south: float, east: float, north: float) -> Polygon:
    return shapely.box(X + west, Y + south, X + east, Y + north)


def array(*shapes: object) -> np.ndarray:
    return np.array([*shapes, None], dtype=object)[:-1]


@dataclass
class Layer:
    """A fabric of quadrilaterals with lanes between blocks, and the faults that were put into it."""

    shapes: np.ndarray
    known: list[tuple[str, Polygon]] = field(default_factory=list)


def fabric(rng: np.random.Generator, blocks: int = 4, cells: int = 4) -> Layer:
    """Blocks of cells that share crooked corners; between blocks run lanes of 1 to 12 m, which are no fault."""
    shapes = []
    size = cells * STEP
    lanes = np.concatenate([[0], np.cumsum(size + rng.uniform(1.0, 12.0, blocks))])
    for column in range(blocks):
        for row in range(blocks):
            corner = np.stack(np.meshgrid(np.arange(cells + 1), np.arange(cells + 1), indexing="ij"), axis=-1) * STEP
            inner = corner[1:-1, 1:-1]
            inner += rng.uniform(-15, 15, inner.shape)
            corner = corner + np.array([X + lanes[column], Y + lanes[row]])
            for i in range(cells):
                for j in range(cells):
                    ring = [corner[i, j], corner[i + 1, j], corner[i + 1, j + 1], corner[i, j + 1]]
                    shapes.append(Polygon(ring))
    return Layer(array(*shapes))


def seeded(rng: np.random.Generator, count: int) -> Layer:
    """A fabric with wedges put on one side of some cells (overlaps) or taken from it (gaps)."""
    layer = fabric(rng)
    # every second cell of the inner ones only, so that no fault meets another
    inside = [i for i in range(len(layer.shapes)) if (i % 16) in (5, 7, 13, 15)]
    for cell in rng.permutation(inside)[:count]:
        ring = shapely.get_coordinates(layer.shapes[cell])
        a, b = ring[3], ring[0]  # the side towards the west neighbour
        length = float(np.hypot(*(b - a)))
        area = float(10 ** rng.uniform(-4, 1))
        reach = float(rng.uniform(0.05, 0.9))
        p, q = a + (b - a) * 0.05, a + (b - a) * (0.05 + reach)
        deep = 2 * area / (reach * length)
        normal = np.array([(b - a)[1], -(b - a)[0]]) / length
        gap = bool(rng.integers(2))
        tip = (p + q) / 2 + normal * (-deep if gap else deep)
        wedge = Polygon([p, q, tip])
        shape = Polygon([*ring[:4], p, tip, q])
        grown = shape.area > layer.shapes[cell].area
        layer.shapes[cell] = shape
        layer.known.append(("overlap" if grown else "gap", wedge))
    return layer


def matched(found: list[Fault], layer: Layer) -> tuple[list[tuple[str, Polygon]], list[Fault]]:
    """Known faults of at least 0.01 m² that were missed, and found ones that nobody put there."""
    missed = [
        (kind, wedge)
        for kind, wedge in layer.known
        if wedge.area >= 0.01 and not any(one.kind == kind and one.shape.distance(wedge) < 1e-6 for one in found)
    ]
    false = [
        one for one in found if not any(one.kind == kind and one.shape.distance(w) < 1e-6 for kind, w in layer.known)
    ]
    return missed, false


@pytest.mark.parametrize("seed", range(12))
def test_every_known_fault_is_found_and_nothing_else(seed: int) -> None:
    rng = np.random.default_rng(seed)
    layer = seeded(rng, 40)
    found = faults(layer.shapes)
    missed, false = matched(found, layer)
    assert not missed
    assert not false, [(one.kind, one.area_m2, one.rows) for one in false]
    for kind in ("gap", "overlap"):
        areas = sorted(wedge.area for one, wedge in layer.known if one == kind and wedge.area >= 0.0101)
        assert len(areas) > 2
        got = sorted(one.area_m2 for one in found if one.kind == kind and one.area_m2 >= 0.0101)
        assert got == pytest.approx(areas, rel=1e-3), kind


@pytest.mark.parametrize("seed", range(6))
def test_sides_that_were_moved_as_a_whole_are_found(seed: int) -> None:
    """Strips along a side, some open to a lane: what is really bare, or covered twice, counts."""
    rng = np.random.default_rng(seed)
    layer, moved = fabric(rng), []
    sides = [i for i in range(len(layer.shapes)) if (i % 16) in (4, 6, 12, 14)]
    for cell in rng.permutation(sides)[:25]:
        ring = shapely.get_coordinates(layer.shapes[cell])
        a, b = ring[3], ring[0]
        length = float(np.hypot(*(b - a)))
        width = min(10 ** rng.uniform(-4, 1) / length, 0.45) * rng.choice([-1, 1])
        off = np.array([width, 0.0])  # along the street, so that its line stays
        shape = Polygon([a + off, b + off, ring[1], ring[2]])
        moved.append(shapely.symmetric_difference(shape, layer.shapes[cell]))
        layer.shapes[cell] = shape
    land = shapely.union_all(layer.shapes)
    one, other = np.triu_indices(len(layer.shapes), 1)
    twice = shapely.get_parts(shapely.intersection(layer.shapes[one], layer.shapes[other]))
    bare = shapely.get_parts(shapely.difference(shapely.union_all(moved), land))
    found = faults(layer.shapes)
    for kind, real in (("gap", bare), ("overlap", twice)):
        large = [piece for piece in real if piece.area >= 0.0102]
        mine = [fault.shape for fault in found if fault.kind == kind]
        assert len(large) > 2
        assert not [piece.wkt for piece in large if not any(piece.distance(shape) < 1e-6 for shape in mine)]
        assert all(any(piece.distance(shape) < 1e-6 for piece in real) for shape in mine)
    assert not [fault for fault in found if fault.kind == "sliver"]


def test_around_some_parcels_the_same_faults_are_found() -> None:
    layer = seeded(np.random.default_rng(3), 40)
    every = faults(layer.shapes)
    for row in (5, 21, 37, 100):
        mine = [(one.kind, one.rows) for one in every if row in one.rows]
        found = [(one.kind, one.rows) for one in faults(layer.shapes, np.array([row])) if row in one.rows]
        assert found == mine
    assert faults(layer.shapes, np.array([], dtype=np.int64)) == []


def test_a_slit_that_is_open_at_both_ends() -> None:
    west, east = box(0, 0, 50, 40), box(50.02, 0, 100, 40)
    (found,) = faults(array(west, east))
    assert (found.kind, found.rows) == ("gap", (0, 1))
    assert found.area_m2 == pytest.approx(0.8, rel=1e-3)
    assert found.thickness == pytest.approx(4 * 0.8 / 80.04**2, rel=1e-2)
    assert X + 50 < found.place[0] < X + 50.02


@pytest.mark.parametrize("width", [0.6, 3.0, 12.0])
def test_a_lane_is_no_gap(width: float) -> None:
    assert faults(array(box(0, 0, 50, 40), box(50 + width, 0, 100, 40))) == []


def test_a_court_and_a_bay_are_no_gap_and_a_small_hole_is() -> None:
    ring = [box(0, 0, 30, 10), box(0, 10, 10, 20), box(20, 10, 30, 20), box(0, 20, 30, 30)]
    assert faults(array(*ring)) == [], "a court of 100 m²"
    (found,) = faults(array(*ring), limits=Limits(hole_m2=100.0))
    assert (found.kind, found.area_m2, found.rows) == ("gap", 100.0, (0, 1, 2, 3))
    donut = Polygon(box(0, 0, 30, 30).exterior.coords, [box(10, 10, 12, 12).exterior.coords])
    assert faults(array(donut)) == [], "a hole of one parcel lies between no two"
    assert faults(array(box(0, 0, 30, 10), box(30, 0.2, 60, 10))) == [], "a step in the street line"


def test_slivers_are_thin_parcels_and_thin_parts() -> None:
    road, hair = box(0, 0, 1_000, 12), box(0, 20, 100, 20.2)
    both = shapely.MultiPolygon([box(0, 40, 50, 80), box(60, 40, 60.1, 80)])
    found = faults(array(road, hair, both, None))
    assert [(one.kind, one.rows) for one in found] == [("sliver", (1,)), ("sliver", (2,))]
    assert found[0].area_m2 == pytest.approx(20.0)


def test_a_parcel_in_a_parcel_overlaps_it_by_all_of_it() -> None:
    found = faults(array(box(0, 0, 100, 100), box(40, 40, 60, 60), box(40, 40, 60, 60)))
    assert [(one.kind, one.area_m2, one.rows) for one in found] == [
        ("overlap", 400.0, (0, 1)),
        ("overlap", 400.0, (0, 2)),
        ("overlap", 400.0, (1, 2)),
    ]


def test_parcels_that_were_cut_twice_meet() -> None:
    """Vertices that lie beside an edge by the last bits make no fault."""
    west = Polygon([(X, Y), (X + 33.3, Y + 0.1), (X + 71.7, Y + 99.9), (X, Y + 100)])
    points = [(X + 33.3 + 38.4 * t, Y + 0.1 + 99.8 * t) for t in (0.1, 1 / 3, 0.7)]
    east = Polygon([(X + 33.3, Y + 0.1), (X + 200, Y), (X + 200, Y + 100), (X + 71.7, Y + 99.9), *reversed(points)])
    assert faults(array(west, east)) == []
