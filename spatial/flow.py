"""Can it be housed: the largest demand that supply can take, and what stands in the way when it cannot take all.

Demand comes in classes (a function, with the zones that it may be in) and supply in pools (floor area of one zone
that may hold one set of functions). A class may be split over any pool that may hold it. What is housed at most is a
maximum flow from classes to pools; it equals the smallest cut, and a cut is told by the pools on its side:

```
unhoused = max over sets T of pools of   demand of the classes that may be housed in T alone − supply of T
```
The set that reaches the maximum, with its classes, is the bottleneck.
"""

from __future__ import annotations

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spatial.errors import ChengzaiError

Floats = NDArray[np.float64]
Booleans = NDArray[np.bool_]

_NEAR = 1e-9
"""Share of all demand and supply below which a difference is rounding."""

MOST_CUTS = 4096
"""Sets of pools that are tried one by one for every draw; beyond it a part of the draws is solved exactly instead."""

SAMPLE = 400
"""Draws that are solved then."""


class FlowFailed(ChengzaiError):
    code = "flow_failed"
    says = {"zh-CN": "供需匹配没有解出：{reason}", "en": "Supply and demand could not be matched: {reason}"}
    cure = {
        "zh-CN": "检查需求与供给里是否有异常大的数",
        "en": "Look for figures of demand or supply that are far too large",
    }


@dataclass(frozen=True)
class Bottleneck:
    """Classes that compete for pools which cannot take them all, and share no pool with anybody else's shortage.

    Parameters
    ----------
    classes, pools
        Their places, ascending.
    short
        What of the classes cannot be housed [m²].
    """

    classes: tuple[int, ...]
    pools: tuple[int, ...]
    short: float


@dataclass(frozen=True)
class Housed:
    """The largest demand that can be housed at once.

    Parameters
    ----------
    flow
        Floor area of each class in each pool [m²], shape (classes, pools).
    demand, supply
        What was asked and given [m²], shapes (classes,) and (pools,).
    bottlenecks
        None where everything is housed; the largest shortage first.
    """

    flow: Floats
    demand: Floats
    supply: Floats
    bottlenecks: tuple[Bottleneck, ...]

    @property
    def total(self) -> float:
        """Floor area that is housed [m²]."""
        return float(self.flow.sum())

    @property
    def unhoused(self) -> Floats:
        """Floor area of each class that is not housed [m²], shape (classes,)."""
        return np.maximum(self.demand - self.flow.sum(axis=1), 0.0)


def house(demand: Floats, supply: Floats, may: Booleans, liked: Floats | None = None) -> Housed:
    """House as much demand as can be housed at once.

    Parameters
    ----------
    demand
        Floor area of each class [m²], not negative, shape (classes,).
    supply
        Floor area of each pool [m²], not negative, shape (pools,).
    may
        Which class may be housed in which pool, shape (classes, pools).
    liked
        How well a pool suits a class, 0 to 1, shape (classes, pools): among all that house the most, the flow that
        suits best is taken. Nobody is housed less for it.

    Raises
    ------
    FlowFailed

    Examples
    --------
    >>> found = house(np.array([50.0, 80.0]), np.array([100.0, 20.0]), np.array([[True, True], [True, False]]))
    >>> found.total, [(b.classes, b.pools, b.short) for b in found.bottlenecks]
    (120.0, [((0, 1), (0, 1), 10.0)])
    """
    classes, pools = np.nonzero(may & (demand > 0)[:, None] & (supply > 0)[None, :])
    flow = np.zeros(may.shape)
    if len(classes):
        # an augmenting path changes at most 2·min + 1 arcs, so liking can never be worth a square metre housed
        step = 1.0 / (2 * min(may.shape) + 2)
        worth = np.ones(len(classes)) if liked is None else 1.0 + step * liked[classes, pools]
        flow[classes, pools] = _largest(classes, pools, worth, demand, supply)
    return Housed(flow, demand, supply, _bottlenecks(flow, demand, supply, may))


def _largest(
    classes: NDArray[np.intp], pools: NDArray[np.intp], worth: Floats, demand: Floats, supply: Floats
) -> Floats:
    arcs, rows = len(classes), len(demand) + len(supply)
    scale = 1.0 / max(float(demand.max()), float(supply.max()))
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = arcs, rows
    program.col_cost_, program.sense_ = worth, highspy.ObjSense.kMaximize
    program.col_lower_, program.col_upper_ = np.zeros(arcs), np.full(arcs, highspy.kHighsInf)
    program.row_lower_ = np.full(rows, -highspy.kHighsInf)
    program.row_upper_ = np.concatenate([demand, supply]) * scale
    program.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    program.a_matrix_.start_ = 2 * np.arange(arcs + 1)
    program.a_matrix_.index_ = np.stack([classes, pools + len(demand)], axis=1).ravel()
    program.a_matrix_.value_ = np.ones(2 * arcs)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.passModel(program)
    solver.run()
    status = solver.getModelStatus()
    if status != highspy.HighsModelStatus.kOptimal:
        raise FlowFailed(where="balance", reason=solver.modelStatusToString(status))
    return np.maximum(np.asarray(solver.getSolution().col_value), 0.0) / scale


