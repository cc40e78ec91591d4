"""Base maps from files: the tiles that they hold, and files that are not what they say."""

from __future__ import annotations

import gzip
import sqlite3
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from layers.map.bases.errors import BaseBroken, BaseRefused, BaseUnplaced, BaseUnsafe
from layers.map.bases.geotiff import GeoTiff
from layers.map.bases.mbtiles import MbTiles
from layers.map.bases.pmtiles import PmTiles, directory, tile_id
from layers.map.bases.tile import LARGEST, VECTOR, Memory, Tile, picture, vector
from tests.layers.map.bases.making import at, colours, geotiff, mbtiles, painted, pmtiles

RED, BLUE = painted((200, 30, 30)), painted((30, 30, 200), "JPEG")


# --- what passes as a tile ---------------------------------------------------------------------------------------


def test_pictures_are_known_by_what_they_are() -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        found = picture(painted((1, 2, 3), kind))
        assert found is not None and found.media == f"image/{kind.lower()}"
    for data in (b"", b"<svg/>", b"\x89PNG\r\n\x1a\n", painted((1, 2, 3), "GIF"), painted((1, 2, 3), "PNG", 2048)):
        assert picture(data) is None
    assert picture(RED + bytes(LARGEST)) is None


def test_vectors_that_blow_up_are_none() -> None:
    assert vector(gzip.compress(b"\x1a\x00")) == Tile(gzip.compress(b"\x1a\x00"), VECTOR, "gzip")
    assert vector(gzip.compress(bytes(64 * 1024 * 1024))) is None
    assert vector(gzip.compress(b"cut")[:-9]) is None


def test_memory_stays_within_its_bounds() -> None:
    memory = Memory(1000)
    for i in range(20):
        memory.put(i, Tile(bytes(100), "image/png"))
        memory.get(0)
    assert memory.held == 1000 and memory.get(0) is not None
    assert memory.get(1) is None and memory.get(19) is not None
    memory.put(19, Tile(bytes(50), "image/png"))
    assert memory.held == 950


# --- MBTiles -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shared", [False, True])
def test_mbtiles_count_rows_from_the_south(tmp_path: Path, shared: bool) -> None:
    z, x, y = at(12)
    held = {(z, x, y): RED, (z, x, y - 1): BLUE}
    base = MbTiles(mbtiles(tmp_path / "a.mbtiles", held, shared=shared, bounds="116,39,117,40", format="png"))
    assert (base.kind, base.zooms, base.bounds) == ("raster", (12, 12), (116.0, 39.0, 117.0, 40.0))
    assert base.tile(z, x, y) == Tile(RED, "image/png")
    assert base.tile(z, x, y - 1) == Tile(BLUE, "image/jpeg")
    assert base.tile(z, x + 1, y) is None and base.tile(z + 1, x, y) is None


def test_mbtiles_of_vectors(tmp_path: Path) -> None:
    data = gzip.compress(b"\x1a\x00")
    base = MbTiles(mbtiles(tmp_path / "a.mbtiles", {at(12): data}, format="pbf"))
    assert base.kind == "vector" and base.tile(*at(12)) == Tile(data, VECTOR, "gzip")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE VIEW extra AS SELECT load_extension('x')",
        "CREATE VIRTUAL TABLE words USING fts5(text)",
    ],
)
def test_mbtiles_with_what_could_run_are_refused(tmp_path: Path, statement: str) -> None:
    with pytest.raises(BaseUnsafe):
        MbTiles(mbtiles(tmp_path / "a.mbtiles", {at(12): RED}, statement))


def test_a_view_in_place_of_the_table_is_refused(tmp_path: Path) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", {at(12): RED}, "ALTER TABLE tiles RENAME TO kept",
                   "CREATE VIEW tiles AS SELECT * FROM kept")  # fmt: skip
    with pytest.raises(BaseUnsafe):
        MbTiles(path)


def test_a_generated_column_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.mbtiles") as db:
        columns = "zoom_level int, tile_column int, tile_row int, seed blob, tile_data AS (upper(seed))"
        db.execute(f"CREATE TABLE tiles ({columns})")
    db.close()
    with pytest.raises(BaseUnsafe):
        MbTiles(tmp_path / "a.mbtiles")


