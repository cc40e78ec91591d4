"""The tables of a store, in SQL that every store understands.

A layer is one table of its own, so that QGIS and ArcGIS show it; the rows of the branch `main` stand there. What a
branch has otherwise stands in `scenario_row`. `event` only ever grows.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sql
from sqlalchemy.dialects import sqlite

from layers.catalogue import LAYERS
from layers.contract import Column, Layer

VERSION = 3
"""Version of these tables; `layers.stores.migrations` leads from each older one."""

METADATA = sql.MetaData()

_TYPES: dict[str, type[sql.types.TypeEngine[Any]]] = {
    "text": sql.Text,
    "date": sql.Text,
    "list": sql.Text,
    "number": sql.Double,
    "integer": sql.Integer,
    "boolean": sql.Boolean,
}
_STORED = {
    "text": "= 'text'",
    "date": "= 'text'",
    "list": "= 'text'",
    "number": "IN ('real','integer')",
    "integer": "= 'integer'",
    "boolean": "= 'integer'",
}
_LARGEST = 1e300
"""Beyond it lie only infinities: a number column holds finite numbers."""


class _Geometry(sql.types.UserDefinedType[bytes]):
    """A column of geometries; the name of its type is what a GeoPackage wants to read there."""

    cache_ok = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def get_col_spec(self, **_: object) -> str:
        return self.kind


GEOMETRY = {kind: _Geometry(kind) for kind in ("MULTIPOLYGON", "POINT", "GEOMETRY")}


def _geometry(layer: Layer) -> str:
    if layer.geometry == ("Polygon",):
        return "MULTIPOLYGON"
    return "POINT" if layer.geometry == ("Point",) else "GEOMETRY"


def geometry_type(layer: Layer) -> str:
    """The geometry type that a layer's table declares."""
    return _geometry(layer)


def _column(column: Column, key: bool) -> list[sql.Column[Any] | sql.CheckConstraint]:
    must = key or column.required
    made = sql.Column(column.name, _TYPES[column.kind](), nullable=not must, unique=key)
    found: list[sql.Column[Any] | sql.CheckConstraint] = [made]
    name = column.name
    holds = f'typeof("{name}") {_STORED[column.kind]}'
    if not must:  # said first, so that a missing value costs nothing: most values of most rows are missing
        holds = f'"{name}" IS NULL OR {holds}'
    found.append(sql.CheckConstraint(holds).ddl_if(dialect="sqlite"))
    if column.kind in ("number", "integer"):
        low = -_LARGEST if column.minimum is None else column.minimum
        high = _LARGEST if column.maximum is None else column.maximum
        within = f'"{name}" BETWEEN {low!r} AND {high!r}'
        found.append(sql.CheckConstraint(within if must else f'"{name}" IS NULL OR {within}'))
    return found


def missing(layer: Layer, there: set[str]) -> list[str]:
    """SQL that gives a SQLite table of a layer the columns of its contract that it does not have yet.

    A column that has to hold something cannot come later: rows that are there have nothing in it.
    """
    dialect = sqlite.dialect()
    orders = []
    for column in layer.columns:
        if column.name not in there:
            made, *checks = _column(column, key=False)
            rules = " ".join(f"CHECK ({check.sqltext})" for check in checks if isinstance(check, sql.CheckConstraint))
            kind = made.type.compile(dialect) if isinstance(made, sql.Column) else ""
            orders.append(f'ALTER TABLE "{layer.name}" ADD COLUMN "{column.name}" {kind} {rules}')
    return orders


def _layer(layer: Layer) -> sql.Table:
    parts: list[sql.Column[Any] | sql.CheckConstraint] = [
        sql.Column("fid", sql.Integer, primary_key=True, autoincrement=True, nullable=False)
    ]
    if layer.geometry:
        parts.append(sql.Column("geom", GEOMETRY[_geometry(layer)]))
    for column in layer.columns:
        parts += _column(column, column.name == layer.key)
    parts += [sql.Column("extra", sql.Text), sql.Column("rev", sql.Integer, nullable=False)]
    return sql.Table(layer.name, METADATA, *parts, sqlite_autoincrement=True)


STATE: dict[str, sql.Table] = {name: _layer(layer) for name, layer in LAYERS.items()}
"""The tables of the layers."""

META = sql.Table(
    "app_meta",
    METADATA,
    sql.Column("key", sql.Text, primary_key=True, nullable=False),
    sql.Column("value", sql.Text, nullable=False),
    sqlite_strict=True,
)

