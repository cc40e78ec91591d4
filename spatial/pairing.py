"""Which outline of one layer is which of another: by the land that both cover."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from spatial.vertices import is_finite

LEAST_SHARE = 0.5
"""Share of the larger of two outlines that both must cover to be the same one, unless the user says otherwise."""

_EXACT = 9
"""Decimals of a share down to which two candidates are equally good."""

Places = NDArray[np.int64]
Likeness = Callable[[Places, Places], NDArray[np.float64]]
"""How alike two rows are besides their outline, for pairs of places: the higher the better."""


@dataclass(frozen=True)
class Pairs:
    """Outlines that are the same one, each in one pair at most; shape (m,), in the order of `old`.

    Parameters
    ----------
    old, new
        Places in the two layers.
    share
        Area that both cover, as a share of the larger one.
    tied
        Whether another candidate was exactly as good, so that the order of places decided.
    """

    old: Places
    new: Places
    share: NDArray[np.float64]
    tied: NDArray[np.bool_]


def by_overlap(
    old: np.ndarray,
    new: np.ndarray,
    least: float = LEAST_SHARE,
    groups: tuple[np.ndarray, np.ndarray] | None = None,
    likeness: Likeness | None = None,
) -> Pairs:
    """Pair the outlines of two layers, those that share most first.

    The order in which the new layer is given does not count: candidates that are equally good are told apart by
    their likeness, then by the place of the old one, then by where the new one lies.

    Parameters
    ----------
    old, new
        Polygons in a working CRS; None and empty ones have no partner. Shapes (n,), (k,).
    least
        Share of the larger of the two that both must cover; 0 takes any area that both cover.
    groups
        Only outlines with the same number here may be paired; shapes (n,), (k,).

    Examples
    --------
    >>> before = np.array([shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)])
    >>> after = np.array([shapely.box(11, 0, 20, 10), shapely.box(50, 0, 60, 10), shapely.box(0, 0, 10, 10)])
    >>> found = by_overlap(before, after)
    >>> found.old.tolist(), found.new.tolist(), found.share.tolist()
    ([0, 1], [2, 0], [1.0, 0.9])
    """
    one, other = _sound(old), _sound(new)
    i, k = (np.asarray(places, dtype=np.int64) for places in shapely.STRtree(other).query(one))
    if groups is not None:
        same = groups[0][i] == groups[1][k]
        i, k = i[same], k[same]
    i, k = _near(one, other, i, k, least)
    share = _shares(one, other, i, k)
    good = (share > 0) & (share >= least - 10.0**-_EXACT)
    i, k, share = i[good], k[good], share[good]
    rounded = share.round(_EXACT)
    alike = np.zeros(len(i))
    open_ = _rivalled(i, k, rounded)
    if likeness is not None and open_.any():
        alike[open_] = likeness(i[open_], k[open_])
    at = shapely.get_coordinates(shapely.centroid(other[k])) if len(k) else np.empty((0, 2))
    order = np.lexsort((k, at[:, 1], at[:, 0], i, -alike, -rounded))
    chosen = _greedy(i, k, order)
    tied = _rivalled(i, k, rounded, alike)
    chosen = chosen[np.argsort(i[chosen], kind="stable")]
    return Pairs(i[chosen], k[chosen], share[chosen], tied[chosen])


def _sound(shapes: np.ndarray) -> np.ndarray:
    """Outlines of which areas can be taken: invalid ones made valid, for this comparison only."""
    out = np.array(shapes, dtype=object, copy=True).reshape(-1)
    with np.errstate(invalid="ignore"):
        finite = is_finite(out)
    out[~finite] = None
    invalid = np.flatnonzero(finite & ~shapely.is_valid(out))
    out[invalid] = shapely.make_valid(out[invalid])
    return out


def _near(one: np.ndarray, other: np.ndarray, i: Places, k: Places, least: float) -> tuple[Places, Places]:
    """Candidates whose bounds leave it possible that they share enough: neighbours drop out here, cheaply."""
    first, second = shapely.bounds(one)[i], shapely.bounds(other)[k]
    width = np.minimum(first[:, 2], second[:, 2]) - np.maximum(first[:, 0], second[:, 0])
    height = np.minimum(first[:, 3], second[:, 3]) - np.maximum(first[:, 1], second[:, 1])
    larger = np.maximum(shapely.area(one)[i], shapely.area(other)[k])
    possible = (width > 0) & (height > 0) & (larger > 0)
    possible &= width * height >= (least - 10.0**-_EXACT) * larger
    return i[possible], k[possible]


def _shares(one: np.ndarray, other: np.ndarray, i: Places, k: Places) -> NDArray[np.float64]:
    share = np.ones(len(i))
    differ = ~shapely.equals_identical(one[i], other[k])
    a, b = one[i[differ]], other[k[differ]]
    common = shapely.area(shapely.intersection(a, b))
    share[differ] = np.minimum(common / np.maximum(shapely.area(a), shapely.area(b)), 1.0)
    return share


def _rivalled(i: Places, k: Places, *worth: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where an outline has another candidate of the same worth."""
    out = np.zeros(len(i), dtype=bool)
    for end in (i, k):
        if len(end):
            _, place, count = np.unique(
                np.column_stack([end, *worth]), axis=0, return_inverse=True, return_counts=True
            )
            out |= count[place.reshape(-1)] > 1
    return out


def _greedy(i: Places, k: Places, order: NDArray[np.intp]) -> Places:
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    chosen = []
    for at, one, other in zip(order.tolist(), i[order].tolist(), k[order].tolist(), strict=True):
        if one not in taken_old and other not in taken_new:
            taken_old.add(one)
            taken_new.add(other)
            chosen.append(at)
    return np.array(chosen, dtype=np.int64)
