"""Split triangles: their points, their moments, and draws that are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.chance import Spread, chances, quantiles, spread

WIDTHS = st.floats(0.0, 1e6)


def one(low: float, likely: float, high: float, bounds: bool = False) -> Spread:
    return spread(np.array([low]), np.array([likely]), np.array([high]), bounds)


@given(likely=st.floats(1e6, 1e7), below=WIDTHS, above=WIDTHS)
def test_low_likely_and_high_are_the_points_that_they_are_said_to_be(
    likely: float, below: float, above: float
) -> None:
    values = one(likely - below, likely, likely + above).at(np.array([[0.1, 0.5, 0.9]])).ravel()
    assert values == pytest.approx([likely - below, likely, likely + above], rel=1e-12)


@given(likely=st.floats(1e6, 1e7), below=WIDTHS, above=WIDTHS)
def test_bounds_are_never_left(likely: float, below: float, above: float) -> None:
    values = one(likely - below, likely, likely + above, bounds=True).at(np.array([[0.0, 1e-9, 1 - 1e-9, 1.0]]))
    assert values.min() >= likely - below - 1e-9 * likely
    assert values.max() <= likely + above + 1e-9 * likely
    assert values[0, [0, -1]] == pytest.approx([likely - below, likely + above])


def test_mean_and_variance_are_those_of_two_half_triangles() -> None:
    found = one(10.0, 20.0, 50.0)
    below, above = float(found.below[0]), float(found.above[0])
    points = found.points()[0]
    mean = 20.0 + (above - below) / 6
    assert points.mean() == pytest.approx(mean, rel=1e-5)
    assert points.var() == pytest.approx((below**2 + above**2) / 12 - ((above - below) / 6) ** 2, rel=1e-4)


def test_draws_have_the_mean_and_the_variance_of_a_sum_of_triangles() -> None:
    parts = spread(np.array([10.0, 5, 90]), np.array([20.0, 6, 100]), np.array([50.0, 9, 101]))
    count = 10_000
    total = parts.at(chances(np.arange(3), count, 7)).sum(axis=0)
    below, above = parts.below, parts.above
    mean = (parts.likely + (above - below) / 6).sum()
    variance = ((below**2 + above**2) / 12 - ((above - below) / 6) ** 2).sum()
    assert abs(total.mean() - mean) < 3 * np.sqrt(variance / count)
    fourth = ((total - total.mean()) ** 4).mean()
    assert abs(total.var() - variance) < 3 * np.sqrt((fourth - variance**2) / count)


def test_a_missing_side_and_a_side_that_lies_wrong_are_no_range() -> None:
    found = spread(np.array([np.nan, 30.0]), np.array([20.0, 20.0]), np.array([25.0, 10.0]))
    assert found.below.tolist() == [0.0, 0.0]
    assert found.certain.tolist() == [False, True]
    assert found.at(np.array([[0.1], [0.1]])).tolist() == [[20.0], [20.0]]


def test_nothing_lies_below_the_least() -> None:
    assert one(1.0, 10.0, 11.0).at(np.array([[1e-6]]))[0, 0] == 0.0


def test_the_same_seed_draws_the_same_and_a_stream_keeps_its_draws_when_others_go() -> None:
    all_, some = chances(np.array([5, 9, 1000]), 100, 3), chances(np.array([1000, 5]), 100, 3)
    assert np.array_equal(all_[[2, 0]], some)
    assert not np.array_equal(all_, chances(np.array([5, 9, 1000]), 100, 4))


def test_every_stratum_is_met_once() -> None:
    u = chances(np.arange(4), 500, 1)
    assert (np.sort((u * 500).astype(int), axis=1) == np.arange(500)).all()


def test_quantiles_go_over_the_draws() -> None:
    values = np.stack([np.arange(11.0), 10 * np.arange(11.0)])
    assert quantiles(values, (0.5,)).tolist() == [[5.0, 50.0]]


@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_quantiles_are_those_of_numpy(count: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(2, 3, count))
    assert quantiles(values) == pytest.approx(np.quantile(values, (0.1, 0.5, 0.9), axis=-1))
