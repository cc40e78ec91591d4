"""A workspace kept as one GeoPackage file that QGIS, ArcGIS and GDAL open as it is.

Only Python's `sqlite3` touches the file: another library that opens and closes it in this process would drop the
locks of a connection that is still writing. Every change is one transaction that is on the disk when it is answered.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import numpy as np
import shapely
import sqlalchemy as sql
from pyproj import CRS
from pyproj.exceptions import CRSError
from spatial import crs as crs_
from spatial.errors import ChengzaiError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from layers.catalogue import LAYERS
from layers.changes import RowChange
from layers.errors import NotAWorkspace, WorkspaceExists, WorkspaceMissing
from layers.rows import added, rows
from layers.stores import gestures, inspection
from layers.stores.contract import MAIN, Event, Scenario
from layers.stores.errors import (
    NewerWorkspace,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreUnwritable,
    ValueRefused,
)
from layers.stores.schema import METADATA, VERSION, geometry_type
from layers.stores.sql_reading import META_KEYS, SqlReading
from layers.stores.sql_writing import SqlWriting
from layers.workspace import Workspace

WAIT = 10.0
"""Seconds for which a writer waits for another program."""

_APPLICATION_ID = 0x47504B47
_USER_VERSION = 10_300
_LOCAL_SRS = 100_000
_BRANCHES = 8
"""Branches of which the present state stays in memory."""

_CORE = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""


class Kept:
    """The last known state of each branch, with the hash of the event that made it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[int, tuple[str, Workspace]] = OrderedDict()

    def get(self, scenario: int) -> tuple[str, Workspace] | None:
        """A branch's head and state."""
        with self._lock:
            return self._known.get(scenario)

    def put(self, scenario: int, head: str, workspace: Workspace) -> None:
        """Remember a branch's state; the branch that was used longest ago is let go."""
        with self._lock:
            self._known[scenario] = (head, workspace)
            self._known.move_to_end(scenario)
            while len(self._known) > _BRANCHES:
                self._known.popitem(last=False)


@dataclass
class _Live:
    """An open file: what must be one for all that use it in this process."""

    engine: sql.Engine
    file: tuple[int, int]
    srs: int
    kept: Kept = field(default_factory=Kept)
    writers: threading.Lock = field(default_factory=threading.Lock)


_OPEN: dict[Path, _Live] = {}
_OPENING = threading.RLock()


