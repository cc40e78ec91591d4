"""Spreadsheets and tables of text: titles, units, sums, formulas, and geometry in columns."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from layers.readers import sheets, tables
from layers.readers.bring_in import Wish, bring_in
from layers.readers.errors import ChooseLayer, FileBroken, FileRefused, TooLarge
from layers.readers.features import Features
from layers.readers.registry import look, read_source
from layers.readers.updates import Rule
from layers.workspace import Workspace

NAMES = ["地块编号", "用地面积", "容积率"]


def book(path: Path, **rows: list[list[Any]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, some in rows.items():
        sheet = made.create_sheet(name)
        for row in some:
            sheet.append(row)
    made.save(path)
    return path


def read(path: Path, layer: str | None = None) -> Features:
    return read_source(str(path), layer=layer)[1]


def text(path: Path, words: str, encoding: str = "utf-8") -> Features:
    path.write_bytes(words.encode(encoding))
    return read(path)


def told(features: Features) -> list[str]:
    return [one.code for one in features.notes]


# -- spreadsheets


def test_titles_units_and_sums_are_no_rows(world: Workspace, tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        地块=[
            ["丰台区地块一览表", None, None],
            [None, "2026年11月", None],
            NAMES,
            [None, "公顷", None],
            ["B", 1.5, 1.0],
            ["A", "2", None],
            ["合计", 3.5, None],
        ],
    )
    found = read(path)
    assert found.table.to_dict("list")["地块编号"] == ["B", "A"]
    assert list(found.table.columns) == ["地块编号", "用地面积(公顷)", "容积率"]
    assert told(found) == ["title_rows", "unit_row", "sum_rows"]
    arrived = bring_in(world, Wish(str(path), "parcels", rule=Rule("number")))
    assert arrived.update is not None
    assert [(one.key, one.fields[0].new) for one in arrived.update.changed] == [("B", 15_000.0), ("A", 20_000.0)]


def test_names_in_two_rows(tmp_path: Path) -> None:
    head = [["编号", "名称", "规划指标", None], [None, None, "容积率", "建筑密度"], ["A", "甲", 2.5, 40]]
    found = read(book(tmp_path / "a.xlsx", s=head))
    assert list(found.table.columns) == ["编号", "名称", "容积率", "建筑密度"]
    assert told(found) == ["names_in_two_rows"]


def test_years_are_names_too(tmp_path: Path) -> None:
    found = read(book(tmp_path / "a.xlsx", s=[["编号", "名称", "用途", 2025], ["A", "甲", "M4", 3.0]]))
    assert list(found.table.columns) == ["编号", "名称", "用途", "2025"]
    assert len(found.table) == 1


def test_cells_keep_what_they_hold(tmp_path: Path) -> None:
    rows = [
        ["文本", "整数", "小数", "混合", "日期", "是否"],
        ["0601", 1, 1.5, 12.0, dt.datetime(2026, 11, 22), True],
        ["１２", 2, None, "12㎡", dt.datetime(2026, 11, 22, 8, 30), None],
    ]
    table = read(book(tmp_path / "a.xlsx", s=rows)).table
    assert table["文本"].tolist() == ["0601", "１２"]
    assert (str(table["整数"].dtype), str(table["小数"].dtype)) == ("Int64", "float64")
    assert table["混合"].tolist() == ["12", "12㎡"]
    assert table["日期"].tolist() == ["2026-11-22", "2026-11-22 08:30:00"]
    assert str(table["是否"].dtype) == "boolean"


def test_merged_cells_are_told_with_what_was_read_of_them(tmp_path: Path) -> None:
    """A merged title is no matter; merged zones below the names leave cells empty."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (["地块一览表"], ["编号", "分区", "面积"], ["A", "东区", 1], ["B", None, 2], ["C", "西区", 3]):
        sheet.append(row)
    for cells in ("A1:C1", "B3:B4"):
        sheet.merge_cells(cells)
    made.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert found.table["分区"].isna().tolist() == [False, True, False], "nothing is filled in unasked"
    (said,) = (one for one in found.notes if one.code == "merged_cells")
    assert (said.value, said.limit, said.severity) == ("1", "B3:B4 = 东区", "warning")
    assert "B3:B4 = 东区" in said.message("en")


