"""Tables of text (CSV)."""

from __future__ import annotations

import csv
import io
import itertools

import numpy as np
import pandas as pd

from layers.contract import Complaint
from layers.readers.coordinates import located
from layers.readers.errors import FileBroken, TooLarge
from layers.readers.features import Choice, Features, distinct
from layers.readers.grids import MOST_CELLS, MOST_ROWS, grid
from layers.readers.notes import note
from layers.readers.source import Source

_LONGEST_CELL = 1 << 26
"""Characters of a cell: an outline with a million vertices is one."""
_SIGNS = ",;\t，|"
_STEP = 20_000
_HEAD, _LINES = 9, 20


def read_csv(source: Source, choice: Choice) -> Features:
    """Read a table of text; its names of columns stand in the first line, or below titles and above units.

    Raises
    ------
    FileBroken, TooLarge
    """
    text = source.path.read_text(encoding="utf-8", errors="strict")
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[list[str]] = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=_sign(text), strict=True):
            rows.append(row)
            cells += len(row)
            if len(rows) > MOST_ROWS + 1 or cells > MOST_CELLS:
                found = f"> {MOST_ROWS:,} × {len(row)}"
                raise TooLarge(where=source.name, path=source.name, found=found, limit=f"{MOST_CELLS:,}")
            if len(rows) % _STEP == 0:
                choice.watch.step("read", len(rows))
    except csv.Error as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)) from error
    names, body, lines, notes = _laid_out(rows)
    notes += _ragged(names, body)
    filled = [row[: len(names)] + [""] * (len(names) - len(row)) for row in body]
    data = np.array(filled, dtype=object).reshape(len(filled), len(names))
    table = pd.DataFrame(data, columns=names, dtype="str").replace("", None)
    features = Features(
        table=table,
        shapes=None,
        unreadable=np.zeros(len(table), dtype=bool),
        encoding=source.encoding,
        encoding_basis=source.encoding_basis,
        lines=np.array(lines, dtype=np.int64),
        notes=tuple(notes),
    )
    return located(features)


def _ragged(names: list[str], body: list[list[str]]) -> list[Complaint]:
    """Rows with more cells than there are columns, which cannot be believed, and those with fewer."""
    out = []
    for number, row in enumerate(body):
        if len(row) > len(names) and any(row[len(names) :]):
            out.append(note("row_too_long", "", row=number, severity="error", value=len(row), limit=len(names)))
        elif len(row) < len(names):
            out.append(note("row_too_short", "", row=number, severity="warning", value=len(row), limit=len(names)))
    return out


_Laid = tuple[list[str], list[list[str]], list[int], list[Complaint]]


def _laid_out(every: list[list[str]]) -> _Laid:
    """Names, rows, their lines and what was left aside: only a first line with few cells is taken for a title."""
    places = [place for place, row in enumerate(every) if row]
    rows = [every[place] for place in places]
    first = [name.strip() for name in rows[0]] if rows else []
    widest = max((len(row) for row in rows[1:_HEAD]), default=0)
    head = None if sum(map(bool, first)) * 2 <= widest else 0
    if not grid([*rows[:2], *rows[2:][-2:]], head).notes:
        return distinct(first), rows[1:], [place + 1 for place in places[1:]], []
    whole = grid(rows, head)
    body = [["" if cell is None else cell for cell in row] for row in whole.body]
    return whole.names, body, [places[line - 1] + 1 for line in whole.lines], [*whole.notes]


def _sign(text: str) -> str:
    """The sign between cells: the one that stands most often outside quotes in the first lines that have any."""
    counts = dict.fromkeys(_SIGNS, 0)
    for line in itertools.islice(io.StringIO(text, newline="\n"), _LINES):
        outside = "".join(line.split('"')[::2])
        for sign in _SIGNS:
            counts[sign] += outside.count(sign)
        if line.strip() and max(counts.values()):
            break
    return max(_SIGNS, key=lambda sign: counts[sign])
