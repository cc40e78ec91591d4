"""Geometry as a GeoPackage keeps it: a small header with the box, then plain WKB."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

_SIZES = {0: 8, 1: 40, 2: 56, 3: 56, 4: 72}
"""Bytes of the header for each kind of envelope."""


def packed(shapes: np.ndarray, srs: int, *, multi: bool) -> list[bytes | None]:
    """Blobs of geometries, shape (n,).

    Parameters
    ----------
    multi
        Whether a single polygon is written as a multipart one, as the table's declared type asks for.
    """
    if multi:
        single = np.flatnonzero(shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
        shapes = shapes.copy()
        shapes[single] = shapely.multipolygons(shapes[single], indices=np.arange(len(single)))
    bodies = shapely.to_wkb(shapes, output_dimension=2, byte_order=1)
    boxes = shapely.bounds(shapes).astype("<f8")[:, [0, 2, 1, 3]]
    head = b"GP\x00\x03" + int(srs).to_bytes(4, "little", signed=True)
    return [None if body is None else head + box.tobytes() + body for body, box in zip(bodies, boxes, strict=True)]


def unpacked(blobs: Sequence[bytes | None]) -> np.ndarray:
    """Geometries of blobs, shape (n,); a multipart geometry of one part comes back single."""
    bodies = [None if blob is None else blob[_SIZES[(blob[3] >> 1) & 7] :] for blob in blobs]
    if not bodies:
        return np.empty(0, dtype=object)
    shapes = shapely.from_wkb(np.array([*bodies, None], dtype=object))[:-1]
    single = (shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON) & (
        shapely.get_num_geometries(shapes) == 1
    )
    return np.where(single, shapely.get_geometry(shapes, 0), shapes)
