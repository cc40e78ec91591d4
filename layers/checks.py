"""Whether a workspace holds together: contracts, references, sums, areas and shapes, all reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books, built_and_vacant, outside
from layers.catalogue import LAYERS, REFERENCES
from layers.contract import COMPLAINTS, Complaint, Severity, split_list
from layers.posting import stands_empty
from layers.workspace import Workspace
from spatial import capacity, geometry, topology

LEDGER_TOLERANCE = 0.01
OVERLAP_TOLERANCE = 0.01
ZONE_TOLERANCE = 1.0
_CENT = 0.01

TEXTS: dict[str, dict[str, str]] = COMPLAINTS | {
    "reference_dangling": {
        "zh-CN": "引用了不存在的 {limit}：{value}",
        "en": "refers to {value}, which {limit} lacks",
    },
    "assigned_beyond_room": {
        "zh-CN": "落位 {value} m²，超过该地块可用的 {limit} m²",
        "en": "{value} m² are assigned, more than the {limit} m² that the parcel has",
    },
    "assigned_without_limit": {
        "zh-CN": "承载未知的地块上已落位 {value} m²",
        "en": "{value} m² are assigned on a parcel whose capacity is unknown",
    },
    "vacant_beyond_built": {
        "zh-CN": "空置 {value} m² 大于建成 {limit} m²",
        "en": "{value} m² are vacant, more than the {limit} m² that stand there",
    },
    "limits_disagree": {
        "zh-CN": "容积率×面积 {value} m² 与规定建筑规模 {limit} m² 相差超过 1%",
        "en": "ratio × area {value} m² and stated floor area {limit} m² differ by more than 1 %",
    },
    "area_disagrees": {
        "zh-CN": "登记面积 {value} m² 与图形面积 {limit} m² 相差超过 max(1 m², 0.1%)",
        "en": "official area {value} m² and drawn area {limit} m² differ by more than max(1 m², 0.1 %)",
    },
    "parcels_overlap": {"zh-CN": "与地块 {value} 重叠 {limit} m²", "en": "overlaps parcel {value} by {limit} m²"},
    "parcels_gap": {
        "zh-CN": "与地块 {value} 之间有 {limit} m² 的缝隙",
        "en": "a gap of {limit} m² lies between it and {value}",
    },
    "parcels_sliver": {"zh-CN": "狭长细碎的图形，{limit} m²", "en": "a sliver of {limit} m²"},
    "zones_overlap": {"zh-CN": "与分区 {value} 重叠 {limit} m²", "en": "overlaps zone {value} by {limit} m²"},
    "sub_area_sticks_out": {
        "zh-CN": "有 {limit} m² 在所属分区 {value} 之外",
        "en": "{limit} m² lie outside its zone {value}",
    },
    "factor_missing": {
        "zh-CN": "作用为打分，但没有系数：这一行不打分",
        "en": "is to score and has no factor: it scores nothing",
    },
    "outside_zones": {"zh-CN": "{value} 的土地不在任何分区内", "en": "{value} of its land lies in no zone"},
    "ledger_imbalance": {"zh-CN": "账目不平，相差 {value} m²", "en": "the accounts are out of balance by {value} m²"},
    "file_damaged": {"zh-CN": "文件损坏：{value}", "en": "the file is damaged: {value}"},
    "event_missing": {
        "zh-CN": "历史中缺少第 {value} 条记录",
        "en": "event {value} is missing from the history",
    },
    "event_changed": {
        "zh-CN": "历史中第 {value} 条记录被改动",
        "en": "event {value} of the history was changed",
    },
    "events_cut": {
        "zh-CN": "历史到第 {value} 条为止，登记为 {limit}：记录被删除",
        "en": "the history ends at {value} where {limit} is on record: events were cut off",
    },
    "history_disagrees": {
        "zh-CN": "第 {limit} 条记录与此前的历史不符：{value}",
        "en": "event {limit} does not follow from the history before it: {value}",
    },
    "state_disagrees": {
        "zh-CN": "{value} 在历史之外被改动（方案 {limit}）",
        "en": "{value} was changed outside the history (scenario {limit})",
    },
    "raster_missing": {
        "zh-CN": "栅格 {value} 的文件不在 {limit} 文件夹里：把文件夹放回工作区旁，或从备份恢复，或重新导入",
        "en": "the file of raster {value} is not in the folder {limit}: put the folder beside the workspace again, "
        "restore a backup, or bring the file in again",
    },
    "raster_changed": {
        "zh-CN": "栅格 {value} 的文件与导入时不同（{limit}）：从备份恢复，或重新导入原文件",
        "en": "the file of raster {value} is not what came in ({limit}): restore a backup, or bring the "
        "original in again",
    },
    "anchor_lost": {
        "zh-CN": "备份清单记有第 {value} 条记录，历史中没有或不同：{limit}",
        "en": "the backups know event {value}, which the history lacks or has otherwise: {limit}",
    },
}


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one row of one layer."""

    layer: str
    said: Complaint

    @property
    def severity(self) -> Severity:
        """Only an error makes a workspace not ok."""
        return self.said.severity

    def told(self, language: str = "zh-CN") -> dict[str, Any]:
        """The problem in the words of the command line."""
        said = self.said
        return {
            "layer": self.layer,
            "row": said.row,
            "column": said.column,
            "code": said.code,
            "message": said.message(language),
            "severity": said.severity,
        }


