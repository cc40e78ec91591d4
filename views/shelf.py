"""The workspaces of this installation: the files of one folder, so that a viewer never types a path."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from views.settings import settings

ENDING = ".gpkg"
_LONGEST = 80


def folder() -> Path:
    """Where the workspaces lie."""
    return settings().workspace.parent


def backups(path: Path) -> Path:
    """Where the backups of a workspace lie."""
    return settings().backups.folder_of(path)


def files() -> list[Path]:
    """The workspaces, the one that was changed last first."""
    return _newest(folder())


def kept() -> list[Path]:
    """The backups of this installation, the newest first."""
    return _newest(backups(settings().workspace))


def _newest(where: Path) -> list[Path]:
    found = [path for path in where.glob(f"*{ENDING}") if path.is_file() and not path.is_symlink()]
    return sorted(found, key=lambda path: (-changed(path), path.name))


def changed(path: Path) -> float:
    """When a file was written last; what is not yet folded into it stands in a file beside it."""
    beside = path.with_name(f"{path.name}-wal")
    return max(one.stat().st_mtime for one in (path, beside) if one.exists())


def key_of(path: Path) -> str:
    """A short name of a file, safe in an address and in scripts."""
    return hashlib.blake2b(str(path).encode("utf-8"), digest_size=6).hexdigest()


def at(key: str) -> Path | None:
    """The workspace of a key, None where the folder holds none of it."""
    return next((path for path in files() if key_of(path) == key), None)


def stem(backup: Path) -> str:
    """The workspace that a backup is of, without the time in its name.

    >>> stem(Path("demo-20261125T144700Z.gpkg"))
    'demo'
    """
    return re.sub(r"-\d{8}T\d{6}Z(-\d+)?$", "", backup.stem)


def new_file(name: str) -> Path:
    """A place for a workspace of that name; a number follows where the name is taken.

    Letters, digits and a few signs of the name are kept, so that nothing of it means anything to the system.
    """
    plain = unicodedata.normalize("NFC", name).strip()
    plain = re.sub(r"[^\w·（）()-]+", "-", plain).strip("-.")[:_LONGEST] or "workspace"
    count, path = 1, folder() / f"{plain}{ENDING}"
    while path.exists():
        count += 1
        path = folder() / f"{plain}-{count}{ENDING}"
    return path
