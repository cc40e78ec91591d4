"""Ways and facilities come in by every common format: heights are said to be dropped, multi-lines stay one row."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers import stores
from layers.ground import reaching
from layers.ground.reach_report import network
from tests.files import call, codes
from tests.world import X, Y

STREETS = [
    shapely.LineString([(X, Y, 50), (X + 100, Y, 51)]),
    shapely.MultiLineString([[(X, Y + 50, 1), (X + 50, Y + 50, 1)], [(X + 60, Y + 50, 1), (X + 90, Y + 50, 2)]]),
    shapely.LineString([(X + 50, Y - 50, 3), (X + 50, Y + 50, 3)]),
]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    assert call("new", path, "--crs", "EPSG:4548")[0] == 0
    return path


def written(folder: Path, ending: str) -> Path:
    path = folder / f"streets.{ending}"
    frame = gpd.GeoDataFrame(
        {"路名": ["南路", "断路", "东街"], "highway": ["street", "path", "street"], "oneway": ["yes", "no", "yes"]},
        geometry=STREETS,
        crs="EPSG:4548",
    )
    if ending in ("geojson", "kml"):
        frame = frame.to_crs("EPSG:4326")
    frame.to_file(
        path, **({"driver": "KML"} if ending == "kml" else {"encoding": "UTF-8"} if ending == "shp" else {})
    )
    return path


@pytest.mark.parametrize("ending", ["shp", "gpkg", "geojson", "kml"])
def test_streets_come_in_and_can_be_walked(empty: Path, tmp_path: Path, ending: str) -> None:
    status, answer = call("import", empty, written(tmp_path, ending), "--layer", "ways")
    assert (status, answer["read"], answer["accepted"], answer["rejected"]) == (0, 3, 3, 0)
    assert answer["columns"]["name"] == "路名"
    assert "dimensions_dropped" in codes(answer)
    world = stores.read(empty)
    assert world.table("ways")["kind"].tolist() == ["street", "path", "street"]
    found = network(world)
    # one row of two parts; its first part touches the end of the east street, the second touches nothing
    assert (found["ways"], found["ways_of_several_parts"], found["components"]) == (3, 1, 2)
    assert found["length_m"] == pytest.approx(280, abs=0.5)
    assert reaching.walking(world).ways.way.tolist() == [0, 1, 1, 2]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_facilities_come_in_from_a_table_of_coordinates(empty: Path, tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame(
        {
            "设施名称": ["一食堂", "幼儿园"],
            "类别": ["食堂餐饮", "childcare"],
            "服务能力": [300, 120],
            "服务半径": [450, None],
            "X": [X + 100, X + 300],
            "Y": [Y + 50, Y + 80],
        }
    )
    path = tmp_path / f"facilities.{ending}"
    frame.to_csv(path, index=False) if ending == "csv" else frame.to_excel(path, index=False)
    status, answer = call("import", empty, path, "--layer", "facilities", "--crs", "EPSG:4548")
    assert (status, answer["accepted"], answer["rejected"]) == (0, 2, 0)
    table = stores.read(empty).table("facilities")
    assert table["kind"].tolist() == ["canteen", "childcare"]
    assert table["capacity"].tolist() == [300, 120]
    assert table["reach_m"].iloc[0] == 450
    assert shapely.get_coordinates(table["geometry"]).tolist() == [[X + 100, Y + 50], [X + 300, Y + 80]]
