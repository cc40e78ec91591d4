"""What every store promises; a second kind of store is one more entry of `kinds`."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from layers import history, stores
from layers.changes import Row, RowChange
from layers.errors import WorkspaceExists
from layers.rows import encode, row, rows
from layers.stores import chain, gestures
from layers.stores.contract import MAIN, Event, Joined, Person, Scenario, Store, StoreFacts, Writing
from layers.stores.errors import RevisionUnknown, ScenarioUnknown, StoreBusy, StoreDamaged, ValueRefused
from layers.stores.filling import First
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.layers.stores.kinds import KINDS, Kind
from tests.lived import LOCKED, OTHER
from tests.world import box, three_parcels


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def store(kind: Kind, tmp_path: Path) -> Store:
    world = three_parcels()
    return stores.found(kind.address(tmp_path), StoreFacts.of(world), First(world, "maker"))


@pytest.fixture
def lived(kind: Kind, tmp_path: Path) -> Store:
    return kind.lived_in(kind.address(tmp_path))


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


# -- branches


def test_a_branch_costs_nothing_and_sees_what_was_there(store: Store) -> None:
    note(store, "A", "before")
    branch(store, "b")
    note(store, "A", "main")
    note(store, "B", "branch", "b")
    assert notes(store) == {"A": "main", "B": None, "C": None}
    assert notes(store, "b") == {"A": "before", "B": "branch", "C": None}


def test_branches_of_branches_keep_what_they_began_with(store: Store) -> None:
    branch(store, "b")
    note(store, "A", "b", "b")
    branch(store, "c", "b")
    note(store, "A", "b again", "b")
    note(store, "A", "main")
    note(store, "B", "main")
    note(store, "C", "c", "c")
    assert notes(store) == {"A": "main", "B": "main", "C": None}
    assert notes(store, "b") == {"A": "b again", "B": None, "C": None}
    assert notes(store, "c") == {"A": "b", "B": None, "C": "c"}


def test_rows_that_come_and_go_do_so_in_one_branch(store: Store) -> None:
    branch(store, "b")
    with store.reading() as tx:
        a, c = parcel(tx, "A"), parcel(tx, "C")
    write(store, RowChange("parcels", "A", a, None))
    write(store, RowChange("parcels", "D", None, {**c, "parcel_id": "D"}))
    write(store, RowChange("parcels", "C", c, None), scenario="b")
    write(store, RowChange("parcels", "E", None, {**c, "parcel_id": "E"}), scenario="b")
    assert set(notes(store)) == {"B", "C", "D"}
    assert set(notes(store, "b")) == {"A", "B", "E"}


def test_every_branch_can_be_read_as_it_was_at_every_revision(kind: Kind, lived: Store) -> None:
    lived = kind.reopened(lived)
    with lived.reading() as tx:
        every = list(tx.events())
        for name in (MAIN, OTHER, LOCKED):
            now = state(tx.workspace(name))
            for revision in range(tx.revision(), 0, -1):
                then = tx.workspace(name, revision)
                assert then.scenario == name
                assert _by_key(state(then)) == _replayed(tx.scenarios(), every, name, revision), (name, revision)
            assert state(tx.workspace(name)) == now
        for revision in (0, tx.revision() + 1, -1):
            with pytest.raises(RevisionUnknown):
                tx.workspace(MAIN, revision)
        with pytest.raises(ScenarioUnknown):
            tx.workspace("nowhere")


def _by_key(tables: dict[str, list[Any]]) -> dict[str, list[str]]:
    return {
        name: sorted(map(repr, (sorted(one.items()) for one in rows_))) for name, rows_ in tables.items() if rows_
    }


def _replayed(branches: tuple[Scenario, ...], events: list[Event], name: str, revision: int) -> dict[str, list[str]]:
    """The state that the events alone lead to, worked out in the plainest way."""
    known = {one.name: one for one in branches}
    line, until = [(known[name], revision)], revision
    while (parent := line[0][0].parent) is not None:
        until = min(until, line[0][0].forked_at)
        line.insert(0, (known[parent], until))
    found: dict[tuple[str, str], Any] = {}
    for one, last in line:
        for event in events:
            for change in event.changes if event.scenario == one.name and event.seq <= last else ():
                found.pop(change.at, None) if change.after is None else found.update({change.at: change.after})
    tables: dict[str, list[Any]] = {}
    for (layer, _), values in found.items():
        tables.setdefault(layer, []).append(encode(values))
    return _by_key(tables)


def test_a_branch_is_renamed_with_its_history(store: Store) -> None:
    branch(store, "b")
    note(store, "A", "x", "b")
    with store.writing() as tx:
        tx.put_scenario("b", replace(tx.scenario("b"), name="新名", locked=True))
    with store.reading() as tx:
        assert [event.scenario for event in tx.events(after=1)] == ["新名", "新名"]
        assert (tx.scenario("新名").locked, tx.scenario("新名").head) == (True, 3)
        assert tx.workspace("新名").scenario == "新名"
        with pytest.raises(ScenarioUnknown):
            tx.scenario("b")


def test_rows_know_the_event_that_changed_them_last(store: Store) -> None:
    note(store, "A", "x")
    branch(store, "b")
    note(store, "A", "y")
    note(store, "B", "z", "b")
    with store.reading() as tx:
        gone = parcel(tx, "C", "b")
    write(store, RowChange("parcels", "C", gone, None), scenario="b")
    with store.reading() as tx:
        assert tx.row_revisions(MAIN, "parcels", ["A", "B", "C", "none"]) == {"A": 4, "B": 1, "C": 1, "none": 0}
        assert tx.row_revisions("b", "parcels", ["A", "B", "C", "none"]) == {"A": 2, "B": 5, "C": 6, "none": 0}
        assert tx.row_revision("b", "zones", "east") == 1
        assert [event.seq for event in tx.events_at("b", ("parcels", "A"))] == [1, 2]
        assert [event.seq for event in tx.events_at("b", ("parcels", "B"), after=1)] == [5]
        assert [event.seq for event in tx.events_at(MAIN, ("parcels", "A"), after=1)] == [2, 4]


def test_merges_are_remembered(store: Store) -> None:
    branch(store, "b")
    with store.writing() as tx:
        seq = tx.append(Event(0, "m", "", "甲", "planner", MAIN, "merge"))
        tx.put_join(Joined(seq, "b", 2, MAIN))
    with store.reading() as tx:
        assert tx.joins() == (Joined(3, "b", 2, MAIN),)


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
