"""Who has which branch of a workspace open, as far as this process was asked by their maps lately."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

AWAY = 12.0
"""Seconds after which a map that does not ask any more counts as closed."""

_MOST = 500


@dataclass(frozen=True)
class Person:
    """Somebody with the branch open.

    Parameters
    ----------
    ago
        Seconds since a map of theirs was heard of.
    """

    name: str
    ago: float


class Presence:
    """Heard of maps, by place and branch; nothing is written down."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._heard: dict[tuple[str, str], dict[str, tuple[str, float]]] = {}

    def heard(self, place: str, scenario: str, client: str, name: str) -> tuple[Person, ...]:
        """A map was heard of; answers with the people of the other maps there, each once, by name."""
        now = self._clock()
        with self._lock:
            here = self._heard.setdefault((place, scenario), {})
            here[client] = (name, now)
            for gone in [one for one, (_, at) in here.items() if now - at > AWAY]:
                del here[gone]
            while len(here) > _MOST:
                del here[min(here, key=lambda one: here[one][1])]
            last: dict[str, float] = {}
            for other, at in (found for one, found in here.items() if one != client):
                last[other] = max(at, last.get(other, at))
        return tuple(Person(one, now - last[one]) for one in sorted(last))
