"""Gestures that are sent again: what was done is done once, and is told as done whatever was forbidden since."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers import applying, people, scenarios, stores
from layers.changes import Actor, Asked
from layers.commands import Assign, Edit
from layers.errors import OpIdTaken
from layers.stores.contract import Store
from layers.workspace import Workspace
from tests.state import refusals, state

ANN, BOB = Actor("ann"), Actor("bob")
NOTE = Edit("parcels", "A", (("note", "x"),))
OTHER = "方案一"


@pytest.fixture
def store(tmp_path: Path, world: Workspace) -> Store:
    stores.create(tmp_path / "w.gpkg", world)
    return stores.open_store(tmp_path / "w.gpkg")


def events(store: Store) -> int:
    with store.reading() as tx:
        return tx.revision()


def test_an_act_that_is_sent_again_after_its_branch_was_locked_was_done(store: Store) -> None:
    done = applying.apply(store, Asked(ANN, "one"), NOTE)
    scenarios.lock(store, Asked(BOB, "lock"))
    before = events(store)
    again = applying.apply(store, Asked(ANN, "one"), NOTE)
    assert (done.status, again.status, again.revision) == ("ok", "duplicate", done.revision)
    assert again.workspace is not None and again.workspace.revision == done.revision
    assert (events(store), refusals(store)) == (before, []), "nothing was refused, so nothing is in the log"
    assert applying.apply(store, Asked(ANN, "two"), NOTE).status == "denied"


def test_an_undo_that_is_sent_again_after_the_lock_was_done(store: Store) -> None:
    applying.apply(store, Asked(ANN, "one"), NOTE)
    done = applying.undo(store, Asked(ANN, "back"))
    scenarios.lock(store, Asked(BOB, "lock"))
    again = applying.undo(store, Asked(ANN, "back"))
    assert (again.status, again.revision) == ("duplicate", done.revision)


def test_a_merge_that_is_sent_again_after_the_lock_was_done(store: Store) -> None:
    scenarios.branch(store, Asked(ANN, "b"), OTHER)
    applying.apply(store, Asked(ANN, "one", scenario=OTHER), NOTE)
    done = scenarios.merge(store, Asked(ANN, "join"), OTHER, {})
    scenarios.lock(store, Asked(BOB, "lock"))
    again = scenarios.merge(store, Asked(ANN, "join"), OTHER, {})
    assert (done.status, again.status, again.revision) == ("ok", "duplicate", done.revision)


def test_a_name_that_is_given_again_was_given(store: Store) -> None:
    scenarios.branch(store, Asked(ANN, "b"), OTHER)
    done = scenarios.rename(store, Asked(ANN, "r", scenario=OTHER), "新名")
    before = events(store)
    assert scenarios.rename(store, Asked(ANN, "r", scenario=OTHER), "新名") == done
    assert events(store) == before


def test_the_name_of_a_gesture_belongs_to_one_act_of_one_person(store: Store) -> None:
    applying.apply(store, Asked(ANN, "one"), NOTE)
    before = events(store)
    for asked, command in (
        (Asked(BOB, "one"), NOTE),
        (Asked(ANN, "one"), Assign("A", "p1", 3_000.0)),
    ):
        outcome = applying.apply(store, asked, command)
        assert (outcome.status, type(outcome.error)) == ("invalid", OpIdTaken)
    assert applying.undo(store, Asked(ANN, "one")).status == "invalid"
    with pytest.raises(OpIdTaken):
        scenarios.branch(store, Asked(ANN, "one"), OTHER)
    assert events(store) == before


def test_undo_and_redo_need_the_right_to_what_was_done(store: Store) -> None:
    root, cen = Actor("root", "operator"), Actor("cen", "local")
    people.add(store, root, "root", "admin")
    people.add(store, root, "cen", "planner")
    assert applying.apply(store, Asked(cen, "note"), NOTE).status == "ok"
    assert applying.apply(store, Asked(cen, "give"), Assign("A", "p1", 3_000.0)).status == "ok"
    people.set_role(store, root, "cen", "gis")  # may edit, and assigns nothing
    before = state(store)
    assert applying.undo(store, Asked(cen, "u1")).status == "denied"
    assert (state(store), refusals(store)) == (before, [("cen", "undo", "denied")])
    people.set_role(store, root, "cen", "planner")
    assert applying.undo(store, Asked(cen, "u2")).status == "ok"
    people.set_role(store, root, "cen", "gis")
    assert applying.redo(store, Asked(cen, "r1")).status == "denied", "to do again is to do"
    assert applying.undo(store, Asked(cen, "u3"), "note").status == "ok"
