"""Splitting a parcel and merging neighbours: figures are shared and added so that no square metre is lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.errors import FiguresDiffer, FiguresRefused
from layers.commands.following import members, papers
from layers.commands.values import outline, plain
from layers.contract import geometry_complaints, split_list
from layers.posting import opening
from layers.rows import added, edited, position, removed, row, rows
from layers.workspace import Workspace
from spatial import shaping
from spatial.area import balanced

SHARED = (
    "official_area_m2",
    "stated_floor_area_m2",
    "built_floor_area_m2",
    "under_construction_floor_area_m2",
    "underground_floor_area_m2",
)
"""Figures of a parcel that its parts share by area and that a merged parcel adds up."""

_OF_BUILDING = ("floor_area_m2", "underground_floor_area_m2", "vacant_floor_area_m2")
_MUST_AGREE = (
    "classification",
    "land_use",
    "far_max",
    "far_min",
    "far_basis",
    "coverage_max_pct",
    "height_max_m",
    "storey_height_m",
    "green_min_pct",
)
_KEPT_WHERE_EQUAL = (
    "zone",
    "sub_area",
    "status",
    "supply_mode",
    "term_years",
    "available_from",
    "geometry_basis",
    "geometry_error_m",
    "source",
    "name",
    "note",
)

Facts = Mapping[str, str | int | float | None]
Figures = tuple[tuple[tuple[str, Any], ...], ...]


@dataclass(frozen=True)
class Split:
    """Cut a parcel in parts.

    Parameters
    ----------
    line
        Line that cuts it; it begins and ends outside.
    parts
        Or: how many parts of equal area.
    shapes
        Or: the outlines of the parts themselves, as a survey gives them.
    share
        ``by_area`` shares every assignment among the parts by their area; a number gives all of them to that part,
        counted from 0.
    figures
        For each part, figures of its own that win over the shared ones.
    """

    parcel_id: str
    line: LineString | None = None
    parts: int | None = None
    shapes: tuple[BaseGeometry, ...] = ()
    share: str | int = "by_area"
    figures: Figures = ()
    kind: str = field(default="split", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the parcel."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The parcel goes; its parts come, with their shares of all figures, assignments and buildings.

        Raises
        ------
        NothingSuch, CutRefused, PartsRefused, FiguresRefused, ColumnRefused, ValueUnfit
        """
        old = row(workspace, "parcels", self.parcel_id)
        shapes = self._shapes(old["geometry"])
        if self.figures and len(self.figures) != len(shapes):
            raise FiguresRefused(where=self.parcel_id, reason=f"{len(self.figures)} ≠ {len(shapes)}")
        own = [plain("parcels", figures) for figures in self.figures] or [{} for _ in shapes]
        part = self.share
        if part != "by_area" and not (type(part) is int and 0 <= part < len(shapes)):
            raise FiguresRefused(where=self.parcel_id, reason=f"share {str(part)[:20]}")
        share = np.array([shape.area for shape in shapes])
        keys = [scene.mint("P") for _ in shapes]
        numbers = _numbers(workspace, str(old.get("parcel_no") or self.parcel_id), len(shapes))
        shared = {name: shared_out(old[name], share) for name in SHARED if name in old}
        new = []
        for i, (key, number, shape) in enumerate(zip(keys, numbers, shapes, strict=True)):
            values = dict(old) | {name: figures[i] for name, figures in shared.items()}
            values |= {"parcel_id": key, "parcel_no": number, "geometry": shape, "parents": _line([old])}
            new.append(added("parcels", values | own[i]))
        return (
            removed(workspace, "parcels", self.parcel_id),
            *new,
            *_assignments(workspace, self.parcel_id, keys, share, part, scene),
            *_buildings(workspace, self.parcel_id, keys, shapes, share, scene),
            *members(workspace, {self.parcel_id}, keys),
            *papers(workspace, {self.parcel_id}, keys[0]),
        )

    def _shapes(self, shape: BaseGeometry) -> list[BaseGeometry]:
        if sum(one is not None and one != () for one in (self.line, self.parts, self.shapes)) != 1:
            raise FiguresRefused(where=self.parcel_id, reason="line | parts | shapes")
        if self.line is not None:
            return shaping.split(shape, self.line)
        if self.parts is not None:
            return shaping.into(shape, self.parts)
        parts = [outline("parcels", one) for one in self.shapes]
        said = next(geometry_complaints(np.array([*parts, None], dtype=object)[:-1], ("Polygon",)), None)
        if said is not None:
            raise FiguresRefused(where=self.parcel_id, reason=f"{(said.row or 0) + 1}: {said.value or said.code}")
        whole = shapely.union_all(np.array(parts, dtype=object))
        off = float(shapely.symmetric_difference(whole, shape).area)
        over = sum(float(one.area) for one in parts) - float(whole.area)
        if len(parts) < 2 or max(off, over) > shaping.SLIVER_M2 or min(one.area for one in parts) < shaping.SLIVER_M2:
            raise FiguresRefused(where=self.parcel_id, reason=f"{max(off, over):,.2f} m²")
        return parts

    def facts(self, workspace: Workspace) -> Facts:
        """Which parcel."""
        old = row(workspace, "parcels", self.parcel_id)
        return {"parcel": str(old.get("parcel_no") or self.parcel_id), "parts": self.parts}


