"""Grades have round ends that hold every value, and each parcel is in the grade of its value."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from layers.ground.grading import GRADES, graded

VALUES = st.lists(st.one_of(st.floats(-1e6, 1e6), st.just(float("nan"))), min_size=1, max_size=30)


@given(VALUES)
def test_every_value_lies_between_the_ends_of_its_grade(values: list[float]) -> None:
    numbers = np.array(values)
    found = graded(numbers)
    known = np.isfinite(numbers)
    assert sum(found.counts) == len(numbers)
    if not known.any():
        assert found.counts[-1] == len(numbers)
        return
    steps = np.array(found.steps)
    slack = 1e-6 * max(1.0, float(np.abs(steps).max()))
    assert len(steps) == GRADES + 1
    assert (found.of[~known] == GRADES).all()
    assert (steps[found.of[known]] <= numbers[known] + slack).all()
    assert (numbers[known] <= steps[found.of[known] + 1] + slack).all()


def test_values_that_are_all_alike_are_one_grade() -> None:
    assert max(graded(np.full(7, 12.5)).counts) == 7
