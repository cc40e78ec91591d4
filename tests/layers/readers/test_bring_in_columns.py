"""Columns of a file that comes in: names, units, numbers kept as text, and what is doubted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from spatial.area import SQUARE_METRES
from tests.files import bring, call, codes, geojson, held, parcels, shapefile


def test_chinese_names_come_home_by_themselves(w: Path, tmp_path: Path) -> None:
    given = {
        "地块编号": ["1"], "用地性质": ["M4"], "用地面积": [10_000.0], "容积率": [2.5], "建筑规模": [25_000.0],
        "建筑密度": [40.0], "建筑控制高度": [24.0], "绿地率": [30.0], "备注": ["无"], "供应状态": ["成交"],
        "供应方式": ["弹性年期出让"], "图形依据": ["实测"],
    }  # fmt: skip
    source = geojson(tmp_path / "p.geojson", parcels(1, **given).to_crs(4326))
    status, answer = bring(w, source)
    assert status == 0
    row = held(w).iloc[0]
    assert set(answer["columns"].values()) == set(given)
    assert (row["parcel_no"], row["land_use"], row["official_area_m2"], row["far_max"]) == ("1", "M4", 10_000, 2.5)
    assert (row["stated_floor_area_m2"], row["coverage_max_pct"], row["height_max_m"]) == (25_000, 40, 24)
    assert (row["green_min_pct"], row["note"]) == (30, "无")
    assert (row["status"], row["supply_mode"], row["geometry_basis"]) == ("sold", "flexible_transfer", "surveyed")


def test_units_convert_what_is_mapped(w: Path, tmp_path: Path) -> None:
    frame = parcels(1, YDMJ=[15.0], h=[100.0], FAR=[2.0], keep=[9.0])
    words = ("--map", "height_max_m=h", "built_floor_area_m2=YDMJ*2", "storey_height_m=4")
    answer = bring(w, shapefile(tmp_path / "p.shp", frame), *words, "--area-unit", "mu", "--length-unit", "ft")[1]
    row = held(w).iloc[0]
    assert row["official_area_m2"] == pytest.approx(10_000)
    assert row["built_floor_area_m2"] == pytest.approx(20_000)
    assert row["height_max_m"] == pytest.approx(30.48)
    assert (row["storey_height_m"], row["far_max"], row["keep"]) == (4, 2, 9)
    assert answer["columns"]["built_floor_area_m2"] == "YDMJ*2"


@pytest.mark.parametrize("unit", ["m2", "ft2", "ha", "mu"])
def test_every_area_unit(w: Path, tmp_path: Path, unit: str) -> None:
    bring(w, shapefile(tmp_path / "p.shp", parcels(1, YDMJ=[3.0])), "--area-unit", unit)
    assert held(w)["official_area_m2"].iloc[0] == pytest.approx(float(3 * SQUARE_METRES[unit]), rel=1e-15)


def test_a_unit_in_the_name_counts_and_is_told(w: Path, tmp_path: Path) -> None:
    frame = parcels(1).to_crs(4326).assign(**{"用地面积（公顷）": [1.5]})
    answer = bring(w, geojson(tmp_path / "p.geojson", frame))[1]
    assert held(w)["official_area_m2"].iloc[0] == pytest.approx(15_000)
    assert "unit_from_header" in codes(answer)


def test_numbers_kept_as_text(w: Path, tmp_path: Path) -> None:
    frame = parcels(5, RJL=["2.5", " 12 ", "１２", "1,234.5", None])
    status, answer = bring(w, shapefile(tmp_path / "p.shp", frame))
    assert status == 0
    assert held(w)["far_max"].tolist()[:4] == [2.5, 12, 12, 1234.5]
    found = [row for row in answer["rows"] if row["code"] == "thousands_separator"]
    assert [(row["row"], row["field"], row["severity"]) for row in found] == [(3, "far_max", "warning")]


@pytest.mark.parametrize("text", ["1,5", "二", "2.5.1", "NaN", "inf", "1e", "12m", "#REF!"])
def test_what_is_no_number_is_an_error_row(w: Path, tmp_path: Path, text: str) -> None:
    status, answer = bring(w, shapefile(tmp_path / "p.shp", parcels(2, DKBH=["1", "2"], RJL=["1", text])))
    assert status == 1
    found = [row for row in answer["rows"] if row["severity"] == "error"]
    assert [(row["row"], row["field"], row["code"]) for row in found] == [(1, "far_max", "not_a_number")]
    assert text in found[0]["message"]


def test_limits_of_the_contract_are_errors_and_open_lists_are_warnings(w: Path, tmp_path: Path) -> None:
    frame = parcels(3, DKBH=list("abc"), RJL=[-1.0, 1, 1], JZMD=[50.0, 120, 50], GYZT=["已建", "已建", "卖了"])
    answer = bring(w, shapefile(tmp_path / "p.shp", frame))[1]
    assert [(row["row"], row["code"]) for row in answer["rows"]] == [
        (0, "below_minimum"), (1, "above_maximum"), (2, "not_allowed"),
    ]  # fmt: skip
    assert [row["severity"] for row in answer["rows"]] == ["error", "error", "warning"]


def test_a_second_column_of_one_meaning_is_kept_beside(w: Path, tmp_path: Path) -> None:
    frame = parcels(1, RJLSX=[2.0], RJL=[3.0], name=["a"], fid_2=[1])
    frame = frame.to_crs(4326).assign(FID=[5], far_max=[9.0])
    answer = bring(w, geojson(tmp_path / "p.geojson", frame))[1]
    kept = held(w)
    assert answer["columns"]["far_max"] == "far_max"
    assert (kept["far_max"].iloc[0], kept["RJLSX"].iloc[0], kept["RJL"].iloc[0]) == (9, 2, 3)
    assert kept["FID_source"].iloc[0] == 5


def test_hostile_column_names_are_only_names(w: Path, tmp_path: Path) -> None:
    frame = parcels(1).to_crs(4326)
    names = ['x"; DROP TABLE parcels; --', "{{7*7}}", "geom ", "甲\n乙", "select"]
    status, _ = bring(w, geojson(tmp_path / "p.geojson", frame.assign(**{name: ["v"] for name in names})))
    assert status == 0
    kept = held(w)
    assert [name for name in names if name in kept.columns] == names
    assert kept[names[0]].iloc[0] == "v"


@pytest.mark.parametrize(
    ("words", "code", "status"),
    [
        (("--map", "far_max=nothing"), "column_unknown", 1),
        (("--map", "far_max=DKBH +"), "expression_refused", 2),
        (("--map", "geom=DKBH"), "target_refused", 2),
        (("--map", "available_m2=DKBH"), "target_refused", 2),
        (("--source-layer", "nothing"), "source_layer_unclear", 1),
        (("--join", "none.csv", "--on", "DKBH"), "file_missing", 1),
    ],
)
def test_wishes_that_cannot_be_met(w: Path, tmp_path: Path, words: tuple[str, ...], code: str, status: int) -> None:
    source = shapefile(tmp_path / "p.shp", parcels(1, DKBH=["1"]))
    found, answer = bring(w, source, *words)
    assert (found, answer["error"]["code"]) == (status, code)


def test_an_unknown_layer_is_a_wrong_call(w: Path, tmp_path: Path) -> None:
    status, answer = bring(w, shapefile(tmp_path / "p.shp", parcels(1)), layer="houses")
    assert (status, answer["error"]["code"]) == (2, "layer_unknown")


def test_names_cut_at_ten_bytes_are_still_known(w: Path, tmp_path: Path) -> None:
    given = {"用地性质": ["M4"], "建筑密度上限": [40.0], "容积率上限": [2.0], "容积率下限": [1.0], "地块编号": ["1"]}
    source = shapefile(tmp_path / "p.shp", parcels(1, **given))
    status, answer = bring(w, source)
    assert status == 0, answer
    row = held(w).iloc[0]
    assert (row["parcel_no"], row["land_use"], row["coverage_max_pct"]) == ("1", "M4", 40)
    assert pd.isna(row["far_max"])  # two columns were cut to one name: neither is taken for the other
    assert pd.isna(row["far_min"])
    assert sorted(row[name] for name in held(w).columns if name.startswith("容积")) == [1, 2]


def test_our_own_long_names_cut_by_other_programs_are_known(w: Path, tmp_path: Path) -> None:
    frame = parcels(1, parcel_no=["1"], built_floor_area_m2=[5.0], coverage_max_pct=[50.0])
    answer = bring(w, shapefile(tmp_path / "p.shp", frame))[1]
    assert answer["columns"]["built_floor_area_m2"] == "built_floo"
    assert held(w)["coverage_max_pct"].tolist() == [50]


@pytest.mark.parametrize(("size", "unit"), [(15.0, "mu"), (1.0, "ha"), (107_639.1, "ft2"), (10_000.0, None)])
def test_a_forgotten_unit_is_doubted(w: Path, tmp_path: Path, size: float, unit: str | None) -> None:
    answer = bring(w, shapefile(tmp_path / "p.shp", parcels(3, YDMJ=[size, size, 1.0])))[1]
    found = [row["message"] for row in answer["rows"] if row["code"] == "area_unit_doubtful"]
    assert [f"--area-unit {unit}" in text for text in found] == ([True] if unit else [])


def test_shares_where_per_cent_is_asked_for_and_areas_of_0_are_doubted(w: Path, tmp_path: Path) -> None:
    frame = parcels(2, JZMD=[0.4, 0.35], LDL=[30.0, 1.0], YDMJ=[0.0, 10_000.0])
    status, answer = bring(w, shapefile(tmp_path / "p.shp", frame))
    assert status == 0
    found = [(row["row"], row["field"], row["code"]) for row in answer["rows"] if row["code"] != "parcel_no_missing"]
    assert found == [
        (None, "coverage_max_pct", "looks_like_share"),
        (0, "official_area_m2", "official_area_zero"),
    ]


def test_hectares_become_whole_square_metres(w: Path, tmp_path: Path) -> None:
    source = geojson(tmp_path / "s.geojson", parcels(2, **{"用地面积（公顷）": [5.6713, 1.0]}))
    assert call("import", w, source, "--layer", "parcels", "--crs", "EPSG:4548")[0] == 0
    assert held(w)["official_area_m2"].tolist() == [56_713.0, 10_000.0], "not 56,712.99999999999"
