"""Styles that travel with a file: QML for QGIS, SLD for others, and the table by which a GeoPackage brings both.

QML says each property twice, as an `Option` and as a `prop`: QGIS before 3.26 reads the second only.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from layers.contract import Column
from layers.writers.looks import INK, Look, LookClass
from layers.writers.losses import in_xml

KINDS = {"polygon": "fill", "line": "line", "point": "marker"}
"""Kind of geometry to what QGIS calls its symbol."""

_CLASSES = {"fill": "SimpleFill", "line": "SimpleLine", "marker": "SimpleMarker"}
_SLD, _SE, _OGC = (f"http://www.opengis.net/{name}" for name in ("sld", "se", "ogc"))
_FONT = "SimSun"
_TABLE = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30),
  update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
)"""
_LISTED = """
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id)
VALUES ('layer_styles', 'attributes', 'layer_styles', '', 0)"""
_STYLE = """
INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML,
  styleSLD, useAsDefault, description, owner, ui) VALUES ('', '', ?, ?, ?, ?, ?, 1, ?, '', '')"""


@dataclass(frozen=True)
class Styled:
    """A look as it is written for one file.

    Parameters
    ----------
    kind
        ``polygon``, ``line`` or ``point``.
    names
        Column to its name in the file.
    """

    look: Look
    kind: str
    columns: Sequence[Column]
    names: Mapping[str, str]
    title: str

    def qml(self) -> str:
        """The style as QGIS keeps it: colours by class, labels, and what people call the fields."""
        root = Element("qgis", version="3.34.0", styleCategories="Symbology|Labeling|Fields", labelsEnabled="1")
        symbol = KINDS[self.kind]
        if self.look.by:
            renderer = _renderer(root, "categorizedSymbol", attr=_joined([self.names[name] for name in self.look.by]))
            categories = SubElement(renderer, "categories")
            for number, one in enumerate(self._classes()):
                value = "|".join(one.values)
                SubElement(
                    categories, "category",
                    render="true", symbol=str(number), value=in_xml(value), label=in_xml(one.label), type="string",
                )  # fmt: skip
        else:
            renderer = _renderer(root, "singleSymbol")
        symbols = SubElement(renderer, "symbols")
        for number, one in enumerate(self._classes() or [LookClass((), "", self.look.plain)]):
            _symbol(symbols, str(number), symbol, one.colour, self.look.opacity)
        if self.look.label is not None:
            _labelling(root, self.names[self.look.label])
        else:
            root.set("labelsEnabled", "0")
        aliases = SubElement(root, "aliases")
        for number, column in enumerate(self.columns):
            name = "" if column.zh == column.name else column.zh
            SubElement(aliases, "alias", index=str(number), field=in_xml(self.names[column.name]), name=in_xml(name))
        return f"<!DOCTYPE qgis>\n{_text(root)}\n"

    def sld(self) -> str:
        """The style as the OGC writes it, version 1.1 of Symbology Encoding."""
        spaces = {"xmlns": _SLD, "xmlns:se": _SE, "xmlns:ogc": _OGC, "version": "1.1.0"}
        root = Element("StyledLayerDescriptor", spaces)
        layer = SubElement(root, "NamedLayer")
        SubElement(layer, "se:Name").text = in_xml(self.title)
        style = SubElement(SubElement(layer, "UserStyle"), "se:FeatureTypeStyle")
        for one in self._classes() or [LookClass((), self.title, self.look.plain)]:
            rule = SubElement(style, "se:Rule")
            SubElement(rule, "se:Name").text = in_xml(one.label)
            if one.values and any(one.values):
                self._filter(rule, one)
            elif one.values or (self.look.by and not one.values):
                SubElement(rule, "se:ElseFilter")
            _symbolizer(rule, self.kind, one.colour, self.look.opacity)
        if self.look.label is not None:
            rule = SubElement(style, "se:Rule")
            text = SubElement(rule, "se:TextSymbolizer")
            SubElement(SubElement(text, "se:Label"), "ogc:PropertyName").text = in_xml(self.names[self.look.label])
            _parameters(SubElement(text, "se:Font"), {"font-family": _FONT, "font-size": "11"})
            _parameters(SubElement(text, "se:Fill"), {"fill": INK})
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{_text(root)}\n'

    def _classes(self) -> list[LookClass]:
        """The classes; rows that say nothing come last, because for SLD they are what is left."""
        some = [one for one in self.look.classes if any(one.values)]
        rest = [one for one in self.look.classes if not any(one.values)]
        if self.look.by and not rest:
            rest = [LookClass((), "—", "#d5dadd")]
        return [*some, *rest]

    def _filter(self, rule: Element, one: LookClass) -> None:
        place = SubElement(rule, "ogc:Filter")
        pairs = [(self.names[name], value) for name, value in zip(self.look.by, one.values, strict=True) if value]
        if len(pairs) > 1:
            place = SubElement(place, "ogc:And")
        for name, value in pairs:
            equal = SubElement(place, "ogc:PropertyIsEqualTo")
            SubElement(equal, "ogc:PropertyName").text = in_xml(name)
            SubElement(equal, "ogc:Literal").text = in_xml(value)


