"""Long work beside the screens: it says how far it is and can be stopped, and nobody else waits for it.

A job runs in a thread of its own. A page asks a route for its stage and share, and is told when it ends; no script of
a page runs meanwhile, so no click is lost.
"""

from __future__ import annotations

import secrets
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from layers.readers.watching import Cancelled

T = TypeVar("T")

AT_ONCE = 2
"""Jobs that run at the same time; others wait for their turn, so that pages stay quick."""

_turns = threading.BoundedSemaphore(AT_ONCE)


class Progress:
    """How far a job is; what works on it says so here and hears whether to stop. A `Watch` of the readers."""

    def __init__(self) -> None:
        self.stage = "waiting"
        self.share: float | None = None
        self.final = False
        self._stop = threading.Event()

    def step(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Say how far a stage has come; `total` is 0 where nobody knows it.

        Raises
        ------
        Cancelled
            Where the user asked for it.
        """
        self.check()
        self.stage = stage
        self.share = min(1.0, done / total) if total and done else None

    def carry_through(self, stage: str) -> None:
        """Say a stage that is not stopped any more: whoever asks from now on comes too late.

        Raises
        ------
        Cancelled
            Where it was asked for before.
        """
        self.step(stage)
        self.final = True

    def check(self) -> None:
        """Go on, or not.

        Raises
        ------
        Cancelled
        """
        if self._stop.is_set() and not self.final:
            raise Cancelled(where=self.stage)

    def stop(self) -> None:
        """Ask for an end."""
        self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether it is about to end because it was asked to."""
        return self._stop.is_set() and not self.final


class Job(Generic[T]):
    """Something that is being done.

    Parameters
    ----------
    act
        What to do; told where to say how far it is.
    kind
        What it is, for the page.
    """

    def __init__(self, act: Callable[[Progress], T], kind: str) -> None:
        self.token = secrets.token_hex(8)
        self.kind = kind
        self.progress = Progress()
        self.began = time.monotonic()
        self._act = act
        self._found: T | None = None
        self._error: Exception | None = None
        self._done = threading.Event()
        _JOBS[self.token] = self

    def start(self) -> Job[T]:
        """Begin."""
        threading.Thread(target=self._run, name=f"job-{self.kind}", daemon=True).start()
        return self

    def wait(self, seconds: float) -> bool:
        """Wait a little; answers with whether it is over."""
        return self._done.wait(seconds) or self.done

    @property
    def done(self) -> bool:
        """Whether it is over, however it ended. What was stopped is over at once, whatever still runs down."""
        return self._done.is_set() or self.progress.stopping

    @property
    def seconds(self) -> float:
        """How long it has been going on."""
        return time.monotonic() - self.began

    def result(self) -> T:
        """What came of it.

        Raises
        ------
        Exception
            What the work itself raised; `Cancelled` where the user stopped it.
        """
        if self.progress.stopping:  # also where it had just ended: whoever stops something does not want it
            raise Cancelled(where=self.progress.stage)
        if self._error is not None:
            raise self._error
        if not self._done.is_set():
            raise RuntimeError("the job is not over")
        return self._found  # type: ignore[return-value]

    def stop(self) -> None:
        """Stop it, where it is not too late."""
        self.progress.stop()

    def _run(self) -> None:
        try:
            while not _turns.acquire(timeout=0.1):
                self.progress.check()
            try:
                self._found = self._act(self.progress)
            finally:
                _turns.release()
        except Exception as error:  # noqa: BLE001 whoever asks for the result is told
            self._error = error
        finally:
            self._done.set()


_JOBS: weakref.WeakValueDictionary[str, Job[Any]] = weakref.WeakValueDictionary()


def job_of(token: str) -> Job[Any] | None:
    """A job that somebody still holds, by its token."""
    return _JOBS.get(token)
