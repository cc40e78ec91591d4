"""What stands behind one cell of a balance: the projects that ask, and the parcels that could take it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.balancing.answer import by_parcel
from layers.balancing.market import Market, supply_of_parts
from layers.balancing.years import NAMES, Cell, Year
from layers.matching import ask, housed
from layers.workspace import Workspace
from spatial.sums import by_group


def projects_behind(workspace: Workspace, both: Market, one: Year, cell: Cell) -> pd.DataFrame:
    """Projects whose demand counts in a cell up to a year, those that want most first.

    Returns
    -------
    DataFrame
        `row` (in the projects table), `unmet_m2` in all and `here_m2` of the function, both by default figures.
    """
    home, function = cell
    asked = ask(workspace).floor_area[1]
    whole, given = asked.sum(axis=1), housed(workspace)
    left = np.divide(np.maximum(whole - given, 0.0), whole, out=np.zeros(len(whole)), where=whole > 0)
    here = asked[:, NAMES.index(function)] * left
    groups = [at for at, group in enumerate(both.groups) if group.home == home]
    mine = np.isin(both.group, groups) & (both.year <= both.years.index(one.year)) & (here > 0)
    rows = np.flatnonzero(mine)
    found = pd.DataFrame({"row": rows, "unmet_m2": (whole * left)[rows], "here_m2": here[rows]})
    return found.sort_values("here_m2", ascending=False, kind="stable", ignore_index=True)


def parcels_behind(workspace: Workspace, both: Market, one: Year, cell: Cell) -> pd.DataFrame:
    """Parcels that could take the function of a cell by a year, those with most of it attributed first.

    Returns
    -------
    DataFrame
        `row` (in the parcels table), `supply_m2` that is there by the year and `attributed_m2` that the largest flow
        gives the cell.
    """
    home, function = cell
    fits = np.array([function in pool.functions and home in (None, pool.zone) for pool in both.pools])
    into = one.of_cell(cell, both)
    fits |= into > 0
    there = np.append(fits, False)[both.parts]
    split = books(workspace).split
    of_parcel = by_group(split.parcel, np.where(there, supply_of_parts(workspace, one.year), 0.0), split.parcels)
    rows = np.flatnonzero(of_parcel > 0)
    found = pd.DataFrame(
        {"row": rows, "supply_m2": of_parcel[rows], "attributed_m2": by_parcel(workspace, both, one, into)[rows]}
    )
    return found.sort_values(["attributed_m2", "supply_m2"], ascending=False, kind="stable", ignore_index=True)
