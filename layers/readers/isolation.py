"""What a child process that opens a file may use, and what it is kept from."""

from __future__ import annotations

import functools
import glob
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

MEMORY_BYTES = 4 << 30
FILES = 128
_CPU_S, _WALL_S, _FILE_BYTES = 45, 60, 1 << 30
_HUGE_BYTES, _BYTES_A_SECOND = 100 << 20, 4 << 20

DRIVERS = {
    "shapefile": "ESRI Shapefile",
    "gpkg": "GPKG",
    "geojson": "GeoJSON",
    "topojson": "TopoJSON",
    "kml": "",
    "dxf": "DXF",
    "gdb": "OpenFileGDB",
    "fgb": "FlatGeobuf",
}
"""The one driver of each kind of file; none for KML, which is read by a program of ours."""

RASTER = "GTiff"
"""The one driver of rasters."""

RASTER_CONFIG: dict[str, str | int] = {
    "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
    "GDAL_PAM_ENABLED": "NO",
    "GDAL_CACHEMAX": 64,
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
    "PROJ_NETWORK": "OFF",
}
"""Settings for rasters: nothing that lies beside a file is opened with it."""

CONFIG: dict[str, str | None] = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": "{noext}",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "50",
    "OGR_GEOMETRY_ACCEPT_UNCLOSED_RING": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": None,
    "PROJ_NETWORK": "OFF",
    "SHAPE_ENCODING": None,
    "SHAPE_RESTORE_SHX": "NO",
    "DXF_CLOSED_LINE_AS_POLYGON": "TRUE",
    "DXF_ENCODING": "UTF-8",
    "OGR_ARC_STEPSIZE": "1",
    "OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES",
}
"""Settings of GDAL: the last four are about what is read, the others switch off what nobody needs here.

FlatGeobuf is handed over row by row: the faster way of GDAL 3.12 says that a row without geometry has one of no
bytes, or of a length below zero.
"""


@dataclass(frozen=True)
class Limits:
    """What one request may use.

    Parameters
    ----------
    cpu_s, wall_s
        Time of its processor and on the clock [s].
    file_bytes
        Largest file that it may write.
    """

    cpu_s: int
    wall_s: int
    file_bytes: int


def limits_for(size: int) -> Limits:
    """Limits for a source of a size: above 100 MB a second more for every 4 MB, and room for four times its size.

    >>> limits_for(1_000_000)
    Limits(cpu_s=45, wall_s=60, file_bytes=1073741824)
    >>> limits_for((100 << 20) + (400 << 20))
    Limits(cpu_s=145, wall_s=160, file_bytes=2097152000)
    """
    more = max(0, size - _HUGE_BYTES) // _BYTES_A_SECOND
    return Limits(_CPU_S + more, _WALL_S + more, max(_FILE_BYTES, 4 * size))


def limits_of(path: Path) -> Limits:
    """Limits for a file with the parts beside it that share its name, or for a folder of files."""
    parts = path.iterdir() if path.is_dir() else path.parent.glob(f"{glob.escape(path.stem)}.*")
    return limits_for(sum(part.stat().st_size for part in parts if part.is_file()))


def environment(driver: str) -> dict[str, str]:
    """The whole environment of a child: no secret of the server is in it, and every other driver is left out."""
    others = ",".join(name for name in _known_drivers(driver) if name != driver)
    plain = {
        "GDAL_SKIP": others,
        "OGR_SKIP": others,
        "GDAL_DRIVER_PATH": "disable",
        "OGR_DRIVER_PATH": "disable",
        "GDAL_CONFIG_FILE": "/nonexistent",
        "HOME": "/nonexistent",
        "PATH": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "2",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
    }
    return plain | {name: value for name, value in CONFIG.items() if value is not None}


@functools.cache
def _known_drivers(driver: str) -> tuple[str, ...]:
    """Every driver that the library has, those that somebody has switched off for this process too."""
    off = f"{os.environ.get('GDAL_SKIP', '')},{os.environ.get('OGR_SKIP', '')}".split(",")
    return tuple(sorted({*_drivers(driver), *(name.strip() for name in off if name.strip())}))


def _drivers(driver: str) -> Iterable[str]:
    """The drivers of the library that has this one: rasters have a library of their own."""
    if driver == RASTER:
        import rasterio

        with rasterio.Env() as env:
            return list(env.drivers())
    import pyogrio

    return pyogrio.list_drivers()
