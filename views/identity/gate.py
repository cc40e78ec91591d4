"""The gate before everything that the server hands out: who is not signed in gets the page for it, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import quote

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from layers.exchange.routes import PATH as JOB
from layers.live.routes import BY_THEMSELVES
from views.identity.chosen import once
from views.identity.contract import Identity, Visit
from views.identity.form import SIGN_IN

_FREE = ("/static/", "/assets/", "/auth/")
_FREE_WHOLE = (SIGN_IN, "/oauth2callback", "/favicon.png", "/_stcore/health", "/_stcore/host-config", "/index.html")


def visit_of(connection: HTTPConnection) -> Visit:
    """What came with a connection to the server; what a page asks by itself keeps nobody signed in."""
    action = connection.url.path not in (*BY_THEMSELVES, JOB)
    return Visit(cookies=dict(connection.cookies), headers=once(connection.headers.items()), action=action)


class Gate:
    """Lets connections through to the screens where the identity opens the door.

    Parameters
    ----------
    place
        The workspace that the server opens.
    """

    def __init__(self, app: ASGIApp, identity: Callable[[], Identity], place: Callable[[], Path]) -> None:
        self._app = app
        self._identity = identity
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request or websocket."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        if path in _FREE_WHOLE or path.startswith(_FREE):
            await self._app(scope, receive, partial(_stamped, send))
            return
        connection = HTTPConnection(scope)
        door = await to_thread.run_sync(lambda: self._identity().door(visit_of(connection), self._place()))
        if door == "open":
            await self._app(scope, receive, partial(_stamped, send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        elif door == "form" and "text/html" in connection.headers.get("accept", ""):
            query = f"?{connection.url.query}" if connection.url.query else ""
            home = f"{SIGN_IN}?next={quote(path + query)}"
            await RedirectResponse(home, status_code=303)(scope, receive, partial(_stamped, send))
        else:
            await PlainTextResponse("403", status_code=403)(scope, receive, partial(_stamped, send))


async def _stamped(send: Send, message: Message) -> None:
    """Every answer says that it is no frame of another site's page and that its type is not to be guessed."""
    if message["type"] == "http.response.start":
        headers = MutableHeaders(scope=message)
        headers.setdefault("Content-Security-Policy", "frame-ancestors 'self'")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
    await send(message)
