"""Sheets of a spreadsheet file (.xlsx), each a layer: cells as the file keeps them, nothing is computed."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from layers.contract import Complaint
from layers.readers.coordinates import located
from layers.readers.errors import ChooseLayer, FileBroken, TooLarge
from layers.readers.features import Choice, Features, FoundLayer, described
from layers.readers.grids import MOST_CELLS, MOST_ROWS, column, grid
from layers.readers.notes import note
from layers.readers.source import Source

MOST_BYTES = 1 << 29
MOST_SHEETS, MOST_MEMBERS = 200, 5_000
_RATIO, _SMALL = 300, 1 << 24
"""How many times a part may grow when it is unpacked, and the size below which that does not count."""

_TROUBLE = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, SyntaxError, OSError, EOFError, NotImplementedError,
    RuntimeError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the libraries below raise on damaged parts; a syntax error is one of XML."""

ASIDE = ("字段说明", "说明", "README")
"""Sheets that say what the others hold: none of them is taken unasked."""

_HEAD_ROWS, _STEP = 300, 5_000
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})\"")
_DOCTYPE = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)


@dataclass
class _Cells:
    """Rows of a sheet, and what is odd in its cells."""

    rows: list[list[Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    formulas: int = 0
    unsaved: list[str] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    whole: bool = True


def read_sheet(source: Source, choice: Choice) -> Features:
    """Read one sheet.

    Raises
    ------
    ChooseLayer
        When there are several sheets that hold something, and none is named.
    FileBroken, TooLarge
    """
    names = _safe(source)
    if choice.layer in names:
        cells = _cells(source, str(choice.layer), choice)
    else:
        filled = [n for n in names if n not in ASIDE and _cells(source, n, choice, most=2).rows]
        if choice.layer is not None or len(filled) != 1:
            facts = {"count": len(names), "asked": choice.layer or "", "known": ", ".join(filled)[:400]}
            raise ChooseLayer(where=source.name, path=source.name, **facts)
        cells = _cells(source, filled[0], choice)
    return located(_features(cells))


def look_at_sheets(source: Source, choice: Choice) -> tuple[FoundLayer, ...]:
    """The sheets that hold something, told by their first rows.

    Raises
    ------
    FileBroken, TooLarge
    """
    out = []
    for name in _safe(source):
        cells = _cells(source, name, choice, most=_HEAD_ROWS)
        if cells.rows:
            found = described(name, located(_features(cells)))
            out.append(found if cells.whole else FoundLayer(name, None, found.geometry, found.columns, found.crs))
    return tuple(out)


def _features(cells: _Cells) -> Features:
    found = grid(cells.rows)
    notes: list[Complaint] = [*found.notes]
    if cells.errors:
        sample = ", ".join(cells.errors[:3])
        notes.append(note("error_cells", "", severity="warning", value=len(cells.errors), limit=sample))
    if cells.formulas:
        notes.append(note("formula_cells", "", value=cells.formulas))
    if cells.unsaved:
        sample = ", ".join(cells.unsaved[:3])
        notes.append(note("formula_without_value", "", severity="warning", value=len(cells.unsaved), limit=sample))
    merged = [one for one in cells.merged if _last_row(one) in found.lines]
    if merged:
        told = ", ".join(f"{one} = {_kept(cells.rows, one)}" for one in merged[:3])
        notes.append(note("merged_cells", "", severity="warning", value=len(merged), limit=told))
    columns = {name: column([row[place] for row in found.body]) for place, name in enumerate(found.names)}
    table = pd.DataFrame(columns, index=range(len(found.body)))
    nothing = np.zeros(len(table), dtype=bool)
    return Features(
        table, None, nothing, encoding="UTF-8", encoding_basis="format", lines=found.lines, notes=tuple(notes)
    )


def _safe(source: Source) -> list[str]:
    """Names of the sheets of a file whose parts are few, small when unpacked, and without document types."""
    try:
        with zipfile.ZipFile(source.path) as parts:
            members = parts.infolist()
            grown = sum(one.file_size for one in members)
            bombs = [o for o in members if o.file_size > _SMALL and o.file_size > _RATIO * max(o.compress_size, 1)]
            if grown > MOST_BYTES or len(members) > MOST_MEMBERS or bombs:
                found = f"{grown / 1e6:,.0f} MB" if not bombs else bombs[0].filename[:60]
                raise TooLarge(where=source.name, path=source.name, found=found, limit=f"{MOST_BYTES / 1e6:,.0f} MB")
            for one in members:
                with parts.open(one) as part:
                    if _DOCTYPE.search(part.read(4096)):
                        raise FileBroken(where=source.name, path=source.name, reason=f"{one.filename[:60]}: DOCTYPE")
        with _book(source, values=True) as book:
            names = [str(sheet.title) for sheet in book.worksheets]
    except _TROUBLE as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)[:120]) from error
    if len(names) > MOST_SHEETS:
        raise TooLarge(where=source.name, path=source.name, found=f"{len(names)} sheets", limit=str(MOST_SHEETS))
    return names


