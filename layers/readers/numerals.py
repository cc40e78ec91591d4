"""Numbers that files keep as text: ``" 12 "``, ``"１２"``, ``"1,234.5"``; nothing is guessed beyond that."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import pandas as pd

_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_GROUPED = r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?"


BLANKS = frozenset(
    ["—", "-", "--", "/", "无", "空", "待定", "暂无", "不详", "未知", "n/a", "na", "#n/a", "null", "none"]
)
"""Words that stand in cells of numbers where there is none."""
_TIMES = {"": 1.0, "万": 1e4, "亿": 1e8}
_UNITS: dict[str, dict[str, float]] = {
    "_m2": {
        "": 1.0, "m2": 1.0, "㎡": 1.0, "平方米": 1.0, "平米": 1.0, "平": 1.0, "公顷": 1e4, "ha": 1e4, "亩": 1e4 / 15,
        "km2": 1e6, "平方公里": 1e6,
    },
    "_m": {"": 1.0, "m": 1.0, "米": 1.0},
    "_pct": {"": 1.0, "%": 1.0},
    "": {"": 1.0},
}  # fmt: skip


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


def quantities(column: pd.Series, target: str) -> np.ndarray:
    """Numbers with their unit in the cell, in the unit of a target; NaN where a cell is none.

    >>> quantities(pd.Series(["1.2万m²", "15 亩", "1,200㎡", "约3"]), "official_area_m2").round(6).tolist()
    [12000.0, 10000.0, 1200.0, nan]
    """
    ending = next((ending for ending in ("_m2", "_m", "_pct") if target.endswith(ending)), "")
    units = _UNITS[ending]
    parts = texts(column).str.casefold().str.extract(rf"^({_GROUPED}|{_PLAIN})\s*([万亿]?)\s*([^\d\s]\S*|)$")
    number = parts[0].str.replace(",", "", regex=False).astype(float)
    return np.asarray(number * parts[1].map(_TIMES) * parts[2].map(units), dtype=float)


def texts(column: pd.Series) -> pd.Series:
    """A column as trimmed text in half-width digits, missing kept; whole floats lose their ``.0``."""
    kept = column.astype(object)
    # NFKC leaves ASCII as it is, and most of a hundred thousand texts are that
    read = [value.strip() if type(value) is str and value.isascii() else _text(value) for value in kept]
    return pd.Series(read, index=column.index, dtype="str")


def _text(value: object) -> str | None:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, (float, np.floating)) and float(value).is_integer() and abs(float(value)) < 2**53:
        return str(int(value))
    return unicodedata.normalize("NFKC", str(value)).strip()
