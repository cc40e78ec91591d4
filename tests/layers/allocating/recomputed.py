"""What a plan may do, worked out anew from the tables: no code of `layers.allocating` or the solver is used."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from layers.accounts import books
from layers.commands import Assign
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.layers.commands.doing import changes

Row = dict[str, Any]

_USES = Path(__file__).parents[3] / "data" / "reference" / "landuse_functions.csv"
_NEAR = 0.05
"""Floor area [m²] that is a matter of rounding: figures are entered to 0.01 m²."""


def words(text: object) -> list[str]:
    """The parts of a list as a table holds it."""
    return [part.strip() for part in str(text).replace("；", ";").split(";") if part.strip()] if known(text) else []


def known(value: object) -> bool:
    """Whether a cell says anything."""
    return not (value is None or value is pd.NA or value != value or value == "")


def yes(value: object) -> bool:
    """Whether a cell says yes."""
    return known(value) and bool(value)


class Told:
    """The tables of a workspace as plain rows."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.projects = {str(row["project_id"]): row for row in self._rows("projects")}
        self.parcels = {str(row["parcel_id"]): row for row in self._rows("parcels")}
        self.zones = {str(row["zone_id"]): row for row in self._rows("zones")}
        self.assignments = [row for row in self._rows("assignments") if row["stage"] != "vacated"]

    def _rows(self, layer: str) -> list[Row]:
        return [{str(k): v for k, v in row.items()} for row in self.workspace.table(layer).to_dict("records")]

    @cached_property
    def uses(self) -> dict[tuple[str, str], set[str]]:
        """Functions by classification and land use."""
        with _USES.open(encoding="utf-8") as handle:
            return {(r["classification"], r["land_use"]): set(words(r["functions"])) for r in csv.DictReader(handle)}

    def shares(self, parcel: str) -> dict[str, float]:
        """Share of a parcel in every zone and sub-area that it meets."""
        land = self.parcels[parcel]["geometry"]
        found = {key: shapely.area(land & row["geometry"]) / shapely.area(land) for key, row in self.zones.items()}
        return {key: share for key, share in found.items() if share > 1e-9}

    def functions(self, project: str) -> dict[str, float]:
        """Functions of a project and their shares."""
        parts = [part.partition("=") for part in words(self.projects[project]["function_mix"])] or [
            ("research", "", "")
        ]
        shares = {name.strip(): float(share or 1) for name, _, share in parts}
        return {name: share / sum(shares.values()) for name, share in shares.items()}

    def may_hold(self, parcel: str, project: str) -> bool:
        """Whether land use and zone let every function of a project stand on a parcel."""
        row, wanted = self.parcels[parcel], set(self.functions(project))
        use = self.uses.get((str(row["classification"]), str(row["land_use"])))
        whole = self.shares(parcel)
        leaves = {key: share - sum(whole.get(one, 0.0) for one in self._inside(key)) for key, share in whole.items()}
        main = max(leaves, key=lambda key: leaves[key]) if sum(leaves.values()) > 1 / 2 else ""
        levels = [main, str(self.zones[main]["parent"])] if main else []
        named = [set(words(self.zones[key]["functions"])) for key in levels if key in self.zones]
        profile = next((one for one in named if one), None)
        return (use is None or wanted <= use) and (profile is None or wanted <= profile | {"support"})

    def _inside(self, zone: str) -> list[str]:
        return [key for key, row in self.zones.items() if row["parent"] == zone]

    def zone_holds(self, parcel: str, project: str) -> bool:
        """Whether a parcel lies, with any of it, where a project must or may be."""
        row = self.projects[project]
        places = words(row["must_zone"]) or words(row["may_zones"])
        return not places or bool(set(places) & set(self.shares(parcel)))

    def listed(self, parcel: str, project: str) -> bool:
        """Whether the parcels that a project has to be on, or may not be on, leave this one to it."""
        row, names = self.projects[project], {parcel, str(self.parcels[parcel]["parcel_no"])}
        must = [one for one in words(row["must_parcels"]) if one in self.parcels or self._numbered(one)]
        return not names & set(words(row["barred_parcels"])) and (not must or bool(names & set(must)))

    def _numbered(self, number: str) -> bool:
        return any(str(row["parcel_no"]) == number for row in self.parcels.values())

    def others(self, parcel: str, project: str) -> list[str]:
        """Other projects that stand on a parcel."""
        return sorted({r["project_id"] for r in self.assignments if r["parcel_id"] == parcel} - {project})

    def kept_from(self, parcel: str, project: str) -> bool:
        """Whether a platform other than the project holds the parcel."""
        held = self.parcels[parcel]["held_by"]
        return known(held) and held != project

    @cached_property
    def year(self) -> int:
        """Year that the workspace stands at."""
        return int(str(self.workspace.as_of)[:4])

    def need_by(self, project: str) -> float:
        """Year by which a project needs its space; what is overdue is needed now."""
        told = self.projects[project]["need_by"]
        return max(float(told), self.year) if known(told) else math.inf

    def vacant(self, parcel: str, year: float = math.inf) -> float:
        """Vacant floor area of a parcel that is there by a year: of its buildings, and what somebody left [m²]."""
        table = self.workspace.table("buildings")
        here = table[(table["parcel_id"] == parcel) & ~(table["reusable_from"].fillna(0) > year)]
        given = self.workspace.table("assignments")
        left = given[(given["parcel_id"] == parcel) & (given["stage"] == "vacated") & (given["source"] == "new")]
        return float(here["vacant_floor_area_m2"].fillna(0.0).sum() + left["floor_area_m2"].sum())

    def against_term(self, parcel: str) -> bool:
        """Whether a parcel that is still to be supplied has a term that the rules do not allow to everybody."""
        row, rules = self.parcels[parcel], self.workspace.table("rulepacks")
        if known(row["status"]) and row["status"] not in ("reserve", "planned", "announced"):
            return False
        mine = rules[(rules["rule"] == "term") & rules["for_class"].isna() & rules["constraint_kind"].isna()]
        mine = mine[mine["supply_mode"].isna() | (mine["supply_mode"] == row["supply_mode"])]
        term = row["term_years"]
        return known(term) and bool((mine["high"].dropna() < term).any() or (mine["low"].dropna() > term).any())

    def support_most(self) -> float:
        """Most of a parcel that may be support."""
        rows = self.workspace.table("rulepacks")
        return float(min([math.inf, *rows["high"][rows["rule"] == "support_share"].tolist()]))


