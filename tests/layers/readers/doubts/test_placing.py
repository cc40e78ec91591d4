"""Coordinates that lie in the wrong place: the way of reading them that puts them right is proposed, and it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from layers import stores
from layers.readers.bring_in import Wish, bring_in, bring_in_cured
from layers.workspace import Workspace
from tests.files import call, geojson, parcels, shapefile
from tests.world import box, table

TRUE = (438_150.0, 4_410_050.0)
"""Middle of three squares of `parcels`."""


def workspace(*, empty: bool = False) -> Workspace:
    """Two zones of Fengtai in EPSG:4548, or nothing."""
    zones = [
        {"zone_id": "east", "name": "东区", "kind": "east", "geometry": box(0, 0, 1000, 1000)},
        {"zone_id": "west", "name": "西区", "kind": "west", "geometry": box(-1000, 0, 0, 1000)},
    ]
    return Workspace("w", "EPSG:4548", {} if empty else {"zones": table("zones", zones)})


def relabelled(frame: gpd.GeoDataFrame, said: str | None, *, swap: bool = False) -> gpd.GeoDataFrame:
    """The same numbers under another CRS, or with x for y."""
    shapes = frame.geometry.to_numpy()
    if swap:
        shapes = shapely.transform(shapes, lambda points: points[:, ::-1])
    return gpd.GeoDataFrame(frame.drop(columns="geometry"), geometry=shapes, crs=said)


def written(path: Path, frame: gpd.GeoDataFrame) -> Path:
    """A shapefile; without a .prj where the frame has no CRS."""
    file = shapefile(path, frame)
    if frame.crs is None:
        file.with_suffix(".prj").unlink(missing_ok=True)
    return file


def middle(table: Any) -> tuple[float, float]:
    west, south, east, north = table.total_bounds
    return (west + east) / 2, (south + north) / 2


CASES = {
    # name: (CRS that the numbers are in, CRS that the file says, swapped, code, CRS that cures it)
    "no prj, degrees": (4490, None, False, "crs_missing", "EPSG:4490"),
    "no prj, metres": (4548, None, False, "crs_missing", "EPSG:4548"),
    "no prj, zone prefix": (4527, None, False, "crs_missing", "EPSG:4527"),
    "no prj, Web Mercator": (3857, None, False, "crs_missing", "EPSG:3857"),
    "no prj, swapped metres": (4548, None, True, "axes_swapped", "EPSG:4548"),
    "no prj, swapped degrees": (4490, None, True, "axes_swapped", "EPSG:4490"),
    "no prj, swapped with prefix": (4527, None, True, "axes_swapped", "EPSG:4527"),
    "degrees called metres": (4490, "EPSG:4548", False, "crs_contradicts", "EPSG:4490"),
    "metres called degrees": (4548, "EPSG:4490", False, "crs_contradicts", "EPSG:4548"),
    "zone 38 for 39": (4548, "EPSG:4547", False, "crs_misplaces", "EPSG:4548"),
    "zone 40 for 39": (4548, "EPSG:4549", False, "crs_misplaces", "EPSG:4548"),
    "prefix 39 called 38": (4527, "EPSG:4526", False, "crs_misplaces", "EPSG:4527"),
    "prefix where none is said": (4527, "EPSG:4548", False, "crs_contradicts", "EPSG:4527"),
    "no prefix where one is said": (4548, "EPSG:4527", False, "crs_contradicts", "EPSG:4548"),
    "swapped, CRS right": (4548, "EPSG:4548", True, "axes_swapped", "EPSG:4548"),
    "Web Mercator called 4548": (3857, "EPSG:4548", False, "crs_misplaces", "EPSG:3857"),
    "4548 called Web Mercator": (4548, "EPSG:3857", False, "crs_misplaces", "EPSG:4548"),
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("empty", [False, True])
def test_the_cure_puts_the_data_where_it_lies(tmp_path: Path, name: str, empty: bool) -> None:
    true, said, swap, code, crs = CASES[name]
    frame = relabelled(parcels(3, DKBH=["1", "2", "3"]).to_crs(true), said, swap=swap)
    file = written(tmp_path / "p.shp", frame)
    wish = Wish(str(file), "parcels")
    first = bring_in(workspace(empty=empty), wish)
    found = first.findings[0]
    assert (found.code, first.read) == (code, 3)
    assert found.cure is not None
    better = found.cure.apply(wish)
    assert (better.crs, better.swap_axes) == (crs, swap)
    second = bring_in(workspace(empty=empty), better)
    assert second.refusal is None
    assert middle(second.table) == pytest.approx(TRUE, abs=0.01)
    assert not [one.code for one in second.findings if one.column == "geometry" and one.severity != "tells"]


def test_a_neighbouring_zone_is_told_apart_from_the_right_one_by_distance(tmp_path: Path) -> None:
    file = written(tmp_path / "p.shp", relabelled(parcels(3), "EPSG:4547"))
    found = bring_in(workspace(), Wish(str(file), "parcels")).findings[0]
    assert found.severity == "asks"
    assert found.evidence["distance_km"] == pytest.approx(256.6, abs=3)
    assert found.evidence["readings"][0] == {"crs": "EPSG:4548", "swapped": False, "distance_m": 0}
    assert "255.7 km" in found.sentence("en") and "EPSG:4548" in found.sentence("zh-CN")
    assert found.cure is not None and found.cure.line("en") == "Read it as EPSG:4548"


def test_old_datums_are_among_the_readings_for_they_differ_by_less_than_the_distance_tells(tmp_path: Path) -> None:
    file = written(tmp_path / "p.shp", relabelled(parcels(3), None))
    found = bring_in(workspace(), Wish(str(file), "parcels")).findings[0]
    assert [one["crs"] for one in found.evidence["readings"]][:3] == ["EPSG:4548", "EPSG:2384", "EPSG:2436"]


def test_feet_in_the_working_grid(tmp_path: Path) -> None:
    frame = parcels(3)
    shapes = shapely.transform(frame.geometry.to_numpy(), lambda points: points / 0.3048)
    file = written(tmp_path / "p.shp", gpd.GeoDataFrame(geometry=shapes, crs=None))
    wish = Wish(str(file), "parcels", cures=("all",))
    arrival, better = bring_in_cured(workspace(), wish)
    assert better.crs is not None and "foot" in better.crs
    assert middle(arrival.table) == pytest.approx(TRUE, abs=0.01)


def test_data_that_lies_elsewhere_is_told_with_the_distance_and_no_cure(tmp_path: Path) -> None:
    far = parcels(3)
    far["geometry"] = far.translate(90_000, 0)
    found = bring_in(workspace(), Wish(str(written(tmp_path / "p.shp", far)), "parcels")).findings
    assert [(one.code, one.severity, one.cure) for one in found] == [("outside_workspace", "asks", None)]
    assert found[0].evidence["distance_km"] == pytest.approx(89, abs=0.5)


def test_new_land_beside_the_workspace_is_no_surprise(tmp_path: Path) -> None:
    near = parcels(3)
    near["geometry"] = near.translate(4_000, 3_000)
    assert bring_in(workspace(), Wish(str(written(tmp_path / "p.shp", near)), "parcels")).findings == ()


def test_a_row_at_zero_zero_is_left_out_by_its_cure(tmp_path: Path) -> None:
    frame = parcels(12, DKBH=[str(i) for i in range(12)])
    shapes = frame.geometry.to_numpy().copy()
    shapes[5] = shapely.box(0, 0, 10, 10)
    file = written(tmp_path / "p.shp", frame.set_geometry(shapes, crs=4548))
    arrival = bring_in(workspace(), Wish(str(file), "parcels"))
    found = arrival.findings[0]
    assert (found.code, found.rows) == ("rows_far_away", (5,))
    assert found.cure is not None
    again = bring_in(workspace(), found.cure.apply(Wish(str(file), "parcels")))
    assert (again.read, again.accepted, again.written, again.refusal) == (12, 11, 11, None)
    assert [note.row for note in again.notes if note.code == "row_left_out"] == [5]
    assert "rows_far_away" not in [one.code for one in again.findings]


def test_a_row_beyond_every_projection_is_left_out_too(tmp_path: Path) -> None:
    frame = parcels(12, DKBH=[str(i) for i in range(12)])
    shapes = frame.geometry.to_numpy().copy()
    shapes[7] = shapely.box(1e12, 1e12, 1e12 + 10, 1e12 + 10)
    file = written(tmp_path / "p.shp", frame.set_geometry(shapes, crs=4548))
    wish = Wish(str(file), "parcels")
    arrival = bring_in(workspace(), wish)
    assert (arrival.read, arrival.accepted) == (12, 0)
    assert [(one.code, one.rows) for one in arrival.findings] == [("rows_far_away", (7,))]
    again = bring_in(workspace(), arrival.findings[0].cure.apply(wish))  # type: ignore[union-attr]
    assert (again.accepted, again.refusal) == (11, None)


def test_good_files_raise_no_doubt_about_their_place(tmp_path: Path) -> None:
    for epsg in (4548, 4527, 4490, 4326, 32650):
        for empty in (False, True):
            file = written(tmp_path / f"{epsg}{empty}.shp", parcels(6).to_crs(epsg))
            found = bring_in(workspace(empty=empty), Wish(str(file), "parcels")).findings
            assert [one.code for one in found if one.severity != "tells"] == []


def test_the_command_line_tells_and_cures(tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    stores.create(path, workspace())
    file = written(tmp_path / "p.shp", relabelled(parcels(3), None, swap=True))
    status, answer = call("import", path, file, "--layer", "parcels", "--lang", "en")
    assert (status, answer["error"]["code"], answer["read"], answer["rejected"]) == (1, "crs_missing", 3, 3)
    found = answer["findings"][0]
    assert (found["code"], found["severity"], found["cure"]["name"]) == ("axes_swapped", "stops", "swap_axes")
    assert "0 m from the workspace" in found["message"]
    status, answer = call("import", path, file, "--layer", "parcels", "--cure", "axes_swapped")
    assert (status, answer["written"], answer["cured"]) == (0, 3, {"swap_axes": True, "crs": "EPSG:4548"})
    assert stores.read(path).table("parcels").total_bounds == pytest.approx([438_000, 4_410_000, 438_300, 4_410_100])


def test_a_cure_that_nobody_confirmed_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "w.gpkg"
    stores.create(path, workspace())
    file = geojson(tmp_path / "p.geojson", parcels(3).to_crs(4326))
    swapped = gpd.GeoDataFrame(
        geometry=shapely.transform(gpd.read_file(file).geometry.to_numpy(), lambda points: points[:, ::-1]), crs=4326
    )
    file = geojson(tmp_path / "s.geojson", swapped)
    status, answer = call("import", path, file, "--layer", "parcels", "--cure", "crs_misplaces")
    assert (status, answer["written"]) == (1, 0)
    assert len(stores.read(path).table("parcels")) == 0
