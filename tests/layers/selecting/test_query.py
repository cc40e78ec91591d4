"""Queries: which parcels answer, and that a query survives its JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.commands import Assign, Edit, Reassign
from layers.selecting import FIGURES, Query, QueryRefused, Range, chosen
from layers.workspace import Workspace
from tests.layers.commands.doing import did
from tests.world import box, table


def keys(workspace: Workspace, query: Query) -> list[str]:
    return workspace.table("parcels")["parcel_id"][chosen(workspace, query)].tolist()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (Query(), "ABC"),
        (Query(zones=("east",)), "AB"),
        (Query(zones=("west",)), "C"),
        (Query(zones=("east", "west")), "ABC"),
        (Query(zones=("nowhere",)), ""),
        (Query(land_uses=("M4",)), "AB"),
        (Query(land_uses=("M",)), "AB"),
        (Query(land_uses=("B",)), ""),
        (Query(ranges=(Range("available", low=15_000.0),)), "A"),
        (Query(ranges=(Range("available", low=15_000.0, above=True),)), ""),
        (Query(ranges=(Range("available", high=100.0),)), "B"),
        (Query(ranges=(Range("permitted", low=0.0),)), "AB"),
        (Query(ranges=(Range("built", high=5_000.0),)), "AC"),
        (Query(ranges=(Range("built", high=5_000.0, below=True),)), "C"),
        (Query(ranges=(Range("vacant", low=1.0),)), "A"),
        (Query(ranges=(Range("site_area", 9_999.0, 10_001.0),)), "ABC"),
        (Query(ranges=(Range("far", low=2.0), Range("built", low=1.0))), "A"),
        (Query(text="a"), "A"),
        (Query(text="%"), ""),
        (Query(assigned=False), "ABC"),
        (Query(assigned=True), ""),
    ],
)
def test_the_world_answers(world: Workspace, query: Query, found: str) -> None:
    assert keys(world, query) == list(found)
    assert Query.of(json.loads(json.dumps(query.told()))) == query


def test_status_supply_and_assignments(world: Workspace) -> None:
    here = did(
        world,
        Edit.of("parcels", "A", status="reserve", supply_mode="lease"),
        Edit.of("parcels", "B", status="built"),
        Assign("A", "p1", 100.0),
    )
    assert keys(here, Query(status=("reserve", "planned"))) == ["A"]
    assert keys(here, Query(status=("built",))) == ["B"]
    assert keys(here, Query(supply_modes=("lease",))) == ["A"]
    assert keys(here, Query(assigned=True)) == ["A"]
    assert keys(here, Query(projects=("p1",))) == ["A"]
    assert keys(here, Query(projects=("p2",))) == []
    gone = did(here, Reassign("A00001", stage="completed"), Reassign("A00001", stage="vacated"))
    assert keys(gone, Query(assigned=True)) == []


def test_a_zone_has_its_sub_areas_and_theirs(world: Workspace) -> None:
    zones = world.table("zones").to_dict("records")
    zones.append(
        {"zone_id": "east3", "name": "东区三期", "kind": "east", "parent": "east", "geometry": box(0, 0, 120, 100)}
    )
    here = world.with_tables(zones=table("zones", zones))
    assert keys(here, Query(zones=("east3",))) == ["A"]
    assert keys(here, Query(zones=("east",)))[0] == "A"


@pytest.mark.parametrize(
    "told",
    [
        {"zone": ["east"]},
        {"zones": "east"},
        {"zones": [1]},
        {"zones": [""]},
        {"text": 3},
        {"text": "a" * 300},
        {"assigned": 1},
        {"ranges": {}},
        {"ranges": ["available > 3"]},
        {"ranges": [{"figure": "available"}]},
        {"ranges": [{"figure": [], "low": 1}]},
        {"ranges": [{"figure": "price", "low": 1}]},
        {"ranges": [{"figure": "available", "low": float("nan")}]},
        {"ranges": [{"figure": "available", "low": True}]},
        {"ranges": [{"figure": "available", "low": 2, "high": 1}]},
        {"ranges": [{"figure": "available", "low": 1, "above": 1}]},
        {"ranges": [{"figure": "available", "low": 1, "eval": "x"}]},
        {"__import__('os')": 1},
    ],
)
def test_what_is_no_query_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(QueryRefused):
        Query.of(told)


WORDS = st.lists(st.text(min_size=1, max_size=5), max_size=3, unique=True).map(tuple)
RANGES = st.builds(
    lambda figure, pair, above, below: Range(figure, *sorted(pair), above=above, below=below),
    st.sampled_from(sorted(FIGURES)),
    st.tuples(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9)),
    st.booleans(),
    st.booleans(),
)


@given(WORDS, WORDS, WORDS, st.lists(RANGES, max_size=3).map(tuple), st.none() | st.booleans(), st.text(max_size=9))
def test_a_query_survives_its_json(
    zones: tuple[str, ...],
    uses: tuple[str, ...],
    projects: tuple[str, ...],
    ranges: tuple[Range, ...],
    assigned: bool | None,
    text: str,
) -> None:
    query = Query(zones, uses, ranges=ranges, assigned=assigned, projects=projects, text=text)
    assert Query.of(json.loads(json.dumps(query.told()))) == query


@given(RANGES, st.lists(st.floats(allow_nan=True, allow_infinity=False), max_size=8))
def test_a_range_holds_what_lies_in_it(limits: Range, values: list[float]) -> None:
    inside = limits.holds(np.array(values, dtype=float))
    for value, holds in zip(values, inside, strict=True):
        assert holds == (
            (value > limits.low if limits.above else value >= limits.low)
            and (value < limits.high if limits.below else value <= limits.high)
        )
