"""The best plan, goal by goal, and a bound on each that proves it: the same problem and seed give the same plan.

The first goal is a mixed-integer program. For each later one the program is

    maximise   goal k + Σ over earlier goals of  M × (goal − what it reached),     M ≥ 0

Every plan that is at least as good in the goals before is worth at least its goal k there, so the bound of that
program is a bound on goal k among all of them, whatever M is; a large M makes it tight.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from spatial.allocation.highs import Outcome, Relaxed, Run, relax, run
from spatial.allocation.model import Model, build
from spatial.allocation.plan import USUAL, Plan, Progress, Reached, Stop, values
from spatial.allocation.problem import Booleans, Floats, Goal, Problem
from spatial.allocation.verify import verify

EQUAL = 1e-9
"""Two values this near, as a share of the larger, are the same."""

_ROUNDS = 8
_HEAVIER = 8.0
_OVER = 1.1
_TIMES = 8.0
"""Weight of an earlier goal, in prices that the relaxation sets on it; how much heavier it gets, and how often, where
a plan gave some of it up."""

_SOON = 2e4
"""How many times heavier than what follows a weight may be from the first."""

_STEP = 1e-3
"""Step of a goal that has none, as a share of the largest worth."""

_PART = 0.5
"""How much of the time that is left a goal may use while others follow."""

_WITHIN = 1e-3
"""How near a bound may come to the next value that a goal may have, in steps of that goal, and still rule it out."""

_COUNTABLE = 1e12
"""Steps of a goal that a double still counts."""

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
    for goal in range(len(search.goals)):
        if not search.improve(goal):
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
        self.grain = np.zeros(len(self.goals))
        self.ends = (np.zeros(len(self.problem.project)), np.ones(len(self.problem.project)))
        self.sure = np.zeros(len(self.problem.weight), dtype=bool)

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
        model = self._model(goal)
        heavy = self._heavy(model, goal)
        for _ in range(_ROUNDS):
            outcome = self._run(model, goal, heavy)
            if outcome.infeasible:
                self.infeasible = self.best is None
                return False
            if outcome.values is None:
                break
            share = model.share(self.problem, outcome.values)
            self.offer(share, goal, self.bounds[goal])
            if self.proved(goal) or self.ended() or not (goal and outcome.ended):
                break
            heavy = self._heavier(goal, heavy, share)
        self.say(goal, self.bounds[goal])
        if self.proved(goal) and goal + 1 < len(self.goals):
            self._sieve(model, goal)
        return self.best is not None

    def proved(self, goal: int) -> bool:
        """Whether no plan is better in a goal: the bound is nearer than any other value may be."""
        apart = self.bounds[goal] - self.reached[goal]
        near = EQUAL * max(1.0, abs(self.reached[goal]))
        return bool(apart <= max(near, self.grain[goal] * (1 - _WITHIN)))

    def _model(self, goal: int) -> Model:
        """The program up to a goal, with the projects that every plan places that still counts."""
        model = build(self.problem, self.goals[: goal + 1])
        lower = model.lower.copy()
        lower[: len(self.sure)][self.sure] = 1.0
        self.grain[goal] = _grain(model.cost[goal], model.whole)
        return replace(model, lower=lower)

    def _ends(self, model: Model) -> tuple[Floats, Floats]:
        lower, upper = np.zeros(model.columns), np.ones(model.columns)
        lower[: len(model.usable)] = self.ends[0][model.usable]
        upper[: len(model.usable)] = self.ends[1][model.usable]
        return lower, upper

    def _run(self, model: Model, goal: int, heavy: Floats) -> Outcome:
        # what is to be added to the worth of the columns: constants, less what the goals before have come to
        moved = float(model.constant[goal])
        if goal:
            moved += float(heavy @ (model.constant[:goal] - self.reached[:goal]))

        def better(columns: Floats, bound: float) -> None:
            self.offer(model.share(self.problem, columns), goal, bound + moved)

        start = None if self.best is None else model.values(self.problem, self.best)
        cost = model.cost[goal] + heavy @ model.cost[:goal]
        outcome = run(model, cost, self._ends(model), start, self._how(goal, better))
        self.bounds[goal] = min(self.bounds[goal], outcome.bound + moved)
        return outcome

    def _how(self, goal: int, better: Callable[[Floats, float], None]) -> Run:
        left = self.stop.seconds - self.spent
        part = left * _PART if goal + 1 < len(self.goals) else left
        apart, gap = max(self.grain[goal] * (1 - 2 * _WITHIN), 1e-9), self.stop.gap
        if goal:
            # a share of what the program is worth would be one of the goals before
            apart, gap = max(apart, gap * abs(self.reached[goal])), 0.0
        return Run(part, self.seed, self.stop.cancelled, better, gap, apart)

    def _relax(self, model: Model, goal: int) -> Relaxed | None:
        """The relaxation, with the goals before kept at what they have come to, less rounding."""
        least = self.reached[:goal] - EQUAL * np.maximum(1.0, np.abs(self.reached[:goal])) - model.constant[:goal]
        floors = list(zip(model.cost[:goal], least.tolist(), strict=True))
        found = relax(model, model.cost[goal], self._ends(model), floors, self._how(goal, _nobody))
        if found is not None:
            self.bounds[goal] = min(self.bounds[goal], found.bound + float(model.constant[goal]))
        return found

    def _heavy(self, model: Model, goal: int) -> Floats:
        """Weights of the goals before: a few times their price in the relaxation, which keeps the bound tight."""
        if not goal:
            return np.zeros(0)
        most = np.abs(model.cost).max(axis=1, initial=0.0)
        found = most[goal] / np.where(most[:goal] > 0, most[:goal], 1.0)
        relaxed = self._relax(model, goal)
        if relaxed is None:
            return found
        # where a step of a goal can be told, there is a weight at which none is given up; else a small one is assumed
        step = np.where(self.grain[:goal] > 0, self.grain[:goal], _STEP * np.where(most[:goal] > 0, most[:goal], 1.0))
        sure = _OVER * (self.bounds[goal] - self.reached[goal]) / step
        return np.maximum(np.maximum(found, _TIMES * relaxed.floor), np.minimum(sure, _SOON * found))

    def _heavier(self, goal: int, heavy: Floats, share: Floats) -> Floats:
        """Weights under which a plan that gave up some of the goals before is worth less than the best."""
        told = self.sign * values(self.problem, self.goals, share)
        more = told - self.reached
        found = heavy.copy()
        near = EQUAL * np.maximum(1.0, np.abs(self.reached[:goal]))
        for before in np.flatnonzero(more[:goal] < -near).tolist():
            rest = float(more[goal] + heavy @ more[:goal] - heavy[before] * more[before])
            gain = max(rest, self.bounds[goal] - self.reached[goal])
            least = self.grain[before] or -more[before]
            found[before] = max(_HEAVIER * heavy[before], _OVER * gain / least)
        return found if (found > heavy).any() else heavy * _HEAVIER

    def _sieve(self, model: Model, goal: int) -> None:
        """Leave out what no plan that is as good as this one in the goals so far can take."""
        relaxed = self._relax(model, goal)
        if relaxed is None:
            return
        near = 1e-7 * max(1.0, abs(relaxed.bound))
        gap = relaxed.bound + float(model.constant[goal]) - self.reached[goal] + near
        own = relaxed.column[: len(model.usable)]
        free = model.whole[: len(model.usable)] & (self.ends[0] < self.ends[1])[model.usable]
        self.ends[1][model.usable[free & (own < -gap)]] = 0.0
        self.ends[0][model.usable[free & (own > gap)]] = 1.0
        undivided = ~(self.problem.splittable | self.problem.part)
        self.sure |= undivided & (relaxed.row[: len(self.sure)] > gap)

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


def _grain(cost: Floats, whole: Booleans) -> float:
    """The least by which two plans may differ in a goal; 0 where that is not known."""
    some = np.abs(cost[cost != 0])
    if not len(some) or not whole[cost != 0].all():
        return 0.0
    for unit in (1.0, 0.1, 0.01, 0.001):
        steps = np.round(some / unit)
        if steps.max() < _COUNTABLE and np.allclose(steps * unit, some, rtol=0, atol=unit * 1e-9):
            return unit * float(np.gcd.reduce(steps.astype(np.int64)))
    return 0.0


def _nobody(_: Floats, __: float) -> None:
    """Nobody listens."""
