"""A long write is told in rows and can be stopped until it is kept: then nothing of it is there."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Bring
from layers.parcels import PARCELS
from layers.readers.watching import Cancelled
from layers.services import check
from layers.stores import gestures
from layers.stores.contract import Store
from layers.workspace import Workspace
from tests.files import parcels

ROWS = 12
COME = [f"k{number}" for number in range(ROWS)]


class Listener:
    """Hears every step; at one of them it wants no more."""

    def __init__(self, last: int = -1) -> None:
        self.heard: list[tuple[str, int, int]] = []
        self._last = last

    def step(self, stage: str, done: int = 0, total: int = 0) -> None:
        if len(self.heard) == self._last:
            raise Cancelled(where=stage)
        self.heard.append((stage, done, total))

    def carry_through(self, stage: str) -> None:
        self.step(stage)


@pytest.fixture
def store(world: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr(gestures, "CHUNK", 5)
    stores.create(tmp_path / "w.gpkg", world)
    return stores.open_store(tmp_path / "w.gpkg")


def bring(store: Store, listener: Listener) -> str:
    with store.reading() as tx:
        present = tx.workspace("main")
    fresh = PARCELS.conform(parcels(ROWS, parcel_id=COME, parcel_no=COME), present.crs)
    table = pd.concat([present.table("parcels"), fresh], ignore_index=True)
    asked = Asked(Actor("gis", "operator"), "one-gesture", present.revision, "main")
    return applying.apply(store, asked, Bring("parcels", table, "import", "a.shp"), listener=listener).status


def test_rows_are_told_and_it_is_stopped_at_any_step_without_a_trace(store: Store, tmp_path: Path) -> None:
    with store.reading() as tx:
        before, revision, head = tx.workspace("main").table("parcels"), tx.revision(), tx.chain_head()
    steps = 0
    while True:
        listener = Listener(steps)
        try:
            assert bring(store, listener) == "ok"
            break
        except Cancelled:
            steps += 1
        with store.reading() as tx:
            assert (tx.revision(), tx.chain_head()) == (revision, head)
            assert tx.workspace("main").table("parcels").equals(before)
    written = [done for stage, done, total in listener.heard if stage == "write" and total == ROWS]
    assert written == [0, 5, 10] and listener.heard[-1] == ("commit", 0, 0)
    assert steps == len(listener.heard)
    answer = check(str(tmp_path / "w.gpkg"))
    assert not [problem for problem in answer["problems"] if problem["severity"] == "error"]
    with store.reading() as tx:
        assert tx.workspace("main").table("parcels")["parcel_id"].tolist() == ["A", "B", "C", *COME]
