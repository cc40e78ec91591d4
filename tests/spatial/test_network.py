"""Distances along ways: what meets, what does not, closed forms on a grid, and a brute force that shares no code."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import network, noding

X, Y = 438_000.0, 4_410_000.0


def lines(*drawn: list[tuple[float, float]]) -> np.ndarray:
    return np.array([shapely.LineString([(X + x, Y + y) for x, y in one]) for one in drawn], dtype=object)


def points(*drawn: tuple[float, float]) -> np.ndarray:
    return shapely.points(np.array(drawn, dtype=float).reshape(-1, 2) + np.array([X, Y]))


def walked(ways: noding.Network, start: tuple[float, float], goal: tuple[float, float]) -> float:
    distance, _ = network.nearest(ways, network.feet(ways, points(start)), network.feet(ways, points(goal)))
    return float(distance[0])


def grid(side: float, streets: int) -> np.ndarray:
    """Whole streets, west to east and south to north, that nobody has cut where they cross."""
    far, places = side * (streets - 1), [side * i for i in range(streets)]
    return lines(*[[(0, y), (far, y)] for y in places], *[[(x, 0), (x, far)] for x in places])


def test_on_a_grid_of_streets_the_walk_is_the_manhattan_distance() -> None:
    ways = noding.build(grid(100, 6))
    assert (ways.links, ways.nodes) == (60, 36)
    drawn = np.random.default_rng(3).integers(0, 5, (200, 2)) * 100 + np.array([50, 0])  # in the middle of a block
    spots = points(*map(tuple, drawn))
    distance, _ = network.nearest(ways, network.feet(ways, points((0, 0))), network.feet(ways, spots))
    assert distance == pytest.approx(drawn.sum(axis=1), abs=1e-6)


def test_crossings_on_one_level_meet_and_on_two_do_not() -> None:
    cross = lines([(0, 0), (100, 0)], [(50, -50), (50, 50)])
    assert walked(noding.build(cross), (0, 0), (50, 50)) == pytest.approx(100)
    over = noding.build(cross, level=np.array([0, 1]))
    assert over.components()[0] == 2
    assert np.isnan(walked(over, (0, 0), (50, 50)))


def test_a_bridge_joins_the_ground_where_it_ends() -> None:
    ways = lines([(0, 0), (100, 0)], [(50, 0), (50, 80)], [(0, 40), (100, 40)])
    bridged = noding.build(ways, level=np.array([0, 1, 0]))
    assert walked(bridged, (0, 0), (50, 80)) == pytest.approx(130)
    assert np.isnan(walked(bridged, (0, 0), (0, 40)))


@pytest.mark.parametrize(("snap", "expected"), [(0.0, np.nan), (0.5, 79.7)])
def test_an_end_that_misses_is_joined_within_the_tolerance_and_its_gap_counts_nothing(
    snap: float, expected: float
) -> None:
    ways = noding.build(lines([(0, 0), (100, 0)], [(50, 0.3), (50, 30)]), snap=snap)
    assert walked(ways, (0, 0), (50, 30)) == pytest.approx(expected, nan_ok=True)


def test_two_ends_that_miss_each_other_join() -> None:
    ways = noding.build(lines([(0, 0), (50, 0)], [(50.3, 0.3), (100, 0.3)]), snap=0.5)
    assert walked(ways, (0, 0), (100, 0.3)) == pytest.approx(99.7)


def test_overlapping_and_doubled_ways_count_once() -> None:
    ways = noding.build(lines([(0, 0), (60, 0)], [(40, 0), (100, 0)], [(0, 0), (60, 0)]))
    assert walked(ways, (0, 0), (100, 0)) == pytest.approx(100)


def test_a_way_that_crosses_itself_has_a_short_cut() -> None:
    ways = noding.build(lines([(0, 0), (50, 0), (50, 50), (25, 50), (25, -30)]))
    assert walked(ways, (0, 0), (25, -30)) == pytest.approx(55)


def test_a_multi_line_and_a_height_are_read_and_a_way_without_length_is_left_out() -> None:
    parts = shapely.MultiLineString([[(X, Y, 3), (X + 10, Y, 3)], [(X + 10, Y, 3), (X + 30, Y, 3)]])
    point = shapely.LineString([(X, Y), (X, Y)])
    ways = noding.build(np.array([point, parts, None], dtype=object))
    assert ways.way.tolist() == [1, 1]
    assert walked(ways, (0, 0), (30, 0)) == pytest.approx(30)


def test_a_stated_length_counts_instead_of_the_drawn_one() -> None:
    ways = noding.build(lines([(0, 0), (100, 0)], [(100, 0), (200, 0)]), length=np.array([300.0, np.nan]))
    assert walked(ways, (50, 0), (150, 0)) == pytest.approx(200)


def test_both_legs_count_and_a_point_too_far_from_every_way_has_no_foot() -> None:
    ways = noding.build(lines([(0, 0), (100, 0)]))
    assert walked(ways, (10, 7), (60, -20)) == pytest.approx(77)
    found = network.feet(ways, points((10, 7), (60, -20)), most=10)
    assert (np.isnan(found.place).tolist(), found.leg[0]) == ([False, True], pytest.approx(7))


def test_a_leg_may_be_counted_from_the_outline_while_the_inner_point_chooses_the_foot() -> None:
    ways = noding.build(lines([(0, 0), (100, 0)]))
    parcel = np.array([shapely.box(X + 40, Y + 5, X + 60, Y + 45)], dtype=object)
    found = network.feet(ways, points((50, 25)), parcel, most=10)
    assert found.leg[0] == pytest.approx(5)
    start = network.feet(ways, points((0, 0)))
    assert network.nearest(ways, start, found)[0][0] == pytest.approx(55)


def test_a_source_and_a_target_on_the_same_stretch_meet_on_it() -> None:
    ways = noding.build(lines([(0, 0), (100, 0)]))
    assert walked(ways, (30, 0), (70, 0)) == pytest.approx(40)
    assert walked(ways, (70, 0), (30, 0)) == pytest.approx(40)
    assert walked(ways, (100, 0), (100, 0)) == pytest.approx(0)


def test_the_nearest_source_is_named_and_the_limit_ends_the_walk() -> None:
    ways = noding.build(lines([(0, 0), (1000, 0)]))
    start = network.feet(ways, points((0, 0), (1000, 0)))
    goals = network.feet(ways, points((100, 0), (900, 0), (500.5, 0)))
    distance, source = network.nearest(ways, start, goals, limit=400)
    assert (distance[:2].tolist(), source.tolist()) == (pytest.approx([100, 100]), [0, 1, -1])
    assert np.isnan(distance[2])


def test_nothing_to_walk_on_and_nobody_to_walk() -> None:
    none = noding.build(np.empty(0, dtype=object))
    assert (none.links, none.components()[0]) == (0, 0)
    assert np.isnan(network.nearest(none, network.feet(none, points((0, 0))), network.feet(none, points((1, 0))))[0])
    ways = noding.build(lines([(0, 0), (10, 0)]))
    assert network.nearest(ways, network.feet(ways, points()), network.feet(ways, points((1, 0))))[1].tolist() == [-1]


def test_groups_reach_their_targets_each_to_its_own_limit() -> None:
    ways = noding.build(grid(100, 3))
    walk = network.entered(ways, network.feet(ways, points((0, 0), (0, 200), (200, 200))), np.array([0, 0, 1]), 2)
    group, target, distance = network.within(
        walk, network.feet(ways, points((0, 100), (100, 200))), np.array([100, 300])
    )
    assert group.tolist() == [0, 0, 1, 1]
    assert target.tolist() == [0, 1, 0, 1]
    assert distance == pytest.approx([100, 100, 300, 100])


def test_nobody_walks_through_a_station_to_another_of_its_entrances() -> None:
    ways = noding.build(lines([(0, 0), (1000, 0)]))
    walk = network.entered(ways, network.feet(ways, points((0, 0), (10, 0), (990, 0))), np.array([0, 1, 1]), 2)
    group, _, distance = network.within(walk, network.feet(ways, points((1000, 0))), 2000.0)
    assert (group.tolist(), distance.tolist()) == ([0, 1], pytest.approx([1000, 10]))


def test_reached_stretches_end_exactly_at_the_limit() -> None:
    ways = noding.build(lines([(0, 0), (100, 0)], [(100, 0), (100, 100)], [(100, 0), (200, 0)]))
    walk = network.entered(ways, network.feet(ways, points((40, 0))), np.array([0]), 1)
    group, found = network.stretches(walk, 80.0)
    assert set(group.tolist()) == {0}
    assert shapely.length(found).sum() == pytest.approx(40 + 60 + 20 + 20)
    assert shapely.union_all(found).bounds == pytest.approx((X, Y, X + 120, Y + 20))


def test_a_bent_stretch_keeps_its_vertices() -> None:
    ways = noding.build(lines([(0, 0), (30, 0), (30, 40), (80, 40)], [(0, 500), (9, 500)]))
    (piece,) = noding.pieces(ways, ways.base[:1] + 10, ways.base[:1] + 90)
    assert shapely.get_coordinates(piece) - [X, Y] == pytest.approx(np.array([(10, 0), (30, 0), (30, 40), (50, 40)]))


def brute(segments: list[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[list[tuple[float, float]], np.ndarray]:
    """Nodes and shortest ways of straight streets: crossings by Cramer's rule, distances by Floyd and Warshall."""
    nodes: list[tuple[float, float]] = []

    def known(x: float, y: float) -> int:
        for i, (a, b) in enumerate(nodes):
            if abs(a - x) < 1e-7 and abs(b - y) < 1e-7:
                return i
        nodes.append((x, y))
        return len(nodes) - 1

    on: list[set[int]] = [{known(*one), known(*other)} for one, other in segments]
    for (i, (a, b)), (j, (c, d)) in itertools.combinations(enumerate(segments), 2):
        rx, ry, sx, sy = b[0] - a[0], b[1] - a[1], d[0] - c[0], d[1] - c[1]
        turn = rx * sy - ry * sx
        if turn == 0:
            for k, (p, q), spot in ((i, (a, b), c), (i, (a, b), d), (j, (c, d), a), (j, (c, d), b)):
                ux, uy = q[0] - p[0], q[1] - p[1]
                vx, vy = spot[0] - p[0], spot[1] - p[1]
                if ux * vy == uy * vx and 0 <= ux * vx + uy * vy <= ux * ux + uy * uy:
                    on[k].add(known(*spot))
            continue
        t = ((c[0] - a[0]) * sy - (c[1] - a[1]) * sx) / turn
        u = ((c[0] - a[0]) * ry - (c[1] - a[1]) * rx) / turn
        if 0 <= t <= 1 and 0 <= u <= 1:
            node = known(a[0] + t * rx, a[1] + t * ry)
            on[i].add(node)
            on[j].add(node)
    far = np.full((len(nodes), len(nodes)), np.inf)
    np.fill_diagonal(far, 0)
    for some in on:
        for i, j in itertools.combinations(some, 2):  # every pair on one straight street
            far[i, j] = far[j, i] = min(far[i, j], np.hypot(*np.subtract(nodes[i], nodes[j])))
    for k in range(len(nodes)):
        far = np.minimum(far, far[:, [k]] + far[[k], :])
    return nodes, far


_SPOT = st.tuples(st.integers(0, 12), st.integers(0, 12))
_STREET = st.tuples(_SPOT, _SPOT).filter(lambda street: street[0] != street[1])


@settings(max_examples=150)
@given(st.lists(_STREET, min_size=1, max_size=9))
def test_every_distance_equals_a_brute_force_on_random_streets(
    streets: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    nodes, far = brute(streets)
    ways = noding.build(lines(*[list(street) for street in streets]))
    feet = network.feet(ways, points(*nodes))
    walk = network.entered(ways, feet, np.arange(len(nodes)), len(nodes))
    found = np.full((len(nodes), len(nodes)), np.inf)
    group, target, distance = network.within(walk, feet, 1e6)
    found[group, target] = distance
    assert found == pytest.approx(far, abs=1e-5)
    nearest, _ = network.nearest(ways, network.feet(ways, points(*nodes[:2])), feet)
    least = far[:2].min(axis=0)
    assert nearest == pytest.approx(np.where(np.isinf(least), np.nan, least), abs=1e-5, nan_ok=True)
