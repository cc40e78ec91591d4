"""One operation in a child process while strace looks on, or meddles.

A process that has everything imported forks a child for each trial, so that a trial costs a tenth of a second. The
child waits until strace has hold of it; then it tells by a pipe how far it is.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import re
import signal
import subprocess
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from layers import stores
from layers.stores import geopackage
from spatial.errors import ChengzaiError
from tests.durability.operations import Operation

SECONDS = 60
"""After which a child that hangs is ended."""

_ANY_TRACER = (0x59616D61, ctypes.c_ulong(-1))
Tell = Callable[[str], None]
Wait = Callable[[], None]


class NoStrace(Exception):
    """strace may not take hold of another process here."""


@dataclass
class Child:
    """A child under strace."""

    pid: int
    strace: subprocess.Popen[bytes]
    told: int
    go: int

    def lines(self, until: str | None = None) -> list[str]:
        """What it tells, up to a line that begins so, or to its end."""
        said = b""
        while until is None or not re.search(rf"^{until}.*\n".encode(), said, re.MULTILINE):
            more = os.read(self.told, 65_536)
            if not more:
                break
            said += more
        return said.decode().splitlines()

    def let_go(self) -> None:
        """Take strace away, with whatever it injects, and let the child go on."""
        self.strace.terminate()
        self.strace.wait()
        with contextlib.suppress(BrokenPipeError):  # it went wrong and is gone
            os.write(self.go, b"g")

    def ended(self) -> int:
        """The signal that ended it; 0 where it came to its own end, -1 where it went wrong."""
        _, status = os.waitpid(self.pid, 0)
        self.strace.wait()
        if self.strace.stderr is not None:
            self.strace.stderr.close()
        os.close(self.told)
        os.close(self.go)
        return os.WTERMSIG(status) if os.WIFSIGNALED(status) else -bool(os.WEXITSTATUS(status))


def start(body: Callable[[Tell, Wait], None], options: Sequence[str], log: Path) -> Child:
    """Fork a child that does `body` once strace has hold of it.

    Raises
    ------
    NoStrace
    """
    go, telling = os.pipe(), os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(go[1])
        os.close(telling[0])
        _child(body, telling[1], go[0])
    os.close(go[0])
    os.close(telling[1])
    command = ["strace", "-f", "-p", str(pid), "-o", str(log), *options]
    strace = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | {"LC_ALL": "C"})
    first = strace.stderr.readline().decode() if strace.stderr is not None else ""
    if "attached" not in first:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise NoStrace(first.strip())
    os.write(go[1], b"g")
    return Child(pid, strace, telling[0], go[1])


def _child(body: Callable[[Tell, Wait], None], telling: int, go: int) -> None:
    """The life of a child; it never returns."""
    code = 1
    try:
        gc.freeze()  # what the parent left to be swept up would be closed here, one time earlier, one time later
        ctypes.CDLL(None).prctl(*_ANY_TRACER, 0, 0, 0)  # strace is no parent of it
        signal.alarm(SECONDS)
        os.read(go, 1)
        body(lambda line: _told(telling, line), lambda: _waited(go))
        code = 0
    except BaseException:  # noqa: BLE001 what it was is for whoever reads the report
        _told(telling, "wrong " + traceback.format_exc().replace("\n", " | "))
    finally:
        os._exit(code)


def _told(to: int, line: str) -> None:
    os.writev(to, [line.encode() + b"\n"])  # not `write`, in which trials meddle


def _waited(go: int) -> None:
    os.read(go, 1)


def once(operation: Operation, path: Path) -> Callable[[Tell, Wait], None]:
    """Do an operation, say so, and close the file."""

    def body(tell: Tell, wait: Wait) -> None:
        tell("begin")
        tell(f"ack {operation.do(path)}")
        geopackage.close(path)
        tell("end")

    return body


def stubbornly(operation: Operation, path: Path) -> Callable[[Tell, Wait], None]:
    """Do an operation on a failing disk: say what the user is told, read, and do it again when the disk is well."""

    def body(tell: Tell, wait: Wait) -> None:
        tell("begin")
        try:
            tell(f"ack {operation.do(path)}")
        except ChengzaiError as error:
            tell(f"told {error.code}")
        tell(_read(path))
        wait()
        tell(f"again {operation.do(path)}")
        geopackage.close(path)
        tell("end")

    return body


def _read(path: Path) -> str:
    if not path.exists():
        return "read nothing"
    try:
        with stores.open_store(path).reading() as tx:
            return f"read {tx.workspace().revision} {tx.revision()}"
    except ChengzaiError as error:
        return f"unread {error.code}"
