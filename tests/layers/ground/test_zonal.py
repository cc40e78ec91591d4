"""Statistics of parcels from files: any CRS, any orientation, blocks and windows, kept coverage, slope."""

from __future__ import annotations

import math
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import rasterio.warp
import shapely
from rasterio.transform import Affine

from layers.ground import zonal
from layers.ground.errors import RasterFileMissing, RasterUnknown, StatisticMeansNothing
from layers.ground.zonal import statistics
from layers.workspace import Workspace
from tests.rasters import NORTH_UP, ramp, tif
from tests.world import X, Y, box, table, three_parcels

PUBLISHED = Path(__file__).with_name("published")


def parcels(*shapes: shapely.Geometry, crs: str = "EPSG:4548") -> Workspace:
    rows = [{"parcel_id": f"P{number}", "parcel_no": str(number)} for number in range(len(shapes))]
    frame = table("parcels", rows).set_geometry(gpd.GeoSeries(list(shapes)), crs="EPSG:4548")
    return Workspace("w", crs, {"parcels": frame})


def test_three_parcels_can_be_worked_out_by_hand(tmp_path: Path) -> None:
    """100 m are five cells: parcel A lies on columns 0–4 of rows 5–9, B on 7.5–12.5, C on 15–19."""
    stats = ["mean", "count", "min", "share_above=150"]
    found = statistics(three_parcels(), str(tif(tmp_path / "a.tif", ramp())), stats)
    assert list(found.columns) == ["mean", "count", "min", "share_above=150"]
    assert found["mean"].tolist() == [142, 149.5, 157]
    assert found["count"].tolist() == [25, 25, 25]
    assert found["min"].tolist() == [100, 107, 115]
    assert found["share_above=150"].tolist() == pytest.approx([10 / 25, 11.5 / 25, 15 / 25])


def test_values_that_rasterstats_publishes() -> None:
    """tests/data/slope.tif and polygons.shp of python-rasterstats (BSD-3): 75 and 50 centres, a mean of 14.66."""
    with rasterio.open(PUBLISHED / "slope.tif") as file:
        crs = file.crs.to_wkt()
    outlines = [
        "POLYGON ((244697.451795 1000369.230757, 244827.15494 1000373.045556, 244933.969294 1000353.971564, "
        "244930.154496 1000147.972452, 244697.451795 1000159.416847, 244697.451795 1000369.230757))",
        "POLYGON ((246082.223602 1000453.156322, 246139.445578 1000460.785918, 246189.037956 1000403.563943, "
        "246086.0384 1000132.713259, 245990.668441 1000205.194428, 246082.223602 1000453.156322))",
    ]
    workspace = parcels(*shapely.from_wkt(outlines), crs=crs)
    path = str(PUBLISHED / "slope.tif")
    centre = statistics(workspace, path, ["count", "mean"], "centre")
    assert centre["count"].tolist() == [75, 50]
    assert round(centre["mean"][0], 2) == 14.66
    exact = statistics(workspace, path, ["count", "covered_share"])
    cell = 25.52514657450613**2
    assert exact["count"].tolist() == pytest.approx((shapely.area(workspace.shapes("parcels")) / cell).tolist())
    assert len(workspace.coverages[next(iter(workspace.coverages))].cell) == 95 + 73  # cells that are touched


@pytest.mark.parametrize("kind", ["south_up", "west_first", "turned"])
def test_however_a_raster_lies_its_cells_are_the_same(tmp_path: Path, kind: str) -> None:
    plain = statistics(three_parcels(), str(tif(tmp_path / "a.tif", ramp())), ["mean", "count", "max"])
    values, place = {
        "south_up": (ramp()[::-1], Affine(20, 0, X, 0, 20, Y)),
        "west_first": (ramp()[:, ::-1], Affine(-20, 0, X + 400, 0, -20, Y + 200)),
        "turned": (ramp().T, Affine(0, 20, X, -20, 0, Y + 200)),
    }[kind]
    found = statistics(three_parcels(), str(tif(tmp_path / "b.tif", values, transform=place)), list(plain.columns))
    pd.testing.assert_frame_equal(found, plain)


def test_parcels_are_brought_to_the_cells_of_another_crs(tmp_path: Path) -> None:
    """Cells of 1e-4° hold their own x, so the mean under a parcel is the longitude of its centre."""
    west, south, east, north = rasterio.warp.transform_bounds("EPSG:4548", "EPSG:4490", X, Y, X + 400, Y + 200)
    step = 1e-4
    columns, rows = math.ceil((east - west) / step) + 2, math.ceil((north - south) / step) + 2
    place = Affine(step, 0, west - step, 0, -step, north + step)
    longitude = np.broadcast_to(west - step + (np.arange(columns) + 0.5) * step, (rows, columns))
    path = tif(tmp_path / "a.tif", longitude, transform=place, crs="EPSG:4490")
    found = statistics(three_parcels(), str(path), ["mean", "covered_share"])
    centres = shapely.centroid(three_parcels().shapes("parcels"))
    true, _ = rasterio.warp.transform("EPSG:4548", "EPSG:4490", shapely.get_x(centres), shapely.get_y(centres))
    assert found["mean"].tolist() == pytest.approx(true, abs=5e-7)  # 5 cm: longitude goes in steps
    assert found["covered_share"].tolist() == pytest.approx([1, 1, 1], abs=1e-6)