def test_a_question_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    """Without an index each tile is a walk through the file; one that is too long gives no tile."""
    many = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 600000) "
    path = mbtiles(
        tmp_path / "a.mbtiles", {at(12): RED}, "DROP INDEX tile_index",
        f"INSERT INTO tiles {many} SELECT 3, i, 0, zeroblob(1) FROM n", minzoom="12", maxzoom="12"
    )  # fmt: skip
    base = MbTiles(path)
    assert base.zooms == (12, 12) and base.tile(12, 0, 0) is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"<html>",
        lambda data: data[:4096],
        lambda data: data[:100] + bytes(1000) + data[1100:],
        lambda data: data.replace(b"tile_row", b"tile_rov"),
    ],
    ids=["other", "cut", "blank", "columns"],
)
def test_mbtiles_that_are_none(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", {at(12): RED})
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(BaseRefused):
        MbTiles(path)


# --- PMTiles -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def water(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pmtiles(tmp_path_factory.mktemp("pm") / "water.pmtiles")


def test_pmtiles_as_gdal_writes_them(water: Path) -> None:
    base = PmTiles(water)
    assert base.kind == "vector" and base.zooms == (10, 13)
    assert base.bounds == pytest.approx((116.20, 39.78, 116.36, 39.88), abs=0.01)
    for z in (10, 11, 12, 13):
        found = base.tile(*at(z))
        assert found is not None and found.media == VECTOR
        assert b"water" in (gzip.decompress(found.data) if found.encoding else found.data)
    assert base.tile(*at(13, lon=110.0)) is None and base.tile(*at(9)) is None


def test_tiles_follow_the_curve_through_all_zooms() -> None:
    for z in range(6):
        ids = {tile_id(z, x, y) for x in range(2**z) for y in range(2**z)}
        assert ids == set(range((4**z - 1) // 3, (4 ** (z + 1) - 1) // 3))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: b"PNTiles" + data[7:],
        lambda data: data[:7] + b"\x02" + data[8:],
        lambda data: data[:100],
        lambda data: data[:8] + struct.pack("<QQ", len(data), 100) + data[24:],
        lambda data: data[:97] + b"\x04" + data[98:],
        lambda data: data[:99] + b"\x09" + data[100:],
        lambda data: data[:100] + b"\x20\x10" + data[102:],
        lambda data: data[:127] + bytes(200) + data[327:],
    ],
    ids=["magic", "version", "cut", "root outside", "zstd", "kind", "zooms", "root blank"],
)
def test_pmtiles_that_are_none(water: Path, tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path = tmp_path / "bad.pmtiles"
    path.write_bytes(spoil(water.read_bytes()))
    with pytest.raises(BaseBroken):
        PmTiles(path)


def test_directories_that_lie_are_refused() -> None:
    with pytest.raises(ValueError, match="entries"):
        directory(b"\xff\xff\xff\xff\x0f")
    with pytest.raises(ValueError, match="varint"):
        directory(b"\xff" * 20)
    with pytest.raises(IndexError):
        directory(bytes([3, 1, 1]))


def test_leaves_that_lead_to_themselves_end(water: Path, tmp_path: Path) -> None:
    """A root whose one entry is a leaf, which is that same root."""
    head = bytearray(water.read_bytes()[:127])
    root = bytes([1, 0, 0, 5, 1])  # one entry: tile 0, run 0, 5 bytes at 0
    head[8:24] = struct.pack("<QQ", 127, len(root))
    head[40:56] = struct.pack("<QQ", 127, len(root))
    head[97] = 1
    path = tmp_path / "loop.pmtiles"
    path.write_bytes(bytes(head) + root)
    assert PmTiles(path).tile(*at(12)) is None


# --- GeoTIFF -----------------------------------------------------------------------------------------------------


def halves() -> np.ndarray:
    """Red in the west, green in the east, 4 m a pixel."""
    bands = np.zeros((3, 1024, 1024), dtype=np.uint8)
    bands[0, :, :512], bands[1, :, 512:] = 200, 180
    return bands


def test_geotiff_tiles_lie_where_proj_puts_them(tmp_path: Path) -> None:
    base = GeoTiff(geotiff(tmp_path / "a.tif", halves(), tiled=True, compress="deflate", overviews=(2, 4)))
    low, high = base.zooms
    assert (low, high) == (9, 15)  # 4 m at this latitude are 5.2 m of Web Mercator
    west, south, east, north = base.bounds or (0, 0, 0, 0)
    assert west < 116.28 < east and south < 39.83 < north
    middle = (west + east) / 2
    left, right = base.tile(*at(15, middle - 0.012)), base.tile(*at(15, middle + 0.012))
    assert left is not None and right is not None and left.media == "image/webp"
    assert np.abs(colours(left.data)[128, 128] - [200, 0, 0, 255]).max() < 12
    assert np.abs(colours(right.data)[128, 128] - [0, 180, 0, 255]).max() < 12


def test_outside_and_nodata_are_clear(tmp_path: Path) -> None:
    bands = halves()
    bands[:, :512, :] = 7
    base = GeoTiff(geotiff(tmp_path / "a.tif", bands, nodata=7))
    whole = base.tile(*at(12))
    assert whole is not None
    alpha = colours(whole.data)[:, :, 3]
    assert 0 < (alpha > 0).mean() < 0.2
    assert base.tile(*at(12, lon=117.5)) is None
    assert base.tile(*at(base.zooms[0] - 1)) is None


@pytest.mark.parametrize("kind", [np.float32, np.uint16, np.int16])
def test_one_band_of_heights_is_stretched(tmp_path: Path, kind: type) -> None:
    heights = np.linspace(30, 9000, 512 * 512).reshape(1, 512, 512).astype(kind)
    found = GeoTiff(geotiff(tmp_path / "a.tif", heights)).tile(*at(11))
    assert found is not None
    shown = colours(found.data)
    grey = shown[shown[:, :, 3] > 0][:, 0]
    assert set(np.unique(shown[:, :, 3])) == {0, 255}
    assert grey.min() < 20 and grey.max() > 235


def test_palettes_keep_their_colours(tmp_path: Path) -> None:
    import rasterio

    path = geotiff(tmp_path / "a.tif", np.ones((1, 256, 256), dtype=np.uint8), photometric="palette")
    with rasterio.open(path, "r+") as out:
        out.write_colormap(1, {0: (0, 0, 0, 255), 1: (230, 0, 92, 255)})
    found = GeoTiff(path).tile(*at(13))
    assert found is not None and found.media == "image/png"
    shown = colours(found.data)
    assert np.array_equal(np.unique(shown[shown[:, :, 3] > 0], axis=0), [[230, 0, 92, 255]])


def test_rasters_that_do_not_say_where(tmp_path: Path) -> None:
    with pytest.raises(BaseUnplaced), np.errstate(all="ignore"):
        GeoTiff(geotiff(tmp_path / "a.tif", halves(), crs=None))


@pytest.mark.parametrize(
    "content",
    [
        b"II*\x00" + bytes(200),
        b'<VRTDataset rasterXSize="1" rasterYSize="1"><SRS>EPSG:4548</SRS></VRTDataset>',
        b"",
        b"GIF89a" + bytes(50),
    ],
    ids=["blank", "vrt", "empty", "gif"],
)
def test_rasters_that_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(BaseBroken):
        GeoTiff(tmp_path / "a.tif")


def test_a_side_car_is_not_opened(tmp_path: Path) -> None:
    """A .ovr beside a raster may be of any driver of GDAL, a VRT that reads another file among them."""
    path = geotiff(tmp_path / "a.tif", halves())
    (tmp_path / "a.tif.ovr").write_text('<VRTDataset rasterXSize="512" rasterYSize="512"></VRTDataset>')
    (tmp_path / "a.tif.aux.xml").write_text("<PAMDataset><SRS>EPSG:4326</SRS></PAMDataset>")
    base = GeoTiff(path)
    assert base.zooms == (11, 15) and base.tile(*at(14)) is not None


def test_a_file_that_breaks_later_gives_no_tile(tmp_path: Path) -> None:
    path = geotiff(tmp_path / "a.tif", halves())
    base = GeoTiff(path)
    path.write_bytes(path.read_bytes()[:5000])
    assert base.tile(*at(14)) is None
    path.unlink()
    assert base.tile(*at(14)) is None
