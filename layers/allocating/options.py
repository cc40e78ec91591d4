"""Every place that a project may take: one parcel, a site of several, or what it has today."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

    def on(self, project: int, parcel: int) -> np.ndarray:
        """Options of a project that stand on a parcel."""
        there = np.unique(self.option[self.parcel == parcel])
        return there[self.project[there] == project]


def options(rules: Rules, found: Legal) -> Options:
    """Every place that a project may take under the rules."""
    ground = rules.ground
    sites = _Sites(ground)
    made: list[tuple[int, float, bool, bool, list[Piece]]] = []
    today = _today(ground)
    for project, wanted in enumerate(ground.wanted.tolist()):
        have = today.get(project, [])
        counted = sum(one.amount / (ground.reuse if one.source else 1.0) for one in have)
        barred = any(rules.barred[project, one.parcel] for one in have)
        if have and not barred:
            made.append((project, min(counted, wanted), True, True, have))
        if wanted < _CENT:
            continue
        same = (
            {(one.parcel, one.source) for one in have} if len(have) == 1 and abs(counted - wanted) < 0.01 else set()
        )
        places = list(_single(ground, found, project, wanted))
        made += [(project, wanted, False, bool(have), pieces) for pieces in places
                 if barred or (pieces[0].parcel, pieces[0].source) not in same]  # fmt: skip
        if _true(ground, "adjoining", project):
            sets = sites.of(found, project, wanted)
            made += [(project, wanted, False, bool(have), pieces) for pieces in sets]
        if have and not barred and counted < wanted - _CENT and _true(ground, "splittable", project):
            taken = {(one.parcel, one.source) for one in have}
            made += [(project, wanted, False, True, [*have, *pieces])
                     for pieces in _single(ground, found, project, wanted - counted, whole=True)
                     if (pieces[0].parcel, pieces[0].source) not in taken]  # fmt: skip
    return _arrays(made)


def _single(
    ground: Ground, found: Legal, project: int, wanted: float, *, whole: bool = False
) -> Iterator[list[Piece]]:
    for source, factor in ((0, 1.0), (1, ground.reuse)):
        legal = found.blocked[source, project] == 0
        if whole:  # a smaller part than what was looked at may fit where the whole does not
            rest = found.blocked[source, project] & ~(BIT["room"] | BIT["support"] | BIT["cap"])
            legal = (rest == 0) & (found.room[source, project] >= wanted * factor - _CENT)
        for parcel in np.flatnonzero(legal).tolist():
            yield [Piece(parcel, source, wanted * factor)]


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
            self._sets = np.where(places >= 0, rows[places] if len(rows) else places, -1)
        return self._sets

    def of(self, found: Legal, project: int, wanted: float) -> Iterator[list[Piece]]:
        """Sites that hold a project, none of whose parcels could be left out, all under the same zone rule."""
        sets = self._all()
        if not len(sets):
            return
        legal = (found.blocked[0, project] & ~(BIT["room"] | BIT["support"] | BIT["cap"])) == 0
        room = found.room[0, project]
        there = sets >= 0
        each = np.where(there, room[sets], 0.0)
        whole = each.sum(axis=1)
        fits = (legal[sets] | ~there).all(axis=1) & (whole >= wanted - _CENT)
        needed = ((whole[:, None] - each < wanted - _CENT) | ~there).all(axis=1)
        zones = self.ground.zones
        for at in np.flatnonzero(fits & needed).tolist():
            parcels = sets[at][there[at]].tolist()
            if len({zones[one] for one in parcels}) == 1:
                yield [Piece(one, 0, wanted * float(room[one] / whole[at])) for one in parcels]


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


def _true(ground: Ground, column: str, project: int) -> bool:
    value = ground.base.table("projects")[column].iloc[project]
    return not pd.isna(value) and bool(value)


def _arrays(made: Iterable[tuple[int, float, bool, bool, list[Piece]]]) -> Options:
    rows = list(made)
    pieces = [(at, *piece) for at, one in enumerate(rows) for piece in one[4]]
    column = [np.array([one[at] for one in pieces]) for at in range(5)] if pieces else [np.zeros(0)] * 5
    return Options(
        project=np.array([one[0] for one in rows], dtype=np.int64),
        met=np.array([one[1] for one in rows], dtype=float),
        kept=np.array([one[2] for one in rows], dtype=bool),
        whole=np.array([one[3] for one in rows], dtype=bool),
        option=column[0].astype(np.int64),
        parcel=column[1].astype(np.int64),
        source=column[2].astype(np.int64),
        amount=column[3].astype(float),
        row=column[4].astype(np.int64),
    )


def centres(ground: Ground) -> np.ndarray:
    """Centre of each parcel, shape (parcels, 2); NaN where it has no outline."""
    points = shapely.centroid(ground.base.shapes("parcels"))
    return np.stack([shapely.get_x(points), shapely.get_y(points)], axis=1)
