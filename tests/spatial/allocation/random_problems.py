"""Small problems with any combination of rules, and the best of all their plans, found by going through them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import linprog

from spatial.allocation import Goal, Limit, Problem

PART = 1e-5
"""The smallest share that counts as one."""


def problem(
    seed: int, *, parts: bool = False, most: tuple[int, int, int] = (7, 6, 5)
) -> tuple[Problem, tuple[Goal, ...]]:
    """Projects, parcels with one or two rooms each, sites of up to three, now and then a cap, goals in any order."""
    chance = np.random.default_rng(seed)
    projects, parcels = int(chance.integers(1, most[0] + 1)), int(chance.integers(1, most[1] + 1))
    sources, cap = int(chance.integers(1, 3)), chance.random() < 0.4
    round_ = chance.random() < 0.6
    number = (
        (lambda low, high: float(chance.integers(low, high)))
        if round_
        else (lambda low, high: chance.uniform(low, high))
    )
    capacity = [number(0, 40) for _ in range(parcels * sources)] + ([number(10, 60)] if cap else [])
    rows: list[tuple[int, tuple[int, ...], int]] = []
    for project in range(projects):
        for _ in range(int(chance.integers(0, most[2] + 1))):
            size = min(int(chance.choice([1, 1, 1, 2, 3])), parcels)
            rows.append(
                (
                    project,
                    tuple(sorted(chance.choice(parcels, size, replace=False).tolist())),
                    int(chance.integers(sources)),
                )
            )
    rows = sorted(set(rows))
    count = len(rows)
    entries = [
        (at, parcel * sources + source, number(0, 25) if chance.random() < 0.85 else 0.0)
        for at, (_, site, source) in enumerate(rows)
        for parcel in site
    ]
    if cap:
        entries += [(at, len(capacity) - 1, number(0, 15)) for at in range(count) if chance.random() < 0.7]
    stands = [(at, parcel) for at, (_, site, _) in enumerate(rows) for parcel in site]
    lock = np.zeros(count, dtype=bool)
    if count and chance.random() < 0.25:
        lock[chance.integers(count)] = True
    limits = tuple(
        Limit(f"limit {at}", chance.integers(-1, 3, count).astype(float), float(chance.integers(-1, 5)))
        for at in range(int(chance.choice([0, 0, 1, 2])))
    )  # fmt: skip
    mark = chance.random(count)
    split = chance.random(projects) < (0.4 if parts else 0.0)
    found = Problem(
        capacity=np.array(capacity), project=np.array([row[0] for row in rows], dtype=np.int64),
        need=np.array([number(0, 25) for _ in rows]), value=np.array([number(-3, 20) for _ in rows]),
        weight=chance.choice([0.5, 1.0, 2.0], projects), must=chance.random(projects) < 0.15, splittable=split,
        entry_option=np.array([one[0] for one in entries], dtype=np.int64),
        entry_room=np.array([one[1] for one in entries], dtype=np.int64),
        entry_amount=np.array([one[2] for one in entries], dtype=float),
        stand_option=np.array([one[0] for one in stands], dtype=np.int64),
        stand_parcel=np.array([one[1] for one in stands], dtype=np.int64), parcels=parcels,
        partial=chance.random(projects) < (0.4 if parts else 0.0), exclusive=chance.random(projects) < 0.3,
        locked=lock, forbidden=(mark < 0.1) & ~lock, whole=chance.random(count) < 0.1, limits=limits,
        maximise=bool(chance.random() < 0.8),
    )  # fmt: skip
    return found, goals(found, chance, round_=round_)


def goals(found: Problem, chance: np.random.Generator, *, round_: bool) -> tuple[Goal, ...]:
    """One to four goals in any order, now and then the other way round."""
    count = len(found.project)
    some = chance.integers(-1, 2, count).astype(float)
    fit = np.round(0.1 + chance.random(count), 1) if round_ else 0.1 + chance.random(count)
    every = [
        Goal("demand", found.weight[found.project] * found.need),
        Goal("fit", fit),
        Goal("opened", np.zeros(count), opening=chance.integers(0, 2, found.parcels).astype(float), maximise=False),
        Goal("changes", np.zeros(count), taken=some, constant=3.0, maximise=False),
        Goal("all", fit, opening=chance.integers(-2, 3, found.parcels).astype(float), taken=2 * some,
             maximise=bool(chance.random() < 0.5)),
        *found.goals(),
    ]  # fmt: skip
    order = chance.permutation(len(every))[: int(chance.integers(1, 5))]
    return tuple(every[at] for at in order)


@dataclass(frozen=True)
class Every:
    """All plans of whole options that keep to the rules: options taken, shape (plans, options), parcels stood on."""

    taken: np.ndarray
    stood: np.ndarray

    def best(self, goals_: tuple[Goal, ...]) -> list[float] | None:
        """What the best plan reaches in every goal; None where there is no plan."""
        left = np.arange(len(self.taken))
        found = []
        for goal in goals_:
            if not len(left):
                return None
            reached = goal.constant + self.taken[left] @ (goal.worth + (0.0 if goal.taken is None else goal.taken))
            if goal.opening is not None:
                reached = reached + self.stood[left] @ goal.opening
            top = reached.max() if goal.maximise else reached.min()
            found.append(float(top))
            left = left[np.abs(reached - top) <= 1e-9 * max(1.0, abs(top))]
        return found


def every(found: Problem) -> Every:
    """Go through all plans, project by project; what breaks a rule already is followed no further."""
    count, projects = len(found.project), len(found.weight)
    takes = np.zeros((count, len(found.capacity)))
    takes[found.entry_option, found.entry_room] = found.entry_amount
    stands = np.zeros((count, found.parcels), dtype=bool)
    stands[found.stand_option, found.stand_parcel] = True
    taken, used = np.zeros((1, count), dtype=bool), np.zeros((1, len(found.capacity)))
    stood, alone = np.zeros((1, found.parcels), dtype=bool), np.zeros((1, found.parcels), dtype=bool)
    for project in range(projects):
        mine = [int(at) for at in np.flatnonzero(found.project == project)]
        locked = [at for at in mine if found.lock[at]]
        choices: list[int | None] = [at for at in (locked or mine) if not found.ban[at]]
        if len(locked) > 1:
            choices = []
        if not found.must[project] and not locked:
            choices.append(None)
        parts = []
        for at in choices:
            if at is None:
                parts.append((taken, used, stood, alone))
                continue
            bad = (alone & stands[at]).any(axis=1)
            if found.alone[project]:
                bad |= (stood & stands[at]).any(axis=1)
            more = used + takes[at]
            bad |= (more > found.capacity * (1 + 1e-9) + 1e-12).any(axis=1)
            ok = ~bad
            mark = taken[ok].copy()
            mark[:, at] = True
            parts.append((mark, more[ok], stood[ok] | stands[at], alone[ok] | (stands[at] & found.alone[project])))
        if not parts:
            taken, stood = taken[:0], stood[:0]
            break
        taken, used, stood, alone = (np.concatenate(one) for one in zip(*parts, strict=True))
    for limit in found.limits:
        ok = taken @ limit.worth <= limit.at_most + 1e-9
        taken, stood = taken[ok], stood[ok]
    return Every(taken, stood)


def best_in_part(found: Problem, goals_: tuple[Goal, ...]) -> list[float] | None:
    """What the best plan reaches where shares may be parts: a linear program for every set of options."""
    left = [
        one for one in product((False, True), repeat=len(found.project)) if _allowed(found, np.array(one, dtype=bool))
    ]
    floors: list[tuple[Goal, float]] = []
    for goal in goals_:
        reached = [_linear(found, np.array(one, dtype=bool), goal, floors) for one in left]
        sound = [one for one in reached if one is not None]
        if not sound:
            return None
        top = max(sound) if goal.maximise else min(sound)
        near = 1e-7 * max(1.0, abs(top))
        left = [one for one, told in zip(left, reached, strict=True) if told is not None and abs(told - top) <= near]
        floors.append((goal, top))
    return [top for _, top in floors]


def _allowed(found: Problem, taken: np.ndarray) -> bool:
    placed = np.bincount(found.project[taken], minlength=len(found.weight))
    if (taken & ~found.open).any() or (placed[~found.splittable] > 1).any():
        return False
    there: dict[int, set[int]] = {}
    for option, parcel in zip(found.stand_option.tolist(), found.stand_parcel.tolist(), strict=True):
        if taken[option]:
            there.setdefault(parcel, set()).add(int(found.project[option]))
    if any(len(who) > 1 and found.alone[list(who)].any() for who in there.values()):
        return False
    return all(taken @ limit.worth <= limit.at_most + 1e-9 for limit in found.limits)


def _constant(found: Problem, taken: np.ndarray, goal: Goal) -> float:
    stood = np.zeros(found.parcels, dtype=bool)
    stood[found.stand_parcel[taken[found.stand_option]]] = True
    told = goal.constant + (0.0 if goal.taken is None else float(goal.taken[taken].sum()))
    return told + (0.0 if goal.opening is None else float(goal.opening[stood].sum()))


def _linear(found: Problem, taken: np.ndarray, goal: Goal, floors: list[tuple[Goal, float]]) -> float | None:
    """The best shares of the options that are taken; None where they keep to no rule."""
    count = len(found.project)
    rooms = np.zeros((len(found.capacity), count))
    rooms[found.entry_room, found.entry_option] = found.entry_amount
    placing = np.zeros((len(found.weight), count))
    placing[found.project, np.arange(count)] = 1.0
    stands = found.must | np.isin(np.arange(len(found.weight)), found.project[found.lock])
    part = (found.splittable | found.part)[found.project] & ~found.entire
    over = [(-1.0 if one.maximise else 1.0) * one.worth for one, _ in floors]
    ends = [
        (-1.0 if one.maximise else 1.0) * (least - _constant(found, taken, one)) + 1e-7 * max(1.0, abs(least))
        for one, least in floors
    ]
    sign = -1.0 if goal.maximise else 1.0
    least = np.where(taken, np.where(part, PART, 1.0), 0.0)
    told = linprog(
        sign * goal.worth, A_ub=np.vstack([rooms, placing, *over]),
        b_ub=np.concatenate([found.capacity, np.ones(len(found.weight)), ends]),
        A_eq=placing[stands] if stands.any() else None, b_eq=np.ones(int(stands.sum())) if stands.any() else None,
        bounds=np.stack([least, taken.astype(float)], axis=1),
    )  # fmt: skip
    return None if told.status != 0 else sign * float(told.fun) + _constant(found, taken, goal)
