"""Files that are damaged, disguised or hostile: every one of them is refused in words, and the service goes on."""

from __future__ import annotations

import functools
import itertools
import json
import sqlite3
import stat
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.corpus import good
from tests.corpus.case import Case, blocks, short, written
from tests.files import POINTS_HEAD

_ANY = frozenset({"*"})


def broken() -> Iterator[Case]:
    """All of them."""
    yield from _cut_short()
    yield from _parts_missing()
    yield from _hostile_texts()
    yield from _archives()
    yield from _nothing_inside()


# --- damaged ---------------------------------------------------------------------------------------------------

WHOLE: dict[str, Callable[[Path], Path]] = {
    "shp": functools.partial(good._one, ending="shp", driver="ESRI Shapefile", system="EPSG:4548"),
    "gpkg": functools.partial(good._one, ending="gpkg", driver="GPKG", system="EPSG:4548"),
    "geojson": functools.partial(good._one, ending="geojson", driver="GeoJSON", system="EPSG:4326"),
    "fgb": functools.partial(good._one, ending="fgb", driver="FlatGeobuf", system="EPSG:4548"),
    "gdb": functools.partial(
        good._zipped, make=functools.partial(good._one, ending="gdb", driver="OpenFileGDB", system="EPSG:4548")
    ),
    "parquet": functools.partial(good._parquet, system="EPSG:4548"),
    "kml": good._kml,
    "kmz": good._kmz,
    "dxf": functools.partial(good._dxf, version="R2000", encoding="cp936"),
    "txt": good._txt,
    "xlsx": functools.partial(good._xlsx, above=0),
    "csv": functools.partial(good._csv, encoding="utf-8", mark=",", geometry="wkt"),
    "topojson": lambda folder: _topojson(folder),
    "zip": functools.partial(good._packed, encoding="UTF-8", cpg=True, packing="zip"),
    "cass": lambda folder: _cass(folder),
}
"""A sound file of every format: what truncations and mutations start from."""

WISH = {kind: {"crs": "EPSG:4548"} for kind in ("dxf", "xlsx", "csv", "cass")}


def _topojson(folder: Path) -> Path:
    arcs, shapes = [], []
    for number, row in enumerate(blocks(crs="EPSG:4326").itertuples(index=False)):
        arcs.append([list(point) for point in row.geometry.exterior.coords])
        shapes.append({"type": "Polygon", "arcs": [[number]], "properties": {"地块编号": row[0]}})
    document = {
        "type": "Topology",
        "objects": {"地块": {"type": "GeometryCollection", "geometries": shapes}},
        "arcs": arcs,
    }
    path = folder / "地块.topojson"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _cass(folder: Path) -> Path:
    lines = []
    for number, row in enumerate(blocks().itertuples(index=False)):
        for corner, (east, north) in enumerate(list(row.geometry.exterior.coords)[:-1]):
            lines.append(f"{number * 4 + corner + 1},JZD,{east:.3f},{north:.3f},41.250")
    path = folder / "测点.dat"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="gbk", newline="")
    return path


def _cut_short() -> Iterator[Case]:
    for kind, share in itertools.product(WHOLE, (0.0, 0.02, 0.3, 0.6, 0.9, 0.999)):
        make = functools.partial(_truncated, make=WHOLE[kind], share=share)
        yield Case(f"{kind}-cut-{share}", make, "any", wish=WISH.get(kind, {}))
    for kind in WHOLE:
        yield Case(f"{kind}-zeroed", functools.partial(_zeroed, make=WHOLE[kind]), "any", wish=WISH.get(kind, {}))


def _truncated(folder: Path, make: Callable[[Path], Path], share: float) -> Path:
    path = make(folder)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


def _zeroed(folder: Path, make: Callable[[Path], Path]) -> Path:
    path = make(folder)
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half : half + 64] = bytes(min(64, len(data) - half))
    path.write_bytes(bytes(data))
    return path


def _parts_missing() -> Iterator[Case]:
    for part in (".dbf", ".shx", ".shp"):
        yield Case(f"shp-without{part}", functools.partial(_without, part=part), "refused", codes=_ANY)
    yield Case("shp-without.prj", functools.partial(_without, part=".prj"), "refused", codes=_ANY)
    for text in ("", "http://127.0.0.1:9/4548", "PROJCS[", 'LOCAL_CS["x"]', "\x00\x00", "EPSG:4548", "a" * 100_000):
        yield Case(
            f"shp-prj-{text[:7].strip(chr(0)) or 'nothing'}-{len(text)}", functools.partial(_prj, text=text), "any"
        )
    for said in (0, 5, 7, 1_000_000):
        yield Case(f"shp-dbf-says-{said}", functools.partial(_miscounted, said=said), "any")


def _without(folder: Path, part: str) -> Path:
    path = WHOLE["shp"](folder)
    path.with_suffix(part).unlink()
    return path if part != ".shp" else path.with_suffix(".dbf")


def _prj(folder: Path, text: str) -> Path:
    path = WHOLE["shp"](folder)
    path.with_suffix(".prj").write_text(text, encoding="utf-8")
    return path


