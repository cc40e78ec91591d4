"""Reads JSON that a browser sent: every field is checked, what is unknown is refused, every size has a limit."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from layers.live.errors import ActRefused

Read = Callable[[Any, str], Any]
"""Gives a value of its kind, told its field; raises `ActRefused` for any other."""

_LARGEST = 1e12


@dataclass(frozen=True)
class Field:
    """A field of an object.

    Parameters
    ----------
    needed
        Whether it has to be there; where it is not, it is left out.
    """

    read: Read
    needed: bool = True


def refuse(field: str, reason: str) -> ActRefused:
    """The error for a field."""
    return ActRefused(where=field[:60], field=field[:60], reason=reason[:80])


def fields(given: Any, known: Mapping[str, Field], at: str) -> dict[str, Any]:
    """An object with the fields that it may have and no others.

    Raises
    ------
    ActRefused
    """
    if not isinstance(given, dict):
        raise refuse(at, "object")
    strange = sorted(set(given) - set(known))
    if strange:
        raise refuse(f"{at}.{strange[0]}", "unknown")
    missing = [name for name, field in known.items() if field.needed and name not in given]
    if missing:
        raise refuse(f"{at}.{missing[0]}", "missing")
    return {name: known[name].read(value, f"{at}.{name}") for name, value in given.items()}


def text(most: int, pattern: str = "", least: int = 0) -> Read:
    """Text of limited length without control characters."""
    wanted = re.compile(pattern) if pattern else None

    def read(given: Any, at: str) -> str:
        if not isinstance(given, str) or not least <= len(given) <= most:
            raise refuse(at, f"text of {least} to {most} letters")
        if not given.isprintable() and not all(one.isprintable() or one in "\n\t" for one in given):
            raise refuse(at, "control characters")
        try:
            given.encode("utf-8")
        except UnicodeEncodeError as error:
            raise refuse(at, "half of a letter") from error
        if wanted is not None and not wanted.fullmatch(given):
            raise refuse(at, "form")
        return given

    return read


def number(low: float, high: float) -> Read:
    """A finite number in a range."""

    def read(given: Any, at: str) -> float:
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not low <= given <= high:
            raise refuse(at, f"number from {low:g} to {high:g}")
        return float(given)

    return read


def whole(low: int, high: int) -> Read:
    """A whole number in a range."""

    def read(given: Any, at: str) -> int:
        if type(given) is not int or not low <= given <= high:
            raise refuse(at, f"whole number from {low} to {high}")
        return given

    return read


def truth(given: Any, at: str) -> bool:
    """Yes or no."""
    if type(given) is not bool:
        raise refuse(at, "true or false")
    return given


def one_of(*known: str) -> Read:
    """A word of a list."""

    def read(given: Any, at: str) -> str:
        if not isinstance(given, str) or given not in known:
            raise refuse(at, " | ".join(known))
        return given

    return read


def several(read: Read, most: int, least: int = 1) -> Read:
    """A list of values of one kind."""

    def read_all(given: Any, at: str) -> tuple[Any, ...]:
        if not isinstance(given, list) or not least <= len(given) <= most:
            raise refuse(at, f"list of {least} to {most}")
        return tuple(read(value, f"{at}[{i}]") for i, value in enumerate(given))

    return read_all


def list_of(*reads: Read) -> Read:
    """A list with one value of each kind, in this order."""

    def read(given: Any, at: str) -> tuple[Any, ...]:
        if not isinstance(given, list) or len(given) != len(reads):
            raise refuse(at, f"list of {len(reads)}")
        return tuple(one(value, f"{at}[{i}]") for i, (one, value) in enumerate(zip(reads, given, strict=True)))

    return read


def values(most: int = 60) -> Read:
    """Columns with their new values: text, finite numbers, yes or no, or nothing."""
    name, words = text(60, least=1), text(4000)

    def read(given: Any, at: str) -> tuple[tuple[str, Any], ...]:
        if not isinstance(given, dict) or not 1 <= len(given) <= most:
            raise refuse(at, f"object of 1 to {most} columns")
        return tuple((name(column, at), plain(value, f"{at}.{column}"[:60])) for column, value in given.items())

    def plain(given: Any, at: str) -> Any:
        if given is None or type(given) is bool:
            return given
        if isinstance(given, (int, float)):
            if not math.isfinite(given) or abs(given) > _LARGEST:
                raise refuse(at, "finite number")
            return given
        return words(given, at)

    return read


KEY = text(64, least=1)
"""The key of a row."""
