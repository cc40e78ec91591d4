"""Permitted floor area and the limit that binds."""

from __future__ import annotations

import numpy as np
import pytest

from spatial import capacity

NAN = float("nan")


def permitted(**given: float) -> capacity.Permitted:
    names = ("far", "stated", "coverage", "height", "storey_height")
    return capacity.permitted(
        np.array([given.get("net", 6400.0)]), **{name: np.array([given.get(name, NAN)]) for name in names}
    )


@pytest.mark.parametrize(
    ("given", "area", "binding"),
    [
        ({"far": 2.5}, 16_000, "far"),
        ({"stated": 15_000}, 15_000, "stated_floor_area"),
        ({"far": 2.5, "stated": 15_000}, 15_000, "stated_floor_area"),
        ({"far": 2.5, "stated": 16_000}, 16_000, "far"),
        ({"far": 2.5, "coverage": 0.4, "height": 24, "storey_height": 4}, 15_360, "coverage_height"),
        ({"coverage": 0.4, "height": 23.9, "storey_height": 4}, 12_800, "coverage_height"),
        ({"coverage": 0.5, "height": 44.95, "storey_height": 4.495}, 32_000, "coverage_height"),
        ({"far": 0}, 0, "far"),
        ({"coverage": 0.5, "height": 3, "storey_height": 4}, 0, "coverage_height"),
    ],
)
def test_the_smallest_limit_binds(given: dict[str, float], area: float, binding: str) -> None:
    found = permitted(**given)
    assert found.floor_area[0] == pytest.approx(area)
    assert found.binding()[0] == binding


@pytest.mark.parametrize(
    "given", [{}, {"coverage": 0.4}, {"coverage": 0.4, "height": 24}, {"height": 24, "storey_height": 4}]
)
def test_without_a_whole_limit_capacity_is_unknown(given: dict[str, float]) -> None:
    found = permitted(**given)
    assert found.unknown[0]
    assert found.binding()[0] == capacity.UNKNOWN


def test_the_official_area_wins_over_the_drawn_one() -> None:
    assert capacity.site_area(np.array([6400.0, NAN]), np.array([6391.0, 500.0])).tolist() == [6400, 500]


def test_an_overlay_is_taken_off_only_where_the_ratio_is_on_gross_land() -> None:
    found = capacity.net_area(
        np.array([100.0, 100.0, 10.0]), np.array([30.0, 30.0, 30.0]), np.array([True, False, True])
    )
    assert found.tolist() == [70, 100, 0]


@pytest.mark.parametrize(
    ("stated", "flag"), [(16_000, False), (16_150, False), (16_170, True), (15_000, True), (NAN, False)]
)
def test_ratio_and_stated_floor_area_that_disagree_are_flagged(stated: float, flag: bool) -> None:
    assert capacity.disagreement(permitted(far=2.5, stated=stated)).tolist() == [flag]


def test_persons_renewal_and_expected() -> None:
    assert capacity.persons(np.array([1000.0]), 25, 0.1).tolist() == [36]
    assert capacity.renewal(np.array([100.0, 100.0, 0.0]), np.array([49.0, 50.0, 10.0]), 0.5).tolist() == [51, 0, 0]
    assert capacity.expected(np.array([1000.0]), 0.8).tolist() == [800]
