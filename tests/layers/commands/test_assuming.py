"""Assumptions are changed one by one, and none so that no formula could use it."""

from __future__ import annotations

from typing import Any

import pytest

from layers.commands import Assume
from layers.commands.errors import AssumptionRefused, ColumnRefused, ValueUnfit
from layers.errors import NothingSuch
from layers.rows import row
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import did
from tests.world import table, three_parcels

ROWS: list[dict[str, object]] = [
    {"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0, "low": 18.0, "high": 35.0},
    {"assumption_id": "empty", "name": "vacancy", "value": 0.1, "basis": "share"},
    {"assumption_id": "cars", "name": "service_need.parking", "value": 0.3, "basis": "share"},
]


def world() -> Workspace:
    return three_parcels().with_tables(assumptions=table("assumptions", ROWS))


def test_only_the_row_that_is_meant_changes() -> None:
    after = did(world(), Assume.of("norm", value=30.0, confidence="C", note="实测"))
    held = row(after, "assumptions", "norm")
    assert (held["value"], held["low"], held["high"], held["confidence"], held["note"]) == (30, 18, 35, "C", "实测")
    assert row(after, "assumptions", "empty") == row(world(), "assumptions", "empty")


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("norm", {"value": 17.9}, "低值 18 大于取值 17.9"),
        ("norm", {"value": 36.0}, "高值 35 小于取值 36"),
        ("norm", {"low": 26.0}, "低值 26 大于取值 25"),
        ("norm", {"value": None}, "要有取值"),
        ("norm", {"value": 0.0, "low": None}, "要大于 0"),
        ("norm", {"low": -1.0}, "不能小于 0"),
        ("empty", {"value": 1.0}, "空置率要小于 1"),
        ("empty", {"high": 1.0}, "空置率要小于 1"),
    ],
)
def test_what_contradicts_itself_or_no_formula_can_use_is_refused(
    key: str, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(AssumptionRefused) as caught:
        did(world(), Assume.of(key, **values))
    assert said in tell(caught.value, "zh-CN")["message"]


def test_a_range_can_be_left_when_it_moves_along_and_a_need_may_be_above_one() -> None:
    after = did(world(), Assume.of("norm", value=40.0, high=50.0), Assume.of("cars", value=1.2))
    assert row(after, "assumptions", "norm")["value"] == 40
    assert row(after, "assumptions", "cars")["value"] == 1.2


def test_what_an_assumption_is_stays_as_it_is() -> None:
    with pytest.raises(ColumnRefused):
        did(world(), Assume.of("norm", unit="亩"))
    with pytest.raises(ValueUnfit):
        did(world(), Assume.of("norm", value=float("nan")))
    with pytest.raises(NothingSuch):
        did(world(), Assume.of("nobody", value=1.0))
