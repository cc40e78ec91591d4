"""Styles that travel: QGIS finds colours and labels in the file, and other programs in the SLD beside it."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from layers.contract import Column
from layers.map.landuse import use
from layers.workspace import Workspace
from layers.writers.hand_out import Order, hand_out
from layers.writers.looks import Look, LookClass, look
from layers.writers.sheets import sheet
from layers.writers.styles import Styled

SE, OGC = "{http://www.opengis.net/se}", "{http://www.opengis.net/ogc}"


def colours(qml: Element) -> dict[str, str]:
    """Value of each category to the colour of its symbol."""
    symbols = {symbol.get("name"): symbol for symbol in qml.iter("symbol")}
    out = {}
    for category in qml.iter("category"):
        symbol = symbols[category.get("symbol")]
        option = next((one for one in symbol.iter("Option") if one.get("name") in ("color", "line_color")), None)
        assert option is not None
        out[str(category.get("value"))] = str(option.get("value"))
    return out


def test_the_geopackage_brings_its_style(world: Workspace, tmp_path: Path) -> None:
    hand_out(world, Order(str(tmp_path / "p.gpkg"), "parcels"))
    with sqlite3.connect(tmp_path / "p.gpkg") as file:
        row = file.execute(
            "SELECT f_table_name, f_geometry_column, styleName, styleQML, styleSLD, useAsDefault FROM layer_styles"
        ).fetchall()
        names = [one[0] for one in file.execute("SELECT table_name FROM gpkg_geometry_columns")]
        listed = dict(file.execute("SELECT table_name, data_type FROM gpkg_contents").fetchall())
        column = file.execute("SELECT column_name FROM gpkg_geometry_columns").fetchone()[0]
    assert len(row) == 1
    table, geometry, _, qml, sld, default = row[0]
    assert ([table], geometry, default) == (names, column, 1)
    assert listed == {"parcels": "features", "layer_styles": "attributes"}
    root = fromstring(qml)
    assert (root.tag, root.get("labelsEnabled")) == ("qgis", "1")
    renderer = root.find("renderer-v2")
    assert renderer is not None and renderer.get("type") == "categorizedSymbol"
    assert renderer.get("attr") == """coalesce("classification",'') || '|' || coalesce("land_use",'')"""
    red, green, blue = (int(use("DB11/996", "M4").colour[at : at + 2], 16) for at in (1, 3, 5))
    assert colours(root)["DB11/996|M4"].startswith(f"{red},{green},{blue},")
    text = root.find("labeling/settings/text-style")
    assert text is not None and text.get("fieldName") == "parcel_no"
    assert root.find("aliases/alias[@field='official_area_m2']").get("name") == "用地面积"  # type: ignore[union-attr]
    assert fromstring(sld.split("\n", 1)[1]).tag.endswith("StyledLayerDescriptor")


def test_the_shapefile_has_them_beside_it_under_its_own_field_names(world: Workspace, tmp_path: Path) -> None:
    hand_out(world, Order(str(tmp_path / "p.shp"), "parcels"))
    qml = fromstring((tmp_path / "p.qml").read_text(encoding="utf-8"))
    assert "YDXZDM" in str(qml.find("renderer-v2").get("attr"))  # type: ignore[union-attr]
    assert qml.find("aliases/alias[@field='DKBH']").get("name") == "地块编号"  # type: ignore[union-attr]
    sld = fromstring((tmp_path / "p.sld").read_text(encoding="utf-8").split("\n", 1)[1])
    named = {name.text for name in sld.iter(f"{OGC}PropertyName")}
    assert named == {"FLBZ", "YDXZDM", "DKBH"}
    fill = sld.find(f".//{SE}PolygonSymbolizer/{SE}Fill/{SE}SvgParameter[@name='fill']")
    assert fill is not None and fill.text == use("DB11/996", "M4").colour


@pytest.mark.parametrize("kind", ["polygon", "line", "point"])
def test_every_symbol_says_its_properties_in_both_ways(kind: str) -> None:
    columns = (Column("kind", "text", "类别", "Kind"),)
    seen = Look(("kind",), (LookClass(('<"&',), "]]>", "#a0b0c0"),), "kind")
    style = Styled(seen, kind, columns, {"kind": 'k"<'}, "t")
    qml = fromstring(style.qml().split("\n", 1)[1])
    for layer in qml.iter("layer"):
        options = {one.get("name"): one.get("value") for one in layer.iter("Option") if one.get("name")}
        assert options == {one.get("k"): one.get("v") for one in layer.iter("prop")}
        assert options
    assert set(colours(qml)) == {'<"&', ""}
    sld = fromstring(style.sld().split("\n", 1)[1])
    assert [one.text for one in sld.iter(f"{OGC}Literal")] == ['<"&']
    assert len(list(sld.iter(f"{SE}ElseFilter"))) == 1


def test_a_layer_without_classes_has_one_colour(world: Workspace) -> None:
    seen = look(sheet(world, "buildings"))
    style = Styled(seen, "polygon", (Column("name", "text", "名称", ""),), {"name": "name"}, "b")
    root = fromstring(style.qml().split("\n", 1)[1])
    assert root.find("renderer-v2").get("type") == "singleSymbol"  # type: ignore[union-attr]
    assert len(list(root.iter("symbol"))) == 1


def test_parcels_are_coloured_by_class_and_code(world: Workspace) -> None:
    seen = look(sheet(world, "parcels"))
    assert seen.classes[0].values == ("DB11/996", "M4")
    numbers = seen.of(sheet(world, "parcels").frame)
    assert (numbers >= 0).all()
