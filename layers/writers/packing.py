"""Several files as one archive with names of ASCII, which every program unpacks without asking for an encoding."""

from __future__ import annotations

import os
import re
import unicodedata
import zipfile
from pathlib import Path

from layers.writers.shapefile import NOTES

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST = 60


def ascii_name(text: str) -> str:
    """A name of a file that no system refuses or takes for something else.

    >>> ascii_name("../方案二 r12"), ascii_name("CON"), ascii_name("方案")
    ('r12', 'CON_', 'export')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9_-]+", "-", plain).strip("-_")[:_LONGEST].strip("-_")
    if not name:
        return "export"
    return f"{name}_" if _RESERVED.fullmatch(name) else name


def pack(folder: Path, archive: Path) -> None:
    """Put everything that lies in a folder of ours into an archive there, and nothing else stays."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as whole:
        for path in found:
            name = path.relative_to(folder).as_posix().replace(NOTES, "_fields.csv")
            whole.write(path, name)
    for path in found:
        path.unlink()
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            path.rmdir()


def kept(path: Path) -> None:
    """See to it that a file, or every file of a folder, is on the disk before it is said to be there."""
    for one in [path] if path.is_file() else sorted(path.rglob("*")):
        if one.is_file():
            handle = os.open(one, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
