"""Sound files of every format, reference system, encoding and packing: every row of them comes in."""

from __future__ import annotations

import csv
import functools
import io
import itertools
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import shapely

from tests.corpus.case import AREA, Case, blocks, short, written
from tests.files import POINTS_HEAD

DRIVERS = {
    "shp": "ESRI Shapefile",
    "gpkg": "GPKG",
    "geojson": "GeoJSON",
    "fgb": "FlatGeobuf",
    "gdb": "OpenFileGDB",
}
SYSTEMS = ("EPSG:4548", "EPSG:4527", "EPSG:4547", "EPSG:4490", "EPSG:4326", "EPSG:32650", "EPSG:4549")
ENCODINGS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16")
PLAIN = ("甲", "乙地块", "丙", "丁", "戊", "己")
"""Names that GBK can write."""


def good() -> Iterator[Case]:
    """All of them."""
    yield from _by_system()
    yield from _shapefiles()
    yield from _tables()
    yield from _sheets()
    yield from _points()
    yield from _drawings()


# --- formats by reference system -------------------------------------------------------------------------------


def _by_system() -> Iterator[Case]:
    for (ending, driver), system in itertools.product(DRIVERS.items(), SYSTEMS):
        if ending == "geojson" and system != "EPSG:4326":
            continue
        area = AREA if system == "EPSG:4548" else None
        make = functools.partial(_one, ending=ending, driver=driver, system=system)
        yield Case(f"{ending}-{system[5:]}", make, rows=6, area=area)
        if ending in ("gpkg", "fgb", "gdb"):
            yield Case(f"{ending}-{system[5:]}-zip", functools.partial(_zipped, make=make), rows=6, area=area)
    for system in SYSTEMS:
        yield Case(f"parquet-{system[5:]}", functools.partial(_parquet, system=system), rows=6)
    yield Case("kml", _kml, rows=6)
    yield Case("kmz", _kmz, rows=6)


def _one(folder: Path, ending: str, driver: str, system: str) -> Path:
    frame = blocks(crs=system)
    return written(short(frame) if ending == "shp" else frame, folder / f"地块.{ending}", driver=driver)


def _zipped(folder: Path, make: Any) -> Path:
    inner = folder / "inner"
    inner.mkdir()
    make(inner)
    target = folder / "交付.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(inner.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(inner).as_posix())
    return target


def _parquet(folder: Path, system: str) -> Path:
    blocks(crs=system).to_parquet(folder / "地块.parquet")
    return folder / "地块.parquet"


def _kml(folder: Path) -> Path:
    return written(blocks(crs="EPSG:4326"), folder / "地块.kml", driver="KML", layer="地块")


def _kmz(folder: Path) -> Path:
    inner = _kml(folder)
    target = folder / "地块.kmz"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(inner, "doc.kml")
    inner.unlink()
    return target


# --- shapefiles by encoding and packing ------------------------------------------------------------------------


def _shapefiles() -> Iterator[Case]:
    encodings = ("UTF-8", "GBK", "GB18030")
    packings = ("file", "folder", "zip", "zip-folder", "zip-gbk-names", "upper")
    for encoding, cpg, packing in itertools.product(encodings, (True, False), packings):
        make = functools.partial(_packed, encoding=encoding, cpg=cpg, packing=packing)
        told = "cpg" if cpg else "bare"
        yield Case(f"shp-{encoding.lower()}-{told}-{packing}", make, rows=6, area=AREA)
    yield Case("shp-ldid-gbk", _ldid, rows=6, area=AREA)
    yield Case("shp-cpg-936", functools.partial(_renamed_cpg, text="936"), rows=6, area=AREA)
    yield Case("shp-cpg-ansi-936", functools.partial(_renamed_cpg, text="ANSI 936"), rows=6, area=AREA)
    yield Case("shp-cpg-cp936", functools.partial(_renamed_cpg, text="cp936\r\n"), rows=6, area=AREA)


def _plain(encoding: str) -> gpd.GeoDataFrame:
    frame = short(blocks())
    return frame if encoding in ("UTF-8", "GB18030") else frame.assign(DKMC=list(PLAIN))


