"""A workspace kept as one GeoPackage file that QGIS, ArcGIS and GDAL open as it is.

Only Python's `sqlite3` touches the file: another library that opens and closes it in this process would drop the
locks of a connection that is still writing. Every change is one transaction; a reader sees the state before or after.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from spatial import crs as crs_

from layers.catalogue import LAYERS
from layers.contract import Layer
from layers.errors import NotAWorkspace, Stale, WorkspaceExists, WorkspaceMissing
from layers.workspace import Workspace

SCHEMA_VERSION = 1
_APPLICATION_ID = 0x47504B47
_USER_VERSION = 10_300
_LOCAL_SRS = 100_000
_SQL_TYPES = {
    "text": "TEXT",
    "date": "TEXT",
    "list": "TEXT",
    "number": "REAL",
    "integer": "INTEGER",
    "boolean": "BOOLEAN",
}
_META = ("name", "name_en", "crs", "as_of", "note", "note_en")

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
CREATE TABLE app_meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""


def create(path: Path, workspace: Workspace) -> Workspace:
    """Write a new workspace file; it appears whole or not at all.

    Raises
    ------
    WorkspaceExists
        A file of that name is never overwritten.
    """
    if path.exists():
        raise WorkspaceExists(where=str(path), path=path.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    draft.unlink(missing_ok=True)
    try:
        with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {_USER_VERSION}")
            connection.executescript(_CORE)
            connection.execute("BEGIN IMMEDIATE")
            srs = _write_srs(connection, workspace.crs)
            meta = {key: getattr(workspace, key) for key in _META} | {
                "revision": "1",
                "schema_version": str(SCHEMA_VERSION),
            }
            connection.executemany("INSERT INTO app_meta VALUES (?, ?)", list(meta.items()))
            for name, layer in LAYERS.items():
                _write_table(connection, layer, workspace.table(name), srs)
            connection.execute("COMMIT")
        _flush(draft)
        os.link(draft, path)  # refuses to replace a file that appeared meanwhile
        _flush(path.parent)
    except FileExistsError as error:
        raise WorkspaceExists(where=str(path), path=path.name) from error
    finally:
        draft.unlink(missing_ok=True)
    return read(path)


def read(path: Path) -> Workspace:
    """The workspace that a file holds, at its present revision.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace
    """
    with _open(path, write=False) as connection:
        meta = dict(connection.execute("SELECT key, value FROM app_meta").fetchall())
        tables = {name: _read_table(connection, layer, meta["crs"]) for name, layer in LAYERS.items()}
    return Workspace(tables=tables, revision=int(meta["revision"]), **{key: meta.get(key, "") for key in _META})


def revision(path: Path) -> int:
    """The present revision of a file, without reading its tables."""
    with _open(path, write=False) as connection:
        return int(connection.execute("SELECT value FROM app_meta WHERE key = 'revision'").fetchone()[0])


def save(path: Path, tables: Mapping[str, pd.DataFrame], expected: int) -> int:
    """Replace some tables in one durable transaction.

    Parameters
    ----------
    tables
        Layer name to whole table.
    expected
        Revision that the change was made on.

    Returns
    -------
    int
        The revision that the change made.

    Raises
    ------
    Stale
        When somebody else was faster; nothing is written.
    """
    with _open(path, write=True) as connection:
        found = int(connection.execute("SELECT value FROM app_meta WHERE key = 'revision'").fetchone()[0])
        if found != expected:
            raise Stale(where=path.name, found=found, expected=expected)
        srs = int(connection.execute("SELECT value FROM app_meta WHERE key = 'srs_id'").fetchone()[0])
        for name, table in tables.items():
            _drop_table(connection, name)
            _write_table(connection, LAYERS[name], table, srs)
        connection.execute("UPDATE app_meta SET value = ? WHERE key = 'revision'", (str(found + 1),))
    return found + 1


@contextlib.contextmanager
def _open(path: Path, *, write: bool) -> Iterator[sqlite3.Connection]:
    if not path.is_file():
        raise WorkspaceMissing(where=str(path), path=path.name)
    connection = _connect(path)
    try:
        try:
            connection.execute("PRAGMA trusted_schema = OFF")
            if write:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute("PRAGMA synchronous = FULL")
                connection.execute("PRAGMA foreign_keys = ON")
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'app_meta'").fetchone():
                raise NotAWorkspace(where=str(path), path=path.name, reason="app_meta")
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        except sqlite3.DatabaseError as error:
            raise NotAWorkspace(where=str(path), path=path.name, reason=str(error)) from error
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.close()


def _connect(path: Path) -> sqlite3.Connection:
    """A connection; to a file in a folder that cannot be written to, one that writes nothing beside it either."""
    if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
        return sqlite3.connect(path, isolation_level=None, timeout=10)
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(address, uri=True, isolation_level=None, timeout=10)


def _write_srs(connection: sqlite3.Connection, text: str) -> int:
    crs = crs_.parse(text)
    code = crs.to_epsg(min_confidence=100)
    rows = [
        ("Undefined cartesian SRS", -1, "NONE", -1, "undefined", ""),
        ("Undefined geographic SRS", 0, "NONE", 0, "undefined", ""),
        ("WGS 84", 4326, "EPSG", 4326, crs_.parse("EPSG:4326").to_wkt("WKT1_GDAL"), ""),
    ]
    own = (
        crs.name,
        code or _LOCAL_SRS,
        "EPSG" if code else "NONE",
        code or _LOCAL_SRS,
        _wkt(crs),
        "working CRS",
    )
    connection.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", [*rows, own])
    connection.execute("INSERT INTO app_meta VALUES ('srs_id', ?)", (str(own[1]),))
    return int(own[1])


def _wkt(crs: CRS) -> str:
    try:
        return str(crs.to_wkt("WKT1_GDAL"))
    except CRSError:
        return str(crs.to_wkt())


def _drop_table(connection: sqlite3.Connection, name: str) -> None:
    connection.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = ?", (name,))
    connection.execute("DELETE FROM gpkg_contents WHERE table_name = ?", (name,))
    connection.execute(f"DROP TABLE IF EXISTS {_quoted(name)}")


def _write_table(connection: sqlite3.Connection, layer: Layer, table: pd.DataFrame, srs: int) -> None:
    names = [name for name in table.columns if name != "geometry"]
    declared = {column.name: _SQL_TYPES[column.kind] for column in layer.columns}
    types = [declared.get(name) or _extra_type(table[name]) for name in names]
    fields = [f"{_quoted(name)} {kind}" for name, kind in zip(names, types, strict=True)]
    if layer.geometry:
        fields.insert(0, f"geom {_geometry_type(layer)}")
    connection.execute(
        f"CREATE TABLE {_quoted(layer.name)} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {', '.join(fields)})"
    )
    values: list[Sequence[object]] = [_plain(table[name]) for name in names]
    bounds: tuple[float | None, ...] = (None, None, None, None)
    if layer.geometry:
        shapes = np.asarray(table["geometry"], dtype=object)
        values.insert(0, _blobs(shapes, srs, multi=layer.geometry == ("Polygon",)))
        present = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
        if len(present):
            bounds = tuple(float(side) for side in shapely.total_bounds(present))
    marks = ", ".join("?" * len(fields))
    columns = ", ".join((["geom"] if layer.geometry else []) + [_quoted(name) for name in names])
    if fields and len(table):
        insert = f"INSERT INTO {_quoted(layer.name)} ({columns}) VALUES ({marks})"  # noqa: S608 - names are quoted
        connection.executemany(insert, zip(*values, strict=True))
    kind = "features" if layer.geometry else "attributes"
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, kind, layer.zh, layer.row, now, *bounds, srs if layer.geometry else None),
    )
    if layer.geometry:
        row = (layer.name, "geom", _geometry_type(layer), srs, 0, 0)
        connection.execute("INSERT INTO gpkg_geometry_columns VALUES (?, ?, ?, ?, ?, ?)", row)


def _read_table(connection: sqlite3.Connection, layer: Layer, crs: str) -> pd.DataFrame:
    cursor = connection.execute(f"SELECT * FROM {_quoted(layer.name)} ORDER BY fid")  # noqa: S608
    names = [column[0] for column in cursor.description]
    data = dict(zip(names, zip(*cursor.fetchall(), strict=True), strict=False))
    kinds = {column.name: column.kind for column in layer.columns}
    frame: dict[str, object] = {}
    for name in names:
        if name == "fid":
            continue
        values = data.get(name, ())
        if name == "geom":
            frame["geometry"] = gpd.GeoSeries(_shapes(values), crs=crs)
        elif kinds.get(name) == "boolean":
            frame[name] = pd.array([None if value is None else bool(value) for value in values], dtype="boolean")
        else:
            frame[name] = pd.Series(list(values), dtype=None if values else "object")
    table = pd.DataFrame(frame)
    return layer.conform(gpd.GeoDataFrame(table, crs=crs) if layer.geometry else table, crs)


def _blobs(shapes: np.ndarray, srs: int, *, multi: bool) -> list[bytes | None]:
    """GeoPackage binary: a header with the box, then plain WKB."""
    if multi:
        shapes = np.array(
            [shapely.MultiPolygon([s]) if s is not None and s.geom_type == "Polygon" else s for s in shapes],
            dtype=object,
        )
    bodies = shapely.to_wkb(shapes, output_dimension=2, byte_order=1)
    boxes = shapely.bounds(shapes).astype("<f8")[:, [0, 2, 1, 3]]
    head = b"GP\x00\x03" + int(srs).to_bytes(4, "little", signed=True)
    return [None if body is None else head + box.tobytes() + body for body, box in zip(bodies, boxes, strict=True)]


def _shapes(blobs: tuple[bytes | None, ...]) -> np.ndarray:
    sizes = {0: 8, 1: 40, 2: 56, 3: 56, 4: 72}
    bodies = [None if blob is None else blob[sizes[(blob[3] >> 1) & 7] :] for blob in blobs]
    shapes = shapely.from_wkb(np.array(bodies, dtype=object)) if bodies else np.empty(0, dtype=object)
    single = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)


def _plain(values: pd.Series) -> list[object]:
    """Values as SQLite takes them: Python numbers and text, None for every kind of missing."""
    kept = values.astype(object).where(values.notna(), None)
    return [value.item() if isinstance(value, np.generic) else value for value in kept]


def _extra_type(values: pd.Series) -> str:
    if pd.api.types.is_bool_dtype(values):
        return "BOOLEAN"
    if pd.api.types.is_integer_dtype(values):
        return "INTEGER"
    return "REAL" if pd.api.types.is_float_dtype(values) else "TEXT"


def _geometry_type(layer: Layer) -> str:
    if layer.geometry == ("Polygon",):
        return "MULTIPOLYGON"
    return "POINT" if layer.geometry == ("Point",) else "GEOMETRY"


def _quoted(name: str) -> str:
    """A name as an SQL identifier; extra columns carry whatever their file called them."""
    return '"' + name.replace('"', '""').replace("\x00", "") + '"'


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
