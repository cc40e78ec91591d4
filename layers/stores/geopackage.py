"""A workspace kept as one GeoPackage file that QGIS, ArcGIS and GDAL open as it is.

Only Python's `sqlite3` touches the file: another library that opens and closes it in this process would drop the
locks of a connection that is still writing. Every change is one transaction that is on the disk when it is answered.
"""

from __future__ import annotations

import atexit
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sql
from spatial.errors import ChengzaiError
from sqlalchemy.exc import DBAPIError

from layers.errors import NotAWorkspace, WorkspaceExists, WorkspaceMissing
from layers.stores import disk, examining, migrations, raster_files, sqlite
from layers.stores.contract import StoreFacts
from layers.stores.errors import (
    NetworkDrive,
    NewerWorkspace,
    StoreDamaged,
    StoreFull,
    StoreReadOnly,
    StoreReplaced,
    StoreSick,
    StoreUnwritable,
)
from layers.stores.filling import First, Touched, fill
from layers.stores.kept import Kept
from layers.stores.schema import VERSION
from layers.stores.sql_reading import SqlReading
from layers.stores.sql_writing import SqlWriting
from layers.workspace import Workspace

_Identity = tuple[int, int]


@dataclass
class _Live:
    """An open file: what must be one for all that use it in this process.

    Parameters
    ----------
    held
        A connection that does nothing but stay. As long as there is one the index of the journal stays as well, and
        a full disk, on which no new one can be made, can still be read.
    """

    engine: sql.Engine
    held: sql.Connection | None
    file: _Identity
    srs: int
    kept: Kept = field(default_factory=Kept)
    writers: threading.Lock = field(default_factory=threading.Lock)
    lies_on: str = ""
    sick: str = ""


_OPEN: dict[Path, _Live] = {}
_OPENING = threading.RLock()


class GeoPackage:
    """The store in a file; `layers.stores.contract.Store` says what it promises.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace, OldWorkspace, MigrationFailed
    """

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        _live(self.path)

    @property
    def address(self) -> str:
        """Where the file is."""
        return str(self.path)

    @contextlib.contextmanager
    def reading(self) -> Iterator[SqlReading]:
        """One consistent view; what others write meanwhile is not in it."""
        live = _live(self.path)
        with sqlite.kindly(self.path), live.engine.connect() as connection, connection.begin():
            yield SqlReading(connection, live.kept)

    @contextlib.contextmanager
    def writing(self) -> Iterator[SqlWriting]:
        """One transaction, on the disk when it ends well; an exception leaves nothing behind.

        Raises
        ------
        StoreReadOnly, NetworkDrive, StoreSick, StoreBusy, StoreFull, StoreUnwritable
        """
        live = _live(self.path)
        closed = self.closed_because()
        if closed is not None:
            raise closed
        touched = Touched()
        with live.writers, sqlite.kindly(self.path), live.engine.connect() as connection:
            try:
                with connection.execution_options(writes=True).begin():
                    if _identity(self.path) != live.file:  # somebody put another file here while we waited
                        raise StoreReplaced(where=str(self.path), path=self.path.name)
                    yield SqlWriting(connection, live.kept, live.srs, touched)
                    touched.tell(connection)
            except DBAPIError:
                connection.invalidate()  # whatever state it is in, nobody else is to meet it
                raise

    def closed_because(self) -> ChengzaiError | None:
        """Why nothing can be written to the file, None where it can."""
        live = _live(self.path)
        if live.sick:
            return StoreSick(where=str(self.path), path=self.path.name, reason=live.sick)
        if disk.remote(live.lies_on):
            return NetworkDrive(where=str(self.path), path=self.path.name, kind=live.lies_on)
        if not disk.writable(self.path):
            return StoreReadOnly(where=str(self.path), path=self.path.name, reason="EACCES")
        return None

    def faults(self) -> list[tuple[str, Mapping[str, str]]]:
        """What is wrong with the file and its history."""
        live = _live(self.path)
        with sqlite.kindly(self.path), live.engine.connect() as connection, connection.begin():
            return examining.faults(connection)

    def quick_check(self) -> str:
        """What a first look at the file finds; whatever it is, the file is read only from then on.

        Returns
        -------
        str
            Empty where it found nothing.
        """
        live = _live(self.path)
        try:
            with sqlite.kindly(self.path), live.engine.connect() as connection, connection.begin():
                live.sick = live.sick or examining.first_look(connection)
        except NotAWorkspace as error:
            live.sick = str(error.facts.get("reason", error.code))
        return live.sick

    def forbid_writing(self, reason: str) -> None:
        """Have the file read only until it is opened by another process, or replaced."""
        _live(self.path).sick = reason

    def backup(self, to: Path, named: Path | None = None) -> None:
        """A copy of the file at one moment, in one piece, while others go on writing.

        Parameters
        ----------
        named
            The file that the copy is to become, for what a user is told when the disk is full.

        Raises
        ------
        StoreFull, StoreUnwritable
        """
        with sqlite.kindly(named or to):
            sqlite.copy(self.path, to)


