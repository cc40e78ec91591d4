"""Whether a plan keeps to its problem, worked out from the problem alone: no code of the solver is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from spatial.allocation.problem import Problem

NEAR = 1e-6
"""Rounding that is no fault, as a share of what it is measured against."""


_NOTHING = 1e-9
"""What a parcel without room may seem to take."""


@dataclass(frozen=True)
class Fault:
    """A rule that a plan breaks: its name, the project, parcel or option that it is about, and by how much."""

    rule: str
    at: int
    by: float = 0.0


def verify(problem: Problem, share: np.ndarray, objective: float | None = None) -> list[Fault]:
    """Every rule that a plan breaks; none for a plan that holds.

    Parameters
    ----------
    share
        Part of its project that each option takes, shape (options,).
    objective
        What the plan is said to be worth; not looked at where None.
    """
    told = sum(
        part * float(problem.weight[int(problem.project[at])]) * float(problem.value[at])
        for at, part in enumerate(share.tolist())
    )
    faults = [*_options(problem, share), *_projects(problem, share), *_parcels(problem, share)]
    if objective is not None and abs(told - objective) > NEAR * max(1.0, abs(told)):
        faults.append(Fault("objective", -1, objective - told))
    return faults


def _options(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    for at, part in enumerate(share.tolist()):
        if not -NEAR <= part <= 1 + NEAR:
            yield Fault("share", at, part)
        if not problem.splittable[int(problem.project[at])] and min(abs(part), abs(part - 1)) > NEAR:
            yield Fault("split", at, part)
        if problem.ban[at] and part > NEAR:
            yield Fault("forbidden", at, part)


def _projects(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    placed = [0.0] * len(problem.weight)
    kept = [0.0] * len(problem.weight)
    for at, part in enumerate(share.tolist()):
        placed[int(problem.project[at])] += part
        if problem.lock[at]:
            kept[int(problem.project[at])] += part
    held = {int(project) for project in problem.project[problem.lock]}
    for project, part in enumerate(placed):
        if part > 1 + NEAR:
            yield Fault("placed_twice", project, part)
        if problem.must[project] and part < 1 - NEAR:
            yield Fault("must_place", project, part)
        if project in held and kept[project] < 1 - NEAR:
            yield Fault("locked", project, kept[project])


def _parcels(problem: Problem, share: np.ndarray) -> Iterator[Fault]:
    used = [0.0] * len(problem.capacity)
    for at, part in enumerate(share.tolist()):
        used[int(problem.parcel[at])] += part * float(problem.need[at])
    for parcel, taken in enumerate(used):
        room = float(problem.capacity[parcel])
        if taken > room * (1 + NEAR) + _NOTHING:
            yield Fault("capacity", parcel, taken - room)
