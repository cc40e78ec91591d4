"""Splitting a parcel and merging neighbours: figures are shared and added so that no square metre is lost."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.errors import FiguresDiffer, FiguresRefused
from layers.commands.following import members, papers
from layers.commands.pointing import Line, line_of, looked_at
from layers.commands.sharing import SHARED, agreed, lineage, number_of_several, parted, standing_on
from layers.commands.values import outline, plain
from layers.contract import geometry_complaints
from layers.posting import opening
from layers.rows import added, edited, position, removed, row
from layers.workspace import Workspace
from spatial import shaping

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
    "supply_year",
    "held_by",
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
        Line that cuts it; it begins and ends outside or on the outline. Points that refer to stored vertices and
        edges are looked up there.
    parts
        Or: how many parts of equal area.
    direction
        Where equal parts follow one another: see `spatial.shaping.into`.
    shapes
        Or: the outlines of the parts themselves, as a survey gives them.
    share
        ``by_area`` shares every assignment among the parts by their area; a number gives all of them to that part,
        counted from 0.
    figures
        For each part, figures of its own that win over the shared ones.
    """

    parcel_id: str
    line: Line | None = None
    parts: int | None = None
    direction: shaping.Direction = "longest_side"
    shapes: tuple[BaseGeometry, ...] = ()
    share: str | int = "by_area"
    figures: Figures = ()
    kind: str = field(default="split", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels that the points of the line refer to."""
        return looked_at(self.line) if isinstance(self.line, tuple) else ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The parcel goes; its parts come, with their shares of all figures, assignments and buildings.

        Raises
        ------
        NothingSuch, PointRefused, CutRefused, PartsRefused, FiguresRefused, ColumnRefused, ValueUnfit
        """
        old = row(workspace, "parcels", self.parcel_id)
        shapes = self._shapes(workspace, old["geometry"])
        if self.figures and len(self.figures) != len(shapes):
            raise FiguresRefused(where=self.parcel_id, reason=f"{len(self.figures)} ≠ {len(shapes)}")
        own = [plain("parcels", figures) for figures in self.figures] or [{} for _ in shapes]
        part = self.share
        if part != "by_area" and not (type(part) is int and 0 <= part < len(shapes)):
            raise FiguresRefused(where=self.parcel_id, reason=f"share {str(part)[:20]}")
        cut = parted(workspace, old, shapes, scene, own=own, part=part)
        return (*cut.changes, *members(workspace, {self.parcel_id: cut.keys}))

    def _shapes(self, workspace: Workspace, shape: BaseGeometry) -> list[BaseGeometry]:
        if sum(one is not None and one != () for one in (self.line, self.parts, self.shapes)) != 1:
            raise FiguresRefused(where=self.parcel_id, reason="line | parts | shapes")
        if self.line is not None:
            return shaping.split(shape, line_of(workspace, self.line))
        if self.parts is not None:
            return shaping.into(shape, self.parts, self.direction)
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
        number = number_of_several(workspace, [str(one.get("parcel_no") or one["parcel_id"]) for one in old])
        own = plain("parcels", self.figures)
        values = self._values(workspace, old, frozenset(own)) | {"parcel_no": number} | own
        values |= {"parcel_id": key, "geometry": shape, "parents": lineage(old)}
        moved = [
            edited(workspace, layer, str(found[name]), {"parcel_id": key})
            for layer, name in (("assignments", "assignment_id"), ("buildings", "building_id"))
            for found in standing_on(workspace, layer, set(keys))
        ]
        return (
            *(removed(workspace, "parcels", one) for one in keys),
            added("parcels", values),
            *moved,
            *members(workspace, {old: (key,) for old in keys}),
            *papers(workspace, set(keys), key),
        )

    def _values(self, workspace: Workspace, old: Sequence[Row], given: frozenset[str]) -> dict[str, Any]:
        # what was typed decides where a parcel lies only where no zone has an outline
        agree = _MUST_AGREE if len(workspace.leaves) else (*_MUST_AGREE, "zone", "sub_area")
        wrong = [name for name in agree if name not in given and len({one.get(name) for one in old}) > 1]
        values = agreed(old, (*_MUST_AGREE, *_KEPT_WHERE_EQUAL))
        for name in SHARED:
            there = [name in one for one in old]
            if name == "stated_floor_area_m2" and name not in given and any(there) and not all(there):
                wrong.append(name)
            elif any(there):
                values[name] = _sum(one.get(name, _instead(workspace, one, name)) for one in old)
        if wrong:
            raise FiguresDiffer(where=str(old[0]["parcel_id"]), columns=", ".join(wrong), names=tuple(wrong))
        own = {name for one in old for name in one} - {*values, *SHARED, *_MUST_AGREE, *_KEPT_WHERE_EQUAL, "geometry"}
        return values | agreed(old, sorted(own))

    def facts(self, workspace: Workspace) -> Facts:
        """Which parcels."""
        old = [row(workspace, "parcels", key) for key in self.parcel_ids]
        return {"parcel": ", ".join(str(one.get("parcel_no") or one["parcel_id"]) for one in old)}


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
