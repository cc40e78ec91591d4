"""Drawings (DXF) as parcels: closed lines are outlines, and the texts inside an outline are its attributes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from layers.readers.features import Choice, Features, FoundLayer, OpenRing
from layers.readers.gdal import read_whole
from layers.readers.grouping import grouped, of_group
from layers.readers.notes import note
from layers.readers.open_rings import NEAR_M, NEAR_SHARE, meant, noted, polygon
from layers.readers.source import Source

LAYER, TEXT = "layer", "text"
"""Columns of an outline: the layer of the drawing that it is on, and all texts inside it."""


def read_drawing(source: Source, choice: Choice) -> Features:
    """Read the outlines of a drawing, or those on one of its layers.

    Raises
    ------
    ChooseLayer, FileRefused, Cancelled
    """
    drawn = of_group(outlined(read_whole(source, choice)), LAYER, source, choice)
    left = passed_over(source.path.read_text(encoding="utf-8"))
    if not left:
        return drawn
    said = ", ".join(f"{name} × {count}" for name, count in sorted(left.items()))
    told = note("elements_left_out", "", severity="warning", value=sum(left.values()), limit=said)
    return replace(drawn, notes=(*drawn.notes, told))


def passed_over(text: str) -> dict[str, int]:
    r"""Kinds of entities that the library below does not read, and how many there are.

    >>> passed_over("0\nSECTION\n2\nENTITIES\n0\nXLINE\n8\n0\n0\nLINE\n8\n0\n0\nENDSEC\n")
    {'XLINE': 1}
    """
    section = _ENTITIES.search(text)
    if section is None:
        return {}
    kinds = Counter(_ENTITY.findall(text, section.end(), _end(text, section.end())))
    return {kind: count for kind, count in kinds.items() if kind not in _READ}


def _end(text: str, start: int) -> int:
    found = _ENDS.search(text, start)
    return found.start() if found else len(text)


_ENTITIES = re.compile(r"^\s*2\s*\n\s*ENTITIES\s*$", re.M)
_ENDS = re.compile(r"^\s*0\s*\n\s*ENDSEC\s*$", re.M)
_ENTITY = re.compile(r"^ *0 *\r?\n([A-Z][A-Z0-9_]+) *\r?$", re.M)
_READ = frozenset(
    (
        "POINT", "LINE", "LWPOLYLINE", "POLYLINE", "VERTEX", "SEQEND", "TEXT", "MTEXT", "ATTRIB", "ATTDEF", "CIRCLE",
        "ELLIPSE", "ARC", "SPLINE", "HELIX", "INSERT", "DIMENSION", "HATCH", "SOLID", "TRACE", "3DFACE", "MLINE",
        "LEADER", "MULTILEADER", "VIEWPORT",
    )
)  # fmt: skip
"""Kinds that become features, or parts of one; a viewport is no drawing."""


def look_at_drawing(source: Source, choice: Choice) -> tuple[FoundLayer, ...]:
    """All outlines as one layer, and those on each layer of the drawing.

    Raises
    ------
    FileRefused, Cancelled
    """
    return grouped(outlined(read_whole(source, choice)), LAYER, source)


def outlined(entities: Features) -> Features:
    """Outlines with the texts that lie in them; a drawing without closed lines comes as its entities are.

    Each layer of the drawing with texts in outlines becomes a column of its name, so that numbers, uses and areas
    that a draughtsman keeps on layers of their own are told apart. A text in several outlines, one around the other,
    belongs to the smallest. What is neither is counted, and so is the paper around the model.
    """
    if entities.shapes is None:
        return entities
    model = entities.table["PaperSpace"].isna().to_numpy()
    shapes, table = _closed(entities.shapes[model]), entities.table[model]
    near = _nearly_closed(shapes)
    shapes = shapes.copy()
    for place, one in near.items():
        shapes[place] = one.shape
    kinds = shapely.get_type_id(shapes)
    is_area = np.isin(kinds, (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON))
    layers = table["Layer"].fillna("0").to_numpy(dtype=object)
    texts = table["Text"].fillna("").str.split().str.join(" ").to_numpy(dtype=object)
    if not is_area.any():
        kept = pd.DataFrame({LAYER: pd.Series(layers, dtype="str"), TEXT: pd.Series(texts, dtype="str")})
        return _drawn(entities, kept.replace("", None), shapes, 0)
    areas = np.flatnonzero(is_area)
    labels = np.flatnonzero((kinds == shapely.GeometryType.POINT) & (texts != ""))
    inside = _inside(shapes[areas], shapes[labels])
    columns: dict[str, list[list[str]]] = {}
    for label in _in_reading_order(shapes[labels]):
        if inside[label] >= 0:
            row = labels[label]
            for name in (TEXT, str(layers[row])):
                columns.setdefault(name, [[] for _ in areas])[inside[label]].append(texts[row])
    out = {LAYER: pd.Series(layers[areas], dtype="str")}
    for name, values in columns.items():
        plain = f"{name}_2" if name == LAYER else name
        out[plain] = pd.Series(["; ".join(value) or None for value in values], dtype="str")
    aside = len(entities.table) - len(areas) - int((inside >= 0).sum())
    outlines = shapes[areas]
    open_ = {row: near[place] for row, place in enumerate(areas.tolist()) if place in near}
    outlines[list(open_)] = None
    return noted(_drawn(entities, pd.DataFrame(out), outlines, aside), open_)


def _nearly_closed(shapes: np.ndarray) -> dict[int, OpenRing]:
    """Open lines that were meant to be outlines, by their place."""
    rows = np.flatnonzero(
        (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & ~shapely.is_closed(shapes)
    )
    ends = (shapely.get_point(shapes[rows], at) for at in (0, -1))
    apart = shapely.distance(*ends)
    rows = rows[apart <= np.maximum(NEAR_M, NEAR_SHARE * shapely.length(shapes[rows]))]
    points = ((row, shapely.get_coordinates(shapes[row])) for row in rows.tolist())
    return {row: polygon(ring) for row, ring in points if meant(ring)}


def _drawn(entities: Features, table: pd.DataFrame, shapes: np.ndarray, aside: int) -> Features:
    return replace(entities, table=table, shapes=shapes, unreadable=np.zeros(len(table), dtype=bool), aside=aside)


def _closed(shapes: np.ndarray) -> np.ndarray:
    """Lines that end where they begin, and enclose something, as polygons."""
    out = shapes.copy()
    rings = (shapely.get_type_id(shapes) == shapely.GeometryType.LINESTRING) & shapely.is_closed(shapes)
    rows = np.flatnonzero(rings & (shapely.get_num_points(shapes) > 3))
    if len(rows):
        coordinates, ring = shapely.get_coordinates(shapes[rows], return_index=True)
        made = shapely.polygons(shapely.linearrings(coordinates, indices=ring))
        out[rows] = np.where(shapely.area(made) > 0, made, shapes[rows])
    return out


def _inside(areas: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The smallest area around each point, −1 for none; shape (points,)."""
    found = np.full(len(points), -1)
    if len(points) == 0:
        return found
    tree = shapely.STRtree(areas)
    point, area = tree.query(points, predicate="within")
    order = np.argsort(-shapely.area(areas[area]), kind="stable")
    found[point[order]] = area[order]
    return found


def _in_reading_order(points: np.ndarray) -> np.ndarray:
    """Places of points from top to bottom and from left to right."""
    xy = shapely.get_coordinates(points)
    return np.lexsort((xy[:, 0], -xy[:, 1])) if len(xy) else np.empty(0, dtype=int)
