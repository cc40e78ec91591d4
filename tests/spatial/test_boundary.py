"""Boundary points as surveys write them."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from shapely.geometry import MultiPolygon, Polygon

from spatial.boundary import as_text, boundary_points
from tests.outlines import polygons

PARCEL = Polygon(
    [(38463.0, 11001.0), (38363.0, 11001.0), (38363.0, 10901.0), (38463.0, 10901.0)],
    [[(38400.0, 10960.0), (38420.0, 10960.0), (38420.0, 10940.0), (38400.0, 10940.0)]],
)
"""The example of the exchange format: a square of 100 m with a square hole of 20 m."""


def test_the_example_of_the_exchange_format() -> None:
    found = [(one.number, one.ring, one.x, one.y) for one in boundary_points(PARCEL)]
    assert found == [
        ("J1", 1, 11001.0, 38363.0),
        ("J2", 1, 11001.0, 38463.0),
        ("J3", 1, 10901.0, 38463.0),
        ("J4", 1, 10901.0, 38363.0),
        ("J1", 1, 11001.0, 38363.0),
        ("J5", 2, 10960.0, 38400.0),
        ("J6", 2, 10940.0, 38400.0),
        ("J7", 2, 10940.0, 38420.0),
        ("J8", 2, 10960.0, 38420.0),
        ("J5", 2, 10960.0, 38400.0),
    ]


def test_further_parts_have_rings_of_their_own() -> None:
    both = boundary_points(MultiPolygon([PARCEL, shapely.box(0, 0, 3, 4)]))
    assert [one.ring for one in both] == [1] * 5 + [2] * 5 + [3] * 5
    assert [one.number for one in both[-5:]] == ["J9", "J10", "J11", "J12", "J9"]
    assert [one.side for one in both[-5:]] == [3.0, 4.0, 3.0, 4.0, None]


@given(polygons())
def test_the_points_are_the_outline(shape: Polygon) -> None:
    points = boundary_points(shape)
    rings: dict[int, list[tuple[float, float]]] = {}
    for one in points:
        rings.setdefault(one.ring, []).append((one.y, one.x))
    again = Polygon(rings[1], [rings[number] for number in sorted(rings) if number > 1])
    assert again.equals(shape)
    assert again.area == pytest.approx(shape.area, rel=1e-12)
    assert not shapely.is_ccw(shapely.LinearRing(rings[1]))
    assert sum(one.side for one in points if one.side is not None) == pytest.approx(shape.length)


def test_text_for_a_sheet() -> None:
    lines = as_text(boundary_points(PARCEL)).splitlines()
    assert lines[0].split("\t") == ["点号", "圈号", "X(北)", "Y(东)", "边长(m)"]
    assert lines[1] == "J1\t1\t11001.000\t38363.000\t100.000"
    assert lines[5] == "J1\t1\t11001.000\t38363.000"
    assert as_text(boundary_points(PARCEL), 2).splitlines()[6].split("\t")[2] == "10960.00"
