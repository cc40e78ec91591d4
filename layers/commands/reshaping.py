"""Outlines that are drawn and bent by hand, on the stored geometry, with their neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.changes import Key, RowChange, Scene
from layers.commands.editing import LETTERS
from layers.commands.errors import PointRefused
from layers.commands.pointing import AtVertex, OnEdge, Point, ends, looked_at, outline_of, resolve
from layers.commands.values import plain
from layers.rows import added, edited, position, row
from layers.workspace import Workspace
from spatial.fitting import filled, trim
from spatial.reworking import Rework, meeting, reworked, sound
from spatial.shaping import SLIVER_M2

Facts = Mapping[str, str | int | float | None]


@dataclass(frozen=True)
class Moved:
    """A vertex goes to another place."""

    vertex: AtVertex
    to: Point


@dataclass(frozen=True)
class Inserted:
    """A new vertex on an edge, or beside it where it goes on to another place."""

    edge: OnEdge
    to: Point | None = None


@dataclass(frozen=True)
class Dropped:
    """A vertex is taken out."""

    vertex: AtVertex


Step = Moved | Inserted | Dropped


@dataclass(frozen=True)
class MoveVertices:
    """Move vertices, put new ones in, and take some out, in every parcel that shares them.

    Parcels that meet along an edge without sharing its vertices are given them first. As with `Reshape`, only
    outlines change: official areas and all other figures stay what they are until somebody enters the survey's own.

    Parameters
    ----------
    steps
        What happens, all at once: every reference is to the outlines as they are stored before it.
    """

    steps: tuple[Step, ...]
    kind: str = field(default="move_vertices", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels that are referred to."""
        return looked_at(point for step in self.steps for point in _points(step))

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The parcels whose outlines change.

        Raises
        ------
        NothingSuch, PointRefused, ShapeRefused
        """
        rework = self._rework(workspace)
        shapes, keys = workspace.shapes("parcels"), workspace.table("parcels")["parcel_id"]
        near = meeting(shapes, rework)
        found = reworked(shapes[near], rework)
        return tuple(
            edited(workspace, "parcels", str(keys.iloc[int(near[i])]), {"geometry": shape})
            for i, shape in sorted(found.items())
        )

    def facts(self, workspace: Workspace) -> Facts:
        """The first parcel that is referred to, and how many steps there are."""
        keys = self.rests_on()
        first = row(workspace, *keys[0]) if keys else {}
        return {"parcel": str(first.get("parcel_no") or first.get("parcel_id", "")), "steps": len(self.steps)}

    def _rework(self, workspace: Workspace) -> Rework:
        moves, new, gone = [], [], []
        for step in self.steps:
            if isinstance(step, Inserted):
                place = resolve(workspace, step.edge)
                new.append(place)
                if step.to is not None:
                    moves.append((place, resolve(workspace, step.to)))
            else:
                place = ends(workspace, step.vertex)[0]
                if isinstance(step, Moved):
                    moves.append((place, resolve(workspace, step.to)))
                else:
                    gone.append(place)
        places = [place for place, _ in moves] + gone
        if not self.steps or len(set(places)) < len(places):
            raise PointRefused(where="", value=f"{len(self.steps)} / {len(set(places))}")
        return Rework(tuple(moves), tuple(new), tuple(gone))


@dataclass(frozen=True)
class DrawParcel:
    """Draw a parcel by its corners.

    Corners that lie on an edge of a neighbour stay off it by the last bits of a coordinate, and the neighbour is not
    touched: `MoveVertices` gives both the same vertices when their common edge is bent.

    Parameters
    ----------
    ring, holes
        Corners, without the closing one.
    trim
        Take away what stored parcels cover.
    fill_m
        Fill gaps up to this width between it and stored parcels [m]; 0 fills none.
    """

    ring: tuple[Point, ...]
    values: tuple[tuple[str, Any], ...] = ()
    holes: tuple[tuple[Point, ...], ...] = ()
    trim: bool = False
    fill_m: float = 0.0
    kind: str = field(default="draw", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels that its corners refer to."""
        return looked_at(point for ring in (self.ring, *self.holes) for point in ring)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The new parcel.

        Raises
        ------
        NothingSuch, PointRefused, ShapeRefused, NothingLeft, FillRefused, ColumnRefused, ValueUnfit
        """
        values = plain("parcels", dict(self.values))
        shape: BaseGeometry = outline_of(workspace, (self.ring, *self.holes))
        near = _near(workspace, shape, self.fill_m) if self.trim or self.fill_m else []
        if self.trim and near:
            shape = trim(shape, near)
        if self.fill_m:
            shape = filled(shape, near, self.fill_m)
        values |= {"geometry": sound(shape), "parcel_id": scene.mint(LETTERS["parcels"])}
        return (added("parcels", values),)

    def facts(self, workspace: Workspace) -> Facts:
        """What it is called, and the area that was drawn."""
        name = dict(self.values).get("parcel_no")
        area = float(outline_of(workspace, (self.ring, *self.holes)).area)
        return {"layer": "parcels", "name": None if name is None else str(name)[:100], "area_m2": area}


@dataclass(frozen=True)
class TrimOverlaps:
    """Take from parcels the land that others claim too; the others keep it.

    Figures stay what they are, as with `Reshape`.

    Parameters
    ----------
    parcel_ids
        Parcels that give way. Where two of them overlap, the one that is named later gives way.
    against
        Parcels that keep the land; empty: every other parcel.
    """

    parcel_ids: tuple[str, ...]
    against: tuple[str, ...] = ()
    kind: str = field(default="trim", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """The parcels that keep the land."""
        return tuple(("parcels", key) for key in self.against)

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The parcels that give way.

        Raises
        ------
        NothingSuch, NothingLeft, ShapeRefused
        """
        keys = tuple(dict.fromkeys(self.parcel_ids))
        shapes = workspace.shapes("parcels").copy()
        rows = [position(workspace, "parcels", key) for key in keys]
        keep = np.ones(len(shapes), dtype=bool)
        if self.against:
            keep[:] = False
            keep[[position(workspace, "parcels", key) for key in self.against]] = True
        keep[rows] = False
        found = []
        for key, at in zip(keys, rows, strict=True):
            shape = shapes[at]
            over = _covering(shapes[keep], shape)
            if over:
                shapes[at] = sound(trim(shape, over))
                found.append(edited(workspace, "parcels", key, {"geometry": shapes[at]}))
            keep[at] = True
        return tuple(found)

    def facts(self, workspace: Workspace) -> Facts:
        """Which parcels give way."""
        names = [row(workspace, "parcels", key) for key in dict.fromkeys(self.parcel_ids)]
        return {"parcel": ", ".join(str(one.get("parcel_no") or one["parcel_id"]) for one in names)[:200]}


def _covering(shapes: np.ndarray, shape: BaseGeometry) -> list[BaseGeometry]:
    """Outlines that cover more of another than a sliver."""
    near = shapes[shapely.intersects(shapes, shape)]
    return list(near[shapely.area(shapely.intersection(near, shape)) >= SLIVER_M2])


def _near(workspace: Workspace, shape: BaseGeometry, distance: float) -> list[BaseGeometry]:
    shapes = workspace.shapes("parcels")
    return list(shapes[shapely.dwithin(shapes, shape, max(float(distance), 0.0) if distance == distance else 0.0)])


def _points(step: Step) -> Sequence[Point]:
    if isinstance(step, Inserted):
        return (step.edge,) if step.to is None else (step.edge, step.to)
    return (step.vertex, step.to) if isinstance(step, Moved) else (step.vertex,)
