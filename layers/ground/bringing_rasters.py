"""A raster comes in: looked at, copied beside the workspace under its hash, and said by one row of the layer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.ground.errors import RasterThere
from layers.readers.errors import RasterElsewhere
from layers.readers.raster import Band, RasterFile, look_at
from layers.readers.source import plain_path
from layers.readers.watching import UNWATCHED, Watch
from layers.stores import raster_files
from layers.workspace import Workspace
from spatial import area
from spatial import crs as crs_

NOTES: dict[str, tuple[str, str]] = {
    "south_up": (
        "行从南往北存放；按实际位置读取，数值不变",
        "its rows go north; cells are read where they lie, unchanged",
    ),
    "turned": (
        "像元行列与坐标轴不平行；地块换算到像元坐标后统计，不重采样",
        "its rows and columns are turned; parcels are brought to its cells, none is resampled",
    ),
    "scaled": (
        "值 = 存储值 × {scale:g} + {offset:g}（存储类型 {dtype}）",
        "value = stored × {scale:g} + {offset:g} (stored as {dtype})",
    ),
    "degrees": (
        "以经纬度为坐标：均值和占比按像元的真实面积加权",
        "it is in degrees: means and shares weigh cells by their true area",
    ),
    "no_nodata": (
        "文件没有无数据值，所有像元都算有效",
        "it has no nodata value: every cell counts",
    ),
    "partly": (
        "只有 {share:.0%} 的地块落在栅格范围内",
        "only {share:.0%} of the parcels lie on it",
    ),
}
"""What is told of a raster that is sound."""

_KINDS = (
    ("slope", r"slope|坡度"),
    ("aspect", r"aspect|坡向"),
    ("dem", r"dem|dsm|dtm|elev|srtm|aster_?g|高程|地形"),
    ("land_cover", r"land_?cover|lulc|esa_?world|地表覆盖|土地利用"),
    ("noise", r"noise|噪声"),
    ("heat", r"lst|heat|temperature|热环境|温度"),
    ("night_light", r"viirs|night_?light|dmsp|夜间灯光|夜光"),
)


@dataclass(frozen=True)
class Order:
    """What a user wants of a raster.

    Parameters
    ----------
    file
        Path of it.
    called
        What its user calls it, where the path is one of ours.
    band
        Counted from 1; None where it has one only.
    crs
        Wins over the file's own.
    more
        Further columns of its row, such as `source` and `date`.
    """

    file: str
    called: str = ""
    band: int | None = None
    crs: str | None = None
    kind: str | None = None
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Brought:
    """A raster that may come in.

    Parameters
    ----------
    row
        Of the layer.
    notes
        Code and facts of what is told of it; see `NOTES`.
    settle
        Puts its file in its place; until then, nothing of it stays.
    mends
        Whether its row is there already and only the file was lost or damaged.
    """

    row: dict[str, Any]
    crs_given: bool
    notes: tuple[tuple[str, dict[str, Any]], ...]
    settle: Callable[[], Path]
    mends: bool = False

    def table(self, workspace: Workspace) -> gpd.GeoDataFrame:
        """The layer with the raster in it."""
        layer, crs = LAYERS["rasters"], workspace.crs
        fresh = layer.conform(gpd.GeoDataFrame([self.row], geometry="geometry", crs=crs), crs)
        before = workspace.table("rasters")
        whole = pd.concat([before, fresh], ignore_index=True) if len(before) else fresh
        return gpd.GeoDataFrame(layer.conform(whole, crs))

    def report(self, workspace: Workspace, language: str = "zh-CN") -> dict[str, Any]:
        """What is told of it, in the words of the command line."""
        row = self.row
        told = [
            {"row": None, "code": code, "field": None, "message": message(code, facts, language), "severity": "info"}
            for code, facts in self.notes
        ]
        return {
            "read": 1,
            "accepted": 1,
            "rejected": 0,
            "rows": told,
            "findings": [],
            "crs": row["raster_crs"],
            "crs_basis": "given" if self.crs_given else "file",
            "encoding": None,
            "encoding_basis": None,
            "columns": {},
            "planar_area_m2": float(area.planar(np.array([row["geometry"]], dtype=object))[0]),
            "bounds": list(crs_.lonlat_bounds(np.array([row["geometry"]], dtype=object), workspace.pyproj_crs)),
            "raster": {name: value for name, value in row.items() if name != "geometry"},
        }


def message(code: str, facts: dict[str, Any], language: str = "zh-CN") -> str:
    """A note in words."""
    return NOTES[code][0 if language == "zh-CN" else 1].format(**facts)


@contextmanager
def bringing(
    workspace: Workspace, order: Order, folder: Path, watch: Watch = UNWATCHED, *, stage: bool = True
) -> Iterator[Brought]:
    """A raster with its row, its copy already in the folder under a passing name; gone unless it is settled.

    Parameters
    ----------
    folder
        Where the files of the workspace's rasters lie.
    stage
        Whether to copy it; without, it is only looked at.

    Raises
    ------
    FileRefused, RasterElsewhere, RasterThere, UnknownCrs, StoreFull, StoreUnwritable, Cancelled
    """
    source = plain_path(order.file)
    name = order.called or source.name
    look_at(source, name, order.crs, watch).band(order.band)  # before a large copy is made of it
    if not stage:
        found = look_at(source, name, order.crs, watch)
        yield _brought(workspace, order, found, "", lambda: source)
        return
    with raster_files.staged(source, folder, lambda done, total: watch.step("read", done, total)) as (draft, sha256):
        found = look_at(draft, name, order.crs, watch)  # what is kept is what was judged
        yield _brought(workspace, order, found, sha256, lambda: raster_files.settle(draft, sha256))


def _brought(
    workspace: Workspace, order: Order, found: RasterFile, sha256: str, settle: Callable[[], Path]
) -> Brought:
    band = found.band(order.band)
    footprint = _footprint(workspace, found)
    inside = _inside(workspace, found, footprint)
    key = f"R-{sha256[:8]}-{band.number}"
    there = bool(sha256) and bool((workspace.table("rasters")["raster_id"].astype("str") == key).any())
    if there and not any(raster_files.faults(found.path.parent, [(sha256, found.name)])):
        raise RasterThere(where=found.name, path=found.name, raster=key)
    kind = order.kind or guessed(f"{found.name} {band.description}")
    category = kind == "land_cover" or band.colour == "palette"
    row: dict[str, Any] = {
        "raster_id": key,
        "name": Path(found.name).stem[:80],
        "kind": kind,
        "values": "category" if category else "continuous",
        "unit": band.unit or ("m" if kind == "dem" else "°" if kind in ("slope", "aspect") else None),
        "band": band.number,
        "nodata": band.nodata if band.nodata is not None and np.isfinite(band.nodata) else None,
        "scale": band.scale if band.scaled else None,
        "offset": band.offset if band.scaled else None,
        "sha256": sha256,
        "file_name": found.name,
        "size_bytes": found.size_bytes,
        "raster_crs": found.grid.crs,
        "width": found.grid.width,
        "height": found.grid.height,
        "cell_m": round(float((footprint.area / found.grid.width / found.grid.height) ** 0.5), 4),
        "geometry": footprint,
    }
    return Brought(row | order.more, found.crs_given, tuple(_notes(found, band, inside)), settle, there)


def guessed(name: str) -> str:
    """What kind of values a raster has, by its name.

    >>> guessed("Fengtai_DEM_30m.tif"), guessed("场地坡度.tif"), guessed("x.tif")
    ('dem', 'slope', 'other')
    """
    return next((kind for kind, words in _KINDS if re.search(words, name, re.IGNORECASE)), "other")


def _footprint(workspace: Workspace, found: RasterFile) -> shapely.Polygon:
    """The outer edge of a raster in the working CRS; one that the CRS cannot show is elsewhere."""
    target = workspace.pyproj_crs
    edge = shapely.segmentize(found.grid.outline, max(shapely.length(found.grid.outline) / 400, 1e-9))
    moved = crs_.transform(np.array([edge], dtype=object), crs_.parse(found.grid.crs), target)[0]
    if not np.isfinite(shapely.get_coordinates(moved)).all() or not moved.is_valid:
        raise _elsewhere(workspace, found)
    return moved


def _inside(workspace: Workspace, found: RasterFile, footprint: shapely.Polygon) -> float:
    """Share of the parcels that touch a raster; 1 where there are none.

    Raises
    ------
    RasterElsewhere
    """
    shapes = workspace.shapes("parcels")
    if not len(shapes):
        return 1.0
    shapely.prepare(footprint)
    share = float(np.mean(shapely.intersects(footprint, shapes)))
    if share == 0.0:
        raise _elsewhere(workspace, found)
    return share


def _elsewhere(workspace: Workspace, found: RasterFile) -> RasterElsewhere:
    outline = np.array([found.grid.outline], dtype=object)
    there = crs_.lonlat_bounds(outline, crs_.parse(found.grid.crs))
    shapes = workspace.shapes("parcels")
    here = crs_.lonlat_bounds(shapes, workspace.pyproj_crs) if len(shapes) else None
    return RasterElsewhere(where=found.name, path=found.name, there=_box(there), here=_box(here) if here else "—")


def _box(bounds: tuple[float, float, float, float]) -> str:
    west, south, east, north = bounds
    return f"{west:.3f}–{east:.3f}, {south:.3f}–{north:.3f}"


def _notes(found: RasterFile, band: Band, inside: float) -> Iterator[tuple[str, dict[str, Any]]]:
    if found.grid.turned:
        yield "turned", {}
    elif not found.grid.upright:
        yield "south_up", {}
    if band.scaled:
        yield "scaled", {"scale": band.scale, "offset": band.offset, "dtype": band.dtype}
    if crs_.parse(found.grid.crs).is_geographic:
        yield "degrees", {}
    if not band.masked:
        yield "no_nodata", {}
    if inside < 1.0:
        yield "partly", {"share": inside}