def _miscounted(folder: Path, said: int) -> Path:
    path = WHOLE["shp"](folder)
    dbf = path.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[4:8] = struct.pack("<I", said)
    dbf.write_bytes(bytes(data))
    return path


# --- disguised and hostile -------------------------------------------------------------------------------------

_VRT = b"""<OGRVRTDataSource><OGRVRTLayer name='a'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>
</OGRVRTDataSource>"""
_LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>
<kml><Document><name>&d;</name></Document></kml>"""
_FILE_ENTITY = b"""<?xml version="1.0"?><!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>&x;</name></Placemark></Document></kml>"""
_NETWORK = b"""<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink><Link>
<href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink></Document></kml>"""
_DEEP = b'<kml xmlns="http://www.opengis.net/kml/2.2">' + b"<Folder>" * 20_000 + b"</Folder>" * 20_000 + b"</kml>"

TEXTS: dict[str, bytes] = {
    **{
        f"vrt.{ending}": _VRT
        for ending in ("shp", "geojson", "gpkg", "kml", "csv", "txt", "vrt", "dxf", "gml", "xml")
    },
    "gdalg.json": b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
    "gdalg.gdalg.json": b'{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}',
    "link.geojson": b'{"type":"FeatureCollection","features":[],"crs":{"type":"link","properties":{"href":"x"}}}',
    "url.geojson": b'{"type":"FeatureCollection","crs":"http://127.0.0.1:9/x","features":[]}',
    "twice.geojson": b'{"type":"Feature","crs":{"type":"link"},"crs":{"type":"name","properties":{}}}',
    "deep.geojson": b'{"type": "FeatureCollection", "features": ' + b"[" * 100_000,
    "wide.geojson": b'{"type":"FeatureCollection","features":[' + b"[]," * 100_000 + b"[]]}",
    "laughs.kml": _LAUGHS,
    "entity.kml": _FILE_ENTITY,
    "network.kml": _NETWORK,
    "deep.kml": _DEEP,
    "kml-without-end.kml": _NETWORK[:90],
    "gml.gml": b"<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml'></gml:FeatureCollection>",
    "html.kml": b"<!doctype html><html><body>Not found</body></html>",
    "pdf.shp": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3",
    "exe.zip": b"MZ\x90\x00" + bytes(200),
    "png.dxf": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "dwg.dxf": b"AC1032" + bytes(500),
    "doc.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "rar.zip": b"Rar!\x1a\x07\x01\x00" + bytes(100),
    "nul.csv": b"a,b\n1,\x00\n",
    "binary.txt": bytes(range(256)) * 20,
    "spaces.csv": b"   \n  \n",
    "one-line.csv": b"\xe5\x9c\xb0\xe5\x9d\x97\n",
    "ragged.csv": "地块编号,wkt\nA\nB,x,y,z\n".encode(),
    "open-quote.csv": '地块编号,wkt\n"A,POLYGON((0 0,1 0,1 1,0 0))\n'.encode() * 50,
    "bad-wkt.csv": "地块编号,wkt\nA,POLYGON((0 0,1 0\nB,圆形\n".encode(),
    "points.txt": b"[\xe5\xb1\x9e\xe6\x80\xa7\xe6\x8f\x8f\xe8\xbf\xb0]\n",
    "points-no-rows.txt": POINTS_HEAD.encode("gbk"),
    "points-letters.txt": (POINTS_HEAD + "4,0.1,A,甲,面,,,,@\nJ1,1,abc,def\n").encode("gbk"),
    "points-two.txt": (
        POINTS_HEAD + "2,0.1,A,甲,面,,,,@\nJ1,1,4411001.0,39438363.0\nJ2,1,4411001.0,39438463.0\n"
    ).encode("gbk"),
    "dxf-text.dxf": b"0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n",
    "dxf-loop.dxf": b"999\nx\n" * 5_000,
    "fgb-head.fgb": b"fgb\x03fgb\x00" + struct.pack("<I", 2**31 - 1) + bytes(40),
    "fgb-zero.fgb": b"fgb\x03fgb\x00" + bytes(64),
    "parquet.parquet": b"PAR1" + bytes(40) + struct.pack("<I", 2**31 - 1) + b"PAR1",
    "parquet-short.parquet": b"PAR1PAR1",
    "shp-head.shp": b"\x00\x00\x27\x0a" + bytes(96),
}


def _hostile_texts() -> Iterator[Case]:
    may_be_read = ("network.kml", "ragged.csv", "bad-wkt.csv", "one-line.csv", "points-two.txt", "deep.kml")
    for name, data in TEXTS.items():
        verdict = "any" if name in may_be_read else "refused"
        yield Case(f"text-{name}", functools.partial(_text, name=name, data=data), verdict, codes=_ANY)
    yield Case("gpkg-view", _view, "refused", codes=_ANY)
    yield Case("gpkg-virtual", _virtual, "refused", codes=_ANY)
    yield Case("sqlite-plain", _sqlite, "refused", codes=_ANY)
    yield Case("gpkg-trigger", _trigger, "any")
    yield Case("shp-link", _link, "any")


def _text(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def _altered(folder: Path, *statements: str) -> Path:
    path = WHOLE["gpkg"](folder)
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def _view(folder: Path) -> Path:
    return _altered(folder, "CREATE VIEW v AS SELECT * FROM sqlite_master")


def _virtual(folder: Path) -> Path:
    return _altered(
        folder,
        "PRAGMA writable_schema = ON",
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES "
        "('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')",
    )


def _trigger(folder: Path) -> Path:
    return _altered(folder, "CREATE TRIGGER t AFTER INSERT ON gpkg_contents BEGIN DELETE FROM gpkg_contents; END")


def _sqlite(folder: Path) -> Path:
    connection = sqlite3.connect(folder / "a.gpkg")
    connection.execute("CREATE TABLE t (a)")
    connection.commit()
    connection.close()
    return folder / "a.gpkg"


def _link(folder: Path) -> Path:
    inner = folder / "elsewhere"
    inner.mkdir()
    path = WHOLE["shp"](inner)
    path.with_suffix(".dbf").unlink()
    path.with_suffix(".dbf").symlink_to("/etc/passwd")
    return path


# --- archives --------------------------------------------------------------------------------------------------


def _archives() -> Iterator[Case]:
    makers: dict[str, Callable[[zipfile.ZipFile, Path], None]] = {
        "traversal": lambda z, f: z.writestr("../../a.shp", b"x"),
        "absolute": lambda z, f: z.writestr("/etc/a.shp", b"x"),
        "drive": lambda z, f: z.writestr("C:\\a.shp", b"x"),
        "many": lambda z, f: [z.writestr(f"{n}.txt", b"") for n in range(70_000)] and None,
        "bomb": lambda z, f: z.writestr("a.shp", bytes(200_000_000)),
        "nothing": lambda z, f: None,
        "only-text": lambda z, f: z.writestr("readme.md", b"x"),
        "nested": lambda z, f: z.write(WHOLE["zip"](_made(f / "n")), "inner.zip"),
        "two-shapefiles": _two,
        "link": _linked,
        "vrt-inside": lambda z, f: z.writestr("a.vrt", _VRT),
        "shp-is-vrt": lambda z, f: [z.writestr(f"a.{part}", _VRT) for part in ("shp", "shx", "dbf", "prj")] and None,
    }
    for name, fill in makers.items():
        verdict = "any" if name in ("nested", "two-shapefiles") else "refused"
        yield Case(f"zip-{name}", functools.partial(_archive, fill=fill), verdict, codes=_ANY)
    yield Case("zip-encrypted", _encrypted, "refused", codes=_ANY)
    yield Case("zip-bad-crc", _bad_crc, "refused", codes=_ANY)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _archive(folder: Path, fill: Callable[[zipfile.ZipFile, Path], None]) -> Path:
    path = folder / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        fill(archive, folder)
    return path


def _two(archive: zipfile.ZipFile, folder: Path) -> None:
    for name in ("东区", "西区"):
        inner = _made(folder / name)
        written(short(blocks()), inner / "a.shp")
        for part in sorted(inner.iterdir()):
            archive.write(part, f"{name}{part.suffix}")


def _linked(archive: zipfile.ZipFile, folder: Path) -> None:
    member = zipfile.ZipInfo("a.shp")
    member.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(member, "/etc/passwd")


def _encrypted(folder: Path) -> Path:
    path = WHOLE["zip"](folder)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 4)
    path.write_bytes(bytes(data))
    return path


def _bad_crc(folder: Path) -> Path:
    path = WHOLE["zip"](folder)
    with zipfile.ZipFile(path) as archive:
        member = max(archive.infolist(), key=lambda item: item.compress_size)
        start = member.header_offset + 30 + len(member.orig_filename.encode()) + 10
    data = bytearray(path.read_bytes())
    for place in range(start, start + 20):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    return path


# --- nothing inside --------------------------------------------------------------------------------------------


def _nothing_inside() -> Iterator[Case]:
    for ending, driver in good.DRIVERS.items():
        yield Case(f"{ending}-no-rows", functools.partial(_no_rows, ending=ending, driver=driver), "any", rows=0)
    yield Case("parquet-no-rows", _no_rows_parquet, "any", rows=0)
    yield Case("folder-empty", lambda folder: _made(folder / "空"), "refused", codes=_ANY)
    yield Case("file-empty", lambda folder: _text(folder, "a.shp", b""), "refused", codes=_ANY)
    yield Case("file-missing", lambda folder: folder / "没有.shp", "refused", codes=frozenset({"file_missing"}))


def _no_rows(folder: Path, ending: str, driver: str) -> Path:
    frame = blocks().iloc[:0]
    return written(
        short(frame) if ending == "shp" else frame, folder / f"a.{ending}", driver=driver, geometry_type="Polygon"
    )


def _no_rows_parquet(folder: Path) -> Path:
    blocks().iloc[:0].to_parquet(folder / "a.parquet")
    return folder / "a.parquet"