def test_formulas_and_errors_are_told(tmp_path: Path) -> None:
    found = read(book(tmp_path / "a.xlsx", s=[["编号", "面积"], ["A", "=1+1"], ["B", "#N/A"], ["C", 3]]))
    said = {one.code: (one.value, one.limit) for one in found.notes}
    assert said == {
        "error_cells": ("1", "B3 #N/A"),
        "formula_cells": ("1", ""),
        "formula_without_value": ("1", "B2"),
    }
    assert found.table["面积"].isna().tolist() == [True, True, False]


def test_a_sheet_is_chosen_where_there_are_several(tmp_path: Path) -> None:
    one = book(tmp_path / "one.xlsx", 空=[], 地块=[NAMES, ["A", 1, 2]])
    assert len(read(one).table) == 1
    with_notes = book(tmp_path / "notes.xlsx", 地块=[NAMES, ["A", 1, 2]], 字段说明=[["列", "含义"], ["a", "b"]])
    assert len(read(with_notes).table) == 1, "a sheet of notes is not taken unasked"
    two = book(tmp_path / "two.xlsx", 甲=[NAMES, ["A", 1, 2]], 乙=[NAMES, ["B", 1, 2], ["C", 1, 2]])
    with pytest.raises(ChooseLayer):
        read(two)
    assert read(two, "乙").table["地块编号"].tolist() == ["B", "C"]
    with pytest.raises(ChooseLayer):
        read(two, "丙")
    _, layers = look(str(two))
    assert [(layer.name, layer.rows, layer.geometry) for layer in layers] == [("甲", 1, None), ("乙", 2, None)]


