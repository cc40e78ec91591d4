"""Suitability of sites: measured values turned into scores from 0 to 100, and these added up under weights and masks.

```
score of a parcel = Π mask × Σ w · s        Σ w = 1, s from 0 to 100, a mask is 0 or 1
```
A criterion without a value makes the total unknown. Only where its user says so, its weight goes to the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from spatial.errors import ScaleRefused, WeightsRefused

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

FULL = 100.0
"""Score of the best."""


def linear(values: Floats, worst: float, best: float) -> Floats:
    """Scores that grow evenly from the worst to the best value, in either direction; unknown stays NaN.

    Raises
    ------
    ScaleRefused
        When the two are the same or not finite.

    Examples
    --------
    >>> linear(np.array([0.0, 500.0, 2000.0, np.nan]), worst=1000.0, best=0.0).tolist()
    [100.0, 50.0, 0.0, nan]
    """
    if not (np.isfinite(worst) and np.isfinite(best)) or worst == best:
        raise ScaleRefused(where=f"{worst:g}–{best:g}", reason=f"worst {worst:g} = best {best:g}")
    return np.clip((np.asarray(values, dtype=np.float64) - worst) / (best - worst), 0.0, 1.0) * FULL


def stepped(values: Floats, starts: Floats, scores: Floats) -> Floats:
    """Scores by steps: from each start on, up to the next, one score. Below the first start nothing is said: NaN.

    Parameters
    ----------
    starts
        Values from which the steps hold, ascending, shape (m,).
    scores
        Score of each step, 0 to 100, shape (m,).

    Raises
    ------
    ScaleRefused
        When starts do not ascend, a score is outside 0 to 100, or there is no step.

    Examples
    --------
    >>> stepped(np.array([1.0, 2.0, 30.0, -1.0]), np.array([0.0, 2.0, 15.0]), np.array([100.0, 80.0, 40.0])).tolist()
    [100.0, 80.0, 40.0, nan]
    """
    told = "; ".join(f"{start:g}={score:g}" for start, score in zip(starts, scores, strict=True))
    bad = not len(starts) or not np.all(np.diff(starts) > 0) or not np.all(np.isfinite(starts))
    if bad or not np.all((scores >= 0) & (scores <= FULL)):
        raise ScaleRefused(where=told, reason=told)
    values = np.asarray(values, dtype=np.float64)
    step = np.searchsorted(starts, values, side="right") - 1
    return np.where(np.isnan(values) | (step < 0), np.nan, np.asarray(scores, dtype=np.float64)[step])


@dataclass(frozen=True)
class Scores:
    """Scores of parcels before weights: what a change of weights leaves as it is.

    Parameters
    ----------
    weighed
        Scores of the criteria that weigh, 0 to 100, NaN for unknown, shape (k, n).
    masks
        Scores of the criteria that rule out: 0 rules out, anything above passes, NaN is unknown, shape (m, n).
    passes_on, mask_passes_on
        Which criteria give their weight to the others where they have no value, and which masks then pass; shapes
        (k,) and (m,).
    """

    weighed: Floats
    masks: Floats
    passes_on: Flags
    mask_passes_on: Flags

    @property
    def parcels(self) -> int:
        """How many there are."""
        return int(self.weighed.shape[1])

    @cached_property
    def absent(self) -> Flags:
        """Which criteria have no value at which parcels, shape (k, n)."""
        return np.asarray(np.isnan(self.weighed))

    @cached_property
    def filled(self) -> Floats:
        """The scores with 0 for unknown, shape (k, n)."""
        return np.where(self.absent, 0.0, self.weighed)

    @cached_property
    def gaps(self) -> Flags:
        """Which criteria have no value somewhere, shape (k,)."""
        return np.asarray(self.absent.any(axis=1))

    @cached_property
    def ruled_out(self) -> Integers:
        """The first mask that rules each parcel out, −1 for none, shape (n,)."""
        out = self.masks == 0
        return np.where(out.any(axis=0), out.argmax(axis=0), -1) if len(out) else np.full(self.parcels, -1)

    @cached_property
    def mask_unknown(self) -> Flags:
        """Parcels of which nobody knows whether a mask rules them out, and no other does, shape (n,)."""
        unknown = (np.isnan(self.masks) & ~self.mask_passes_on[:, None]).any(axis=0)
        return np.asarray(unknown & (self.ruled_out < 0))


def shares(weights: Floats) -> Floats:
    """Weights brought to the sum of 1.

    Raises
    ------
    WeightsRefused
        When one is negative or not finite, or all are 0.

    Examples
    --------
    >>> shares(np.array([3.0, 1.0])).tolist()
    [0.75, 0.25]
    """
    weights = np.asarray(weights, dtype=np.float64)
    whole = weights.sum() if len(weights) else 0.0
    if not np.all(np.isfinite(weights)) or np.any(weights < 0) or not 0 < whole < np.inf:
        raise WeightsRefused(reason=", ".join(f"{weight:g}" for weight in weights) or "–")
    return weights / whole


@dataclass(frozen=True)
class Rating:
    """What parcels score under some weights.

    Parameters
    ----------
    total
        Score of each parcel, 0 to 100; 0 where a mask rules it out, NaN where it is unknown, shape (n,).
    weights
        Weights of the criteria, adding up to 1, shape (k,).
    scores
        What the total is made of.
    """

    total: Floats
    weights: Floats
    scores: Scores

    def weights_at(self, parcel: int) -> Floats:
        """Weights that count at one parcel: where one passed its weight on, those of the others are larger."""
        there = ~self.scores.absent[:, parcel]
        passed = ~there & self.scores.passes_on
        left = np.where(passed, 0.0, self.weights)
        return left / left.sum() if passed.any() and left.sum() > 0 else left

    def contributions(self, parcel: int) -> Floats:
        """Points that each criterion brings to one parcel, NaN where its score is unknown, shape (k,)."""
        return self.weights_at(parcel) * self.scores.weighed[:, parcel]


def rate(scores: Scores, weights: Floats) -> Rating:
    """The total of every parcel: weighted sum, 0 where a mask rules out, NaN where the total cannot be known.

    A criterion of weight 0 counts for nothing, also where it is unknown.

    Raises
    ------
    WeightsRefused
        When a weight is negative, or all are 0.

    Examples
    --------
    >>> table = np.array([[100.0, 0.0, np.nan], [50.0, 50.0, 50.0]])
    >>> none, never = np.zeros((0, 3)), np.zeros(0, dtype=bool)
    >>> rate(Scores(table, none, np.array([False, False]), never), np.array([3.0, 1.0])).total.tolist()
    [87.5, 12.5, nan]
    >>> rate(Scores(table, none, np.array([True, False]), never), np.array([3.0, 1.0])).total.tolist()
    [87.5, 12.5, 50.0]
    """
    weights = shares(weights)
    total = weights @ scores.filled
    counts = scores.gaps & (weights > 0)
    if counts.any():
        rows = np.flatnonzero(counts)
        passed = weights[rows] * scores.passes_on[rows] @ scores.absent[rows]
        unknown = scores.absent[rows[~scores.passes_on[rows]]].any(axis=0) | (passed >= 1 - 1e-12)
        total = np.where(unknown, np.nan, total / np.where(unknown, 1.0, 1.0 - passed))
    total = np.where(scores.mask_unknown, np.nan, total)
    return Rating(np.where(scores.ruled_out >= 0, 0.0, np.clip(total, 0.0, FULL)), weights, scores)


def ranks(total: Floats) -> Integers:
    """Place of each parcel, the best first, equal ones share the better place; 0 where the total is unknown.

    Examples
    --------
    >>> ranks(np.array([10.0, 30.0, 30.0, np.nan, 0.0])).tolist()
    [3, 1, 1, 0, 4]
    """
    known = ~np.isnan(total)
    ordered = np.sort(total[known])
    place = np.zeros(len(total), dtype=np.int64)
    place[known] = 1 + len(ordered) - np.searchsorted(ordered, total[known], side="right")
    return place
