"""Files that a viewer hands over, in a private folder of the server and under names of ours, for one visit.

Nothing that a file is called reaches the disk: a name decides only which parts of a shapefile belong together. The
folder goes when the visit ends, when the server stops, and, after a crash, when the next server starts.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import threading
import unicodedata
import weakref
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from layers import scratch
from layers.exchange.errors import TooManyUploads, UploadEmpty, UploadTooLarge

LIMIT_MB = 500
"""Size of all files of one import together."""

MOST = 60
"""Files of one import."""

_OURS = "source"
_PARTS = frozenset({"shp", "shx", "dbf", "prj", "cpg", "sbn", "sbx", "qix", "fix", "atx"})
_ENDING = re.compile(r"[a-z0-9]{1,10}")


@dataclass(frozen=True)
class Upload:
    """One source that was handed over: a file, or a shapefile with its parts.

    Parameters
    ----------
    key
        Short name of ours.
    name
        What the user calls it; text to show and nothing else.
    path
        Our own copy.
    size
        Of all parts [bytes].
    sha256
        Of the contents of all parts, in the order of their endings.
    parts
        Endings of a shapefile's parts, empty for any other file.
    """

    key: str
    name: str
    path: Path
    size: int
    sha256: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class _File:
    """One file as it came."""

    group: str
    name: str
    path: Path
    size: int
    sha256: str


class Inbox:
    """The files of one visit.

    Parameters
    ----------
    parent
        Where the private folder is made; among those of this process where it is None.
    limit_mb, most
        How much fits.
    """

    def __init__(self, parent: Path | None = None, *, limit_mb: int = LIMIT_MB, most: int = MOST) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="inbox-", dir=parent or scratch.home()))
        self.limit_mb = limit_mb
        self._most = most
        self._files: dict[tuple[str, str], _File] = {}
        self._count = 0
        self._lock = threading.Lock()
        self._gone = weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    def take(self, files: Iterable[tuple[str, bytes | memoryview]]) -> tuple[Upload, ...]:
        """Keep files; one of the same name takes the place of the one before. What fits stays where others do not.

        Returns
        -------
        tuple of Upload
            All sources that are here now.

        Raises
        ------
        UploadTooLarge, UploadEmpty, TooManyUploads
            For the first file that was not kept.
        """
        refused: UploadTooLarge | UploadEmpty | TooManyUploads | None = None
        with self._lock:
            for name, content in files:
                try:
                    self._keep(name, content)
                except (UploadTooLarge, UploadEmpty, TooManyUploads) as error:
                    refused = refused or error
        if refused is not None:
            raise refused
        return self.uploads

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """Sources in the order in which they came."""
        groups: dict[str, list[_File]] = {}
        for file in self._files.values():
            groups.setdefault(file.group, []).append(file)
        return tuple(one for files in groups.values() for one in _sources(files))

    def remove(self, key: str) -> tuple[Upload, ...]:
        """Let go of a source with all its parts."""
        with self._lock:
            for upload in self.uploads:
                if upload.key != key:
                    continue
                for at, file in list(self._files.items()):
                    if file.path.parent == upload.path.parent and (upload.parts or file.path == upload.path):
                        file.path.unlink(missing_ok=True)
                        del self._files[at]
        return self.uploads

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        self._gone()

    def _keep(self, name: str, content: bytes | memoryview) -> None:
        plain = _plain(name)
        stem, ending = _split(plain)
        group = stem if ending in _PARTS else f"{stem}.{ending}"
        known = self._files.get((group, ending))
        held = sum(file.size for file in self._files.values()) - (known.size if known else 0)
        if not len(content):
            raise UploadEmpty(where=plain, name=plain)
        if held + len(content) > self.limit_mb * 1_000_000:
            raise UploadTooLarge(where=plain, name=plain, limit=self.limit_mb)
        if known is None and len(self._files) >= self._most:
            raise TooManyUploads(where=plain, limit=self._most)
        folder = known.path.parent if known else self._folder(group)
        path = folder / (f"{_OURS}.{ending}" if ending else _OURS)
        path.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        self._files[group, ending] = _File(group, plain, path, len(content), digest)

    def _folder(self, group: str) -> Path:
        for file in self._files.values():
            if file.group == group:
                return file.path.parent
        self._count += 1
        folder = self.folder / f"{self._count:03d}"
        folder.mkdir()
        return folder


def _sources(files: list[_File]) -> Iterable[Upload]:
    """A shapefile of its parts; each file by itself where there is none."""
    shape = next((file for file in files if file.path.suffix == ".shp"), None)
    if shape is None:
        for file in files:
            yield Upload(
                f"{file.path.parent.name}{file.path.suffix[1:]}", file.name, file.path, file.size, file.sha256
            )
        return
    ordered = sorted(files, key=lambda file: file.path.suffix)
    digest = hashlib.sha256("".join(file.sha256 for file in ordered).encode("ascii")).hexdigest()
    parts = tuple(file.path.suffix[1:] for file in ordered)
    size = sum(file.size for file in files)
    yield Upload(f"{shape.path.parent.name}shp", shape.name, shape.path, size, digest, parts)


def _plain(name: str) -> str:
    """The last part of a name, whatever system it comes from, without what no screen shows."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(sign for sign in unicodedata.normalize("NFC", last) if sign.isprintable())
    return shown[-120:] or "—"


def _split(name: str) -> tuple[str, str]:
    """Stem without regard to case, and ending; an odd ending is none.

    >>> _split("地块.SHP"), _split("no ending"), _split("a.b/c")
    (('地块', 'shp'), ('no ending', ''), ('a.b/c', ''))
    """
    stem, dot, ending = name.rpartition(".")
    small = ending.casefold()
    if dot and _ENDING.fullmatch(small):
        return stem.casefold(), small
    return name.casefold(), ""
