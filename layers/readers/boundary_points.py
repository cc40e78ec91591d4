"""Boundary points as survey offices hand them in (勘测定界界址点): rings become outlines, the header names the CRS.

What the coordinates say counts more than what the header says: published files carry a header of the neighbouring
belt. Which ring is a hole is decided by what lies in what, never by its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import pandas as pd
import shapely

from layers.contract import Complaint
from layers.readers.belts import BELT_M, BELTS, belt_crs, degrees_crs, easts, norths, reference
from layers.readers.errors import FileBroken
from layers.readers.features import Choice, Features, OpenRing
from layers.readers.notes import note
from layers.readers.open_rings import NEAR_M, NEAR_SHARE, noted
from layers.readers.rings import nested
from layers.readers.source import Source
from layers.readers.survey_text import ATTRIBUTES, Points, Survey, parse
from spatial.area import SQUARE_METRES

NUMBERS = "界址点号"
"""Column that keeps the numbers of the points, ring by ring."""

_COUNT, _AREA, _KIND = ATTRIBUTES[0], ATTRIBUTES[1], ATTRIBUTES[4]
_WIDEST = 180.0
_MOSTLY = 0.5
"""Share of the rings that repeat their first point, from which on the others are told."""
_SNAP_M = 0.05
"""Distance [m] between the first and the last point of one number that is a slip of the pen."""
_EVIDENCE = (
    "坐标系", "几度分带", "带号", "中央子午线", "投影类型", "计量单位", "精度", "数据产生单位", "数据产生日期",
)  # fmt: skip
_UNITS = {"公顷": "ha", "ha": "ha", "亩": "mu", "平方米": "m2", "平米": "m2", "m2": "m2", "㎡": "m2", "m²": "m2"}


@dataclass(frozen=True)
class _Rings:
    """Rings of a file: where each begins and ends among the points, and its parcel."""

    start: np.ndarray
    stop: np.ndarray
    parcel: np.ndarray


def read_boundary_points(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read a boundary-point file; each parcel is a row.

    Raises
    ------
    FileBroken
        When it holds no parcel.
    """
    survey = parse(source.path.read_text(encoding="utf-8"))
    if not survey.parcels or not len(survey.points.line):
        raise FileBroken(where=source.name, path=source.name, reason="0 界址点")
    placed, crs, notes = _placed(survey)
    shapes, numbers, said, open_ = _outlines(survey, placed)
    table, lines = _table(survey, numbers), np.array(survey.lines, dtype=np.int64)
    if survey.bare:
        for row, one in open_.items():  # rings of a file without attributes are told apart before they are closed
            shapes[row] = one.shape
        open_ = {}
        table, shapes, lines = _one_each(table, shapes, lines)
        said = [note("bare_coordinates", "geometry", severity="warning", value=len(shapes)), *said]
    found = Features(
        table=table,
        shapes=shapes,
        unreadable=np.zeros(len(table), dtype=bool),
        crs=crs,
        encoding=source.encoding,
        encoding_basis=source.encoding_basis,
        lines=lines,
        notes=tuple([*notes, *said]),
    )
    return noted(found, open_)


# -- where the points lie


def _placed(survey: Survey) -> tuple[Points, str | None, list[Complaint]]:
    """Points with the north coordinate first, the CRS that header and numbers name, and what there is to say."""
    points = survey.points
    swapped = easts(points.first) & norths(points.second)
    upright = norths(points.first) & easts(points.second)
    notes: list[Complaint] = []
    every = np.bincount(points.parcel, minlength=len(survey.parcels))
    turned = np.bincount(points.parcel[swapped], minlength=len(every))
    standing = np.bincount(points.parcel[upright], minlength=len(every))
    rows = np.flatnonzero((turned > 0) & (standing == 0))
    if len(rows):
        turn = np.isin(points.parcel, rows)
        first, second = np.where(turn, points.second, points.first), np.where(turn, points.first, points.second)
        sample = f"{points.first[swapped][0]:.3f}, {points.second[swapped][0]:.3f}"
        notes.append(note("axes_turned", "geometry", severity="warning", value=len(rows), limit=sample))
        points = replace(points, first=first, second=second)
    for row in np.flatnonzero((turned > 0) & (standing > 0)).tolist():
        line = int(points.line[swapped & (points.parcel == row)][0])
        notes.append(note("axes_mixed", "geometry", row=row, severity="error", value=line))
    crs, said = _crs(survey.header, points)
    return points, crs, notes + said


