"""Statistics of a grid's values over outlines, by exact shares of cells or by the cells whose centre lies inside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from spatial.covering import Coverage
from spatial.errors import StatisticUnknown

Rule = Literal["fraction", "centre"]
RULES: tuple[Rule, ...] = ("fraction", "centre")
PLAIN = ("mean", "min", "max", "sum", "count", "stdev", "median", "majority", "variety", "covered_share")
WITH_VALUE = ("share_above", "share_below", "share_of")


@dataclass(frozen=True)
class Statistic:
    """One figure of the values under an outline.

    Parameters
    ----------
    name
        One of `PLAIN` or `WITH_VALUE`.
    value
        Threshold or code of those of `WITH_VALUE`.
    text
        As it was asked for: the name of the column.

    Examples
    --------
    >>> Statistic.parse(" share_above=15 ")
    Statistic(name='share_above', value=15.0, text='share_above=15')
    """

    name: str
    value: float | None
    text: str

    @classmethod
    def parse(cls, text: str) -> Statistic:
        """The statistic that a text asks for.

        Raises
        ------
        StatisticUnknown
        """
        plain = "".join(text.split())
        name, sign, number = plain.partition("=")
        known = ", ".join([*PLAIN, *(f"{name}=N" for name in WITH_VALUE)])
        if (name in PLAIN) == bool(sign) or name not in (*PLAIN, *WITH_VALUE):
            raise StatisticUnknown(where="--stats", statistic=text[:60], known=known)
        if name in PLAIN:
            return cls(name, None, plain)
        try:
            value = float(number)
        except ValueError:
            value = np.nan
        if not np.isfinite(value):
            raise StatisticUnknown(where="--stats", statistic=text[:60], known=known)
        return cls(name, value, plain)


def statistics(
    covered: Coverage,
    values: NDArray[np.float64],
    asked: Sequence[Statistic],
    rule: Rule = "fraction",
    row_weights: NDArray[np.float64] | None = None,
) -> dict[str, NDArray[np.float64]]:
    """Figures of the values under each outline, one array of shape (n,) for each, by its text.

    Parameters
    ----------
    values
        Value of each of the m cells, NaN where there is none.
    rule
        ``fraction`` weighs a cell by the share of it that is covered. ``centre`` takes the cells whole whose centre
        lies inside; where that is at most one cell with a value, it takes the shares, as QGIS does.
    row_weights
        As `Grid.row_weights` gives them: means, shares, deviation, median and majority weigh cells by them too.

    Returns
    -------
    dict
        NaN where an outline has no value under it; ``sum``, ``count`` and ``covered_share`` are 0 there.
    """
    cells = _Cells(covered, values, rule, row_weights)
    return {one.text: _FIGURES[one.name](cells, one.value) for one in asked}


class _Cells:
    """The cells of every outline, with their values and how much each counts; 0 for one without a value."""

    def __init__(
        self, covered: Coverage, values: NDArray[np.float64], rule: Rule, row_weights: NDArray[np.float64] | None
    ) -> None:
        self.covered = covered
        self.there = ~np.isnan(values)
        self.whole = bool(self.there.all())
        self.value = values if self.whole else np.where(self.there, values, 0.0)
        with_value = covered.fraction if self.whole else np.where(self.there, covered.fraction, 0.0)
        self.with_value = self.sum(with_value)
        self.share = with_value if rule == "fraction" else self._by_centre(with_value)
        self.weight = self.share
        if row_weights is not None:
            self.weight = self.share * row_weights[covered.cell // covered.width]
        self.count = self.with_value if rule == "fraction" else self.sum(self.share)
        self.total = self.count if row_weights is None else self.sum(self.weight)

    def _by_centre(self, with_value: NDArray[np.float32]) -> NDArray[np.float32]:
        """Whole cells with their centre inside; the shares where these are no more than one."""
        taken = self.covered.inside & self.there
        few = self.sum(taken) <= 1
        return np.where(np.repeat(few, np.diff(self.covered.offsets)), with_value, taken.astype(np.float32))

    def __len__(self) -> int:
        return len(self.covered)

    @cached_property
    def counting(self) -> NDArray[np.bool_]:
        """Cells with a weight above 0."""
        return self.share > 0

    def reduced(self, of: NDArray[Any], how: np.ufunc, empty: float) -> NDArray[np.float64]:
        """One number for each outline from what its cells have; `empty` where it has none."""
        found = np.full(len(self), empty)
        some = np.flatnonzero(np.diff(self.covered.offsets))
        if len(some):
            found[some] = how.reduceat(of, self.covered.offsets[some], dtype=np.float64)
        return found

    def sum(self, of: NDArray[Any]) -> NDArray[np.float64]:
        """Sum over the cells of each outline."""
        return self.reduced(of, np.add, 0.0)

    @cached_property
    def product(self) -> NDArray[np.float64]:
        """Sum of value × share under each outline."""
        return self.sum(self.share * self.value)

    def part(self, those: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Share of the weight that some cells have."""
        return _ratio(self.sum(self.weight * those), self.total)

    def extreme(self, how: np.ufunc, beyond: float) -> NDArray[np.float64]:
        """Smallest or largest value under each outline; `beyond` loses to every value."""
        every = self.value if self.counting.all() else np.where(self.counting, self.value, beyond)
        return np.where(self.count > 0, self.reduced(every, how, np.nan), np.nan)

    def sorted(self) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
        """Outline, value and weight of the cells that count, by outline and then by value."""
        owner = np.repeat(np.arange(len(self)), np.diff(self.covered.offsets))[self.counting]
        known, rank = np.unique(self.value[self.counting], return_inverse=True)
        key = owner * np.int64(len(known)) + rank  # one key is sorted ten times faster than two
        order = np.argsort(key)
        return owner[order], known[rank[order]], self.weight[self.counting][order].astype(np.float64)


