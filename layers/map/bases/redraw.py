"""Tiles of another pyramid or another datum, drawn again where they belong on the map.

Sixteen by sixteen pieces of a tile are each taken from the place in the source that their true corners have there, so
that inside a tile nothing is off by more than a small part of a pixel.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable

import numpy as np
from PIL import Image

from layers.map.bases.tile import Tile, encoded
from spatial import tiles
from spatial.datum import Datum, shifted
from spatial.tiles import Grid

Look = Callable[[int, int, int], Tile | None]

_PIECES = 16
"""Along one side: BD-09 waves every 0.12°, which pieces must be small against."""
_MOST = 9


def redrawn(look: Look, grid: Grid, datum: Datum, z: int, x: int, y: int) -> Tile | None:
    """A tile of the map's pyramid in true coordinates, made of those of a source.

    Parameters
    ----------
    look
        Gives a tile of the source, or None.
    grid, datum
        The pyramid and the datum of the source.
    """
    corners_x, corners_y = corners(grid, datum, z, x, y)
    west, east = math.floor(corners_x.min() + 1e-9), math.ceil(corners_x.max() - 1e-9)
    north, south = math.floor(corners_y.min() + 1e-9), math.ceil(corners_y.max() - 1e-9)
    if (east - west) * (south - north) > _MOST:
        return None
    found = {
        (column - west, row - north): tile
        for column in range(west, east)
        for row in range(north, south)
        if tiles.inside(z, column, row, grid) and (tile := look(z, column, row))
    }
    if not found:
        return None
    sheet, side = _sheet(found, east - west, south - north)
    mesh = _mesh((corners_x - west) * side, (corners_y - north) * side, side)
    out = sheet.transform((side, side), Image.Transform.MESH, mesh, Image.Resampling.BILINEAR)
    return encoded(out, photo=any(tile.media != "image/png" for tile in found.values()))


def corners(grid: Grid, datum: Datum, z: int, x: int, y: int) -> tuple[np.ndarray, np.ndarray]:
    """Where the corners of the pieces of a tile lie in the source, in tiles, shape (17, 17) from the north-west."""
    steps = np.linspace(0.0, 1.0, _PIECES + 1)
    across, down = np.meshgrid(x + steps, y + steps)
    lon, lat = tiles.degrees(z, across.ravel(), down.ravel())
    there_x, there_y = tiles.position(z, *shifted(lon, lat, datum), grid)
    return there_x.reshape(across.shape), there_y.reshape(across.shape)


def _sheet(found: dict[tuple[int, int], Tile], columns: int, rows: int) -> tuple[Image.Image, int]:
    """The tiles beside each other, clear where one is missing, and the side of a tile [px]."""
    pictures = {at: Image.open(io.BytesIO(tile.data)).convert("RGBA") for at, tile in found.items()}
    side = max(one.width for one in pictures.values())
    sheet = Image.new("RGBA", (columns * side, rows * side))
    for (column, row), one in pictures.items():
        whole = one if one.size == (side, side) else one.resize((side, side))
        sheet.paste(whole, (column * side, row * side))
    return sheet, side


def _mesh(
    x: np.ndarray, y: np.ndarray, side: int
) -> list[tuple[tuple[int, int, int, int], tuple[float, float, float, float, float, float, float, float]]]:
    """Pieces of the tile with the corners of each in the sheet: north-west, south-west, south-east, north-east."""
    step = side // _PIECES
    out = []
    for row in range(_PIECES):
        for column in range(_PIECES):
            box = (column * step, row * step, (column + 1) * step, (row + 1) * step)
            turn = [(row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1)]
            (ax, ay), (bx, by), (cx, cy), (dx, dy) = [(float(x[at]), float(y[at])) for at in turn]
            out.append((box, (ax, ay, bx, by, cx, cy, dx, dy)))
    return out
