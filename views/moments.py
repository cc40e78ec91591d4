"""When something was done, as people say it: by the clock of the office, the day only where it is not today."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from views.text import Text


def moment(at: str, say: Text, now: datetime | None = None) -> str:
    """A time of the store (UTC) in the time of this machine.

    >>> from datetime import UTC, timezone, timedelta
    >>> from views.text import texts
    >>> beijing = timezone(timedelta(hours=8))
    >>> moment("2026-11-23T08:05:11.000Z", texts("en"), datetime(2026, 11, 23, 18, tzinfo=beijing))
    '16:05'
    >>> moment("2026-11-20T20:05:11.000Z", texts("en"), datetime(2026, 11, 23, 18, tzinfo=beijing))
    '2026-11-21 04:05'
    """
    try:
        when = datetime.fromisoformat(at)
    except ValueError:
        return say("nothing_there")
    here = now or datetime.now().astimezone()
    zone: tzinfo | None = here.tzinfo
    local = when.astimezone(zone)
    return f"{local:%H:%M}" if local.date() == here.date() else f"{local:%Y-%m-%d %H:%M}"


def of_file(seconds: float, say: Text) -> str:
    """When a file was written."""
    return moment(datetime.fromtimestamp(seconds, UTC).isoformat(), say)
