"""A plan, how good it is in every goal and how good any plan can be; when a solver stops and what it tells."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from spatial.allocation.problem import TAKEN, Floats, Goal, Problem

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


def never() -> bool:
    """Nobody stops it."""
    return False


@dataclass(frozen=True)
class Stop:
    """When a solver stops: proved, after so many seconds, when it is told to, or at a gap that is small enough.

    Parameters
    ----------
    cancelled
        Asked often while the solver runs; once it says yes, the best plan so far is the answer.
    gap
        A goal whose gap is no larger is left as it is.
    """

    seconds: float = 60.0
    cancelled: Callable[[], bool] = never
    gap: float = 0.0

    def since(self, began: float) -> Stop:
        """What is left of it, when it began at a moment of `time.perf_counter`."""
        return replace(self, seconds=max(self.seconds - (time.perf_counter() - began), 0.0))


USUAL = Stop()


@dataclass(frozen=True)
class Reached:
    """What a plan reaches in one goal.

    Parameters
    ----------
    value
        NaN where there is no plan.
    bound
        No plan that is at least as good in every goal before is better in this one; NaN where nothing is known.
    """

    name: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the bound is from the value, as a share of the larger; 0 is proved, infinite is unknown."""
        apart = abs(self.bound - self.value)
        if np.isnan(apart):
            return float("inf")
        return float(apart / max(abs(self.value), abs(self.bound), 1e-12)) if apart else 0.0


@dataclass(frozen=True)
class Plan:
    """A plan, and how good any plan can be.

    Parameters
    ----------
    status
        `optimal`: every goal is proved; `feasible`: a plan, not proved to be the best; `infeasible`: proved that
        there is none; `unknown`: time was up before either.
    share
        Part of its project that each option takes, shape (options,); 0 everywhere where there is no plan.
    goals
        In their order, the first counts most.
    """

    status: Status
    share: Floats
    goals: tuple[Reached, ...]
    seconds: float

    @property
    def objective(self) -> float:
        """Value of the first goal."""
        return self.goals[0].value

    @property
    def bound(self) -> float:
        """Bound of the first goal."""
        return self.goals[0].bound

    @property
    def gap(self) -> float:
        """Gap of the first goal."""
        return self.goals[0].gap


@dataclass(frozen=True)
class Progress:
    """Something better is known: a plan or a bound.

    Parameters
    ----------
    goal
        Which of the goals is being worked on.
    share
        The best plan so far, shape (options,).
    """

    goal: int
    value: float
    bound: float
    gap: float
    share: Floats
    seconds: float


def values(problem: Problem, goals: tuple[Goal, ...], share: Floats) -> Floats:
    """What a plan reaches in every goal, shape (goals,).

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> opened = Goal("opened", np.zeros(2), opening=np.ones(1), maximise=False)
    >>> values(problem, (*problem.goals(), opened), np.array([1.0, 0.0])).tolist()
    [6.0, 1.0]
    """
    taken = share > TAKEN
    stood = np.zeros(problem.parcels, dtype=bool)
    stood[problem.stand_parcel[taken[problem.stand_option]]] = True
    found = []
    for goal in goals:
        value = goal.constant + float(goal.worth @ share)
        value += 0.0 if goal.taken is None else float(goal.taken[taken].sum())
        value += 0.0 if goal.opening is None else float(goal.opening[stood].sum())
        found.append(value)
    return np.array(found)
