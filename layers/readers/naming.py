"""References by name: where a file calls a zone, a parcel or a project as people do, its key is put there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from layers.catalogue import LAYERS
from layers.contract import Complaint, Layer, split_list
from layers.readers.notes import note
from layers.workspace import Workspace

REFERS: dict[str, dict[str, tuple[str, tuple[str, ...]]]] = {
    "projects": {
        "must_zone": ("zones", ("name", "name_en")),
        "may_zones": ("zones", ("name", "name_en")),
        "lead_partner": ("projects", ("name", "name_en")),
    },
    "assignments": {
        "parcel_id": ("parcels", ("parcel_no", "name")),
        "project_id": ("projects", ("name", "name_en")),
    },
}
"""Columns that hold keys of another layer, and by which columns people call its rows."""


def as_keys(workspace: Workspace, layer: Layer, rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Complaint]]:
    """Rows with keys where they called something by its name; a name of several rows stays as it is.

    Parameters
    ----------
    rows
        Rows with their keys, index 0 … n − 1; those of the same layer are known by name among themselves too.
    """
    notes: list[Complaint] = []
    changed: dict[str, pd.Series] = {}
    for name, (to, called) in REFERS.get(layer.name, {}).items():
        if name not in rows or not rows[name].notna().any():
            continue
        tables = [workspace.table(to), *([rows] if to == layer.name else [])]
        keys = {str(key) for table in tables for key in table[LAYERS[to].key].dropna()}
        names = _names(tables, LAYERS[to].key, called)
        values = rows[name].astype(object).to_numpy(copy=True)
        for row in np.flatnonzero(rows[name].notna().to_numpy()):
            values[row], said = _told(str(values[row]), keys, names, (name, int(row), LAYERS[to].zh))
            notes += said
        changed[name] = pd.Series(values, index=rows.index, dtype="str")
    return rows.assign(**changed), notes


def _names(tables: list[pd.DataFrame], key: str, called: tuple[str, ...]) -> dict[str, str]:
    """Name to key; a name that several rows have is left out."""
    found: dict[str, set[str]] = {}
    for table in tables:
        for column in (one for one in called if one in table):
            for name, of in zip(table[column], table[key], strict=True):
                if isinstance(name, str) and name.strip() and isinstance(of, str):
                    found.setdefault(name.strip().casefold(), set()).add(of)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def _told(
    text: str, keys: set[str], names: Mapping[str, str], place: tuple[str, int, str]
) -> tuple[str, list[Complaint]]:
    """The keys that a text means, and what there is to say of it."""
    column, row, layer = place
    parts, notes = [], []
    asked = split_list(text.replace("、", ";")) or (text,)
    for part in asked:
        key = part if part in keys else names.get(part.casefold())
        if key is None:
            notes.append(note("name_unknown", column, row=row, severity="warning", value=part[:60], limit=layer))
        elif key != part:
            notes.append(note("name_read_as_key", column, row=row, value=part[:60], limit=key))
        parts.append(part if key is None else key)
    return (text if tuple(parts) == asked else "; ".join(parts)), notes
