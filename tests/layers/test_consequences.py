"""What another value of an assumption moves, worked out by hand on three parcels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers import consequences
from layers.consequences import Figure
from layers.workspace import Workspace
from tests.world import demo, table, three_parcels


def world(**ends: float) -> Workspace:
    rows: list[dict[str, object]] = [
        {"assumption_id": "norm", "name": "floor_area_per_person", "value": 25.0, **ends},
        {"assumption_id": "storey", "name": "storey_height", "value": 4.0},
        {"assumption_id": "comes", "name": "availability_factor", "value": 0.8},
        {"assumption_id": "renew", "name": "renewal_threshold", "value": 0.2},
    ]
    return three_parcels().with_tables(assumptions=table("assumptions", rows))


def moves(key: str, **values: float) -> dict[Figure, tuple[float, float]]:
    before = world()
    after = consequences.with_assumption(before, key, values)
    return {one.figure: (one.before, one.after) for one in consequences.moved(before, after)}


def test_twice_the_floor_area_a_person_halves_the_people_and_doubles_what_they_ask_for() -> None:
    found = moves("norm", value=50.0)
    # A has 15,000 m² available and 2,000 m² vacant, B is full; 100 people ask half for offices, half for research
    assert found[Figure("persons", "east")] == pytest.approx((680, 340))
    assert found[Figure("demand_p50", None, "research")] == pytest.approx((1_250, 2_500))
    assert found[Figure("demand_p50")] == pytest.approx((10_500, 13_000))
    # the 8,000 m² that p1 asks for are stated, there is room for all of it, and no floor area comes or goes
    assert {one.kind for one in found} == {"persons", "demand_p10", "demand_p50", "demand_p90"}
    assert Figure("demand_p50", "east", "research") not in found


def test_the_availability_factor_moves_what_is_expected_and_nothing_else() -> None:
    found = moves("comes", value=0.4)
    assert found[Figure("expected", "east")] == pytest.approx((12_000, 6_000))
    # 6,800 m² are left of A: 10,500 m² are asked for, 3,700 m² do not fit
    assert found[Figure("gap_expected")] == pytest.approx((0, 3_700))
    assert {one.kind for one in found} == {"expected", "gap_expected", "shortage_expected"}


def test_a_threshold_moves_renewal_alone_and_a_number_nobody_uses_moves_nothing() -> None:
    # 5,000 of 20,000 m² stand on A: a quarter
    assert moves("renew", value=0.3) == {
        Figure("renewal", "east"): pytest.approx((0, 15_000)),
        Figure("renewal"): pytest.approx((0, 15_000)),
    }
    assert moves("storey", value=5.0) == {}


def test_nothing_is_written_and_the_figures_before_stay() -> None:
    before = world()
    first = consequences.figures(before)
    consequences.moved(before, consequences.with_assumption(before, "norm", {"value": 50.0}))
    assert consequences.figures(before) is first
    assert before.table("assumptions")["value"].iloc[0] == 25


@settings(max_examples=4, deadline=None)
@given(row=st.integers(0, 44), factor=st.floats(0.9, 1.1))
def test_what_moves_is_what_differs_between_two_workspaces_made_afresh(row: int, factor: float) -> None:
    table_ = demo().table("assumptions")
    one = table_.iloc[row]
    value = min(max(float(one["value"]) * factor, float(one["low"])), float(one["high"]))
    after = consequences.with_assumption(demo(), str(one["assumption_id"]), {"value": value})
    afresh = Workspace(after.name, after.crs, after.tables, as_of=after.as_of)
    assert consequences.figures(after) == pytest.approx(consequences.figures(afresh), nan_ok=True)


def test_the_tornado_sets_one_figure_low_and_high_and_its_shares_stay_below_one() -> None:
    middle, found = consequences.swings(world(low=20.0, high=50.0))
    assert middle == pytest.approx(10_500)
    assert [(one.key, one.project) for one in found] == [("norm", False)]
    assert (found[0].low, found[0].high) == pytest.approx((10_000, 13_000))
    assert found[0].share == pytest.approx(1.0)
    _, real = consequences.swings(demo())
    assert 0.5 < sum(one.share for one in real) < 1 and not real[0].project
    assert all(one.low <= one.high for one in real)


def test_what_falls_due_soon_follows_the_days_that_count_as_soon() -> None:
    before = demo()
    after = consequences.with_assumption(before, "due_within", {"value": 180.0})
    moved = {one.figure: one for one in consequences.moved(before, after)}
    assert moved.keys() == {Figure("amber")} and moved[Figure("amber")].after > moved[Figure("amber")].before
