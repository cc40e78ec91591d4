"""Work that takes longer than a page may wait: it goes on while the page is drawn anew, and can be stopped.

A page that others' changes draw anew in the middle of it finds it again under its key and goes on waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

_Made = TypeVar("_Made")
_LOOK_EVERY_S = 0.15


class Stopped(Exception):
    """Somebody stopped the work; nothing of it is left."""


@dataclass
class Work(Generic[_Made]):
    """One piece of work in a thread of its own.

    Parameters
    ----------
    wish
        What it is for; another wish is other work.
    """

    wish: object
    step: str = ""
    made: _Made | None = None
    error: BaseException | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _done: threading.Event = field(default_factory=threading.Event)

    @staticmethod
    def begun(wish: object, do: Callable[[Callable[[str], None]], _Made]) -> Work[_Made]:
        """Begin it.

        Parameters
        ----------
        do
            Does the work; it tells each step to what it is given, which ends it where somebody wants it stopped.
        """
        work: Work[_Made] = Work(wish)
        threading.Thread(target=work._run, args=(do,), daemon=True, name="work").start()
        return work

    def _run(self, do: Callable[[Callable[[str], None]], _Made]) -> None:
        try:
            self.made = do(self._told)
        except Exception as error:  # noqa: BLE001 it is raised again where the page waits
            self.error = error
        finally:
            self._done.set()

    def _told(self, step: str) -> None:
        self.step = step
        if self._stop.is_set():
            raise Stopped

    def stop(self) -> None:
        """End it at its next step."""
        self._stop.set()

    @property
    def done(self) -> bool:
        """Whether it has ended, well or not."""
        return self._done.is_set()

    def result(self, seen: Callable[[str], None]) -> _Made | None:
        """Wait for the end, and say each step as it comes; None where it was stopped.

        Raises
        ------
        Exception
            What went wrong in it.
        """
        while not self._done.wait(_LOOK_EVERY_S):
            seen(self.step)
        if isinstance(self.error, Stopped):
            return None
        if self.error is not None:
            raise self.error
        return self.made
