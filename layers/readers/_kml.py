"""Placemarks of a KML file as rows, for the child process that has the file open; imports nothing of this project.

GDAL's two KML drivers turn every Chinese name of an extended field into underscores, or leave these fields out, so
this format is read here: with expat, in one pass, and with no document type.
"""

from __future__ import annotations

import html
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

NAME, DESCRIPTION, FOLDER = "name", "description", "folder"
_UNREADABLE = b"\x01"
"""Stands for a geometry that is there and cannot be parsed; no reader of WKB takes it."""
_ASIDE = ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay", "Tour")
"""Elements that people see in a viewer of KML and that are no rows: links to other files, pictures, flights."""
_HEAVY = 2_000
_MOST_COLUMNS = 1_000
_CELLS = re.compile(r"<tr[^>]*>\s*<t[dh][^>]*>([^<]{1,200})</t[dh]>\s*<t[dh][^>]*>([^<]*)</t[dh]>\s*</tr>", re.I)
_POINT, _LINE, _POLYGON, _MANY = 1, 2, 3, 7
_TOGETHER = {_POINT: 4, _LINE: 5, _POLYGON: 6}

Ring = list[tuple[float, float, float]]


@dataclass
class Placemarks:
    """Rows of a file: columns of text, and WKB or None; and elements that are no placemarks, counted."""

    columns: dict[str, list[str | None]] = field(default_factory=dict)
    shapes: list[bytes | None] = field(default_factory=list)
    left: dict[str, int] = field(default_factory=dict)

    def add(self, values: dict[str, str], shape: bytes | None) -> None:
        """Put one more row."""
        for name in values:
            if name not in self.columns:
                if len(self.columns) >= _MOST_COLUMNS:
                    raise ValueError(f"more than {_MOST_COLUMNS} fields")
                self.columns[name] = [None] * len(self.shapes)
        for name, column in self.columns.items():
            column.append(values.get(name))
        self.shapes.append(shape)


def placemarks(path: str, progress: Callable[[int], None]) -> Placemarks:
    """Every placemark of a file, with the path of the folders that it lies in.

    Raises
    ------
    ValueError
        For what is no KML.
    """
    out, folders, above = Placemarks(), [], []
    named: list[str] = []
    try:
        with Path(path).open("rb") as handle:
            for event, element in iterparse(handle, ("start", "end")):  # noqa: S314  # no DOCTYPE comes as far as here
                tag = _plain(element.tag)
                if event == "start":
                    above.append(element)
                    if tag == "Folder":
                        folders.append(element)
                        named.append("")
                    continue
                above.pop()
                if tag == "name" and above and folders and above[-1] is folders[-1]:
                    named[-1] = _text(element)
                if tag == "Folder":
                    folders.pop()
                    named.pop()
                if tag == "Placemark":
                    out.add(_values(element, [name for name in named if name]), _shape_of(element))
                    if len(out.shapes) % _HEAVY == 0:
                        progress(len(out.shapes))
                if tag in _ASIDE:
                    out.left[tag] = out.left.get(tag, 0) + 1
                if tag in (*_ASIDE, "Placemark", "Folder", "Style", "StyleMap", "Document") and above:
                    above[-1].remove(element)
    except ParseError as error:
        raise ValueError(str(error)) from error
    return out


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _values(placemark: Element, folders: list[str]) -> dict[str, str]:
    out: dict[str, str] = {}
    for child in placemark:
        tag = _plain(child.tag)
        if tag == "name":
            out[NAME] = _text(child)
        elif tag == "description":
            out |= _described("".join(child.itertext()).strip())
        elif tag == "ExtendedData":
            out |= dict(_extended(child))
    if folders:
        out[FOLDER] = "/".join(folders)
    return {name: value for name, value in out.items() if value}


def _described(text: str) -> dict[str, str]:
    """A description; a table of names and values, as ArcGIS writes one, becomes fields."""
    cells = _CELLS.findall(text) if "<t" in text.lower() else []
    if not cells:
        return {DESCRIPTION: text}
    return {" ".join(html.unescape(name).split()): " ".join(html.unescape(value).split()) for name, value in cells}


