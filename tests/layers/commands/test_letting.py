"""A platform that builds for others: one building, several projects, every square metre and every wish once."""

from __future__ import annotations

import pandas as pd
import pytest

from layers import balancing
from layers.accounts import books, totals
from layers.balancing.market import market
from layers.checks import problems
from layers.commands import Advance, Assign, Draw, Edit, Let
from layers.commands.errors import LetRefused
from layers.errors import AssignmentRefused, DateRefused, NotAnOption, NothingSuch, RoomGone
from layers.matching import ask, housed
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.layers.soundness import balanced
from tests.world import Put, three_parcels

HELD, USER, OTHER = "A00001", "J00001", "J00002"


@pytest.fixture
def held() -> Workspace:
    """p1 is the platform: it wants 8,000 m², holds parcel A itself and has 6,000 m² under construction there."""
    return did(
        three_parcels(),
        Edit.of("parcels", "A", held_by="p1", supply_mode="self_held"),
        Put.of("projects", "p1", state="started", supervision_agreement="监管 1 号"),
        Assign("A", "p1", 6_000.0, stage="under_construction", supply_mode="self_held"),
        Draw("projects", None, (("name", "丙"), ("requested_floor_area_m2", 2_000.0))),
        Draw("projects", None, (("name", "丁"), ("requested_floor_area_m2", 5_000.0))),
    )


def test_several_projects_share_what_it_builds(held: Workspace) -> None:
    before = totals(held)
    after = did(held, Let(HELD, USER, 2_000.0, 10, "a1"), Let(HELD, OTHER, 3_000.0, building_id="a1"))
    assert totals(after) == before, "the same floor area, in other hands"
    balanced(after)
    rows = after.table("assignments")
    assert rows["floor_area_m2"].tolist() == [1_000.0, 2_000.0, 3_000.0]
    assert rows["building_id"].tolist()[1:] == ["a1", "a1"]
    assert set(rows["stage"]) == {"under_construction"}, "nothing is built twice, nothing torn down"


def test_what_it_lets_is_asked_for_by_its_user_alone(held: Workspace) -> None:
    """8,000 + 2,000 + 5,000 m² are asked for before; the 2,000 that are let are no longer the platform's to ask."""
    after = did(held, Let(HELD, USER, 2_000.0))
    assert ask(held).total()[[0, 2, 3]].tolist() == [8_000.0, 2_000.0, 5_000.0]
    assert ask(after).total()[[0, 2, 3]].tolist() == [6_000.0, 2_000.0, 5_000.0]
    assert housed(after)[[0, 2, 3]].tolist() == [4_000.0, 2_000.0, 0.0]
    open_ = [(ask(one).total() - housed(one)).sum() for one in (held, after)]
    assert open_[0] - open_[1] == 2_000.0, "its user is housed; what the platform still wants is the same"
    asked = [balancing.demand(one)["by_year"][-1]["demand_p50_m2"] for one in (held, after)]
    assert asked[0] - asked[1] == pytest.approx(2_000.0, rel=0.01)


def test_no_more_than_it_holds_and_only_what_it_holds_itself(held: Workspace) -> None:
    for command in (
        Let(HELD, USER, 6_000.1),
        Let(HELD, USER, 0.0),
        Let(HELD, "p1", 100.0),
    ):
        with pytest.raises(LetRefused) as refused:
            changes(held, command)
        for language in ("zh-CN", "en"):
            assert "{" not in tell(refused.value, language)["message"]
    with pytest.raises(LetRefused):
        changes(did(held, Edit.of("parcels", "A", held_by=None)), Let(HELD, USER, 100.0))
    with pytest.raises(NothingSuch):
        changes(held, Let(HELD, USER, 100.0, building_id="zzz"))
    with pytest.raises(AssignmentRefused):
        changes(held, Let(HELD, "p2", 100.0))
    all_of_it = did(held, Let(HELD, OTHER, 6_000.0))
    assert all_of_it.table("assignments")["floor_area_m2"].tolist() == [0.0, 6_000.0]


