"""A workspace that people have worked in: every kind of table of a store holds something."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from uuid import uuid4

from shapely.geometry import LineString

from layers import applying, people, scenarios, stores
from layers.changes import Actor, Asked, Command
from layers.commands import Assign, Delete, Edit, Split, attach
from layers.commands.editing import frozen
from layers.stores import geopackage
from layers.stores.contract import Store
from tests.world import X, Y, three_parcels

OPERATOR = Actor("operator", "operator")
PLANNER = Actor("planner", "local")
OTHER = "方案二"
LOCKED = "定稿"
PDF = b"%PDF-1.4 a scan"


def lived_in(path: Path) -> Store:
    """The world of three parcels after a day's work.

    `main`: an assignment, a ratio that was changed, undone and redone, a document, two people, a refused try, and
    what was merged from 方案二. 方案二: parcel C deleted, and a name. 定稿: a locked branch of it.
    """
    geopackage.create(path, three_parcels(), actor="operator")
    store = stores.open_store(path)
    people.add(store, OPERATOR, "boss", "admin")
    people.add(store, OPERATOR, "planner", "planner", "规划师甲")
    people.add(store, OPERATOR, "visitor", "viewer")
    did(store, Assign("A", "p1", 8000.0))
    did(store, Edit("parcels", "B", frozen({"far_max": 1.5})))
    assert applying.undo(store, asked()).status == "ok"
    assert applying.redo(store, asked()).status == "ok"
    scenarios.branch(store, asked(), OTHER, "备选")
    did(store, Edit("parcels", "A", frozen({"note": "方案二 {{7*7}}"})), OTHER)
    did(store, Delete("parcels", "C"), OTHER)
    did(store, Edit("parcels", "B", frozen({"name": "乙地块"})))
    merged = scenarios.merge(store, asked(), OTHER, {})
    assert merged.status == "ok", merged.error
    did(store, Split("B", line=LineString([(X + 200, Y - 10), (X + 200, Y + 110)])))
    scenarios.branch(store, asked(OTHER), LOCKED)
    scenarios.lock(store, Asked(OPERATOR, uuid4().hex, scenario=LOCKED))
    command = attach("projects", "p1", "扫描.pdf", PDF)
    assert applying.apply(store, asked(), command, [PDF]).status == "ok"
    refused = applying.apply(store, Asked(Actor("visitor", "local"), uuid4().hex), Assign("A", "p2", 10.0))
    assert refused.status == "denied"
    return store


def copied(path: Path) -> Store:
    """The same, made once and copied: for tests to which only what it holds matters."""
    path.write_bytes(_content())
    return stores.open_store(path)


@cache
def _content() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "w.gpkg"
        lived_in(path)
        geopackage.close(path)
        return path.read_bytes()


def asked(scenario: str = "main") -> Asked:
    """A new gesture of the planner."""
    return Asked(PLANNER, uuid4().hex, scenario=scenario)


def did(store: Store, command: Command, scenario: str = "main") -> int:
    """Do a command as the planner; answers with the revision."""
    outcome = applying.apply(store, asked(scenario), command)
    assert outcome.status == "ok", outcome.error
    return outcome.revision
