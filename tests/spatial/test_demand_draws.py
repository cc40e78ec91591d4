"""Demand as distributions: what is drawn, what is taken off, and which figure carries the spread."""

from __future__ import annotations

import functools
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spatial import demand
from spatial.chance import Spread, spread

STATED = np.array([True, False, False])
MIX = np.array([[1.0, 0.0], [0.25, 0.75], [0.0, 1.0]])
STREAMS = np.array([1000, 1001, 1002])


def certain(*values: float) -> Spread:
    likely = np.array(values)
    return spread(likely, likely, likely)


def what(**changed: object) -> demand.Uncertain:
    """A project that states 1,000 m², and two of 40 and 20 people at 10 and 20 m² each, a tenth of it empty."""
    plain = demand.Uncertain(
        MIX,
        certain(1000.0, 40.0, 20.0),
        STATED,
        certain(10.0, 20.0),
        np.array([False, True]),
        certain(0.5, 0.8),
        certain(0.1),
    )
    return replace(plain, **changed)


def uncertain() -> demand.Uncertain:
    return what(
        amount=spread(np.array([800.0, 30, 20]), np.array([1000.0, 40, 20]), np.array([1500.0, 60, 30])),
        per_person=spread(np.array([8.0, 15]), np.array([10.0, 20]), np.array([14.0, 30])),
        efficiency=spread(np.array([0.4, 0.7]), np.array([0.5, 0.8]), np.array([0.6, 0.85])),
        vacancy=spread(np.array([0.05]), np.array([0.1]), np.array([0.2])),
    )


def test_without_ranges_every_draw_is_the_sum_on_paper() -> None:
    found = demand.draw(what(), STREAMS, 5)
    second = 40 * (0.25 * 10 + 0.75 * 20 / 0.8) / 0.9
    assert found.asked == pytest.approx(np.tile([1000.0, second, 20 * 20 / 0.8 / 0.9], (5, 1)).T)


def test_what_is_given_is_taken_off_all_functions_alike_and_houses_nobody_else() -> None:
    found = demand.draw(what(), STREAMS, 2)
    second, third = found.asked[1:, 0]
    open_ = found.by_group(np.array([5000.0, second / 4, 0.0]), np.array([0, 0, 1]), 2)
    assert open_.shape == (2, 2, 2)
    assert open_[0, :, 0] == pytest.approx([0.75 * 40 * 0.25 * 10 / 0.9, 0.75 * 40 * 0.75 * 25 / 0.9])
    assert open_[1, :, 0] == pytest.approx([0.0, third])
    assert open_[..., 0].sum() == pytest.approx(0.75 * second + third)


def test_a_project_in_no_group_counts_nowhere() -> None:
    found = demand.draw(what(), STREAMS, 2)
    assert found.by_group(np.zeros(3), np.array([-1, -1, 0]), 1).sum(axis=(0, 1)) == pytest.approx(found.asked[2])


def test_nothing_spreads_nothing_is_shared() -> None:
    found = demand.shares(what(), np.ones(3))
    assert found.variance == 0
    assert found.projects.tolist() == [0, 0, 0]


def test_one_uncertain_figure_carries_everything() -> None:
    found = demand.shares(what(vacancy=uncertain().vacancy), np.ones(3))
    assert found.vacancy == pytest.approx(1)
    assert found.projects.sum() == 0


def test_an_efficiency_that_is_not_read_carries_nothing() -> None:
    found = demand.shares(uncertain(), np.ones(3))
    assert found.efficiency[0] == 0
    assert found.efficiency[1] > 0


def test_the_shares_sum_to_one_and_the_variance_is_that_of_the_draws() -> None:
    case = uncertain()
    found = demand.shares(case, np.ones(3))
    shared = found.vacancy + found.per_person.sum() + found.efficiency.sum() + found.projects.sum()
    assert shared == pytest.approx(1)
    total = demand.draw(case, STREAMS, 40_000, seed=11).asked.sum(axis=0)
    fourth = ((total - total.mean()) ** 4).mean()
    assert abs(total.var() - found.variance) < 3 * np.sqrt((fourth - total.var() ** 2) / len(total))


def _by_definition(case: demand.Uncertain, weight: np.ndarray) -> list[float]:
    """Shapley shares of vacancy, two norms, an efficiency and people: the mean over all orders, no shortcut.

    The sum is linear in each factor, so two equally likely points with its mean and variance stand for each.
    """
    factors = [
        1 / (1 - case.vacancy.points()[0]),
        *case.per_person.points(),
        1 / case.efficiency.points()[1],
        case.amount.points()[1],
    ]

    @functools.cache
    def explained(known: frozenset[int]) -> float:
        """Variance of the mean of the sum where only some factors are known."""
        grid = [
            one.mean() + one.std() * np.array([-1.0, 1.0]) if at in known else np.array([one.mean()])
            for at, one in enumerate(factors)
        ]
        v, first, second, e, heads = np.meshgrid(*grid, indexing="ij", sparse=True)
        total = weight[1] * heads * v * (case.mix[1, 0] * first + case.mix[1, 1] * second * e)
        return float(total.var())

    gained = np.zeros(len(factors))
    orders = list(itertools.permutations(range(len(factors))))
    for order in orders:
        for at, member in enumerate(order):
            gained[member] += explained(frozenset(order[: at + 1])) - explained(frozenset(order[:at]))
    return list(gained / gained.sum())


def test_the_shares_are_those_of_the_definition() -> None:
    case = uncertain()
    weight = np.array([0.0, 1.0, 0.0])
    found = demand.shares(case, weight)
    mine = [found.vacancy, *found.per_person, found.efficiency[1], found.projects[1]]
    assert mine == pytest.approx(_by_definition(case, weight), abs=1e-6)


@settings(max_examples=25)
@given(weight=st.lists(st.floats(0, 1), min_size=3, max_size=3))
def test_any_weight_gives_shares_that_sum_to_one(weight: list[float]) -> None:
    found = demand.shares(uncertain(), np.array(weight))
    whole = found.vacancy + found.per_person.sum() + found.efficiency.sum() + found.projects.sum()
    assert whole == pytest.approx(1 if found.variance > 0 else 0)
    assert min(found.vacancy, found.per_person.min(), found.efficiency.min(), found.projects.min()) >= 0


def test_tiers_that_contain_each_other_are_taken_apart() -> None:
    assert demand.exclusive(np.array([5.0])).tolist() == [5.0]
    assert demand.exclusive(np.array([180.0, 54, 22, 4])).tolist() == [126, 32, 18, 4]
