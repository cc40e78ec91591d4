"""Makers of small GeoTIFFs for tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine

from tests.world import X, Y

NORTH_UP = Affine(20, 0, X, 0, -20, Y + 200)
"""Cells of 20 m; the first column begins at the corner of the world, the tenth row ends at it."""


def tif(path: Path, values: Any, transform: Affine = NORTH_UP, crs: str | None = "EPSG:4548", **more: Any) -> Path:
    """A GeoTIFF of values (rows, columns) or (bands, rows, columns)."""
    scales, offsets, mask = (more.pop(name, None) for name in ("scales", "offsets", "mask"))
    values = np.asarray(values)
    bands = values if values.ndim == 3 else values[None]
    size = {"width": bands.shape[2], "height": bands.shape[1], "count": len(bands), "dtype": bands.dtype}
    with (
        rasterio.Env(GDAL_TIFF_INTERNAL_MASK=True),
        rasterio.open(path, "w", driver="GTiff", transform=transform, crs=crs, **size, **more) as file,
    ):
        file.write(bands)
        if scales:
            file.scales = scales
        if offsets:
            file.offsets = offsets
        if mask is not None:
            file.write_mask(mask)
    return path


def ramp(rows: int = 10, columns: int = 20) -> np.ndarray:
    """0, 1, 2, … row by row."""
    return np.arange(float(rows * columns)).reshape(rows, columns)
