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

from spatial.allocation import choosing, large
from spatial.allocation.construct import construct
from spatial.allocation.highs import Outcome, Run, run
from spatial.allocation.improve import nearer
from spatial.allocation.model import Model, build
from spatial.allocation.plan import USUAL, Plan, Progress, Reached, Stop, values
from spatial.allocation.problem import Booleans, Floats, Goal, Problem
from spatial.allocation.relax import grain
from spatial.allocation.verify import verify

EQUAL = 1e-9
"""Two values this near, as a share of the larger, are the same."""

_ROUNDS = 12
_HEAVIER = 8.0
_OVER = 2.0
_TIMES = 8.0
"""Weight of an earlier goal, in prices that the relaxation sets on it; how much heavier it gets, and how often, where
a plan gave some of it up."""

_SOON = 1e5
"""How many times heavier than what follows a weight may be from the first."""

_RANGE = 1e6
"""How many steps of a goal the largest worth of one before it may weigh: past that the solver's tolerances would blur
those steps, and the goal before stands as a row instead."""

_STEP = 2e-4
"""Step of a goal that has none, as a share of the largest worth."""

_BLUR = 1e-7
"""Difference of two plans, as a share of the largest worth, that the solver tells for sure."""

_PART = 0.5
"""How much of the time that is left a goal may use while others follow."""

_FIRST = 1.0
"""Seconds past its time that the first plan may take, as there is none without it."""

_NEAR = 1e-2
"""Gap below which the program of the whole is tried at once."""

_CROWD = 20
"""Options a parcel from which on it is looked at who stands together."""

_CROWDED, _FIRST_PART = 0.75, 0.25
"""Part of the time for a goal there, as what is not proved leaves those that follow wide open; and of that for a plan
that knows no patterns yet."""

_ALONE = 500
"""Options from which on it is looked at whether a plan is the only one, before the goals left are gone through."""

_WITHIN = 1e-3
"""How near a bound may come to the next value that a goal may have, in steps of that goal, and still rule it out."""

Tell = Callable[[Progress], None]


