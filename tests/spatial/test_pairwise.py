"""Weights from pairwise comparison, against published examples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spatial.errors import JudgementsRefused
from spatial.pairwise import judge

NAN = np.nan

# Saaty, Decision making with the analytic hierarchy process, Int. J. Services Sciences 1(1), 2008, pp. 83–98:
# consumption of coffee, wine, tea, beer, sodas, milk, water in the United States
DRINKS = np.array(
    [
        [1, 9, 5, 2, 1, 1, 1 / 2],
        [1 / 9, 1, 1 / 3, 1 / 9, 1 / 9, 1 / 9, 1 / 9],
        [1 / 5, 3, 1, 1 / 3, 1 / 4, 1 / 3, 1 / 9],
        [1 / 2, 9, 3, 1, 1 / 2, 1, 1 / 3],
        [1, 9, 4, 2, 1, 2, 1 / 2],
        [1, 9, 3, 1, 1 / 2, 1, 1 / 3],
        [2, 9, 9, 3, 2, 3, 1],
    ]
)

# Bozóki, Fülöp, Rónyai, On optimal completion of incomplete pairwise comparison matrices, Mathematical and Computer
# Modelling 52, 2010, pp. 318–333: their first matrix, and the one of houses (after Saaty, 1980)
FOUR = np.array([[1, 1, 5, 2], [NAN, 1, 3, 4], [NAN, NAN, 1, NAN], [NAN, NAN, NAN, 1]])
HOUSES = {(0, 1): 5, (0, 2): 3, (0, 3): 7, (0, 4): 6, (0, 5): 6, (1, 3): 5, (1, 5): 3, (2, 4): 3, (2, 6): 6,
          (5, 3): 4, (6, 0): 3, (6, 4): 5, (7, 0): 4, (7, 1): 7, (7, 3): 8, (7, 5): 6}  # fmt: skip
HOUSES_FILLED = {(1, 2): 0.3300187496, (1, 4): 1.7197409185, (1, 6): 0.4663515002, (2, 3): 9.9205126619,
                 (2, 5): 4.8524864492, (2, 7): 0.5696073302, (3, 4): 0.5252768143, (3, 6): 0.1424438147,
                 (4, 5): 0.9311973565, (4, 7): 0.1093083, (5, 6): 0.2912120796, (6, 7): 0.4030898885}  # fmt: skip


def upper(size: int, said: dict[tuple[int, int], float]) -> np.ndarray:
    matrix = np.full((size, size), NAN)
    for at, value in said.items():
        matrix[at] = value
    return matrix


def test_the_drinks_of_saaty() -> None:
    found = judge(DRINKS)
    assert found.weights.round(3).tolist() == [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert round(found.ratio, 3) == 0.022 and found.consistent and found.missing == 0


def test_the_leader_of_the_textbook() -> None:
    """Experience, education, charisma, age: weights 0.547, 0.127, 0.270, 0.056, ratio 0.044."""
    found = judge(upper(4, {(0, 1): 4, (0, 2): 3, (0, 3): 7, (2, 1): 3, (1, 3): 3, (2, 3): 5}))
    assert found.weights == pytest.approx([0.547, 0.127, 0.270, 0.056], abs=1e-3)
    assert round(found.ratio, 3) == 0.044


def test_what_is_missing_is_completed_as_published() -> None:
    found = judge(FOUR)
    assert found.matrix[2, 3] == pytest.approx(0.730296743, rel=1e-4)
    assert found.weights.round(4).tolist() == [0.3738, 0.392, 0.0985, 0.1357] and found.missing == 1


def test_twelve_missing_of_the_houses_are_completed_as_published() -> None:
    found = judge(upper(8, HOUSES))
    for at, value in HOUSES_FILLED.items():
        assert found.matrix[at] == pytest.approx(value, rel=2e-3), at


def test_judgements_that_agree_have_no_worst_and_a_chain_is_enough() -> None:
    found = judge(upper(3, {(0, 1): 2, (1, 2): 3}))
    assert found.weights == pytest.approx([0.6, 0.3, 0.1]) and found.missing == 1
    assert found.ratio == pytest.approx(0, abs=1e-6) and found.worst is None


def test_the_judgement_that_fits_least_is_named_with_what_would_fit() -> None:
    """A counts twice B, B twice C, C twice A: a circle; A–D says 9 where the others say about 1."""
    circle = upper(4, {(0, 1): 1, (0, 2): 1, (1, 2): 1, (0, 3): 9, (1, 3): 1, (2, 3): 1})
    found = judge(circle)
    assert not found.consistent and found.worst is not None
    assert found.worst[:2] == (0, 3) and 1 < found.worst[2] < 9


@pytest.mark.parametrize(
    "matrix",
    [
        upper(3, {(0, 1): 2}),
        upper(3, {(0, 1): 10, (1, 2): 1}),
        upper(3, {(0, 1): 0, (1, 2): 1}),
        upper(3, {(0, 1): -3, (1, 2): 1}),
        np.array([[1, 2.0], [2.0, 1]]),
        np.ones((16, 16)),
        np.ones((2, 3)),
    ],
    ids=["apart", "above 9", "zero", "negative", "contradicts", "too many", "not square"],
)
def test_what_no_weights_follow_from_is_refused(matrix: np.ndarray) -> None:
    with pytest.raises(JudgementsRefused):
        judge(matrix)


@given(st.lists(st.floats(1, 3), min_size=2, max_size=7), st.randoms())
def test_ratios_of_any_weights_give_them_back_in_any_order(weights: list[float], chance: object) -> None:
    given_ = np.array(weights)
    order = np.argsort([chance.random() for _ in weights])  # type: ignore[attr-defined]
    found = judge((given_[:, None] / given_[None, :])[np.ix_(order, order)])
    assert found.weights == pytest.approx(given_[order] / given_.sum(), rel=1e-6)
    assert found.ratio == pytest.approx(0, abs=1e-6)
