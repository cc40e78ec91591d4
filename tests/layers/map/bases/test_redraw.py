"""Tiles drawn again where they belong: pictures whose pixels say where they came from."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from layers.map.bases.redraw import corners, redrawn
from layers.map.bases.tile import Tile
from spatial import tiles
from spatial.datum import Datum, shifted
from tests.layers.map.bases.making import at, colours


def ruler(origin: tuple[int, int]) -> object:
    """A source whose pixels hold their own place, counted from the corner of a tile, in quarters of a pixel wide."""

    def look(z: int, x: int, y: int) -> Tile:
        column = (x - origin[0]) * 256 + np.arange(256) + 0.5
        row = (y - origin[1]) * 256 + np.arange(256) + 0.5
        across, down = np.meshgrid(column / 8 + 100, row / 8 + 100)
        out = io.BytesIO()
        Image.fromarray(np.dstack([across, down, across * 0]).round().astype(np.uint8)).save(out, "PNG")
        return Tile(out.getvalue(), "image/png")

    return look


@pytest.mark.parametrize(("grid", "datum"), [("geographic", "wgs84"), ("mercator", "gcj02"), ("mercator", "bd09")])
@pytest.mark.parametrize("z", [8, 13, 17])
def test_pixels_come_from_where_the_formulas_say(grid: tiles.Grid, datum: Datum, z: int) -> None:
    place = at(z)
    there_x, there_y = corners(grid, datum, *place)
    origin = (int(there_x.min()), int(there_y.min()))
    found = redrawn(ruler(origin), grid, datum, *place)  # type: ignore[arg-type]
    assert found is not None
    shown = colours(found.data)
    centre = np.arange(8, 256, 16)
    across, down = np.meshgrid(place[1] + (centre + 0.5) / 256, place[2] + (centre + 0.5) / 256)
    x, y = tiles.position(z, *shifted(*tiles.degrees(z, across.ravel(), down.ravel()), datum), grid)
    exact = np.column_stack([(x - origin[0]) * 256, (y - origin[1]) * 256]) / 8 + 100
    read = shown[np.ix_(centre, centre)].reshape(-1, 4)[:, :2]
    inside = (exact > 0) & (exact < 255)
    assert inside.mean() > 0.9
    assert np.abs(exact - read)[inside].max() < 1.0, "8 pixels a step, rounded: less than a step is where it belongs"


@pytest.mark.parametrize(("grid", "datum"), [("geographic", "wgs84"), ("mercator", "gcj02"), ("mercator", "bd09")])
@pytest.mark.parametrize("z", [7, 10, 14, 18])
def test_inside_a_piece_nothing_is_off_by_a_quarter_of_a_pixel(grid: tiles.Grid, datum: Datum, z: int) -> None:
    place = at(z)
    rough = corners(grid, datum, *place)
    steps = np.linspace(0, 1, 33)
    across, down = np.meshgrid(place[1] + steps, place[2] + steps)
    exact = tiles.position(z, *shifted(*tiles.degrees(z, across.ravel(), down.ravel()), datum), grid)
    for axis in (0, 1):
        nodes = rough[axis]
        between = (nodes[:-1, :-1] + nodes[1:, :-1] + nodes[:-1, 1:] + nodes[1:, 1:]) / 4
        assert np.abs(between - exact[axis].reshape(33, 33)[1::2, 1::2]).max() * 256 < 0.25


def test_what_is_missing_stays_clear() -> None:
    place = at(15)
    there_x, there_y = corners("mercator", "gcj02", *place)
    west, east = int(there_x.min()), int(there_x.max())
    assert east > west
    look = ruler((west, int(there_y.min())))
    found = redrawn(lambda z, x, y: look(z, x, y) if x == west else None, "mercator", "gcj02", *place)  # type: ignore[operator]
    assert found is not None
    alpha = colours(found.data)[:, :, 3]
    assert alpha[:, 0].all() and not alpha[:, -1].any()
    assert redrawn(lambda z, x, y: None, "mercator", "gcj02", *place) is None
