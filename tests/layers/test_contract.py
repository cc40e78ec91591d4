"""Contracts: every complaint of a table at once, by row and column."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from layers.catalogue import LAYERS
from layers.contract import COMPLAINTS, Column, Layer, split_list

SMALL = Layer(
    name="small",
    zh="小表",
    row="a row",
    row_zh="一行",
    key="key",
    geometry=("Polygon",),
    columns=(
        Column("key", "text", "编号", "Key", required=True),
        Column("far", "number", "容积率", "Ratio", minimum=0, maximum=20),
        Column("year", "integer", "年", "Year"),
        Column("day", "date", "日", "Day"),
        Column("alone", "boolean", "独占", "Alone"),
        Column("kind", "text", "类", "Kind", allowed=("a", "b")),
        Column("kinds", "list", "类", "Kinds", allowed=("a", "b"), strict=False),
    ),
)
SQUARE = shapely.box(0, 0, 1, 1)
BOW_TIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


def check(**columns: list[object]) -> set[tuple[int | None, str, str]]:
    count = len(next(iter(columns.values())))
    data = {"key": [f"k{i}" for i in range(count)], "geometry": [SQUARE] * count} | columns
    frame = gpd.GeoDataFrame(
        pd.DataFrame({k: v for k, v in data.items() if k != "geometry"}), geometry=data["geometry"]
    )
    return {(c.row, c.column, c.code) for c in SMALL.check(SMALL.conform(frame))}


def test_a_good_table_has_no_complaint() -> None:
    assert check(far=[1.5], year=[2026], day=["2026-11-22"], alone=[True], kind=["a"], kinds=["a; b"]) == set()


def test_every_complaint_comes_together() -> None:
    found = check(
        key=["x", "x", None],
        far=[-1, float("inf"), 21],
        day=["2026-13-01", None, "yesterday"],
        kind=["c", "a", None],
        geometry=[BOW_TIE, None, shapely.Point(0, 0)],
    )
    assert found == {
        (1, "key", "key_duplicate"),
        (2, "key", "value_missing"),
        (0, "far", "below_minimum"),
        (1, "far", "not_finite"),
        (2, "far", "above_maximum"),
        (0, "day", "not_a_date"),
        (2, "day", "not_a_date"),
        (0, "kind", "not_allowed"),
        (0, "geometry", "geometry_invalid"),
        (1, "geometry", "geometry_missing"),
        (2, "geometry", "geometry_type"),
    }


@pytest.mark.parametrize("value", ["12a", "１２", "2", "", "1,5"])
def test_text_is_no_number(value: str) -> None:
    assert (0, "far", "not_a_number") in check(far=[value])


def test_a_recommendation_only_warns() -> None:
    frame = SMALL.conform(gpd.GeoDataFrame({"key": ["k"], "kinds": ["a; z"]}, geometry=[SQUARE]))
    assert [c.severity for c in SMALL.check(frame)] == ["warning"]


def test_a_missing_column_is_one_complaint() -> None:
    assert [(c.row, c.column) for c in SMALL.check(pd.DataFrame({"far": [1.0]}))] == [
        (None, "key"),
        (None, "geometry"),
    ]


@pytest.mark.parametrize("shape", [shapely.Polygon([(0, 0), (np.inf, 0), (1, 1)]), shapely.Polygon()])
def test_geometry_that_is_no_place(shape: shapely.Polygon) -> None:
    codes = {code for _, column, code in check(geometry=[shape]) if column == "geometry"}
    assert codes & {"geometry_not_finite", "geometry_empty"}


def test_every_complaint_speaks_both_languages() -> None:
    for code, texts in COMPLAINTS.items():
        assert set(texts) == {"zh-CN", "en"}, code


@pytest.mark.parametrize("name", LAYERS)
def test_the_contracts_themselves(name: str) -> None:
    layer = LAYERS[name]
    assert layer.key in layer.names
    assert layer.column(layer.key).required
    assert layer.row
    assert layer.row_zh
    assert len(set(layer.names)) == len(layer.names)
    for column in layer.columns:
        assert column.zh, (name, column.name)
        assert column.meaning, (name, column.name)
        assert column.name == column.name.lower()
        for suffix, unit in (("_m2", "m²"), ("_m", "m"), ("_pct", "%")):
            if column.name.endswith(suffix):
                assert column.unit == unit, (name, column.name)
    assert layer.check(layer.empty("EPSG:4548")) == ()


def test_lists_are_read_however_they_are_typed() -> None:
    assert split_list(" M4 ；B23;; ") == ("M4", "B23")
    assert split_list(float("nan")) == ()
