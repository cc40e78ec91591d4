"""Floor area that projects ask for: stated, or people × norm, as low / default / high.

```
floor area = requested                                        where the project states one
           = Σ over functions of people × share × norm [÷ efficiency] ÷ (1 − vacancy)      elsewhere
```
A requested floor area is taken as it is. Efficiency divides only where the norm is in usable area, once.

Where every figure is a split triangle instead of three cases, what is asked for is drawn; which figure carries the
spread is not drawn but worked out: the sum is linear in each of its independent figures, so its variance falls into a
part for every figure and every set of figures that act together, and a figure's share is its own part and its equal
share of those that it has with others (Shapley effects).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from spatial.chance import Spread, chances

Floats = NDArray[np.float64]

CASES = ("low", "default", "high")

_LEAST_VARIANCE = 1e-200
"""Below it a variance is that of nothing [m⁴]."""


@dataclass(frozen=True)
class Norms:
    """Floor area per person by function and case.

    Parameters
    ----------
    per_person
        [m² per person], shape (3, functions), cases in the order of `CASES`; NaN where nobody assumed one.
    usable
        Whether the norm of a function is in usable area, shape (functions,).
    efficiency
        Usable ÷ gross floor area by function, shape (functions,); read only where `usable`.
    vacancy
        Share of floor area that stands empty, shape (3,).
    """

    per_person: Floats
    usable: NDArray[np.bool_]
    efficiency: Floats
    vacancy: Floats

    def gross(self) -> Floats:
        """Gross floor area per person with vacancy [m²], shape (3, functions)."""
        gross: Floats = self.per_person / np.where(self.usable, self.efficiency, 1.0)
        return gross / (1.0 - self.vacancy)[:, None]


@dataclass(frozen=True)
class Demand:
    """What projects ask for.

    Parameters
    ----------
    floor_area
        [m²], shape (3, projects, functions), cases in the order of `CASES`; NaN nowhere.
    stated
        Whether the project's floor area was stated rather than derived, shape (projects,).
    silent
        Projects that give neither a floor area nor people for whom there is a norm, shape (projects,); they ask for
        0 and are listed.
    """

    floor_area: Floats
    stated: NDArray[np.bool_]
    silent: NDArray[np.bool_]

    def total(self, case: str = "default") -> Floats:
        """Floor area of each project [m²], shape (projects,)."""
        return self.floor_area[CASES.index(case)].sum(axis=1)


def ask(mix: Floats, people: Floats, requested: Floats, norms: Norms) -> Demand:
    """What each project asks for, by function.

    Parameters
    ----------
    mix
        Share of each function in the project's floor area, shape (projects, functions); rows sum to 1.
    people
        Low, default, high, shape (3, projects); NaN where not given. A missing low or high takes the default.
    requested
        Low, default, high [m²], shape (3, projects); NaN where not given.

    Examples
    --------
    >>> norms = Norms(np.array([[18.0], [25.0], [35.0]]), np.array([False]), np.array([0.7]), np.zeros(3))
    >>> nan = float("nan")
    >>> found = ask(np.ones((2, 1)), np.array([[nan, nan], [nan, 100.0], [nan, nan]]),
    ...             np.array([[nan, nan], [5000.0, nan], [nan, nan]]), norms)
    >>> [found.total(case).tolist() for case in CASES]
    [[5000.0, 1800.0], [5000.0, 2500.0], [5000.0, 3500.0]]
    """
    stated = ~np.isnan(requested[1])
    counted = ~np.isnan(people[1])
    floor = np.where(np.isnan(requested), requested[1], requested)
    heads = np.where(np.isnan(people), people[1], people)
    # a function that nobody asks for needs no norm
    norm = np.where(mix[None] > 0, norms.gross()[:, None, :], 0.0)
    by_people = heads[:, :, None] * mix[None] * norm
    counted &= ~np.isnan(by_people[1]).any(axis=1)
    by_request = floor[:, :, None] * mix[None]
    both = np.where(stated[None, :, None], by_request, by_people)
    return Demand(np.nan_to_num(both, nan=0.0), stated, ~stated & ~counted)


@dataclass(frozen=True)
class Uncertain:
    """What projects ask for, with every figure that nobody knows exactly as a distribution.

    Parameters
    ----------
    mix
        Share of each function in the project's floor area, shape (projects, functions); rows sum to 1.
    amount
        Floor area [m²] of projects that state one, people of the others; 0 for those that give neither.
    stated
        Whether the amount is a floor area, shape (projects,).
    per_person, efficiency
        By function; efficiency is read only where `usable`.
    vacancy
        One quantity, below 1.
    """

    mix: Floats
    amount: Spread
    stated: NDArray[np.bool_]
    per_person: Spread
    usable: NDArray[np.bool_]
    efficiency: Spread
    vacancy: Spread

    def gross(self, per_person: Floats, efficiency: Floats, vacancy: Floats) -> Floats:
        """Gross floor area per person [m²], shape (functions, draws), from drawn figures of shape (…, draws)."""
        gross: Floats = per_person / np.where(self.usable[:, None], efficiency, 1.0) / (1.0 - vacancy)
        return gross


@dataclass(frozen=True)
class Drawn:
    """Draws of what projects ask for.

    Parameters
    ----------
    amount
        Floor area [m²] or people of each project, shape (projects, draws).
    gross
        Gross floor area per person of each function [m²], shape (functions, draws).
    """

    of: Uncertain
    amount: Floats
    gross: Floats

    @cached_property
    def asked(self) -> Floats:
        """Floor area that each project asks for [m²], shape (projects, draws)."""
        per_person = self.of.mix @ self.gross
        return np.where(self.of.stated[:, None], self.amount, self.amount * per_person)

    def by_group(self, given: Floats, group: NDArray[np.int64], count: int) -> Floats:
        """Floor area still to be housed, by group and function [m²], shape (count, functions, draws).

        Parameters
        ----------
        given
            Floor area that each project has already, shape (projects,); it is taken off its functions alike, and
            what it has beyond what it asks for houses nobody else.
        group
            Group of each project, −1 for none, shape (projects,).
        """
        functions = self.of.mix.shape[1]
        out = np.zeros((count, functions, self.amount.shape[1]))
        for kind, factor in ((self.of.stated, None), (~self.of.stated, self.gross)):
            rows = np.flatnonzero(kind & (group >= 0))
            if not len(rows):
                continue
            open_ = self.amount[rows]
            if given[rows].any():
                asked, has = self.asked[rows], given[rows][:, None]
                left = 1.0 - np.divide(has, asked, out=np.ones(asked.shape), where=asked > 0)
                open_ = open_ * np.maximum(left, 0.0)
            out += _spread_out(open_, self.of.mix[rows], group[rows], count, factor)
        return out


def _spread_out(amount: Floats, mix: Floats, group: NDArray[np.int64], count: int, factor: Floats | None) -> Floats:
    """Amounts of projects times their mix, added up by group, shape (count, functions, draws)."""
    rows, functions = np.nonzero(mix)
    to = group[rows] * mix.shape[1] + functions
    matrix = csr_array((mix[rows, functions], (to, rows)), shape=(count * mix.shape[1], len(amount)))
    found = (matrix @ amount).reshape(count, mix.shape[1], -1)
    return found if factor is None else found * factor


def draw(what: Uncertain, streams: NDArray[np.int64], count: int = 10_000, seed: int = 0) -> Drawn:
    """Draw everything that is uncertain.

    Parameters
    ----------
    streams
        Number of the stream of each project, shape (projects,), from 1,000 on; norms have those below.

    Examples
    --------
    >>> from spatial.chance import spread
    >>> one = np.array([1.0])
    >>> what = Uncertain(np.ones((1, 1)), spread(80 * one, 100 * one, 120 * one), np.array([False]),
    ...                  spread(18 * one, 25 * one, 35 * one), np.array([False]), spread(one, one, one),
    ...                  spread(0 * one, 0 * one, 0 * one))
    >>> found = draw(what, np.array([1000]))
    >>> np.quantile(found.asked, 0.5).round(-2)
    np.float64(2500.0)
    """
    functions = what.mix.shape[1]
    fixed = 2 * functions + 1
    u = chances(np.concatenate([np.arange(fixed), streams]), count, seed)
    norms, efficiency = what.per_person.at(u[:functions]), what.efficiency.at(u[functions : 2 * functions])
    gross = what.gross(norms, efficiency, what.vacancy.at(u[2 * functions : fixed]))
    return Drawn(what, what.amount.at(u[fixed:]), gross)


@dataclass(frozen=True)
class Shares:
    """How much of the variance of a sum each figure carries; all of them together 1, or 0 where nothing spreads.

    Parameters
    ----------
    variance
        Of the sum [m⁴].
    vacancy, per_person, efficiency, projects
        Shapley shares: one number, shape (functions,), (functions,) and (projects,).
    """

    variance: float
    vacancy: float
    per_person: Floats
    efficiency: Floats
    projects: Floats


def shares(what: Uncertain, weight: Floats) -> Shares:
    """Which figure carries the spread of what projects ask for together.

    Parameters
    ----------
    weight
        How far each project counts, 0 to 1, shape (projects,).
    """
    functions, people = what.mix.shape[1], ~what.stated
    amount, norm = what.amount.points(), what.per_person.points()
    free = 1.0 / (1.0 - what.vacancy.points())
    usable = np.where(what.usable[:, None], 1.0 / what.efficiency.points(), 1.0)
    part = np.where(people, weight, 0.0)[:, None] * what.mix
    heads, heads_spread = amount.mean(axis=1), what.amount.spread_of(amount)
    free_mean, free_spread = float(free.mean()), float(what.vacancy.spread_of(free)[0])
    mean = {"n": norm.mean(axis=1), "e": usable.mean(axis=1)}
    spread_ = {"n": what.per_person.spread_of(norm), "e": what.efficiency.spread_of(usable)}
    each = mean["n"] * mean["e"]
    known = part.T @ heads
    by_function, by_both = known**2, (part**2).T @ heads_spread
    of_norm, of_usable, of_free = np.zeros(functions), np.zeros(functions), 0.0
    of_project = np.where(what.stated, weight**2 * heads_spread, 0.0)
    alone = heads_spread * (part @ each) ** 2
    for v in (False, True):  # whether vacancy acts along
        factor = free_spread if v else free_mean**2
        of_free += v * factor * (float(each @ known) ** 2 + float(alone.sum()) / 2)
        of_project += factor * alone / (1 + v)
        for n, e in ((True, False), (False, True), (True, True)):
            both = factor * (spread_["n"] if n else mean["n"] ** 2) * (spread_["e"] if e else mean["e"] ** 2)
            for members, values in ((v + n + e, both * by_function), (v + n + e + 1, both * by_both)):
                of_norm += n * values / members
                of_usable += e * values / members
                of_free += v * float(values.sum()) / members
            of_project += heads_spread * (part**2 @ both) / (v + n + e + 1)
    whole = of_free + float(of_norm.sum() + of_usable.sum() + of_project.sum())
    whole = whole if whole > _LEAST_VARIANCE else 0.0
    scale = 1.0 / whole if whole > 0 else 0.0
    return Shares(whole, of_free * scale, of_norm * scale, of_usable * scale, of_project * scale)


def exclusive(at_least: Floats) -> Floats:
    """Members of each tier alone, from the numbers of those that reach it: the lowest tier first, shape (tiers,).

    >>> before, after = exclusive(np.array([180.0, 54, 22, 4])), exclusive(np.array([240.0, 70, 25, 10]))
    >>> (after - before).tolist()
    [44.0, 13.0, -3.0, 6.0]
    """
    return np.asarray(at_least, dtype=float) - np.append(np.asarray(at_least, dtype=float)[1:], 0.0)