def faults(before: Workspace, after: Workspace, movable: tuple[str, ...] = ("intent",)) -> list[str]:
    """Everything that a plan did wrong: the workspace before it against the one in which it stands."""
    old, new = Told(before), Told(after)
    was = {row["assignment_id"]: row for row in old.assignments}
    fixed = {key: row for key, row in was.items() if row["stage"] not in movable}
    now = {row["assignment_id"]: row for row in new.assignments}
    found = [f"{key} was fixed" for key in fixed if not _same(fixed[key], now.get(key))]
    mine = [row for key, row in now.items() if key not in fixed]
    fresh = [row for row in mine if not _same(row, was.get(row["assignment_id"]))]
    return [
        *found, *_places(new, mine, fresh), *_rooms(old, new, fresh), *_years(new, mine), *_support(new, fresh),
        *_projects(new, mine, fresh),
    ]  # fmt: skip


def _same(one: Row, other: Row | None) -> bool:
    columns = ("parcel_id", "project_id", "floor_area_m2", "source", "stage", "supply_mode", "term_years")
    return other is not None and all(
        one[name] == other[name] or not (known(one[name]) or known(other[name])) for name in columns
    )


def _places(new: Told, mine: list[Row], fresh: list[Row]) -> Iterator[str]:
    for row in mine:
        parcel, project = str(row["parcel_id"]), str(row["project_id"])
        alone = yes(new.projects[project]["exclusive"])
        others = new.others(parcel, project)
        if others and (alone or any(yes(new.projects[one]["exclusive"]) for one in others)) and row in fresh:
            yield f"{project} on {parcel} is not alone"
    for row in fresh:
        parcel, project = str(row["parcel_id"]), str(row["project_id"])
        checks = {
            "land use": new.may_hold(parcel, project),
            "zone": new.zone_holds(parcel, project),
            "barred": new.listed(parcel, project),
            "term": row["source"] == "existing" or not new.against_term(parcel),
            "held": row["source"] == "existing" or not new.kept_from(parcel, project),
            "nothing": row["floor_area_m2"] > 0,
            "exited": new.projects[project]["state"] != "exited",
        }
        yield from (f"{project} on {parcel}: {name}" for name, holds in checks.items() if not holds)


def _rooms(old: Told, new: Told, fresh: list[Row]) -> Iterator[str]:
    """Nothing that had room before lacks it now: parcels for new and vacant space, zones for their cap."""
    first, last = books(old.workspace), books(new.workspace)
    over = last.parcels().over - first.parcels().over
    touched = {str(row["parcel_id"]) for row in fresh if row["source"] == "new"}
    unknown = last.unknown()
    for at, parcel in enumerate(new.parcels):
        if over[at] > _NEAR:
            yield f"{parcel} is over by {over[at]}"
        if parcel in touched and unknown[at]:
            yield f"{parcel} has no limit"
        given = sum(
            r["floor_area_m2"] for r in new.assignments if r["parcel_id"] == parcel and r["source"] == "existing"
        )
        stood = sum(
            r["floor_area_m2"] for r in old.assignments if r["parcel_id"] == parcel and r["source"] == "existing"
        )
        if given > max(new.vacant(parcel), stood) + _NEAR:
            yield f"{parcel} has {new.vacant(parcel)} vacant and gives {given}"
    for key, zone in new.zones.items():
        if known(zone["floor_area_cap_m2"]):
            used = [_used(one, key) for one in (old, new)]
            if used[1] > max(used[0], float(zone["floor_area_cap_m2"])) + _NEAR * len(fresh):
                yield f"{key} is beyond its cap: {used}"


