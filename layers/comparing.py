"""What differs between two states of a workspace: branches, revisions, or before and after a merge."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from shapely.geometry.base import BaseGeometry

from layers.catalogue import LAYERS
from layers.changes import Row, RowChange
from layers.tables import differences
from layers.workspace import Workspace


def compare(before: Workspace, after: Workspace) -> tuple[RowChange, ...]:
    """Rows of every layer in which two states differ; the order of rows and columns does not count."""
    found: list[RowChange] = []
    for layer in LAYERS:
        found += differences(layer, before.table(layer), after.table(layer))
    return tuple(found)


def told(changes: Iterable[RowChange], language: str = "zh-CN") -> list[dict[str, Any]]:
    """Changes as the command line says them; an outline is told by its area."""
    return [_told(change, language) for change in changes]


def _told(change: RowChange, language: str) -> dict[str, Any]:
    what = "removed" if change.after is None else "added" if change.before is None else "changed"
    order = ["geometry", *LAYERS[change.layer].names]
    rank = {name: i for i, name in enumerate(order)}
    fields = sorted(change.fields, key=lambda name: (rank.get(name, len(order)), name))
    return {
        "layer": change.layer,
        "layer_name": LAYERS[change.layer].zh if language == "zh-CN" else change.layer,
        "key": change.key,
        "label": label(change.after or change.before or {}, change.key),
        "what": what,
        "fields": [
            {"name": name, "before": plain(change.before, name), "after": plain(change.after, name)}
            for name in fields
        ],
    }


def label(row: Row, key: str) -> str:
    """What a row is called by people."""
    return str(row.get("parcel_no") or row.get("name") or key)


def plain(row: Row | None, name: str) -> Any:
    """A value of a row as JSON can say it; the area of a geometry [m²], or how it is drawn where it has none."""
    value = None if row is None else row.get(name)
    if isinstance(value, BaseGeometry):
        return round(float(value.area), 2) if value.area else value.geom_type
    return value
