"""Small things written to a store past every rule, and read from it again."""

from __future__ import annotations

from typing import Any

from layers.changes import Row, RowChange
from layers.rows import encode, row, rows
from layers.stores.contract import MAIN, Event, Scenario, Store, Writing
from layers.workspace import Workspace


def parcel(tx: Writing, key: str, scenario: str = MAIN) -> Row:
    return row(tx.workspace(scenario), "parcels", key)


def write(store: Store, *changes: RowChange, scenario: str = MAIN, op: str = "", **more: Any) -> int:
    """One event with these changes."""
    with store.writing() as tx:
        name = op or f"op-{tx.revision() + 1}"
        return tx.append(
            Event(0, name, "", more.pop("actor", "甲"), "planner", scenario, "edit", {}, changes, **more)
        )


def note(store: Store, key: str, text: str, scenario: str = MAIN, **more: Any) -> int:
    """An event that gives a parcel a note."""
    with store.reading() as tx:
        before = parcel(tx, key, scenario)
    return write(store, RowChange("parcels", key, before, {**before, "note": text}), scenario=scenario, **more)


def branch(store: Store, name: str, parent: str = MAIN) -> None:
    """A branch, and the event that says so."""
    with store.writing() as tx:
        at = tx.revision()
        tx.put_scenario(name, Scenario(name, parent, at, at, made_by="甲"))
        tx.append(Event(0, f"branch {name}", "", "甲", "planner", name, "branch", {"name": name}))


def state(workspace: Workspace) -> dict[str, list[Any]]:
    return {name: [encode(one) for one in rows(workspace.table(name))] for name in workspace.tables}


def notes(store: Store, scenario: str = MAIN) -> dict[str, str | None]:
    with store.reading() as tx:
        return {one["parcel_id"]: one.get("note") for one in rows(tx.workspace(scenario).table("parcels"))}
