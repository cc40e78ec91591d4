"""A new file: the tables that make it a GeoPackage, ours beside them, and what its first transaction writes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sql
from pyproj import CRS
from pyproj.exceptions import CRSError
from spatial import crs as crs_

from layers.bulk import Parts, bulk, shapes_after
from layers.catalogue import LAYERS
from layers.changes import RowChange
from layers.rows import added, rows
from layers.stores import disk, gestures, sqlite
from layers.stores.contract import MAIN, Event, Scenario, StoreFacts
from layers.stores.kept import Kept
from layers.stores.schema import METADATA, VERSION, geometry_type, missing
from layers.stores.sql_writing import SqlWriting
from layers.workspace import Workspace

APPLICATION_ID = 0x47504B47
USER_VERSION = 10_300
_LOCAL_SRS = 100_000

Done = TypeVar("Done")

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


def fill(draft: Path, facts: StoreFacts, write: Callable[[SqlWriting], None]) -> None:
    """Make a file that nobody else knows yet, and have it on the disk.

    Parameters
    ----------
    write
        What its first transaction holds.
    """
    with contextlib.closing(sqlite.connect(draft)) as raw:
        raw.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        raw.execute(f"PRAGMA user_version = {USER_VERSION}")
        raw.execute("PRAGMA journal_mode = WAL")
        raw.executescript(_CORE)
    engine = sqlite.engine(draft)
    touched = Touched()
    try:
        with engine.connect() as connection, connection.execution_options(writes=True).begin():
            METADATA.create_all(connection)
            srs = _put_srs(connection, facts.crs)
            _put_contents(connection, srs, LAYERS)
            tx = SqlWriting(connection, Kept(), srs, touched)
            tx.put_meta(schema_version=VERSION, srs_id=srs, store=uuid4().hex, **facts.told())
            write(tx)
            touched.tell(connection)
    finally:
        engine.dispose()
    disk.flush(draft)


def amend(draft: Path, write: Callable[[SqlWriting], Done]) -> Done:
    """One more transaction of a file that nobody else knows yet; the file is in one piece and on the disk then."""
    engine = sqlite.engine(draft)
    touched = Touched()
    try:
        with engine.connect() as connection, connection.execution_options(writes=True).begin():
            srs = int(SqlWriting(connection, Kept(), 0).meta("srs_id"))
            done = write(SqlWriting(connection, Kept(), srs, touched))
            touched.tell(connection)
    finally:
        engine.dispose()
    sqlite.seal(draft)
    return done


def gain(draft: Path) -> None:
    """Give a file of an older version that nobody else knows the layers and columns that came since."""
    engine = sqlite.engine(draft)
    try:
        with engine.connect() as connection, connection.execution_options(writes=True).begin():
            there = set(connection.exec_driver_sql("SELECT table_name FROM gpkg_contents").scalars())
            METADATA.create_all(connection)
            for name in there & LAYERS.keys():
                columns = connection.exec_driver_sql(f'PRAGMA table_info("{name}")').mappings()
                for order in missing(LAYERS[name], {str(column["name"]) for column in columns}):
                    connection.exec_driver_sql(order)
            tx = SqlWriting(connection, Kept(), 0)
            _put_contents(connection, int(tx.meta("srs_id")), LAYERS.keys() - there)
            tx.put_meta(schema_version=VERSION)
    finally:
        engine.dispose()
    sqlite.seal(draft)


@dataclass(frozen=True)
class First:
    """The first transaction of a store that begins with a workspace: one gesture that makes every row."""

    workspace: Workspace
    actor: str = ""
    facts: Mapping[str, str | int] | None = None

    def __call__(self, tx: SqlWriting) -> None:
        """Write the branch `main` and everything in it."""
        tx.put_scenario(MAIN, Scenario(MAIN, made_by=self.actor))
        every = Parts(tuple(_made(name, self.workspace.table(name)) for name in LAYERS))
        counts = {name: len(self.workspace.table(name)) for name in LAYERS if len(self.workspace.table(name))}
        known = {**counts, **(self.facts or {})}
        gestures.append(tx, Event(0, uuid4().hex, "", self.actor, "admin", MAIN, "create", known, every))


def _made(layer: str, table: pd.DataFrame) -> Sequence[RowChange]:
    """Every row of a table as one that comes."""
    return bulk(layer, table) or [added(layer, row) for row in rows(table)]


class Touched:
    """What a transaction changed in the layers' own tables, for the standard's table of contents."""

    def __init__(self) -> None:
        self._boxes: dict[str, list[np.ndarray]] = {}

    def __call__(self, layer: str, changes: Sequence[RowChange]) -> None:
        """Remember rows that change."""
        boxes, shapes = self._boxes.setdefault(layer, []), shapes_after(changes)
        if len(shapes) and not np.isnan(box := shapely.total_bounds(shapes)).any():
            boxes.append(box)

    def tell(self, connection: sql.Connection) -> None:
        """When a layer changed last, and the box that it lies in; the box only grows."""
        for name, boxes in self._boxes.items():
            drawn = np.array(boxes)
            grown = (
                "min_x = min(coalesce(min_x, ?), ?), min_y = min(coalesce(min_y, ?), ?), "
                "max_x = max(coalesce(max_x, ?), ?), max_y = max(coalesce(max_y, ?), ?), "
            )
            box = [*drawn[:, :2].min(axis=0), *drawn[:, 2:].max(axis=0)] if len(drawn) else []
            values = [float(side) for side in box for _ in range(2)]
            connection.exec_driver_sql(
                f"UPDATE gpkg_contents SET {grown if values else ''}last_change = ? WHERE table_name = ?",  # noqa: S608
                (*values, _moment(), name),
            )


def srs_number(crs: CRS) -> int:
    """The number under which a file knows its working CRS."""
    return int(crs.to_epsg(min_confidence=100) or _LOCAL_SRS)


def _put_srs(connection: sql.Connection, text: str) -> int:
    crs = crs_.parse(text)
    number = srs_number(crs)
    rows_ = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", ""),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", ""),
        ("WGS 84", 4326, "EPSG", 4326, crs_.parse("EPSG:4326").to_wkt("WKT1_GDAL"), ""),
        (crs.name, number, "NONE" if number == _LOCAL_SRS else "EPSG", number, _wkt(crs), "working CRS"),
    ]
    connection.exec_driver_sql("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", rows_)
    return number


def _wkt(crs: CRS) -> str:
    try:
        return str(crs.to_wkt("WKT1_GDAL"))
    except CRSError:
        return str(crs.to_wkt())


def _put_contents(connection: sql.Connection, srs: int, names: Collection[str]) -> None:
    for name, layer in LAYERS.items():
        if name not in names:
            continue
        kind = "features" if layer.geometry else "attributes"
        line = (name, kind, layer.zh, layer.row, _moment(), *(None,) * 4, srs if layer.geometry else None)
        connection.exec_driver_sql("INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", line)
        if layer.geometry:
            connection.exec_driver_sql(
                "INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)",
                (name, "geom", geometry_type(layer), srs, 0, 0),
            )


def _moment() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
