"""Synthetic parcels and zones of any number, the same on every machine: what the benchmarks and size tests run on.

Parcels are a jittered lattice: quadrangles with two bends on each side, so that every parcel has twelve vertices and
shares its boundary with its neighbours. Twelve zones with wavy outlines cut many of them and leave a rim outside.
"""

from __future__ import annotations

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.vocabulary import CONSTRAINT_KINDS
from layers.workspace import Workspace

CRS = "EPSG:4548"
WEST, SOUTH = 430_000.0, 4_400_000.0
CELL = 60.0
"""Distance between parcels [m]."""
ACROSS, UP = 4, 3
"""Zones in a row and in a column."""

_LAND_USES = ("M4", "B23", "R2", "A35", "M1")
_STATUS = ("reserve", "planned", "sold", "built")


def lattice(count: int) -> tuple[int, int]:
    """Columns and rows of parcels: nearly a square, at least `count` cells."""
    columns = max(1, round(count**0.5))
    return columns, -(-count // columns)


def parcels(count: int, start: int = 0, stop: int | None = None) -> gpd.GeoDataFrame:
    """Parcels `start` to `stop` of a fabric of `count`; a slice has the same rows as the whole.

    Of a hundred parcels some have no limit, some carry more than they may, some take the limit of their zone.
    """
    number = np.arange(start, count if stop is None else min(stop, count))
    columns, _ = lattice(count)
    shapes = _cells(number % columns, number // columns)
    draw = [_uniform(number, salt) for salt in range(6)]
    area = shapely.area(shapes)
    far = np.round(0.5 + 3.0 * draw[0], 2)
    kind = number % 100
    far[(kind % 20 == 7) | (kind % 25 == 11)] = np.nan
    stated = np.where(kind % 10 == 3, np.round(area * 1.5, 1), np.nan)
    built = np.where(kind % 9 == 4, np.nan, np.round(area * 1.8 * draw[1], 1))
    built = np.where(kind == 50, np.round(area * 6.0, 1), built)
    table = pd.DataFrame(
        {
            "parcel_id": pd.Series(number).map("P{:07d}".format),
            "parcel_no": pd.Series(number).map("{:07d}".format),
            "classification": "YDYH2023",
            "land_use": np.array(_LAND_USES, dtype=object)[number % len(_LAND_USES)],
            "official_area_m2": np.where(kind % 3 == 0, np.round(area, 1), np.nan),
            "far_max": far,
            "far_basis": "net",
            "stated_floor_area_m2": stated,
            "coverage_max_pct": np.where(kind % 4 == 1, 40.0, np.nan),
            "height_max_m": np.where(kind % 4 == 1, 24.0 + np.floor(36.0 * draw[2]), np.nan),
            "built_floor_area_m2": built,
            "under_construction_floor_area_m2": np.where(kind % 8 == 5, np.round(area * 0.3 * draw[3], 1), np.nan),
            "status": np.array(_STATUS, dtype=object)[(draw[4] * len(_STATUS)).astype(int)],
            "available_from": pd.array(2026 + (draw[5] * 6).astype(int), dtype="Int64"),
            "geometry_basis": "schematic",
        }
    )
    return LAYERS["parcels"].conform(gpd.GeoDataFrame(table, geometry=shapes, crs=CRS), CRS)


def zones(count: int, *, cap: float | None = None) -> gpd.GeoDataFrame:
    """Twelve zones over the fabric of `count` parcels; two of them give limits to parcels without any of their own.

    Parameters
    ----------
    cap
        Floor-area cap of every third zone [m²]; None for no cap.
    """
    columns, rows = lattice(count)
    shapes = _zone_shapes(columns * CELL, rows * CELL)
    number = np.arange(len(shapes))
    table = pd.DataFrame(
        {
            "zone_id": [f"Z{i + 1:02d}" for i in number],
            "name": [f"第{i + 1}区" for i in number],
            "kind": "other",
            "far_max": np.where(number % 6 == 2, 1.2, np.nan),
            "floor_area_cap_m2": np.where(number % 3 == 0, cap if cap is not None else np.nan, np.nan),
            "geometry_basis": "schematic",
        }
    )
    return LAYERS["zones"].conform(gpd.GeoDataFrame(table, geometry=shapes, crs=CRS), CRS)


def assumptions() -> pd.DataFrame:
    """The storey height that coverage and height need, and nothing else."""
    row = {"assumption_id": "storey_height", "name": "storey_height", "value": 4.0, "unit": "m"}
    return LAYERS["assumptions"].conform(pd.DataFrame([row]))


def assignments(count: int, every: int = 50) -> pd.DataFrame:
    """Floor area of every n-th parcel given away, through all stages and both sources."""
    number = np.arange(0, count, every)
    stages, sources = ("intent", "signed", "under_construction", "completed", "vacated"), ("new", "existing")
    table = pd.DataFrame(
        {
            "assignment_id": [f"A{i:07d}" for i in number],
            "parcel_id": [f"P{i:07d}" for i in number],
            "project_id": [f"J{i % 7}" for i in number],
            "floor_area_m2": np.round(100.0 + 900.0 * _uniform(number, 11), 1),
            "source": [sources[(i // every) % 2] for i in number],
            "stage": [stages[(i // every) % 5] for i in number],
        }
    )
    return LAYERS["assignments"].conform(table)


def constraints(count: int) -> gpd.GeoDataFrame:
    """Twelve areas of twelve kinds that overlap one another over the fabric of `count`, one of 24,059 vertices."""
    columns, rows = lattice(count)
    kinds = [kind for kind in CONSTRAINT_KINDS if kind != "other"]
    number = np.arange(len(kinds))
    middle = np.column_stack([0.15 + 0.7 * _uniform(number, 31), 0.15 + 0.7 * _uniform(number, 32)])
    reach = (0.15 + 0.2 * _uniform(number, 33)) * min(columns, rows) * CELL
    shapes = []
    for place, (at, radius) in enumerate(zip(middle * [columns * CELL, rows * CELL], reach, strict=True)):
        angle = np.linspace(0.0, 2 * np.pi, 24_059 if place == 0 else 1_500, endpoint=False)
        wavy = radius * (1 + 0.08 * np.sin(23 * angle) + 0.02 * np.sin(171 * angle + place))
        shapes.append(
            shapely.Polygon(at + [WEST, SOUTH] + wavy[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))
        )
    table = pd.DataFrame({"constraint_id": [f"C{i}" for i in number], "kind": kinds, "effect": "exclude"})
    return LAYERS["constraints"].conform(gpd.GeoDataFrame(table, geometry=shapes, crs=CRS), CRS)


def workspace(count: int, *, cap: float | None = None, assign: bool = False) -> Workspace:
    """A whole synthetic workspace in memory."""
    tables: dict[str, pd.DataFrame] = {
        "zones": zones(count, cap=cap),
        "parcels": parcels(count),
        "assumptions": assumptions(),
    }
    if assign:
        tables["assignments"] = assignments(count)
    return Workspace(f"synthetic {count}", CRS, tables)


def chunks(count: int, rows: int = 100_000) -> Iterator[gpd.GeoDataFrame]:
    """The parcels of a fabric, some rows at a time."""
    for start in range(0, count, rows):
        yield parcels(count, start, start + rows)


def _uniform(number: np.ndarray, salt: int) -> np.ndarray:
    """Numbers in [0, 1) that depend on the row alone, by integer arithmetic: the same on any machine."""
    with np.errstate(over="ignore"):
        mixed = np.asarray(number).astype(np.uint64) + np.uint64(salt * 0x9E3779B97F4A7C15 % 2**64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        mixed ^= mixed >> np.uint64(31)
    return (mixed >> np.uint64(11)).astype(np.float64) / 2.0**53


def _point(column: np.ndarray, row: np.ndarray, step: int) -> np.ndarray:
    """Jittered points of the fine lattice (three steps a cell); neighbours ask for the same point and get it."""
    x, y = column * 3 + (step % 4), row * 3 + (step // 4)
    key = (x.astype(np.int64) << 32) + y
    jitter = np.stack([_uniform(key, 21), _uniform(key, 22)], axis=-1) - 0.5
    origin = np.array([WEST, SOUTH])
    return origin + (np.stack([x, y], axis=-1) / 3.0 + jitter * 0.2) * CELL


def _cells(column: np.ndarray, row: np.ndarray) -> np.ndarray:
    # the rim of a cell on its own 4 × 4 points, counter-clockwise from the south-west corner
    rim = (0, 1, 2, 3, 7, 11, 15, 14, 13, 12, 8, 4, 0)
    if len(column) == 0:
        return np.empty(0, dtype=object)
    return np.asarray(shapely.polygons(np.stack([_point(column, row, step) for step in rim], axis=1)))


def _zone_shapes(width: float, height: float) -> np.ndarray:
    inset = 0.6 * CELL
    wide, high = (width - 2 * inset) / ACROSS, (height - 2 * inset) / UP

    def wave(along: np.ndarray, line: int) -> np.ndarray:
        """Sideways shift of a boundary; waves of a few parcels, no more than a third of a zone in all."""
        swing = min(0.12 * min(wide, high), 8 * CELL)
        return swing * (np.sin(along / (7 * CELL) + line) + 0.5 * np.sin(along / (2.3 * CELL) + 2.0 * line))

    steps = np.linspace(0.0, 1.0, 61)
    corner = {
        (i, j): (
            inset + i * wide + (wave(np.array(j * high), i) if 0 < i < ACROSS else 0.0),
            inset + j * high + (wave(np.array(i * wide), 10 + j) if 0 < j < UP else 0.0),
        )
        for i in range(ACROSS + 1)
        for j in range(UP + 1)
    }

    def side(a: tuple[int, int], b: tuple[int, int], line: int) -> np.ndarray:
        """A boundary between two corners; it meets both, and bends between them."""
        start, end = np.array(corner[a], dtype=float), np.array(corner[b], dtype=float)
        points = start + steps[:, None] * (end - start)
        across = np.array([0.0, 1.0]) if a[1] == b[1] else np.array([1.0, 0.0])
        outer = (a[1] == b[1] and a[1] in (0, UP)) or (a[0] == b[0] and a[0] in (0, ACROSS))
        length = float(np.hypot(*(end - start)))
        bend = np.zeros(len(steps)) if outer else wave(steps * length, line) * np.sin(np.pi * steps)
        return points + bend[:, None] * across

    shapes = []
    for j in range(UP):
        for i in range(ACROSS):
            south, east = side((i, j), (i + 1, j), 10 + j), side((i + 1, j), (i + 1, j + 1), i + 1)
            north, west = side((i, j + 1), (i + 1, j + 1), 11 + j), side((i, j), (i, j + 1), i)
            ring = np.concatenate([south, east[1:], north[::-1][1:], west[::-1][1:]])
            shapes.append(shapely.Polygon(ring + np.array([WEST, SOUTH])))
    return np.array(shapes, dtype=object)