def _packed(folder: Path, encoding: str, cpg: bool, packing: str) -> Path:
    inner = folder / "数据"
    inner.mkdir()
    path = written(_plain(encoding), inner / "丰台地块.shp", encoding=encoding)
    if not cpg:
        path.with_suffix(".cpg").unlink(missing_ok=True)
    if packing == "file":
        return path
    if packing == "folder":
        return inner
    if packing == "upper":
        for part in list(inner.iterdir()):
            part.rename(inner / f"BLOCKS{part.suffix.upper()}")
        return inner / "BLOCKS.SHP"
    return _zip_of(inner, folder / "丰台.zip", packing)


def _zip_of(inner: Path, target: Path, packing: str) -> Path:
    prefix = "" if packing == "zip" else "数据/"
    if packing != "zip-gbk-names":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in sorted(inner.iterdir()):
                archive.write(part, f"{prefix}{part.name}")
        return target
    # a name that another program wrote in GBK without saying so: the flag for UTF-8 is not set, its bytes are GBK
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        for number, part in enumerate(sorted(inner.iterdir())):
            archive.writestr(f"{number}{'x' * 15}{part.suffix}", part.read_bytes())
    data = plain.getvalue()
    for number, part in enumerate(sorted(inner.iterdir())):
        ours = f"{number}{'x' * 15}{part.suffix}".encode()
        theirs = f"地块数据丰台东区{part.suffix}".encode("gbk")
        assert len(ours) == len(theirs)
        data = data.replace(ours, theirs)
    target.write_bytes(data)
    return target


def _ldid(folder: Path) -> Path:
    path = _packed(folder, "GBK", False, "file")
    dbf = path.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[29] = 0x4D
    dbf.write_bytes(bytes(data))
    return path


def _renamed_cpg(folder: Path, text: str) -> Path:
    path = _packed(folder, "GBK", False, "file")
    path.with_suffix(".cpg").write_text(text, encoding="ascii", newline="")
    return path


# --- tables with a geometry in their cells ---------------------------------------------------------------------


def _tables() -> Iterator[Case]:
    for encoding, mark in itertools.product(ENCODINGS, (",", ";", "\t")):
        make = functools.partial(_csv, encoding=encoding, mark=mark, geometry="wkt")
        name = {",": "comma", ";": "semicolon", "\t": "tab"}[mark]
        yield Case(f"csv-wkt-{encoding}-{name}", make, rows=6, area=AREA, wish={"crs": "EPSG:4548"})
    for header in ("wkt", "WKT", "geom", "geometry", "几何"):
        make = functools.partial(_csv, encoding="utf-8", mark=",", geometry=header)
        yield Case(f"csv-header-{header}", make, rows=6, area=AREA, wish={"crs": "EPSG:4548"})
    make = functools.partial(_csv, encoding="utf-8", mark=",", geometry="wkt", ewkt="SRID=4548;")
    yield Case("csv-ewkt", make, rows=6, area=AREA)


def _csv(folder: Path, encoding: str, mark: str, geometry: str, ewkt: str = "") -> Path:
    frame = blocks().assign(名称=list(PLAIN))
    path = folder / "地块.csv"
    with path.open("w", encoding=encoding, newline="") as handle:
        writer = csv.writer(handle, delimiter=mark)
        writer.writerow([*frame.columns.drop("geometry"), geometry])
        for row in frame.itertuples(index=False):
            writer.writerow([*row[:-1], f"{ewkt}{shapely.to_wkt(row[-1], rounding_precision=4)}"])
    return path


def _sheets() -> Iterator[Case]:
    for above in (0, 1, 3):
        make = functools.partial(_xlsx, above=above)
        yield Case(f"xlsx-{above}-above", make, rows=6, area=AREA, wish={"crs": "EPSG:4548"})
    yield Case(
        "xlsx-second-sheet",
        functools.partial(_xlsx, above=0, sheets=("说明", "地块")),
        rows=6,
        area=AREA,
        wish={"crs": "EPSG:4548", "source_layer": "地块"},
    )


