"""The one way in which files are opened: Python's `sqlite3`, so that nothing in this process drops its locks."""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sql
from spatial.errors import ChengzaiError
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.pool import NullPool

from layers.stores import disk
from layers.stores.errors import (
    NotADatabase,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreReplaced,
    StoreUnwritable,
    ValueRefused,
)

WAIT = 10.0
"""Seconds for which a writer waits for another program."""

_NAP = 0.01
"""Seconds after which a writer asks again for its turn: one that asked every 0.1 s, as SQLite does, could starve."""


def open_for_writing(path: Path) -> bool:
    """Whether a file is one that we write to: its folder lets us, and its disk belongs to this machine."""
    return disk.writable(path) and not disk.remote(disk.file_system(path))


def connect(path: Path, *, alone: bool = False) -> sqlite3.Connection:
    """A connection; to a file that cannot be written to, one that writes nothing beside it either.

    Parameters
    ----------
    alone
        Nobody else uses the file meanwhile, and then no index of the journal is made beside it: on a full disk it
        could not be.
    """
    if not open_for_writing(path):
        return connect_sealed(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=WAIT, check_same_thread=False)
    mode = ["locking_mode = EXCLUSIVE"] if alone else []
    return _set(connection, *mode, "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF")


def _set(connection: sqlite3.Connection, *pragmas: str) -> sqlite3.Connection:
    """A connection with its settings; where the disk fails meanwhile it is closed, and its locks go with it."""
    try:
        for one in pragmas:
            connection.execute(f"PRAGMA {one}")
    except BaseException:
        connection.close()
        raise
    return connection


def connect_sealed(path: Path) -> sqlite3.Connection:
    """A connection that only reads and leaves no trace beside the file.

    A journal that another program left is part of the file; then the file is not taken for complete without it.
    """
    journal = path.with_name(path.name + "-wal")
    left = journal.exists() and journal.stat().st_size > 0
    address = f"{path.absolute().as_uri()}?mode=ro{'' if left else '&immutable=1'}"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def engine(path: Path, *, sealed: bool = False, alone: bool = False) -> sql.Engine:
    """Connections for SQLAlchemy.

    Parameters
    ----------
    sealed
        Whether the file is only looked at.
    alone
        See `connect`; each connection is closed at once after its use.
    """
    writes = not sealed and open_for_writing(path)
    pooled = writes and not alone
    made = sql.create_engine(
        "sqlite://",
        creator=lambda: _live(path, alone=alone) if writes else connect_sealed(path),
        **({"pool_size": 8, "max_overflow": 56} if pooled else {}),
        poolclass=sql.pool.QueuePool if pooled else NullPool,
    )

    @sql.event.listens_for(made, "begin")
    def _(connection: sql.Connection) -> None:
        if connection.get_execution_options().get("writes", False):
            _take_turn(connection)
        else:
            connection.exec_driver_sql("BEGIN")

    return made


def _take_turn(connection: sql.Connection) -> None:
    """Begin to write, as soon as no other program does."""
    until = time.monotonic() + 3 * WAIT  # where several programs write all the time, some wait long for their turn
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
                return
            except DBAPIError as error:
                busy = str(getattr(error.orig, "sqlite_errorname", "")).startswith("SQLITE_BUSY")
                if not busy or time.monotonic() > until:
                    raise
                time.sleep(_NAP)
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {int(WAIT * 1000)}")


def _live(path: Path, *, alone: bool) -> sqlite3.Connection:
    """A connection to a file that is in use; other programs, and backups, leave its journal otherwise."""
    connection = connect(path, alone=alone)
    if not alone:
        return _set(connection, "journal_mode = WAL")
    with contextlib.suppress(sqlite3.OperationalError):  # where it cannot be written, it can be read as it is
        connection.execute("PRAGMA journal_mode = WAL")
    return connection


@contextlib.contextmanager
def alone(path: Path) -> Iterator[sqlite3.Connection]:
    """A file in one piece that nobody else writes to, for as long as it takes to put another in its place.

    Raises
    ------
    StoreBusy
        When another program has it open.
    """
    with contextlib.closing(connect(path)) as connection:
        until = time.monotonic() + WAIT
        while connection.execute("PRAGMA journal_mode").fetchone() != ("delete",):
            try:
                connection.execute(
                    "PRAGMA journal_mode = DELETE"
                )  # folds the journal in; nobody else may have it open
            except sqlite3.OperationalError as error:
                if not error.sqlite_errorname.startswith("SQLITE_BUSY"):
                    raise
                if time.monotonic() > until:
                    raise StoreBusy(where=str(path), path=path.name) from error
                time.sleep(0.05)
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")


def copy(source: Path, to: Path) -> None:
    """A copy of a file at one moment, in one piece, while others go on writing; `to` is a new file."""
    opened = connect if open_for_writing(source) else connect_sealed
    with contextlib.closing(opened(source)) as live, contextlib.closing(sqlite3.connect(to)) as made:
        live.backup(made)
        _one_piece(made)
    disk.flush(to)


def seal(path: Path) -> None:
    """Have everything of a file that nobody else knows in the file itself."""
    with contextlib.closing(connect(path)) as made:
        _one_piece(made)
    disk.flush(path)


def _one_piece(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = DELETE")  # it may be read from where nothing can be written beside it


@contextlib.contextmanager
def kindly(path: Path) -> Iterator[None]:
    """What the database says, as an error of ours."""
    try:
        yield
    except (sqlite3.Error, StatementError) as error:
        raise told(path, error) from error


def told(path: Path, error: Exception) -> ChengzaiError:
    """What a database says, as an error of ours."""
    cause = error.orig if isinstance(error, StatementError) else error
    name, reason = str(getattr(cause, "sqlite_errorname", "") or ""), str(cause)[:200]
    facts = {"where": str(path), "path": path.name, "reason": reason}
    if name == "SQLITE_READONLY_DBMOVED":  # SQLite sees that the name belongs to another file now
        return StoreReplaced(**facts)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return StoreBusy(**facts)
    if name == "SQLITE_FULL" or (name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")) and disk.full(path)):
        return StoreFull(**facts)
    if name.startswith("SQLITE_CONSTRAINT") or isinstance(cause, (ValueError, TypeError, OverflowError)):
        return ValueRefused(**facts)
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
        return NotADatabase(**facts)
    if name.startswith(("SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM")):
        return StoreUnwritable(**facts)
    return StoreDamaged(**facts)
