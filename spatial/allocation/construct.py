"""A plan at once: projects are placed where they would miss their second choice most, then parts are done again.

The plan is sound, and good; it is not proved. What is taken out and placed again stands in one another's way: that
covers moving one, changing two over, and chains in which one pushes another on.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from spatial.allocation.problem import Booleans, Floats, Goal, Integers, Problem

_STEP = 1e-4
"""What a goal counts against the one before it."""

_ROOM = 1e-9
"""How far a room may be passed, as a share of it: rounding."""

_CHOICES = 48
"""Options of one project that are looked at when it is placed again."""

_AGAIN = (3, 14)
"""How many projects are taken out at a time."""


def construct(
    problem: Problem, goals: tuple[Goal, ...], seed: int = 0, seconds: float = 1.0, start: Floats | None = None
) -> Floats | None:
    """A good plan within a time; None where none was met, which does not prove that there is none.

    Parameters
    ----------
    start
        A plan to begin with, shape (options,).

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> construct(problem, problem.goals()).tolist()
    [0.0, 1.0]
    """
    ends = time.perf_counter() + seconds
    chance = np.random.default_rng(seed)
    draft = _Draft.of(problem, goals)
    if start is not None:
        for option in np.flatnonzero((start > 0) & ~problem.in_part).tolist():
            if draft.sound(np.array([option]))[0] and draft.at[problem.project[option]] < 0:
                draft.place(option)
    draft.meet_limits()
    draft.insert(np.flatnonzero(draft.must & (draft.at < 0)), chance, 0.0)
    draft.insert(np.flatnonzero(draft.at < 0), chance, 0.0)
    rounds = 0
    while time.perf_counter() < ends and rounds < 40 * len(problem.weight):
        draft.again(chance)
        rounds += 1
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
        by_room = _Lists.of(problem.entry_room[used], len(problem.capacity), used)
        # within a room by amount, the largest first: what no longer fits is the beginning
        order = np.lexsort((-problem.entry_amount[used], problem.entry_room[used]))
        by_room.member = used[order]
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

    def place(self, option: int, *, out: bool = False) -> None:
        """Put a project on an option, or take it away from it."""
        problem, sign = self.problem, -1 if out else 1
        project = int(problem.project[option])
        entry, parcel = self.entries.one(option), self.stands.one(option)
        self.left[problem.entry_room[entry]] -= sign * problem.entry_amount[entry]
        self.people[parcel] += sign
        self.alone[parcel] += sign * int(problem.alone[project])
        if len(self.spare):
            self.spare -= sign * self.limits[:, option]
        self.at[project] = -1 if out else option

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

    def insert(self, projects: Integers, chance: np.random.Generator, noise: float, most: int = 0) -> None:
        """Place projects, each time the one that would miss its second choice most."""
        if most:
            count = np.minimum(self.options.first[projects + 1] - self.options.first[projects], most)
            at = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
            options = self.options.member[np.repeat(self.options.first[projects], count) + at]
            which = np.repeat(np.arange(len(projects)), count)
        else:
            which, options = self.options.many(projects)
        worth = self.score(options)
        if noise:
            worth = worth * (1 + noise * chance.standard_normal(len(options)))
        alive = np.flatnonzero(self.sound(options))
        options, which, worth = options[alive], which[alive], worth[alive]
        while len(options):
            starts = np.concatenate([[0], np.flatnonzero(np.diff(which)) + 1])
            best = np.maximum.reduceat(worth, starts)
            count = np.diff(np.concatenate([starts, [len(which)]]))
            top = np.flatnonzero(worth == np.repeat(best, count))
            top = top[np.unique(which[top], return_index=True)[1]]
            rest = worth.copy()
            rest[top] = -np.inf
            second = np.maximum.reduceat(rest, starts)
            must = self.must[projects[which[starts]]]
            last = np.where(must, np.minimum(best, 0.0) - 1.0, 0.0)
            miss = best - np.where(np.isfinite(second), second, last) + np.abs(best) / count
            miss[(best <= 0) & ~must] = -np.inf
            pick = int(np.argmax(miss))
            if miss[pick] == -np.inf:
                return
            option = int(options[top[pick]])
            self.place(option)
            keep = which != which[starts[pick]]
            worth = self._opened(option, options, worth)
            keep[keep] = self._still(option, options[keep])
            options, which, worth = options[keep], which[keep], worth[keep]

    def _opened(self, option: int, options: Integers, worth: Floats) -> Floats:
        """What taking each option counts now that one has opened its parcels."""
        new = [one for one in self.stands.one(option).tolist() if self.people[one] == 1 and self.opening[one]]
        if not new:
            return worth
        less = np.zeros(len(self.problem.project))
        for parcel in new:
            less[self.close[1].one(parcel)] += self.opening[parcel]
        found: Floats = worth - less[options]
        return found

    def _still(self, option: int, options: Integers) -> Booleans:
        """Which options could still be taken now that one is."""
        if len(options) < 4000:
            return self.sound(options)
        problem = self.problem
        by_room, by_parcel = self.close
        shut = np.zeros(len(problem.project), dtype=bool)
        for room in problem.entry_room[self.entries.one(option)].tolist():
            there = by_room.one(room)
            amount = -problem.entry_amount[there]
            over = np.searchsorted(amount, -(self.left[room] + self.slack[room]), side="left")
            shut[problem.entry_option[there[:over]]] = True
        for parcel in self.stands.one(option).tolist():
            there = by_parcel.one(parcel)
            lone = problem.alone[problem.project[there]]
            shut[there[lone | (self.alone[parcel] > 0)]] = True
        for worth, spare in zip(self.limits, self.spare, strict=True):
            shut |= (worth > spare + _ROOM) & (worth > 0)
        return ~shut[options]

    def again(self, chance: np.random.Generator) -> None:
        """Take a few projects out and place them again; back to what was where that is no better."""
        out = self._near(chance)
        was = self.at[out]
        before = self._worth(out)
        for option in was[was >= 0].tolist():
            self.place(option, out=True)
        if (self.spare < -_ROOM).any():
            self._back(out, was)
            return
        self.insert(out, chance, 0.0 if chance.random() < 0.3 else 0.15 * float(chance.random()), _CHOICES)
        lost = (self.must[out] & (self.at[out] < 0)).any() and not (self.must[out] & (was < 0)).any()
        if lost or (self.spare < -_ROOM).any() or self._worth(out) < before:
            self._back(out, was)

    def _back(self, out: Integers, was: Integers) -> None:
        for option in self.at[out][self.at[out] >= 0].tolist():
            self.place(option, out=True)
        for option in was[was >= 0].tolist():
            self.place(option)

    def _worth(self, projects: Integers) -> float:
        """What the options of some projects count, and all parcels that are open."""
        taken = self.at[projects]
        return float(self.gain[taken[taken >= 0]].sum() + self.opening[self.people > 0].sum())

    def _near(self, chance: np.random.Generator) -> Integers:
        """Some projects that stand in one another's way."""
        problem = self.problem
        nowhere = np.flatnonzero((self.at < 0) & (np.diff(self.options.first) > 0))
        size = int(chance.integers(*_AGAIN))
        first = int(chance.choice(nowhere)) if len(nowhere) and chance.random() < 0.5 else -1
        if first < 0:
            first = int(chance.integers(len(problem.weight)))
        wanted = self.options.one(first)[:_CHOICES]
        if not len(wanted):
            return np.array([first])
        wanted = chance.choice(wanted, min(len(wanted), 1 + size // 2), replace=False)
        here = np.zeros(problem.parcels, dtype=bool)
        here[self.stands.many(wanted)[1]] = True
        placed = self.at[self.at >= 0]
        row, parcel = self.stands.many(placed)
        others = problem.project[placed[np.unique(row[here[parcel]])]]
        others = chance.permutation(others)[:size]
        more = chance.choice(nowhere, min(len(nowhere), 3), replace=False)
        return np.unique(np.concatenate([[first], others, more]))

    def plan(self) -> Floats | None:
        """The shares, with parts of what may take a part and stands nowhere whole."""
        problem = self.problem
        share = np.zeros(len(problem.project))
        share[self.at[self.at >= 0]] = 1.0
        fill = _Fill(self, share)
        for project in np.flatnonzero((self.at < 0) & (problem.splittable | problem.part)).tolist():
            fill.project(project)
        met = np.bincount(problem.project, share, minlength=len(problem.weight))
        sound = (self.spare >= -_ROOM).all() and (met[self.must] > 1 - _ROOM).all()
        return share if sound else None


@dataclass
class _Fill:
    """Parts of projects put into what is left."""

    draft: _Draft
    share: Floats

    def project(self, project: int) -> None:
        draft, problem = self.draft, self.draft.problem
        mine = np.flatnonzero((problem.project == project) & problem.open & problem.in_part)
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
