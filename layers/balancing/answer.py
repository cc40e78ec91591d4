"""Demand and balance of a workspace, in the words of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.balancing.asking import DRAWS, drawn, illustrative, uncertain
from layers.balancing.errors import YearUnknown
from layers.balancing.market import LONGEST, Market, available_share, first_year, market, partners, supply_of_parts
from layers.balancing.targets import from_above, top_down
from layers.balancing.words import why, zone_names
from layers.balancing.years import NAMES, QUANTILES, Year, balanced, cells
from layers.matching import housed
from layers.workspace import Workspace
from spatial import demand as asking
from spatial.chance import quantiles
from spatial.sums import by_group

Answer = dict[str, Any]

MARGINS = {"none": (1.0, 1.0), "competitive": (1.20, 1.15)}
"""What demand is multiplied with up to ten years ahead, and beyond: nothing, or the competitiveness margin of New
Zealand's National Policy Statement on Urban Development 2020, 20 % in the short and medium term, 15 % in the long."""

_MEDIUM_TERM = 10


@dataclass(frozen=True)
class Options:
    """How a balance is made.

    Parameters
    ----------
    expected
        Whether supply counts as it is expected to come, by the availability factor, or nominally.
    margin
        Key of `MARGINS`.
    """

    draws: int = DRAWS
    seed: int = 0
    expected: bool = False
    margin: str = "none"


PLAIN = Options()


def outlook(workspace: Workspace, how: Options = PLAIN) -> tuple[Market, list[Year]]:
    """Every year of the balance, worked out once for a workspace and a way to make it."""
    kept: dict[Options, tuple[Market, list[Year]]] = workspace.__dict__.setdefault("outlook", {})
    if how not in kept:
        kept[how] = years(workspace, how=how)
    return kept[how]


def years(workspace: Workspace, wanted: Sequence[int] = (), how: Options = PLAIN) -> tuple[Market, list[Year]]:
    """Each wanted year of the balance, every year where none is named.

    Raises
    ------
    YearUnknown
    """
    first = first_year(workspace)
    for one in wanted:
        if not first <= one < first + LONGEST:
            raise YearUnknown(where="year", year=one, first=first, last=first + LONGEST - 1)
    both = market(workspace, max(wanted, default=None))
    share = available_share(workspace) if how.expected else 1.0
    found = []
    for at, open_ in _open(workspace, both, housed(workspace), how):
        year = both.years[at]
        if not wanted or year in wanted:
            soon, late = MARGINS[how.margin]
            factor = soon if year - both.years[0] <= _MEDIUM_TERM else late
            found.append(balanced(both, year, open_ * factor, both.supply[at] * share))
    return both, found


def _open(workspace: Workspace, both: Market, given: np.ndarray, how: Options) -> Iterator[tuple[int, np.ndarray]]:
    """What is still to be housed up to each year [m²], shape (groups, functions, draws)."""
    found = drawn(workspace, how.draws, how.seed)
    open_ = np.zeros((len(both.groups), len(NAMES), how.draws))
    for at in range(len(both.years)):
        mine = np.where(both.year == at, both.group, -1)
        if (mine >= 0).any():
            open_ = open_ + found.by_group(given, mine, len(both.groups))
        yield at, open_


def balance(workspace: Workspace, wanted: Sequence[int] = (), how: Options = PLAIN) -> Answer:
    """The balance of a workspace: one group a zone, function and year in which anything is asked for."""
    both, found = years(workspace, wanted, how)
    last = found[-1]
    nominal = both.for_enterprises(both.supply[both.years.index(last.year)])
    names, outside = _both(workspace), partners(workspace)
    return {
        "revision": workspace.revision,
        "years": [one.year for one in found],
        "basis": "expected" if how.expected else "nominal",
        "margin": how.margin,
        "draws": how.draws,
        "seed": how.seed,
        "groups": [_named(row, names) for one in found for row in _rows(one, outside)],
        "by_year": [_told(both, one) for one in found],
        "housed_m2": float(last.attributed.sum()),
        "unhoused_m2": float(last.demand[1].sum() - last.attributed.sum()),
        "routed_m2": sum(row["routed_m2"] for row in _rows(last, outside)),
        "supply_nominal_m2": nominal,
        "supply_expected_m2": nominal * available_share(workspace),
        "years_of_supply": years_of_supply(both, last),
        "illustrative_projects": illustrative(workspace),
        "undated_projects": _keys(workspace, both.undated[both.group[both.undated] >= 0]),
        "bottleneck": why(workspace, both, last),
    }


