"""Small drawings of parcels beside a table: what changed, on the ground around it; pictures that run nothing."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.workspace import Workspace
from views.markup import Markup, tag

_LOOK = {
    "ground": {"fill": "#f1f3f4", "stroke": "#c9d1d5", "stroke_width": "0.8"},
    "zone": {"fill": "none", "stroke": "#7f8f97", "stroke_width": "1.2", "stroke_dasharray": "5 3"},
    "same": {"fill": "#ffffff", "stroke": "#44545c", "stroke_width": "1.3"},
    "added": {"fill": "#bfe0dc", "stroke": "#12696b", "stroke_width": "1.6"},
    "removed": {"fill": "#f0cfca", "stroke": "#a63a2e", "stroke_width": "1.6", "stroke_dasharray": "4 2"},
    "changed": {"fill": "#f3deb0", "stroke": "#b5781b", "stroke_width": "1.6"},
}
_EDGE = 14.0
_MOST_AROUND = 1_500
_MOST_LABELS = 40
_SMALLEST_M = 60.0


@dataclass(frozen=True)
class Shape:
    """One outline of a drawing: how it looks and what is written on it."""

    geometry: Any
    kind: str
    label: str = ""


def drawing(
    shapes: Sequence[Shape], around: Workspace | None = None, *, wide: float = 560, high: float = 340, note: str = ""
) -> Markup:
    """A picture of shapes, as large as they are; empty where none has an outline.

    Parameters
    ----------
    around
        Where the parcels and zones that lie around them are taken from.
    note
        What it shows, for those who cannot see it.
    """
    drawn = [shape for shape in shapes if shape.geometry is not None and shapely.area(shape.geometry) > 0]
    if not drawn:
        return Markup()
    frame = _frame(np.array([shape.geometry for shape in drawn] + [None], dtype=object)[:-1], wide / high)
    back = [] if around is None else _ground(around, frame, drawn)
    scale = (wide - 2 * _EDGE) / (frame[2] - frame[0])
    parts = [_path(shape, frame, scale, high) for shape in [*back, *drawn]]
    parts += _names(drawn, frame, scale, high)
    return picture(parts, wide, high, css="cz-drawing", alt=note)


def picture(parts: Sequence[Markup], wide: float, high: float, *, css: str, **said: str) -> Markup:
    """Parts of a drawing as a picture that runs nothing; `said` are attributes for those who cannot see it."""
    svg = tag(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {wide:.0f} {high:.0f}",
        width=f"{wide * 2:.0f}", height=f"{high * 2:.0f}", font_family="sans-serif",
    )  # fmt: skip
    code = base64.b64encode(svg.encode("utf-8")).decode("ascii")
    return tag("img", css=css, src=f"data:image/svg+xml;base64,{code}", **said)


def _frame(shapes: np.ndarray, ratio: float) -> tuple[float, float, float, float]:
    """The box of the drawing [m]: that of the shapes, with air around it, in the proportion of the picture."""
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    wide, high = max(east - west, _SMALLEST_M) * 1.3, max(north - south, _SMALLEST_M) * 1.3
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    x, y = (west + east) / 2, (south + north) / 2
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _ground(around: Workspace, frame: tuple[float, ...], drawn: Sequence[Shape]) -> list[Shape]:
    window = shapely.box(*frame)
    own = {id(shape.geometry) for shape in drawn}
    found = []
    for layer, kind in (("parcels", "ground"), ("zones", "zone")):
        shapes = around.shapes(layer)
        near = np.flatnonzero(shapely.intersects(shapes, window))[:_MOST_AROUND]
        found += [Shape(shapes[at], kind) for at in near if id(shapes[at]) not in own]
    return found


def _path(shape: Shape, frame: tuple[float, ...], scale: float, high: float) -> Markup:
    strokes = []
    for ring in shapely.get_rings(shapely.get_parts(shape.geometry)):
        points = (shapely.get_coordinates(ring) - np.array(frame[:2])) * scale
        strokes.append("M" + " L".join(f"{x + _EDGE:.1f} {high - _EDGE - y:.1f}" for x, y in points) + "Z")
    return tag("path", d="".join(strokes), fill_rule="evenodd", **_LOOK[shape.kind])


def _names(shapes: Sequence[Shape], frame: tuple[float, ...], scale: float, high: float) -> list[Markup]:
    """Labels of the largest shapes, as many as do not cover each other."""
    taken: list[shapely.Polygon] = []
    written: list[Markup] = []
    for shape in sorted((one for one in shapes if one.label), key=lambda one: -float(shapely.area(one.geometry))):
        centre = shapely.point_on_surface(shape.geometry)
        x = (shapely.get_x(centre) - frame[0]) * scale + _EDGE
        y = high - _EDGE - (shapely.get_y(centre) - frame[1]) * scale
        half = 3.6 * min(len(shape.label), 18)
        box = shapely.box(x - half, y - 7, x + half, y + 7)
        if len(written) < _MOST_LABELS and not any(shapely.intersects(box, other) for other in taken):
            taken.append(box)
            written.append(_name(shape.label, x, y))
    return written


def _name(label: str, x: float, y: float) -> Markup:
    return tag(
        "text", label[:18], x=f"{x:.1f}", y=f"{y + 4:.1f}", font_size="11", text_anchor="middle",
        fill="#1e2a32", stroke="#ffffff", stroke_width="2.6", paint_order="stroke",
    )  # fmt: skip


def keys(words: Mapping[str, str]) -> Markup:
    """What the colours of a drawing mean."""
    marks = [
        tag("span", tag("i", css="cz-key", style=f"background:{_LOOK[kind]['fill']}"), word)
        for kind, word in words.items()
    ]
    return tag("div", *marks, css="cz-keys")
