"""Figures, assignments and buildings of a parcel that is cut: shared so that no square metre is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.changes import Row, RowChange, Scene
from layers.commands.following import papers
from layers.contract import split_list
from layers.rows import added, edited, removed, rows
from layers.workspace import Workspace
from spatial.area import balanced

SHARED = (
    "official_area_m2",
    "stated_floor_area_m2",
    "built_floor_area_m2",
    "under_construction_floor_area_m2",
    "underground_floor_area_m2",
    "started_land_m2",
    "investment_total_wan",
    "investment_made_wan",
)
"""Figures of a parcel that its parts share by area and that a merged parcel adds up."""

OF_LAND = ("official_area_m2", "stated_floor_area_m2")
"""Those that go with the land itself; the others stand on it."""

_OF_BUILDING = ("floor_area_m2", "underground_floor_area_m2", "vacant_floor_area_m2")


def shared_out(value: float, share: np.ndarray) -> list[float]:
    """A figure shared in proportion, each part rounded to 0.01 so that the parts add up to it."""
    total = float(Decimal(repr(float(value))).quantize(Decimal("0.01"), ROUND_FLOOR))
    parts = [float(one) for one in balanced((share / share.sum() * total).tolist(), 2, total=total)]
    parts[int(np.argmax(share))] += float(value) - total  # what stands beyond 0.01 m² is not lost either
    return parts


@dataclass(frozen=True)
class Parted:
    """A parcel that was cut.

    Parameters
    ----------
    keys
        Its parts.
    taken
        Figures of the land that went to none of them.
    """

    keys: tuple[str, ...]
    changes: tuple[RowChange, ...]
    taken: Row


def parted(
    workspace: Workspace,
    old: Row,
    shapes: Sequence[BaseGeometry],
    scene: Scene,
    *,
    own: Sequence[Row] = (),
    part: str | int = "by_area",
    taken_m2: float = 0.0,
) -> Parted:
    """The parcel goes; its parts come, with their shares of all figures, assignments and buildings.

    Parameters
    ----------
    own
        For each part, figures of its own that win over the shared ones.
    part
        ``by_area``, or the part that gets every assignment.
    taken_m2
        Area [m²] that is in no part and takes its share of what goes with the land.
    """
    key = str(old["parcel_id"])
    share = np.array([shape.area for shape in shapes])
    every = np.append(share, taken_m2) if taken_m2 > 0 else share
    keys = tuple(scene.mint("P") for _ in shapes)
    shared = {name: shared_out(old[name], every if name in OF_LAND else share) for name in SHARED if name in old}
    new = []
    for i, number in enumerate(numbers(workspace, str(old.get("parcel_no") or key), len(shapes))):
        values = dict(old) | {name: figures[i] for name, figures in shared.items()}
        values |= {"parcel_id": keys[i], "parcel_no": number, "geometry": shapes[i], "parents": lineage([old])}
        new.append(added("parcels", {**values, **(own[i] if own else {})}))
    changes = (
        removed(workspace, "parcels", key),
        *new,
        *assignments(workspace, key, keys, share, part, scene),
        *buildings(workspace, key, keys, shapes, share, scene),
        *papers(workspace, {key}, keys[0]),
    )
    return Parted(keys, changes, {name: shared[name][-1] for name in OF_LAND if taken_m2 > 0 and name in shared})


def lineage(old: Sequence[Row]) -> str:
    """The parcels that a new one comes from, and those that they came from, the nearest first."""
    keys = [str(one["parcel_id"]) for one in old]
    earlier = [key for one in old for key in split_list(one.get("parents"))]
    return "; ".join(dict.fromkeys([*keys, *earlier]))


def agreed(old: Sequence[Row], names: Sequence[str]) -> dict[str, Any]:
    """Values that all of some parcels have."""
    return {name: old[0][name] for name in names if all(name in one and one[name] == old[0].get(name) for one in old)}


def standing_on(workspace: Workspace, layer: str, keys: set[str]) -> list[Row]:
    """Assignments or buildings of some parcels."""
    table = workspace.table(layer)
    return rows(table[table["parcel_id"].isin(keys)])


def assignments(
    workspace: Workspace, parcel: str, keys: Sequence[str], share: np.ndarray, part: str | int, scene: Scene
) -> list[RowChange]:
    """Assignments follow the parts: the row stays with the first that has a share, further rows carry the rest."""
    found = []
    for given in standing_on(workspace, "assignments", {parcel}):
        key = str(given["assignment_id"])
        if isinstance(part, int):
            found.append(edited(workspace, "assignments", key, {"parcel_id": keys[part]}))
            continue
        areas = shared_out(given["floor_area_m2"], share)
        there = [i for i, area in enumerate(areas) if area > 0] or [0]
        found.append(
            edited(workspace, "assignments", key, {"parcel_id": keys[there[0]], "floor_area_m2": areas[there[0]]})
        )
        for i in there[1:]:
            more = {"assignment_id": scene.mint("A"), "parcel_id": keys[i], "floor_area_m2": areas[i]}
            found.append(added("assignments", dict(given) | more))
    return found


def buildings(
    workspace: Workspace,
    parcel: str,
    keys: Sequence[str],
    shapes: Sequence[BaseGeometry],
    share: np.ndarray,
    scene: Scene,
) -> list[RowChange]:
    """Floor area of buildings is shared as the land is, so that accounts add up; the outline stays with one row."""
    found = []
    for building in standing_on(workspace, "buildings", {parcel}):
        outline = building.get("geometry")
        overlap = [0.0 if outline is None else float(shapely.intersection(outline, shape).area) for shape in shapes]
        home = int(np.argmax(overlap if max(overlap) > 0 else share))
        figures = {name: shared_out(building[name], share) for name in _OF_BUILDING if name in building}
        of_home = {name: values[home] for name, values in figures.items()}
        key = str(building["building_id"])
        found.append(edited(workspace, "buildings", key, {"parcel_id": keys[home], **of_home}))
        for i, at in enumerate(keys):
            mine = {name: values[i] for name, values in figures.items()}
            if i != home and any(mine.values()):
                values = {name: value for name, value in building.items() if name != "geometry"}
                found.append(added("buildings", values | mine | {"building_id": scene.mint("B"), "parcel_id": at}))
    return found


def numbers(workspace: Workspace, stem: str, count: int) -> list[str]:
    """Numbers of parts, each once in the workspace: ``1516-66C-1``, ``1516-66C-2`` …"""
    return _free(workspace, (f"{stem}-{place}" for place in itertools.count(1)), count)


def number_of_several(workspace: Workspace, old: Sequence[str]) -> str:
    """Number of a merged parcel: those of its parents, or the first with how many more there were."""
    stem = "+".join(old) if len(old) <= 3 else f"{old[0]}+{len(old) - 1}"
    further = (f"{stem}#{place}" for place in itertools.count(2))
    return _free(workspace, itertools.chain([stem], further), 1, gone=old)[0]


def _free(workspace: Workspace, names: Iterator[str], count: int, gone: Sequence[str] = ()) -> list[str]:
    """The first names that no parcel has but those that go; only a few are looked for at a time."""
    taken, found = workspace.table("parcels")["parcel_no"], list[str]()
    while len(found) < count:
        some = list(itertools.islice(names, count + 8))
        used = set(taken[taken.isin(some)]) - set(gone)
        found += [name for name in some if name not in used]
    return found[:count]
