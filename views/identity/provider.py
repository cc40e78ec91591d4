"""A provider of identities (OpenID Connect): it says who somebody is; what they may do stays in our own table."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.changes import Actor
from views.identity.contract import Door, Visit
from views.identity.seats import WHOLE_S, Seats

COOKIE = "_streamlit_user"
"""The signed cookie that the screens' server keeps for a provider."""

_EARLY_S = 120
"""Seconds by which the clock of the provider may be ahead."""


@dataclass(frozen=True)
class Provider:
    """Whoever one provider, and no other, has let in for this application.

    Parameters
    ----------
    issuer, audience
        The provider and the application in its list; claims of any other are nobody's.
    claim
        Claim that holds the user name.
    started
        When this server started: who signed in before it signs in again, as with our own accounts.
    """

    seats: Seats
    issuer: str
    audience: str
    claim: str
    started: float
    now: Callable[[], float] = time.time

    def actor(self, visit: Visit, place: Path) -> Actor | None:
        """The person of the verified claims, for half a day after they were made, while they are used."""
        del place
        key = _key(visit.cookies)
        if not key:
            return None
        if not visit.claims:
            seat = self.seats.at(key, action=visit.action)
            return Actor(seat.names[""], "oidc") if seat else None
        name = self._name(visit.claims)
        return Actor(name, "oidc") if name and self.seats.adopt(key, name, action=visit.action) else None

    def door(self, visit: Visit, place: Path) -> Door:
        """Open: only the pages are told the claims, and they let nobody else in."""
        del visit, place
        return "open"

    def leave(self, visit: Visit, *, everywhere: bool = False) -> None:
        """Give up this seat, on request every seat of the person."""
        key = _key(visit.cookies)
        seat = self.seats.at(key)
        self.seats.leave(key)
        if seat and everywhere:
            self.seats.leave_all("", seat.names[""])

    def _name(self, claims: Mapping[str, Any]) -> str:
        """The user name of claims that are ours and fresh; empty for any other."""
        audience = claims.get("aud")
        audiences = [audience] if isinstance(audience, str) else audience if isinstance(audience, list) else []
        ours = bool(self.issuer and self.audience) and claims.get("iss") == self.issuer and self.audience in audiences
        if len(audiences) > 1:
            ours = ours and claims.get("azp") == self.audience
        if self.claim == "email":
            ours = ours and claims.get("email_verified") is True
        made, now = claims.get("iat"), self.now()
        fresh = isinstance(made, (int, float)) and max(self.started, now - WHOLE_S) - _EARLY_S < made < now + _EARLY_S
        name = claims.get(self.claim)
        return unicodedata.normalize("NFC", name).strip() if ours and fresh and isinstance(name, str) else ""


def _key(cookies: Mapping[str, str]) -> str:
    """The whole signed cookie, of which long ones are in pieces."""
    pieces = sorted(name for name in cookies if re.fullmatch(rf"{COOKIE}(_[0-9]+)?", name))
    return "|".join(cookies[name] for name in pieces)
