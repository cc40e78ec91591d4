"""Workbooks to fill in and bring back: columns in Chinese, one example that stays out, lists of what may stand."""

from __future__ import annotations

import functools
import io
from typing import Any

import xlsxwriter

from layers.catalogue import LAYERS
from layers.contract import Column
from layers.readers.grids import EXAMPLE
from layers.readers.terms import terms_of
from layers.writers.workbook import OPTIONS, PLAIN_WIDTH, WIDE, headings, notes_sheet

EXAMPLES: dict[str, dict[str, Any]] = {
    "projects": {
        "name": f"{EXAMPLE}某轨道交通信号企业",
        "project_id": "XM-001",
        "state": "储备",
        "chain_segment": "中游：工程建设与装备研制",
        "function_mix": "研发设计=0.6; 总部办公=0.3; 配套服务=0.1",
        "requested_floor_area_low_m2": 9_000,
        "requested_floor_area_m2": 12_000,
        "requested_floor_area_high_m2": 16_000,
        "need_by": 2028,
        "priority": 1,
        "may_zones": "东区; 西区",
        "exclusive": "否",
        "basis": "录入",
        "note": "本行是例子，导入时自动略去；面积与人数填一种即可",
    }
}
"""What an example row holds, by layer; its columns come first."""
_ROWS = 2_000
"""Rows for which lists are offered."""
_LONGEST_LIST = 255
"""Characters of a list that stands in the rule itself; Excel takes no more."""


def template(layer: str) -> bytes:
    """A workbook to fill in.

    Raises
    ------
    KeyError
        For a layer that has none; `EXAMPLES` says which have.
    """
    columns = ordered(layer)
    heads, out = headings(columns), io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS | {"in_memory": True, "constant_memory": False}) as book:
        book.set_properties({"title": LAYERS[layer].zh})
        _sheet(book, layer, columns, heads)
        notes_sheet(book, columns, heads)
    return out.getvalue()


def ordered(layer: str) -> list[Column]:
    """Columns of a template: those of the example in its order, then the others."""
    contract = LAYERS[layer]
    first = [contract.column(name) for name in EXAMPLES[layer]]
    return [*first, *(column for column in contract.columns if column not in first)]


def _sheet(book: Any, layer: str, columns: list[Column], heads: dict[str, str]) -> None:
    sheet = book.add_worksheet(LAYERS[layer].zh)
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#E8EEF0", "border": 1})
    faint = book.add_format({"italic": True, "font_color": "#6A7981"})
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 32)
    for place, column in enumerate(columns):
        wide = column.name in ("name", "note", "source") or column.kind == "list"
        sheet.set_column(place, place, WIDE if wide else PLAIN_WIDTH)
        sheet.write_string(0, place, heads[column.name], head)
        value = EXAMPLES[layer].get(column.name)
        if isinstance(value, str):
            sheet.write_string(1, place, value, faint)
        elif value is not None:
            sheet.write_number(1, place, value, faint)
        words = _offered(column)
        if words:
            rule = {"validate": "list", "source": words, "error_type": "warning"}
            sheet.data_validation(1, place, _ROWS, place, rule)


@functools.cache
def _offered(column: Column) -> list[str]:
    """Words of which a cell may hold one, as its list offers them; none where it may hold several or anything."""
    if column.kind == "boolean":
        return ["是", "否"]
    if column.kind == "list" or not column.allowed:
        return []
    words = [zh for zh, _ in terms_of(column.allowed).values()]
    return words if len(",".join(words)) <= _LONGEST_LIST else []
