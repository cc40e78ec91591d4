"""What projects ask for against what zones can give: demand and balance of a workspace, in their first form."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from layers.accounts import assumption, books
from layers.contract import split_list
from layers.errors import FunctionMixRefused
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial import balance, demand
from spatial.sums import by_group

REFERENCE = Path(__file__).parent.parent / "data" / "reference"


@dataclass(frozen=True)
class Line:
    """One line of the balance of a zone, a function, or all [m²].

    Parameters
    ----------
    key
        zone_id, function or None; None is «free to choose» among zones, and the total where `kind` is total.
    asked, unmet
        Low, default, high.
    supply
        Available and vacant floor area that could take it: for a zone, on parcels that may hold enterprises; for a
        function, where it may stand. Functions overlap, so theirs is never summed.
    """

    key: str | None
    asked: tuple[float, float, float]
    housed: float
    unmet: tuple[float, float, float]
    supply: float
    margin: float


def function_mix(text: object) -> dict[str, float]:
    """Shares of functions from a column's text; they are scaled to sum to 1.

    >>> function_mix("research=0.6; headquarters=0.4")
    {'research': 0.6, 'headquarters': 0.4}
    >>> function_mix("research")
    {'research': 1.0}

    Raises
    ------
    FunctionMixRefused
        For an unknown function, a share that is no positive number, or the same function twice.
    """
    shares: dict[str, float] = {}
    for part in split_list(text):
        name, _, number = (piece.strip() for piece in part.partition("="))
        try:
            share = float(number) if number else 1.0
        except ValueError:
            share = float("nan")
        if name not in FUNCTIONS or not 0 < share < float("inf") or name in shares:
            raise FunctionMixRefused(where="function_mix", text=str(text)[:80], known=", ".join(FUNCTIONS))
        shares[name] = share
    whole = sum(shares.values())
    return {name: share / whole for name, share in shares.items()}


def mixes(workspace: Workspace) -> np.ndarray:
    """Share of each function in what a project asks for, shape (projects, functions); research where none is said."""
    texts = workspace.table("projects")["function_mix"]
    shares = [function_mix(text) or {"research": 1.0} for text in texts]
    rows = [[share.get(name, 0.0) for name in FUNCTIONS] for share in shares]
    return np.array(rows, dtype=float).reshape(len(rows), len(FUNCTIONS))


def ask(workspace: Workspace) -> demand.Demand:
    """What every project asks for, low / default / high by function; projects that left ask for nothing.

    What a platform builds on land that it holds itself and lets to others is theirs to ask for (P11).
    """
    found, own = _asked(workspace), own_share(workspace)
    return found if (own == 1.0).all() else replace(found, floor_area=found.floor_area * own[None, :, None])


def own_share(workspace: Workspace) -> np.ndarray:
    """Part of what each project asks for that is for itself, shape (projects,): 1 but for platforms that let."""
    projects, given = workspace.table("projects"), workspace.table("assignments")
    share, parcels = np.ones(len(projects)), workspace.table("parcels")
    held = parcels["held_by"].notna().to_numpy(dtype=bool)
    if not held.any() or not len(given):
        return share
    keys = pd.Index(projects["project_id"])
    parcel = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    holder = np.append(keys.get_indexer(pd.Index(parcels["held_by"])), -1)[parcel]
    live = ((given["stage"] != "vacated") & (given["source"] == "new")).to_numpy(dtype=bool)
    user = keys.get_indexer(pd.Index(given["project_id"]))
    let = live & (holder >= 0) & (user != holder)
    area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    asked = _asked(workspace).total()
    lent = np.minimum(by_group(holder[let], area[let], len(keys)), np.maximum(asked - housed(workspace), 0.0))
    return np.divide(asked - lent, asked, out=share, where=asked > 0)


def _asked(workspace: Workspace) -> demand.Demand:
    """What projects state; kept with the workspaces that follow as long as no project and no assumption changes."""
    kept = workspace.__dict__.get("asked")
    if not isinstance(kept, demand.Demand):
        kept = workspace.__dict__["asked"] = _ask(workspace)
    return kept


def _ask(workspace: Workspace) -> demand.Demand:
    projects = workspace.table("projects")
    gone = (projects["state"] == "exited").to_numpy(dtype=bool)

    def three(*columns: str) -> np.ndarray:
        table = np.stack([projects[column].to_numpy(dtype=float, na_value=np.nan) for column in columns])
        return np.where(gone, 0.0, table)

    return demand.ask(
        mixes(workspace),
        three("headcount_low", "headcount", "headcount_high"),
        three("requested_floor_area_low_m2", "requested_floor_area_m2", "requested_floor_area_high_m2"),
        norms(workspace),
    )


def norms(workspace: Workspace) -> demand.Norms:
    """Floor area per person by function, from the assumptions of the workspace."""
    cases = ("low", "value", "high")
    return demand.Norms(
        per_person=np.array(
            [
                [assumption(workspace, "floor_area_per_person", f, case=case, default=np.nan) for f in FUNCTIONS]
                for case in cases
            ]
        ),
        usable=in_usable_area(workspace),
        efficiency=np.array([assumption(workspace, "efficiency", f, default=0.7) for f in FUNCTIONS]),
        vacancy=np.array([assumption(workspace, "vacancy", case=case, default=0.0) for case in cases]),
    )


def in_usable_area(workspace: Workspace) -> np.ndarray:
    """Whether the norm that holds for each function is in usable area, shape (functions,).

    That is the function's own norm where there is one, else the norm for all.
    """
    table = workspace.table("assumptions")
    rows = table[(table["name"] == "floor_area_per_person").to_numpy(dtype=bool)]
    pairs = [*zip(rows["function"], rows["basis"], strict=True)]
    basis = {None if pd.isna(of) or of == "" else str(of): one for of, one in reversed(pairs)}  # the first row holds
    return np.array([basis.get(function, basis.get(None)) == "usable_area" for function in FUNCTIONS])


def housed(workspace: Workspace) -> np.ndarray:
    """Floor area that assignments give each project [m²]; space that was vacated houses nobody."""
    projects, given = workspace.table("projects"), workspace.table("assignments")
    row = pd.Index(projects["project_id"]).get_indexer(pd.Index(given["project_id"]))
    counts = (row >= 0) & (given["stage"] != "vacated").to_numpy(dtype=bool)
    area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    return by_group(row[counts], area[counts], len(projects))


def by_zone(workspace: Workspace) -> list[Line]:
    """One line a zone, one for demand that is free to choose (key None, no supply), in the order of the zones."""
    zones = top_zones(workspace)
    asked, given, home = ask(workspace).floor_area.sum(axis=2), housed(workspace), home_zones(workspace, zones)
    supply = supply_by_zone(workspace)
    found = balance.cells(asked, given, np.where(home < 0, len(zones), home), len(zones) + 1)
    keys: list[str | None] = [*zones, None]
    return [_line(key, cell, supply.get(key, 0.0) if key else 0.0) for key, cell in zip(keys, found, strict=True)]


def in_all(workspace: Workspace) -> Line:
    """The balance of everything: all demand against all supply for enterprises, in zones or outside them."""
    asked = ask(workspace).floor_area.sum(axis=2)
    cell = balance.cells(asked, housed(workspace), np.zeros(asked.shape[1], dtype=np.int64), 1)[0]
    held = books(workspace)
    fits = for_enterprises(workspace)[held.split.parcel]
    return _line(None, cell, float(held.parts.supply[fits].sum()))


def by_function(workspace: Workspace, zone: str | None = None) -> list[Line]:
    """One line a function that anyone asks for, in a zone or in all.

    What a project has been given is taken off its functions in proportion to what it asks of each.
    """
    zones = top_zones(workspace)
    asked, given, home = ask(workspace).floor_area, housed(workspace), home_zones(workspace, zones)
    here = np.ones(len(home), dtype=bool) if zone is None else home == zones.index(zone)
    default = asked[1].sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(default[:, None] > 0, asked[1] / default[:, None], 0.0)
    lines = []
    for column, function in enumerate(FUNCTIONS):
        cell = balance.cells(
            asked[:, here, column],
            (given[:, None] * share)[here, column],
            np.zeros(int(here.sum()), dtype=np.int64),
            1,
        )[0]
        if cell.asked[1] > 0:
            lines.append(_line(function, cell, eligible(workspace, function, zone)))
    return lines


def supply_by_zone(workspace: Workspace) -> dict[str, float]:
    """Supply for enterprises of each zone [m²]: available and vacant; parts outside all zones are in none."""
    held = books(workspace)
    supply = np.where(for_enterprises(workspace)[held.split.parcel], held.parts.supply, 0.0)
    inside = held.places.code >= 0
    of_place = by_group(held.places.code[inside], supply[inside], len(held.places.zone))
    found: dict[str, float] = {}
    for key, area in zip(held.places.zone, of_place.tolist(), strict=True):
        if key is not None:
            found[str(key)] = found.get(str(key), 0.0) + area
    return found


def for_enterprises(workspace: Workspace) -> np.ndarray:
    """Parcels that may hold any function but support, shape (parcels,): housing and greens are no supply."""
    rows = [row for row, function in enumerate(FUNCTIONS) if function != "support"]
    return np.any(allowed(workspace)[rows], axis=0)


def for_support_alone(workspace: Workspace) -> np.ndarray:
    """Parcels whose land use holds support alone, shape (parcels,): no share of an enterprise's site binds them."""
    parcels, uses = workspace.table("parcels"), land_use_functions()
    pairs = zip(parcels["classification"].astype("str"), parcels["land_use"].astype("str"), strict=True)
    return np.array([uses.get(pair) == frozenset({"support"}) for pair in pairs], dtype=bool)


