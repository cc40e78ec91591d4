"""The page of the editor names what it will need; data only to whoever may have it, and only where it is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from layers.map.board import BOARDS
from layers.map.files import door_address
from layers.stores import geopackage
from tests.asking import ask
from tests.world import three_parcels
from views.ahead import Ahead, links
from views.settings import settings
from views.warming import warm


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The workspace of this installation."""
    path = tmp_path / "w.gpkg"
    monkeypatch.setenv("CHENGZAI_WORKSPACE", str(path))
    settings.cache_clear()
    geopackage.create(path, three_parcels())
    yield path
    geopackage.close(path)
    settings.cache_clear()


def page(_request: Request) -> Response:
    return PlainTextResponse("page", headers={"Link": "</own>; rel=x"})


def found(address: str, headers: Any = None) -> list[str]:
    """Addresses that a page names, without their queries."""
    app = Starlette(
        routes=[Route(name, page) for name in ("/", "/editor", "/editor/deep")], middleware=[Middleware(Ahead, links)]
    )
    answer = ask(app, address, headers)
    assert (answer.status, answer.body) == (200, b"page")
    return re.findall(r"<(/[^>?]*)", answer.headers["link"])


@pytest.mark.usefixtures("path")
def test_the_editor_names_its_scripts_and_other_pages_nothing() -> None:
    named = found("/editor")
    assert door_address("component.js") in named and "/assets/leaflet/leaflet.js" in named
    assert any("BidiComponent" in one for one in named), "of this Streamlit"
    assert found("/") == found("/editor/deep") == ["/own"]


def test_data_is_named_once_somebody_looked_at_it(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = {"/map/outlines.bin", "/map/state.bin", "/map/names.json", "/map/context.json"}
    assert not data & set(found("/editor"))
    warm(path)
    assert data <= set(found("/editor"))
    assert data <= set(found("/editor?language=en&workspace=nobody-knows-it"))
    for other in ("?revision=1", "?scenario=other"):
        assert not data & set(found(f"/editor{other}"))
    monkeypatch.setattr("views.identity.standing_of", nobody)
    assert not data & set(found("/editor"))


def nobody(*_given: object) -> Any:
    from layers.errors import Denied

    raise Denied(where="", actor="", what="")


def test_what_is_named_is_what_the_page_asks_for(path: Path) -> None:
    from layers.map.routes import addresses
    from views.session import known_as

    warm(path)
    board = BOARDS.known(known_as(path), "main")
    assert board is not None
    app = Starlette(routes=[Route("/editor", page)], middleware=[Middleware(Ahead, links)])
    told = ask(app, "/editor?language=en").headers["link"]
    mine = addresses(board, "en", known_as(path), holder_of(told))
    assert all(f"<{mine[name]}>; rel=preload; as=fetch; crossorigin" in told for name in ("outlines", "state"))


def holder_of(told: str) -> str:
    from urllib.parse import unquote_plus

    first = re.search(r"holder=([^&>]*)", told)
    assert first is not None
    return unquote_plus(first[1])


def test_a_workspace_that_cannot_be_opened_is_left_to_the_page(path: Path) -> None:
    warm(path.with_name("gone.gpkg"))
    assert door_address("component.js") in found("/editor")
