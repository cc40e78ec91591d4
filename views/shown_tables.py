"""Tables as they are shown, as files: whatever somebody typed, nothing in them is a formula."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import xlsxwriter

from layers.spreadsheets import harmless

OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def workbook(*sheets: tuple[str, str, pd.DataFrame]) -> bytes:
    """A workbook of some tables, each with its name and what is said above it; an empty text takes no row."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        bold = book.add_format({"bold": True})
        for name, above, frame in sheets:
            sheet, top = book.add_worksheet(name[:31]), 2 if above else 0
            if above:
                sheet.write_string(0, 0, harmless(above))
            sheet.freeze_panes(top + 1, 0)
            for column, head in enumerate(frame.columns):
                sheet.write_string(top, column, harmless(str(head)), bold)
                for row, value in enumerate(frame.iloc[:, column].tolist(), top + 1):
                    _cell(sheet, row, column, value)
    return out.getvalue()


def comma_separated(frame: pd.DataFrame) -> bytes:
    """A table as CSV that spreadsheets open as UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(str(head)) for head in frame.columns])
    writer.writerows([_text(value) for value in row] for row in frame.itertuples(index=False))
    return out.getvalue().encode("utf-8-sig")


def _nothing(value: object) -> bool:
    return value is None or value is pd.NA or value != value


def _number(value: object) -> bool:
    return isinstance(value, (int, float, np.number)) and not isinstance(value, bool)


def _cell(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: object) -> None:
    if _nothing(value):
        return
    if _number(value):
        sheet.write_number(row, column, float(value))  # type: ignore[arg-type]
    else:
        sheet.write_string(row, column, harmless(str(value)))


def _text(value: object) -> str:
    if _nothing(value):
        return ""
    return f"{value:.15g}" if _number(value) else harmless(str(value))
