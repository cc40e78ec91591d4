"""Which cells of a grid outlines cover, and how much of each: found once, used by every raster on the grid.

exactextract gives the shares; they are those of the intersection of cell and outline, to the precision of a 32-bit
float.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from exactextract.feature import Feature, FeatureSource
from exactextract.operation import Operation
from exactextract.processor import FeatureSequentialProcessor
from exactextract.raster import NumPyRasterSource
from exactextract.writer import Writer
from numpy.typing import NDArray

from spatial.errors import OutlineTooLarge

MOST_CELLS = 50_000_000
"""Cells that one outline may cover: more would not fit into memory with their shares."""

_BLOCK = 1_000

Tell = Callable[[int], None]


@dataclass(frozen=True)
class Coverage:
    """Which cells each of n outlines covers, and how much of them.

    Parameters
    ----------
    offsets
        The cells of outline i stand at ``offsets[i]:offsets[i + 1]``, shape (n + 1,).
    cell
        Row × width + column of each, shape (m,).
    fraction
        Share of the cell that is covered, above 0 and at most 1, shape (m,).
    inside
        Whether the centre of the cell lies inside the outline, shape (m,).
    area
        Area of each outline, in cells, what lies outside the grid included, shape (n,).
    width
        Columns of the grid.
    """

    offsets: NDArray[np.int64]
    cell: NDArray[np.int64]
    fraction: NDArray[np.float32]
    inside: NDArray[np.bool_]
    area: NDArray[np.float64]
    width: int

    def __post_init__(self) -> None:
        for part in (self.offsets, self.cell, self.fraction, self.inside, self.area):
            part.flags.writeable = False

    def __len__(self) -> int:
        return len(self.area)

    @property
    def owner(self) -> NDArray[np.intp]:
        """Outline of each cell, shape (m,)."""
        return np.repeat(np.arange(len(self)), np.diff(self.offsets))

    @property
    def rows(self) -> tuple[int, int]:
        """First row that any outline covers, and the one behind the last; both 0 where none is."""
        if not len(self.cell):
            return 0, 0
        return int(self.cell.min()) // self.width, int(self.cell.max()) // self.width + 1


def coverage(shapes: NDArray[np.object_], width: int, height: int, tell: Tell | None = None) -> Coverage:
    """Which cells of a grid outlines cover.

    Parameters
    ----------
    shapes
        Polygons in counts of cells, as `Grid.in_cells` gives them, shape (n,); missing and empty ones cover
        nothing, nor do those with a corner where the CRS does not reach.
    tell
        Told now and then how many outlines are done.

    Raises
    ------
    OutlineTooLarge
        One outline covers more than `MOST_CELLS`.
    """
    there = np.flatnonzero(np.isfinite(shapely.bounds(shapes)).all(axis=1))
    _refuse_large(shapes, there, width, height)
    source, found = _Outlines(shapes[there], tell), _Found()
    grid = NumPyRasterSource(np.broadcast_to(np.uint8(0), (height, width)))  # a picture of zeros that takes no room
    asked = [Operation("cell_id", "cell", grid), Operation("coverage", "fraction", grid)]
    if len(there):
        FeatureSequentialProcessor(source, found, asked).process()
    counts = np.zeros(len(shapes), dtype=np.int64)
    counts[there] = [len(cells) for cells in found.cells]
    offsets = np.concatenate([[0], np.cumsum(counts)])
    cell = np.concatenate([*found.cells, np.empty(0, dtype=np.int64)])
    fraction = np.concatenate([*found.fractions, np.empty(0, dtype=np.float32)])
    inside = _centres(shapes, offsets, cell, fraction, (width, height))
    return Coverage(offsets, cell, fraction, inside, np.nan_to_num(shapely.area(shapes)), width)


def _refuse_large(shapes: NDArray[np.object_], there: NDArray[np.intp], width: int, height: int) -> None:
    bounds = shapely.bounds(shapes[there])
    wide = np.clip(bounds[:, 2], 0, width) - np.clip(bounds[:, 0], 0, width)
    high = np.clip(bounds[:, 3], 0, height) - np.clip(bounds[:, 1], 0, height)
    cells = np.minimum(wide * high, shapely.area(shapes[there]))
    for row in there[cells > MOST_CELLS][:1]:
        raise OutlineTooLarge(where=f"row {row}", row=int(row), limit=f"{MOST_CELLS:,}")


def _centres(
    shapes: NDArray[np.object_],
    offsets: NDArray[np.int64],
    cell: NDArray[np.int64],
    fraction: NDArray[np.float32],
    size: tuple[int, int],
) -> NDArray[np.bool_]:
    """Whether the centres of cells lie inside; those of cells that are covered whole do."""
    width, height = size
    inside = fraction >= 1.0
    partly = np.flatnonzero(~inside)
    owner = np.repeat(np.arange(len(shapes)), np.diff(offsets))[partly]
    row, column = np.divmod(cell[partly], width)
    inside[partly] = shapely.contains_xy(shapes[owner], column + 0.5, height - row - 0.5)
    return inside


class _Outline(Feature):  # type: ignore[misc]
    """One outline on its way in, and what was found of it on its way out."""

    def __init__(self, wkb: bytes = b"") -> None:
        super().__init__()
        self._wkb = wkb
        self.found: dict[str, Any] = {}

    def geometry(self) -> bytes:
        return self._wkb

    def set_geometry(self, wkb: bytes) -> None:
        """What comes out has no use for it."""

    def set_geometry_format(self) -> str:
        return "wkb"

    def fields(self) -> list[str]:
        return []

    def get(self, name: str) -> Any:
        return self.found[name]

    def set(self, name: str, value: Any) -> None:
        self.found[name] = value


class _Outlines(FeatureSource):  # type: ignore[misc]
    """Outlines, one after the other. The processor keeps no reference to it: whoever calls it must."""

    def __init__(self, shapes: NDArray[np.object_], tell: Tell | None) -> None:
        super().__init__()
        self._shapes, self._tell = shapes, tell

    def __iter__(self) -> Iterator[_Outline]:
        for start in range(0, len(self._shapes), _BLOCK):
            if self._tell is not None:
                self._tell(start)
            for wkb in shapely.to_wkb(self._shapes[start : start + _BLOCK]):
                yield _Outline(wkb)

    def count(self) -> int:
        return len(self._shapes)

    def srs_wkt(self) -> None:
        """None: cells are no CRS."""


class _Found(Writer):  # type: ignore[misc]
    """Cells and shares of each outline, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[NDArray[np.int64]] = []
        self.fractions: list[NDArray[np.float32]] = []

    def add_operation(self, operation: Operation) -> None:
        """Both are known."""

    def write(self, feature: Feature) -> None:
        taken = _Outline()
        feature.copy_to(taken)
        self.cells.append(np.asarray(taken.found["cell"], dtype=np.int64))
        self.fractions.append(np.asarray(taken.found["fraction"], dtype=np.float32))
