"""Fifty sessions at one server: every edit that was answered as saved is an event, and none overwrites another."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from layers import people, stores
from layers.changes import Actor
from layers.workspace import Workspace
from tests.browser.app_server import Server, serving
from tests.browser.wire import Wire, sign_in
from tests.world import box, table

PEOPLE, SEATS, EDITS, SHARED = 5, 10, 10, 3
"""Five people at ten seats each; three of each seat's ten edits raise a figure that its person's ten seats share."""

SESSIONS = PEOPLE * SEATS
PASS = "four plain words here"
OPERATOR = Actor("root", "operator")
ADDRESS = re.compile(rb"/map/acts\?[^\"\\]+&figures=[^\"\\]+")
NAMES = ("甲", "乙", "丙", "丁", "戊")


def plots() -> Workspace:
    """A parcel for each session, `own0` …, and one for each person, `of0` …, of height 10."""
    own = [{"parcel_id": f"own{i}", "geometry": box(20 * i, 0, 20 * i + 10, 10)} for i in range(SESSIONS)]
    of = [
        {"parcel_id": f"of{i}", "height_max_m": 10.0, "geometry": box(20 * i, 20, 20 * i + 10, 30)}
        for i in range(PEOPLE)
    ]
    return Workspace(name="五十", crs="EPSG:4548", tables={"parcels": table("parcels", [*own, *of])})


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    stores.create(tmp_path / "w.gpkg", plots())
    store = stores.open_store(tmp_path / "w.gpkg")
    for name in NAMES:
        role = "admin" if name == NAMES[0] else "planner"
        people.set_password(store, name, people.add(store, OPERATOR, name, role), PASS)
    with serving(tmp_path / "w.gpkg", tmp_path / "log") as running:
        yield running


@dataclass
class Seat:
    """A session with the editor open, and what it knows of the figure that it shares with others.

    Parameters
    ----------
    acked
        Gestures that were answered as saved, with the revision that each made.
    height, seen
        The shared figure, and the revision at which it was that.
    """

    number: int
    wire: Wire
    cookie: str
    address: str
    acts: str = ""
    acked: dict[str, int] = field(default_factory=dict)
    conflicts: int = 0
    height: float = 10.0
    seen: int = 1

    @classmethod
    def take(cls, number: int, server: Server, cookie: str, pages: dict[str, str]) -> Seat:
        wire = Wire.connect(server.address, cookie)
        wire.pages = pages
        wire.open("editor")
        found = ADDRESS.search(bytes(wire.heard))
        assert found, "the editor says where acts go"
        return cls(number, wire, cookie, server.address, found[0].decode())

    def send(self, act: dict[str, Any]) -> dict[str, Any]:
        """What the server says of one act."""
        body = json.dumps({"epoch": "none", "revision": self.seen, "acts": [act]}).encode()
        asked = urllib.request.Request(f"{self.address}{self.acts}", body, {"Cookie": self.cookie})
        with urllib.request.urlopen(asked, timeout=60) as answer:
            result: dict[str, Any] = json.loads(answer.read())["results"][0]
        return result

    def edit(self, op: str, key: str, seen: int, **values: object) -> dict[str, Any]:
        act = {"op": op, "do": "edit", "seen": seen, "layer": "parcels", "key": key, "values": values}
        result = self.send(act)
        if result["status"] == "ok":
            self.acked[op] = result["revision"]
            again = self.send(act) if op.endswith("0") else None  # an answer that got lost: it is sent once more
            assert again is None or (again["status"], again["revision"]) == ("duplicate", result["revision"])
        return result

    def work(self) -> None:
        """Ten edits; whoever was slower looks at what is there now and raises that."""
        seen = 1
        for i in range(EDITS - SHARED):
            result = self.edit(f"s{self.number}-{i}", f"own{self.number}", seen, note=f"{self.number} {i}")
            assert result["status"] == "ok", result
            seen = result["revision"]
        for i in range(SHARED):
            self.raise_shared(i)

    def raise_shared(self, i: int) -> None:
        """Raise the shared figure by one, as often as it takes."""
        for attempt in range(200):
            wanted = self.height + 1
            op = f"s{self.number}-h{i}-{attempt}"
            result = self.edit(op, f"of{self.number // SEATS}", self.seen, height_max_m=wanted)
            if result["status"] == "ok":
                self.height, self.seen = wanted, result["revision"]
                return
            assert result["status"] == "conflict", result
            (clash,) = result["clashes"]
            self.conflicts += 1
            self.height, self.seen = clash["theirs"]["height_max_m"], clash["revision"]
        raise AssertionError(f"session {self.number} never had its turn")


def test_ten_edits_of_fifty_sessions_are_five_hundred_events(server: Server) -> None:
    store = stores.open_store(server.workspace)
    with store.reading() as tx:
        before = tx.revision()
    cookies = [sign_in(server.address, name, PASS) for name in NAMES]
    first = Wire.connect(server.address, cookies[0])
    first.open()
    with ThreadPoolExecutor(SESSIONS) as hands:
        seats = list(
            hands.map(
                lambda number: Seat.take(number, server, cookies[number // SEATS], dict(first.pages)), range(SESSIONS)
            )
        )
        list(hands.map(Seat.work, seats))
    with store.reading() as tx:
        events = [event for event in tx.events(after=before) if event.kind == "edit"]
        parcels = tx.workspace().table("parcels").set_index("parcel_id")
    acked = sorted(revision for seat in seats for revision in seat.acked.values())
    assert len(acked) == SESSIONS * EDITS == 500
    assert [event.seq for event in events] == acked, "each answer names its event, and no other was written"
    assert Counter(event.actor for event in events) == dict.fromkeys(NAMES, SEATS * EDITS)
    assert sum(seat.conflicts for seat in seats) > 0, "some were slower than others"
    for person in range(PEOPLE):  # a figure that lost one raise would be lower
        assert parcels.loc[f"of{person}", "height_max_m"] == 10 + SEATS * SHARED
    for seat in seats:
        assert parcels.loc[f"own{seat.number}", "note"] == f"{seat.number} {EDITS - SHARED - 1}"
    assert store.faults() == []
    for wire in (first, *(seat.wire for seat in seats)):
        wire.close()
