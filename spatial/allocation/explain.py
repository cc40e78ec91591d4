"""Why not here: what stands in the way of another place, who would have to move, and what that would cost.

«Why not here?» is answered by trying: the project is put there, everything else is solved again, and the plans are
compared goal by goal. First only the neighbours may move, which gives an answer at once; then everybody may, which
proves it. What a forced plan can reach is never more than what the plan itself is proved not to pass.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from spatial.allocation.blocking import Blocking, blocking, most
from spatial.allocation.nearby import narrowed, neighbours
from spatial.allocation.parting import Parted, parted
from spatial.allocation.plan import USUAL, Plan, Reached, Stop, values
from spatial.allocation.problem import TAKEN, Floats, Goal, Integers, Problem
from spatial.allocation.solve import EQUAL, solve
from spatial.allocation.standing import taken_by

_QUICK = 0.25
"""Share of the time that the quick answer may take."""

LEAST = 1e-3
"""The smallest part of a project that is a place."""


@dataclass(frozen=True)
class Move:
    """Where a project is before and after: options and the part that each takes; nothing where it has no place."""

    project: int
    before: tuple[tuple[int, float], ...]
    after: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Change:
    """What a goal has before and after.

    Parameters
    ----------
    bound
        No plan with the change is better in this goal, being as good in those before; NaN where nothing is known.
    """

    goal: str
    before: float
    after: float
    bound: float

    @property
    def by(self) -> float:
        """After − before."""
        return self.after - self.before

    @property
    def proved(self) -> bool:
        """Whether nothing better is possible."""
        return Reached(self.goal, self.after, self.bound).gap <= EQUAL


@dataclass(frozen=True)
class Answer:
    """What would be if a project took one of some options.

    Parameters
    ----------
    options
        Those that were asked about; none for a project that has none.
    possible
        None where time was up before it was known.
    blocked
        Rules that make it impossible.
    part
        Share of the project that is put there: the whole, or where that is impossible and it may be divided, as much
        as the rules let.
    share
        The best plan found with the project there, shape (options,); 0 everywhere where there is none.
    moves
        Of the project itself first, then of the others.
    changes
        Of every goal, in their order.
    """

    project: int
    options: tuple[int, ...]
    possible: bool | None
    blocked: Blocking | None
    part: float
    share: Floats
    moves: tuple[Move, ...]
    changes: tuple[Change, ...]
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether no better plan has the project there, or it is proved that none has."""
        if self.possible is None:
            return False
        return all(one.proved for one in self.changes) if self.possible else True


def why_not(
    problem: Problem,
    goals: Sequence[Goal],
    plan: Plan,
    options: Sequence[int] | Integers,
    stop: Stop = USUAL,
    seed: int = 0,
) -> Answer:
    """Put a project on one of some options, solve again, and tell what that changes or what forbids it.

    Parameters
    ----------
    plan
        The plan to compare with; its bounds are used.
    options
        Of one project.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> answer = why_not(problem, problem.goals(), solve(problem), [0])
    >>> answer.possible, [one.project for one in answer.moves], answer.changes[0].by, answer.proved
    (True, [0, 1], -1.0, True)
    """
    asked = np.unique(np.asarray(options, dtype=np.int64))
    question = _Question(problem, tuple(goals), plan, int(problem.project[asked[0]]), asked)
    if plan.share[asked].sum() >= 1 - TAKEN:
        return question.told(plan)
    blocked = blocking(problem, asked, stop)
    if blocked is None:
        lock = problem.lock & (problem.project != question.project)
        lock[asked[problem.open[asked]]] = True
        return question.told(question.again(question.whole(replace(problem, locked=lock)), stop, seed))
    some = asked[problem.in_part[asked]]
    if not len(some):
        return question.impossible(blocked)
    return question.in_part(some, stop, seed)


def next_best(
    problem: Problem, goals: Sequence[Goal], plan: Plan, project: int, stop: Stop = USUAL, seed: int = 0
) -> Answer:
    """What would be if a project were anywhere but where it is, or nowhere; its own lock is given up for this."""
    mine = problem.project == project
    here = mine & (plan.share > TAKEN)
    freed = replace(problem, locked=problem.lock & ~mine, forbidden=problem.ban | here)
    other = np.flatnonzero(mine & ~here)
    if problem.lock[mine].any():
        # without its lock more is possible than the plan was proved for
        plan = replace(plan, goals=tuple(replace(one, bound=np.nan) for one in plan.goals))
    question = _Question(problem, tuple(goals), plan, project, other)
    if problem.must[project]:
        blocked = blocking(freed, other, stop) if len(other) else None
        if blocked is not None or not len(other):
            return question.impossible(blocked)
    return question.told(question.again(question.whole(freed), stop, seed))


def unplaced(
    problem: Problem,
    goals: Sequence[Goal],
    plan: Plan,
    stop: Stop = USUAL,
    seed: int = 0,
    tell: Callable[[Answer, int], None] | None = None,
) -> tuple[Answer, ...]:
    """Of each project without a place: what blocks it, or who would have to move and what each goal loses.

    The time is shared out among them: what those before leave is for those after.

    Parameters
    ----------
    stop
        Of all of them; once it is cancelled, the answers so far are all there are.
    tell
        Told each answer, and of how many.
    """
    started = time.perf_counter()
    placed = np.bincount(problem.project, plan.share, minlength=len(problem.weight)) > TAKEN
    waiting = np.flatnonzero(~placed).tolist()
    found: list[Answer] = []
    for number, project in enumerate(waiting):
        if stop.cancelled():
            break
        mine = np.flatnonzero(problem.project == project)
        left = stop.since(started)
        each = replace(left, seconds=left.seconds / (len(waiting) - number))
        found.append(
            why_not(problem, goals, plan, mine, each, seed)
            if len(mine)
            else _Question(problem, tuple(goals), plan, project, mine).impossible(None)
        )
        if tell is not None:
            tell(found[-1], len(waiting))
    return tuple(found)


