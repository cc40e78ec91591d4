"""Long work beside the screens: it says how far it is and can be stopped, and nobody else waits for it.

A job runs in a thread of its own. A page asks a route for its stage and share, and is told when it ends; no script of
a page runs meanwhile, so no click is lost. Who holds the job holds its result; when nobody does any more, it ends.
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
    """How far a job is; what works on it says so here and hears whether to stop.

    It is a `Watch` of the readers and of the store; `step` is what the writers tell.
    """

    def __init__(self) -> None:
        self._turn = threading.RLock()  # a job may be let go, and so stopped, in the middle of anything
        self.stage = "waiting"
        self.share: float | None = None
        self.final = False
        self.news = 0
        """How often it had something to show meanwhile; the page is drawn anew each time."""
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
        self.share = min(1.0, done / total) if total else None

    def carry_through(self, stage: str) -> None:
        """Say a stage that is not stopped any more: whoever asks from now on comes too late.

        Raises
        ------
        Cancelled
            Where it was asked for before.
        """
        with self._turn:
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
        """Ask for an end; too late where it is carried through."""
        with self._turn:
            if not self.final:
                self._stop.set()

    @property
    def stopping(self) -> bool:
        """Whether it is about to end because it was asked to."""
        return self._stop.is_set() and not self.final


class _End(Generic[T]):
    """How a job ended. Its thread knows this and not the job, so that a job that nobody holds is let go."""

    def __init__(self) -> None:
        self.found: T | None = None
        self.error: Exception | None = None
        self.come = threading.Event()


class Job(Generic[T]):
    """Something that is being done.

    Parameters
    ----------
    act
        What to do; told where to say how far it is.
    kind
        What it is, for the page.
    unheld
        Whether it goes on when nobody holds it any more: what somebody wanted written is written, though they left.
    """

    def __init__(self, act: Callable[[Progress], T], kind: str, *, unheld: bool = False) -> None:
        self.token = secrets.token_hex(8)
        self.kind = kind
        self.progress = Progress()
        self.began = time.monotonic()
        self._act = act
        self._end: _End[T] = _End()
        _JOBS[self.token] = self
        if not unheld:
            weakref.finalize(self, self.progress.stop)

    def start(self) -> Job[T]:
        """Begin."""
        work = (self._act, self.progress, self._end)
        threading.Thread(target=_run, args=work, name=f"job-{self.kind}", daemon=True).start()
        return self

    def wait(self, seconds: float) -> bool:
        """Wait a little; answers with whether it is over."""
        return self._end.come.wait(seconds) or self.done

    @property
    def done(self) -> bool:
        """Whether it is over, however it ended. What was stopped is over at once, whatever still runs down."""
        return self._end.come.is_set() or self.progress.stopping

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
        if self._end.error is not None:
            raise self._end.error
        if not self._end.come.is_set():
            raise RuntimeError("the job is not over")
        return self._end.found  # type: ignore[return-value]

    def stop(self) -> None:
        """Stop it, where it is not too late."""
        self.progress.stop()


def _run(act: Callable[[Progress], T], progress: Progress, end: _End[T]) -> None:
    try:
        while not _turns.acquire(timeout=0.1):
            progress.check()
        try:
            end.found = act(progress)
        finally:
            _turns.release()
    except Exception as error:  # noqa: BLE001 whoever asks for the result is told
        end.error = error
    finally:
        end.come.set()


_JOBS: weakref.WeakValueDictionary[str, Job[Any]] = weakref.WeakValueDictionary()


def job_of(token: str) -> Job[Any] | None:
    """A job that somebody still holds, by its token."""
    return _JOBS.get(token)