class GeoPackage:
    """The store in a file; `layers.stores.contract.Store` says what it promises.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace
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
        with _kindly(self.path), live.engine.connect() as connection, connection.begin():
            yield SqlReading(connection, live.kept)

    @contextlib.contextmanager
    def writing(self) -> Iterator[SqlWriting]:
        """One transaction, on the disk when it ends well; an exception leaves nothing behind."""
        live = _live(self.path)
        touched: dict[str, list[RowChange]] = {}

        def touch(layer: str, changes: Sequence[RowChange]) -> None:
            touched.setdefault(layer, []).extend(changes)

        with live.writers, _kindly(self.path), live.engine.connect() as connection:
            try:
                with connection.execution_options(writes=True).begin():
                    yield SqlWriting(connection, live.kept, live.srs, touch)
                    _tell_contents(connection, touched)
            except DBAPIError:
                connection.invalidate()  # whatever state it is in, nobody else is to meet it
                raise

    def faults(self) -> list[tuple[str, Mapping[str, str]]]:
        """What is wrong with the file and its history."""
        live = _live(self.path)
        with _kindly(self.path), live.engine.connect() as connection, connection.begin():
            found = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
            damaged: list[tuple[str, Mapping[str, str]]] = [
                ("file_damaged", {"value": str(line)[:200]}) for line in found if line != "ok"
            ]
            loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            damaged += [("file_damaged", {"value": f"{line[0]} → {line[2]}"}) for line in loose[:5]]
            return damaged or list(inspection.faults(connection, SqlReading(connection, Kept())))

    def backup(self, to: Path) -> None:
        """A copy of the file at one moment, while others go on writing.

        Raises
        ------
        StoreFull, StoreUnwritable
        """
        with _kindly(to), contextlib.closing(_connect(self.path)) as live, contextlib.closing(_connect(to)) as copy:
            live.backup(copy)
        flush(to)


def create(
    path: Path, workspace: Workspace, *, actor: str = "", facts: Mapping[str, str | int] | None = None
) -> GeoPackage:
    """Write a new workspace file; it appears whole or not at all.

    Raises
    ------
    WorkspaceExists
        A file of that name is never overwritten.
    """
    if path.exists():
        raise WorkspaceExists(where=str(path), path=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{uuid4().hex[:6]}.part")
    try:
        with _kindly(path):
            fill(draft, workspace, actor=actor, facts=facts or {})
        os.link(draft, path)  # refuses to replace a file that appeared meanwhile
        flush(path.parent)
    except FileExistsError as error:
        raise WorkspaceExists(where=str(path), path=path.name) from error
    finally:
        for left in (draft, *(draft.with_name(draft.name + end) for end in ("-wal", "-shm", "-journal"))):
            left.unlink(missing_ok=True)
    return GeoPackage(path)


def fill(draft: Path, workspace: Workspace, *, actor: str, facts: Mapping[str, str | int]) -> None:
    """Write a workspace into a file that nobody else knows yet, and have it on the disk."""
    with contextlib.closing(_connect(draft)) as raw:
        raw.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
        raw.execute(f"PRAGMA user_version = {_USER_VERSION}")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.executescript(_CORE)
    engine = _engine(draft)
    try:
        with engine.connect() as connection, connection.execution_options(writes=True).begin():
            METADATA.create_all(connection)
            srs = _put_srs(connection, workspace.crs)
            _put_contents(connection, workspace, srs)
            tx = SqlWriting(connection, Kept(), srs)
            tx.put_meta(schema_version=VERSION, srs_id=srs, store=uuid4().hex)
            tx.put_meta(**{key: str(getattr(workspace, key)) for key in META_KEYS})
            tx.put_scenario(MAIN, Scenario(MAIN, made_by=actor))
            every = [added(name, row) for name in LAYERS for row in rows(workspace.table(name))]
            counts = {name: len(workspace.table(name)) for name in LAYERS if len(workspace.table(name))}
            known = {**counts, **facts}
            gestures.append(tx, Event(0, uuid4().hex, "", actor, "admin", MAIN, "create", known, tuple(every)))
    finally:
        engine.dispose()
    flush(draft)


def read(path: Path) -> Workspace:
    """The present state of the branch `main` of a file.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace
    """
    with GeoPackage(path).reading() as tx:
        return tx.workspace()


def flush(path: Path) -> None:
    """Have a file or a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def close(path: Path) -> None:
    """Let go of a file, so that it can be moved or replaced."""
    with _OPENING:
        live = _OPEN.pop(path.absolute(), None)
        if live is not None:
            live.engine.dispose()


@atexit.register
def _close_all() -> None:
    """The last connection that closes a file folds its journal into it."""
    for path in list(_OPEN):
        close(path)


def _live(path: Path) -> _Live:
    place = path.absolute()
    try:
        found = place.stat()
    except OSError as error:
        raise WorkspaceMissing(where=str(path), path=path.name) from error
    if not place.is_file():
        raise WorkspaceMissing(where=str(path), path=path.name)
    with _OPENING:
        live = _OPEN.get(place)
        if live is not None and live.file == (found.st_dev, found.st_ino):
            return live
        if live is not None:  # another file stands there now
            close(place)
        _OPEN[place] = _Live(_engine(place), (found.st_dev, found.st_ino), _looked_at(place))
        return _OPEN[place]


def _looked_at(path: Path) -> int:
    """The number of the working CRS in a file of ours."""
    with _kindly(path), contextlib.closing(_connect(path)) as raw:
        try:
            if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'app_meta'").fetchone():
                raise NotAWorkspace(where=str(path), path=path.name, reason="app_meta")
            meta = dict(raw.execute("SELECT key, value FROM app_meta").fetchall())
        except sqlite3.DatabaseError as error:
            raise NotAWorkspace(where=str(path), path=path.name, reason=str(error)) from error
    version = int(meta.get("schema_version", "1"))
    if version > VERSION:
        raise NewerWorkspace(where=str(path), path=path.name, found=version, known=VERSION)
    return int(meta["srs_id"])


