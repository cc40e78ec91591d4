"""How text stands on a terminal: Chinese characters take two places, and nothing is said that it would obey."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Answer = Mapping[str, Any]
Words = Mapping[str, tuple[str, str]]
"""Sentences by name, Chinese and English."""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], left: int = 0) -> list[str]:
    """Lines of a table in which Chinese characters take two places.

    Parameters
    ----------
    left
        How many columns are set left; the others are figures.

    Examples
    --------
    >>> table(["分区", "m²"], [["东区", "1,000"]], left=1)
    ['分区     m²', '东区  1,000']
    """
    every = [list(map(plain, row)) for row in (heads, *rows)]
    widths = [max(width(row[place]) for row in every) for place in range(len(heads))]

    def line(row: Sequence[str]) -> str:
        cells = []
        for place, (cell, wide) in enumerate(zip(row, widths, strict=True)):
            space = " " * (wide - width(cell))
            cells.append(cell + space if place < left else space + cell)
        return "  ".join(cells).rstrip()

    return [line(row) for row in every]


def say(words: Words, name: str, language: str, facts: Answer) -> str:
    """A sentence with its facts."""
    return pick(words[name], language).format(**facts)


def pick(pair: tuple[str, str], language: str) -> str:
    """The one of a pair that is in a language."""
    return pair[0] if language == "zh-CN" else pair[1]


def plain(text: str) -> str:
    """Text from files without control characters, which a terminal would obey."""
    return "".join(char if char.isprintable() else "�" for char in text)


def width(text: str) -> int:
    """Places that a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
