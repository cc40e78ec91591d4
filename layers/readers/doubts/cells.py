"""Cells that are not quite what they stand for: numbers kept as text, units in cells, odd dates, untidy text."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from layers.readers.cleaning import UNTIDY
from layers.readers.columns import Plan
from layers.readers.days import CLOCK, NULL_DAYS, SHAPES, read_days
from layers.readers.doubts.finding import Cure, Finding
from layers.readers.numerals import BLANKS, numbers, quantities

_SAMPLES = 5
_WIDE = r"[０-９．，－＋％]"
_SPEAKS_OF_DAYS = r"(?i)日期|时间|date|rq$|sj$|年月日"
_MOSTLY = 0.8


def findings(table: pd.DataFrame, how: Plan, typed: bool, cured: tuple[bool, frozenset[str]]) -> Iterator[Finding]:
    """What is doubtful about the cells of a file.

    Parameters
    ----------
    table
        As the file has it.
    how
        Which columns become numbers of ours.
    typed
        Whether the format knows numbers from text.
    cured
        Whether units in cells are read, and the columns whose days are.
    """
    contract = {column.name: column.kind for column in how.layer.columns}
    mapped = {e.columns[0]: t for t, e in how.reads.items() if e.is_column}
    for name in map(str, table.columns):
        target = mapped.get(name, "")
        values = table[name]
        if pd.api.types.is_string_dtype(values):
            kinds = values.dropna().drop_duplicates()
            if contract.get(target) in ("number", "integer"):
                yield from _figures(values, kinds, target, typed, cured[0])
            else:
                yield from _untidy(values, kinds, name)
                if not target and name not in cured[1]:
                    yield from _days(values, kinds, name)


def _figures(values: pd.Series, kinds: pd.Series, target: str, typed: bool, read_cells: bool) -> Iterator[Finding]:
    plain = numbers(kinds)
    if typed and len(kinds) and not plain.bad.any():
        yield Finding("numbers_as_text", "tells", {"sample": str(kinds.iloc[0])}, target)
    wide = kinds.str.contains(_WIDE, regex=True)
    yield from _told("full_width_digits", "tells", values, kinds[wide], target)
    yield from _told("thousands_separators", "tells", values, kinds[plain.grouped], target)
    if read_cells or not plain.bad.any():
        return
    odd = kinds[plain.bad]
    read = quantities(odd, target)
    good = ~np.isnan(read)
    if good.any():
        pairs = [f"{text} → {value:g}" for text, value in zip(odd[good], read[good], strict=True)][:_SAMPLES]
        cure = Cure("read_cells", {"read_cells": True}, {"column": target})
        found = next(_told("units_in_cells", "asks", values, odd[good], target))
        evidence = {**found.evidence, "pairs": pairs, "pair": pairs[0]}
        yield Finding(found.code, "asks", evidence, target, found.rows, cure)
    blank = odd.str.strip().str.casefold().isin(BLANKS)
    for found in _told("words_for_nothing", "asks", values, odd[blank], target):
        cure = Cure("read_blanks", {"read_cells": True}, {"column": target})
        yield Finding(found.code, "asks", found.evidence, target, found.rows, cure)
    yield from _told("not_numbers", "asks", values, odd[~blank & ~good], target)


def _told(code: str, severity: str, values: pd.Series, odd: pd.Series, column: str) -> Iterator[Finding]:
    if len(odd):
        rows = tuple(np.flatnonzero(values.isin(odd).to_numpy()).tolist())
        samples = [str(text)[:80] for text in odd.head(_SAMPLES)]
        evidence = {"samples": samples, "sample": samples[0]}
        yield Finding(code, severity, evidence, column, rows)  # type: ignore[arg-type]


def _untidy(values: pd.Series, kinds: pd.Series, name: str) -> Iterator[Finding]:
    odd = kinds[kinds.str.contains(UNTIDY, regex=True)]
    for found in _told("text_untidy", "tells", values, odd, name):
        samples = [repr(text) for text in odd.head(_SAMPLES)]
        evidence = {"samples": samples, "sample": samples[0]}
        yield Finding(found.code, "tells", evidence, name, found.rows, Cure("tidy", {"tidy": True}))


def _days(values: pd.Series, kinds: pd.Series, name: str) -> Iterator[Finding]:
    """Columns of days that are written in several ways, or in another than YYYY-MM-DD, or that no calendar has."""
    if not len(kinds):
        return
    text = kinds.str.strip()
    null = text.str.slice(0, 10).isin(NULL_DAYS)
    found = {shape: text.str.fullmatch(pattern + CLOCK) for shape, pattern in SHAPES.items()}
    speaks = bool(pd.Series([name]).str.contains(_SPEAKS_OF_DAYS, regex=True).iloc[0])
    if not speaks:
        found["compact"] &= False
    any_ = found["ymd"] | found["compact"] | found["either"] | (null & speaks)
    if any_.mean() < _MOSTLY:
        return
    order = "mixed" if found["either"].any() else "ymd"
    if order == "mixed":
        order = _order(text[found["either"]])
    days = read_days(text[any_ & ~null], order)
    wrong = text[any_ & ~null][days.isna().to_numpy()] if order != "unclear" else text[:0]
    cure = Cure("dates", {"dates": {name: order}}, {"column": name, "order": order}) if order != "unclear" else None
    iso = text.str.fullmatch(r"\d{4}-\d{2}-\d{2}" + CLOCK)
    yield from _told("dates_for_nothing", "asks", values, kinds[null], name)
    yield from _told("dates_impossible", "asks", values, kinds[kinds.index.isin(wrong.index)], name)
    for other in _told(
        "dates_unclear" if cure is None else "dates_written", "asks", values, kinds[~iso & any_], name
    ):
        yield Finding(other.code, "asks", {**other.evidence, "order": order}, name, other.rows, cure)


def _order(text: pd.Series) -> str:
    """Whether the day or the month comes first; ``unclear`` where no value tells."""
    parts = text.str.extract(SHAPES["either"] + CLOCK)
    first, second = parts["a"].astype(int), parts["b"].astype(int)
    if (first > 12).any() and not (second > 12).any():
        return "dmy"
    if (second > 12).any() and not (first > 12).any():
        return "mdy"
    return "unclear"
