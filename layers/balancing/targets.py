"""Demand from above: the floor area that the targets of a plan ask for, beside what projects ask for one by one."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.balancing.asking import DRAWS
from layers.matching import function_mix
from layers.workspace import Workspace
from spatial import demand
from spatial.chance import Spread, chances, quantiles, spread

_QUANTILES = (0.1, 0.5, 0.9)
_CASES = ("low", "value", "high")


def top_down(workspace: Workspace, count: int = DRAWS, seed: int = 0) -> list[dict[str, Any]]:
    """What each target of the plan asks for, in the order of its table.

    Tiers contain those above them, so each counts with its members alone; a tier that shrinks gives floor area back.

    Returns
    -------
    list
        One row a target: `target_id`, `measure`, `units` (change of the tier alone; None where no base is published),
        `norm` (its assumption), `floor_area_p10_m2`, `…_p50_m2`, `…_p90_m2` (None without units or norm),
        `functions` (share of each), `zone`, `adds` and `years` with the median asked for up to each year.
    """
    table = workspace.table("targets")
    change, adds = units(table), table["adds"].fillna(False).to_numpy(dtype=bool)
    found = []
    for row, target in enumerate(table.itertuples(index=False)):
        drawn = _floor_area(workspace, float(change[row]), target.norm, count, seed)
        known = drawn is not None
        low, middle, high = quantiles(drawn, _QUANTILES) if drawn is not None else (None,) * 3
        found.append(
            {
                "target_id": str(target.target_id),
                "name": _text(target.name),
                "name_en": _text(target.name_en),
                "measure": str(target.measure),
                "at_least": _number(target.at_least),
                "base_year": _whole(target.base_year),
                "base_value": _number(target.base_value),
                "target_year": _whole(target.target_year),
                "target_value": _number(target.target_value),
                "units": None if np.isnan(change[row]) else float(change[row]),
                "norm": _text(target.norm),
                **{f"floor_area_p{p}_m2": _number(v) for p, v in zip((10, 50, 90), (low, middle, high), strict=True)},
                "functions": function_mix(target.function_mix) if known else {},
                "zone": _text(target.zone),
                "adds": bool(adds[row]),
                "years": _years(target, _number(middle)),
                "source": _text(target.source),
                "confidence": _text(target.confidence),
            }
        )
    return found


@dataclass(frozen=True)
class Above:
    """What the targets of one measure ask for of one function in one zone, up to a year.

    Parameters
    ----------
    zone
        Where the plan wants it; None is free to choose.
    floor_area
        P10, P50 and P90 [m²]; tiers that shrink are taken off, so that it can lie below 0.
    adds
        Whether it adds to other measures, or is another way to count the same demand.
    """

    measure: str
    zone: str | None
    function: str
    year: int
    floor_area: tuple[float, float, float]
    adds: bool


def from_above(workspace: Workspace, last: int, count: int = DRAWS, seed: int = 0) -> list[Above]:
    """Demand from above by measure, zone, function and year, evenly from the base year to the target year.

    Targets of one measure are added up draw by draw: quantiles do not add up, tiers of enterprises do.

    Parameters
    ----------
    last
        The last year that is told; a target that is reached before stays.
    """
    table = workspace.table("targets")
    change, adds = units(table), table["adds"].fillna(False).to_numpy(dtype=bool)
    sums: dict[tuple[str, str | None, str, int, bool], np.ndarray] = {}
    for row, target in enumerate(table.itertuples(index=False)):
        drawn = _floor_area(workspace, float(change[row]), target.norm, count, seed)
        first, reached = _whole(target.base_year), _whole(target.target_year)
        if drawn is None or first is None or reached is None:
            continue
        for function, share in function_mix(target.function_mix).items():
            for year in range(first + 1, max(last, reached) + 1):
                key = (str(target.measure), _text(target.zone), function, year, bool(adds[row]))
                part = share * min(1.0, (year - first) / max(reached - first, 1))
                sums[key] = sums.get(key, 0.0) + part * drawn
    found = []
    for (measure, zone, function, year, counts), drawn in sums.items():
        low, middle, high = quantiles(drawn, _QUANTILES).tolist()
        found.append(Above(measure, zone, function, year, (low, middle, high), counts))
    return found


def units(table: pd.DataFrame) -> np.ndarray:
    """Change of each target's number between its years, of tiers the members of the tier alone; NaN where unknown.

    Rows of one measure, base year and target year that have a lower bound are the tiers of one scale.
    """
    base, target, bound = (
        table[name].to_numpy(dtype=float, na_value=np.nan) for name in ("base_value", "target_value", "at_least")
    )
    change = target - base
    scales = table.groupby(["measure", "base_year", "target_year"], dropna=False, sort=False).indices
    for rows in scales.values():
        tiers = rows[~np.isnan(bound[rows])]
        if len(tiers) > 1:
            order = tiers[np.argsort(bound[tiers], kind="stable")]
            change[order] = demand.exclusive(target[order]) - demand.exclusive(base[order])
    return change


def _floor_area(workspace: Workspace, change: float, norm: object, count: int, seed: int) -> np.ndarray | None:
    """Draws of the floor area that a change of a number asks for [m²], shape (draws,)."""
    each = _assumed(workspace, "assumption_id", norm)
    if each is None or np.isnan(change):
        return None
    empty = _assumed(workspace, "name", "vacancy")
    u = chances(np.array([zlib.crc32(str(norm).encode()), zlib.crc32(b"vacancy")]), count, seed)
    free = 1.0 if empty is None else 1.0 - empty.at(u[1:])[0]
    return np.asarray(change * each.at(u[:1])[0] / free)


def _assumed(workspace: Workspace, column: str, key: object) -> Spread | None:
    table = workspace.table("assumptions")
    rows = table[(table[column] == key).to_numpy(dtype=bool)]
    if rows.empty:
        return None
    low, likely, high = (rows[case].to_numpy(dtype=float, na_value=np.nan)[:1] for case in _CASES)
    return spread(low, likely, high, (rows["range_is"] == "bounds").to_numpy(dtype=bool)[:1])


def _years(target: Any, floor_area: float | None) -> list[dict[str, Any]]:
    """The median up to each year: evenly from the base year to the target year."""
    if floor_area is None or pd.isna(target.base_year) or pd.isna(target.target_year):
        return []
    first, last = int(target.base_year), int(target.target_year)
    span = max(last - first, 1)
    return [
        {"year": year, "floor_area_p50_m2": floor_area * (year - first) / span}
        for year in range(first + 1, max(last, first + 1) + 1)
    ]


def _text(value: object) -> str | None:
    return None if pd.isna(value) or value == "" else str(value)  # type: ignore[call-overload]


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
