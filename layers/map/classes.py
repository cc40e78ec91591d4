"""Which class every parcel has under each way of colouring: whole numbers that stay the same while a map is open.

A parcel's style travels as the number of its class, never as a colour or a name of its own. Where classes are what
occurs in a column (land uses, zones), a value keeps the number that it got first and new ones come last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import pandas as pd

from layers.accounts import available
from layers.ground.grading import GRADES
from layers.map.rated import usual_grades
from layers.vocabulary import PARCEL_STATUS, STAGES, SUPPLY_MODES
from layers.workspace import Workspace, same_columns

LEFT_FROM = (0.0, 5_000.0, 20_000.0, 50_000.0)
"""Available floor area [m²] from which a class counts; below the first there is none left."""

Value = tuple[str, ...]

TAKES, FITS, PARTLY, ELSEWHERE = range(4)
"""Parcels beside chosen projects: holds one, could house one wholly, could house a part of one, none of these."""

_CENT = 0.005
_FURTHEST = ("vacated", "intent", "signed", "under_construction", "completed")
"""Stages of assignments, the furthest last."""


@dataclass(frozen=True)
class Classes:
    """Classes of all parcels of a workspace.

    Parameters
    ----------
    of
        For each mode the number of the class of each parcel, u16 of shape (n,).
    values
        For the modes whose classes are what occurs: what the numbers stand for.
    """

    workspace: Workspace
    of: Mapping[str, np.ndarray] = field(default_factory=dict)
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Mode:
    """A way to colour.

    Parameters
    ----------
    reads
        Columns of the parcels that its classes follow from.
    also
        Whether what else they follow from is the same in two workspaces.
    """

    number: Callable[[Workspace, tuple[Value, ...]], tuple[np.ndarray, tuple[Value, ...]]]
    reads: tuple[str, ...]
    also: Callable[[Workspace, Workspace], bool] = lambda _before, _now: True

    def stands(self, before: Workspace, now: Workspace) -> bool:
        columns = ("parcel_id", *self.reads)
        return same_columns(before.table("parcels"), now.table("parcels"), columns) and self.also(before, now)


def classes(workspace: Workspace, before: Classes | None = None) -> Classes:
    """Classes of a workspace; what cannot have changed is taken from the classes before."""
    of, values = {}, {}
    for key, mode in MODES.items():
        known = before.values[key] if before is not None else ()
        if before is not None and mode.stands(before.workspace, workspace):
            of[key], values[key] = before.of[key], known
        else:
            numbers, values[key] = mode.number(workspace, known)
            of[key] = numbers.astype(np.uint16)
    return Classes(workspace, MappingProxyType(of), MappingProxyType(values))


def _land_use(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    parcels = workspace.table("parcels")
    return _numbered([parcels["classification"], parcels["land_use"]], known)


def _zone(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """The zone that the largest part of a parcel lies in."""
    zones = np.array([*("" if zone is None else str(zone) for zone in workspace.places.zone), ""], dtype=object)
    main = workspace.places.code[workspace.location.main_part()]
    return _numbered([pd.Series(zones[main], dtype="str")], known)


def _numbered(columns: Sequence[pd.Series], known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """Rows that agree in some columns of text have one number."""
    coded = [pd.factorize(column.astype("str").fillna("")) for column in columns]
    joint, base = np.zeros(len(columns[0]), dtype=np.int64), 1
    for codes, texts in coded:
        joint += codes * base
        base *= len(texts) + 1
    found, first, of = np.unique(joint, return_index=True, return_inverse=True)
    values = [tuple(str(texts[codes[row]]) for codes, texts in coded) for row in first]
    number = {value: i for i, value in enumerate(known)}
    for i in np.argsort(-np.bincount(of, minlength=len(found)), kind="stable"):  # the most frequent first
        number.setdefault(values[i], len(number))
    return np.array([number[value] for value in values], dtype=np.int64)[of], tuple(number)


def _among(column: str, terms: Sequence[str]) -> Callable[..., tuple[np.ndarray, tuple[Value, ...]]]:
    def number(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
        of = pd.Index(list(terms), dtype="str").get_indexer(
            pd.Index(workspace.table("parcels")[column].astype("str"))
        )
        return np.where(of < 0, len(terms), of), known

    return number


def _available(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """Floor area that parcels can still give; the last class is unknown."""
    left = available(workspace)
    of = np.where(left <= _CENT, 0, np.searchsorted(LEFT_FROM, left, side="right"))
    return np.where(np.isnan(left), len(LEFT_FROM) + 1, of), known


def _assignment(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """The furthest stage of the assignments on each parcel; the last class is none."""
    given, parcels = workspace.table("assignments"), workspace.parcel_index
    at = parcels.get_indexer(pd.Index(given["parcel_id"].astype("str")))
    rank = pd.Index(list(_FURTHEST), dtype="str").get_indexer(pd.Index(given["stage"].astype("str")))
    best = np.full(len(parcels), -1)
    np.maximum.at(best, at[at >= 0], rank[at >= 0])
    number = np.array([*(list(STAGES).index(stage) for stage in _FURTHEST), len(STAGES)])
    return number[best], known


def _suitability(workspace: Workspace, _known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """Grades under the first model and its first function; the value says which those are."""
    of, shown = usual_grades(workspace)
    return of, (shown,) if shown is not None else ()


def _raster(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """Grades of a raster are of a viewer's own choice: the class of all says that there is none."""
    return np.full(len(workspace.parcel_index), GRADES, dtype=np.int64), known


def _projects(workspace: Workspace, known: tuple[Value, ...]) -> tuple[np.ndarray, tuple[Value, ...]]:
    """Where projects lie and could lie follows from what a viewer chose: the class of all says nothing of it."""
    return np.full(len(workspace.parcel_index), ELSEWHERE, dtype=np.int64), known


def _same_stages(before: Workspace, now: Workspace) -> bool:
    return same_columns(before.table("assignments"), now.table("assignments"), ("parcel_id", "stage"))


def _same_places(before: Workspace, now: Workspace) -> bool:
    return before.places is now.places


MODES = {
    "land_use": _Mode(_land_use, ("classification", "land_use")),
    "available": _Mode(_available, (), lambda before, now: before is now),
    "zone": _Mode(_zone, (), _same_places),
    "status": _Mode(_among("status", list(PARCEL_STATUS)), ("status",)),
    "supply_mode": _Mode(_among("supply_mode", list(SUPPLY_MODES)), ("supply_mode",)),
    "assignment": _Mode(_assignment, (), _same_stages),
    "suitability": _Mode(_suitability, (), lambda before, now: before is now),
    "raster": _Mode(_raster, ()),
    "projects": _Mode(_projects, ()),
}
"""Every way to colour, in the order in which the map offers them."""
