"""Lengths and areas of what is drawn: the plane and the ellipsoid differ by what the projection says."""

from __future__ import annotations

import math

import pytest
from pyproj import CRS

from spatial.errors import ShapeRefused
from spatial.measuring import measure

CRS_4548 = CRS.from_user_input("EPSG:4548")
MERIDIAN = 500_000.0
"""East of the central meridian, where the projection is true to scale."""


def test_a_line_on_the_central_meridian_is_as_long_on_both() -> None:
    found = measure([(MERIDIAN, 4_410_000.0), (MERIDIAN, 4_413_000.0)], CRS_4548)
    assert found.length_planar_m == 3_000.0
    assert found.length_ellipsoidal_m == pytest.approx(3_000.0, abs=1e-4)
    assert (found.area_planar_m2, found.area_ellipsoidal_m2) == (None, None)


def test_beside_the_meridian_the_plane_is_longer() -> None:
    """62 km west of it lengths are stretched by y² ÷ 2R² = 47 parts per million."""
    found = measure([(438_000.0, 4_410_000.0), (438_000.0, 4_411_000.0)], CRS_4548)
    stretch = 62_000.0**2 / 2 / 6_370_000.0**2
    assert found.length_planar_m / found.length_ellipsoidal_m - 1 == pytest.approx(stretch, rel=0.01)


def test_an_outline_has_both_areas_and_goes_around() -> None:
    square = [(438_000.0, 4_410_000.0), (438_100.0, 4_410_000.0), (438_100.0, 4_410_100.0), (438_000.0, 4_410_100.0)]
    found = measure(square, CRS_4548, closed=True)
    assert (found.length_planar_m, found.area_planar_m2) == (400.0, 10_000.0)
    assert found.area_ellipsoidal_m2 == pytest.approx(10_000.0 * (1 - 62_000.0**2 / 6_370_000.0**2), rel=2e-6)


def test_a_long_line_is_measured_along_its_whole_length() -> None:
    """Across the meridian the stretch is y² ÷ 2R² at every place: a third of that of the ends, on average."""
    found = measure([(400_000.0, 4_410_000.0), (600_000.0, 4_410_000.0)], CRS_4548)
    stretch = 100_000.0**2 / 6 / 6_370_000.0**2
    assert found.length_planar_m / found.length_ellipsoidal_m - 1 == pytest.approx(stretch, rel=0.01)


@pytest.mark.parametrize(
    ("points", "closed"),
    [
        ([], False),
        ([(0.0, 0.0)], False),
        ([(0.0, 0.0), (1.0, 1.0)], True),
        ([(0.0, 0.0), (math.nan, 1.0)], False),
        ([(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)], True),
    ],
)
def test_what_cannot_be_measured(points: list[tuple[float, float]], closed: bool) -> None:
    with pytest.raises(ShapeRefused):
        measure(points, CRS_4548, closed=closed)
