"""Where a file lies: whether it can be written there, and how it comes to the disk and into its place."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from layers.errors import WorkspaceExists
from layers.stores.errors import NetworkDrive, StoreFull, StoreUnwritable

MOUNTS = Path("/proc/self/mountinfo")
"""What the kernel says is mounted where; a system without it is not asked."""

_REMOTE = frozenset({"nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "fuse", "afs", "ceph"})
"""File systems whose locks or shared memory other hosts do not see; ``fuse.…`` is one of them, ``fuseblk`` a disk."""

_INDEX = 65_536
"""Bytes: twice what the index of a journal takes at first."""

_BESIDE = ("-wal", "-shm", "-journal")

_DRAFT = re.compile(rf"\..+\.\d+\.[0-9a-f]{{6}}\.part({'|'.join(_BESIDE)})?")
_DEAD_AFTER_S = 86_400


def file_system(path: Path, mounts: Path | None = None) -> str:
    """The kind of the file system that a file lies on, empty where the system does not say.

    Parameters
    ----------
    mounts
        The kernel's list, `MOUNTS` where it is None: the fifth field is the place, the kind stands behind a hyphen.
    """
    try:
        lines = (mounts or MOUNTS).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ""
    whole, best, kind = path.resolve(), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields, told = before.split(" "), after.split(" ")
        if len(fields) < 5 or not told[0]:
            continue
        place = Path(_plain(fields[4]))
        if whole.is_relative_to(place) and len(place.parts) >= best:  # what was mounted last lies on top
            best, kind = len(place.parts), told[0]
    return kind


def _plain(text: str) -> str:
    """A place as it is called: the kernel writes spaces and backslashes as octal numbers."""
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, sign)
    return text


def remote(kind: str) -> bool:
    """Whether a file system is one on which a journal in shared memory loses data.

    >>> remote("nfs4"), remote("fuse.sshfs"), remote("fuseblk"), remote("ext4")
    (True, True, False, False)
    """
    return kind in _REMOTE or kind.startswith("fuse.")


def on_local_disk(path: Path, mounts: Path | None = None) -> None:
    """Refuse to write where another host may write beside us.

    Raises
    ------
    NetworkDrive
    """
    kind = file_system(path, mounts)
    if remote(kind):
        raise NetworkDrive(where=str(path), path=path.name, kind=kind)


def writable(path: Path) -> bool:
    """Whether a file, and its folder, may be written to."""
    return os.access(path if path.exists() else path.parent, os.W_OK) and os.access(path.parent, os.W_OK)


def full(path: Path) -> bool:
    """Whether not even the index of a journal fits on the disk: what it refuses then looks like a failing disk."""
    try:
        found = os.statvfs(path.parent)
    except OSError:
        return False
    return found.f_bavail * found.f_frsize < _INDEX


def flush(path: Path) -> None:
    """Have a file or a folder on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def draft(path: Path) -> Iterator[Path]:
    """A name beside a file under which it is written before it appears; nothing of it stays behind.

    Raises
    ------
    StoreFull, StoreUnwritable
    """
    made = path.with_name(f".{path.name}.{os.getpid()}.{uuid4().hex[:6]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield made
    except OSError as error:
        kind = StoreFull if error.errno in (errno.ENOSPC, errno.EDQUOT) else StoreUnwritable
        raise kind(where=str(path), path=path.name, reason=error.strerror or str(error)) from error
    finally:
        for left in (made, *(made.with_name(made.name + end) for end in _BESIDE)):
            with contextlib.suppress(OSError):
                left.unlink(missing_ok=True)


def sweep(folder: Path, now: float | None = None) -> list[Path]:
    """Take away drafts that a killed process left in a folder: nobody has written to them for a day.

    Parameters
    ----------
    now
        Seconds since 1970; by the clock where it is None.
    """
    until = (time.time() if now is None else now) - _DEAD_AFTER_S
    gone = []
    for left in sorted(folder.iterdir()) if folder.is_dir() else ():
        with contextlib.suppress(OSError):
            if _DRAFT.fullmatch(left.name) and left.is_file() and left.stat().st_mtime < until:
                left.unlink()
                gone.append(left)
    return gone


def appear(made: Path, path: Path) -> None:
    """Have a draft in its place, on the disk, where no file is.

    Raises
    ------
    WorkspaceExists
        A file of that name is never replaced.
    """
    flush(made)
    try:
        os.link(made, path)  # refuses to replace a file that appeared meanwhile
    except FileExistsError as error:
        raise WorkspaceExists(where=str(path), path=path.name) from error
    flush(path.parent)


def replace(made: Path, path: Path, aside: Path) -> None:
    """Have a draft in the place of a file, which stays under another name; at every moment one of them is there.

    Raises
    ------
    WorkspaceExists
    """
    flush(made)
    try:
        os.link(path, aside)
    except FileExistsError as error:
        raise WorkspaceExists(where=str(aside), path=aside.name) from error
    flush(path.parent)
    made.replace(path)
    flush(path.parent)


def beside(path: Path, word: str) -> Path:
    """A dated name beside a file that nothing has."""
    stem, number = f"{path.stem}.{word}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}", 1
    made = path.with_name(stem + path.suffix)
    while made.exists():
        number += 1
        made = path.with_name(f"{stem}-{number}{path.suffix}")
    return made


def set_aside_journals(path: Path, aside: Path) -> None:
    """What a file that is no database any more left beside it goes with it."""
    for end in _BESIDE:
        left = path.with_name(path.name + end)
        if left.exists():
            left.replace(aside.with_name(aside.name + end))


def sha256(path: Path) -> str:
    """The hash of a file that no database has open."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
