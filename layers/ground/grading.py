"""Five grades of a figure, so that a map can show it: by round steps, or by the codes that occur."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

GRADES = 5
_DIGITS = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True)
class Grades:
    """Grades of n parcels.

    Parameters
    ----------
    steps
        Ends of the grades, one more than there are of them.
    of
        Grade of each parcel from 0, `len(steps) - 1` where it has no figure, shape (n,).
    """

    steps: tuple[float, ...]
    of: NDArray[np.int64]

    @property
    def counts(self) -> list[int]:
        """Parcels of each grade, those without a figure last."""
        return [int(count) for count in np.bincount(self.of, minlength=len(self.steps))]


def graded(values: NDArray[np.float64]) -> Grades:
    """Five grades of equal width between round ends; all in one where they hardly differ.

    Examples
    --------
    >>> found = graded(np.array([38.2, 47.0, 59.6, np.nan]))
    >>> found.steps, found.of.tolist()
    ((35.0, 40.0, 45.0, 50.0, 55.0, 60.0), [0, 2, 4, 5])
    """
    known = values[np.isfinite(values)]
    if not len(known):
        return Grades((0.0, 0.0), np.ones(len(values), dtype=np.int64))
    low, high = float(known.min()), float(known.max())
    step = _round_up(max(high - low, abs(high) * 1e-6, 1e-6) / GRADES)
    first = np.floor(low / step) * step
    while first + GRADES * step < high:
        step = _round_up(step * 1.0001)
        first = np.floor(low / step) * step
    steps = tuple(round(float(first + place * step), 9) for place in range(GRADES + 1))
    of = np.clip(np.searchsorted(steps, values, side="right") - 1, 0, GRADES - 1)
    return Grades(steps, np.where(np.isfinite(values), of, GRADES).astype(np.int64))


def _round_up(step: float) -> float:
    """The next round number: few digits, so that ends are read at a glance."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(power * digit for digit in _DIGITS if power * digit >= step * (1 - 1e-12)))
