"""The mixed-integer program of a problem: a column for each option, a row for each room and each project.

Exclusive use needs few rows of its own. Where all who take of a room stand on one parcel, a project that stands there
alone weighs the whole room, whatever it takes of it; that keeps everybody else out and is the strongest row there is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from spatial.allocation.problem import TAKEN, Booleans, Floats, Goal, Integers, Problem, distinct

LEAST = 1e-5
"""The smallest share that the program takes where somebody would gain by an option being taken at all."""

_SURE = 1e-2
"""What takes less than this of a room is kept out of it by a row of its own: the solver might not see it."""

_DUST = 1e-7
"""A share that is the solver's rounding."""


@dataclass
class _Rows:
    """Rows as they come, each block numbered from 0."""

    row: list[Integers] = field(default_factory=list)
    column: list[Integers] = field(default_factory=list)
    number: list[Floats] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)
    count: int = 0

    def add(self, row: Integers, column: Integers, number: Floats, lower: Floats, upper: Floats) -> None:
        self.row.append(np.asarray(row, dtype=np.int64) + self.count)
        self.column.append(np.asarray(column, dtype=np.int64))
        self.number.append(np.asarray(number, dtype=float))
        self.lower.append(np.asarray(lower, dtype=float))
        self.upper.append(np.asarray(upper, dtype=float))
        self.count += len(lower)

    def below(self, small: Integers, large: Integers) -> None:
        """Column small ≤ column large, pair by pair."""
        each = np.arange(len(small))
        ones = np.ones(len(small))
        self.add(
            np.concatenate([each, each]), np.concatenate([small, large]), np.concatenate([ones, -ones]),
            np.full(len(small), -np.inf), np.zeros(len(small)),
        )  # fmt: skip


@dataclass(frozen=True)
class Model:
    """Columns: a share for each usable option, then whether it is taken, who holds a parcel alone, parcels opened.

    Parameters
    ----------
    usable
        Option of each of the first columns.
    taken
        Column that says whether such an option is taken: its own where its share is 0 or 1.
    holder, held
        Project and parcel of each column that says who holds a parcel alone.
    opened
        Parcel of each column that says that somebody stands there.
    cost
        Worth of each column in each goal, to be made large, shape (goals, columns); `constant` comes on top.
    start, index, number
        The rows, column by column.
    """

    usable: Integers
    taken: Integers
    holder: Integers
    held: Integers
    opened: Integers
    whole: Booleans
    cost: Floats
    constant: Floats
    start: Integers
    index: Integers
    number: Floats
    lower: Floats
    upper: Floats

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.whole)

    def share(self, problem: Problem, values: Floats) -> Floats:
        """The plan that the columns say, shape (options,)."""
        own = np.clip(values[: len(self.usable)], 0.0, 1.0)
        own = np.where(self.whole[: len(self.usable)], np.round(own), own)
        found = np.zeros(len(problem.project))
        found[self.usable] = np.where(own > _DUST, own, 0.0)
        return found

    def values(self, problem: Problem, share: Floats) -> Floats:
        """The columns that say a plan, shape (columns,)."""
        found = np.zeros(self.columns)
        found[: len(self.usable)] = share[self.usable]
        extra = self.taken >= len(self.usable)
        found[self.taken[extra]] = share[self.usable[extra]] > TAKEN
        here = share[problem.stand_option] > TAKEN
        parcel, project = problem.stand_parcel[here], problem.project[problem.stand_option[here]]
        first = self.columns - len(self.opened) - len(self.held)
        keys = self.held * len(problem.weight) + self.holder
        found[first : first + len(keys)] = np.isin(keys, parcel * len(problem.weight) + project)
        found[first + len(keys) :] = np.isin(self.opened, parcel)
        return found


