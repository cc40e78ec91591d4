"""Text in cells of a spreadsheet: whatever somebody typed, nothing of it is a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("甲")
    ("'=1+1", '甲')
    """
    return f"'{text}" if text.startswith(_FORMULA) else text
