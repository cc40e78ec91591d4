"""Places that stand, are locked, are held by a platform or are overdue: what a plan does with them, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from layers import allocating
from layers.allocating import Wish
from layers.commands import Assign, Edit
from layers.rows import with_rows
from layers.workspace import Workspace
from spatial.allocation import Stop
from tests.files import call
from tests.layers.allocating.test_by_hand import plain, where
from tests.layers.commands.doing import changes, did
from tests.world import after, box, table


def given(workspace: Workspace, wish: Wish = allocating.wishes.USUAL) -> dict[str, list[tuple[Any, ...]]]:
    """What stands once a plan is applied, by project: parcel, floor area, stage."""
    found = allocating.plan(workspace, wish)
    assert found.verified
    table_ = with_rows(workspace, changes(workspace, found.command)).table("assignments")
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for row in table_.itertuples():
        rows.setdefault(row.project_id, []).append((row.parcel_id, row.floor_area_m2, row.stage))
    return rows


def two(world: Workspace, **second: Any) -> Workspace:
    """A, of which 15,000 m² are left, beside D, of which 20,000 m² are."""
    rows = world.table("parcels").to_dict("records")
    beside = rows[0] | {
        "parcel_id": "D",
        "parcel_no": "D",
        "built_floor_area_m2": 0.0,
        "geometry": box(0, 100, 100, 200),
    }
    return plain(world.with_tables(parcels=table("parcels", [*rows, beside | second])))


def test_what_is_signed_keeps_its_stage_and_what_is_added_comes_as_an_intent(world: Workspace) -> None:
    signed = did(plain(world), Assign("A", "p1", 3_000.0, stage="signed", supply_mode="lease", term_years=10.0))
    unlocked = Wish(unlock=True)
    assert given(signed, unlocked)["p1"] == [("A", 3_000.0, "signed"), ("A", 5_000.0, "intent")]
    both = did(signed, Assign("A", "p1", 1_000.0))
    assert given(both, unlocked)["p1"] == [("A", 3_000.0, "signed"), ("A", 5_000.0, "intent")]
    whole = did(both, Edit.of("projects", "p1", requested_floor_area_m2=4_000.0))
    assert [one.kind for one in allocating.plan(whole, unlocked).placings if one.project == 0] == ["kept"]
    less = after(signed, Edit.of("parcels", "A", far_max=0.7), Edit.of("projects", "p1", partial=True))
    assert given(less, unlocked)["p1"] == [("A", 2_000.0, "signed")], "of 7,000 m², 5,000 are built"


def test_what_is_signed_and_moves_is_signed_anew(world: Workspace) -> None:
    full = after(two(world), Assign("A", "p1", 8_000.0, stage="signed"), Edit.of("parcels", "A", far_max=0.9))
    assert given(full)["p1"] == [("A", 8_000.0, "signed")], "locked: it stands beyond its room, and does not move"
    assert given(full, Wish(unlock=True))["p1"] == [("D", 8_000.0, "intent")]


def test_land_of_a_platform_goes_to_nobody_else_and_its_halls_are_let(world: Workspace) -> None:
    held = did(plain(world), Edit.of("parcels", "A", held_by="p2"))
    found = where(held)
    assert found["p2"] == [("A", "new", 2_500.0)], "the platform builds there"
    assert "p1" not in found
    small = did(held, Edit.of("projects", "p1", requested_floor_area_m2=1_500.0))
    assert where(small)["p1"] == [("A", "existing", 1_500.0)]
    modes = {one.project_id: one.supply_mode for one in allocating.plan(small).command.given}
    assert modes == {"p1": "lease", "p2": "self_held"}
    unheard = did(plain(world), Edit.of("parcels", "A", held_by="nobody"))
    assert where(unheard) == {}, "whoever it is, it is held"


def test_two_that_are_locked_to_the_same_parcel_are_told_so(world: Workspace, tmp_path: Any) -> None:
    land = two(world, far_max=0.9)
    locked = did(land, Edit.of("projects", "p1", must_parcels="D"), Edit.of("projects", "p2", must_parcels="D"))
    told = allocating.told(allocating.plan(locked))
    assert (told["status"], told["assignments"], told["unplaced"]) == ("infeasible", [], [])
    assert [one["rule"] for one in told["blocked_by"]] == ["locked", "capacity", "locked"]
    assert {one["text"] for one in told["blocked_by"]} == {"甲 已锁定地块", "D 可新建的面积", "乙 已锁定地块"}
    few = allocating.told(
        allocating.plan(did(land, Edit.of("projects", "p1", must_parcels="D")), Wish(max_changes=0))
    )
    assert [one["rule"] for one in few["blocked_by"]] == ["locked", "limit"]


@pytest.mark.parametrize(("how", "there"), [("partial", 12_500.0), ("splittable", 14_500.0)])
def test_who_takes_a_part_is_locked_to_what_is_there(world: Workspace, how: str, there: float) -> None:
    """A has 15,000 m² new, 2,500 m² of them for another, and 2,000 m² vacant for who may be split."""
    wanting = {"must_parcels": "A", "requested_floor_area_m2": 40_000.0, "priority": 0.5, how: True}
    land = did(two(world), Edit.of("projects", "p1", **wanting), Edit.of("projects", "p2", must_parcels="A"))
    found = where(land)
    assert sum(area for _, _, area in found["p2"]) == 2_500.0
    assert sum(area for _, _, area in found["p1"]) == there


def test_a_term_that_a_class_may_have_is_told_with_the_class(world: Workspace) -> None:
    rule = {"pack": "x", "valid_from": "2020-01-01", "rule": "term"}
    every, major = rule | {"rule_id": "a", "high": 20.0}, rule | {"rule_id": "b", "for_class": "major", "low": 30.0}
    storage = rule | {"rule_id": "c", "for_class": "storage", "high": 30.0}
    land = did(plain(world), Edit.of("parcels", "A", status="reserve", term_years=50.0, supply_mode="transfer"))
    ruled = land.with_tables(rulepacks=table("rulepacks", [every, major | {"high": 50.0}, storage]))
    (one,) = allocating.explained(did(ruled, Edit.of("buildings", "a1", vacant_floor_area_m2=0.0)), "p1", "A")[
        "blocked_by"
    ]
    assert one["text"].endswith("；能证明属于其一的可以：国家级重大或指定产业重大项目")
    green = {"constraint_id": "g", "kind": "green_belt", "effect": "inform", "geometry": box(0, 0, 100, 100)}
    on_land = rule | {"rule_id": "d", "constraint_kind": "green_belt", "high": 20.0}
    belt = ruled.with_tables(
        rulepacks=table("rulepacks", [every, major | {"high": 50.0}, on_land]),
        constraints=table("constraints", [green]),
    )
    answer = allocating.explained(
        did(belt, Edit.of("buildings", "a1", vacant_floor_area_m2=0.0)), "p1", "A", language="en"
    )
    assert [one["text"] for one in answer["blocked_by"]] == ["Term against the rules in force"]


def test_what_is_overdue_is_needed_now(world: Workspace) -> None:
    late = did(plain(world, need_by=2020), Edit.of("parcels", "A", available_from=2026))
    assert where(late)["p1"] == [("A", "new", 8_000.0)], "the workspace stands at 2026"
    later = did(late, Edit.of("parcels", "A", available_from=2027))
    assert "p1" not in where(later)


def test_an_intent_does_not_hinder_a_project_from_being_split(world: Workspace) -> None:
    land = did(two(world), Edit.of("projects", "p1", splittable=True, requested_floor_area_m2=30_000.0))
    there = did(land, Assign("A", "p1", 1_000.0))
    assert sum(area for _, _, area in where(there)["p1"]) == 30_000.0


def test_an_intent_that_lost_its_room_is_taken_back_and_named(world: Workspace) -> None:
    lost = after(plain(world), Assign("A", "p1", 8_000.0), Edit.of("parcels", "A", far_max=0.5))
    told = allocating.told(allocating.plan(lost))
    assert [(one["project"], one["pieces"][0]["floor_area_m2"]) for one in told["taken_back"]] == [("p1", 8_000.0)]
    (left,) = (one for one in told["unplaced"] if one["project"] == "p1")
    assert "剩余面积不足" in left["reason"]


def test_the_time_holds_for_the_problem_as_well(world: Workspace) -> None:
    found = allocating.plan(plain(world), stop=Stop(1e-6))
    assert found.plan.status in ("optimal", "feasible", "unknown") and found.plan.seconds > 0


def test_the_order_of_keys_and_numbers_is_the_same_on_every_call(world: Workspace, tmp_path: Any) -> None:
    from layers import stores

    path = tmp_path / "w.gpkg"
    stores.create(path, plain(world))
    one, two_ = (call("allocate", path, "--dry-run", "--seed", "3")[1] for _ in range(2))
    assert {key: value for key, value in one.items() if key != "seconds"} == {
        key: value for key, value in two_.items() if key != "seconds"
    }
    assert "-0.0" not in str(one)
