"""The supply plan: every square metre in one cell, by hand and on the demo."""

from __future__ import annotations

import pandas as pd
import pytest

from layers.accounts import totals
from layers.supply_plan import AREAS, STEPS, lots, supply_plan
from layers.workspace import Workspace
from tests.world import demo, three_parcels


def world() -> Workspace:
    """A is to be announced in 2027; B, which lies in both zones, is in the reserve; C has no state."""
    plain = three_parcels()
    parcels = plain.table("parcels").assign(
        status=pd.array(["planned", "reserve", None], dtype="str"), supply_year=pd.array([2027, None, None], "Int64")
    )
    return plain.with_tables(parcels=parcels)


def test_a_parcel_counts_once_and_its_floor_area_where_it_lies() -> None:
    found = supply_plan(world()).set_index(["status", "zone"])
    assert found["parcels"].sum() == 3
    planned = found.loc[("planned", "east")]
    assert (planned["year"], planned["permitted_m2"], planned["available_m2"]) == (2027, 20_000, 15_000)
    # B lies half in East and half in West, and has nothing left
    assert found.loc[("reserve", "east"), "permitted_m2"] == pytest.approx(5_000)
    assert found.loc[("reserve", "west"), "permitted_m2"] == pytest.approx(5_000)
    assert found["site_area_m2"].sum() == pytest.approx(30_000)


def test_lots_are_the_parcels_on_their_way_the_nearest_year_first() -> None:
    found = lots(world())
    assert found["row"].tolist() == [0, 1]
    assert found["status"].tolist() == ["planned", "reserve"]
    assert found["available_m2"].tolist() == pytest.approx([15_000, 0])


def test_sums_equal_those_of_the_ledger() -> None:
    for one in (world(), demo()):
        found, ledger = supply_plan(one)[["parcels", *AREAS]].sum(), totals(one)
        assert found["parcels"] == ledger["parcels"]
        assert found["permitted_m2"] == pytest.approx(ledger["permitted_m2"], abs=0.01)
        assert found["available_m2"] == pytest.approx(ledger["available_m2"], abs=0.01)
        site = ledger["site_area_m2"] + ledger["unknown_site_area_m2"]
        assert found["site_area_m2"] == pytest.approx(site, abs=0.01)


def test_lots_of_the_demo_are_those_cells_of_the_plan() -> None:
    plan, each = supply_plan(demo()), lots(demo())
    by_state = plan[plan["status"].isin(STEPS)].groupby("status")[["parcels", *AREAS]].sum()
    for status, mine in each.groupby("status"):
        assert by_state.loc[status, "parcels"] == len(mine)
        assert by_state.loc[status, "available_m2"] == pytest.approx(mine["available_m2"].sum())


def test_a_workspace_without_parcels_has_no_plan() -> None:
    empty = Workspace("empty", "EPSG:4548")
    assert supply_plan(empty).empty and lots(empty).empty
