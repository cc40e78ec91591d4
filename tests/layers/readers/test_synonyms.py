"""Names that files use for our columns."""

from __future__ import annotations

import pytest

from layers.catalogue import LAYERS
from layers.field_names import field_name
from layers.readers.synonyms import match, targets, unit_in
from layers.readers.terms import to_codes


@pytest.mark.parametrize("layer", list(LAYERS))
def test_every_name_that_goes_out_comes_back(layer: str) -> None:
    columns = LAYERS[layer].columns
    for names in (
        [column.name for column in columns],
        [column.name.upper().replace("_", " ") for column in columns],
        [str(field_name(layer, column.name)) for column in columns],
        [column.zh for column in columns],
    ):
        found = match(layer, names, set())
        assert found == {column.name: name for column, name in zip(columns, names, strict=True)}


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("地块编号", "parcel_no"), ("DKBH", "parcel_no"), ("地块号", "parcel_no"), ("用地性质", "land_use"),
        ("YDXZDM", "land_use"), ("用地面积", "official_area_m2"), ("用地面积(㎡)", "official_area_m2"),
        ("YDMJ", "official_area_m2"), ("容积率", "far_max"), ("RJL", "far_max"), ("RJLSX", "far_max"),
        ("RJLXX", "far_min"), ("建筑规模", "stated_floor_area_m2"), ("JZGM", "stated_floor_area_m2"),
        ("ZMJ", "stated_floor_area_m2"), ("建筑密度", "coverage_max_pct"), ("JZMDSX", "coverage_max_pct"),
        ("建筑控制高度", "height_max_m"), ("JZXG", "height_max_m"), ("JZGD", "height_max_m"),
        ("绿地率", "green_min_pct"),
        ("LDLXX", "green_min_pct"), ("备注", "note"), ("BZ", "note"), ("ｄｋｂｈ", "parcel_no"),
        ("Parcel No.", "parcel_no"),
        ("XMMC", "name"), ("Max FAR", "far_max"), ("building height", "height_max_m"),
    ],
)  # fmt: skip
def test_names_of_parcels(name: str, target: str) -> None:
    assert match("parcels", [name], set()) == {target: name}


def test_the_better_name_wins_then_the_first() -> None:
    assert match("parcels", ["RJL", "RJLSX"], set())["far_max"] == "RJLSX"
    assert match("parcels", ["宗地号", "地块号"], set())["parcel_no"] == "地块号"
    assert match("parcels", ["DKBH"], {"parcel_no"}) == {}


def test_no_name_means_two_things() -> None:
    for layer in LAYERS:
        known = targets(layer)
        assert len(known) == len(set(known))


@pytest.mark.parametrize(
    ("name", "unit"),
    [("面积(亩)", "mu"), ("面积（公顷）", "ha"), ("area (ft2)", "ft2"), ("area [m²]", "m2"), ("高度(m)", "m"),
     ("面积(甲)", None), ("规模（万平方米）", "10000m2")],
)  # fmt: skip
def test_units_in_names(name: str, unit: str | None) -> None:
    assert unit_in(name) == unit


@pytest.mark.parametrize("layer", list(LAYERS))
def test_codes_and_both_terms_are_read(layer: str) -> None:
    import pandas as pd

    from layers import vocabulary

    tables = [terms for terms in vars(vocabulary).values() if isinstance(terms, dict)]
    for column in LAYERS[layer].columns:
        terms = next((table for table in tables if tuple(table) == column.allowed), None)
        if terms is None or column.kind == "list":
            continue
        for code, (zh, en) in terms.items():
            values = pd.Series([code, zh, en, code.upper(), f" {zh} "])
            assert to_codes(values, column).tolist() == [code] * 5, (column.name, code)