def build(problem: Problem, goals: tuple[Goal, ...]) -> Model:
    """The program in which every goal is a cost over the columns."""
    usable = np.flatnonzero(problem.open & problem.fits)
    project = problem.project[usable]
    place = np.full(len(problem.project), -1)
    place[usable] = np.arange(len(usable))
    here = place[problem.stand_option] >= 0
    stand, parcel = place[problem.stand_option[here]], problem.stand_parcel[here]
    gains, counts = _counted(problem, goals)
    split = problem.splittable[project]
    part = problem.in_part[usable]
    extra = part & (counts[usable] | (problem.part[project] & ~split))
    taken = np.arange(len(usable))
    taken[extra] = len(usable) + np.arange(int(extra.sum()))
    count = len(usable) + int(extra.sum())
    # a project that may be split and stands alone holds a parcel by one column for all of its options there
    lone = problem.alone[project]
    pairs = distinct(parcel[(lone & split)[stand]] * len(problem.weight) + project[stand[(lone & split)[stand]]])
    held, holder = np.divmod(pairs, max(len(problem.weight), 1))
    opening = _opening(problem, goals)
    opened = np.flatnonzero((opening != 0).any(axis=0) & _marked(parcel, problem.parcels))
    rows = _Rows()
    alone = _Alone(problem, usable, taken, stand, parcel, pairs, count)
    _placing(rows, problem, project, taken)
    owner = alone.rooms(rows)
    alone.apart(rows, owner)
    _taken(rows, taken, np.flatnonzero(extra), (gains[usable] & extra).nonzero()[0])
    _limits(rows, problem, usable, taken)
    first = count + len(pairs)
    gain = np.asarray((opening[:, opened] > 0).any(axis=0))
    _opened(rows, opened, gain, first, (stand, parcel, project, taken, split))
    columns = first + len(opened)
    cost = np.zeros((len(goals), columns))
    for number, goal in enumerate(goals):
        sign = 1.0 if goal.maximise else -1.0
        cost[number, : len(usable)] += sign * goal.worth[usable]
        if goal.taken is not None:
            np.add.at(cost[number], taken, sign * goal.taken[usable])
        cost[number, first:] += opening[number, opened]
    start, index, number_ = _by_column(rows, columns)
    return Model(
        usable=usable, taken=taken, holder=holder, held=held, opened=opened,
        whole=np.concatenate([~part, np.ones(columns - len(usable), dtype=bool)]),
        cost=cost, constant=np.array([(1.0 if one.maximise else -1.0) * one.constant for one in goals]),
        start=start, index=index, number=number_,
        lower=np.concatenate(rows.lower), upper=np.concatenate(rows.upper),
    )  # fmt: skip


def _marked(places: Integers, count: int) -> Booleans:
    """Which of so many are among some places."""
    found = np.zeros(count, dtype=bool)
    found[places] = True
    return found


def _by_column(rows: _Rows, columns: int) -> tuple[Integers, Integers, Floats]:
    row, column, number = np.concatenate(rows.row), np.concatenate(rows.column), np.concatenate(rows.number)
    order = np.lexsort((row, column))
    start = np.concatenate([[0], np.cumsum(np.bincount(column, minlength=columns))])
    return start, row[order], number[order]


def _opening(problem: Problem, goals: tuple[Goal, ...]) -> Floats:
    """What opening a parcel is worth in each goal, to be made large, shape (goals, parcels)."""
    found = np.zeros((len(goals), problem.parcels))
    for number, goal in enumerate(goals):
        if goal.opening is not None:
            found[number] = goal.opening if goal.maximise else -goal.opening
    return found


def _counted(problem: Problem, goals: tuple[Goal, ...]) -> tuple[Booleans, Booleans]:
    """Options that gain by being taken at all, and options of which somebody asks whether they are taken."""
    told = [(one.taken if one.maximise else -one.taken) for one in goals if one.taken is not None]
    told += [-one.worth for one in problem.limits]
    opening = _opening(problem, goals)[:, problem.stand_parcel]
    gains, counts = np.zeros(len(problem.project), dtype=bool), np.zeros(len(problem.project), dtype=bool)
    for worth in told:
        gains |= worth > 0
        counts |= worth != 0
    gains[problem.stand_option[(opening > 0).any(axis=0)]] = True
    counts[problem.stand_option[(opening != 0).any(axis=0)]] = True
    return gains, counts


def _placing(rows: _Rows, problem: Problem, project: Integers, taken: Integers) -> None:
    """A project is placed once, on one option unless it may be split."""
    each = np.arange(len(project))
    must = np.where(problem.must_stand, 1.0, 0.0)
    rows.add(project, each, np.ones(len(project)), must, np.ones(len(problem.weight)))
    one = np.bincount(project[taken != each], minlength=len(problem.weight)) > 0
    one &= ~problem.splittable
    number = np.cumsum(one) - 1
    mine = one[project]
    rows.add(
        number[project[mine]], taken[mine], np.ones(int(mine.sum())), np.full(int(one.sum()), -np.inf),
        np.ones(int(one.sum())),
    )  # fmt: skip


