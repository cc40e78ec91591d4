"""The binary of outlines: everything comes back, vertex by vertex, to about a centimetre."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from layers.map import blob
from spatial import crs
from tests.world import X, Y, box

GK = crs.parse("EPSG:4548")


def made(*shapes: shapely.Geometry | None, crs_: CRS = GK) -> blob.Outlines:
    return blob.outlines(np.array([*shapes, None], dtype=object)[:-1], crs_, np.zeros(len(shapes), dtype=np.uint8))


def same(one: blob.Outlines, other: blob.Outlines) -> bool:
    return all(np.array_equal(vars(one)[name], vars(other)[name]) for name in vars(one))


RING = shapely.Polygon(box(0, 0, 90, 90).exterior.coords, [box(30, 30, 60, 60).exterior.coords])
TWO = shapely.MultiPolygon([box(150, 0, 200, 50), RING])


def test_holes_parts_and_missing_outlines_come_back() -> None:
    found = made(RING, None, TWO, shapely.Polygon(), shapely.Point(X, Y), box(300, 0, 310, 10))
    assert found.parts.tolist() == [1, 0, 2, 0, 0, 1]
    assert found.rings.tolist() == [2, 1, 2, 1]
    assert found.vertices.tolist() == [4] * 6
    assert same(blob.decode(blob.encode(found)), found)


def test_vertices_keep_their_order_and_lie_where_they_did() -> None:
    corners = np.array(RING.interiors[0].coords)[:-1]
    found = made(RING)
    lon = found.xy[4:, 0] / blob.WORLD * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * found.xy[4:, 1] / blob.WORLD))))
    east, north = Transformer.from_crs("EPSG:4490", GK, always_xy=True).transform(lon, lat)
    assert np.abs(np.column_stack([east, north]) - corners).max() < 0.01


def test_no_parcels_at_all() -> None:
    found = made()
    assert len(found) == 0 and same(blob.decode(blob.encode(found)), found)


def test_parcels_far_apart_and_of_many_vertices_come_back() -> None:
    """Steps between vertices need all 32 bits where a workspace spans a continent."""
    circle = shapely.Point(116.3, 39.8).buffer(0.01, quad_segs=20_000)
    found = made(circle, shapely.box(-70, -40, -69, -39), crs_=crs.parse("EPSG:4490"))
    assert found.vertices[0] >= 40_000
    assert same(blob.decode(blob.encode(found)), found)


def test_some_parcels_in_another_order_and_one_left_out() -> None:
    found = made(RING, TWO, box(300, 0, 310, 10))
    assert same(found.take(np.array([1, -1, 0])), made(TWO, None, RING))
    assert same(blob.joined([made(RING), made(TWO, None)]), made(RING, TWO, None))


@pytest.mark.parametrize("bytes_", [b"", b"CZG0" + bytes(40), b"CZG1"])
def test_what_is_no_binary_is_refused(bytes_: bytes) -> None:
    with pytest.raises(ValueError, match="binary"):
        blob.decode(bytes_)