@dataclass(frozen=True)
class _Question:
    """What is asked about a project, and the plan that it is compared with."""

    problem: Problem
    goals: tuple[Goal, ...]
    plan: Plan
    project: int
    options: Integers
    started: float = field(default_factory=time.perf_counter)

    @property
    def spent(self) -> float:
        return time.perf_counter() - self.started

    def impossible(self, blocked: Blocking | None) -> Answer:
        nothing = np.zeros(len(self.problem.project))
        return Answer(self.project, tuple(self.options.tolist()), False, blocked, 0.0, nothing, (), (), self.spent)

    def whole(self, changed: Problem) -> Parted:
        """A changed problem in which no project is parted."""
        return Parted(changed, self.goals, np.ones(len(self.problem.project)))

    def in_part(self, options: Integers, stop: Stop, seed: int) -> Answer:
        """As much of the project as one of some options can take, where it cannot take the whole."""
        blocked = blocking(self.problem, options, stop.since(self.started), LEAST)
        if blocked is not None:
            return self.impossible(blocked)
        each = [most(self.problem, option, stop.since(self.started)) for option in options.tolist()]
        best = int(np.argmax(each))
        if each[best] < LEAST:
            return replace(self.impossible(None), possible=None)
        found = self.again(parted(self.problem, self.goals, int(options[best]), each[best]), stop, seed)
        return replace(self.told(found), part=each[best])

    def told(self, found: Plan) -> Answer:
        """What a plan changes."""
        if found.status in ("infeasible", "unknown"):
            return replace(self.impossible(None), possible=False if found.status == "infeasible" else None)
        before = values(self.problem, self.goals, self.plan.share).tolist()
        changes = tuple(
            Change(one.name, was, one.value, one.bound) for was, one in zip(before, found.goals, strict=True)
        )
        moves = sorted(moved(self.problem, self.plan.share, found.share), key=lambda one: one.project != self.project)
        options = tuple(self.options.tolist())
        return Answer(self.project, options, True, None, 1.0, found.share, tuple(moves), changes, self.spent)

    def again(self, changed: Parted, stop: Stop, seed: int) -> Plan:
        """The best plan of the changed problem: with the neighbours alone, then with everybody for the proof."""
        near = neighbours(self.problem, self.plan.share, self.options)
        few = narrowed(changed.problem, self.plan.share, near)
        part = stop.since(self.started)
        part = replace(part, seconds=part.seconds * _QUICK)
        quick = solve(few, changed.goals, part, seed, known=self.plan.goals)
        start = None
        if quick.status in ("optimal", "feasible"):
            start, known = quick.share, self.known(quick.share * changed.factor)
            if all(one.gap <= EQUAL for one in known):
                return Plan("optimal", start * changed.factor, known, self.spent)
        rest = stop.since(self.started)
        full = solve(changed.problem, changed.goals, rest, seed, start, known=self.plan.goals)
        if full.status in ("infeasible", "unknown"):
            return full
        if not changed.exact:
            return replace(full, share=full.share * changed.factor, goals=self.known(full.share * changed.factor))
        ends = zip(full.goals, self.known(full.share * changed.factor), self.goals, strict=True)
        reached = tuple(_tighter(one, two, goal) for one, two, goal in ends)
        return replace(full, share=full.share * changed.factor, goals=reached)

    def known(self, share: Floats) -> tuple[Reached, ...]:
        """What a plan reaches, bounded by what the other plan is proved not to pass.

        The bound of a goal is that of plans as good in the goals before, so it holds here while this plan is.
        """
        found, holds = [], True
        reached = values(self.problem, self.goals, share).tolist()
        for goal, value, was in zip(self.goals, reached, self.plan.goals, strict=True):
            found.append(Reached(goal.name, value, was.bound if holds else np.nan))
            worse = was.value - value if goal.maximise else value - was.value
            holds = holds and worse <= EQUAL * max(1.0, abs(was.value))
        return tuple(found)


def _tighter(one: Reached, two: Reached, goal: Goal) -> Reached:
    ends = [end for end in (one.bound, two.bound) if np.isfinite(end)]
    if not ends:
        return one
    return replace(one, bound=min(ends) if goal.maximise else max(ends))


def moved(problem: Problem, before: Floats, after: Floats) -> list[Move]:
    """Projects that two plans place differently.

    Examples
    --------
    >>> problem = Problem.plain(np.array([10.0]), np.array([0, 1]), np.array([0, 0]), np.array([6.0, 7.0]),
    ...                         np.array([6.0, 7.0]), np.ones(2), np.zeros(2, bool), np.zeros(2, bool))
    >>> [(one.project, one.before, one.after) for one in moved(problem, np.array([1.0, 0.0]), np.array([0.0, 0.0]))]
    [(0, ((0, 1.0),), ())]
    """
    one, two = taken_by(problem, before), taken_by(problem, after)
    apart = np.unique(problem.project[np.abs(before - after) > TAKEN]).tolist()
    return [Move(project, one.get(project, ()), two.get(project, ())) for project in apart]
