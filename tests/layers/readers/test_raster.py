"""Rasters as files: what is sound is read exactly, and what is not is refused with a cure in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.shutil import copy
from rasterio.transform import Affine
from rasterio.windows import Window

from layers.readers import raster
from layers.readers.errors import FileMissing, FileRefused, PathRefused
from layers.readers.isolation import RASTER, environment
from layers.readers.raster import RasterFile, look_at, window
from spatial.errors import UnknownCrs, tell
from tests.rasters import NORTH_UP, ramp, tif
from tests.world import X, Y


def values(found: RasterFile, band: int | None = None) -> np.ndarray:
    """All values of a raster."""
    with window(found, found.band(band), (0, 0, found.grid.width, found.grid.height)) as read:
        return read.all()


@pytest.mark.parametrize(
    "dtype", ["uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "uint64", "float32", "float64"]
)
def test_every_type_is_read_as_it_is(tmp_path: Path, dtype: str) -> None:
    stored = np.array([[0, 1, 2], [100, 101, 127]]).astype(dtype)
    found = look_at(tif(tmp_path / "a.tif", stored))
    assert found.band().dtype == dtype
    assert values(found).tolist() == stored.astype(float).tolist()


@pytest.mark.parametrize("kind", ["plain", "tiled", "deflate", "lzw", "predictor", "cog"])
def test_every_layout_is_read_the_same(tmp_path: Path, kind: str) -> None:
    layouts: dict[str, dict[str, Any]] = {
        "plain": {},
        "tiled": {"tiled": True, "blockxsize": 16, "blockysize": 16},
        "deflate": {"compress": "deflate"},
        "lzw": {"compress": "lzw", "bigtiff": "yes"},
        "predictor": {"compress": "deflate", "predictor": 3},
        "cog": {"driver": "COG"},
    }
    stored = ramp(40, 30).astype("float32")
    path = tmp_path / "a.tif"
    if kind == "cog":
        with rasterio.open(tif(tmp_path / "b.tif", stored)) as plain:
            copy(plain, path, driver="COG")
    else:
        tif(path, stored, **layouts[kind])
    assert (values(look_at(path)) == stored).all()


def test_nodata_nan_and_infinity_are_nothing(tmp_path: Path) -> None:
    stored = np.array([[1, -9999, np.nan, np.inf]], dtype="float32")
    found = look_at(tif(tmp_path / "a.tif", stored, nodata=-9999))
    assert found.band().nodata == -9999
    np.testing.assert_equal(values(found), [[1, np.nan, np.nan, np.nan]])
    of_nan = look_at(tif(tmp_path / "b.tif", stored, nodata=np.nan))
    np.testing.assert_equal(values(of_nan), [[1, -9999, np.nan, np.nan]])


def test_scale_and_offset_are_honoured_and_nodata_is_compared_with_what_is_stored(tmp_path: Path) -> None:
    stored = np.array([[-128, 0, 10, 127]], dtype="int8")
    found = look_at(tif(tmp_path / "a.tif", stored, nodata=-128, scales=[0.5], offsets=[100.0]))
    band = found.band()
    assert (band.scale, band.offset, band.scaled) == (0.5, 100.0, True)
    np.testing.assert_equal(values(found), [[np.nan, 100, 105, 163.5]])
    assert (band.low, band.high) == (100, 163.5)


def test_a_mask_and_an_alpha_band_say_what_is_nothing(tmp_path: Path) -> None:
    mask = np.array([[255, 0, 255]], dtype="uint8")
    masked = look_at(tif(tmp_path / "a.tif", np.array([[5, 6, 7]], dtype="uint8"), mask=mask))
    np.testing.assert_equal(values(masked), [[5, np.nan, 7]])
    both = np.array([[[5, 6, 7]], mask.tolist()], dtype="uint8")
    with_alpha = look_at(tif(tmp_path / "b.tif", both, photometric="MINISBLACK", alpha="yes"))
    np.testing.assert_equal(values(with_alpha), [[5, np.nan, 7]])


def test_a_window_may_be_read_coarsely(tmp_path: Path) -> None:
    found = look_at(tif(tmp_path / "a.tif", ramp(10, 20)))
    with window(found, found.band(), (10, 2, 10, 8), (4, 5)) as read:
        coarse = read.all()
    assert coarse.shape == (4, 5)
    assert set(coarse.ravel().tolist()) <= set(ramp(10, 20)[2:, 10:].ravel().tolist())


def refusal(path: Path | str, band: int | None = None, **more: Any) -> dict[str, str]:
    """What a user is told, in English, once both languages were looked at."""
    with pytest.raises(FileRefused) as caught:
        look_at(path, **more).band(band)
    both = [tell(caught.value, language) for language in ("zh-CN", "en")]
    assert all(told["message"] and told["cure"] and "/" not in told["where"] for told in both)
    assert both[0]["message"] != both[1]["message"]
    return both[1]


def test_without_a_crs_one_must_be_given(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.tif", ramp(), crs=None)
    assert refusal(path)["code"] == "raster_no_crs"
    assert look_at(path, crs="EPSG:4548").grid.crs == "EPSG:4548"
    with pytest.raises(UnknownCrs):
        look_at(path, crs="EPSG:999999")


def test_a_crs_of_a_building_site_is_none(tmp_path: Path) -> None:
    assert refusal(tif(tmp_path / "a.tif", ramp(), crs='LOCAL_CS["site",UNIT["metre",1]]'))["code"] == "raster_no_crs"


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")
def test_cells_without_a_place_are_refused(tmp_path: Path) -> None:
    assert refusal(tif(tmp_path / "a.tif", ramp(), transform=Affine.identity()))["code"] == "raster_unplaced"


def test_a_raster_of_nodata_alone_is_refused_also_where_a_sample_would_miss_a_value(tmp_path: Path) -> None:
    empty = np.full((1500, 1500), -1, dtype="int16")
    assert refusal(tif(tmp_path / "a.tif", empty, nodata=-1))["code"] == "raster_empty"
    empty[701, 703] = 7
    assert look_at(tif(tmp_path / "b.tif", empty, nodata=-1)).band().high == 7


def test_of_several_bands_one_is_to_be_chosen(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.tif", np.stack([ramp() + 1000 * band for band in range(12)]).astype("uint16"))
    told = refusal(path)
    assert told["code"] == "raster_band_unclear"
    assert "12" in told["message"]
    assert "--band" in told["cure"]
    assert refusal(path, 13)["code"] == "raster_band_unknown"
    assert values(look_at(path), 12)[0, :3].tolist() == [11000, 11001, 11002]


@pytest.mark.parametrize("keep", [0.5, 0.9, 0.02])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, keep: float) -> None:
    rng = np.random.default_rng(1)
    whole = tif(tmp_path / "a.tif", rng.random((300, 300)), tiled=True, blockxsize=64, blockysize=64).read_bytes()
    path = tmp_path / "b.tif"
    path.write_bytes(whole[: int(len(whole) * keep)])
    assert refusal(path)["code"] in ("raster_truncated", "file_broken")


def test_a_file_whose_directory_is_cut_off_is_refused(tmp_path: Path) -> None:
    whole = tif(tmp_path / "a.tif", ramp()).read_bytes()
    path = tmp_path / "b.tif"
    path.write_bytes(whole[:60])
    assert refusal(path)["code"] == "raster_truncated"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "raster_format"),
        (b"\x89PNG\r\n\x1a\n", "raster_format"),
        (b"ncols 4\nnrows 3\n", "raster_format"),
        (b'<VRTDataset rasterXSize="1" rasterYSize="1"/>', "raster_linked"),
        (b'  <?xml version="1.0"?><GDAL_WMS><Service name="TMS"/></GDAL_WMS>', "raster_linked"),
        (b"II*\0\xff\xff\xff\xff", "raster_truncated"),
    ],
)
def test_what_is_no_geotiff_is_refused_whatever_its_name(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "a.tif"
    path.write_bytes(content)
    assert refusal(path)["code"] == code


@pytest.mark.parametrize(
    "path", ["/vsicurl/http://127.0.0.1/a.tif", "/vsizip/a.zip/a.tif", "GTIFF_DIR:1:a.tif", "<VRT"]
)
def test_only_plain_paths_are_opened(path: str) -> None:
    with pytest.raises(PathRefused):
        look_at(path)
    with pytest.raises(FileMissing):
        look_at("nowhere.tif")


def test_complex_numbers_are_refused(tmp_path: Path) -> None:
    assert refusal(tif(tmp_path / "a.tif", ramp().astype("complex64")))["code"] == "raster_values"


def test_nothing_that_lies_beside_a_file_is_read(tmp_path: Path) -> None:
    path = tif(tmp_path / "a.tif", ramp(), crs=None)
    Path(f"{path}.aux.xml").write_text("<PAMDataset><SRS>EPSG:4548</SRS></PAMDataset>", encoding="utf-8")
    path.with_suffix(".prj").write_text("EPSG:4548", encoding="utf-8")
    assert refusal(path)["code"] == "raster_no_crs"


def test_the_child_has_one_driver(tmp_path: Path) -> None:
    skipped = environment(RASTER)["GDAL_SKIP"].split(",")
    assert {"VRT", "WMS", "HTTP", "netCDF", "GPKG", "STACIT"} <= set(skipped)
    assert RASTER not in skipped
    look_at(tif(tmp_path / "a.tif", ramp()))
    assert raster.POOL.idle


def test_a_raster_of_40_gigabytes_is_read_in_windows(tmp_path: Path) -> None:
    path = tmp_path / "huge.tif"
    size: dict[str, Any] = {"width": 100_000, "height": 100_000, "count": 1, "dtype": "float32", "crs": "EPSG:4548"}
    layout: dict[str, Any] = {"tiled": True, "blockxsize": 512, "blockysize": 512, "compress": "deflate"}
    place = Affine(1, 0, X - 50_000, 0, -1, Y + 50_000)
    options = {"SPARSE_OK": "TRUE", "BIGTIFF": "YES", "nodata": -1}
    with rasterio.open(path, "w", driver="GTiff", transform=place, **size, **layout, **options) as file:
        file.write(np.full((1, 300, 300), 7, dtype="float32"), window=Window(50_000, 49_900, 300, 300))
    assert path.stat().st_size < 10_000_000
    found = look_at(path)
    assert found.grid.width * found.grid.height * 4 == 40_000_000_000
    with window(found, found.band(), (49_999, 49_950, 3, 2)) as read:
        np.testing.assert_equal(read.all(), [[np.nan, 7, 7], [np.nan, 7, 7]])


def test_south_up_and_turned_grids_are_what_they_are(tmp_path: Path) -> None:
    up = look_at(tif(tmp_path / "a.tif", ramp(), transform=Affine(20, 0, X, 0, 20, Y)))
    turned = look_at(tif(tmp_path / "b.tif", ramp(), transform=NORTH_UP @ Affine.rotation(30)))
    assert (up.grid.upright, up.grid.turned) == (False, False)
    assert turned.grid.turned
    assert up.grid.bounds == (X, Y, X + 400, Y + 200)