def _ratio(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)


def _mean(cells: _Cells, _: float | None = None) -> NDArray[np.float64]:
    weighted = cells.product if cells.weight is cells.share else cells.sum(cells.weight * cells.value)
    return _ratio(weighted, cells.total)


def _stdev(cells: _Cells, _: float | None) -> NDArray[np.float64]:
    """Of the population: the root of the weighted mean of squared differences."""
    off = cells.value - np.repeat(_mean(cells), np.diff(cells.covered.offsets))
    return np.sqrt(_ratio(cells.sum(np.where(cells.counting, cells.weight * off * off, 0.0)), cells.total))


def _median(cells: _Cells, _: float | None) -> NDArray[np.float64]:
    """The value at which half of the weight is reached; between two values where the half falls on their border."""
    found = np.full(len(cells), np.nan)
    owner, value, weight = cells.sorted()
    if not len(owner):
        return found
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    last = np.append(first[1:], len(owner)) - 1
    reached = np.cumsum(weight)
    before = reached[first] - weight[first]
    half = before + (reached[last] - before) / 2
    slack = 1e-9 * (reached[last] - before)
    low = np.clip(np.searchsorted(reached, half - slack), first, last)
    high = np.clip(np.searchsorted(reached, half + slack), first, last)
    found[owner[first]] = (value[low] + value[high]) / 2
    return found


def _grouped(cells: _Cells) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """Outline, value and weight of each value that an outline has, by outline and then by value."""
    owner, value, weight = cells.sorted()
    fresh = np.ones(len(owner), dtype=bool)
    fresh[1:] = (np.diff(owner) != 0) | (np.diff(value) != 0)
    first = np.flatnonzero(fresh)
    summed = np.add.reduceat(weight, first) if len(first) else np.empty(0)
    return owner[first], value[first], summed


def _majority(cells: _Cells, _: float | None) -> NDArray[np.float64]:
    """The value with the largest weight; of several, the largest value."""
    owner, value, weight = _grouped(cells)
    found = np.full(len(cells), np.nan)
    if len(owner):
        first = np.flatnonzero(np.diff(owner, prepend=-1))
        most = np.repeat(np.maximum.reduceat(weight, first), np.diff(np.append(first, len(owner))))
        best = weight >= most * (1 - 1e-9)  # values stand in order, so that the last that is put is the largest
        found[owner[best]] = value[best]
    return found


def _variety(cells: _Cells, _: float | None) -> NDArray[np.float64]:
    owner, _value, _weight = _grouped(cells)
    counted: NDArray[np.float64] = np.bincount(owner, minlength=len(cells)).astype(np.float64)
    counted[counted == 0] = np.nan
    return counted


def _covered_share(cells: _Cells, _: float | None) -> NDArray[np.float64]:
    area = cells.covered.area
    return np.minimum(np.divide(cells.with_value, area, out=np.zeros(len(cells)), where=area > 0), 1.0)


_FIGURES: dict[str, Callable[[_Cells, float | None], NDArray[np.float64]]] = {
    "mean": _mean,
    "min": lambda cells, _: cells.extreme(np.minimum, np.inf),
    "max": lambda cells, _: cells.extreme(np.maximum, -np.inf),
    "sum": lambda cells, _: cells.product,
    "count": lambda cells, _: cells.count,
    "stdev": _stdev,
    "median": _median,
    "majority": _majority,
    "variety": _variety,
    "covered_share": _covered_share,
    "share_above": lambda cells, value: cells.part(cells.value > _given(value)),
    "share_below": lambda cells, value: cells.part(cells.value < _given(value)),
    "share_of": lambda cells, value: cells.part(cells.value == _given(value)),
}


def _given(value: float | None) -> float:
    assert value is not None  # noqa: S101  `Statistic.parse` sees to it
    return value
