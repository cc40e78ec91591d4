"""Tables, map classes and card of the projects page, without a browser."""

from __future__ import annotations

import re

import numpy as np
import pytest

from layers.map.classes import ELSEWHERE, FITS, PARTLY, TAKES
from layers.workspace import Workspace
from tests.hostile import hostile
from tests.world import demo, table, three_parcels
from views.projects import sharing
from views.projects.card import Enterprise, card_more, card_top
from views.projects.placing import parcels_for
from views.projects.shading import MOST, holding, room, shade, takers
from views.projects.table import assignments_table, group_name, projects_table
from views.text import texts


def world_with(projects: list[dict[str, object]], given: list[dict[str, object]] | None = None) -> Workspace:
    rows = [{"assignment_id": f"A{i}", "source": "new", **one} for i, one in enumerate(given or [])]
    return three_parcels().with_tables(projects=table("projects", projects), assignments=table("assignments", rows))


def test_the_map_shows_where_projects_lie_and_could_lie() -> None:
    wants = {"project_id": "p", "function_mix": "research", "requested_floor_area_m2": 16_000.0}
    other = {"project_id": "q", "function_mix": "research", "requested_floor_area_m2": 90_000.0}
    given = {"parcel_id": "B", "project_id": "q", "floor_area_m2": 100.0, "stage": "intent"}
    world, say = world_with([wants, other], [given]), texts("en")
    assert room(world, 0).tolist() == [17_000.0, 0.0, 0.0], "B is over, C is unknown"
    assert shade(world, [0, 1], [], say).of.tolist() == [ELSEWHERE, TAKES, ELSEWHERE]
    assert shade(world, [0], [], say).of.tolist() == [ELSEWHERE] * 3, "a project that the filters hide is not shown"
    assert shade(world, [0, 1], [0], say).of.tolist() == [FITS, ELSEWHERE, ELSEWHERE]
    assert shade(world, [0, 1], [1], say).of.tolist() == [PARTLY, TAKES, ELSEWHERE]
    assert shade(world, [0, 1], [0, 1], say).of.tolist() == [FITS, TAKES, ELSEWHERE]
    assert [one.tolist() for one in takers(world, 1, 89_900.0)] == [[True, False, False], [False, False, False]]


def test_who_must_lie_elsewhere_finds_no_room() -> None:
    far = {"project_id": "p", "function_mix": "research", "requested_floor_area_m2": 10.0, "must_zone": "west"}
    near = far | {"project_id": "q", "must_zone": None, "may_zones": "west; east"}
    plant = far | {"project_id": "r", "must_zone": None, "function_mix": "headquarters; production"}
    world = world_with([far, near, plant])
    world = world.with_tables(parcels=world.table("parcels").assign(land_use=["B23", "M4", None]))
    assert [room(world, row).tolist()[0] for row in range(3)] == [0.0, 17_000.0, 0.0]
    assert [parcels_for(world, row, 10.0) for row in range(3)] == [[], [0], []]


def test_many_chosen_projects_mark_only_what_holds_them() -> None:
    projects = [{"project_id": f"p{i}", "requested_floor_area_m2": 10.0} for i in range(MOST + 1)]
    found = shade(world_with(projects), [], list(range(MOST + 1)), texts("en"))
    assert set(found.of.tolist()) == {ELSEWHERE} and str(MOST) in found.note
    assert holding(world_with(projects), [0]).tolist() == []


def test_projects_in_one_building_are_a_group_and_vacated_space_is_shared_with_nobody() -> None:
    projects = [{"project_id": key, "name": key.upper()} for key in "pqrs"]
    here = {"parcel_id": "A", "floor_area_m2": 10.0, "stage": "signed"}
    given = [
        here | {"project_id": "p", "building_id": "a1"},
        here | {"project_id": "q", "building_id": "a1"},
        here | {"project_id": "r", "building_id": "a1", "stage": "vacated"},
        here | {"project_id": "s"},
    ]
    world = world_with(projects, given)
    parcels = world.table("parcels").assign(held_by=["s", None, None])
    buildings = world.table("buildings").assign(name="1 号楼")
    world = world.with_tables(parcels=parcels, buildings=buildings)
    found = sharing.groups(world)
    assert [one.projects for one in found] == [("p", "q"), ("p", "q"), ("p", "q"), ("s",)]
    say = texts("zh-CN")
    assert group_name(found[0], say) == "2 个项目合用 · 1 号楼 · S 自持"
    assert group_name(found[3], say) == "S 自持"
    shown = assignments_table(world, [0, 1, 3], say)
    assert shown[say("project")].tolist() == ["Q", "P", "S"], "groups first, then the newest"
    assert "同处：Q" in card_more(Enterprise(world, 0), say)


