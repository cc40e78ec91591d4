"""What a file is, judged by its own bytes and never by its name, and a private copy of it to read from.

The copy has a name that we choose: nothing that a user calls a file reaches the library that opens it, no sibling
file is picked up by accident, and a workspace that is in use is never opened by a second library.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from layers.readers import kinds
from layers.readers.archive import MOST_TABLES, unpack
from layers.readers.children import POOL
from layers.readers.dbf import text_of
from layers.readers.errors import (
    EncodingRefused,
    FileBroken,
    FileMissing,
    FormatRefused,
    LinkedCrs,
    PartMissing,
    PathRefused,
    ViewInside,
)
from layers.readers.isolation import DRIVERS, limits_for
from layers.readers.kinds import Kind
from layers.readers.watching import UNWATCHED, Cancelled, Watch

SHAPEFILE_PARTS = ("shp", "shx", "dbf", "prj", "cpg")
_GPKG_IDS = (b"GPKG", b"GP10", b"GP11")
_GEOJSON_TYPES = (
    "FeatureCollection", "Feature", "Point", "MultiPoint", "LineString", "MultiLineString",
    "Polygon", "MultiPolygon", "GeometryCollection",
)  # fmt: skip
_HEAD = 4096
_PAGES, _INSTRUCTIONS = 4096, 1_000_000
"""How many pages of a database are copied, and how many steps of its checks are taken, before it is asked again
whether somebody waits for them."""
_DRAWING_HEAD = 1 << 16
_FIRST_UTF8 = 1021
"""R2007, the first version of DXF that is in UTF-8."""


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
    layers
        The shapefiles of a folder or a ZIP, by name.
    lost
        Members of a collection of JSON that no library reads, by layer: their places, and what they are.
    features
        How many features it holds, where that was seen when it was judged; 0 where it was not.
    """

    kind: Kind
    path: Path
    name: str
    encoding: str | None = None
    encoding_basis: str | None = None
    has_crs: bool = False
    layers: Mapping[str, Path] = field(default_factory=dict)
    lost: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    features: int = 0


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


def open_source(text: str, scratch: Path, encoding: str | None = None, watch: Watch = UNWATCHED) -> Source:
    """Judge a file and copy what belongs to it into a scratch folder.

    Parameters
    ----------
    text
        A file, a folder with shapefiles or of a file geodatabase, or a ZIP with one of these or a KML file.
    scratch
        An empty folder of ours.
    encoding
        As the user gave it; None decides by the bytes.
    watch
        Told how far a long text is judged.

    Raises
    ------
    FileRefused, Cancelled
    """
    path = plain_path(text)
    if path.is_dir():
        return _folder(path, scratch)
    with path.open("rb") as handle:
        head = handle.read(_HEAD)
    kind = kinds.of_bytes(head)
    if kind == "shapefile":
        return _shapefiles([path], scratch, path.name)
    if kind == "gpkg":
        return _geopackage(path, head, scratch, watch)
    if kind is not None:
        return _copied(kind, path, scratch)
    if head[:4] == kinds.ZIP:
        return _archive(path, scratch, encoding, watch)
    if path.suffix.lower() in (".shx", ".dbf", ".prj") and path.with_suffix(".shp").exists():
        return _shapefiles([path.with_suffix(".shp")], scratch, path.name)
    return _text_file(path, head, scratch, encoding, watch)


def _copied(kind: Kind, path: Path, scratch: Path) -> Source:
    """A file whose text is in UTF-8 whatever it says."""
    target = scratch / f"source.{kind}"
    shutil.copyfile(path, target)
    return Source(kind, target, path.name, "UTF-8", "format")


def _archive(path: Path, scratch: Path, encoding: str | None, watch: Watch) -> Source:
    inner, found = unpack(path, scratch)
    if inner == "file":
        alone = scratch / "inner"
        alone.mkdir()
        return open_source(str(found), alone, encoding, watch)
    if inner == "xlsx":
        return _copied("xlsx", found, scratch)
    if inner == "kml":
        return _xml(found.read_bytes(), path, scratch, encoding)
    if inner == "gdb":
        return _geodatabase(found, scratch, path.name)
    return _shapefiles(sorted(found.glob("*/*.shp")), scratch, path.name)


