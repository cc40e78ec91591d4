"""Several at once on one file: nothing is lost, done twice, or let past a cap."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Edit
from layers.commands.editing import frozen
from layers.rows import row
from layers.stores.contract import Store
from tests.layers.orders_world import study
from tests.layers.soundness import over_caps, sound
from tests.layers.stores.editor import raised

EDITOR = Path(__file__).parent / "editor.py"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    start = study()
    parcels, zones = start.table("parcels"), start.table("zones")
    zones = zones.assign(floor_area_cap_m2=[20_000.0, None, None])
    stores.create(
        tmp_path / "w.gpkg", start.with_tables(parcels=parcels.assign(underground_floor_area_m2=0.0), zones=zones)
    )
    return stores.open_store(tmp_path / "w.gpkg")


def at_once(store: Store, act: str, processes: int, count: int) -> Counter[str]:
    words = [sys.executable, str(EDITOR), store.address, act]
    running = [
        subprocess.Popen([*words, f"p{i}", str(count)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for i in range(processes)
    ]
    told: Counter[str] = Counter()
    for one in running:
        out, err = one.communicate(timeout=900)
        assert one.returncode == 0, err
        told.update(json.loads(out))
    return told


def under_ground(store: Store, key: str = "A") -> float:
    with store.reading() as tx:
        return float(row(tx.workspace(), "parcels", key)["underground_floor_area_m2"])


def events(store: Store) -> int:
    with store.reading() as tx:
        return tx.revision()


def test_eight_processes_raise_one_figure(store: Store) -> None:
    before = events(store)
    told = at_once(store, "count", 8, 100)
    assert told["ok"] == 800
    assert under_ground(store) == 800.0, "Σ of the increments"
    assert events(store) == before + 800
    assert store.faults() == []


def test_two_writers_and_one_cap(store: Store) -> None:
    told = at_once(store, "assign", 2, 60)
    with store.reading() as tx:
        after = tx.workspace()
    assert told["ok"] == len(after.table("assignments"))
    assert told["invalid"] == 120 - told["ok"]
    assert max(over_caps(after).values()) == 0.0
    taken = 5000.0 + 6000.0 + 100.0 * told["ok"]  # A and the half of B that lies in the zone are built
    assert 20_000.0 - 200.0 <= taken <= 20_000.0, "A and D share what the cap leaves; the last 100 m² fit on neither"
    sound(after)


def test_gestures_that_are_sent_again_are_done_once(store: Store) -> None:
    before = events(store)
    told = at_once(store, "again", 4, 25)
    assert (told["ok"], told["duplicate"]) == (25, 75)
    assert events(store) == before + 25
    assert store.faults() == []


@pytest.mark.parametrize("where", ["one parcel", "a parcel each"])
def test_fifty_sessions_of_one_server(store: Store, where: str) -> None:
    """Fifty threads as the server runs them, ten edits each: five hundred of five hundred."""
    keys = ["A"] * 50 if where == "one parcel" else [("A", "B", "C", "D", "E")[i % 5] for i in range(50)]
    before, failed = events(store), []

    def session(number: int) -> None:
        try:
            for turn in range(10):
                if where == "one parcel":
                    raised(store, f"s{number}")
                else:
                    values = frozen({f"of {number}": turn})
                    asked = Asked(Actor(f"s{number}"), uuid4().hex)
                    outcome = applying.apply(store, asked, Edit("parcels", keys[number], values))
                    assert outcome.status == "ok", outcome
        except BaseException as error:  # noqa: BLE001 a thread's failure is told by the test
            failed.append(error)

    run: Callable[[int], threading.Thread] = lambda number: threading.Thread(target=session, args=(number,))  # noqa: E731
    threads = [run(number) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert events(store) == before + 500
    if where == "one parcel":
        assert under_ground(store) == 500.0
    else:
        with store.reading() as tx:
            after = tx.workspace()
        for number, key in enumerate(keys):
            assert row(after, "parcels", key)[f"of {number}"] == 9
    assert store.faults() == []
