"""Grids of cells: where a cell lies, and outlines in counts of cells instead of metres or degrees.

An affine map takes columns and rows to coordinates. Shares of cells that an outline covers do not change under its
inverse, so a grid that stands on its head, is turned or sheared is used exactly as it is: no cell is resampled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod

from spatial import crs as crs_

Affine = tuple[float, float, float, float, float, float]
_SEGMENT_M = 100.0
"""Longest side of an outline that is moved between systems [m]: a side of 100 m bends by less than 1 mm."""


@dataclass(frozen=True)
class Grid:
    """A grid of equal cells.

    Parameters
    ----------
    width, height
        Columns and rows.
    affine
        ``(a, b, c, d, e, f)``: x = a·column + b·row + c, y = d·column + e·row + f, both counted from the outer corner
        of the first cell.
    crs
        As a text that PROJ reads.

    Raises
    ------
    ValueError
        Where the map cannot be turned round, or there is no cell.

    Examples
    --------
    >>> grid = Grid(3, 2, (10.0, 0.0, 500.0, 0.0, -10.0, 900.0), "EPSG:4548")
    >>> grid.bounds
    (500.0, 880.0, 530.0, 900.0)
    >>> grid.upright
    True
    """

    width: int
    height: int
    affine: Affine
    crs: str

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1 or not np.isfinite(self.affine).all() or self.determinant == 0.0:
            raise ValueError(f"no grid: {self.width} × {self.height}, {self.affine}")

    @property
    def determinant(self) -> float:
        """Signed area of a cell in units of the CRS; negative for a grid whose rows go south."""
        a, b, _, d, e, _ = self.affine
        return a * e - b * d

    @property
    def turned(self) -> bool:
        """Whether its rows and columns do not go along the axes."""
        _, b, _, d, _, _ = self.affine
        return b != 0.0 or d != 0.0

    @property
    def upright(self) -> bool:
        """Whether rows go south and columns go east, as nearly all rasters have it."""
        return not self.turned and self.affine[0] > 0 > self.affine[4]

    @property
    def outline(self) -> shapely.Polygon:
        """The outer edge, in the CRS of the grid."""
        corners = np.array([(0, 0), (self.width, 0), (self.width, self.height), (0, self.height)], dtype=float)
        return shapely.Polygon(np.column_stack(self.at(corners[:, 0], corners[:, 1])))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        west, south, east, north = self.outline.bounds
        return west, south, east, north

    def at(self, column: NDArray[np.float64], row: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
        """Coordinates x, y of places that are given in columns and rows."""
        a, b, c, d, e, f = self.affine
        return a * column + b * row + c, d * column + e * row + f

    def in_cells(self, shapes: NDArray[np.object_]) -> NDArray[np.object_]:
        """Outlines in counts of cells: x in columns from the left, y in rows from the *bottom*.

        Parameters
        ----------
        shapes
            In the CRS of the grid, shape (n,); missing ones stay missing.
        """
        a, b, c, d, e, f = self.affine
        det, height = self.determinant, float(self.height)

        def move(points: NDArray[np.float64]) -> NDArray[np.float64]:
            x, y = points[:, 0] - c, points[:, 1] - f
            return np.column_stack([(e * x - b * y) / det, height - (a * y - d * x) / det])

        return np.asarray(shapely.transform(shapes, move), dtype=object)

    def row_weights(self) -> NDArray[np.float64] | None:
        """True area of a cell of each row against that of the middle row, shape (height,); None where all are alike.

        Cells of a grid in degrees shrink towards the poles; in a projected CRS they are taken as equal.
        """
        crs = crs_.parse(self.crs)
        if not crs.is_geographic or self.turned:
            return None
        geod = crs.get_geod() or Geod(ellps="WGS84")
        _, _, _, _, e, f = self.affine
        edges = np.clip(f + e * np.arange(self.height + 1), -90.0, 90.0)
        area = np.abs(np.diff(_area_to_pole(np.radians(edges), geod.es)))
        middle = area[self.height // 2]
        return area / middle if middle > 0 else None


def _area_to_pole(latitude: NDArray[np.float64], es: float) -> NDArray[np.float64]:
    """Area from the equator to a latitude, in units of b²·longitude; `es` is the squared eccentricity."""
    sine = np.sin(latitude)
    if es == 0.0:
        return sine
    e = np.sqrt(es)
    return (sine / (1 - es * sine**2) + np.arctanh(e * sine) / e) / 2


def part(grid: Grid, left: int, top: int, width: int, height: int) -> Grid:
    """The grid of a window of a grid."""
    a, b, c, d, e, f = grid.affine
    return Grid(width, height, (a, b, c + a * left + b * top, d, e, f + d * left + e * top), grid.crs)


def moved(shapes: NDArray[np.object_], source: CRS, target: CRS) -> NDArray[np.object_]:
    """Outlines in another CRS, their long sides cut first so that they bend as they should.

    Parameters
    ----------
    shapes
        In `source`, whose unit is the metre, shape (n,).
    """
    if source == target:
        return shapes
    return crs_.transform(np.asarray(shapely.segmentize(shapes, _SEGMENT_M), dtype=object), source, target)