def eligible(workspace: Workspace, function: str, zone: str | None = None) -> float:
    """Supply that a function could take, by land use and by what its zone is meant to hold [m²]."""
    held = books(workspace)
    fits = allowed(workspace)[list(FUNCTIONS).index(function)][held.split.parcel]
    here = np.ones(len(held.zone), dtype=bool) if zone is None else held.zone == zone
    return float(held.parts.supply[fits & here].sum())


def allowed(workspace: Workspace) -> np.ndarray:
    """Which function may stand on which parcel by land use and zone, shape (functions, parcels).

    A land use that no rule speaks of, and a zone that names no function, forbid nothing. Kept with the workspace, and
    with those that follow as long as no land use and no zone changes.
    """
    kept = workspace.__dict__.get("allowed")
    if not isinstance(kept, np.ndarray):
        kept = workspace.__dict__["allowed"] = _allowed(workspace)
    return kept


def _allowed(workspace: Workspace) -> np.ndarray:
    parcels, held = workspace.table("parcels"), books(workspace)
    first = held.split.main_part()
    kinds = pd.DataFrame(
        {
            "scheme": parcels["classification"]
            .astype(object)
            .where(parcels["classification"].notna(), None)
            .to_numpy(),
            "use": parcels["land_use"].astype(object).where(parcels["land_use"].notna(), None).to_numpy(),
            "sub_area": held.sub_area[first],
            "zone": held.zone[first],
        }
    )
    code = kinds.groupby(list(kinds.columns), dropna=False, sort=False).ngroup().to_numpy()
    distinct = kinds.iloc[np.unique(code, return_index=True)[1]]
    zones, rules = workspace.table("zones").set_index("zone_id"), land_use_functions()
    fits = np.ones((len(FUNCTIONS), len(distinct)), dtype=bool)
    for column, kind in enumerate(distinct.itertuples(index=False)):
        may = rules.get((str(kind.scheme), str(kind.use)))
        profile = profile_of(zones, kind.sub_area, kind.zone)
        fitting = _may(may, profile)
        fits[:, column] = [f in fitting for f in FUNCTIONS]
    return fits[:, code]


