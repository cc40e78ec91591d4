"""What a file is, judged by its own bytes and never by its name, and a private copy of it to read from.

The copy has a name that we choose: nothing that a user calls a file reaches the library that opens it, no sibling
file is picked up by accident, and a workspace that is in use is never opened by a second library.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from layers.readers.archive import unpack
from layers.readers.dbf import text_of
from layers.readers.errors import FileBroken, FileMissing, FormatRefused, LinkedCrs, PartMissing, PathRefused

Kind = Literal["gpkg", "geojson", "topojson", "shapefile", "csv"]

SHAPEFILE_PARTS = ("shp", "shx", "dbf", "prj", "cpg")
_SHP_MAGIC = b"\x00\x00\x27\x0a"
_SQLITE_MAGIC = b"SQLite format 3\x00"
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_GEOJSON_TYPES = (
    "FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString",
    "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip
_HEAD = 4096


@dataclass(frozen=True)
class Source:
    """A file that may be read.

    Parameters
    ----------
    kind
        What its bytes say it is.
    path
        Our own copy.
    name
        What the user calls it, for messages.
    encoding, encoding_basis
        Of its text, where that is settled already.
    has_crs
        Whether a GeoJSON says its CRS itself.
    """

    kind: Kind
    path: Path
    name: str
    encoding: str | None = None
    encoding_basis: str | None = None
    has_crs: bool = False


def plain_path(text: str) -> Path:
    """The path that a user gave, when it is one of an ordinary file or folder.

    Raises
    ------
    PathRefused
        For ``/vsi…``, addresses, driver prefixes and inline documents.
    FileMissing
    """
    odd = text.startswith(("/vsi", "\\vsi", "<", "{", "[")) or "://" in text or "\x00" in text
    if odd or re.match(r"[A-Za-z][A-Za-z0-9_ ]+:", text):
        raise PathRefused(where=text[:80], path=text[:80])
    path = Path(text)
    if not path.exists():
        raise FileMissing(where=text, path=path.name)
    return path


def open_source(text: str, scratch: Path, encoding: str | None = None) -> Source:
    """Judge a file and copy what belongs to it into a scratch folder.

    Parameters
    ----------
    text
        A file, a folder with one shapefile, or a ZIP with one.
    scratch
        An empty folder of ours.
    encoding
        As the user gave it; None decides by the bytes.

    Raises
    ------
    FileRefused
    """
    path = plain_path(text)
    if path.is_dir():
        return _folder(path, scratch)
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    if head[:4] == _SHP_MAGIC:
        return _shapefile(path, scratch)
    if head[:16] == _SQLITE_MAGIC:
        return _geopackage(path, head, scratch)
    if head[:4] == b"PK\x03\x04":
        return _folder(unpack(path, scratch), scratch, name=path.name)
    if path.suffix.lower() in (".shx", ".dbf", ".prj") and path.with_suffix(".shp").exists():
        return _shapefile(path.with_suffix(".shp"), scratch)
    return _text_file(path, head, scratch, encoding)


def _folder(path: Path, scratch: Path, name: str = "") -> Source:
    shapes = sorted(p for p in path.iterdir() if p.suffix.lower() == ".shp" and p.is_file())
    if len(shapes) != 1:
        found = ", ".join(p.name for p in shapes[:9]) or "no .shp"
        raise FormatRefused(where=name or str(path), path=name or path.name, found=found)
    return _shapefile(shapes[0], scratch)


def _shapefile(path: Path, scratch: Path) -> Source:
    siblings = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem and p.is_file()}
    for part in (".shx", ".dbf"):
        if part not in siblings:
            raise PartMissing(where=str(path), path=path.name, part=part)
    for part in SHAPEFILE_PARTS:
        if f".{part}" in siblings:
            shutil.copyfile(siblings[f".{part}"], scratch / f"source.{part}")
    _plain_prj(scratch / "source.prj")
    target = scratch / "source.shp"
    count = _shx_count(scratch / "source.shx")
    in_dbf = int.from_bytes((scratch / "source.dbf").read_bytes()[4:8], "little")
    if target.read_bytes()[:4] != _SHP_MAGIC or count != in_dbf:
        raise FileBroken(where=str(path), path=path.name, reason=f".shx {count} ≠ .dbf {in_dbf}")
    return Source("shapefile", target, path.name)


def _plain_prj(path: Path) -> None:
    """A CRS whose Chinese name was saved in GBK, in the encoding that the library below reads."""
    if path.exists():
        data = path.read_bytes()
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            path.write_text(data.decode("gb18030", "replace"), encoding="utf-8")


def _shx_count(path: Path) -> int:
    return max(0, (path.stat().st_size - 100) // 8)


def _geopackage(path: Path, head: bytes, scratch: Path) -> Source:
    if head[68:72] not in _GPKG_IDS:
        raise FormatRefused(where=str(path), path=path.name, found="SQLite")
    target = scratch / "source.gpkg"
    # a byte copy of a file in WAL mode would miss its journal, and closing it would drop another connection's locks
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as live,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            live.execute("PRAGMA trusted_schema = OFF")
            live.backup(copy)
            copy.execute("PRAGMA trusted_schema = OFF")
            copy.execute("PRAGMA cell_size_check = ON")
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            made = copy.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'table')"
            ).fetchall()
            copy.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.DatabaseError as error:
        raise FileBroken(where=str(path), path=path.name, reason=str(error)) from error
    odd = [name for kind, name, sql in made if kind == "view" or not _ordinary(str(sql))]
    if verdict != "ok" or odd:
        raise FileBroken(where=str(path), path=path.name, reason=str(odd[0] if odd else verdict)[:120])
    return Source("gpkg", target, path.name, "UTF-8", "format")


def _ordinary(sql: str) -> bool:
    """Whether a table is kept in the file itself: no module but the spatial index runs when it is read."""
    return not re.match(r"\s*CREATE\s+VIRTUAL", sql, re.I) or bool(re.search(r"\bUSING\s+rtree\s*\(", sql, re.I))


def _text_file(path: Path, head: bytes, scratch: Path, encoding: str | None) -> Source:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{":
        return _json(path, scratch, encoding)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16, as spreadsheets save «Unicode text»
    refused = (b"\x00" in head and not wide) or start[:1] in (b"<", b"[") or start[:5] == b"%PDF-" or not start
    if refused or path.suffix.lower() not in (".csv", ".txt", ".tsv"):
        found = "XML" if start[:1] == b"<" else start[:16].decode("ascii", "replace") or "—"
        raise FormatRefused(where=str(path), path=path.name, found=found)
    text, name, basis = text_of(path.read_bytes(), path.name, encoding)
    target = scratch / "source.csv"
    target.write_text(text, encoding="utf-8", newline="")
    return Source("csv", target, path.name, name, basis)


def _json(path: Path, scratch: Path, encoding: str | None) -> Source:
    text, name, basis = text_of(path.read_bytes(), path.name, encoding)
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileBroken(where=str(path), path=path.name, reason=str(error)[:120]) from error
    kind = str(document.get("type")) if isinstance(document, dict) else ""
    if kind == "Topology":
        target = scratch / "source.topojson"
    elif kind in _GEOJSON_TYPES:
        target = scratch / "source.geojson"
    else:
        raise FormatRefused(where=str(path), path=path.name, found=f"JSON type {kind[:40] or '—'}")
    crs = document.get("crs")
    named = isinstance(crs, dict) and crs.get("type") == "name" and isinstance(crs.get("properties"), dict)
    if (crs is not None and not named) or (text.count('"crs"') > 1 and _repeats_crs(text)):
        raise LinkedCrs(where=str(path), path=path.name)
    target.write_text(text, encoding="utf-8")
    return Source("topojson" if kind == "Topology" else "geojson", target, path.name, name, basis, crs is not None)


def _repeats_crs(text: str) -> bool:
    """Whether an object gives `crs` twice, of which another reader may take the other."""
    repeated = False

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal repeated
        repeated |= sum(key == "crs" for key, _ in pairs) > 1
        return dict(pairs)

    json.loads(text, object_pairs_hook=look)
    return repeated
