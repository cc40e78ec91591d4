"""Heights of the demo: made up by a formula, said to be so wherever they show, and the same bytes every time."""

from __future__ import annotations

import functools
import hashlib
import io
import math

import numpy as np
import rasterio
import shapely

from data.fengtai.files import Row
from data.fengtai.outlines import WORKING_CRS
from data.fengtai.parcels import parcels

CELL_M = 40.0
_AROUND_M = 200.0
_NODATA = -32768
_SCALE = 0.1
NAME = "高程（合成示意）"
SOURCE = "程序按公式生成的合成高程，仅供演示，不是实测地形（synthetic, not surveyed）"


def heights() -> tuple[np.ndarray, rasterio.Affine]:
    """Stored heights [dm], shape (rows, columns), and where they lie: a plane falling to the east, waves, a knoll."""
    west, south, east, north = shapely.total_bounds([parcel.row()["geometry"] for parcel in parcels()])
    west, north = (math.floor((west - _AROUND_M) / CELL_M) * CELL_M, math.ceil((north + _AROUND_M) / CELL_M) * CELL_M)
    columns = math.ceil((east + _AROUND_M - west) / CELL_M)
    rows = math.ceil((north - south + _AROUND_M) / CELL_M)
    u, v = np.meshgrid((np.arange(columns) + 0.5) / columns, (np.arange(rows) + 0.5) / rows)
    waves = 3.0 * np.sin(6 * np.pi * u) * np.sin(4 * np.pi * v)
    knoll = 14.0 * np.exp(-(((u - 0.72) / 0.03) ** 2) - ((v - 0.45) / 0.07) ** 2)
    metres = 60.0 - 20.0 * u - 3.0 * v + waves + knoll
    return np.round(metres / _SCALE).astype("int16"), rasterio.Affine(CELL_M, 0, west, 0, -CELL_M, north)


@functools.cache
def content() -> bytes:
    """The GeoTIFF, not compressed: so its bytes do not hang on a version of a library."""
    stored, place = heights()
    made = io.BytesIO()
    size = {"width": stored.shape[1], "height": stored.shape[0], "count": 1, "dtype": "int16"}
    with (
        rasterio.MemoryFile() as memory,
        memory.open(driver="GTiff", crs=WORKING_CRS, transform=place, nodata=_NODATA, **size) as file,
    ):
        file.write(stored, 1)
        file.scales, file.units = (_SCALE,), ("m",)
        file.update_tags(TIFFTAG_IMAGEDESCRIPTION=f"SYNTHETIC: {SOURCE}")
        file.close()
        made.write(memory.read())
    return made.getvalue()


def sha256() -> str:
    """The hash under which it is kept."""
    return hashlib.sha256(content()).hexdigest()


def rasters() -> list[Row]:
    """The one row of the layer."""
    stored, place = heights()
    rows, columns = stored.shape
    west, north = place.c, place.f
    return [
        {
            "raster_id": f"R-{sha256()[:8]}-1",
            "name": NAME,
            "kind": "dem",
            "values": "continuous",
            "unit": "m",
            "band": 1,
            "nodata": float(_NODATA),
            "scale": _SCALE,
            "offset": 0.0,
            "sha256": sha256(),
            "file_name": "dem_synthetic.tif",
            "size_bytes": len(content()),
            "raster_crs": WORKING_CRS,
            "width": columns,
            "height": rows,
            "cell_m": CELL_M,
            "data_basis": "schematic",
            "source": SOURCE,
            "note": "示意，不得用于审批",
            "geometry": shapely.box(west, north - rows * CELL_M, west + columns * CELL_M, north),
        }
    ]
