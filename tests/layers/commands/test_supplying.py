"""Land supply: every step of a parcel, allowed and refused."""

from __future__ import annotations

import itertools

import pytest

from layers.commands import Assign, Edit, Supply
from layers.commands.errors import DayBeforeStep, ReasonMissing, StepRefused, SupplyRefused, ValueUnfit
from layers.commands.steps import steps_of
from layers.errors import NothingSuch, RowRefused
from layers.vocabulary import PARCEL_STATUS
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import changes, did, every_row, undone

DAY, NEXT = "2026-11-23", "2026-12-01"
EVERY = tuple(PARCEL_STATUS)
PLAIN = {
    (None, "reserve"), (None, "planned"), ("reserve", "planned"), ("planned", "announced"), ("announced", "sold"),
    ("sold", "delivered"), ("delivered", "under_construction"), ("under_construction", "built"),
}  # fmt: skip


def at(world: Workspace, status: str | None, **more: object) -> Workspace:
    return did(world, Edit.of("parcels", "A", **{"status": status, "supply_mode": "agreement", **more}))


@pytest.mark.parametrize(("was", "to"), list(itertools.product((None, *EVERY), EVERY)))
def test_every_pair_of_states(world: Workspace, was: str | None, to: str) -> None:
    here = at(world, was)
    if was == to:
        with pytest.raises(StepRefused):
            changes(here, Supply("A", to, DAY, 2027, reason="有理由"))
        return
    if (was, to) not in PLAIN:
        with pytest.raises(ReasonMissing):
            changes(here, Supply("A", to, DAY, 2027))
    after = did(here, Supply("A", to, DAY, 2027, "供地 3 号", "" if (was, to) in PLAIN else "有理由"))
    parcel = after.table("parcels").iloc[0]
    assert parcel["status"] == to
    (kept,) = steps_of(after, "parcels", ["A"])
    assert (kept.get("from_state"), kept["to_state"], kept["document"]) == (was, to, "供地 3 号")


def test_only_a_plan_of_a_year_leads_on(world: Workspace) -> None:
    here = at(world, "reserve")
    with pytest.raises(SupplyRefused) as refused:
        changes(here, Supply("A", "planned", DAY))
    for language in ("zh-CN", "en"):
        said = tell(refused.value, language)
        assert said["cure"] and "{" not in said["message"] + said["cure"]
    planned = did(here, Supply("A", "planned", DAY, 2027), Supply("A", "announced", NEXT))
    assert planned.table("parcels")["supply_year"].iloc[0] == 2027
    back = did(planned, Supply("A", "reserve", NEXT, reason="撤回公告"))
    assert back.table("parcels")["supply_year"].isna().all(), "what went back to the reserve is in no plan"


def test_nothing_is_sold_without_a_mode(world: Workspace) -> None:
    with pytest.raises(SupplyRefused, match="supply mode"):
        changes(at(world, "announced", supply_mode=None), Supply("A", "sold", DAY, 2027))


def test_land_on_which_somebody_signed_does_not_go_back(world: Workspace) -> None:
    here = did(at(world, "delivered"), Assign("A", "p1", 100.0, stage="signed"))
    with pytest.raises(SupplyRefused, match="1 assignments"):
        changes(here, Supply("A", "reserve", DAY, reason="收回"))
    intent = did(at(world, "delivered"), Assign("A", "p1", 100.0))
    assert did(intent, Supply("A", "reserve", DAY, reason="收回")).table("parcels")["status"].iloc[0] == "reserve"


def test_days_years_and_parcels_that_are_none(world: Workspace) -> None:
    here = did(at(world, "reserve"), Supply("A", "planned", NEXT, 2027))
    with pytest.raises(DayBeforeStep):
        changes(here, Supply("A", "announced", DAY))
    with pytest.raises(RowRefused):
        changes(here, Supply("A", "announced", NEXT, 3000))
    with pytest.raises(ValueUnfit):
        changes(here, Supply("A", "announced", NEXT, "明年"))  # type: ignore[arg-type]
    with pytest.raises(NothingSuch):
        changes(here, Supply("Z", "announced", NEXT))


def test_taking_it_back_gives_the_same_rows(world: Workspace) -> None:
    here, command = at(world, "reserve"), Supply("A", "planned", DAY, 2027, "计划 1 号")
    assert every_row(undone(did(here, command), changes(here, command))) == every_row(here)
    assert command.facts(here) == {
        "parcel": "A", "was_status": "reserve", "status": "planned", "supply_year": "2027", "on": DAY, "reason": None,
        "document": "计划 1 号",
    }  # fmt: skip
