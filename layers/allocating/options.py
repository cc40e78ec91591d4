"""Every place that a project may take: one parcel, a site of several, or what it has today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import shapely

from layers.allocating.grounds import Ground
from layers.allocating.legal import BIT, Legal, Rules
from spatial import adjoining

SITE = 3
"""Parcels of a site at most."""

_CENT = 0.005
_AMOUNT = BIT["room"] | BIT["support"] | BIT["cap"]
"""Rules on how much a place gives: a smaller part may fit where the whole does not."""


class Piece(NamedTuple):
    """Floor area of one parcel [m²]: 0 of a new building, 1 of an existing one; `row` of the assignment of today."""

    parcel: int
    source: int
    amount: float
    row: int = -1


@dataclass(frozen=True)
class Options:
    """Places of projects.

    Parameters
    ----------
    project, met
        Of each option: whose it is, and what it counts for when it is taken whole [m²], shape (options,).
    kept
        Whether it is what the project has today, as it is, shape (options,).
    whole
        Whether it is taken whole or not at all, shape (options,).
    option, parcel, source, amount, row
        Of each piece, shape (pieces,); see `Piece`.
    """

    project: np.ndarray
    met: np.ndarray
    kept: np.ndarray
    whole: np.ndarray
    option: np.ndarray
    parcel: np.ndarray
    source: np.ndarray
    amount: np.ndarray
    row: np.ndarray

    def __len__(self) -> int:
        return len(self.project)

    def pieces(self, option: int) -> list[Piece]:
        """The pieces of one option."""
        first, after = np.searchsorted(self.option, (option, option + 1))
        rows = zip(*(values[first:after].tolist() for values in (self.parcel, self.source, self.amount, self.row)),
                   strict=True)  # fmt: skip
        return [Piece(*one) for one in rows]

    def parcels_of(self, project: int, among: np.ndarray) -> np.ndarray:
        """Parcels that any option of a project stands on, each once; `among` all options, shape (options,)."""
        mine = slice(*np.searchsorted(self.option, self._of(project)))
        return np.unique(self.parcel[mine][among[self.option[mine]]])

    def on(self, project: int, parcel: int) -> np.ndarray:
        """Options of a project that stand on a parcel."""
        mine = slice(*np.searchsorted(self.option, self._of(project)))
        return np.unique(self.option[mine][self.parcel[mine] == parcel])

    def _of(self, project: int) -> np.ndarray:
        """First option of a project, and the first after them: they come project by project."""
        return np.searchsorted(self.project, (project, project + 1))


def options(rules: Rules, found: Legal) -> Options:
    """Every place that a project may take under the rules."""
    ground, sites, made = rules.ground, _Sites(rules.ground), _Making()
    today = _today(ground)
    adjoining, splittable = (_flags(ground, name) for name in ("adjoining", "splittable"))
    for project, wanted in enumerate(ground.wanted.tolist()):
        have = today.get(project, [])
        counted = sum(one.amount / (ground.reuse if one.source else 1.0) for one in have)
        stays = bool(have) and not any(rules.barred[project, one.parcel] for one in have)
        if stays:
            made.add(project, min(counted, wanted), have, kept=True)
        if wanted < _CENT:
            continue
        same = stays and len(have) == 1 and abs(counted - wanted) < 0.01
        for source in (0, 1):
            there = np.flatnonzero(found.blocked[source, project] == 0)
            if same and have[0].source == source:
                there = there[there != have[0].parcel]
            made.add_each(
                project, wanted, there[:, None], source, np.full((len(there), 1), wanted * ground.factor(source))
            )
        if adjoining[project]:
            made.add_each(project, wanted, *sites.of(found, project, wanted))
        if stays and counted < wanted - _CENT and splittable[project]:
            for one in _beside(found, project, wanted - counted, have):
                made.add(project, wanted, [*have, one])
    return made.options()


def _beside(found: Legal, project: int, wanted: float, have: list[Piece]) -> Iterator[Piece]:
    """Single places for the rest of what a project wants, besides what it has: room for the rest is enough there."""
    taken = {(one.parcel, one.source) for one in have}
    for source in (0, 1):
        amount = wanted * found.rules.ground.factor(source)
        legal = (found.blocked[source, project] & ~_AMOUNT) == 0
        for parcel in np.flatnonzero(legal & (found.room(source, project) >= amount - _CENT)).tolist():
            if (parcel, source) not in taken:
                yield Piece(parcel, source, amount)


class _Sites:
    """Sites of adjoining parcels, looked for once."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._sets: np.ndarray | None = None

    def _all(self) -> np.ndarray:
        """Sets of two and three parcels with anything new to give, shape (sets, 3); the third may be −1."""
        if self._sets is None:
            rows = np.flatnonzero(self.ground.new > 0)
            pairs = adjoining.neighbours(self.ground.base.shapes("parcels")[rows])
            found = [(*one, -1) if len(one) == 2 else one for one in adjoining.sets_of(pairs, SITE)]
            places = np.array(found, dtype=np.int64).reshape(-1, SITE)
            sets = np.where(places >= 0, rows[places] if len(rows) else places, -1)
            _, zones = self.ground.zones
            self._sets = sets[((zones[sets] == zones[sets[:, :1]]) | (sets < 0)).all(axis=1)]
        return self._sets

    def of(self, found: Legal, project: int, wanted: float) -> tuple[np.ndarray, int, np.ndarray]:
        """Sites that hold a project, none of whose parcels could be left out, all under the same zone rule.

        Parcels and what each gives in proportion to its room, both of shape (sites, 3), around the source of both.
        """
        sets, room = self._all(), found.room(0, project)
        there = sets >= 0
        each = np.where(there, room[sets], 0.0)
        whole = each.sum(axis=1)
        held = np.flatnonzero(
            whole >= wanted - _CENT
        )  # few sites hold a large project, and all small ones are single
        sets, there, each, whole = sets[held], there[held], each[held], whole[held]
        legal = (found.blocked[0, project] & ~_AMOUNT) == 0
        needed = ((whole[:, None] - each < wanted - _CENT) | ~there).all(axis=1)
        kept = (legal[sets] | ~there).all(axis=1) & needed
        return sets[kept], 0, wanted * each[kept] / whole[kept, None]


