"""What every store promises of branches: nothing is copied, and none sees what another did."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from layers.changes import RowChange
from layers.rows import encode
from layers.stores.contract import MAIN, Event, Joined, Scenario, Store
from layers.stores.errors import RevisionUnknown, ScenarioUnknown
from tests.layers.stores.kinds import Kind
from tests.layers.stores.scribbling import branch, note, notes, parcel, state, write
from tests.lived import LOCKED, OTHER


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
