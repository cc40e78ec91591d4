"""DXF for CAD: R2000 in ANSI_936, closed polylines by layer, numbers of parcels as text in a font that CAD has."""

from __future__ import annotations

import re

import numpy as np
import shapely
from ezdxf.colors import aci2rgb
from ezdxf.document import Drawing
from ezdxf.enums import TextEntityAlignment
from ezdxf.filemanagement import new, readfile
from ezdxf.layouts.layout import Modelspace

from layers.writers import losses, plain
from layers.writers.draft import Draft
from layers.writers.errors import NotTheSame
from layers.writers.looks import Look, look
from layers.writers.losses import Loss

VERSION, ENCODING, METRES = "R2000", "gbk", 6
STYLE = "SONGTI"
_FONT = "simsun.ttc"
_LABELS = "LABELS"
_NOT_IN_NAMES = re.compile(r"[<>/\\\":;?*|=`,\x00-\x1f\x7f]")
_LABEL_SHARE = 0.12
_SMALLEST_TEXT, _LARGEST_TEXT = 1.0, 20.0


def write(draft: Draft) -> list[Loss]:
    """The layer as a drawing: closed polylines for rings, a text for every row, all columns in a CSV beside it."""
    assert draft.shapes is not None  # noqa: S101  refused before
    seen = look(draft.made)
    labels, lost = _texts(draft, seen)
    draft.tell("writing")
    doc = new(VERSION, setup=False)
    doc.encoding = ENCODING
    doc.header["$INSUNITS"], doc.header["$MEASUREMENT"], doc.header["$LUPREC"] = METRES, 1, 3
    doc.styles.new(STYLE, dxfattribs={"font": _FONT})
    names = _layers(doc, seen)
    classes = seen.of(draft.made.frame).tolist()
    space = doc.modelspace()
    for row, shape in draft.heard(enumerate(draft.shapes)):
        if shape is None or shape.is_empty:
            continue
        _row(space, shape, names[classes[row]], labels[row])
    doc.saveas(draft.path, encoding=ENCODING)
    draft.tell("checking")
    _check(draft, labels)
    kept = [*seen.by, *([seen.label] if seen.label else [])]
    empty = len(draft.shapes) - draft.drawn
    if empty:
        lost.append(Loss("geometry", "no_outline", empty, {"format": "DXF"}))
    return lost + plain.attributes(draft, kept, "DXF")


def _texts(draft: Draft, seen: Look) -> tuple[list[str], list[Loss]]:
    if seen.label is None:
        return [""] * len(draft.made.frame), []
    values, lost = losses.for_drawing(draft.made.frame[seen.label], seen.label)
    return values.fillna("").astype("str").tolist(), lost


def _layers(doc: Drawing, seen: Look) -> dict[int, str]:
    """A layer for every class, named and coloured after it; −1 is what has none."""
    names: dict[int, str] = {}
    taken = {_LABELS, "0"}
    for number, one in [*enumerate(seen.classes), (-1, None)]:
        label = "OTHER" if one is None else one.label
        plain_ = _NOT_IN_NAMES.sub("_", losses.escaped(label).replace("\\", "")).strip()[:60] or "OTHER"
        plain_ = plain_.encode(ENCODING, "replace").decode(ENCODING).replace("?", "_")
        name, again = plain_, 1
        while name.upper() in taken:
            again += 1
            name = f"{plain_}_{again}"
        taken.add(name.upper())
        colour = seen.plain if one is None else one.colour
        layer = doc.layers.add(name)
        layer.rgb = tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))  # type: ignore[assignment]
        layer.color = _nearest(colour)
        names[number] = name
    doc.layers.add(_LABELS, color=7)
    return names


def _nearest(colour: str) -> int:
    """The colour of the 255 of a CAD palette that is nearest, for programs that know no other."""
    wanted = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
    palette = np.array([tuple(aci2rgb(number)) for number in range(1, 256)])
    return 1 + int(np.argmin(((palette - wanted) ** 2).sum(axis=1)))


def _row(space: Modelspace, shape: shapely.Geometry, layer: str, label: str) -> None:
    at = {"layer": layer}
    for part in shapely.get_parts(shape):
        if part.geom_type == "Polygon":
            for ring in shapely.get_rings(part):
                space.add_lwpolyline(shapely.get_coordinates(ring)[:-1].tolist(), close=True, dxfattribs=at)
        elif part.geom_type == "Point":
            space.add_point((part.x, part.y), dxfattribs=at)
        else:
            space.add_lwpolyline(shapely.get_coordinates(part).tolist(), dxfattribs=at)
    if label:
        place = shapely.point_on_surface(shape)
        height = float(np.clip(_LABEL_SHARE * np.sqrt(shape.area), _SMALLEST_TEXT, _LARGEST_TEXT))
        text = space.add_text(label, height=round(height, 1), dxfattribs={"layer": _LABELS, "style": STYLE})
        text.set_placement((place.x, place.y), align=TextEntityAlignment.MIDDLE_CENTER)


def _check(draft: Draft, labels: list[str]) -> None:
    """Open the drawing again: no fault in it, every ring to the last bit, every text."""
    where = draft.path.name
    doc = readfile(draft.path)
    faults = doc.audit().errors
    if faults:
        raise NotTheSame(where=where, what=str(faults[0].message)[:80])
    if doc.encoding != ENCODING or doc.header["$INSUNITS"] != METRES:
        raise NotTheSame(where=where, what=f"{doc.encoding}, $INSUNITS {doc.header['$INSUNITS']}")
    assert draft.shapes is not None  # noqa: S101
    space = doc.modelspace()
    drawn = [shape for shape in draft.shapes if shape is not None and not shape.is_empty]
    flat = shapely.get_parts(np.array([*drawn, None], dtype=object)[:-1])
    rings = [ring for part in flat if part.geom_type != "Point" for ring in _lines(part)]
    lines = space.query("LWPOLYLINE")
    if len(lines) != len(rings) or len(space.query("POINT")) != sum(part.geom_type == "Point" for part in flat):
        raise NotTheSame(where=where, what=f"{len(lines)} ≠ {len(rings)} rings")
    for number, (line, ring) in enumerate(zip(lines, rings, strict=True)):
        points = np.array(line.get_points("xy"))
        if points.shape != ring.shape or not (points == ring).all():
            raise NotTheSame(where=where, what=f"ring {number}")
    said = [losses.unescaped(text.dxf.text) for text in space.query("TEXT")]
    wanted = [
        losses.unescaped(label)
        for label, shape in zip(labels, draft.shapes, strict=True)
        if label and shape is not None and not shape.is_empty
    ]
    if said != wanted:
        raise NotTheSame(where=where, what=f"{len(said)} texts")


def _lines(part: shapely.Geometry) -> list[np.ndarray]:
    if part.geom_type != "Polygon":
        return [shapely.get_coordinates(part)]
    return [shapely.get_coordinates(ring)[:-1] for ring in shapely.get_rings(part)]
