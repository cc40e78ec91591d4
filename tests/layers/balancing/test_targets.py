"""Demand from above: targets of a plan, tiers that contain each other, and what is not known."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from layers import balancing
from layers.balancing import Options
from layers.balancing.targets import units
from layers.workspace import Workspace
from tests.world import demo, table, three_parcels


def targets(*rows: dict[str, object]) -> pd.DataFrame:
    return table("targets", [{"target_id": f"t{at}", "measure": "staff"} | row for at, row in enumerate(rows)])


def world(*rows: dict[str, object], assumed: tuple[dict[str, object], ...] = ()) -> Workspace:
    plain = three_parcels()
    norms = [{"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0}, *assumed]
    return plain.with_tables(targets=targets(*rows), assumptions=table("assumptions", list(norms)))


def only(workspace: Workspace) -> dict[str, Any]:
    (found,) = balancing.top_down(workspace, 400)
    return found


STAFF: dict[str, object] = {
    "base_year": 2020, "base_value": 100, "target_year": 2025, "target_value": 200, "norm": "norm",
    "function_mix": "research=1", "adds": True,
}  # fmt: skip


def test_a_target_asks_for_its_change_times_a_norm_over_what_stays_empty() -> None:
    assert only(world(STAFF))["floor_area_p50_m2"] == 2_500
    vacancy: dict[str, object] = {"assumption_id": "v", "name": "vacancy", "value": 0.2}
    found = only(world(STAFF, assumed=(vacancy,)))
    assert found["floor_area_p50_m2"] == pytest.approx(2_500 / 0.8)
    assert [one["floor_area_p50_m2"] for one in found["years"]] == pytest.approx([625, 1_250, 1_875, 2_500, 3_125])
    assert [one["year"] for one in found["years"]] == [2021, 2022, 2023, 2024, 2025]


def test_the_total_holds_what_adds_and_nothing_that_stands_beside() -> None:
    answer = balancing.demand(world(STAFF, STAFF | {"adds": False}, STAFF | {"adds": None}), Options(draws=400))
    assert answer["top_down_p50_m2"] == 2_500
    assert len(answer["top_down"]) == 3


def test_a_base_or_a_norm_that_nobody_knows_gives_no_floor_area() -> None:
    for missing in ("base_value", "norm"):
        found = only(world(STAFF | {missing: None}))
        assert found["floor_area_p50_m2"] is None
        assert found["years"] == []
    assert only(world(STAFF | {"base_value": None}))["units"] is None


def test_tiers_of_one_scale_count_their_members_alone_and_others_are_left_as_they_are() -> None:
    tiers = [
        {"measure": "enterprises", "at_least": at, "base_value": base, "target_value": target, "base_year": 2020}
        for at, base, target in ((10, 22, 25), (0, 180, 240), (100, 4, 10), (1, 54, 70))
    ]
    found = units(targets(*tiers, {"measure": "enterprises", "base_value": 5, "target_value": 9, "base_year": 2020}))
    assert found.tolist() == [-3, 44, 6, 13, 4]


def test_the_plan_comes_out_of_the_demo() -> None:
    found = {one["target_id"]: one for one in balancing.top_down(demo(), 400)}
    assert found["rd-staff"]["units"] == 3_699
    firms = [found[f"firms-{bound}"]["units"] for bound in (100, 10, 1, 0)]
    assert firms == [6, -3, 13, 44]
    assert sum(firms) == 60
    assert found["platforms"]["units"] is None, "nobody published how many there were"
    assert all(one["source"] and one["confidence"] == "A" for one in found.values())
    assert 3_699 * 18 < found["rd-staff"]["floor_area_p50_m2"] < 3_699 * 35 / 0.9


def test_from_above_by_zone_function_and_year_adds_tiers_draw_by_draw() -> None:
    mix = {"function_mix": "research=0.6; headquarters=0.4", "zone": "east"}
    asked = world(STAFF | mix)
    found = {(one.function, one.year): one for one in balancing.from_above(asked, 2027, 400)}
    assert {one.zone for one in found.values()} == {"east"}
    assert found["research", 2022].floor_area == pytest.approx((600, 600, 600))
    assert (
        found["headquarters", 2027].floor_area == found["headquarters", 2025].floor_area == pytest.approx([1_000] * 3)
    )
    assert min(year for _, year in found) == 2021 and max(year for _, year in found) == 2027
    tiers = [
        STAFF | {"measure": "enterprises", "at_least": at, "base_value": base, "target_value": target, "adds": False}
        for at, base, target in ((0, 180, 240), (100, 4, 10))
    ]
    (one,) = [each for each in balancing.from_above(world(*tiers), 2025, 400) if each.year == 2025]
    assert one.floor_area == pytest.approx([60 * 25.0] * 3) and not one.adds, (
        "54 more of the lower tier, 6 of the upper"
    )


def test_the_parts_of_a_target_by_function_are_all_of_it() -> None:
    asked = demo()
    whole = sum(one["floor_area_p50_m2"] or 0.0 for one in balancing.top_down(asked, 400) if one["adds"])
    parts = [one for one in balancing.from_above(asked, 2030, 400) if one.adds and one.year == 2030]
    assert sum(one.floor_area[1] for one in parts) == pytest.approx(whole)
    groups = balancing.demand(asked, Options(draws=400))["top_down_groups"]
    assert {(g["measure"], g["adds"]) for g in groups} == {("staff", True), ("enterprises", False)}
