"""What follows from the assumptions: the figures that pages show, and which of them another value would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from layers import balancing, obliging
from layers.accounts import assumption, books
from layers.balancing.answer import carriers
from layers.balancing.market import available_share
from layers.changes import Scene
from layers.commands import Assume
from layers.ground import catchments, serving
from layers.matching import ask, top_zones
from layers.rows import with_rows
from layers.workspace import Workspace
from spatial import capacity, demand
from spatial.sums import by_group

WHOLE = ""
"""Zone of a figure of everything; None is demand that is free to choose its zone."""

_DEMAND = ("demand_p10", "demand_p50", "demand_p90")
_NEAR = 1e-9
_MOST_ASSUMPTIONS, _MOST_PROJECTS = 7, 4
"""Carriers of the spread that are told one by one."""


class Figure(NamedTuple):
    """One figure of a page.

    Parameters
    ----------
    kind
        `available`, `expected`, `persons`, `renewal`, `demand_p10`, `demand_p50`, `demand_p90`, `gap`, `shortage`,
        `gap_expected`, `shortage_expected`, `target`, `near`, `far`, `uncovered`, `lacking`, `support`,
        `red`, `amber`, `endings`.
    zone
        Zone that it is for, `WHOLE` for everything, None for demand that is free to choose.
    of
        Function, target or kind of facility; empty where it is for all.
    """

    kind: str
    zone: str | None = WHOLE
    of: str = ""


class Moved(NamedTuple):
    """A figure before and after."""

    figure: Figure
    before: float
    after: float


def with_assumption(workspace: Workspace, key: str, values: Mapping[str, Any]) -> Workspace:
    """The workspace as it would be with other values of one assumption; nothing is written.

    Raises
    ------
    NothingSuch, ColumnRefused, ValueUnfit, AssumptionRefused
    """
    changes = Assume.of(key, **values).changes(workspace, Scene("", "", lambda prefix: prefix))
    return with_rows(workspace, changes)


def moved(before: Workspace, after: Workspace, year: int | None = None) -> list[Moved]:
    """Figures that differ between two states of a workspace, in the order of `figures`.

    The balance of expected supply is looked at where the availability factor differs: else it says the same twice.
    """
    old, new = figures(before, year), figures(after, year)
    if available_share(before) != available_share(after):
        old, new = (some | _balance(one, year, expected=True) for some, one in ((old, before), (new, after)))
    nan = float("nan")
    pairs = [Moved(key, old.get(key, nan), new.get(key, nan)) for key in dict.fromkeys([*old, *new])]
    return [one for one in pairs if not _same(one.before, one.after)]


def _same(one: float, other: float) -> bool:
    if np.isnan(one) or np.isnan(other):
        return bool(np.isnan(one) and np.isnan(other))
    return abs(one - other) <= _NEAR * max(abs(one), abs(other), 1.0)


def figures(workspace: Workspace, year: int | None = None) -> dict[Figure, float]:
    """Figures of capacity, demand, balance, stations and services; worked out once for a workspace and year.

    Parameters
    ----------
    year
        Of the balance; the last one where None.

    Raises
    ------
    YearUnknown
    """
    kept: dict[int | None, dict[Figure, float]] = workspace.__dict__.setdefault("consequences", {})
    if year not in kept:
        kept[year] = {**_capacity(workspace), **_balance(workspace, year), **_targets(workspace), **_reach(workspace)}
        kept[year] |= _terms(workspace)
    return kept[year]


def _capacity(workspace: Workspace) -> dict[Figure, float]:
    """Capacity of each top zone and of all: floor area, the people that it holds, and renewal."""
    held, zones = books(workspace), top_zones(workspace)
    number = {key: at for at, key in enumerate(zones)}
    of_part = np.array([number.get(str(key), len(zones)) for key in held.zone], dtype=np.int64)
    threshold = assumption(workspace, "renewal_threshold", default=0.5)
    parcels = held.parcels()
    renewal = np.nan_to_num(capacity.renewal(parcels.permitted, parcels.built, threshold))
    kinds = {
        "available": held.parts.available,
        "expected": capacity.expected(held.parts.available, available_share(workspace)),
        "persons": held.parts.supply * serving.persons_per_m2(workspace)[held.split.parcel],
        "renewal": renewal[held.split.parcel] * held.split.share,
    }
    out: dict[Figure, float] = {}
    for kind, values in kinds.items():
        sums = by_group(of_part, np.nan_to_num(values), len(zones) + 1)
        out |= {Figure(kind, zone): float(sums[at]) for at, zone in enumerate(zones)}
        out[Figure(kind)] = float(sums.sum())
    return out


def _balance(workspace: Workspace, year: int | None, *, expected: bool = False) -> dict[Figure, float]:
    """Demand, gap and chance of a shortage of every zone and function; expected supply has its own names."""
    wanted = [] if year is None else [year]
    _, found = balancing.years(workspace, wanted, balancing.Options(expected=expected))
    one, tail, out = found[-1], "_expected" if expected else "", dict[Figure, float]()
    for at, (zone, function) in enumerate(one.cells):
        if one.demand[2, at] <= 0:
            continue
        if not expected:
            out |= {Figure(case, zone, function): float(one.demand[row, at]) for row, case in enumerate(_DEMAND)}
        out[Figure(f"gap{tail}", zone, function)] = float(one.demand[1, at] - one.attributed[at])
        out[Figure(f"shortage{tail}", zone, function)] = float(one.shortage[at])
    if not expected:
        out |= {Figure(case): float(one.total[row]) for row, case in enumerate(_DEMAND)}
    return out | {Figure(f"gap{tail}"): float(one.unhoused[1])}


def _targets(workspace: Workspace) -> dict[Figure, float]:
    return {
        Figure("target", WHOLE, one["target_id"]): one["floor_area_p50_m2"]
        for one in balancing.top_down(workspace)
        if one["floor_area_p50_m2"] is not None
    }


def _reach(workspace: Workspace) -> dict[Figure, float]:
    """Floor area near stations, and what facilities leave out; nothing where there are none."""
    out: dict[Figure, float] = {}
    walk = len(workspace.table("ways")) > 0
    if len(workspace.table("stations")):
        found = catchments.floor_area(workspace, walk=walk)
        union = found[found["station"] == catchments.ALL]
        for ring, permitted in zip(union["ring"], union["permitted_m2"], strict=True):
            out[Figure(str(ring))] = float(permitted)
    zones = [*top_zones(workspace), WHOLE]
    for cover in serving.coverage(workspace, walk=walk):
        for zone, area, lack in zip(zones, cover.floor_area, cover.lacking, strict=True):
            out[Figure("uncovered", zone, cover.kind)] = float(area)
            out[Figure("lacking", zone, cover.kind)] = float(lack)
    for one in serving.support(workspace):
        if one["layer"] == "zones" and one["allowed_m2"] is not None:
            out[Figure("support", one["key"])] = float(one["allowed_m2"])
    return out


def _terms(workspace: Workspace) -> dict[Figure, float]:
    """How many obligations are overdue or fall due soon, and how many terms end, on the day of the workspace."""
    on = obliging.today_of(workspace)
    told = obliging.counts(obliging.obligations(workspace, on, obliging.within_of(workspace)))[""]
    ends = len(obliging.renewals(workspace, on, obliging.ahead_of(workspace)))
    return {Figure("red"): float(told["red"]), Figure("amber"): float(told["amber"]), Figure("endings"): float(ends)}


@dataclass(frozen=True)
class Swing:
    """How far one figure that nobody knows exactly moves what is asked for.

    Parameters
    ----------
    key
        assumption_id, or project_id where the figure is the project's own.
    project
        Whether it is a project's.
    share
        Its part of the variance of all that projects ask for (Shapley), 0 to 1.
    low, high
        What is asked for in all with the figure at its low and at its high, everything else by default [m²].
    """

    key: str
    project: bool
    share: float
    low: float
    high: float


def swings(workspace: Workspace) -> tuple[float, list[Swing]]:
    """What is asked for in all by default [m²], and the figures that carry its spread.

    Assumptions come first, then the projects that carry most by their own ranges; of each the largest first.
    """
    kept: tuple[float, list[Swing]] | None = workspace.__dict__.get("swings")
    if kept is not None:
        return kept
    shares = demand.shares(balancing.uncertain(workspace), np.ones(len(workspace.table("projects"))))
    parts: dict[tuple[bool, str], float] = {}
    for one in carriers(workspace, shares):
        own = one["project_id"] is not None
        key = one["project_id"] if own else _row_of(workspace, str(one["assumption"]), one["function"])
        if key is not None:
            parts[own, str(key)] = parts.get((own, str(key)), 0.0) + float(one["share"])
    found = []
    for own, most in ((False, _MOST_ASSUMPTIONS), (True, _MOST_PROJECTS)):
        mine = sorted(((share, key) for (whose, key), share in parts.items() if whose is own), reverse=True)[:most]
        found += [Swing(key, own, share, *_ends(workspace, key, own)) for share, key in mine]
    made = workspace.__dict__["swings"] = (_asked(workspace), found)
    return made


def _asked(workspace: Workspace) -> float:
    return float(ask(workspace).total().sum())


def _row_of(workspace: Workspace, name: str, function: str | None) -> str | None:
    """The assumption that holds for a function: its own row, else that for all."""
    table = workspace.table("assumptions")
    named = table[(table["name"] == name).to_numpy(dtype=bool)]
    own = named[(named["function"] == function).to_numpy(dtype=bool, na_value=False)]
    rows = own if len(own) else named[named["function"].isna().to_numpy(dtype=bool)]
    return str(rows["assumption_id"].iloc[0]) if len(rows) else None


def _ends(workspace: Workspace, key: str, own: bool) -> tuple[float, float]:
    return _with(workspace, key, own, "low"), _with(workspace, key, own, "high")


def _with(workspace: Workspace, key: str, own: bool, case: str) -> float:
    """What is asked for with one figure at its low or high."""
    if own:
        names = {f"{stem}{tail}": f"{stem}_{case}{tail}" for stem, tail in _OF_PROJECT}
        return _asked(_at(workspace, "projects", "project_id", key, names))
    return _asked(_at(workspace, "assumptions", "assumption_id", key, {"value": case}))


_OF_PROJECT = (("headcount", ""), ("requested_floor_area", "_m2"))


def _at(workspace: Workspace, layer: str, column: str, key: str, names: Mapping[str, str]) -> Workspace:
    """The workspace with some columns of one row taking the value of others, where these have one."""
    table = workspace.table(layer)
    mine = (table[column] == key).to_numpy(dtype=bool)
    fresh: dict[str, pd.Series] = {}
    for into, out in names.items():
        known = mine & table[out].notna().to_numpy(dtype=bool)
        fresh[into] = table[into].mask(known, table[out])
    return replace(workspace, tables={**workspace.tables, layer: table.assign(**fresh)})
