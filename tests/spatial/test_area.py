"""Areas, units and rounding."""

from __future__ import annotations

import math
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial import area, crs

GEOD = pyproj.Geod(a=6378137, rf=298.257222101)


def geodesic(shape: shapely.Geometry, source: str) -> float:
    """Area by geodesics over 20 m segments: slow, independent of the product."""
    fine = gpd.GeoSeries([shapely.segmentize(shape, 20.0)], crs=source).to_crs("EPSG:4490").iloc[0]
    return abs(GEOD.geometry_area_perimeter(shapely.orient_polygons(fine))[0])


def test_ellipsoidal_area_of_shapes_in_fengtai() -> None:
    ring = [(math.cos(t), math.sin(t)) for t in np.linspace(0, 2 * math.pi, 40, endpoint=False)]
    shapes = []
    for size, east in ((3, 438_000), (80, 425_000), (900, 450_000), (4000, 430_000)):
        outer = [(east + size * x, 4_410_000 + size * y) for x, y in ring]
        hole = [(east + size * 0.3 * x, 4_410_000 + size * 0.3 * y) for x, y in ring]
        shapes.append(shapely.Polygon(outer, [hole]))
    found = area.ellipsoidal(np.array(shapes, dtype=object), crs.parse("EPSG:4548"))
    expected = [geodesic(shape, "EPSG:4548") for shape in shapes]
    # geodesics themselves are only good to a tenth of a thousandth of a square metre
    assert found == pytest.approx(expected, rel=1e-7, abs=1e-3)
    # planar is larger by 65 to 146 ppm in Fengtai
    excess = area.planar(np.array(shapes, dtype=object)) / found - 1
    assert ((excess > 60e-6) & (excess < 150e-6)).all()


def test_ellipsoidal_area_of_real_parcels(shared: Path) -> None:
    source = shared / "real" / "cambridge-ma" / "ASSESSING_ParcelsFY2013.topojson"
    parcels = gpd.read_file(source).set_crs("EPSG:4326", allow_override=True).to_crs("EPSG:26986")
    parcels = parcels[parcels.geometry.notna() & parcels.geometry.is_valid].iloc[::40]
    shapes = np.asarray(parcels.geometry, dtype=object)
    found = area.ellipsoidal(shapes, crs.parse("EPSG:26986"))
    expected = [geodesic(shape, "EPSG:26986") for shape in shapes]
    assert len(found) > 300
    assert found == pytest.approx(expected, rel=1e-5)


def test_missing_and_empty_geometries_have_no_area() -> None:
    shapes = np.array([None, shapely.Polygon(), shapely.box(0, 0, 1, 1)], dtype=object)
    assert area.planar(shapes).tolist() == [0, 0, 1]
    assert area.ellipsoidal(shapes[:2], crs.parse("EPSG:4548")).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1_000_000, "m2", "mu", 1500.0),
        (100, "ha", "mu", 1500.0),
        (1, "mu", "m2", 10000 / 15),
        (15, "mu", "ha", 1.0),
        (43_560, "ft2", "m2", 4046.8564224),
        (12345.6, "m2", "m2", 12345.6),
    ],
)
def test_units_are_exact(value: float, source: area.AreaUnit, target: area.AreaUnit, expected: float) -> None:
    assert area.convert(value, source, target) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (12345.675, 2, "12345.68"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-2.5, 0, "-3"),
        (1.005, 2, "1.01"),
        (1e9 + 0.05, 1, "1000000000.1"),
    ],
)
def test_rounding_is_what_people_do(value: float, decimals: int, expected: str) -> None:
    assert area.round_half_up(value, decimals) == Decimal(expected)


@given(st.lists(st.floats(-1e7, 1e7, allow_nan=False), max_size=40), st.integers(0, 4))
def test_balanced_figures_add_up_and_stay_near(values: list[float], decimals: int) -> None:
    rounded = area.balanced(values, decimals)
    step = Decimal(1).scaleb(-decimals)
    total = sum((Decimal(repr(float(v))) for v in values), Decimal(0))
    assert sum(rounded, Decimal(0)) == total.quantize(step, "ROUND_HALF_UP")
    for value, figure in zip(values, rounded, strict=True):
        assert abs(Decimal(repr(float(value))) - figure) <= step
