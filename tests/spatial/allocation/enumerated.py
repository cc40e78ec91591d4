"""Small allocation problems with any combination of rules, and every plan of them one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from spatial.allocation.plan import values
from spatial.allocation.problem import Goal, Limit, Problem
from spatial.allocation.verify import verify


def world(seed: int, most: tuple[int, int] = (4, 4), *, rules: float = 0.3) -> Problem:
    """Projects that stand on one or two parcels, with locks, bans, exclusive use and a limit as chance has it."""
    chance = np.random.default_rng(seed)
    projects, parcels = (int(chance.integers(2, top + 1)) for top in most)
    pairs = np.argwhere(chance.random((projects, parcels)) < chance.uniform(0.5, 1.0))
    if not len(pairs):
        pairs = np.array([[0, 0]])
    count = len(pairs)
    need = chance.integers(4, 20, count).astype(float)
    stands = [(at, int(parcel)) for at, parcel in enumerate(pairs[:, 1])]
    wide = np.flatnonzero(chance.random(count) < 0.25) if parcels > 1 else np.zeros(0, dtype=int)
    stands += [(int(at), int((pairs[at, 1] + 1) % parcels)) for at in wide]
    sites = np.bincount([at for at, _ in stands], minlength=count)
    lock = np.zeros(count, dtype=bool)
    if chance.random() < rules:
        lock[chance.integers(count)] = True
    limits: tuple[Limit, ...] = ()
    if chance.random() < rules:
        limits = (Limit("few", chance.integers(-1, 3, count).astype(float), float(chance.integers(1, 4))),)
    return Problem(
        capacity=chance.integers(8, 32, parcels).astype(float),
        project=pairs[:, 0],
        need=need,
        value=need,
        weight=chance.choice([0.5, 1.0, 1.5], projects),
        must=chance.random(projects) < rules / 2,
        splittable=np.zeros(projects, dtype=bool),
        entry_option=np.array([at for at, _ in stands]),
        entry_room=np.array([parcel for _, parcel in stands]),
        entry_amount=np.array([need[at] / sites[at] for at, _ in stands]),
        stand_option=np.array([at for at, _ in stands]),
        stand_parcel=np.array([parcel for _, parcel in stands]),
        parcels=parcels,
        exclusive=chance.random(projects) < rules / 2,
        locked=lock,
        forbidden=(chance.random(count) < rules / 3) & ~lock,
        limits=limits,
    )


def three_goals(problem: Problem, seed: int) -> tuple[Goal, ...]:
    """Demand met, fit, parcels opened: the last one never settles everything."""
    chance = np.random.default_rng([seed, 7])
    count = len(problem.project)
    return (
        Goal("demand", problem.worth),
        Goal("fit", chance.integers(0, 6, count).astype(float)),
        Goal("opened", np.zeros(count), opening=(chance.random(problem.parcels) < 0.7).astype(float), maximise=False),
    )


def choices(problem: Problem) -> Iterator[np.ndarray]:
    """Every way to give each project one of its options or none, whatever the rules say."""
    mine = [np.flatnonzero(problem.project == at).tolist() for at in range(len(problem.weight))]
    for choice in product(*([-1, *options] for options in mine)):
        share = np.zeros(len(problem.project))
        share[[at for at in choice if at >= 0]] = 1.0
        yield share


def plans(problem: Problem) -> list[np.ndarray]:
    """Every plan that keeps to the rules."""
    return [share for share in choices(problem) if not verify(problem, share)]


def ranked(goals: Sequence[Goal], reached: np.ndarray) -> tuple[float, ...]:
    """What a plan reaches, larger is better, to be compared goal by goal."""
    return tuple(round(v if g.maximise else -v, 6) for g, v in zip(goals, reached.tolist(), strict=True))


def best(problem: Problem, goals: Sequence[Goal]) -> tuple[float, ...] | None:
    """The best that any plan reaches, goal by goal; None where there is no plan."""
    every = [ranked(goals, values(problem, tuple(goals), share)) for share in plans(problem)]
    return max(every, default=None)