def _used(told: Told, zone: str) -> float:
    held = books(told.workspace)
    inside = (held.zone == zone) | (held.sub_area == zone)

    return float(held.parts.used[inside].sum())


def _years(new: Told, mine: list[Row]) -> Iterator[str]:
    """New space is there when it is needed; of vacant space no more is promised by a year than is there by then."""
    taken: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in mine:
        parcel, need = str(row["parcel_id"]), new.need_by(str(row["project_id"]))
        opens = new.parcels[parcel]["available_from"]
        if row["source"] == "new" and known(opens) and opens > need:
            yield f"{row['project_id']} on {parcel} comes {opens}, is needed {need}"
        if row["source"] == "existing":
            taken[parcel].append((need, row["floor_area_m2"]))
    for parcel, rows in taken.items():
        for year in {need for need, _ in rows}:
            there = new.vacant(parcel, year)
            if sum(area for need, area in rows if need <= year) > there + _NEAR:
                yield f"{parcel} promises more by {year} than {there}"


def _support(new: Told, fresh: list[Row]) -> Iterator[str]:
    most = new.support_most()
    permitted = dict(zip(new.parcels, books(new.workspace).parcels().permitted.tolist(), strict=True))
    built = dict(zip(new.parcels, books(new.workspace).parcels().built.tolist(), strict=True))
    for parcel in {str(row["parcel_id"]) for row in fresh}:
        rows = [row for row in new.assignments if row["parcel_id"] == parcel]
        part = {row["project_id"]: new.functions(str(row["project_id"])).get("support", 0.0) for row in rows}
        use = new.uses.get((str(new.parcels[parcel]["classification"]), str(new.parcels[parcel]["land_use"])))
        support = sum(row["floor_area_m2"] * part[row["project_id"]] for row in rows)
        new_ones = sum(row["floor_area_m2"] * part[row["project_id"]] for row in rows if row in fresh)
        whole = max(permitted[parcel], built[parcel])
        if new_ones > 0 and use != {"support"} and support > most * whole + _NEAR:
            yield f"{parcel} has {support} of support, of {whole}"


def _projects(new: Told, mine: list[Row], fresh: list[Row]) -> Iterator[str]:
    for project in {str(row["project_id"]) for row in fresh}:
        row = new.projects[project]
        rows = [one for one in mine if one["project_id"] == project]
        parcels = sorted({str(one["parcel_id"]) for one in rows})
        if len(parcels) > 1 and not yes(row["splittable"]):
            if not yes(row["adjoining"]) or len(parcels) > 3:
                yield f"{project} stands on {parcels}"
            elif not _one_site([new.parcels[one]["geometry"] for one in parcels]):
                yield f"{parcels} do not adjoin"
        asked = row["requested_floor_area_m2"]
        if known(asked) and not new.workspace.table("parcels")["held_by"].notna().any():
            every = [one for one in new.assignments if one["project_id"] == project]
            given = sum(one["floor_area_m2"] for one in every)
            if given > asked + _NEAR:
                yield f"{project} wants {asked} and has {given}"
            if given < asked - _NEAR and not (yes(row["partial"]) or yes(row["splittable"])):
                yield f"{project} wants {asked} and has only {given}"


def _one_site(shapes: list[Any]) -> bool:
    joined = {(i, j) for (i, a), (j, b) in combinations(enumerate(shapes), 2) if a.buffer(0.5).intersects(b)}
    return len(joined) >= len(shapes) - 1


def could_still(after: Workspace) -> list[str]:
    """Places that a project which got nothing and asks for a floor area could take as well: none in a best plan.

    Whether it may is what the command says that gives floor area by hand.
    """
    told, found = Told(after), []
    placed = {row["project_id"] for row in told.assignments}
    for key, row in told.projects.items():
        asked, weight = row["requested_floor_area_m2"], row["priority"]
        some = known(asked) and asked > 1 and row["state"] != "exited" and not (known(weight) and weight == 0)
        if key in placed or not some or "support" in told.functions(key):
            continue
        for parcel, land in told.parcels.items():
            late = known(land["available_from"]) and land["available_from"] > told.need_by(key)
            if late or told.kept_from(parcel, key) or told.against_term(parcel) or not told.listed(parcel, key):
                continue
            if not told.may_hold(parcel, key):  # by hand a project without functions may go anywhere
                continue
            try:
                changes(after, Assign(parcel, key, float(asked)))
            except ChengzaiError:
                continue
            found.append(f"{key} on {parcel}")
    return found
