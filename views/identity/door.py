"""The page for signing in. It is plain HTML of ours: a password never passes through the screens, and no script runs.

A form is taken only from this very page: its origin has to be this server, and it has to carry the seal over a
cookie that the page set.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from layers import people, stores
from spatial.errors import ChengzaiError
from views.identity.accounts import Accounts
from views.identity.contract import Identity
from views.identity.errors import FormRefused, PasswordsDiffer
from views.identity.form import SIGN_IN, Sheet, drawn
from views.identity.gate import visit_of
from views.text import texts

_LARGEST = 16 * 1024
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


class Door:
    """The page and its form.

    Parameters
    ----------
    place
        The file behind the short name of a workspace; that of the server for no name.
    secure
        Whether browsers reach the server by HTTPS.
    """

    def __init__(
        self, identity: Callable[[], Identity], place: Callable[[str], Path], language: str, *, secure: bool
    ) -> None:
        self._identity, self._place, self._language, self._secure = identity, place, language, secure
        self._secret = secrets.token_bytes(32)
        # Hashing a password takes memory and time on purpose; many at once must not take the server along.
        self._few = CapacityLimiter(2)

    def routes(self) -> list[BaseRoute]:
        """The address of the page."""
        return [Route(SIGN_IN, self._show, methods=["GET"]), Route(SIGN_IN, self._take, methods=["POST"])]

    async def _show(self, request: Request) -> Response:
        query = request.query_params
        return self._page(request, self._asked(query, query.get("language", "")))

    async def _take(self, request: Request) -> Response:
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST:
                return PlainTextResponse("413", status_code=413)
        text = body.decode("utf-8", "replace")
        entered = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        asked = self._asked(entered, entered.get("language", ""))
        identity = self._identity()
        try:
            if not isinstance(identity, Accounts) or not self._ours(request, entered):
                raise FormRefused(where="sign_in")
            token = await to_thread.run_sync(self._signed_in, identity, request, entered, limiter=self._few)
        except ChengzaiError as error:
            told = {name: entered.get(name, "") for name in ("name", "act")}
            return self._page(request, Sheet(asked.say, asked.next, asked.place, told, error), 403)
        answer = RedirectResponse(asked.next, status_code=303, headers={"Cache-Control": "no-store"})
        answer.set_cookie(identity.cookie, token, httponly=True, samesite="strict", secure=self._secure, path="/")
        return answer

    def _signed_in(self, identity: Accounts, request: Request, entered: Mapping[str, str]) -> str:
        place, name = self._place(entered.get("place", "")), entered.get("name", "")
        password = entered.get("password", "")
        if entered.get("act") == "set":
            if entered.get("fresh", "") != entered.get("again", ""):
                raise PasswordsDiffer(where="password")
            people.set_password(stores.open_store(place), name, password, entered.get("fresh", ""))
            password = entered.get("fresh", "")
        return identity.sign_in(visit_of(request), place, name, password)

    def _asked(self, told: Mapping[str, str], language: str) -> Sheet:
        known = language if language in ("zh-CN", "en") else self._language
        return Sheet(texts(known), _inside(told.get("next", "/")), told.get("place", "")[:20])

    # -- where a form comes from

    def _ours(self, request: Request, entered: Mapping[str, str]) -> bool:
        """Whether a form was filled in on our page, in the browser that asked for it."""
        origin = urlsplit(request.headers.get("origin", ""))
        here = bool(origin.netloc) and origin.netloc == request.headers.get("host", "")
        sent = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        mark = request.cookies.get(self._mark, "")
        return (
            here and sent and bool(mark) and hmac.compare_digest(self._seal(mark), entered.get("seal", "").encode())
        )

    @property
    def _mark(self) -> str:
        return "__Host-chengzai-form" if self._secure else "chengzai-form"

    def _seal(self, mark: str) -> bytes:
        return hmac.new(self._secret, mark.encode("utf-8"), hashlib.sha256).hexdigest().encode("ascii")

    # -- the page

    def _page(self, request: Request, asked: Sheet, status: int = 200) -> Response:
        mark = request.cookies.get(self._mark) or secrets.token_urlsafe(16)
        html = drawn(asked, self._seal(mark).decode("ascii"), self._named(asked.place))
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        answer = HTMLResponse(html, status_code=status, headers=headers)
        answer.set_cookie(
            self._mark, mark, max_age=3600, httponly=True, samesite="strict", secure=self._secure, path="/"
        )
        return answer

    def _named(self, place: str) -> str:
        try:
            return self._place(place).stem
        except ChengzaiError:
            return ""


def _inside(address: str) -> str:
    """An address of this server, whatever was asked for."""
    plain = address.isprintable() and len(address) < 500 and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith(("//", SIGN_IN)) else "/"