def test_a_bomb_and_a_torn_file_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = book(tmp_path / "a.xlsx", s=[NAMES, *[["A", 1, 2]] * 30])
    whole = path.read_bytes()
    monkeypatch.setattr(sheets, "MOST_ROWS", 20)
    with pytest.raises(TooLarge):
        read(path)
    monkeypatch.setattr(sheets, "MOST_BYTES", 100)
    with pytest.raises(TooLarge):
        read(path)
    monkeypatch.undo()
    for at in range(0, len(whole), 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read(path)
        except FileRefused as error:
            assert error.code


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    plain = book(tmp_path / "a.xlsx", s=[NAMES, ["A", 1, 2]])
    evil = tmp_path / "evil.xlsx"
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(evil, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                data = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + data
            new.writestr(name, data)
    with pytest.raises(FileBroken, match="DOCTYPE"):
        read(evil)


# -- tables of text


@pytest.mark.parametrize("sign", [",", ";", "\t", "，", "|"])
def test_signs_between_cells(tmp_path: Path, sign: str) -> None:
    found = text(tmp_path / "a.csv", f'编号{sign}名称\nA{sign}"甲{sign}\n乙"\n')
    assert found.table.to_dict("records") == [{"编号": "A", "名称": f"甲{sign}\n乙"}]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "gb18030"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    assert text(tmp_path / "a.csv", "编号\t名称\nA\t甲\n", encoding).table["名称"].tolist() == ["甲"]


def test_titles_above_a_table_of_text(tmp_path: Path) -> None:
    found = text(tmp_path / "a.csv", "丰台区地块表,,\n地块编号,用地面积,容积率\n,公顷,\nA,1,2\n合计,1,\n")
    assert list(found.table.columns) == ["地块编号", "用地面积(公顷)", "容积率"]
    assert told(found) == ["title_rows", "unit_row", "sum_rows"]
    plain = text(tmp_path / "a.csv", "编号,2024,2025\nA,1,2\n")
    assert (list(plain.table.columns), told(plain)) == (["编号", "2024", "2025"], [])


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    with pytest.raises(TooLarge):
        text(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 3)
    assert len(text(tmp_path / "a.csv", "a,b\n" + "1,2\n" * 2).table) == 2


# -- geometry in columns

BOX = shapely.box(438000, 4410000, 438100, 4410100)


@pytest.mark.parametrize(
    ("cell", "crs"),
    [
        (BOX.wkt, None),
        (f"SRID=4548;{BOX.wkt}", "EPSG:4548"),
        (shapely.to_wkb(BOX, hex=True), None),
        (shapely.to_wkb(shapely.set_srid(BOX, 4548), hex=True, include_srid=True), "EPSG:4548"),
        ("\\x" + shapely.to_wkb(BOX, hex=True).lower(), None),
    ],
)
def test_a_column_of_geometry(world: Workspace, tmp_path: Path, cell: str, crs: str | None) -> None:
    found = text(tmp_path / "a.csv", f'地块编号;图形\nA;"{cell}"\nB;\n')
    assert found.shapes is not None
    assert shapely.equals(found.shapes[0], BOX)
    assert found.shapes[1] is None
    assert (found.crs, list(found.table.columns), told(found)) == (crs, ["地块编号"], ["geometry_from_column"])
    torn = text(tmp_path / "b.csv", f'地块编号;图形\nA;"{cell}"\nB;"{cell[:-9]}"\n')
    assert torn.unreadable.tolist() == [False, True]
    arrived = bring_in(world, Wish(str(tmp_path / "a.csv"), "parcels", crs="EPSG:4548", skip_bad=True))
    assert (arrived.read, arrived.accepted) == (2, 1)


@pytest.mark.parametrize(
    ("head", "row", "point", "turned"),
    [
        ("经度,纬度", "116.28,39.83", (116.28, 39.83), False),
        ("lat,lon", "39.83,116.28", (116.28, 39.83), False),
        ("纬度,经度", "116.28,39.83", (116.28, 39.83), True),
        ("x,y", "438000,4410000", (438_000, 4_410_000), False),
        ("x,y", "4410000,438000", (438_000, 4_410_000), True),
        ("X坐标,Y坐标", "4410000.5,39438000.5", (39_438_000.5, 4_410_000.5), True),
        ("北坐标X,东坐标Y", "4410000,438000", (438_000, 4_410_000), False),
    ],
)
def test_columns_of_coordinates(
    tmp_path: Path, head: str, row: str, point: tuple[float, float], turned: bool
) -> None:
    found = text(tmp_path / "a.csv", f"名称,{head}\n甲,{row}\n乙,,\n")
    assert found.shapes is not None
    assert (found.shapes[0].x, found.shapes[0].y) == point
    assert found.shapes[1] is None
    assert ("columns_turned" in told(found)) is turned
    assert len(found.table.columns) == 3, "they stay as columns"


def test_columns_that_only_sound_like_coordinates(tmp_path: Path) -> None:
    assert text(tmp_path / "a.csv", "x,y\n甲,乙\n丙,1\n").shapes is None
    assert text(tmp_path / "a.csv", "x\n1\n").shapes is None


def test_points_of_a_table_are_no_outlines(world: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("地块编号,容积率,x,y\nB,1.5,438200,4410050\n", encoding="utf-8")
    found = bring_in(world, Wish(str(path), "parcels", rule=Rule("number")))
    assert found.update is not None
    assert found.refusal is None
    assert next(f.column for one in found.update.changed for f in one.fields) == "far_max"
    assert "points_no_outlines" in [one.code for one in found.notes]
    stations = bring_in(world, Wish(str(path), "stations", crs="EPSG:4548", maps={"name": "地块编号"}))
    assert stations.accepted == 1
