"""How one obligation stands on a day: green, amber or red, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layers.obliging.days import Day

Colour = Literal["green", "amber", "red", "unknown"]

COLOURS: tuple[Colour, ...] = ("red", "amber", "unknown", "green")
"""From what asks for most to what asks for nothing; the light of many is the first of theirs."""


@dataclass(frozen=True)
class Promise:
    """What was promised and what came of it.

    Parameters
    ----------
    quantity
        Whether a quantity is promised, or a date alone.
    """

    quantity: bool = False
    due: Day | None = None
    done_on: Day | None = None
    promised: float | None = None
    achieved: float | None = None


@dataclass(frozen=True)
class Light:
    """How it stands, why, and how many days are left to the due day (negative: have passed since)."""

    colour: Colour
    reason: str
    days: int | None = None


def judge(promise: Promise, on: Day, within: int) -> Light:
    """The light of an obligation on a day.

    Parameters
    ----------
    within
        Days ahead in which what falls due is amber.

    Examples
    --------
    >>> import datetime
    >>> due = Promise(due=datetime.date(2026, 12, 31))
    >>> judge(due, datetime.date(2026, 12, 31), 90)
    Light(colour='amber', reason='due', days=0)
    >>> judge(due, datetime.date(2027, 1, 1), 90)
    Light(colour='red', reason='overdue', days=-1)
    """
    days = None if promise.due is None else (promise.due - on).days
    known = promise.done_on is not None and promise.done_on <= on
    if not promise.quantity:
        if known and promise.done_on is not None:
            late = promise.due is not None and promise.done_on > promise.due
            return Light("green", "done_late" if late else "done", days)
        return _waiting(days, within, "overdue")
    if promise.promised is None:
        return Light("unknown", "promise_unknown", days)
    if promise.achieved is None or (promise.done_on is not None and not known):
        return _waiting(days, within, "unreported")
    if promise.achieved >= promise.promised:
        return Light("green", "kept", days)
    if days is None or days < 0:
        return Light("red", "below", days)
    return Light("amber", "below_yet", days) if days <= within else Light("green", "ahead", days)


def _waiting(days: int | None, within: int, passed: str) -> Light:
    if days is None:
        return Light("unknown", "no_date")
    if days < 0:
        return Light("red", passed, days)
    return Light("amber", "due", days) if days <= within else Light("green", "ahead", days)


def worst(colours: list[Colour]) -> Colour:
    """The light of several together; green where there is nothing.

    >>> worst(["green", "amber"]), worst([])
    ('amber', 'green')
    """
    return next((colour for colour in COLOURS if colour in colours), "green")
