"""The world of three parcels placed by hand, and every rule where it alone stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from layers import allocating
from layers.allocating import Wish
from layers.allocating.legal import RULES, names_of
from layers.commands import Assign, Delete, Edit
from layers.naming import NameTwice, parcel_row, project_row
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import did
from tests.world import box, table

ROW = {"layer": "projects", "key": "p1"}


def plain(world: Workspace, **projects: Any) -> Workspace:
    """A, of which 15,000 m² are left, and two projects that want 8,000 and 2,500 m² anywhere."""
    return did(
        world,
        Edit.of("projects", "p1", must_zone=None, **projects),
        Edit.of("projects", "p2", exclusive=False),
    )


def where(workspace: Workspace, wish: Wish = allocating.wishes.USUAL) -> dict[str, list[tuple[str, str, float]]]:
    """Who is given what of which parcel, by key."""
    found = allocating.plan(workspace, wish)
    assert found.verified and found.plan.status == "optimal"
    told = allocating.told(found)
    return {
        one["project"]: [(piece["parcel"], piece["source"], piece["floor_area_m2"]) for piece in one["pieces"]]
        for one in told["assignments"]
    }


def blocked(workspace: Workspace, project: str = "p1", parcel: str = "A") -> set[tuple[str, ...]]:
    """Rules between a project and a parcel, for new and for existing floor area."""
    made = allocating.make(workspace)
    row, at = project_row(workspace, project), parcel_row(workspace, parcel)
    return {names_of(bits) for bits in made.legal.blocked[:, row, at].tolist()}


def test_both_fit(world: Workspace) -> None:
    """8,000 and 100 × 25 = 2,500 m² on A: of 20,000 m², 5,000 stand, of which 2,000 are vacant."""
    found = where(plain(world))
    assert found == {"p1": [("A", "new", 8000.0)], "p2": [("A", "new", 2500.0)]}


def test_what_does_not_fit_yields_by_priority(world: Workspace) -> None:
    wide = plain(world, requested_floor_area_m2=14_000.0)
    assert where(wide) == {"p1": [("A", "new", 14_000.0)]}
    urgent = did(wide, Edit.of("projects", "p2", priority=9.0))
    assert where(urgent) == {"p2": [("A", "new", 2500.0)]}
    both = did(wide, Edit.of("projects", "p1", partial=True), Edit.of("projects", "p2", priority=9.0))
    assert where(both) == {"p1": [("A", "new", 12_500.0)], "p2": [("A", "new", 2500.0)]}


def test_the_figures_of_the_first_goal(world: Workspace) -> None:
    told = allocating.told(allocating.plan(did(plain(world), Edit.of("projects", "p2", priority=2.0))))
    goal = told["goals"][0]
    assert (goal["name"], goal["value"], goal["bound"], goal["gap"]) == ("demand", 13_000.0, 13_000.0, 0.0)
    assert (told["wanted_m2"], told["placed_m2"], told["unplaced"]) == (10_500.0, 10_500.0, [])
    assert told["goals"][3] == {"name": "changes", "value": 2.0, "bound": 2.0, "gap": 0.0}


def test_an_existing_building_takes_more(world: Workspace) -> None:
    """1,500 m² of need take 1,650 m² of the 2,000 m² that are vacant, and 2,000 m² of need find no room there."""
    norm = world.table("assumptions").to_dict("records")
    reuse = {"assumption_id": "reuse", "name": "reuse_factor", "value": 1.1}
    full = world.with_tables(assumptions=table("assumptions", [*norm, reuse]))
    small = did(
        plain(full, requested_floor_area_m2=1_500.0, need_by=2027), Edit.of("parcels", "A", available_from=2030)
    )
    assert where(small) == {"p1": [("A", "existing", 1650.0)], "p2": [("A", "new", 2500.0)]}
    given = did(small, allocating.plan(small).command)
    assert allocating.plan(given).made.ground.wanted.tolist() == [1500.0, 2500.0]
    signed = did(given, Edit.of("assignments", "A00001", stage="signed"))
    assert allocating.plan(signed).made.ground.wanted.tolist() == [0.0, 2500.0]


def test_vacant_space_that_comes_later_is_not_taken_before(world: Workspace) -> None:
    """500 m² can be taken now and 1,500 m² from 2030 on: two early projects share the 500 m²."""
    first = {"building_id": "a1", "parcel_id": "A", "floor_area_m2": 2500.0, "vacant_floor_area_m2": 500.0}
    second = first | {"building_id": "a2", "vacant_floor_area_m2": 1500.0, "reusable_from": 2030}
    land = plain(world, requested_floor_area_m2=400.0, need_by=2027)
    full = land.with_tables(
        buildings=table("buildings", [{**one, "geometry": None} for one in (first, second)]),
        projects=land.table("projects").assign(need_by=[2027, 2031], headcount=[None, 64.0]),
    )
    full = did(full, Edit.of("parcels", "A", far_max=0.5))
    assert where(full) == {"p1": [("A", "existing", 400.0)], "p2": [("A", "existing", 1600.0)]}
    early = did(full, Edit.of("projects", "p2", need_by=2027, headcount=8.0))
    assert sum(len(one) for one in where(early).values()) == 1, "400 + 200 m² are more than the 500 m² of 2027"


def test_a_site_of_two_parcels(world: Workspace) -> None:
    rows = world.table("parcels").to_dict("records")
    beside = rows[0] | {
        "parcel_id": "D",
        "parcel_no": "D",
        "built_floor_area_m2": 0.0,
        "geometry": box(0, 100, 100, 200),
    }
    apart = beside | {"parcel_id": "E", "parcel_no": "E", "geometry": box(100, 200, 200, 300)}
    zones = world.table("zones").to_dict("records")
    zones[0] |= {"geometry": box(0, 0, 200, 300)}
    land = world.with_tables(parcels=table("parcels", [*rows, beside, apart]), zones=table("zones", zones))
    large = plain(land, requested_floor_area_m2=28_000.0)
    assert "p1" not in where(large)
    site = where(did(large, Edit.of("projects", "p1", adjoining=True)))["p1"]
    assert [one[:2] for one in site] == [("A", "new"), ("D", "new")]
    assert [one[2] for one in site] == pytest.approx([12_000.0, 16_000.0]), "in proportion to 15,000 and 20,000 m²"


def test_today_s_intent_stays_as_long_as_nothing_is_gained(world: Workspace) -> None:
    land = plain(world)
    given = did(land, Assign("A", "p1", 8000.0), Assign("A", "p2", 2500.0))
    found = allocating.plan(given)
    assert [one.kind for one in found.placings] == ["kept", "kept"]
    assert (found.command.given, found.command.taken) == ((), ())
    small = did(land, Assign("A", "p1", 3000.0))
    assert [one.kind for one in allocating.plan(small).placings] == ["resized", "added"]
    assert [one.kind for one in allocating.plan(small, Wish(max_changes=0)).placings] == ["kept"]
    one = allocating.plan(small, Wish(max_changes=1))
    assert [each.kind for each in one.placings if each.kind != "kept"] == ["resized"], "5,000 m² more, not 2,500"


def test_signed_stays_unless_it_is_unlocked(world: Workspace) -> None:
    given = did(plain(world), Assign("A", "p1", 3000.0, stage="signed"))
    assert allocating.plan(given).made.ground.wanted.tolist() == [5000.0, 2500.0]
    assert where(given)["p1"] == [("A", "new", 5000.0)], "what is still asked for, beside what is signed"
    assert where(given, Wish(unlock=True))["p1"] == [("A", "new", 8000.0)]


def test_the_order_of_goals_counts(world: Workspace) -> None:
    given = did(plain(world), Assign("A", "p1", 3000.0))
    lazy = allocating.plan(given, Wish(("changes", "demand")))
    assert [one.kind for one in lazy.placings] == ["kept"]
    assert [one.name for one in lazy.plan.goals] == ["changes", "demand"]


def test_support_and_caps_run_out_together(world: Workspace) -> None:
    """15 % of 20,000 m² are 3,000 m² of support; a quarter of 8,000 m² takes 2,000, half of 2,500 m² too much."""
    rule = {"rule_id": "r", "pack": "x", "valid_from": "2020-01-01", "rule": "support_share", "high": 0.15}
    mix = "research=0.75; support=0.25"
    land = plain(world, function_mix=mix).with_tables(rulepacks=table("rulepacks", [rule]))
    both = did(land, Edit.of("projects", "p2", function_mix="research=0.5; support=0.5", headcount=100.0))
    assert list(where(both)) == ["p1"]
    capped = did(plain(world), Edit.of("zones", "east", floor_area_cap_m2=5_000.0 + 6_000.0 + 9_000.0))
    assert list(where(capped)) == ["p1"], "9,000 m² are left below the cap"


ALONE: dict[str, Callable[[Workspace], Workspace]] = {
    "land_use": lambda w: did(w, Edit.of("parcels", "A", land_use="R2")),
    "zone": lambda w: did(w, Edit.of("projects", "p1", may_zones="west")),
    "barred": lambda w: did(w, Edit.of("projects", "p1", barred_parcels="A")),
    "held": lambda w: did(w, Edit.of("parcels", "A", held_by="p2")),
    "exclusive": lambda w: did(
        w, Edit.of("projects", "p2", exclusive=True), Assign("A", "p2", 100.0, stage="signed")
    ),
    "term": lambda w: did(
        w.with_tables(
            rulepacks=table(
                "rulepacks", [{"rule_id": "t", "pack": "x", "valid_from": "2020-01-01", "rule": "term", "high": 20.0}]
            )
        ),
        Edit.of("parcels", "A", status="reserve", supply_mode="transfer", term_years=50.0),
    ),
    "year": lambda w: did(w, Edit.of("parcels", "A", available_from=2030), Edit.of("projects", "p1", need_by=2027)),
    "unknown": lambda w: did(w, Edit.of("parcels", "A", far_max=None)),
    "support": lambda w: did(
        w.with_tables(
            rulepacks=table(
                "rulepacks",
                [{"rule_id": "s", "pack": "x", "valid_from": "2020-01-01", "rule": "support_share", "high": 0.15}],
            )
        ),
        Edit.of("projects", "p1", function_mix="research=0.4; support=0.6"),
    ),
    "cap": lambda w: did(w, Edit.of("zones", "east", floor_area_cap_m2=12_000.0)),
    "room": lambda w: did(w, Edit.of("projects", "p1", requested_floor_area_m2=16_000.0)),
}


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_alone_stands_in_the_way(world: Workspace, rule: str) -> None:
    land = did(plain(world), Edit.of("buildings", "a1", vacant_floor_area_m2=None))
    assert any(not rules for rules in blocked(land)), "without it nothing does"
    changed = ALONE[rule](land if rule == "unknown" else did(land, Delete("parcels", "C")))
    assert (rule,) in blocked(changed)
    told = allocating.told(allocating.plan(changed))
    (left,) = (one for one in told["unplaced"] if one["project"] == "p1")
    assert RULES[rule][0] in left["reason"]
    english = allocating.told(allocating.plan(changed), "en")["unplaced"]
    assert any(RULES[rule][1] in one["reason"] for one in english)
    answer = allocating.explained(changed, "甲", "A")
    assert (answer["possible"], [one["rule"] for one in answer["blocked_by"]]) == (False, [rule])


def test_a_locked_parcel(world: Workspace) -> None:
    rows = world.table("parcels").to_dict("records")
    other = rows[0] | {"parcel_id": "D", "parcel_no": "D", "geometry": box(0, 100, 100, 200)}
    land = plain(world.with_tables(parcels=table("parcels", [*rows, other])), must_parcels="D", priority=0.1)
    assert where(land)["p1"] == [("D", "new", 8000.0)]
    lost = did(land, Edit.of("projects", "p1", must_parcels="B"))
    assert "p1" not in where(lost)


def test_why_not_says_who_moves_and_what_it_costs(world: Workspace) -> None:
    wide = plain(world, requested_floor_area_m2=14_000.0)
    answer = allocating.explained(wide, "p2", "A")
    assert answer["possible"] is True
    assert [one["project"] for one in answer["moves"]] == ["p2", "p1"]
    assert answer["moves"][1]["after"] == []
    assert answer["cost"]["demand"] == pytest.approx(2_500.0 - 14_000.0)


def test_who_has_everything_is_asked_no_more(world: Workspace) -> None:
    given = did(plain(world), Assign("A", "p1", 8000.0, stage="signed"))
    answer = allocating.explained(given, "p1", "A")
    assert [one["rule"] for one in answer["blocked_by"]] == ["has_all"]


def test_the_same_plan_has_the_same_code(world: Workspace) -> None:
    one, two = (allocating.plan(plain(world)) for _ in range(2))
    assert one.code == two.code and one.command == two.command
    assert replace(one.command, code="") != one.command


def test_a_name_of_two_projects_asks_which_and_who_asks_for_nothing_is_told_so(world: Workspace) -> None:
    same = did(world, Edit.of("projects", "p1", name="同名"), Edit.of("projects", "p2", name="同名"))
    with pytest.raises(NameTwice) as caught:
        allocating.explained(same, "同名", "A")
    assert "p1, p2" in tell(caught.value)["cure"]
    idle = did(world, Edit.of("projects", "p2", headcount=None, requested_floor_area_m2=0.0))
    answer = allocating.explained(idle, "p2", "A")
    assert (answer["possible"], [one["rule"] for one in answer["blocked_by"]]) == (False, ["asks_nothing"])
