"""Readers that are not ours and share no process with the product: GDAL, pyshp, ezdxf, openpyxl, pyarrow, plain XML.

``python foreign.py`` reads jobs as JSON (``path``, ``kind``, ``layer``, ``encoding``) from its input and prints what
each file says: ``columns`` by name, and of every row its ``places``: area, length, x and y in EPSG:4548.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import shapely
from pyproj import CRS, Transformer

WORKING = CRS("EPSG:4548")
KML = "{http://www.opengis.net/kml/2.2}"


def places(shapes: Any, crs: CRS | None) -> list[list[float] | None]:
    """Area, length, x and y of each shape in the working CRS; None for no shape."""
    shapes = np.array([*shapes, None], dtype=object)[:-1]
    if crs is not None and not crs.equals(WORKING):
        move = Transformer.from_crs(crs, WORKING, always_xy=True)
        shapes = shapely.transform(shapes, lambda points: np.column_stack(move.transform(*points.T)))
    out: list[list[float] | None] = []
    for shape in shapes:
        middle = None if shape is None else shape.centroid
        out.append(None if middle is None else [shape.area, shape.length, middle.x, middle.y])
    return out


def plain(value: Any) -> Any:
    """A cell as JSON says it."""
    if value is None or value != value or str(value) in ("NaT", "<NA>"):
        return None
    if isinstance(value, np.generic):
        value = value.item()
    return value if isinstance(value, (str, int, float)) else str(value)


def gdal(job: dict[str, str]) -> dict[str, Any]:
    """By GDAL."""
    import geopandas as gpd
    import pyogrio

    options = {"layer": job["layer"]} if job["kind"] in ("gpkg", "gdb") else {}
    options |= {"encoding": job["encoding"]} if job["kind"] == "shp" else {}
    pyogrio.set_gdal_config_options({"OGR_FLATGEOBUF_STREAM_BASE_IMPL": "YES"})  # rows may have no geometry
    frame = pyogrio.read_dataframe(job["path"], use_arrow=True, **options)
    found: dict[str, Any] = {"columns": {}, "crs": None}
    if isinstance(frame, gpd.GeoDataFrame):
        found |= {"places": places(frame.geometry, frame.crs), "crs": frame.crs and frame.crs.to_epsg()}
        frame = frame.drop(columns="geometry")
    found["columns"] = {str(name): [plain(value) for value in frame[name]] for name in frame.columns}
    return found


def pyshp(job: dict[str, str]) -> dict[str, Any]:
    """By pyshp: types of fields, and how each ring runs."""
    import shapefile

    with shapefile.Reader(job["path"], encoding=job["encoding"]) as reader:
        fields = {one[0]: [one[1], one[2], one[3]] for one in reader.fields[1:]}
        rows = [record.as_dict() for record in reader.records()]
        rings = []
        for shape in reader.shapes():
            ends = [*getattr(shape, "parts", []), len(getattr(shape, "points", []))]
            rings.append([shapefile.signed_area(shape.points[a:b]) for a, b in itertools.pairwise(ends)])
    prj = Path(job["path"]).with_suffix(".prj").read_text(encoding="ascii")
    return {
        "columns": {name: [plain(row[name]) for row in rows] for name in fields},
        "fields": fields,
        "rings": rings,
        "prj": prj,
    }


def parquet(job: dict[str, str]) -> dict[str, Any]:
    """By pyarrow."""
    import pyarrow.parquet as pq

    table = pq.read_table(job["path"])
    geo = json.loads((table.schema.metadata or {}).get(b"geo", b"null"))
    found: dict[str, Any] = {}
    if geo is not None:
        crs = CRS.from_json_dict(geo["columns"]["geometry"]["crs"])
        found = {"places": places(shapely.from_wkb(table["geometry"].to_numpy()), crs), "crs": crs.to_epsg()}
        table = table.drop_columns(["geometry"])
    return found | {"columns": {name: [plain(one) for one in table[name].to_pylist()] for name in table.column_names}}


def workbook(job: dict[str, str]) -> dict[str, Any]:
    """By openpyxl: the first sheet below its title, and whether any cell is a formula."""
    import openpyxl

    book = openpyxl.load_workbook(job["path"])
    heads, *rows = list(book.worksheets[0].iter_rows(min_row=3))
    names = [str(cell.value) for cell in heads]
    cells = [[_unescaped(plain(cell.value)) for cell in row] for row in rows]
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    columns = {name: [row[at] for row in cells] for at, name in enumerate(names)}
    return {"columns": columns, "formulas": len(formulas)}


def _unescaped(value: Any) -> Any:
    """Text as Excel shows it: ``_x005F_`` stands for a low line, and so on; openpyxl leaves it as it is."""
    from openpyxl.utils.escape import unescape

    return unescape(value) if isinstance(value, str) else value


def table(job: dict[str, str]) -> dict[str, Any]:
    """By the standard library."""
    codec = "utf-8-sig" if job["encoding"] == "utf-8" else job["encoding"]
    with Path(job["path"]).open(encoding=codec, newline="") as handle:
        rows = list(csv.DictReader(handle, strict=True))
        return {"columns": {name: [row[name] or None for row in rows] for name in rows[0]} if rows else {}}


def kml(job: dict[str, str]) -> dict[str, Any]:
    """By a plain parser of XML: rings are subtracted as KML says it, and every style that is named is there."""
    root = ElementTree.parse(job["path"]).getroot()
    styles = {f"#{style.get('id')}" for style in root.iter(f"{KML}Style")}
    rows, shapes, named = [], [], set()
    for mark in root.iter(f"{KML}Placemark"):
        named.add(mark.findtext(f"{KML}styleUrl"))
        said = {one.get("name", ""): one.findtext(f"{KML}value") for one in mark.iter(f"{KML}Data")}
        rows.append(said | {"": mark.findtext(f"{KML}name")})
        parts = [_drawn(part) for part in mark.iter() if part.tag in {KML + one for one in _DRAWN}]
        shapes.append(shapely.GeometryCollection(parts) if parts else None)
    names = sorted({name for row in rows for name in row})
    return {
        "columns": {name: [row.get(name) for row in rows] for name in names},
        "places": places(shapes, CRS("EPSG:4326")),
        "crs": 4326,
        "lost_styles": sorted(map(str, named - styles)),
        "altitudes": [one.text for one in root.iter(f"{KML}altitudeMode")],
    }


_DRAWN = ("Point", "LineString", "Polygon")


def _drawn(part: ElementTree.Element) -> shapely.Geometry:
    texts = [str(one.text).split() for one in part.iter(f"{KML}coordinates")]
    lines = [[tuple(map(float, point.split(","))) for point in text] for text in texts]
    if part.tag == f"{KML}Polygon":
        return shapely.Polygon(lines[0], lines[1:])
    return shapely.Point(lines[0][0]) if part.tag == f"{KML}Point" else shapely.LineString(lines[0])


def drawing(job: dict[str, str]) -> dict[str, Any]:
    """By ezdxf: closed lines, open ones, points and texts of the model space."""
    import ezdxf

    doc = ezdxf.readfile(job["path"])
    space = doc.modelspace()
    lines = list(space.query("LWPOLYLINE"))
    return {
        "faults": len(doc.audit().errors),
        "version": [doc.dxfversion, doc.encoding, doc.header["$INSUNITS"]],
        "rings": [shapely.Polygon(line.get_points("xy")).area for line in lines if line.closed],
        "open": [shapely.LineString(line.get_points("xy")).length for line in lines if not line.closed],
        "points": len(space.query("POINT")),
        "texts": [text.dxf.text for text in space.query("TEXT")],
    }


def survey(job: dict[str, str]) -> dict[str, Any]:
    """By the grammar of boundary points, to the letter: anything else is an error."""
    text = Path(job["path"]).read_bytes().decode(job["encoding"])
    head, _, body = text.partition("[地块坐标]\r\n")
    keys = [line.split("=", 1) for line in head.removeprefix("[属性描述]\r\n").split("\r\n") if line]
    rows: list[dict[str, Any]] = []
    for line in body.removesuffix("\r\n").split("\r\n"):
        if line.endswith(",@"):
            count, area, number, name, kind, sheet, use, code = line.removesuffix(",@").split(",")
            assert (kind, sheet) == ("面", ""), line
            said = [number, name, use, code, area]
            rows.append({"count": int(count), "said": said, "rings": {}, "last": 0})
            continue
        found = re.fullmatch(r"J(\d+),(\d+),(\d+\.\d{3}),(\d+\.\d{3})", line)
        assert found is not None, line
        rows[-1]["rings"].setdefault(int(found[2]), []).append((int(found[1]), float(found[4]), float(found[3])))
    for row in rows:
        points = [point for ring in row["rings"].values() for point in ring]
        assert len(points) == row["count"], row["said"]
        assert list(row["rings"]) == list(range(1, len(row["rings"]) + 1))
        for ring in row["rings"].values():
            assert ring[0] == ring[-1], "a ring ends with its first point, under the same number"
            row["last"] = _numbered(ring, row["last"])
    areas = [sum(_signed([point[1:] for point in ring]) for ring in row["rings"].values()) for row in rows]
    return {"head": dict(keys), "rows": [row["said"] for row in rows], "areas": areas}


def _signed(ring: list[tuple[float, float]]) -> float:
    """Area of a ring, below zero for one against the clock, which is a hole."""
    shape = shapely.Polygon(ring)
    return float(-shape.area if shape.exterior.is_ccw else shape.area)


def _numbered(ring: list[tuple[int, float, float]], last: int) -> int:
    numbers = [point[0] for point in ring[:-1]]
    assert numbers == list(range(last + 1, last + 1 + len(numbers))), "numbers run on from ring to ring"
    return numbers[-1]


READERS: dict[str, tuple[Callable[[dict[str, str]], dict[str, Any]], ...]] = {
    "gpkg": (gdal,), "shp": (gdal, pyshp), "gdb": (gdal,), "geojson": (gdal,), "fgb": (gdal,), "parquet": (parquet,),
    "xlsx": (workbook,), "csv": (table,), "kml": (kml, gdal), "dxf": (drawing,), "txt": (survey,),
}  # fmt: skip


def main() -> None:
    """Read every file that is asked for."""
    jobs = json.load(sys.stdin)
    answers = [{reader.__name__: reader(job) for reader in READERS[job["kind"]]} for job in jobs]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