def create(
    path: Path, workspace: Workspace, *, actor: str = "", facts: Mapping[str, str | int] | None = None
) -> GeoPackage:
    """Write a new workspace file; it appears whole or not at all, the files of its rasters beside it.

    Raises
    ------
    WorkspaceExists, NetworkDrive
        A file of that name is never overwritten.
    """
    made = found(path, StoreFacts.of(workspace), First(workspace, actor, facts))
    if workspace.files and len(workspace.table("rasters")):
        raster_files.carry(Path(workspace.files), raster_files.folder_beside(path), link=False)
    return made


def found(path: Path, facts: StoreFacts, write: Callable[[SqlWriting], None]) -> GeoPackage:
    """Make a new store; it appears with what its first transaction writes, or not at all.

    Raises
    ------
    WorkspaceExists, NetworkDrive
    """
    if path.exists():
        raise WorkspaceExists(where=str(path), path=path.name)
    disk.on_local_disk(path)
    with disk.draft(path) as draft:
        with sqlite.kindly(path):
            fill(draft, facts, write)
        disk.appear(draft, path)
    return GeoPackage(path)


def close(path: Path) -> None:
    """Let go of a file, so that it can be moved or replaced."""
    with _OPENING:
        live = _OPEN.pop(path.absolute(), None)
        if live is not None:
            if live.held is not None:
                live.held.close()
            live.engine.dispose()


def opened() -> tuple[Path, ...]:
    """The files that this process has open."""
    with _OPENING:
        return tuple(_OPEN)


@contextlib.contextmanager
def closed(path: Path) -> Iterator[None]:
    """A file that nobody opens in this process for as long as it takes to put another in its place."""
    with _OPENING:
        close(path)
        yield


@atexit.register
def _close_all() -> None:
    """The last connection that closes a file folds its journal into it."""
    for path in list(_OPEN):
        close(path)


def _identity(path: Path) -> _Identity:
    try:
        found_ = path.stat()
    except OSError as error:
        raise WorkspaceMissing(where=str(path), path=path.name) from error
    return found_.st_dev, found_.st_ino


def _live(path: Path) -> _Live:
    place = path.absolute()
    here = _identity(place)
    if not place.is_file():
        raise WorkspaceMissing(where=str(path), path=path.name)
    live = _OPEN.get(place)
    if live is not None and live.file == here:
        return live
    with _OPENING:
        close(place)  # another file may stand there now
        try:
            made = _opened(place)
        except (StoreFull, StoreUnwritable):
            return _opened(place, alone=True)  # not remembered: the next one may find the disk well again
        _OPEN[place] = made
        return made


def _opened(place: Path, *, alone: bool = False) -> _Live:
    srs = _looked_at(place, alone=alone)
    engine = sqlite.engine(place, alone=alone)
    with sqlite.kindly(place):
        held = None if alone else engine.connect()
    kept = Kept(str(raster_files.folder_beside(place)))
    return _Live(engine, held, _identity(place), srs, kept, lies_on=disk.file_system(place))


def _looked_at(path: Path, *, alone: bool) -> int:
    """The number of the working CRS in a file of ours, which is brought up to date where it is an older one."""
    meta = _meta(path, alone=alone)
    version = int(meta.get("schema_version", "1"))
    if version > VERSION:
        raise NewerWorkspace(where=str(path), path=path.name, found=version, known=VERSION)
    if version < VERSION:
        migrations.migrate(path)
        meta = _meta(path, alone=alone)
    number = meta.get("srs_id", "")
    if not number.isdecimal():
        raise StoreDamaged(where=str(path), reason=f"app_meta srs_id {number[:20]}")
    return int(number)


def _meta(path: Path, *, alone: bool) -> dict[str, str]:
    with sqlite.kindly(path), contextlib.closing(sqlite.connect(path, alone=alone)) as raw:
        try:
            return examining.meta(raw, path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname != "SQLITE_ERROR":  # the disk's fault, or a page's
                raise
            raise NotAWorkspace(where=str(path), path=path.name, reason=str(error)) from error
