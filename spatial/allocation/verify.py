"""Whether a plan keeps to its problem, worked out from the problem alone: no code of the solver is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from spatial.allocation.plan import Reached
from spatial.allocation.problem import Goal, Problem

NEAR = 1e-6
"""Rounding that is no fault, as a share of what it is measured against."""

_NOTHING = 1e-9
"""What a room without capacity may seem to give."""


@dataclass(frozen=True)
class Fault:
    """A rule that a plan breaks: its name, the project, parcel, room, option or goal it is about, and by how much."""

    rule: str
    at: int
    by: float = 0.0


def verify(
    problem: Problem,
    share: np.ndarray,
    goals: Sequence[Goal] | None = None,
    reached: Sequence[Reached] | None = None,
) -> list[Fault]:
    """Every rule that a plan breaks; none for a plan that holds.

    Parameters
    ----------
    share
        Part of its project that each option takes, shape (options,).
    goals
        None for the one goal of a problem that is solved without any.
    reached
        What the plan is said to be worth in each goal, and what no plan is said to pass; not looked at where None.
    """
    if len(share) != len(problem.project) or not np.isfinite(share).all():
        return [Fault("share", -1)]
    faults = [
        *_options(problem, share), *_projects(problem, share), *_rooms(problem, share), *_alone(problem, share),
        *_limits(problem, share),
    ]  # fmt: skip
    if reached is not None:
        usual = [Goal("value", problem.weight[problem.project] * problem.value, maximise=problem.maximise)]
        faults.extend(_goals(problem, share, usual if goals is None else goals, reached))
    return faults


def _options(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    ban, whole, part = problem.ban, problem.entire, problem.part
    for at in np.flatnonzero(share).tolist():
        piece, project = float(share[at]), int(problem.project[at])
        if not -NEAR <= piece <= 1 + NEAR:
            yield Fault("share", at, piece)
        divisible = (problem.splittable[project] or part[project]) and not whole[at]
        if not divisible and min(abs(piece), abs(piece - 1)) > NEAR:
            yield Fault("split", at, piece)
        if ban[at] and piece > NEAR:
            yield Fault("forbidden", at, piece)


def _projects(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    placed, kept = [0.0] * len(problem.weight), [0.0] * len(problem.weight)
    sites = [0] * len(problem.weight)
    lock = problem.lock
    for at in np.flatnonzero(share).tolist():
        project = int(problem.project[at])
        placed[project] += float(share[at])
        sites[project] += share[at] > NEAR
        if lock[at]:
            kept[project] += float(share[at])
    held = {int(project) for project in problem.project[lock]}
    for project, part in enumerate(placed):
        if part > 1 + NEAR:
            yield Fault("placed_twice", project, part)
        elif sites[project] > 1 and not problem.splittable[project]:
            yield Fault("two_sites", project, sites[project])
        if problem.must[project] and part < 1 - NEAR:
            yield Fault("must_place", project, part)
        if project in held and kept[project] < 1 - NEAR:
            yield Fault("locked", project, kept[project])


def _rooms(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    used = np.zeros(len(problem.capacity))
    np.add.at(used, problem.entry_room, share[problem.entry_option] * problem.entry_amount)
    for room in np.flatnonzero(used > problem.capacity * (1 + NEAR) + _NOTHING).tolist():
        yield Fault("capacity", room, float(used[room] - problem.capacity[room]))


def _alone(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    there: dict[int, set[int]] = {}
    for at in np.flatnonzero(share[problem.stand_option] > NEAR).tolist():
        project = int(problem.project[problem.stand_option[at]])
        there.setdefault(int(problem.stand_parcel[at]), set()).add(project)
    alone = problem.alone
    for parcel in sorted(there):
        if len(there[parcel]) > 1 and any(alone[project] for project in there[parcel]):
            yield Fault("exclusive", parcel, len(there[parcel]))


def _limits(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    for number, limit in enumerate(problem.limits):
        told = sum(float(limit.worth[at]) for at in np.flatnonzero(share > NEAR).tolist())
        if told > limit.at_most + NEAR * max(1.0, abs(limit.at_most)):
            yield Fault("limit", number, told - limit.at_most)


def _goals(problem: Problem, share: np.ndarray, goals: Sequence[Goal], reached: Sequence[Reached]) -> Iterator[Fault]:
    if len(goals) != len(reached):
        yield Fault("goals", -1, len(reached) - len(goals))
        return
    taken = np.flatnonzero(share > NEAR).tolist()
    chosen = set(taken)
    parcels = {
        int(parcel)
        for option, parcel in zip(problem.stand_option.tolist(), problem.stand_parcel.tolist(), strict=True)
        if option in chosen
    }
    for number, (goal, one) in enumerate(zip(goals, reached, strict=True)):
        told = goal.constant + sum(float(share[at]) * float(goal.worth[at]) for at in np.flatnonzero(share).tolist())
        if goal.taken is not None:
            told += sum(float(goal.taken[at]) for at in taken)
        if goal.opening is not None:
            told += sum(float(goal.opening[parcel]) for parcel in parcels)
        near = NEAR * max(1.0, abs(told))
        if not abs(told - one.value) <= near:
            yield Fault("objective", number, one.value - told)
        passed = told - one.bound if goal.maximise else one.bound - told
        if passed > near:
            yield Fault("bound", number, passed)
