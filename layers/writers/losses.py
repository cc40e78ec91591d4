"""What a format cannot carry: taken out before writing, counted, and told to the user column by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from layers.spreadsheets import harmless

LOSSES: dict[str, dict[str, str]] = {
    "text_cut": {
        "zh-CN": "文字超过 {most}，已截断；需要全文请用 gpkg",
        "en": "text above {most} is cut; use gpkg for all of it",
    },
    "characters_replaced": {
        "zh-CN": "{encoding} 没有的字符写成了「?」；改用 UTF-8 或 GB18030 可保留",
        "en": "characters that {encoding} lacks became «?»; UTF-8 or GB18030 keeps them",
    },
    "characters_escaped": {
        "zh-CN": "GBK 没有的字写成 \\U+ 代码，AutoCAD 照常显示，个别软件只显示代码",
        "en": "characters that GBK lacks are written as \\U+ codes, which AutoCAD shows as characters",
    },
    "spaces_lost": {"zh-CN": "文字首尾的空格不能保留", "en": "spaces at the ends of text are lost"},
    "control_removed": {"zh-CN": "文字中的控制字符已删去", "en": "control characters are taken out of the text"},
    "punctuation_changed": {
        "zh-CN": "文字中的逗号、@ 和换行与格式冲突，已改为全角或空格",
        "en": "commas, @ and line ends in text, which the format uses itself, became wide signs or spaces",
    },
    "integer_above_2_53": {
        "zh-CN": "大于 2^53 的整数在部分软件中会变为近似值",
        "en": "whole numbers above 2^53 are rounded by some programs",
    },
    "integer_as_text": {
        "zh-CN": "大于 2^53 的整数按文本写入，各位数字不变",
        "en": "whole numbers above 2^53 are written as text, which keeps every digit",
    },
    "needs_arcgis_pro_3_2": {
        "zh-CN": "含大于 2^53 的整数，ArcGIS Pro 3.2 以前的版本不能打开此字段",
        "en": "whole numbers above 2^53 are kept in a field that needs ArcGIS Pro 3.2 or newer",
    },
    "number_not_written": {"zh-CN": "过大或无穷的数写为空", "en": "numbers too large, or infinite, are left empty"},
    "number_rounded": {
        "zh-CN": "数值保留 {decimals} 位小数（四舍五入）",
        "en": "numbers are rounded to {decimals} decimals",
    },
    "null_may_read_0": {
        "zh-CN": "空值：本格式没有空值，部分软件会显示为 0",
        "en": "no value: this format has none, and some programs show 0",
    },
    "null_reads_blank": {
        "zh-CN": "空值与空白文字在本格式中没有区别",
        "en": "a missing text and an empty one are the same in this format",
    },
    "coordinates_rounded": {
        "zh-CN": "坐标保留 {decimals} 位小数（约 {size}）",
        "en": "coordinates are kept to {decimals} decimals (about {size})",
    },
    "geometry_left_out": {"zh-CN": "{format} 不含图形", "en": "{format} carries no geometry"},
    "no_outline": {
        "zh-CN": "没有面状图形的行不写入 {format}，在随附的属性表中",
        "en": "rows without an outline are not in the {format}; the attribute table beside it has them",
    },
    "height_left_out": {"zh-CN": "图形的高程（Z/M）不写出", "en": "heights and measures (Z, M) are not written"},
    "columns_left_out": {
        "zh-CN": "{format} 放不下此列，见随附的属性表",
        "en": "{format} has no place for this column; it is in the attribute table beside it",
    },
    "field_renamed": {
        "zh-CN": "字段名在 {format} 中不能用，改为 {name}",
        "en": "the name of the field is not possible in {format}; it is {name} there",
    },
    "datum_shift_left_out": {
        "zh-CN": "坐标系文件不能记录基准转换参数；坐标已按参数换算",
        "en": "the file cannot say the parameters of the datum shift; coordinates were moved with them",
    },
    "date_as_text": {
        "zh-CN": "Excel 没有 1900 年 3 月以前的日期，这一列写为文字",
        "en": "Excel has no days before March 1900, so the column is text",
    },
    "formula_quoted": {
        "zh-CN": "以 = + - @ 开头的文字前加了单引号，以免被表格软件当作公式",
        "en": "text that starts with = + - @ is given a quote, so that no spreadsheet runs it",
    },
}

MILD = frozenset({
    "null_may_read_0", "null_reads_blank", "integer_as_text", "date_as_text", "needs_arcgis_pro_3_2",
    "formula_quoted", "field_renamed", "columns_left_out", "coordinates_rounded", "datum_shift_left_out",
    "number_rounded", "geometry_left_out",
})  # fmt: skip
"""What is told and loses nothing that anybody wrote: rounding that the format states, and what it never holds."""

TEXT_BYTES = 254
LARGEST = 1e15
"""Numbers beyond do not fit a shapefile's column with its decimals."""
_NOT_XML = {code: None for code in (*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF)}
"""Characters that no XML document may hold."""

