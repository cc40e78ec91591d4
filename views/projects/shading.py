"""What the map shows beside the table: parcels that hold the projects, and parcels that could take those chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.contract import split_list
from layers.map.classes import ELSEWHERE, FITS, PARTLY, TAKES
from layers.matching import allowed, mixes
from layers.workspace import Workspace
from views.parcel_map import Shade
from views.projects.sifting import unmet
from views.text import Text

MOST = 40
"""Chosen projects up to which the map looks for parcels that could take them; of more, all parcels could."""
_CENT = 0.005


def shade(workspace: Workspace, shown: Sequence[int], picked: Sequence[int], say: Text) -> Shade:
    """Classes of the parcels.

    Parameters
    ----------
    shown, picked
        Rows of the projects in the table, and of those that are chosen.
    """
    looks = bool(picked) and len(picked) <= MOST
    of = np.full(len(workspace.parcel_index), ELSEWHERE, dtype=np.int64)
    for row in picked if looks else ():
        some, enough = takers(workspace, row)
        of[some & (of == ELSEWHERE)] = PARTLY
        of[enough] = FITS
    of[holding(workspace, picked or shown)] = TAKES
    take = say("shade_take") if picked else say("shade_take_shown")
    labels = (take, say("shade_fit"), say("shade_partly"))
    note = "" if looks else say("shade_many", most=MOST) if picked else say("shade_note")
    mark = (workspace.scenario, workspace.revision, tuple(picked), tuple(shown))
    return Shade(mark, of, labels, note, "projects", ELSEWHERE)


def holding(workspace: Workspace, rows: Sequence[int]) -> np.ndarray:
    """Rows of the parcels on which projects are assigned."""
    keys = workspace.table("projects")["project_id"].iloc[list(rows)]
    given = workspace.table("assignments")
    here = given["project_id"].isin(keys).to_numpy(dtype=bool)
    found = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"][here].unique()))
    return found[found >= 0]


def takers(workspace: Workspace, project: int) -> tuple[np.ndarray, np.ndarray]:
    """Parcels that could take some of what a project still wants, and those that could take all of it.

    Returns
    -------
    ndarray, ndarray
        Shape (parcels,) each; nowhere where it wants nothing more.
    """
    free, wanted = room(workspace, project), float(unmet(workspace)[project])
    some = (free > _CENT) & (wanted > _CENT)
    return some, some & (free + _CENT >= wanted)


def room(workspace: Workspace, project: int) -> np.ndarray:
    """Floor area that each parcel has left for a project [m²], 0 where it may not be, shape (parcels,).

    It may be where land use and zone hold every one of its functions, in the zone that it must or may lie in.
    """
    held, one = books(workspace), workspace.table("projects").iloc[project]
    fits = allowed(workspace)[np.flatnonzero(mixes(workspace)[project] > 0)].all(axis=0)
    must = one["must_zone"]
    wished = {str(must)} if _said(must) else set(split_list(one["may_zones"]))
    if wished:
        pairs = zip(held.places.zone, held.places.sub_area, strict=True)
        names = np.array([*(zone in wished or sub in wished for zone, sub in pairs), False], dtype=bool)
        fits &= np.bincount(held.split.parcel[names[held.places.code]], minlength=held.split.parcels) > 0
    sums = held.parcels()
    return np.where(fits, np.nan_to_num(sums.available) + np.nan_to_num(sums.built_vacant), 0.0)


def _said(value: object) -> bool:
    return value is not None and value == value and value != ""