def test_the_table_shows_the_rows_that_it_is_given() -> None:
    world, say = demo(), texts("en")
    shown = projects_table(world, [3, 0], say)
    names = world.table("projects")["name_en"]
    assert shown[say("project")].tolist() == [names.iloc[3], names.iloc[0]]
    assert (shown[say("asked_low")] <= shown[say("asked_default")]).all()
    assert projects_table(world, [], say).empty


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_card_says_how_the_floor_area_came_about(language: str) -> None:
    say, mix = texts(language), "research=0.6; headquarters=0.4"
    projects = [
        {"project_id": "a", "function_mix": mix, "headcount": 100.0},
        {"project_id": "b", "function_mix": mix, "requested_floor_area_m2": 5_000.0},
        {"project_id": "c", "function_mix": mix},
        {"project_id": "d", "function_mix": mix, "headcount": 9.0, "state": "exited"},
    ]
    world = world_with(projects)
    people = card_more(Enterprise(world, 0), say)
    assert "60% × 25 m²" in people and "= 1,500 m²" in people and "2,500" in people
    assert say("asks_stated", area="5,000") in card_more(Enterprise(world, 1), say)
    assert say("asks_silent") in card_more(Enterprise(world, 2), say)
    assert say("asks_exited") in card_more(Enterprise(world, 3), say)


def test_a_norm_in_usable_area_says_its_efficiency_and_vacancy() -> None:
    norms = [
        {"assumption_id": "n", "name": "floor_area_per_person", "function": "research",
         "value": 14.0, "basis": "usable_area"},
        {"assumption_id": "e", "name": "efficiency", "value": 0.7},
        {"assumption_id": "v", "name": "vacancy", "value": 0.2},
    ]  # fmt: skip
    world = world_with([{"project_id": "a", "function_mix": "research", "headcount": 100.0}])
    world = world.with_tables(assumptions=table("assumptions", norms))
    assert "14 m²/person ÷ 0.7 ÷ (1 − 20%) = 2,500 m²" in card_more(Enterprise(world, 0), texts("en"))


def test_the_chain_names_lead_and_led_and_production_goes_to_partner_parks() -> None:
    projects = [
        {"project_id": "lead", "name": "Lead", "function_mix": "research", "requested_floor_area_m2": 10.0},
        {"project_id": "p", "name": "P", "lead_partner": "lead", "function_mix": "research=0.5; production=0.5",
         "requested_floor_area_m2": 800.0},
        {"project_id": "q", "name": "Q", "lead_partner": "lead"},
    ]  # fmt: skip
    parks = table("parks", [{"park_id": "b", "name": "保定", "takes_functions": "production", "geometry": None}])
    world, say = world_with(projects).with_tables(parks=parks), texts("zh-CN")
    assert "P、Q" in card_more(Enterprise(world, 0), say)
    card = card_more(Enterprise(world, 1), say)
    assert "Lead" in card and say("chain_beside") in card and "Q" in card
    assert say("enterprise_outside", function="生产装配", area="400", parks="保定") in card
    assert say("chain_heading") not in card_more(Enterprise(world_with(projects[:1]), 0), say)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_names_of_the_workspace_never_become_markup(language: str) -> None:
    world, say = hostile(), texts(language)
    keys = world.table("projects")["project_id"]
    projects = world.table("projects").assign(lead_partner=np.roll(keys, 1), supervision_agreement=keys)
    moves = [
        {"move_id": f"M{i}", "layer": "projects", "row_key": key, "from_state": key, "to_state": key,
         "moved_on": "2026-01-01", "reason": key, "document": key, "moved_by": key}
        for i, key in enumerate(keys)
    ]  # fmt: skip
    parcels = world.table("parcels").assign(held_by=keys.to_numpy())
    given = world.table("assignments").assign(building_id=world.table("buildings")["building_id"].iloc[0])
    world = world.with_tables(projects=projects, moves=table("moves", moves), parcels=parcels, assignments=given)
    for row in range(len(projects)):
        one = Enterprise(world, row)
        drawn = card_top(one, say) + card_more(one, say)
        assert not re.search(r"<(script|img|svg|iframe|a)\b", drawn)
    assert len(projects_table(world, range(len(projects)), say)) == len(projects)
