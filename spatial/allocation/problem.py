"""What is to be decided: projects, the sites that each may go to, the room that each takes there, what that is worth.

```
option      one project on one site: one to three adjoining parcels, and one source of space on each
share       0 or 1 of an option; anything between where its project may be split, or may take a part
room        Σ over options of   share × what the whole option takes of the room   ≤ capacity
placing     Σ over options of a project of  share  ≤ 1, = 1 where it must be placed
alone       no other project stands on a parcel on which an exclusive project stands
```
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from spatial.errors import ChengzaiError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
_Numbers = TypeVar("_Numbers", Floats, Booleans)

TAKEN = 1e-6
"""A share above this is taken; a smaller one is rounding."""

_FITS = 1e-9
"""How far an option may pass the room it needs, as a share of it, and still fit."""


class ProblemUnsound(ChengzaiError):
    code = "problem_unsound"
    says = {"zh-CN": "落位问题不成立：{reason}", "en": "The allocation problem does not hold together: {reason}"}
    cure = {
        "zh-CN": "容量、需求、价值与权重须为有限的数，前两者和权重不为负；同一项目与地块只列一次，不能既锁定又禁止",
        "en": "Capacity, need, value and weight are finite, all but value not negative; a pair stands once and is "
        "not both locked and forbidden",
    }


@dataclass(frozen=True)
class Limit:
    """At most so much of something over all options that are taken, however small their share: Σ worth ≤ at_most.

    Parameters
    ----------
    worth
        What each option counts once it is taken, shape (options,); it may be negative.
    """

    name: str
    worth: Floats
    at_most: float


@dataclass(frozen=True)
class Goal:
    """Something to make as large, or as small, as can be.

    The value of a plan is `constant` + Σ worth × share + Σ taken over options with a share
    + Σ opening over parcels that such options stand on.

    Parameters
    ----------
    worth
        Of the whole option, shape (options,).
    opening
        Once for every parcel that is stood on, shape (parcels,); 0 for parcels that are open already.
    taken
        Once for every option that is taken, however small its share, shape (options,).
    """

    name: str
    worth: Floats
    opening: Floats | None = None
    taken: Floats | None = None
    constant: float = 0.0
    maximise: bool = True


@dataclass(frozen=True)
class Problem:
    """An allocation problem; it checks itself when it is made.

    Parameters
    ----------
    capacity
        Of each room, shape (rooms,): whatever runs out, as the new or the vacant floor area of a parcel, the share of
        support of a parcel, the cap of a zone.
    project
        Of each option, shape (options,).
    need
        What counts as met when the whole project is there, shape (options,).
    value
        What placing the whole project there is worth, or costs, shape (options,).
    weight, must, splittable
        Of each project, shape (projects,). What may be split stands on any number of its options.
    partial
        Projects that may take a part on one option, shape (projects,).
    exclusive
        Projects that share none of their parcels with another project, shape (projects,).
    entry_option, entry_room, entry_amount
        What a whole option takes of a room, shape (entries,).
    stand_option, stand_parcel
        Parcels that an option stands on, shape (stands,).
    parcels
        How many parcels there are.
    locked
        Options that stand: the project is placed there, whole, or within its locked options where it may be split.
    forbidden
        Options that may not be taken.
    whole
        Options that are taken whole or not at all, even where the project could be split or take a part.
    limits
        All of them hold.
    maximise
        Whether value is worth or cost, for a problem that is solved without goals.

    Raises
    ------
    ProblemUnsound

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> problem.worth.tolist(), problem.entry_amount.tolist()
    ([6.0, 7.0], [6.0, 7.0])
    """

    capacity: Floats
    project: Integers
    need: Floats
    value: Floats
    weight: Floats
    must: Booleans
    splittable: Booleans
    entry_option: Integers
    entry_room: Integers
    entry_amount: Floats
    stand_option: Integers
    stand_parcel: Integers
    parcels: int
    partial: Booleans | None = None
    exclusive: Booleans | None = None
    locked: Booleans | None = None
    forbidden: Booleans | None = None
    whole: Booleans | None = None
    limits: tuple[Limit, ...] = ()
    maximise: bool = True

    @classmethod
    def plain(  # noqa: PLR0913  a pair of columns each
        cls,
        capacity: Floats,
        project: Integers,
        parcel: Integers,
        need: Floats,
        value: Floats,
        weight: Floats,
        must: Booleans,
        splittable: Booleans,
        locked: Booleans | None = None,
        forbidden: Booleans | None = None,
        *,
        maximise: bool = True,
    ) -> Problem:
        """A problem in which an option is one project on one parcel, and a parcel is one room."""
        if not len(project) == len(parcel) == len(need):
            raise ProblemUnsound(where="problem", reason="options")
        pairs = np.asarray(project) * max(len(capacity), 1) + np.asarray(parcel)
        if len(distinct(pairs)) != len(pairs):
            raise ProblemUnsound(where="problem", reason="pair × 2")
        each = np.arange(len(project))
        return cls(
            capacity=capacity, project=project, need=need, value=value, weight=weight, must=must,
            splittable=splittable, entry_option=each, entry_room=parcel, entry_amount=need, stand_option=each,
            stand_parcel=parcel, parcels=len(capacity), locked=locked, forbidden=forbidden, maximise=maximise,
        )  # fmt: skip

    def __post_init__(self) -> None:
        for names, count in (
            (("locked", "forbidden", "whole"), len(self.project)),
            (("partial", "exclusive"), len(self.weight)),
        ):
            for name in names:
                if getattr(self, name) is None:
                    object.__setattr__(self, name, np.zeros(count, dtype=bool))
        for ok, reason in self._checks():
            if not ok:
                raise ProblemUnsound(where="problem", reason=reason)

    def _checks(self) -> list[tuple[bool, str]]:
        options = (self.need, self.value, self.lock, self.ban, self.entire, *(one.worth for one in self.limits))
        projects = (self.must, self.splittable, self.part, self.alone)
        entries = (self.entry_room, self.entry_amount)
        sound = [
            (all(len(one) == len(self.project) for one in options), "options"),
            (all(len(one) == len(self.weight) for one in projects), "projects"),
            (all(len(one) == len(self.entry_option) for one in entries), "entries"),
            (len(self.stand_option) == len(self.stand_parcel), "stands"),
        ]
        if not all(ok for ok, _ in sound):
            return sound
        numbers = (self.capacity, self.need, self.value, self.weight, self.entry_amount)
        limits = (*(one.worth for one in self.limits), np.array([one.at_most for one in self.limits]))
        entry = self.entry_option * max(len(self.capacity), 1) + self.entry_room
        stand = self.stand_option * max(self.parcels, 1) + self.stand_parcel
        none_below = (self.capacity, self.need, self.weight, self.entry_amount)
        return [
            *sound,
            (all(bool(np.isfinite(one).all()) for one in (*numbers, *limits)), "NaN, ∞"),
            (all(bool((one >= 0).all()) for one in none_below), "< 0"),
            (_within(self.project, len(self.weight)), "project"),
            (_within(self.entry_option, len(self.project)), "entry: option"),
            (_within(self.entry_room, len(self.capacity)), "entry: room"),
            (_within(self.stand_option, len(self.project)), "stand: option"),
            (_within(self.stand_parcel, self.parcels), "stand: parcel"),
            (len(distinct(entry)) == len(entry), "entry × 2"),
            (len(distinct(stand)) == len(stand), "stand × 2"),
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
    def entire(self) -> Booleans:
        """Options marked as taken whole or not at all, shape (options,)."""
        assert self.whole is not None  # noqa: S101  set when it is made
        return self.whole

    @property
    def part(self) -> Booleans:
        """Projects that may take a part on one option, shape (projects,)."""
        assert self.partial is not None  # noqa: S101  set when it is made
        return self.partial

    @property
    def alone(self) -> Booleans:
        """Projects that stand alone on their parcels, shape (projects,)."""
        assert self.exclusive is not None  # noqa: S101  set when it is made
        return self.exclusive

    @cached_property
    def worth(self) -> Floats:
        """Weight × value of each option, shape (options,)."""
        return _kept(self.weight[self.project] * self.value)

    @cached_property
    def in_part(self) -> Booleans:
        """Options whose share may lie between 0 and 1, shape (options,)."""
        return _kept((self.splittable | self.part)[self.project] & ~self.entire)

    @cached_property
    def open(self) -> Booleans:
        """Options that may be taken, shape (options,): not forbidden, and no other of the project is locked."""
        held = np.bincount(self.project[self.lock], minlength=len(self.weight)) > 0
        return _kept(~self.ban & (~held[self.project] | self.lock))

    @cached_property
    def fits(self) -> Booleans:
        """Options that fit into empty rooms, or could in part, shape (options,)."""
        room = self.capacity[self.entry_room]
        part = self.in_part[self.entry_option]
        bad = np.where(part, (room <= 0) & (self.entry_amount > 0), self.entry_amount > room * (1 + _FITS))
        return _kept(np.bincount(self.entry_option[bad], minlength=len(self.project)) == 0)

    @cached_property
    def must_stand(self) -> Booleans:
        """Projects that have to be placed, shape (projects,): they must, or one of their options is locked."""
        return _kept(self.must | (np.bincount(self.project[self.lock], minlength=len(self.weight)) > 0))

    def goals(self) -> tuple[Goal, ...]:
        """The one goal of a problem that is solved without any: weight × value."""
        return (Goal("value", self.worth, maximise=self.maximise),)

    def without(self, *limits: str) -> Problem:
        """The problem without the limits of these names."""
        return replace(self, limits=tuple(one for one in self.limits if one.name not in limits))


def distinct(keys: Integers) -> Integers:
    """Each key once, ascending; by sorting, which is ten times as quick here as the table of `np.unique`.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    order = np.sort(keys)
    found: Integers = order[np.diff(order, prepend=order[:1] - 1) != 0]
    return found


def _kept(found: _Numbers) -> _Numbers:
    """What a problem works out once, for all who ask: nobody writes into it."""
    found.setflags(write=False)
    return found


def _within(places: Integers, count: int) -> bool:
    return bool(((places >= 0) & (places < count)).all())
