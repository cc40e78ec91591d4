"""From files of an older version to the present one: numbered steps, forward only, never in the file itself.

A step works on a copy. The result is looked at through and through, compared with what the old file held, put on the
disk and swapped in; the old file stays beside it under another name. Whatever fails leaves the old file as it is.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from spatial.errors import ChengzaiError

from layers.catalogue import LAYERS
from layers.contract import Layer
from layers.rows import encode, rows
from layers.stores import disk, examining, sqlite
from layers.stores.blobs import unpacked
from layers.stores.contract import StoreFacts
from layers.stores.errors import MigrationFailed, OldWorkspace, StoreBusy, StoreFull, StoreUnwritable
from layers.stores.filling import First, fill, gain
from layers.stores.schema import VERSION
from layers.workspace import Workspace


@dataclass(frozen=True)
class Step:
    """A way from one version to a later one.

    Parameters
    ----------
    reads, gives
        The versions.
    run
        Makes the later file from a copy of the older one that nobody else knows.
    """

    reads: int
    gives: int
    run: Callable[[Path, Path], None]


def migrate(path: Path) -> Path:
    """Bring a file up to date in its place.

    Returns
    -------
    Path
        Where the old file is now.

    Raises
    ------
    OldWorkspace
        When the folder cannot be written to.
    NetworkDrive, StoreBusy, StoreFull, MigrationFailed
        The old file is as it was.
    """
    disk.on_local_disk(path)
    if not disk.writable(path):
        raise OldWorkspace(where=str(path), path=path.name, found=version(path))
    with sqlite.kindly(path), sqlite.alone(path):
        found = version(path)
        if found >= VERSION:  # another process was faster
            return path
        aside = disk.beside(path, f"v{found}")
        with disk.draft(path) as draft:
            upgrade(path, draft)
            disk.replace(draft, path, aside)
    return aside


def upgrade(path: Path, draft: Path) -> examining.Examined:
    """Write the present form of an older file to a draft; the file itself is only read.

    Raises
    ------
    MigrationFailed
    """
    found = version(path)

    def failed(reason: str) -> MigrationFailed:
        return MigrationFailed(where=str(path), path=path.name, found=found, known=VERSION, reason=reason)

    with disk.draft(draft) as copy, disk.draft(draft) as next_:
        sqlite.copy(path, copy)
        at = found
        while at < VERSION:
            step = STEPS.get(at)
            if step is None:
                raise failed(f"{at} → ?")
            try:
                with sqlite.kindly(path):
                    step.run(copy, next_)
            except (StoreBusy, StoreFull, StoreUnwritable):
                raise
            except (ChengzaiError, ValueError, TypeError, KeyError) as error:
                raise failed(str(error)[:200]) from error
            at = step.gives
            next_.replace(copy)
        copy.replace(draft)
    made = examining.examine(draft)
    if made.faults or made.main is None:
        raise failed(str(made.faults[:1]))
    return made


def version(path: Path) -> int:
    """The version of the tables of a file.

    Raises
    ------
    NotAWorkspace
    """
    with sqlite.kindly(path), contextlib.closing(sqlite.connect(path)) as raw:
        return int(examining.meta(raw, path).get("schema_version", "1"))


# -- 1: tables that were replaced whole, and no history


def _from_1(copy: Path, made: Path) -> None:
    """A file without a history becomes one whose history begins with everything that it holds."""
    workspace = _read_1(copy)
    first = First(workspace, "", {"from_format": 1, "was_revision": workspace.revision})
    fill(made, StoreFacts.of(workspace), first)
    sqlite.seal(made)
    kept = examining.examine(made).main
    if kept is None or any(_told(kept, name) != _told(workspace, name) for name in LAYERS):
        raise ValueError("rows differ")


def _told(workspace: Workspace, layer: str) -> list[Any]:
    return [encode(row) for row in rows(workspace.table(layer))]


def _read_1(path: Path) -> Workspace:
    with contextlib.closing(sqlite.connect_sealed(path)) as raw:
        meta = examining.meta(raw, path)
        there = {name for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        tables = {
            name: _table_1(raw, layer, meta["crs"]) if name in there else layer.empty(meta["crs"])
            for name, layer in LAYERS.items()
        }
    facts = StoreFacts(**{key: meta.get(key, "") for key in StoreFacts.__dataclass_fields__})
    return Workspace(tables=tables, revision=int(meta["revision"]), **facts.told())


def _table_1(raw: sqlite3.Connection, layer: Layer, crs: str) -> pd.DataFrame:
    """A layer of version 1: columns that its contract does not know stand in the table as they came."""
    found = raw.execute(f'SELECT * FROM "{layer.name}" ORDER BY fid')  # noqa: S608 a name of ours
    names = [column[0] for column in found.description]
    lines = found.fetchall()
    columns = dict(zip(names, zip(*lines, strict=True) if lines else [()] * len(names), strict=True))
    kinds = {column.name: column.kind for column in layer.columns}
    frame: dict[str, object] = {}
    for name in names:
        if name == "geom":
            frame["geometry"] = gpd.GeoSeries(unpacked(columns[name]), crs=crs)
        elif kinds.get(name) == "boolean":
            marks = [None if value is None else bool(value) for value in columns[name]]
            frame[name] = pd.array(marks, dtype="boolean")
        elif name != "fid":
            frame[name] = pd.Series(list(columns[name]), dtype=None if lines else "object")
    table = pd.DataFrame(frame)
    return layer.conform(gpd.GeoDataFrame(table, crs=crs) if layer.geometry else table, crs)


# -- 2: the layers that were known then


def _gain(copy: Path, made: Path) -> None:
    """A file with a history gains the layers and columns that came since; what it holds is not touched."""
    sqlite.copy(copy, made)
    gain(made)


STEPS = {step.reads: step for step in (Step(1, VERSION, _from_1), Step(2, VERSION, _gain))}
"""By the version that each reads. Every step leads straight to the present version."""