def _folder(path: Path, scratch: Path) -> Source:
    inside = sorted(path.iterdir())
    if any(p.suffix.lower() == ".gdbtable" for p in inside):
        return _geodatabase(path, scratch, path.name)
    geodatabases = [p for p in inside if p.suffix.lower() == ".gdb" and p.is_dir()]
    shapes = [p for p in inside if p.suffix.lower() == ".shp" and p.is_file()]
    if len(geodatabases) == 1 and not shapes:
        return _geodatabase(geodatabases[0], scratch, geodatabases[0].name)
    if not shapes:
        raise FormatRefused(where=str(path), path=path.name, found="no .shp, no .gdb")
    return _shapefiles(shapes, scratch, shapes[0].name if len(shapes) == 1 else path.name)


def _geodatabase(path: Path, scratch: Path, name: str) -> Source:
    target = scratch / "source.gdb"
    target.mkdir()
    files = [p for p in path.iterdir() if p.is_file() and not p.is_symlink() and p.suffix.lower() != ".lock"]
    if len(files) > MOST_TABLES:
        raise FileBroken(where=str(path), path=name, reason=f"{len(files)} > {MOST_TABLES} files")
    for file in files:
        shutil.copyfile(file, target / file.name)
    return Source("gdb", target, name, "UTF-8", "format")


def _shapefiles(paths: list[Path], scratch: Path, name: str) -> Source:
    parts: dict[str, Path] = {}
    for path in paths:
        title, number = path.stem, 1
        while title in parts:
            number += 1
            title = f"{path.stem}_{number}"
        parts[title] = _shapefile(path, scratch / f"shapefile_{len(parts)}")
    return Source("shapefile", next(iter(parts.values())), name, layers=parts)


def _shapefile(path: Path, folder: Path) -> Path:
    folder.mkdir()
    siblings = {p.suffix.lower(): p for p in path.parent.iterdir() if p.stem == path.stem and p.is_file()}
    for part in (".shx", ".dbf"):
        if part not in siblings:
            raise PartMissing(where=str(path), path=path.name, part=part)
    for part in SHAPEFILE_PARTS:
        if f".{part}" in siblings:
            shutil.copyfile(siblings[f".{part}"], folder / f"source.{part}")
    _plain_prj(folder / "source.prj")
    target = folder / "source.shp"
    count = _shx_count(folder / "source.shx")
    with (folder / "source.dbf").open("rb") as handle:
        in_dbf = int.from_bytes(handle.read(8)[4:8], "little")
    with target.open("rb") as handle:
        magic = handle.read(4)
    if magic != kinds.SHP or count != in_dbf:
        raise FileBroken(where=str(path), path=path.name, reason=f".shx {count} ≠ .dbf {in_dbf}")
    return target


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


def _geopackage(path: Path, head: bytes, scratch: Path, watch: Watch) -> Source:
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
            live.backup(copy, pages=_PAGES, progress=lambda _, left, pages: watch.step("open", pages - left, pages))
            copy.set_progress_handler(lambda: _unwanted(watch), _INSTRUCTIONS)
            copy.execute("PRAGMA trusted_schema = OFF")
            copy.execute("PRAGMA cell_size_check = ON")
            verdict = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            made = copy.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE type IN ('view', 'table')"
            ).fetchall()
            copy.execute("PRAGMA journal_mode = DELETE")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        watch.step("open")  # what was interrupted is not broken
        raise FileBroken(where=str(path), path=path.name, reason=str(error)[:120]) from error
    odd = [name for kind, name, sql in made if kind == "view" or not _ordinary(str(sql))]
    if odd:
        raise ViewInside(where=str(path), path=path.name, name=str(odd[0])[:60])
    if verdict != "ok":
        raise FileBroken(where=str(path), path=path.name, reason=str(verdict)[:120])
    return Source("gpkg", target, path.name, "UTF-8", "format")


def _unwanted(watch: Watch) -> bool:
    """Whether somebody wants the file no more, which interrupts what the database does."""
    try:
        watch.step("open")
    except Cancelled:
        return True
    return False


def _ordinary(sql: str) -> bool:
    """Whether a table is kept in the file itself: no module but the spatial index runs when it is read."""
    return not re.match(r"\s*CREATE\s+VIRTUAL", sql, re.I) or bool(re.search(r"\bUSING\s+rtree\s*\(", sql, re.I))


