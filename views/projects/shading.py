"""What the map shows beside the table: parcels that hold the projects, and parcels that could take those chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.contract import split_list
from layers.map.classes import ELSEWHERE, FITS, PARTLY, TAKES
from layers.matching import allowed, function_mix
from layers.vocabulary import FUNCTIONS
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
    wanted = unmet(workspace)
    for row in picked if looks else ():
        some, enough = takers(workspace, row, float(wanted[row]))
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


def takers(workspace: Workspace, project: int, wanted: float) -> tuple[np.ndarray, np.ndarray]:
    """Parcels that could take some of what a project still wants [m²], and those that could take all of it.

    Returns
    -------
    ndarray, ndarray
        Shape (parcels,) each; nowhere where it wants nothing more.
    """
    free = room(workspace, project)
    some = (free > _CENT) & (wanted > _CENT)
    return some, some & (free + _CENT >= wanted)


def room(workspace: Workspace, project: int) -> np.ndarray:
    """Floor area that each parcel has left for a project [m²], 0 where it may not be, shape (parcels,).

    It may be where land use and zone hold every one of its functions, in the zone that it must or may lie in.
    """
    one = workspace.table("projects").iloc[project]
    must = one["must_zone"]
    wished = frozenset({str(must)} if _said(must) else split_list(one["may_zones"]))
    names = list(FUNCTIONS)
    functions = tuple(names.index(name) for name in function_mix(one["function_mix"]) or ("research",))
    return np.where(_fits(workspace, functions, wished), _free(workspace), 0.0)


def _fits(workspace: Workspace, functions: tuple[int, ...], wished: frozenset[str]) -> np.ndarray:
    """Parcels that hold some functions, in any of some zones or sub-areas; kept with the workspace."""
    kept: dict[object, np.ndarray] = workspace.__dict__.setdefault("projects_fit", {})
    if (functions, wished) not in kept:
        found = np.asarray(allowed(workspace)[list(functions)].all(axis=0), dtype=bool)
        if wished:
            held = books(workspace)
            pairs = zip(held.places.zone, held.places.sub_area, strict=True)
            names = np.array([*(zone in wished or sub in wished for zone, sub in pairs), False], dtype=bool)
            inside = held.split.parcel[names[held.places.code]]
            found = found & (np.bincount(inside, minlength=held.split.parcels) > 0)
        kept[functions, wished] = found
    return kept[functions, wished]


def _free(workspace: Workspace) -> np.ndarray:
    """Floor area that each parcel has left, available or vacant [m²]; kept with the workspace."""
    kept = workspace.__dict__.get("projects_free")
    if not isinstance(kept, np.ndarray):
        sums = books(workspace).parcels()
        kept = workspace.__dict__["projects_free"] = np.nan_to_num(sums.available) + np.nan_to_num(sums.built_vacant)
    return kept


def _said(value: object) -> bool:
    return value is not None and value == value and value != ""
