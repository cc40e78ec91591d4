"""Tiles and kilometre grids, by hand and against PROJ."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS, Transformer

from spatial import gauss, tiles


def test_a_tile_and_its_corners_agree_with_proj() -> None:
    west, south, east, north = tiles.metres(14, 13484, 6218)
    lon, lat = tiles.degrees(14, np.array([13484.0, 13485.0]), np.array([6218.0, 6219.0]))
    there = Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)
    assert np.allclose(there, [[west, east], [north, south]], atol=1e-6)


def test_positions_undo_degrees() -> None:
    x, y = np.array([0.25, 842.6, 1023.9]), np.array([1.5, 388.2, 700.0])
    assert np.allclose(tiles.position(10, *tiles.degrees(10, x, y)), (x, y), atol=1e-9)


def test_columns_of_both_pyramids_are_the_same_and_rows_are_not() -> None:
    lon, lat = np.array([116.28]), np.array([39.83])
    mercator, geographic = tiles.position(12, lon, lat), tiles.position(12, lon, lat, "geographic")
    assert mercator[0] == geographic[0] and mercator[1] != geographic[1]
    assert geographic[1][0] == pytest.approx((90 - 39.83) / 360 * 4096)


@pytest.mark.parametrize(
    ("tile", "grid", "there"),
    [
        ((0, 0, 0), "mercator", True),
        ((3, 7, 7), "mercator", True),
        ((3, 7, 4), "geographic", False),
        ((3, 8, 0), "mercator", False),
        ((3, -1, 0), "mercator", False),
        ((-1, 0, 0), "mercator", False),
        ((23, 0, 0), "mercator", False),
    ],
)
def test_which_tiles_exist(tile: tuple[int, int, int], grid: tiles.Grid, there: bool) -> None:
    assert tiles.inside(*tile, grid) is there


def test_zoom_for_a_resolution() -> None:
    assert [tiles.zoom_for(size) for size in (156543.1, 9.554628535647032, 0.15)] == [0, 14, 20]


def test_parameters_give_projs_eastings_back() -> None:
    found = gauss.gauss(CRS("EPSG:4527"))
    assert found is not None
    text = (
        f"+proj=tmerc +lon_0={found.lon0} +lat_0={found.lat0} +k={found.scale} +x_0={found.east0} "
        f"+y_0={found.north0} +a={found.axis} +rf={1 / found.flattening}"
    )
    east, north = Transformer.from_crs("EPSG:4490", CRS(text), always_xy=True).transform(116.28, 39.83)
    assert (east, north) == (pytest.approx(39438363.930, abs=2e-3), pytest.approx(4410901.479, abs=2e-3))


@pytest.mark.parametrize("crs", ["EPSG:2436", "EPSG:3857", "EPSG:4490", "EPSG:32119"])
def test_other_crs_have_no_grid_here(crs: str) -> None:
    assert gauss.gauss(CRS(crs)) is None
