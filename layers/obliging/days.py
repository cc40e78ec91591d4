"""Days and years of agreements: the day of the calendar that ends a term, leap days included."""

from __future__ import annotations

import calendar
import datetime

Day = datetime.date


def day_of(text: object) -> Day | None:
    """A day from what a cell holds; None where it holds none.

    >>> day_of("2026-11-22"), day_of("2026-02-30"), day_of(None)
    (datetime.date(2026, 11, 22), None, None)
    """
    if not isinstance(text, str):
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def after_years(day: Day, years: float) -> Day:
    """The same day some years later, whole months counted; the last of the month where it has no such day.

    >>> after_years(datetime.date(2024, 2, 29), 1), after_years(datetime.date(2024, 8, 31), 0.5)
    (datetime.date(2025, 2, 28), datetime.date(2025, 2, 28))
    >>> after_years(datetime.date(2024, 2, 29), 4)
    datetime.date(2028, 2, 29)
    """
    month = day.year * 12 + day.month - 1 + round(years * 12)
    year, month = min(month // 12, datetime.MAXYEAR), month % 12 + 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