def allowed_on(workspace: Workspace, parcel: int) -> frozenset[str]:
    """Functions that may stand on one parcel: that column of `allowed`, without the others."""
    split, places = workspace.location, workspace.places
    main = places.code[split.main_part()[parcel]]
    row = workspace.table("parcels").iloc[parcel]
    may = land_use_functions().get((str(row["classification"]), str(row["land_use"])))
    zones = workspace.table("zones").set_index("zone_id")
    profile = profile_of(zones, places.sub_area[main], places.zone[main])
    return frozenset(_may(may, profile))


def _may(may: frozenset[str] | None, profile: tuple[str, ...]) -> list[str]:
    """Functions that neither the land use nor the zone forbids; support may stand anywhere."""
    return [f for f in FUNCTIONS if (may is None or f in may) and (not profile or f in profile or f == "support")]


@functools.lru_cache(maxsize=1)
def land_use_functions() -> dict[tuple[str, str], frozenset[str]]:
    """Functions that may stand on a land use, by (classification, code), from `data/reference`."""
    table = pd.read_csv(REFERENCE / "landuse_functions.csv", dtype=str, keep_default_na=False)
    rows = zip(table["classification"], table["land_use"], table["functions"], strict=True)
    return {(str(scheme), str(use)): frozenset(split_list(functions)) for scheme, use, functions in rows}


