"""One person on one machine: nothing to sign in with, as long as nobody else can reach the server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from layers.changes import Actor
from views.identity.contract import Door, Visit

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


@dataclass(frozen=True)
class Single:
    """Everybody who reaches a server of this machine alone is its one person.

    Parameters
    ----------
    alone
        Whether the server listens to this machine only.
    """

    name: str
    alone: bool

    def actor(self, visit: Visit, place: Path) -> Actor | None:
        """The one person; nobody where the connection came by way of another machine."""
        del place
        return Actor(self.name, "single") if self._here(visit) else None

    def door(self, visit: Visit, place: Path) -> Door:
        """Open to this machine."""
        del place
        return "open" if self._here(visit) else "shut"

    def leave(self, visit: Visit, *, everywhere: bool = False) -> None:
        """There is nothing to leave."""

    def _here(self, visit: Visit) -> bool:
        return self.alone and not any(name in visit.headers for name in _FORWARDED)
