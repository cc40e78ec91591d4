"""A reverse proxy that signs people in: it says who in a header, and proves with a secret that it is the proxy."""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from layers.changes import Actor
from layers.people import SHORTEST_SECRET
from views.identity.contract import Door, Visit
from views.identity.seats import Seats

SECRET_HEADER = "x-chengzai-proxy"  # noqa: S105 the name of the header
_HANDSHAKE = "sec-websocket-key"


@dataclass(frozen=True)
class Proxy:
    """Whoever the proxy names, where the connection can only come from the proxy.

    Parameters
    ----------
    header
        Header with the user name, in small letters.
    secret
        What the proxy sends in `X-Chengzai-Proxy`; shorter than 32 characters lets nobody in.
    alone
        Whether the server listens to this machine only; otherwise anybody could send the headers.
    """

    seats: Seats
    header: str
    secret: str
    alone: bool

    def actor(self, visit: Visit, place: Path) -> Actor | None:
        """The person that the proxy names; a connection of the screens whose seat is lost has to be opened again."""
        del place
        name = self._name(visit)
        key = visit.headers.get(_HANDSHAKE, "")
        if not name or (key and self.seats.adopt(f"proxy {key}", name, action=visit.action) is None):
            return None
        return Actor(name, "proxy")

    def door(self, visit: Visit, place: Path) -> Door:
        """Shut to whatever did not come by the proxy."""
        del place
        return "open" if self._name(visit) else "shut"

    def leave(self, visit: Visit, *, everywhere: bool = False) -> None:
        """Give up this connection; signing out altogether is for the proxy."""
        name = self._name(visit)
        self.seats.leave(f"proxy {visit.headers.get(_HANDSHAKE, '')}")
        if everywhere and name:
            self.seats.leave_all("", name)

    def _name(self, visit: Visit) -> str:
        given = visit.headers.get(SECRET_HEADER, "").encode("utf-8")
        proven = hmac.compare_digest(given, self.secret.encode("utf-8"))
        if not (proven and self.alone and len(self.secret) >= SHORTEST_SECRET):
            return ""
        return unicodedata.normalize("NFC", _plain(visit.headers.get(self.header, ""))).strip()


def _plain(value: str) -> str:
    """A header that a proxy wrote in UTF-8; servers hand headers on as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
