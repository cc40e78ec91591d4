"""Survey points as CASS keeps them (.dat): number, code, east, north and height, a line a point.

Codes say how points are joined: ``C`` in a simple code closes an outline, and points of one code that come back to
where they began do so too. What closes is an outline; a file in which nothing closes is its points.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint
from layers.readers.errors import FileBroken
from layers.readers.features import Choice, Features, OpenRing
from layers.readers.notes import note
from layers.readers.open_rings import meant, noted, polygon
from layers.readers.source import Source

_COLUMNS = ("点名", "编码", "高程")
_PARTS, _CORNERS = 5, 3
_CLOSES = re.compile(r"(?:^|[-,;\s])(?:C|CLOSE|闭合)$", re.I)
_SAME_M = 0.005
"""Distance [m] at which a point is where the outline began."""

_Line = tuple[int, str, str, float, float, str]


def read_cass(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read the points; where their codes and order close outlines these are the rows, else the points.

    Raises
    ------
    FileBroken
        When no line holds a point.
    """
    lines, notes = _lines(source.path.read_text(encoding="utf-8"))
    if not lines:
        raise FileBroken(where=source.name, path=source.name, reason="0 点")
    closed = list(_closed(lines))
    inside = {place for some in closed for place in some}
    if closed:
        left = len(lines) - len(inside)
        severity = "warning" if left else "info"
        notes.append(note("points_closed", "geometry", severity=severity, value=len(closed), limit=left))  # type: ignore[arg-type]
        table, shapes = _outlines(lines, closed)
        first = [some[0] for some in closed]
    else:
        notes.append(note("points_kept", "geometry", value=len(lines)))
        table, shapes = _points(lines)
        first = list(range(len(lines)))
    if closed:
        table, shapes, open_, first = _with_open(lines, (table, shapes), first, inside)
    else:
        open_ = {}
    found = Features(
        table=table,
        shapes=shapes,
        unreadable=np.zeros(len(table), dtype=bool),
        encoding=source.encoding,
        encoding_basis=source.encoding_basis,
        lines=np.array([lines[place][0] for place in first], dtype=np.int64),
        notes=tuple(notes),
    )
    return noted(found, open_)


def _with_open(
    lines: list[_Line], known: tuple[pd.DataFrame, np.ndarray], first: list[int], inside: set[int]
) -> tuple[pd.DataFrame, np.ndarray, dict[int, OpenRing], list[int]]:
    """Outlines, and after them runs of one code whose ends nearly meet and that have no shape yet."""
    table, shapes = known
    runs: list[list[int]] = []
    for place in (place for place in range(len(lines)) if place not in inside):
        same = runs and runs[-1][-1] == place - 1 and _stem(lines[runs[-1][-1]][2]) == _stem(lines[place][2])
        if same:
            runs[-1].append(place)
        else:
            runs.append([place])
    points = [np.array([(lines[place][3], lines[place][4]) for place in run]) for run in runs]
    near = [(run, ring) for run, ring in zip(runs, points, strict=True) if meant(ring)]
    if not near:
        return table, shapes, {}, first
    more, _ = _outlines(lines, [run for run, _ in near])
    open_ = {len(table) + place: polygon(ring) for place, (_, ring) in enumerate(near)}
    every = np.concatenate([shapes, np.full(len(near), None, dtype=object)])
    return pd.concat([table, more], ignore_index=True), every, open_, [*first, *(run[0] for run, _ in near)]


def _lines(text: str) -> tuple[list[_Line], list[Complaint]]:
    out: list[_Line] = []
    notes: list[Complaint] = []
    every = [(place, line.strip()) for place, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if every and every[0][1].isdigit():  # older files begin with the number of their points
        every = every[1:]
    for place, line in every:
        parts = [part.strip() for part in line.replace("，", ",").split(",")]
        try:
            east, north = float(parts[2]), float(parts[3])
            if not np.isfinite([east, north]).all():
                raise ValueError
        except (ValueError, IndexError):
            notes.append(note("point_line_left_out", "", severity="warning", value=line[:60], limit=place))
            continue
        out.append((place, parts[0], parts[1], east, north, parts[4] if len(parts) >= _PARTS else ""))
    return out, notes


def _closed(lines: list[_Line]) -> Iterator[list[int]]:
    """Places of the points of each outline: a run of one code that ends where it began, or whose last code closes."""
    run: list[int] = []
    for place, (_, _, code, east, north, _) in enumerate(lines):
        closes = bool(_CLOSES.search(code))
        if run and not closes and _stem(code) != _stem(lines[run[0]][2]):
            run = []
        run.append(place)
        _, _, _, first_east, first_north, _ = lines[run[0]]
        back = len(run) > _CORNERS and np.hypot(east - first_east, north - first_north) <= _SAME_M
        if back or (closes and len(run) >= _CORNERS):
            yield run
            run = []


def _stem(code: str) -> str:
    return _CLOSES.sub("", code).strip("-,; ").casefold()


def _points(lines: list[_Line]) -> tuple[pd.DataFrame, np.ndarray]:
    columns = [[line[place] or None for line in lines] for place in (1, 2, 5)]
    table = pd.DataFrame({name: pd.Series(c, dtype="str") for name, c in zip(_COLUMNS, columns, strict=True)})
    at = np.array([(line[3], line[4]) for line in lines])
    return table, np.asarray(shapely.points(at), dtype=object)


def _outlines(lines: list[_Line], closed: list[list[int]]) -> tuple[pd.DataFrame, np.ndarray]:
    shapes, numbers, codes = [], [], []
    for some in closed:
        at = np.array([(lines[place][3], lines[place][4]) for place in some])
        ends = len(at) > _CORNERS and float(np.hypot(*(at[0] - at[-1]))) <= _SAME_M
        corners = some[:-1] if ends else some
        shapes.append(shapely.Polygon(at[: len(corners)]))
        numbers.append(" ".join(lines[place][1] for place in corners))
        codes.append((_stem(lines[some[0]][2]) and _CLOSES.sub("", lines[some[0]][2]).strip("-,; ")) or None)
    table = pd.DataFrame({"编码": pd.Series(codes, dtype="str"), "界址点号": pd.Series(numbers, dtype="str")})
    return table, np.array([*shapes, None], dtype=object)[:-1]
