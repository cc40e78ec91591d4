"""KML for 奥维, Google Earth and the like: longitude and latitude without any shift, colours, labelled fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO
from xml.etree.ElementTree import iterparse
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.contract import Column
from layers.field_names import LAYER_NAMES_ZH
from layers.writers import losses, verify
from layers.writers.draft import Draft, cleaned, families
from layers.writers.errors import NotTheSame
from layers.writers.looks import INK, Look, look
from layers.writers.losses import Loss, in_xml

DECIMALS = 9
STATEMENT = (
    "坐标为 WGS84/CGCS2000 经纬度，未加偏。Coordinates are WGS84/CGCS2000 longitude and latitude, not shifted."
)
_SPACE = "http://www.opengis.net/kml/2.2"
_NONE = "none"
_ON_THE_GROUND = "<tessellate>1</tessellate>"
"""Edges follow the ground between their vertices; without an altitude, a vertex lies on it anyway."""


def write(draft: Draft) -> list[Loss]:
    """The layer as one KML document."""
    assert draft.shapes is not None  # noqa: S101  refused before
    frame, lost = cleaned(draft, text=losses.for_xml, number=losses.finite)
    seen = look(draft.made)
    draft.tell("writing")
    with draft.path.open("w", encoding="utf-8", newline="\n") as handle:
        _document(handle, draft, frame, seen)
    draft.tell("checking")
    _check(draft, frame, seen)
    if draft.drawn:
        lost.append(Loss("geometry", "coordinates_rounded", draft.drawn, {"decimals": DECIMALS, "size": "0.1 mm"}))
    for column in draft.columns:
        if column.kind in ("text", "list"):
            empty = int((frame[column.name] == "").sum())
            lost += [Loss(column.name, "null_reads_blank", empty)] if empty else []
    return lost


def _document(handle: TextIO, draft: Draft, frame: pd.DataFrame, seen: Look) -> None:
    title = f"{draft.about.workspace} {LAYER_NAMES_ZH[draft.made.layer]}"
    told = f"{STATEMENT}\n{draft.about.scenario} r{draft.about.revision} · {draft.about.made_on}"
    handle.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="{_SPACE}">\n<Document>\n')
    handle.write(f"<name>{_text(title)}</name>\n<description>{_text(told)}</description>\n")
    assert draft.shapes is not None  # noqa: S101
    inked = "line" not in families(draft.shapes)
    for number, one in enumerate(seen.classes):
        handle.write(_style(str(number), one.colour, seen.opacity, inked))
    handle.write(_style(_NONE, seen.plain, seen.opacity, inked))
    columns = [(column, _cells(frame[column.name], column)) for column in draft.columns]
    labels = frame[seen.label].fillna("").tolist() if seen.label else [""] * len(frame)
    classes = seen.of(frame).tolist()
    for row, shape in draft.heard(enumerate(draft.shapes)):
        style = classes[row] if classes[row] >= 0 else _NONE
        handle.write(f"<Placemark><name>{_text(labels[row])}</name><styleUrl>#c{style}</styleUrl>\n<ExtendedData>")
        for column, cells in columns:
            if cells[row] is not None:
                handle.write(
                    f"<Data name={quoteattr(in_xml(column.name))}><displayName>{_text(_shown(column))}</displayName>"
                    f"<value>{_text(cells[row])}</value></Data>"
                )
        handle.write(f"</ExtendedData>\n{_geometry(shape)}</Placemark>\n")
    handle.write("</Document>\n</kml>\n")


def _style(name: str, colour: str, opacity: float, inked: bool) -> str:
    """A style; lines that are no edge of anything have the colour of their class."""
    edge, width = (INK, 1) if inked else (colour, 3)
    return (
        f'<Style id="c{name}"><LabelStyle><scale>0.8</scale></LabelStyle>'
        f"<IconStyle><color>{_abgr(colour, 1.0)}</color></IconStyle>"
        f"<LineStyle><color>{_abgr(edge, 1.0)}</color><width>{width}</width></LineStyle>"
        f"<PolyStyle><color>{_abgr(colour, opacity)}</color></PolyStyle></Style>\n"
    )


def _abgr(colour: str, opacity: float) -> str:
    """``#rrggbb`` as KML writes it: opacity first, then blue, green, red."""
    return f"{round(opacity * 255):02x}{colour[5:7]}{colour[3:5]}{colour[1:3]}"


def _shown(column: Column) -> str:
    return f"{column.zh}（{column.unit}）" if column.unit else column.zh


