"""The verb suitability: rows, the file that QGIS opens, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask

from layers import stores
from layers.workspace import Workspace
from layers.writers.score_grid import NODATA
from tests.files import call
from tests.world import X, Y

FAR = {"criterion_id": "far", "measure": "parcel_value", "subject": "far_max", "worst": 0, "best": 4, "weight": 3}
BUILT = {"measure": "parcel_value", "subject": "built_floor_area_m2", "worst": 12_000, "best": 0, "weight": 1}
MASK = {"criterion_id": "crowded", "measure": "parcel_value", "subject": "built_floor_area_m2", "role": "mask",
        "steps": "0=100; 10000=0"}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path, world: Workspace) -> Path:
    stores.create(tmp_path / "w.gpkg", world)
    return tmp_path / "w.gpkg"


def criteria(folder: Path, *rows: dict[str, Any], **said: Any) -> Path:
    path = folder / "criteria.json"
    path.write_text(json.dumps({"criteria": list(rows), **said}, ensure_ascii=False), encoding="utf-8")
    return path


def test_scores_by_hand_and_a_file_that_holds_them(place: Path) -> None:
    """A scores 52.08, B is ruled out because it is crowded, C has no ratio."""
    out = place.with_name("s.tif")
    file = criteria(place.parent, FAR, BUILT, MASK, function="research")
    status, answer = call("suitability", place, "--criteria", file, "--out", out, "--cell", 10)
    assert status == 0 and answer["verified"] is True and answer["function"] == "research"
    rows = {row["parcel_no"]: row for row in answer["rows"]}
    assert rows["A"]["score"] == pytest.approx(52.0833, abs=1e-4) and rows["A"]["rank"] == 1
    assert rows["B"] == {"parcel_no": "B", "parcel_id": "B", "score": 0.0, "rank": None, "ruled_out_by": "crowded"}
    assert rows["C"]["score"] is None and (answer["unknown"], answer["ruled_out"]) == (1, 1)
    assert [one["weight"] for one in answer["criteria"]] == [0.75, 0.25, None]
    with rasterio.open(out) as tif:
        cells = tif.read(1)
        assert tif.crs.to_epsg() == 4548 and tif.nodata == NODATA and tif.compression.value == "DEFLATE"
        assert "0–100" in tif.descriptions[0] and tif.tags()["CHENGZAI_FUNCTION"] == "research"
        assert (tif.bounds.left, tif.bounds.top) == (X, Y + 100) and tif.res == (10.0, 10.0)
        shapes = stores.read(place).shapes("parcels")
        on = [~geometry_mask([shape], cells.shape, tif.transform) for shape in shapes]
    assert np.allclose(cells[on[0]], 52.0833, atol=1e-3) and on[0].sum() == 100
    assert (cells[on[1]] == 0).all() and (cells[on[2]] == NODATA).all()
    assert (cells[~(on[0] | on[1])] == NODATA).all()


def test_the_style_beside_it_has_a_colour_for_every_grade(place: Path) -> None:
    out = place.with_name("s.tif")
    assert call("suitability", place, "--criteria", criteria(place.parent, BUILT), "--out", out)[0] == 0
    items = ElementTree.parse(out.with_suffix(".qml")).findall(".//colorrampshader/item")
    assert [one.get("label") for one in items] == ["0–20", "20–40", "40–60", "60–80", "80–100"]
    assert len({one.get("color") for one in items}) == 5


def test_a_model_that_is_kept_and_nothing_written_without_out(tmp_path: Path) -> None:
    place = tmp_path / "d.gpkg"
    assert call("demo", place)[0] == 0
    before = sorted(one.name for one in tmp_path.iterdir())
    status, answer = call("suitability", place, "--model", "示意模型", "--function", "research")
    assert status == 0 and "written" not in answer
    assert sum(row["score"] is not None and row["score"] > 0 for row in answer["rows"]) > 100
    assert sorted(one.name for one in tmp_path.iterdir()) == before


def test_comparisons_give_the_weights_and_their_consistency(place: Path) -> None:
    pairs = FAR | {"judgements": {"built": 3}, "missing": "pass_on"}
    file = criteria(place.parent, pairs, BUILT | {"criterion_id": "built"})
    answer = call("suitability", place, "--criteria", file)[1]
    assert [one["weight"] for one in answer["criteria"]] == pytest.approx([0.75, 0.25])
    assert answer["consistency_ratio"] == 0 and {row["parcel_no"]: row["score"] for row in answer["rows"]}["C"] == 75


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nothing", "criteria_file_refused"),
        ("[]", "criteria_file_refused"),
        ('{"criteria": [1]}', "criteria_file_refused"),
        ('{"criteria": [{"measure": "beauty"}]}', "table_refused"),
        ('{"criteria": [{"measure": "function_fit", "wieght": 1}]}', "criterion_refused"),
        ('{"criteria": [{"measure": "parcel_value", "subject": "far_max", "weight": 1}]}', "criterion_refused"),
        ('{"criteria": [{"measure": "parcel_value", "subject": "land_use", "worst": 0, "best": 1, "weight": 1}]}',
         "measure_refused"),
        ('{"criteria": [{"measure": "raster_mean", "subject": "/etc/passwd", "worst": 0, "best": 1, "weight": 1}]}',
         "measure_refused"),
        ('{"criteria": [{"measure": "function_fit", "weight": 0}]}', "weights_refused"),
        ('{"criteria": [{"measure": "function_fit", "role": "mask"}]}', "model_unknown"),
    ],
)  # fmt: skip
def test_a_file_that_makes_no_sense_is_refused_in_words(place: Path, text: str, code: str) -> None:
    file = place.with_name("c.json")
    file.write_text(text, encoding="utf-8")
    out = place.with_name("s.tif")
    status, answer = call("suitability", place, "--criteria", file, "--out", out)
    assert (status, answer["error"]["code"]) == (1, code) and not out.exists()


def test_files_are_replaced_only_when_asked_and_never_the_workspace(place: Path) -> None:
    file, out = criteria(place.parent, BUILT), place.with_name("s.tif")
    assert call("suitability", place, "--criteria", file, "--out", out)[0] == 0
    assert call("suitability", place, "--criteria", file, "--out", out)[1]["error"]["code"] == "out_exists"
    assert call("suitability", place, "--criteria", file, "--out", out, "--overwrite")[0] == 0
    for words in (("--out", place), ("--out", out, "--cell", 0), ("--function", "support"), ("--cell", "x")):
        assert call("suitability", place, "--criteria", file, *words)[0] == 2
    tiny = call("suitability", place, "--criteria", file, "--out", out, "--cell", 0.001, "--overwrite")
    assert tiny[1]["error"]["code"] == "grid_too_large" and rasterio.open(out).res != (0.001, 0.001)
    assert not [one for one in place.parent.iterdir() if "draft" in one.name]


def test_a_workspace_without_parcels_or_model_says_so(tmp_path: Path) -> None:
    place = tmp_path / "w.gpkg"
    call("new", place, "--crs", "EPSG:4548")
    assert call("suitability", place)[1]["error"]["code"] == "model_unknown"
    file, out = criteria(tmp_path, BUILT), tmp_path / "s.tif"
    assert call("suitability", place, "--criteria", file, "--out", out)[1]["error"]["code"] == "nothing_to_rate"