def _crs(header: Mapping[str, str], points: Points) -> tuple[str | None, list[Complaint]]:
    """The CRS, with the words and numbers that name it."""
    datum = reference(header.get("坐标系", ""))
    east = points.second[np.isfinite(points.second)]
    if not len(east):
        return None, []
    if np.abs(east).max() <= _WIDEST:
        crs = degrees_crs(datum) if datum else None
        return crs, _evidence(header, crs, float(east[0]))
    belts = np.unique(np.floor(east / BELT_M)).astype(int)
    said = _whole(header.get("带号", ""))
    meridian = _whole(header.get("中央子午线", ""))
    width = _whole(header.get("几度分带", ""))
    prefixed = len(belts) == 1 and BELTS[0] <= belts[0] <= BELTS[1]
    if prefixed:
        number, width = int(belts[0]), width or (3 if belts[0] > BELTS[0] + 10 else 6)
    else:
        width = width or 3
        number = said or (round(meridian / 3) if width == 3 and meridian else 0)
    crs = belt_crs(datum, width, number, prefixed=prefixed) if datum else None
    notes = _evidence(header, crs, float(east[0]))
    if prefixed and said and said != number:
        notes.append(note("belt_contradicts", "geometry", severity="warning", value=said, limit=number))
    return crs, notes


