"""What holds of every workspace, whatever was done to it and in which order."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

import numpy as np
import pandas as pd
import pytest

from layers import accounts
from layers.catalogue import LAYERS
from layers.contract import split_list
from layers.rows import canonical, encode, rows
from layers.standing import capped, standing
from layers.workspace import Workspace

CLOSE = 0.01
"""[m²]; figures are entered to 0.01 m²."""


_KNOWN: OrderedDict[int, tuple[pd.DataFrame, dict[tuple[str, str], str]]] = OrderedDict()
"""Digests of tables that were looked at before: states share the tables in which they do not differ."""


def every_row(workspace: Workspace) -> dict[tuple[str, str], str]:
    """A digest of every row by layer and key, each of a row that keeps its contract; their order does not count."""
    found: dict[tuple[str, str], str] = {}
    for name in LAYERS:
        found |= _digests(name, workspace.table(name))
    return found


def _digests(name: str, table: pd.DataFrame) -> dict[tuple[str, str], str]:
    known = _KNOWN.get(id(table))
    if known is not None and known[0] is table:
        return known[1]
    layer, every = LAYERS[name], rows(table)
    assert all(map(layer.holds, every)) or not layer.check(table), name
    made = {(name, str(row[layer.key])): hashlib.sha256(canonical(encode(row)).encode()).hexdigest() for row in every}
    assert len(made) == len(table), f"{name}: keys are there once"
    _KNOWN[id(table)] = (table, made)
    while len(_KNOWN) > 200:
        _KNOWN.popitem(last=False)
    return made


def sound(workspace: Workspace) -> None:
    """Accounts balance and add up alike however they are grouped, caps hold, and no reference leads nowhere."""
    balanced(workspace)
    added_up(workspace)
    referred(workspace)


def balanced(workspace: Workspace) -> None:
    """Permitted and over are built, under construction, committed, reserved, held and available: part by part."""
    books = accounts.books(workspace)
    for held in (books.parts, books.parcels(), books.total()):
        assert np.abs(held.imbalance()).max(initial=0.0) < CLOSE
        for name in ("available", "held_by_cap", "over", "committed", "reserved", "built_vacant", "unknown_assigned"):
            assert getattr(held, name).min(initial=0.0) > -CLOSE, name
    assert len(books.orphans) == 0


def added_up(workspace: Workspace) -> None:
    """Σ by zone = Σ by category = Σ parcels = the total, and no zone offers more than its cap leaves."""
    whole = accounts.totals(workspace)
    by_zone = accounts.report(workspace, ("zone",))["groups"]
    zones = workspace.table("zones").set_index("zone_id")["floor_area_cap_m2"]
    for lines in (
        by_zone,
        accounts.report(workspace, ("land_use",))["groups"],
        accounts.report(workspace, ("sub_area", "status"))["groups"],
        accounts.parcel_rows(workspace),
    ):
        for name in accounts.FIGURES:
            assert sum(line[name] or 0.0 for line in lines) == pytest.approx(whole[name], rel=1e-9, abs=1e-6), name
    for line in by_zone:
        used = sum(line[name] for name in ("built_m2", "under_construction_m2", "committed_m2", "reserved_m2"))
        assert line["permitted_m2"] + line["over_m2"] == pytest.approx(
            used + line["held_by_cap_m2"] + line["available_m2"], abs=CLOSE
        )
        cap = zones.get(line["zone"], np.nan)
        if not np.isnan(cap):
            assert used + line["available_m2"] <= max(cap, used) + CLOSE


def referred(workspace: Workspace) -> None:
    """Keys are there once, and everything that names another row names one that is there."""
    keys: dict[str, set[str]] = {name: set() for name in LAYERS}
    for name, key in every_row(workspace):
        keys[name].add(key)
    for layer, column, target in (
        ("assignments", "parcel_id", "parcels"),
        ("assignments", "project_id", "projects"),
        ("buildings", "parcel_id", "parcels"),
        ("zones", "parent", "zones"),
        ("projects", "must_zone", "zones"),
    ):
        assert set(workspace.table(layer)[column].dropna()) <= keys[target], (layer, column)
    for listed in workspace.table("parks")["member_parcels"].map(split_list):
        assert set(listed) <= keys["parcels"]
    papers = workspace.table("attachments")
    for layer, key in zip(papers["layer"], papers["row_key"], strict=True):
        assert key in keys[layer]


def shortage(workspace: Workspace) -> float:
    """Assigned floor area for which there is no room, over all parcels [m²]."""
    return float(standing(workspace, np.arange(len(workspace.table("parcels")))).short.sum())


def over_caps(workspace: Workspace) -> dict[str, float]:
    """Use of each zone that has a cap, beyond it [m²]."""
    found = capped(workspace)
    return dict(zip(found.keys, np.maximum(found.used - found.cap, 0.0).tolist(), strict=True))


def afresh(workspace: Workspace) -> None:
    """The accounts are those of the same tables with nothing kept from the time before."""
    bare = Workspace(workspace.name, workspace.crs, workspace.tables)
    assert accounts.totals(workspace) == pytest.approx(accounts.totals(bare), rel=1e-9, abs=1e-6)
