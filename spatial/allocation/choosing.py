"""The best choice of patterns: those that fall short of the bound by little, and a program that picks among them.

A plan that is better than the best known takes no pattern that falls short of the bound by more than the two are
apart. Where all patterns that remain can be listed, the best choice of them is the best plan.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from spatial.allocation import large
from spatial.allocation.construct import construct
from spatial.allocation.ground import Ground, chosen, split
from spatial.allocation.highs import Outcome, Run, run
from spatial.allocation.improve import Parts
from spatial.allocation.model import Model
from spatial.allocation.patterns import Aim, Generated, dive, generate
from spatial.allocation.problem import TAKEN, Floats, Goal, Integers, Problem
from spatial.allocation.relax import relax

_FEW, _ALL = 3_000, 25_000
"""Patterns of a first choice, from which a good plan comes; and of one that proves."""

_LOOKS = 40
"""Times as many sets are looked at as patterns are listed, at most."""

_HALVES = 14
"""How often what the patterns of a first choice may fall short is halved."""

_SOME = 0.6
"""Share of the options that must stand whole on one parcel for patterns to be worth their time."""

_BLUR = 1e-7
"""Difference of two plans, as a share of the largest worth, that the solver tells for sure."""

_TOLD = 0.3
"""Part of the time that is left for a first choice."""

_WIDE = 1e-3
"""Distance to the bound, as a share of the worth, from which on a plan is bettered part by part."""

_NEAR = 1e-9
"""Two values this near, as a share of the larger, are the same."""


@dataclass(frozen=True)
class Picked:
    """What came of choosing among patterns.

    Parameters
    ----------
    bounded
        The bound, and what falls short of it.
    only
        Whether the best plan known is the only one as good in all the goals up to this.
    """

    bounded: large.Bounded
    only: bool


def suits(problem: Problem) -> bool:
    """Whether most options stand whole on one parcel, and parcels could take several."""
    usable = problem.open & problem.fits
    simple = np.bincount(problem.stand_option, minlength=len(problem.project)) == 1
    return bool((usable & simple & ~problem.in_part).sum() >= _SOME * max(usable.sum(), 1))


def pick(
    problem: Problem, goals: tuple[Goal, ...], share: Floats, how: Run, offer: Callable[[Floats], Floats]
) -> Picked:
    """Better a plan in the last goal, and bound it, by patterns.

    Parameters
    ----------
    share
        The best plan known, shape (options,).
    how
        Its time, and when it is stopped.
    offer
        Told every plan that may be better; gives the best.
    """
    search = _Search(problem, goals, share, how, offer)
    search.bound()
    if not search.proved():
        search.choose(_FEW, _TOLD)
    # whoever found the best plan has still to look whether it is the only one
    for _ in range(2):
        if search.lone or not search.proved():
            search.choose(_ALL, 1.0)
    return search.picked()


class _Search:
    def __init__(
        self, problem: Problem, goals: tuple[Goal, ...], share: Floats, how: Run, offer: Callable[[Floats], Floats]
    ) -> None:
        self.problem, self.goals, self.share, self.how, self.offer = problem, goals, share, how, offer
        self.ends = time.perf_counter() + how.seconds
        self.only = False
        self.most = np.inf
        self.made = self._made(share)
        # whether the best plan may be shown to be the only one: where worths are all different it mostly is
        self.lone = self.step == 0 and not problem.in_part.any()

    def left(self) -> float:
        return 0.0 if self.how.cancelled() else self.ends - time.perf_counter()

    def _made(self, share: Floats) -> Generated:
        relaxation, self.reached, self.step = large.relaxation(self.problem, self.goals, share)
        self.model = relaxation.model
        start = self.model.values(self.problem, share)
        prices = relax(relaxation, start, self.left(), self.how.cancelled)[0].price
        ground = Ground.of(relaxation, self.problem)
        return generate(ground, start, prices, Aim(self.reached, self.step), 0.5 * self.left(), self.how.cancelled)

    def bound(self) -> None:
        """A plan out of the prices, and the prices once more where that shows that they could be better."""
        self.most = self.made.priced.bound
        if self.proved():
            return
        self._note(self.model.share(self.problem, dive(self.made, 0.4 * self.left(), self.how.cancelled)))
        if self.gap() > _WIDE * abs(self.reached):
            short = np.full(len(self.problem.project), np.inf)
            short[self.model.usable] = self.made.short()
            parts = Parts(0.3 * self.left(), self.how.seed, self.how.cancelled, _nothing)
            self._note(parts.search(self.problem, self.goals, self.share, short))
        if not self.proved() and self.left() > 0:
            self.made = self.made.better(Aim(self.reached, self.step), 0.5 * self.left(), self.how.cancelled)
            self.most = min(self.most, self.made.priced.bound)

    def _note(self, share: Floats) -> None:
        """Take a plan if it is better; whoever is missing in it is placed where there is room."""
        full = construct(self.problem, self.goals, share, self.how.cancelled)
        for one in (share, full):
            if one is not None:
                self.share = self.offer(one)
        self.reached = large.reached(self.problem, self.goals, self.share) - float(self.model.constant[-1])

    def gap(self) -> float:
        """What a better plan falls short of the bound by at most."""
        near = _NEAR * max(1.0, abs(self.made.priced.bound))
        return float(self.made.priced.bound - self.reached - self.step * (1 - 1e-6) + near)

    def proved(self) -> bool:
        """Whether no plan is better."""
        near = _NEAR * max(1.0, abs(self.reached))
        return self.most <= self.reached + max(near, self.step * (1 - 1e-3))

    def choose(self, most: int, part: float) -> None:
        """Choose among all patterns that a better plan may take, or among as few as are a first choice."""
        if self.only or self.left() <= 0:
            return
        gap = self.gap()
        depth, found = gap, listed(self.made, gap, most)
        for _ in range(_HALVES if most <= _FEW else 0):
            if found is not None:
                break
            depth *= 0.5
            found = listed(self.made, depth, most)
        if found is None:
            return
        outcome, columns, lone = self._run(found, depth, part)
        rest = self.made.priced.bound - depth if depth < gap else -np.inf
        if outcome.values is not None:
            self.most = min(self.most, max(outcome.bound, self.reached, rest))
        if columns is not None:
            self._note(self.model.share(self.problem, columns))
        self.only = lone and depth >= gap and self.proved()

    def _run(self, patterns: list[Integers], depth: float, part: float) -> tuple[Outcome, Floats | None, bool]:
        """What comes of it; the columns of the best choice where it is another plan; whether there is no other."""
        ground, net = self.made.ground, self.made.priced.net
        start = self.model.values(self.problem, self.share)
        known = ground.patterns(start)
        place = {one.tobytes(): at for at, one in enumerate(patterns)}
        patterns = [*patterns, *(one for one in known if one.tobytes() not in place)]
        loose = ground.loose
        # what is taken in part loses a part: it is never too much
        loose = loose[(net[loose] >= -depth) | (start[loose] > TAKEN) | ~self.model.whole[loose]]
        program = _Program(ground, self.made, patterns, loose)
        cost = program.cost
        first = program.values(start)
        lone = self.lone and bool(self.model.whole[loose].all())
        less = _BLUR * float(np.abs(cost).max(initial=0.0)) + 4 * _NEAR * max(1.0, abs(self.reached))
        model = program.model
        if lone:
            model, cost = _others(model, first), np.append(cost, -less)
            first = np.append(first, 1.0)
        how = replace(self.how, seconds=max(part * self.left(), 0.0), gap=0.0, better=_nobody,
                      apart=0.1 * less if lone else max(0.5 * self.step, 1e-9))  # fmt: skip
        outcome = run(model, cost, first, how)
        if outcome.values is None:
            return outcome, None, False
        if not lone or outcome.values[-1] < 0.5:
            return outcome, program.columns(outcome.values), False
        return outcome, None, outcome.bound <= float(cost @ first) + 0.5 * less

    def picked(self) -> Picked:
        """What falls short of the bound, and the bound, rounded to what plans can differ by."""
        constant = float(self.model.constant[-1])
        raw, usable = self.made.priced.bound, self.model.usable
        most = min(self.most, raw)
        bound = self.step * float(np.floor(most / self.step + 1e-6)) if self.step else most
        short, part = np.full(len(self.problem.project), np.inf), np.zeros(len(self.problem.project))
        short[usable], part[usable] = self.made.short(), self.made.part[: len(usable)]
        without = self.made.without()
        bounded = large.Bounded(bound + constant, raw + constant, short, without, part, self.step, floor=None)
        return Picked(bounded, self.only)


@dataclass(frozen=True)
class _Program:
    """The program whose columns are patterns, and what stands by itself."""

    ground: Ground
    made: Generated
    patterns: list[Integers]
    loose: Integers

    @property
    def choice(self) -> sparse.csc_matrix:
        """Which columns each of its own takes, shape (columns, its own)."""
        columns = len(self.ground.parcel)
        alone = sparse.csc_matrix(
            (np.ones(len(self.loose)), self.loose, np.arange(len(self.loose) + 1)), shape=(columns, len(self.loose))
        )
        return sparse.hstack([chosen(self.patterns, columns), alone]).tocsc()

    @property
    def cost(self) -> Floats:
        return np.asarray(self.choice.T @ self.ground.relaxation.cost, dtype=float)

    @property
    def model(self) -> Model:
        ground, count = self.ground, len(self.patterns)
        where = np.array([ground.parcel[one[0]] for one in self.patterns], dtype=np.int64)
        parcels, row = np.unique(where, return_inverse=True)
        once = sparse.csc_matrix(
            (np.ones(count), (row, np.arange(count))), shape=(len(parcels), count + len(self.loose))
        )
        linking = np.flatnonzero(ground.linking)
        matrix = sparse.vstack([ground.matrix.tocsr()[linking] @ self.choice, once]).tocsc()
        matrix.sort_indices()
        whole = np.concatenate([np.ones(count, dtype=bool), ground.relaxation.model.whole[self.loose]])
        return replace(
            ground.relaxation.model, whole=whole, cost=self.cost[None], start=matrix.indptr, index=matrix.indices,
            number=matrix.data, lower=np.concatenate([ground.lower[linking], np.full(len(parcels), -np.inf)]),
            upper=np.concatenate([ground.upper[linking], np.ones(len(parcels))]),
        )  # fmt: skip

    def values(self, columns: Floats) -> Floats:
        """A plan in its own columns."""
        known = {one.tobytes() for one in self.ground.patterns(columns)}
        taken = [one.tobytes() in known for one in self.patterns]
        return np.concatenate([np.array(taken, dtype=float), columns[self.loose]])

    def columns(self, own: Floats) -> Floats:
        """The plan that its own columns say."""
        count = len(self.patterns)
        return np.asarray(self.choice @ np.concatenate([np.round(own[:count]), own[count : count + len(self.loose)]]))


def _others(model: Model, plan: Floats) -> Model:
    """The program with one more column, which only this plan needs: it is 0 in every other."""
    taken = plan > TAKEN
    # another plan leaves one of these out, or takes something else as well
    return large.one_more(model, np.arange(len(plan)), np.where(taken, 1.0, -1.0), float(taken.sum()) - 1.0)


def listed(made: Generated, depth: float, most: int) -> list[Integers] | None:
    """All patterns that fall short of the best of their parcel by no more; None where there are more than so many."""
    ground, net = made.ground, made.priced.net
    usable = len(ground.relaxation.project)
    own = ground.parcel[:usable]
    fixed = ground.opening(net)
    here = np.maximum(own, 0)
    room = made.priced.worth[here] - depth - fixed[here]
    least = -depth - ground.gained(net)[here]
    some = np.flatnonzero((own >= 0) & (net[:usable] >= np.where(ground.alone[:usable], room, least)))
    found = [one for one in ground.bare if net[one[0]] >= made.priced.worth[ground.parcel[one[0]]] - depth]
    for columns in split(some, own[some]):
        where = int(own[columns[0]])
        need = float(made.priced.worth[where]) - depth - float(fixed[where])
        lone = ground.alone[columns]
        new = [columns[[at]] for at in np.flatnonzero(lone & (net[columns] >= need)).tolist()]
        more = _Listing(ground, where, columns[~lone], net, need, most - len(found) - len(new)).all()
        if more is None or len(found) + len(new) + len(more) > most:
            return None
        found += [ground.whole(where, one) for one in [*new, *more]]
    return found


class _Listing:
    """All sets that go together on a parcel and are worth enough, one by one."""

    def __init__(self, ground: Ground, parcel: int, columns: Integers, net: Floats, need: float, most: int) -> None:
        mine, part = ground.within[parcel]
        part = part[:, np.searchsorted(mine, columns)] if len(columns) else np.zeros((0, 0))
        main = part[int(np.argmax((part > 0).sum(axis=1)))] if len(part) else np.zeros(len(columns))
        worth = net[columns]
        # gains first, the most for their room first; then losses, the least first
        order = np.lexsort((np.where(worth > 0, -worth / np.maximum(main, 1e-12), -worth), worth <= 0))
        self.columns, self.worth, self.part = columns[order], worth[order].tolist(), part[:, order].T.tolist()
        self.gains = int((worth > 0).sum())
        self.main = main[order].tolist()
        self.project = ground.relaxation.project[self.columns].tolist()
        self.need, self.most, self.looks = need, most, _LOOKS * max(most, 1)
        self.found: list[Integers] = []
        self.taken: list[int] = []
        self.used: set[int] = set()

    def all(self) -> list[Integers] | None:
        """None where there are too many."""
        if not len(self.columns):
            return []
        return self.found if self._from(0, 0.0, [1.0 + 1e-9] * len(self.part[0]), 1.0 + 1e-9) else None

    def _from(self, first: int, worth: float, left: list[float], room: float) -> bool:
        if self.taken and worth >= self.need:
            self.found.append(self.columns[self.taken])
            if len(self.found) > self.most:
                return False
        for at in range(first, len(self.worth)):
            self.looks -= 1
            if worth + self._gain(at, room) < self.need:
                return True
            if self.looks < 0:
                return False
            part = self.part[at]
            if self.project[at] in self.used or any(need > free for need, free in zip(part, left, strict=True)):
                continue
            self.taken.append(at)
            self.used.add(self.project[at])
            after = [free - need for need, free in zip(part, left, strict=True)]
            if not self._from(at + 1, worth + self.worth[at], after, room - self.main[at]):
                return False
            self.taken.pop()
            self.used.discard(self.project[at])
        return True

    def _gain(self, at: int, room: float) -> float:
        """What those from here on may add at most."""
        if at >= self.gains:
            return self.worth[at]
        found = 0.0
        while at < self.gains:
            if self.main[at] > room:
                return found + self.worth[at] * max(room, 0.0) / self.main[at]
            found, room, at = found + self.worth[at], room - self.main[at], at + 1
        return found


def _nothing(_: Floats) -> None:
    """Nobody listens."""


def _nobody(_: Floats, __: float) -> None:
    """Nobody listens."""
