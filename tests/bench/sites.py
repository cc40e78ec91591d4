"""Projects and parcels as benchmarks need them: sparse as land use and zones make it, or dense; ever the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from spatial.allocation import Goal, Problem
from spatial.allocation.problem import Booleans, Floats, Integers

USES = (0.3, 0.2, 0.15, 0.15, 0.1, 0.1)
"""Share of parcels of each land use."""
CHOICES = 40
"""Parcels that a project looks at where compatibility is sparse."""


@dataclass(frozen=True)
class _Town:
    chance: np.random.Generator
    room: Floats
    zone: Integers
    asked: Floats
    pairs: Integers
    taken: Floats
    fit: Floats


def sparse(projects: int, parcels: int, seed: int = 0) -> tuple[Problem, tuple[Goal, ...]]:
    """Each project may go to parcels of some land uses in some zones; many want the same few zones."""
    chance = np.random.default_rng(seed)
    room = np.round(chance.lognormal(np.log(12_000.0), 0.7, parcels))
    use = chance.choice(len(USES), parcels, p=USES)
    zones = max(3, parcels // 80)
    zone = np.arange(parcels) * zones // parcels
    asked = np.round(np.minimum(chance.lognormal(np.log(5_000.0), 0.8, projects), np.quantile(room, 0.9)))
    efficiency = np.round(chance.uniform(0.95, 1.1, len(USES)), 3)
    wanted = np.floor(zones * chance.random(projects) ** 2.5).astype(np.int64)
    pairs, fit = [], []
    for project in range(projects):
        mine = np.zeros(len(USES), dtype=bool)
        mine[chance.choice(len(USES), chance.integers(1, 4), replace=False)] = True
        apart = np.abs(zone - wanted[project])
        some = np.flatnonzero(mine[use] & (asked[project] * efficiency[use] <= room) & (apart <= 2))
        score = 0.6 * chance.random(len(some)) + 0.4 / (1.0 + apart[some])
        best = np.argsort(-score)[:CHOICES]
        pairs.append(np.stack([np.full(len(best), project), some[best]], axis=1))
        fit.append(score[best])
    both = np.concatenate(pairs)
    taken = np.round(asked[both[:, 0]] * efficiency[use[both[:, 1]]])
    return _whole(_Town(chance, room, zone, asked, both, taken, np.concatenate(fit)), tight=0.5)


def dense(projects: int, parcels: int, seed: int = 0) -> tuple[Problem, tuple[Goal, ...]]:
    """Every project fits most parcels, and most want the same good ones."""
    chance = np.random.default_rng(seed)
    room = np.round(chance.lognormal(np.log(30_000.0), 0.7, parcels))
    asked = np.round(chance.lognormal(np.log(8_000.0), 0.5, projects))
    taken = np.round(asked[:, None] * chance.uniform(0.95, 1.1, parcels)[None, :])
    pairs = np.argwhere(taken <= room[None, :])
    fit = 0.5 * chance.random(parcels)[None, :] + 0.5 * chance.random((projects, parcels))
    at = (pairs[:, 0], pairs[:, 1])
    zone = np.arange(parcels) * 6 // parcels
    return _whole(_Town(chance, room, zone, asked, pairs, taken[at], fit[at]), tight=0.85)


def _whole(town: _Town, tight: float) -> tuple[Problem, tuple[Goal, ...]]:
    """Rooms are the parcels, their support shares and the caps of zones; goals are the four, in their usual order."""
    chance, projects, parcels = town.chance, len(town.asked), len(town.room)
    weight = chance.choice([1.0, 1.5, 2.0, 3.0], projects)
    support = (chance.random(projects) < 0.1)[town.pairs[:, 0]]
    share = np.round(0.15 * town.room)
    cap = np.bincount(town.zone, town.room)
    # the zones that many want are held by a cap
    cap = np.round(cap * np.where(np.arange(len(cap)) * 3 < len(cap), tight, 0.85))
    kept = ~support | (town.taken <= share[town.pairs[:, 1]])
    pairs, taken, fit, support = town.pairs[kept], town.taken[kept], town.fit[kept], support[kept]
    project, parcel = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    each, zone = np.arange(len(project)), town.zone[parcel]
    problem = Problem(
        capacity=np.concatenate([town.room, share, cap]), project=project, need=town.asked[project],
        value=town.asked[project], weight=weight, must=np.zeros(projects, dtype=bool),
        splittable=np.zeros(projects, dtype=bool), exclusive=chance.random(projects) < 0.2,
        entry_option=np.concatenate([each, each[support], each]),
        entry_room=np.concatenate([parcel, parcels + parcel[support], 2 * parcels + zone]),
        entry_amount=np.concatenate([taken, taken[support], taken]),
        stand_option=each, stand_parcel=parcel, parcels=parcels,
    )  # fmt: skip
    here, now = _today(problem, chance)
    opening = np.where(chance.random(parcels) < 0.3, 0.0, 1.0)
    none = np.zeros(len(project))
    return problem, (
        Goal("demand", problem.worth),
        Goal("fit", fit),
        Goal("opened", none, opening=opening, maximise=False),
        Goal("changes", none, taken=np.where(now, -1.0, np.where(here[project], 0.0, 1.0)),
             constant=float(here.sum()), maximise=False),
    )  # fmt: skip


def _today(problem: Problem, chance: np.random.Generator) -> tuple[Booleans, Booleans]:
    """Projects that are somewhere today, and the options where they are; all of them find room there."""
    here, now = np.zeros(len(problem.weight), dtype=bool), np.zeros(len(problem.project), dtype=bool)
    left = 0.9 * problem.capacity
    entries = np.argsort(problem.entry_option, kind="stable")
    first = np.searchsorted(problem.entry_option[entries], np.arange(len(problem.project) + 1))
    stood: set[int] = set()
    for project in np.flatnonzero(chance.random(len(problem.weight)) < 0.3).tolist():
        for option in chance.permutation(np.flatnonzero(problem.project == project))[:5].tolist():
            mine = entries[first[option] : first[option + 1]]
            parcel = int(problem.stand_parcel[option])
            if (problem.entry_amount[mine] <= left[problem.entry_room[mine]]).all() and parcel not in stood:
                left[problem.entry_room[mine]] -= problem.entry_amount[mine]
                stood.add(parcel)
                here[project], now[option] = True, True
                break
    return here, now


def together(projects: int, parcels: int, seed: int = 0) -> tuple[Problem, tuple[Goal, ...]]:
    """Parcels in a lattice, of which a large project takes up to three that adjoin."""
    chance = np.random.default_rng(seed)
    wide = int(np.ceil(np.sqrt(parcels * 1.3)))
    room = np.round(chance.lognormal(np.log(12_000.0), 0.5, parcels))
    use = chance.choice(3, parcels)
    places = _adjoining(parcels, wide)
    large = chance.random(projects) < 0.4
    asked = np.round(chance.lognormal(np.log(np.where(large, 22_000.0, 7_000.0)), 0.4))
    held = np.array([room[list(one)].sum() for one in places])
    alike = np.array([len(set(use[list(one)].tolist())) == 1 for one in places])
    size = np.array([len(one) for one in places])
    kind = np.array([use[one[0]] for one in places])
    options: list[tuple[int, int, float]] = []
    for project in range(projects):
        fits = (held >= asked[project]) & alike & (kind != project % 3)
        fits &= (size == 1) | (large[project] & (held - asked[project] < 0.5 * held))
        some = np.flatnonzero(fits)
        score = chance.random(len(some)) - 0.1 * size[some]
        options += [(project, int(some[at]), float(score[at])) for at in np.argsort(-score)[:CHOICES].tolist()]
    project = np.array([one[0] for one in options])
    stands = [(at, parcel) for at, (_, site, _) in enumerate(options) for parcel in places[site]]
    option, parcel = (np.array(one) for one in zip(*stands, strict=True))
    # a site is filled parcel by parcel in the same share
    amount = asked[project[option]] * room[parcel] / held[np.array([one[1] for one in options])][option]
    weight = chance.choice([1.0, 1.5, 2.0, 3.0], projects)
    problem = Problem(
        capacity=room, project=project, need=asked[project], value=asked[project], weight=weight,
        must=np.zeros(projects, dtype=bool), splittable=np.zeros(projects, dtype=bool),
        exclusive=large | (chance.random(projects) < 0.1), entry_option=option, entry_room=parcel,
        entry_amount=np.minimum(amount, room[parcel]), stand_option=option, stand_parcel=parcel, parcels=parcels,
    )  # fmt: skip
    here, now = _today(problem, chance)
    none = np.zeros(len(project))
    return problem, (
        Goal("demand", problem.worth),
        Goal("fit", np.array([one[2] for one in options])),
        Goal("opened", none, opening=np.where(chance.random(parcels) < 0.3, 0.0, 1.0), maximise=False),
        Goal("changes", none, taken=np.where(now, -1.0, np.where(here[project], 0.0, 1.0)),
             constant=float(here.sum()), maximise=False),
    )  # fmt: skip


def _adjoining(parcels: int, wide: int) -> list[tuple[int, ...]]:
    """Sets of one, two or three parcels of a lattice, each beside the one before."""
    beside = [
        [other for other in (at - wide, at + wide) if 0 <= other < parcels]
        + [other for other in (at - 1, at + 1) if 0 <= other < parcels and other // wide == at // wide]
        for at in range(parcels)
    ]
    pairs = [(at, other) for at in range(parcels) for other in beside[at]]
    triples = [(*pair, third) for pair in pairs for end in pair for third in beside[end] if third not in pair]
    return sorted({tuple(sorted(one)) for one in [*((at,) for at in range(parcels)), *pairs, *triples]})


def plain_greedy(problem: Problem, goals: tuple[Goal, ...]) -> Floats:
    """What a first attempt would be: the weightiest project first, each to the best place that is left."""
    left, people = problem.capacity.copy(), [set[int]() for _ in range(problem.parcels)]
    share = np.zeros(len(problem.project))
    entries, stands = _grouped(problem.entry_option, problem), _grouped(problem.stand_option, problem)
    mine = [np.flatnonzero(problem.project == at) for at in range(len(problem.weight))]
    asked = np.array([goals[0].worth[one].max(initial=0.0) for one in mine])
    for project in np.argsort(-asked, kind="stable").tolist():
        options = mine[project]
        for option in options[np.lexsort((-goals[1].worth[options], -goals[0].worth[options]))].tolist():
            some, parcels = entries[option], problem.stand_parcel[stands[option]].tolist()
            fits = (problem.entry_amount[some] <= left[problem.entry_room[some]]).all()
            free = all(not people[at] if problem.alone[project] else not problem.alone[list(people[at])].any()
                       for at in parcels)  # fmt: skip
            if fits and free:
                left[problem.entry_room[some]] -= problem.entry_amount[some]
                for at in parcels:
                    people[at].add(project)
                share[option] = 1.0
                break
    return share


def _grouped(owner: Integers, problem: Problem) -> list[Integers]:
    order = np.argsort(owner, kind="stable")
    return np.split(order, np.cumsum(np.bincount(owner, minlength=len(problem.project)))[:-1])
