"""Geometry as a GeoPackage keeps it: a small header with the box, then plain WKB."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from layers.bulk import to_wkb

_ONE = b"\x01" + int(shapely.GeometryType.MULTIPOLYGON).to_bytes(4, "little") + (1).to_bytes(4, "little")
"""What stands before a polygon that is the only part of a multipart one: WKB is made of WKB."""

_SIZES = {0: 8, 1: 40, 2: 56, 3: 56, 4: 72}
"""Bytes of the header for each kind of envelope."""


def packed(
    shapes: np.ndarray, srs: int, *, multi: bool, wkb: Sequence[bytes | None] | None = None
) -> list[bytes | None]:
    """Blobs of geometries, shape (n,).

    Parameters
    ----------
    multi
        Whether a single polygon is written as a multipart one, as the table's declared type asks for.
    wkb
        The same geometries as `layers.bulk.to_wkb` writes them, where somebody has them already.
    """
    bodies = to_wkb(shapes) if wkb is None else wkb
    single = multi & (shapely.get_type_id(shapes) == shapely.GeometryType.POLYGON)
    boxes = shapely.bounds(shapes).astype("<f8")[:, [0, 2, 1, 3]].tobytes()
    head = b"GP\x00\x03" + int(srs).to_bytes(4, "little", signed=True)
    return [
        None if body is None else b"".join((head, boxes[32 * row : 32 * row + 32], _ONE if alone else b"", body))
        for row, (body, alone) in enumerate(zip(bodies, single.tolist(), strict=True))
    ]


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
