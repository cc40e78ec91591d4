"""Floor area that projects ask for: stated, or people × norm, as low / default / high.

```
floor area = requested                                        where the project states one
           = Σ over functions of people × share × norm [÷ efficiency] ÷ (1 − vacancy)      elsewhere
```
A requested floor area is taken as it is. Efficiency divides only where the norm is in usable area, once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CASES = ("low", "default", "high")


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