def _whole(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


def _evidence(header: Mapping[str, str], crs: str | None, east: float) -> list[Complaint]:
    keys = (
        "坐标系",
        "几度分带",
        "带号",
        "中央子午线",
        "投影类型",
        "计量单位",
        "精度",
        "数据产生单位",
        "数据产生日期",
    )
    words = "; ".join(f"{key}={header[key]}" for key in keys if header.get(key))
    out = [note("survey_header", "geometry", value=f"{words}; Y={east:.3f}".lstrip("; "), limit=crs or "—")]
    given = header.get("转换参数", "").strip(", ，")
    if given:
        out.append(note("parameters_unused", "geometry", severity="warning", value=given))
    return out


# -- what the points enclose


def _outlines(survey: Survey, points: Points) -> tuple[np.ndarray, list[str], list[Complaint], dict[int, OpenRing]]:
    """The geometry of each parcel, the numbers of its points, and what is wrong with it."""
    count = len(survey.parcels)
    notes = [
        note("point_line_bad", "geometry", row=parcel, severity="error", value=text[:60], limit=line)
        for parcel, line, text in survey.bad
    ]
    lost = {parcel for parcel, _, _ in survey.bad}
    rings, apart, bare = _closed(points, _rings(points))
    shapes = np.full(count, None, dtype=object)
    numbers = _numbers(points, rings, count)
    at = np.column_stack([points.second, points.first])
    area = np.array([parcel.get(_KIND, "面") == "面" for parcel in survey.parcels])
    enough = rings.stop - rings.start >= 3
    for ring in np.flatnonzero(~enough & area[rings.parcel]).tolist():
        row = int(rings.parcel[ring])
        if row not in lost:
            lost.add(row)
            line = int(points.line[rings.start[ring]])
            notes.append(note("ring_too_short", "geometry", row=row, severity="error", value=line))
    good = enough & area[rings.parcel] & ~np.isin(rings.parcel, list(lost))
    polygons = _polygons(at, rings, good)
    owner = rings.parcel[good]
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    single = np.bincount(owner, minlength=count)[owner[first]] == 1
    shapes[owner[first[single]]] = polygons[first[single]]
    for begin, end in zip(first[~single], np.append(first, len(owner))[1:][~single], strict=True):
        shapes[owner[begin]] = nested(polygons[begin:end])
    for row in sorted(set(np.flatnonzero(~area).tolist()) - lost):
        shapes[row] = _drawn(survey.parcels[row], [at[a:b] for a, b in _of(rings, row)])
    empty = np.setdiff1d(np.arange(count), points.parcel)
    notes += [
        note("parcel_without_points", "geometry", row=row, severity="error", value=survey.lines[row])
        for row in empty.tolist()
    ]
    notes += _counted(survey, points, rings, lost)
    gaps, said = _about_ends(points, rings, apart, bare)
    open_ = {row: OpenRing(shapes[row], metres) for row, metres in gaps.items() if shapes[row] is not None}
    shapes[list(open_)] = None
    return shapes, numbers, [*notes, *said], open_


def _rings(points: Points) -> _Rings:
    """Runs of points of one parcel and one 圈号; a run in which a ring closes earlier is several rings."""
    count = len(points.line)
    if not count:
        return _Rings(*np.zeros((3, 0), dtype=np.int64))
    change = (np.diff(points.parcel) != 0) | (points.ring[1:] != points.ring[:-1])
    start = np.concatenate([[0], np.flatnonzero(change) + 1])
    stop = np.append(start[1:], count)
    run = np.repeat(np.arange(len(start)), stop - start)
    at = np.arange(count)
    again = (points.first == points.first[start[run]]) & (points.second == points.second[start[run]])
    early = np.unique(run[again & (at > start[run]) & (at < stop[run] - 1)])
    if len(early):
        cut = set(early.tolist())
        runs = enumerate(zip(start.tolist(), stop.tolist(), strict=True))
        pieces = [_pieces(points, *ends) if place in cut else [ends] for place, ends in runs]
        ends = np.array([one for some in pieces for one in some], dtype=np.int64)
        start, stop = ends[:, 0], ends[:, 1]
    return _Rings(start, stop, points.parcel[start])


def _pieces(points: Points, start: int, stop: int) -> list[tuple[int, int]]:
    """Rings that follow one another under one 圈号: each ends where its first point comes again."""
    out, begin = [], start
    for at in range(start + 1, stop):
        same = points.first[at] == points.first[begin] and points.second[at] == points.second[begin]
        if at > begin + 2 and same:
            out.append((begin, at + 1))
            begin = at + 1
    if begin < stop:
        out.append((begin, stop))
    return out


def _closed(points: Points, rings: _Rings) -> tuple[_Rings, np.ndarray, np.ndarray]:
    """Rings without the point that closes them: at the first, or of its number and nearly there.

    Returns
    -------
    rings, apart, bare
        How far the closing point lies from the first [m], and how long the side is that closes a ring without one.
    """
    first, last = rings.start, rings.stop - 1
    away = np.hypot(points.first[first] - points.first[last], points.second[first] - points.second[last])
    numbered = (points.number[first] == points.number[last]) & (points.number[first] != "")
    size = np.array([_length(points, a, b) for a, b in zip(first, last + 1, strict=True)])
    meant = numbered & (away <= np.maximum(NEAR_M, NEAR_SHARE * size))
    closing = (last > first) & ((away == 0) | meant)
    apart = np.where(closing, away, 0.0)
    bare = np.where((away == 0) | numbered | (last == first), 0.0, away)
    return _Rings(rings.start, rings.stop - closing, rings.parcel), apart, bare


def _length(points: Points, start: int, stop: int) -> float:
    return float(np.hypot(np.diff(points.first[start:stop]), np.diff(points.second[start:stop])).sum())


def _about_ends(
    points: Points, rings: _Rings, apart: np.ndarray, bare: np.ndarray
) -> tuple[dict[int, float], list[Complaint]]:
    """Parcels with a ring whose ends do not meet, by the gap [m]; and what there is to say of the other rings."""
    open_: dict[int, float] = {}
    notes = []
    for ring in np.flatnonzero(apart > 0).tolist():
        row, line, metres = int(rings.parcel[ring]), int(points.line[rings.start[ring]]), float(apart[ring])
        if metres < _SNAP_M:
            facts = {"value": f"{metres:.3f}", "limit": line}
            notes.append(note("ring_end_moved", "geometry", row=row, severity="warning", **facts))
        else:
            open_[row] = max(metres, open_.get(row, 0.0))
    many = len(bare) and (bare == 0).mean() >= _MOSTLY
    for ring in np.flatnonzero(bare > 0).tolist() if many else []:
        facts = {"value": f"{bare[ring]:.3f}", "limit": int(points.line[rings.start[ring]])}
        notes.append(note("ring_not_repeated", "geometry", row=int(rings.parcel[ring]), severity="warning", **facts))
    return open_, notes


def _polygons(at: np.ndarray, rings: _Rings, good: np.ndarray) -> np.ndarray:
    start, size = rings.start[good], (rings.stop - rings.start)[good]
    if not len(size):
        return np.empty(0, dtype=object)
    index = np.repeat(np.arange(len(size)), size)
    offset = np.arange(len(index)) - np.repeat(np.cumsum(size) - size, size)
    return np.asarray(shapely.polygons(shapely.linearrings(at[np.repeat(start, size) + offset], indices=index)))


def _of(rings: _Rings, row: int) -> Iterator[tuple[int, int]]:
    for ring in np.flatnonzero(rings.parcel == row).tolist():
        yield int(rings.start[ring]), int(rings.stop[ring])


def _drawn(parcel: Mapping[str, str], parts: list[np.ndarray]) -> shapely.Geometry | None:
    """A parcel that says it is points or lines."""
    if parcel.get(_KIND) == "点":
        every = shapely.points(np.concatenate(parts))
        return every[0] if len(every) == 1 else shapely.multipoints(every)
    lines = [shapely.linestrings(part) for part in parts if len(part) > 1]
    return None if not lines else lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)