def test_a_parcel_partly_outside_says_how_much_is_covered(tmp_path: Path) -> None:
    path = str(tif(tmp_path / "a.tif", np.full((10, 20), 5.0)))
    workspace = parcels(box(-50, 0, 50, 100), box(-500, 0, -400, 100), box(395, 195, 396, 196))
    found = statistics(workspace, path, ["mean", "count", "covered_share"])
    assert found["covered_share"].tolist() == pytest.approx([0.5, 0, 1])
    assert found["count"].tolist() == pytest.approx([12.5, 0, 1 / 400])
    assert found["mean"].isna().tolist() == [False, True, False]


def test_blocks_and_windows_give_what_everything_at_once_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(tif(tmp_path / "a.tif", ramp(40, 60), transform=Affine(7, 0, X - 3, 0, -7, Y + 240), nodata=77))
    stats = ["mean", "count", "median", "stdev", "covered_share"]
    whole = statistics(three_parcels(), path, stats)
    monkeypatch.setattr(zonal, "KEPT_CELLS", 300)
    monkeypatch.setattr(zonal, "WINDOW_CELLS", 90)
    workspace = three_parcels()
    pd.testing.assert_frame_equal(statistics(workspace, path, stats), whole)
    assert not workspace.coverages


def test_coverage_is_found_once_and_goes_with_the_outlines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (str(tif(tmp_path / f"{name}.tif", ramp() + name)) for name in (1, 5))
    workspace = three_parcels()
    first = statistics(workspace, one, ["mean"])
    renamed = workspace.with_tables(parcels=workspace.table("parcels").assign(name="新名"))
    monkeypatch.setattr(zonal, "coverage", lambda *_: pytest.fail("it was known"))
    second = statistics(renamed, other, ["mean"])
    assert (second["mean"] - first["mean"]).tolist() == [4, 4, 4]
    monkeypatch.undo()
    shapes = workspace.frame("parcels")
    moved = workspace.with_tables(parcels=shapes.set_geometry(shapes.geometry.translate(20, 0)))
    assert (statistics(moved, one, ["mean"])["mean"] - first["mean"])[:2].tolist() == [1, 1]


def test_slope_of_a_plane_is_that_of_the_plane_also_from_degrees(tmp_path: Path) -> None:
    rise = 0.1
    x = X + 10 + 20 * np.arange(20)
    heights = np.broadcast_to(rise * (x - X), (10, 20))
    path = tif(tmp_path / "a.tif", heights, transform=Affine(20, 0, X, 0, -20, Y + 150))
    workspace = parcels(box(50, 0, 150, 100))
    asked = ["mean", "min", "max", "count"]
    found = statistics(workspace, f"slope:{path}", asked)
    assert found.loc[0].tolist() == pytest.approx([math.degrees(math.atan(rise))] * 3 + [25], rel=1e-6)
    falls = statistics(workspace, f"aspect:{path}", ["min", "max"])
    assert falls.loc[0].tolist() == pytest.approx([270, 270])
    with rasterio.open(path) as file:
        there, width, height = rasterio.warp.calculate_default_transform(
            file.crs, "EPSG:4490", file.width, file.height, *file.bounds
        )
        out = np.full((height, width), np.nan)
        rasterio.warp.reproject(
            file.read(1), out, src_transform=file.transform, src_crs=file.crs, dst_transform=there,
            dst_crs="EPSG:4490", dst_nodata=np.nan, resampling=rasterio.warp.Resampling.bilinear,
        )  # fmt: skip
    degrees = tif(tmp_path / "b.tif", out, transform=there, crs="EPSG:4490", nodata=np.nan)
    again = statistics(workspace, f"slope:{degrees}", ["mean"])
    assert again["mean"][0] == pytest.approx(math.degrees(math.atan(rise)), rel=0.02)


def test_directions_have_no_mean(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.tif", ramp(), transform=NORTH_UP)
    with pytest.raises(StatisticMeansNothing):
        statistics(three_parcels(), f"aspect:{path}", ["mean"])


def test_a_raster_that_is_not_there_says_which_are() -> None:
    with pytest.raises(RasterUnknown):
        statistics(three_parcels(), "R-1", ["mean"])
    row = {"raster_id": "R-1", "sha256": "0" * 64, "file_name": "高程.tif"}
    workspace = three_parcels().with_tables(rasters=table("rasters", [row]))
    with pytest.raises(RasterFileMissing, match=r"高程\.tif"):
        statistics(workspace, "R-1", ["mean"])


def test_a_hash_that_is_none_leads_nowhere(tmp_path: Path) -> None:
    row = {"raster_id": "R-1", "sha256": "../../etc/passwd"}
    workspace = three_parcels().with_tables(rasters=table("rasters", [row]))
    with pytest.raises(RasterFileMissing):
        statistics(workspace, "R-1", ["mean"])


def test_no_parcels_give_no_rows(tmp_path: Path) -> None:
    found = statistics(Workspace("w", "EPSG:4548"), str(tif(tmp_path / "a.tif", ramp())), ["mean"])
    assert len(found) == 0
    assert list(found.columns) == ["mean"]
