"""Shapefiles that open everywhere: published field names, set widths, true dates, .cpg, a .prj that reads back."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from layers.contract import Column
from layers.field_names import field_type, shapefile_names
from layers.writers import arrow, losses, plain, verify
from layers.writers.draft import FAMILIES, Draft, families, of_kind
from layers.writers.errors import TooLarge, TooManyColumns
from layers.writers.looks import look
from layers.writers.losses import Loss
from layers.writers.reopening import opened
from layers.writers.styles import Styled
from layers.writers.systems import written

ENCODINGS = {"utf-8": "UTF-8", "gbk": "GBK", "gb18030": "GB18030"}
NOTES = "_字段说明.csv"
_MOST_DECIMALS = 6
"""Decimals up to which a number is kept as it is; beyond them a field with a set width rounds to its own."""
_MOST_DIGITS, _FINEST = 17, 15
MOST_BYTES, MOST_FIELDS = 2**31 - 2**20, 255
_NARROW = 10**9


def write(draft: Draft) -> list[Loss]:
    """One shapefile for each kind of geometry, with field notes and styles beside it."""
    assert draft.shapes is not None  # noqa: S101  refused before
    names = shapefile_names(draft.made.layer, [column.name for column in draft.columns])
    table, lost = _records(draft, names)
    files = families(draft.shapes)
    _fits(draft, table, files)
    draft.tell("writing")
    for kind, rows in files.items():
        path = draft.path if len(files) == 1 else draft.path.with_name(f"{draft.path.stem}_{kind}.shp")
        shapes, part = draft.shapes[rows], table.filter(pa.array(rows))
        several = bool(of_kind(shapes, (FAMILIES[kind][1],)).any())
        arrow.write(
            path, part, shapes, written(draft.crs), driver="ESRI Shapefile", encoding=ENCODINGS[draft.encoding],
            tell=draft.tell, geometry_type=FAMILIES[kind][1 if several and kind == "point" else 0],
        )  # fmt: skip
        path.with_suffix(".cpg").write_text(ENCODINGS[draft.encoding], encoding="ascii")
        plain.write_field_notes(path.with_name(f"{path.stem}{NOTES}"), draft.columns, names)
        style = Styled(look(draft.made), kind, draft.columns, names, draft.made.layer)
        path.with_suffix(".qml").write_text(style.qml(), encoding="utf-8")
        path.with_suffix(".sld").write_text(style.sld(), encoding="utf-8")
    draft.tell("checking")
    for kind, rows in files.items():
        path = draft.path if len(files) == 1 else draft.path.with_name(f"{draft.path.stem}_{kind}.shp")
        found = opened(draft, "ESRI Shapefile", path=path, encoding=ENCODINGS[draft.encoding])
        shapes = draft.shapes[rows]
        verify.same(path.name, found, table.filter(pa.array(rows)), shapes=shapes, crs=written(draft.crs))
    return lost


def _fits(draft: Draft, table: pa.Table, files: dict[str, np.ndarray]) -> None:
    """Refuse, before anything is written, what no shapefile can hold: 255 fields, and files below 2 GB.

    Raises
    ------
    TooLarge, TooManyColumns
    """
    if table.num_columns > MOST_FIELDS:
        raise TooManyColumns(where=draft.path.name, format="shp", most=MOST_FIELDS, count=table.num_columns)
    assert draft.shapes is not None  # noqa: S101
    record = 1 + sum(_width(field) for field in table.schema)
    for rows in files.values():
        shapes = draft.shapes[rows]
        rings = shapely.get_num_coordinates(shapes).sum() * 16 + shapely.get_num_geometries(shapes).sum() * 8
        inner = shapely.get_num_interior_rings(shapely.get_parts(shapes)).sum() * 4
        if max(record * len(shapes), int(rings + inner) + 56 * len(shapes)) > MOST_BYTES:
            raise TooLarge(where=draft.path.name, format="shp")


def _width(field: pa.Field) -> int:
    """Bytes of a field in a record: as it is set, or as GDAL sets it for its type."""
    said = (field.metadata or {}).get(arrow.WIDTH.encode())
    if said is not None:
        return int(said)
    if pa.types.is_decimal(field.type):
        return int(field.type.precision) + 2
    return 24 if pa.types.is_floating(field.type) else 8 if pa.types.is_date(field.type) else 18


def _records(draft: Draft, names: dict[str, str]) -> tuple[pa.Table, list[Loss]]:
    """The records as a .dbf file can hold them, and what that costs."""
    frame, lost = draft.made.frame, []
    arrays, fields = [], []
    for column in draft.columns:
        values = frame[column.name]
        if column.kind in ("text", "list"):
            values, said = losses.for_shapefile(values, column.name, draft.encoding)
            array = arrow.as_array(values, column.kind)
            width = {arrow.WIDTH: str(_text_width(array, column, draft.encoding))}
            said += _blank(draft.made.frame[column.name], column.name)
        elif column.kind == "number":
            values, said = losses.numbers_for_shapefile(values, column.name)
            array, rounded = _number(values, column)
            width, said = {}, said + rounded
        elif column.kind == "integer":
            values, said = losses.numbers_for_shapefile(values, column.name)
            array = arrow.as_array(values, column.kind)
            width = {arrow.WIDTH: "9"} if not bool((values.abs() >= _NARROW).any()) else {}
        else:
            said, width, array = [], {}, arrow.as_array(values, column.kind)
        if column.kind not in ("text", "list"):
            said = [*said, *losses.missing(values, column.name, "null_may_read_0")]
        arrays.append(array)
        fields.append(pa.field(names[column.name], array.type, metadata=width))
        lost += said
    return pa.table(arrays, schema=pa.schema(fields)), lost


def _blank(values: pd.Series, column: str) -> list[Loss]:
    """Where a missing text and an empty one both occur, the file no longer tells them apart."""
    empty = int((values == "").sum())
    return [Loss(column, "null_reads_blank", empty)] if empty and values.isna().any() else []


def _text_width(array: pa.Array, column: Column, encoding: str) -> int:
    """Bytes of a text field: as set, or more where the data need more."""
    set_to = int(re.sub(r"\D", "", field_type(column)) or 1)
    texts = array.unique().drop_null().to_pylist()
    return max([set_to, *(len(text.encode(encoding)) for text in texts)])


def _number(values: pd.Series, column: Column) -> tuple[pa.Array, list[Loss]]:
    """Numbers with as few decimals as keep them; where none do, they are rounded as the field says."""
    plain_ = values.to_numpy(dtype=float, na_value=np.nan)
    known = plain_[~np.isnan(plain_)]
    found = re.fullmatch(r"N(\d+)\.(\d+)", field_type(column))
    if found is None:
        return _every_digit(plain_, column.name)
    width, decimals = int(found[1]), int(found[2])
    whole = len(f"{np.abs(known).max():.0f}") if len(known) else 1
    room = max(0, _MOST_DIGITS - whole)
    kept = next((d for d in range(decimals, _MOST_DECIMALS + 1) if d <= room and _keeps(known, d)), None)
    lost = []
    if kept is None:
        kept = min(decimals, room)
        off = int((_rounded(known, kept) != known).sum())
        lost = [Loss(column.name, "number_rounded", off, {"decimals": kept})]
    places = max(width, whole + kept + 2)
    digits = pa.array(_rounded(plain_, kept), from_pandas=True)
    return digits.cast(pa.decimal128(places - 2, kept)), lost


def _every_digit(values: np.ndarray, column: str) -> tuple[pa.Array, list[Loss]]:
    """Numbers of a user's own column: 15 decimals, below which only the smallest lose a digit."""
    small = np.where(np.abs(values) < 1.0, np.round(values, _FINEST), values)
    off = int((np.abs(small - values) > verify.RELATIVE * np.abs(values)).sum())
    lost = [Loss(column, "number_rounded", off, {"decimals": _FINEST})] if off else []
    return pa.array(small, from_pandas=True), lost


def _keeps(values: np.ndarray, decimals: int) -> bool:
    return bool((_rounded(values, decimals) == values).all())


def _rounded(values: np.ndarray, decimals: int) -> np.ndarray:
    step = 10.0**decimals
    return np.asarray(np.copysign(np.floor(np.abs(values) * step + 0.5), values) / step)
