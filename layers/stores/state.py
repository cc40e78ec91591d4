"""Rows of the layers' own tables: how a row becomes one of the database's, and a table a frame again."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sql

from layers.bulk import Bulk
from layers.catalogue import LAYERS
from layers.changes import Row, RowChange
from layers.contract import DTYPES, Kind
from layers.rows import canonical
from layers.stores import texts
from layers.stores.blobs import packed, unpacked
from layers.stores.errors import StoreDamaged
from layers.stores.schema import STATE, geometry_type

Columns = Mapping[str, Sequence[Any]]
"""Values of several lines, by column."""

_MANY = 500
"""Keys in one question to the database."""
_MOST = 20 * _MANY
"""Keys above which all rows are read instead."""
_QUESTIONS: dict[tuple[str, str], str] = {}


def table(connection: sql.Connection, layer: str, crs: str) -> pd.DataFrame:
    """The rows of a layer as a table in the types of its contract."""
    contract = LAYERS[layer]
    kinds = {column.name: column.kind for column in contract.columns}
    wanted = _wanted(layer)
    # straight from the driver: a row object for each of 100,000 rows would take as long as all the rest
    with _undisturbed():
        lines = connection.exec_driver_sql(_question(connection, layer)).cursor.fetchall()
        if not lines:
            return contract.empty(crs)
        columns = dict(zip(wanted, zip(*lines, strict=True), strict=True))
        del lines
        data: dict[str, Any] = {name: _column(columns[name], kinds[name]) for name in contract.names}
    data |= _more(columns["extra"])
    found = pd.DataFrame(data)
    if not contract.geometry:
        return found
    try:
        shapes = unpacked(columns["geom"])
    except (shapely.errors.ShapelyError, KeyError, IndexError) as error:
        raise StoreDamaged(where=layer, reason=f"{layer}.geom: {error}") from error
    return gpd.GeoDataFrame(found, geometry=gpd.GeoSeries(shapes, crs=crs))


def _wanted(layer: str) -> list[str]:
    contract = LAYERS[layer]
    return [*contract.names, "extra", *(["geom"] if contract.geometry else [])]


def _question(connection: sql.Connection, layer: str) -> str:
    """The question for every row of a layer, put together once for each kind of database."""
    known = (connection.dialect.name, layer)
    if known not in _QUESTIONS:
        every = sql.select(*(STATE[layer].c[name] for name in _wanted(layer))).order_by(STATE[layer].c.fid)
        _QUESTIONS[known] = str(every.compile(connection))
    return _QUESTIONS[known]


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Nothing is swept up meanwhile: to look through millions of fresh values takes a quarter of the time."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


def _column(values: Sequence[Any], kind: Kind) -> pd.Series:
    if kind == "number":
        return pd.Series(np.array(values, dtype=float))
    if kind == "boolean":
        values = [None if value is None else bool(value) for value in values]
    return pd.Series(list(values), dtype=DTYPES[kind])


def _more(extra: Sequence[str | None]) -> dict[str, pd.Series]:
    """Columns that the contract does not know, from the text in which each row keeps them."""
    if not any(extra):
        return {}
    try:
        rows: list[dict[str, Any]] = [json.loads(text) if text else {} for text in extra]
    except ValueError as error:
        raise StoreDamaged(where="extra", reason=f"extra: {error}") from error
    names = dict.fromkeys(name for one in rows for name in one)
    return {name: _typed([one.get(name) for one in rows]) for name in names}


def _typed(values: list[Any]) -> pd.Series:
    """Whole numbers stay whole where some are missing."""
    whole = all(value is None or (type(value) is int and abs(value) < 2**63) for value in values)
    return pd.Series(values, dtype="Int64" if whole else None)


def revisions(connection: sql.Connection, layer: str, keys: Sequence[str]) -> dict[str, int]:
    """The event that changed each row last, of those rows that are there."""
    table_ = STATE[layer]
    key = table_.c[LAYERS[layer].key]
    if len(keys) > _MOST:
        wanted = set(keys)
        every = str(sql.select(key, table_.c.rev).compile(connection))
        lines = connection.exec_driver_sql(every).cursor.fetchall()
        return {str(one): int(rev) for one, rev in lines if one in wanted}
    found: dict[str, int] = {}
    for start in range(0, len(keys), _MANY):
        some = sql.select(key, table_.c.rev).where(key.in_(keys[start : start + _MANY]))
        found.update((str(one), int(rev)) for one, rev in connection.execute(some))
    return found


def write(connection: sql.Connection, layer: str, changes: Sequence[RowChange], rev: int, srs: int) -> None:
    """Put rows of one layer from before to after.

    Raises
    ------
    StoreDamaged
        When a row that should be there is not; the transaction must not be kept.
    """
    table_ = STATE[layer]
    if isinstance(changes, Bulk):
        if changes.comes:
            many(connection, sql.insert(table_), _new(layer, changes, rev, srs))
        else:
            _delete(connection, layer, changes.keys)
        return
    gone = [change.key for change in changes if change.after is None]
    new = [change.after for change in changes if change.before is None and change.after is not None]
    kept = [change for change in changes if change.before is not None and change.after is not None]
    if gone:
        _delete(connection, layer, gone)
    drawn = [change for change in kept if "geometry" in change.fields]
    plain = [change for change in kept if "geometry" not in change.fields]
    for some, shaped in ((drawn, True), (plain, False)):
        if some:
            every = [column.name for column in LAYERS[layer].columns]
            values = _values(layer, [change.after or {} for change in some], every, rev, srs, shaped=shaped)
            del values[LAYERS[layer].key]
            marks: dict[str, Any] = {name: sql.bindparam(f"new_{name}") for name in values}
            order = sql.update(table_).where(table_.c[LAYERS[layer].key] == sql.bindparam("at")).values(marks)
            lines = {f"new_{name}": column for name, column in values.items()} | {"at": [one.key for one in some]}
            _all(many(connection, order, lines), len(some), layer)
    if new:
        names = dict.fromkeys(name for row in new for name in row)
        values = _values(layer, new, [name for name in LAYERS[layer].names if name in names], rev, srs, shaped=True)
        many(connection, sql.insert(table_), values)


def many(connection: sql.Connection, order: sql.Insert | sql.Update | sql.Delete, lines: Columns) -> int:
    """Run an order for every line, straight through the driver; answers with the rows that it found.

    Parameters
    ----------
    lines
        By the name of a column, or of a mark of the order: as many values as there are lines.
    """
    keys = list(lines) if isinstance(order, sql.Insert) else None
    compiled = order.compile(dialect=connection.dialect, column_keys=keys)
    # parameters by name for each of 100,000 lines would take as long as the database itself
    ready = list(zip(*(lines[name] for name in compiled.positiontup or ()), strict=True))
    return connection.exec_driver_sql(str(compiled), ready).rowcount if ready else 0


def _delete(connection: sql.Connection, layer: str, keys: Sequence[str]) -> None:
    order = sql.delete(STATE[layer]).where(STATE[layer].c[LAYERS[layer].key] == sql.bindparam("at"))
    _all(many(connection, order, {"at": keys}), len(keys), layer)


def _all(found: int, wanted: int, layer: str) -> None:
    if found != wanted:
        raise StoreDamaged(where=layer, reason=f"{layer}: {found} ≠ {wanted}")


def _new(layer: str, rows: Bulk, rev: int, srs: int) -> Columns:
    """Columns of rows that come; one in which no row has anything is left to the database."""
    contract = LAYERS[layer]
    found: dict[str, Sequence[Any]] = {name: rows.columns[name] for name in contract.names if name in rows.columns}
    more = {name: values for name, values in rows.columns.items() if name not in found}
    if more:
        found["extra"] = [None if text == "{}" else text for text in texts.of_columns(more, len(rows))]
    if rows.shapes is not None and contract.geometry:
        found["geom"] = packed(rows.shapes, srs, multi=geometry_type(contract) == "MULTIPOLYGON", wkb=rows.wkb)
    return found | {"rev": [rev] * len(rows)}


def _values(
    layer: str, rows: Sequence[Row], names: Sequence[str], rev: int, srs: int, *, shaped: bool
) -> dict[str, Sequence[Any]]:
    contract = LAYERS[layer]
    found: dict[str, Sequence[Any]] = {name: [row.get(name) for row in rows] for name in names}
    known = {*contract.names, "geometry"}
    more = ({name: value for name, value in row.items() if name not in known} for row in rows)
    found |= {"extra": [canonical(one) if one else None for one in more], "rev": [rev] * len(rows)}
    if contract.geometry and shaped:
        shapes = np.array([*(row.get("geometry") for row in rows), None], dtype=object)[:-1]
        found["geom"] = packed(shapes, srs, multi=geometry_type(contract) == "MULTIPOLYGON")
    return found
