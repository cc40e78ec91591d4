"""Days as people and programs write them."""

from __future__ import annotations

from datetime import date

import pandas as pd

SHAPES = {
    "ymd": r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*日?",
    "compact": r"(?P<y>(?:18|19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})",
    "either": r"(?P<a>\d{1,2})\s*[-/.]\s*(?P<b>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})",
}
CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
NULL_DAYS = ("1899-12-30", "1899-12-31", "1900-01-00", "0000-00-00", "00000000", "0001-01-01")
"""What programs write where there is no day."""


def read_days(text: pd.Series, order: str) -> pd.Series:
    """Days as YYYY-MM-DD; missing where a text is none.

    >>> read_days(pd.Series(["2026年3月1日", "20260302", "2026-02-30", "31/12/2025"]), "dmy").tolist()
    ['2026-03-01', '2026-03-02', nan, '2025-12-31']
    """
    out = pd.Series([None] * len(text), index=text.index, dtype=object)
    for shape, pattern in SHAPES.items():
        parts = text.str.strip().str.extract(rf"^{pattern}{CLOCK}$")
        for key in parts.index[parts["y"].notna()]:
            row = parts.loc[key]
            month, day = (row["a"], row["b"]) if shape == "either" else (row["m"], row["d"])
            if shape == "either" and order == "dmy":
                month, day = day, month
            out[key] = _day(int(row["y"]), int(month), int(day))
    return out.astype("str")


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
