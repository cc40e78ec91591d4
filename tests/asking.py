"""Requests to an application of this process, without a socket."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp


@dataclass(frozen=True)
class Answer:
    """Status, headers by name, cookies as they were set, and body."""

    status: int
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...]
    body: bytes

    def __iter__(self) -> Any:
        return iter((self.status, self.headers, self.body))


def ask(
    app: ASGIApp, address: str, headers: Mapping[str, str] | None = None, body: bytes = b"", kind: str = "http"
) -> Answer:
    """One request, a POST where it has a body; a ``websocket`` answers 101, or the code by which it was closed."""
    parts, sent = urlsplit(address), []
    first = {"type": "websocket.connect"} if kind == "websocket" else {"type": "http.request", "body": body}
    heard = iter([first])
    scope = {
        "type": kind,
        "http_version": "1.1",
        "method": "POST" if body else "GET",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in (headers or {}).items()
        ],
        "scheme": "ws" if kind == "websocket" else "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 1),
        "app": app,
        "subprotocols": [],
    }

    async def receive() -> dict[str, Any]:
        one = next(heard, None)
        if one is None:
            await asyncio.Event().wait()  # the client stays and says nothing more
        return one or {}

    async def send(message: Any) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as aside:  # a browser test may have left a loop in this thread
        aside.submit(asyncio.run, app(scope, receive, send)).result(30)  # type: ignore[arg-type]
    start = sent[0]
    if kind == "websocket":
        return Answer(101 if start["type"] == "websocket.accept" else int(start["code"]), {}, (), b"")
    told = [(key.decode("latin-1"), value.decode("latin-1")) for key, value in start["headers"]]
    cookies = tuple(value for key, value in told if key == "set-cookie")
    content = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(start["status"], dict(told), cookies, content)