def _cells(values: pd.Series, column: Column) -> list[str | None]:
    if column.kind == "number":
        return [None if value != value else repr(float(value)) for value in values.astype(float)]
    kept = values.astype(object)
    if column.kind == "boolean":
        return [None if pd.isna(value) else str(bool(value)).lower() for value in kept]
    return [None if pd.isna(value) else str(value) for value in kept]


def _text(value: object) -> str:
    return escape(in_xml(str(value)))


def _geometry(shape: BaseGeometry | None) -> str:
    if shape is None or shape.is_empty:
        return ""
    parts = shapely.get_parts(shape)
    drawn = "".join(_part(part) for part in parts)
    return drawn if len(parts) == 1 else f"<MultiGeometry>{drawn}</MultiGeometry>"


def _part(part: BaseGeometry) -> str:
    if part.geom_type == "Point":
        return f"<Point><coordinates>{_coordinates(part)}</coordinates></Point>"
    if part.geom_type == "LineString":
        return f"<LineString>{_ON_THE_GROUND}<coordinates>{_coordinates(part)}</coordinates></LineString>"
    rings = shapely.get_rings(shapely.orient_polygons(part))
    out = []
    for place, ring in enumerate(rings):
        side = "outerBoundaryIs" if place == 0 else "innerBoundaryIs"
        out.append(f"<{side}><LinearRing><coordinates>{_coordinates(ring)}</coordinates></LinearRing></{side}>")
    return f"<Polygon>{_ON_THE_GROUND}{''.join(out)}</Polygon>"


def _coordinates(shape: BaseGeometry) -> str:
    return " ".join(f"{x:.{DECIMALS}f},{y:.{DECIMALS}f}" for x, y in shapely.get_coordinates(shape).tolist())


def _check(draft: Draft, frame: pd.DataFrame, seen: Look) -> None:
    """Read the document again: every placemark, its fields and its outline."""
    where = draft.path.name
    columns = {column.name: _cells(frame[column.name], column) for column in draft.columns}
    labels = frame[seen.label].fillna("").tolist() if seen.label else [""] * len(frame)
    shapes: list[BaseGeometry | None] = []
    for row, (name, fields, shape) in draft.heard(enumerate(placemarks(draft.path)), "checking"):
        if row >= len(frame) or name != labels[row]:
            raise NotTheSame(where=where, what=f"name, row {row}: {name[:40]!r}")
        expected = {key: cells[row] for key, cells in columns.items() if cells[row] is not None}
        if {in_xml(key): value for key, value in expected.items()} != fields:
            wrong = next((key for key in expected if fields.get(in_xml(key)) != expected[key]), "—")
            raise NotTheSame(where=where, what=f"{wrong}, row {row}")
        shapes.append(shape)
    if len(shapes) != len(frame):
        raise NotTheSame(where=where, what=f"{len(shapes)} ≠ {len(frame)} rows")
    assert draft.shapes is not None  # noqa: S101
    verify.same_shapes(where, draft.shapes, np.array([*shapes, None], dtype=object)[:-1], 10.0**-DECIMALS)


def placemarks(path: Path) -> Iterator[tuple[str, dict[str, str], BaseGeometry | None]]:
    """Name, fields and geometry of each placemark of a document of ours, in order."""
    fields: dict[str, str] = {}
    parts: list[BaseGeometry] = []
    rings: list[str] = []
    name = ""
    for _event, element in iterparse(path):  # noqa: S314  our own file, written a moment ago
        tag = element.tag.removeprefix(f"{{{_SPACE}}}")
        if tag == "Data":
            value = element.find(f"{{{_SPACE}}}value")
            fields[element.get("name", "")] = "" if value is None else value.text or ""
        elif tag == "coordinates":
            rings.append(element.text or "")
        elif tag in ("Point", "LineString", "Polygon"):
            parts.append(_shape(tag, [_points(text) for text in rings]))
            rings = []
        elif tag == "name":
            name = element.text or ""
        elif tag == "Placemark":
            shape = None if not parts else parts[0] if len(parts) == 1 else _several(parts)
            yield name, fields, shape
            fields, parts, rings, name = {}, [], [], ""
            element.clear()


def _shape(tag: str, rings: list[np.ndarray]) -> BaseGeometry:
    if tag == "Polygon":
        return shapely.Polygon(rings[0], rings[1:])
    return shapely.Point(rings[0][0]) if tag == "Point" else shapely.LineString(rings[0])


def _several(parts: list[BaseGeometry]) -> BaseGeometry:
    makers = {"Polygon": shapely.MultiPolygon, "Point": shapely.MultiPoint, "LineString": shapely.MultiLineString}
    return makers[parts[0].geom_type](parts)


def _points(text: str) -> np.ndarray:
    return np.array([[float(value) for value in point.split(",")] for point in text.split()])
