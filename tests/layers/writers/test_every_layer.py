"""Every layer in every format, opened by readers that are not ours in a process that is not ours: the same said.

CRSs take turns over the layers, so that each format goes out in each of them; shapefiles go out in both encodings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from layers.catalogue import LAYERS
from layers.contract import Column
from layers.field_names import SHEETS, shapefile_names
from layers.writers.formats import FORMATS
from layers.writers.hand_out import Order, hand_out
from layers.writers.sheets import Sheet, sheet
from layers.writers.workbook import headings
from tests.layers.writers.making import equal, everything, foreign, ordered

LOCAL = "+proj=tmerc +lat_0=0 +lon_0=116.35 +k=1 +x_0=500000 +y_0=300000 +ellps=GRS80 +units=m +no_defs"
SYSTEMS = ("EPSG:4548", "EPSG:4527", "EPSG:4490", "EPSG:4326", LOCAL)
NEAR = {"txt": 2e-3, "gdb": 2e-4}
"""How far a coordinate may be rounded [m]: by less than a tenth of a millimetre where nothing is said here."""


@dataclass(frozen=True)
class Out:
    """A file that went out: what it should say, and what others read in it."""

    made: Sheet
    names: dict[str, str]
    crs: int | None
    encoding: str
    found: dict[str, dict[str, Any]]


Case = tuple[str, str, str]
"""Layer, format and, where it is not the usual one, encoding."""

Outs = dict[Case, Out]
_TABLES = ("assumptions", "figures", "backdrop", "attachments")
"""Layers that nobody draws and that differ in nothing from the others that are tables."""
_LAYERS = [layer for layer in SHEETS if layer not in (*_TABLES, "catchments")]
_NEEDED = {"": (), "geometry": ("Point", "LineString", "Polygon"), "outlines": ("Polygon",)}


def _goes_out(layer: str, kind: str) -> bool:
    """Whether a layer has what a format draws; what has not is refused, as other tests say."""
    drawn = ("Polygon",) if layer in ("remaining", "assignments") else LAYERS[layer].geometry
    needed = _NEEDED[FORMATS[kind].needs]
    return not needed or bool(set(needed) & set(drawn))


CASES = [(layer, kind, "") for kind in FORMATS for layer in _LAYERS if _goes_out(layer, kind)]
CASES += [(layer, "shp", "gbk") for layer in _LAYERS if _goes_out(layer, "shp")]
CASES += [("parcels", kind, "gbk") for kind in ("csv", "txt")]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Outs:
    """Every case, written, and read by others in one go."""
    world, folder = everything(), tmp_path_factory.mktemp("out")
    made, jobs = [], []
    for number, (layer, kind, encoding) in enumerate(CASES):
        crs = SYSTEMS[number % 5] if FORMATS[kind].where == "any" else None
        handed = hand_out(world, Order(str(folder / f"{number}.{kind}"), layer, kind, crs, encoding or None))
        rows = sheet(world, layer)
        names = {column.name: column.name for column in rows.columns}
        names |= {loss.column: str(loss.facts["name"]) for loss in handed.losses if loss.code == "field_renamed"}
        label = handed.crs.removeprefix("EPSG:")
        code = encoding or FORMATS[kind].encoding or "utf-8"
        path = next(path for path in handed.files if path.endswith(f".{kind}"))
        jobs.append({"path": path, "kind": kind, "layer": layer, "encoding": code})
        made.append((rows, names, int(label) if label.isdecimal() else None, code))
    return {case: Out(*one, found) for case, one, found in zip(CASES, made, foreign(jobs), strict=True)}


def cases(*kinds: str) -> Callable[[Any], Any]:
    return pytest.mark.parametrize("case", [one for one in CASES if one[1] in kinds], ids="-".join)


def expected(kind: str, column: Column, value: Any, encoding: str) -> Any:
    """A value as the format and the encoding can say it."""
    if column.kind not in ("text", "list") or not isinstance(value, str):
        return value
    quoted = "'" if kind == "csv" and value[:1] in ("=", "+", "-", "@") else ""
    return quoted + value.encode(encoding, "replace").decode(encoding)


def compare(case: Case, one: Out, columns: dict[str, list[Any]], names: dict[str, str]) -> None:
    for column in one.made.columns:
        values, said = one.made.frame[column.name].tolist(), columns.get(names[column.name])
        if said is None:
            assert all(value is None or value != value for value in values), column.name
            continue
        values = [expected(case[1], column, value, one.encoding) for value in values]
        step = 0.005001 if case[1] == "shp" else 0.0  # a field of a set width rounds, which is told
        wrong = [(a, b) for a, b in zip(values, said, strict=True) if not equal(column, a, b, step)]
        assert not wrong, column.name


def drawn(case: Case, one: Out, places: list[Any]) -> None:
    """Area, length and middle of every row, in the working CRS."""
    near = NEAR.get(case[1], 1e-4)
    assert one.made.shapes is not None
    for shape, found in zip(one.made.shapes, places, strict=True):
        assert (shape is None) == (found is None)
        if shape is not None:
            middle = shape.centroid
            assert found[0] == pytest.approx(shape.area, abs=near * shape.length)
            assert found[1:] == pytest.approx([shape.length, middle.x, middle.y], abs=20 * near)


@cases("gpkg", "gdb", "geojson", "fgb")
def test_by_gdal(out: Outs, case: Case) -> None:
    one = out[case]
    said = one.found["gdal"]
    if case[1] == "fgb":
        key = LAYERS.get(one.made.layer, LAYERS["parcels"]).key
        said = ordered(said, one.names[key], one.made.frame[key].tolist())
    compare(case, one, said["columns"], one.names)
    if one.made.shapes is not None:
        drawn(case, one, said["places"])
        assert said["crs"] == one.crs


@cases("parquet")
def test_by_pyarrow(out: Outs, case: Case) -> None:
    one = out[case]
    said = one.found["parquet"]
    compare(case, one, said["columns"], one.names)
    if one.made.shapes is not None:
        drawn(case, one, said["places"])
        assert said["crs"] == one.crs


@cases("shp")
def test_shapefiles_by_gdal_and_pyshp(out: Outs, case: Case) -> None:
    one = out[case]
    names = shapefile_names(case[0], [column.name for column in one.made.columns])
    for reader in ("gdal", "pyshp"):
        compare(case, one, one.found[reader]["columns"], names)
    drawn(case, one, one.found["gdal"]["places"])
    assert one.found["gdal"]["crs"] == one.crs
    said = one.found["pyshp"]
    assert all(name.isascii() and len(name) <= 10 for name in said["fields"])
    for column in one.made.columns:
        kinds = {"date": "D", "boolean": "L", "number": "N", "integer": "N"}
        assert said["fields"][names[column.name]][0] == kinds.get(column.kind, "C"), column.name
    shapes = [shape for shape in one.made.shapes if shape is not None]  # type: ignore[union-attr]
    if shapes and shapes[0].area:
        holes = [sum(len(part.interiors) for part in shapely.get_parts(shape)) for shape in shapes]
        signs = [np.sign(rings).tolist() for rings in said["rings"] if rings]
        assert [sign.count(1.0) for sign in signs] == holes, "outer rings run with the clock, holes against it"
        assert [sign.count(-1.0) for sign in signs] == [len(shapely.get_parts(shape)) for shape in shapes]


@cases("xlsx", "csv")
def test_tables(out: Outs, case: Case) -> None:
    one = out[case]
    if case[1] == "csv":
        compare(case, one, one.found["table"]["columns"], {c.name: c.name for c in one.made.columns})
        return
    compare(case, one, one.found["workbook"]["columns"], headings(one.made.columns))
    assert one.found["workbook"]["formulas"] == 0


@cases("kml")
def test_kml_by_a_parser_of_xml(out: Outs, case: Case) -> None:
    one = out[case]
    said = one.found["kml"]
    compare(case, one, said["columns"], {c.name: c.name for c in one.made.columns})
    drawn(case, one, said["places"])
    assert (said["lost_styles"], said["altitudes"]) == ([], [])
    assert len(next(iter(one.found["gdal"]["columns"].values()))) == len(one.made.frame)


@cases("dxf")
def test_drawings_by_ezdxf(out: Outs, case: Case) -> None:
    one = out[case]
    said, shapes = one.found["drawing"], one.made.shapes
    assert (said["faults"], said["version"]) == (0, ["AC1015", "gbk", 6])
    parts = shapely.get_parts(np.array([shape for shape in shapes if shape is not None]))  # type: ignore[union-attr]
    outlines = [part for part in parts if part.geom_type == "Polygon"]
    rings = [shapely.Polygon(ring).area for part in outlines for ring in shapely.get_rings(part)]
    assert sorted(said["rings"]) == pytest.approx(sorted(rings))
    assert sum(said["open"]) == pytest.approx(sum(part.length for part in parts if part.geom_type == "LineString"))
    assert said["points"] == sum(part.geom_type == "Point" for part in parts)
    assert len(said["texts"]) <= len(parts)


@cases("txt")
def test_boundary_points_by_their_grammar(out: Outs, case: Case) -> None:
    one = out[case]
    said = one.found["survey"]
    assert (said["head"]["坐标系"], said["head"]["带号"]) == ("2000国家大地坐标系", "39")
    shapes = [shape for shape in one.made.shapes if shape is not None and shape.area]  # type: ignore[union-attr]
    lengths = [shape.length for shape in shapes]
    assert np.allclose(said["areas"], [shape.area for shape in shapes], rtol=0, atol=max(lengths) * NEAR["txt"])
    sites = one.made.frame.get("site_area_m2", pd.Series(shapely.area(one.made.shapes)))
    sites = sites[[shape is not None and shape.area > 0 for shape in one.made.shapes]]  # type: ignore[union-attr]
    assert [float(row[-1]) for row in said["rows"]] == pytest.approx((sites / 1e4).round(4).tolist(), abs=1e-4)