def _today(ground: Ground) -> dict[int, list[Piece]]:
    """What each project has that may move."""
    given = ground.today.table("assignments")
    project = pd.Index(ground.today.table("projects")["project_id"]).get_indexer(pd.Index(given["project_id"]))
    parcel = ground.today.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    area = given["floor_area_m2"].to_numpy(dtype=float, na_value=0.0)
    old = (given["source"] == "existing").to_numpy(dtype=bool, na_value=False)
    found: dict[int, list[Piece]] = {}
    for row in ground.moving.tolist():
        piece = Piece(int(parcel[row]), int(old[row]), float(area[row]), row)
        found.setdefault(int(project[row]), []).append(piece)
    return found


def _flags(ground: Ground, column: str) -> np.ndarray:
    return ground.base.table("projects")[column].to_numpy(dtype=bool, na_value=False)


class _Making:
    """Options that come one after the other, and their pieces."""

    def __init__(self) -> None:
        self._count = 0
        self._options: list[np.ndarray] = [np.zeros((4, 0))]
        self._pieces: list[np.ndarray] = [np.zeros((5, 0))]

    def add(self, project: int, met: float, pieces: list[Piece], *, kept: bool = False) -> None:
        """One option, taken whole or not at all."""
        self._options.append(np.array([[project], [met], [kept], [True]]))
        self._pieces.append(np.array([(self._count, *piece) for piece in pieces], dtype=float).T)
        self._count += 1

    def add_each(self, project: int, met: float, parcels: np.ndarray, source: int, amount: np.ndarray) -> None:
        """An option for each row of parcels of one source, −1 for none, and what each gives."""
        rows, width = parcels.shape
        numbers = np.repeat(np.arange(self._count, self._count + rows), width)
        every = np.stack(
            [numbers, parcels.ravel(), np.full(rows * width, source), amount.ravel(), np.full(rows * width, -1)]
        )
        self._options.append(np.tile(np.array([[project], [met], [0.0], [0.0]]), rows))
        self._pieces.append(every[:, parcels.ravel() >= 0])
        self._count += rows

    def options(self) -> Options:
        """All of them."""
        project, met, kept, whole = np.concatenate(self._options, axis=1)
        option, parcel, source, amount, row = np.concatenate(self._pieces, axis=1)
        return Options(
            project=project.astype(np.int64),
            met=met,
            kept=kept > 0,
            whole=whole > 0,
            option=option.astype(np.int64),
            parcel=parcel.astype(np.int64),
            source=source.astype(np.int64),
            amount=amount,
            row=row.astype(np.int64),
        )


def centres(ground: Ground) -> np.ndarray:
    """Centre of each parcel, shape (parcels, 2); NaN where it has no outline."""
    points = shapely.centroid(ground.base.shapes("parcels"))
    return np.stack([shapely.get_x(points), shapely.get_y(points)], axis=1)
