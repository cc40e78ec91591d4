"""Findings with a file that has the fault and one that nearly has it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from layers.readers.arrival import Arrival
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.readers.doubts import Finding, areas
from layers.workspace import Workspace
from spatial.crs import parse
from tests.files import parcels, shapefile
from tests.world import box

EMPTY = Workspace("w", "EPSG:4548")


def read(path: Path, frame: gpd.GeoDataFrame) -> Arrival:
    return bring_in(EMPTY, Wish(str(shapefile(path / f"{len(list(path.iterdir()))}.shp", frame)), "parcels"))


def held(path: Path, shapes: list[Any]) -> Arrival:
    """What comes of a GeoPackage, which keeps kinds and directions as they are."""
    file = path / f"{len(list(path.iterdir()))}.gpkg"
    pyogrio.write_dataframe(gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4548"), file, geometry_type="Unknown")
    return bring_in(EMPTY, Wish(str(file), "parcels", skip_bad=True))


def of(arrival: Arrival, code: str) -> list[Finding]:
    found = [finding for finding in arrival.findings if finding.code == code]
    assert all(one.sentence("zh-CN") != one.sentence("en") for one in found)
    return found


def test_floor_areas_in_ten_thousands(tmp_path: Path) -> None:
    wrong = parcels(3, RJLSX=[2.0, 1.5, 2.5], JZGM=[2.0, 1.5, 2.5])
    (found,) = of(read(tmp_path, wrong), "floor_area_unit_doubtful")
    assert found.evidence["ratio"] == pytest.approx(10_000)
    file = str(shapefile(tmp_path / "c.shp", wrong))
    cured, _ = bring_in_cured(EMPTY, Wish(file, "parcels", cures=("floor_area_unit_doubtful",)))
    assert cured.table["stated_floor_area_m2"].tolist() == [20_000.0, 15_000.0, 25_000.0]
    assert of(cured, "floor_area_unit_doubtful") == []
    near = parcels(3, RJLSX=[2.0, 1.5, 2.5], JZGM=[20_000.0, 15_000.0, 4_000.0])
    assert of(read(tmp_path, near), "floor_area_unit_doubtful") == []


def test_days_of_which_nobody_can_tell_day_from_month(tmp_path: Path) -> None:
    (found,) = of(read(tmp_path, parcels(2, 批准日期=["03/04/2026", "05/06/2026"])), "dates_unclear")
    assert (found.cure, found.rows) == (None, (0, 1))
    clear = read(tmp_path, parcels(2, 批准日期=["03/04/2026", "25/06/2026"]))
    assert of(clear, "dates_unclear") == []
    (told,) = of(clear, "dates_written")
    assert told.evidence["order"] == "dmy"


def test_kinds_of_geometry_that_are_mixed(tmp_path: Path) -> None:
    squares = [box(0, 0, 50, 50), box(100, 0, 150, 50)]
    arrival = held(tmp_path, [*squares, shapely.Point(438_000, 4_410_000)])
    (found,) = of(arrival, "geometry_mixed")
    assert (found.rows, found.evidence["kinds"]) == ((2,), {"POINT": 1, "POLYGON": 2})
    assert arrival.accepted == 2
    assert of(held(tmp_path, [*squares, shapely.MultiPolygon([box(200, 0, 250, 50)])]), "geometry_mixed") == []


def test_rings_that_run_the_other_way(tmp_path: Path) -> None:
    left = [shapely.box(*box(100 * i, 0, 100 * i + 50, 50).bounds) for i in range(3)]
    (found,) = of(held(tmp_path, [left[0], left[1], left[2].reverse()]), "ring_order_mixed")
    assert (found.rows, found.evidence["rings"], found.evidence["other"]) == ((2,), 3, 1)
    assert of(held(tmp_path, [one.reverse() for one in left]), "ring_order_mixed") == []


def test_vertices_that_are_repeated(tmp_path: Path) -> None:
    twice = shapely.Polygon([(438_000, 0), (438_050, 0), (438_050, 0), (438_050, 50), (438_050, 50), (438_000, 50)])
    close = shapely.Polygon([(438_000, 0), (438_050, 0), (438_050, 0.001), (438_050, 50), (438_000, 50)])
    lifted = [shapely.transform(one, lambda p: p + np.array([0, 4_410_000])) for one in (twice, close)]
    (found,) = of(held(tmp_path, [lifted[0], box(100, 0, 150, 50)]), "vertices_repeated")
    assert (found.rows, found.evidence["vertices"]) == ((0,), 2)
    assert of(held(tmp_path, [lifted[1], box(100, 0, 150, 50)]), "vertices_repeated") == []


def test_an_official_area_without_an_outline_is_compared_with_nothing() -> None:
    table = parcels(3).drop(columns="geometry").assign(official_area_m2=[10_000.0, 9_000.0, 5_000.0])
    shapes = np.array([box(0, 0, 100, 100), box(100, 0, 200, 100), shapely.Polygon()], dtype=object)
    with np.errstate(all="raise"):
        found = list(areas.findings(table, shapes, parse("EPSG:4548"), {}))
    assert [(one.code, one.rows) for one in found] == [("area_disagrees", (1,))]
