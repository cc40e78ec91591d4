"""The rasters of a workspace as base maps: windows of their values, moved to Web Mercator and coloured along a scale.

The file is opened by a child, as everywhere; this process warps and colours plain arrays.
"""

from __future__ import annotations

import hashlib
import threading

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from PIL import Image
from pyproj import CRS

from layers.ground.rasters import Opened, opened
from layers.map.bases.catalogue import Base
from layers.map.bases.tile import Kind, Source, Tile, encoded
from layers.map.styles import RASTER_COLOURS
from layers.readers.raster import window
from layers.vocabulary import RASTER_KINDS
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial import tiles
from spatial.errors import ChengzaiError
from spatial.grid import Grid, part
from spatial.tiles import Box
from spatial.tiles import Grid as Pyramid

PREFIX = "raster-"
CODES = ("#7fa8a3", "#d9b65f", "#b4705a", "#8f9ec2", "#a5b86b", "#c59bb0", "#6f8391", "#d8c9a3")
"""Colours of codes, in turn."""

_SIDE = 256
_FINER, _COARSER = 2, 6
"""Zooms beyond and before that of its cells at which a raster is drawn."""
_MERCATOR = "EPSG:3857"
_AT_ONCE = threading.BoundedSemaphore(3)


def bases_of(workspace: Workspace) -> dict[str, Base]:
    """The rasters of a workspace as base maps, by key; those that lie nowhere have no tiles and are left out."""
    found = {}
    for row in workspace.table("rasters").to_dict("records"):
        shape = row["geometry"]
        if shape is None or shape.is_empty or not row["cell_m"] > 0:
            continue
        name = str(row["name"]) if pd.notna(row["name"]) else str(row["raster_id"])
        kind = RASTER_KINDS.get(str(row["kind"]), RASTER_KINDS["other"])
        base = Base(
            key=key_of(str(row["raster_id"])),
            title={"zh-CN": f"栅格 · {name}"[:80], "en": f"Raster · {name} ({kind[1]})"[:80]},
            parts=(RasterTiles(workspace, str(row["raster_id"]), shape, float(row["cell_m"])),),
            tag=f"{str(row['sha256'])[:16]}-{row['band']}",
            credit=str(row["source"])[:120] if pd.notna(row["source"]) else "",
        )
        found[base.key] = base
    return found


def key_of(raster_id: str) -> str:
    """The key of a raster in addresses: whatever its id holds, letters and digits.

    >>> key_of("R-58f811de-1")
    'raster-b9963bf5a86b8314'
    """
    return PREFIX + hashlib.blake2b(raster_id.encode("utf-8"), digest_size=8).hexdigest()


class RasterTiles(Source):
    """The tiles of one raster of a workspace.

    Parameters
    ----------
    outline
        Its outer edge in the working CRS.
    cell_m
        Side of its cells [m].
    """

    grid: Pyramid = "mercator"
    kind: Kind = "raster"

    def __init__(self, workspace: Workspace, raster_id: str, outline: shapely.Polygon, cell_m: float) -> None:
        self._workspace, self._raster = workspace, raster_id
        shapes = np.array([outline], dtype=object)
        self._bounds = crs_.lonlat_bounds(shapes, workspace.pyproj_crs)
        stretch = max(0.1, float(np.cos(np.radians((self._bounds[1] + self._bounds[3]) / 2))))
        own = tiles.zoom_for(cell_m / stretch)
        self._zooms = max(0, own - _COARSER), min(tiles.DEEPEST, own + _FINER)

    @property
    def zooms(self) -> tuple[int, int]:
        return self._zooms

    @property
    def bounds(self) -> Box | None:
        return self._bounds

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        try:
            with _AT_ONCE:
                found = opened(self._workspace, self._raster)
                values = _warped(found, tiles.metres(z, x, y), category=self._category)
        except (ChengzaiError, OSError, ValueError):
            return None
        if values is None or np.isnan(values).all():
            return None
        low, high = found.band.low or 0.0, found.band.high or 0.0
        colours = coded(values) if self._category else scaled(values, low, high)
        return encoded(Image.fromarray(colours, "RGBA"), photo=False)

    @property
    def _category(self) -> bool:
        table = self._workspace.table("rasters")
        row = table[table["raster_id"].astype("str") == self._raster]
        return bool((row["values"] == "category").any())


def scaled(values: NDArray[np.float64], low: float, high: float) -> NDArray[np.uint8]:
    """Colours of values between two ends, nothing where there is none: shape (rows, columns, 4)."""
    ramp = np.array([_rgb(colour) for colour in RASTER_COLOURS], dtype=float)
    there = ~np.isnan(values)
    place = np.clip((np.where(there, values, low) - low) / max(high - low, 1e-9), 0, 1) * (len(ramp) - 1)
    ends = np.arange(len(ramp))
    layers = [np.interp(place, ends, ramp[:, channel]) for channel in range(3)]
    return np.dstack([*layers, np.where(there, 255, 0)]).astype(np.uint8)


def coded(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Colours of codes, nothing where there is none: shape (rows, columns, 4)."""
    palette = np.array([_rgb(colour) for colour in CODES], dtype=np.uint8)
    there = ~np.isnan(values)
    code = np.where(there, values, 0).astype(np.int64) % len(palette)
    return np.dstack([palette[code], np.where(there, 255, 0).astype(np.uint8)])


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _warped(found: Opened, box: Box, *, category: bool) -> NDArray[np.float64] | None:
    """Values on the pixels of a tile; None where the raster does not reach."""
    from rasterio import Affine
    from rasterio.transform import from_bounds
    from rasterio.warp import Resampling, reproject

    grid = found.file.grid
    crs = crs_.parse(grid.crs)
    of = _under(grid, crs, box)
    if of is None:
        return None
    left, top, width, height = of
    shape = min(height, 2 * _SIDE), min(width, 2 * _SIDE)
    with window(found.file, found.band, of, shape) as read:
        values = read.all()
    a, b, c, d, e, f = part(grid, left, top, width, height).affine
    across, down = width / shape[1], height / shape[0]
    out = np.full((_SIDE, _SIDE), np.nan)
    reproject(
        values,
        out,
        src_transform=Affine(a * across, b * down, c, d * across, e * down, f),
        src_crs=crs.to_wkt(),
        src_nodata=np.nan,
        dst_transform=from_bounds(*box, _SIDE, _SIDE),
        dst_crs=_MERCATOR,
        dst_nodata=np.nan,
        resampling=Resampling.nearest if category else Resampling.bilinear,
    )
    return out


def _under(grid: Grid, crs: CRS, box: Box) -> tuple[int, int, int, int] | None:
    """The window of cells under a tile, with one more on each side."""
    edge = shapely.segmentize(shapely.box(*box), (box[2] - box[0]) / 8)
    there = grid.in_cells(crs_.transform(np.array([edge], dtype=object), CRS(_MERCATOR), crs))
    west, south, east, north = shapely.total_bounds(there)
    if not np.isfinite([west, south, east, north]).all():
        return None
    left, right = (int(np.clip(end, 0, grid.width)) for end in (np.floor(west) - 1, np.ceil(east) + 1))
    top, bottom = (
        int(np.clip(grid.height - end, 0, grid.height)) for end in (np.ceil(north) + 1, np.floor(south) - 1)
    )
    return (left, top, right - left, bottom - top) if right > left and bottom > top else None
