"""A query from one line of text, as somebody writes it: ``东区三期，M4，可供 > 10000``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import pandas as pd

from layers.selecting.query import FIGURES, Query, Range, keys_of, refused
from layers.vocabulary import PARCEL_STATUS, SUPPLY_MODES, Terms
from layers.workspace import Workspace
from spatial.area import convert

_NAMES = {
    "available": ("可供", "可供面积", "剩余", "剩余面积", "可用", "available", "available floor area"),
    "vacant": ("空置", "空置面积", "vacant", "vacant floor area"),
    "permitted": ("规划规模", "建筑规模", "允许", "承载", "permitted", "capacity", "permitted floor area"),
    "built": ("现状", "已建", "现状面积", "built", "built floor area"),
    "site_area": ("面积", "用地", "地块面积", "area", "site", "site area", "land area"),
    "far": ("容积率上限", "far"),
}
"""What figures are called besides their names."""

_ABOVE = (">", "大于", "超过", "高于", "多于", "above", "over", "more than")
_BELOW = ("<", "小于", "低于", "少于", "below", "under", "less than")
_LEAST = (">=", "≥", "不小于", "不少于", "不低于", "至少", "at least")
_MOST = ("<=", "≤", "不大于", "不超过", "不高于", "不多于", "至多", "at most")
_SAME = ("=", "等于", "equals", "is")
_UNITS = {
    "": 1.0,
    "m2": 1.0,
    "平方米": 1.0,
    "平米": 1.0,
    "万": 1e4,
    "万m2": 1e4,
    "万平方米": 1e4,
    "万平米": 1e4,
    "公顷": convert(1, "ha", "m2"),
    "ha": convert(1, "ha", "m2"),
    "hm2": convert(1, "ha", "m2"),
    "亩": convert(1, "mu", "m2"),
    "mu": convert(1, "mu", "m2"),
}
"""Square metres in one of each unit."""

_YES = ("已落位", "有落位", "assigned")
_NO = ("未落位", "无落位", "没有落位", "unassigned", "not assigned")
_LABELS = {
    "zone": ("分区", "片区", "zone"),
    "land_use": ("用地性质", "用地类型", "land use"),
    "status": ("状态", "供应状态", "status"),
    "supply": ("供应方式", "supply", "supply mode"),
    "project": ("项目", "企业", "project"),
    "text": ("编号", "名称", "含", "包含", "number", "name", "contains"),
}

_SIGNS = sorted((*_ABOVE, *_BELOW, *_LEAST, *_MOST, *_SAME), key=len, reverse=True)
_AMOUNT = r"(\d+(?:\.\d+)?)\s*((?:[^\d\s.<>=~–-]\S*?)?)"
_COMPARED = re.compile(rf"(.+?)\s*({'|'.join(map(re.escape, _SIGNS))})\s*{_AMOUNT}")
_BETWEEN = re.compile(rf"(.+?)\s*(?:在|介于|between)?\s*{_AMOUNT}\s*(?:-|–|~|至|到|和|and|to)\s*{_AMOUNT}(?:之间)?")
_EVERY_LABEL = sorted((word for words in _LABELS.values() for word in words), key=len, reverse=True)
_LABELLED = re.compile(rf"({'|'.join(_EVERY_LABEL)})\s*[:=]?\s*(.+)")
_CODE = re.compile(r"[A-Z]{1,2}\d{0,3}|\d{2,6}")
_LONGEST = 500


def read(workspace: Workspace, text: str) -> Query:
    """The query that a line says; conditions are separated by commas, semicolons or 、.

    Parameters
    ----------
    workspace
        Its zones and projects are known by their names.

    Raises
    ------
    QueryRefused
        With the condition that cannot be read.

    Examples
    --------
    >>> from layers.workspace import Workspace
    >>> read(Workspace("empty", "EPSG:4548"), "M4, available > 10,000 m²").told()
    {'land_uses': ['M4'], 'ranges': [{'figure': 'available', 'low': 10000.0, 'above': True}]}
    """
    if len(text) > _LONGEST:
        raise refused(text)
    plain = unicodedata.normalize("NFKC", text).replace("“", '"').replace("”", '"')
    found: dict[str, list[object]] = {}
    for part in _parts(plain):
        for name, value in _condition(workspace, part):
            found.setdefault(name, []).append(value)
    once: dict[str, object] = {}
    for name in ("assigned", "text"):
        values = list(dict.fromkeys(found.pop(name, [])))
        if len(values) > 1:
            raise refused(" ".join(map(str, values)))
        if values:
            once[name] = values[0]
    return Query(**{name: tuple(dict.fromkeys(values)) for name, values in found.items()}, **once)  # type: ignore[arg-type]


def keys(workspace: Workspace, text: str) -> tuple[str, ...]:
    """Keys of the parcels that a line of conditions finds.

    Raises
    ------
    QueryRefused
    """
    return keys_of(workspace, read(workspace, text))


def _parts(text: str) -> list[str]:
    """Conditions of a line; a comma in quotes or between thousands separates nothing."""
    pieces = re.split(r'("[^"]*")', text)
    marked = "".join(
        piece.replace(",", "\0") if number % 2 else _grouped(piece) for number, piece in enumerate(pieces)
    )
    return [part.strip().replace("\0", ",") for part in re.split(r"[,;、]|\s且\s|\s并且\s", marked) if part.strip()]


def _grouped(text: str) -> str:
    """Thousands without their commas, where a number follows a sign or a word of comparison and not a code."""
    return re.sub(r"(?<![A-Za-z0-9])\d{1,3}(,\d{3})+(?!\d)", lambda found: found[0].replace(",", ""), text)


def _condition(workspace: Workspace, part: str) -> list[tuple[str, object]]:
    """What one condition says; where it is none as a whole, its words are looked at one by one."""
    found = _figure(part) or _word(workspace, part)
    if found:
        return [found]
    words = part.split()
    if len(words) > 1 and not _compares(part):
        each = [_word(workspace, word) for word in words]
        if all(each):
            return [one for one in each if one]
    raise refused(part, *_known(workspace))


def _compares(part: str) -> bool:
    return any(sign in part for sign in "<>=≥≤")


def _figure(part: str) -> tuple[str, Range] | None:
    """A condition on a figure."""
    between, compared = _BETWEEN.fullmatch(part), _COMPARED.fullmatch(part)
    if compared and (name := _of_figure(compared[1])):
        sign, value = compared[2], _amount(part, name, compared[3], compared[4])
        low, high = sign in (*_ABOVE, *_LEAST, *_SAME), sign in (*_BELOW, *_MOST, *_SAME)
        bounds = {"low": value if low else None, "high": value if high else None}
        return "ranges", Range(name, **bounds, above=sign in _ABOVE, below=sign in _BELOW)
    if between and (name := _of_figure(between[1])):
        unit = between[3] or between[5]
        low_, high_ = _amount(part, name, between[2], unit), _amount(part, name, between[4], between[5] or unit)
        if low_ > high_:
            raise refused(part)
        return "ranges", Range(name, low_, high_)
    return None


def _of_figure(word: str) -> str | None:
    asked = word.strip().casefold()
    for name, called in FIGURES.items():
        if asked in (name, called[0], called[1].casefold(), *_NAMES[name]):
            return name
    return None


def _amount(part: str, figure: str, number: str, unit: str) -> float:
    known = {"": 1.0} if figure == "far" else _UNITS
    if unit.casefold() not in known:
        raise refused(part, "单位：" + "、".join(_UNITS)[1:], "Units: " + ", ".join(_UNITS)[2:])
    return float(number) * known[unit.casefold()]


def _word(workspace: Workspace, part: str) -> tuple[str, object] | None:
    """A condition that is a name, a code or a word, with a label before it or without."""
    asked = part.casefold()
    if asked in _YES or asked in _NO:
        return "assigned", asked in _YES
    if len(part) > 2 and part[0] == part[-1] == '"':
        return "text", part[1:-1].strip()
    found = (
        _among("zones", part, _names(workspace, "zones", "zone_id"))
        or _term("status", part, PARCEL_STATUS)
        or _term("supply_modes", part, SUPPLY_MODES)
        or (("land_uses", part.upper()) if _CODE.fullmatch(part.upper()) else None)
        or _among("projects", part, _names(workspace, "projects", "project_id"), whole=True)
    )
    return found or _labelled(workspace, part)


def _labelled(workspace: Workspace, part: str) -> tuple[str, object] | None:
    match = _LABELLED.fullmatch(part) or _LABELLED.fullmatch(part.casefold())
    if not match:
        return None
    label = next(name for name, words in _LABELS.items() if match[1] in words)
    value = part[len(part) - len(match[2]) :].strip().strip('"')
    if label == "text":
        return "text", value
    if label == "zone":
        return _among("zones", value, _names(workspace, "zones", "zone_id"))
    if label == "project":
        return _among("projects", value, _names(workspace, "projects", "project_id"))
    if label == "land_use":
        return ("land_uses", value.upper()) if _CODE.fullmatch(value.upper()) else None
    terms = {"status": PARCEL_STATUS, "supply": SUPPLY_MODES}[label]
    return _term("status" if label == "status" else "supply_modes", value, terms)


def _term(name: str, part: str, terms: Terms) -> tuple[str, object] | None:
    asked = part.casefold()
    for code, words in terms.items():
        if asked in (code, words[0], words[1].casefold()):
            return name, code
    return None


def _names(workspace: Workspace, layer: str, key: str) -> dict[str, str]:
    """Names of rows, in the case that they are compared in, and their keys."""
    table, found = workspace.table(layer), {}
    for column in ("name", "name_en", key):
        for name, one in zip(table[column], table[key], strict=True):
            if not pd.isna(name) and name:
                found[unicodedata.normalize("NFKC", str(name)).casefold()] = str(one)
    return found


def _among(name: str, part: str, names: Mapping[str, str], *, whole: bool = False) -> tuple[str, object] | None:
    """The row that a text names, or the only one whose name holds it."""
    asked = part.casefold()
    if asked in names:
        return name, names[asked]
    holding = {key for called, key in names.items() if asked in called} if len(asked) > 1 and not whole else set()
    return (name, holding.pop()) if len(holding) == 1 else None


def _known(workspace: Workspace) -> tuple[str, str]:
    """What a condition may be, in both languages."""
    zones = workspace.table("zones")
    names = "、".join(str(one) for one in zones["name"].dropna().tolist()[:12])
    status = "、".join(words[0] for words in PARCEL_STATUS.values())
    figures = "、".join(words[0] for words in FIGURES.values())
    zh = (
        f"可写分区（{names}）、用地代码、供应状态（{status}）、供应方式、已落位/未落位、项目名、"
        f"指标（{figures}）或“含 文字”"
    )
    names_en = ", ".join(str(one) for one in zones["name_en"].dropna().tolist()[:12])
    figures_en = ", ".join(words[1] for words in FIGURES.values())
    en = (
        f"It may be a zone ({names_en}), a land-use code, a status, a supply mode, assigned or unassigned, a project,"
        f" a figure ({figures_en}) or “contains …”"
    )
    return zh, en