def demand(workspace: Workspace, how: Options = PLAIN) -> Answer:
    """What projects ask for, housed or not, by zone, function and year, and which assumption carries the spread."""
    both = market(workspace)
    where = cells(both)
    groups: list[Answer] = []
    totals: list[Answer] = []
    for at, asked in _open(workspace, both, np.zeros(len(both.group)), how):
        gathered = where.gather(asked)
        quantile = quantiles(gathered, QUANTILES)
        totals.append({"year": both.years[at]} | _range(quantiles(gathered.sum(axis=0), QUANTILES)))
        groups += [
            {"zone": zone, "function": function, "year": both.years[at]} | _range(quantile[:, row])
            for row, (zone, function) in enumerate(where.names)
            if quantile[2, row] > 0
        ]
    what, names = uncertain(workspace), _both(workspace)
    targets = top_down(workspace, how.draws, how.seed)
    silent = (what.amount.likely == 0) & (workspace.table("projects")["state"] != "exited").to_numpy(dtype=bool)
    return {
        "revision": workspace.revision,
        "years": list(both.years),
        "draws": how.draws,
        "seed": how.seed,
        "groups": [_named(row, names) for row in groups],
        "by_year": totals,
        "top_down": targets,
        "top_down_groups": [
            {"measure": one.measure, "zone": one.zone, "function": one.function, "year": one.year, "adds": one.adds}
            | {f"floor_area_p{round(100 * q)}_m2": v for q, v in zip(QUANTILES, one.floor_area, strict=True)}
            for one in from_above(workspace, both.years[-1], how.draws, how.seed)
        ],
        "top_down_p50_m2": sum(one["floor_area_p50_m2"] or 0.0 for one in targets if one["adds"]),
        "spread": carriers(workspace, asking.shares(what, np.ones(len(both.group)))),
        "silent_projects": _keys(workspace, np.flatnonzero(silent)),
        "illustrative_projects": illustrative(workspace),
        "undated_projects": _keys(workspace, both.undated[both.group[both.undated] >= 0]),
    }


def carriers(workspace: Workspace, found: asking.Shares) -> list[Answer]:
    """Every figure that carries spread, the largest share first; the shares sum to 1 where anything spreads."""
    rows: list[Answer] = [{"assumption": "vacancy", "function": None, "project_id": None, "share": found.vacancy}]
    for name, values in (("floor_area_per_person", found.per_person), ("efficiency", found.efficiency)):
        pairs = zip(NAMES, values.tolist(), strict=True)
        rows += [{"assumption": name, "function": f, "project_id": None, "share": share} for f, share in pairs]
    keys = workspace.table("projects")["project_id"].tolist()
    rows += [
        {"assumption": None, "function": None, "project_id": key, "share": share}
        for key, share in zip(keys, found.projects.tolist(), strict=True)
    ]
    return sorted((row for row in rows if row["share"] > 0), key=lambda row: -row["share"])


def years_of_supply(both: Market, last: Year) -> float | None:
    """Supply ÷ what is asked for in a year on average up to the last one; None where nothing is."""
    yearly = float(last.total[1]) / (last.year - both.years[0] + 1)
    return both.for_enterprises(last.supply) / yearly if yearly > 0 else None


def by_parcel(workspace: Workspace, both: Market, one: Year, into: np.ndarray | None = None) -> np.ndarray:
    """What is housed on each parcel by a year [m²], shape (parcels,): a pool fills what is there of it alike.

    Parameters
    ----------
    into
        What is housed in each pool, shape (pools,); all that the flow houses where None.
    """
    split, mine = books(workspace).split, both.parts >= 0
    supply = np.where(mine, supply_of_parts(workspace, one.year), 0.0)
    whole = by_group(both.parts[mine], supply[mine], len(both.pools))
    share = np.divide(one.into if into is None else into, whole, out=np.zeros(len(whole)), where=whole > 0)
    return by_group(split.parcel, supply * np.append(share, 0.0)[both.parts], split.parcels)


def _rows(one: Year, outside: Mapping[str, list[str]]) -> list[Answer]:
    rows = []
    for at, (zone, function) in enumerate(one.cells):
        asked, got = one.demand[:, at], float(one.attributed[at])
        if asked[2] <= 0:
            continue
        rows.append(
            {
                "zone": zone,
                "function": function,
                "year": one.year,
                **_range(asked),
                "eligible_m2": float(one.eligible[at]),
                "attributed_m2": got,
                "hosted_m2": float(one.hosted[at]),
                **{
                    f"gap_p{round(100 * q)}_m2": float(value) - got for q, value in zip(QUANTILES, asked, strict=True)
                },
                "shortage_probability": float(one.shortage[at]),
                "routed_m2": max(float(asked[1]) - got, 0.0) if function in outside else 0.0,
            }
        )
    return rows


def _both(workspace: Workspace) -> tuple[Mapping[str, str], Mapping[str, str]]:
    return zone_names(workspace), zone_names(workspace, "en")


def _named(row: Answer, names: tuple[Mapping[str, str], Mapping[str, str]]) -> Answer:
    zone = row["zone"]
    keys = ("zone_name", "zone_name_en")
    return row | {
        key: None if zone is None else known.get(zone, zone) for key, known in zip(keys, names, strict=True)
    }


def _told(both: Market, one: Year) -> Answer:
    return {
        "year": one.year,
        **_range(one.total),
        "supply_m2": both.for_enterprises(one.supply),
        "housed_m2": float(one.attributed.sum()),
        **{f"housed_p{round(100 * q)}_m2": float(v) for q, v in zip(QUANTILES, one.housed, strict=True)},
        **{f"unhoused_p{round(100 * q)}_m2": float(v) for q, v in zip(QUANTILES, one.unhoused, strict=True)},
        "every_draw": one.exact,
    }


def _range(values: np.ndarray) -> Answer:
    return {f"demand_p{round(100 * q)}_m2": float(value) for q, value in zip(QUANTILES, values, strict=True)}


def _keys(workspace: Workspace, rows: np.ndarray) -> list[str]:
    keys: pd.Series = workspace.table("projects")["project_id"]
    return [str(key) for key in keys.iloc[rows]]
