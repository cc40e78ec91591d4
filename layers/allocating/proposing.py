"""A plan of the solver as assignments: what stays, what is moved, resized, added and taken away."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

from layers.allocating.legal import SOURCES
from layers.allocating.making import Made
from layers.allocating.options import Piece
from layers.commands.allocating import Allocate, Given
from layers.rows import canonical
from layers.vocabulary import Terms
from spatial.allocation import Fault, Plan, values, verify

Kind = Literal["kept", "added", "moved", "resized", "removed"]

CHANGES: Terms = {
    "kept": ("不变", "As it is"),
    "added": ("新落位", "Added"),
    "moved": ("移位", "Moved"),
    "resized": ("调整面积", "Resized"),
    "removed": ("撤回", "Taken back"),
}
"""What a plan does with a project."""

_TAKEN = 1e-6
_SAME_M2 = 0.02
"""Floor areas this near are the same: figures are entered to 0.01 m²."""


@dataclass(frozen=True)
class Placing:
    """What a plan does with one project.

    Parameters
    ----------
    project
        Row of the project.
    before, after
        What it has of which parcel today, as far as it may move, and under the plan.
    met
        Floor area that the plan counts as met [m²].
    """

    project: int
    kind: Kind
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    met: float

    @property
    def parcels(self) -> tuple[int, ...]:
        """Rows of the parcels that it is to stand on."""
        return tuple(dict.fromkeys(one.parcel for one in self.after))

    @property
    def floor_area_m2(self) -> float:
        """What it is to have of them."""
        return math.fsum(one.amount for one in self.after)


@dataclass(frozen=True)
class Proposal:
    """A plan, checked, against what stands today.

    Parameters
    ----------
    faults
        Rules of the problem that it breaks, found by other code than the solver's; none for a plan that holds.
    """

    made: Made
    plan: Plan
    placings: tuple[Placing, ...]
    faults: tuple[Fault, ...]

    @property
    def verified(self) -> bool:
        """Whether there is a plan and it keeps to every rule."""
        return self.plan.status in ("optimal", "feasible") and not self.faults

    @cached_property
    def unplaced(self) -> tuple[int, ...]:
        """Rows of projects that want floor area and get none."""
        placed = {one.project for one in self.placings if one.after}
        return tuple(at for at in np.flatnonzero(self.made.ground.wanted > 0).tolist() if at not in placed)

    @cached_property
    def there(self) -> dict[int, list[int]]:
        """Rows of the projects that stand on each parcel under the plan, as far as they may move."""
        found: dict[int, list[int]] = {}
        for one in self.placings:
            for parcel in one.parcels:
                found.setdefault(parcel, []).append(one.project)
        return found

    @cached_property
    def changes(self) -> int:
        """How many changes it makes, as the goal of that name counts them: a project counts once for each site."""
        goal = self.made.changes
        return round(float(values(self.made.problem, (goal,), self.plan.share)[0]))

    @cached_property
    def code(self) -> str:
        """What the plan is called: the same plan of the same revision has the same code."""
        told = [self.made.ground.today.revision, [(one.project, *map(tuple, one.after)) for one in self.placings]]
        return hashlib.sha256(canonical(told).encode()).hexdigest()[:6].upper()

    @cached_property
    def command(self) -> Allocate:
        """The one command that makes it so."""
        given: list[Given] = []
        taken: list[str] = []
        changed = [one for one in self.placings if one.kind != "kept"]
        for one in changed:
            mine, gone = _rows(self.made, one)
            given += mine
            taken += gone
        projects = self.made.ground.today.table("projects")["project_id"]
        keys = tuple(str(projects.iloc[one.project]) for one in changed)
        return Allocate(tuple(given), tuple(taken), self.code, keys)


def propose(made: Made, plan: Plan) -> Proposal:
    """A plan against what stands today."""
    there = plan.status in ("optimal", "feasible")
    faults = tuple(verify(made.problem, plan.share, made.goals, plan.goals)) if there else ()
    return Proposal(made, plan, placings(made, plan.share) if there else (), faults)


def placings(made: Made, share: np.ndarray) -> tuple[Placing, ...]:
    """What some shares do with every project that they place or that has something today."""
    every, found = made.options, []
    today: dict[int, list[Piece]] = {}
    after: dict[int, list[Piece]] = {}
    met: dict[int, float] = {}
    for piece, project in _moving(made):
        today.setdefault(project, []).append(piece)
    for option in np.flatnonzero(share > _TAKEN).tolist():
        project, part = int(every.project[option]), float(share[option])
        pieces = [one if one.row >= 0 and part > 1 - _TAKEN else _part(one, part) for one in every.pieces(option)]
        after.setdefault(project, []).extend(one for one in pieces if one.amount > 0)
        met[project] = met.get(project, 0.0) + part * float(every.met[option])
    for project in sorted(today.keys() | after.keys()):
        before, now = tuple(today.get(project, ())), _joined(after.get(project, []))
        found.append(Placing(project, _kind(before, now), before, now, met.get(project, 0.0)))
    return tuple(found)


def _moving(made: Made) -> list[tuple[Piece, int]]:
    ground = made.ground
    given = ground.today.table("assignments").iloc[ground.moving]
    project = pd.Index(ground.today.table("projects")["project_id"]).get_indexer(pd.Index(given["project_id"]))
    parcel = ground.today.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    area, source = given["floor_area_m2"].tolist(), given["source"].tolist()
    rows = zip(parcel.tolist(), source, area, ground.moving.tolist(), project.tolist(), strict=True)
    return [(Piece(at, SOURCES.index(str(of)), float(much), row), who) for at, of, much, row, who in rows]


def _part(piece: Piece, part: float) -> Piece:
    """A piece of an option of which a part is taken; figures are entered to 0.01 m², and never above the room."""
    return piece._replace(amount=math.floor(piece.amount * part * 100 + 1e-3) / 100, row=-1)


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Pieces of the same parcel and source as one, unless they stand as they are."""
    found: dict[tuple[int, int, int], Piece] = {}
    for one in pieces:
        key = (one.parcel, one.source, one.row)
        known = found.get(key)
        found[key] = one if known is None else one._replace(amount=round(known.amount + one.amount, 2))
    return tuple(found.values())


