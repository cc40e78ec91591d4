"""What a browser is told to fetch while it still reads a page: the scripts of the editor, and the data of its map.

A page of Streamlit learns what it needs step by step: its own scripts first, then over the websocket that it has
a map, then the scripts of the map, then their data. Headers of the page name all of it at once. They are no more than
advice: what is wrong or missing in them costs time and nothing else.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from pathlib import Path

import streamlit as st
from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.map.board import BOARDS
from layers.map.files import ADDRESS, door_address, own_address
from layers.map.routes import addresses
from layers.stores.contract import MAIN
from spatial.errors import ChengzaiError
from views import identity, shelf
from views.session import known_as
from views.settings import settings

_PAGE = "/editor"
_DATA = ("outlines", "state", "names", "context")
_STYLES = ("map.css", "side/side.css", "editor/editor.css")
_PARTS = ("Html", "Button", "BidiComponent", "serialization", "recordbatch", "purify.es", "_arrayReduce")
"""Scripts of Streamlit that it fetches when it first needs them, without the hash in their names."""


class Ahead:
    """Adds the headers to the page of the editor."""

    def __init__(self, app: ASGIApp, links: Callable[[HTTPConnection], Iterable[str]]) -> None:
        self._app = app
        self._links = links

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"].rstrip("/") != _PAGE:
            await self._app(scope, receive, send)
            return
        links = await to_thread.run_sync(lambda: list(self._links(HTTPConnection(scope))))

        async def linked(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message).append("Link", ", ".join(links))
            await send(message)

        await self._app(scope, receive, linked)


def links(connection: HTTPConnection) -> Iterable[str]:
    """What the editor fetches; data only for whoever may have it, where the board of the branch is there already."""
    yield from (f"<{address}>; rel=modulepreload" for address in (*_parts(), door_address("component.js")))
    yield f"<{ADDRESS}/leaflet/leaflet.js>; rel=preload; as=script"
    yield f"<{ADDRESS}/leaflet/leaflet.css>; rel=preload; as=style"
    yield from (f"<{own_address()}/{name}>; rel=preload; as=style" for name in _STYLES)
    yield from (f"<{address}>; rel=preload; as=fetch; crossorigin" for address in _data(connection))


def _data(connection: HTTPConnection) -> Iterable[str]:
    said, by = connection.query_params, identity.identity()
    if "revision" in said:  # the past is seldom looked at
        return ()
    path = shelf.at(said.get("workspace", "")) or settings().workspace
    board = BOARDS.known(known_as(path), said.get("scenario", MAIN))
    if board is None:
        return ()
    try:
        me = identity.standing_of(by, identity.visit_of(connection), path)[0].name
    except ChengzaiError:
        return ()
    language = said.get("language", "") if said.get("language") in ("zh-CN", "en") else settings().language
    found = addresses(board, language, known_as(path), me)
    return [found[name] for name in _DATA]


@functools.cache
def _parts() -> tuple[str, ...]:
    folder = Path(st.__file__).parent / "static" / "static" / "js"
    found = (sorted(folder.glob(f"{name}.*.js")) for name in _PARTS)
    return tuple(f"/static/js/{files[0].name}" for files in found if len(files) == 1)
