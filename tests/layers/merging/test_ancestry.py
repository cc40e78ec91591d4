"""What two branches have in common, so that nothing is asked again that was decided, nor taken back unseen."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from layers import applying, scenarios, stores
from layers.changes import Asked, Command
from layers.commands import Assign, Edit, MergeParcels, Split
from layers.commands.editing import frozen
from layers.merging import MergePlan
from layers.stores.contract import Store
from layers.workspace import Workspace
from tests.layers.merging.test_pairs import ME, cut, did
from tests.layers.soundness import every_row, sound


@pytest.fixture
def store(tmp_path: Path, world: Workspace) -> Store:
    stores.create(tmp_path / "w.gpkg", world)
    return stores.open_store(tmp_path / "w.gpkg")


def noted(text: str, key: str = "A") -> Command:
    return Edit("parcels", key, frozen({"note": text}))


def branch(store: Store, name: str, of: str = "main") -> None:
    scenarios.branch(store, Asked(ME, uuid4().hex, scenario=of), name)


def seen(store: Store, source: str, target: str) -> MergePlan:
    with store.reading() as tx:
        return scenarios.preview(tx, source, target)


def merged(store: Store, source: str, target: str, choice: str = "") -> Workspace:
    choices = {one.id: choice for one in seen(store, source, target).conflicts} if choice else {}
    done = scenarios.merge(store, Asked(ME, uuid4().hex, scenario=target), source, choices)
    assert done.status == "ok", done.error
    assert done.workspace is not None
    sound(done.workspace)
    again = seen(store, source, target)
    assert (again.conflicts, again.automatic) == ((), ()), "what was decided is not asked again"
    return now(store, target)


def now(store: Store, name: str) -> Workspace:
    with store.reading() as tx:
        return tx.workspace(name)


def note(workspace: Workspace, key: str = "A") -> str:
    return str(workspace.table("parcels").set_index("parcel_id")["note"][key])


def test_there_and_back(store: Store) -> None:
    branch(store, "b")
    did(store, noted("main"), "main")
    did(store, noted("b"), "b")
    did(store, noted("only b", "B"), "b")
    merged(store, "b", "main", "mine")
    back = merged(store, "main", "b")
    assert (note(back), note(back, "B")) == ("main", "only b"), "the decision goes along, and is not asked again"
    assert every_row(back) == every_row(now(store, "main"))
    did(store, noted("later"), "b")
    assert note(merged(store, "b", "main")) == "later"


def test_what_was_decided_stays_decided_when_work_goes_on(store: Store) -> None:
    branch(store, "b")
    did(store, Split("A", line=cut(40)), "main")
    did(store, Assign("A", "p1", 1000.0), "b")
    merged(store, "b", "main", "both_parts")
    did(store, Edit("projects", "p2", frozen({"headcount": 90.0})), "b")
    plan = seen(store, "b", "main")
    assert plan.conflicts == ()
    assert [change.at for change in plan.automatic] == [("projects", "p2")]


def test_a_name_is_only_a_name(store: Store) -> None:
    branch(store, "b")
    did(store, noted("main"), "main")
    did(store, noted("b"), "b")
    merged(store, "b", "main", "theirs")
    scenarios.rename(store, Asked(ME, uuid4().hex, scenario="b"), "新名")
    branch(store, "b")
    assert seen(store, "新名", "main").conflicts == ()
    did(store, noted("new", "B"), "新名")
    assert note(merged(store, "新名", "main"), "B") == "new"


def test_a_grandchild_meets_its_grandparent_where_the_branches_left(store: Store) -> None:
    branch(store, "b")
    did(store, noted("b", "B"), "b")
    branch(store, "c", "b")
    did(store, noted("c", "C"), "c")
    did(store, noted("b again", "B"), "b")
    after = merged(store, "c", "main")
    assert (note(after, "B"), note(after, "C")) == ("b", "c")
    assert note(merged(store, "b", "main"), "B") == "b again"
    assert note(merged(store, "main", "c"), "B") == "b again"


def test_sisters_take_from_each_other(store: Store) -> None:
    branch(store, "b")
    did(store, noted("main"), "main")
    branch(store, "c")
    did(store, noted("b", "B"), "b")
    did(store, noted("c", "C"), "c")
    merged(store, "b", "c")
    after = merged(store, "c", "b")
    assert every_row(after) == every_row(now(store, "c"))
    assert note(after) == "main"


def test_what_was_put_back_on_purpose_is_not_changed_again(store: Store) -> None:
    """Two ancestors, neither of which knows the other: what came by the one is no news because the other lacks it."""
    did(store, noted("first"), "main")
    branch(store, "a")
    did(store, noted("second"), "main")
    branch(store, "b")
    did(store, noted("a", "B"), "a")
    merged(store, "a", "b")
    merged(store, "a", "main")
    did(store, noted("first"), "main")  # back to what it was when a began
    plan = seen(store, "b", "main")
    assert (plan.automatic, plan.conflicts) == ((), ())
    assert note(merged(store, "b", "main")) == "first"
    assert note(merged(store, "main", "b")) == "first"


def test_a_merge_that_was_taken_back_can_be_made_again(store: Store) -> None:
    branch(store, "b")
    did(store, noted("b"), "b")
    merged(store, "b", "main")
    undone = applying.undo(store, Asked(ME, uuid4().hex))
    assert undone.status == "ok"
    assert note(now(store, "main")) != "b"
    assert [change.at for change in seen(store, "b", "main").automatic] == [("parcels", "A")]
    again = applying.redo(store, Asked(ME, uuid4().hex))
    assert again.status == "ok"
    assert seen(store, "b", "main").automatic == ()


def test_a_merge_without_rows_can_be_taken_back_too(store: Store) -> None:
    branch(store, "b")
    did(store, noted("main"), "main")
    did(store, noted("b"), "b")
    merged(store, "b", "main", "mine")
    assert applying.undo(store, Asked(ME, uuid4().hex)).status == "ok"
    assert len(seen(store, "b", "main").conflicts) == 1, "the decision is open again"
    assert applying.undo(store, Asked(ME, uuid4().hex)).status == "ok", "and the edit before it is the next"
    assert note(now(store, "main")) == "nan"


def test_what_a_source_had_decided_is_known_too(store: Store) -> None:
    for name in ("a", "b"):
        branch(store, name)
        did(store, noted(name), name)
    merged(store, "a", "b", "mine")  # no row of b changes
    merged(store, "b", "main")
    plan = seen(store, "a", "main")
    assert (plan.conflicts, plan.automatic) == ((), ())


def test_lineage_goes_through_merges_of_branches(store: Store) -> None:
    branch(store, "b")
    did(store, Split("A", line=cut(40)), "b")
    parts = sorted(set(now(store, "b").table("parcels")["parcel_id"]) - {"A", "B", "C"})
    merged(store, "b", "main")
    did(store, MergeParcels(tuple(parts)), "main")
    did(store, Assign(parts[0], "p1", 500.0), "b")
    (conflict,) = seen(store, "b", "main").conflicts
    assert "merged_parcel" in [way.choice for way in conflict.resolutions if way.refused is None]
    assert merged(store, "b", "main", "merged_parcel").table("assignments")["floor_area_m2"].tolist() == [500.0]
