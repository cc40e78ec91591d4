"""Statistics of rasters for each parcel: what is under it, by exact shares of cells or by their centres.

Parcels are brought to the cells of the raster, never the other way round, so that no value is changed. Which cells a
parcel covers is kept with the workspace; the next raster on the same grid only reads its values. Values are read in
windows, and parcels that cover more cells than fit into memory are worked off in blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from layers.ground.errors import StatisticMeansNothing
from layers.ground.heights import terrain
from layers.ground.rasters import Opened, opened
from layers.readers.raster import window
from layers.readers.watching import UNWATCHED, Watch
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial.covering import Coverage, coverage
from spatial.grid import Grid, moved
from spatial.zonal import Rule, Statistic
from spatial.zonal import statistics as figures

KEPT_CELLS = 40_000_000
"""Cells that the parcels of one block may cover."""
WINDOW_CELLS = 32_000_000
"""Cells that are read at a time."""
_GRIDS = 4
_ROUND = ("mean", "sum", "stdev", "median")


def statistics(
    workspace: Workspace,
    raster: str,
    stats: Sequence[str],
    rule: Rule = "fraction",
    *,
    band: int | None = None,
    crs: str | None = None,
    watch: Watch = UNWATCHED,
) -> pd.DataFrame:
    """Figures of a raster under each parcel, in the order of the table.

    Parameters
    ----------
    raster
        A `raster_id`, or the path of a GeoTIFF; ``slope:`` or ``aspect:`` before it takes what follows from its
        heights.
    stats
        Names of `spatial.zonal`, such as ``mean`` or ``share_above=15``.
    band, crs
        Of a path; see `layers.ground.rasters.opened`.
    watch
        Told how far it is.

    Returns
    -------
    DataFrame
        One column for each of `stats`, by its text; NaN where a parcel has no value under it.

    Raises
    ------
    StatisticUnknown, StatisticMeansNothing, RasterUnknown, RasterFileMissing, RasterFileChanged, FileRefused,
    TerrainTooFine, OutlineTooLarge, Cancelled
    """
    asked = [Statistic.parse(text) for text in stats]
    found = opened(workspace, raster, band, crs, watch)
    if found.derived == "aspect":
        for one in asked:
            if one.name in _ROUND:
                raise StatisticMeansNothing(where="--stats", statistic=one.text)
    grid, heights = found.file.grid, None
    if found.derived:
        grid, heights = terrain(workspace, found, watch)
    weights = grid.row_weights()
    parts = []
    for covered in _covered(workspace, grid, watch):
        values = heights.reshape(-1)[covered.cell] if heights is not None else _read(found, covered, watch)
        parts.append(pd.DataFrame(figures(covered, values, asked, rule, weights)))
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({one.text: [] for one in asked})
    return table.set_axis([" ".join(text.split()) for text in stats], axis="columns")


def _covered(workspace: Workspace, grid: Grid, watch: Watch) -> Iterator[Coverage]:
    """What the parcels cover of a grid: all at once, and kept, where they fit; else block by block."""
    known = workspace.coverages.get(grid)
    if known is not None:
        yield known
        return
    shapes = grid.in_cells(moved(workspace.shapes("parcels"), workspace.pyproj_crs, crs_.parse(grid.crs)))
    ends = _blocks(shapes)
    for start, end in pairwise(ends):
        tell = partial(_tell, watch, start, len(shapes))
        made = coverage(shapes[start:end], grid.width, grid.height, tell)
        if len(ends) == 2:
            while len(workspace.coverages) >= _GRIDS:
                workspace.coverages.pop(next(iter(workspace.coverages)))
            workspace.coverages[grid] = made
        yield made


def _tell(watch: Watch, before: int, total: int, done: int) -> None:
    watch.step("place", before + done, total)


def _blocks(shapes: NDArray[np.object_]) -> list[int]:
    """Rows at which blocks begin, and the end; each covers at most about `KEPT_CELLS`."""
    with np.errstate(invalid="ignore"):
        cells = np.nan_to_num(shapely.area(shapes) + shapely.length(shapes) + 4, posinf=0.0)
    number = (np.cumsum(cells) // KEPT_CELLS).astype(np.int64)
    return [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(shapes)] if len(shapes) else [0]


def _read(found: Opened, covered: Coverage, watch: Watch) -> NDArray[np.float64]:
    """Value of each cell that is covered, read in windows."""
    first, last = covered.rows
    width = covered.width
    if first == last:
        return np.empty(0)
    if (last - first) * width <= WINDOW_CELLS:
        with window(found.file, found.band, (0, first, width, last - first), watch=watch) as values:
            return values.at(covered.cell - first * width if first else covered.cell)
    row, column = np.divmod(covered.cell, width)
    left, right = int(column.min()), int(column.max()) + 1
    some = max(1, WINDOW_CELLS // (right - left))
    out = np.full(len(covered.cell), np.nan)
    for start in range(first, last, some):
        watch.step("read", start - first, last - first)
        here = np.flatnonzero((row >= start) & (row < start + some))
        if len(here):
            high = min(some, last - start)
            with window(found.file, found.band, (left, start, right - left, high), watch=watch) as values:
                out[here] = values.at((row[here] - start) * (right - left) + column[here] - left)
    return out
