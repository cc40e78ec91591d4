"""Constraints that come in: what a name tells is proposed, a line wants a width, and nothing is made up."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from layers import causes, stores
from layers.readers import limiting
from layers.readers.bring_in import Wish, bring_in
from layers.vocabulary import CONSTRAINT_KINDS, EFFECTS, SIDES
from layers.workspace import Workspace
from tests.files import call, codes
from tests.world import X, Y, box, table


@pytest.fixture
def w(tmp_path: Path) -> Path:
    path = tmp_path / "w.gpkg"
    parcels = [{"parcel_id": "A", "far_max": 2.0, "far_basis": "gross", "geometry": box(0, 0, 100, 100)}]
    stores.create(path, Workspace("w", "EPSG:4548", {"parcels": table("parcels", parcels)}))
    return path


def source(path: Path, shapes: list[shapely.Geometry], layer: str | None = None, **columns: list[Any]) -> Path:
    frame = gpd.GeoDataFrame(columns, geometry=shapes, crs="EPSG:4548")
    frame.to_file(path, layer=layer) if layer else frame.to_file(path)
    return path


def bring(w: Path, file: Path, *words: object) -> tuple[int, dict[str, Any]]:
    return call("import", w, file, "--layer", "constraints", "--lang", "en", *words)


def found(answer: dict[str, Any], code: str) -> dict[str, Any]:
    return next(one for one in answer["findings"] if one["code"] == code)


def held(w: Path) -> pd.DataFrame:
    return stores.read(w).table("constraints")


def test_a_layer_of_the_plan_database_is_proposed_and_comes_in_when_confirmed(w: Path, tmp_path: Path) -> None:
    file = source(tmp_path / "data.gpkg", [box(0, 0, 25, 100)], "STBHHX", BSM=["1"])
    status, answer = bring(w, file)
    assert status == 1, "nobody said what it does"
    said = found(answer, "constraint_named")
    assert (
        said["evidence"] | {"kind": "ecological_red_line", "effect": "exclude", "name": "STBHHX"} == said["evidence"]
    )
    assert len(held(w)) == 0
    status, answer = bring(w, file, "--cure", "constraint_named")
    assert status == 0, answer
    assert held(w)[["kind", "effect", "side"]].to_numpy().tolist() == [["ecological_red_line", "exclude", "inside"]]
    assert "effect_usual" in codes(answer, "warning")
    row = call("capacity", w, "--parcels")[1]["rows"][0]
    assert (row["net_area_m2"], row["excluded_area_m2"], row["permitted_m2"]) == (7_500, 2_500, 15_000)
    assert row["excluded_by"] == [
        {"kind": "ecological_red_line", "area_m2": 2_500, "under_m2": 2_500, "alone_m2": 2_500}
    ]


def test_a_file_is_named_as_its_user_calls_it(w: Path, tmp_path: Path) -> None:
    """A page keeps what it is given under names of its own."""
    file = source(tmp_path / "u3f9.geojson", [box(0, 0, 60, 100)])
    wish = Wish(str(file), "constraints", called="丰台绿隔.geojson")
    codes = [finding.code for finding in bring_in(stores.read(w), wish).findings]
    assert "constraint_named" in codes


def test_a_growth_boundary_is_proposed_to_take_what_lies_outside(w: Path, tmp_path: Path) -> None:
    file = source(tmp_path / "丰台城镇开发边界.geojson", [box(0, 0, 60, 100)])
    status, _ = bring(w, file, "--cure", "all")
    assert status == 0
    row = call("capacity", w, "--parcels")[1]["rows"][0]
    assert row["excluded_area_m2"] == pytest.approx(4_000, abs=1e-3)  # the file holds degrees


def test_kinds_in_cells_are_read_by_their_chinese_names_and_layer_names(w: Path, tmp_path: Path) -> None:
    kinds = ["绿隔", "绿化隔离地区", "HLFXKZX", "城市蓝线", "Noise", "我的类别"]
    shapes = [box(0, 0, 10 + i, 100) for i in range(len(kinds))]
    file = source(tmp_path / "c.gpkg", shapes, 类别=kinds, 作用=["提示"] * 6)
    status, answer = bring(w, file)
    assert status == 0
    assert held(w)["kind"].tolist() == ["green_belt", "green_belt", "flood_control", "blue_line", "noise", "我的类别"]
    assert "not_allowed" in codes(answer, "warning")


def test_rows_without_an_effect_take_the_usual_one_only_when_asked(w: Path, tmp_path: Path) -> None:
    file = source(
        tmp_path / "c.gpkg",
        [box(0, 0, 10, 100), box(0, 0, 20, 100), box(0, 0, 30, 100)],
        LB=["绿隔", "城镇开发边界", "蓝线"],
        ZUOYONG=[None, None, "提示"],
    )
    status, answer = bring(w, file)
    assert (status, found(answer, "effect_proposed")["rows"]) == (1, [0, 1])
    assert bring(w, file, "--cure", "effect_proposed")[0] == 0
    assert held(w)["effect"].tolist() == ["inform", "exclude", "inform"]
    assert held(w)["side"].fillna("").tolist() == ["inside", "outside", ""]


def test_a_name_that_tells_nothing_gets_no_proposal(w: Path, tmp_path: Path) -> None:
    file = source(tmp_path / "layer1.gpkg", [box(0, 0, 10, 100)])
    status, answer = bring(w, file, "--cure", "all")
    assert (status, found(answer, "effect_unknown")["severity"]) == (1, "stops")
    assert bring(w, file, "--set", "kind=noise", "effect=exclude", "--layer", "constraints")[0] == 0


def test_lines_want_a_width_and_say_so_in_their_remarks(w: Path, tmp_path: Path) -> None:
    line = shapely.LineString([(X - 50, Y + 50), (X + 150, Y + 50)])
    file = source(tmp_path / "燃气管线.gpkg", [line, box(0, 0, 5, 5)], BZ=["甲", None])
    status, answer = bring(w, file, "--cure", "all")
    stopped = found(answer, "lines_want_width")
    assert (status, stopped["rows"], stopped["severity"]) == (1, [0], "stops")
    assert len(held(w)) == 0
    status, answer = bring(w, file, "--cure", "all", "--buffer", 10)
    assert status == 0, answer
    rows = held(w)
    assert rows["note"].tolist()[0] == "甲；由线按每侧 10 m 缓冲 / buffered from a line by 10 m"
    assert pd.isna(rows["note"].iloc[1])
    assert rows.geometry.area.iloc[0] == pytest.approx(200 * 20 + math.pi * 100, rel=1e-3)
    assert call("capacity", w, "--parcels")[1]["rows"][0]["excluded_area_m2"] == pytest.approx(2_025)


@pytest.mark.parametrize("width", ["0", "-3", "nan", "9000"])
def test_a_width_is_a_number_of_metres(w: Path, tmp_path: Path, width: str) -> None:
    status, answer = bring(w, source(tmp_path / "c.gpkg", [box(0, 0, 1, 1)]), f"--buffer={width}")
    assert (status, answer["error"]["code"]) == (2, "call_wrong")


def test_a_broken_outline_is_refused_at_the_door(w: Path, tmp_path: Path) -> None:
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    file = source(tmp_path / "紫线.gpkg", [bow])
    status, answer = bring(w, file, "--cure", "constraint_named")
    assert status == 1 and "geometry_invalid" in codes(answer, "error")
    assert bring(w, file, "--cure", "all")[0] == 0
    assert held(w).geometry.area.iloc[0] == pytest.approx(5_000)


def test_every_kind_has_words_and_a_usual_effect() -> None:
    assert set(causes.USUAL) == set(CONSTRAINT_KINDS)
    assert set(limiting.words_of_kinds().values()) | {"other"} == set(CONSTRAINT_KINDS)
    assert all(usual.effect in EFFECTS and usual.side in SIDES for usual in causes.USUAL.values())


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ZXCQCSLX", "blue_line"),
        ("zxcqcslvx", "green_line"),
        ("CSZX", "purple_line"),
        ("CSHX", "yellow_line"),
        ("LSWHBHX", "heritage"),
        ("规划道路红线_2025", "road_line"),
        ("Urban_Growth_Boundary", "growth_boundary"),
        ("地块", None),
        ("LX", None),
    ],
)
def test_names_of_layers(name: str, kind: str | None) -> None:
    told = limiting.kind_in([name])
    assert (told[0] if told else None) == kind
