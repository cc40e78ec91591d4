"""Adding up by group: the one primitive under every total of the product."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def by_group(group: NDArray[Any], values: NDArray[Any], count: int) -> NDArray[np.float64]:
    """Sum of the values of each group, shape (count,).

    Parameters
    ----------
    group
        Group of each value, 0 … count − 1, shape (n,).
    values
        Shape (n,).

    Examples
    --------
    >>> by_group(np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0]), 3).tolist()
    [4.0, 0.0, 2.0]
    """
    return np.bincount(group, weights=values, minlength=count).astype(np.float64, copy=False)


def runs(group: NDArray[Any]) -> NDArray[np.int64]:
    """First row of each run of equal numbers 0, 1, 2, …; what lies side by side mostly lies in the same zone.

    >>> runs(np.array([4, 4, 0, 4])).tolist()
    [0, 2, 3]
    """
    return np.flatnonzero(np.diff(group, prepend=-1))
