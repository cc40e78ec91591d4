"""Who is signed in: a table in the memory of the server, looked at in every action.

A seat is lost after half an hour without an action and after half a day in any case. A restart empties the table,
so that everybody signs in again. The tokens themselves are not kept, only their hashes.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

IDLE_S = 30 * 60
"""Seconds without an action after which a seat is lost."""

WHOLE_S = 12 * 60 * 60
"""Seconds after which it is lost in any case."""

_REMEMBERED_S = 14 * WHOLE_S


@dataclass(frozen=True)
class Seat:
    """Somebody who is signed in.

    Parameters
    ----------
    names
        Who they are, by the workspace in which they are that; the empty name stands for any workspace.
    proofs
        What else has to be as it was when they signed in, by workspace.
    """

    names: Mapping[str, str]
    proofs: Mapping[str, str] = field(default_factory=dict)
    since: float = 0.0
    seen: float = 0.0
    ended: bool = False


class Seats:
    """The table; safe to use from several threads.

    Parameters
    ----------
    clock
        Seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seats: dict[str, Seat] = {}
        self._lock = threading.Lock()

    def take(self, place: str, name: str, proof: str, before: str = "") -> str:
        """A new seat; answers with the token that leads to it, which nobody has seen before.

        Parameters
        ----------
        before
            The token that the same browser had; what it knew of other workspaces goes along, and it is void.
        """
        old = self.at(before) if before else None
        self.leave(before)
        token = secrets.token_urlsafe(32)
        names = {**(old.names if old else {}), place: name}
        proofs = {**(old.proofs if old else {}), place: proof}
        now = self._clock()
        since = old.since if old else now
        with self._lock:
            self._forget(now)
            self._seats[_hashed(token)] = Seat(names, proofs, since if names.keys() - {place} else now, now)
        return token

    def adopt(self, key: str, name: str, *, action: bool = True) -> Seat | None:
        """The seat of a connection that another house has let in; a key whose seat was lost never gets one again."""
        with self._lock:
            now = self._clock()
            self._forget(now)
            if _hashed(key) not in self._seats:
                self._seats[_hashed(key)] = Seat({"": name}, since=now, seen=now)
        found = self.at(key, action=action)
        return found if found is not None and found.names.get("") == name else None

    def at(self, token: str, *, action: bool = True) -> Seat | None:
        """The seat of a token, which an action of its holder keeps; None where it is lost."""
        with self._lock:
            seat, now = self._seats.get(_hashed(token)), self._clock()
            if seat is None or seat.ended:
                return None
            late = now - seat.seen > IDLE_S or now - seat.since > WHOLE_S
            kept = replace(seat, ended=late, seen=now if action else seat.seen)
            self._seats[_hashed(token)] = kept
        return None if late else kept

    def leave(self, token: str) -> None:
        """Give a seat up."""
        with self._lock:
            seat = self._seats.get(_hashed(token))
            if seat is not None:
                self._seats[_hashed(token)] = replace(seat, ended=True)

    def leave_all(self, place: str, name: str) -> None:
        """Give every seat of somebody up."""
        with self._lock:
            for key, seat in self._seats.items():
                if seat.names.get(place) == name:
                    self._seats[key] = replace(seat, ended=True)

    def _forget(self, now: float) -> None:
        """Drop what is so old that nothing leads to it any more."""
        for key in [key for key, seat in self._seats.items() if now - seat.since > _REMEMBERED_S]:
            del self._seats[key]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
