"""What an identity promises: who stands before a screen, known from what came with their connection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from layers.changes import Actor

Door = Literal["open", "form", "shut"]
"""``open``: let in, the pages themselves look who it is. ``form``: to the page for signing in. ``shut``: refused."""


@dataclass(frozen=True)
class Visit:
    """What came with a connection.

    Parameters
    ----------
    cookies, headers
        By name; names of headers in small letters. A header that was sent twice is left out.
    claims
        What a provider of identities said, already verified; empty where there is none.
    action
        Whether somebody did something; a page that asks by itself keeps nobody signed in.
    """

    cookies: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    claims: Mapping[str, Any] = field(default_factory=dict)
    action: bool = True


class Identity(Protocol):
    """One way of knowing who somebody is. What they may do is never its business: that is looked up in the store."""

    def actor(self, visit: Visit, place: Path) -> Actor | None:
        """Who it is, for a workspace; None for nobody."""
        ...

    def door(self, visit: Visit, place: Path) -> Door:
        """Whether a connection may reach the screens at all."""
        ...

    def leave(self, visit: Visit, *, everywhere: bool = False) -> None:
        """Sign out, on request from every browser."""
        ...