def solve(
    problem: Problem,
    goals: tuple[Goal, ...] | None = None,
    stop: Stop = USUAL,
    seed: int = 0,
    start: Floats | None = None,
    tell: Tell | None = None,
    known: tuple[Reached, ...] = (),
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
    known
        What the best plan of a problem reaches that has every plan of this one and others: its bounds hold here, each
        while a plan is as good as that one in the goals before.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> plan = solve(problem)
    >>> plan.status, plan.share.tolist(), plan.objective, plan.gap
    ('optimal', [0.0, 1.0], 7.0, 0.0)
    """
    search = _Search(problem, problem.goals() if goals is None else tuple(goals), stop, seed, tell, known)
    if start is not None:
        search.offer(start, 0, np.inf)
    if search.best is None:
        search.first()
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
    known: tuple[Reached, ...] = ()
    started: float = field(default_factory=time.perf_counter)
    best: Floats | None = None
    reached: Floats = field(init=False)
    bounds: Floats = field(init=False)
    infeasible: bool = False
    left: Problem = field(init=False)
    stands: Booleans = field(init=False)
    """Goals before the one at hand that stand as rows."""
    found: large.Bounded | None = None
    """What the linear program says of the goal at hand, while nothing that it left out is back."""
    slow: float = 0.0
    """Seconds that going through the whole problem takes, half of what a first plan does: with less none begins."""

    def __post_init__(self) -> None:
        # the problem without options that are in no plan better than the best; and the same after each goal
        self.left = self.problem
        self.narrow = [self.problem for _ in self.goals]
        self.sign = np.array([1.0 if one.maximise else -1.0 for one in self.goals])
        self.reached = np.full(len(self.goals), -np.inf)
        self.bounds = np.array([large.plain(self.problem, one) for one in self.goals])
        self.grain = np.zeros(len(self.goals))
        self.stands = np.zeros(0, dtype=bool)
        # whether there is no other plan as good in the goals so far; whether many could stand on every parcel
        self.only = False
        self.crowded = large.options(self.problem) > _CROWD * self.problem.parcels and choosing.suits(self.problem)

    @property
    def spent(self) -> float:
        return time.perf_counter() - self.started

    @property
    def remaining(self) -> float:
        return max(self.stop.seconds - self.spent, 0.0)

    def ended(self) -> bool:
        return self.remaining <= self.slow or self.stop.cancelled()

    def offer(self, share: Floats, goal: int, bound: float) -> bool:
        """Take a plan if it is sound and better than the best so far."""
        told = self.sign * values(self.problem, self.goals, share)
        near = EQUAL * np.maximum(1.0, np.abs(told))
        first = goal
        if self.best is not None:
            better = np.flatnonzero(np.abs(told - self.reached) > near)
            if len(better) == 0 or told[better[0]] < self.reached[better[0]]:
                return False
            first = int(better[0])
        if verify(self.problem, share):
            return False
        # a bound that a sound plan passes was no bound
        self.bounds[told > self.bounds + 1e-6 * np.maximum(1.0, np.abs(told))] = np.inf
        if first < goal:
            # an earlier goal is better, later ones may be worse: what was left out for their sake is back
            self.left, self.found = self.narrow[first], None
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
        self.found = None
        self._recall(goal)
        if self.only:
            self.bounds[goal] = min(self.bounds[goal], self.reached[goal])
            return True
        done = self._approach(goal)
        self.narrow[goal:] = [self.left] * (len(self.goals) - goal)
        if done or self.proved(goal):
            return True
        model = self._model(goal)
        heavy = self._heavy(model, goal)
        self.stands = np.zeros(goal, dtype=bool)
        seen: list[Floats] = []
        for _ in range(_ROUNDS):
            outcome = self._run(model, goal, heavy)
            if outcome.infeasible:
                self.infeasible = self.best is None
                return False
            if outcome.values is None:
                break
            share = model.share(self.left, outcome.values)
            self.offer(share, goal, self.bounds[goal])
            if self.proved(goal) or self.ended() or not (goal and outcome.ended):
                break
            seen.append(self.sign * values(self.problem, self.goals, share))
            heavy = self._heavier(model, goal, heavy, seen)
        self.say(goal, self.bounds[goal])
        if self.proved(goal) and goal + 1 < len(self.goals) and not self.ended():
            self._sieve(goal)
            if self._alone(goal, heavy):
                return False
        return self.best is not None

    def _recall(self, goal: int) -> None:
        """The bound of the larger problem, where the plan is as good as the best one there in the goals before."""
        if len(self.known) <= goal:
            return
        least = self.sign[:goal] * np.array([one.value for one in self.known[:goal]])
        bound = float(self.sign[goal] * self.known[goal].bound)
        if (self.reached[:goal] >= least - EQUAL * np.maximum(1.0, np.abs(least))).all() and np.isfinite(bound):
            self.bounds[goal] = min(self.bounds[goal], bound)

    def _alone(self, goal: int, heavy: Floats) -> bool:
        """Whether no other plan is as good in the goals so far: then those that follow are decided as well."""
        model = self._model(goal)
        whole = bool(model.whole[: len(model.usable)].all())
        if self.best is None or self.grain[goal] or not whole or len(model.usable) < _ALONE:
            return False
        # the goals before stand as rows, so that they need not weigh much
        most_each = np.abs(model.cost).max(axis=1, initial=0.0)
        heavy = np.minimum(heavy, _TIMES * most_each[goal] / np.where(most_each[:goal] > 0, most_each[:goal], 1.0))
        near = np.where(self.grain > 0, 0.0, EQUAL * np.maximum(1.0, np.abs(self.reached)))[: goal + 1]
        most = float(np.abs(model.cost[goal] + heavy @ model.cost[:goal]).max(initial=0.0))
        # other plans that come nearer than the solver can tell are not ruled out
        less = _BLUR * most + 4.0 * float(np.append(heavy, 1.0) @ near)
        start = model.values(self.left, self.best)
        wide = large.with_others(model, self.left.project[model.usable], start)
        cost = np.append(model.cost[goal] + heavy @ model.cost[:goal], -less)
        how = replace(self._how(goal, _nobody), apart=0.1 * less, gap=0.0)
        outcome = run(wide, cost, np.append(start, 1.0), how, self._floors(wide, goal))
        if outcome.values is None or outcome.values[-1] < 0.5:
            return False
        if outcome.bound > float(cost @ np.append(start, 1.0)) + 0.5 * less:
            return False
        self.bounds[goal + 1 :] = np.minimum(self.bounds[goal + 1 :], self.reached[goal + 1 :])
        return True

    def first(self) -> None:
        """A plan at once; one that takes longer than there is time is left as it is."""
        began = self.spent
        share = construct(
            self.problem, self.goals, over=lambda: self.stop.cancelled() or self.spent > self.stop.seconds + _FIRST
        )
        if share is not None:
            self.offer(share, 0, np.inf)
        self.slow = 0.5 * (self.spent - began)

    def _approach(self, goal: int) -> bool:
        """Where there are many options: leave some out, better the plan part by part; True if that is all to do."""
        if self.best is None or large.options(self.left) < (_ALONE if self.crowded else large.MANY):
            return False
        seconds = self._part(goal)
        ends = self.spent + seconds
        found = self._bounded(goal, 0.5 * seconds)
        self._leave_out(goal)
        self.say(goal, self.bounds[goal])
        if not self.enough(goal) and not self.ended():
            part = (ends - self.spent) * (_FIRST_PART if self.crowded else 1.0)
            near = self.bounds[goal] - self.reached[goal] <= _NEAR * abs(self.reached[goal])
            how = Run(part, self.seed, self.ended, _nobody)
            nearer(self.left, self.goals[: goal + 1], self.best, found, how, self._offered(goal), near=bool(near))
            self._leave_out(goal)
        if self.crowded and not self.enough(goal) and not self.ended():
            return self._pick(goal, ends)
        return self.enough(goal) or self.ended() or large.options(self.left) > large.TOO_MANY

    def _pick(self, goal: int, ends: float) -> bool:
        """Where many could stand on every parcel: who stands together is chosen, parcel by parcel."""
        assert self.best is not None  # noqa: S101  there is one to begin with
        how = Run(max(ends - self.spent, 0.0), self.seed, self.stop.cancelled, _nobody)
        picked = choosing.pick(self.left, self.goals[: goal + 1], self.best, how, self._offered(goal))
        self.found = picked.bounded
        self.bounds[goal] = min(self.bounds[goal], self.found.bound)
        self._leave_out(goal)
        self.say(goal, self.bounds[goal])
        self.only = picked.only and self.proved(goal)
        # the program of the whole knows less of a bound: it is for what patterns have left
        return self.enough(goal) or self.ended() or large.options(self.left) > large.MANY

    def _offered(self, goal: int) -> Callable[[Floats], Floats]:
        """Takes a plan if it is better, and gives the best."""

        def offer(share: Floats) -> Floats:
            self.offer(share, goal, self.bounds[goal])
            assert self.best is not None  # noqa: S101  there is one to begin with
            return self.best

        return offer

    def enough(self, goal: int) -> bool:
        """Whether a goal is proved, or its gap is as small as was asked for."""
        apart = self.bounds[goal] - self.reached[goal]
        return self.proved(goal) or bool(apart <= self.stop.gap * abs(self.reached[goal]))

    def proved(self, goal: int) -> bool:
        """Whether no plan is better in a goal: the bound is nearer than any other value may be."""
        apart = self.bounds[goal] - self.reached[goal]
        near = EQUAL * max(1.0, abs(self.reached[goal]))
        return self.best is not None and bool(apart <= max(near, self.grain[goal] * (1 - _WITHIN)))

    def _part(self, goal: int) -> float:
        """Seconds that a goal may take: others follow."""
        part = _CROWDED if self.crowded else _PART
        return self.remaining * (part if goal + 1 < len(self.goals) else 1.0)

    def _bounded(self, goal: int, seconds: float) -> large.Bounded:
        """What the linear program says of a goal, with those before kept at what they have come to."""
        assert self.best is not None  # noqa: S101  there is one to compare with
        self.found = large.bounded(self.left, self.goals[: goal + 1], self.best, seconds, self.stop.cancelled)
        self.grain[goal] = self.found.grain
        self.bounds[goal] = min(self.bounds[goal], self.found.bound)
        return self.found

    def _leave_out(self, goal: int) -> None:
        """Leave out what no plan that is as good as the best in the goals so far can take."""
        if self.found is not None:
            self.left = self.found.leave_out(self.left, self.reached[goal])

    def _model(self, goal: int) -> Model:
        """The program up to a goal."""
        model = build(self.left, self.goals[: goal + 1])
        self.grain[goal] = grain(model.cost[goal], model.whole)
        return model

    def _run(self, model: Model, goal: int, heavy: Floats) -> Outcome:
        # what is to be added to the worth of the columns: constants, less what the goals before have come to
        moved = float(model.constant[goal])
        if goal:
            moved += float(heavy @ (model.constant[:goal] - self.reached[:goal]))

        def better(columns: Floats, bound: float) -> None:
            self.offer(model.share(self.left, columns), goal, bound + moved)

        start = None if self.best is None else model.values(self.left, self.best)
        cost = model.cost[goal] + heavy @ model.cost[:goal]
        floors = [one for one, stands in zip(self._floors(model, goal), self.stands, strict=True) if stands]
        outcome = run(model, cost, start, self._how(goal, better), floors)
        self.bounds[goal] = min(self.bounds[goal], outcome.bound + moved)
        return outcome

    def _how(self, goal: int, better: Callable[[Floats, float], None]) -> Run:
        apart, gap = max(self.grain[goal] * (1 - 2 * _WITHIN), 1e-9), self.stop.gap
        if goal:
            # a share of what the program is worth would be one of the goals before
            apart, gap = max(apart, gap * abs(self.reached[goal])), 0.0
        return Run(self._part(goal), self.seed, self.stop.cancelled, better, gap, apart)

    def _floors(self, model: Model, goal: int) -> list[tuple[Floats, float]]:
        """What the goals before have come to, less rounding, or a part of the step to the next value."""
        near = np.maximum(EQUAL * np.maximum(1.0, np.abs(self.reached[:goal])), 0.25 * self.grain[:goal])
        return list(
            zip(model.cost[:goal], (self.reached[:goal] - near - model.constant[:goal]).tolist(), strict=True)
        )

    def _heavy(self, model: Model, goal: int) -> Floats:
        """Weights of the goals before: a few times their price in the relaxation, which keeps the bound tight."""
        if not goal:
            return np.zeros(0)
        most = np.abs(model.cost).max(axis=1, initial=0.0)
        found = most[goal] / np.where(most[:goal] > 0, most[:goal], 1.0)
        relaxed = self.found or self._bounded(goal, self._part(goal))
        if relaxed.floor is None:
            return found
        # where a step of a goal can be told, there is a weight at which none is given up; else a small one is assumed
        step = np.where(self.grain[:goal] > 0, self.grain[:goal], _STEP * np.where(most[:goal] > 0, most[:goal], 1.0))
        sure = _OVER * (self.bounds[goal] - self.reached[goal]) / step
        found = np.maximum(np.maximum(found, _TIMES * relaxed.floor), np.minimum(sure, _SOON * found))
        return np.minimum(found, self._heaviest(model, goal))

    def _heaviest(self, model: Model, goal: int) -> Floats:
        """Weights up to which the solver still sees a step of the goal."""
        most = np.abs(model.cost).max(axis=1, initial=0.0)
        step = self.grain[goal] or 0.01 * most[goal]
        found: Floats = _RANGE * max(step, 1e-300) / np.where(most[:goal] > 0, most[:goal], 1.0)
        return found

    def _heavier(self, model: Model, goal: int, heavy: Floats, seen: list[Floats]) -> Floats:
        """Weights under which every plan so far that gave up one of the goals before is worth less than the best.

        A plan is laid to the first goal that it gives up, whose weight has to make up for all that it gains after. A
        goal that would weigh too much stands as a row.
        """
        found, heaviest = heavy.copy(), self._heaviest(model, goal)
        more = np.array(seen) - self.reached
        short = more[:, :goal] < -EQUAL * np.maximum(1.0, np.abs(self.reached[:goal]))
        stood = int(self.stands.sum())
        for before in reversed(range(goal)):
            mine = more[short[:, before] & ~short[:, :before].any(axis=1)]
            if not len(mine) or self.stands[before]:
                continue
            gain = mine[:, goal] + mine[:, before + 1 : goal] @ found[before + 1 :]
            gain = np.maximum(gain, self.bounds[goal] - self.reached[goal])
            weight = _OVER * float((gain / (self.grain[before] or -mine[:, before])).max())
            self.stands[before] = weight > heaviest[before]
            found[before] = max(found[before], min(weight, heaviest[before]))
        if stood == int(self.stands.sum()) and not (found > heavy).any():
            self.stands[:] = True
        return found

    def _sieve(self, goal: int) -> None:
        """Leave out what no plan that is as good as this one in the goals so far can take."""
        if self.found is None:
            self._bounded(goal, self._part(goal))
        self._leave_out(goal)

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


def _nobody(_: Floats, __: float) -> None:
    """Nobody listens."""
