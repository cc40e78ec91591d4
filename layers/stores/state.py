"""Rows of the layers' own tables: how a row becomes one of the database's, and a table a frame again."""

from __future__ import annotations

import contextlib
import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sql

from layers.catalogue import LAYERS
from layers.changes import Row, RowChange
from layers.contract import DTYPES, Kind
from layers.rows import canonical
from layers.stores.blobs import packed, unpacked
from layers.stores.errors import StoreDamaged
from layers.stores.schema import STATE, geometry_type

_MANY = 500
"""Keys in one question to the database."""


def table(connection: sql.Connection, layer: str, crs: str) -> pd.DataFrame:
    """The rows of a layer as a table in the types of its contract."""
    contract = LAYERS[layer]
    kinds = {column.name: column.kind for column in contract.columns}
    wanted = [*contract.names, "extra", *(["geom"] if contract.geometry else [])]
    order = sql.select(*(STATE[layer].c[name] for name in wanted)).order_by(STATE[layer].c.fid)
    # straight from the driver: a row object for each of 100,000 rows would take as long as all the rest
    with _undisturbed():
        lines = connection.exec_driver_sql(str(order.compile(connection))).cursor.fetchall()
        columns = dict(zip(wanted, zip(*lines, strict=True) if lines else [()] * len(wanted), strict=True))
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
    found: dict[str, int] = {}
    for start in range(0, len(keys), _MANY):
        wanted = sql.select(key, table_.c.rev).where(key.in_(keys[start : start + _MANY]))
        found.update((str(one), int(rev)) for one, rev in connection.execute(wanted))
    return found


def write(connection: sql.Connection, layer: str, changes: Iterable[RowChange], rev: int, srs: int) -> None:
    """Put rows of one layer from before to after.

    Raises
    ------
    StoreDamaged
        When a row that should be there is not; the transaction must not be kept.
    """
    table_ = STATE[layer]
    key = table_.c[LAYERS[layer].key]
    every = list(changes)
    gone = [change.key for change in every if change.after is None]
    new = [change for change in every if change.before is None]
    kept = [change for change in every if change.before is not None and change.after is not None]
    if gone:
        found = connection.execute(
            sql.delete(table_).where(key == sql.bindparam("at")), [{"at": one} for one in gone]
        )
        _all(found.rowcount, len(gone), layer)
    drawn = [change for change in kept if "geometry" in change.fields]
    plain = [change for change in kept if "geometry" not in change.fields]
    for some, shaped in ((drawn, True), (plain, False)):
        if some:
            values = _values(layer, some, rev, srs, shaped=shaped)
            names = [name for name in values[0] if name != LAYERS[layer].key]
            marks: dict[str, Any] = {name: sql.bindparam(f"new_{name}") for name in names}
            order = sql.update(table_).where(key == sql.bindparam("at")).values(marks)
            lines = [
                {"at": change.key} | {f"new_{name}": line[name] for name in names}
                for change, line in zip(some, values, strict=True)
            ]
            _all(connection.execute(order, lines).rowcount, len(some), layer)
    if new:
        connection.execute(sql.insert(table_), _values(layer, new, rev, srs, shaped=True))


def _all(found: int, wanted: int, layer: str) -> None:
    if found != wanted:
        raise StoreDamaged(where=layer, reason=f"{layer}: {found} ≠ {wanted}")


def _values(layer: str, changes: Sequence[RowChange], rev: int, srs: int, *, shaped: bool) -> list[dict[str, Any]]:
    contract = LAYERS[layer]
    names = [column.name for column in contract.columns]
    known = {*names, "geometry"}
    rows: list[Row] = [change.after or {} for change in changes]
    lines = []
    for one in rows:
        line: dict[str, Any] = {name: one.get(name) for name in names}
        more = {name: value for name, value in one.items() if name not in known}
        line["extra"] = canonical(more) if more else None
        line["rev"] = rev
        lines.append(line)
    if contract.geometry and shaped:
        shapes = np.array([*(one.get("geometry") for one in rows), None], dtype=object)[:-1]
        multi = geometry_type(contract) == "MULTIPOLYGON"
        for line, blob in zip(lines, packed(shapes, srs, multi=multi), strict=True):
            line["geom"] = blob
    return lines