def _kind(before: tuple[Piece, ...], after: tuple[Piece, ...]) -> Kind:
    if not after:
        return "removed"
    if not before:
        return "added"
    one, two = _places(before), _places(after)
    if one.keys() != two.keys():
        return "moved"
    return "kept" if all(abs(two[key] - much) < _SAME_M2 for key, much in one.items()) else "resized"


def _places(pieces: tuple[Piece, ...]) -> dict[tuple[int, int], float]:
    found: dict[tuple[int, int], float] = {}
    for one in pieces:
        found[one.parcel, one.source] = found.get((one.parcel, one.source), 0.0) + one.amount
    return found


def _rows(made: Made, one: Placing) -> tuple[list[Given], list[str]]:
    """What a changed project is given and which of its assignments go.

    What stays where it is keeps its key and its stage. What is signed is signed for so much: less of it stays signed,
    and more comes as an intent of its own.
    """
    keys, stages = made.given
    there: dict[tuple[int, int], list[Piece]] = {}
    for piece in sorted(one.before, key=lambda piece: stages[piece.row] != "signed"):
        there.setdefault((piece.parcel, piece.source), []).append(piece)
    given, stays = [], set()
    for (parcel, source), amount in _places(one.after).items():
        left, last = amount, None
        for old in there.get((parcel, source), []):
            if left < _SAME_M2:
                break
            stays.add(old.row)
            last, here = old, min(old.amount, left)
            left -= here
            if old.amount - here >= _SAME_M2:
                given.append(_given(made, one.project, old._replace(amount=here), keys[old.row]))
        if left >= _SAME_M2:
            grows = last is not None and stages[last.row] != "signed"
            fresh = Piece(parcel, source, left + (last.amount if last is not None and grows else 0.0))
            given.append(_given(made, one.project, fresh, keys[last.row] if last is not None and grows else None))
    return given, [keys[piece.row] for piece in one.before if piece.row not in stays]


def _given(made: Made, project: int, piece: Piece, key: str | None) -> Given:
    today = made.ground.today
    mode, term = _terms(made, piece)
    return Given(
        project_id=str(today.table("projects")["project_id"].iloc[project]),
        parcel_id=str(today.table("parcels")["parcel_id"].iloc[piece.parcel]),
        floor_area_m2=round(piece.amount, 2) if piece.row >= 0 or key is not None else piece.amount,
        source=SOURCES[piece.source],
        supply_mode=mode,
        term_years=term,
        assignment_id=key,
    )


def _terms(made: Made, piece: Piece) -> tuple[str | None, float | None]:
    """Supply mode and term of a new assignment: those of the parcel, within what the rules in force allow.

    Space in an existing building is let; the longest lease that the rules allow is its term. What a platform builds
    on land that it holds itself is self-held.
    """
    modes, terms = made.supply
    held = made.ground.holder[piece.parcel] != -1
    mode = "lease" if piece.source else "self_held" if held else modes[piece.parcel]
    if mode is None or mode == "allocation":
        return mode, None
    low, high = made.rules.bounds(mode, piece.parcel)
    stated = np.nan if piece.source else terms[piece.parcel]
    term = high if np.isnan(stated) else max(min(stated, high), low)
    return mode, float(term) if np.isfinite(term) else None
