"""Weights from pairwise comparison (AHP): principal eigenvector, consistency, and the judgement that fits least.

Comparisons that nobody made are completed so that the principal eigenvalue is least (Bozóki, Fülöp and Rónyai, 2010):
of all completions, the one that agrees best with what was said. Comparisons that leave criteria apart are refused.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse.csgraph import connected_components

from spatial.errors import JudgementsRefused

Floats = NDArray[np.float64]

SCALE = 9.0
"""Saaty's scale ends here: one counts nine times as much as the other."""

ACCEPTED = 0.1
"""Consistency ratio up to which judgements are taken as they are (Saaty, 1980)."""

RANDOM_INDEX = (0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Mean consistency index of random matrices with 1, 2, … criteria (Saaty, 1980)."""

MOST = len(RANDOM_INDEX)


@dataclass(frozen=True)
class Judged:
    """What follows from a matrix of comparisons.

    Parameters
    ----------
    weights
        Principal eigenvector, adding up to 1, shape (k,).
    matrix
        The matrix with what was missing filled in, shape (k, k).
    missing
        How many comparisons were filled in.
    largest
        Principal eigenvalue λmax; it equals k where all judgements agree.
    index
        Consistency index (λmax − k) ÷ (k − 1).
    ratio
        Consistency ratio: the index over that of random matrices.
    worst
        Row and column of the judgement that fits the weights least, and what would fit; None where all fit.
    """

    weights: Floats
    matrix: Floats
    missing: int
    largest: float
    index: float
    ratio: float
    worst: tuple[int, int, float] | None

    @property
    def consistent(self) -> bool:
        """Whether the judgements are taken as they are."""
        return self.ratio <= ACCEPTED


def judge(matrix: Floats) -> Judged:
    """Weights from a reciprocal matrix, where NaN stands for a comparison that nobody made.

    Parameters
    ----------
    matrix
        In row i and column j, how many times as much criterion i counts as criterion j, shape (k, k). One side of the
        diagonal is enough; where both are given they have to be one over the other.

    Raises
    ------
    JudgementsRefused
        For a value outside 1/9 to 9, two that contradict, criteria that no comparison joins, or too many criteria.

    Examples
    --------
    >>> found = judge(np.array([[1, 2, 6], [np.nan, 1, 3], [np.nan, np.nan, 1]]))
    >>> found.weights.round(3).tolist(), round(found.largest, 6), round(found.ratio, 6)
    ([0.6, 0.3, 0.1], 3.0, 0.0)
    """
    whole = _reciprocal(matrix)
    size = len(whole)
    rows, columns = np.nonzero(np.triu(np.isnan(whole)))
    if len(rows):
        whole = _completed(whole, rows, columns)
    largest, weights = _principal(whole)
    index = max(0.0, (largest - size) / (size - 1)) if size > 1 else 0.0
    usual = _random_index(size, len(rows))
    ratio = index / usual if usual > 0 else 0.0
    given = np.triu(np.ones((size, size), dtype=bool), 1)
    given[rows, columns] = False
    return Judged(weights, whole, len(rows), largest, index, ratio, _worst(whole, weights, given))


def _reciprocal(matrix: Floats) -> Floats:
    """The matrix with each comparison on both sides of the diagonal."""
    given = np.array(matrix, dtype=np.float64)
    size = len(given)
    if given.ndim != 2 or given.shape != (size, size) or not 1 <= size <= MOST:
        raise JudgementsRefused(reason=" × ".join(map(str, given.shape)), most=MOST)
    np.fill_diagonal(given, 1.0)
    known = ~np.isnan(given)
    low, high = (1 - 1e-9) / SCALE, SCALE * (1 + 1e-9)
    for value in given[known]:
        if not low <= value <= high:
            raise JudgementsRefused(reason=f"{value:g}", most=MOST)
    both = known & known.T
    if np.any(np.abs(np.log(np.where(both, given * given.T, 1.0))) > 1e-6):
        raise JudgementsRefused(reason="a × b ≠ 1", most=MOST)
    whole = np.where(known, given, np.where(known.T, 1 / given.T, np.nan))
    parts, _ = connected_components(~np.isnan(whole), directed=False)
    if parts > 1:
        raise JudgementsRefused(reason=f"{parts} ≠ 1", most=MOST)
    return whole


def _completed(whole: Floats, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Floats:
    """The completion whose principal eigenvalue is least: convex in the logarithms of what is missing."""

    def filled(logs: Floats) -> Floats:
        made = whole.copy()
        made[rows, columns], made[columns, rows] = np.exp(logs), np.exp(-logs)
        return made

    def value(logs: Floats) -> tuple[float, Floats]:
        made = filled(logs)
        largest, right = _principal(made)
        left = _principal(made.T)[1]
        slope = left[rows] * right[columns] * made[rows, columns] - left[columns] * right[rows] * made[columns, rows]
        return largest, slope / (left @ right)

    known = ~np.isnan(whole)
    start = np.log(np.where(known, whole, 1.0)).sum(axis=1) / known.sum(axis=1)
    found = minimize(value, start[rows] - start[columns], jac=True, method="BFGS", options={"gtol": 1e-9})
    return filled(found.x)


def _principal(matrix: Floats) -> tuple[float, Floats]:
    """Largest eigenvalue of a positive matrix and its eigenvector, adding up to 1 (Perron, Frobenius)."""
    values, vectors = np.linalg.eig(matrix)
    first = int(np.argmax(values.real))
    vector = np.abs(vectors[:, first].real)
    return float(values[first].real), vector / vector.sum()


def _random_index(size: int, missing: int) -> float:
    """That of a matrix of which some comparisons were filled in is smaller (Ágoston and Csató, 2022)."""
    free = (size - 1) * (size - 2)
    return RANDOM_INDEX[size - 1] * (1 - 2 * missing / free) if free else 0.0


def _worst(whole: Floats, weights: Floats, given: NDArray[np.bool_]) -> tuple[int, int, float] | None:
    """The judgement farthest from the ratio of the weights, as row, column and what would fit."""
    fits = weights[:, None] / weights[None, :]
    off = np.where(given, np.abs(np.log(whole / fits)), 0.0)
    row, column = np.unravel_index(int(np.argmax(off)), off.shape)
    if off[row, column] < 1e-6:
        return None
    return int(row), int(column), float(fits[row, column])
