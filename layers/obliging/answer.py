"""Obligations of a day in the words of the command line."""

from __future__ import annotations

import datetime
from typing import Any

import pandas as pd

from layers.obliging.days import Day
from layers.obliging.land import Alert, alerts
from layers.obliging.obligations import counts, obligations, within_of
from layers.obliging.progress import progress
from layers.obliging.renewals import Ending, ahead_of, renewals
from layers.ruling import day as checked
from layers.workspace import Workspace


def today_of(workspace: Workspace) -> Day:
    """The day that a workspace stands for; that of the calendar where it says none."""
    try:
        return datetime.date.fromisoformat(workspace.as_of)
    except ValueError:
        return datetime.date.today()


def told(workspace: Workspace, on: str | None = None, within: int | None = None) -> dict[str, Any]:
    """What is due, overdue, idle and ending on a day.

    Parameters
    ----------
    on
        ISO 8601; None is the day of the workspace.
    within
        Days ahead; None takes the assumption.

    Raises
    ------
    DateRefused
    """
    day = today_of(workspace) if on is None else datetime.date.fromisoformat(checked(on))
    days = within_of(workspace) if within is None else within
    table = obligations(workspace, day, days)
    return {
        "on": day.isoformat(),
        "within_days": days,
        "counts": counts(table)[""],
        "zones": [{"zone": key or None, **some} for key, some in counts(table, "zone").items()],
        "due": _records(table[(table["colour"] == "amber").to_numpy(dtype=bool)]),
        "overdue": _records(table[(table["colour"] == "red").to_numpy(dtype=bool)]),
        "idle": [_alert(one, day) for one in alerts(workspace, day)],
        "renewals": [_ending(one) for one in renewals(workspace, day, ahead_of(workspace))],
        "progress": _records(progress(workspace, table)),
    }


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records = table.astype(object).where(table.notna(), None).to_dict("records")
    whole = {"days", "year", "due", "done", "overdue"}
    return [
        {
            str(name): int(value) if name in whole and isinstance(value, float) else value
            for name, value in one.items()
        }
        for one in records
    ]


def _alert(one: Alert, on: Day) -> dict[str, Any]:
    idle, site = one.idle, one.site
    return {
        "parcel_id": one.parcel_id,
        "parcel_no": one.parcel_no,
        "zone": one.zone,
        "projects": list(one.projects),
        "projects_en": list(one.projects_en),
        "state": idle.state,
        "rules": list(idle.rules),
        "pack": one.pack,
        "since": idle.since.isoformat(),
        "days": (on - idle.since).days,
        "agreed_start": None if site.agreed_start is None else site.agreed_start.isoformat(),
        "land_share": site.land_share,
        "invested_share": site.invested_share,
        "cause": site.cause,
        "fee_share": idle.fee,
        "withdrawal_from": None if idle.withdrawal_from is None else idle.withdrawal_from.isoformat(),
    }


def _ending(one: Ending) -> dict[str, Any]:
    return {
        "assignment_id": one.assignment_id,
        "parcel_no": one.party.parcel_no,
        "project": one.party.project,
        "project_en": one.party.project_en,
        "zone": one.party.zone,
        "what": one.what,
        "date": one.day.isoformat(),
        "days": one.days,
        "basis": one.basis,
    }
