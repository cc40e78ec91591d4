"""The balance of a world that can be worked out by hand, and what holds in any."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from layers import balancing
from layers.accounts import books
from layers.balancing import Options
from layers.balancing.errors import YearUnknown
from layers.commands import Assign
from layers.matching import in_all
from layers.workspace import Workspace
from spatial.errors import tell
from tests.world import after, demo, table, three_parcels

FEW = Options(draws=400)


def asking(world: Workspace, **columns: Any) -> Workspace:
    """The world with other values in columns of its two projects."""
    return world.with_tables(projects=world.table("projects").assign(**columns))


def row(answer: dict[str, Any], zone: str | None, function: str, year: int = 2026) -> dict[str, Any]:
    (found,) = [
        one for one in answer["groups"] if (one["zone"], one["function"], one["year"]) == (zone, function, year)
    ]
    return found


def test_what_is_asked_and_what_could_house_it() -> None:
    """East has 15,000 m² available and 2,000 m² vacant; 8,000 m² must go there, 100 people at 25 m² anywhere."""
    found = balancing.balance(three_parcels(), how=FEW)
    assert found["years"] == [2026]
    (year,) = found["by_year"]
    assert (year["demand_p50_m2"], year["supply_m2"], year["housed_m2"]) == (10_500, 17_000, 10_500)
    assert year["unhoused_p90_m2"] == 0
    east = row(found, "east", "research")
    assert (east["demand_p50_m2"], east["eligible_m2"], east["attributed_m2"]) == (8_000, 17_000, 8_000)
    assert [row(found, None, name)["demand_p10_m2"] for name in ("research", "headquarters")] == [1_250, 1_250]
    assert found["bottleneck"] == []
    assert found["undated_projects"] == ["p1", "p2"]
    assert found["years_of_supply"] == pytest.approx(17_000 / 10_500)


def test_what_does_not_fit_is_named_with_where_alone_it_could_go() -> None:
    found = balancing.balance(asking(three_parcels(), requested_floor_area_m2=[20_000.0, np.nan]), how=FEW)
    assert found["housed_m2"] == 17_000
    assert found["unhoused_m2"] == 5_500
    (why,) = found["bottleneck"]
    assert why["short_m2"] == pytest.approx(5_500)
    assert why["functions"] == ["headquarters", "research"]
    assert why["zones"] == [], "some of it may be anywhere"
    assert why["pools"] == [{"zone": "east", "sub_area": None, "land_uses": ["M4"]}]
    assert "只有东区的 M4 地块可以容纳，且已排满" in why["text"]["zh-CN"]
    assert "5,500 m²" in why["text"]["en"]
    assert row(found, "east", "research")["shortage_probability"] == 1


def test_what_the_study_area_should_not_hold_goes_to_partner_parks() -> None:
    world = asking(three_parcels(), function_mix=["production", "research"])
    world = world.with_tables(zones=world.table("zones").assign(functions="research"))
    assert row(balancing.balance(world, how=FEW), "east", "production")["routed_m2"] == 0
    parks = table("parks", [{"park_id": "bd", "name": "保定", "kind": "partner", "takes_functions": "production"}])
    found = balancing.balance(world.with_tables(parks=parks), how=FEW)
    (why,) = found["bottleneck"]
    assert why["partner_parks"] == ["bd"]
    assert why["text"]["zh-CN"].endswith("宜由协同园区承接：保定")
    assert row(found, "east", "production")["routed_m2"] == found["routed_m2"] == 8_000
    assert found["housed_m2"] == 2_500, "what goes elsewhere is not housed here"


def test_what_is_assigned_is_not_asked_for_again() -> None:
    found = balancing.balance(after(three_parcels(), Assign("A", "p1", 6_000.0)), how=FEW)
    (year,) = found["by_year"]
    assert (year["demand_p50_m2"], year["supply_m2"]) == (4_500, 11_000)


def test_a_year_counts_what_is_needed_and_what_is_there_by_then() -> None:
    world = asking(three_parcels(), need_by=[2026, 2028])
    later = [2028.0, np.nan, np.nan]
    world = world.with_tables(
        parcels=world.table("parcels").assign(available_from=later).astype({"available_from": "Int64"})
    )
    found = balancing.balance(world, how=FEW)
    assert [(one["year"], one["demand_p50_m2"], one["supply_m2"]) for one in found["by_year"]] == [
        (2026, 8_000, 2_000),
        (2027, 8_000, 2_000),
        (2028, 10_500, 17_000),
    ]
    assert [one["housed_m2"] for one in found["by_year"]] == [2_000, 2_000, 10_500]
    assert balancing.balance(world, [2027], FEW)["years"] == [2027]
    (later,) = balancing.balance(world, [2031], FEW)["by_year"]
    assert (later["year"], later["demand_p50_m2"], later["supply_m2"]) == (2031, 10_500, 17_000), "nobody needs more"
    for year in (2025, 2066):
        with pytest.raises(YearUnknown) as caught:
            balancing.balance(world, [year], FEW)
        assert "2026–2065" in tell(caught.value)["cure"]


def test_space_that_can_be_reused_later_is_supply_later() -> None:
    world = asking(three_parcels(), need_by=[2026, 2027])
    buildings = world.table("buildings").assign(reusable_from=[2027]).astype({"reusable_from": "Int64"})
    found = balancing.balance(world.with_tables(buildings=buildings), how=FEW)
    assert [one["supply_m2"] for one in found["by_year"]] == [15_000, 17_000]


def test_expected_supply_and_a_margin_on_demand() -> None:
    world = three_parcels()
    assumed = world.table("assumptions")
    more = assumed.assign(assumption_id=["factor"], name=["availability_factor"], value=[0.5])
    world = world.with_tables(assumptions=pd.concat([assumed, more], ignore_index=True))
    found = balancing.balance(world, how=Options(400, 0, True, "competitive"))
    (year,) = found["by_year"]
    assert year["supply_m2"] == pytest.approx(8_500)
    assert year["demand_p50_m2"] == pytest.approx(1.2 * 10_500)
    assert (found["supply_nominal_m2"], found["supply_expected_m2"]) == (17_000, 8_500)


def test_ranges_become_quantiles_and_bounds_are_never_left() -> None:
    world = asking(
        three_parcels(),
        requested_floor_area_low_m2=[6_000.0, np.nan],
        requested_floor_area_high_m2=[12_000.0, np.nan],
    )
    east = row(balancing.balance(world, how=Options(4_000)), "east", "research")
    quantiles = [east[f"demand_p{p}_m2"] for p in (10, 50, 90)]
    assert quantiles == pytest.approx([6_000, 8_000, 12_000], rel=2e-3)
    drawn = balancing.drawn(asking(world, range_is=["bounds", None]), 4_000).asked[0]
    assert (drawn.min(), drawn.max()) == pytest.approx((6_000, 12_000), rel=0.02)
    assert drawn.min() >= 6_000
    assert drawn.max() <= 12_000


def test_the_same_seed_gives_the_same_and_everything_is_plain_json() -> None:
    one, two = (balancing.balance(three_parcels(), how=FEW) for _ in range(2))
    assert json.dumps(one, allow_nan=False) == json.dumps(two, allow_nan=False)
    json.dumps(balancing.demand(three_parcels(), FEW), allow_nan=False)


def test_demand_counts_everything_and_says_who_carries_the_range() -> None:
    world = asking(
        after(three_parcels(), Assign("A", "p1", 6_000.0)),
        headcount_low=[np.nan, 80.0],
        headcount_high=[np.nan, 120.0],
    )
    found = balancing.demand(world, FEW)
    assert found["by_year"][0]["demand_p50_m2"] == pytest.approx(10_500, rel=1e-2)
    assert found["spread"] == [{"assumption": None, "function": None, "project_id": "p2", "share": 1.0}]
    assert found["silent_projects"] == []
    silent = asking(world, headcount=[np.nan, np.nan])
    assert balancing.demand(silent, FEW)["silent_projects"] == ["p2"]


def test_a_project_that_left_asks_for_nothing() -> None:
    found = balancing.balance(asking(three_parcels(), state=["exited", None]), how=FEW)
    assert found["by_year"][0]["demand_p50_m2"] == 2_500
    assert found["undated_projects"] == ["p2"]


def test_supply_is_that_of_the_first_page() -> None:
    workspace = demo()
    found = balancing.balance(workspace, how=FEW)
    assert found["supply_nominal_m2"] == pytest.approx(in_all(workspace).supply), "all of the demo is there by 2030"


def test_an_empty_workspace_balances() -> None:
    found = balancing.balance(Workspace("empty", "EPSG:4548"), how=FEW)
    assert found["groups"] == []
    assert found["by_year"][0]["housed_m2"] == 0
    assert found["years_of_supply"] is None


@pytest.mark.parametrize("how", [FEW, Options(400, 3, True, "competitive")])
def test_attributed_floor_area_sums_alike_over_zones_functions_and_parcels(how: Options) -> None:
    workspace = demo()
    both, found = balancing.years(workspace, how=how)
    supply = books(workspace)
    most = np.bincount(supply.split.parcel, weights=supply.parts.supply, minlength=supply.split.parcels)
    for one in found:
        whole = one.attributed.sum()
        assert one.into.sum() == pytest.approx(whole)
        on_parcels = balancing.by_parcel(workspace, both, one)
        assert on_parcels.sum() == pytest.approx(whole)
        assert (on_parcels <= most + 1e-6).all()
        assert (one.attributed <= one.demand[1] + 1e-6).all()
        assert whole + sum(choke.short for choke in one.chokes) == pytest.approx(one.demand[1].sum())
        zones = [zone for zone, _ in one.cells]
        assert one.hosted.sum() <= whole + 1e-6
        assert len(set(one.cells)) == len(zones)


def test_behind_a_cell_stand_its_projects_and_the_parcels_that_could_take_it() -> None:
    world = asking(three_parcels(), need_by=[2026, 2028])
    later = world.table("parcels").assign(available_from=pd.array([2028, None, None], dtype="Int64"))
    world = world.with_tables(parcels=later)
    both, found = balancing.years(world, how=FEW)
    now, last = found[0], found[-1]
    cell = ("east", "research")
    assert balancing.projects_behind(world, both, now, cell).to_dict("list") == {
        "row": [0], "unmet_m2": [8_000.0], "here_m2": [8_000.0]
    }  # fmt: skip
    assert balancing.projects_behind(world, both, now, (None, "headquarters")).empty
    assert balancing.projects_behind(world, both, last, (None, "headquarters"))["here_m2"].tolist() == [1_250]
    behind = [balancing.parcels_behind(world, both, one, cell).to_dict("list") for one in (now, last)]
    assert behind == [
        {"row": [0], "supply_m2": [2_000.0], "attributed_m2": [2_000.0]},
        {"row": [0], "supply_m2": [17_000.0], "attributed_m2": [8_000.0]},
    ]


def test_nothing_that_was_drawn_changes_when_a_parcel_does() -> None:
    world = three_parcels()
    before = balancing.drawn(world, 400)
    assert balancing.drawn(after(world, Assign("A", "p1", 100.0)), 400) is before
    assert balancing.drawn(asking(world, headcount=[np.nan, 90.0]), 400) is not before
