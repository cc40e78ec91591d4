"""What a plan leaves: room, limits and parcels, and what one more option would add to each goal, exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spatial.allocation.problem import TAKEN, Booleans, Floats, Goal, Integers, Problem

_TIGHT = 1e-9


class Index:
    """Where the entries and stands of each option are, worked out once for a problem."""

    def __init__(self, problem: Problem) -> None:
        options = len(problem.project)
        self.entry = np.argsort(problem.entry_option, kind="stable")
        self.entry_from = _starts(problem.entry_option, options)
        self.stand = np.argsort(problem.stand_option, kind="stable")
        self.stand_from = _starts(problem.stand_option, options)
        self.option = np.argsort(problem.project, kind="stable")
        self.option_from = _starts(problem.project, len(problem.weight))

    def of(self, project: int) -> Integers:
        """Options of a project, ascending."""
        return self.option[self.option_from[project] : self.option_from[project + 1]]

    def entries(self, options: Integers) -> tuple[Integers, Integers]:
        """Entries of some options, and the place in `options` that each is of."""
        at, owner = _ragged(self.entry_from, options)
        return self.entry[at], owner

    def stands(self, options: Integers) -> tuple[Integers, Integers]:
        """Stands of some options, and the place in `options` that each is of."""
        at, owner = _ragged(self.stand_from, options)
        return self.stand[at], owner


def _starts(of: Integers, count: int) -> Integers:
    return np.concatenate([[0], np.cumsum(np.bincount(of, minlength=count))]).astype(np.int64)


def _ragged(starts: Integers, at: Integers) -> tuple[Integers, Integers]:
    count = starts[at + 1] - starts[at]
    owner = np.repeat(np.arange(len(at)), count)
    within = np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
    return starts[at][owner] + within, owner


class Standing:
    """A plan as it stands: what is used of every room and limit, and who stands on each parcel."""

    def __init__(self, problem: Problem, goals: Sequence[Goal], share: Floats, index: Index | None = None) -> None:
        self.problem, self.goals, self.share = problem, goals, share
        self.index = Index(problem) if index is None else index
        taken = np.flatnonzero(share > TAKEN)
        entries, owner = self.index.entries(taken)
        amount = problem.entry_amount[entries] * share[taken][owner]
        used = np.bincount(problem.entry_room[entries], amount, minlength=len(problem.capacity))
        self.left = problem.capacity - used
        stands, owner = self.index.stands(taken)
        pairs = np.unique(np.stack([problem.project[taken[owner]], problem.stand_parcel[stands]], axis=1), axis=0)
        self.people = np.bincount(pairs[:, 1], minlength=problem.parcels)
        self.alone = np.bincount(pairs[problem.alone[pairs[:, 0]], 1], minlength=problem.parcels) > 0
        self.limits = np.array([limit.at_most - limit.worth[taken].sum() for limit in problem.limits])
        self.taken = taken

    def without(self, *projects: int) -> Standing:
        """The plan when some projects leave it."""
        out = np.isin(self.problem.project, projects)
        return Standing(self.problem, self.goals, np.where(out, 0.0, self.share), self.index)

    def with_option(self, option: int, part: float = 1.0) -> Standing:
        """The plan when an option is taken besides."""
        share = self.share.copy()
        share[option] = part
        return Standing(self.problem, self.goals, share, self.index)

    def parts(self, options: Integers) -> Floats:
        """How much of its project each option could take while everybody else stays, shape (options,); 0: nothing.

        A project that is in the plan has to leave it first.
        """
        problem = self.problem
        entries, owner = self.index.entries(options)
        room, amount = problem.entry_room[entries], problem.entry_amount[entries]
        slack = _TIGHT * problem.capacity[room]
        fits = np.minimum((self.left[room] + slack) / np.where(amount > 0, amount, 1.0), 1.0)
        part = np.ones(len(options))
        np.minimum.at(part, owner, np.where(amount > 0, fits, 1.0))
        project = problem.project[options]
        part = np.where(problem.in_part[options], np.where(part > TAKEN, part, 0.0), part >= 1.0).astype(np.float64)
        stands, owner = self.index.stands(options)
        parcel = problem.stand_parcel[stands]
        clash = self.alone[parcel] | (problem.alone[project[owner]] & (self.people[parcel] > 0))
        part[owner[clash]] = 0.0
        part[~problem.open[options]] = 0.0
        for limit, left in zip(problem.limits, self.limits.tolist(), strict=True):
            part[limit.worth[options] > left + _TIGHT * max(1.0, abs(limit.at_most))] = 0.0
        return part

    @property
    def within(self) -> bool:
        """Whether every limit holds: who leaves may have made up for others."""
        slack = [_TIGHT * max(1.0, abs(limit.at_most)) for limit in self.problem.limits]
        return bool((self.limits >= -np.array(slack)).all())

    def short(self, option: int) -> list[tuple[int, float]]:
        """Rooms that an option lacks while everybody else stays, and by how much."""
        entries, _ = self.index.entries(np.array([option]))
        room, amount = self.problem.entry_room[entries], self.problem.entry_amount[entries]
        over = amount - self.left[room]
        lacks = over > _TIGHT * np.maximum(self.problem.capacity[room], 1.0)
        return list(zip(room[lacks].tolist(), over[lacks].tolist(), strict=True))

    def gains(self, options: Integers, part: Floats | None = None) -> Floats:
        """What each option would add to each goal, shape (options, goals), in the sense of the goal's own value."""
        part = np.ones(len(options)) if part is None else part
        stands, owner = self.index.stands(options)
        parcel = self.problem.stand_parcel[stands]
        found = np.zeros((len(options), len(self.goals)))
        for at, goal in enumerate(self.goals):
            found[:, at] = goal.worth[options] * part
            if goal.taken is not None:
                found[:, at] += goal.taken[options]
            if goal.opening is not None:
                opened = np.where(self.people[parcel] == 0, goal.opening[parcel], 0.0)
                found[:, at] += np.bincount(owner, opened, minlength=len(options))
        return found

    def values(self) -> Floats:
        """Value of each goal, shape (goals,)."""
        found = []
        for goal in self.goals:
            value = goal.constant + float(goal.worth[self.taken] @ self.share[self.taken])
            if goal.taken is not None:
                value += float(goal.taken[self.taken].sum())
            if goal.opening is not None:
                value += float(goal.opening[self.people > 0].sum())
            found.append(value)
        return np.array(found)


