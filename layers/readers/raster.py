"""Rasters: what a GeoTIFF is, and windows of its values. A child process opens the file, this one never does.

What a file stores becomes a value in one place, `Values.at`: stored × scale + offset, and nothing where the file says
that there is nothing. Every figure that is wrong with a file has its own refusal with a cure; what is unusual but
sound is read as it is and told as a note.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from layers import scratch
from layers.readers.children import Pool
from layers.readers.errors import (
    BandUnclear,
    BandUnknown,
    FileBroken,
    NotARaster,
    RasterEmpty,
    RasterLinked,
    RasterTruncated,
    RasterUnlocated,
    RasterUnplaced,
    RasterValuesRefused,
)
from layers.readers.isolation import RASTER, RASTER_CONFIG, limits_for
from layers.readers.source import plain_path
from layers.readers.watching import UNWATCHED, Watch
from spatial import crs as crs_
from spatial.errors import ChengzaiError
from spatial.grid import Affine, Grid

PROGRAM = Path(__file__).with_name("_raster_child.py")
POOL = Pool(PROGRAM, RASTER_CONFIG)
"""The children of this process that open rasters."""
atexit.register(POOL.close)

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_LINKS = (b"<VRTDataset", b"<GDALTileIndexDataset", b"<GDAL_WMS>", b"<WMS_Capabilities", b"<OGRVRTDataSource")
_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\x89HDF", "HDF5 / NetCDF"),
    (b"CDF", "NetCDF"),
    (b"EHFA_HEADER_TAG", "ERDAS IMG"),
    (b"GRIB", "GRIB"),
    (b"ncols", "ASCII grid"),
    (b"NCOLS", "ASCII grid"),
    (b"PK\x03\x04", "ZIP"),
    (b"SQLite format 3", "SQLite / GeoPackage"),
    (b"%PDF", "PDF"),
)
_HEAD = 512


@dataclass(frozen=True)
class Band:
    """One band of a file, as the file has it.

    Parameters
    ----------
    dtype
        Type of what is stored.
    nodata
        Stored value that means nothing; NaN where the file says so, None where it has none.
    scale, offset
        Value = stored × scale + offset.
    masked
        Whether some cells may mean nothing: by `nodata`, a mask or an alpha band.
    low, high
        Values of a sample, at most 512 × 512 cells.
    empty
        Whether no cell has a value.
    """

    number: int
    dtype: str
    nodata: float | None
    scale: float
    offset: float
    unit: str
    description: str
    colour: str
    masked: bool
    own_mask: bool
    low: float | None
    high: float | None
    empty: bool

    @property
    def scaled(self) -> bool:
        """Whether values are not what is stored."""
        return (self.scale, self.offset) != (1.0, 0.0)

    def values(self, stored: NDArray[Any], there: NDArray[np.uint8] | None) -> NDArray[np.float64]:
        """Values of what is stored, NaN where there is none.

        Parameters
        ----------
        there
            0 where a cell means nothing; None where all mean something.
        """
        found = stored.astype(np.float64)
        if self.scaled:
            found = found * self.scale + self.offset
        if there is not None:
            found[there == 0] = np.nan
        if stored.dtype.kind == "f":
            found[~np.isfinite(found)] = np.nan
        return found


@dataclass(frozen=True)
class RasterFile:
    """A raster that may be read.

    Parameters
    ----------
    path
        Where it lies.
    name
        What the user calls it, for messages.
    """

    path: Path
    name: str
    size_bytes: int
    grid: Grid
    crs_given: bool
    point: bool
    bands: tuple[Band, ...]

    def band(self, asked: int | None = None) -> Band:
        """The band of a number; the only one with values where none is asked for.

        Raises
        ------
        BandUnclear, BandUnknown, RasterEmpty, RasterValuesRefused
        """
        sound = [band for band in self.bands if band.colour != "alpha"]
        if asked is not None:
            chosen = next((band for band in self.bands if band.number == asked), None)
            if chosen is None:
                raise BandUnknown(where=self.name, path=self.name, band=asked, count=len(self.bands))
        elif len(sound) == 1:
            chosen = sound[0]
        else:
            known = "; ".join(f"{band.number} {band.description or band.colour}"[:40] for band in sound[:16])
            raise BandUnclear(where=self.name, path=self.name, count=len(sound), known=known)
        if chosen.dtype.startswith("complex"):
            raise RasterValuesRefused(where=self.name, path=self.name, dtype=chosen.dtype)
        if chosen.empty:
            raise RasterEmpty(where=self.name, path=self.name, band=chosen.number)
        return chosen


def look_at(text: str | Path, name: str = "", crs: str | None = None, watch: Watch = UNWATCHED) -> RasterFile:
    """What a raster is, by its own bytes.

    Parameters
    ----------
    name
        What the user calls it; its own name where empty.
    crs
        As the user gave it; wins over the file's own.

    Raises
    ------
    FileRefused, UnknownCrs, Cancelled
    """
    path = plain_path(str(text))
    name = name or path.name
    _judge(path, name)
    known = _mark(path), crs
    if known in _LOOKED:
        return replace(_LOOKED[known], name=name)
    with scratch.folder("raster") as out:
        request = {"do": "look", "path": str(path.absolute()), "out": str(out)}
        try:
            said = POOL.ask(RASTER, request, limits_for(path.stat().st_size), name, watch)
        except FileBroken as error:
            if "TIFFReadDirectory" in str(error):  # what says where the cells are often stands behind them
                raise RasterTruncated(where=name, path=name, missing="?") from error
            raise
    try:
        found = _believed(path, name, said, crs)
        while len(_LOOKED) >= _MOST_LOOKED:
            _LOOKED.pop(next(iter(_LOOKED)), None)
        _LOOKED[known] = found
        return found
    except (KeyError, TypeError, ValueError) as error:
        raise FileBroken(where=name, path=name, reason=str(error)[:120]) from error


_MOST_LOOKED = 64
_LOOKED: dict[tuple[tuple[str, int, int, int], str | None], RasterFile] = {}
"""What files are, as long as nobody wrote to them."""


def _mark(path: Path) -> tuple[str, int, int, int]:
    """What changes when somebody writes to a file."""
    found = path.stat()
    return str(path.absolute()), found.st_ino, found.st_mtime_ns, found.st_size


def _judge(path: Path, name: str) -> None:
    """Refuse what is no TIFF before any library has it.

    Raises
    ------
    RasterLinked, NotARaster
    """
    if path.is_dir():
        raise NotARaster(where=name, path=name, found="—")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if any(link in head for link in _LINKS):
        raise RasterLinked(where=name, path=name)
    if head[:4] not in _TIFF:
        found = next((kind for start, kind in _KINDS if head.lstrip().startswith(start)), path.suffix or "—")
        raise NotARaster(where=name, path=name, found=found[:20])


def _believed(path: Path, name: str, said: dict[str, Any], crs: str | None) -> RasterFile:
    """What a child says of a file, where it makes sense.

    Raises
    ------
    RasterTruncated, RasterUnlocated, RasterUnplaced, UnknownCrs, ValueError
    """
    if said["beyond"]:
        raise RasterTruncated(where=name, path=name, missing=f"{int(said['beyond']):,}")
    if not said["placed"]:
        how = "GCP" if said["gcps"] else "RPC" if said["rpcs"] else "—"
        raise RasterUnplaced(where=name, path=name, how=how)
    placed = _crs(name, crs or said["crs"])
    a, b, c, d, e, f = (float(number) for number in said["affine"])
    affine: Affine = (a, b, c, d, e, f)
    return RasterFile(
        path=path,
        name=name,
        size_bytes=path.stat().st_size,
        grid=Grid(int(said["width"]), int(said["height"]), affine, crs_.label(placed)),
        crs_given=crs is not None,
        point=bool(said["point"]),
        bands=tuple(_band(number, told) for number, told in enumerate(said["bands"], 1)),
    )


def _crs(name: str, text: str | None) -> CRS:
    """Where the raster lies in the plane; a height system beside it does not matter here."""
    if not text:
        raise RasterUnlocated(where=name, path=name)
    try:
        found = crs_.parse(str(text))
        if found.is_compound:
            found = found.sub_crs_list[0]
        found = found.to_2d()
    except ChengzaiError:
        raise
    except (RuntimeError, ValueError) as error:
        raise RasterUnlocated(where=name, path=name) from error
    if not crs_.is_located(found):
        raise RasterUnlocated(where=name, path=name)
    return found


def _band(number: int, said: dict[str, Any]) -> Band:
    nodata = np.nan if said["nodata_nan"] else said["nodata"]
    scale, offset = float(said["scale"]), float(said["offset"])
    low, high = (None if said[end] is None else float(said[end]) * scale + offset for end in ("low", "high"))
    if low is not None and high is not None and low > high:
        low, high = high, low
    return Band(
        number=number,
        dtype=str(said["dtype"]),
        nodata=None if nodata is None else float(nodata),
        scale=scale,
        offset=offset,
        unit=str(said["unit"])[:40],
        description=str(said["description"])[:80],
        colour=str(said["colour"]),
        masked=bool(said["masked"]),
        own_mask=bool(said["own_mask"]),
        low=low,
        high=high,
        empty=bool(said["empty"]),
    )


@dataclass(frozen=True)
class Values:
    """What is stored in a window, on the disk as a child left it.

    Parameters
    ----------
    stored
        Shape (rows, columns).
    there
        0 where a cell means nothing; None where all mean something.
    """

    band: Band
    stored: NDArray[Any]
    there: NDArray[np.uint8] | None

    def at(self, place: NDArray[np.int64]) -> NDArray[np.float64]:
        """Values of cells, each by row × columns + column in the window, shape (m,); NaN where there is none."""
        there = None if self.there is None else self.there.reshape(-1)[place]
        return self.band.values(np.asarray(self.stored.reshape(-1)[place]), there)

    def all(self) -> NDArray[np.float64]:
        """Values of the whole window, shape (rows, columns)."""
        there = None if self.there is None else np.asarray(self.there)
        return self.band.values(np.asarray(self.stored), there)


Window = tuple[int, int, int, int]
"""Column, row, width and height."""


@contextmanager
def window(
    raster: RasterFile,
    band: Band,
    of: Window,
    shape: tuple[int, int] | None = None,
    watch: Watch = UNWATCHED,
) -> Iterator[Values]:
    """Values of a window; they are gone when the block ends.

    Parameters
    ----------
    shape
        Rows and columns to give, each from the cell nearest to it; as many as the window has where it is None.

    Raises
    ------
    FileRefused, Cancelled
    """
    with scratch.folder("raster") as out:
        request = {
            "do": "values",
            "path": str(raster.path.absolute()),
            "out": str(out),
            "window": list(of),
            "band": band.number,
            "masked": band.masked,
            "shape": None if shape is None else list(shape),
        }
        size = of[2] * of[3] * 9 if shape is None else shape[0] * shape[1] * 9
        said = POOL.ask(RASTER, request, limits_for(max(size, raster.size_bytes)), raster.name, watch)
        rows, columns = shape or (of[3], of[2])
        if said.get("dtype") != band.dtype or said.get("shape") != [rows, columns]:
            raise FileBroken(where=raster.name, path=raster.name, reason=str(said)[:80])
        try:
            stored = np.memmap(Path(out, "values"), dtype=np.dtype(band.dtype), mode="r", shape=(rows, columns))
            there = None
            if band.masked and said.get("whole") is not True:
                there = np.memmap(Path(out, "mask"), dtype=np.uint8, mode="r", shape=(rows, columns))
        except (OSError, ValueError, TypeError) as error:
            raise FileBroken(where=raster.name, path=raster.name, reason=str(error)[:80]) from error
        yield Values(band, stored, there)
