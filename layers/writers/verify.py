"""A file that was written is opened again, and has to say what the workspace says."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from pyproj import CRS

from layers.writers.arrow import Opened
from layers.writers.errors import NotTheSame
from spatial import crs as crs_

RELATIVE = 1e-12


def same(
    where: str,
    found: Opened,
    expected: pa.Table,
    *,
    shapes: np.ndarray | None = None,
    crs: CRS | None = None,
    tolerance: float = 0.0,
    key: str | None = None,
) -> None:
    """Compare what a file says with what it should say.

    Parameters
    ----------
    where
        Name of the file, for the message.
    expected
        Rows under the names that they have in the file.
    shapes
        Geometries in the CRS of the file, shape (n,); None compares none.
    crs
        CRS that the file has to name; None for formats that name none.
    tolerance
        Largest difference of a coordinate, in the unit of the CRS.
    key
        Column that tells the rows apart, where the file keeps an order of its own.

    Raises
    ------
    NotTheSame
        With the first difference.
    """
    table, drawn = found.table, found.shapes
    if table.num_rows != expected.num_rows:
        raise NotTheSame(where=where, what=f"{table.num_rows} ≠ {expected.num_rows} rows")
    if key is not None and table.num_rows:
        order = _order(where, expected[key], table[key])
        table, drawn = table.take(order), None if drawn is None else drawn[np.asarray(order)]
    for name in expected.column_names if expected.num_rows else ():
        if name in table.column_names:
            same_values(where, name, expected[name], table[name])
        elif expected[name].null_count < expected.num_rows:
            raise NotTheSame(where=where, what=f"{name}: —")
    if shapes is not None and len(shapes):
        if drawn is None:
            drawn = np.full(len(shapes), None, dtype=object)
        same_shapes(where, shapes, drawn, tolerance)
    if crs is not None and not same_crs(found.crs, crs, shapes):
        raise NotTheSame(where=where, what=f"CRS {found.crs}")


def _order(where: str, expected: pa.ChunkedArray, found: pa.ChunkedArray) -> pa.Array:
    order = pc.index_in(expected, value_set=found.combine_chunks()).combine_chunks()
    if order.null_count or pc.count_distinct(order).as_py() != len(order):
        raise NotTheSame(where=where, what="keys")
    return order


def same_values(where: str, name: str, expected: pa.ChunkedArray, found: pa.ChunkedArray) -> None:
    """Compare one column.

    Raises
    ------
    NotTheSame
    """
    kind = expected.type
    try:
        if pa.types.is_decimal(kind) or pa.types.is_floating(kind):
            good = _numbers(expected, found)
        elif pa.types.is_integer(kind) and pa.types.is_floating(found.type):
            good = _rounded(expected, found)
        elif pa.types.is_string(kind):  # an empty text and none are the same in half of the formats
            good = pc.equal(pc.fill_null(expected, ""), pc.fill_null(_as_text(found), ""))
        else:
            if pa.types.is_date(kind) and pa.types.is_string(found.type):  # a geodatabase keeps a day as its midnight
                found = pc.replace_substring_regex(found, r"T00:00:00Z?$", "")
            typed = found.cast(kind) if found.null_count < len(found) else pa.nulls(len(found), kind)
            good = pc.or_(
                pc.fill_null(pc.equal(expected, typed), False), pc.and_(pc.is_null(expected), pc.is_null(typed))
            )
    except pa.ArrowInvalid as error:
        raise NotTheSame(where=where, what=f"{name}: {str(error)[:80]}") from error
    bad = np.flatnonzero(~np.asarray(good, dtype=bool))
    if len(bad):
        row = int(bad[0])
        a, b = (str(values[row].as_py())[:40] for values in (expected, found))
        raise NotTheSame(where=where, what=f"{name}, row {row}: {a!r} ≠ {b!r}")


def _as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    return values if pa.types.is_string(values.type) else values.cast(pa.string())


def _numbers(expected: pa.ChunkedArray, found: pa.ChunkedArray) -> np.ndarray:
    a, b = (
        values.cast(pa.float64()).to_numpy() if values.null_count < len(values) else np.full(len(values), np.nan)
        for values in (expected, found)
    )
    return (a == b) | np.isclose(a, b, rtol=RELATIVE, atol=0.0, equal_nan=True)


def _rounded(expected: pa.ChunkedArray, found: pa.ChunkedArray) -> np.ndarray:
    """Whole numbers that GDAL takes for a column of doubles: the same as far as a double goes, which is told."""
    a, b = expected.to_pandas(integer_object_nulls=True), found.to_pandas()
    there = a.notna().to_numpy()
    near = np.array([float(value) if known else np.nan for value, known in zip(a, there, strict=True)])
    return (near == b.to_numpy()) | (~there & b.isna().to_numpy())


def same_shapes(where: str, expected: np.ndarray, found: np.ndarray, tolerance: float = 0.0) -> None:
    """Compare geometries; a part that stands alone counts as itself, and rings may be strung together otherwise.

    Raises
    ------
    NotTheSame
    """
    good = shapely.equals_exact(expected, found, 0.0) | (shapely.is_missing(expected) & shapely.is_missing(found))
    rows = np.flatnonzero(~good)
    if not len(rows):
        return
    a, b = (shapely.normalize(_single(shapes[rows])) for shapes in (expected, found))
    good = shapely.equals_exact(a, b, tolerance) | (_nothing(a) & _nothing(b))
    for place in np.flatnonzero(~good):
        one, other = a[place], b[place]
        if one is None or other is None or not _same_place(one, other, tolerance):
            raise NotTheSame(where=where, what=f"geometry, row {int(rows[place])}")


def _nothing(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.is_missing(shapes) | shapely.is_empty(shapes))


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


def same_crs(found: str | None, expected: CRS, shapes: np.ndarray | None) -> bool:
    """Whether a file names the CRS: the same one, or another way of writing it that moves nothing by a millimetre."""
    if found is None:
        return False
    crs = crs_.parse(found)
    if crs.to_epsg() == expected.to_epsg() is not None or crs.equals(expected, ignore_axis_order=True):
        return True
    if shapes is None or shapely.is_missing(shapes).all():
        return crs.to_epsg() == expected.to_epsg()
    points = shapely.points(shapely.get_coordinates(shapes)[:50])
    moved = crs_.transform(points, crs, expected)
    most = 1e-8 if expected.is_geographic else 1e-3
    return bool((shapely.distance(points, moved) < most).all())
