"""GeoTIFF, cloud-optimised or not: windows of it, moved to Web Mercator and drawn as tiles."""

from __future__ import annotations

import math
import threading
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import CRSError, RasterioError
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT
from rasterio.warp import calculate_default_transform, transform_bounds

from layers.map.bases.errors import BaseBroken, BaseUnplaced
from layers.map.bases.tile import Kind, Source, Tile, encoded
from spatial import tiles
from spatial.tiles import Box, Grid

_SIDE = 256
_DECIMATION = 16
"""Pixels of the file, along one side, that may be read for one of a tile; coarser zooms need overviews."""
_SAMPLE = 512
_OPTIONS = {
    # no side-car files: a .ovr or .aux.xml beside the raster would be opened with any driver of GDAL
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_CACHEMAX": 64,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
    "PROJ_NETWORK": "OFF",
}
_TROUBLE = (RasterioError, CRSError, ValueError, OSError, MemoryError)
_AT_ONCE = threading.BoundedSemaphore(4)


class GeoTiff(Source):
    """The tiles of a GeoTIFF.

    Raises
    ------
    BaseBroken, BaseUnplaced
    """

    grid: Grid = "mercator"
    kind: Kind = "raster"

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with rasterio.Env(**_OPTIONS), self._opened() as raster:
                if raster.crs is None or raster.transform.is_identity:
                    raise BaseUnplaced(where=path.name)
                self._zooms = _zooms(raster)
                self._bounds = transform_bounds(raster.crs, "EPSG:4490", *raster.bounds)
                self._bands, self._palette = _bands(raster)
                self._stretch = _stretch(raster, self._bands)
        except _TROUBLE as error:
            reason = str(error).replace(str(path.absolute()), path.name)  # nobody outside sees where it lies
            raise BaseBroken(where=path.name, reason=reason[:120].rstrip(".")) from error

    @property
    def zooms(self) -> tuple[int, int]:
        return self._zooms

    @property
    def bounds(self) -> Box | None:
        return self._bounds

    def tile(self, z: int, x: int, y: int) -> Tile | None:
        if z < self._zooms[0]:
            return None
        try:
            with _AT_ONCE, rasterio.Env(**_OPTIONS), self._opened() as raster:
                shown, alpha = self._window(raster, tiles.metres(z, x, y), 2 ** max(0, self._zooms[1] - z))
        except _TROUBLE:
            return None
        return self._drawn(shown, alpha) if alpha.any() else None

    def _opened(self) -> Any:
        return rasterio.open(str(self._path.absolute()), driver="GTiff")

    def _window(self, raster: Any, box: Box, coarser: int) -> tuple[NDArray[Any], NDArray[np.uint8]]:
        """Bands and alpha of a box. The frame is as fine as the file: only then does GDAL read from its overviews."""
        own = ColorInterp.alpha in raster.colorinterp
        how = Resampling.nearest if self._palette is not None else Resampling.bilinear
        frame = {
            "crs": "EPSG:3857",
            "transform": from_bounds(*box, _SIDE * coarser, _SIDE * coarser),
            "width": _SIDE * coarser,
            "height": _SIDE * coarser,
            "resampling": how,
            "add_alpha": not own,
        }
        with WarpedVRT(raster, **frame) as there:
            last = raster.colorinterp.index(ColorInterp.alpha) + 1 if own else there.count
            shape = (len(self._bands) + 1, _SIDE, _SIDE)
            read = there.read([*self._bands, last], out_shape=shape, resampling=how)
            # deeper types than bytes count opacity to other heights; there, a pixel is shown or it is not
            alpha = read[-1] if read.dtype == np.uint8 else np.where(read[-1] > 0, 255, 0).astype(np.uint8)
            return read[:-1], alpha

    def _drawn(self, shown: NDArray[Any], alpha: NDArray[np.uint8]) -> Tile:
        if self._palette is not None:
            colours = self._palette[np.clip(shown[0], 0, 255).astype(np.intp)]
            image = Image.fromarray(np.dstack([colours, np.minimum(alpha, 255)]).astype(np.uint8), "RGBA")
            return encoded(image, photo=False)
        low, high = self._stretch
        scaled = np.clip((shown.astype(np.float64) - low) * (255.0 / (high - low)), 0, 255).astype(np.uint8)
        three = scaled if len(scaled) == 3 else np.repeat(scaled[:1], 3, axis=0)
        return encoded(Image.fromarray(np.dstack([*three, alpha]), "RGBA"), photo=True)


def _zooms(raster: Any) -> tuple[int, int]:
    there, _, _ = calculate_default_transform(raster.crs, "EPSG:3857", raster.width, raster.height, *raster.bounds)
    high = tiles.zoom_for(abs(there.a))
    coarsest = max([1, *raster.overviews(1)]) * _DECIMATION
    return max(0, high - int(math.log2(coarsest))), high


def _bands(raster: Any) -> tuple[tuple[int, ...], NDArray[np.uint8] | None]:
    """Bands to show, and the colours of a raster with a palette."""
    colours = [band for band, kind in enumerate(raster.colorinterp, 1) if kind != ColorInterp.alpha]
    if raster.colorinterp[0] == ColorInterp.palette:
        palette = np.zeros((256, 3), dtype=np.uint8)
        for value, colour in raster.colormap(1).items():
            if 0 <= value < 256:
                palette[value] = colour[:3]
        return (1,), palette
    if not colours:
        raise ValueError("no band but alpha")
    return (tuple(colours[:3]) if len(colours) >= 3 else (colours[0],)), None


def _stretch(raster: Any, bands: tuple[int, ...]) -> tuple[float, float]:
    """Values that are shown black and white: all of a byte, the middle 96 % of anything deeper."""
    if all(raster.dtypes[band - 1] == "uint8" for band in bands):
        return 0.0, 255.0
    shape = (len(bands), min(_SAMPLE, raster.height), min(_SAMPLE, raster.width))
    sample = raster.read(list(bands), out_shape=shape, masked=True).compressed()
    sample = sample[np.isfinite(sample)]
    low, high = np.percentile(sample, [2, 98]) if len(sample) else (0.0, 1.0)
    return float(low), float(max(high, low + 1e-9))
