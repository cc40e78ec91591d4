"""A plan made better part by part: some projects are free, all others stay, and the program of that part is solved.

The parts are where the plan falls short: around a project that stands on less than prices say it could have, with
those on the parcels that it would rather have, and those around them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from spatial.allocation import large
from spatial.allocation.highs import Run, run
from spatial.allocation.model import build
from spatial.allocation.plan import values
from spatial.allocation.problem import TAKEN, Booleans, Floats, Goal, Integers, Limit, Problem
from spatial.allocation.relax import heavy

CHOICES = 12
"""Options of a free project."""

_PART = 2.0
"""Seconds that one part may take."""

_SIZES = (6, 60)
"""Projects that are free at a time."""


def core(problem: Problem, share: Floats, short: Floats, most: int = CHOICES) -> Booleans:
    """The few options of each project that fall short least, and those of the plan, shape (options,)."""
    order = np.lexsort((short, problem.project))
    project = problem.project[order]
    starts = np.concatenate([[0], np.flatnonzero(np.diff(project)) + 1, [len(project)]]).astype(np.int64)
    rank = np.arange(len(project)) - np.repeat(starts[:-1], np.diff(starts))
    found = (share > 0) | problem.lock
    found[order[(rank < most) & np.isfinite(short[order])]] = True
    return found


@dataclass(frozen=True)
class Parts:
    """How parts are done again.

    Parameters
    ----------
    offer
        Told every better plan.
    idle
        Parts without anything better, one after the other, after which it ends.
    """

    seconds: float
    seed: int
    cancelled: Callable[[], bool]
    offer: Callable[[Floats], object]
    idle: int = 40

    def search(self, problem: Problem, goals: tuple[Goal, ...], share: Floats, short: Floats) -> Floats:
        """A plan at least as good in the goals, compared in their order."""
        if self.seconds <= 0:
            return share
        ends = time.perf_counter() + self.seconds
        chance = np.random.default_rng(self.seed)
        keep = core(problem, share, short)
        small, small_goals = compact(problem, goals, keep)
        parts = _Choice(small, short[keep], chance)
        best, idle = share[keep], 0
        while time.perf_counter() < ends and idle < self.idle and not self.cancelled():
            free = parts.choose(best, int(chance.integers(*_SIZES)))
            stay = small.ban | (~free[small.project] & (best <= 0) & ~small.lock)
            left = min(_PART, ends - time.perf_counter())
            better = self._run(replace(small, forbidden=stay), small_goals, best, left, 0.0)
            idle += 1
            if better is not None and _better(small, small_goals, better, best):
                best, idle = better, 0
                whole = np.zeros(len(share))
                whole[keep] = best
                self.offer(whole)
        found = np.zeros(len(share))
        found[keep] = best
        return found

    def round(self, problem: Problem, goals: tuple[Goal, ...], share: Floats, short: Floats, part: Floats) -> Floats:
        """What the linear program takes whole stays, and all else is solved again; the plan where that is worse.

        Parameters
        ----------
        part
            What the linear program takes of each option, shape (options,).
        """
        if self.seconds <= 0:
            return share
        keep = core(problem, share, short) | (part > TAKEN)
        small, small_goals = compact(problem, goals, keep)
        part, best = part[keep], share[keep]
        whole = part > 1 - TAKEN
        found = np.zeros(len(share))
        found[keep] = best
        sure = np.zeros(len(problem.weight), dtype=bool)
        sure[small.project[whole]] = True
        for _ in range(2):
            fixed = replace(small, forbidden=small.ban | (sure[small.project] & ~whole & ~small.lock))
            new = self._run(fixed, small_goals, best, 0.5 * self.seconds, 0.0, cold=True)
            if new is not None and _better(small, small_goals, new, best):
                found[keep] = new
                break
            # they leave no room for the others: those where the others might stand are free as well
            wanted = np.zeros(problem.parcels, dtype=bool)
            wanted[small.stand_parcel[~sure[small.project[small.stand_option]]]] = True
            there = small.stand_option[wanted[small.stand_parcel] & whole[small.stand_option]]
            sure[small.project[there]] = False
        return found

    def few(self, problem: Problem, goals: tuple[Goal, ...], share: Floats, short: Floats) -> Floats:
        """The best plan over the few options of each project that fall short least, as far as it is found."""
        if self.seconds <= 0:
            return share
        keep = core(problem, share, short)
        small, small_goals = compact(problem, goals, keep)
        new = self._run(small, small_goals, share[keep], self.seconds, 0.0)
        found = np.zeros(len(share))
        found[keep] = share[keep] if new is None or not _better(small, small_goals, new, share[keep]) else new
        return found

    def _run(
        self, problem: Problem, goals: tuple[Goal, ...], best: Floats, seconds: float, gap: float, cold: bool = False
    ) -> Floats | None:
        model = build(problem, goals)
        sign = np.array([1.0 if one.maximise else -1.0 for one in goals])
        reached = sign * values(problem, goals, best)
        cost = heavy(model, problem.project[model.usable], problem.must_stand, reached) @ model.cost
        how = Run(seconds, self.seed, self.cancelled, lambda _values, _bound: None, gap)
        outcome = run(model, cost, None if cold else model.values(problem, best), how)
        return None if outcome.values is None else model.share(problem, outcome.values)


def nearer(
    problem: Problem, goals: tuple[Goal, ...], share: Floats, found: large.Bounded, how: Run,
    offer: Callable[[Floats], Floats], *, near: bool,
) -> None:  # fmt: skip
    """The plan nearest to the linear program; over few options; and part by part where no program follows.

    Parameters
    ----------
    offer
        Told every plan that may be better; gives the best.
    near
        Whether the plan is so near to the bound that a better one would leave out little more.
    """
    ends = time.perf_counter() + how.seconds
    many = large.options(problem)

    def parts(share: float) -> Parts:
        return Parts(share * (ends - time.perf_counter()), how.seed, how.cancelled, offer)

    share = offer(parts(0.1).round(problem, goals, share, found.short, found.part))
    same = large.same_served(problem, share)
    if len(goals) > 1 and large.options(same) < many and not how.cancelled():
        # with the same projects placed, what the goals before have come to is no longer in the way
        held = large.bounded(same, goals, share, 0.1 * (ends - time.perf_counter()), how.cancelled)
        share = offer(parts(0.1).round(same, goals, share, held.short, held.part))
    wide, thick = many > large.TOO_MANY, many > large.THICK * CHOICES * len(problem.weight)
    if (wide or (thick and not near)) and not how.cancelled():
        share = offer(parts(0.5).few(problem, goals, share, found.short))
    if wide and not how.cancelled():
        offer(parts(1.0).search(problem, goals, share, found.short))


def _better(problem: Problem, goals: tuple[Goal, ...], one: Floats, other: Floats) -> bool:
    sign = np.array([1.0 if goal.maximise else -1.0 for goal in goals])
    new, old = (sign * values(problem, goals, share) for share in (one, other))
    apart = np.flatnonzero(np.abs(new - old) > 1e-9 * np.maximum(1.0, np.abs(old)))
    return bool(len(apart) and new[apart[0]] > old[apart[0]])


class _Choice:
    """Which projects are free next."""

    def __init__(self, problem: Problem, short: Floats, chance: np.random.Generator) -> None:
        self.problem, self.short, self.chance = problem, short, chance
        count = len(problem.project)
        order = np.argsort(problem.stand_option, kind="stable")
        self.parcel = problem.stand_parcel[order]
        self.first = np.concatenate([[0], np.cumsum(np.bincount(problem.stand_option, minlength=count))])
        self.mine = [np.zeros(0, dtype=np.int64) for _ in problem.weight]
        by = np.lexsort((short, problem.project))
        for options in np.split(by, np.flatnonzero(np.diff(problem.project[by])) + 1):
            if len(options):
                self.mine[int(problem.project[options[0]])] = options

    def _parcels(self, options: Integers) -> Integers:
        parts = [self.parcel[self.first[one] : self.first[one + 1]] for one in options.tolist()]
        return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)

    def choose(self, best: Floats, size: int) -> Booleans:
        """Projects around one that could be better off, shape (projects,)."""
        problem, chance = self.problem, self.chance
        projects = len(problem.weight)
        taken = np.flatnonzero(best > TAKEN)
        least = np.full(projects, np.inf)
        np.minimum.at(least, problem.project, self.short)
        now = np.full(projects, np.nan)
        now[problem.project[taken]] = self.short[taken]
        loss = np.where(np.isnan(now), np.nanmax(now, initial=1e-9), now - np.where(np.isinf(least), 0.0, least))
        loss = np.where([len(one) > 0 for one in self.mine], np.maximum(loss, 0.0), 0.0)
        weight = loss + max(float(loss.mean()), 1e-12) * 0.3
        weight[np.isinf(least)] = 0.0
        if weight.sum() <= 0:
            return np.ones(projects, dtype=bool)
        seed = int(chance.choice(projects, p=weight / weight.sum()))
        stands = [(int(parcel), int(problem.project[option])) for option in taken.tolist()
                  for parcel in self.parcel[self.first[option] : self.first[option + 1]].tolist()]  # fmt: skip
        there: dict[int, list[int]] = {}
        for parcel, project in stands:
            there.setdefault(parcel, []).append(project)
        free, queue = {seed}, [seed]
        while queue and len(free) < size:
            options = self.mine[queue.pop(0)][:5]
            near = [project for parcel in self._parcels(options).tolist() for project in there.get(parcel, [])]
            for project in chance.permutation(np.array(near, dtype=np.int64)).tolist():
                if project not in free and len(free) < size:
                    free.add(project)
                    queue.append(project)
        nowhere = np.flatnonzero(np.isnan(now) & np.isfinite(least))
        free.update(chance.choice(nowhere, min(len(nowhere), max(2, size // 6)), replace=False).tolist())
        found = np.zeros(projects, dtype=bool)
        found[list(free)] = True
        return found


def compact(problem: Problem, goals: tuple[Goal, ...], keep: Booleans) -> tuple[Problem, tuple[Goal, ...]]:
    """The problem and its goals with these options alone, numbered anew."""
    place = np.cumsum(keep) - 1
    entry, stand = keep[problem.entry_option], keep[problem.stand_option]
    small = replace(
        problem, project=problem.project[keep], need=problem.need[keep], value=problem.value[keep],
        entry_option=place[problem.entry_option[entry]], entry_room=problem.entry_room[entry],
        entry_amount=problem.entry_amount[entry], stand_option=place[problem.stand_option[stand]],
        stand_parcel=problem.stand_parcel[stand], locked=problem.lock[keep], forbidden=problem.ban[keep],
        whole=problem.entire[keep],
        limits=tuple(Limit(one.name, one.worth[keep], one.at_most) for one in problem.limits),
    )  # fmt: skip
    return small, tuple(
        replace(one, worth=one.worth[keep], taken=None if one.taken is None else one.taken[keep]) for one in goals
    )
