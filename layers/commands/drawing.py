"""Drawing areas that are no parcels: by corners, which may be those of parcels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.catalogue import LAYERS
from layers.changes import Key, RowChange, Scene
from layers.commands.editing import LETTERS
from layers.commands.pointing import Point, looked_at, outline_of
from layers.commands.values import plain
from layers.rows import added
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class DrawArea:
    """Draw an area by its corners.

    Parameters
    ----------
    layer
        Layer of areas that it comes into, such as constraints.
    ring, holes
        Corners, without the closing one; those of parcels are looked up on the stored outlines.
    """

    layer: str
    ring: tuple[Point, ...]
    values: tuple[tuple[str, Any], ...] = ()
    holes: tuple[tuple[Point, ...], ...] = ()
    kind: str = field(default="draw", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels that its corners refer to."""
        return looked_at(point for ring in (self.ring, *self.holes) for point in ring)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The new area.

        Raises
        ------
        NothingSuch, PointRefused, ShapeRefused, ColumnRefused, ValueUnfit
        """
        values = plain(self.layer, dict(self.values))
        shape = outline_of(workspace, (self.ring, *self.holes))
        values |= {"geometry": shape, LAYERS[self.layer].key: scene.mint(LETTERS[self.layer])}
        return (added(self.layer, values),)

    def facts(self, workspace: Workspace) -> Facts:
        """Which layer, what it is called, and the area that was drawn."""
        name = dict(self.values).get("name")
        area = float(outline_of(workspace, (self.ring, *self.holes)).area)
        return {"layer": self.layer, "name": None if name is None else str(name)[:100], "area_m2": area}
