"""Rows of any layer as people read them: names of columns, words for codes, and which columns tell the most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from layers.catalogue import LAYERS
from layers.comparing import plain as value_of
from layers.errors import NothingSuch
from layers.rows import position
from layers.vocabulary import (
    CLASSIFICATIONS,
    CONFIDENCE,
    CONSTRAINT_KINDS,
    DELAY_CAUSES,
    EFFECTS,
    FIGURE_BASIS,
    FUNCTIONS,
    GEOMETRY_BASIS,
    MILESTONE_KINDS,
    PARCEL_STATUS,
    PROJECT_STATES,
    SIDES,
    SOURCES,
    STAGES,
    SUPPLY_MODES,
    ZONE_KINDS,
    Terms,
    term,
)
from layers.workspace import Workspace
from views.numbers import plain, square_metres
from views.text import Text

_TERMS: dict[str, Terms] = {
    "stage": STAGES,
    "supply_mode": SUPPLY_MODES,
    "status": PARCEL_STATUS,
    "geometry_basis": GEOMETRY_BASIS,
    "state": PROJECT_STATES,
    "basis": FIGURE_BASIS,
    "confidence": CONFIDENCE,
    "classification": CLASSIFICATIONS,
    "function": FUNCTIONS,
    "delay_cause": DELAY_CAUSES,
}
_STEPS: Terms = SUPPLY_MODES | PARCEL_STATUS | PROJECT_STATES
_OF_LAYER: dict[tuple[str, str], Terms] = {
    ("assignments", "source"): SOURCES,
    ("milestones", "kind"): MILESTONE_KINDS,
    ("zones", "kind"): ZONE_KINDS,
} | {
    ("constraints", name): terms for name, terms in (("kind", CONSTRAINT_KINDS), ("effect", EFFECTS), ("side", SIDES))
}
_OF_LAYER |= {("moves", name): _STEPS for name in ("from_state", "to_state")}
_NAMED = {
    "parcel_id": ("parcels", "parcel_no"),
    "project_id": ("projects", "name"),
    "held_by": ("projects", "name"),
    "building_id": ("buildings", "name"),
    "row_key": ("parcels", "parcel_no"),
}
_TELLING = (
    "parcel_id", "project_id", "floor_area_m2", "source", "stage", "geometry", "far_max", "stated_floor_area_m2",
    "official_area_m2", "land_use", "requested_floor_area_m2", "headcount", "value",
)  # fmt: skip
"""Columns that say what a row is, where all of it comes or goes."""
_QUIET = frozenset({"sha256", "media", "assigned_at", "assigned_by", "layer", "row_key"})
_LONGEST = 80


def column_name(layer: str, name: str, say: Text) -> str:
    """A column as people call it."""
    if name == "geometry":
        return say("drawn_area")
    known = {column.name: column for column in LAYERS[layer].columns}
    if name not in known:
        return name
    if say.language == "zh-CN":
        return known[name].zh
    return in_words(name)


def in_words(name: str) -> str:
    """The name of a column of ours as English words.

    >>> in_words("official_area_m2"), in_words("far_max")
    ('Official area', 'FAR max')
    """
    words = name.removesuffix("_m2").removesuffix("_id").replace("_", " ")
    return f"FAR{words[3:]}" if words.startswith("far ") else words.capitalize()


def layer_name(layer: str, say: Text) -> str:
    """A layer as people call it."""
    return LAYERS[layer].zh if say.language == "zh-CN" else layer.capitalize()


def value_text(layer: str, name: str, value: Any, workspace: Workspace, say: Text) -> str:
    """A value as people read it, with its unit."""
    if isinstance(value, BaseGeometry):
        value = value_of({name: value}, name)
    if value is None or value == "":
        return say("nothing_there")
    if name == "geometry":
        return f"{square_metres(value, 2)} m²" if isinstance(value, float) else str(value)
    if name in _NAMED and isinstance(value, str):
        return _name_of(workspace, *_NAMED[name], value)
    terms = _OF_LAYER.get((layer, name)) or _TERMS.get(name)
    if terms is not None:
        return term(terms, str(value), say.language)[:_LONGEST] or str(value)[:_LONGEST]
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, (int, float)):
        written = square_metres(value, 2).removesuffix(".00") if name.endswith("_m2") else plain(value)
        unit = next((column.unit for column in LAYERS[layer].columns if column.name == name), "")
        return f"{written} {unit}".strip()
    return str(value)[:_LONGEST]


def telling(layer: str, row: Mapping[str, Any]) -> list[str]:
    """The columns that say what a row is, those of weight first."""
    own = (LAYERS[layer].key, "" if layer == "assignments" else "source")
    first = [name for name in _TELLING if row.get(name) is not None and name not in own]
    return first or [name for name in LAYERS[layer].names if row.get(name) is not None and name not in _QUIET][:4]


def worth_showing(names: Sequence[str]) -> list[str]:
    """Columns without those that only machines read; all of them where nothing else is left."""
    return [name for name in names if name not in _QUIET] or list(names)


def row_label(layer: str, key: str, row: Mapping[str, Any], workspace: Workspace) -> str:
    """What people call a row: an assignment by its parcel and project."""
    if layer == "assignments" and row.get("parcel_id") and row.get("project_id"):
        parcel = _name_of(workspace, "parcels", "parcel_no", str(row["parcel_id"]))
        return f"{parcel} → {_name_of(workspace, 'projects', 'name', str(row['project_id']))}"
    return str(row.get("parcel_no") or row.get("name") or key)[:_LONGEST]


def known(line: pd.Series) -> dict[str, Any]:
    """A line of a table without what is missing."""
    return {
        str(name): value
        for name, value in line.items()
        if value is not None and value is not pd.NA and value == value
    }


def parcel_row(workspace: Workspace, key: object) -> int | None:
    """Row of a parcel, None where there is none of that key."""
    try:
        return position(workspace, "parcels", str(key))
    except NothingSuch:
        return None


def _name_of(workspace: Workspace, layer: str, column: str, key: str) -> str:
    table = workspace.table(layer)
    found = table.loc[(table[LAYERS[layer].key] == key).to_numpy(dtype=bool, na_value=False), column]
    value = found.iloc[0] if len(found) else None
    return str(value)[:_LONGEST] if isinstance(value, str) and value else key[:_LONGEST]