def _xlsx(folder: Path, above: int, sheets: tuple[str, ...] = ("地块",)) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets[:-1]:
        book.create_sheet(name).append(["编制说明"])
    sheet = book.create_sheet(sheets[-1])
    frame = blocks().assign(名称=list(PLAIN))
    for number in range(above):
        sheet.append([("丰台区剩余可用地块一览表", "单位：平方米", None)[number]])
    sheet.append([*frame.columns.drop("geometry"), "wkt"])
    for row in frame.itertuples(index=False):
        sheet.append([*row[:-1], shapely.to_wkt(row[-1], rounding_precision=4)])
    book.save(folder / "地块.xlsx")
    return folder / "地块.xlsx"


# --- boundary points -------------------------------------------------------------------------------------------


def _points() -> Iterator[Case]:
    kinds = ("eight", "nine", "twelve")
    for kind, encoding, counted in itertools.product(kinds, ("gbk", "utf-8", "utf-8-sig"), (True, False)):
        make = functools.partial(_txt, kind=kind, encoding=encoding, counted=counted)
        told = "counted" if counted else "once"
        yield Case(f"txt-{kind}-{encoding}-{told}", make, rows=6, area=AREA)
    yield Case("txt-unix-lines", functools.partial(_txt, newline="\n"), rows=6, area=AREA)
    yield Case("txt-chinese-marks", functools.partial(_txt, chinese=True), rows=6, area=AREA)
    yield Case("txt-unit-in-area", functools.partial(_txt, unit="公顷"), rows=6, area=AREA)
    yield Case("txt-project", functools.partial(_txt, project=True), rows=6, area=AREA)
    yield Case("txt-hole", functools.partial(_txt, hole=True), rows=6, area=AREA - 6 * 400.0)


def _txt(  # one maker for all dialects: what differs is what is tried
    folder: Path,
    kind: str = "eight",
    encoding: str = "gbk",
    counted: bool = True,
    newline: str = "\r\n",
    chinese: bool = False,
    unit: str = "",
    project: bool = False,
    hole: bool = False,
) -> Path:
    tail = {"eight": "@", "nine": "M4,@", "twelve": "M4,110106,2026,,@"}[kind]
    lines = ["[项目信息]", "项目名称=示例"] if project else []
    lines += POINTS_HEAD.strip().split("\n")
    for row in blocks().itertuples(index=False):
        outer = list(row.geometry.normalize().exterior.coords)
        middle = row.geometry.centroid
        rings = [outer]
        if hole:
            rings.append(
                list(shapely.box(middle.x - 10, middle.y - 10, middle.x + 10, middle.y + 10).exterior.coords)
            )
        total = sum(len(ring) - (0 if counted else 1) for ring in rings)
        lines.append(f"{total},0.6400{unit},{row[0]},地块,面,,工业研发,{tail}")
        number = 0
        for ring, points in enumerate(rings, start=1):
            first = number + 1
            for east, north in points[:-1]:
                number += 1
                lines.append(f"J{number},{ring},{north:.3f},{39_000_000 + east:.3f}")
            lines.append(f"J{first},{ring},{points[0][1]:.3f},{39_000_000 + points[0][0]:.3f}")
    text = newline.join(lines) + newline
    if chinese:
        text = text.replace(",", "，").replace("[", "【").replace("]", "】")
    path = folder / "界址点.txt"
    path.write_bytes(text.encode(encoding))
    return path


# --- drawings --------------------------------------------------------------------------------------------------


def _drawings() -> Iterator[Case]:
    for version, encoding in itertools.product(("R2000", "R2004", "R2007", "R2010", "R2018"), ("utf-8", "cp936")):
        if version >= "R2007" and encoding == "cp936":
            continue  # from this version on the format is UTF-8
        make = functools.partial(_dxf, version=version, encoding=encoding)
        yield Case(f"dxf-{version}-{encoding}", make, rows=6, area=AREA, wish={"crs": "EPSG:4548"})


def _dxf(folder: Path, version: str, encoding: str) -> Path:
    import ezdxf

    drawing = ezdxf.new(version)
    drawing.encoding = encoding
    space = drawing.modelspace()
    drawing.layers.add("地块")
    for row in blocks().itertuples(index=False):
        corners = list(row.geometry.exterior.coords)[:-1]
        space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "地块"})
        middle = row.geometry.centroid
        space.add_text(row[0], dxfattribs={"insert": (middle.x, middle.y), "height": 5, "layer": "地块"})
    path = folder / "地块.dxf"
    drawing.saveas(path)
    return path
