"""Whether a file is sound: the database whole, a GeoPackage by the standard, and in agreement with its history."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sql
from spatial import crs
from spatial.errors import ChengzaiError

from layers.errors import NotAWorkspace
from layers.stores import inspection, sqlite
from layers.stores.filling import APPLICATION_ID, srs_number
from layers.stores.inspection import Fault
from layers.stores.kept import Kept
from layers.stores.sql_reading import SqlReading
from layers.workspace import Workspace

_SHOWN = 5


@dataclass(frozen=True)
class Examined:
    """A file that nobody writes to, looked at through and through.

    Parameters
    ----------
    store
        Name of the store; copies of it have the same.
    faults
        Empty where it is sound; codes of `layers.checks` otherwise.
    main
        The present state of the branch `main`, where it is sound.
    """

    store: str
    revision: int
    chain_head: str
    faults: tuple[Fault, ...]
    main: Workspace | None = None


def examine(path: Path, *, whole: bool = True) -> Examined:
    """Look at a file that nobody has open, without leaving a trace beside it.

    Parameters
    ----------
    whole
        Whether its history is played through; else it is only looked at.

    Raises
    ------
    NotAWorkspace
    """
    with sqlite.kindly(path), contextlib.closing(sqlite.connect_sealed(path)) as raw:
        meta(raw, path)
    engine = sqlite.engine(path, sealed=True)
    try:
        with sqlite.kindly(path), engine.connect() as connection, connection.begin():
            reading = SqlReading(connection, Kept())
            if whole:
                found = tuple(faults(connection))
            else:
                said = first_look(connection)
                found = (("file_damaged", {"value": said}),) if said else ()
            main = None if found or not whole else reading.workspace()
            return Examined(reading.identity(), reading.revision(), reading.chain_head(), found, main)
    finally:
        engine.dispose()


def meta(raw: sqlite3.Connection, path: Path) -> dict[str, str]:
    """What a file says of itself.

    Raises
    ------
    NotAWorkspace
    """
    if not raw.execute("SELECT 1 FROM sqlite_master WHERE name = 'app_meta'").fetchone():
        raise NotAWorkspace(where=str(path), path=path.name, reason="app_meta")
    return dict(raw.execute("SELECT key, value FROM app_meta").fetchall())


def faults(connection: sql.Connection) -> list[Fault]:
    """Everything that is wrong with a file of the present version."""
    found = connection.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})").scalars().all()
    damaged: list[Fault] = [("file_damaged", {"value": str(line)[:200]}) for line in found if line != "ok"]
    loose = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    damaged += [("file_damaged", {"value": f"{line[0]} → {line[2]}"}) for line in loose[:_SHOWN]]
    damaged += [] if damaged else [("file_damaged", {"value": said}) for said in _standard(connection)]
    return damaged or list(inspection.faults(connection, SqlReading(connection, Kept())))


def first_look(connection: sql.Connection) -> str:
    """What a look that takes no more than reading the file once finds; empty where that is nothing."""
    for line in connection.exec_driver_sql("PRAGMA quick_check(1)").scalars():
        if line != "ok":
            return str(line)[:200]
    reading = SqlReading(connection, Kept())
    if (reading.meta("revision"), reading.meta("chain_head")) != (str(reading.revision()), reading.chain_head()):
        return "event ≠ app_meta"
    return ""


def _standard(connection: sql.Connection) -> Iterator[str]:
    """Requirements of the GeoPackage standard that our tables could come to break."""
    if connection.exec_driver_sql("PRAGMA application_id").scalar() != APPLICATION_ID:
        yield "application_id"
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars())
    known = set(connection.exec_driver_sql("SELECT srs_id FROM gpkg_spatial_ref_sys").scalars())
    if not {-1, 0, 4326} <= known:
        yield "gpkg_spatial_ref_sys"
    yield from _working_crs(connection)
    contents = connection.exec_driver_sql("SELECT table_name, data_type, srs_id FROM gpkg_contents").all()
    shaped = {name: (column, srs) for name, column, srs in connection.exec_driver_sql(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns"
    )}  # fmt: skip
    for name, kind, srs in contents:
        if name not in tables or (srs is not None and srs not in known):
            yield f"gpkg_contents {name}"
        elif kind == "features" and shaped.get(name, (None, None))[1] != srs:
            yield f"gpkg_geometry_columns {name}"
        elif kind == "features":
            yield from _blobs(connection, name, *shaped[name])


def _working_crs(connection: sql.Connection) -> Iterator[str]:
    """A working CRS that is not the one in which the shapes are: every figure would be measured in another."""
    asked = "SELECT key, value FROM app_meta WHERE key IN ('crs', 'srs_id')"
    told = {str(key): str(value) for key, value in connection.exec_driver_sql(asked)}
    try:
        number = str(srs_number(crs.parse(told.get("crs", ""))))
    except ChengzaiError:
        number = ""
    named = "SELECT DISTINCT srs_id FROM gpkg_contents WHERE data_type = 'features'"
    if {number, told.get("srs_id")} | {str(one) for one in connection.exec_driver_sql(named).scalars()} != {number}:
        yield f"app_meta crs {told.get('crs', '')[:60]}"


def _blobs(connection: sql.Connection, table: str, column: str, srs: int) -> Iterator[str]:
    """Geometries whose header is not the standard's, or names another CRS."""
    shape = '"' + column.replace('"', '""') + '"'
    place = '"' + table.replace('"', '""') + '"'
    sound = f"typeof({shape}) = 'blob' AND substr({shape}, 1, 3) = ? AND substr({shape}, 5, 4) = ?"
    asked = f"SELECT count(*) FROM {place} WHERE {shape} IS NOT NULL AND NOT ({sound})"  # noqa: S608
    wrong = connection.exec_driver_sql(asked, (b"GP\x00", srs.to_bytes(4, "little", signed=True))).scalar()
    if wrong:
        yield f"{table}.{column}: {wrong}"
