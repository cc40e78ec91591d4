"""Slope and aspect from heights, in the working CRS, where one step east is as long as one step north."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.ground.errors import TerrainTooFine
from layers.ground.rasters import Opened
from layers.readers.raster import Window, window
from layers.readers.watching import Watch
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial.grid import Grid, moved, part
from spatial.terrain import aspect, slope

MOST_CELLS = 25_000_000
_MARGIN = 3
"""Cells around the parcels that are read as well: neighbours, and those between which heights are interpolated."""


def terrain(workspace: Workspace, found: Opened, watch: Watch) -> tuple[Grid, NDArray[np.float64]]:
    """Slope or aspect [°] of a raster of heights [m] around the parcels, and the grid that it stands on.

    Heights on an upright grid in the working CRS are used as they are; others are interpolated (bilinearly) to square
    cells of the same size in it. A cell next to one without a height has none.

    Raises
    ------
    TerrainTooFine, FileRefused, Cancelled
    """
    of = _window(workspace, found.file.grid)
    if of[2] * of[3] > MOST_CELLS:
        raise TerrainTooFine(where=found.file.name, cells=f"{of[2] * of[3]:,}", limit=f"{MOST_CELLS:,}")
    with window(found.file, found.band, of, watch=watch) as values:
        heights = values.all()
    here = part(found.file.grid, *of)
    if not here.upright or crs_.parse(here.crs) != workspace.pyproj_crs:
        here, heights = brought(here, heights, workspace.crs)
    a, _, _, _, e, _ = here.affine
    worked = slope if found.derived == "slope" else aspect
    return here, worked(heights, (abs(a), abs(e)))


def brought(grid: Grid, values: NDArray[np.float64], crs: str) -> tuple[Grid, NDArray[np.float64]]:
    """Values interpolated to square cells of about their size in another CRS; NaN beyond their edge."""
    from rasterio import Affine
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    source, target = crs_.parse(grid.crs).to_wkt(), crs_.parse(crs).to_wkt()
    affine = Affine(*grid.affine)
    corners = np.array(grid.outline.exterior.coords)[:4]
    if grid.turned or not grid.upright:
        # a frame around it, upright and as fine: what follows needs no more of it than its extent and size
        west, south, east, north = grid.bounds
        side = abs(grid.determinant) ** 0.5
        size = max(1, round((east - west) / side)), max(1, round((north - south) / side))
    else:
        (west, south), (east, north), size = corners.min(axis=0), corners.max(axis=0), (grid.width, grid.height)
    there, width, height = calculate_default_transform(source, target, *size, west, south, east, north)
    out = np.full((height, width), np.nan)
    reproject(
        values,
        out,
        src_transform=affine,
        src_crs=source,
        src_nodata=np.nan,
        dst_transform=there,
        dst_crs=target,
        dst_nodata=np.nan,
        resampling=Resampling.bilinear,
    )
    a, b, c, d, e, f = list(there)[:6]
    return Grid(width, height, (a, b, c, d, e, f), crs), out


def _window(workspace: Workspace, grid: Grid) -> Window:
    """The cells around all parcels, with a margin; the whole grid where there are none on it."""

    shapes = grid.in_cells(moved(workspace.shapes("parcels"), workspace.pyproj_crs, crs_.parse(grid.crs)))
    west, south, east, north = shapely.total_bounds(shapes)
    whole = (0, 0, grid.width, grid.height)
    if not np.isfinite([west, south, east, north]).all():
        return whole
    left, right = (int(np.clip(x, 0, grid.width)) for x in (np.floor(west) - _MARGIN, np.ceil(east) + _MARGIN))
    top, bottom = (
        int(np.clip(grid.height - y, 0, grid.height)) for y in (np.ceil(north) + _MARGIN, np.floor(south) - _MARGIN)
    )
    return (left, top, right - left, bottom - top) if right - left > 2 and bottom - top > 2 else whole
