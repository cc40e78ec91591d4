"""What no change may break, whatever command it comes from; looked at in its transaction, before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from layers.attachments import CARRIERS
from layers.bulk import Bulk, by_layer, gone
from layers.catalogue import LAYERS, REFERENCES
from layers.changes import RowChange
from layers.contract import split_list
from layers.errors import CapGone, ReferenceDangling, RoomGone, RowRefused, StillReferred
from layers.rows import table_of
from layers.standing import capped, standing
from layers.workspace import Workspace

TOLERANCE = 0.005
"""Floor area [m²] below which a shortage is a matter of rounding: figures are entered to 0.01 m²."""

LARGEST = 1e12
"""Largest figure that a row may hold, whatever its unit: above it sums lose their square metres."""

_FEW = 64
"""Rows up to which each is looked at on its own before a table is made of them to say what is wrong."""

_HARD = tuple(one for one in REFERENCES if one[0] in ("assignments", "milestones", "buildings", "zones"))
_LIMITS = frozenset(
    {
        "geometry",
        "zone",
        "sub_area",
        "official_area_m2",
        "far_max",
        "far_basis",
        "stated_floor_area_m2",
        "coverage_max_pct",
        "height_max_m",
        "storey_height_m",
        "built_floor_area_m2",
        "under_construction_floor_area_m2",
    }
)
"""Columns of a parcel that decide what it can hold."""


def refuse(before: Workspace, after: Workspace, changes: Sequence[RowChange], kind: str = "") -> None:
    """Refuse a change that breaks a contract, leaves a reference to nothing, or takes assigned floor area away.

    Parameters
    ----------
    kind
        Kind of the command. An import may bring buildings before their parcels; `check` tells of those.

    Raises
    ------
    RowRefused, ReferenceDangling, StillReferred, RoomGone, CapGone
    """
    found = by_layer(changes)
    for layer, some in found.items():
        _contract(before, after, layer, some)
    _references(after, found, lenient=kind == "import")
    refuse_shortage(before, after, changes)


def refuse_caps(before: Workspace, after: Workspace, changes: Sequence[RowChange]) -> None:
    """Refuse changes whose assignments take more of a zone than its cap allows; nothing else is looked at.

    Raises
    ------
    CapGone
    """
    _caps(before, after, {"assignments": [change for change in changes if change.layer == "assignments"]})


def refuse_shortage(before: Workspace, after: Workspace, changes: Sequence[RowChange]) -> None:
    """Refuse changes that leave less room, or more above a cap, than another state had; nothing else is looked at.

    Raises
    ------
    RoomGone, CapGone
    """
    found = by_layer(changes)
    _room(before, after, found)
    _caps(before, after, found)


def _contract(before: Workspace, after: Workspace, layer: str, changes: Sequence[RowChange]) -> None:
    contract, new = LAYERS[layer], _new(changes)
    if isinstance(changes, Bulk):
        keys = changes.keys if changes.comes else []
        rows = changes.table if changes.comes else None
        huge = [keys[row] for row in _huge(changes.table)] if changes.comes else []
    else:
        kept = [change for change in changes if change.after is not None]
        keys = [change.key for change in kept]
        for change in kept:
            if change.after is not None and change.after.get(contract.key) != change.key:
                raise _row_refused(layer, change.key, contract.key, contract.key)
        doubtful = len(kept) > _FEW or not all(contract.holds(change.after or {}) for change in kept)
        rows = table_of(layer, [c.after or {} for c in kept], after.crs) if kept and doubtful else None
        huge = [c.key for c in kept for v in (c.after or {}).values() if type(v) is float and abs(v) > LARGEST]
    said = contract.check(rows) if rows is not None else ()
    wrong = [one for one in said if one.severity == "error"]
    if wrong:
        first = wrong[0]
        at = keys[first.row] if first.row is not None else ""
        reason, said_ = (f"{first.column} {first.message(language)}" for language in ("en", "zh-CN"))
        raise _row_refused(layer, at, reason, said_)
    if huge:
        raise _row_refused(layer, huge[0], f"a figure is above {LARGEST:g}", f"有数值超过 {LARGEST:g}")
    if new and len(before.table(layer)):
        twice = _there(before, layer, new)
        if twice:
            raise _row_refused(layer, min(twice), f"{contract.key} is not unique", f"{contract.key} 重复")


def _new(changes: Sequence[RowChange]) -> list[str]:
    """The keys of the rows that come."""
    if isinstance(changes, Bulk):
        return changes.keys if changes.comes else []
    return [change.key for change in changes if change.before is None]


def _huge(table: pd.DataFrame) -> np.ndarray:
    """Rows of a table with a figure that is too large, ascending."""
    found = np.zeros(len(table), dtype=bool)
    for name in table.columns.drop("geometry", errors="ignore"):
        values = table[name]
        if values.dtype == np.float64:
            found |= np.abs(values.to_numpy()) > LARGEST
        elif values.dtype == object:
            found |= np.fromiter((type(v) is float and abs(v) > LARGEST for v in values), bool, len(table))
    return np.flatnonzero(found)


def _row_refused(layer: str, key: str, reason: str, said: str) -> RowRefused:
    facts = {"layer": LAYERS[layer].zh, "key": key[:40], "reason": reason[:200], "said": said[:200]}
    return RowRefused(where=f"{layer} {key[:40]}", **facts)


def _references(after: Workspace, found: Mapping[str, Sequence[RowChange]], *, lenient: bool) -> None:
    for layer, column, target in _HARD:
        if layer in found and not (lenient and layer not in ("assignments", "milestones")):
            asked = _named(found[layer], column)
            there = _there(after, target, list(asked))
            for key, row in asked.items():
                if key not in there:
                    raise ReferenceDangling(where=row[:40], key=key[:40], what=LAYERS[target].zh)
        keys = gone(found.get(target, ()))
        if keys:
            used = after.table(layer)[column]
            held = used[used.isin(keys)]
            if len(held):
                key, count = str(held.iloc[0]), int((held == held.iloc[0]).sum())
                facts = {"what": LAYERS[target].zh, "by": LAYERS[layer].zh, "count": count}
                raise StillReferred(where=key[:40], key=key[:40], **facts)
    _papers(after, found)
    _zones(after, found.get("zones", ()))
    for change in found.get("attachments", ()):
        if change.after and "row_key" in change.fields:
            layer, key = str(change.after.get("layer")), str(change.after["row_key"])
            if not _there(after, layer, [key]):
                raise ReferenceDangling(where=change.key[:40], key=key[:40], what=LAYERS[layer].zh)


def _named(changes: Sequence[RowChange], column: str) -> dict[str, str]:
    """What changes write into a column, each with the last row that it is written for."""
    if isinstance(changes, Bulk):
        named = changes.columns.get(column, ()) if changes.comes else ()
        return {str(value): key for value, key in zip(named, changes.keys, strict=False) if value}
    return {
        str(change.after[column]): change.key
        for change in changes
        if change.after and change.after.get(column) and column in change.fields
    }


def _papers(after: Workspace, found: Mapping[str, Sequence[RowChange]]) -> None:
    """No row goes that a document belongs to."""
    table = after.table("attachments")
    for layer in CARRIERS if len(table) else ():
        keys = gone(found.get(layer, ()))
        held = table["row_key"][(table["layer"] == layer) & table["row_key"].isin(keys)].tolist() if keys else []
        if held:
            facts = {"what": LAYERS[layer].zh, "by": LAYERS["attachments"].zh, "count": held.count(held[0])}
            raise StillReferred(where=held[0][:40], key=held[0][:40], **facts)


def _zones(after: Workspace, changes: Sequence[RowChange]) -> None:
    """No zone lies in itself, by however many steps, and none goes that a project must or may be in."""
    if any(change.after and "parent" in change.fields for change in changes):
        zones = after.table("zones")
        parents = dict(zip(zones["zone_id"].tolist(), zones["parent"].tolist(), strict=True))
        for change in changes:
            at = change.key
            for _ in range(len(parents) + 1):
                at = parents.get(at, "")
            if at in parents:
                raise _row_refused("zones", change.key, "parent leads back to itself", "上级分区循环引用")
    lost = set(gone(changes))
    projects = after.table("projects") if lost else ()
    for column in ("must_zone", "may_zones") if len(projects) else ():
        wanted = after.table("projects")[column].map(split_list)
        held = [key for keys in wanted for key in keys if key in lost]
        if held:
            facts = {"what": LAYERS["zones"].zh, "by": LAYERS["projects"].zh, "count": held.count(held[0])}
            raise StillReferred(where=held[0][:40], key=held[0][:40], **facts)


def _there(after: Workspace, layer: str, keys: list[str]) -> set[str]:
    if layer == "parcels":
        found = after.parcel_index.get_indexer(pd.Index(keys, dtype="str"))
        return {key for key, at in zip(keys, found, strict=True) if at >= 0}
    column = after.table(layer)[LAYERS[layer].key]
    return set(column[column.isin(keys)].tolist())


def _room(before: Workspace, after: Workspace, found: Mapping[str, Sequence[RowChange]]) -> None:
    """A change may not leave assigned floor area without room; what was short before may stay so."""
    if not len(after.table("assignments")):
        return  # where nothing is assigned there is room for all of it
    groups = _groups(found)
    if not groups:
        return
    keys = list(groups)
    number = {root: i for i, root in enumerate(dict.fromkeys(groups.values()))}
    group = np.array([number[groups[key]] for key in keys], dtype=np.int64)
    was, now = (_short(workspace, keys, group, len(number)) for workspace in (before, after))
    slack = TOLERANCE + 2 * TOLERANCE * np.bincount(group, minlength=len(number))
    worse = np.flatnonzero(now - was > slack)
    if len(worse):
        at = [key for key, one in zip(keys, group, strict=True) if one == worse[0]]
        rows = after.parcel_index.get_indexer(pd.Index(at, dtype="str"))
        there = [int(row) for row in rows if row >= 0]
        name = after.table("parcels")["parcel_no"].iloc[there[0]] if there else at[0]
        lack = float(now[worse[0]] - was[worse[0]])
        raise RoomGone(where=str(name)[:40], parcel=str(name)[:40], lack=f"{lack:,.2f}")


def _groups(changes: Mapping[str, Sequence[RowChange]]) -> dict[str, str]:
    """Parcels of which what is taken or what they hold may change, each under the first of those it came from."""
    found: dict[str, str] = {}
    for layer in ("assignments", "buildings"):
        for change in changes.get(layer, ()):
            for row in (change.before, change.after):
                if row and "parcel_id" in row:
                    found.setdefault(str(row["parcel_id"]), str(row["parcel_id"]))
    parcels = changes.get("parcels", ())
    if isinstance(parcels, Bulk) and "parents" not in parcels.columns:
        return found | {key: key for key in parcels.keys if key not in found}
    for change in parcels:
        if change.fields & _LIMITS:
            found.setdefault(change.key, change.key)
    lost = {change.key for change in parcels if change.after is None}
    come = {change.key for change in parcels if change.before is None}
    for change in parcels:
        row = change.after if change.key in come else change.before
        for parent in split_list((row or {}).get("parents")):
            # a part and what it came from, or, undone, what was merged and its parts
            if parent in lost | come and change.key in found and parent in found:
                old, new = found[change.key], found[parent]
                found = {key: new if root == old else root for key, root in found.items()}
    return found


def _short(workspace: Workspace, keys: Sequence[str], group: np.ndarray, count: int) -> np.ndarray:
    rows = workspace.parcel_index.get_indexer(pd.Index(list(keys), dtype="str"))
    there = np.flatnonzero(rows >= 0)
    short = standing(workspace, rows[there]).short if len(there) else np.zeros(0)
    return np.bincount(group[there], weights=short, minlength=count)


def _caps(before: Workspace, after: Workspace, found: Mapping[str, Sequence[RowChange]]) -> None:
    """Assignments may not take more of a zone than its cap allows."""
    if not any(change.after for change in found.get("assignments", ())):
        return
    now = capped(after)
    if not len(now.keys):
        return
    was = capped(before)
    old = dict(zip(was.keys, was.used.tolist(), strict=True))
    for key, cap, used in zip(now.keys, now.cap.tolist(), now.used.tolist(), strict=True):
        more = used - max(cap, old.get(key, 0.0))
        if more > 2 * TOLERANCE:
            zones = after.table("zones").set_index("zone_id")["name"]
            raise CapGone(where=key, zone=str(zones.get(key, key)), lack=f"{more:,.2f}", cap=f"{cap:,.0f}")
