"""A server of maps on a file with the world of three parcels, asked without a network."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from layers import history, stores
from layers.accounts import totals
from layers.changes import Actor
from layers.errors import Denied
from layers.live.routes import House, addresses, routes
from layers.map.board import Board, Boards
from layers.map.signing import Signer
from layers.stores.contract import Store
from layers.workspace import Workspace

SIGNER = Signer(b"a secret of the test")


def figures(workspace: Workspace, language: str) -> list[dict[str, str]]:
    """What is available in all."""
    return [{"name": "available", "label": language, "value": f"{totals(workspace)['available_m2']:g}", "css": ""}]


def tops(store: Store, name: str, scenario: str, language: str) -> dict[str, str]:
    """What the next undo would take, by the kind of its act alone."""
    with store.reading() as tx:
        undo = history.stacks(tx, name, scenario).undo
        return {"undo": tx.events_of(undo[-1])[0].kind if undo else "", "redo": language}


@dataclass
class Server:
    """The routes of a house, and the board of its workspace."""

    store: Store
    boards: Boards = field(default_factory=Boards)
    asker: Actor = field(default_factory=lambda: Actor("王"))

    def __post_init__(self) -> None:
        house = House(lambda _: self.store, self._who, figures, self.boards, tops=tops)
        self.app = Starlette(routes=routes(house, SIGNER))

    def _who(self, _connection: HTTPConnection, place: str) -> Actor:
        if place != "here":
            raise Denied(where=place, actor=self.asker.name, what="look")
        return self.asker

    def now(self, scenario: str = "main") -> Workspace:
        with self.store.reading() as tx:
            return tx.workspace(scenario)

    @property
    def board(self) -> Board:
        return self.boards.of("here", self.now())

    def address(self, what: str, holder: str = "王", scenario: str = "main", *, figures: bool = False) -> str:
        board = self.boards.of("here", self.now(scenario))
        return addresses(board, "zh-CN", "here", holder, figures=figures, signer=SIGNER)[what]

    def act(self, *acts: dict[str, Any], address: str = "", **more: Any) -> dict[str, Any]:
        sent = {"epoch": self.board.epoch, "revision": self.now().revision, "acts": list(acts), **more}
        status, answer = self.post(address or self.address("acts"), json.dumps(sent).encode())
        assert status == 200, answer
        return dict(answer)

    def feed(self, revision: int, client: str = "c1", address: str = "", epoch: str = "") -> dict[str, Any]:
        sent = {"epoch": epoch or self.board.epoch, "revision": revision, "client": client}
        status, answer = self.post(address or self.address("feed"), json.dumps(sent).encode())
        assert status == 200, answer
        return dict(answer)

    def post(self, address: str, body: bytes) -> tuple[int, Any]:
        """Status and answer of one request."""
        parts, sent = urlsplit(address), []
        heard = iter([{"type": "http.request", "body": body, "more_body": False}])
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": [(b"content-type", b"application/json")],
            "scheme": "http",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }

        async def receive() -> dict[str, Any]:
            one = next(heard, None)
            if one is None:
                await asyncio.Event().wait()  # the client stays and says nothing more
            return one or {}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        with ThreadPoolExecutor(1) as aside:  # a browser test may have left a loop in this thread
            aside.submit(asyncio.run, self.app(scope, receive, send)).result(30)
        status = next(one["status"] for one in sent if one["type"] == "http.response.start")
        content = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
        return status, json.loads(content) if content.startswith(b"{") else content


@pytest.fixture
def server(tmp_path: Path, world: Workspace) -> Server:
    stores.create(tmp_path / "w.gpkg", world)
    return Server(stores.open_store(tmp_path / "w.gpkg"))
