"""Demand of a workspace beside its supply."""

from __future__ import annotations

import pytest

from layers import matching
from layers.balancing.asking import uncertain
from layers.errors import FunctionMixRefused
from layers.workspace import Workspace
from tests.world import table


def with_norms(world: Workspace) -> Workspace:
    norm = {"name": "floor_area_per_person", "low": 18.0, "value": 25.0, "high": 35.0, "basis": "floor_area"}
    rows = [
        norm | {"assumption_id": "n.r", "function": "research"},
        norm | {"assumption_id": "n.h", "function": "headquarters", "value": 20.0, "basis": "usable_area"},
        {"assumption_id": "e.h", "name": "efficiency", "function": "headquarters", "value": 0.8},
        {"assumption_id": "v", "name": "vacancy", "value": 0.1},
    ]
    return world.with_tables(assumptions=table("assumptions", rows))


def test_people_ask_by_norm_and_basis_is_respected_once(world: Workspace) -> None:
    asked = matching.ask(with_norms(world))
    assert asked.total()[0] == 8_000
    assert asked.total()[1] == pytest.approx((50 * 25 + 50 * 20 / 0.8) / 0.9)


def test_a_norm_for_every_function_keeps_its_basis(world: Workspace) -> None:
    rows = [
        {"assumption_id": "n", "name": "floor_area_per_person", "value": 20.0, "basis": "usable_area"},
        {"assumption_id": "e", "name": "efficiency", "value": 0.8},
    ]
    normed = world.with_tables(assumptions=table("assumptions", rows))
    assert matching.ask(normed).total()[1] == pytest.approx(100 * 20 / 0.8)
    assert uncertain(normed).usable.all()
    own = {"assumption_id": "n.r", "name": "floor_area_per_person", "function": "research", "value": 25.0}
    mixed = world.with_tables(assumptions=table("assumptions", [*rows, own]))
    assert matching.ask(mixed).total()[1] == pytest.approx(50 * 25 + 50 * 20 / 0.8), "its own norm is in floor area"


def test_demand_counts_once_and_adds_up(world: Workspace) -> None:
    normed = with_norms(world)
    lines, whole = matching.by_zone(normed), matching.in_all(normed)
    assert [line.key for line in lines] == ["east", "west", None]
    assert sum(line.asked[1] for line in lines) == pytest.approx(whole.asked[1])
    assert sum(line.unmet[2] for line in lines) == pytest.approx(whole.unmet[2])
    assert sum(line.supply for line in lines) == pytest.approx(whole.supply)
    by_function = matching.by_function(normed)
    assert sum(line.asked[1] for line in by_function) == pytest.approx(whole.asked[1])


def test_a_project_that_left_asks_for_nothing(world: Workspace) -> None:
    left = world.with_tables(projects=world.table("projects").assign(state=["exited", None]))
    assert matching.ask(left).total()[0] == 0


def test_eligible_supply_follows_land_use_and_zone(world: Workspace) -> None:
    assert matching.eligible(world, "research", "east") == pytest.approx(17_000)
    housing = world.with_tables(parcels=world.table("parcels").assign(land_use="R2"))
    assert matching.eligible(housing, "research") == 0
    assert [line.supply for line in matching.by_zone(housing)] == [0, 0, 0]
    assert matching.in_all(housing).supply == 0


@pytest.mark.parametrize(
    "text", ["office", "research=x", "research=-1", "research=0", "research; research", "research=inf"]
)
def test_a_function_mix_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FunctionMixRefused):
        matching.function_mix(text)