def problems(workspace: Workspace) -> list[Problem]:
    """Everything that is wrong with a workspace, by layer and row."""
    found: list[Problem] = []
    for name, layer in LAYERS.items():
        found += [Problem(name, said) for said in layer.check(workspace.table(name))]
    keys = {layer.key for layer in LAYERS.values()}
    sound = not any(p.severity == "error" and p.said.column in ("geometry", *keys) for p in found)
    found += _references(workspace)
    found += _figures(workspace)
    found += _constraints(workspace)
    if sound:  # sums over broken outlines or repeated keys mean nothing
        found += _sums(workspace)
        found += _parcels(workspace)
        found += _zones(workspace)
    place = {name: i for i, name in enumerate(LAYERS)}
    return sorted(found, key=lambda p: (place[p.layer], -1 if p.said.row is None else p.said.row))


def fault(code: str, facts: Mapping[str, str]) -> Problem:
    """Something that is wrong with the store itself, by its code."""
    return _problem("workspace", None, "", code, facts.get("value", ""), facts.get("limit", ""))


def _problem(
    layer: str,
    row: int | np.integer[Any] | None,
    column: str,
    code: str,
    value: object,
    limit: object = "",
    severity: Severity = "error",
) -> Problem:
    place = None if row is None else int(row)
    return Problem(layer, Complaint(place, column, code, severity, str(value), str(limit), texts=TEXTS))


def _references(workspace: Workspace) -> Iterator[Problem]:
    keys = {name: set(workspace.table(name)[layer.key].dropna()) for name, layer in LAYERS.items()}
    for layer, column, target in REFERENCES:
        values = workspace.table(layer)[column]
        for row in np.flatnonzero(
            (values.notna() & (values != "") & ~values.isin(keys[target])).to_numpy(dtype=bool)
        ):
            yield _problem(layer, row, column, "reference_dangling", values.iloc[int(row)], target)
    for layer, column, target in (("parks", "member_parcels", "parcels"), ("projects", "may_zones", "zones")):
        for place, text in enumerate(workspace.table(layer)[column]):
            for part in split_list(text):
                if part not in keys[target]:
                    yield _problem(layer, place, column, "reference_dangling", part, target)


def _figures(workspace: Workspace) -> Iterator[Problem]:
    keys = {name: set(workspace.table(name)[layer.key].dropna()) for name, layer in LAYERS.items()}
    table = workspace.table("figures")
    for row, (layer, key) in enumerate(zip(table["layer"], table["row_id"], strict=True)):
        if key not in keys.get(str(layer), set()):
            said = (f"{layer}/{key}", "workspace")
            yield _problem("figures", row, "row_id", "reference_dangling", *said, severity="warning")


def _constraints(workspace: Workspace) -> Iterator[Problem]:
    table = workspace.table("constraints")
    for row in np.flatnonzero(((table["effect"] == "factor") & table["factor"].isna()).to_numpy(dtype=bool)):
        yield _problem("constraints", row, "factor", "factor_missing", "", severity="warning")


def _sums(workspace: Workspace) -> Iterator[Problem]:
    held, given = books(workspace), workspace.table("assignments")
    sums, unknown = held.parcels(), held.unknown()
    for row in np.flatnonzero(np.abs(sums.imbalance()) > LEDGER_TOLERANCE):
        yield _problem("parcels", row, "", "ledger_imbalance", f"{sums.imbalance()[row]:.4f}")
    built, vacant = built_and_vacant(workspace)
    room_new = np.maximum(sums.permitted - built - _column(workspace, "under_construction_floor_area_m2"), 0.0)
    at = pd.Index(workspace.table("parcels")["parcel_id"]).get_indexer(pd.Index(given["parcel_id"]))
    area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    live, new = ~stands_empty(given), (given["source"] == "new").to_numpy(dtype=bool)

    def added(which: np.ndarray) -> np.ndarray:
        return np.bincount(at[which & (at >= 0)], weights=area[which & (at >= 0)], minlength=len(built))

    taken_new, taken_old = added(new & live), added(~new & live)
    room_old = vacant + added(new & ~live)
    for row in np.flatnonzero(unknown & (taken_new > 0)):
        area_there = f"{taken_new[row]:,.2f}"
        yield _problem("parcels", row, "", "assigned_without_limit", area_there, severity="warning")
    for taken, room in ((np.where(unknown, 0.0, taken_new), room_new), (taken_old, room_old)):
        for row in np.flatnonzero(taken > room + _CENT):
            said = (f"{taken[row]:,.2f}", f"{room[row]:,.2f}")
            yield _problem("parcels", row, "", "assigned_beyond_room", *said)
    yield from _vacancy(workspace, built)


