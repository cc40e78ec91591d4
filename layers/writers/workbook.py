"""Workbooks that people read and that come back in: title, units, a header that stays, true dates, field notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import xlsxwriter
from openpyxl.utils.escape import unescape

from layers.contract import Column
from layers.field_names import LAYER_NAMES_ZH
from layers.writers import arrow, losses, plain, verify
from layers.writers.arrow import Opened
from layers.writers.draft import Draft, cleaned
from layers.writers.errors import TooManyColumns, TooManyRows
from layers.writers.losses import Loss

MOST_ROWS, MOST_COLUMNS, MOST_SIGNS = 1_048_576, 16_384, 32_767
NOTES = "字段说明"
HEAD_ROWS = 3
"""Title, where it comes from, and the names of the columns."""
_EXACT = 2**53
OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False, "default_date_format": "yyyy-mm-dd",
}  # fmt: skip
PLAIN_WIDTH, WIDE = 13, 28
_FIRST_DAY = "1900-03-01"
"""The first day that every spreadsheet counts in the same way."""


def write(draft: Draft) -> list[Loss]:
    """The layer as a workbook; text is text, whatever it looks like."""
    count, wide = len(draft.made.frame), len(draft.columns)
    if wide > MOST_COLUMNS:
        raise TooManyColumns(where=draft.path.name, format="xlsx", most=MOST_COLUMNS, count=wide)
    if count > MOST_ROWS - HEAD_ROWS:
        raise TooManyRows(where=draft.path.name, format="xlsx", most=MOST_ROWS - HEAD_ROWS, count=count)
    frame, lost = cleaned(draft, text=lambda values, name: losses.for_xml(values, name, MOST_SIGNS), number=_number)
    heads = headings(draft.columns)
    kinds = tuple(_as_written(column, frame[column.name]) for column in draft.columns)
    ancient = [
        one.name for one, column in zip(kinds, draft.columns, strict=True) if column.kind == "date" != one.kind
    ]
    lost += [Loss(name, "date_as_text", int(frame[name].notna().sum())) for name in ancient]
    draft.tell("writing")
    with xlsxwriter.Workbook(str(draft.path), OPTIONS) as book:
        book.set_properties({"title": _title(draft), "comments": _about(draft)})
        _rows(book, draft, frame, (kinds, heads))
        notes_sheet(book, draft.columns, heads)
    draft.tell("checking")
    names = {column.name: heads[column.name] for column in draft.columns}
    expected = arrow.as_table(frame, kinds, names)
    verify.same(draft.path.name, _read(draft, expected), expected)
    if draft.drawn:
        lost.append(Loss("geometry", "geometry_left_out", draft.drawn, {"format": "XLSX"}))
    return lost


def headings(columns: Sequence[Column]) -> dict[str, str]:
    """Column to what stands above it: its Chinese name with the unit, which no two share.

    >>> headings([Column("a", "number", "面积", "", "m²"), Column("b", "text", "面积（m²）", "")])
    {'a': '面积（m²）', 'b': '面积（m²） b'}
    """
    out: dict[str, str] = {}
    for column in columns:
        name = losses.in_xml(f"{column.zh}（{column.unit}）" if column.unit else column.zh)
        while name in out.values():
            name = f"{name} {losses.in_xml(column.name)}"
        out[column.name] = name
    return out


def _title(draft: Draft) -> str:
    return f"{draft.about.workspace} · {LAYER_NAMES_ZH[draft.made.layer]}"


def _about(draft: Draft) -> str:
    about = draft.about
    dated = f" · 数据日期 {about.as_of}" if about.as_of else ""
    told = f"方案 {about.scenario} · 第 {about.revision} 版{dated} · 导出 {about.made_on}"
    return f"{told} · 标为「示意」的数据不是测绘或审批成果"


def _rows(book: Any, draft: Draft, frame: pd.DataFrame, told: tuple[Sequence[Column], dict[str, str]]) -> None:
    kinds, heads = told
    sheet = book.add_worksheet(LAYER_NAMES_ZH[draft.made.layer][:31])
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF0", "border": 1})
    forms = [_form(book, column) for column in kinds]
    for place, column in enumerate(draft.columns):
        wide = column.name in ("note", "source", "name") or column.kind == "list"
        sheet.set_column(place, place, WIDE if wide else PLAIN_WIDTH)
    sheet.freeze_panes(HEAD_ROWS, 1)
    sheet.set_row(HEAD_ROWS - 1, 32)
    sheet.write_string(0, 0, losses.in_xml(_title(draft)), bold)
    sheet.write_string(1, 0, losses.in_xml(_about(draft)))
    for place, column in enumerate(draft.columns):
        sheet.write_string(HEAD_ROWS - 1, place, heads[column.name], head)
    if draft.columns:
        last = HEAD_ROWS - 1 + len(frame)
        sheet.autofilter(HEAD_ROWS - 1, 0, last, len(draft.columns) - 1)
    cells = [_cells(frame[column.name], column) for column in kinds]
    for row, values in draft.heard(enumerate(zip(*cells, strict=True), start=HEAD_ROWS)):
        for place, value in enumerate(values):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(row, place, value)
            elif isinstance(value, bool):
                sheet.write_boolean(row, place, value)
            elif isinstance(value, date):
                sheet.write_datetime(row, place, value, forms[place])
            else:
                sheet.write_number(row, place, value, forms[place])


def _form(book: Any, column: Column) -> Any:
    kinds = {"integer": "0", "date": "yyyy-mm-dd", "number": "#,##0.00" if column.unit == "m²" else "General"}
    return book.add_format({"num_format": kinds.get(column.kind, "General")})


def notes_sheet(book: Any, columns: Sequence[Column], heads: dict[str, str]) -> None:
    """The sheet that says what each column is."""
    sheet = book.add_worksheet(NOTES)
    bold = book.add_format({"bold": True, "bg_color": "#E8EEF0", "border": 1})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 5, 18)
    sheet.set_column(4, 5, 60)
    for place, word in enumerate(("列名", "column", "类型 type", "单位 unit", "含义 meaning", "取值 values")):
        sheet.write_string(0, place, word, bold)
    for row, column in enumerate(columns, start=1):
        said = (
            heads[column.name],
            column.name,
            column.kind,
            column.unit,
            column.meaning,
            plain.allowed_values(column),
        )
        for place, text in enumerate(said):
            sheet.write_string(row, place, losses.in_xml(text))


def _number(values: pd.Series, column: str) -> tuple[pd.Series, list[Loss]]:
    """Numbers as a cell can hold them; what has more digits than a double is written as text, which keeps them."""
    values, lost = losses.finite(values, column)
    if pd.api.types.is_integer_dtype(values):
        large = int((values.abs() > _EXACT).fillna(False).sum())
        if large:
            return values.astype("str").where(values.notna(), None), [Loss(column, "integer_as_text", large)]
    return values, lost


def _as_written(column: Column, values: pd.Series) -> Column:
    """A column as it goes out: whole numbers with many digits, and days that Excel does not have, go as text."""
    ancient = column.kind == "date" and bool((values.dropna().astype("str") < _FIRST_DAY).any())
    if ancient or (column.kind == "integer" and not pd.api.types.is_integer_dtype(values)):
        return Column(column.name, "text", column.zh, column.meaning)
    return column


def _cells(values: pd.Series, column: Column) -> list[Any]:
    if column.kind == "date":
        return [None if pd.isna(value) else date.fromisoformat(str(value)) for value in values]
    if column.kind == "number":
        return [None if value != value else value for value in values.astype(float).tolist()]
    kept = values.astype(object)
    if column.kind == "boolean":
        return [None if pd.isna(value) else bool(value) for value in kept]
    return [None if pd.isna(value) or value == "" else value for value in kept]


def _read(draft: Draft, expected: pa.Table) -> Opened:
    """The rows again, as another library reads them, in the types that they had."""
    book = openpyxl.load_workbook(draft.path, read_only=True)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(min_row=HEAD_ROWS, values_only=True)
        names = [unescape(str(name)) for name in next(rows, ())]
        columns = list(zip(*draft.heard(_filled(rows, len(names)), "checking"), strict=True)) or [()] * len(names)
    finally:
        book.close()
    arrays = []
    for name, cells in zip(names, columns, strict=True):
        kind = expected.schema.field(name).type if name in expected.column_names else pa.string()
        arrays.append(pa.array([_value(cell, kind) for cell in cells], type=kind))
    return Opened(pa.table(arrays, names=names), None, None)


def _filled(rows: Iterator[tuple[Any, ...]], width: int) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        yield (*row, *(None,) * (width - len(row)))


def _value(cell: Any, kind: pa.DataType) -> Any:
    if cell is None:
        return None
    if pa.types.is_string(kind):
        return unescape(str(cell))
    if isinstance(cell, datetime):
        return cell.date()
    return float(cell) if pa.types.is_floating(kind) else cell
