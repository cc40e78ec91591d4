"""Messages that no page would send: they change nothing, show nothing, and stand in the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.exceptions import InvalidStatus

from layers import applying, people, stores
from layers.changes import Actor, Asked
from layers.commands import Edit
from layers.stores.contract import Store
from layers.workspace import Workspace
from tests.browser.app_server import Server, serving
from tests.browser.wire import Wire, sign_in
from tests.state import refusals, state

PASS = "four plain words here"
OPERATOR = Actor("root", "operator")
LI = Actor("li", "local")
ACTS = {"assign", "undo", "people"}
"""What a click on the pages of the world below asks of a service before the page is drawn anew, at least."""


@pytest.fixture
def server(tmp_path: Path, world: Workspace) -> Iterator[Server]:
    """The app on a workspace with two administrators and a viewer; one of them has something to undo."""
    stores.create(tmp_path / "w.gpkg", world)
    store = stores.open_store(tmp_path / "w.gpkg")
    for name, role in (("wang", "admin"), ("li", "admin"), ("zhao", "viewer")):
        people.set_password(store, name, people.add(store, OPERATOR, name, role), PASS)
    assert applying.apply(store, Asked(LI, "one"), Edit("parcels", "B", (("note", "x"),))).status == "ok"
    with serving(tmp_path / "w.gpkg", tmp_path / "log") as running:
        yield running


def ready(address: str, cookie: str, page: str) -> Wire:
    """A session on a page with everything filled in that can be."""
    wire = Wire.connect(address, cookie)
    wire.open()
    wire.open(page)
    for _ in range(2):
        wire.send(wire.filled())
    return wire


@pytest.fixture
def sessions(server: Server) -> Iterator[list[tuple[Wire, str]]]:
    """A session of Li's for each button of each page, ready to press it."""
    cookie = sign_in(server.address, "li", PASS)
    found: list[tuple[Wire, str]] = []
    first = Wire.connect(server.address, cookie)
    first.open()
    for page in first.pages:
        for button in ready(server.address, cookie, page).buttons():
            if button not in {known for _, known in found}:
                found.append((ready(server.address, cookie, page), button))
    yield found
    for wire, _ in found:
        wire.close()


def kinds(store: Store) -> set[str]:
    """What Li did."""
    with store.reading() as tx:
        return {event.kind for event in tx.events(actor="li", after=1) if event.kind not in ("refused", "sign_in")}


def test_a_role_that_is_gone_is_gone_for_every_button_of_an_open_page(
    server: Server, sessions: list[tuple[Wire, str]]
) -> None:
    store = stores.open_store(server.workspace)
    done = kinds(store)
    people.set_role(store, Actor("wang", "local"), "li", "viewer")
    before = state(store)
    for wire, button in sessions:
        wire.press(button)
    assert state(store) == before and kinds(store) == done
    tried = {(who, what) for who, what, _ in refusals(store)}
    assert tried >= {("li", what) for what in ACTS}


def test_the_same_clicks_do_what_they_say_for_whoever_may(server: Server, sessions: list[tuple[Wire, str]]) -> None:
    store = stores.open_store(server.workspace)
    for wire, button in sessions:
        wire.press(button)
    assert kinds(store) >= ACTS


@pytest.mark.parametrize("whole", [True, False], ids=["the whole page", "a part of it"])
def test_who_was_removed_sees_nothing_any_more_and_changes_nothing(server: Server, whole: bool) -> None:
    store = stores.open_store(server.workspace)
    wire = ready(server.address, sign_in(server.address, "li", PASS), "")
    assert "20,000" in "".join(wire.said)
    people.remove(store, Actor("wang", "local"), "li")
    before = state(store)
    wire.press(next(name for name in wire.buttons() if "-undo" in name), whole=whole)
    assert "没有角色" in "".join(wire.said) and "20,000" not in "".join(wire.said)
    assert state(store) == before
    assert refusals(store) == [("li", "undo", "denied")]
    wire.close()


def test_a_viewer_who_knows_every_button_of_an_administrator_changes_nothing(
    server: Server, sessions: list[tuple[Wire, str]]
) -> None:
    store = stores.open_store(server.workspace)
    before = state(store)
    viewer = Wire.connect(server.address, sign_in(server.address, "zhao", PASS))
    viewer.open()
    assert "people" not in viewer.pages
    for theirs, button in sessions:
        viewer.open(theirs.page if theirs.page in viewer.pages else "")
        viewer.pages |= theirs.pages
        viewer.page = theirs.page
        forged = theirs.filled() | {button: WidgetState(id=button, trigger_value=True)}
        viewer.send(forged)
        viewer.send(viewer.filled() | forged, theirs.widgets[button][2])
    assert state(store) == before
    with store.reading() as tx:
        assert {event.kind for event in tx.events(actor="zhao")} <= {"refused", "sign_in"}
    viewer.close()


def test_nobody_reaches_the_screens_without_a_seat(server: Server) -> None:
    for cookie in ("", "chengzai-1=guess", f"chengzai-{server.address.rsplit(':', 1)[1]}=guess"):
        with pytest.raises(InvalidStatus):
            Wire.connect(server.address, cookie)


def test_what_one_person_types_never_reaches_another(server: Server) -> None:
    marker = "TYPED-AND-NOT-SAVED"
    mine = Wire.connect(server.address, sign_in(server.address, "li", PASS))
    theirs = Wire.connect(server.address, sign_in(server.address, "wang", PASS))
    mine.open()
    typed = 0
    for page in mine.pages:
        mine.open(page)
        values = mine.filled()
        for value in values.values():
            if value.WhichOneof("value") == "string_value" and value.string_value == "forged":
                value.string_value = marker
                typed += 1
        mine.send(values)
        mine.send(values)
        theirs.open()
        theirs.open(page)
        theirs.send(theirs.filled())
    assert typed >= 4
    assert marker.encode() not in theirs.heard and len(theirs.heard) > 10_000
    mine.close()
    theirs.close()