def _taken(rows: _Rows, taken: Integers, extra: Integers, gains: Integers) -> None:
    """An option of which a part is taken is taken."""
    rows.below(extra, taken[extra])
    each = np.arange(len(gains))
    rows.add(
        np.concatenate([each, each]), np.concatenate([taken[gains], gains]),
        np.concatenate([np.full(len(gains), LEAST), -np.ones(len(gains))]), np.full(len(gains), -np.inf),
        np.zeros(len(gains)),
    )  # fmt: skip


def _limits(rows: _Rows, problem: Problem, usable: Integers, taken: Integers) -> None:
    for limit in problem.limits:
        worth = limit.worth[usable]
        some = np.flatnonzero(worth)
        scale = float(np.abs(worth).max(initial=0.0)) or 1.0
        rows.add(
            np.zeros(len(some), dtype=np.int64), taken[some], worth[some] / scale, np.array([-np.inf]),
            np.array([limit.at_most / scale]),
        )  # fmt: skip


def _opened(
    rows: _Rows, opened: Integers, gain: Booleans, first: int,
    there: tuple[Integers, Integers, Integers, Integers, Booleans],
) -> None:  # fmt: skip
    """A parcel is opened by each project that stands on it, and where opening is a gain by nobody else."""
    stand, parcel, project, taken, split = there
    if not len(opened):
        return
    spot = np.searchsorted(opened, parcel)
    mine = (spot < len(opened)) & (opened[np.minimum(spot, len(opened) - 1)] == parcel)
    stand, spot = stand[mine], spot[mine]
    # of the options of one project at most one stands here, so they share a row; those that are split do not
    several = split[stand]
    key = np.where(several, len(opened) * (int(project.max(initial=0)) + 1) + np.arange(len(stand)),
                   project[stand] * len(opened) + spot)  # fmt: skip
    keys, at, row = np.unique(key, return_index=True, return_inverse=True)
    rows.add(
        np.concatenate([row, np.arange(len(keys))]), np.concatenate([taken[stand], first + spot[at]]),
        np.concatenate([np.ones(len(stand)), -np.ones(len(keys))]), np.full(len(keys), -np.inf), np.zeros(len(keys)),
    )  # fmt: skip
    number = np.cumsum(gain) - 1
    some = gain[spot]
    ends = np.flatnonzero(gain)
    rows.add(
        np.concatenate([number[spot[some]], np.arange(len(ends))]),
        np.concatenate([taken[stand[some]], first + ends]),
        np.concatenate([-np.ones(int(some.sum())), np.ones(len(ends))]), np.full(len(ends), -np.inf),
        np.zeros(len(ends)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Alone:
    """Rooms, and who may stand beside whom."""

    problem: Problem
    usable: Integers
    taken: Integers
    stand: Integers
    parcel: Integers
    pairs: Integers
    first: int

    @property
    def project(self) -> Integers:
        return self.problem.project[self.usable]

    @property
    def lone(self) -> Booleans:
        found: Booleans = self.problem.alone[self.project]
        return found

    def presence(self) -> tuple[Integers, Integers]:
        """Parcel and column for everybody who might stand somewhere alone."""
        simple = self.lone[self.stand] & ~self.problem.splittable[self.project[self.stand]]
        held = self.pairs // max(len(self.problem.weight), 1)
        return (
            np.concatenate([self.parcel[simple], held]),
            np.concatenate([self.taken[self.stand[simple]], self.first + np.arange(len(self.pairs))]),
        )

    def entries(self) -> tuple[Integers, Integers, Floats]:
        """Column, room and share of the room that it takes, for all that take something."""
        problem = self.problem
        place = np.full(len(problem.project), -1)
        place[self.usable] = np.arange(len(self.usable))
        some = (place[problem.entry_option] >= 0) & (problem.entry_amount > 0)
        room = problem.entry_room[some]
        # a row is divided by its capacity, so that the solver's tolerance is a share of it
        return place[problem.entry_option[some]], room, problem.entry_amount[some] / problem.capacity[room]

    def owners(self, column: Integers, room: Integers) -> Integers:
        """The parcel on which everybody stands who takes of a room, −1 where there is none, shape (rooms,)."""
        found = np.full(len(self.problem.capacity), -1)
        order = np.argsort(self.stand, kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(self.stand, minlength=len(self.usable)))])
        many = ends[column + 1] - ends[column]
        at = np.repeat(ends[column] - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
        where = self.parcel[order[at]]
        keys, times = np.unique(np.repeat(room, many) * max(self.problem.parcels, 1) + where, return_counts=True)
        rooms, parcels = np.divmod(keys, max(self.problem.parcels, 1))
        full = times == np.bincount(room, minlength=len(found))[rooms]
        found[rooms[full]] = parcels[full]
        return found

    def rooms(self, rows: _Rows) -> Integers:
        """The rows of the rooms; gives the parcel that owns each room, shape (rooms,)."""
        column, room, part = self.entries()
        owner = self.owners(column, room)
        parcel, presence = self.presence()
        owner[~_marked(parcel, max(self.problem.parcels, 1))[owner]] = -1
        inside = self.lone[column] & (owner[room] >= 0)
        order = np.argsort(parcel, kind="stable")
        owned = np.flatnonzero(owner >= 0)
        low = np.searchsorted(parcel[order], owner[owned], side="left")
        many = np.searchsorted(parcel[order], owner[owned], side="right") - low
        at = np.repeat(low - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
        lifted = presence[order[at]]
        number = np.full(len(owner), -1)
        used = np.flatnonzero(_marked(room, len(owner)) | (owner >= 0))
        number[used] = np.arange(len(used))
        rows.add(
            np.concatenate([number[room[~inside]], number[np.repeat(owned, many)]]),
            np.concatenate([column[~inside], lifted]), np.concatenate([part[~inside], np.ones(len(lifted))]),
            np.full(len(used), -np.inf), np.ones(len(used)),
        )  # fmt: skip
        self._inside(rows, (column[inside], room[inside], part[inside]), owner)
        return owner

    def _inside(self, rows: _Rows, entries: tuple[Integers, Integers, Floats], owner: Integers) -> None:
        """What somebody who stands alone takes in part stays within the room as well."""
        column, room, part = entries
        split = self.problem.splittable[self.project[column]]
        tight = (part > 1) & ~split & (self.taken[column] != column)
        each = np.arange(int(tight.sum()))
        rows.add(
            np.concatenate([each, each]), np.concatenate([column[tight], self.taken[column[tight]]]),
            np.concatenate([part[tight], -np.ones(len(each))]), np.full(len(each), -np.inf), np.zeros(len(each)),
        )  # fmt: skip
        key = self.project[column[split]] * max(len(owner), 1) + room[split]
        keys, row = np.unique(key, return_inverse=True)
        project, rooms = np.divmod(keys, max(len(owner), 1))
        pair = np.searchsorted(self.pairs, owner[rooms] * len(self.problem.weight) + project)
        rows.add(
            np.concatenate([row, np.arange(len(keys))]), np.concatenate([column[split], self.first + pair]),
            np.concatenate([part[split], -np.ones(len(keys))]), np.full(len(keys), -np.inf), np.zeros(len(keys)),
        )  # fmt: skip

    def apart(self, rows: _Rows, owner: Integers) -> None:
        """Nobody stands where somebody stands alone, whatever room they take."""
        problem = self.problem
        mine = np.flatnonzero((self.lone & problem.splittable[self.project])[self.stand])
        key = self.parcel[mine] * len(problem.weight) + self.project[self.stand[mine]]
        rows.below(self.stand[mine], self.first + np.searchsorted(self.pairs, key))
        parcel, presence = self.presence()
        column, room, part = self.entries()
        sure = (owner[room] >= 0) & (part >= _SURE)
        kept = distinct(owner[room[sure]] * max(len(self.usable), 1) + column[sure])
        there = _marked(parcel, problem.parcels)
        shared = np.flatnonzero(~self.lone[self.stand] & there[self.parcel])
        seen = self.parcel[shared] * max(len(self.usable), 1) + self.stand[shared]
        at = np.minimum(np.searchsorted(kept, seen), len(kept) - 1)
        shared = shared[kept[at] != seen] if len(kept) else shared
        free = np.flatnonzero(there & ~_marked(owner[owner >= 0], problem.parcels))
        # a row for each who shares, and one for each parcel that no room guards
        where = np.concatenate([self.parcel[shared], free])
        order = np.argsort(parcel, kind="stable")
        low = np.searchsorted(parcel[order], where, side="left")
        many = np.searchsorted(parcel[order], where, side="right") - low
        at = np.repeat(low - np.cumsum(many) + many, many) + np.arange(int(many.sum()))
        rows.add(
            np.concatenate([np.arange(len(shared)), np.repeat(np.arange(len(where)), many)]),
            np.concatenate([self.taken[self.stand[shared]], presence[order[at]]]),
            np.ones(len(shared) + len(at)), np.full(len(where), -np.inf), np.ones(len(where)),
        )  # fmt: skip
