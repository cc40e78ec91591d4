"""Makers of small worlds for tests: rectangles in metres and tables from plain rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import shapely

from layers import stores
from layers.catalogue import LAYERS
from layers.changes import Command, RowChange, Scene
from layers.rows import rows, with_rows
from layers.stores import gestures
from layers.stores.contract import Event
from layers.workspace import Workspace

X, Y = 438_000.0, 4_410_000.0
"""A corner in Fengtai, EPSG:4548."""


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle in metres from the corner of the world."""
    return shapely.box(X + west, Y + south, X + east, Y + north)


def table(layer: str, values: list[dict[str, object]]) -> pd.DataFrame:
    """A table of a layer from plain rows."""
    contract = LAYERS[layer]
    plain = pd.DataFrame(values)
    if contract.geometry and "geometry" in plain:
        plain = gpd.GeoDataFrame(plain, crs="EPSG:4548")
    return contract.conform(plain, "EPSG:4548")


def after(workspace: Workspace, *commands: Command, actor: str = "test") -> Workspace:
    """The workspace after some commands, without a store."""
    for command in commands:
        scene = Scene(actor, "2026-11-23T08:00:00Z", _mint(workspace))
        workspace = with_rows(workspace, command.changes(workspace, scene), workspace.revision + 1)
    return workspace


def _mint(workspace: Workspace) -> Callable[[str], str]:
    """Keys after the highest of each prefix, as long as nothing was ever taken away."""
    used = {str(key) for name, layer in LAYERS.items() for key in workspace.table(name)[layer.key]}

    def mint(prefix: str) -> str:
        number = 1
        while f"{prefix}{number:05d}" in used:
            number += 1
        used.add(f"{prefix}{number:05d}")
        return f"{prefix}{number:05d}"

    return mint


def put(path: Path, layer: str, table: pd.DataFrame) -> int:
    """Replace a table of a workspace on file, past every rule; answers with the revision."""
    key = LAYERS[layer].key
    with stores.open_store(path).writing() as tx:
        before = {row[key]: row for row in rows(tx.workspace().table(layer))}
        after = {row[key]: row for row in rows(table)}
        every = [RowChange(layer, one, before.get(one), after.get(one)) for one in {**before, **after}]
        changes = tuple(change for change in every if not change.idle)
        return gestures.append(tx, Event(0, uuid4().hex, "", "test", "admin", "main", "edit", {}, changes))
