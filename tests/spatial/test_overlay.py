"""Parcels under causes that overlap: every square metre once, whatever lies over it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from spatial import overlay
from spatial.overlay import Cause
from tests.outlines import X, Y, box

NONE = np.empty(0, dtype=object)
SQUARE_MM = 1e-6


def shapes(*found: shapely.Geometry) -> np.ndarray:
    out = np.empty(len(found), dtype=object)
    out[:] = found
    return out


def under(*found: shapely.Geometry) -> Cause:
    return Cause(shapes(*found), NONE)


def beyond(*found: shapely.Geometry) -> Cause:
    return Cause(NONE, shapes(*found))


PARCEL = shapes(box(0, 0, 100, 100))


def test_belt_alone_flood_alone_and_both_are_the_union() -> None:
    found = overlay.overlay(PARCEL, [under(box(-10, 0, 60, 100)), under(box(40, 0, 110, 100))])
    assert dict(found.parts(0)) == pytest.approx({(0,): 4_000.0, (1,): 4_000.0, (0, 1): 2_000.0}, abs=SQUARE_MM)
    assert found.covered.tolist() == found.size.tolist()
    assert found.under[0] == pytest.approx([6_000, 6_000])
    assert found.alone[0] == pytest.approx([4_000, 4_000])


def test_land_under_several_goes_to_the_first_of_them() -> None:
    belt, flood = under(box(0, 0, 60, 100)), under(box(40, 0, 90, 100))
    assert overlay.overlay(PARCEL, [belt, flood]).first[0] == pytest.approx([6_000, 3_000])
    assert overlay.overlay(PARCEL, [flood, belt]).first[0] == pytest.approx([5_000, 4_000])


def test_a_growth_boundary_takes_what_lies_beyond_all_its_parts() -> None:
    boundary = beyond(box(0, 0, 30, 100), box(30, 0, 50, 100), box(80, 0, 200, 100))
    found = overlay.overlay(shapes(box(0, 0, 100, 100), box(300, 0, 310, 10)), [boundary])
    assert found.covered == pytest.approx([3_000, 100])
    assert found.whole.tolist() == [False, True]


def test_a_cause_may_hold_under_some_outlines_and_beyond_others() -> None:
    both = Cause(shapes(box(0, 0, 10, 100)), shapes(box(0, 0, 90, 100)))
    assert overlay.overlay(PARCEL, [both]).covered == pytest.approx([2_000])


def test_holes_and_several_parts_count_as_drawn() -> None:
    ring = box(10, 10, 90, 90).difference(box(40, 40, 60, 60))
    two = shapely.union_all([ring, box(95, 0, 100, 100)])
    assert overlay.overlay(PARCEL, [under(two)]).covered == pytest.approx([6_400 - 400 + 500])


def test_areas_of_one_cause_that_overlap_count_once() -> None:
    twice = under(box(0, 0, 50, 100), box(0, 0, 50, 100), box(25, 0, 75, 100))
    assert overlay.overlay(PARCEL, [twice]).covered == pytest.approx([7_500])


def test_what_only_touches_takes_nothing() -> None:
    corner, edge = under(box(100, 100, 120, 120)), under(box(100, 0, 120, 100))
    found = overlay.overlay(PARCEL, [corner, edge])
    assert (len(found.area), found.covered.tolist(), found.parts(0)) == (0, [0.0], [])


def test_a_sliver_is_what_it_is_and_a_speck_is_nothing() -> None:
    thin = overlay.overlay(PARCEL, [under(box(99.99, 0, 120, 100))])
    assert thin.covered == pytest.approx([1.0], abs=SQUARE_MM)
    assert overlay.overlay(PARCEL, [under(box(99.999999, 0, 120, 0.5))]).covered.tolist() == [0.0]


def test_nothing_over_nothing() -> None:
    for parcels in (PARCEL, NONE):
        for causes in ([], [Cause(NONE, NONE)], [under(box(500, 500, 600, 600))]):
            found = overlay.overlay(parcels, causes)
            assert found.covered.tolist() == [0.0] * len(parcels)
            assert found.first.shape == (len(parcels), len(causes))


def test_a_parcel_without_outline_loses_nothing() -> None:
    found = overlay.overlay(shapes(PARCEL[0], None), [under(box(0, 0, 50, 100)), beyond(box(0, 0, 80, 100))])
    assert found.covered == pytest.approx([7_000, 0])


def test_outlines_are_not_changed() -> None:
    area = box(-1_000, -1_000, 50, 1_000)
    before = area.wkb
    overlay.overlay(PARCEL, [under(area)])
    assert area.wkb == before


def test_more_causes_than_a_machine_word_has_bits() -> None:
    strips = [under(box(i, 0, 100, 100)) for i in range(80)]
    found = overlay.overlay(PARCEL, strips)
    assert found.under[0] == pytest.approx([(100 - i) * 100 for i in range(80)])
    assert found.first[0].tolist() == pytest.approx([10_000] + [0] * 79)


def test_an_outline_of_24059_vertices_over_many_parcels() -> None:
    angle = np.linspace(0, 2 * np.pi, 24_059, endpoint=False)
    radius = 800 + 40 * np.sin(angle * 70)
    huge = shapely.Polygon(np.column_stack([X + radius * np.cos(angle), Y + radius * np.sin(angle)]))
    lots = shapes(*(box(x, y, x + 100, y + 100) for x in range(-1000, 1000, 100) for y in range(-1000, 1000, 100)))
    band = box(-2_000, -100, 2_000, 100)
    found = overlay.overlay(lots, [under(huge), beyond(band)])
    shapely.prepare(huge)
    plain = shapely.area(shapely.intersection(lots, huge))
    assert found.under[:, 0] == pytest.approx(plain, abs=1e-5)
    assert found.under[:, 1] == pytest.approx(shapely.area(shapely.difference(lots, band)), abs=SQUARE_MM)
    met = shapely.area(shapely.intersection(shapely.intersection(lots, huge), band))
    assert found.covered == pytest.approx(10_000 - (shapely.area(shapely.intersection(lots, band)) - met), abs=1e-5)


@st.composite
def areas(draw: st.DrawFn) -> shapely.Polygon:
    """A star somewhere, at times on a grid where edges and corners fall on one another."""
    if draw(st.booleans()):
        west, south = draw(st.integers(-3, 3)), draw(st.integers(-3, 3))
        east, north = west + draw(st.integers(1, 4)), south + draw(st.integers(1, 4))
        return box(west * 25, south * 25, east * 25, north * 25)
    count = draw(st.integers(3, 9))
    x, y = draw(st.floats(-80, 80)), draw(st.floats(-80, 80))
    radii = draw(st.lists(st.floats(8, 90), min_size=count, max_size=count))
    ring = [
        (X + x + r * math.cos(6.283 * i / count), Y + y + r * math.sin(6.283 * i / count))
        for i, r in enumerate(radii)
    ]
    return shapely.Polygon(ring)


def triangle(x: float, y: float) -> shapely.Polygon:
    """One whose edges meet those of others in places that no number names exactly."""
    return shapely.Polygon(
        [(X + x + 8 * math.cos(6.283 * i / 3), Y + y + 8 * math.sin(6.283 * i / 3)) for i in range(3)]
    )


@settings(max_examples=50)
@example([triangle(0, 0)], [([triangle(0, 0), box(0, 0, 25, 25)], [triangle(0, 0), triangle(2, 8)])])
@example(
    [triangle(0, 0)],
    [([], [triangle(0, 1)]), ([triangle(0, 1), triangle(0, 3)], [box(0, 0, 25, 25)])],
)
@given(
    st.lists(areas(), min_size=1, max_size=4),
    st.lists(st.tuples(st.lists(areas(), max_size=3), st.lists(areas(), max_size=2)), min_size=1, max_size=4),
)
def test_the_same_as_one_parcel_after_the_other(lots: list, drawn: list) -> None:
    causes = [Cause(shapes(*inside), shapes(*outside)) for inside, outside in drawn]
    found = overlay.overlay(shapes(*lots), causes)
    # plain cuts far from the origin of coordinates are snapped by micrometres: the oracle works where they are not
    near = [Cause(_near(cause.inside), _near(cause.outside)) for cause in causes]
    for row, lot in enumerate(_near(shapes(*lots))):
        held = [_held(lot, cause) for cause in near]
        close = SQUARE_MM
        assert found.covered[row] == pytest.approx(shapely.union_all(held).area, abs=close)
        assert found.under[row] == pytest.approx([one.area for one in held], abs=close)
        rest = [_less(one, held[:i] + held[i + 1 :]) for i, one in enumerate(held)]
        assert found.alone[row] == pytest.approx(rest, abs=close)
        first = [_less(one, held[:i]) for i, one in enumerate(held)]
        assert found.first[row] == pytest.approx(first, abs=close)
        parts = math.fsum(area for _, area in found.parts(row))
        assert parts == pytest.approx(found.covered[row], abs=SQUARE_MM)
        assert found.first[row].sum() == pytest.approx(found.covered[row], abs=SQUARE_MM)
        assert found.covered[row] <= lot.area + SQUARE_MM


def _held(lot: shapely.Geometry, cause: Cause) -> shapely.Geometry:
    """The polygons of a lot that a cause holds, cut plainly."""
    found = [shapely.intersection(lot, shapely.union_all(cause.inside))]
    if len(cause.outside):
        found.append(shapely.difference(lot, shapely.union_all(cause.outside)))
    return shapely.union_all(
        [part for one in found for part in shapely.get_parts(one) if part.geom_type == "Polygon"]
    )


def _near(found: np.ndarray) -> np.ndarray:
    return shapely.transform(found, lambda points: points - np.array([X, Y]))


def _less(one: shapely.Geometry, others: list) -> float:
    return one.difference(shapely.union_all(others)).area if others else one.area
