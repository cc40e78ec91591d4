"""A raster comes in as one act that can be undone, and its file is kept, carried and checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasterio.transform import Affine

from layers import keeping, services, stores, versions
from layers.changes import Actor
from layers.ground.bringing_rasters import NOTES, Order, message
from layers.ground.errors import RasterThere
from layers.ground.zonal import statistics
from layers.readers.errors import RasterElsewhere
from layers.stores import raster_files
from tests.rasters import ramp, tif
from tests.world import X, Y, three_parcels

OPERATOR = Actor("test", "operator")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    stores.create(path, three_parcels())
    return path


def bring(home: Path, file: Path, **more: Any) -> dict[str, Any]:
    dry_run = more.pop("dry_run", False)
    return services.import_raster(str(home), Order(str(file), **more), actor=OPERATOR, dry_run=dry_run, language="en")


def kept(home: Path) -> list[Path]:
    return sorted(raster_files.folder_beside(home).glob("*"))


def codes(home: Path) -> list[str]:
    return [problem["code"] for problem in services.check(str(home))["problems"]]


def test_a_raster_comes_in_as_a_row_and_a_file_under_its_hash(home: Path, tmp_path: Path) -> None:
    file = tif(tmp_path / "丰台高程.tif", ramp().astype("float32"), nodata=-9999)
    answer = bring(home, file)
    row = stores.read(home).table("rasters").iloc[0]
    assert (row["kind"], row["unit"], row["values"]) == ("dem", "m", "continuous")
    assert (row["width"], row["height"], row["cell_m"], row["nodata"]) == (20, 10, 20, -9999)
    assert row["file_name"] == "丰台高程.tif"
    assert row["geometry"].bounds == (X, Y, X + 400, Y + 200)
    assert [path.stem for path in kept(home)] == [row["sha256"]]
    assert kept(home)[0].read_bytes() == file.read_bytes()
    assert (answer["read"], answer["accepted"], answer["rejected"]) == (1, 1, 0)
    assert answer["raster"]["raster_id"] == row["raster_id"]
    assert statistics(stores.read(home), row["raster_id"], ["mean"])["mean"].tolist() == [142, 149.5, 157]
    assert codes(home) == []


def test_it_is_one_act_that_is_undone_and_done_again(home: Path, tmp_path: Path) -> None:
    bring(home, tif(tmp_path / "a.tif", ramp()))
    versions.take_back(str(home), OPERATOR)
    assert len(stores.read(home).table("rasters")) == 0
    assert len(kept(home)) == 1
    versions.do_again(str(home), OPERATOR)
    assert len(stores.read(home).table("rasters")) == 1
    assert codes(home) == []


def test_a_dry_run_and_a_refusal_leave_nothing(home: Path, tmp_path: Path) -> None:
    answer = bring(home, tif(tmp_path / "a.tif", ramp()), dry_run=True)
    assert answer["written"] == 0
    away = tif(tmp_path / "b.tif", ramp(), transform=Affine(20, 0, X + 5000, 0, -20, Y))
    with pytest.raises(RasterElsewhere, match="116"):
        bring(home, away)
    assert kept(home) == []
    assert len(stores.read(home).table("rasters")) == 0


def test_the_same_band_comes_in_once_and_another_beside_it(home: Path, tmp_path: Path) -> None:
    file = tif(tmp_path / "a.tif", np.stack([ramp(), ramp() + 1]))
    bring(home, file, band=1)
    with pytest.raises(RasterThere):
        bring(home, file, band=1)
    bring(home, file, band=2)
    assert stores.read(home).table("rasters")["band"].tolist() == [1, 2]
    assert len(kept(home)) == 1


def test_what_is_unusual_is_told(home: Path, tmp_path: Path) -> None:
    odd = tif(tmp_path / "a.tif", np.full((9, 9), 5, dtype="int8"), Affine(20, 0, X, 0, 20, Y), scales=[0.1])
    told = {row["code"]: row for row in bring(home, odd)["rows"]}
    assert set(told) == {"south_up", "scaled", "no_nodata", "partly"}
    assert "0.1" in told["scaled"]["message"]
    assert all(row["severity"] == "info" for row in told.values())
    row = stores.read(home).table("rasters").iloc[0]
    assert (row["scale"], row["offset"]) == (0.1, 0)


@pytest.mark.parametrize("code", sorted(NOTES))
def test_every_note_is_said_in_both_languages(code: str) -> None:
    facts = {"scale": 0.1, "offset": 2.0, "dtype": "int8", "share": 0.5}
    assert message(code, facts, "zh-CN") != message(code, facts, "en")


def test_check_finds_a_file_that_is_gone_or_changed_and_bringing_it_in_again_mends_it(
    home: Path, tmp_path: Path
) -> None:
    file = tif(tmp_path / "a.tif", ramp())
    bring(home, file)
    (path,) = kept(home)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    assert codes(home) == ["raster_changed"]
    assert bring(home, file)["mended"] is True
    assert codes(home) == []
    path.unlink()
    assert codes(home) == ["raster_missing"]
    bring(home, file)
    assert codes(home) == []
    assert len(stores.read(home).table("rasters")) == 1


def test_a_backup_carries_the_files_and_a_restored_one_has_them(home: Path, tmp_path: Path) -> None:
    bring(home, tif(tmp_path / "a.tif", ramp()))
    made = keeping.back_up(home, tmp_path / "b" / "safe.gpkg")
    assert made["rasters"] == 1
    assert [path.name for path in kept(tmp_path / "b" / "safe.gpkg")] == [path.name for path in kept(home)]
    there = tmp_path / "c" / "again.gpkg"
    assert keeping.restore(made["file"], there, OPERATOR)["rasters"] == 1
    assert codes(there) == []


def test_a_series_of_backups_shares_the_files(home: Path, tmp_path: Path) -> None:
    bring(home, tif(tmp_path / "a.tif", ramp()))
    (tmp_path / "series").mkdir()
    first, second = (keeping.back_up(home, tmp_path / "series") for _ in range(2))
    assert (first["rasters"], second["rasters"]) == (1, 0)
    for one in kept(home):
        one.unlink()
    keeping.restore(second["file"], home, OPERATOR, overwrite=True)
    assert codes(home) == []


def test_moving_takes_the_files_along(home: Path, tmp_path: Path) -> None:
    bring(home, tif(tmp_path / "a.tif", ramp()))
    keeping.move(home, tmp_path / "other.gpkg")
    assert codes(tmp_path / "other.gpkg") == []


@pytest.mark.parametrize("text", ["", "../" * 10 + "etc/passwd", "0" * 63, "G" * 64])
def test_only_a_hash_becomes_a_path(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        raster_files.place(tmp_path, text)
    assert list(raster_files.faults(tmp_path, [(text, "x")])) == [("raster_missing", "x")]