@dataclass(frozen=True)
class MergeParcels:
    """Make one parcel of neighbours.

    Parameters
    ----------
    figures
        Values that the merged parcel is to have where theirs differ.
    """

    parcel_ids: tuple[str, ...]
    figures: tuple[tuple[str, Any], ...] = ()
    kind: str = field(default="merge_parcels", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the parcels."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The parcels go; one comes with their sums, and all that stood on them follows.

        Raises
        ------
        NothingSuch, NotAdjoining, FiguresDiffer, ColumnRefused, ValueUnfit
        """
        keys = tuple(dict.fromkeys(self.parcel_ids))
        old = [row(workspace, "parcels", key) for key in keys]
        shape = shaping.union([one["geometry"] for one in old])
        key = scene.mint("P")
        number = _number(workspace, [str(one.get("parcel_no") or one["parcel_id"]) for one in old])
        own = plain("parcels", self.figures)
        values = self._values(workspace, old, frozenset(own)) | {"parcel_no": number} | own
        values |= {"parcel_id": key, "geometry": shape, "parents": _line(old)}
        moved = [
            edited(workspace, layer, str(found[name]), {"parcel_id": key})
            for layer, name in (("assignments", "assignment_id"), ("buildings", "building_id"))
            for found in _on(workspace, layer, set(keys))
        ]
        return (
            *(removed(workspace, "parcels", one) for one in keys),
            added("parcels", values),
            *moved,
            *members(workspace, set(keys), [key]),
            *papers(workspace, set(keys), key),
        )

    def _values(self, workspace: Workspace, old: Sequence[Row], given: frozenset[str]) -> dict[str, Any]:
        # what was typed decides where a parcel lies only where no zone has an outline
        agree = _MUST_AGREE if len(workspace.leaves) else (*_MUST_AGREE, "zone", "sub_area")
        wrong = [name for name in agree if name not in given and len({one.get(name) for one in old}) > 1]
        values = {name: old[0][name] for name in (*_MUST_AGREE, *_KEPT_WHERE_EQUAL) if _agree(old, name)}
        for name in SHARED:
            there = [name in one for one in old]
            if name == "stated_floor_area_m2" and name not in given and any(there) and not all(there):
                wrong.append(name)
            elif any(there):
                values[name] = _sum(one.get(name, _instead(workspace, one, name)) for one in old)
        if wrong:
            raise FiguresDiffer(where=str(old[0]["parcel_id"]), columns=", ".join(wrong))
        own = {name for one in old for name in one} - {*values, *SHARED, *_MUST_AGREE, *_KEPT_WHERE_EQUAL, "geometry"}
        return values | {name: old[0][name] for name in own if _agree(old, name)}

    def facts(self, workspace: Workspace) -> Facts:
        """Which parcels."""
        old = [row(workspace, "parcels", key) for key in self.parcel_ids]
        return {"parcel": ", ".join(str(one.get("parcel_no") or one["parcel_id"]) for one in old)}


def shared_out(value: float, share: np.ndarray) -> list[float]:
    """A figure shared in proportion, each part rounded to 0.01 so that the parts add up to it."""
    total = float(Decimal(repr(float(value))).quantize(Decimal("0.01"), ROUND_FLOOR))
    parts = [float(one) for one in balanced((share / share.sum() * total).tolist(), 2, total=total)]
    parts[int(np.argmax(share))] += float(value) - total  # what stands beyond 0.01 m² is not lost either
    return parts


def _sum(figures: Iterable[float]) -> float:
    """A sum without the last bits that no survey means: parts that are joined again give their parent's figure."""
    return round(math.fsum(figures), 6)


def _instead(workspace: Workspace, old: Row, name: str) -> float:
    """What stands for a figure that a parcel does not have, as the accounts read it [m²]."""
    if name == "official_area_m2":
        return float(old["geometry"].area)
    if name == "built_floor_area_m2":  # its buildings are added up
        return float(opening(workspace).figures["built"][position(workspace, "parcels", str(old["parcel_id"]))])
    return 0.0


def _line(old: Sequence[Row]) -> str:
    """The parcels that a new one comes from, and those that they came from, the nearest first."""
    keys = [str(one["parcel_id"]) for one in old]
    earlier = [key for one in old for key in split_list(one.get("parents"))]
    return "; ".join(dict.fromkeys([*keys, *earlier]))


def _agree(old: Sequence[Row], name: str) -> bool:
    return all(name in one and one[name] == old[0].get(name) for one in old)


def _on(workspace: Workspace, layer: str, keys: set[str]) -> list[Row]:
    table = workspace.table(layer)
    return rows(table[table["parcel_id"].isin(keys)])


def _assignments(
    workspace: Workspace, parcel: str, keys: Sequence[str], share: np.ndarray, part: str | int, scene: Scene
) -> list[RowChange]:
    """Assignments follow the parts: the row stays with the first that has a share, further rows carry the rest."""
    found = []
    for given in _on(workspace, "assignments", {parcel}):
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


def _buildings(
    workspace: Workspace,
    parcel: str,
    keys: Sequence[str],
    shapes: Sequence[BaseGeometry],
    share: np.ndarray,
    scene: Scene,
) -> list[RowChange]:
    """Floor area of buildings is shared as the land is, so that accounts add up; the outline stays with one row."""
    found = []
    for building in _on(workspace, "buildings", {parcel}):
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


def _numbers(workspace: Workspace, stem: str, count: int) -> list[str]:
    """Numbers of parts, each once in the workspace: ``1516-66C-1``, ``1516-66C-2`` …"""
    used = set(workspace.table("parcels")["parcel_no"].dropna())
    found: list[str] = []
    place = 0
    while len(found) < count:
        place += 1
        if f"{stem}-{place}" not in used:
            found.append(f"{stem}-{place}")
    return found


def _number(workspace: Workspace, old: Sequence[str]) -> str:
    """Number of a merged parcel: those of its parents, or the first with how many more there were."""
    used = set(workspace.table("parcels")["parcel_no"].dropna()) - set(old)
    stem = "+".join(old) if len(old) <= 3 else f"{old[0]}+{len(old) - 1}"
    number, place = stem, 1
    while number in used:
        place += 1
        number = f"{stem}#{place}"
    return number
