"""A workspace as a problem for the solver: rooms, options, goals, and what each of them means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from layers.allocating.fitting import fits
from layers.allocating.grounds import Ground, ground
from layers.allocating.legal import Legal, Rules, legal
from layers.allocating.options import Options, options
from layers.allocating.wishes import USUAL, Wish
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial.allocation import Goal, Limit, Problem

_NEAR = 1e-9


@dataclass(frozen=True)
class Room:
    """What runs out: ``new`` or ``existing`` floor area or ``support`` of a parcel (its row), ``cap`` of a zone.

    Parameters
    ----------
    year
        Of existing floor area: what is there before the next year in which more comes; None for all of it.
    """

    kind: str
    parcel: int = -1
    zone: str = ""
    year: int | None = None


@dataclass(frozen=True)
class Made:
    """A problem and what its numbers mean.

    Parameters
    ----------
    fit
        Of every project on every parcel, shape (projects, parcels).
    changes
        Projects whose places differ from today's, whether or not the wish has it among its goals.
    """

    wish: Wish
    ground: Ground
    rules: Rules
    legal: Legal
    options: Options
    rooms: tuple[Room, ...]
    problem: Problem
    goals: tuple[Goal, ...]
    fit: np.ndarray
    changes: Goal

    @cached_property
    def fits(self) -> np.ndarray:
        """Options that fit, nobody else there, shape (options,): what stands today may have lost its room."""
        return self.problem.fits

    @cached_property
    def parcel_names(self) -> list[str]:
        """Number of every parcel; its key where it has none of its own."""
        parcels = self.ground.today.table("parcels")
        numbers = [None if pd.isna(one) else str(one) for one in parcels["parcel_no"]]
        times, keys = Counter(numbers), parcels["parcel_id"].astype(str).tolist()
        return [one if one and times[one] == 1 else key for one, key in zip(numbers, keys, strict=True)]

    @cached_property
    def given(self) -> tuple[list[str], list[str]]:
        """Key and stage of every assignment of today."""
        table = self.ground.today.table("assignments")
        return table["assignment_id"].astype(str).tolist(), table["stage"].astype(str).tolist()

    @cached_property
    def supply(self) -> tuple[list[str | None], list[float]]:
        """Supply mode and term [years] that each parcel states, None and NaN where it states none."""
        parcels = self.ground.today.table("parcels")
        modes = [None if pd.isna(one) else str(one) for one in parcels["supply_mode"]]
        return modes, parcels["term_years"].to_numpy(dtype=float, na_value=np.nan).tolist()


def make(workspace: Workspace, wish: Wish = USUAL) -> Made:
    """The problem of a workspace under a wish."""
    found = ground(workspace, wish)
    rules = Rules(found)
    allowed = legal(rules)
    every = options(rules, allowed)
    rooms, capacity, entries = _rooms(found, every)
    fit = fits(found, wish.fit)
    changes = _changes(found, every)
    projects = found.base.table("projects")
    none = np.zeros(len(projects), dtype=bool)
    stands = np.unique(np.stack([every.option, every.parcel]), axis=1)
    problem = Problem(
        capacity=capacity,
        project=every.project,
        need=every.met,
        value=every.met,
        weight=_priority(found),
        must=none,
        splittable=projects["splittable"].to_numpy(dtype=bool, na_value=False),
        partial=projects["partial"].to_numpy(dtype=bool, na_value=False),
        exclusive=projects["exclusive"].to_numpy(dtype=bool, na_value=False),
        entry_option=entries[0].astype(np.int64),
        entry_room=entries[1].astype(np.int64),
        entry_amount=entries[2],
        stand_option=stands[0],
        stand_parcel=stands[1],
        parcels=len(found.base.table("parcels")),
        whole=every.whole,
        limits=() if wish.max_changes is None else (_at_most(wish.max_changes, changes),),
    )
    if rules.locked.any():
        problem = replace(problem, locked=_locked(allowed, every) & problem.fits)
    opening = (~found.open).astype(float)
    goals = {
        "demand": Goal("demand", problem.worth),
        "fit": _fit_goal(every, fit),
        "opened": Goal("opened", np.zeros(len(every)), opening=opening, maximise=False),
        "changes": changes,
    }
    order = tuple(goals[name] for name in wish.goals)
    return Made(wish, found, rules, allowed, every, rooms, problem, order, fit, changes)


def _priority(found: Ground) -> np.ndarray:
    return np.maximum(found.base.table("projects")["priority"].to_numpy(dtype=float, na_value=1.0), 0.0)


def _locked(allowed: Legal, every: Options) -> np.ndarray:
    """Options of projects that have to stand on a parcel: all of those that do.

    Who may take a part, and finds less there than the whole even if nobody else comes, has to be nowhere: it may be
    nowhere else, and takes what it finds.
    """
    found = np.zeros(len(every), dtype=bool)
    at = allowed.rules.locked[every.project[every.option], every.parcel]
    found[every.option[at]] = True
    projects = allowed.rules.ground.base.table("projects")
    split, part = (projects[name].to_numpy(dtype=bool, na_value=False) for name in ("splittable", "partial"))
    for project in np.unique(every.project[found]).tolist():
        mine = np.flatnonzero(found & (every.project == project))
        holds = [_holds(allowed, every, option) for option in mine.tolist()]
        if (split | part)[project] and (sum(holds) if split[project] else max(holds)) < 1 - _NEAR:
            found[mine] = False
    return found


def _holds(allowed: Legal, every: Options, option: int) -> float:
    """Share of an option that its parcels have room for, nobody else there; what is taken whole only fits so."""
    if every.whole[option]:
        return 1.0
    pieces = [(allowed.room(one.source, int(every.project[option]))[one.parcel], one) for one in every.pieces(option)]
    return min(1.0, *(room / one.amount for room, one in pieces)) if pieces else 0.0


def _fit_goal(every: Options, fit: np.ndarray) -> Goal:
    """Floor area that is met × fit of its parcels, by what each of them gives."""
    each = fit[every.project[every.option], every.parcel]
    total = np.bincount(every.option, weights=every.amount, minlength=len(every))
    mean = np.bincount(every.option, weights=every.amount * each, minlength=len(every))
    return Goal("fit", every.met * np.divide(mean, total, out=np.zeros(len(every)), where=total > 0))


def _changes(found: Ground, every: Options) -> Goal:
    """Projects whose assignments differ from today's; what is split anew counts once for each site."""
    have = np.bincount(every.project[every.kept], minlength=len(found.wanted)) > 0
    given = found.today.table("assignments").iloc[found.moving]["project_id"].nunique()
    taken = np.where(every.kept, -1.0, np.where(have[every.project], 0.0, 1.0))
    # whoever may not stay where it is today counts as changed, wherever it goes
    today = set(found.today.table("assignments").iloc[found.moving]["project_id"].astype(str))
    keys = found.base.table("projects")["project_id"].astype(str).to_numpy()
    leaving = np.isin(keys, list(today)) & ~have
    taken = np.where(leaving[every.project], 0.0, taken)
    return Goal("changes", np.zeros(len(every)), taken=taken, constant=float(given), maximise=False)


