"""Rasters on the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cli
from layers import stores
from tests.rasters import ramp, tif
from tests.world import three_parcels


@pytest.fixture
def home(tmp_path: Path) -> str:
    path = tmp_path / "w.gpkg"
    stores.create(path, three_parcels())
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert cli.main([*words, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_zonal_gives_a_row_for_each_parcel(home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tif(tmp_path / "a.tif", ramp()))
    stats = "mean,min,max,sum,count,share_above=150"
    answer = said(capsys, "zonal", home, "--raster", file, "--stats", stats)
    assert answer["rule"] == "fraction"
    assert [row["parcel_no"] for row in answer["rows"]] == ["A", "B", "C"]
    assert answer["rows"][0] == {
        "parcel_no": "A", "mean": 142, "min": 100, "max": 184, "sum": 3550, "count": 25,
        "share_above=150": pytest.approx(0.4), "covered_share": 1,
    }  # fmt: skip
    centre = said(capsys, "zonal", home, "--raster", file, "--stats", "count", "--rule", "centre")
    assert centre["rule"] == "centre"
    assert [row["count"] for row in centre["rows"]] == [25, 20, 25]


def test_a_raster_of_the_workspace_is_named_by_its_id(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    brought = said(
        capsys, "import", home, str(tif(tmp_path / "a.tif", ramp())), "--layer", "rasters", "--kind", "dem"
    )
    name = brought["raster"]["raster_id"]
    assert said(capsys, "zonal", home, "--raster", name, "--stats", "mean")["rows"][0]["mean"] == 142
    slope = said(capsys, "zonal", home, "--raster", name, "--derive", "slope", "--stats", "mean,count")
    assert slope["rows"][0]["mean"] == pytest.approx(45.035765)


def test_a_wrong_call_and_a_bad_file_are_told_apart(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tif(tmp_path / "a.tif", ramp(), crs=None))
    assert said(capsys, "zonal", home, "--raster", file, code=1)["error"]["code"] == "raster_no_crs"
    assert said(capsys, "zonal", home, "--raster", file, "--crs", "EPSG:4548")["rows"]
    wrong = said(capsys, "zonal", home, "--raster", file, "--stats", "mien", code=2)
    assert wrong["error"]["code"] == "statistic_unknown"
    assert said(capsys, "zonal", home, "--raster", file, "--stats", ",", code=2)["error"]["code"]
    assert said(capsys, "import", home, file, "--layer", "rasters", "--datum", "gcj02", code=2)["error"]["code"]
    assert said(capsys, "import", home, file, "--layer", "rasters", code=1)["error"]["code"] == "raster_no_crs"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_table_is_for_people(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    file = str(tif(tmp_path / "a.tif", ramp()))
    assert cli.main(["zonal", home, "--raster", file, "--stats", "mean", "--lang", language]) == 0
    assert "149.5" in capsys.readouterr().out
