"""Tables as they are shown, as files that open again with the same in them and no formula."""

from __future__ import annotations

import csv
import datetime
import io

import openpyxl
import pandas as pd
import pytest

from layers import obliging
from tests.layers.obliging.promised import ON, world
from views.obligations import tables
from views.shown_tables import comma_separated, workbook
from views.text import texts

EVIL = pd.DataFrame(
    {"=名": ["=1+1", "@x", None, "甲"], "数": [1.5, -145.0, float("nan"), 3e6], "是": [True, False, None, None]}
)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_no_text_is_a_formula_and_numbers_stay_numbers() -> None:
    rows = read_csv(comma_separated(EVIL))
    assert rows[0] == ["'=名", "数", "是"]
    assert [row[:2] for row in rows[1:]] == [["'=1+1", "1.5"], ["'@x", "-145"], ["", ""], ["甲", "3000000"]]
    (sheet,) = openpyxl.load_workbook(io.BytesIO(workbook(("表", "=上", EVIL))))
    assert sheet["A1"].value == "'=上" and sheet["A3"].value == "'=名"
    assert [sheet.cell(row, 2).value for row in range(4, 8)] == [1.5, -145, None, 3e6]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_is_taken_of_the_obligations_is_what_the_page_shows(language: str) -> None:
    """State, days left, project, parcel and what was promised, in the words of the viewer."""
    say = texts(language)
    found = obliging.obligations(world(), datetime.date.fromisoformat(ON), 90)
    shown = tables.obligations_table(found, world(), say)
    (sheet,) = openpyxl.load_workbook(io.BytesIO(workbook((say("page_obligations"), "", shown))))
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    of_csv = read_csv(comma_separated(shown))
    for name in ("light", "days_left", "project", "parcel", "promised_achieved", "in_all"):
        at = lines[0].index(say(name))
        told = [None if pd.isna(value) else value for value in shown[say(name)]]
        assert [line[at] for line in lines[1:]] == told
        assert of_csv[0][at] == say(name)
        assert [row[at] for row in of_csv[1:]] == [
            "" if one is None else f"{one:g}" if name == "days_left" else one for one in told
        ]
