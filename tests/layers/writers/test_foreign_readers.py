"""Files are opened by readers that are not ours: GDAL in a process of its own, pyshp, ezdxf, openpyxl, pyarrow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import openpyxl
import pytest
import shapefile
import shapely
from shapely.geometry import shape as shaped

from layers.workspace import Workspace
from layers.writers.drawing import STYLE
from layers.writers.hand_out import Order, hand_out
from layers.writers.workbook import HEAD_ROWS, NOTES
from tests.layers.writers.making import ISLANDS, RARE, RING, SQUARE
from tests.world import table

AREAS = [10_000.0, 9_600.0, 19_900.0]


@pytest.fixture
def world() -> Workspace:
    rows: list[dict[str, object]] = [
        {"parcel_id": "P1", "parcel_no": "1516-66C", "classification": "DB11/996", "land_use": "M4", "far_max": 2.5,
         "official_area_m2": 9999.99, "note": RARE, "geometry": SQUARE},
        {"parcel_id": "P2", "parcel_no": "洞", "classification": "DB11/996", "land_use": "B4", "note": "=1+1",
         "geometry": RING},
        {"parcel_id": "P3", "parcel_no": "两部分", "geometry": ISLANDS, "note": None},
    ]  # fmt: skip
    made = table("parcels", rows)
    made["approved"] = ["2026-11-22", None, "1999-12-31"]
    return Workspace("示例", "EPSG:4548", {"parcels": made}, as_of="2026-11-22")


def out(world: Workspace, path: Path, **order: Any) -> str:
    return hand_out(world, Order(str(path), "parcels", **order)).files[0]


def test_kml_says_that_it_is_not_shifted(world: Workspace, tmp_path: Path) -> None:
    text = Path(out(world, tmp_path / "x.kml")).read_text(encoding="utf-8")
    assert "未加偏" in text
    assert "<displayName>用地面积（m²）</displayName><value>9999.99</value>" in text


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_pyshp(world: Workspace, tmp_path: Path, encoding: str) -> None:
    path = out(world, tmp_path / "x.shp", encoding=encoding)
    with shapefile.Reader(path, encoding=encoding) as reader:
        kinds = {field[0]: (field[1], field[2], field[3]) for field in reader.fields[1:]}
        rows = [record.as_dict() for record in reader.records()]
        areas = [shapely.area(shaped(one.__geo_interface__)) for one in reader.shapes()]
    assert areas == AREAS
    assert kinds["DKBH"] == ("C", 20, 0)
    assert kinds["YDXZDM"] == ("C", 10, 0)
    assert kinds["YDMJ"] == ("N", 15, 2)
    assert kinds["RJLSX"] == ("N", 6, 2)
    assert kinds["APPROVED"][0] == "D"
    assert all(len(name) <= 10 and name.isascii() for name in kinds)
    assert [row["DKBH"] for row in rows] == ["1516-66C", "洞", "两部分"]
    assert (rows[0]["BZ"], rows[0]["YDMJ"], rows[0]["RJLSX"]) == (RARE, 9999.99, 2.5)
    assert rows[1]["YDMJ"] is None


def test_ezdxf(world: Workspace, tmp_path: Path) -> None:
    path = out(world, tmp_path / "x.dxf")
    doc = ezdxf.readfile(path)
    audit = doc.audit()
    assert (audit.errors, audit.fixes) == ([], [])
    assert (doc.dxfversion, doc.encoding, doc.header["$INSUNITS"]) == ("AC1015", "gbk", 6)
    assert b"ANSI_936" in Path(path).read_bytes()
    lines = doc.modelspace().query("LWPOLYLINE")
    assert all(line.closed for line in lines)
    assert len(lines) == 1 + 2 + 3
    areas = [shapely.Polygon(line.get_points("xy")).area for line in lines]
    assert areas == [10_000.0, 10_000.0, 400.0, 10_000.0, 10_000.0, 100.0]
    texts = doc.modelspace().query("TEXT")
    assert [text.dxf.text for text in texts] == ["1516-66C", "洞", "两部分"]
    assert {text.dxf.style for text in texts} == {STYLE}
    layers = {line.dxf.layer for line in lines}
    assert any("M4" in name for name in layers) and len(layers) == 3
    assert "洞" in (tmp_path / "x.dxf.attributes.csv").read_text(encoding="utf-8-sig")


def test_openpyxl_finds_no_formula(world: Workspace, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(out(world, tmp_path / "x.xlsx"))
    sheet = book.worksheets[0]
    assert book.sheetnames == ["地块", NOTES]
    heads = [cell.value for cell in sheet[HEAD_ROWS]]
    rows = [dict(zip(heads, row, strict=True)) for row in sheet.iter_rows(min_row=HEAD_ROWS + 1)]
    assert len(rows) == 3
    assert sheet.freeze_panes == f"B{HEAD_ROWS + 1}"
    assert (rows[1]["备注"].value, rows[1]["备注"].data_type) == ("=1+1", "s")
    assert (rows[0]["备注"].value, rows[0]["用地面积（m²）"].value) == (RARE, 9999.99)
    assert (rows[0]["approved"].is_date, rows[0]["approved"].value.date().isoformat()) == (True, "2026-11-22")
    assert not [
        cell for one in book for row in one.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink
    ]
    notes = {row[1]: row[0] for row in book[NOTES].iter_rows(values_only=True)}
    assert notes["official_area_m2"] == "用地面积（m²）"


def test_boundary_points_by_their_grammar(world: Workspace, tmp_path: Path) -> None:
    data = Path(out(world, tmp_path / "x.txt")).read_bytes()
    lines = data.decode("gb18030").split("\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    head = dict(line.split("=", 1) for line in lines[1 : lines.index("[地块坐标]")])
    assert (head["坐标系"], head["几度分带"], head["带号"], head["转换参数"]) == (
        "2000国家大地坐标系",
        "3",
        "39",
        ",,,,,,",
    )
    assert (head["投影类型"], head["计量单位"], head["精度"]) == ("高斯克吕格", "米", "0.001")
    body = lines[lines.index("[地块坐标]") + 1 :]
    assert body[0] == "5,1.0000,1516-66C,,面,,工业研发用地,M4,@"
    assert body[1] == "J1,1,4410100.000,39438000.000"
    assert body[5].startswith("J1,1,")
    ringed = [
        line.split(",")[:2] for line in body[body.index("10,0.9600,洞,,面,,综合性商业金融服务业用地,B4,@") + 1 :][:10]
    ]
    assert [number for number, ring in ringed if ring == "2"] == ["J5", "J6", "J7", "J8", "J5"]
    assert [line.split(",")[2] for line in body if line.endswith("@")] == ["1516-66C", "洞", "两部分"]
    plain = out(world, tmp_path / "y.txt", crs="EPSG:4548")
    assert "J1,1,4410100.000,438000.000" in Path(plain).read_bytes().decode("gb18030")


def test_boundary_points_come_in_again(world: Workspace, tmp_path: Path) -> None:
    from layers.readers.bring_in import Wish, bring_in

    found = bring_in(Workspace("b", "EPSG:4548"), Wish(out(world, tmp_path / "x.txt"), "parcels"))
    assert found.refusal is None
    back = np.asarray(found.table.geometry.values, dtype=object)
    assert shapely.area(back).tolist() == pytest.approx(AREAS, abs=0.01)
    assert found.table["parcel_no"].tolist() == ["1516-66C", "洞", "两部分"]


def test_a_workbook_comes_in_again_as_a_table(world: Workspace, tmp_path: Path) -> None:
    """Its title and its sheet of notes are no data."""
    from layers.readers.bring_in import Wish, bring_in

    found = bring_in(world, Wish(out(world, tmp_path / "x.xlsx"), "parcels"))
    assert found.report("en")["read"] == 3
    assert {row["code"] for row in found.report("en")["rows"] if row["severity"] == "error"} <= {
        "key_exists",
        "geometry_missing",
    }
