"""GeoParquet as others write it."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from layers.readers import parquet
from layers.readers.bring_in import Wish, bring_in
from layers.readers.errors import FileBroken, FileRefused, TooLarge
from layers.readers.features import Features
from layers.readers.registry import read_source
from layers.workspace import Workspace
from tests.files import parcels


def read(path: Path) -> Features:
    return read_source(str(path))[1]


def told(features: Features) -> list[str]:
    return [one.code for one in features.notes]


def test_it_comes_in_as_a_layer(world: Workspace, tmp_path: Path) -> None:
    frame = parcels(3, DKBH=["甲", "乙", None], 层数=pd.array([3, None, 5], dtype="Int64"))
    frame.to_parquet(tmp_path / "a.parquet", row_group_size=2)
    found = read(tmp_path / "a.parquet")
    assert found.shapes is not None
    assert shapely.equals_identical(found.shapes, frame.geometry.to_numpy()).all()
    assert str(found.table["层数"].dtype) == "Int64"
    assert told(found) == []
    arrived = bring_in(world, Wish(str(tmp_path / "a.parquet"), "parcels"))
    assert (arrived.accepted, arrived.facts["crs"], arrived.facts["crs_basis"]) == (3, "EPSG:4548", "file")


@pytest.mark.parametrize("kind", ["polygons", "parts", "points", "lines"])
def test_native_encodings(tmp_path: Path, kind: str) -> None:
    hole = shapely.box(0, 0, 9, 9).difference(shapely.box(1, 1, 2, 2))
    shapes = {
        "polygons": [hole, None, shapely.box(5, 5, 6, 6)],
        "parts": [shapely.MultiPolygon([hole, shapely.box(20, 0, 21, 1)]), None],
        "points": [shapely.Point(1, 2), shapely.Point(3, 4)],
        "lines": [shapely.LineString([(0, 0), (1, 1)])],
    }[kind]
    frame = gpd.GeoDataFrame({"a": range(len(shapes))}, geometry=shapes, crs=4548)
    frame.to_parquet(tmp_path / "a.parquet", geometry_encoding="geoarrow", row_group_size=1)
    found = read(tmp_path / "a.parquet")
    assert found.shapes is not None
    for one, other in zip(found.shapes, shapes, strict=True):
        assert (one is None and other is None) or shapely.equals_identical(one, other)
    assert not found.unreadable.any()


def test_several_geometries_and_lists_are_told(tmp_path: Path) -> None:
    frame = parcels(2, a=[[1, 2], None]).assign(centre=lambda f: f.geometry.centroid)
    frame.to_parquet(tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert [(one.code, one.value, one.limit) for one in found.notes] == [
        ("geometry_columns", "geometry", "centre"),
        ("nested_column", "", ""),
    ]
    assert found.table["a"].iloc[0] == "[1, 2]"
    assert list(found.table.columns) == ["a"]


def test_missing_metadata_is_told(tmp_path: Path) -> None:
    table = pa.table({"geom": [shapely.to_wkb(shapely.box(0, 0, 1, 1)), b"torn", None], "n": [1, 2, 3]})
    pq.write_table(table, tmp_path / "a.parquet")
    found = read(tmp_path / "a.parquet")
    assert (told(found), found.crs) == (["geo_metadata_missing"], None)
    assert found.unreadable.tolist() == [False, True, False]
    pq.write_table(table.drop(["geom"]), tmp_path / "b.parquet")
    assert read(tmp_path / "b.parquet").shapes is None
    pq.write_table(pa.table({"lon": [116.28], "lat": [39.83]}), tmp_path / "c.parquet")
    assert read(tmp_path / "c.parquet").shapes is not None


def test_the_crs_that_is_not_named(tmp_path: Path) -> None:
    wkb = {"g": [shapely.to_wkb(shapely.Point(116, 39))]}
    for about, crs in (({}, "OGC:CRS84"), ({"crs": None}, None), ({"crs": {"type": "nonsense"}}, None)):
        geo = {"version": "1.0.0", "primary_column": "g", "columns": {"g": {"encoding": "WKB", **about}}}
        table = pa.table(wkb).replace_schema_metadata({"geo": json.dumps(geo)})
        pq.write_table(table, tmp_path / "a.parquet")
        assert read(tmp_path / "a.parquet").crs == crs


def test_torn_files_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.parquet"
    parcels(20, a=list(range(20))).to_parquet(path)
    whole = path.read_bytes()
    monkeypatch.setattr(parquet, "MOST_BYTES", 10)
    with pytest.raises(TooLarge):
        read(path)
    monkeypatch.undo()
    path.write_bytes(whole[:-20])
    with pytest.raises(FileBroken):
        read(path)
    for at in np.linspace(4, len(whole) - 9, 60).astype(int):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read(path)
        except FileRefused as error:
            assert error.code
