"""Scores, weights and masks: worlds worked out by hand, and what has to hold for any."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spatial.errors import ScaleRefused, WeightsRefused
from spatial.suitability import Scores, linear, ranks, rate, shares, stepped

NAN = np.nan


def scores(weighed: list[list[float]], masks: list[list[float]] | None = None, **passing: list[bool]) -> Scores:
    table = np.array(weighed, dtype=float)
    ruling = np.array(masks, dtype=float) if masks else np.zeros((0, table.shape[1]))
    on = np.array(passing.get("passes_on", [False] * len(table)))
    mask_on = np.array(passing.get("mask_passes_on", [False] * len(ruling)), dtype=bool)
    return Scores(table, ruling, on, mask_on)


def test_a_scale_grows_evenly_in_either_direction_and_ends_at_its_ends() -> None:
    values = np.array([-5.0, 0.0, 250.0, 1000.0, 3000.0, NAN])
    assert linear(values, 1000.0, 0.0)[:5].tolist() == [100, 100, 75, 0, 0]
    assert linear(values, 0.0, 1000.0)[:5].tolist() == [0, 0, 25, 100, 100]
    assert np.isnan(linear(values, 0.0, 1000.0)[5])


def test_the_published_slope_steps() -> None:
    starts, points = np.array([0.0, 2.0, 8.0, 15.0]), np.array([100.0, 80.0, 60.0, 40.0])
    found = stepped(np.array([0.0, 1.99, 2.0, 7.0, 8.0, 15.0, 40.0, -0.1, NAN]), starts, points)
    assert found[:7].tolist() == [100, 100, 80, 80, 60, 40, 40]
    assert np.isnan(found[7:]).all(), "below the first step and without a value nothing is said"


@pytest.mark.parametrize("scale", [(5.0, 5.0), (NAN, 1.0), (0.0, np.inf)])
def test_a_scale_without_two_ends_is_refused(scale: tuple[float, float]) -> None:
    with pytest.raises(ScaleRefused):
        linear(np.array([1.0]), *scale)


@pytest.mark.parametrize(
    ("starts", "points"), [([], []), ([0.0, 0.0], [1, 2]), ([1.0, 0.0], [1, 2]), ([0.0], [101.0]), ([0.0], [-1.0])]
)  # fmt: skip
def test_steps_that_do_not_ascend_or_leave_the_range_are_refused(starts: list[float], points: list[float]) -> None:
    with pytest.raises(ScaleRefused):
        stepped(np.array([1.0]), np.array(starts), np.array(points))


def test_the_weighted_sum_by_hand() -> None:
    found = rate(scores([[100, 0, 50], [40, 80, 50]]), np.array([3.0, 1.0]))
    assert found.total.tolist() == [85.0, 20.0, 50.0]
    assert found.contributions(0).tolist() == [75.0, 10.0]
    assert found.weights.tolist() == [0.75, 0.25]


def test_a_mask_rules_out_whatever_else_is_known_and_says_which() -> None:
    found = rate(scores([[100, NAN, 100, NAN]], [[100, 100, 0, 0], [0, 100, 0, 100]]), np.array([1.0]))
    assert found.scores.ruled_out.tolist() == [1, -1, 0, 0]
    assert found.total[[0, 2, 3]].tolist() == [0, 0, 0] and np.isnan(found.total[1])


def test_without_a_value_the_total_is_unknown_unless_the_weight_is_passed_on() -> None:
    table = [[100.0, NAN, NAN], [40.0, 40.0, NAN]]
    assert np.isnan(rate(scores(table), np.array([1.0, 1.0])).total).tolist() == [False, True, True]
    passing = rate(scores(table, passes_on=[True, True]), np.array([1.0, 1.0]))
    assert passing.total[:2].tolist() == [70.0, 40.0] and np.isnan(passing.total[2]), "nothing is left to go by"
    assert passing.weights_at(1).tolist() == [0.0, 1.0]
    one = rate(scores(table, passes_on=[True, False]), np.array([1.0, 1.0]))
    assert one.total[:2].tolist() == [70.0, 40.0] and np.isnan(one.total[2])


def test_what_weighs_nothing_may_be_unknown() -> None:
    assert rate(scores([[NAN], [30.0]]), np.array([0.0, 2.0])).total.tolist() == [30.0]


def test_a_mask_without_a_value_leaves_the_total_unknown_unless_it_passes() -> None:
    assert np.isnan(rate(scores([[50.0]], [[NAN]]), np.array([1.0])).total[0])
    assert rate(scores([[50.0]], [[NAN]], mask_passes_on=[True]), np.array([1.0])).total[0] == 50.0


@pytest.mark.parametrize("weights", [[], [0.0, 0.0], [-1.0, 2.0], [NAN, 1.0], [np.inf, 1.0]])
def test_weights_that_make_no_sum_are_refused(weights: list[float]) -> None:
    with pytest.raises(WeightsRefused):
        shares(np.array(weights))


def test_equal_totals_share_the_better_place() -> None:
    assert ranks(np.array([5.0, 9.0, 9.0, NAN, 0.0])).tolist() == [3, 1, 1, 0, 4]


TABLES = st.integers(1, 5).flatmap(
    lambda k: st.integers(1, 12).flatmap(
        lambda n: st.tuples(
            arrays(float, (k, n), elements=st.floats(0, 100)),
            arrays(float, k, elements=st.floats(0.1, 10)),
            arrays(bool, (k, n)),
            arrays(bool, k),
            st.permutations(range(k)),
        )
    )
)


@given(TABLES)
def test_totals_stay_in_range_and_do_not_care_for_order_or_size_of_weights(made: tuple) -> None:  # type: ignore[type-arg]
    table, weights, holes, passing, order = made
    table = np.where(holes, NAN, table)
    none, never = np.zeros((0, table.shape[1])), np.zeros(0, dtype=bool)
    found = rate(Scores(table, none, passing, never), weights).total
    known = ~np.isnan(found)
    assert np.all((found[known] >= 0) & (found[known] <= 100))
    assert np.allclose(rate(Scores(table, none, passing, never), weights * 7).total, found, equal_nan=True)
    turned = rate(Scores(table[list(order)], none, passing[list(order)], never), weights[list(order)]).total
    assert np.allclose(turned, found, equal_nan=True)
    low, high = np.nanmin(np.where(holes, np.inf, table), axis=0), np.nanmax(np.where(holes, -np.inf, table), axis=0)
    assert np.all(found[known] >= low[known] - 1e-9) and np.all(found[known] <= high[known] + 1e-9)


@given(TABLES, st.floats(0.1, 50))
def test_a_better_score_never_lowers_a_total(made: tuple, more: float) -> None:  # type: ignore[type-arg]
    table, weights, _, passing, _ = made
    none, never = np.zeros((0, table.shape[1])), np.zeros(0, dtype=bool)
    better = table.copy()
    better[0] = np.minimum(100, better[0] + more)
    before, after = (rate(Scores(one, none, passing, never), weights).total for one in (table, better))
    assert np.all(after >= before - 1e-9)


@given(TABLES)
def test_each_total_is_what_its_bars_add_up_to(made: tuple) -> None:  # type: ignore[type-arg]
    table, weights, holes, passing, _ = made
    table = np.where(holes & passing[:, None], NAN, table)
    found = rate(Scores(table, np.zeros((0, table.shape[1])), passing, np.zeros(0, dtype=bool)), weights)
    for parcel in np.flatnonzero(~np.isnan(found.total)):
        assert np.isclose(np.nansum(found.contributions(int(parcel))), found.total[parcel])
