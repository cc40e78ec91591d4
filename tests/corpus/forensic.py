"""Files with one fault of survey data each, as GIS staff meet them: the finding that names it is told."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ezdxf
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from spatial import datum
from tests.corpus.case import Case, blocks, short, written
from tests.world import box

_SURVEY = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=39\n[地块坐标]\n"

Maker = Callable[[Path], Path]


def forensic() -> Iterator[Case]:
    """One file for every kind of fault."""
    for name, (make, rows, code, wish) in _MADE.items():
        yield Case(f"forensic-{name}", make, "told", rows, frozenset({code}), wish=wish)


def _gpkg(folder: Path, frame: gpd.GeoDataFrame) -> Path:
    return written(frame, folder / "地块.gpkg", driver="GPKG")


def _columns(folder: Path, **columns: list[Any]) -> Path:
    frame = blocks()
    return _gpkg(folder, frame.assign(**columns))


def _lying_cpg(folder: Path, written_in: str, said: str) -> Path:
    frame = short(blocks()).assign(DKMC=["丰台东区", "西区", "科技园", "仓库", "广场", "中心"])
    path = written(frame, folder / "a.shp", encoding=written_in)
    path.with_suffix(".cpg").write_text(said, encoding="ascii")
    return path


def _garbled(folder: Path) -> Path:
    names = ["丰台东区", "西区仓库", "中心广场", "科技园区", "丰台西区", "园区中心"]
    return _columns(folder, 名称=[name.encode().decode("gb18030", "replace") for name in names])


def _system(folder: Path, true: str, said: str | None) -> Path:
    frame = short(blocks(crs=true))
    shapes = frame.geometry.to_numpy()
    path = written(gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=said), folder / "a.shp")
    if said is None:
        path.with_suffix(".prj").unlink(missing_ok=True)
    return path


def _map(folder: Path, name: datum.Datum) -> Path:
    frame = blocks(crs="EPSG:4490")
    moved = shapely.transform(
        frame.geometry.to_numpy(), lambda p: np.column_stack(datum.shifted(p[:, 0], p[:, 1], name))
    )
    return _gpkg(folder, frame.set_geometry(moved, crs="EPSG:4490"))


def _areas(folder: Path, factor: float) -> Path:
    frame = blocks()
    return _gpkg(folder, frame.assign(用地面积=frame.area * factor))


def _shapes(folder: Path, *last: Any) -> Path:
    frame = blocks()
    shapes = frame.geometry.to_numpy().copy()
    shapes[6 - len(last) :] = last
    frame = gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs="EPSG:4548")
    return written(frame, folder / "地块.gpkg", driver="GPKG", geometry_type="Unknown")


def _touching(folder: Path, gap: float) -> Path:
    shapes = [box(80 * i + (gap if i == 3 else 0), 0, 80 * (i + 1), 80) for i in range(6)]
    return _gpkg(folder, blocks().set_geometry(shapes, crs="EPSG:4548"))


def _open_txt(folder: Path) -> Path:
    x, y = 438_000.0 + 39e6, 4_410_000.0
    ring = [(y, x), (y, x + 80), (y + 80, x + 80), (y + 80, x), (y + 0.3, x)]
    lines = [f"J{n % 4 + 1},1,{a:.3f},{b:.3f}" for n, (a, b) in enumerate(ring)]
    path = folder / "界址点.txt"
    path.write_bytes((_SURVEY + "5,0.64,FT-1,甲,面,,,,@\n" + "\n".join(lines)).encode("gbk"))
    return path


def _drawing(folder: Path, gap: float) -> Path:
    document = ezdxf.new("R2000")
    space = document.modelspace()
    for place, shape in enumerate(blocks().geometry):
        ring = list(shape.exterior.coords)
        ring[-1] = (ring[-1][0], ring[-1][1] + (gap if place == 2 else 0.0))
        space.add_lwpolyline([point[:2] for point in ring], dxfattribs={"layer": "宗地"})
        space.add_text(f"FT-{place}", dxfattribs={"layer": "文字"}).set_placement(shape.centroid.coords[0])
    document.saveas(folder / "图.dxf", encoding="cp936")
    return folder / "图.dxf"


def _members(folder: Path) -> Path:
    document = json.loads(blocks(crs="EPSG:4326").to_json(drop_id=True))
    document["features"][2:2] = [None]
    path = folder / "地块.geojson"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def _csv(folder: Path, column: str, values: list[str]) -> Path:
    frame = blocks()
    table = pd.DataFrame(frame.drop(columns="geometry")).assign(**{column: values})
    table["wkt"] = shapely.to_wkt(frame.geometry.to_numpy(), rounding_precision=4)
    table.to_csv(folder / "地块.csv", index=False)
    return folder / "地块.csv"


_BOW = shapely.Polygon([box(500, 0, 580, 80).exterior.coords[n] for n in (0, 2, 1, 3)])
_TWICE = box(400, 0, 480, 80)
_HIGH = shapely.force_3d(box(500, 0, 580, 80), 41)
_P = functools.partial
_METRES = {"crs": "EPSG:4548"}
_MADE: dict[str, tuple[Maker, int | None, str, dict[str, Any]]] = {
    "cpg-contradicts": (_P(_lying_cpg, written_in="GBK", said="UTF-8"), 6, "encoding_contradicts", {}),
    "cpg-lies": (_P(_lying_cpg, written_in="UTF-8", said="ISO-8859-1"), 6, "encoding_doubtful", {}),
    "garbled-before": (_garbled, 6, "encoding_doubtful", {}),
    "no-prj": (_P(_system, true="EPSG:4548", said=None), 6, "crs_missing", {}),
    "degrees-as-metres": (_P(_system, true="EPSG:4490", said="EPSG:4548"), 6, "crs_contradicts", {}),
    "metres-as-degrees": (_P(_system, true="EPSG:4548", said="EPSG:4490"), 6, "crs_contradicts", {}),
    "wrong-belt": (_P(_system, true="EPSG:4545", said="EPSG:4545"), 6, "outside_zone", {}),
    "prefix": (_P(_system, true="EPSG:4527", said="EPSG:4548"), 6, "crs_contradicts", {}),
    "beijing-54": (_P(_system, true="EPSG:4548", said="EPSG:2436"), 6, "datum_unsure", {}),
    "xian-80": (_P(_system, true="EPSG:4548", said="EPSG:2384"), 6, "datum_unsure", {}),
    "wgs-84": (_P(_system, true="EPSG:4326", said="EPSG:4326"), 6, "wgs84_said", {}),
    "gcj-02": (_P(_map, name="gcj02"), 6, "shift_untold", {}),
    "bd-09": (_P(_map, name="bd09"), 6, "shift_untold", {}),
    "area-mu": (_P(_areas, factor=0.0015), 6, "area_unit_doubtful", {}),
    "area-ha": (_P(_areas, factor=1e-4), 6, "area_unit_doubtful", {}),
    "area-ft2": (_P(_areas, factor=10.76391), 6, "area_unit_doubtful", {}),
    "area-declared": (_P(_columns, 用地面积=[6400.0] * 5 + [7000.0]), 6, "area_disagrees", {}),
    "number-twice": (_P(_columns, 地块编号=["A", "A", "B", "C", "D", "E"]), 6, "parcel_no_duplicate", {}),
    "number-missing": (_P(_columns, 地块编号=["A", None, "B", "C", "D", "E"]), 6, "parcel_no_missing", {}),
    "number-alike": (_P(_columns, 地块编号=["A-1", "a－1", "B", "C", "D", "E"]), 6, "parcel_no_alike", {}),
    "self-intersection": (lambda folder: _shapes(folder, _BOW), 6, "geometry_invalid", {}),
    "drawn-twice": (lambda folder: _shapes(folder, _TWICE), 6, "geometry_twice", {}),
    "overlap": (_P(_touching, gap=-2.0), 6, "parcels_overlap", {}),
    "gap": (_P(_touching, gap=0.2), 6, "parcels_gap", {}),
    "sliver": (lambda folder: _shapes(folder, box(500, 0, 500.05, 80)), 6, "parcels_sliver", {}),
    "null": (lambda folder: _shapes(folder, None), 6, "geometry_missing", {}),
    "empty": (lambda folder: _shapes(folder, shapely.Polygon()), 6, "geometry_empty", {}),
    "ring-order": (lambda folder: _shapes(folder, box(500, 0, 580, 80).reverse()), 6, "ring_order_mixed", {}),
    "heights": (lambda folder: _shapes(folder, _HIGH), 6, "dimensions_left_out", {}),
    "mixed": (lambda folder: _shapes(folder, shapely.Point(438_500, 4_410_000)), 6, "geometry_mixed", {}),
    "dates": (_P(_columns, 批准日期=["2026年3月1日"] * 6), 6, "dates_written", {}),
    "dates-unclear": (_P(_columns, 批准日期=["03/04/2026"] * 6), 6, "dates_unclear", {}),
    "numbers-as-text": (_P(_columns, 容积率上限=["2.0"] * 6), 6, "numbers_as_text", {}),
    "units-in-cells": (_P(_csv, column="用地面积", values=["0.64公顷"] * 6), 6, "units_in_cells", _METRES),
    "words": (_P(_csv, column="容积率上限", values=["2", "无", "2", "2", "2", "2"]), 6, "words_for_nothing", _METRES),
    "open-ring-txt": (_open_txt, 1, "rings_open", {}),
    "open-ring-dxf": (_P(_drawing, gap=0.4), 6, "rings_open", _METRES),
    "texts-dxf": (_P(_drawing, gap=0.0), 6, "texts_could_be", _METRES),
    "land-use-of-another": (
        _P(_columns, 用地性质=["1001", "0802", "0901", "1401", "0702", "1001"], 分类标准=["GB50137"] * 6),
        6,
        "land_use_other_standard",
        {},
    ),
    "land-use-unsaid": (_columns, 6, "land_use_standard_untold", {}),
    "member-of-no-kind": (_members, 7, "not_a_feature", {}),
    "share": (_P(_columns, 建筑密度=[0.4] * 6), 6, "looks_like_share", {}),
    "far-per-cent": (_P(_columns, 容积率上限=[250.0] * 6), 6, "far_in_percent", {}),
}  # fmt: skip
