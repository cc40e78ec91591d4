"""Outlines of two layers are paired by the land that both cover."""

from __future__ import annotations

import itertools

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from spatial.pairing import Pairs, by_overlap


def row(*widths: float, north: float = 0.0) -> np.ndarray:
    """Rectangles of 10 m depth side by side."""
    edges = np.cumsum([0.0, *widths])
    return np.array([shapely.box(a, north, b, north + 10) for a, b in itertools.pairwise(edges)], dtype=object)


def pairs(found: Pairs) -> list[tuple[int, int]]:
    return list(zip(found.old.tolist(), found.new.tolist(), strict=True))


def test_who_shares_most_comes_first() -> None:
    # the old 10 m lie 6 m in the first new one and 4 m in the second; shares of the larger: 6/10, 4/10
    found = by_overlap(row(10), row(6, 10))
    assert pairs(found) == [(0, 0)]
    assert found.share.tolist() == [0.6]
    assert not found.tied.any()


def test_less_than_the_stated_share_is_another_parcel() -> None:
    assert pairs(by_overlap(row(10), row(6), 0.61)) == []
    assert pairs(by_overlap(row(10), row(6), 0.6)) == [(0, 0)]
    assert pairs(by_overlap(row(10), row(1), 0.0)) == [(0, 0)], "with 0 any area counts"
    assert pairs(by_overlap(row(10), row(10, north=10.0), 0.0)) == [], "neighbours share no area"


def test_the_share_is_of_the_larger_one() -> None:
    within = np.array([shapely.box(4, 4, 6, 6)])
    assert pairs(by_overlap(row(10), within)) == [], "a hut in a field is not the field"


def test_halves_are_a_tie_and_the_western_one_is_taken() -> None:
    for after in (row(5, 5), row(5, 5)[::-1]):
        found = by_overlap(row(10), after)
        (chosen,) = found.new.tolist()
        assert shapely.bounds(after[chosen]).tolist() == [0, 0, 5, 10]
        assert found.tied.tolist() == [True]


def test_stacked_outlines_are_told_apart_by_likeness() -> None:
    before, after = np.repeat(row(10), 3), np.repeat(row(10), 3)
    names, others = np.array(list("abc")), np.array(list("cab"))
    found = by_overlap(before, after, likeness=lambda i, k: (names[i] == others[k]).astype(float))
    assert [(names[i], others[k]) for i, k in pairs(found)] == [("a", "a"), ("b", "b"), ("c", "c")]
    assert not found.tied.any()
    alike = by_overlap(before, after)
    assert pairs(alike) == [(0, 0), (1, 1), (2, 2)]
    assert alike.tied.all()


def test_groups_keep_numbers_apart() -> None:
    found = by_overlap(row(10, 10), row(10, 10), 0.0, groups=(np.array([1, 2]), np.array([2, 1])))
    assert pairs(found) == []


def test_what_has_no_area_has_no_partner() -> None:
    odd = np.array([None, shapely.Polygon(), shapely.Point(1, 1), shapely.box(0, 0, 10, 10)], dtype=object)
    assert pairs(by_overlap(odd, odd)) == [(3, 3)]
    assert pairs(by_overlap(odd[:0], odd)) == []
    assert pairs(by_overlap(odd, odd[:0])) == []


def test_an_invalid_outline_is_compared_by_what_it_covers() -> None:
    bow = shapely.Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    assert pairs(by_overlap(np.array([bow]), np.array([bow]))) == [(0, 0)]
    assert pairs(by_overlap(row(10), np.array([bow]))) == [(0, 0)], "half of it"


@given(
    st.lists(st.integers(4, 20), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
    st.floats(-0.5, 0.5),
)
def test_a_layer_that_was_shuffled_and_moved_is_found_again(widths: list[int], random: object, shift: float) -> None:
    before = row(*map(float, widths))
    order = list(range(len(widths)))
    random.shuffle(order)  # type: ignore[attr-defined]
    after = shapely.transform(before, lambda at: at + np.array([shift, shift / 2]))[order]
    found = by_overlap(before, after)
    assert pairs(found) == [(i, order.index(i)) for i in range(len(widths))]
    assert (found.share >= 0.5).all()
    assert (found.share <= 1).all()
