"""The best plan, goal by goal, and a bound on each that proves it: the same problem and seed give the same plan.

The first goal is a mixed-integer program. For each later one the program is

    maximise   goal k + Σ over earlier goals of  M × (goal − what it reached),     M ≥ 0

Every plan that is at least as good in the goals before is worth at least its goal k there, so the bound of that
program is a bound on goal k among all of them, whatever M is; a large M makes it tight.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from spatial.allocation.highs import Outcome, Run, run
from spatial.allocation.model import Model, build
from spatial.allocation.plan import USUAL, Plan, Progress, Reached, Stop, values
from spatial.allocation.problem import Floats, Goal, Problem
from spatial.allocation.verify import verify

EQUAL = 1e-9
"""Two values this near, as a share of the larger, are the same."""

Tell = Callable[[Progress], None]


def solve(
    problem: Problem,
    goals: tuple[Goal, ...] | None = None,
    stop: Stop = USUAL,
    seed: int = 0,
    start: Floats | None = None,
    tell: Tell | None = None,
) -> Plan:
    """Find the best plan.

    Parameters
    ----------
    goals
        In their order, the first counts most; None for the one goal of a problem that is solved without any.
    start
        A plan to begin with, shape (options,); one that breaks a rule is not used.
    tell
        Told whenever a better plan or bound is known.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> plan = solve(problem)
    >>> plan.status, plan.share.tolist(), plan.objective, plan.gap
    ('optimal', [0.0, 1.0], 7.0, 0.0)
    """
    search = _Search(problem, problem.goals() if goals is None else tuple(goals), stop, seed, tell)
    if start is not None:
        search.offer(start, 0, np.inf)
    for number in range(len(search.goals)):
        if not search.improve(number):
            break
    return search.plan()


@dataclass
class _Search:
    problem: Problem
    goals: tuple[Goal, ...]
    stop: Stop
    seed: int
    tell: Tell | None
    started: float = field(default_factory=time.perf_counter)
    best: Floats | None = None
    reached: Floats = field(init=False)
    bounds: Floats = field(init=False)
    infeasible: bool = False

    def __post_init__(self) -> None:
        self.sign = np.array([1.0 if one.maximise else -1.0 for one in self.goals])
        self.reached = np.full(len(self.goals), -np.inf)
        self.bounds = np.full(len(self.goals), np.inf)

    @property
    def spent(self) -> float:
        return time.perf_counter() - self.started

    def ended(self) -> bool:
        return self.spent >= self.stop.seconds or self.stop.cancelled()

    def offer(self, share: Floats, goal: int, bound: float) -> bool:
        """Take a plan if it is sound and better than the best so far."""
        told = self.sign * values(self.problem, self.goals, share)
        near = EQUAL * np.maximum(1.0, np.abs(told))
        if self.best is not None:
            better = np.flatnonzero(np.abs(told - self.reached) > near)
            if len(better) == 0 or told[better[0]] < self.reached[better[0]]:
                return False
        if verify(self.problem, share):
            return False
        self.best, self.reached = share, told
        self.say(goal, bound)
        return True

    def say(self, goal: int, bound: float) -> None:
        if self.tell is None or self.best is None:
            return
        one = self._reached(goal, min(bound, self.bounds[goal]))
        self.tell(Progress(goal, one.value, one.bound, one.gap, self.best, self.spent))

    def improve(self, goal: int) -> bool:
        """Make a goal as large as can be while those before stay; False where nothing is left to do."""
        if self.ended():
            return False
        model = build(self.problem, self.goals[: goal + 1])
        heavy = self._heavy(model, goal)
        for _ in range(4):
            outcome = self._run(model, goal, heavy)
            if outcome.infeasible:
                self.infeasible = self.best is None
                return False
            if outcome.values is None:
                break
            share = model.share(self.problem, outcome.values)
            self.offer(share, goal, self.bounds[goal])
            if self.proved(goal) or self.ended():
                break
            heavy = heavy * 16
        self.say(goal, self.bounds[goal])
        return self.best is not None

    def proved(self, goal: int) -> bool:
        apart = self.bounds[goal] - self.reached[goal]
        return bool(apart <= EQUAL * max(1.0, abs(self.reached[goal])))

    def _run(self, model: Model, goal: int, heavy: Floats) -> Outcome:
        cost = model.cost[goal] + heavy @ model.cost[:goal]
        # worth of a plan = the program's + moved
        moved = float(model.constant[goal])
        if goal:
            moved += float(heavy @ (model.constant[:goal] - self.reached[:goal]))

        def better(columns: Floats, bound: float) -> None:
            self.offer(model.share(self.problem, columns), goal, bound + moved)

        left = self.stop.seconds - self.spent
        more = goal + 1 < len(self.goals)
        how = Run(left * 0.5 if more else left, self.seed, self.stop.cancelled, better, self.stop.gap)
        start = None if self.best is None else model.values(self.problem, self.best)
        ends = (np.zeros(model.columns), np.ones(model.columns))
        outcome = run(model, cost, ends, start, how)
        self.bounds[goal] = min(self.bounds[goal], outcome.bound + moved)
        return outcome

    def _heavy(self, model: Model, goal: int) -> Floats:
        """Weights of the goals before: what this goal could gain at most, over what is the least to lose there."""
        if not goal:
            return np.zeros(0)
        cost = np.abs(model.cost)
        most = cost.sum(axis=1)
        found = np.zeros(goal)
        gain = most[goal]
        for before in reversed(range(goal)):
            found[before] = gain / _grain(model.cost[before])
            gain = gain + found[before] * most[before]
        return found

    def _reached(self, goal: int, bound: float) -> Reached:
        sign = self.sign[goal]
        value = sign * self.reached[goal] if self.best is not None else np.nan
        bound = max(bound, self.reached[goal]) if self.best is not None else bound
        return Reached(self.goals[goal].name, float(value), float(sign * bound) if np.isfinite(bound) else np.nan)

    def plan(self) -> Plan:
        nothing = np.zeros(len(self.problem.project))
        if self.best is None:
            bounds = np.full(len(self.goals), np.inf) if self.infeasible else self.bounds
            goals = tuple(self._reached(at, bounds[at]) for at in range(len(self.goals)))
            return Plan("infeasible" if self.infeasible else "unknown", nothing, goals, self.spent)
        proved = [self.proved(at) for at in range(len(self.goals))]
        goals = tuple(
            self._reached(at, float(self.reached[at] if proved[at] else self.bounds[at])) for at in range(len(proved))
        )
        return Plan("optimal" if all(proved) else "feasible", self.best, goals, self.spent)


def _grain(cost: Floats) -> float:
    """The least by which two plans may differ in a goal where its worths are multiples of something; else a guess."""
    some = np.abs(cost[cost != 0])
    if not len(some):
        return 1.0
    for unit in (1.0, 0.1, 0.01, 0.001):
        steps = np.round(some / unit)
        if np.allclose(steps * unit, some, rtol=0, atol=1e-9):
            return unit * float(np.gcd.reduce(steps.astype(np.int64)))
    return float(some.sum()) * 1e-6