def _text_file(path: Path, head: bytes, scratch: Path, encoding: str | None, watch: Watch) -> Source:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] == b"{":
        return _json(path, scratch, encoding, watch)
    if start[:1] == b"<":
        return _xml(path.read_bytes(), path, scratch, encoding)
    if _starts_drawing(head):
        return _drawing(path, scratch, encoding)
    wide = head[:2] in (b"\xff\xfe", b"\xfe\xff")  # UTF-16, as spreadsheets save «Unicode text»
    found = kinds.foreign(head)
    if found or (b"\x00" in head and not wide) or not start:
        raise _unknown(path, start, found)
    text, name, basis = text_of(path.read_bytes(), path.name, encoding)
    kind: Kind = kinds.of_text(text) or "csv"
    if kind == "csv" and (start[:1] == b"[" or path.suffix.lower() not in (".csv", ".txt", ".tsv")):
        raise _unknown(path, start, None)
    target = scratch / f"source.{kind}"
    target.write_text(text, encoding="utf-8", newline="")
    return Source(kind, target, path.name, name, basis)


def _unknown(path: Path, start: bytes, found: str | None) -> FormatRefused:
    said = found or start[:16].decode("ascii", "replace") or "—"
    return FormatRefused(where=str(path), path=path.name, found=said)


def _xml(data: bytes, path: Path, scratch: Path, encoding: str | None) -> Source:
    """A KML file in UTF-8 without a document type: no entity is ever looked up or unfolded."""
    declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']", data)
    said = declared.group(1).decode("ascii") if declared else None
    text, name, basis = text_of(data, path.name, encoding or (said if said and said.upper() != "UTF-8" else None))
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.I):
        raise FormatRefused(where=str(path), path=path.name, found="XML DOCTYPE")
    if kinds.of_text(text) != "kml":
        raise FormatRefused(where=str(path), path=path.name, found="XML")
    plain = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"))
    target = scratch / "source.kml"
    target.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + plain, encoding="utf-8", newline="")
    return Source("kml", target, path.name, name, basis if encoding or not said else "declared")


def _starts_drawing(head: bytes) -> bool:
    return kinds.of_text(head.decode("latin-1")) == "dxf"


def _drawing(path: Path, scratch: Path, encoding: str | None) -> Source:
    """A DXF file in UTF-8: since R2007 it has to be, before that its header names a code page."""
    data = path.read_bytes()
    found = re.search(rb"\$ACADVER\s+1\s+AC(\d+)", data[:_DRAWING_HEAD])
    page = re.search(rb"\$DWGCODEPAGE\s+3\s+(\w+)", data[:_DRAWING_HEAD])
    old = found is not None and int(found.group(1)) < _FIRST_UTF8
    said = "gb18030" if old and page and page.group(1).upper() in (b"ANSI_936", b"GB2312") else None
    try:
        text, name, basis = text_of(data, path.name, encoding or said)
    except EncodingRefused:
        if encoding or said is None:
            raise
        text, name, basis = text_of(data, path.name, None)
        said = None
    target = scratch / "source.dxf"
    target.write_text(text, encoding="utf-8", newline="")
    return Source("dxf", target, path.name, name, "declared" if said and not encoding else basis)


def _json(path: Path, scratch: Path, encoding: str | None, watch: Watch) -> Source:
    text, name, basis = text_of(path.read_bytes(), path.name, encoding)
    target = scratch / "source.geojson"
    target.write_text(text, encoding="utf-8", newline="")
    request = {"do": "vet", "path": str(target), "out": str(scratch)}
    said = POOL.ask(DRIVERS["geojson"], request, limits_for(target.stat().st_size), path.name, watch)
    kind: Kind = "topojson" if said["type"] == "Topology" else "geojson"
    if kind == "geojson" and said["type"] not in _GEOJSON_TYPES:
        raise FormatRefused(where=str(path), path=path.name, found=f"JSON type {str(said['type'] or '—')[:40]}")
    if said["crs"] == "other" or said["repeated"]:
        raise LinkedCrs(where=str(path), path=path.name)
    if kind == "topojson":
        target = target.rename(scratch / "source.topojson")
    lost = {str(layer): {int(at): str(what) for at, what in some} for layer, some in dict(said["lost"]).items()}
    count = int(said["features"])
    return Source(kind, target, path.name, name, basis, said["crs"] == "named", lost=lost, features=count)
