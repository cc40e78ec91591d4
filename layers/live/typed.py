"""A place that is typed instead of clicked: coordinates as surveys list them, or steps from the last point.

Surveys write north before east (X, Y), most programs the other way round, some with the number of the belt before the
easting. What is meant is the reading that lies in the workspace; where none does, the place is refused.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import numpy as np
import shapely

from layers.commands import At, at_lonlat
from layers.live.errors import PlaceUnknown
from layers.workspace import Workspace

_APART = re.compile(r"[\s,，;；、]+")
_BELT = 1_000_000.0
"""What stands before the last six digits of an easting [m] is the number of its belt."""
_FURTHEST = 100_000.0
"""How far from everything that is drawn a place may lie [m]; what is further is a slip of the hand."""
_MOST = 1e8


def place(workspace: Workspace, text: str, after: tuple[float, float] | None) -> At:
    """The place that a text means.

    Parameters
    ----------
    text
        Two numbers: metres of the working CRS in either order, degrees of longitude and latitude in either order, or
        after ``@`` metres to the east and to the north of the last point.
    after
        The last point [m].

    Raises
    ------
    PlaceUnknown
    """
    step = text.strip().startswith(("@", "＠"))
    numbers = [_number(one) for one in _APART.split(text.strip().lstrip("@＠").strip(" ,，")) if one]
    if len(numbers) != 2 or not all(math.isfinite(one) and abs(one) < _MOST for one in numbers):
        raise PlaceUnknown(where=text[:60], text=text[:60])
    one, other = numbers
    if step:
        if after is None:
            raise PlaceUnknown(where=text[:60], text=text[:60])
        return At(after[0] + one, after[1] + other)
    found = min(_readings(workspace, one, other), key=lambda at: _away(workspace, at))
    if _away(workspace, found) > _FURTHEST:
        raise PlaceUnknown(where=text[:60], text=text[:60])
    return found


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _readings(workspace: Workspace, one: float, other: float) -> Iterable[At]:
    """All that two numbers may mean, the likeliest first."""
    if max(abs(one), abs(other)) <= 180:
        return [at_lonlat(workspace, lon, lat) for lon, lat in ((one, other), (other, one)) if abs(lat) <= 90]
    return [At(one, other), At(other, one), At(one % _BELT, other), At(other % _BELT, one)]


def _away(workspace: Workspace, at: At) -> float:
    """Distance of a place from the box around everything that is drawn [m]; 0 where nothing is."""
    if not math.isfinite(at.x + at.y):
        return math.inf
    drawn = np.concatenate([workspace.shapes("parcels"), workspace.shapes("zones")])
    west, south, east, north = shapely.total_bounds(drawn) if len(drawn) else (at.x, at.y, at.x, at.y)
    if not math.isfinite(west):
        return 0.0
    return math.hypot(max(west - at.x, at.x - east, 0.0), max(south - at.y, at.y - north, 0.0))