def _at_most(most: int, changes: Goal) -> Limit:
    assert changes.taken is not None  # noqa: S101  the goal counts options
    return Limit("changes", changes.taken, float(most) - changes.constant)


def _rooms(found: Ground, every: Options) -> tuple[tuple[Room, ...], np.ndarray, np.ndarray]:
    """What runs out, how much of it there is, and what each option takes of it: rows option, room, amount."""
    share = found.mixes[:, list(FUNCTIONS).index("support")][every.project[every.option]]
    rooms: list[Room] = []
    capacity: list[float] = []
    entries: list[np.ndarray] = []

    def add(room: Room, holds: float) -> int:
        rooms.append(room)
        capacity.append(max(holds, 0.0))
        return len(rooms) - 1

    def take(pieces: np.ndarray, kind: str, holds: np.ndarray, amount: np.ndarray, year: int | None = None) -> None:
        at = np.flatnonzero(pieces)
        if len(at):
            met, where = np.unique(every.parcel[at], return_inverse=True)
            numbers = np.array([add(Room(kind, int(p), year=year), float(holds[p])) for p in met.tolist()])
            entries.append(np.stack([every.option[at], numbers[where], amount[at]]))

    new = every.source == 0
    take(new, "new", found.new, every.amount)
    need_by = found.need_by[every.project[every.option]]
    steps = found.vacant or [(0, np.zeros(len(found.new)))]  # what stands there today without any room takes none
    for at, (_, total) in enumerate(steps):
        last = at + 1 == len(steps)
        more = np.zeros(len(total), dtype=bool) if last else steps[at + 1][1] > total
        until = np.inf if last else steps[at + 1][0]
        inside = ~new if last else ~new & (need_by < until) & more[every.parcel]
        take(inside, "existing", total, every.amount, None if last else steps[at][0])
    held = np.isfinite(found.support)
    take((share > 0) & held[every.parcel], "support", found.support, every.amount * share)
    for key, left, part in found.caps:
        inside = np.flatnonzero(new & (part[every.parcel] > 0))
        if len(inside):
            number = np.full(len(inside), add(Room("cap", zone=key), left))
            entries.append(np.stack([every.option[inside], number, (every.amount * part[every.parcel])[inside]]))
    return tuple(rooms), np.array(capacity), _gathered(entries, len(rooms))


def _gathered(entries: list[np.ndarray], rooms: int) -> np.ndarray:
    """Entries with what an option takes of a room added up."""
    if not entries:
        return np.zeros((3, 0))
    option, room, amount = np.concatenate(entries, axis=1)
    met, where = np.unique(option * rooms + room, return_inverse=True)
    return np.stack([met // rooms, met % rooms, np.bincount(where, weights=amount)])
