"""KML, DXF, FlatGeobuf and file geodatabases come in with their Chinese text, and what is in them can be chosen."""

from __future__ import annotations

import zipfile
from pathlib import Path

import ezdxf
import pyogrio
import pytest

from layers.readers.errors import ChooseLayer, FormatRefused
from layers.readers.registry import look, read_source
from tests.files import parcels

RING = "116.2,39.8,0 116.3,39.8,0 116.3,39.9,0 116.2,39.8,0"
OUTER = f"<outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs>"
AREA = f"<Polygon>{OUTER}</Polygon>"
KML = f"""<?xml version="1.0" encoding="GBK"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<Folder><name>东区</name><Placemark><name>甲</name><ExtendedData><Data name="用地性质"><value>M4</value></Data>
</ExtendedData>{AREA}</Placemark></Folder>
<Folder><name>西区</name><Placemark><name>乙</name><description><![CDATA[<table><tr><td>容积率</td><td>2.5</td></tr>
</table>]]></description><MultiGeometry>{AREA}{AREA}</MultiGeometry></Placemark></Folder></Document></kml>"""


def test_placemarks_keep_chinese_fields_and_their_folders(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_bytes(KML.encode("gbk"))
    packed = tmp_path / "a.kmz"
    with zipfile.ZipFile(packed, "w") as made:
        made.write(path, "doc.kml")
    for file in (path, packed):
        source, found = read_source(str(file))
        assert (source.kind, found.crs, found.encoding) == ("kml", "EPSG:4326", "GBK")
        assert found.table["用地性质"].tolist()[0] == "M4"
        assert found.table["容积率"].tolist()[1] == "2.5"
        assert found.table["folder"].tolist() == ["东区", "西区"]
        assert found.shapes is not None
        assert [shape.geom_type for shape in found.shapes] == ["Polygon", "MultiPolygon"]
        assert [(layer.name, layer.rows) for layer in look(str(file))[1]] == [("a", 2), ("东区", 1), ("西区", 1)]
        assert read_source(str(file), layer="西区")[1].table["name"].tolist() == ["乙"]


def test_a_placemark_that_cannot_be_parsed_is_a_row_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.kml"
    path.write_text(KML.replace("GBK", "UTF-8").replace("116.3,39.9,0", "116.3,x,0", 1), encoding="utf-8")
    assert read_source(str(path))[1].unreadable.tolist() == [True, False]


@pytest.mark.parametrize("start", ["<!DOCTYPE kml [<!ENTITY a 'b'>]>", "<!ENTITY % x SYSTEM 'http://127.0.0.1:9/'>"])
def test_a_document_type_is_refused_before_anything_is_parsed(tmp_path: Path, start: str) -> None:
    path = tmp_path / "a.kml"
    path.write_text(start + KML.partition("?>")[2], encoding="utf-8")
    with pytest.raises(FormatRefused):
        read_source(str(path))


@pytest.mark.parametrize(("version", "encoding"), [("R2000", "GB18030"), ("R2010", "UTF-8")])
def test_closed_lines_of_a_drawing_are_outlines_with_their_texts(tmp_path: Path, version: str, encoding: str) -> None:
    drawing = ezdxf.new(version)
    drawing.encoding = "gbk" if version == "R2000" else "utf-8"
    drawing.header["$DWGCODEPAGE"] = "ANSI_936"
    model = drawing.modelspace()
    model.add_lwpolyline([(0, 0), (9, 0), (9, 9), (0, 9)], close=True, dxfattribs={"layer": "地块"})
    model.add_lwpolyline([(9, 0), (18, 0), (18, 9), (9, 9), (9, 0)], dxfattribs={"layer": "地块"})
    model.add_lwpolyline([(0, 20), (4, 20), (4, 24), (0, 24)], close=True, dxfattribs={"layer": "水"})
    model.add_text("FT-01", dxfattribs={"layer": "地块编号", "insert": (5, 5)})
    model.add_text("M4 工业", dxfattribs={"layer": "用地性质", "insert": (5, 3)})
    model.add_text("FT-02", dxfattribs={"layer": "地块编号", "insert": (12, 5)})
    model.add_line((0, 0), (50, 50), dxfattribs={"layer": "路"})
    path = tmp_path / "图.dxf"
    drawing.saveas(path)
    source, found = read_source(str(path))
    assert (source.kind, found.crs, found.encoding, found.aside) == ("dxf", None, encoding, 1)
    assert found.table["layer"].tolist() == ["地块", "地块", "水"]
    assert found.shapes is not None
    assert [shape.area for shape in found.shapes] == [81, 81, 16]
    chosen = read_source(str(path), layer="地块")[1].table
    assert chosen["地块编号"].tolist() == ["FT-01", "FT-02"]
    assert chosen["text"].tolist() == ["FT-01; M4 工业", "FT-02"]
    with pytest.raises(ChooseLayer):
        read_source(str(path), layer="无")


def test_a_geodatabase_comes_as_folder_and_zip(tmp_path: Path) -> None:
    path = tmp_path / "数据.gdb"
    pyogrio.write_dataframe(parcels(2, 地块编号=["甲", "乙"]), path, driver="OpenFileGDB", layer="地块")
    packed = tmp_path / "a.zip"
    with zipfile.ZipFile(packed, "w") as made:
        for file in path.iterdir():
            made.write(file, f"数据.gdb/{file.name}")
    for given in (path, packed):
        source, found = read_source(str(given))
        assert source.kind == "gdb"
        assert found.table["地块编号"].tolist() == ["甲", "乙"]
        assert [layer.name for layer in look(str(given))[1]] == ["地块"]


def test_flatgeobuf_comes_in(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    pyogrio.write_dataframe(parcels(2, 地块编号=["甲", "乙"]), tmp_path / "a.fgb", driver="FlatGeobuf")
    (tmp_path / "a.fgb").rename(path)
    source, found = read_source(str(path))
    assert source.kind == "fgb"
    assert sorted(found.table["地块编号"]) == ["乙", "甲"]


@pytest.mark.parametrize("without", [(0,), (1,), (2,), (0, 1, 2)])
def test_flatgeobuf_with_rows_that_have_no_geometry(tmp_path: Path, without: tuple[int, ...]) -> None:
    frame = parcels(3, 地块编号=["甲", None, "丙"], 层数=[1, 2, 3])
    shapes = [None if row in without else shape for row, shape in enumerate(frame.geometry)]
    path = tmp_path / "a.fgb"
    pyogrio.write_dataframe(frame.set_geometry(shapes, crs=4548), path, driver="FlatGeobuf", SPATIAL_INDEX="NO")
    _, found = read_source(str(path))
    assert found.table["层数"].tolist() == [1, 2, 3]
    assert found.table["地块编号"].fillna("无").tolist() == ["甲", "无", "丙"]
    assert found.shapes is not None
    assert [shape is None for shape in found.shapes] == [row in without for row in range(3)]
    assert [shape.area for shape in found.shapes if shape is not None] == [10_000] * (3 - len(without))
    assert not found.unreadable.any()