Change = Callable[[str], str]


@dataclass(frozen=True)
class Loss:
    """What is lost in one column, and in how many rows."""

    column: str
    code: str
    rows: int
    facts: Mapping[str, object] = field(default_factory=dict)

    def message(self, language: str = "zh-CN") -> str:
        """What is lost, in a language."""
        texts = LOSSES[self.code]
        return texts.get(language, texts["zh-CN"]).format(**self.facts)

    @property
    def severity(self) -> str:
        """Whether something that somebody wrote is gone (``loss``) or only told (``note``)."""
        return "note" if self.code in MILD else "loss"


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
    facts = {"encoding": encoding.upper(), "most": f"{TEXT_BYTES} B"}
    steps: tuple[tuple[str, Change], ...] = (
        ("control_removed", _without_nul),
        ("spaces_lost", lambda text: text.strip(" ")),
        ("characters_replaced", lambda text: text.encode(encoding, "replace").decode(encoding)),
        ("text_cut", lambda text: cut(text, encoding)),
    )
    if not any(_is_odd(text) for text in values.dropna().unique()):
        return values, []
    return _stepwise(values, column, steps, facts)


def for_csv(values: pd.Series, column: str, encoding: str) -> tuple[pd.Series, list[Loss]]:
    """Text as a spreadsheet may open it: nothing in it is a formula."""
    steps: tuple[tuple[str, Change], ...] = (
        ("control_removed", _without_nul),
        ("characters_replaced", lambda text: text.encode(encoding, "replace").decode(encoding)),
        ("formula_quoted", harmless),
    )
    return _stepwise(values, column, steps, {"encoding": encoding.upper()})


def for_xml(values: pd.Series, column: str, most: int | None = None) -> tuple[pd.Series, list[Loss]]:
    """Text as an XML document may hold it: KML and the sheets of a workbook.

    Parameters
    ----------
    most
        Characters that a cell may hold, counted as UTF-16 does; None for no limit.
    """
    steps: list[tuple[str, Change]] = [("control_removed", in_xml)]
    if most is not None:
        steps.append(("text_cut", lambda text: _shortest(text, most)))
    return _stepwise(values, column, steps, {"most": most})


def for_binary(values: pd.Series, column: str) -> tuple[pd.Series, list[Loss]]:
    """Text as a database may hold it: without the sign that ends a text in C."""
    return _stepwise(values, column, (("control_removed", _without_nul),), {})


def for_drawing(values: pd.Series, column: str) -> tuple[pd.Series, list[Loss]]:
    """Text as a drawing in ANSI_936 may hold it: one line, what GBK lacks as ``\\U+XXXX``.

    >>> for_drawing(pd.Series(["䶮\\n𠮷"], dtype="str"), "name")[0].tolist()
    ['\\\\U+4DAE ?']
    """
    steps: tuple[tuple[str, Change], ...] = (
        ("control_removed", lambda text: "".join(c if c >= " " and c != "\x7f" else " " for c in text)),
        ("characters_replaced", lambda text: "".join(c if c <= "\uffff" else "?" for c in text)),
        ("characters_escaped", escaped),
    )
    return _stepwise(values, column, steps, {"encoding": "GBK"})


