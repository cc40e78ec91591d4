"""What decided each place of a plan: the goal that the next best would lose in, and the room that is scarce."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from spatial.allocation.plan import Plan
from spatial.allocation.problem import Floats, Goal, Integers, Problem
from spatial.allocation.standing import Standing, best_first, first_apart, taken_by

Because = Literal["locked", "only", "goal", "equal"]


@dataclass(frozen=True)
class Decision:
    """What decided the place of a project; figures are exact while everybody else stays.

    Parameters
    ----------
    options
        Where it is.
    because
        `locked`: it stands; `only`: no other option is open to it, or fits; `goal`: the next best differs in `goal`;
        `equal`: the next best is as good in every goal.
    goal
        Number of the first goal in which the next best differs; −1 where none does.
    next
        Option that is next best; −1 for no place at all, −2 where there is nothing next.
    changes
        What taking it would change in every goal, shape (goals,).
    wanted
        The best option that would come before the next best and is only short of room; −1 where there is none.
    scarce
        Rooms that it lacks, and by how much.
    """

    project: int
    options: tuple[int, ...]
    because: Because
    goal: int
    next: int
    changes: Floats
    wanted: int = -1
    scarce: tuple[tuple[int, float], ...] = ()


def decided(problem: Problem, goals: Sequence[Goal], plan: Plan) -> tuple[Decision, ...]:
    """What decided the place of each project that has one, and the next best while everybody else stays.

    Examples
    --------
    >>> from spatial.allocation.solve import solve
    >>> problem = Problem.plain(np.array([10.0, 9.0]), np.array([0, 1, 1]), np.array([0, 0, 1]),
    ...                         np.array([6.0, 7.0, 7.0]), np.array([6.0, 7.0, 7.0]), np.ones(2), np.zeros(2, bool),
    ...                         np.zeros(2, bool))
    >>> first, second = decided(problem, problem.goals(), solve(problem))
    >>> (first.because, first.next), (second.because, second.next, second.scarce)
    (('only', -1), ('goal', -1, ((0, 3.0),)))
    """
    whole = Standing(problem, tuple(goals), plan.share)
    reached = whole.values()
    return tuple(
        _decision(problem, whole, project, np.array([at for at, _ in mine]), reached)
        for project, mine in taken_by(problem, plan.share).items()
    )


def _decision(problem: Problem, whole: Standing, project: int, here: Integers, reached: Floats) -> Decision:
    goals, options = whole.goals, tuple(here.tolist())
    still = np.zeros(len(goals))
    if problem.lock[here].any():
        return Decision(project, options, "locked", -1, -2, still)
    left = whole.without(project)
    other = np.setdiff1d(whole.index.of(project), here)
    other = other[problem.open[other]]
    now = reached - left.values()
    part = left.parts(other)
    fits = part >= 1.0 if problem.must[project] else part > 0
    changes = left.gains(other, part) - now
    choice, gain = other[fits], changes[fits]
    if not problem.must[project] and left.within:
        choice, gain = np.append(choice, -1), np.concatenate([gain, -now[None, :]])
    wanted, scarce = _wanted(left, other[~fits], gain, now)
    if not len(choice):
        return Decision(project, options, "only", -1, -2, still, wanted, scarce)
    best = int(best_first(gain, goals)[0])
    goal = first_apart(gain[best], reached)
    because: Because = "equal" if goal < 0 else "goal"
    if choice[best] < 0 and not len(other):
        because = "only"
    return Decision(project, options, because, goal, int(choice[best]), gain[best], wanted, scarce)


def _wanted(left: Standing, full: Integers, gain: Floats, now: Floats) -> tuple[int, tuple[tuple[int, float], ...]]:
    """The best option that is only short of room and would come before the next best; −1 where there is none."""
    if not len(full):
        return -1, ()
    could = left.gains(full) - now
    order = best_first(np.concatenate([could, gain]), left.goals)
    for at in order.tolist():
        if at >= len(full):
            break
        short = left.short(int(full[at]))
        if short:
            return int(full[at]), tuple(short)
    return -1, ()