def test_what_is_completed_and_not_let_is_vacant_and_supply_until_it_is(held: Workspace) -> None:
    """Of 20,000 m² 5,000 stand, 2,000 of them vacant; the platform adds 6,000 m², and lets 2,000 of those."""

    def told(workspace: Workspace) -> tuple[float, ...]:
        balanced(workspace)
        assert [one for one in problems(workspace) if one.severity == "error"] == []
        of_a, both = books(workspace).parcels(), market(workspace)
        supply = sum(both.supply[-1][at] for at, pool in enumerate(both.pools) if pool.functions)
        accounts = (of_a.built_occupied, of_a.built_vacant, of_a.available)
        return (*(float(account[0]) for account in accounts), float(supply))

    assert told(held) == (3_000.0, 2_000.0, 9_000.0, 11_000.0)
    done = did(held, Advance("p1", "completed", "2026-11-23"))
    assert told(done) == (3_000.0, 8_000.0, 9_000.0, 17_000.0)
    let = did(done, Let(HELD, USER, 2_000.0))
    assert told(let) == (5_000.0, 6_000.0, 9_000.0, 15_000.0)
    left = did(let, Advance("p1", "exited", "2027-05-01", "平台移交"))
    assert told(left)[:2] == (5_000.0, 6_000.0), "what it leaves is vacant as before"


def test_unlet_space_is_taken_once_and_refused_beyond_what_is_left(held: Workspace) -> None:
    done = did(held, Advance("p1", "completed", "2026-11-23"))
    taken = did(done, Assign("A", OTHER, 7_000.0, "existing", "completed"))
    assert float(books(taken).parcels().built_vacant[0]) == 1_000.0
    with pytest.raises(RoomGone):
        did(taken, Let(HELD, USER, 2_000.0))
    assert float(books(did(taken, Let(HELD, USER, 1_000.0))).parcels().built_vacant[0]) == 0.0


def test_who_leaves_a_completed_building_leaves_vacant_space(held: Workspace) -> None:
    let = did(held, Let(HELD, USER, 2_000.0), Advance("p1", "completed", "2026-11-23"))
    assert let.table("assignments")["stage"].tolist() == ["completed", "under_construction"]
    done = did(let, Put.of("projects", USER, state="started", supervision_agreement="2"))
    done = did(done, Advance(USER, "completed", "2026-11-24"))
    gone = did(done, Advance(USER, "exited", "2027-05-01", "迁出"))
    assert totals(gone)["built_vacant_m2"] == totals(done)["built_vacant_m2"] + 2_000.0
    balanced(gone)


def test_a_day_begins_the_lease_and_is_written_down_with_its_document(held: Workspace) -> None:
    after = did(held, Let(HELD, USER, 2_000.0, 10, on="2026-11-23", document="租 1 号"))
    assert after.table("assignments")[["valid_from", "valid_to"]].iloc[1].tolist() == ["2026-11-23", "2036-11-22"]
    step = after.table("moves").iloc[-1]
    assert [step[name] for name in ("layer", "row_key", "from_state", "to_state", "moved_on", "document")] == [
        "assignments", "A00002", "self_held", "lease", "2026-11-23", "租 1 号",
    ]  # fmt: skip
    open_ended = did(held, Let(HELD, USER, 2_000.0, on="2026-11-23")).table("assignments").iloc[1]
    assert open_ended["valid_from"] == "2026-11-23" and pd.isna(open_ended["valid_to"])
    for wrong in ("", "tomorrow", "1900-01-01"):
        with pytest.raises(DateRefused):
            changes(held, Let(HELD, USER, 2_000.0, on=wrong))
    with pytest.raises(NotAnOption):
        changes(held, Let(HELD, USER, 2_000.0, 9_000.0, on="2026-11-23"))


def test_what_is_an_intent_has_no_first_day_yet() -> None:
    here = did(
        three_parcels(),
        Edit.of("parcels", "A", held_by="p1", supply_mode="self_held"),
        Assign("A", "p1", 6_000.0, supply_mode="self_held"),
        Draw("projects", None, (("name", "丙"),)),
    )
    after = did(here, Let(HELD, USER, 2_000.0, on="2026-11-23"))
    assert after.table("assignments")["valid_from"].isna().all() and len(after.table("moves")) == 1


def test_taking_it_back_gives_the_same_rows(held: Workspace) -> None:
    command = Let(HELD, USER, 2_000.0)
    dated = Let(HELD, USER, 2_000.0, on="2026-11-23", document="租 1 号")
    for one in (command, dated):
        assert every_row(undone(did(held, one), changes(held, one))) == every_row(held)
    assert dated.facts(held) == command.facts(held) | {"on": "2026-11-23", "document": "租 1 号"}
    assert command.facts(held) == {"parcel": "A", "project": "丙", "floor_area_m2": 2_000.0}
