"""What follows a row that goes: parks and projects that list a parcel, documents, and what was promised."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from layers.catalogue import LAYERS
from layers.changes import RowChange
from layers.contract import split_list
from layers.rows import edited, removed
from layers.workspace import Workspace

LISTING = {"parks": ("member_parcels",), "projects": ("must_parcels", "barred_parcels")}
"""Columns that list parcels by key."""


def members(workspace: Workspace, became: Mapping[str, Sequence[str]]) -> list[RowChange]:
    """Parks and projects that list parcels by key list those that took their place, or none."""
    found = []
    for layer, columns in LISTING.items():
        table = workspace.table(layer)
        keys = table[LAYERS[layer].key].tolist()
        values: dict[str, dict[str, str | None]] = {}
        for column in columns:
            for key, listed in zip(keys, table[column].map(split_list), strict=True):
                gone = [one for one in listed if one in became]
                if gone:
                    kept = [one for one in listed if one not in became]
                    new = dict.fromkeys(one for old in gone for one in became[old])
                    values.setdefault(str(key), {})[column] = "; ".join([*kept, *new]) or None
        found += [edited(workspace, layer, key, changed) for key, changed in values.items()]
    return found


def papers(workspace: Workspace, old: Collection[str], new: str) -> list[RowChange]:
    """Documents of parcels that go stand with the first that came in their place."""
    table = workspace.table("attachments")
    mine = table[(table["layer"] == "parcels") & table["row_key"].isin(list(old))]
    return [edited(workspace, "attachments", str(key), {"row_key": new}) for key in mine["attachment_id"]]


def without(workspace: Workspace, layer: str, keys: Collection[str]) -> list[RowChange]:
    """Documents of rows that go without anything in their place go with them, and so does what they promised."""
    table = workspace.table("attachments")
    mine = table[(table["layer"] == layer) & table["row_key"].isin(list(keys))]
    gone = [removed(workspace, "attachments", str(key)) for key in mine["attachment_id"]]
    promised = workspace.table("milestones")
    if layer == "assignments" and len(promised):
        mine = promised[promised["assignment_id"].isin(list(keys)).to_numpy(dtype=bool, na_value=False)]
        gone += [removed(workspace, "milestones", str(key)) for key in mine["milestone_id"]]
    return gone


def kept(workspace: Workspace, assignment: str, kind: str, on: str) -> list[RowChange]:
    """Milestones of a kind that an act on their assignment keeps: those that were open are kept on its day."""
    promised = workspace.table("milestones")
    if not len(promised):
        return []
    mine = (promised["assignment_id"] == assignment) & (promised["kind"] == kind) & promised["done_on"].isna()
    keys = promised["milestone_id"][mine.to_numpy(dtype=bool, na_value=False)]
    return [edited(workspace, "milestones", str(key), {"done_on": on}) for key in keys]
