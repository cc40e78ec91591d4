"""Folders for what is on its way in or out: private, of one process, and gone with it, however it ends.

A process has one such folder among the system's temporary ones, and makes others in it. It holds the lock of a file
there for as long as it lives, so that whoever comes later knows without asking for numbers of processes, which are
given anew: what nobody locks was left by one that was killed.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

PREFIX = "chengzai-"
BESIDE = ".chengzai-"
"""What folders are called that lie beside a file that is to take its place."""

_OWNER = "owner.lock"
_OLD_S = 86_400.0
"""Seconds after which a folder goes that has no lock at all: a process makes the folder a moment before the lock."""

_lock = threading.Lock()
_home: Owned | None = None


class Owned:
    """A folder that belongs to this process until it is closed.

    Parameters
    ----------
    parent
        Where it is made.
    prefix
        What its name begins with; folders that begin so, and whose owners are gone, are removed first.
    """

    def __init__(self, parent: Path, prefix: str) -> None:
        sweep(parent, prefix)
        self.path = Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
        draft = self.path / f"{_OWNER}.draft"  # nobody finds the lock before it is held
        self._handle = os.open(draft, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        draft.rename(self.path / _OWNER)

    def close(self) -> None:
        """Remove it with all that is in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self._handle)


def home() -> Path:
    """The folder of this process; made anew where somebody cleared the system's temporary files."""
    global _home
    with _lock:
        if _home is None or not _home.path.is_dir():
            _home = Owned(Path(tempfile.gettempdir()), PREFIX)
        return _home.path


@contextlib.contextmanager
def folder(what: str = "") -> Iterator[Path]:
    """A folder of this process, for as long as it is needed.

    Parameters
    ----------
    what
        What its name begins with.
    """
    with tempfile.TemporaryDirectory(prefix=f"{what}-", dir=home(), ignore_cleanup_errors=True) as made:
        yield Path(made)


def sweep(parent: Path, prefix: str = PREFIX) -> int:
    """Remove the folders whose owners are gone; what others hold, and what is not ours, stays.

    Returns
    -------
    int
        How many were removed.
    """
    count = 0
    for path in sorted(parent.glob(f"{prefix}*")):
        with contextlib.suppress(OSError):  # somebody else's, or gone meanwhile
            if path.is_symlink() or not path.is_dir() or path.stat().st_uid != os.getuid():
                continue
            count += _left(path)
    return count


def _left(path: Path) -> bool:
    """Remove a folder if its owner is gone; whether it was."""
    try:
        handle = os.open(path / _OWNER, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        if time.time() - path.stat().st_mtime < _OLD_S:
            return False
        shutil.rmtree(path)
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


@atexit.register
def _leave() -> None:
    with _lock:
        if _home is not None:
            _home.close()
