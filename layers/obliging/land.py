"""Land that may lie idle: what the tables know of each parcel, and the alerts of a day."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from layers.accounts import books
from layers.obliging.days import Day, day_of
from layers.obliging.idle import Idle, Site, idle_rule, judge_site
from layers.obliging.obligations import Party, parties
from layers.rows import rows
from layers.workspace import Workspace

_BEGUN = ("under_construction", "completed")


@dataclass(frozen=True)
class Alert:
    """An alert and the parcel that it is about.

    Parameters
    ----------
    projects, projects_en
        Names of those who hold it.
    """

    parcel_id: str
    parcel_no: str
    zone: str | None
    projects: tuple[str, ...]
    projects_en: tuple[str, ...]
    site: Site
    idle: Idle
    pack: str


def alerts(workspace: Workspace, on: Day) -> list[Alert]:
    """Alerts of a day by the rule in force on it, the longest idle first; none where no rule is in force."""
    rule = idle_rule(workspace, on.isoformat())
    if rule is None:
        return []
    here: dict[int, list[Party]] = {}
    for party in parties(workspace).values():
        if party.assignment["source"] == "new":
            here.setdefault(party.parcel, []).append(party)
    found = []
    for parcel, some in here.items():
        site = _site(workspace, parcel, some, on)
        idle = judge_site(site, rule, on)
        if idle is not None:
            key, names = str(some[0].assignment["parcel_id"]), tuple(dict.fromkeys(one.project for one in some))
            english = tuple(dict.fromkeys(one.project_en or one.project for one in some))
            found.append(Alert(key, some[0].parcel_no, some[0].zone, names, english, site, idle, rule.pack))
    return sorted(found, key=lambda one: (one.idle.since, one.parcel_id))


def _site(workspace: Workspace, parcel: int, some: list[Party], on: Day) -> Site:
    """What is known of a parcel and of all that was promised on it."""
    (row,) = rows(workspace.table("parcels").iloc[[parcel]])
    keys = {str(one.assignment["assignment_id"]) for one in some}
    table = workspace.table("milestones")
    mine = rows(table[table["assignment_id"].isin(keys).to_numpy(dtype=bool, na_value=False)])
    agreed = [day for one in mine if one["kind"] == "start" and (day := day_of(one.get("due")))]
    done = {
        kind: any(one["kind"] == kind and (day := day_of(one.get("done_on"))) and day <= on for one in mine)
        for kind in ("start", "completion")
    }
    begun = float(row.get("started_land_m2") or 0.0) > 0
    completed = {
        str(one["assignment_id"])
        for one in mine
        if one["kind"] == "completion" and (day := day_of(one.get("done_on"))) and day <= on
    } | {str(one.assignment["assignment_id"]) for one in some if one.assignment["stage"] == "completed"}
    cause = row.get("delay_cause")
    return Site(
        agreed_start=min(agreed, default=None),
        started=begun or done["start"] or any(one.assignment["stage"] in _BEGUN for one in some),
        completed=completed == keys,
        land_share=_share(row.get("started_land_m2"), float(books(workspace).site_area[parcel])),
        invested_share=_share(row.get("investment_made_wan"), row.get("investment_total_wan")),
        stopped_since=day_of(row.get("stopped_since")),
        cause=None if cause is None or pd.isna(cause) else str(cause),
    )


def _share(part: float | None, whole: float | None) -> float | None:
    return None if part is None or whole is None or not whole > 0 else float(part) / float(whole)
