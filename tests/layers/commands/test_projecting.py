"""Projects enter and leave: floor area that one leaves behind stands where the accounts say."""

from __future__ import annotations

import pytest

from layers.accounts import totals
from layers.changes import Command
from layers.commands import Admit, Assign, Leave
from layers.commands.errors import StateRefused
from layers.errors import DateRefused, NothingSuch
from layers.vocabulary import PROJECT_STATES
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import Put

DAY = "2026-11-23"


@pytest.mark.parametrize("state", [None, "lead", "reserve"])
def test_a_project_is_admitted(world: Workspace, state: str | None) -> None:
    command = Admit("p1", DAY, "京科〔2026〕1 号")
    after = did(world, Put.of("projects", "p1", state=state), command)
    assert after.table("projects")["state"].iloc[0] == "admitted"
    assert command.facts(world) == {"project": "甲", "on": DAY, "document": "京科〔2026〕1 号"}


@pytest.mark.parametrize("state", sorted(PROJECT_STATES.keys() - {"lead", "reserve"}))
def test_a_project_is_admitted_once(world: Workspace, state: str) -> None:
    with pytest.raises(StateRefused) as refused:
        changes(did(world, Put.of("projects", "p1", state=state)), Admit("p1", DAY))
    for language in ("zh-CN", "en"):
        assert "{" not in tell(refused.value, language)["message"]


def test_what_a_project_leaves_stands_in_the_right_account(world: Workspace) -> None:
    before = did(
        world,
        Assign("A", "p1", 1_000.0),
        Assign("A", "p1", 2_000.0, stage="signed"),
        Assign("A", "p1", 3_000.0, stage="under_construction"),
        Assign("A", "p1", 4_000.0, stage="completed"),
        Assign("A", "p1", 500.0, source="existing", stage="completed"),
    )
    after = did(before, Leave("p1", DAY, "迁出"))
    assert after.table("projects")["state"].iloc[0] == "exited"
    left = after.table("assignments")[["stage", "floor_area_m2", "valid_to"]].to_numpy().tolist()
    assert left == [["vacated", 4_000.0, DAY], ["vacated", 500.0, DAY]], "what was in use stays in the books, ended"
    was, now = totals(before), totals(after)
    assert (was["available_m2"], now["available_m2"]) == (5_000.0, 11_000.0), "what was not built can be built"
    assert (was["built_vacant_m2"], now["built_vacant_m2"]) == (1_500.0, 6_000.0), "what was in use is vacant"
    assert (now["reserved_m2"], now["committed_m2"], now["under_construction_m2"]) == (0, 0, 0)
    assert now["permitted_m2"] == was["permitted_m2"]


def test_nobody_leaves_twice(world: Workspace) -> None:
    with pytest.raises(StateRefused):
        did(world, Leave("p1", DAY, "迁出"), Leave("p1", DAY, "迁出"))


@pytest.mark.parametrize(
    "day", ["", "20261123", "2026-02-30", "2026-11-23T08", "２０２６-11-23", "2026-W47-1", None, 5]
)
@pytest.mark.parametrize("act", [Admit, Leave])
def test_a_date_that_is_none_is_refused(world: Workspace, act: type, day: object) -> None:
    command = act("p1", day) if act is Admit else act("p1", day, "x")
    with pytest.raises(DateRefused):
        changes(world, command)


@pytest.mark.parametrize("command", [Admit("nobody", DAY), Leave("nobody", DAY, "x")])
def test_a_project_that_is_not_there(world: Workspace, command: Command) -> None:
    with pytest.raises(NothingSuch):
        changes(world, command)


@pytest.mark.parametrize("command", [Admit("p1", DAY), Leave("p1", DAY, "x")])
def test_taking_it_back_gives_the_same_rows(world: Workspace, command: Command) -> None:
    here = did(world, Assign("A", "p1", 100.0), Assign("A", "p1", 100.0, stage="completed"))
    assert every_row(undone(did(here, command), changes(here, command))) == every_row(here)
