"""Questions about the plan of three parcels, answered by hand, in both languages."""

from __future__ import annotations

from dataclasses import replace
from string import Formatter

import numpy as np
import pytest

from layers import allocating
from layers.allocating import Proposal, telling
from layers.allocating.explaining import factors
from layers.commands import Edit
from layers.workspace import Workspace
from spatial.allocation import Move, Stop, why_not
from tests.layers.commands.doing import did
from tests.world import demo

STOP = Stop(20.0)


@pytest.fixture
def wide(world: Workspace) -> Proposal:
    """A, of which 15,000 m² are left; p1 wants 14,000 m² and has them, p2 wants 2,500 m² and has nothing."""
    edits = (
        Edit.of("projects", "p1", must_zone=None, requested_floor_area_m2=14_000.0),
        Edit.of("projects", "p2", exclusive=False),
    )
    return allocating.plan(did(world, *edits))


def test_who_is_left_out_and_what_it_would_cost(wide: Proposal) -> None:
    (one,) = allocating.left_out(wide, STOP)
    assert (one["project"], one["possible"], one["proved"]) == ("p2", True, True)
    assert one["cost"]["demand"] == pytest.approx(-11_500.0)
    name = wide.made.ground.today.table("projects")["name"].iloc[0]
    assert one["text"].startswith("可以落在这里：满足需求 −11,500 m²、")
    assert one["text"].endswith(f"；{name} 让出 A")
    (english,) = allocating.left_out(wide, STOP, language="en")
    assert english["text"].startswith("It can be here: demand met −11,500 m², ")


def test_what_decided_and_what_follows(wide: Proposal) -> None:
    (one,) = allocating.decisions(wide)
    assert (one["project"], one["because"], one["next_parcels"]) == ("p1", "only", [])
    assert one["changes"]["demand"] == pytest.approx(-14_000.0)
    assert one["text"].startswith("除此之外只能不落位：满足需求 −14,000 m²")


def test_who_comes_when_somebody_leaves(wide: Proposal) -> None:
    used = allocating.exits(wide, 0)
    assert [one["changes"]["demand"] for one in used["demand"]] == [2_500.0]
    assert "落到 A：满足需求 +2,500 m²" in used["demand"][0]["text"]
    assert allocating.swaps(wide)["demand"] == []


def test_every_number_of_changes_is_a_plan(wide: Proposal) -> None:
    points = allocating.compromises(wide.made, STOP)
    assert [(one.changes, one.value, one.proved) for one in points] == [(0, 0.0, True), (1, 14_000.0, True)]
    assert all(one.proposal.verified for one in points)
    assert points[1].proposal.placings == wide.placings


def test_rules_in_the_way_are_told_by_name(wide: Proposal) -> None:
    made = wide.made
    first = np.flatnonzero(made.problem.project == 0)
    held = replace(made, problem=replace(made.problem, locked=np.isin(np.arange(len(made.problem.project)), first)))
    second = np.flatnonzero(made.problem.project == 1)
    answer = why_not(held.problem, made.goals, wide.plan, second, STOP)
    name = made.ground.today.table("projects")["name"].iloc[0]
    assert telling.answer_told(held, answer, "zh-CN") == (
        f"不能落在这里，最少要放宽 2 条：A 可新建的面积、{name} 已锁定地块"
    )
    assert telling.answer_told(held, answer, "en").startswith("It cannot be here; the fewest rules to give up, 2: ")


def test_as_much_as_fits_is_told_as_a_share(world: Workspace) -> None:
    edits = (
        Edit.of("projects", "p1", must_zone=None, requested_floor_area_m2=30_000.0, partial=True),
        Edit.of("projects", "p2", exclusive=False, priority=20.0),
    )
    found = allocating.plan(did(world, *edits))
    options = found.made.options.on(0, 0)
    answer = why_not(found.made.problem, found.made.goals, found.plan, options, STOP)
    assert answer.part == pytest.approx(0.5)
    assert "整体放不下，最多可落 50%" in telling.answer_told(found.made, answer, "zh-CN")


def test_moves_are_told_by_what_they_are(wide: Proposal) -> None:
    made = wide.made
    option = int(np.flatnonzero(made.problem.project == 0)[0])
    name = made.ground.today.table("projects")["name"].iloc[0]
    there = ((option, 1.0),)
    moves = (Move(0, (), there), Move(0, there, ()), Move(0, there, ((option, 0.5),)))
    assert [telling.move_told(made, one, "zh-CN") for one in moves] == [
        f"{name} 落到 A",
        f"{name} 让出 A",
        f"{name} 在 A 的面积有变",
    ]
    assert telling.moves_told(made, moves[:1] * 8, "en").endswith("; and others, 8 in all")


def test_both_languages_say_the_same_facts() -> None:
    for name, texts in telling.SAYS.items():
        chinese, english = (sorted(field for _, field, _, _ in Formatter().parse(one) if field) for one in texts)
        assert chinese == english, name


def test_what_was_given_is_taken_off_each_draw(world: Workspace) -> None:
    made = allocating.make(world)
    drawn = factors(made, 50, 3)
    assert drawn.shape == (50, len(made.ground.wanted))
    assert (drawn >= 0).all()
    assert np.array_equal(drawn, factors(allocating.make(world), 50, 3))


def test_the_demo_under_other_demand() -> None:
    found = allocating.plan(demo())
    told: list[tuple[int, int]] = []
    one = allocating.regrets(found, Stop(5.0), 6, 1, lambda so_far: told.append((so_far.draws, so_far.asked)))
    assert (one.draws, one.stopped, told[-1]) == (6, False, (6, 6))
    assert len(one.free) == len(found.made.ground.base.table("parcels"))
    assert ((one.free >= 0) & (one.free <= 1)).all()
    assert one.placed[found.made.ground.wanted <= 0].sum() == 0
    assert len(allocating.decisions(found)) == sum(bool(at.after) for at in found.placings)
