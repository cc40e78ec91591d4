"""Every obligation of a workspace as it stands on a day, with whom it binds and what it adds up to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.milestones import QUANTITIES, in_our_unit
from layers.obliging.days import Day, day_of
from layers.obliging.judging import COLOURS, Promise, judge, worst
from layers.posting import assumption
from layers.rows import rows
from layers.workspace import Workspace

MU = 10_000.0 / 15.0
"""Square metres of a 亩."""
WAN_M2 = 10_000.0

COLUMNS = (
    "milestone_id", "assignment_id", "parcel_id", "project_id", "parcel_no", "project", "project_en", "zone", "kind",
    "due", "first_due", "done_on", "promised", "achieved", "unit", "document", "basis", "source", "note", "days",
    "colour", "reason", "promised_total", "achieved_total", "total_unit",
)  # fmt: skip


@dataclass(frozen=True)
class Party:
    """Who promised: an assignment that has not ended, with its parcel and project.

    Parameters
    ----------
    zone
        Zone that holds most of the parcel; None outside all.
    site_area_m2
        Its share of the site area of the parcel, by floor area among all that are there.
    """

    assignment: dict[str, Any]
    parcel: int
    parcel_no: str
    project: str
    project_en: str
    zone: str | None
    floor_area_m2: float
    site_area_m2: float


def within_of(workspace: Workspace) -> int:
    """Days ahead in which what falls due is amber, from the assumptions."""
    return int(assumption(workspace, "due_within", default=90.0))


def parties(workspace: Workspace) -> dict[str, Party]:
    """Assignments that have not ended, by key."""
    given = workspace.table("assignments")
    going = given[(given["stage"] != "vacated").to_numpy(dtype=bool, na_value=True)]
    if going.empty:
        return {}
    place = workspace.parcel_index.get_indexer(pd.Index(going["parcel_id"]))
    projects = workspace.table("projects").set_index("project_id")
    names, english = projects["name"].to_dict(), projects["name_en"].to_dict()
    numbers, zones = workspace.table("parcels")["parcel_no"], zone_of(workspace)
    land, floor = books(workspace).site_area, going["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    on_parcel = going.groupby("parcel_id")["floor_area_m2"].transform("sum").to_numpy(dtype=float, na_value=0.0)
    found = {}
    for one, at, area, whole in zip(rows(going), place.tolist(), floor.tolist(), on_parcel.tolist(), strict=True):
        key = str(one["project_id"])
        found[str(one["assignment_id"])] = Party(
            assignment=dict(one),
            parcel=at,
            parcel_no=_text(numbers.iloc[at]) or str(one["parcel_id"]),
            project=_text(names.get(key)) or key,
            project_en=_text(english.get(key)) or "",
            zone=zones[at],
            floor_area_m2=area,
            site_area_m2=float(land[at]) * (area / whole if whole > 0 else 1.0),
        )
    return found


def zone_of(workspace: Workspace) -> list[str | None]:
    """The zone that holds most of each parcel."""
    split, places = workspace.location, workspace.places
    found: list[str | None] = [None] * split.parcels
    keys = places.of_parts("zone")
    for parcel, row in enumerate(places.main.tolist()):
        found[parcel] = None if row < 0 or keys[row] is None else str(keys[row])
    return found


def obligations(workspace: Workspace, on: Day, within: int) -> pd.DataFrame:
    """One row an obligation of an assignment that has not ended, the most urgent first.

    Parameters
    ----------
    within
        Days ahead in which what falls due is amber.

    Returns
    -------
    DataFrame
        Columns as `COLUMNS`; `days` are left to the due day, negative once it has passed.
    """
    of = parties(workspace)
    found = []
    for one in rows(workspace.table("milestones")):
        party = of.get(str(one["assignment_id"]))
        if party is not None:
            found.append(_row(dict(one), party, on, within))
    table = pd.DataFrame(found, columns=list(COLUMNS)) if found else pd.DataFrame(columns=list(COLUMNS))
    rank = table["colour"].map({colour: place for place, colour in enumerate(COLOURS)})
    days = table["days"].map(lambda value: np.inf if value is None or value != value else float(value))
    order = pd.DataFrame({"rank": rank, "days": days}, index=table.index)
    return table.loc[order.sort_values(["rank", "days"], kind="stable").index].reset_index(drop=True)


def counts(table: pd.DataFrame, by: str | None = None) -> dict[str, dict[str, int]]:
    """Obligations by colour, for each value of a column or in all; an empty value is ``""``.

    Returns
    -------
    dict
        Of each group ``red``, ``amber``, ``unknown``, ``green`` and ``total``.
    """
    found: dict[str, dict[str, int]] = {}
    keys: Iterable[object] = table[by] if by is not None else [""] * len(table)
    if by is None:
        found[""] = dict.fromkeys((*COLOURS, "total"), 0)
    for key, colour in zip(keys, table["colour"], strict=True):
        group = found.setdefault(_text(key) or "", dict.fromkeys((*COLOURS, "total"), 0))
        group[str(colour)] += 1
        group["total"] += 1
    return found


def lights(table: pd.DataFrame, by: str) -> dict[str, str]:
    """The light of each assignment, project or zone: the worst of its obligations."""
    return {str(key): worst(some["colour"].tolist()) for key, some in table.groupby(by, dropna=True)}


def _row(one: dict[str, Any], party: Party, on: Day, within: int) -> dict[str, Any]:
    kind = str(one["kind"])
    promise = Promise(
        quantity=kind in QUANTITIES,
        due=day_of(one.get("due")),
        done_on=day_of(one.get("done_on")),
        promised=one.get("promised"),
        achieved=one.get("achieved"),
    )
    light = judge(promise, on, within)
    factor, unit = _whole(kind, one.get("unit"), party)
    given = party.assignment
    return {name: one.get(name) for name in COLUMNS} | {
        "parcel_id": str(given["parcel_id"]),
        "project_id": str(given["project_id"]),
        "parcel_no": party.parcel_no,
        "project": party.project,
        "project_en": party.project_en,
        "zone": party.zone,
        "days": light.days,
        "colour": light.colour,
        "reason": light.reason,
        "promised_total": _times(promise.promised, factor),
        "achieved_total": _times(promise.achieved, factor),
        "total_unit": unit,
    }


def _whole(kind: str, unit: object, party: Party) -> tuple[float | None, str | None]:
    """What a promise per floor area or per site area is multiplied with to say what it is in all, and its unit."""
    if not in_our_unit(kind, unit):
        return None, None  # nothing is made of a figure in another unit
    if kind in ("investment", "tax_per_floor"):
        return party.floor_area_m2 / WAN_M2, QUANTITIES[kind].partition("/")[0]
    return (party.site_area_m2 / MU, "万元") if kind == "tax_per_mu" else (None, None)


def _times(value: float | None, factor: float | None) -> float | None:
    return None if value is None or factor is None else round(value * factor, 6)


def _text(value: object) -> str:
    return "" if value is None or value is pd.NA or value != value else str(value)
