"""Texts of many rows: letter for letter those of one by one, because hashes and replays compare them."""

from __future__ import annotations

import zlib

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.bulk import Bulk, Parts, bulk
from layers.changes import RowChange
from layers.rows import canonical, encode
from layers.stores import chain, texts
from layers.stores.blobs import packed, unpacked
from tests.world import box, table

TEXT = st.none() | st.text(max_size=6)
NUMBER = st.none() | st.floats(0, 1e12) | st.sampled_from([0.1, 1e-7, 5e-324, 1e22, 123456789.125])
OWN = (
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(max_size=3)
    | st.floats(allow_nan=False, allow_infinity=False)
)
SHAPES = st.sampled_from(
    [
        None,
        box(0, 0, 0.1 + 0.2, 7),
        shapely.MultiPolygon([box(0, 0, 1, 1), box(3, 3, 4, 4)]),
        box(0, 0, 9, 9).difference(box(1, 1, 2, 2)),
    ]
)
ROWS = st.lists(st.tuples(TEXT, NUMBER, OWN, SHAPES), min_size=1, max_size=5)


def come(rows: list[tuple[object, object, object, object]]) -> Bulk:
    """Parcels of some values, in bulk."""
    keys = ("note", "far_max", "own", "geometry")
    values = [{"parcel_id": f'"{at}"', **dict(zip(keys, row, strict=True))} for at, row in enumerate(rows)]
    own = pd.Series([row[2] for row in rows], dtype=object)
    found = bulk("parcels", table("parcels", values).assign(own=own))
    assert found is not None
    return found


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_an_event_holds_the_canonical_text(rows: list[tuple[object, object, object, object]]) -> None:
    many = come(rows)
    edit = RowChange("zones", "东", {"zone_id": "东"}, {"zone_id": "东", "name": "é"})
    for changes in (many, tuple(many), many.reversed(), Parts((many, (edit,), many.reversed()))):
        told = [[one.layer, one.key, encode(one.before), encode(one.after)] for one in changes]
        body = chain.packed(changes)
        assert zlib.decompress(body).decode("utf-8") == canonical(told)
        assert [[one.layer, one.key, encode(one.before), encode(one.after)] for one in chain.unpacked(body)] == told
    assert texts.of_rows([*(one.after for one in many), None]) == [*texts.of_bulk(many), None]


def test_no_changes_are_an_empty_list() -> None:
    for changes in ((), Parts(()), come([(None,) * 4])[:0]):
        assert zlib.decompress(chain.packed(changes)) == b"[]"
    assert chain.unpacked(chain.packed(())) == ()


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan"), object(), {1, 2}])
def test_what_json_does_not_know_is_refused(value: object) -> None:
    for other in (1.0, None, "a"):
        with pytest.raises((ValueError, TypeError)):
            texts.of_columns({"own": [other, value]}, 2)


@settings(max_examples=30, deadline=None)
@given(st.lists(SHAPES, min_size=1, max_size=4))
def test_a_blob_is_what_shapely_would_write(shapes: list[shapely.Geometry | None]) -> None:
    many = shapely.from_wkb(shapely.to_wkb(pd.Series([*shapes, None], dtype=object).to_numpy()))[:-1]
    for shape, blob in zip(many, packed(many, 4548, multi=True), strict=True):
        if shape is None:
            assert blob is None
            continue
        whole = shape if shape.geom_type == "MultiPolygon" else shapely.MultiPolygon([shape])
        assert blob is not None
        assert blob[40:] == shapely.to_wkb(whole, output_dimension=2, byte_order=1)
        assert unpacked([blob])[0].equals_exact(shape, 0)
        assert (
            packed(many[:1], 4548, multi=False)[0] is None or packed(many, 4548, multi=False)[0][:4] == b"GP\x00\x03"
        )
