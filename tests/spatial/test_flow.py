"""The largest demand that can be housed, against every cut, against another solver, and what stands in the way."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from spatial import flow

AREAS = st.integers(0, 60)


@st.composite
def cases(draw: st.DrawFn, most: int = 8) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    classes, pools = draw(st.integers(1, most)), draw(st.integers(1, most))
    demand = np.array(draw(st.lists(AREAS, min_size=classes, max_size=classes)), dtype=float)
    supply = np.array(draw(st.lists(AREAS, min_size=pools, max_size=pools)), dtype=float)
    bits = draw(st.lists(st.booleans(), min_size=classes * pools, max_size=classes * pools))
    return demand, supply, np.array(bits).reshape(classes, pools)


def smallest_cut(demand: np.ndarray, supply: np.ndarray, may: np.ndarray) -> float:
    """Over every set of pools: its supply, and the demand of all classes that are not shut up in it."""
    least = np.inf
    for bits in product((False, True), repeat=len(supply)):
        inside = np.array(bits)
        shut = ~(may & ~inside).any(axis=1)
        least = min(least, supply[inside].sum() + demand[~shut].sum())
    return least


def by_another(demand: np.ndarray, supply: np.ndarray, may: np.ndarray) -> int:
    count = len(demand) + len(supply) + 2
    table = np.zeros((count, count), dtype=np.int32)
    table[0, 1 : len(demand) + 1] = demand
    table[1 : len(demand) + 1, len(demand) + 1 : -1] = may * 1_000_000
    table[len(demand) + 1 : -1, -1] = supply
    return int(maximum_flow(csr_array(table), 0, count - 1).flow_value)


def holds(found: flow.Housed, may: np.ndarray) -> None:
    assert (found.flow >= 0).all()
    assert (found.flow[~may] == 0).all()
    assert (found.flow.sum(axis=1) <= found.demand + 1e-6).all()
    assert (found.flow.sum(axis=0) <= found.supply + 1e-6).all()


@settings(max_examples=200)
@given(cases())
def test_what_is_housed_is_the_smallest_cut(case: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    found = flow.house(*case)
    holds(found, case[2])
    assert found.total == pytest.approx(smallest_cut(*case), abs=1e-6)


def test_it_is_what_another_solver_finds_on_large_cases() -> None:
    chance = np.random.default_rng(5)
    for _ in range(500):
        classes, pools = chance.integers(10, 40, 2)
        demand, supply = chance.integers(0, 90_000, classes), chance.integers(0, 120_000, pools)
        may = chance.random((classes, pools)) < chance.uniform(0.05, 0.5)
        found = flow.house(demand.astype(float), supply.astype(float), may)
        holds(found, may)
        assert found.total == pytest.approx(by_another(demand, supply, may), abs=1e-3)


@settings(max_examples=200)
@given(cases())
def test_a_bottleneck_is_full_and_nobody_in_it_may_go_elsewhere(
    case: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    demand, supply, may = case
    found = flow.house(*case)
    assert sum(one.short for one in found.bottlenecks) == pytest.approx(demand.sum() - found.total, abs=1e-6)
    for one in found.bottlenecks:
        classes, pools = list(one.classes), list(one.pools)
        assert one.short == pytest.approx(demand[classes].sum() - supply[pools].sum(), abs=1e-6)
        outside = np.delete(may[classes], pools, axis=1)
        assert not outside.any()
        assert found.flow[classes].sum() == pytest.approx(supply[pools].sum(), abs=1e-6)
    pairs = [set(one.classes) & set(other.classes) for one in found.bottlenecks for other in found.bottlenecks]
    assert sum(map(bool, pairs)) == len(found.bottlenecks), "each class stands in one"


@settings(max_examples=100)
@given(cases(), st.integers(0, 2**32 - 1))
def test_liking_moves_demand_and_houses_nobody_less(
    case: tuple[np.ndarray, np.ndarray, np.ndarray], seed: int
) -> None:
    liked = np.random.default_rng(seed).random(case[2].shape)
    found = flow.house(*case, liked)
    assert found.total == pytest.approx(flow.house(*case).total, abs=1e-6)
    assert (found.flow * liked).sum() >= (flow.house(*case).flow * liked).sum() - 1e-6


@settings(max_examples=100)
@given(cases(), st.integers(0, 2**32 - 1))
def test_every_draw_is_as_if_it_had_been_solved_alone(
    case: tuple[np.ndarray, np.ndarray, np.ndarray], seed: int
) -> None:
    demand, supply, may = case
    draws = np.vstack([demand, np.random.default_rng(seed).integers(0, 60, (6, len(demand)))]).astype(float)
    found = flow.shortage(draws.T, supply, may)
    assert found.exact
    for row, unhoused, short in zip(draws, found.unhoused, found.short.T, strict=True):
        alone = flow.house(row, supply, may)
        assert unhoused == pytest.approx(row.sum() - alone.total, abs=1e-6)
        assert np.flatnonzero(short).tolist() == sorted(at for one in alone.bottlenecks for at in one.classes)


def test_with_too_many_sets_a_part_of_the_draws_is_solved_and_the_answer_says_so() -> None:
    chance = np.random.default_rng(2)
    may = chance.random((30, 20)) < 0.3
    draws, supply = chance.integers(0, 50, (flow.SAMPLE + 5, 30)).astype(float), np.full(20, 30.0)
    found = flow.shortage(draws.T, supply, may)
    assert not found.exact
    assert len(found.unhoused) == found.short.shape[1] == flow.SAMPLE
    assert found.unhoused[3] == pytest.approx(draws[3].sum() - by_another(draws[3], supply, may))
    assert flow.shortage(draws[:9].T, supply, may).exact


def test_nothing_asked_nothing_given_nothing_allowed() -> None:
    none = np.zeros((2, 2), dtype=bool)
    assert flow.house(np.array([5.0, 0.0]), np.array([5.0, 5.0]), none).total == 0
    found = flow.house(np.array([5.0, 0.0]), np.array([5.0, 5.0]), none)
    assert found.bottlenecks == (flow.Bottleneck((0,), (), 5.0),)
    assert flow.house(np.zeros(2), np.zeros(2), ~none).bottlenecks == ()
    assert flow.shortage(np.zeros((2, 3)), np.zeros(2), ~none).unhoused.tolist() == [0, 0, 0]