def _vacancy(workspace: Workspace, built: np.ndarray) -> Iterator[Problem]:
    buildings = workspace.table("buildings")
    vacant = buildings["vacant_floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    stands = buildings["floor_area_m2"].to_numpy(dtype=float, na_value=np.nan)
    for row in np.flatnonzero(vacant > np.where(np.isnan(stands), np.inf, stands) + _CENT):
        said = (f"{vacant[row]:,.2f}", f"{stands[row]:,.2f}")
        yield _problem("buildings", row, "vacant_floor_area_m2", "vacant_beyond_built", *said)
    at = pd.Index(workspace.table("parcels")["parcel_id"]).get_indexer(pd.Index(buildings["parcel_id"]))
    total = np.bincount(at[at >= 0], weights=vacant[at >= 0], minlength=len(built))
    for row in np.flatnonzero(total > built + _CENT):
        said = (f"{total[row]:,.2f}", f"{built[row]:,.2f}")
        yield _problem("parcels", row, "built_floor_area_m2", "vacant_beyond_built", *said, severity="warning")


def _parcels(workspace: Workspace) -> Iterator[Problem]:
    parcels, held = workspace.table("parcels"), books(workspace)
    official, drawn = parcels["official_area_m2"].to_numpy(dtype=float, na_value=np.nan), workspace.drawn_area_m2
    with np.errstate(invalid="ignore"):
        off = np.abs(official - drawn) > np.maximum(1.0, 0.001 * official)
    for row in np.flatnonzero(off):
        said = (f"{official[row]:,.2f}", f"{drawn[row]:,.2f}")
        yield _problem("parcels", row, "official_area_m2", "area_disagrees", *said, severity="warning")
    limits = held.limits
    for row in np.flatnonzero(capacity.disagreement(capacity.Permitted(np.fmin.reduce(limits, axis=0), limits))):
        said = (f"{limits[0][row]:,.2f}", f"{limits[1][row]:,.2f}")
        yield _problem("parcels", row, "stated_floor_area_m2", "limits_disagree", *said, severity="warning")
    for fault in topology.faults(workspace.shapes("parcels"), limits=topology.Limits(area_m2=OVERLAP_TOLERANCE)):
        others = ", ".join(str(parcels["parcel_id"].iloc[row]) for row in fault.rows[1:])
        said = (others, f"{fault.area_m2:,.2f}")
        yield _problem("parcels", fault.rows[0], "geometry", f"parcels_{fault.kind}", *said, severity="warning")
    if len(workspace.leaves):
        position = {key: i for i, key in enumerate(parcels["parcel_id"])}
        for key, share in outside(workspace)[["parcel_id", "share"]].itertuples(index=False):
            part = f"{share:.1%}"
            yield _problem("parcels", position[key], "geometry", "outside_zones", part, severity="info")


def _zones(workspace: Workspace) -> Iterator[Problem]:
    zones, shapes = workspace.table("zones"), workspace.shapes("zones")
    parent = zones["parent"].where(zones["parent"].notna(), "").to_numpy(dtype=object)
    for level in dict.fromkeys(parent):
        yield from _overlaps(workspace, "zones", np.flatnonzero(parent == level), ZONE_TOLERANCE)
    place = {key: i for i, key in enumerate(zones["zone_id"])}
    for row in np.flatnonzero(parent != ""):
        at = place.get(parent[row])
        if at is None or shapes[row] is None or shapes[at] is None:
            continue
        out = geometry.sticking_out(shapes[[row]], shapes[[at]])[0]
        if out > ZONE_TOLERANCE:
            said = (parent[row], f"{out:,.2f}")
            yield _problem("zones", row, "geometry", "sub_area_sticks_out", *said, severity="warning")


def _overlaps(workspace: Workspace, layer: str, rows: np.ndarray, tolerance: float) -> Iterator[Problem]:
    shapes = workspace.shapes(layer)[rows]
    found = geometry.overlaps(shapes, tolerance)
    keys = workspace.table(layer)[LAYERS[layer].key]
    for left, right, area in zip(found.left, found.right, found.area, strict=True):
        said = (keys.iloc[int(rows[right])], f"{area:,.2f}")
        yield _problem(layer, rows[left], "geometry", f"{layer}_overlap", *said, severity="warning")


def _column(workspace: Workspace, name: str) -> np.ndarray:
    return np.nan_to_num(workspace.table("parcels")[name].to_numpy(dtype=float, na_value=np.nan))