def _bottlenecks(flow: Floats, demand: Floats, supply: Floats, may: Booleans) -> tuple[Bottleneck, ...]:
    """What unhoused classes can reach by moving others: pools that are all full, and the classes in them."""
    near = _NEAR * (float(demand.sum()) + float(supply.sum()))
    unhoused = demand - flow.sum(axis=1)
    reached, full = unhoused > near, np.zeros(len(supply), dtype=bool)
    if not reached.any():
        return ()
    while True:
        pools = may[reached].any(axis=0)
        more = reached | ((flow > near) & pools[None, :]).any(axis=1)
        if (pools == full).all() and (more == reached).all():
            break
        reached, full = more, pools
    rows, columns = np.nonzero(may & reached[:, None] & full[None, :])
    links = coo_array((np.ones(len(rows)), (rows, columns + len(demand))), shape=(len(demand) + len(supply),) * 2)
    _, part = connected_components(links, directed=False)
    found = []
    for one in np.unique(part[: len(demand)][reached]):
        mine = np.flatnonzero(reached & (part[: len(demand)] == one))
        theirs = np.flatnonzero(full & (part[len(demand) :] == one))
        short = float(unhoused[mine].sum())
        found.append(Bottleneck(tuple(mine.tolist()), tuple(theirs.tolist()), short))
    return tuple(sorted(found, key=lambda one: -one.short))


@dataclass(frozen=True)
class Shortage:
    """Shortage over many draws of demand.

    Parameters
    ----------
    unhoused
        What cannot be housed in each draw [m²], shape (draws,).
    short
        Which class is part of a bottleneck in which draw, shape (classes, draws).
    exact
        Whether every draw that was given was solved; else the first `SAMPLE` were, and the columns are theirs.
    """

    unhoused: Floats
    short: Booleans
    exact: bool


def shortage(demand: Floats, supply: Floats, may: Booleans) -> Shortage:
    """What cannot be housed in each of many draws, and who competes for it.

    Parameters
    ----------
    demand
        Shape (classes, draws) [m²].
    supply, may
        As for `house`.

    Examples
    --------
    >>> may = np.array([[True, True], [True, False]])
    >>> found = shortage(np.array([[50.0, 50.0, 0.0], [80.0, 120.0, 90.0]]), np.array([100.0, 20.0]), may)
    >>> found.unhoused.tolist(), found.short.tolist()
    ([10.0, 50.0, 0.0], [[True, True, False], [True, True, False]])
    """
    sets = _unions(may)
    if sets is None:
        few = demand[:, :SAMPLE]
        each = [house(column, supply, may) for column in few.T]
        short = np.zeros(few.shape, dtype=bool)
        for column, found in enumerate(each):
            short[[at for one in found.bottlenecks for at in one.classes], column] = True
        return Shortage(np.array([one.unhoused.sum() for one in each]), short, few.shape == demand.shape)
    inside = np.asarray(~(may[:, None, :] & ~sets[None, :, :]).any(axis=2))
    held = sets.astype(np.float64) @ supply
    # a set that could take the most that each class ever asks for is never short; the empty one stays
    ever = (demand.max(axis=1, initial=0.0) @ inside > held) | ~sets.any(axis=1)
    inside = inside[:, ever]
    over = inside.T.astype(np.float64) @ demand - held[ever][:, None]
    near = _NEAR * (demand.sum(axis=0) + supply.sum())
    worst = over.max(axis=0)
    # of the sets that are over by most, the smallest: those that all of the others contain
    at = np.argmax(over >= worst - near, axis=0)
    short = inside[:, at] & (demand > 0) & (worst > near)
    return Shortage(np.where(worst > near, worst, 0.0), short, True)


def _unions(may: Booleans) -> Booleans | None:
    """Every set of pools that is a union of those of some classes, the smallest first, shape (sets, pools)."""
    found = {0}
    for mine in {sum(1 << int(at) for at in np.flatnonzero(row)) for row in may}:
        found |= {one | mine for one in found}
        if len(found) > MOST_CUTS:
            return None
    ordered = np.array(sorted(found, key=int.bit_count), dtype=object)
    bits = [np.asarray(ordered >> at & 1, dtype=bool) for at in range(may.shape[1])]
    return np.array(bits, dtype=bool).reshape(-1, len(ordered)).T
