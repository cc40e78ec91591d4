"""What every store promises; a second kind of store is one more entry of `kinds`."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from layers import history, stores
from layers.changes import RowChange
from layers.errors import WorkspaceExists
from layers.rows import encode
from layers.stores import chain, gestures
from layers.stores.contract import MAIN, Event, Person, Scenario, Store, StoreFacts
from layers.stores.errors import ScenarioUnknown, StoreBusy, StoreDamaged, ValueRefused
from spatial.errors import ChengzaiError
from tests.layers.stores.kinds import Kind
from tests.layers.stores.scribbling import branch, note, notes, parcel, state, write
from tests.lived import OTHER
from tests.world import box, three_parcels

# -- the log


def test_a_new_store_begins_with_what_makes_it(store: Store) -> None:
    with store.reading() as tx:
        (event,) = tx.events()
        assert (event.seq, event.kind, event.actor, event.scenario) == (1, "create", "maker", MAIN)
        assert state(tx.workspace()) == state(three_parcels())
        assert tx.facts() == StoreFacts("三地块", "EPSG:4548", "Three parcels", "2026-11-22")
        assert (tx.revision(), tx.chain_head(), len(tx.identity())) == (1, event.hash, 32)
        assert tx.scenarios() == (tx.scenario(),)
    assert store.faults() == []
    assert store.closed_because() is None


def test_nothing_is_made_where_a_store_is(kind: Kind, store: Store, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceExists):
        stores.create(kind.address(tmp_path), three_parcels())
    assert len(notes(store)) == 3


def test_an_event_is_read_as_it_was_written(store: Store) -> None:
    with store.writing() as tx:
        before = parcel(tx, "A")
        change = RowChange(
            "parcels", "A", before, {**before, "note": "𠮷{{7*7}}", "geometry": box(0, 0, 0.1 + 0.2, 7)}
        )
        asked = Event(
            0, "一", "", "甲", "planner", MAIN, "edit", {"多少": 1.5, "n": None}, (change,), "whole", "back"
        )
        seq = tx.append(asked)
        now = tx.now()
    with store.reading() as tx:
        (event,) = tx.events(after=1)
    assert replace(event, seq=0, at="", hash="", changes=()) == replace(asked, changes=())
    assert [encode(one.after) for one in event.changes] == [encode(change.after)]
    assert (event.seq, seq, event.gesture) == (2, 2, "whole")
    assert event.at <= now
    assert event.at.endswith("Z")


def test_every_event_carries_the_hash_of_the_one_before(store: Store) -> None:
    for text in "abc":
        note(store, "A", text)
    with store.reading() as tx:
        previous = chain.START
        for logged in tx.log():
            values = [logged.values[name] for name in chain.COLUMNS]
            assert logged.hash == chain.link(previous, values, logged.changes)
            previous = logged.hash
        assert previous == tx.chain_head()


def test_a_gesture_is_written_once(store: Store) -> None:
    note(store, "A", "a", op="same")
    with pytest.raises(ValueRefused):
        note(store, "A", "b", op="same")
    assert notes(store)["A"] == "a"


def test_a_large_gesture_is_several_events(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gestures, "CHUNK", 2)
    with store.writing() as tx:
        before = {key: parcel(tx, key) for key in "ABC"}
        changes = tuple(RowChange("parcels", key, old, {**old, "note": "x"}) for key, old in before.items())
        assert gestures.append(tx, Event(0, "big", "", "甲", "gis", MAIN, "import", {}, changes)) == 3
    with store.reading() as tx:
        assert [(event.seq, len(event.changes)) for event in tx.events_of("big")] == [(2, 2), (3, 1)]
        assert history.stacks(tx, "甲", MAIN).undo == ("big",)
        assert tx.events_of("none") == ()
    assert store.faults() == []


def test_events_are_asked_for_in_many_ways(lived: Store) -> None:
    with lived.reading() as tx:
        every = list(tx.events())
        assert [event.seq for event in every] == list(range(1, tx.revision() + 1))
        asked: list[tuple[dict[str, Any], list[int]]] = [
            ({"after": 5, "until": 7}, [6, 7]),
            ({"scenario": OTHER}, [9, 10, 11]),
            ({"actor": "boss"}, []),
            ({"actor": "visitor"}, [18]),
            ({"kinds": ("undo", "redo")}, [7, 8]),
            ({"newest_first": True, "limit": 2}, [18, 17]),
            ({"scenario": MAIN, "actor": "planner", "kinds": ("edit",), "after": 6}, [12]),
        ]
        for words, found in asked:
            assert [event.seq for event in tx.events(**words)] == found, words
        bare = list(tx.events(rows=False))
        assert [replace(event, changes=()) for event in every] == bare
        with pytest.raises(ScenarioUnknown):
            list(tx.events(scenario="nowhere"))


def test_what_can_be_taken_back_follows_from_the_log(kind: Kind, lived: Store) -> None:
    with kind.reopened(lived).reading() as tx:
        kinds = {event.op_id: event.kind for event in tx.events()}
        stacks = {name: history.stacks(tx, "planner", name) for name in (MAIN, OTHER)}
        assert [kinds[one] for one in stacks[MAIN].undo] == ["assign", "redo", "edit", "merge", "split", "attach"]
        assert [kinds[one] for one in stacks[OTHER].undo] == ["edit", "delete"]
        assert stacks[MAIN].redo == ()
        assert history.stacks(tx, "visitor", MAIN) == history.Stacks()


# -- people, documents, keys


def test_people_are_written_changed_and_taken_away(store: Store) -> None:
    boss = Person("老板", "admin", "甲", "hash", "", 2, "2026-11-22T00:00:00Z", True, "2026-11-22T00:00:00Z")
    with store.writing() as tx:
        tx.put_person(boss)
        tx.put_person(Person("b", "viewer"))
        tx.put_person(Person("b", "planner"))
    with store.reading() as tx:
        assert tx.people() == (Person("b", "planner"), boss)
        assert (tx.person("老板"), tx.person("none")) == (boss, None)
    with store.writing() as tx:
        tx.remove_person("b")
    with store.reading() as tx:
        assert tx.people() == (boss,)
    with pytest.raises(ValueRefused), store.writing() as tx:
        tx.put_person(Person("c", "king"))


def test_a_document_is_kept_once_by_its_hash(store: Store) -> None:
    with store.writing() as tx:
        one, again, other = tx.put_blob(b"a\x00b"), tx.put_blob(b"a\x00b"), tx.put_blob(b"")
    assert one == again != other
    with store.reading() as tx:
        assert (tx.blob(one), tx.blob(other), tx.blob("none")) == (b"a\x00b", b"", None)
        assert tx.blobs() == tuple(sorted((one, other)))


def test_a_key_is_given_once(kind: Kind, store: Store) -> None:
    with store.reading() as tx:
        like = parcel(tx, "C")
    with store.writing() as tx:
        first = tx.mint("P")
        new = {**like, "parcel_id": first}
        tx.append(Event(0, "new", "", "甲", "planner", MAIN, "draw", {}, (RowChange("parcels", first, None, new),)))
    write(store, RowChange("parcels", first, new, None))
    branch(store, "b")
    with store.writing() as tx:
        second = tx.mint("P")
        assert tx.mint("P") not in (first, second)
        assert tx.mint("A") != first
    with kind.reopened(store).writing() as tx:
        third = tx.mint("P")
    assert len({first, second, third}) == 3, "also where the row is gone and in a branch that never had it"


def test_a_key_of_a_file_that_was_brought_in_is_never_given(store: Store) -> None:
    with store.reading() as tx:
        like = parcel(tx, "C")
    for key in ("P00007", "P9", "Px", "P00000000000000000012"):
        write(store, RowChange("parcels", key, None, {**like, "parcel_id": key}))
    with store.writing() as tx:
        given = [tx.mint("P") for _ in range(4)]
    assert not {"P00007", "P9"} & set(given)
    assert len(set(given)) == 4


# -- one writer, whole or not at all


def test_an_exception_leaves_nothing(store: Store) -> None:
    with store.reading() as tx:
        before = (tx.revision(), tx.chain_head(), state(tx.workspace()))
    with pytest.raises(ZeroDivisionError), store.writing() as tx:
        old = parcel(tx, "A")
        tx.append(Event(0, "op", "", "甲", "planner", MAIN, "edit", {}, (RowChange("parcels", "A", old, None),)))
        tx.put_scenario("b", Scenario("b", MAIN, 2, 2))
        tx.put_person(Person("p", "admin"))
        tx.put_blob(b"x")
        tx.keep(tx.workspace())
        raise ZeroDivisionError
    with store.reading() as tx:
        assert (tx.revision(), tx.chain_head(), state(tx.workspace())) == before
        assert (tx.people(), tx.blobs(), len(tx.scenarios())) == ((), (), 1)
    assert note(store, "A", "x") == 2
    assert notes(store) == {"A": "x", "B": None, "C": None}, "no state of what was not written is remembered"
    assert store.faults() == []


def test_a_row_that_is_not_there_is_not_written_over(store: Store) -> None:
    with store.reading() as tx:
        like = parcel(tx, "A")
    ghost = RowChange("parcels", "X", {**like, "parcel_id": "X"}, {**like, "parcel_id": "X", "note": "x"})
    with pytest.raises(StoreDamaged):
        write(store, ghost)
    with pytest.raises(ValueRefused):
        write(store, RowChange("parcels", "A", None, like))
    assert len(notes(store)) == 3


def test_a_reader_has_one_view_while_others_write(store: Store) -> None:
    with store.reading() as tx:
        assert tx.revision() == 1
        note(store, "A", "x")
        assert (tx.revision(), parcel(tx, "A").get("note")) == (1, None)
    assert notes(store)["A"] == "x"


def test_who_waits_too_long_is_told(kind: Kind, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kind.impatient(monkeypatch)
    store = kind.reopened(store)
    with kind.held(store):
        with pytest.raises(StoreBusy) as told:
            write(store)
        assert isinstance(told.value, ChengzaiError)
        assert notes(store)["A"] is None, "reading goes on"
    assert note(store, "A", "x") == 2


def test_many_writers_stand_in_line(store: Store) -> None:
    faults: list[BaseException] = []

    def work(name: str) -> None:
        try:
            for _ in range(5):
                with store.writing() as tx:
                    before = parcel(tx, "A")
                    text = before.get("note", "") + name
                    change = RowChange("parcels", "A", before, {**before, "note": text})
                    tx.append(Event(0, f"{name}{tx.revision()}", "", name, "planner", MAIN, "edit", {}, (change,)))
        except BaseException as error:  # noqa: BLE001 it is shown by the test
            faults.append(error)

    threads = [threading.Thread(target=work, args=(name,)) for name in "甲乙丙丁"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    text = notes(store)["A"] or ""
    assert {name: text.count(name) for name in "甲乙丙丁"} == dict.fromkeys("甲乙丙丁", 5)
    assert store.faults() == []
