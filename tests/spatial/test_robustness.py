"""How rankings move under other weights, against what can be worked out on paper."""

from __future__ import annotations

import numpy as np
import pytest

from spatial.robustness import drawn, robustness, swings
from spatial.suitability import Scores, ranks, rate


def table(rows: list[list[float]], masks: list[list[float]] | None = None, passing: bool = False) -> Scores:
    scores = np.array(rows, dtype=float)
    ruling = np.array(masks, dtype=float) if masks else np.zeros((0, scores.shape[1]))
    return Scores(scores, ruling, np.full(len(rows), passing), np.zeros(len(ruling), dtype=bool))


def test_draws_stay_within_the_spread_and_are_the_same_for_the_same_seed() -> None:
    weights = np.array([0.5, 0.3, 0.2])
    found = drawn(weights, 4000, 0.2, seed=1)
    assert np.allclose(found.sum(axis=1), 1) and np.array_equal(found, drawn(weights, 4000, 0.2, seed=1))
    ratio = found / weights
    assert np.all(ratio.max(axis=1) / ratio.min(axis=1) <= 1.2 / 0.8 + 1e-9)
    assert not np.array_equal(found, drawn(weights, 4000, 0.2, seed=2))


@pytest.mark.parametrize("first", [0.5, 0.52, 0.55, 0.58])
def test_two_criteria_against_the_closed_form(first: float) -> None:
    """A leads in the first criterion and B in the second: A is ahead where the first weight is the larger.

    With factors x, y even on [0.8, 1.2] that is where y < x · first ÷ second: an area of the square.
    """
    second = 1 - first
    x = np.linspace(0.8, 1.2, 400_001)
    expected = float(np.mean(np.clip(x * first / second - 0.8, 0, 0.4) / 0.4))
    found = robustness(table([[100, 0], [0, 100]]), np.array([first, second]), top=1, draws=10_000)
    assert found.stays[0] == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 10_000))
    assert found.stays.sum() == pytest.approx(1)


def test_weights_too_far_apart_never_change_places() -> None:
    found = robustness(table([[100, 0], [0, 100]]), np.array([0.7, 0.3]), top=1)
    assert found.stays.tolist() == [1.0, 0.0]
    assert (found.best.tolist(), found.worst.tolist()) == ([1, 2], [1, 2])


def test_one_that_leads_in_everything_always_leads_and_equal_ones_share_a_place() -> None:
    found = robustness(table([[90, 40, 40, 10], [80, 50, 50, 30]]), np.array([1.0, 1.0]), top=2, draws=500)
    assert found.stays.tolist() == [1.0, 1.0, 1.0, 0.0]
    assert (found.best.tolist(), found.worst.tolist()) == ([1, 2, 2, 4], [1, 2, 2, 4])


def test_unknown_parcels_stand_outside_and_ruled_out_ones_at_the_end() -> None:
    found = robustness(table([[90, np.nan, 40, 100]], [[1, 1, 1, 0]]), np.array([1.0]), top=2, draws=50)
    assert found.best.tolist() == [1, 0, 2, 3] and np.isnan(found.stays[1])
    assert found.stays[[0, 2, 3]].tolist() == [1.0, 1.0, 0.0]


def test_a_weight_that_is_passed_on_is_passed_on_in_every_draw() -> None:
    scores = table([[60, np.nan, 60], [20, 60, 20.0]], passing=True)
    found = robustness(scores, np.array([1.0, 1.0]), top=1, draws=200)
    assert found.best.tolist() == [2, 1, 2] and found.worst.tolist() == [2, 1, 2]


def test_draws_in_pieces_are_the_draws_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    scores, weights = table(rng.uniform(0, 100, (4, 30)).tolist()), np.array([4.0, 3.0, 2.0, 1.0])
    whole = robustness(scores, weights, top=5, draws=300)
    monkeypatch.setattr("spatial.robustness._CELLS", 700)
    pieces = robustness(scores, weights, top=5, draws=300)
    assert np.array_equal(whole.stays, pieces.stays) and np.array_equal(whole.worst, pieces.worst)
    slow = np.array(
        [
            ranks(np.round(rate(scores, w).total, 9))
            for w in drawn(rate(scores, weights).weights, 300, 0.2, 20_250_101)
        ]
    )
    assert np.array_equal(whole.best, slow.min(axis=0)) and np.array_equal(whole.worst, slow.max(axis=0))
    assert np.array_equal(whole.stays, (slow <= 5).mean(axis=0))


def test_the_criterion_that_moves_most_is_found() -> None:
    """The first criterion tells two pairs apart against the second; the third is the same everywhere."""
    found = swings(table([[100, 0, 100, 0], [0, 98, 0, 98], [50, 50, 50, 50]]), np.array([1.0, 1.0, 1.0]), top=2)
    assert found[2].moved == 0 and found[2].leaves == 0
    assert found[0].moved > 0 and found[0].leaves == 2
