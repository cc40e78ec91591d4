"""Capacity against what is asked for, in its first form: by zone, by function, and in all.

A project's demand counts in the zone that it must be in, else in the zone of its largest assignment, else in the
first zone that it may be in; a project without any of them counts as free to choose. Demand that is housed somewhere
is not asked for again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from spatial.sums import by_group

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Cell:
    """Demand of one group, low / default / high where it has a range [m²].

    `housed` counts no more than what each project asks for, so that asked = housed + unmet by default.
    """

    asked: tuple[float, float, float]
    housed: float
    unmet: tuple[float, float, float]


def unmet(asked: Floats, housed: Floats) -> Floats:
    """Floor area still to be housed [m²]: asked less housed, never below 0.

    Parameters
    ----------
    asked
        Shape (3, projects).
    housed
        Floor area that assignments already give each project, shape (projects,).
    """
    return np.maximum(asked - housed[None], 0.0)


def cells(asked: Floats, housed: Floats, group: Integers, count: int) -> list[Cell]:
    """Demand added up by group.

    Parameters
    ----------
    asked
        Shape (3, projects) [m²].
    housed
        Shape (projects,) [m²].
    group
        Group of each project, shape (projects,), 0 … count − 1.
    """
    open_ = unmet(asked, housed)

    def added(values: Floats) -> Floats:
        return by_group(group, values, count)

    low, mid, high = (added(row) for row in asked)
    open_low, open_mid, open_high = (added(row) for row in open_)
    given = added(np.minimum(housed, asked[1]))
    return [
        Cell(
            (float(low[i]), float(mid[i]), float(high[i])),
            float(given[i]),
            (float(open_low[i]), float(open_mid[i]), float(open_high[i])),
        )
        for i in range(count)
    ]


def margin(supply: float, still_to_house: float) -> float:
    """Supply less what is still to be housed [m²]; negative is a gap."""
    return supply - still_to_house


def home(must: Integers, assigned: Integers, may: Integers) -> Integers:
    """The zone in which each project's demand counts: must, else assigned, else may; −1 is free to choose."""
    return np.where(must >= 0, must, np.where(assigned >= 0, assigned, may))
