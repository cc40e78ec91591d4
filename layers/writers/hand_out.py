"""A layer goes out: written beside its place, opened again, compared, and only then put there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from layers.errors import NotYet
from layers.field_names import shapefile_names
from layers.readers.source import plain_path
from layers.workspace import Workspace
from layers.writers import formats, losses, verify
from layers.writers.errors import (
    EncodingUnknown,
    FormatUnknown,
    LonLatOnly,
    NeedsGeometry,
    OutExists,
    OutIsWorkspace,
    OutOfReach,
    OutUnwritable,
)
from layers.writers.losses import Loss
from layers.writers.sheets import Sheet, sheet
from spatial import crs as crs_

FORMATS = ("gpkg", "geojson", "shp", "csv")
LATER = ("gdb", "kml", "dxf", "txt", "xlsx", "fgb", "parquet")
_LONLAT = "EPSG:4326"


@dataclass(frozen=True)
class Order:
    """What the user asks of an export.

    Parameters
    ----------
    out
        File to write; its ending decides the format where none is given. A folder, or a name that ends in ``/``,
        takes a file called after the layer.
    layer
        Any layer, or ``remaining``.
    crs
        CRS of the file; None takes the working CRS, and longitude and latitude for GeoJSON.
    encoding
        Of shapefile and CSV text; None is UTF-8.
    """

    out: str
    layer: str
    format: str | None = None
    crs: str | None = None
    encoding: str | None = None
    overwrite: bool = False


@dataclass(frozen=True)
class Handed:
    """What went out; every file was opened again and compared."""

    written: int
    files: tuple[str, ...]
    losses: tuple[Loss, ...]

    def report(self, language: str = "zh-CN") -> dict[str, Any]:
        """The report of the command line."""
        lost = [
            {"column": loss.column, "code": loss.code, "rows": loss.rows, "message": loss.message(language)}
            for loss in self.losses
        ]
        return {"written": self.written, "files": list(self.files), "losses": lost, "verified": True}


@dataclass(frozen=True)
class _Draft:
    """A file to be written: its name, what it holds, and what the format cannot carry."""

    path: Path
    made: Sheet
    shapes: np.ndarray | None
    crs: str
    encoding: str


def hand_out(workspace: Workspace, order: Order) -> Handed:
    """Write a layer of a workspace to a file.

    Raises
    ------
    NotYet, FormatUnknown, UnknownLayer, ExportRefused
        Nothing is left behind then; an existing file is untouched.
    """
    kind, out = _target(order)
    encoding = _encoding(order)
    made = sheet(workspace, order.layer)
    if kind == "shp" and made.shapes is None:
        raise NeedsGeometry(where=order.layer, layer=order.layer, format="shp")
    crs = _LONLAT if kind == "geojson" else order.crs or workspace.crs
    if kind == "geojson" and order.crs and not crs_.parse(order.crs).is_geographic:
        raise LonLatOnly(where="--crs", crs=order.crs)
    shapes = _moved(made.shapes, workspace, crs)
    try:
        with _scratch(out) as folder:
            draft = _Draft(folder / out.name, made, shapes, crs, encoding)
            lost = {"gpkg": _gpkg, "geojson": _geojson, "shp": _shp, "csv": _csv}[kind](draft)
            files = _delivered(folder, out, order.overwrite)
    except OSError as error:
        raise OutUnwritable(where=str(out), path=out.name, reason=error.strerror or str(error)) from error
    return Handed(len(made.frame), tuple(str(path) for path in files), tuple(lost))


def _target(order: Order) -> tuple[str, Path]:
    known = ", ".join((*FORMATS, *LATER))
    with contextlib.suppress(FileNotFoundError):
        if order.out.startswith("/vsi") or "://" in order.out:
            plain_path(order.out)
    ending = Path(order.out).suffix.lower().lstrip(".")
    kind = (order.format or {"json": "geojson"}.get(ending, ending)).lower()
    if kind in LATER:
        raise NotYet(where="--format", what=f"--format {kind}")
    if kind not in FORMATS:
        raise FormatUnknown(where="--format", format=kind or "—", known=known)
    out = Path(order.out)
    endings = {"geojson": (".geojson", ".json")}.get(kind, (f".{kind}",))
    if out.is_dir() or order.out.endswith("/"):
        if out.parent.is_dir():
            out.mkdir(exist_ok=True)
        out = out / order.layer
    if out.suffix.lower() not in endings:
        out = out.with_name(out.name + endings[0])
    if out.is_file():
        with out.open("rb") as handle:
            if handle.read(16) == b"SQLite format 3\x00" and _is_workspace(out):
                raise OutIsWorkspace(where=str(out), path=out.name)
    return kind, out


def _is_workspace(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'app_meta'").fetchone() is not None
        except sqlite3.DatabaseError:
            return False


def _encoding(order: Order) -> str:
    name = (order.encoding or "utf-8").lower().replace("utf8", "utf-8")
    if name not in formats.ENCODINGS:
        raise EncodingUnknown(where="--encoding", encoding=name)
    return name


def _moved(shapes: np.ndarray | None, workspace: Workspace, crs: str) -> np.ndarray | None:
    if shapes is None:
        return None
    moved = crs_.transform(shapes, workspace.pyproj_crs, crs_.parse(crs).to_2d())
    present = ~(shapely.is_missing(moved) | shapely.is_empty(moved))
    lost = present & ~np.isfinite(shapely.bounds(moved)).all(axis=1)
    if lost.any():
        raise OutOfReach(where="--crs", count=int(lost.sum()), crs=crs)
    return moved


@contextlib.contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder beside the place of the file, so that putting it there is one rename."""
    if not out.parent.is_dir():
        raise OutUnwritable(where=str(out), path=out.name, reason=f"no folder {out.parent}")
    folder = Path(tempfile.mkdtemp(prefix=".chengzai-", dir=out.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _delivered(folder: Path, out: Path, overwrite: bool) -> list[Path]:
    made = sorted(folder.iterdir(), key=lambda path: (path.suffix != out.suffix, path.name))
    targets = [out.parent / path.name for path in made]
    for target in targets:
        if target.exists() and not overwrite:
            raise OutExists(where=str(target), path=target.name)
    for path in made:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    for path, target in zip(made, targets, strict=True):
        path.replace(target)
    return targets


def _gpkg(draft: _Draft) -> list[Loss]:
    frame = _frame(draft.made)
    formats.write_gpkg(draft.path, draft.made.layer, frame, draft.shapes, draft.crs)
    crs = crs_.parse(draft.crs) if draft.shapes is not None else None
    verify.same(draft.path, frame, draft.made.columns, _own_names(draft.made), shapes=draft.shapes, crs=crs)
    return []


def _geojson(draft: _Draft) -> list[Loss]:
    frame = _frame(draft.made)
    formats.write_geojson(draft.path, draft.made.layer, frame, draft.shapes)
    step = 10.0**-formats.GEOJSON_DECIMALS
    shapes = draft.shapes if draft.shapes is not None and len(frame) else None
    verify.same(draft.path, frame, draft.made.columns, _own_names(draft.made), shapes=shapes, tolerance=step)
    drawn = 0 if draft.shapes is None else int((~shapely.is_missing(draft.shapes)).sum())
    return [Loss("geometry", "coordinates_rounded", drawn)] if drawn else []


def _csv(draft: _Draft) -> list[Loss]:
    frame, lost = _frame(draft.made), []
    for column in draft.made.columns:
        if column.kind in ("text", "list", "date"):
            frame[column.name], said = losses.for_csv(frame[column.name], column.name, draft.encoding)
            lost += said
    heads = {column.name: losses.harmless(column.name) for column in draft.made.columns}
    formats.write_csv(draft.path, frame.rename(columns=heads), draft.encoding)
    verify.same(draft.path, frame, draft.made.columns, heads)
    if draft.shapes is not None:
        lost.append(Loss("geometry", "geometry_left_out", int((~shapely.is_missing(draft.shapes)).sum())))
    return lost


def _shp(draft: _Draft) -> list[Loss]:
    assert draft.shapes is not None  # noqa: S101  refused before
    names = shapefile_names(draft.made.layer, [column.name for column in draft.made.columns])
    frame, lost = _for_dbf(draft)
    files = formats.families(draft.shapes)
    for kind, rows in files.items():
        path = draft.path if len(files) == 1 else draft.path.with_name(f"{draft.path.stem}_{kind}.shp")
        part, shapes = frame[rows].reset_index(drop=True), draft.shapes[rows]
        formats.write_shapefile(path, part.rename(columns=names), shapes, draft.crs, draft.encoding)
        verify.same(path, part, draft.made.columns, names, shapes=shapes, crs=crs_.parse(draft.crs))
        formats.write_field_notes(path.with_name(f"{path.stem}_字段说明.csv"), draft.made.columns, names)
    return lost


def _for_dbf(draft: _Draft) -> tuple[pd.DataFrame, list[Loss]]:
    frame, lost = _frame(draft.made), []
    for column in draft.made.columns:
        values = frame[column.name]
        if column.kind in ("text", "list"):
            values, said = losses.for_shapefile(values, column.name, draft.encoding)
        elif column.kind in ("number", "integer"):
            values, said = losses.numbers_for_shapefile(values, column.name)
        else:
            said = []
        frame[column.name] = formats.typed(values, column.kind)
        lost += said
    return frame, lost


def _frame(made: Sheet) -> pd.DataFrame:
    return made.frame.copy()


def _own_names(made: Sheet) -> dict[str, str]:
    return {column.name: column.name for column in made.columns}
