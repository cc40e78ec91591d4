"""Makers of small worlds for tests: rectangles in metres and tables from plain rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from uuid import uuid4

import geopandas as gpd
import pandas as pd
import shapely

import layers.demo
from layers import stores
from layers.catalogue import LAYERS
from layers.changes import Command, RowChange, Scene
from layers.commands import Edit
from layers.rows import edited, rows, with_rows
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


@cache
def demo() -> Workspace:
    """The demo workspace, read once: nothing changes a workspace, so all tests share it."""
    return layers.demo.demo()


def three_parcels() -> Workspace:
    """A world that can be worked out by hand; its tables are made once, what follows from them anew.

    East is 200 m × 100 m and West lies right of it. All parcels are 100 m × 100 m:

    - `A` lies in East: FAR 2 → 20,000 m² permitted; 5,000 m² built, of which 2,000 m² vacant.
    - `B` lies half in East, half in West: FAR 1 → 10,000 m² permitted; 12,000 m² built, so 2,000 m² over.
    - `C` lies in West and has no limit at all: unknown; 3,000 m² built.
    """
    made = _three_parcels()
    return replace(made, tables={name: table_.copy(deep=False) for name, table_ in made.tables.items()})


@cache
def _three_parcels() -> Workspace:
    return Workspace(
        name="三地块",
        name_en="Three parcels",
        crs="EPSG:4548",
        as_of="2026-11-22",
        tables={
            "zones": table(
                "zones",
                [
                    {"zone_id": "east", "name": "东区", "kind": "east", "geometry": box(0, 0, 200, 100)},
                    {"zone_id": "west", "name": "西区", "kind": "west", "geometry": box(200, 0, 400, 100)},
                ],
            ),
            "parcels": table(
                "parcels",
                [
                    {
                        "parcel_id": "A",
                        "parcel_no": "A",
                        "classification": "DB11/996",
                        "land_use": "M4",
                        "far_max": 2.0,
                        "built_floor_area_m2": 5000.0,
                        "geometry": box(0, 0, 100, 100),
                    },
                    {
                        "parcel_id": "B",
                        "parcel_no": "B",
                        "classification": "DB11/996",
                        "land_use": "M4",
                        "far_max": 1.0,
                        "built_floor_area_m2": 12000.0,
                        "geometry": box(150, 0, 250, 100),
                    },
                    {
                        "parcel_id": "C",
                        "parcel_no": "C",
                        "built_floor_area_m2": 3000.0,
                        "geometry": box(300, 0, 400, 100),
                    },
                ],
            ),
            "buildings": table(
                "buildings",
                [
                    {
                        "building_id": "a1",
                        "parcel_id": "A",
                        "floor_area_m2": 5000.0,
                        "vacant_floor_area_m2": 2000.0,
                        "geometry": None,
                    }
                ],
            ),
            "assumptions": table(
                "assumptions", [{"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0}]
            ),
            "projects": table(
                "projects",
                [
                    {
                        "project_id": "p1",
                        "name": "甲",
                        "function_mix": "research",
                        "requested_floor_area_m2": 8000.0,
                        "must_zone": "east",
                    },
                    {
                        "project_id": "p2",
                        "name": "乙",
                        "function_mix": "research=0.5; headquarters=0.5",
                        "headcount": 100.0,
                        "exclusive": True,
                    },
                ],
            ),
        },
    )


def after(workspace: Workspace, *commands: Command, actor: str = "test") -> Workspace:
    """The workspace after some commands, without a store."""
    for command in commands:
        scene = Scene(actor, "2026-11-23T08:00:00Z", _mint(workspace))
        workspace = with_rows(workspace, command.changes(workspace, scene), workspace.revision + 1)
    return workspace


@dataclass(frozen=True)
class Put(Edit):
    """Give a row values as a file brings them, whatever acts they change by."""

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        return (edited(workspace, self.layer, self.key, dict(self.values)),)


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
