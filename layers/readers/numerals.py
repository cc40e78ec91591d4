"""Numbers that files keep as text: ``" 12 "``, ``"１２"``, ``"1,234.5"``; nothing is guessed beyond that."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"


@dataclass(frozen=True)
class Numbers:
    """A column read as numbers.

    Parameters
    ----------
    values
        Shape (n,); NaN where the source is empty or no number.
    bad, grouped
        Where the source is no number; where a thousands separator was read, shape (n,).
    """

    values: np.ndarray
    bad: np.ndarray
    grouped: np.ndarray


def numbers(column: pd.Series) -> Numbers:
    """Read a column as numbers.

    Examples
    --------
    >>> read = numbers(pd.Series(["12.5", " 12 ", "１２", "1,234.5", "1,5", "十二", None]))
    >>> read.values.tolist(), read.bad.tolist().index(True)
    ([12.5, 12.0, 12.0, 1234.5, nan, nan, nan], 4)
    """
    count = len(column)
    none = np.zeros(count, dtype=bool)
    if pd.api.types.is_bool_dtype(column):
        return Numbers(column.to_numpy(dtype=float, na_value=np.nan), none, none)
    if pd.api.types.is_numeric_dtype(column):
        return Numbers(column.to_numpy(dtype=float, na_value=np.nan), none, none)
    text = texts(column)
    present = text.notna().to_numpy() & (text != "").to_numpy(dtype=bool, na_value=False)
    plain = text.str.fullmatch(_PLAIN).to_numpy(dtype=bool, na_value=False)
    grouped = text.str.fullmatch(_GROUPED).to_numpy(dtype=bool, na_value=False)
    values = np.full(count, np.nan)
    values[plain] = text[plain].astype(float)
    values[grouped] = text[grouped].str.replace(",", "", regex=False).astype(float)
    return Numbers(values, present & ~plain & ~grouped, grouped)


def texts(column: pd.Series) -> pd.Series:
    """A column as trimmed text in half-width digits, missing kept; whole floats lose their ``.0``."""
    kept = column.astype(object)
    return pd.Series([_text(value) for value in kept], index=column.index, dtype="str")


def _text(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip()
