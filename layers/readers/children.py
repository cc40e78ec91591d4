"""Child processes that open files for us: kept warm, one driver each, and a fork of its own for every file.

A file that makes its process crash, hang or grow is a refused file; the process that asked never opens it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from layers.readers.errors import FileBroken, FileTooLarge, ReaderDied, ReaderMissing, ReaderTooSlow
from layers.readers.isolation import CONFIG, FILES, MEMORY_BYTES, Limits, environment
from layers.readers.watching import Watch

PROGRAM = Path(__file__).with_name("_gdal_child.py")
MOST_AT_ONCE = 4
MOST_IDLE = 4
_START_S = 60.0
_LOOK_S = 0.2
_LONGEST_LINE = 16 << 20
_GIGABYTES = f"{MEMORY_BYTES >> 30} GB"
_NO_MEMORY = ("bad_alloc", "out of memory", "cannot allocate")


class Child:
    """One process with one driver.

    Parameters
    ----------
    driver
        Name of the driver; the process has no other. Empty for a process that has none.
    program
        What it runs.

    Raises
    ------
    ReaderMissing
        When it does not start, or has other drivers than this one.
    """

    def __init__(self, driver: str, program: Path = PROGRAM) -> None:
        self.driver = driver
        self._buffer = b""
        self._far = (0, 0)
        try:
            self._process = subprocess.Popen(  # noqa: S603  # our own program, and nothing of a user's in the call
                [sys.executable, "-I", str(program), str(MEMORY_BYTES), str(FILES)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(driver),
                cwd="/",
                start_new_session=True,
            )
        except OSError as error:
            raise ReaderMissing(where=driver, reason=error.strerror or str(error)) from error
        try:
            hello = self._line(time.monotonic() + _START_S)
        except (TimeoutError, ValueError) as error:
            self.end()
            raise ReaderMissing(where=driver, reason=str(error)) from error
        if hello is None or hello.get("drivers") != ([driver] if driver else []):
            self.end()
            raise ReaderMissing(where=driver, reason=str(hello)[:200])
        self.offline = bool(hello.get("offline"))

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def ask(self, request: dict[str, Any], limits: Limits, watch: Watch) -> dict[str, Any] | int:
        """Its answer, or the number of the signal (−1 for none) that ended the process which had the file open.

        Raises
        ------
        TimeoutError, Cancelled
        ValueError
            For an answer that is none.
        """
        until = time.monotonic() + limits.wall_s
        answer: dict[str, Any] | None = None
        self._far = (0, 0)
        self._send(json.dumps(request).encode() + b"\n")
        while (said := self._line(until, watch)) is not None:
            if "end" in said:
                return answer if said["end"] == 0 and answer is not None else int(said["end"]) or -1
            if "done" in said:
                self._far = int(said["done"]), int(said.get("total", 0))
                watch.step("read", *self._far)
            else:
                answer = said
        raise BrokenPipeError(self.driver)

    def end(self) -> None:
        """End the process, whatever it does, and wait until it is gone."""
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, data: bytes) -> None:
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(data)
        self._process.stdin.flush()

    def _line(self, until: float, watch: Watch | None = None) -> dict[str, Any] | None:
        """The next thing it says; None when it has gone.

        Raises
        ------
        TimeoutError, ValueError, Cancelled
        """
        out = self._process.stdout
        assert out is not None  # noqa: S101
        with selectors.DefaultSelector() as ready:
            ready.register(out, selectors.EVENT_READ)
            while b"\n" not in self._buffer:
                left = until - time.monotonic()
                if left <= 0:
                    raise TimeoutError(self.driver)
                if not ready.select(min(_LOOK_S, left)):
                    if watch is not None:
                        watch.step("read", *self._far)
                    continue
                data = os.read(out.fileno(), 1 << 16)
                if not data:
                    return None
                self._buffer += data
                if len(self._buffer) > _LONGEST_LINE:
                    raise ValueError("answer")
        line, _, self._buffer = self._buffer.partition(b"\n")
        said = json.loads(line)
        if not isinstance(said, dict):
            raise ValueError("answer")
        return said


class Pool:
    """Children that wait for the next file, and how many may work at once."""

    def __init__(self, program: Path = PROGRAM, config: Mapping[str, Any] = CONFIG) -> None:
        self._program, self._config, self._lock = program, config, threading.Lock()
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._idle: list[Child] = []

    def ask(self, driver: str, request: dict[str, Any], limits: Limits, name: str, watch: Watch) -> dict[str, Any]:
        """What a child answers about a file.

        Parameters
        ----------
        name
            What the user calls the file.

        Raises
        ------
        FileBroken, FileTooLarge, ReaderDied, ReaderTooSlow, ReaderMissing, Cancelled
        """
        asked = request | {"config": dict(self._config)} | asdict(limits)
        with self._turn(watch):
            try:
                said = self._asked(driver, asked, limits, watch)
            except TimeoutError as error:
                raise ReaderTooSlow(where=name, path=name, limit=limits.wall_s) from error
            except (ValueError, OSError) as error:
                raise ReaderDied(where=name, path=name, reason=type(error).__name__) from error
        return _checked(said, request, limits, name)

    def close(self) -> None:
        """End every child that waits."""
        with self._lock:
            idle, self._idle = self._idle, []
        for child in idle:
            child.end()

    @property
    def idle(self) -> tuple[int, ...]:
        """Numbers of the processes that wait."""
        with self._lock:
            return tuple(child.pid for child in self._idle)

    @contextlib.contextmanager
    def _turn(self, watch: Watch) -> Iterator[None]:
        while not self._free.acquire(timeout=_LOOK_S):
            watch.step("open")
        try:
            yield
        finally:
            self._free.release()

    def _asked(self, driver: str, asked: dict[str, Any], limits: Limits, watch: Watch) -> dict[str, Any] | int:
        """What a child that waits says, or a fresh one where none does; one that is gone says nothing."""
        with self._lock:
            child = next((child for child in reversed(self._idle) if child.driver == driver), None)
            if child is not None:
                self._idle.remove(child)
        if child is not None:
            with contextlib.suppress(BrokenPipeError):
                return self._kept(child, asked, limits, watch)
        return self._kept(Child(driver, self._program), asked, limits, watch)

    def _kept(self, child: Child, asked: dict[str, Any], limits: Limits, watch: Watch) -> dict[str, Any] | int:
        """What a child says; it waits for the next file afterwards, unless it failed to answer."""
        leaving = [child]
        try:
            said = child.ask(asked, limits, watch)
            with self._lock:
                self._idle.append(child)
                leaving = [self._idle.pop(0)] if len(self._idle) > MOST_IDLE else []
        finally:
            for gone in leaving:
                gone.end()
        return said


def _checked(said: dict[str, Any] | int, request: dict[str, Any], limits: Limits, name: str) -> dict[str, Any]:
    """The answer in what a child said, where it is one."""
    if said == signal.SIGXCPU:
        raise ReaderTooSlow(where=name, path=name, limit=limits.cpu_s)
    if isinstance(said, int):
        reason = signal.Signals(said).name if said in set(signal.Signals) else "—"
        raise ReaderDied(where=name, path=name, reason=reason)
    if "memory" in said:
        raise FileTooLarge(where=name, path=name, limit=_GIGABYTES)
    if "refused" in said:
        reason = str(said["refused"]).replace(str(request["path"]), name).replace(str(request["out"]), "")
        if any(word in reason.lower() for word in _NO_MEMORY):
            raise FileTooLarge(where=name, path=name, limit=_GIGABYTES)
        raise FileBroken(where=name, path=name, reason=reason[:200])
    answer = said.get("ok")
    if not isinstance(answer, dict):
        raise ReaderDied(where=name, path=name, reason="—")
    return answer


POOL = Pool()
"""The children of this process."""
atexit.register(POOL.close)
