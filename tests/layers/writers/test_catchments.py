"""Catchments go out as outlines with what lies within, and say that they are straight lines."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from layers.writers.errors import ExportRefused
from layers.writers.hand_out import Order, hand_out
from layers.writers.sheets import sheet
from tests.layers.ground.reach_world import reach_world
from tests.world import three_parcels


@pytest.mark.parametrize(
    "kind", ["gpkg", "shp", "geojson", "kml", "dxf", "xlsx", "csv", "fgb", "parquet", "gdb", "txt"]
)
def test_they_go_out_in_every_format_and_are_opened_again(tmp_path: Path, kind: str) -> None:
    found = hand_out(reach_world(), Order(str(tmp_path / f"x.{kind}"), "catchments", kind))
    assert found.written == 4


def test_what_a_reader_sees(tmp_path: Path) -> None:
    world = reach_world()
    hand_out(world, Order(str(tmp_path / "x.gpkg"), "catchments", "gpkg"))
    read = gpd.read_file(tmp_path / "x.gpkg").set_index("catchment_id")
    assert sorted(read.index) == ["M-far", "M-near", "R-far", "R-near"]
    assert set(read["distance"]) == {"straight"}
    assert read.loc["R-far", "geometry"].area == pytest.approx(np.pi * 800**2)
    assert read.loc["R-far", "permitted_m2"] == pytest.approx(30_000)
    assert read.loc["R-far", ["parcels", "unknown_parcels"]].tolist() == [3, 1]


def test_without_stations_or_radii_there_is_nothing_to_hand_out(tmp_path: Path) -> None:
    assert len(sheet(three_parcels(), "catchments").frame) == 0
    bare = three_parcels().with_tables(stations=reach_world().table("stations"))
    assert len(sheet(bare, "catchments").frame) == 0
    try:
        assert hand_out(bare, Order(str(tmp_path / "x.gpkg"), "catchments", "gpkg")).written == 0
    except ExportRefused as error:
        assert error.says["zh-CN"]
