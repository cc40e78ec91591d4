"""Rows of cells as people lay them out — titles, names in two rows, units, sums — turned into a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.contract import Complaint
from layers.readers.features import distinct
from layers.readers.notes import note
from layers.readers.synonyms import unit_in

MOST_ROWS = 1_000_000
MOST_CELLS = 20_000_000

_LOOK = 20
"""Rows in which the names of columns are looked for."""
_HALF, _WORDS = 0.5, 0.6
_SUMS = frozenset({"合计", "总计", "小计", "共计", "total", "totals", "sum"})
EXAMPLE = "【示例】"
"""How a row begins that shows in a template how rows are filled in."""
_SIGNS = frozenset({"%", "％", "-", "—", "/", "个", "年", "人", "层", "‰"})

Row = Sequence[Any]


@dataclass(frozen=True)
class Grid:
    """A table out of rows of cells.

    Parameters
    ----------
    names
        Of its columns, each once.
    body
        Its rows, each as long as `names`.
    lines
        Row of the sheet, from 1, on which each of them stands, shape (n,).
    """

    names: list[str]
    body: list[list[Any]]
    lines: np.ndarray
    notes: tuple[Complaint, ...]


def grid(rows: Sequence[Row], head: int | None = None) -> Grid:
    """Find the names of columns, and what stands above and below the table.

    Parameters
    ----------
    head
        Row with the names of columns, from 0; None looks for it.

    Examples
    --------
    >>> found = grid([["丰台地块表", None], ["编号", "面积"], [None, "公顷"], ["A", 1.5], ["合计", 1.5]])
    >>> found.names, found.body, [said.code for said in found.notes]
    (['编号', '面积(公顷)'], [['A', 1.5]], ['title_rows', 'unit_row', 'sum_rows'])
    """
    notes: list[Complaint] = []
    head = _header(rows) if head is None else head
    names = _texts(rows[head]) if head < len(rows) else []
    titles = [row for row in rows[:head] if _filled(row)]
    if titles:
        sample = " ".join(text for text in _texts(titles[0]) if text)
        notes.append(note("title_rows", "", value=len(titles), limit=sample))
    first = head + 1
    if first < len(rows) and _is_second(rows[head], rows[first]):
        names = _joined(names, _texts(rows[first]))
        notes.append(note("names_in_two_rows", "", value=first, limit=first + 1))
        first += 1
    if first < len(rows) and _is_units(rows[first]):
        units = _texts(rows[first])
        names = [f"{name}({_bare(unit)})" if unit and name else name
                 for name, unit in zip(names, [*units, *[""] * len(names)], strict=False)]  # fmt: skip
        notes.append(note("unit_row", "", value=first + 1))
        first += 1
    width = max(len(names), *(len(row) for row in rows[first:]), 0) if len(rows) > first else len(names)
    filled = [place for place in range(first, len(rows)) if _filled(rows[place])]
    examples = sum(is_example(rows[place]) for place in filled)
    if examples:
        notes.append(note("example_rows", "", value=examples))
        filled = [place for place in filled if not is_example(rows[place])]
    places = [place for place in filled if not is_sum(rows[place])]
    if len(places) < len(filled):
        notes.append(note("sum_rows", "", severity="warning", value=len(filled) - len(places)))
    body = [[*rows[place], *[None] * (width - len(rows[place]))] for place in places]
    used = [
        place
        for place in range(width)
        if (place < len(names) and names[place]) or any(not _empty(row[place]) for row in body)
    ]
    whole = [*names, *[""] * (width - len(names))]
    lines = np.array(places, dtype=np.int64) + 1
    return Grid(distinct([whole[p] for p in used]), [[row[p] for p in used] for row in body], lines, tuple(notes))


def column(values: Sequence[Any]) -> pd.Series:
    """Cells of a column in a type that keeps every one: numbers where all are, else text; dates as YYYY-MM-DD."""
    kinds = {type(value) for value in values if value is not None}
    if kinds and kinds <= {bool}:
        return pd.Series(values, dtype="boolean")
    if kinds and kinds <= {int}:
        return pd.Series(values, dtype="Int64" if max(abs(v) for v in values if v is not None) < 2**63 else object)
    if kinds and kinds <= {int, float}:
        return pd.Series([np.nan if value is None else float(value) for value in values], dtype="float64")
    return pd.Series([cell_text(value) for value in values], dtype="str")


def cell_text(value: Any) -> str | None:
    """A cell as text; whole numbers without ``.0``, a date without the midnight that comes with it."""
    if value is None or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _filled(row: Row) -> list[Any]:
    return [value for value in row if not _empty(value)]


def _texts(row: Row) -> list[str]:
    return [" ".join((cell_text(value) or "").split()) for value in row]


def _header(rows: Sequence[Row]) -> int:
    """The first row that names about as many columns as the table is wide, all in words; else the first one."""
    widths = [len(_filled(row)) for row in rows[: _LOOK * 2]]
    usual = float(np.median([width for width in widths if width] or [1]))
    for place, row in enumerate(rows[:_LOOK]):
        filled = _filled(row)
        words = sum(isinstance(value, str) and not _number(value) for value in filled)
        if filled and words >= _WORDS * len(filled) and len(filled) >= max(_HALF * usual, min(2.0, usual)):
            return place
    return next((place for place, width in enumerate(widths) if width), 0)


def _number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True


def _is_second(head: Row, below: Row) -> bool:
    """Whether a row names the columns under names that span several: it fills gaps and leaves what is named."""
    count = max(len(head), len(below))
    upper, lower = ([*row, *[None] * (count - len(row))] for row in (head, below))
    fills = any(_empty(a) and not _empty(b) for a, b in zip(upper, lower, strict=True))
    leaves = any(not _empty(a) and _empty(b) for a, b in zip(upper, lower, strict=True))
    words = all(isinstance(value, str) and not _number(value) for value in _filled(below))
    return fills and leaves and words and not _is_units(below)


def _joined(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    out, group = [], ""
    for place in range(max(len(upper), len(lower))):
        top = upper[place] if place < len(upper) else ""
        own = lower[place] if place < len(lower) else ""
        group = top or group
        out.append(own if own and own not in out else f"{group}_{own}" if own else top)
    return out


def _bare(unit: str) -> str:
    return unit.strip("()（）[]【】 ")


def _is_units(row: Row) -> bool:
    units = [_bare(value) for value in _filled(row) if isinstance(value, str)]
    known = [unit for unit in units if unit_in(f"({unit})")]
    return bool(known) and len(units) == len(_filled(row)) and all(u in known or u in _SIGNS for u in units)


def is_sum(row: Row) -> bool:
    """Whether a row is one of sums, by its first word."""
    first = next((value for value in row if not _empty(value)), None)
    return isinstance(first, str) and "".join(first.split()).strip(":：").casefold() in _SUMS


def is_example(row: Row) -> bool:
    """Whether a row is the example of a template, by how its first filled cell begins."""
    first = next((value for value in row if not _empty(value)), None)
    return isinstance(first, str) and first.strip().startswith(EXAMPLE)
