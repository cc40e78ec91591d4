"""Tables as text: CSV, and the tables that lie beside other formats (field notes, attributes, losses)."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from layers import vocabulary
from layers.contract import Column
from layers.field_names import field_type
from layers.spreadsheets import harmless
from layers.writers import arrow, losses, verify
from layers.writers.arrow import Opened
from layers.writers.draft import Draft, cleaned
from layers.writers.errors import NotTheSame
from layers.writers.losses import Loss

_BOM = "utf-8-sig"
ATTRIBUTES = ".attributes.csv"
"""What the name of the table ends in that lies beside formats without room for columns."""


def write(draft: Draft) -> list[Loss]:
    """The layer as CSV: no formula in it, and no geometry."""
    lost = _table(draft, draft.path, draft.encoding)
    if draft.drawn:
        lost.append(Loss("geometry", "geometry_left_out", draft.drawn, {"format": "CSV"}))
    return lost


def attributes(draft: Draft, kept: Sequence[str], format: str) -> list[Loss]:
    """Every column as a CSV beside a format that has no place for them.

    Parameters
    ----------
    kept
        Columns that the format itself can hold.
    """
    lost = _table(draft, draft.beside(ATTRIBUTES), "utf-8")
    rows = {column.name: int(draft.made.frame[column.name].notna().sum()) for column in draft.columns}
    left = [Loss(name, "columns_left_out", count, {"format": format}) for name, count in rows.items()]
    return [one for one in left if one.rows and one.column not in kept] + [
        one for one in lost if one.code != "formula_quoted"
    ]


def _table(draft: Draft, path: Path, encoding: str) -> list[Loss]:
    frame, lost = cleaned(
        draft, text=lambda values, name: losses.for_csv(values, name, encoding), number=losses.finite
    )
    heads = {column.name: harmless(column.name) for column in draft.columns}
    draft.tell("writing")
    codec = _BOM if encoding == "utf-8" else encoding
    with path.open("w", encoding=codec, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(heads.values())
        writer.writerows(draft.heard(zip(*[_cells(frame[name]) for name in frame.columns], strict=True)))
    draft.tell("checking")
    expected = arrow.as_table(frame, draft.columns, heads)
    verify.same(path.name, _read(path, codec, expected), expected)
    return lost


def _read(path: Path, codec: str, expected: pa.Table) -> Opened:
    """The table again, each column in the type that it had."""
    with path.open(encoding=codec, newline="") as handle:
        rows = csv.reader(handle, strict=True)
        names = next(rows)
        body = list(zip(*rows, strict=True)) or [()] * len(names)
    if names != expected.column_names:
        raise NotTheSame(where=path.name, what=", ".join(names)[:80])
    arrays = []
    for field, cells in zip(expected.schema, body, strict=True):
        text = pa.array([cell or None for cell in cells], type=pa.string())
        arrays.append(text if pa.types.is_string(field.type) else text.cast(field.type))
    return Opened(pa.table(arrays, names=names), None, None)


def _cells(values: pd.Series) -> list[object]:
    if pd.api.types.is_float_dtype(values):
        return ["" if value != value else repr(float(value)) for value in values]
    kept = values.astype(object)
    return ["" if pd.isna(value) else str(value).lower() if isinstance(value, bool) else value for value in kept]


def write_field_notes(path: Path, columns: Sequence[Column], names: Mapping[str, str]) -> None:
    """The table that says what each field of a shapefile means (字段说明)."""
    heads = (
        "字段 field",
        "列 column",
        "中文",
        "类型 type",
        "宽度 width",
        "单位 unit",
        "含义 meaning",
        "取值 values",
        "空值 nulls",
    )
    rows = [
        (
            names[column.name],
            harmless(column.name),
            harmless(column.zh),
            column.kind,
            field_type(column),
            column.unit,
            column.meaning,
            allowed_values(column),
            "空白 blank" if column.kind in ("text", "list") else "空（部分软件显示为 0）empty, 0 in some programs",
        )
        for column in columns
    ]
    _notes(path, heads, rows)


def write_losses(path: Path, lost: Sequence[Loss]) -> None:
    """What a format could not carry, column by column."""
    heads = ("列 column", "代码 code", "程度 severity", "行数 rows", "说明", "meaning")
    rows = [
        (harmless(one.column), one.code, one.severity, one.rows, one.message("zh-CN"), one.message("en"))
        for one in lost
    ]
    _notes(path, heads, rows)


def _notes(path: Path, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding=_BOM, newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(heads)
        writer.writerows(rows)


def allowed_values(column: Column) -> str:
    """The codes that a column may hold, each with its Chinese term."""
    if not column.allowed:
        return ""
    tables = [terms for terms in vars(vocabulary).values() if isinstance(terms, dict)]
    terms = next((table for table in tables if tuple(table) == column.allowed), {})
    return "; ".join(f"{code}={terms[code][0]}" if code in terms else code for code in column.allowed)
