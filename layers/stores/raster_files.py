"""The files of rasters: beside the workspace, named by the hash of what is in them, never by what a user calls them.

They are too large for the workspace's file and never change, so a row of the layer `rasters` names one by its hash.
A file may be there without a row (its row was undone, or stands on another branch); it stays for whoever redoes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from layers.stores import disk

_CHUNK = 4 << 20
_NAME = re.compile(r"[0-9a-f]{64}")

Tell = Callable[[int, int], None]


def folder_beside(workspace: Path) -> Path:
    """Where the files of a workspace's rasters lie.

    >>> folder_beside(Path("work/丰台.gpkg")).name
    '丰台.rasters'
    """
    return workspace.with_name(f"{workspace.stem}.rasters")


def place(folder: Path, sha256: str) -> Path:
    """Where the file of a hash lies.

    Raises
    ------
    ValueError
        For a text that is no hash: nothing that somebody typed becomes a path.
    """
    if not _NAME.fullmatch(sha256):
        raise ValueError(sha256[:80])
    return folder / f"{sha256}.tif"


@contextlib.contextmanager
def staged(source: Path, folder: Path, tell: Tell | None = None) -> Iterator[tuple[Path, str]]:
    """A copy of a file under a passing name in the folder, and its hash; gone afterwards unless `settle` was called.

    Parameters
    ----------
    tell
        Told how many bytes of how many are copied.

    Raises
    ------
    StoreFull, StoreUnwritable
    """
    with disk.draft(folder / f"{source.stem[:40]}.tif") as draft:
        found, done, size = hashlib.sha256(), 0, source.stat().st_size
        with source.open("rb") as file, draft.open("xb") as copy:
            while chunk := file.read(_CHUNK):
                found.update(chunk)
                copy.write(chunk)
                done += len(chunk)
                if tell is not None:
                    tell(done, size)
            copy.flush()
            os.fsync(copy.fileno())
        yield draft, found.hexdigest()


def settle(draft: Path, sha256: str) -> Path:
    """Have a staged copy under its hash, on the disk; one that is there already, whole, stays."""
    path = place(draft.parent, sha256)
    if path.exists() and whole(path, sha256):
        return path
    draft.replace(path)
    disk.flush(path.parent)
    return path


def whole(path: Path, sha256: str) -> bool:
    """Whether a file holds what its hash says."""
    return disk.sha256(path) == sha256


def faults(folder: Path, named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What is wrong with the files that rows name: a code, and what the row's user calls the file.

    Parameters
    ----------
    named
        Hash and name of each.
    """
    for sha256, name in dict(named).items():
        try:
            path = place(folder, sha256)
        except ValueError:
            yield "raster_missing", name
            continue
        if not path.is_file():
            yield "raster_missing", name
        elif not whole(path, sha256):
            yield "raster_changed", name


def carry(source: Path, target: Path, *, link: bool = True) -> int:
    """Bring the files of one folder into another; none is replaced.

    Parameters
    ----------
    link
        Whether both names may lead to one file, where both lie on one disk; else it is copied.

    Returns
    -------
    int
        How many came new.

    Raises
    ------
    StoreFull, StoreUnwritable
    """
    fresh = 0
    for path in sorted(source.glob("*.tif")) if source.is_dir() else ():
        goal = target / path.name
        if not _NAME.fullmatch(path.stem) or (goal.exists() and goal.stat().st_size == path.stat().st_size):
            continue
        with disk.draft(goal) as draft:
            if not (link and _linked(path, draft)):
                with path.open("rb") as file, draft.open("xb") as copy:
                    while chunk := file.read(_CHUNK):
                        copy.write(chunk)
                disk.flush(draft)
            draft.replace(goal)
        fresh += 1
    if fresh:
        disk.flush(target)
    return fresh


def _linked(path: Path, draft: Path) -> bool:
    """Whether a second name could be given; not on another disk, nor on one without links."""
    try:
        os.link(path, draft)
    except OSError:
        return False
    return True
