"""One year of a balance: what is still to be housed, what supply houses of it, and who competes for too little."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from layers.balancing.market import Market
from layers.vocabulary import FUNCTIONS
from spatial import flow
from spatial.chance import quantiles
from spatial.sums import by_group

QUANTILES = (0.1, 0.5, 0.9)
NAMES = tuple(FUNCTIONS)

Cell = tuple[str | None, str]
"""Zone, None for demand that is free to choose, and function."""

_AT_HOME, _ELSEWHERE = 0.75, 0.25
"""How much the flow likes a pool of the zone in which demand counts, and one that few functions could use."""


@dataclass(frozen=True)
class Choke:
    """Demand that competes for floor area which cannot take all of it.

    Parameters
    ----------
    classes
        Group and function of each class, as places in `Market.groups` and among the functions.
    pools
        Places in `Market.pools`; they are full.
    short
        What cannot be housed [m²].
    """

    classes: tuple[tuple[int, int], ...]
    pools: tuple[int, ...]
    short: float


@dataclass(frozen=True)
class Year:
    """One year of a balance.

    Parameters
    ----------
    demand
        P10, P50 and P90 of what is still to be housed up to the year [m²], shape (3, cells).
    eligible
        Supply that could take it [m²], shape (cells,); functions overlap, so it is never summed.
    attributed
        What the largest flow houses of each cell's median demand [m²], shape (cells,).
    hosted
        What the zone's own supply houses of the function, whoever asks [m²], shape (cells,).
    shortage
        Share of draws in which the cell competes for too little, shape (cells,).
    total, housed, unhoused
        P10, P50 and P90 of all demand, and of what can and cannot be housed of it [m²], shape (3,). Quantiles do not
        add up: the median of the whole is not the sum of the medians of the cells.
    supply, into
        Supply of each pool, and what the flow houses there [m²], shape (pools,).
    exact
        Whether every draw was looked at for shortage, or only a part of them.
    classes, flow
        Group and function of each class with demand, shape (classes, 2), and what it gets of each pool [m²], shape
        (classes, pools).
    """

    year: int
    cells: tuple[Cell, ...]
    demand: np.ndarray
    eligible: np.ndarray
    attributed: np.ndarray
    hosted: np.ndarray
    shortage: np.ndarray
    total: np.ndarray
    housed: np.ndarray
    unhoused: np.ndarray
    supply: np.ndarray
    into: np.ndarray
    chokes: tuple[Choke, ...]
    exact: bool
    classes: np.ndarray
    flow: np.ndarray

    def of_cell(self, cell: Cell, both: Market) -> np.ndarray:
        """What the flow houses of a cell in each pool [m²], shape (pools,)."""
        home, function = cell
        mine = [
            row
            for row, (group, at) in enumerate(self.classes.tolist())
            if NAMES[at] == function and both.groups[group].home == home
        ]
        return np.asarray(self.flow[mine].sum(axis=0))


@dataclass(frozen=True)
class Cells:
    """Where each group's demand for each function counts: place of its cell, shape (groups, functions)."""

    names: tuple[Cell, ...]
    of: np.ndarray

    def gather(self, values: np.ndarray) -> np.ndarray:
        """Values of groups and functions added up by cell, shape (cells, draws) from (groups, functions, draws)."""
        out = np.zeros((len(self.names), values.shape[2]))
        for group, row in enumerate(self.of):
            out[row] += values[group]
        return out


def cells(both: Market) -> Cells:
    """Every zone in which demand counts with every function, in the order of zones and functions."""
    homes = list(dict.fromkeys(group.home for group in both.groups))
    of = np.array(
        [[homes.index(group.home) * len(NAMES) + at for at in range(len(NAMES))] for group in both.groups],
        dtype=np.int64,
    ).reshape(len(both.groups), len(NAMES))
    return Cells(tuple((home, name) for home in homes for name in NAMES), of)


def balanced(both: Market, year: int, open_: np.ndarray, supply: np.ndarray) -> Year:
    """Balance one year.

    Parameters
    ----------
    open_
        What is still to be housed up to the year [m²], shape (groups, functions, draws).
    supply
        Of each pool [m²], shape (pools,).
    """
    where = cells(both)
    gathered = where.gather(open_)
    whole, quantile = gathered.sum(axis=0), quantiles(gathered, QUANTILES)
    classes = np.argwhere(open_.any(axis=2))
    group, function = classes[:, 0], classes[:, 1]
    of_cell, may = where.of[group, function], both.may[group, function]
    draws = open_[group, function]
    found = flow.house(_middle(draws, of_cell, quantile[1]), supply, may, _liked(both, group))
    over = flow.shortage(draws, *_merged(supply, may))
    short = np.zeros((len(where.names), over.short.shape[1]), dtype=bool)
    np.logical_or.at(short, of_cell, over.short)
    return Year(
        year,
        where.names,
        quantile,
        _eligible(both, where.names, supply),
        by_group(of_cell, found.flow.sum(axis=1), len(where.names)),
        _hosted(both, where.names, function, found.flow),
        short.mean(axis=1),
        quantiles(whole, QUANTILES),
        quantiles(whole[: len(over.unhoused)] - over.unhoused, QUANTILES),
        quantiles(over.unhoused, QUANTILES),
        supply,
        found.flow.sum(axis=0),
        tuple(
            Choke(tuple((int(group[at]), int(function[at])) for at in one.classes), one.pools, one.short)
            for one in found.bottlenecks
        ),
        over.exact,
        classes,
        found.flow,
    )


def _middle(draws: np.ndarray, of_cell: np.ndarray, median: np.ndarray) -> np.ndarray:
    """Median demand of each class: a class weighs in its cell's median as it does in its mean, so they add up."""
    mean = draws.mean(axis=1)
    whole = by_group(of_cell, mean, len(median))[of_cell]
    return np.divide(mean, whole, out=np.zeros(len(mean)), where=whole > 0) * median[of_cell]


def _liked(both: Market, group: np.ndarray) -> np.ndarray:
    """Demand stays in the zone where it counts as long as that houses nobody less, and leaves what others need."""
    home = np.array([both.groups[one].home for one in group], dtype=object)
    zone = np.array([pool.zone for pool in both.pools], dtype=object)
    takes = np.array([len(pool.functions) for pool in both.pools]) / len(NAMES)
    return _AT_HOME * (home[:, None] == zone[None, :]) + _ELSEWHERE * (1.0 - takes)[None, :]


def _merged(supply: np.ndarray, may: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pools that the same classes may use are one pool; those that nobody may use are none."""
    columns, at = np.unique(may, axis=1, return_inverse=True)
    return by_group(at.ravel(), supply, columns.shape[1]), columns


def _eligible(both: Market, names: tuple[Cell, ...], supply: np.ndarray) -> np.ndarray:
    fits = np.array([[name in pool.functions for pool in both.pools] for name in NAMES]).reshape(len(NAMES), -1)
    zone = np.array([pool.zone for pool in both.pools], dtype=object)
    found = [
        supply[fits[NAMES.index(function)] & (np.ones(len(zone), dtype=bool) if home is None else zone == home)].sum()
        for home, function in names
    ]
    return np.array(found, dtype=float)


def _hosted(both: Market, names: tuple[Cell, ...], function: np.ndarray, into: np.ndarray) -> np.ndarray:
    zone = np.array([pool.zone for pool in both.pools], dtype=object)
    found = [into[np.ix_(function == NAMES.index(name), zone == home)].sum() for home, name in names]
    return np.array(found, dtype=float)
