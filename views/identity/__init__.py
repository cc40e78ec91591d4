"""Who is before the screen."""

from __future__ import annotations

from layers.changes import Actor
from views.settings import settings


def who() -> Actor:
    """The one person of this machine."""
    return Actor(settings().actor or "本机", "single")
