"""What becomes of the floor area that a project leaves, and which two projects would do well to change places.

Everything is tried: one project alone into the room that is left (a new one, or one from elsewhere), or one from
elsewhere into it and a new one into the place of that one. Everybody else stays, so every figure is exact.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.allocation.explain import Move, moved
from spatial.allocation.problem import TAKEN, Floats, Goal, Integers, Problem
from spatial.allocation.standing import Index, Standing, best_first

_GAIN = 1e-9
"""A gain below this share of what a goal is worth is none."""


@dataclass(frozen=True)
class Reuse:
    """One way to use what is left.

    Parameters
    ----------
    moves
        Who goes where; the project that leaves is not among them.
    changes
        What it adds to every goal, in the goal's own sense, shape (goals,).
    share
        The plan afterwards, shape (options,).
    """

    moves: tuple[Move, ...]
    changes: Floats
    share: Floats


def reuse(
    problem: Problem, goals: Sequence[Goal], share: Floats, leaving: int, most: int = 3
) -> tuple[tuple[Reuse, ...], ...]:
    """The best uses of what a project leaves: for each goal the few that gain most in it, the best first.

    None of them loses in a goal before.

    Parameters
    ----------
    share
        The plan that the project is still in, shape (options,).
    leaving
        A project; it does not come back.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1, 2]), np.array([0, 0, 0]), np.array([9.0, 6.0, 7.0]),
    ...                         np.array([9.0, 6.0, 7.0]), np.ones(3), np.zeros(3, bool), np.zeros(3, bool))
    >>> best, = reuse(problem, problem.goals(), np.array([1.0, 0.0, 0.0]), 0)
    >>> [(one.moves[0].project, one.changes.tolist()) for one in best]
    [(2, [7.0]), (1, [6.0])]
    """
    left = Standing(problem, tuple(goals), share).without(leaving)
    gone = np.flatnonzero((problem.project == leaving) & (share > TAKEN))
    found = [*_alone(left, gone, leaving), *_chains(left, gone, leaving)]
    shares = [one for one, _ in found]
    changes = np.array([change for _, change in found]).reshape(-1, len(goals))
    return _by_goal(problem, tuple(goals), left.share, (shares, changes), most)


def exchanges(problem: Problem, goals: Sequence[Goal], share: Floats, most: int = 3) -> tuple[tuple[Reuse, ...], ...]:
    """Pairs of projects that would do well to change places: for each goal the few that gain most in it."""
    whole = Standing(problem, tuple(goals), share)
    pairs = np.array(list(_pairs(whole)), dtype=np.int64).reshape(-1, 4)
    # the same sites stay in use, so nothing is opened or given up
    each = np.zeros((len(problem.project), len(goals)))
    for at, goal in enumerate(goals):
        each[:, at] = goal.worth + (0.0 if goal.taken is None else goal.taken)
    changes = each[pairs[:, 2]] + each[pairs[:, 3]] - each[pairs[:, 0]] - each[pairs[:, 1]]
    found = []
    for at, order in enumerate(_orders(changes, tuple(goals))):
        mine: list[Reuse] = []
        for row in order.tolist():
            if len(mine) == most:
                break
            after = _exchanged(whole, pairs[row]) if _gains(changes[row], tuple(goals), at) else None
            if after is not None:
                mine.append(Reuse(tuple(moved(problem, share, after)), changes[row], after))
        found.append(tuple(mine))
    return tuple(found)


def _alone(left: Standing, gone: Integers, leaving: int) -> Iterator[tuple[Floats, Floats]]:
    """One project into the room that is left, and what that adds."""
    for project, options, rest, now in _comers(left, gone, leaving):
        part = _parts(rest, options, project)
        for at in np.flatnonzero(part > 0).tolist():
            after = rest.share.copy()
            after[options[at]] = part[at]
            yield after, rest.gains(options[[at]], part[[at]])[0] - now


def _chains(left: Standing, gone: Integers, leaving: int) -> Iterator[tuple[Floats, Floats]]:
    """One from elsewhere into the room that is left, a new one into its place."""
    problem = left.problem
    placed = np.bincount(problem.project, left.share, minlength=len(problem.weight)) > TAKEN
    for project, options, rest, now in _comers(left, gone, leaving):
        if not placed[project]:
            continue
        here = np.flatnonzero((problem.project == project) & (left.share > TAKEN))
        new = _touching(left.index, problem, here)
        new = new[~placed[problem.project[new]] & ~np.isin(problem.project[new], (leaving, project))]
        part = _parts(rest, options, project)
        for at in np.flatnonzero(part > 0).tolist():
            gain = rest.gains(options[[at]], part[[at]])[0] - now
            there = rest.with_option(int(options[at]), float(part[at]))
            parts = there.parts(new)
            for second in np.flatnonzero(parts > 0).tolist():
                after = there.share.copy()
                after[new[second]] = parts[second]
                yield after, gain + there.gains(new[[second]], parts[[second]])[0]


def _comers(left: Standing, gone: Integers, leaving: int) -> Iterator[tuple[int, Integers, Standing, Floats]]:
    """Who could come: the project, its options in what is left, the plan without it, and what it adds now."""
    problem = left.problem
    near = _touching(left.index, problem, gone)
    held = np.bincount(problem.project[problem.lock], minlength=len(problem.weight)) > 0
    near = near[~held[problem.project[near]] & (problem.project[near] != leaving) & (left.share[near] <= TAKEN)]
    whole = left.values()
    for project in np.unique(problem.project[near]).tolist():
        rest = left.without(project)
        yield project, near[problem.project[near] == project], rest, whole - rest.values()


def _parts(rest: Standing, options: Integers, project: int) -> Floats:
    part = rest.parts(options)
    return np.where(part >= 1.0, part, 0.0) if rest.problem.must[project] else part


def _touching(index: Index, problem: Problem, options: Integers) -> Integers:
    """Options that stand on the parcels of some options, or take of their rooms."""
    entries, _ = index.entries(options)
    stands, _ = index.stands(options)
    room = np.isin(problem.entry_room, problem.entry_room[entries])
    parcel = np.isin(problem.stand_parcel, problem.stand_parcel[stands])
    return np.unique(np.concatenate([problem.entry_option[room], problem.stand_option[parcel]]))


def _pairs(whole: Standing) -> Iterator[tuple[int, int, int, int]]:
    """Two options that are taken whole, and those by which their projects would change places."""
    problem, index = whole.problem, whole.index
    several = np.bincount(problem.project[whole.taken], minlength=len(problem.weight)) > 1
    simple = [
        at for at in whole.taken.tolist()
        if whole.share[at] >= 1 - TAKEN and not several[problem.project[at]] and not problem.lock[at]
    ]  # fmt: skip
    open_ = problem.open
    sites: dict[int, dict[tuple[int, ...], list[int]]] = {}
    on: dict[tuple[int, ...], list[int]] = {}
    for at in simple:
        project = int(problem.project[at])
        mine = sites.setdefault(project, {})
        for option in index.of(project).tolist():
            if open_[option]:
                mine.setdefault(_site(index, problem, option), []).append(option)
        on.setdefault(_site(index, problem, at), []).append(at)
    for one in simple:
        here = _site(index, problem, one)
        for there, options in sites[int(problem.project[one])].items():
            for two in on.get(there, ()):
                back = sites[int(problem.project[two])].get(here, ())
                if one < two and here != there:
                    yield from ((one, two, first, second) for first in options for second in back)


def _site(index: Index, problem: Problem, option: int) -> tuple[int, ...]:
    stands, _ = index.stands(np.array([option]))
    return tuple(sorted(problem.stand_parcel[stands].tolist()))


def _exchanged(whole: Standing, pair: Integers) -> Floats | None:
    one, two, first, second = pair.tolist()
    rest = whole.without(int(whole.problem.project[one]), int(whole.problem.project[two]))
    if rest.parts(np.array([first]))[0] < 1.0:
        return None
    there = rest.with_option(first)
    return there.with_option(second).share if there.parts(np.array([second]))[0] >= 1.0 else None


def _orders(changes: Floats, goals: tuple[Goal, ...]) -> Iterator[Integers]:
    """For each goal the places of changes, those first that gain most in it and then in the goals in their order."""
    for at in range(len(goals)):
        order = [at, *(other for other in range(len(goals)) if other != at)]
        yield best_first(changes[:, order], [goals[number] for number in order])


def _gains(change: Floats, goals: tuple[Goal, ...], at: int) -> bool:
    """Whether a change gains in a goal and loses in none before."""
    sign = np.array([1.0 if goal.maximise else -1.0 for goal in goals])
    near = _GAIN * max(1.0, float(np.abs(change).max()))
    return bool((sign * change)[at] > near and ((sign * change)[:at] >= -near).all())


def _by_goal(
    problem: Problem,
    goals: tuple[Goal, ...],
    before: Floats,
    found: tuple[list[Floats], Floats],
    most: int,
) -> tuple[tuple[Reuse, ...], ...]:
    shares, changes = found
    best = []
    for at, order in enumerate(_orders(changes, goals)):
        few = [row for row in order.tolist() if _gains(changes[row], goals, at)][:most]
        best.append(
            tuple(Reuse(tuple(moved(problem, before, shares[row])), changes[row], shares[row]) for row in few)
        )
    return tuple(best)