def _numbers(points: Points, rings: _Rings, count: int) -> list[str]:
    out: list[list[str]] = [[] for _ in range(count)]
    for parcel, start, stop in zip(rings.parcel.tolist(), rings.start.tolist(), rings.stop.tolist(), strict=True):
        out[parcel].append(" ".join(points.number[start:stop]).strip())
    return ["; ".join(part for part in parts if part) for parts in out]


def _counted(survey: Survey, points: Points, rings: _Rings, lost: set[int]) -> list[Complaint]:
    """Parcels whose 界址点数 is neither with nor without the points that close their rings."""
    lines = np.bincount(points.parcel, minlength=len(survey.parcels))
    own = np.bincount(rings.parcel, weights=rings.stop - rings.start, minlength=len(survey.parcels))
    out = []
    for row, parcel in enumerate(survey.parcels):
        said = parcel.get(_COUNT, "")
        if said.isdecimal() and row not in lost and int(said) not in (lines[row], own[row]):
            out.append(note("point_count_differs", "", row=row, severity="warning", value=said, limit=int(own[row])))
    return out


# -- attributes


def _table(survey: Survey, numbers: list[str]) -> pd.DataFrame:
    names = [name for name in ATTRIBUTES if name not in (_COUNT, _KIND)]
    names += sorted({name for one in survey.parcels for name in one if name not in ATTRIBUTES}, key=_further)
    columns: dict[str, list[str | None]] = {name: [one.get(name) for one in survey.parcels] for name in names}
    columns[_AREA] = [_hectares(text) for text in columns[_AREA]]
    columns[NUMBERS] = [text or None for text in numbers]
    office, day = (survey.header.get(key, "") for key in ("数据产生单位", "数据产生日期"))
    if office:
        origin = f"{office} {day}".strip()
        columns["来源"] = [origin] * len(survey.parcels)
    used = {name: values for name, values in columns.items() if name == NUMBERS or any(values)}
    return pd.DataFrame({name: pd.Series(values, dtype="str") for name, values in used.items()})


def _further(name: str) -> int:
    return _whole(name)


def _hectares(text: str | None) -> str | None:
    """An area in hectares; one with another unit is converted, and what is no number is left for the check.

    >>> _hectares("0.96"), _hectares("0.9600公顷"), _hectares("14.4亩"), _hectares("9600 ㎡"), _hectares("?")
    ('0.96', '0.9600', '0.96', '0.96', '?')
    """
    found = re.fullmatch(r"\s*([\d.]+)\s*(\D+?)\s*", text or "")
    unit = _UNITS.get(found.group(2).casefold()) if found else None
    if found is None or unit is None:
        return text
    if unit == "ha":
        return found.group(1)
    try:
        return f"{float(Fraction(found.group(1)) * SQUARE_METRES[unit] / SQUARE_METRES['ha']):.10g}"
    except ValueError:
        return text


def _one_each(
    table: pd.DataFrame, shapes: np.ndarray, lines: np.ndarray
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """A row for every outline of a file without attributes: what lies apart is a parcel of its own."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    missing = np.flatnonzero(shapely.is_missing(shapes))
    every = np.concatenate([np.array(parts, dtype=object), np.full(len(missing), None, dtype=object)])
    rows = np.concatenate([owner, missing])
    order = np.argsort(rows, kind="stable")
    return table.iloc[rows[order]].reset_index(drop=True), every[order], lines[rows[order]]
