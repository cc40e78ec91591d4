"""What a project leaves behind is supply: from the command to the ledger, the balance and the next project."""

from __future__ import annotations

import pytest

from layers import balancing
from layers.accounts import totals
from layers.commands import Advance, Assign, Edit
from layers.errors import NotEnoughFloorArea
from layers.matching import ask, housed, in_all
from layers.workspace import Workspace
from tests.layers.commands.doing import changes, did
from tests.layers.soundness import balanced
from tests.world import Put, table, three_parcels

DAY, LATER = "2026-11-23", "2027-05-01"


@pytest.fixture
def in_use() -> Workspace:
    """p1 uses 4,000 m² that were built for it on A and has 1,000 m² not yet built; p2 wants 3,000 m²."""
    world = did(
        three_parcels(),
        Edit.of("projects", "p2", headcount=None, requested_floor_area_m2=3_000.0, function_mix="research"),
        Assign("A", "p1", 4_000.0, stage="completed"),
        Assign("A", "p1", 1_000.0, stage="signed"),
        Put.of("projects", "p1", state="operating", supervision_agreement="监管 1 号"),
    )
    assert totals(world)["available_m2"] == 10_000.0 and totals(world)["built_vacant_m2"] == 2_000.0
    return world


def test_it_is_supply_in_the_ledger_and_in_the_balance(in_use: Workspace) -> None:
    gone = did(in_use, Advance("p1", "exited", DAY, "腾退"))
    was, now = totals(in_use), totals(gone)
    assert now["available_m2"] == was["available_m2"] + 1_000.0, "what was not built can be built"
    assert now["built_vacant_m2"] == was["built_vacant_m2"] + 4_000.0, "what stands is vacant"
    assert now["built_m2"] == was["built_m2"], "nothing was pulled down"
    assert in_all(gone).supply == in_all(in_use).supply + 5_000.0
    first, second = (balancing.balance(one)["supply_nominal_m2"] for one in (in_use, gone))
    assert second == first + 5_000.0
    assert housed(gone).tolist() == [0.0, 0.0] and ask(gone).total().tolist() == [0.0, 3_000.0]


def test_vacant_space_is_taken_again_and_counted_once(in_use: Workspace) -> None:
    gone = did(in_use, Advance("p1", "exited", DAY, "腾退"))
    again = did(gone, Assign("A", "p2", 3_000.0, source="existing", stage="completed"))
    was, now = totals(gone), totals(again)
    assert now["built_m2"] == was["built_m2"], "the same floors, with other people on them"
    assert now["built_vacant_m2"] == was["built_vacant_m2"] - 3_000.0
    assert now["available_m2"] == was["available_m2"] and now["over_m2"] == was["over_m2"]
    assert in_all(again).supply == in_all(gone).supply - 3_000.0
    balanced(again)
    with pytest.raises(NotEnoughFloorArea):
        changes(again, Assign("A", "p2", 3_000.1, source="existing"))
    assert totals(did(again, Assign("A", "p2", 3_000.0, source="existing")))["built_vacant_m2"] == 0.0
    left = did(
        again, Put.of("projects", "p2", state="operating", supervision_agreement="2"),
        Advance("p2", "exited", LATER, "腾退"),
    )  # fmt: skip
    assert totals(left)["built_vacant_m2"] == was["built_vacant_m2"], "and it is vacant once more, not twice"


def test_it_is_there_when_its_user_has_left(in_use: Workspace) -> None:
    """The vacant 2,000 m² of building a1 come in 2028; what p1 leaves is there in the year of the workspace."""
    building = in_use.table("buildings").assign(reusable_from=2028)
    later = in_use.with_tables(buildings=table("buildings", building.to_dict("records")))
    later = did(later, Edit.of("projects", "p2", need_by=2028))
    gone = did(later, Advance("p1", "exited", DAY, "腾退"))
    years = {one["year"]: one["supply_m2"] for one in balancing.balance(gone)["by_year"]}
    assert years[2026] == pytest.approx(totals(gone)["available_m2"] + 4_000.0)
    assert years[2028] == pytest.approx(totals(gone)["available_m2"] + 6_000.0)
