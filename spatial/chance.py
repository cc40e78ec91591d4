"""Numbers that nobody knows exactly: a low, a likely and a high value as a distribution, drawn and summed up.

A split triangle has its median at the likely value and half of its weight on either side; each side falls straight to
nothing. `low` and `high` are its 10 % and 90 % points, or its ends where they are said to be bounds:

```
half width   = (likely − low) ÷ (1 − √0.2)        low is the 10 % point
             = likely − low                       low is the end
value at u   = likely − half width × (1 − √(2u))          u ≤ ½;   the other side is its mirror image
```
Both sides stand for themselves, so that a range with one certain side, or none, needs no special case.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TENTH = 1.0 - np.sqrt(0.2)
"""Share of a half width that lies between the 10 % point and the middle."""

_POINTS = 4096
"""Equally likely points by which a mean and a variance are taken; their error is below 1e-6 of the width."""


@dataclass(frozen=True)
class Spread:
    """Split triangles, one for each quantity.

    Parameters
    ----------
    likely
        Medians, shape (n,).
    below, above
        Half widths, not negative, shape (n,).
    least
        No value is less than this one; what would be lies on it.
    """

    likely: Floats
    below: Floats
    above: Floats
    least: float = 0.0

    def __len__(self) -> int:
        return len(self.likely)

    @property
    def certain(self) -> NDArray[np.bool_]:
        """Quantities without a range, shape (n,)."""
        return (self.below == 0) & (self.above == 0)

    def at(self, u: Floats) -> Floats:
        """Values at probabilities, shape (n, draws).

        Parameters
        ----------
        u
            In (0, 1), shape (n, draws).
        """
        likely, below, above = (one[:, None] for one in (self.likely, self.below, self.above))
        left = likely - below * (1.0 - np.sqrt(np.minimum(2.0 * u, 1.0)))
        right = above * (1.0 - np.sqrt(np.minimum(2.0 * (1.0 - u), 1.0)))
        values: Floats = np.maximum(left + right, self.least)
        return values

    def spread_of(self, values: Floats) -> Floats:
        """Variance of values that follow from `points`, shape (n,); exactly 0 where nothing spreads."""
        found: Floats = np.where(self.certain, 0.0, values.var(axis=1))
        return found

    def points(self) -> Floats:
        """Equally likely values of each quantity, ascending, shape (n, points)."""
        u = (np.arange(_POINTS) + 0.5) / _POINTS
        return self.at(np.broadcast_to(u, (len(self), _POINTS)))


def spread(low: Floats, likely: Floats, high: Floats, bounds: NDArray[np.bool_] | bool = False) -> Spread:
    """Split triangles from three values each.

    Parameters
    ----------
    low, likely, high
        Shape (n,). A missing low or high (NaN) is the likely value, as is one on its wrong side.
    bounds
        Whether low and high are the ends, shape (n,) or one for all.

    Examples
    --------
    >>> one = spread(np.array([10.0]), np.array([20.0]), np.array([50.0]))
    >>> one.at(np.array([[0.1, 0.5, 0.9]])).ravel().round(9).tolist()
    [10.0, 20.0, 50.0]
    >>> spread(np.array([10.0]), np.array([20.0]), np.array([50.0]), bounds=True).at(np.array([[1e-12]])).round(3)
    array([[10.]])
    """
    part = np.where(bounds, 1.0, _TENTH)

    def half(width: Floats) -> Floats:
        return np.where(width > 0, width, 0.0) / part

    return Spread(np.asarray(likely, dtype=float), half(likely - low), half(high - likely))


def chances(streams: NDArray[np.int64], count: int, seed: int) -> Floats:
    """Probabilities of independent quantities, shape (n, count).

    Every quantity is drawn by Latin hypercube: once from each of `count` equally likely strata, in an order of its
    own, so that quantiles settle with far fewer draws than by plain chance.

    Parameters
    ----------
    streams
        Number of the stream of each quantity, not negative, shape (n,): a quantity keeps its draws while others
        come and go.
    """
    u = np.empty((len(streams), count))
    for place, stream in enumerate(streams.tolist()):
        chance = np.random.default_rng((seed, stream))
        u[place] = (chance.permutation(count) + chance.random(count)) / count
    return u


def quantiles(values: Floats, at: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
    """Quantiles over the draws, shape (len(at), …), of values of shape (…, draws).

    Examples
    --------
    >>> quantiles(np.arange(11.0)).tolist()
    [1.0, 5.0, 9.0]
    """
    last = values.shape[-1] - 1
    place = last * np.asarray(at)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, last)
    # what `numpy.quantile` does, without its search for NaN: the draws hold none
    sorted_there = np.partition(values, np.unique([low, high]), axis=-1)
    share = (place - low).reshape(-1, *[1] * (values.ndim - 1))
    below, above = (np.moveaxis(sorted_there[..., rank], -1, 0) for rank in (low, high))
    found: Floats = below + (above - below) * share
    return found
