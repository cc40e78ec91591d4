"""Rows that were not accepted, as a table to work through: row number, every reason, and all that the source has."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from layers.readers.arrival import Arrival
from layers.readers.errors import RejectedFormat
from layers.spreadsheets import harmless
from spatial.errors import tell

HEADS = {
    "row": ("行号", "row"),
    "field": ("字段", "field"),
    "reason": ("原因", "reason"),
    "geometry": ("图形 WKT（来源坐标）", "geometry as WKT (as in the source)"),
}
"""Heads of the columns that are not the source's own."""

_SHEET = ("未导入的行", "Rejected rows")
_CELL = 32_767
"""Characters that a cell of a workbook takes."""


def rejected(arrival: Arrival, language: str = "zh-CN") -> pd.DataFrame:
    """One row for each row of the source that was not accepted.

    Returns
    -------
    DataFrame
        Row number, fields and reasons joined by semicolons, geometry as WKT, then all columns of the source.
    """
    rows = np.flatnonzero(~arrival.sound)
    said = _reasons(arrival, language)
    source = arrival.features.table.iloc[rows]
    heads = {name: pair[0 if language == "zh-CN" else 1] for name, pair in HEADS.items()}
    whole = said.get(None, [])
    found = [said.get(int(row), []) + whole for row in rows]
    data: dict[str, object] = {
        heads["row"]: arrival.names.lines[rows],
        heads["field"]: ["; ".join(dict.fromkeys(field for field, _ in one if field)) for one in found],
        heads["reason"]: ["; ".join(dict.fromkeys(text for _, text in one)) for one in found],
    }
    if arrival.features.shapes is not None:
        shapes = arrival.features.shapes[rows]
        text = shapely.to_wkt(shapes, rounding_precision=-1)
        data[heads["geometry"]] = np.where(shapely.is_missing(shapes), None, text)
    for name in source.columns:
        data[_free(str(name), data)] = source[name].to_numpy()
    return pd.DataFrame(data)


def write_rejected(arrival: Arrival, path: Path, language: str = "zh-CN") -> int:
    """Write the rows that were not accepted, as .csv or .xlsx; no cell of it is a formula.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    RejectedFormat
        For another ending.
    """
    table = rejected(arrival, language)
    if path.suffix.lower() == ".csv":
        _csv(table, path)
    elif path.suffix.lower() == ".xlsx":
        _xlsx(table, path, _SHEET[0 if language == "zh-CN" else 1])
    else:
        raise RejectedFormat(where="--rejected", path=path.name)
    return len(table)


def _reasons(arrival: Arrival, language: str) -> dict[int | None, list[tuple[str, str]]]:
    """Field and reason by row; what is wrong with the whole file stands under None."""
    out: dict[int | None, list[tuple[str, str]]] = {}
    for note in arrival.notes:
        if note.severity == "error" or note.code == "row_left_out":
            out.setdefault(note.row, []).append((note.column, note.message(language)))
    if None not in out and arrival.accepted == 0 and arrival.refusal is not None and not out:
        out[None] = [("", tell(arrival.refusal, language)["message"])]
    return out


def _free(name: str, taken: dict[str, object]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


def _safe(value: object) -> object:
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, str):
        return harmless(value)
    return value.item() if isinstance(value, np.generic) else value


def _csv(table: pd.DataFrame, path: Path) -> None:
    # the mark of UTF-8 makes spreadsheets read the Chinese text
    with path.open("w", encoding="utf-8-sig", newline="") as handle:
        rows = csv.writer(handle)
        rows.writerow([harmless(str(name)) for name in table.columns])
        for row in table.itertuples(index=False, name=None):
            rows.writerow(["" if (cell := _safe(value)) is None else cell for value in row])


def _xlsx(table: pd.DataFrame, path: Path, name: str) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {**options, "in_memory": True, "nan_inf_to_errors": True}) as book:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for column, head in enumerate(table.columns):
            sheet.write_string(0, column, harmless(str(head))[:_CELL])
        for row, values in enumerate(table.itertuples(index=False, name=None), start=1):
            for column, value in enumerate(map(_safe, values)):
                if isinstance(value, str):
                    sheet.write_string(row, column, value[:_CELL])
                elif value is not None:
                    sheet.write(row, column, value)