@contextmanager
def _book(source: Source, *, values: bool) -> Iterator[Any]:
    """A workbook, cell by cell; whatever its parts break on is a broken file."""
    import openpyxl  # it takes a third of a second, and only spreadsheets need it

    try:
        book = openpyxl.load_workbook(source.path, read_only=True, data_only=values, keep_links=False)
    except Exception as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)[:120]) from error
    try:
        yield book
    finally:
        book.close()


def _cells(source: Source, name: str, choice: Choice, most: int | None = None) -> _Cells:
    """Rows of a sheet, at most some that hold anything; empty ones at the end are left out."""
    out = _Cells()
    count = 0
    try:
        formulas = _formulas(source, name, most)
        with _book(source, values=True) as book:
            sheet = book[name]
            out.merged = _merged(source, sheet._worksheet_path)
            sheet.reset_dimensions()  # what a file says of its size may be wrong
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                count += len(row)
                if number > MOST_ROWS or count > MOST_CELLS:
                    limit = f"{MOST_ROWS:,} / {MOST_CELLS:,}"
                    raise TooLarge(
                        where=source.name, path=source.name, found=f"{name[:40]} > {number:,}", limit=limit
                    )
                if most is not None and len(out.rows) >= most and any(value is not None for value in row):
                    out.whole = False
                    break
                out.rows.append(_row(row, number, formulas, out))
                if number % _STEP == 0:
                    choice.watch.step("read", number)
    except (TooLarge, FileBroken):
        raise
    except _TROUBLE as error:
        raise FileBroken(where=source.name, path=source.name, reason=str(error)[:120]) from error
    while out.rows and not any(value is not None for value in out.rows[-1]):
        out.rows.pop()
    return out


def _row(row: tuple[Any, ...], number: int, formulas: set[tuple[int, int]], out: _Cells) -> list[Any]:
    cells = list(row)
    for place, value in enumerate(cells):
        if isinstance(value, str):
            if not value.strip():
                cells[place] = None
            elif value[0] == "#" and _ERROR.fullmatch(value):
                out.errors.append(f"{_letters(place)}{number} {value}")
                cells[place] = None
        if formulas and (number, place) in formulas:
            out.formulas += 1
            if value is None:
                out.unsaved.append(f"{_letters(place)}{number}")
    return cells


def _letters(place: int) -> str:
    """The name of a column.

    >>> _letters(0), _letters(27)
    ('A', 'AB')
    """
    out, rest = "", place + 1
    while rest:
        rest, sign = divmod(rest - 1, 26)
        out = chr(65 + sign) + out
    return out


def _formulas(source: Source, name: str, most: int | None) -> set[tuple[int, int]]:
    """Row and place of the cells that hold a formula; the sheet is gone through again only where there are any."""
    with zipfile.ZipFile(source.path) as parts:
        sheets = [one for one in parts.namelist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", one)]
        if most is not None or not any(_has_formula(parts, one) for one in sheets):
            return set()
    with _book(source, values=False) as book:
        sheet = book[name]
        sheet.reset_dimensions()
        return {
            (number, place)
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1)
            if number <= MOST_ROWS
            for place, value in enumerate(row)
            if not isinstance(value, (int, float)) and str(value)[:1] == "="
        }


def _merged(source: Source, part: str) -> list[str]:
    """Cells that a sheet merges, as ``A2:A5``."""
    out, tail = [], b""
    with zipfile.ZipFile(source.path) as parts, parts.open(part) as sheet:
        while chunk := sheet.read(1 << 20):
            text = tail + chunk
            found = list(_MERGED.finditer(text))
            out += [one.group(1).decode("ascii") for one in found]
            tail = text[max(found[-1].end() if found else 0, len(text) - 80) :]
    return out


def _last_row(merged: str) -> int:
    """The last row of merged cells.

    >>> _last_row("A2:B5")
    5
    """
    return int(re.sub(r"\D", "", merged.partition(":")[2]))


def _kept(rows: list[list[Any]], merged: str) -> str:
    """What was read of merged cells: the first of them holds it, the others nothing."""
    letters, number = re.findall(r"[A-Z]+|\d+", merged)[:2]
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - 64
    row = rows[int(number) - 1] if int(number) <= len(rows) else []
    value = row[place - 1] if place <= len(row) else None
    return "—" if value is None else str(value)[:24]


def _has_formula(parts: zipfile.ZipFile, name: str) -> bool:
    with parts.open(name) as part:
        tail = b""
        while chunk := part.read(1 << 20):
            if re.search(rb"<(\w+:)?f[\s>/]", tail + chunk):
                return True
            tail = chunk[-16:]
    return False
