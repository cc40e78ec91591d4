"""Shifted coordinates are put right on the way in, and only where that makes sense."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers import stores
from layers.workspace import Workspace
from spatial.datum import Datum, shifted
from tests.files import call, codes, geojson, parcels, shapefile


@pytest.fixture
def w(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    stores.create(path, Workspace("w", "EPSG:4548"))
    return path


def as_shown(frame: gpd.GeoDataFrame, datum: Datum) -> gpd.GeoDataFrame:
    """The frame as a map in that datum hands it out."""
    there = frame.to_crs("EPSG:4490")
    moved = [
        shapely.transform(shape, lambda points: np.column_stack(shifted(points[:, 0], points[:, 1], datum)))
        for shape in there.geometry
    ]
    return there.set_geometry(moved, crs="EPSG:4490")


@pytest.mark.parametrize(("datum", "metres"), [("gcj02", 548), ("bd09", 1355)])
def test_parcels_come_back_to_a_centimetre(w: Path, tmp_path: Path, datum: Datum, metres: float) -> None:
    true = parcels(3, DKBH=["1", "2", "3"])
    file = geojson(tmp_path / "p.geojson", as_shown(true, datum))
    status, answer = call("import", w, file, "--layer", "parcels", "--datum", datum, "--lang", "en")
    assert status == 0 and answer["datum"] == datum
    said = next(row for row in answer["rows"] if row["code"] == "datum_removed")
    assert float(said["message"].split(" by ")[1].split(" m")[0]) == pytest.approx(metres, abs=30)
    kept = shapely.get_coordinates(stores.read(w).shapes("parcels"))
    assert np.abs(kept - shapely.get_coordinates(true.geometry.to_numpy())).max() < 0.01


def test_without_the_word_nothing_is_moved_and_the_report_says_so(w: Path, tmp_path: Path) -> None:
    file = geojson(tmp_path / "p.geojson", parcels(1, DKBH=["1"]).to_crs("EPSG:4490"))
    answer = call("import", w, file, "--layer", "parcels")[1]
    assert answer["datum"] == "wgs84" and "datum_removed" not in codes(answer)


def test_a_table_without_geometry_has_no_datum(w: Path, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("project_id,name\np1,A\n", encoding="utf-8")
    status, answer = call("import", w, tmp_path / "p.csv", "--layer", "projects", "--datum", "gcj02")
    assert status == 0 and answer["datum"] is None


@pytest.mark.parametrize("system", ["EPSG:4548", "EPSG:4527", "EPSG:32650"])
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_projected_coordinates_go_to_degrees_and_come_back(
    w: Path, tmp_path: Path, datum: Datum, system: str
) -> None:
    true = parcels(3, DKBH=["1", "2", "3"])
    file = shapefile(tmp_path / "p.shp", as_shown(true, datum).to_crs(system))
    status, answer = call("import", w, file, "--layer", "parcels", "--datum", datum)
    assert status == 0 and "datum_removed" in codes(answer)
    kept = stores.read(w).shapes("parcels")
    assert shapely.hausdorff_distance(kept, true.geometry.to_numpy()).max() < 0.01


def test_coordinates_outside_china_are_refused(w: Path, tmp_path: Path) -> None:
    frame = gpd.GeoDataFrame({"DKBH": ["1"]}, geometry=[shapely.box(-71.11, 42.37, -71.10, 42.38)], crs="EPSG:4326")
    file = geojson(tmp_path / "p.geojson", frame)
    status, answer = call("import", w, file, "--layer", "parcels", "--datum", "bd09")
    assert (status, answer["error"]["code"]) == (1, "datum_outside")
