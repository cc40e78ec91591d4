"""A store takes the log of another over as it is, whatever kind either of them is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from layers import stores
from layers.rows import encode, rows
from layers.stores.contract import MAIN, Logged, Scenario, Store, Writing
from layers.stores.errors import StoreDamaged
from layers.workspace import Workspace
from tests.layers.stores.kinds import KINDS, Kind


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> Kind:
    return KINDS[request.param]


@pytest.fixture
def lived(kind: Kind, tmp_path: Path) -> Store:
    return kind.lived_in(kind.address(tmp_path))


def state(workspace: Workspace) -> dict[str, list[Any]]:
    return {name: [encode(one) for one in rows(workspace.table(name))] for name in workspace.tables}


def test_a_log_is_taken_over_bit_by_bit(kind: Kind, lived: Store, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with lived.reading() as tx:
        line, branches, head = list(tx.log()), list(tx.scenarios()), tx.chain_head()

        def taken(into: Writing) -> None:
            left = list(branches)
            for logged in line:
                while left and left[0].forked_at < logged.values["seq"]:
                    one = left.pop(0)
                    into.put_scenario(one.name, replace(one, head=one.forked_at))
                into.take_over(logged)
            for join in tx.joins():
                into.put_join(join)
            for person in tx.people():
                into.put_person(person)
            for name in tx.blobs():
                into.put_blob(tx.blob(name) or b"")

        other = stores.found(kind.address(tmp_path / "other"), tx.facts(), taken)
        with other.reading() as there:
            assert there.chain_head() == head
            assert there.scenarios() == tx.scenarios()
            for one in branches:
                assert state(there.workspace(one.name)) == state(tx.workspace(one.name))
    assert other.faults() == []


def test_what_was_changed_on_the_way_is_not_taken_over(lived: Store, kind: Kind, tmp_path: Path) -> None:
    with lived.reading() as tx:
        line, facts = list(tx.log()), tx.facts()
    wrong = (
        replace(line[0], hash=line[1].hash),
        replace(line[0], values={**line[0].values, "actor": "somebody else"}),
        replace(line[0], changes=line[4].changes),
        line[1],
    )
    for number, logged in enumerate(wrong):

        def taken(into: Writing, logged: Logged = logged) -> None:
            into.put_scenario(MAIN, Scenario(MAIN))
            into.take_over(logged)

        place = tmp_path / str(number)
        place.mkdir()
        with pytest.raises(StoreDamaged):
            stores.found(kind.address(place), facts, taken)
        assert list(place.iterdir()) == []
