"""Who is served, and by how much too little: the two-step floating catchment area (2SFCA).

The capacity of a facility is shared by everybody within its reach, so that the places that a person finds are the sum
over the facilities in reach of capacity ÷ need of all whom each of them reaches (Luo and Wang, 2003). What somebody
finds beyond their need helps nobody else.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from spatial.sums import by_group

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def found_places(need: Floats, capacity: Floats, facility: Ints, demander: Ints) -> Floats:
    """Places that each demander finds, as a share of its need, shape (n,).

    Parameters
    ----------
    need
        Places that each demander needs, shape (n,).
    capacity
        Places of each facility, shape (f,).
    facility, demander
        Pairs within reach, shape (p,).

    Examples
    --------
    Two demanders share one facility; a second one serves the first alone:

    >>> need, capacity = np.array([30.0, 10.0]), np.array([20.0, 15.0])
    >>> found_places(need, capacity, np.array([0, 0, 1]), np.array([0, 1, 0])).tolist()
    [1.0, 0.5]
    """
    asked = by_group(facility, need[demander], len(capacity))
    ratio = np.divide(capacity, asked, out=np.zeros(len(capacity)), where=asked > 0)
    return by_group(demander, ratio[facility], len(need))


def shortfall(need: Floats, capacity: Floats, facility: Ints, demander: Ints) -> Floats:
    """Places that each demander lacks, shape (n,)."""
    share = found_places(need, capacity, facility, demander)
    return need * np.clip(1.0 - share, 0.0, 1.0)
