"""What a format cannot carry: taken out before writing, counted, and told to the user column by column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

LOSSES: dict[str, dict[str, str]] = {
    "text_cut": {
        "zh-CN": "文字超过 254 字节，已截断；需要全文请用 gpkg",
        "en": "text above 254 bytes is cut; use gpkg for all of it",
    },
    "characters_replaced": {
        "zh-CN": "{encoding} 没有的字符写成了「?」；改用 UTF-8 或 GB18030 可保留",
        "en": "characters that {encoding} lacks became «?»; UTF-8 or GB18030 keeps them",
    },
    "spaces_lost": {"zh-CN": "文字末尾的空格不能保留", "en": "spaces at the end of text are lost"},
    "control_removed": {"zh-CN": "文字中的控制字符已删去", "en": "control characters are taken out of the text"},
    "integer_above_2_53": {
        "zh-CN": "大于 2^53 的整数在部分软件中会变为近似值",
        "en": "whole numbers above 2^53 are rounded by some programs",
    },
    "number_not_written": {"zh-CN": "过大或无穷的数写为空", "en": "numbers too large, or infinite, are left empty"},
    "coordinates_rounded": {
        "zh-CN": "坐标换算为经纬度，保留 9 位小数（约 0.1 毫米）",
        "en": "coordinates are longitude and latitude with 9 decimals (about 0.1 mm)",
    },
    "geometry_left_out": {"zh-CN": "CSV 不含图形", "en": "CSV carries no geometry"},
    "formula_quoted": {
        "zh-CN": "以 = + - @ 开头的文字前加了单引号，以免被表格软件当作公式",
        "en": "text that starts with = + - @ is given a quote, so that no spreadsheet runs it",
    },
}

TEXT_BYTES = 254
LARGEST = 1e15
"""Numbers beyond do not fit a shapefile's column with its decimals."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True)
class Loss:
    """What is lost in one column, and in how many rows."""

    column: str
    code: str
    rows: int
    encoding: str = ""

    def message(self, language: str = "zh-CN") -> str:
        """What is lost, in a language."""
        texts = LOSSES[self.code]
        return texts.get(language, texts["zh-CN"]).format(encoding=self.encoding)


def for_shapefile(values: pd.Series, column: str, encoding: str) -> tuple[pd.Series, list[Loss]]:
    """Text as a .dbf file can hold it.

    Parameters
    ----------
    values
        Text, missing kept.
    encoding
        Of the file, as Python names it.

    Examples
    --------
    >>> kept, lost = for_shapefile(pd.Series(["䶮 "], dtype="str"), "name", "gbk")
    >>> kept.tolist(), [loss.code for loss in lost]
    (['?'], ['spaces_lost', 'characters_replaced'])
    """
    lost: list[Loss] = []
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("control_removed", lambda text: text.replace("\x00", "")),
        ("spaces_lost", lambda text: text.rstrip(" ")),
        ("characters_replaced", lambda text: text.encode(encoding, "replace").decode(encoding)),
        ("text_cut", lambda text: cut(text, encoding)),
    )
    for code, change in steps:
        values, changed = _changed(values, change)
        if changed:
            lost.append(Loss(column, code, changed, encoding.upper()))
    return values, lost


def for_csv(values: pd.Series, column: str, encoding: str) -> tuple[pd.Series, list[Loss]]:
    """Text as a spreadsheet may open it: nothing in it is a formula."""
    lost: list[Loss] = []
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("control_removed", lambda text: text.replace("\x00", "")),
        ("characters_replaced", lambda text: text.encode(encoding, "replace").decode(encoding)),
        ("formula_quoted", harmless),
    )
    for code, change in steps:
        values, changed = _changed(values, change)
        if changed:
            lost.append(Loss(column, code, changed, encoding.upper()))
    return values, lost


def numbers_for_shapefile(values: pd.Series, column: str) -> tuple[pd.Series, list[Loss]]:
    """Numbers as a .dbf file can hold them; those that it cannot are missing."""
    if pd.api.types.is_integer_dtype(values):
        large = (values.abs() > 2**53).fillna(False).to_numpy(dtype=bool)
        beyond = (values.abs() >= 10**17).fillna(False).to_numpy(dtype=bool)
        lost = [Loss(column, "integer_above_2_53", int((large & ~beyond).sum()))] if (large & ~beyond).any() else []
    else:
        plain = values.to_numpy(dtype=float, na_value=np.nan)
        with np.errstate(invalid="ignore"):
            beyond = np.abs(plain) >= LARGEST
        lost = []
    if beyond.any():
        lost.append(Loss(column, "number_not_written", int(beyond.sum())))
    return values.mask(beyond), lost


def cut(text: str, encoding: str, most: int = TEXT_BYTES) -> str:
    """The longest beginning of a text that fits, in whole characters.

    >>> cut("地块", "utf-8", 5)
    '地'
    """
    data = text.encode(encoding)
    if len(data) <= most:
        return text
    end = len(text)
    while len(text[:end].encode(encoding)) > most:
        end -= max(1, (len(text[:end].encode(encoding)) - most) // 4)
    return text[:end].rstrip(" ")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("甲")
    ("'=1+1", '甲')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def _changed(values: pd.Series, change: Callable[[str], str]) -> tuple[pd.Series, int]:
    known = {text: change(text) for text in values.dropna().unique()}
    different = [text for text, after in known.items() if after != text]
    if not different:
        return values, 0
    return values.map(known).astype("str"), int(values.isin(different).sum())
