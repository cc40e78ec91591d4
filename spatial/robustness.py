"""How far a ranking rests on its weights: weights drawn around those given, and one weight moved at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.suitability import Scores, ranks, rate

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CELLS = 4_000_000
"""Totals that are in memory at once."""
_DIGITS = 9
"""Totals are compared to so many decimals: parcels with the same scores have the same place, however sums round."""


@dataclass(frozen=True)
class Robustness:
    """What draws of the weights make of the places of parcels.

    Parameters
    ----------
    stays
        Share of the draws in which each parcel is among the first `top`; NaN where its total is unknown, shape (n,).
    best, worst
        Best and worst place of each parcel in any draw; 0 where its total is unknown, shape (n,).
    """

    top: int
    draws: int
    spread: float
    stays: Floats
    best: Integers
    worst: Integers


@dataclass(frozen=True)
class Swing:
    """What moving one weight down or up by the spread does to the places, the larger of both.

    Parameters
    ----------
    moved
        Mean number of places by which parcels move.
    leaves
        How many of the first `top` are no longer among them.
    """

    moved: float
    leaves: int


def drawn(weights: Floats, draws: int, spread: float, seed: int) -> Floats:
    """Weights around some, each evenly and by itself within ± the spread of what it is, then brought to 1.

    Returns
    -------
    ndarray
        Shape (draws, k).
    """
    rng = np.random.default_rng(seed)
    factors = 1 + spread * rng.uniform(-1.0, 1.0, (draws, len(weights)))
    found = np.asarray(weights, dtype=np.float64) * factors
    return found / found.sum(axis=1, keepdims=True)


def robustness(
    scores: Scores, weights: Floats, top: int, draws: int = 10_000, spread: float = 0.2, seed: int = 20_250_101
) -> Robustness:
    """How often each parcel stays among the first `top`, and between which places it moves.

    Parcels whose total is unknown stand outside the ranking; those that a mask rules out are its end.

    Raises
    ------
    WeightsRefused
    """
    base = rate(scores, weights)
    known = np.flatnonzero(~np.isnan(base.total))
    stays, best, worst = np.full(scores.parcels, np.nan), np.zeros(scores.parcels, np.int64), np.zeros_like(known)
    inside = np.zeros(len(known), dtype=np.int64)
    first, last = np.full(len(known), len(known) + 1), worst
    if len(known):
        every = drawn(base.weights, draws, spread, seed)
        table, there, open_ = _of(scores, known)
        for at in range(0, draws, max(1, _CELLS // len(known))):
            some = every[at : at + max(1, _CELLS // len(known))]
            place = _places(_totals(some, table, there, open_))
            inside += (place <= top).sum(axis=0)
            first, last = np.minimum(first, place.min(axis=0)), np.maximum(last, place.max(axis=0))
        stays[known], best[known] = inside / draws, first
    ends = np.zeros(scores.parcels, np.int64)
    ends[known] = last
    return Robustness(top, draws, spread, stays, best, ends)


def _of(scores: Scores, known: Integers) -> tuple[Floats, Floats | None, Floats]:
    """Scores, whether they are there, and whether a mask lets pass, of the parcels that have a total."""
    table = scores.filled[:, known]
    there = ~scores.absent[:, known]
    open_ = (scores.ruled_out[known] < 0).astype(np.float64)
    return table, None if there.all() else there.astype(np.float64), open_


def _totals(weights: Floats, table: Floats, there: Floats | None, open_: Floats) -> Floats:
    total = weights @ table
    if there is not None:
        share = weights @ there
        total = np.divide(total, share, out=np.zeros_like(total), where=share > 0)
    return np.round(total * open_, _DIGITS)


def _places(totals: Floats) -> Integers:
    """Place of each parcel in each draw, the best first; equal ones share the better place."""
    order = np.argsort(-totals, axis=1)
    ordered = np.take_along_axis(totals, order, axis=1)
    fresh = np.ones(totals.shape, dtype=bool)
    fresh[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    rank = np.maximum.accumulate(np.where(fresh, np.arange(1, totals.shape[1] + 1, dtype=np.int64), 0), axis=1)
    place = np.empty_like(rank)
    np.put_along_axis(place, order, rank, axis=1)
    return place


def swings(scores: Scores, weights: Floats, top: int, spread: float = 0.2) -> tuple[Swing, ...]:
    """What each weight does to the ranking when it alone moves by the spread, in the order of the criteria.

    Raises
    ------
    WeightsRefused
    """
    base = rate(scores, weights)
    place = ranks(np.round(base.total, _DIGITS))
    among, ranked = (place > 0) & (place <= top), place > 0
    found = []
    for row in range(len(base.weights)):
        moved, leaves = 0.0, 0
        for factor in (1 - spread, 1 + spread):
            shifted = base.weights.copy()
            shifted[row] *= factor
            now = ranks(np.round(rate(scores, shifted).total, _DIGITS)) if shifted.sum() > 0 else place
            moved = max(moved, float(np.abs(now - place)[ranked].mean()) if ranked.any() else 0.0)
            leaves = max(leaves, int((among & (now > top)).sum()))
        found.append(Swing(moved, leaves))
    return tuple(found)
