"""What a process remembers of a store: the last known state of each branch."""

from __future__ import annotations

import threading
from collections import OrderedDict

from layers.workspace import Workspace

_BRANCHES = 8
"""Branches of which the present state stays in memory."""


class Kept:
    """The last known state of each branch, with the hash of the event that made it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[int, tuple[str, Workspace]] = OrderedDict()

    def get(self, scenario: int) -> tuple[str, Workspace] | None:
        """A branch's head and state."""
        with self._lock:
            return self._known.get(scenario)

    def put(self, scenario: int, head: str, workspace: Workspace) -> None:
        """Remember a branch's state; the branch that was used longest ago is let go."""
        with self._lock:
            self._known[scenario] = (head, workspace)
            self._known.move_to_end(scenario)
            while len(self._known) > _BRANCHES:
                self._known.popitem(last=False)
