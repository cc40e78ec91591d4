"""The value chain, laboratories of platforms and partner parks: by hand, and as the plan names them."""

from __future__ import annotations

import pytest

from layers import chains
from layers.commands import Assign
from layers.workspace import Workspace
from tests.world import after, demo, table, three_parcels


@pytest.fixture
def world() -> Workspace:
    rows = [
        {"project_id": "big", "name": "大", "chain_segment": "midstream", "requested_floor_area_m2": 1000.0,
         "function_mix": "research=0.6; production=0.4"},
        {"project_id": "small", "name": "小", "name_en": "Small", "chain_segment": "midstream",
         "requested_floor_area_m2": 200.0, "function_mix": "research", "lead_partner": "big"},
        {"project_id": "lab", "name": "平台", "chain_segment": "platform", "requested_floor_area_low_m2": 50.0,
         "requested_floor_area_m2": 100.0, "requested_floor_area_high_m2": 300.0,
         "function_mix": "laboratory=0.8; pilot=0.2", "lead_partner": "big"},
        {"project_id": "gone", "name": "走", "chain_segment": "midstream", "state": "exited",
         "requested_floor_area_m2": 9000.0, "function_mix": "production", "lead_partner": "big"},
        {"project_id": "free", "name": "散", "requested_floor_area_m2": 10.0, "function_mix": "research"},
    ]  # fmt: skip
    parks = [{"park_id": "k", "kind": "partner", "takes_functions": "production"}, {"park_id": "own"}]
    world = three_parcels().with_tables(projects=table("projects", rows), parks=table("parks", parks))
    return after(world, Assign("A", "small", 150.0))


def test_segments_with_who_leads_whom(world: Workspace) -> None:
    found = chains.segments(world)
    assert [one.segment for one in found] == ["midstream", "platform", None]
    middle = found[0]
    assert [(link.project_id, link.lead, link.leads) for link in middle.links] == [
        ("big", None, ("small", "lab")),
        ("small", "big", ()),
    ], "who left leads nobody and follows nobody"
    assert (middle.asked_m2, middle.housed_m2) == (1_200.0, 150.0)
    assert [link.name_en for link in middle.links] == ["大", "Small"]


def test_laboratories_of_platforms(world: Workspace) -> None:
    (one,) = chains.laboratories(world)
    assert (one.link.project_id, one.link.lead, one.share) == ("lab", "big", 0.8)
    assert one.laboratory_m2 == pytest.approx((40.0, 80.0, 240.0))


def test_what_belongs_in_a_partner_park(world: Workspace) -> None:
    (one,) = chains.outside(world)
    assert (one.link.project_id, one.function, one.floor_area_m2, one.parks) == ("big", "production", 400.0, ("k",))
    assert chains.outside(world.with_tables(parks=world.table("parks").iloc[1:])) == []


def test_the_demo_has_what_the_plan_names() -> None:
    """P16–P18: three enterprise platforms with their leaders, two national ones; production goes to partner parks."""
    world = demo()
    leaders = {one.link.project_id: one.link.lead for one in chains.laboratories(world)}
    assert {"plattc": "tct", "platchip": "crscd", "platveh": "bjtec"}.items() <= leaders.items()
    assert {"labnet", "labgreen"} <= leaders.keys()
    assert [one.segment for one in chains.segments(world)] == ["upstream", "midstream", "downstream", "platform"]
    partner = world.table("parks")
    names = " ".join(partner["name"][partner["kind"] == "partner"])
    assert all(place in names for place in ("保定", "沧州", "沈北"))
    assert {one.function for one in chains.outside(world)} == {"production"}
    everybody = sum(len(one.links) for one in chains.segments(world))
    assert everybody == int((world.table("projects")["state"] != "exited").sum())