def into_geopackage(path: Path, table: str, geometry: str, style: Styled) -> None:
    """Put a style into a GeoPackage of ours, so that QGIS shows it on opening."""
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute(_TABLE)
        file.execute(_LISTED)
        file.execute(_STYLE, (table, geometry, style.title[:30], style.qml(), style.sld(), style.title))


def _renderer(root: Element, kind: str, **more: str) -> Element:
    said = {"type": kind, "forceraster": "0", "symbollevels": "0", "enableorderby": "0", "referencescale": "-1"}
    return SubElement(root, "renderer-v2", said | more)


def _joined(fields: Sequence[str]) -> str:
    """The expression by which QGIS finds the class of a row."""
    quoted = [f'''coalesce("{name.replace('"', '""')}",'')''' for name in fields]
    return " || '|' || ".join(quoted)


def _symbol(symbols: Element, name: str, kind: str, colour: str, opacity: float) -> None:
    symbol = SubElement(symbols, "symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(symbol, "layer", {"class": _CLASSES[kind], "pass": "0"}, enabled="1", locked="0")
    solid, ink = _rgba(colour, 1.0), _rgba(INK, 1.0)
    if kind == "fill":
        edge = ink if opacity > 0.5 else solid
        said = {
            "color": _rgba(colour, opacity), "style": "solid", "joinstyle": "miter", "outline_color": edge,
            "outline_style": "solid", "outline_width": "0.2" if opacity > 0.5 else "0.6", "outline_width_unit": "MM",
        }  # fmt: skip
    elif kind == "line":
        said = {"line_color": solid, "line_width": "0.5", "line_width_unit": "MM", "line_style": "solid"}
    else:
        said = {
            "color": solid, "name": "circle", "size": "3", "size_unit": "MM",
            "outline_color": ink, "outline_width": "0.2", "outline_style": "solid", "outline_width_unit": "MM",
        }  # fmt: skip
    options = SubElement(layer, "Option", type="Map")
    for key, value in said.items():
        SubElement(options, "Option", type="QString", name=key, value=value)
    for key, value in said.items():
        SubElement(layer, "prop", k=key, v=value)


def _labelling(root: Element, name: str) -> None:
    settings = SubElement(SubElement(root, "labeling", type="simple"), "settings", calloutType="simple")
    text = SubElement(
        settings, "text-style",
        fieldName=in_xml(name), isExpression="0", fontFamily=_FONT, fontSize="9", fontSizeUnit="Point",
        textColor=_rgba(INK, 1.0), textOpacity="1", fontWeight="50", fontItalic="0",
    )  # fmt: skip
    SubElement(
        text, "text-buffer",
        bufferDraw="1", bufferSize="0.7", bufferSizeUnits="MM", bufferColor="255,255,255,255", bufferOpacity="0.8",
    )  # fmt: skip
    SubElement(settings, "placement", placement="4", centroidInside="1", centroidWhole="0", priority="5")
    SubElement(settings, "rendering", drawLabels="1", obstacle="1", scaleVisibility="0", fontMinPixelSize="3")


def _symbolizer(rule: Element, kind: str, colour: str, opacity: float) -> None:
    if kind == "point":
        graphic = SubElement(SubElement(rule, "se:PointSymbolizer"), "se:Graphic")
        mark = SubElement(graphic, "se:Mark")
        SubElement(mark, "se:WellKnownName").text = "circle"
        _parameters(SubElement(mark, "se:Fill"), {"fill": colour})
        SubElement(graphic, "se:Size").text = "9"
        return
    symbol = SubElement(rule, "se:PolygonSymbolizer" if kind == "polygon" else "se:LineSymbolizer")
    if kind == "polygon":
        _parameters(SubElement(symbol, "se:Fill"), {"fill": colour, "fill-opacity": f"{opacity:g}"})
    edge = INK if kind == "polygon" and opacity > 0.5 else colour
    _parameters(SubElement(symbol, "se:Stroke"), {"stroke": edge, "stroke-width": "1"})


def _parameters(place: Element, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        SubElement(place, "se:SvgParameter", name=name).text = value


def _rgba(colour: str, opacity: float) -> str:
    """``#rrggbb`` as QGIS writes it: four numbers from 0 to 255."""
    parts = [str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)]
    return ",".join([*parts, str(round(opacity * 255))])


def _text(root: Element) -> str:
    indent(root, " ")
    return tostring(root, encoding="unicode")
