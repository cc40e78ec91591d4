"""What a process remembers of a store: the last known state of each branch."""

from __future__ import annotations

import threading
from collections import OrderedDict

from layers.workspace import Workspace

_STATES = 3
"""States of a branch that stay in memory; they share what did not change."""

_BRANCHES = 8
"""Branches of which the present state stays in memory."""


class Kept:
    """The last known states of each branch, with the hash of the event that made each.

    More than one, because whoever reads has the store as it was when they began, and others write meanwhile.

    Parameters
    ----------
    files
        Folder of the files of its rasters; every state says it.
    """

    def __init__(self, files: str = "") -> None:
        self.files = files
        self._lock = threading.Lock()
        self._known: OrderedDict[int, list[tuple[str, Workspace]]] = OrderedDict()

    def get(self, scenario: int, head: str) -> tuple[str, Workspace] | None:
        """A branch's state at a head; its newest where that one is not known."""
        with self._lock:
            states = self._known.get(scenario)
            return next((one for one in states if one[0] == head), states[-1]) if states else None

    def put(self, scenario: int, head: str, workspace: Workspace) -> None:
        """Remember a branch's state; the branch that was used longest ago is let go."""
        with self._lock:
            states = [one for one in self._known.get(scenario, ()) if one[0] != head]
            states.append((head, workspace))
            # what is read late is older than what is known already
            self._known[scenario] = sorted(states, key=lambda one: one[1].revision)[-_STATES:]
            self._known.move_to_end(scenario)
            while len(self._known) > _BRANCHES:
                self._known.popitem(last=False)
