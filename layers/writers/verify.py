"""A file that was written is opened again with the readers, and has to say what the workspace says."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from layers.contract import Column
from layers.readers.numerals import numbers
from layers.readers.registry import read_source
from layers.readers.terms import to_booleans
from layers.writers.errors import NotTheSame
from spatial import crs as crs_

RELATIVE = 1e-12


def same(
    path: Path,
    frame: pd.DataFrame,
    columns: tuple[Column, ...],
    names: Mapping[str, str],
    *,
    shapes: np.ndarray | None = None,
    crs: CRS | None = None,
    tolerance: float = 0.0,
) -> None:
    """Compare a file with what it should hold.

    Parameters
    ----------
    frame
        Rows as they were handed to the writer, under our column names.
    names
        Column to the name that it has in the file.
    shapes
        Geometries in the CRS of the file, shape (n,); None compares none.
    crs
        CRS that the file has to name; None for GeoJSON and tables.
    tolerance
        Largest difference of a coordinate, in the unit of the CRS.

    Raises
    ------
    NotTheSame
        With the first difference.
    """
    found = read_source(str(path))[1]
    if len(found.table) != len(frame):
        raise NotTheSame(where=path.name, what=f"{len(found.table)} ≠ {len(frame)} rows")
    for column in columns:
        if names[column.name] not in found.table:
            if len(frame) == 0:
                continue
            raise NotTheSame(where=path.name, what=f"{column.name}: —")
        _same_values(path.name, column, frame[column.name], found.table[names[column.name]])
    if shapes is not None:
        if found.shapes is None:
            raise NotTheSame(where=path.name, what="geometry")
        _same_shapes(path.name, shapes, found.shapes, tolerance)
    if crs is not None and not _same_crs(found.crs, crs, shapes):
        raise NotTheSame(where=path.name, what=f"CRS {found.crs}")


def _same_values(where: str, column: Column, expected: pd.Series, found: pd.Series) -> None:
    if column.kind in ("number", "integer"):
        a = expected.to_numpy(dtype=float, na_value=np.nan)
        b = numbers(found).values
        good = np.isclose(a, b, rtol=RELATIVE, atol=1e-9, equal_nan=True)
    elif column.kind == "boolean":
        a, b = _booleans(expected), _booleans(to_booleans(found))
        good = a == b
    else:
        a, b = _text(expected), _text(found)
        good = a == b
    bad = np.flatnonzero(~np.asarray(good, dtype=bool))
    if len(bad):
        row = int(bad[0])
        raise NotTheSame(where=where, what=f"{column.name}, row {row}: {str(a[row])[:40]!r} ≠ {str(b[row])[:40]!r}")


def _booleans(values: pd.Series) -> np.ndarray:
    return np.array([None if pd.isna(value) else bool(value) for value in values.astype(object)], dtype=object)


def _text(values: pd.Series) -> np.ndarray:
    return np.array(["" if pd.isna(value) else str(value) for value in values.astype(object)], dtype=object)


def _same_shapes(where: str, expected: np.ndarray, found: np.ndarray, tolerance: float) -> None:
    a, b = (shapely.normalize(_single(shapes)) for shapes in (expected, found))
    good = shapely.equals_exact(a, b, tolerance) | (shapely.is_missing(a) & shapely.is_missing(b))
    for row in np.flatnonzero(~good):
        if shapely.is_missing(a[row]) or shapely.is_missing(b[row]) or not _same_place(a[row], b[row], tolerance):
            raise NotTheSame(where=where, what=f"geometry, row {int(row)}")


def _same_place(a: shapely.Geometry, b: shapely.Geometry, tolerance: float) -> bool:
    """The same ground, even where rings are strung together in another order."""
    reach = max(tolerance, 1e-9)
    return bool(
        abs(a.area - b.area) <= max(RELATIVE * a.area, reach * a.length)
        and shapely.hausdorff_distance(a, b) <= 2 * reach
    )


def _single(shapes: np.ndarray) -> np.ndarray:
    several = shapely.get_type_id(shapes) >= shapely.GeometryType.MULTIPOINT
    one = several & (shapely.get_num_geometries(shapes) == 1)
    return np.where(one, shapely.get_geometry(shapes, 0), shapes)


def _same_crs(found: str | None, expected: CRS, shapes: np.ndarray | None) -> bool:
    if found is None:
        return False
    crs = crs_.parse(found)
    if crs.to_epsg() == expected.to_epsg() is not None or crs.equals(expected, ignore_axis_order=True):
        return True
    if shapes is None or shapely.is_missing(shapes).all():
        return crs.to_epsg() == expected.to_epsg()
    # another way of writing the same CRS moves nothing by a millimetre
    points = shapely.points(shapely.get_coordinates(shapes)[:50])
    moved = crs_.transform(points, crs, expected)
    return bool((shapely.distance(points, moved) < 1e-3).all())