def _extended(element: Element) -> Iterator[tuple[str, str]]:
    for part in element.iter():
        tag, name = _plain(part.tag), part.get("name")
        if tag == "SimpleData" and name:
            yield name, (part.text or "").strip()
        elif tag == "Data" and name:
            value = next((child for child in part if _plain(child.tag) == "value"), None)
            yield name, "" if value is None else "".join(value.itertext()).strip()


def _shape_of(placemark: Element) -> bytes | None:
    try:
        found = [shape for child in placemark if (shape := _shape(child)) is not None]
    except (ValueError, IndexError, struct.error):
        return _UNREADABLE
    if not found:
        return _UNREADABLE if any(_plain(child.tag) == "Model" for child in placemark) else None
    return found[0][1] if len(found) == 1 else _together(found)[1]


def _shape(element: Element) -> tuple[int, bytes] | None:
    """Kind and WKB of a geometry; None for any other element."""
    tag = _plain(element.tag)
    if tag == "Point":
        ring = _ring(element)
        return (_POINT, _wkb(_POINT, ring[:1], count=False)) if ring else None
    if tag in ("LineString", "LinearRing"):
        return _LINE, _wkb(_LINE, _ring(element))
    if tag == "Track":
        return _LINE, _wkb(_LINE, [_position(_text(part).split()) for part in element if _plain(part.tag) == "coord"])
    if tag == "Polygon":
        rings = [
            _ring(boundary)
            for side in ("outerBoundaryIs", "innerBoundaryIs")
            for boundary in element
            if _plain(boundary.tag) == side
        ]
        return _POLYGON, _polygon(rings)
    if tag in ("MultiGeometry", "MultiTrack"):
        parts = [part for child in element if (part := _shape(child)) is not None]
        return _together(parts)
    return None


def _together(parts: list[tuple[int, bytes]]) -> tuple[int, bytes]:
    """Several geometries as one."""
    kinds = {kind for kind, _ in parts}
    several = _TOGETHER.get(min(kinds), _MANY) if len(kinds) == 1 else _MANY
    return _MANY, struct.pack("<BII", 1, several, len(parts)) + b"".join(data for _, data in parts)


def _ring(element: Element) -> Ring:
    found = next((part for part in element.iter() if _plain(part.tag) == "coordinates"), None)
    text = re.sub(r"\s*,\s*", ",", (found.text or "") if found is not None else "")
    return [_position(token.split(",")) for token in text.split()]


def _position(numbers: list[str]) -> tuple[float, float, float]:
    return float(numbers[0]), float(numbers[1]), float(numbers[2]) if len(numbers) > 2 and numbers[2] else 0.0


def _polygon(rings: list[Ring]) -> bytes:
    deep = any(z for ring in rings for _, _, z in ring)
    code = _POLYGON + 1000 * deep
    return struct.pack("<BII", 1, code, len(rings)) + b"".join(_numbers(ring, deep) for ring in rings)


def _wkb(kind: int, ring: Ring, *, count: bool = True) -> bytes:
    deep = any(z for _, _, z in ring)
    return struct.pack("<BI", 1, kind + 1000 * deep) + _numbers(ring, deep)[0 if count else 4 :]


def _numbers(ring: Ring, deep: bool) -> bytes:
    flat = [number for position in ring for number in position[: 3 if deep else 2]]
    return struct.pack(f"<I{len(flat)}d", len(ring), *flat)


def written(path: str, out: str, progress: Callable[[int], None]) -> dict[str, Any]:
    """Write the placemarks of a file as Arrow, the geometry last."""
    import pyarrow as pa

    found = placemarks(path, progress)
    fields = [pa.array(values, type=pa.string()) for values in found.columns.values()]
    shapes = pa.array(found.shapes, type=pa.binary())
    schema = pa.schema([pa.field(name, pa.string()) for name in found.columns] + [pa.field("", pa.binary())])
    with pa.OSFile(out, "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        writer.write_batch(pa.record_batch([*fields, shapes], schema=schema))
    told = {"name": "", "file": out, "rows": len(found.shapes), "curved": 0, "left": found.left}
    return told | {"geometry": "Unknown", "crs": "EPSG:4326"}
