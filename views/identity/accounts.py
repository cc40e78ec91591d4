"""Our own accounts: names and passwords of a workspace, signed in by a form, known again by a cookie."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from layers import people, stores
from layers.changes import Actor
from layers.errors import WorkspaceMissing
from views.identity.contract import Door, Visit
from views.identity.seats import Seats
from views.identity.single import Single


@dataclass(frozen=True)
class Accounts:
    """Nobody signs in while a workspace has no people; everybody does from the first one on.

    Parameters
    ----------
    cookie
        Name of the cookie that leads to a seat.
    alone
        What holds while there are no people; None where others can reach the server: nobody is let in then.
    """

    seats: Seats
    cookie: str
    alone: Single | None

    def actor(self, visit: Visit, place: Path) -> Actor | None:
        """Whoever is signed in to this workspace with the password that still holds.

        Somebody whose role was taken away meanwhile is still named, so that the log can say who tried.
        """
        if not has_people(place):
            return self.alone.actor(visit, place) if self.alone else None
        seat = self.seats.at(visit.cookies.get(self.cookie, ""), action=visit.action)
        if seat is None:
            return None
        with stores.open_store(place).reading() as tx:
            # A copy of a workspace, or one that was made from it, holds the very same hash, salt and all.
            for there, name in sorted(seat.names.items(), key=lambda one: one[0] != str(place)):
                person = tx.person(name)
                gone = person is None and there == str(place)
                if gone or (person is not None and proof(person.secret) == seat.proofs[there]):
                    return Actor(name, "local")
        return None

    def door(self, visit: Visit, place: Path) -> Door:
        """Open to whoever is signed in to any workspace of this server."""
        if not has_people(place):
            return self.alone.door(visit, place) if self.alone else "form"
        return "open" if self.seats.at(visit.cookies.get(self.cookie, ""), action=False) else "form"

    def sign_in(self, visit: Visit, place: Path, name: str, password: str) -> str:
        """Take a seat; answers with the value of the cookie, which is new every time.

        Raises
        ------
        SignInRefused, StoreBusy
        """
        found = people.sign_in(stores.open_store(place), name, password)
        before = visit.cookies.get(self.cookie, "")
        return self.seats.take(str(place), found.name, proof(found.secret), before)

    def leave(self, visit: Visit, *, everywhere: bool = False) -> None:
        """Give up this seat, on request every seat of the same people."""
        token = visit.cookies.get(self.cookie, "")
        seat = self.seats.at(token)
        self.seats.leave(token)
        for place, name in (seat.names if seat and everywhere else {}).items():
            self.seats.leave_all(place, name)


def has_people(place: Path) -> bool:
    """Whether a workspace is used by people with roles; one that is not there has none."""
    try:
        return bool(people.listed(stores.open_store(place)))
    except WorkspaceMissing:
        return False


def proof(secret: str) -> str:
    """What changes with a password; it is not the stored hash itself, which stays in the store."""
    return hashlib.sha256(secret.encode("utf-8")).hexdigest()
