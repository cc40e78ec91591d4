"""Filters of the projects: what an address says, and which rows answer to it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from layers.vocabulary import CHAIN_SEGMENTS, FIGURE_BASIS, FUNCTIONS, PROJECT_STATES
from layers.workspace import Workspace
from tests.world import table
from views.projects.sifting import FREE, NO_STATE, Sift, found
from views.projects.sums import library, sums

PROJECTS = [
    {"project_id": "a", "name": "甲信号", "name_en": "Alpha", "state": "lead", "must_zone": "east",
     "function_mix": "research=0.5; pilot=0.5", "requested_floor_area_m2": 8000.0, "need_by": 2027,
     "chain_segment": "upstream", "basis": "published"},
    {"project_id": "b", "name": "乙", "state": "signed", "may_zones": "west", "function_mix": "headquarters",
     "requested_floor_area_m2": 500.0, "need_by": 2029, "basis": "schematic", "supervision_agreement": "监-1"},
    {"project_id": "c", "name": "丙", "state": "exited", "requested_floor_area_m2": 900.0, "note": "alphabet"},
    {"project_id": "d", "name": "丁"},
]  # fmt: skip
GIVEN = {
    "assignment_id": "A1", "parcel_id": "A", "project_id": "b", "floor_area_m2": 500.0, "source": "new",
    "stage": "signed",
}  # fmt: skip


@pytest.fixture
def library_world(world: Workspace) -> Workspace:
    moves = [
        {"move_id": "M1", "layer": "projects", "row_key": "b", "to_state": "signed", "moved_on": "2026-05-01"},
        {"move_id": "M2", "layer": "projects", "row_key": "b", "to_state": "admitted", "moved_on": "2025-01-01"},
        {"move_id": "M3", "layer": "parcels", "row_key": "b", "to_state": "sold", "moved_on": "2026-09-01"},
    ]
    tables = {"projects": PROJECTS, "assignments": [GIVEN], "moves": moves}
    return world.with_tables(**{name: table(name, rows) for name, rows in tables.items()})


@pytest.mark.parametrize(
    ("sift", "keys"),
    [
        (Sift(), "abcd"),
        (Sift(text="alpha"), "ac"),
        (Sift(text="监-1"), "b"),
        (Sift(states=("lead", NO_STATE)), "ad"),
        (Sift(zone="east"), "ab"),
        (Sift(zone="west"), "b"),
        (Sift(zone=FREE), "cd"),
        (Sift(function="pilot"), "a"),
        (Sift(segment="upstream"), "a"),
        (Sift(year=2028), "a"),
        (Sift(basis="schematic"), "b"),
        (Sift(unmet=True), "a"),
        (Sift(unsigned=True), "acd"),
        (Sift(unsigned=True, year=2030, text="甲"), "a"),
        (Sift(zone="nowhere"), ""),
    ],
)
def test_what_is_asked_is_found(library_world: Workspace, sift: Sift, keys: str) -> None:
    stays = found(library_world, sift)
    assert "".join(library_world.table("projects")["project_id"][stays]) == keys


def test_the_figures_follow(library_world: Workspace) -> None:
    every = sums(library_world, found(library_world, Sift()))
    assert (every.count, every.asked, every.housed, every.unmet) == (4, 8500.0, 500.0, 8000.0)
    one = sums(library_world, found(library_world, Sift(states=("signed",))))
    assert (one.count, one.asked, one.housed, one.unmet) == (1, 500.0, 500.0, 0.0)


def test_the_library_counts_every_state_with_its_last_move(library_world: Workspace) -> None:
    rungs = library(library_world, np.ones(4, dtype=bool))
    assert [rung.state for rung in rungs] == [*PROJECT_STATES, NO_STATE]
    told = {rung.state: (rung.count, rung.asked, rung.last) for rung in rungs if rung.count}
    assert told == {
        "lead": (1, 8000.0, ""),
        "signed": (1, 500.0, "2026-05-01"),
        "exited": (1, 0.0, ""),
        NO_STATE: (1, 0.0, ""),
    }
    assert sum(rung.count for rung in rungs) == 4


def test_the_board_counts_beside_each_state_what_the_other_filters_leave(library_world: Workspace) -> None:
    sift = Sift(states=("lead",), unsigned=True)
    stays = found(library_world, sift, any_state=True)
    assert {rung.state for rung in library(library_world, stays) if rung.count} == {"lead", "exited", NO_STATE}


def test_a_library_without_projects(world: Workspace) -> None:
    empty = world.with_tables(projects=table("projects", []), assignments=table("assignments", []))
    assert found(empty, Sift(text="x", zone="east", unmet=True)).tolist() == []
    assert sum(rung.count for rung in library(empty, np.zeros(0, dtype=bool))) == 0


asked = some.builds(
    Sift,
    text=some.text(max_size=60).map(str.strip),
    states=some.lists(some.sampled_from([*PROJECT_STATES, NO_STATE]), unique=True, max_size=4).map(tuple),
    zone=some.sampled_from(["", "east", FREE]),
    function=some.sampled_from(["", *FUNCTIONS]),
    segment=some.sampled_from(["", *CHAIN_SEGMENTS]),
    year=some.none() | some.integers(1949, 2200),
    basis=some.sampled_from(["", *FIGURE_BASIS]),
    unmet=some.booleans(),
    unsigned=some.booleans(),
)


@given(asked)
def test_an_address_gives_back_what_was_asked(sift: Sift) -> None:
    assert Sift.of_query({name: said for name, said in sift.to_query().items() if said is not None}) == sift


@given(some.dictionaries(some.sampled_from([one.name for one in dataclasses.fields(Sift)]), some.text(max_size=200)))
def test_any_address_can_be_read_and_asked(query: dict[str, str]) -> None:
    sift = Sift.of_query(query)
    assert Sift.of_query({name: said for name, said in sift.to_query().items() if said}) == sift


def test_no_filter_writes_into_the_table(library_world: Workspace) -> None:
    before = library_world.table("projects").copy()
    found(library_world, Sift(text="x", zone="east", function="pilot", year=2030, unmet=True, unsigned=True))
    pd.testing.assert_frame_equal(library_world.table("projects"), before)
