"""Numbers that are none, into every numeric column, by every command and by SQL: all refused."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from shapely.geometry import LineString

from layers import applying, stores
from layers.catalogue import LAYERS
from layers.changes import Actor, Asked, Command
from layers.commands import Assign, Draw, Edit, Reassign
from layers.contract import Column
from layers.stores.contract import Store
from layers.stores.sqlite import connect
from layers.workspace import Workspace
from tests.world import X, Y, after, box, table

NONE = [float("nan"), float("inf"), float("-inf"), 1e308, -1e308, "2", "２", "1,5", b"2", True, [1.0], 1j, 10**400]
"""No numbers, or none that a figure of the ground could have."""
COLUMNS = [
    (layer, column) for layer, one in LAYERS.items() for column in one.columns if column.kind in ("number", "integer")
]
ME = Actor("tester")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A workspace with a row in every layer."""
    from tests.layers.orders_world import study

    start = after(study(), Assign("A", "p1", 500.0))
    more = {
        "stations": [{"station_id": "s", "name": "站", "kind": "metro", "geometry": box(0, 0, 9, 9).centroid}],
        "constraints": [{"constraint_id": "c", "name": "绿线", "effect": "inform", "geometry": box(0, 0, 9, 9)}],
        "attachments": [
            {"attachment_id": "h", "layer": "parcels", "row_key": "A", "name": "a.pdf", "media": "application/pdf",
             "size_bytes": 9, "sha256": "0" * 64}
        ],
        "moves": [{"move_id": "m", "layer": "parcels", "row_key": "A", "to_state": "sold", "moved_on": "2026-01-02"}],
        "milestones": [{"milestone_id": "y", "assignment_id": "A00001", "kind": "jobs", "promised": 12.0}],
        "ways": [{"way_id": "w", "kind": "path", "geometry": LineString([(X, Y), (X + 9, Y)])}],
        "facilities": [{"facility_id": "f", "kind": "clinic", "geometry": box(0, 0, 9, 9).centroid}],
        "rasters": [{"raster_id": "r", "kind": "dem", "sha256": "0" * 64, "geometry": box(0, 0, 9, 9)}],
        "rulepacks": [{"rule_id": "l", "pack": "x", "valid_from": "2020-01-01", "rule": "term"}],
        "targets": [{"target_id": "t", "measure": "staff"}],
        "criteria": [{"criterion_id": "k", "model": "m", "measure": "station_distance"}],
    }  # fmt: skip
    start = start.with_tables(**{name: table(name, rows) for name, rows in more.items()})
    path = tmp_path_factory.mktemp("numbers") / "w.gpkg"
    stores.create(path, start)
    return stores.open_store(path)


def now(store: Store) -> Workspace:
    with store.reading() as tx:
        return tx.workspace()


def refused(store: Store, command: Command) -> None:
    before = now(store)
    outcome = applying.apply(store, Asked(ME, uuid4().hex), command)
    assert outcome.status == "invalid", (command, outcome)
    assert now(store) is before


def wrong(column: Column) -> list[Any]:
    """What a column may not hold."""
    below = [] if column.minimum is None else [column.minimum - 1, -1e-9 if column.minimum == 0 else -1]
    above = [] if column.maximum is None else [column.maximum + 1]
    whole = [1.5] if column.kind == "integer" else []
    return [*NONE, *below, *above, *whole, *([None, ""] if column.required else [])]


@pytest.mark.parametrize(("layer", "column"), COLUMNS, ids=lambda one: getattr(one, "name", one))
def test_no_command_writes_it(store: Store, layer: str, column: Column) -> None:
    rows = now(store).table(layer)
    assert len(rows) or layer == "backdrop", "every layer has a row to try it on"
    for value in wrong(column):
        for key in rows[LAYERS[layer].key].iloc[:1]:
            refused(store, Edit(layer, str(key), ((column.name, value),)))
        outline = box(0, 200, 9, 209) if LAYERS[layer].geometry else None
        refused(store, Draw(layer, outline, ((column.name, value),)))


@pytest.mark.parametrize("value", [-1, -0.01, 0, *NONE], ids=repr)
def test_no_assignment_has_it(store: Store, value: Any) -> None:
    refused(store, Assign("A", "p1", value))
    refused(store, Assign("A", "p1", 10.0, term_years=value if value != 0 else -1))
    key = str(now(store).table("assignments")["assignment_id"].iloc[0])
    refused(store, Reassign(key, floor_area_m2=value))
    refused(store, Reassign(key, stage="vacated", floor_area_m2=value))
    refused(store, Reassign(key, term_years=value if value != 0 else -1))


@pytest.fixture
def line(store: Store) -> Iterator[sqlite3.Connection]:
    """The file itself; what is written there is taken back."""
    with contextlib.closing(connect(Path(store.address))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.execute("ROLLBACK")


@pytest.mark.parametrize(("layer", "column"), COLUMNS, ids=lambda one: getattr(one, "name", one))
def test_no_sql_writes_it(line: sqlite3.Connection, layer: str, column: Column) -> None:
    """SQLite itself makes NaN nothing, a numeral of a number column its number, and true 1; the rest is refused."""
    if not line.execute(f"SELECT count(*) FROM {layer}").fetchone()[0]:
        line.execute(f"INSERT INTO {layer} ({LAYERS[layer].key}, rev) VALUES ('x', 1)")
    order = f"UPDATE {layer} SET {column.name} = ?"
    for value in wrong(column):
        if isinstance(value, (list, complex)) or value is True:
            continue
        if value in ("2", "") or value != value or value is None:
            with contextlib.suppress(sqlite3.IntegrityError):
                line.execute(order, (value,))
                kinds = {kind for (kind,) in line.execute(f"SELECT typeof({column.name}) FROM {layer}")}
                assert kinds <= ({"real", "integer"} if column.required else {"real", "integer", "null"})
            continue
        with pytest.raises((sqlite3.IntegrityError, OverflowError)):
            line.execute(order, (value,))
