"""Assumptions about reach that a workspace may begin with: each is a row to be edited, none stands in a formula.

A workspace that lacks such a row has no catchment, or no service, of that kind, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from layers.catalogue import LAYERS
from layers.posting import assumption
from layers.vocabulary import FACILITY_KINDS
from layers.workspace import Workspace

_RADIUS = (
    "假设，未核对：轨道站点核心区常取 300–500 m、影响区 500–800 m；"
    "北京市文件（京政办字〔2022〕11号等）中的半径未能读到"
)
_WALK = "假设：按步行 5–20 分钟常用距离取值，未见可引的官方数值，可改"
_NEED = "假设：按经验取值，未见可引的官方数值，可改"

_LENGTHS: tuple[tuple[str, float, float, float, str, str], ...] = (
    ("catchment_near", 300, 500, 500, "车站核心范围的半径", _RADIUS),
    ("catchment_far", 500, 800, 1000, "车站影响范围的半径", _RADIUS),
    ("way_snap", 0, 0.5, 2, "路网端点相距不超过此值视为相接", "假设：取绘图误差量级，可改"),
    ("walk_access", 100, 300, 500, "地块或出入口到最近道路的直线距离上限；更远者视为路网不可达", _WALK),
)
_REACH: dict[str, tuple[float, float, float]] = {
    "canteen": (300, 500, 800),
    "shop": (300, 500, 800),
    "staff_housing": (1000, 1500, 3000),
    "childcare": (300, 500, 1000),
    "school": (500, 1000, 1500),
    "clinic": (500, 1000, 1500),
    "sport": (500, 1000, 1500),
    "culture": (500, 1000, 2000),
    "park": (300, 500, 1000),
    "bus_stop": (300, 500, 800),
    "parking": (150, 300, 500),
    "other": (500, 800, 1000),
}
_PLACES: dict[str, tuple[float, float, float]] = {
    "canteen": (0.3, 0.5, 0.7),
    "staff_housing": (0.05, 0.1, 0.2),
    "childcare": (0.01, 0.02, 0.04),
    "parking": (0.15, 0.3, 0.45),
}


def suggested() -> list[dict[str, Any]]:
    """Rows of the assumptions table on catchments, walking and services, all of confidence D."""
    return list(_rows())


def lacking(workspace: Workspace) -> list[dict[str, Any]]:
    """Those of them whose name the workspace has no number for."""
    nan = float("nan")
    return [one for one in suggested() if (value := assumption(workspace, one["name"], default=nan)) != value]


def _rows() -> Iterator[dict[str, Any]]:
    for name, low, value, high, meaning, source in _LENGTHS:
        yield _row(name, (low, value, high), "m", "length", meaning, source)
    for kind, (title, _) in FACILITY_KINDS.items():
        yield _row(f"service_reach.{kind}", _REACH[kind], "m", "length", f"{title}的服务距离", _WALK)
    for kind, three in _PLACES.items():
        meaning = f"每名就业者需要的{FACILITY_KINDS[kind][0]}服务能力"
        yield _row(f"service_need.{kind}", three, "1", "share", meaning, _NEED)


def _row(
    name: str, three: tuple[float, float, float], unit: str, basis: str, meaning: str, source: str
) -> dict[str, Any]:
    low, value, high = three
    return {
        "assumption_id": name,
        "name": name,
        "function": None,
        "value": float(value),
        "low": float(low),
        "high": float(high),
        "unit": unit,
        "basis": basis,
        "meaning": meaning,
        "source": source,
        "confidence": "D",
    }


def with_values(workspace: Workspace, values: Mapping[str, float]) -> pd.DataFrame:
    """The assumptions of the workspace with other values; a row that is lacking comes as it is suggested.

    A range that the new value leaves is widened to it, so that no row contradicts itself.

    Parameters
    ----------
    values
        Value by the name of the assumption, for all functions.
    """
    table = workspace.table("assumptions")
    rows = [one for one in lacking(workspace) if one["name"] in values]
    if rows:
        table = LAYERS["assumptions"].conform(pd.concat([table, pd.DataFrame(rows)], ignore_index=True))
    table = table.copy()
    for name, value in values.items():
        mine = (table["name"] == name) & table["function"].isna()
        table.loc[mine, "value"] = float(value)
        table.loc[mine & (table["low"] > value), "low"] = float(value)
        table.loc[mine & (table["high"] < value), "high"] = float(value)
    return table
