"""The rasters of a workspace: the file behind a row of the layer, found by its hash and opened by a child."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from layers.ground.errors import RasterFileChanged, RasterFileMissing, RasterUnknown
from layers.readers.raster import Band, RasterFile, look_at
from layers.readers.watching import UNWATCHED, Watch
from layers.stores import raster_files
from layers.workspace import Workspace

Derived = Literal["", "slope", "aspect"]
_DERIVED = re.compile(r"(slope|aspect):(.+)", re.DOTALL)


@dataclass(frozen=True)
class Opened:
    """One band that values can be read from.

    Parameters
    ----------
    derived
        What is worked out from its values: nothing, slope or aspect.
    """

    file: RasterFile
    band: Band
    derived: Derived = ""


def opened(
    workspace: Workspace, raster: str, band: int | None = None, crs: str | None = None, watch: Watch = UNWATCHED
) -> Opened:
    """The band that a text names.

    Parameters
    ----------
    raster
        A `raster_id` of the layer, or the path of a file; ``slope:`` or ``aspect:`` before it takes what follows from
        its heights.
    band, crs
        Of a file; a row says both itself.

    Raises
    ------
    RasterUnknown, RasterFileMissing, RasterFileChanged, FileRefused, Cancelled
    """
    derived, name = _split(raster)
    row = row_of(workspace, name)
    if row is None:
        if not Path(name).exists() and "/" not in name and "." not in name:
            known = ", ".join(workspace.table("rasters")["raster_id"].astype("str")) or "—"
            raise RasterUnknown(where=name[:80], raster=name[:80], known=known[:300])
        file = look_at(name, crs=crs, watch=watch)
        return Opened(file, file.band(band), derived)
    path = path_of(workspace, row)
    file = look_at(path, _called(row), str(row["raster_crs"]), watch)
    return Opened(file, file.band(int(row["band"]) if pd.notna(row["band"]) else None), derived)


def row_of(workspace: Workspace, raster_id: str) -> pd.Series | None:
    """The row of a key; None where there is none."""
    table = workspace.table("rasters")
    found = table[table["raster_id"].astype("str") == raster_id]
    return found.iloc[0] if len(found) else None


def path_of(workspace: Workspace, row: pd.Series) -> Path:
    """The file of a row; its size is compared, its whole hash only by ``check``.

    Raises
    ------
    RasterFileMissing, RasterFileChanged
    """
    name, sha256 = _called(row), str(row["sha256"])
    try:
        path = raster_files.place(Path(workspace.files), sha256)
    except ValueError as error:
        raise RasterFileMissing(where=name, path=name, folder=Path(workspace.files).name) from error
    if not workspace.files or not path.is_file():
        raise RasterFileMissing(where=name, path=name, folder=Path(workspace.files).name or "—")
    size = row["size_bytes"]
    if pd.notna(size) and path.stat().st_size != int(size):
        raise RasterFileChanged(where=name, path=name, found=path.stat().st_size, size=int(size))
    return path


def _split(raster: str) -> tuple[Derived, str]:
    found = _DERIVED.fullmatch(raster)
    if found is None:
        return "", raster
    return ("slope" if found[1] == "slope" else "aspect"), found[2]


def _called(row: pd.Series) -> str:
    for column in ("file_name", "name", "raster_id"):
        if pd.notna(row[column]):
            return str(row[column])
    return "—"
