"""The allocation page without a browser: the proof card, the tables, the map's looks, and what a stop keeps."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from layers import allocating
from layers.allocating import Compromise, Wish
from layers.allocating.answering import explained
from layers.allocating.words import rule_told
from layers.commands import Assign, Edit
from layers.ground.grading import GRADES
from layers.workspace import Workspace
from spatial.allocation import Regret, Stop
from tests.hostile import hostile
from tests.layers.commands.doing import did
from tests.world import demo
from views.allocation import asking, colouring, more, places, proof, working
from views.text import texts

BOTH = pytest.mark.parametrize("language", ["zh-CN", "en"])


@pytest.fixture(scope="module")
def found() -> working.Shown:
    return working.shown(allocating.plan(demo()))


@BOTH
def test_the_proof_card_says_what_no_plan_can_pass(found: working.Shown, language: str) -> None:
    say = texts(language)
    told = proof.card(found, say)
    first = found.proposal.plan.goals[0]
    assert f"{first.bound:,.0f}" in told and told.count(say("place_proved")) == 4
    assert say("place_verified") in told


def test_a_bound_that_is_not_reached_is_told_with_its_gap(world: Workspace) -> None:
    made = allocating.make(did(world, Edit.of("projects", "p1", must_zone=None)))
    best = working.Best(made, np.zeros(len(made.options)), {0: 8000.0}, 1.0)
    stopped = best.proposal()
    assert stopped is not None and stopped.verified
    told = proof.card(working.shown(stopped, stopped=True), texts("zh-CN"))
    assert "任何方案最多满足 8,000 m²，本方案满足 0 m²" in told
    assert "差距 100.00%" in told and "界限未知" in told and "已停止" in told
    assert working.Best().proposal() is None, "stopped before there was anything"


@BOTH
def test_the_tables_name_everybody_once(found: working.Shown, language: str) -> None:
    say = texts(language)
    frame = places.places_table(found, say)
    assert len(frame) == len(found.proposal.placings)
    assert frame[say("place_area")].sum() == pytest.approx(
        sum(one.floor_area_m2 for one in found.proposal.placings), abs=len(frame)
    )
    assert (frame[say("place_decided")] != "—").all()
    assert places.left(found, say).count("cz-left-one") == len(found.proposal.unplaced)


@BOTH
def test_every_place_is_told_with_the_next_best_and_what_it_lacks(found: working.Shown, language: str) -> None:
    say, fuller = texts(language), 0
    for one in places.ordered(found):
        told = places.decided_view(found, one, say)
        assert say("place_plan_is") in told and say("place_next_is") in told
        fuller += say("place_better_is") in told
    short = [one for one in found.decisions if one.wanted >= 0]
    assert fuller == len(short) > 0


@BOTH
def test_whoever_has_no_place_is_told_what_one_would_cost(found: working.Shown, language: str) -> None:
    say = texts(language)
    rows = allocating.left_out(found.proposal, Stop(20), language=language)
    told = places.left(found, say, working.Known(tuple(rows), stopped=False))
    assert [one["possible"] for one in rows] == [True]
    assert told.count(say("place_left_forced")) == 1 and "−2,346 m²" in told
    assert all(one["name"] in told for one in rows[0]["moves"])


@BOTH
def test_a_stop_says_how_much_there_is(found: working.Shown, language: str) -> None:
    say, room = texts(language), len(found.proposal.made.ground.today.table("parcels"))
    known = Regret(np.zeros(room), np.zeros(1), np.zeros(1), 37, 30, 1, 100)
    assert known.stopped
    told = more.regret_told(found, known, say, stopped=True)
    assert say("place_regret_stopped", count=37, asked=100, proved=30) in told and "<table" in told
    assert say("place_stopped_nothing") in more.regret_told(found, None, say, stopped=True)
    points = [Compromise(at, 100.0 * at, True, found.proposal) for at in (7, 9)]
    assert more.points_stopped(points, say) == say("place_pareto_stopped", count=2, most=9, least=7)
    assert more.points_stopped([], say) == say("place_stopped_nothing")


@BOTH
def test_where_there_is_no_plan_the_rules_are_named(world: Workspace, language: str) -> None:
    land = did(world, Edit.of("projects", "p1", must_zone=None), Assign("A", "p1", 8000.0))
    shown = working.shown(allocating.plan(land, Wish(max_changes=0)))
    made = replace(shown.proposal.made.problem, locked=np.ones(len(shown.proposal.made.problem.project), dtype=bool))
    none = replace(shown.proposal.plan, status="infeasible")
    nothing = replace(shown.proposal, plan=none, made=replace(shown.proposal.made, problem=made))
    told = proof.card(working.shown(nothing), texts(language))
    assert texts(language)("place_infeasible") in told
    assert rule_told(nothing.made, working.shown(nothing).against[0], language) in told


def test_the_best_so_far_says_that_it_goes_on(found: working.Shown) -> None:
    say = texts("en")
    assert say("place_going") in proof.card(replace(found, going=True), say)
    assert say("place_going") not in proof.card(found, say)


def test_changes_are_counted_as_their_goal_counts_them(found: working.Shown) -> None:
    goal = next(one for one in found.proposal.plan.goals if one.name == "changes")
    assert found.proposal.changes == goal.value == 28
    assert "28" in proof.headline(found.proposal, texts("en")) and "in 23 projects" in proof.headline(
        found.proposal, texts("en")
    )


def test_the_map_tells_what_comes_and_what_goes(world: Workspace) -> None:
    land = did(world, Edit.of("projects", "p1", must_zone=None), Edit.of("projects", "p2", exclusive=False))
    say, looks = texts("zh-CN"), {}
    for name, given in {
        "new": land,
        "kept": did(land, Assign("A", "p1", 8000.0), Assign("A", "p2", 2500.0)),
        "resized": did(land, Assign("A", "p1", 3000.0), Assign("A", "p2", 2500.0)),
        "removed": did(land, Assign("A", "p1", 3000.0), Edit.of("projects", "p1", barred_parcels="A", headcount=0.0)),
    }.items():
        shown = working.shown(allocating.plan(given, Wish(("demand", "changes"))))
        shade = colouring.shade(given, shown, "proof", say)
        assert shade is not None
        looks[name] = int(shade.of[0])
        assert shade.of[1:].tolist() == [GRADES, GRADES]
    assert looks == {"new": 4, "kept": 1, "resized": 2, "removed": 4}, "what goes and what comes: the newcomer shows"


def test_parcels_to_hold_are_those_that_somebody_could_have(found: working.Shown) -> None:
    room = more.gives(found.proposal)
    assert set(np.flatnonzero(room > 0)) <= set(found.proposal.made.options.parcel)
    known = Regret(np.linspace(0, 1, len(room)), np.zeros(1), np.zeros(1), 100, 100, 0, 100)
    shade = colouring._regret(found.proposal.made.ground.today, found.proposal, known, texts("en"))
    assert set(shade.of[room <= 0]) == {GRADES} and shade.of.max() <= GRADES


@BOTH
def test_an_answer_reads(world: Workspace, language: str) -> None:
    wide = did(
        world,
        Edit.of("projects", "p1", must_zone=None, requested_floor_area_m2=14_000.0),
        Edit.of("projects", "p2", exclusive=False),
    )
    say = texts(language)
    against = allocating.plan(wide)
    told = explained(wide, "p2", "A", stop=Stop(10), language=language)
    answer = asking.answer(against, told, "A", say)
    assert say("place_possible", parcel="A") in answer and say("place_nowhere") in answer
    assert "−11,500 m²" in answer, "what the first goal loses"
    blocked = explained(wide, "p2", "B", stop=Stop(10), language=language)
    assert say("place_impossible", parcel="B") in asking.answer(against, blocked, "B", say)
    assert say("place_blocked_smallest", count=len(blocked["blocked_by"])) in asking.answer(
        against, blocked, "B", say
    )
    assert asking.answer(against, {"possible": None}, "A", say).count(say("place_unclear")) == 1


def test_names_of_the_workspace_never_become_markup() -> None:
    say, shown = texts("zh-CN"), working.shown(allocating.plan(hostile()))
    drawn = proof.card(shown, say) + places.left(shown, say)
    assert not re.search(r"<(script|img|svg|iframe|a)\b", drawn)
