"""Values that people write, as the codes that columns hold: a code, or its Chinese or English term."""

from __future__ import annotations

import functools
import re
import unicodedata

import pandas as pd

from layers import vocabulary
from layers.contract import Column, split_list
from layers.readers.limiting import words_of_kinds
from layers.vocabulary import CONSTRAINT_KINDS, FUNCTIONS, Terms

_FAR_BASIS: Terms = {"net": ("净用地", "net land"), "gross": ("毛用地", "gross land")}
_SHARE = re.compile(r"(.*?[^\d\s.%％])\s*(\d+(?:\.\d+)?\s*[%％])")
"""A function with its share in per cent behind it, as people write it: 研发设计 60%."""
_TRUE = frozenset({"true", "t", "yes", "y", "1", "是", "真", "独占"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "否", "假", "共用"})


def to_codes(values: pd.Series, column: Column) -> pd.Series:
    """Terms of a vocabulary column as codes; what is neither stays as it is, and the contract says so.

    Examples
    --------
    >>> from layers.parcels import PARCELS
    >>> to_codes(pd.Series(["成交", "Sold", "sold", "?"]), PARCELS.column("status")).tolist()
    ['sold', 'sold', 'sold', '?']
    """
    known = _codes(column.allowed)
    if column.allowed == tuple(CONSTRAINT_KINDS):
        known = words_of_kinds() | known
    if column.name == "function_mix":
        return _each(values, functools.partial(_mix, _codes(tuple(FUNCTIONS))))
    if not known:
        return values
    if column.kind == "list":
        return _each(values, lambda text: "; ".join(known.get(_plain(part), part) for part in split_list(text)))
    return _each(values, lambda text: known.get(_plain(text), text))


def to_booleans(values: pd.Series) -> pd.Series:
    """Yes and no in their usual spellings; what is neither stays as it is.

    >>> to_booleans(pd.Series(["是", "no", None])).tolist()
    [True, False, <NA>]
    """
    if pd.api.types.is_bool_dtype(values):
        return values.astype("boolean")
    words = values.map(lambda value: _plain(str(value)).removesuffix(".0"), na_action="ignore")
    read = [
        None if pd.isna(word) else True if word in _TRUE else False if word in _FALSE else value
        for word, value in zip(words, values, strict=True)
    ]
    if all(value is None or isinstance(value, bool) for value in read):
        return pd.Series(pd.array(read, dtype="boolean"), index=values.index)
    return pd.Series(read, index=values.index, dtype=object)


def terms_of(allowed: tuple[str, ...]) -> Terms:
    """The words for the codes that a column may hold, by code; empty where there are none."""
    tables = [terms for terms in vars(vocabulary).values() if isinstance(terms, dict)] + [_FAR_BASIS]
    return next((table for table in tables if tuple(table) == allowed), {})


@functools.cache
def _codes(allowed: tuple[str, ...]) -> dict[str, str]:
    if not allowed:
        return {}
    out = {_plain(code): code for code in allowed}
    for code, words in terms_of(allowed).items():
        for word in words:
            out.setdefault(_plain(word), code)
            out.setdefault(_plain(word.split("：")[0].split(":")[0]), code)
    return out


def _mix(codes: dict[str, str], text: str) -> str:
    out = []
    for part in split_list(re.sub(r"[、,，\n]", ";", text)):
        name, sign, share = re.sub(r"[：:]", "=", part).partition("=")
        beside = _SHARE.fullmatch(part) if not sign else None
        if beside is not None:
            name, sign, share = beside[1], "=", beside[2]
        out.append(codes.get(_plain(name), name.strip()) + (f"={_share(share)}" if sign else ""))
    return "; ".join(out)


def _share(text: str) -> str:
    """A share as a number; per cent as the hundredth part.

    >>> _share(" 60 %"), _share("0.6"), _share("most")
    ('0.6', '0.6', 'most')
    """
    bare = unicodedata.normalize("NFKC", text).strip()
    number = bare.removesuffix("%").strip()
    try:
        return f"{float(number) / 100:.12g}" if bare != number else bare
    except ValueError:
        return bare


def _each(values: pd.Series, change: object) -> pd.Series:
    kinds = {text: change(text) for text in values.dropna().unique()}  # type: ignore[operator]
    return values.map(kinds).astype("str")


def _plain(text: object) -> str:
    return unicodedata.normalize("NFKC", str(text)).strip().casefold()
