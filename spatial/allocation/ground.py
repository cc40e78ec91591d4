"""Which columns and rows of a program belong to one parcel alone, and the best pattern there at some prices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from spatial.allocation.packing import pack
from spatial.allocation.problem import Booleans, Floats, Integers, Problem
from spatial.allocation.relax import Relaxation


@dataclass(frozen=True)
class Ground:
    """Which columns and rows belong to one parcel alone.

    Parameters
    ----------
    parcel
        Parcel of each column of its patterns, −1 for columns that stand by themselves, shape (columns,).
    linking
        Rows that patterns share, shape (rows,); all others hold within every pattern.
    opened
        Column that says that a parcel is opened, −1 where there is none, shape (parcels,).
    shared
        Parcels where somebody stands by themselves: they may be opened without any pattern, shape (parcels,).
    within
        Of each parcel its columns, and what share of its own rows each of them fills.
    """

    relaxation: Relaxation
    matrix: sparse.csc_matrix
    lower: Floats
    upper: Floats
    parcel: Integers
    linking: Booleans
    opened: Integers
    shared: Booleans
    alone: Booleans
    within: dict[int, tuple[Integers, Floats]]

    @classmethod
    def of(cls, relaxation: Relaxation, problem: Problem) -> Ground:
        """Options that stand whole on one parcel make its patterns; all else stands by itself."""
        model, usable = relaxation.model, len(relaxation.project)
        matrix, lower, upper = relaxation.rows()
        stands = np.bincount(problem.stand_option, minlength=len(problem.project))
        where = np.full(len(problem.project), -1)
        where[problem.stand_option] = problem.stand_parcel
        parcel = np.full(model.columns, -1)
        simple = (stands[model.usable] == 1) & ~problem.in_part[model.usable]
        parcel[:usable] = np.where(simple, where[model.usable], -1)
        opened = np.full(problem.parcels, -1)
        opened[model.opened] = model.columns - len(model.opened) + np.arange(len(model.opened))
        opened[~np.isin(np.arange(problem.parcels), parcel)] = -1
        parcel[opened[opened >= 0]] = np.flatnonzero(opened >= 0)
        here = np.zeros(len(problem.project), dtype=bool)
        here[model.usable] = parcel[:usable] < 0
        shared = np.isin(np.arange(problem.parcels), problem.stand_parcel[here[problem.stand_option]]) & (opened >= 0)
        alone = np.zeros(model.columns, dtype=bool)
        alone[:usable] = problem.alone[relaxation.project]
        own, linking = _rows(relaxation, matrix, lower, upper, parcel, opened)
        within = _within(matrix, upper, parcel, own)
        return cls(relaxation, matrix, lower, upper, parcel, linking, opened, shared, alone, within)

    @property
    def loose(self) -> Integers:
        """Columns that stand by themselves."""
        return np.flatnonzero(self.parcel < 0)

    @property
    def bare(self) -> list[Integers]:
        """Patterns of nobody, on parcels that are opened for those who stand by themselves."""
        return [one[None] for one in self.opened[self.shared]]

    def clean(self, prices: Floats) -> Floats:
        """Prices of the sign that a bound needs; 0 on rows that hold within patterns."""
        found = np.where(self.linking, prices, 0.0)
        found = np.where(np.isinf(self.upper), np.minimum(found, 0.0), found)
        return np.where(np.isinf(self.lower), np.maximum(found, 0.0), found)

    def patterns(self, columns: Floats) -> list[Integers]:
        """The patterns of a plan, each the columns that it takes."""
        taken = np.flatnonzero((columns > 0.5) & (self.parcel >= 0))
        return split(taken, self.parcel[taken])

    def opening(self, net: Floats) -> Floats:
        """What opening a parcel adds to its pattern, shape (parcels,)."""
        return np.where(self.opened >= 0, net[self.opened], 0.0)

    def gained(self, net: Floats) -> Floats:
        """What somebody gains by standing there alone of all, where opening is a gain that nobody has else."""
        return np.where(self.shared, 0.0, np.maximum(self.opening(net), 0.0))

    def priced(self, prices: Floats, slack: float, out: Booleans | None = None) -> Priced:
        """The bound of some prices, and the best pattern of every parcel, within so much of the best.

        Parameters
        ----------
        out
            Columns that may not be taken, shape (columns,).
        """
        net = self.relaxation.cost - self.matrix.T @ prices
        usable = len(self.relaxation.project)
        if out is not None:
            net[:usable][out[:usable]] = -np.inf
        ends = np.where(prices > 0, np.where(np.isinf(self.upper), 0.0, self.upper),
                        np.where(np.isinf(self.lower), 0.0, self.lower))  # fmt: skip
        bound = float(prices @ ends) + float(np.maximum(net[self.loose], 0.0).sum())
        fixed = self.opening(net)
        worth, found = np.where(self.shared, np.maximum(fixed, 0.0), 0.0), []
        own = self.parcel[:usable]
        some = np.flatnonzero((own >= 0) & (net[:usable] > np.minimum(-fixed, 0.0)[own]))
        for columns in split(some, own[some]):
            where = int(self.parcel[columns[0]])
            most, chosen = self._best(where, columns, net[columns], slack)
            if most + fixed[where] > worth[where]:
                worth[where] = most + fixed[where]
                found.append(self.whole(where, chosen))
        return Priced(bound + float(worth.sum()), net, worth, found)

    def _best(self, parcel: int, columns: Integers, net: Floats, slack: float) -> tuple[float, Integers]:
        """Of what may stand on a parcel, what is worth most: somebody alone, or several together."""
        top = int(np.argmax(net))
        most, chosen = float(net[top]), columns[top : top + 1]
        together = np.flatnonzero(~self.alone[columns] & (net > 0))
        if len(together) < 2:
            return most, chosen
        if self.alone[columns[top]] and float(net[together].sum()) <= most:
            return most, chosen
        mine, part = self.within[parcel]
        columns = columns[together]
        project = np.unique(self.relaxation.project[columns], return_inverse=True)[1]
        found = pack(net[together], part[:, np.searchsorted(mine, columns)], project, slack)
        if found.worth >= most:
            chosen = columns[found.chosen]
        return max(most, found.most), chosen

    def whole(self, parcel: int, chosen: Integers) -> Integers:
        """A pattern of these options, with the column that says that its parcel is opened."""
        opened = int(self.opened[parcel])
        return np.sort(chosen) if opened < 0 else np.append(np.sort(chosen), opened)


@dataclass(frozen=True)
class Priced:
    """What some prices say.

    Parameters
    ----------
    bound
        No plan is worth more.
    net
        Worth of each column less its prices, shape (columns,).
    worth
        What the best pattern of each parcel is worth net of prices, at most, shape (parcels,).
    patterns
        A best pattern of each parcel on which somebody would stand.
    """

    bound: float
    net: Floats
    worth: Floats
    patterns: list[Integers]


def chosen(patterns: list[Integers], columns: int) -> sparse.csc_matrix:
    """Which columns each pattern takes, shape (columns, patterns)."""
    size = np.array([len(one) for one in patterns], dtype=np.int64)
    index = np.concatenate(patterns) if patterns else np.zeros(0, dtype=np.int64)
    return sparse.csc_matrix(
        (np.ones(len(index)), index, np.concatenate([[0], np.cumsum(size)])), shape=(columns, len(patterns))
    )


def _rows(
    relaxation: Relaxation, matrix: sparse.csc_matrix, lower: Floats, upper: Floats, parcel: Integers,
    opened: Integers,
) -> tuple[Integers, Booleans]:  # fmt: skip
    """The parcel whose patterns keep a row, −1 where none does; and which rows patterns share, shape (rows,) each."""
    entries = matrix.tocoo()
    rows, where = matrix.shape[0], parcel[entries.col]
    loose, below = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    loose[entries.row[where < 0]] = True
    below[entries.row[entries.data < 0]] = True
    least, most = np.full(rows, len(opened)), np.full(rows, -1)
    np.minimum.at(least, entries.row[where >= 0], where[where >= 0])
    np.maximum.at(most, entries.row[where >= 0], where[where >= 0])
    one = (least == most) & ~np.isfinite(lower) & np.isfinite(upper)
    one[: len(relaxation.must)] = False
    opens = np.zeros(rows, dtype=bool)
    opens[entries.row[np.isin(entries.col, opened[opened >= 0])]] = True
    own = np.where(one & ~below, least, -1)
    return own, ~(one & ~loose & (~below | opens))


def _within(
    matrix: sparse.csc_matrix, upper: Floats, parcel: Integers, own: Integers
) -> dict[int, tuple[Integers, Floats]]:
    """Of each parcel its columns, and what share of its own rows each of them fills."""
    rows = matrix.tocsr()
    columns = np.flatnonzero(parcel >= 0)
    mine = {int(parcel[one[0]]): one for one in split(columns, parcel[columns])}
    kept = np.flatnonzero(own >= 0)
    there = {int(own[one[0]]): one for one in split(kept, own[kept])}
    found = {}
    for where, some in mine.items():
        several = there.get(where, np.zeros(0, dtype=np.int64))
        part = rows[several][:, some].toarray() / np.maximum(upper[several], 1e-300)[:, None]
        found[where] = (some, part)
    return found


def split(members: Integers, owner: Integers) -> list[Integers]:
    """Members of each owner together, in their order."""
    order = np.argsort(owner, kind="stable")
    return np.split(members[order], np.flatnonzero(np.diff(owner[order])) + 1) if len(members) else []
