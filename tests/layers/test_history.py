"""What can be taken back and done again: each person's own line of acts, derived from the log."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from layers import applying, history, stores
from layers.changes import Actor, Asked, Outcome
from layers.commands import Assign, Edit, EditMany, Unassign
from layers.commands.editing import frozen
from layers.stores import gestures
from layers.stores.contract import Event, Store
from layers.workspace import Workspace

ANN, BOB = Actor("ann"), Actor("bob")


@pytest.fixture
def store(tmp_path: Path, world: Workspace) -> Store:
    stores.create(tmp_path / "w.gpkg", world)
    return stores.open_store(tmp_path / "w.gpkg")


def edit(store: Store, text: str, key: str = "A", who: Actor = ANN) -> str:
    op = uuid4().hex
    assert applying.apply(store, Asked(who, op), Edit("parcels", key, frozen({"note": text}))).status == "ok"
    return op


def undo(store: Store, who: Actor = ANN, gesture: str | None = None) -> Outcome:
    return applying.undo(store, Asked(who, uuid4().hex), gesture)


def redo(store: Store, who: Actor = ANN) -> Outcome:
    return applying.redo(store, Asked(who, uuid4().hex))


def told(store: Store, who: Actor = ANN) -> tuple[int, int]:
    with store.reading() as tx:
        found = history.stacks(tx, who.name, "main")
    return len(found.undo), len(found.redo)


def note(store: Store, key: str = "A") -> object:
    with store.reading() as tx:
        return tx.workspace().table("parcels").set_index("parcel_id")["note"][key]


def test_back_and_again_any_number_of_times(store: Store) -> None:
    edit(store, "1")
    edit(store, "2")
    for _ in range(3):
        assert told(store) == (2, 0)
        assert (undo(store).status, note(store)) == ("ok", "1")
        assert told(store) == (1, 1)
        assert (undo(store).status, told(store)) == ("ok", (0, 2))
        assert (redo(store).status, note(store)) == ("ok", "1")
        assert (redo(store).status, note(store)) == ("ok", "2")


def test_a_new_change_empties_what_could_be_done_again(store: Store) -> None:
    edit(store, "1")
    undo(store)
    assert told(store) == (0, 1)
    edit(store, "B", "B")
    assert told(store) == (1, 0)
    assert redo(store).status == "invalid"


def test_each_has_a_line_of_their_own(store: Store) -> None:
    edit(store, "a")
    edit(store, "b", "B", BOB)
    assert (undo(store).status, note(store, "B")) == ("ok", "b")
    assert (told(store), told(store, BOB)) == ((0, 1), (1, 0))


def test_what_an_administrator_took_back_is_no_longer_in_the_line_of_its_author(store: Store) -> None:
    op = edit(store, "a")
    taken = undo(store, BOB, op)
    assert (taken.status, taken.facts["by"]) == ("ok", "ann")
    assert (told(store), told(store, BOB)) == ((0, 0), (0, 1))
    assert (redo(store, BOB).status, note(store)) == ("ok", "a"), "taken back by mistake"


def test_a_gesture_stands_for_all_that_came_of_it(store: Store) -> None:
    op = edit(store, "a")
    undo(store)
    assert undo(store, gesture=op).status == "invalid", "it is taken back already"
    redo(store)
    done = undo(store, gesture=op)
    assert done.status == "ok", "though it was done again since"
    with store.reading() as tx:
        last = next(iter(tx.events(newest_first=True, limit=1)))
    assert undo(store, gesture=last.gesture).status == "ok"
    assert note(store) == "a", "an undo that is taken back is a redo"
    with store.reading() as tx:
        assert [event.kind for event in tx.events(newest_first=True, limit=1)] == ["redo"]
    assert told(store) == (1, 0)


def test_what_was_short_of_room_before_may_be_so_again(store: Store) -> None:
    """A zone's limit that is lowered shows parcels as over; an assignment taken back there can still come again."""
    zone = Edit("zones", "west", frozen({"far_max": 2.0}))
    for act in (zone, Edit("parcels", "C", frozen({"land_use": "M4"})), Assign("C", "p2", 15_000.0)):
        done = applying.apply(store, Asked(ANN, uuid4().hex), act)
        assert done.status == "ok", done.error
    key = done.changes[0].key
    lower = Edit("zones", "west", frozen({"far_max": 1.0}))
    for act in (lower, Unassign(key)):
        assert applying.apply(store, Asked(ANN, uuid4().hex), act).status == "ok"
    assert undo(store).status == "ok"
    assert redo(store).status == "ok"
    edit_ = Edit("parcels", "C", frozen({"built_floor_area_m2": 10_000.0}))
    assert applying.apply(store, Asked(BOB, uuid4().hex), edit_).status == "ok"
    assert undo(store).status == "invalid", "it would be shorter than it ever was"


def test_a_gesture_of_many_events_is_one(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gestures, "CHUNK", 1)
    many = EditMany("parcels", ("A", "B", "C"), frozen({"note": "x"}))
    assert applying.apply(store, Asked(ANN, uuid4().hex), many).status == "ok"
    assert told(store) == (1, 0)
    assert (undo(store).status, told(store)) == ("ok", (0, 1))
    assert (redo(store).status, note(store, "C")) == ("ok", "x")


def test_the_end_of_a_long_log_is_enough(store: Store) -> None:
    with store.writing() as tx:
        for _ in range(300):
            tx.append(Event(0, uuid4().hex, "", "ann", "admin", "main", "edit"))
    assert told(store) == (history.SHOWN, 0)
    for _ in range(history.SHOWN + 5):
        assert undo(store).status == "ok"
    assert told(store) == (history.SHOWN, history.SHOWN)


def test_who_raises_a_figure_to_what_another_raised_it_to_is_told(store: Store) -> None:
    with store.reading() as tx:
        seen = tx.workspace().revision
    raised = Edit("parcels", "A", frozen({"stated_floor_area_m2": 20_000.0}))
    assert applying.apply(store, Asked(ANN, uuid4().hex, seen), raised).status == "ok"
    same = applying.apply(store, Asked(BOB, uuid4().hex, seen), raised)
    assert (same.status, [clash.by for clash in same.clashes]) == ("conflict", ["ann"])
    other = Edit("parcels", "A", frozen({"note": "x"}))
    assert applying.apply(store, Asked(BOB, uuid4().hex, seen), other).status == "ok"
