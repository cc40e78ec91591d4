"""The lines of a boundary-point file (界址点 TXT): its header, its parcels and their points, in every known dialect.

A file is ``[属性描述]`` with ``key=value`` lines, ``[地块坐标]``, and parcels: a line of attributes that ends in
``@``, then a line a point. Offices write 7, 8, 9 or 12 attributes, or none at all and bare coordinates; with commas
of either width, tabs or spaces; with brackets of either kind. Nothing here judges what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

ATTRIBUTES = ("界址点数", "地块面积(公顷)", "地块编号", "地块名称", "图形属性", "图幅号", "地块用途", "地类编码")
"""Attributes of a parcel in their order, as columns of a table; further ones are ``属性9`` and so on."""

_KINDS = ("点", "线", "面")
_KIND_AT = 4
_WIDE = str.maketrans("，＠；．－＋０１２３４５６７８９\u3000\t", ",@;.-+0123456789  ")
_PARTS = 4


@dataclass(frozen=True)
class Points:
    """Points as they stand in a file, shape (m,).

    Parameters
    ----------
    parcel
        Number of the parcel, from 0.
    line
        Line of the file, from 1.
    number, ring
        点号 and 圈号 as text; empty where there is none.
    first, second
        The two coordinates in their order; NaN where a line is bad.
    """

    parcel: np.ndarray
    line: np.ndarray
    number: np.ndarray
    ring: np.ndarray
    first: np.ndarray
    second: np.ndarray


@dataclass(frozen=True)
class Survey:
    """What a file says.

    Parameters
    ----------
    header
        Key to value of 属性描述 and other sections before the parcels.
    parcels
        Attributes of each parcel by column.
    lines
        Line on which each parcel begins.
    bad
        Lines of points that cannot be read: parcel, line, text.
    bare
        Whether there were no lines of attributes.
    """

    header: Mapping[str, str]
    parcels: tuple[Mapping[str, str], ...]
    lines: tuple[int, ...]
    points: Points
    bad: tuple[tuple[int, int, str], ...] = ()
    bare: bool = False


@dataclass
class _Gathered:
    header: dict[str, str] = field(default_factory=dict)
    parcels: list[dict[str, str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    points: list[tuple[int, int, str]] = field(default_factory=list)
    bare: bool = True
    gap: bool = False


def parse(text: str) -> Survey:
    """Take a file apart.

    Examples
    --------
    >>> survey = parse("[属性描述]\\n带号=39\\n[地块坐标]\\n3,0.5,A,甲,面,,M4,,@\\nJ1,1,2,1\\nJ2,1,3,1\\nJ3,1,2,4")
    >>> survey.header, survey.parcels[0]["地块编号"], survey.points.first.tolist()
    ({'带号': '39'}, 'A', [2.0, 3.0, 2.0])
    """
    found = _Gathered()
    for place, raw in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        line = raw.strip(" \t\r\n\u3000\x00\x1a\ufeff")
        if not line:
            found.gap = True
        elif line[-1] in "@＠":
            found.bare = False
            found.parcels.append(_attributes(line))
            found.lines.append(place)
        elif line[0] in "[【［":
            continue
        elif "=" in line or "＝" in line:
            key, _, value = line.replace("＝", "=", 1).partition("=")
            found.header.setdefault(key.strip(), value.strip())
        else:
            if found.bare and (found.gap or not found.parcels):
                found.parcels.append({})
                found.lines.append(place)
            found.gap = False
            found.points.append((len(found.parcels) - 1, place, line))
    points, bad = _points(found.points)
    bare = found.bare and bool(found.points)
    return Survey(found.header, tuple(found.parcels), tuple(found.lines), points, tuple(bad), bare)


def _attributes(line: str) -> dict[str, str]:
    """Attributes of a parcel by column; the mark of its kind tells where they are shifted.

    >>> _attributes("10,0.96公顷,66C,面,,M4,@")
    {'界址点数': '10', '地块面积(公顷)': '0.96公顷', '地块编号': '66C', '图形属性': '面', '地块用途': 'M4'}
    """
    text = line[:-1]
    if text.count(",") < len(_KINDS) and "，" in text:
        text = text.replace("，", ",")
    parts = [part.strip() for part in text.split(",")]
    if parts and not parts[-1]:
        parts.pop()
    kinds = [place for place, part in enumerate(parts) if part in _KINDS]
    if len(kinds) == 1 and kinds[0] != _KIND_AT and kinds[0] >= _KIND_AT - 1:
        parts = _shifted(parts, kinds[0])
    names = [*ATTRIBUTES, *(f"属性{place}" for place in range(len(ATTRIBUTES) + 1, len(parts) + 1))]
    return {name: part for name, part in zip(names, parts, strict=False) if part}


def _shifted(parts: list[str], kind: int) -> list[str]:
    """Attributes with the kind in its place: one before it may be missing, or more stand between number and name."""
    before, after = parts[:kind], parts[kind:]
    usual = before[: _KIND_AT - 1] + [""] * (_KIND_AT - 1 - len(before))
    rest = before[_KIND_AT - 1 :]
    name, further = (rest[-1], rest[:-1]) if rest else ("", [])
    fields = [*usual, name, *after]
    return [*fields, *[""] * (len(ATTRIBUTES) - len(fields)), *further]


def _points(lines: list[tuple[int, int, str]]) -> tuple[Points, list[tuple[int, int, str]]]:
    split = [_parts(text) for _, _, text in lines]
    number = [part[0] for part in split]
    ring = [part[1] for part in split]
    first, second = (_numbers([part[i] for part in split]) for i in (2, 3))
    wrong = np.flatnonzero(~(np.isfinite(first) & np.isfinite(second)))
    bad = [lines[place] for place in wrong.tolist()]
    ids = np.array([(parcel, line) for parcel, line, _ in lines], dtype=np.int64).reshape(-1, 2)
    numbers, rings = (np.array([*column, ""], dtype=object)[:-1] for column in (number, ring))
    return Points(ids[:, 0], ids[:, 1], numbers, rings, first, second), bad


def _parts(text: str) -> tuple[str, str, str, str]:
    """点号, 圈号 and the two coordinates of a line, whichever of the first two it has.

    >>> _parts("J1,1,4411001.0,39438363.0"), _parts("J1 4411001 39438363"), _parts("4411001，39438363")
    (('J1', '1', '4411001.0', '39438363.0'), ('J1', '', '4411001', '39438363'), ('', '', '4411001', '39438363'))
    """
    plain = text.translate(_WIDE) if not text.isascii() else text
    parts = plain.split(",") if "," in plain else plain.split()
    parts = [part.strip() for part in parts]
    while len(parts) > 2 and not parts[-1]:
        parts.pop()
    if len(parts) >= _PARTS:
        return parts[0], parts[1], parts[2], parts[3]
    if len(parts) == _PARTS - 1:
        return parts[0], "", parts[1], parts[2]
    return ("", "", parts[0], parts[1]) if len(parts) == _PARTS - 2 else (plain, "", "", "")


def _numbers(texts: list[str]) -> np.ndarray:
    try:
        return np.array(texts, dtype=np.float64)
    except ValueError:
        return np.array([_number(text) for text in texts])


def _number(text: str) -> float:
    try:
        return float(text) if "_" not in text else float("nan")
    except ValueError:
        return float("nan")