def best_first(changes: Floats, goals: Sequence[Goal]) -> Integers:
    """Places of changes, best first by the first goal, then the second and so on, shape (changes,)."""
    sign = np.array([1.0 if goal.maximise else -1.0 for goal in goals])
    scale = np.maximum(np.abs(changes).max(axis=0, initial=0.0), 1e-12)
    keys = -np.round(changes * sign / scale, 9)
    return np.lexsort(keys.T[::-1])


def first_apart(change: Floats, values: Floats) -> int:
    """The first goal that a change moves at all; -1 where none does."""
    moved = np.abs(change) > 1e-9 * np.maximum(np.abs(values), 1.0)
    return int(np.argmax(moved)) if moved.any() else -1


def taken_by(problem: Problem, share: Floats) -> dict[int, tuple[tuple[int, float], ...]]:
    """Options and parts of each project that has a place."""
    found: dict[int, list[tuple[int, float]]] = {}
    for at in np.flatnonzero(share > TAKEN).tolist():
        found.setdefault(int(problem.project[at]), []).append((at, float(share[at])))
    return {project: tuple(mine) for project, mine in sorted(found.items())}


def stood_on(problem: Problem, share: Floats) -> Booleans:
    """Parcels that a plan stands on, shape (parcels,)."""
    found = np.zeros(problem.parcels, dtype=bool)
    found[problem.stand_parcel[share[problem.stand_option] > TAKEN]] = True
    return found
