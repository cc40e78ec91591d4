"""What is to be decided: projects, the parcels that each may go to, how much it needs there and what that is worth.

```
maximise or minimise   Σ over options of   share × weight of the project × value
room                   Σ over options on a parcel of   share × need   ≤ capacity
placing                Σ over options of a project of  share          ≤ 1, = 1 where it must be placed
share                  0 or 1; anything between where the project may be split
```
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.errors import ChengzaiError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]


class ProblemUnsound(ChengzaiError):
    code = "problem_unsound"
    says = {"zh-CN": "落位问题不成立：{reason}", "en": "The allocation problem does not hold together: {reason}"}
    cure = {
        "zh-CN": "容量、需求、价值与权重须为有限的数，前两者和权重不为负；同一项目与地块只列一次，不能既锁定又禁止",
        "en": "Capacity, need, value and weight are finite, all but value not negative; a pair stands once and is "
        "not both locked and forbidden",
    }


@dataclass(frozen=True)
class Problem:
    """An allocation problem; it checks itself when it is made.

    Parameters
    ----------
    capacity
        Of each parcel, shape (parcels,), in any unit, the same everywhere.
    project, parcel
        The pair that each option is about, shape (options,).
    need
        Capacity that the whole project takes there, shape (options,).
    value
        What placing the whole project there is worth, or costs, shape (options,).
    weight, must, splittable
        Of each project, shape (projects,).
    locked
        Options that stand: the project is placed there, or within its locked options where it may be split.
    forbidden
        Options that may not be taken.
    maximise
        Whether value is worth or cost.

    Raises
    ------
    ProblemUnsound

    Examples
    --------
    >>> problem = Problem(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                   np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> problem.worth.tolist()
    [6.0, 7.0]
    """

    capacity: Floats
    project: Integers
    parcel: Integers
    need: Floats
    value: Floats
    weight: Floats
    must: Booleans
    splittable: Booleans
    locked: Booleans | None = None
    forbidden: Booleans | None = None
    maximise: bool = True

    def __post_init__(self) -> None:
        none = np.zeros(len(self.project), dtype=bool)
        for name in ("locked", "forbidden"):
            if getattr(self, name) is None:
                object.__setattr__(self, name, none)
        for ok, reason in self._checks():
            if not ok:
                raise ProblemUnsound(where="problem", reason=reason)

    def _checks(self) -> list[tuple[bool, str]]:
        options = (self.parcel, self.need, self.value, self.lock, self.ban)
        projects = (self.must, self.splittable)
        sound = [
            (all(len(one) == len(self.project) for one in options), "options"),
            (all(len(one) == len(self.weight) for one in projects), "projects"),
        ]
        if not all(ok for ok, _ in sound):
            return sound
        numbers = (self.capacity, self.need, self.value, self.weight)
        pairs = self.project * max(len(self.capacity), 1) + self.parcel
        return [
            *sound,
            (all(bool(np.isfinite(one).all()) for one in numbers), "NaN, ∞"),
            (all(bool((one >= 0).all()) for one in (self.capacity, self.need, self.weight)), "< 0"),
            (bool(((self.project >= 0) & (self.project < len(self.weight))).all()), "project"),
            (bool(((self.parcel >= 0) & (self.parcel < len(self.capacity))).all()), "parcel"),
            (len(np.unique(pairs)) == len(pairs), "pair × 2"),
            (not (self.lock & self.ban).any(), "locked + forbidden"),
        ]

    @property
    def lock(self) -> Booleans:
        """Options that stand, shape (options,)."""
        assert self.locked is not None  # noqa: S101  set when it is made
        return self.locked

    @property
    def ban(self) -> Booleans:
        """Options that may not be taken, shape (options,)."""
        assert self.forbidden is not None  # noqa: S101  set when it is made
        return self.forbidden

    @property
    def worth(self) -> Floats:
        """Weight × value of each option, shape (options,)."""
        found: Floats = self.weight[self.project] * self.value
        return found

    @property
    def open(self) -> Booleans:
        """Options that may be taken, shape (options,): not forbidden, and no other of the project is locked."""
        held = np.bincount(self.project[self.lock], minlength=len(self.weight)) > 0
        found: Booleans = ~self.ban & (~held[self.project] | self.lock)
        return found
