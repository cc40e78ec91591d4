"""A ZIP with one shapefile, unpacked by us: sizes, names and links are looked at before a byte is written."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path, PurePosixPath

from layers.readers.errors import ArchiveRefused

MOST_MEMBERS = 64
MOST_BYTES = 1 << 30
MOST_RATIO = 100
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_CHUNK = 1 << 20


def unpack(path: Path, scratch: Path) -> Path:
    """Unpack the one shapefile of a ZIP into a folder of ours.

    Raises
    ------
    ArchiveRefused
        For an archive with more than one shapefile, too many or too large members, a member that is encrypted, a
        link, or has a path outside the archive.
    """
    target = scratch / "archive"
    target.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            for member, name in _members(archive, path.name):
                _extract(archive, member, target / name, path.name)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError) as error:
        raise _refused(path.name, str(error)[:120]) from error
    return target


def _members(archive: zipfile.ZipFile, name: str) -> list[tuple[zipfile.ZipInfo, str]]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_MEMBERS:
        raise _refused(name, f"{len(members)} > {MOST_MEMBERS} files")
    for member in members:
        inner = PurePosixPath(member.filename.replace("\\", "/"))
        mode = member.external_attr >> 16
        if member.flag_bits & 1:
            raise _refused(name, "encrypted / 已加密")
        if inner.is_absolute() or ".." in inner.parts or "\x00" in member.filename or ":" in str(inner):
            raise _refused(name, f"path / 路径: {member.filename[:60]!r}")
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise _refused(name, f"link / 链接: {member.filename[:60]!r}")
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MOST_BYTES or total > MOST_RATIO * max(packed, 1_000):
        raise _refused(name, f"size / 体积: {total:,}")
    wanted = [m for m in members if Path(m.filename).suffix.lower() in _PARTS and not _is_litter(m.filename)]
    shapes = [m for m in wanted if m.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        raise _refused(name, f"{len(shapes)} .shp")
    stem = shapes[0].filename[:-4]
    return [(m, "source" + m.filename[-4:].lower()) for m in wanted if m.filename[:-4] == stem]


def _is_litter(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith("._")


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, name: str) -> None:
    """Copy no more than the directory of the archive promised."""
    left = member.file_size
    with archive.open(member) as packed, target.open("xb") as plain:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise _refused(name, "size / 体积")
            plain.write(chunk)


def _refused(name: str, reason: str) -> ArchiveRefused:
    return ArchiveRefused(where=name, path=name, reason=reason)
