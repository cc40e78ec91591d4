"""A layer goes out: written beside its place, opened again, compared, and only then put there."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS

from layers import scratch
from layers.catalogue import LAYERS
from layers.field_names import key_of, shapefile_names
from layers.readers.source import plain_path
from layers.workspace import Workspace
from layers.writers import metadata, packing, plain, systems
from layers.writers.draft import About, Draft, Told, nobody, of_kind
from layers.writers.errors import (
    EncodingUnknown,
    FormatUnknown,
    NeedsGeometry,
    NeedsOutlines,
    OutExists,
    OutIsWorkspace,
    OutUnwritable,
)
from layers.writers.formats import ENCODINGS, FORMATS, Format
from layers.writers.losses import Loss
from layers.writers.sheets import Sheet, sheet
from spatial import crs as crs_

LOSSES, METADATA = ".losses.csv", ".xml"
"""What the names of the files beside an export end in, after the whole name of the export."""


@dataclass(frozen=True)
class Order:
    """What the user asks of an export.

    Parameters
    ----------
    out
        File to write; its ending decides the format where none is given. A folder, or a name that ends in ``/``,
        takes a file called after the layer; a name that ends in ``.zip`` takes all files in one.
    layer
        Any layer, or ``remaining``.
    crs
        CRS of the file: code, WKT or PROJ. None takes the working CRS; longitude and latitude for GeoJSON and KML;
        the one with the number of the zone for boundary points.
    encoding
        Of the text of shapefile, CSV and boundary points; None takes UTF-8, and GB18030 for boundary points.
    only
        Keys of the rows that go out; None takes every row.
    """

    out: str
    layer: str
    format: str | None = None
    crs: str | None = None
    encoding: str | None = None
    overwrite: bool = False
    only: tuple[str, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Handed:
    """What went out; every file was opened again and compared."""

    written: int
    files: tuple[str, ...]
    losses: tuple[Loss, ...]
    crs: str

    def report(self, language: str = "zh-CN") -> dict[str, Any]:
        """The report of the command line."""
        lost = [
            {
                "column": loss.column,
                "code": loss.code,
                "rows": loss.rows,
                "message": loss.message(language),
                "severity": loss.severity,
            }
            for loss in self.losses
        ]
        return {"written": self.written, "files": list(self.files), "losses": lost, "verified": True, "crs": self.crs}


def hand_out(workspace: Workspace, order: Order, tell: Told = nobody) -> Handed:
    """Write a layer of a workspace to a file.

    Parameters
    ----------
    tell
        Is told of each step: ``collecting``, ``writing``, ``checking``, and of how many rows. What it raises ends
        the export, and nothing is left behind.

    Raises
    ------
    FormatUnknown, UnknownLayer, UnknownCrs, UnsuitableCrs, ExportRefused
        Nothing is left behind then; an existing file is untouched.
    """
    form, out, packed = _target(order)
    encoding = _encoding(order, form)
    crs = _crs(order, form, workspace)
    tell("collecting")
    made = _chosen(sheet(workspace, order.layer), order)
    _fits(made, form)
    shapes = systems.moved(made.shapes, workspace.pyproj_crs, crs) if form.where != "none" else made.shapes
    lost = _before(made, crs, form)
    try:
        with _scratch(out) as folder:
            draft = Draft(folder / _inner(out, form, packed), made, shapes, crs, encoding, _about(workspace), tell)
            lost += form.write(draft)
            _beside(draft, lost, form)
            if packed:
                packing.pack(folder, folder / out.name)
            files = _delivered(folder, out, order.overwrite)
    except OSError as error:
        raise OutUnwritable(where=str(out), path=out.name, reason=error.strerror or str(error)) from error
    label = "" if shapes is None or form.where == "none" else crs_.label(crs)
    return Handed(len(made.frame), tuple(str(path) for path in files), tuple(lost), label)


def _target(order: Order) -> tuple[Format, Path, bool]:
    with contextlib.suppress(FileNotFoundError):
        if order.out.startswith("/vsi") or "://" in order.out:
            plain_path(order.out)
    ending = Path(order.out).suffix.lower().lstrip(".")
    key = (order.format or {"json": "geojson"}.get(ending, ending)).lower()
    if key not in FORMATS:
        raise FormatUnknown(where="--format", format=key or "—", known=", ".join(FORMATS))
    form, out = FORMATS[key], Path(order.out)
    packed = out.suffix.lower() == ".zip" and not out.is_dir()
    if (out.is_dir() and not form.ends(out.name)) or order.out.endswith("/"):
        if out.parent.is_dir():
            out.mkdir(exist_ok=True)
        out = out / order.layer
    if not packed and not form.ends(out.name):
        out = out.with_name(out.name + form.ending)
    if out.is_file():
        with out.open("rb") as handle:
            if handle.read(16) == b"SQLite format 3\x00" and _is_workspace(out):
                raise OutIsWorkspace(where=str(out), path=out.name)
    return form, out, packed


def _inner(out: Path, form: Format, packed: bool) -> str:
    """Name of the main file in the folder of ours; in an archive names are of ASCII."""
    return f"{packing.ascii_name(out.stem)}{form.ending}" if packed else out.name


def _is_workspace(path: Path) -> bool:
    with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'app_meta'").fetchone() is not None
        except sqlite3.DatabaseError:
            return False


def _encoding(order: Order, form: Format) -> str:
    name = (order.encoding or form.encoding or "utf-8").lower().replace("utf8", "utf-8")
    if name not in ENCODINGS:
        raise EncodingUnknown(where="--encoding", encoding=name)
    return name if form.encoding else "utf-8"


def _crs(order: Order, form: Format, workspace: Workspace) -> CRS:
    """The CRS that was chosen, or the one that people expect of the format."""
    usual = {
        "degrees": systems.WGS84,
        "metres": systems.with_zone(workspace.pyproj_crs) if form.key == "txt" else workspace.crs,
    }.get(form.where, workspace.crs)
    crs = systems.chosen(order.crs, usual)
    if form.where == "degrees":
        systems.degrees(order.crs, crs, form.name)
        return systems.chosen(None, systems.WGS84)
    return crs_.metric(systems.written(crs)) and crs if form.where == "metres" else crs


def _chosen(made: Sheet, order: Order) -> Sheet:
    """The rows that were asked for."""
    if order.only is None:
        return made
    key = key_of(made.layer)
    rows = made.frame[key].isin(order.only).to_numpy(dtype=bool)
    shapes = None if made.shapes is None else made.shapes[rows]
    return Sheet(made.layer, made.frame[rows].reset_index(drop=True), made.columns, shapes)


def _fits(made: Sheet, form: Format) -> None:
    if form.needs and made.shapes is None:
        raise NeedsGeometry(where=made.layer, layer=made.layer, format=form.key)
    shapes = made.shapes if made.shapes is not None and form.needs == "outlines" else np.empty(0, dtype=object)
    drawn = not shapely.is_missing(shapes).all()
    pointed = made.layer in LAYERS and LAYERS[made.layer].geometry == ("Point",)
    if form.needs == "outlines" and (not of_kind(shapes, ("Polygon", "MultiPolygon")).any() if drawn else pointed):
        raise NeedsOutlines(where=made.layer, layer=made.layer, format=form.key)


def _before(made: Sheet, crs: CRS, form: Format) -> list[Loss]:
    """What is lost before anything is written: heights, and the parameters of a datum shift."""
    if made.shapes is None or form.where == "none":
        return []
    high = int(shapely.has_z(made.shapes).sum())
    drawn = int(np.sum(~shapely.is_missing(made.shapes)))
    lost = [Loss("geometry", "height_left_out", high)] if high else []
    return [*lost, Loss("geometry", "datum_shift_left_out", drawn)] if crs.is_bound and drawn else lost


def _about(workspace: Workspace) -> About:
    return About(
        workspace.name,
        workspace.scenario,
        workspace.revision,
        workspace.as_of,
        date.today().isoformat(),
        workspace.crs,
    )


def _beside(draft: Draft, lost: list[Loss], form: Format) -> None:
    """Metadata, and the list of what was lost, beside the file and called after the whole of its name."""
    columns = [column.name for column in draft.columns]
    names = (
        shapefile_names(draft.made.layer, columns) if form.key == "shp" else dict(zip(columns, columns, strict=True))
    )
    metadata.write(draft.beside(METADATA), draft, names, lost, form.name)
    if lost:
        plain.write_losses(draft.beside(LOSSES), lost)


@contextlib.contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder beside the place of the file, so that putting it there is one rename."""
    if not out.parent.is_dir():
        raise OutUnwritable(where=str(out), path=out.name, reason=f"no folder {out.parent}")
    owned = scratch.Owned(out.parent, scratch.BESIDE)
    try:
        folder = owned.path / "out"
        folder.mkdir()
        yield folder
    finally:
        owned.close()


def _delivered(folder: Path, out: Path, overwrite: bool) -> list[Path]:
    made = sorted(folder.iterdir(), key=lambda path: (path.name != out.name, path.suffix != out.suffix, path.name))
    targets = [out.parent / path.name for path in made]
    for target in targets:
        if target.exists() and not overwrite:
            raise OutExists(where=str(target), path=target.name)
    for path in made:
        packing.kept(path)
    stale = out.with_name(f"{out.name}{LOSSES}")
    if stale not in targets:
        stale.unlink(missing_ok=True)
    for path, target in zip(made, targets, strict=True):
        if target.is_dir():
            shutil.rmtree(target)
        path.replace(target)
    _settled(out.parent)
    return targets


def _settled(folder: Path) -> None:
    """The names in a folder are on the disk too."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