def _engine(path: Path) -> sql.Engine:
    writable = _writable(path)
    engine = sql.create_engine(
        "sqlite://",
        creator=lambda: _connect(path),
        **({"pool_size": 8, "max_overflow": 56} if writable else {}),
        poolclass=sql.pool.QueuePool if writable else NullPool,
    )

    @sql.event.listens_for(engine, "begin")
    def _(connection: sql.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _writable(path: Path) -> bool:
    return os.access(path if path.exists() else path.parent, os.W_OK) and os.access(path.parent, os.W_OK)


def _connect(path: Path) -> sqlite3.Connection:
    """A connection; to a file in a folder that cannot be written to, one that writes nothing beside it either."""
    if _writable(path):
        connection = sqlite3.connect(path, isolation_level=None, timeout=WAIT, check_same_thread=False)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
    else:
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


@contextlib.contextmanager
def _kindly(path: Path) -> Iterator[None]:
    """What the database says, as an error of ours."""
    try:
        yield
    except (sqlite3.Error, DBAPIError) as error:
        raise _told(path, error) from error


def _told(path: Path, error: Exception) -> ChengzaiError:
    cause = error.orig if isinstance(error, DBAPIError) else error
    name, reason = str(getattr(cause, "sqlite_errorname", "") or ""), str(cause)[:200]
    facts = {"where": str(path), "path": path.name, "reason": reason}
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(**facts)
    if name == "SQLITE_FULL":
        return StoreFull(**facts)
    if name.startswith("SQLITE_CONSTRAINT"):
        return ValueRefused(**facts)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return NotAWorkspace(**facts)
    if name.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreUnwritable(**facts)
    return StoreDamaged(**facts)


# -- what makes the file a GeoPackage


def _put_srs(connection: sql.Connection, text: str) -> int:
    crs = crs_.parse(text)
    code = crs.to_epsg(min_confidence=100)
    number = int(code or _LOCAL_SRS)
    rows_ = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", ""),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", ""),
        ("WGS 84", 4326, "EPSG", 4326, crs_.parse("EPSG:4326").to_wkt("WKT1_GDAL"), ""),
        (crs.name, number, "EPSG" if code else "NONE", number, _wkt(crs), "working CRS"),
    ]
    connection.exec_driver_sql("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", rows_)
    return number


def _wkt(crs: CRS) -> str:
    try:
        return str(crs.to_wkt("WKT1_GDAL"))
    except CRSError:
        return str(crs.to_wkt())


def _put_contents(connection: sql.Connection, workspace: Workspace, srs: int) -> None:
    for name, layer in LAYERS.items():
        kind = "features" if layer.geometry else "attributes"
        bounds = _bounds(workspace.shapes(name)) if layer.geometry else (None,) * 4
        connection.exec_driver_sql(
            "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (name, kind, layer.zh, layer.row, _moment(), *bounds, srs if layer.geometry else None),
        )
        if layer.geometry:
            connection.exec_driver_sql(
                "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)",
                (name, "geom", geometry_type(layer), srs, 0, 0),
            )


def _tell_contents(connection: sql.Connection, touched: Mapping[str, Sequence[RowChange]]) -> None:
    """When a layer changed last, and the box that it lies in; the box only grows."""
    for name, changes in touched.items():
        shapes = [change.after["geometry"] for change in changes if change.after and "geometry" in change.after]
        box = _bounds(np.array([*shapes, None], dtype=object)[:-1])
        grown = (
            "min_x = min(coalesce(min_x, ?), ?), min_y = min(coalesce(min_y, ?), ?), "
            "max_x = max(coalesce(max_x, ?), ?), max_y = max(coalesce(max_y, ?), ?), "
        )
        values = [side for side in box for _ in range(2)] if box[0] is not None else []
        connection.exec_driver_sql(
            f"UPDATE gpkg_contents SET {grown if values else ''}last_change = ? WHERE table_name = ?",  # noqa: S608
            (*values, _moment(), name),
        )


def _bounds(shapes: np.ndarray) -> tuple[float | None, ...]:
    present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return tuple(float(side) for side in shapely.total_bounds(present)) if len(present) else (None,) * 4


def _moment() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
