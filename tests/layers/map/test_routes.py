"""The addresses of the map: what is sealed is answered, everything else is refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from layers import stores
from layers.commands import Edit
from layers.errors import Denied
from layers.map.blob import decode
from layers.map.board import Board, Boards
from layers.map.files import DOORS, OWN, door_address, leaflet
from layers.map.joined import joined
from layers.map.routes import addresses, make_ready, routes
from layers.map.signing import Signer
from layers.workspace import Workspace
from tests.asking import ask
from tests.world import after

SIGNER = Signer(b"a secret of the test")


def told(world: Workspace, holder: str = "wang", signer: Signer = SIGNER) -> dict[str, str]:
    """Addresses that were made for somebody."""
    return addresses(BOARDS.of("here", world), "en", "here", holder, signer)


BOARDS = Boards()


def only_wang(_connection: HTTPConnection, place: str) -> str:
    """Whoever asks is Wang, who has a role in one workspace."""
    if place != "here":
        raise Denied(where=place, actor="wang", what="look")
    return "wang"


@pytest.fixture
def app(world: Workspace) -> Starlette:
    return Starlette(routes=routes(lambda _place, _scenario: world, only_wang, None, SIGNER, BOARDS))


def test_sealed_addresses_answer_with_json(app: Starlette, world: Workspace) -> None:
    for what, address in told(world).items():
        address += {"parcel": "&key=A", "under": "&key=straight-near-metro"}.get(what, "")
        status, headers, body = ask(app, address)
        packed = what != "bases"
        assert status == 200 and headers["x-content-type-options"] == "nosniff"
        assert headers.get("content-encoding") == ("gzip" if packed else None)
        content = gzip.decompress(body) if packed else body
        if what == "outlines":
            assert len(decode(content)) == 3
        elif what == "state":
            assert b'"modes"' in content
        elif what != "parcel":
            held = {"context": "words", "names": "labels", "bases": "grid", "under": "title"}
            assert held[what] in json.loads(content)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda address: address.split("?")[0],
        lambda address: address[:-1] + ("0" if address[-1] != "0" else "1"),
        lambda address: address.replace("language=en", "language=zh-CN"),
        lambda address: address.replace("/state.bin", "/names.json"),
        lambda address: address + "&of=2",
        lambda address: address.rsplit("=", 1)[0] + "=é",
    ],
    ids=["bare", "other seal", "other query", "other path", "doubled", "not ascii"],
)
def test_anything_else_is_refused(app: Starlette, world: Workspace, spoil: Any) -> None:
    status, _, body = ask(app, spoil(told(world)["state"]))
    assert (status, body) == (403, b"403")


def test_a_map_asks_for_any_parcel_of_its_board(app: Starlette, world: Workspace) -> None:
    address = told(world)["parcel"]
    for key, left in (("A", 15_000.0), ("C", None), ("%3Cb%3E", None)):
        assert json.loads(gzip.decompress(ask(app, f"{address}&key={key}").body)) == {"available": left}
    assert ask(app, address).status == 400 and ask(app, f"{address}&place=elsewhere&key=A").status == 403
    assert ask(app, told(world)["state"] + "&key=A").status == 403


def test_an_address_that_may_be_kept_changes_with_what_it_names(world: Workspace) -> None:
    board, kept = Board(world), ("outlines", "names")
    first = addresses(board, "en", "here", "wang", SIGNER)
    board.see(after(world, Edit.of("parcels", "A", note="…")))
    assert [addresses(board, "en", "here", "wang", SIGNER)[name] == first[name] for name in kept] == [True, True]
    board.see(after(board.workspace, Edit.of("parcels", "A", parcel_no="A-1")))
    second = addresses(board, "en", "here", "wang", SIGNER)
    assert [second[name] == first[name] for name in kept] == [True, False]
    board.see(after(board.workspace, Edit.of("parcels", "A", geometry_basis="schematic")))
    third = addresses(board, "en", "here", "wang", SIGNER)
    assert [third[name] == second[name] for name in kept] == [False, True]


def test_a_board_of_an_earlier_start_is_gone(app: Starlette, world: Workspace) -> None:
    old = Boards().of("here", world)
    assert ask(app, addresses(old, "en", "here", "wang", SIGNER)["state"]).status == 410


def test_another_process_has_other_seals(app: Starlette, world: Workspace) -> None:
    assert ask(app, told(world, signer=Signer())["state"]).status == 403


def test_an_address_that_was_made_for_somebody_else_is_refused(app: Starlette, world: Workspace) -> None:
    assert ask(app, told(world, "li")["state"]).status == 403
    assert ask(app, told(world, "")["state"]).status == 403


def test_whoever_has_no_role_in_the_workspace_is_refused(app: Starlette, world: Workspace) -> None:
    assert (
        ask(app, addresses(BOARDS.of("elsewhere", world), "en", "elsewhere", "wang", SIGNER)["state"]).status == 403
    )


def test_an_address_stays_the_same_for_hours_and_then_holds_no_more(
    app: Starlette, world: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_800_000_000 // 21_600 * 21_600
    monkeypatch.setattr("time.time", lambda: now)
    made = told(world)
    monkeypatch.setattr("time.time", lambda: now + 21_599)
    assert told(world) == made and ask(app, made["state"]).status == 200
    monkeypatch.setattr("time.time", lambda: now + 2 * 21_600 + 1)
    assert ask(app, made["state"]).status == 403 and ask(app, told(world)["state"]).status == 200


def test_a_workspace_that_is_gone_is_a_plain_404(tmp_path: Path, world: Workspace) -> None:
    app = Starlette(
        routes=routes(lambda _place, _scenario: stores.read(tmp_path / "gone.gpkg"), only_wang, None, SIGNER, BOARDS)
    )
    assert ask(app, told(world)["state"]).status == 404


def test_files_of_the_map_are_ours_to_give(app: Starlette) -> None:
    status, headers, body = ask(app, "/assets/leaflet/leaflet.js")
    assert status == 200 and "javascript" in headers["content-type"] and b"Leaflet 1.9.4" in body
    for file in OWN.glob("*.js"):
        assert ask(app, f"/assets/map/{file.name}").status == 200
    assert ask(app, "/assets/map/../words.py").status == 404
    assert (leaflet() / "leaflet.css").is_file()


def test_no_script_of_ours_makes_markup_of_text() -> None:
    for file in OWN.glob("*.js"):
        source = file.read_text(encoding="utf-8")
        for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
            assert word not in source, f"{file.name}: {word}"
        plain = source.replace("// ", "").replace('"http://www.w3.org/2000/svg"', "")  # a name that nobody fetches
        assert "//" not in plain, f"{file.name}: an address"


@pytest.mark.parametrize("door", DOORS)
def test_a_door_is_handed_out_with_all_that_it_imports_and_kept(app: Starlette, door: str) -> None:
    status, headers, body = ask(app, door_address(door))
    assert status == 200 and "javascript" in headers["content-type"] and "immutable" in headers["cache-control"]
    assert headers["content-encoding"] == "gzip" and headers["x-content-type-options"] == "nosniff"
    assert gzip.decompress(body).decode() == joined(OWN, door)


def test_what_was_made_ready_is_what_is_answered(app: Starlette, world: Workspace, monkeypatch: Any) -> None:
    board = BOARDS.of("here", world)
    make_ready(board)
    monkeypatch.setattr(Board, "outlines", lambda _self: pytest.fail("made a second time"))
    monkeypatch.setattr(Board, "names", lambda _self: pytest.fail("made a second time"))
    for what in ("outlines", "names"):
        assert ask(app, told(world)[what]).status == 200


def test_a_state_is_packed_anew_with_every_revision_and_for_each_language(world: Workspace) -> None:
    boards, seen = Boards(), world
    app = Starlette(routes=routes(lambda _place, _scenario: seen, only_wang, None, SIGNER, boards))

    def state(language: str) -> bytes:
        board = boards.of("here", seen)
        return gzip.decompress(ask(app, addresses(board, language, "here", "wang", SIGNER)["state"]).body)

    first = state("en")
    assert state("en") == first and state("zh-CN") != first
    seen = after(world, Edit.of("parcels", "A", land_use="R2"))
    assert state("en") != first and b'"revision": 1' in state("en")