SCENARIO = sql.Table(
    "scenario",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True, nullable=False),
    sql.Column("name", sql.Text, nullable=False, unique=True),
    sql.Column("parent", sql.Integer, sql.ForeignKey("scenario.id")),
    sql.Column("forked_at", sql.Integer, nullable=False),
    sql.Column("head", sql.Integer, nullable=False),
    sql.Column("locked", sql.Integer, nullable=False),
    sql.Column("made_by", sql.Text, nullable=False),
    sql.Column("made_at", sql.Text, nullable=False),
    sql.Column("note", sql.Text, nullable=False),
    sqlite_strict=True,
)

SCENARIO_ROW = sql.Table(
    "scenario_row",
    METADATA,
    sql.Column("id", sql.Integer, primary_key=True, nullable=False),
    sql.Column("scenario", sql.Integer, sql.ForeignKey("scenario.id"), nullable=False),
    sql.Column("layer", sql.Text, nullable=False),
    sql.Column("key", sql.Text, nullable=False),
    sql.Column("rev", sql.Integer, nullable=False),
    sql.Column("row", sql.Text),
    sql.UniqueConstraint("scenario", "layer", "key"),
    sqlite_strict=True,
)
"""Rows in which a branch differs from the one that it started from; no `row` where it has none of that key."""

EVENT = sql.Table(
    "event",
    METADATA,
    sql.Column("seq", sql.Integer, primary_key=True, nullable=False),
    sql.Column("op_id", sql.Text, nullable=False, unique=True),
    sql.Column("at", sql.Text, nullable=False),
    sql.Column("actor", sql.Text, nullable=False),
    sql.Column("role", sql.Text, nullable=False),
    sql.Column("scenario", sql.Integer, sql.ForeignKey("scenario.id"), nullable=False),
    sql.Column("kind", sql.Text, nullable=False),
    sql.Column("facts", sql.Text, nullable=False),
    sql.Column("changes", sql.LargeBinary, nullable=False),
    sql.Column("parent_op", sql.Text, index=True),
    sql.Column("undoes", sql.Text, index=True),
    sql.Column("prev_hash", sql.Text, nullable=False),
    sql.Column("hash", sql.Text, nullable=False),
    sql.Index("ix_event_actor", "scenario", "actor"),
    sqlite_strict=True,
)
"""Every gesture. `changes` is the canonical JSON of its rows before and after, compressed."""

EVENT_ROW = sql.Table(
    "event_row",
    METADATA,
    sql.Column("key", sql.Text, primary_key=True, nullable=False),
    sql.Column("layer", sql.Text, primary_key=True, nullable=False),
    sql.Column("scenario", sql.Integer, primary_key=True, nullable=False),
    sql.Column("seq", sql.Integer, sql.ForeignKey("event.seq"), primary_key=True, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
"""Which events changed a row: the history of a parcel, and whether a key was ever used."""

JOINED = sql.Table(
    "joined",
    METADATA,
    sql.Column("seq", sql.Integer, sql.ForeignKey("event.seq"), primary_key=True, nullable=False),
    sql.Column("source", sql.Integer, sql.ForeignKey("scenario.id"), nullable=False),
    sql.Column("source_seq", sql.Integer, nullable=False),
    sql.Column("target", sql.Integer, sql.ForeignKey("scenario.id"), nullable=False),
    sqlite_strict=True,
)

PERSON = sql.Table(
    "person",
    METADATA,
    sql.Column("name", sql.Text, primary_key=True, nullable=False),
    sql.Column("role", sql.Text, nullable=False),
    sql.Column("display", sql.Text, nullable=False),
    sql.Column("secret", sql.Text, nullable=False),
    sql.Column("code", sql.Text, nullable=False),
    sql.Column("failed", sql.Integer, nullable=False),
    sql.Column("wait_until", sql.Text, nullable=False),
    sql.Column("disabled", sql.Integer, nullable=False),
    sql.Column("made_at", sql.Text, nullable=False),
    sql.CheckConstraint("role IN ('viewer', 'planner', 'gis', 'admin')"),
    sqlite_strict=True,
)

BLOB = sql.Table(
    "blob",
    METADATA,
    sql.Column("sha256", sql.Text, primary_key=True, nullable=False),
    sql.Column("size_bytes", sql.Integer, nullable=False),
    sql.Column("content", sql.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Attached documents, each once, by its hash."""

for _table in (EVENT, EVENT_ROW, JOINED, BLOB):
    for _act in ("UPDATE", "DELETE"):
        sql.event.listen(
            _table,
            "after_create",
            sql.DDL(  # type: ignore[no-untyped-call]
                f"CREATE TRIGGER {_table.name}_no_{_act.lower()} BEFORE {_act} ON {_table.name} "
                f"BEGIN SELECT RAISE(ABORT, '{_table.name} only grows'); END"
            ).execute_if(dialect="sqlite"),
        )