def for_survey(values: pd.Series, column: str, encoding: str) -> tuple[pd.Series, list[Loss]]:
    """Text as a field of a boundary-point file may hold it: no comma, no ``@``, no line end."""
    signs = str.maketrans({",": "，", "@": "＠", "\r": " ", "\n": " ", "\t": " ", "\x00": None})
    steps: tuple[tuple[str, Change], ...] = (
        ("punctuation_changed", lambda text: text.translate(signs).strip()),
        ("characters_replaced", lambda text: text.encode(encoding, "replace").decode(encoding)),
    )
    return _stepwise(values, column, steps, {"encoding": encoding.upper()})


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
        values = values.mask(beyond)
    return values, lost


def finite(values: pd.Series, column: str) -> tuple[pd.Series, list[Loss]]:
    """Numbers that a text can say; infinite ones are missing."""
    if pd.api.types.is_integer_dtype(values):
        return values, []
    infinite = np.isinf(values.to_numpy(dtype=float, na_value=np.nan))
    if not infinite.any():
        return values, []
    return values.mask(infinite), [Loss(column, "number_not_written", int(infinite.sum()))]


def for_json(values: pd.Series, column: str) -> tuple[pd.Series, list[Loss]]:
    """Numbers as JSON says them: every digit is written, and of whole ones many readers keep 53 bits."""
    if not pd.api.types.is_integer_dtype(values):
        return finite(values, column)
    large = int((values.abs() > 2**53).sum())
    return values, [Loss(column, "integer_above_2_53", large)] if large else []


def missing(values: pd.Series, column: str, code: str) -> list[Loss]:
    """How many values are missing, for a format that cannot say so."""
    count = int(values.isna().sum())
    return [Loss(column, code, count)] if count else []


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


def in_xml(text: str) -> str:
    """A text without what no XML document may hold; line ends as XML keeps them.

    >>> in_xml("a\\x07b\\r\\n")
    'ab\\n'
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_XML)


def escaped(text: str) -> str:
    """A text with what GBK lacks as a code that AutoCAD reads.

    >>> escaped("甲䶮")
    '甲\\\\U+4DAE'
    """
    try:
        text.encode("gbk")
        return text
    except UnicodeEncodeError:
        return "".join(sign if _in_gbk(sign) else f"\\U+{ord(sign):04X}" for sign in text)


def unescaped(text: str) -> str:
    """The text that codes of `escaped` stand for.

    >>> unescaped("甲\\\\U+4DAE")
    '甲䶮'
    """
    return re.sub(r"\\U\+([0-9A-Fa-f]{4})", lambda found: chr(int(found[1], 16)), text)


def _in_gbk(sign: str) -> bool:
    try:
        return bool(sign.encode("gbk"))
    except UnicodeEncodeError:
        return False


def _is_odd(text: str) -> bool:
    """Whether a short look does not do for a text of a .dbf file."""
    return not text.isascii() or len(text) > TEXT_BYTES or text[:1] == " " or text[-1:] == " " or "\x00" in text


def _without_nul(text: str) -> str:
    return text.replace("\x00", "")


def _shortest(text: str, most: int) -> str:
    """The beginning of a text that takes no more than so many units of UTF-16."""
    if len(text) * 2 <= most or len(text.encode("utf-16-le")) <= 2 * most:
        return text
    return text.encode("utf-16-le")[: 2 * most].decode("utf-16-le", "ignore")


def _stepwise(
    values: pd.Series, column: str, steps: Iterable[tuple[str, Change]], facts: Mapping[str, object]
) -> tuple[pd.Series, list[Loss]]:
    lost: list[Loss] = []
    for code, change in steps:
        values, changed = _changed(values, change)
        if changed:
            lost.append(Loss(column, code, changed, facts))
    return values, lost


def _changed(values: pd.Series, change: Change) -> tuple[pd.Series, int]:
    known = {text: change(text) for text in values.dropna().unique()}
    different = [text for text, after in known.items() if after != text]
    if not different:
        return values, 0
    return values.map(known).astype("str"), int(values.isin(different).sum())
