"""A ZIP that holds one source, unpacked by us: sizes, names and links are looked at before a byte is written."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Literal

from layers.readers.errors import ArchiveRefused

Inner = Literal["shapefile", "gdb", "kml", "xlsx", "file"]

MOST_MEMBERS = 64
MOST_TABLES = 2_000
"""Files of a file geodatabase, which keeps some five to nine a table."""
MOST_BYTES = 1 << 30
MOST_RATIO = 100
_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_TABLES = (".gdbtable", ".gdbtablx", ".gdbindexes", ".atx", ".spx", ".freelist", ".horizon", ".cdf", ".cdx")
_BARE = ("gdb", "timestamps")
"""Files of a file geodatabase without an ending."""
_SINGLE = (".gpkg", ".fgb", ".parquet", ".geojson", ".json", ".topojson", ".dxf", ".csv", ".txt", ".dat", ".xlsx")
"""Files that are a layer or several by themselves."""
_CHUNK = 1 << 20
_TROUBLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError,
    ValueError, IndexError,
)  # fmt: skip
"""What a damaged or odd archive ends in."""
_UTF8 = 0x800
_LONGEST_NAME = 200

_Members = list[tuple[zipfile.ZipInfo, PurePosixPath]]


def unpack(path: Path, scratch: Path) -> tuple[Inner, Path]:
    """Unpack what a ZIP holds into a folder of ours, under names of ours.

    Returns
    -------
    tuple
        What is inside, and the folder with its shapefiles, the folder of a geodatabase, the KML file, any other
        single file, or the spreadsheet, which stays packed.

    Raises
    ------
    ArchiveRefused
        For an archive with nothing that is read, too many or too large members, a member that is encrypted, a link,
        or has a path outside the archive.
    """
    target = scratch / "archive"
    target.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path.name)
            inner = _inner(members, path.name)
            if inner == "xlsx":
                return inner, path
            if inner == "file":
                return inner, _single(archive, members, path, target)
            for member, name in _wanted(inner, members, path.name):
                file = target / name
                file.parent.mkdir(exist_ok=True)
                _extract(archive, member, file, path.name)
    except _TROUBLE as error:
        raise _refused(path.name, str(error)[:120]) from error
    return inner, target / "doc.kml" if inner == "kml" else target


def _members(archive: zipfile.ZipFile, name: str) -> _Members:
    """Every file of an archive with its true name.

    Raises
    ------
    ArchiveRefused
    """
    members = [member for member in archive.infolist() if not member.is_dir()]
    most = MOST_TABLES if any(".gdbtable" in member.filename.lower() for member in members) else MOST_MEMBERS
    if len(members) > most:
        raise _refused(name, f"{len(members)} > {most} files")
    out = []
    for member in members:
        inner = PurePosixPath(_true_name(member).replace("\\", "/"))
        mode = member.external_attr >> 16
        if member.flag_bits & 1:
            raise _refused(name, "encrypted / 已加密")
        if inner.is_absolute() or ".." in inner.parts or "\x00" in member.orig_filename or ":" in str(inner):
            raise _refused(name, f"path / 路径: {member.filename[:60]!r}")
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
            raise _refused(name, f"link / 链接: {member.filename[:60]!r}")
        out.append((member, inner))
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MOST_BYTES or total > MOST_RATIO * max(packed, 1_000):
        raise _refused(name, f"size / 体积: {total:,}")
    return [(member, inner) for member, inner in out if not _is_litter(inner)]


def _true_name(member: zipfile.ZipInfo) -> str:
    """A member's name; packers in China write it in GBK and do not say so."""
    if member.flag_bits & _UTF8:
        return member.filename
    try:
        data = member.filename.encode("cp437")
    except UnicodeEncodeError:
        return member.filename
    for codec in ("utf-8", "gb18030"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    return member.filename


def _inner(members: _Members, name: str) -> Inner:
    """What an archive holds, by the names of its files.

    Raises
    ------
    ArchiveRefused
    """
    names = {str(inner).lower() for _, inner in members}
    endings = {inner.suffix.lower() for _, inner in members}
    if "xl/workbook.xml" in names:
        return "xlsx"
    if ".gdbtable" in endings:
        return "gdb"
    if ".shp" in endings:
        return "shapefile"
    if ".kml" in endings:
        return "kml"
    if ".zip" in endings:
        raise _refused(name, "a ZIP in a ZIP / 压缩包套压缩包")
    if endings & set(_SINGLE):
        return "file"
    raise _refused(name, "nothing that is read / 没有可导入的文件")


def _single(archive: zipfile.ZipFile, members: _Members, path: Path, target: Path) -> Path:
    """The one file that is a layer by itself; texts that explain it may lie beside it.

    Raises
    ------
    ArchiveRefused
        When there are several.
    """
    files = [(member, inner) for member, inner in members if inner.suffix.lower() in _SINGLE]
    binary = [file for file in files if file[1].suffix.lower() not in (".txt", ".csv", ".json", ".dat")]
    found = binary or files
    if len(found) != 1:
        raise _refused(path.name, ", ".join(inner.name[:40] for _, inner in found[:5]))
    file = target / f"{path.stem}{found[0][1].suffix.lower()}"
    _extract(archive, found[0][0], file, path.name)
    return file


def _wanted(inner: Inner, members: _Members, name: str) -> list[tuple[zipfile.ZipInfo, str]]:
    """Members to unpack, with the names that they get."""
    if inner == "kml":
        files = [(member, path) for member, path in members if path.suffix.lower() == ".kml"]
        first = next((file for file in files if file[1].name.lower() == "doc.kml"), files[0])
        return [(first[0], "doc.kml")]
    if inner == "gdb":
        tables = [(m, p) for m, p in members if p.suffix.lower() in _TABLES or p.name.lower() in _BARE]
        folders = {path.parent for _, path in tables}
        if len(folders) != 1:
            raise _refused(name, f"{len(folders)} × .gdb")
        return [(member, path.name) for member, path in tables]
    return _shapefiles(members, name)


def _shapefiles(members: _Members, name: str) -> list[tuple[zipfile.ZipInfo, str]]:
    """Parts of shapefiles, each folder of the archive in a folder of its own."""
    out: list[tuple[zipfile.ZipInfo, str]] = []
    taken: set[str] = set()
    folders = sorted({path.parent for _, path in members if path.suffix.lower() == ".shp"})
    for member, path in members:
        if path.suffix.lower() in _PARTS and path.parent in folders:
            file = f"{folders.index(path.parent)}/{path.stem}{path.suffix.lower()}"
            if file.lower() in taken or len(path.stem.encode()) > _LONGEST_NAME:
                raise _refused(name, f"name / 文件名: {path.name[:60]!r}")
            taken.add(file.lower())
            out.append((member, file))
    return out


def _is_litter(inner: PurePosixPath) -> bool:
    return inner.parts[:1] == ("__MACOSX",) or inner.name.startswith("._")


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
