"""Every pair of acts on one parcel, in both orders and both directions: nothing that matters is merged in silence."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from shapely.geometry import LineString

from layers import accounts, applying, scenarios, stores
from layers.changes import Actor, Asked, Command
from layers.commands import Assign, Delete, Edit, Leave, MergeParcels, Reassign, Reshape, Split, Unassign
from layers.commands.editing import frozen
from layers.merging.errors import ChoiceUnknown, ConflictsOpen, ConflictUnknown
from layers.standing import standing
from layers.stores.contract import Store
from layers.workspace import Workspace
from tests.layers.soundness import every_row
from tests.layers.soundness import sound as hold
from tests.world import X, Y, box, table

ME = Actor("tester")


def cut(at: float) -> LineString:
    return LineString([(X + at, Y - 10), (X + at, Y + 110)])


ACTS: dict[str, tuple[Command, Command]] = {
    "edit": (Edit("parcels", "A", frozen({"far_max": 1.8})), Edit("parcels", "A", frozen({"far_max": 1.6}))),
    "assign": (Assign("A", "p1", 1000.0), Assign("A", "p3", 2000.0)),
    "split": (Split("A", line=cut(40)), Split("A", line=cut(60))),
    "merge": (MergeParcels(("A", "D")), MergeParcels(("A", "D"))),
    "delete": (Delete("parcels", "A", with_buildings=True), Delete("parcels", "A", with_buildings=True)),
}
"""Each act as the one side and as the other does it."""


@pytest.fixture
def study(world: Workspace) -> Workspace:
    """The world of three parcels, with D east of A and a project more."""
    more = {
        "parcel_id": "D",
        "parcel_no": "D",
        "classification": "DB11/996",
        "land_use": "M4",
        "far_max": 2.0,
        "built_floor_area_m2": 0.0,
        "geometry": box(100, 0, 150, 100),
    }
    rows = [*world.table("parcels").to_dict("records"), more]
    project = {"project_id": "p3", "name": "丙", "function_mix": "research", "requested_floor_area_m2": 3000.0}
    projects = [*world.table("projects").to_dict("records"), project]
    return world.with_tables(parcels=table("parcels", rows), projects=table("projects", projects))


def did(store: Store, command: Command, scenario: str) -> None:
    outcome = applying.apply(store, Asked(ME, uuid4().hex, scenario=scenario), command)
    assert outcome.status == "ok", outcome.error


def branched(tmp_path: Path, study: Workspace, *before: Command) -> Store:
    stores.create(tmp_path / "w.gpkg", study)
    store = stores.open_store(tmp_path / "w.gpkg")
    for command in before:
        did(store, command, "main")
    scenarios.branch(store, Asked(ME, uuid4().hex), "方案二")
    return store


def sound(workspace: Workspace) -> None:
    """Every account balances, and nothing is assigned that has no room."""
    held = accounts.books(workspace).parts
    assert np.abs(held.imbalance()).max() < 0.01
    assert standing(workspace, np.arange(len(workspace.table("parcels")))).short.max() < 0.05


@pytest.mark.parametrize("direction", ["into main", "into the branch"])
@pytest.mark.parametrize("theirs", ACTS)
@pytest.mark.parametrize("mine", ACTS)
def test_a_pair(tmp_path: Path, study: Workspace, mine: str, theirs: str, direction: str) -> None:
    store = branched(tmp_path, study)
    into, source = ("main", "方案二") if direction == "into main" else ("方案二", "main")
    did(store, ACTS[mine][0], into)
    did(store, ACTS[theirs][1], source)
    with store.reading() as tx:
        found = scenarios.preview(tx, source, into)
    if mine == theirs == "delete":
        assert found.conflicts == ()
        assert found.automatic == ()
        return
    assert [conflict.kind for conflict in found.conflicts] == [f"{mine}/{theirs}"]
    (conflict,) = found.conflicts
    offered = [way.choice for way in conflict.resolutions if way.refused is None]
    assert {"mine", "theirs"} <= set(offered)
    for choice in offered:
        after = found.after({conflict.id: choice})
        sound(after)
        assert found.account({conflict.id: choice}) == accounts.totals(after)
        assert found.preview(conflict, choice)["totals"] == accounts.totals(after)
    assert expected(mine, theirs) <= set(offered), offered
    refused = scenarios.merge(store, Asked(ME, uuid4().hex, scenario=into), source, {})
    assert isinstance(refused.error, ConflictsOpen)
    for choice in reversed(offered):
        with store.reading() as tx:
            before, shown = tx.workspace(into), scenarios.preview(tx, source, into).account({conflict.id: choice})
        done = scenarios.merge(store, Asked(ME, uuid4().hex, scenario=into), source, {conflict.id: choice})
        assert done.status == "ok", done.error
        assert done.workspace is not None
        assert accounts.totals(done.workspace) == pytest.approx(shown), choice
        hold(done.workspace)
        if choice != offered[0]:
            undone = applying.undo(store, Asked(ME, uuid4().hex, scenario=into))
            assert undone.workspace is not None
            assert every_row(undone.workspace) == every_row(before), "the decision is open again"
    assert store.faults() == []
    with store.reading() as tx:
        again = scenarios.preview(tx, source, into)
    assert again.conflicts == (), "what was decided is not asked again"
    assert again.automatic == ()


def expected(mine: str, theirs: str) -> set[str]:
    pair = {mine, theirs}
    if pair == {"split", "assign"}:
        return {"both_parts", "undo_split"}
    if pair == {"merge", "assign"}:
        return {"merged_parcel", "undo_merge"}
    if pair == {"split", "edit"}:
        return {"edit_parts", "undo_split"}
    if pair in ({"assign"}, {"assign", "edit"}):
        return {"both"}
    return {"delete", "keep"} if "delete" in pair else set()


def test_a_part_can_be_chosen_and_shares_add_up(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, Split("A", line=cut(40)), "main")
    did(store, Assign("A", "p1", 1000.01), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    (conflict,) = found.conflicts
    choices = [way.choice for way in conflict.resolutions]
    parts = [choice for choice in choices if choice.startswith("part:")]
    assert choices[0] == "both_parts"
    assert len(parts) == 2
    shared = found.after({conflict.id: "both_parts"}).table("assignments")
    assert shared["floor_area_m2"].tolist() == [400.0, 600.01]
    one = found.after({conflict.id: parts[1]}).table("assignments")
    assert one[["parcel_id", "floor_area_m2"]].to_numpy().tolist() == [[parts[1].removeprefix("part:"), 1000.01]]
    undone = found.after({conflict.id: "undo_split"})
    assert sorted(undone.table("parcels")["parcel_id"]) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(
    "act", [Unassign("A00001"), Reassign("A00001", floor_area_m2=500.0), Reassign("A00001", stage="signed")]
)
def test_what_was_shared_by_a_split_can_still_be_changed(tmp_path: Path, study: Workspace, act: Command) -> None:
    store = branched(tmp_path, study, Assign("A", "p1", 1000.0))
    did(store, Split("A", line=cut(40)), "main")
    did(store, act, "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
        theirs = tx.workspace("方案二")
    (conflict,) = found.conflicts
    after = found.after({conflict.id: "both_parts"})
    sound(after)
    wanted, given = accounts.totals(theirs), accounts.totals(after)
    for name in ("reserved_m2", "committed_m2", "available_m2"):
        assert given[name] == pytest.approx(wanted[name], abs=0.01)


def test_what_is_apart_is_merged_without_a_question(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, Assign("A", "p1", 1000.0), "main")
    did(store, Assign("D", "p3", 700.0), "方案二")
    did(store, Edit("parcels", "A", frozen({"note": "临街"})), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    assert found.conflicts == ()
    done = scenarios.merge(store, Asked(ME, uuid4().hex), "方案二", {})
    assert done.status == "ok"
    assert done.workspace is not None
    assert sorted(done.workspace.table("assignments")["floor_area_m2"]) == [700.0, 1000.0]


def test_two_columns_that_an_account_binds_are_asked(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, Edit("parcels", "A", frozen({"far_max": 1.8})), "main")
    did(store, Edit("parcels", "A", frozen({"land_use": "B1"})), "方案二")
    with store.reading() as tx:
        (conflict,) = scenarios.preview(tx, "方案二", "main").conflicts
    assert "both" in [way.choice for way in conflict.resolutions if way.refused is None]


def test_a_choice_that_is_not_there_is_refused(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, Edit("parcels", "A", frozen({"far_max": 1.8})), "main")
    did(store, Edit("parcels", "A", frozen({"far_max": 1.7})), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    (conflict,) = found.conflicts
    with pytest.raises(ChoiceUnknown):
        found.resolve({conflict.id: "both"})
    with pytest.raises(ConflictUnknown) as told:
        found.resolve({conflict.id: "mine", "nothing": "mine"})
    assert told.value.facts["known"] == conflict.id


def test_both_sides_under_one_cap_are_asked(tmp_path: Path, study: Workspace) -> None:
    zones = study.table("zones").assign(floor_area_cap_m2=[30_000.0, None])
    store = branched(tmp_path, study.with_tables(zones=zones))
    did(store, Assign("A", "p1", 11_000.0), "main")
    did(store, Assign("A", "p1", 2_000.0), "main")
    did(store, Assign("D", "p3", 7_500.0), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    assert [conflict.kind for conflict in found.conflicts] == ["cap"]
    (conflict,) = found.conflicts
    assert {way.choice for way in conflict.resolutions if way.refused is None} == {"mine", "theirs"}
    for choice in ("mine", "theirs"):
        sound(found.after({conflict.id: choice}))


def test_a_branch_that_moved_on_is_looked_at_again(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, Edit("parcels", "A", frozen({"note": "甲"})), "方案二")
    with store.reading() as tx:
        seen, head = tx.scenario("main").head, tx.scenario("方案二").head
    did(store, Edit("parcels", "B", frozen({"note": "乙"})), "方案二")
    done = scenarios.merge(store, Asked(ME, uuid4().hex, seen), "方案二", {}, head)
    assert done.status == "invalid"
    assert stores.revision(store.address) == seen


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
def test_what_is_no_part_of_a_conflict_is_not_lost_with_it(tmp_path: Path, study: Workspace, choice: str) -> None:
    """Notes of either side stand beside the conflict over floor area, whatever is chosen there."""
    store = branched(tmp_path, study)
    did(store, Edit("parcels", "A", frozen({"far_max": 1.8})), "main")
    did(store, Edit("projects", "p1", frozen({"note": "我方"})), "main")
    did(store, Assign("A", "p1", 1000.0), "方案二")
    did(store, Edit("parcels", "A", frozen({"note": "对方"})), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    (conflict,) = found.conflicts
    after = found.after({conflict.id: choice})
    assert after.table("parcels").set_index("parcel_id")["note"]["A"] == "对方"
    assert after.table("projects").set_index("project_id")["note"]["p1"] == "我方"


def test_what_both_did_alike_stays_done_whoever_is_followed(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study, Assign("A", "p1", 1000.0))
    for side in ("main", "方案二"):
        did(store, Leave("p1", "2026-11-20", ""), side)
    did(store, Edit("parcels", "A", frozen({"far_max": 1.8})), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    for conflict in found.conflicts:
        for way in conflict.resolutions:
            after = found.after({conflict.id: way.choice})
            assert after.table("projects").set_index("project_id")["state"]["p1"] == "exited"
            assert len(after.table("assignments")) == 0


@pytest.mark.parametrize("order", ["limit on main", "limit in the branch"])
@pytest.mark.parametrize("limit", [{"floor_area_cap_m2": 18_000.0}, {"far_max": 0.6}])
def test_a_limit_of_a_zone_against_what_is_assigned_there(
    tmp_path: Path, study: Workspace, limit: dict[str, float], order: str
) -> None:
    """Either side is sound alone; together the zone is over its cap, or the parcel has no room: that is asked."""
    parcels = study.table("parcels").assign(far_max=[None, 1.0, None, 2.0])
    zones = study.table("zones").assign(far_max=[2.0, 2.0])
    store = branched(tmp_path, study.with_tables(parcels=parcels, zones=zones))
    one, other = ("main", "方案二") if order == "limit on main" else ("方案二", "main")
    did(store, Edit("zones", "east", frozen(limit)), one)
    did(store, Assign("A", "p1", 8_000.0), other)
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    (conflict,) = found.conflicts
    assert conflict.kind in ("cap", "together")
    assert {"mine"} <= {way.choice for way in conflict.resolutions if way.refused is None}
    kept = found.after({conflict.id: "mine"})
    assert every_row(kept) == every_row(found.target)


def test_a_zone_that_goes_against_a_project_that_wants_it(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, Edit("projects", "p3", frozen({"must_zone": "west"})), "main")
    did(store, Delete("zones", "west"), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    (conflict,) = found.conflicts
    ways = {way.choice: way.refused for way in conflict.resolutions}
    assert ways["mine"] is None
    assert ways["theirs"] is not None, "and it says why"


@pytest.mark.parametrize("name", ["official_area_m2", "built_floor_area_m2", "stated_floor_area_m2"])
@pytest.mark.parametrize("into", ["main", "方案二"])
def test_a_figure_that_parts_share_is_shared_when_it_changes(
    tmp_path: Path, study: Workspace, name: str, into: str
) -> None:
    store = branched(tmp_path, study)
    did(store, Split("A", line=cut(40)), "main")
    did(store, Edit("parcels", "A", frozen({name: 9_000.01})), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二" if into == "main" else "main", into)
    (conflict,) = found.conflicts
    after = found.after({conflict.id: "edit_parts"}).table("parcels")
    assert after[after["parents"] == "A"][name].tolist() == [3600.0, 5400.01]


def test_a_figure_of_a_parcel_that_was_merged_changes_the_sum(tmp_path: Path, study: Workspace) -> None:
    store = branched(tmp_path, study)
    did(store, MergeParcels(("A", "D")), "main")
    did(store, Edit("parcels", "A", frozen({"built_floor_area_m2": 6_000.0})), "方案二")
    with store.reading() as tx:
        found = scenarios.preview(tx, "方案二", "main")
    (conflict,) = found.conflicts
    after = found.after({conflict.id: "edit_parts"}).table("parcels")
    assert after[after["parents"] == "A; D"]["built_floor_area_m2"].tolist() == [6_000.0]


def test_an_outline_is_not_given_to_parts(tmp_path: Path, study: Workspace) -> None:
    """A parcel that one side cut and the other drew anew: either the parts or the new outline, never both."""
    store = branched(tmp_path, study)
    did(store, Split("A", line=cut(40)), "main")
    did(store, Reshape("parcels", "A", box(0, 0, 90, 100)), "方案二")
    with store.reading() as tx:
        (conflict,) = scenarios.preview(tx, "方案二", "main").conflicts
    assert {way.choice for way in conflict.resolutions if way.refused is None} == {"undo_split", "mine", "theirs"}
