"""A part of a project on one option, and the rest wherever it may be: a problem in which both are projects."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from spatial.allocation.problem import Floats, Goal, Problem


@dataclass(frozen=True)
class Parted:
    """The problem in which a part stands.

    Parameters
    ----------
    factor
        What a share of each option is of the whole project, shape (options,).
    exact
        Whether every plan with the part there is one of this problem. An exclusive project keeps off its own part.
    """

    problem: Problem
    goals: tuple[Goal, ...]
    factor: Floats
    exact: bool = True


def parted(problem: Problem, goals: tuple[Goal, ...], option: int, part: float) -> Parted:
    """Let a part of a project stand on an option; the rest may go elsewhere where the project may be split.

    Examples
    --------
    >>> problem = Problem.plain(np.array([4.0, 9.0]), np.array([0, 0]), np.array([0, 1]), np.array([8.0, 8.0]),
    ...                         np.array([8.0, 8.0]), np.ones(1), np.zeros(1, bool), np.ones(1, bool))
    >>> found = parted(problem, problem.goals(), 0, 0.25)
    >>> found.problem.entry_amount.tolist(), found.problem.lock.tolist(), found.factor.tolist()
    ([2.0, 6.0], [True, False], [0.25, 0.75])
    """
    project, count = int(problem.project[option]), len(problem.weight)
    mine = problem.project == project
    rest = mine.copy()
    rest[option] = False
    factor = np.where(rest, 1.0 - part, 1.0)
    factor[option] = part
    here = np.zeros(len(mine), dtype=bool)
    here[option] = True
    owner = problem.project.copy()
    owner[option] = count
    # what is taken whole or not at all is no rest
    never = rest & (problem.entire | ~problem.open | ~problem.splittable[project])

    def grown(values: np.ndarray, last: float) -> np.ndarray:
        return np.append(values, np.array([last], dtype=values.dtype))

    must = grown(problem.must, True)
    must[project] = problem.must[project] and problem.splittable[project]
    changed = replace(
        problem,
        project=owner,
        need=problem.need * factor,
        value=problem.value * factor,
        entry_amount=problem.entry_amount * factor[problem.entry_option],
        must=must,
        locked=(problem.lock & ~mine) | here,
        forbidden=(problem.ban | never) & ~here,
        whole=problem.entire | here,
        weight=grown(problem.weight, problem.weight[project]),
        splittable=grown(problem.splittable, False),
        partial=grown(problem.part, False),
        exclusive=grown(problem.alone, problem.alone[project]),
    )
    aims = tuple(replace(one, worth=one.worth * factor) for one in goals)
    exact = not (problem.alone[project] and problem.splittable[project])
    return Parted(changed, aims, factor, exact)
