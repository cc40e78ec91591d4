"""A plan at once: projects are placed one after the other, first the one that would miss its second choice most.

The plan is sound, and good; it is not proved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from spatial.allocation.plan import never
from spatial.allocation.problem import Booleans, Floats, Goal, Integers, Problem

_STEP = 1e-4
"""What a goal counts against the one before it."""

_ROOM = 1e-9
"""How far a room may be passed, as a share of it: rounding."""


def construct(
    problem: Problem, goals: tuple[Goal, ...], start: Floats | None = None, over: Callable[[], bool] = never
) -> Floats | None:
    """A good plan; None where none was met, which does not prove that there is none.

    Parameters
    ----------
    start
        A plan to begin with, shape (options,): what of it is sound in its order stays.
    over
        Asked after each project; once it says yes, nobody else is placed who need not be.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> construct(problem, problem.goals()).tolist()
    [0.0, 1.0]
    """
    draft = _Draft.of(problem, goals)
    if start is not None:
        draft.begin(start)
    draft.meet_limits()
    draft.insert(np.flatnonzero(draft.must & (draft.at < 0)), never)
    draft.insert(np.flatnonzero(draft.at < 0), over)
    return draft.plan()


@dataclass
class _Lists:
    """Members of each of many owners, one owner after the other."""

    first: Integers
    member: Integers

    @classmethod
    def of(cls, owner: Integers, owners: int, member: Integers | None = None) -> _Lists:
        order = np.argsort(owner, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=owners))])
        return cls(first, order if member is None else member[order])

    def one(self, owner: int) -> Integers:
        found: Integers = self.member[self.first[owner] : self.first[owner + 1]]
        return found

    def many(self, owners: Integers) -> tuple[Integers, Integers]:
        """Which of the owners, and the member, for all members."""
        count = self.first[owners + 1] - self.first[owners]
        at = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        return np.repeat(np.arange(len(owners)), count), self.member[np.repeat(self.first[owners], count) + at]


@dataclass
class _Draft:
    """A plan in the making: where each project is, and what is left of everything.

    Parameters
    ----------
    at
        Option that each project is on, −1 where it is on none.
    gain
        What an option counts, all goals in one figure, without what opening parcels counts.
    """

    problem: Problem
    gain: Floats
    opening: Floats
    may: Booleans
    must: Booleans
    options: _Lists
    entries: _Lists
    stands: _Lists
    at: Integers
    left: Floats
    slack: Floats
    people: Integers
    alone: Integers
    limits: Floats
    spare: Floats
    close: tuple[_Lists, _Lists] = field(init=False)
    less: Floats = field(init=False)

    @classmethod
    def of(cls, problem: Problem, goals: tuple[Goal, ...]) -> _Draft:
        gain, opening = _one_figure(problem, goals)
        count, projects = len(problem.project), len(problem.weight)
        may = problem.open & _fit_whole(problem)
        usable = np.flatnonzero(may)
        # the best first, so that a few of each project can be looked at
        usable = usable[np.argsort(-gain[usable], kind="stable")]
        return cls(
            problem=problem, gain=gain, opening=opening, may=may, must=problem.must_stand,
            options=_Lists.of(problem.project[usable], projects, usable),
            entries=_Lists.of(problem.entry_option, count),
            stands=_Lists.of(problem.stand_option, count, problem.stand_parcel),
            at=np.full(projects, -1), left=problem.capacity.copy(), slack=problem.capacity * _ROOM,
            people=np.zeros(problem.parcels, dtype=np.int64), alone=np.zeros(problem.parcels, dtype=np.int64),
            limits=np.array([one.worth for one in problem.limits]).reshape(len(problem.limits), count),
            spare=np.array([one.at_most for one in problem.limits], dtype=float),
        )  # fmt: skip

    def __post_init__(self) -> None:
        problem = self.problem
        used = np.flatnonzero(self.may[problem.entry_option])
        # within a room by amount, the largest first: what no longer fits is the beginning
        used = used[np.argsort(-problem.entry_amount[used], kind="stable")]
        by_room = _Lists.of(problem.entry_room[used], len(problem.capacity), used)
        self.less = -problem.entry_amount[by_room.member]
        there = np.flatnonzero(self.may[problem.stand_option])
        self.close = (by_room, _Lists.of(problem.stand_parcel[there], problem.parcels, problem.stand_option[there]))

    def sound(self, options: Integers) -> Booleans:
        """Which of the options, all of projects that are nowhere, could be taken now."""
        problem = self.problem
        row, entry = self.entries.many(options)
        room = problem.entry_room[entry]
        bad = problem.entry_amount[entry] > self.left[room] + self.slack[room]
        found: Booleans = np.bincount(row[bad], minlength=len(options)) == 0
        row, parcel = self.stands.many(options)
        lone = problem.alone[problem.project[options]][row]
        shut = np.where(lone, self.people[parcel] > 0, self.alone[parcel] > 0)
        found &= np.bincount(row[shut], minlength=len(options)) == 0
        for worth, spare in zip(self.limits, self.spare, strict=True):
            found &= (worth[options] <= spare + _ROOM) | (worth[options] <= 0)
        return found

    def score(self, options: Integers) -> Floats:
        """What taking each option counts now."""
        if not self.opening.any():
            return self.gain[options]
        row, parcel = self.stands.many(options)
        return self.gain[options] + np.bincount(
            row, self.opening[parcel] * (self.people[parcel] == 0), minlength=len(options)
        )

    def place(self, option: int) -> None:
        """Put a project on an option."""
        problem = self.problem
        project = int(problem.project[option])
        entry, parcel = self.entries.one(option), self.stands.one(option)
        self.left[problem.entry_room[entry]] -= problem.entry_amount[entry]
        self.people[parcel] += 1
        self.alone[parcel] += int(problem.alone[project])
        if len(self.spare):
            self.spare -= self.limits[:, option]
        self.at[project] = option

    def begin(self, share: Floats) -> None:
        """What a plan takes whole, those who must stand first."""
        taken = np.flatnonzero((share > 0) & ~self.problem.in_part)
        for option in taken[np.argsort(~self.must[self.problem.project[taken]], kind="stable")].tolist():
            if self.sound(np.array([option]))[0] and self.at[self.problem.project[option]] < 0:
                self.place(option)

    def meet_limits(self) -> None:
        """Where a limit asks for something to be taken, take it."""
        for number in range(len(self.spare)):
            helps = np.flatnonzero((self.limits[number] < 0) & self.may)
            helps = helps[np.argsort(-self.score(helps), kind="stable")]
            for option in helps.tolist():
                if self.spare[number] >= -_ROOM:
                    break
                if self.at[self.problem.project[option]] < 0 and self.sound(np.array([option]))[0]:
                    self.place(option)

    def insert(self, projects: Integers, over: Callable[[], bool]) -> None:
        """Place projects, each time the one that would miss its second choice most."""
        race = _Race(self, projects)
        while not over():
            option = race.next()
            if option < 0:
                return
            self.place(option)
            race.placed(option)

    def plan(self) -> Floats | None:
        """The shares, with parts of what may take a part and stands nowhere whole."""
        problem = self.problem
        share = np.zeros(len(problem.project))
        share[self.at[self.at >= 0]] = 1.0
        parts = np.flatnonzero(problem.open & problem.in_part)
        fill = _Fill(self, share, _Lists.of(problem.project[parts], len(problem.weight), parts))
        for project in np.flatnonzero((self.at < 0) & (problem.splittable | problem.part)).tolist():
            fill.project(project)
        met = np.bincount(problem.project, share, minlength=len(problem.weight))
        sound = (self.spare >= -_ROOM).all() and (met[self.must] > 1 - _ROOM).all()
        return share if sound else None


class _Race:
    """Which project is placed next, kept up to date where a placing changes something: its own rooms and parcels.

    Options stand project by project. What a project would miss follows from its best, its second and how many it has.
    """

    def __init__(self, draft: _Draft, projects: Integers) -> None:
        self.draft, problem = draft, draft.problem
        which, options = draft.options.many(projects)
        sound = draft.sound(options)
        self.options, which = options[sound], which[sound]
        self.projects, self.which, self.count = np.unique(which, return_inverse=True, return_counts=True)
        self.projects = projects[self.projects]
        self.must = draft.must[self.projects]
        self.first = np.cumsum(self.count) - self.count
        self.size = self.count.copy()
        self.worth = draft.score(self.options)
        self.alive = np.ones(len(self.options), dtype=bool)
        self.place = np.full(len(problem.project), -1)
        self.place[self.options] = np.arange(len(self.options))
        # of each room, who is looked at next when it fills; of each limit, who has not reached it
        self.seen = draft.close[0].first[:-1].copy()
        self.capped = [np.flatnonzero(worth[self.options] > 0) for worth in draft.limits]
        self.best, self.second, self.miss = (np.zeros(len(self.projects)) for _ in range(3))
        self.top, self.next_top = (np.zeros(len(self.projects), dtype=np.int64) for _ in range(2))
        self._look(np.arange(len(self.projects)))

    def next(self) -> int:
        """The option to be taken now, −1 where there is none."""
        if not len(self.miss):
            return -1
        project = int(np.argmax(self.miss))
        return -1 if self.miss[project] == -np.inf else int(self.options[self.top[project]])

    def placed(self, option: int) -> None:
        """One is placed: its project is done, and what it closes or opens changes for others."""
        project = self.which[self.place[option]]
        self.alive[self.first[project] : self.first[project] + self.size[project]] = False
        self.count[project], self.miss[project] = 0, -np.inf
        gone = self._gone(option)
        lost = self.which[gone]
        fewer = np.bincount(lost, minlength=len(self.count))
        self.count -= fewer
        again = self._opened(option)
        again[lost[(gone == self.top[lost]) | (gone == self.next_top[lost])]] = True
        self._value(np.flatnonzero((fewer > 0) & ~again))
        self._look(np.flatnonzero(again & (self.count > 0)))
        self.miss[again & (self.count == 0)] = -np.inf

    def _gone(self, option: int) -> Integers:
        """Places of options that can no longer be taken from now on."""
        draft, problem = self.draft, self.draft.problem
        by_room, by_parcel = draft.close
        found = []

        def close(places: Integers) -> None:
            places = places[places >= 0]
            places = places[self.alive[places]]
            self.alive[places] = False
            found.append(places)

        for room in problem.entry_room[draft.entries.one(option)].tolist():
            # those that take most are at the beginning
            begin, end = self.seen[room], by_room.first[room + 1]
            least = -(draft.left[room] + draft.slack[room])
            last = begin + np.searchsorted(draft.less[begin:end], least, side="left")
            self.seen[room] = last
            close(self.place[problem.entry_option[by_room.member[begin:last]]])
        for parcel in draft.stands.one(option).tolist():
            there = by_parcel.one(parcel)
            close(self.place[there[problem.alone[problem.project[there]] | (draft.alone[parcel] > 0)]])
        for number, spare in enumerate(draft.spare.tolist()):
            mine = self.capped[number]
            over = draft.limits[number][self.options[mine]] > spare + _ROOM
            self.capped[number] = mine[~over]
            close(mine[over])
        return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)

    def _opened(self, option: int) -> Booleans:
        """Projects for which something counts otherwise now that an option has opened its parcels."""
        draft = self.draft
        found = np.zeros(len(self.count), dtype=bool)
        for parcel in draft.stands.one(option).tolist():
            if draft.people[parcel] == 1 and draft.opening[parcel]:
                places = self.place[draft.close[1].one(parcel)]
                places = places[places >= 0]
                self.worth[places] -= draft.opening[parcel]
                found[self.which[places[self.alive[places]]]] = True
        return found

    def _look(self, projects: Integers) -> None:
        """The best and the second of some projects that have options left, anew."""
        if not len(projects):
            return
        size = self.size[projects]
        starts = np.cumsum(size) - size
        at = np.arange(int(size.sum())) + np.repeat(self.first[projects] - starts, size)
        worth = np.where(self.alive[at], self.worth[at], -np.inf)
        self.best[projects], first = _largest(worth, starts, size)
        worth[first] = -np.inf
        self.second[projects], second = _largest(worth, starts, size)
        self.top[projects], self.next_top[projects] = at[first], at[second]
        self._value(projects)

    def _value(self, projects: Integers) -> None:
        """What some projects would miss."""
        best, second, count, must = (
            self.best[projects], self.second[projects], self.count[projects], self.must[projects],
        )  # fmt: skip
        last = np.where(must, np.minimum(best, 0.0) - 1.0, 0.0)
        miss = best - np.where(np.isfinite(second), second, last) + np.abs(best) / np.maximum(count, 1)
        self.miss[projects] = np.where((count > 0) & ((best > 0) | must), miss, -np.inf)


def _largest(numbers: Floats, starts: Integers, size: Integers) -> tuple[Floats, Integers]:
    """The largest of each run of numbers, and the first place where it stands."""
    most = np.maximum.reduceat(numbers, starts)
    there = np.flatnonzero(numbers == np.repeat(most, size))
    return most, there[np.searchsorted(there, starts)]


@dataclass
class _Fill:
    """Parts of projects put into what is left."""

    draft: _Draft
    share: Floats
    options: _Lists

    def project(self, project: int) -> None:
        draft, problem = self.draft, self.draft.problem
        mine = self.options.one(project)
        mine = mine[np.argsort(-draft.gain[mine], kind="stable")]
        missing, parts = 1.0, []
        for option in mine.tolist():
            if missing <= 0 or (draft.gain[option] <= 0 and not draft.must[project]):
                break
            part = min(missing, self._part(option, project))
            if part > 1e-3 or part == missing:
                parts.append((option, part))
                self._take(option, part, project)
                missing -= part
            if not problem.splittable[project]:
                break
        if missing > _ROOM and draft.must[project]:
            for option, part in parts:
                self._take(option, -part, project)

    def _part(self, option: int, project: int) -> float:
        """How much of the whole option there is room for."""
        draft, problem = self.draft, self.draft.problem
        parcel = draft.stands.one(option)
        others = draft.people[parcel] if problem.alone[project] else draft.alone[parcel]
        passed = draft.limits[:, option] > np.maximum(draft.spare, 0.0) + _ROOM
        if others.any() or passed.any():
            return 0.0
        entry = draft.entries.one(option)
        amount, left = problem.entry_amount[entry], np.maximum(draft.left[problem.entry_room[entry]], 0.0)
        some = amount > 0
        return float(np.min(left[some] / amount[some], initial=1.0))

    def _take(self, option: int, part: float, project: int) -> None:
        draft, problem = self.draft, self.draft.problem
        sign = 1 if part > 0 else -1
        entry, parcel = draft.entries.one(option), draft.stands.one(option)
        draft.left[problem.entry_room[entry]] -= part * problem.entry_amount[entry]
        draft.people[parcel] += sign
        draft.alone[parcel] += sign * int(problem.alone[project])
        if len(draft.spare):
            draft.spare -= sign * draft.limits[:, option]
        self.share[option] += part


def _fit_whole(problem: Problem) -> Booleans:
    """Options that fit whole into empty rooms, shape (options,)."""
    bad = problem.entry_amount > problem.capacity[problem.entry_room] * (1 + _ROOM)
    found: Booleans = np.bincount(problem.entry_option[bad], minlength=len(problem.project)) == 0
    return found


def _one_figure(problem: Problem, goals: tuple[Goal, ...]) -> tuple[Floats, Floats]:
    """What each option and each opened parcel counts, a goal far less than the one before it."""
    gain, opening = np.zeros(len(problem.project)), np.zeros(problem.parcels)
    for number, goal in enumerate(goals):
        sign = 1.0 if goal.maximise else -1.0
        worth = goal.worth if goal.taken is None else goal.worth + goal.taken
        open_ = np.zeros(problem.parcels) if goal.opening is None else goal.opening
        scale = max(float(np.abs(worth).max(initial=0.0)), float(np.abs(open_).max(initial=0.0))) or 1.0
        gain += sign * worth * _STEP**number / scale
        opening += sign * open_ * _STEP**number / scale
    return gain, opening