def top_zones(workspace: Workspace) -> list[str]:
    """Keys of the zones that are part of no other, in the order of their table."""
    zones = workspace.table("zones")
    return [
        str(key)
        for key, parent in zip(zones["zone_id"], zones["parent"], strict=True)
        if pd.isna(parent) or not parent
    ]


def profile_of(zones: pd.DataFrame, sub_area: object, zone: object) -> tuple[str, ...]:
    """Functions that a sub-area, else its zone, is meant to hold; none where neither says; `zones` by their key."""
    for key in (sub_area, zone):
        if key is not None and key in zones.index:
            found = split_list(zones["functions"][str(key)])
            if found:
                return found
    return ()


def home_zones(workspace: Workspace, zones: list[str]) -> np.ndarray:
    """Place in `zones` of the zone in which each demand counts, −1 for free to choose, shape (projects,)."""
    projects, given = workspace.table("projects"), workspace.table("assignments")
    number = {key: i for i, key in enumerate(zones)} | _sub_areas(workspace, zones)
    must = np.array([number.get(str(key), -1) for key in projects["must_zone"]], dtype=np.int64)
    may = np.array(
        [next((number[k] for k in split_list(t) if k in number), -1) for t in projects["may_zones"]],
        dtype=np.int64,
    )
    places, main = workspace.places, workspace.location.main_part()
    of_place = np.array([*(number.get(str(key), -1) for key in places.zone), -1], dtype=np.int64)
    largest = np.full(len(projects), -1, dtype=np.int64)
    order = np.argsort(given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0), kind="stable")
    project = pd.Index(projects["project_id"]).get_indexer(pd.Index(given["project_id"]))[order]
    parcel = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"]))[order]
    known = project >= 0
    there = np.where(parcel >= 0, of_place[places.code[main[parcel]]], -1) if len(main) else np.full(len(given), -1)
    largest[project[known]] = there[known]  # the last one, which is the largest, stays
    return balance.home(must, largest, may)


def _sub_areas(workspace: Workspace, zones: list[str]) -> dict[str, int]:
    table = workspace.table("zones")
    return {
        str(key): zones.index(str(parent))
        for key, parent in zip(table["zone_id"], table["parent"], strict=True)
        if str(parent) in zones
    }


def _line(key: str | None, cell: balance.Cell, supply: float) -> Line:
    return Line(key, cell.asked, cell.housed, cell.unmet, supply, balance.margin(supply, cell.unmet[1]))
