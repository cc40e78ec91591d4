"""Cutting a road strip out of parcels."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from shapely.geometry.base import BaseGeometry

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.following import members
from layers.commands.pointing import Line, line_of, looked_at
from layers.commands.sharing import Parted, agreed, lineage, number_of_several, numbers, parted
from layers.commands.values import plain
from layers.rows import added, row
from layers.workspace import Workspace
from spatial import shaping

ROAD = (("classification", "YDYH2023"), ("land_use", "1207"))
"""An urban road (城镇道路用地) of the national classes of 2023."""

_OFFICIAL = "official_area_m2"
_KEPT = ("zone", "sub_area", "geometry_basis", "geometry_error_m", "source")

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class CutStrip:
    """Cut a strip along a line out of parcels.

    What is left of each parcel becomes its parts, as when it is split. What stands there stays on them; the official
    area and the stated floor area of the strip's land go with the strip.

    Parameters
    ----------
    parcel_ids
        Those that the strip misses stay as they are.
    width_m
        Width of the strip [m], half of it on either side of the line.
    becomes
        ``road``: one new parcel over all of them, on which nothing can be built (floor area ratio 0).
        ``parcels``: a part of each parcel like the others. ``nothing``: no parcel.
    values
        Values of the road, its land use among them.
    """

    parcel_ids: tuple[str, ...]
    line: Line
    width_m: float
    becomes: Literal["road", "parcels", "nothing"] = "road"
    values: tuple[tuple[str, Any], ...] = ROAD
    kind: str = field(default="cut_strip", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels that the points of the line refer to."""
        return looked_at(self.line) if isinstance(self.line, tuple) else ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The parcels that it meets go; what is left of them comes, and the strip.

        Raises
        ------
        NothingSuch, PointRefused, CutRefused, NothingLeft, ColumnRefused, ValueUnfit
        """
        line, values = line_of(workspace, self.line), plain("parcels", dict(self.values))
        met: list[tuple[Row, Parted, BaseGeometry]] = []
        for key in dict.fromkeys(self.parcel_ids):
            old = row(workspace, "parcels", key)
            rest, strip = shaping.cut_strip(old["geometry"], line, self.width_m)
            if strip is not None:
                alike = self.becomes == "parcels"
                shapes, taken = ([*rest, strip], 0.0) if alike else (rest, strip.area)
                met.append((old, parted(workspace, old, shapes, scene, taken_m2=taken), strip))
        if not met:
            raise shaping.NothingLeft
        came = {str(old["parcel_id"]): cut.keys for old, cut, _ in met}
        changes = [change for _, cut, _ in met for change in cut.changes]
        if self.becomes == "road":
            changes.append(added("parcels", _road(workspace, met, values, scene.mint("P"))))
        return (*changes, *members(workspace, came))

    def facts(self, workspace: Workspace) -> Facts:
        """Which parcels, and how wide."""
        old = [row(workspace, "parcels", key) for key in dict.fromkeys(self.parcel_ids)]
        names = ", ".join(str(one.get("parcel_no") or one["parcel_id"]) for one in old)
        return {"parcel": names[:200], "width_m": float(self.width_m), "becomes": self.becomes}


def _road(workspace: Workspace, met: Sequence[tuple[Row, Parted, BaseGeometry]], values: Row, key: str) -> Row:
    """The road that is cut out of parcels: all their land, with the official area that they gave for it."""
    old = [one for one, _, _ in met]
    names = [str(one.get("parcel_no") or one["parcel_id"]) for one in old]
    one_more = len(met[0][1].keys) + 1
    number = number_of_several(workspace, names) if len(old) > 1 else numbers(workspace, names[0], one_more)[-1]
    found: dict[str, Any] = {**agreed(old, _KEPT), "parcel_no": number, "far_max": 0.0}
    if any(_OFFICIAL in cut.taken for _, cut, _ in met):
        # a parcel without an official area gives the planar one, as when parcels are merged
        found[_OFFICIAL] = round(math.fsum(cut.taken.get(_OFFICIAL, strip.area) for _, cut, strip in met), 6)
    strips = [strip for _, _, strip in met]
    return {**found, **values, "parcel_id": key, "geometry": shaping.one_of(strips), "parents": lineage(old)}
