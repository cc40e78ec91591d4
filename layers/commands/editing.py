"""Changing, making and removing single rows of any layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from shapely.geometry.base import BaseGeometry

from layers.catalogue import LAYERS
from layers.changes import Key, RowChange, Scene
from layers.commands.errors import MovedByAct
from layers.commands.following import members, without
from layers.commands.values import known, outline, plain
from layers.errors import NothingSuch, StillReferred
from layers.rows import added, edited, removed, row, rows, settled
from layers.workspace import Workspace

LETTERS = {
    "zones": "Z",
    "parcels": "P",
    "buildings": "B",
    "parks": "K",
    "projects": "J",
    "assignments": "A",
    "moves": "M",
    "milestones": "Y",
    "stations": "T",
    "constraints": "C",
    "ways": "W",
    "facilities": "E",
    "rasters": "R",
    "criteria": "S",
    "targets": "G",
    "rulepacks": "L",
    "assumptions": "U",
    "figures": "F",
    "backdrop": "D",
    "attachments": "H",
}
"""Letter with which new keys of a layer begin."""

BY_STEPS = frozenset({("projects", "state")})
"""Columns that change step by step, each with its day, reason and document: an edit would pass by every guard."""

Facts = Mapping[str, str | int | float | None]


def frozen(values: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    """Values as a command keeps them, so that it stays what it is."""
    return tuple(values.items())


@dataclass(frozen=True)
class Edit:
    """Change attributes of one row.

    Parameters
    ----------
    values
        Column and new value; None takes the value away. A column that the contract does not know is a user's own.
    """

    layer: str
    key: str
    values: tuple[tuple[str, Any], ...]
    kind: str = field(default="edit", init=False)

    @classmethod
    def of(cls, layer: str, key: str, **values: Any) -> Edit:
        """The same from keyword arguments."""
        return cls(layer, key, frozen(values))

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the row."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The row with its new values.

        Raises
        ------
        NothingSuch, ColumnRefused, MovedByAct, ValueUnfit
        """
        _by_edit(self.layer, self.values)
        return (edited(workspace, self.layer, self.key, plain(self.layer, self.values)),)

    def facts(self, workspace: Workspace) -> Facts:
        """Which row, and its columns."""
        return _told(workspace, self.layer, self.key) | {"columns": ", ".join(name for name, _ in self.values)}


@dataclass(frozen=True)
class EditMany:
    """Give many rows the same values."""

    layer: str
    keys: tuple[str, ...]
    values: tuple[tuple[str, Any], ...]
    kind: str = field(default="edit_many", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the rows."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The rows with their new values.

        Raises
        ------
        NothingSuch, ColumnRefused, MovedByAct, ValueUnfit
        """
        _by_edit(self.layer, self.values)
        values, keys = plain(self.layer, self.values), list(dict.fromkeys(self.keys))
        table = workspace.table(self.layer)
        every = workspace.parcel_index if self.layer == "parcels" else pd.Index(table[LAYERS[self.layer].key])
        places = every.get_indexer(pd.Index(keys, dtype=object))
        for key, place in zip(keys, places, strict=True):
            if place < 0:
                raise NothingSuch(where=str(key)[:40], key=str(key)[:40], what=LAYERS[self.layer].zh)
        return tuple(
            RowChange(self.layer, key, before, settled(self.layer, {**before, **values}))
            for key, before in zip(keys, rows(table.iloc[places]), strict=True)
        )

    def facts(self, workspace: Workspace) -> Facts:  # noqa: ARG002
        """How many rows, and which columns."""
        columns = ", ".join(name for name, _ in self.values)
        return {"layer": self.layer, "rows": len(set(self.keys)), "columns": columns}


def _by_edit(layer: str, values: tuple[tuple[str, Any], ...]) -> None:
    for column, _ in values:
        if (layer, column) in BY_STEPS:
            raise MovedByAct(where=layer, column=column)


@dataclass(frozen=True)
class Reshape:
    """Give a row another geometry."""

    layer: str
    key: str
    geometry: BaseGeometry
    kind: str = field(default="reshape", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the row."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The row with its new geometry.

        Raises
        ------
        NothingSuch, ColumnRefused, ValueUnfit
        """
        return (edited(workspace, self.layer, self.key, {"geometry": outline(self.layer, self.geometry)}),)

    def facts(self, workspace: Workspace) -> Facts:
        """Which row, and its area before and after."""
        old = row(workspace, self.layer, self.key).get("geometry")
        areas = {"area_before_m2": None if old is None else float(old.area), "area_m2": float(self.geometry.area)}
        return _told(workspace, self.layer, self.key) | areas


@dataclass(frozen=True)
class Draw:
    """Make a row, with a geometry where its layer has one; the key is given by the store."""

    layer: str
    geometry: BaseGeometry | None
    values: tuple[tuple[str, Any], ...] = ()
    kind: str = field(default="draw", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The new row.

        Raises
        ------
        ColumnRefused, ValueUnfit
        """
        values = plain(self.layer, self.values)
        if self.geometry is not None:
            values["geometry"] = outline(self.layer, self.geometry)
        values[LAYERS[self.layer].key] = scene.mint(LETTERS[self.layer])
        return (added(self.layer, values),)

    def facts(self, workspace: Workspace) -> Facts:  # noqa: ARG002
        """Which layer, what it is called, and its area."""
        values = dict(self.values)
        name = values.get("parcel_no") or values.get("name")
        told: dict[str, str | int | float | None] = {"layer": self.layer, "name": None if name is None else str(name)}
        return told | ({"area_m2": float(self.geometry.area)} if self.geometry is not None else {})


@dataclass(frozen=True)
class Delete:
    """Remove a row that nothing else needs.

    Parameters
    ----------
    with_buildings
        Remove the buildings of a parcel with it.
    """

    layer: str
    key: str
    with_buildings: bool = False
    kind: str = field(default="delete", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the row."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The rows that go: this one, its documents, and a parcel's buildings where they are to go with it.

        Parks that list a parcel that goes list it no longer.

        Raises
        ------
        NothingSuch, StillReferred
        """
        found = [removed(workspace, known(self.layer), self.key)]
        if self.layer in ("parcels", "projects"):
            given = workspace.table("assignments")
            here = given[(given[LAYERS[self.layer].key] == self.key).to_numpy(dtype=bool, na_value=False)]
            if len(here):
                facts = {"key": self.key[:40], "what": LAYERS[self.layer].zh, "by": LAYERS["assignments"].zh}
                raise StillReferred(where=self.key[:40], count=len(here), **facts)
        if self.layer == "parcels":
            found += members(workspace, {self.key: ()})
        if self.layer == "parcels" and self.with_buildings:
            found += [removed(workspace, "buildings", key) for key in _at(workspace.table("buildings"), self.key)]
        return (*found, *without(workspace, self.layer, (self.key,)))

    def facts(self, workspace: Workspace) -> Facts:
        """Which row."""
        return _told(workspace, self.layer, self.key)


def _at(table: pd.DataFrame, parcel: str) -> list[str]:
    mine = table[(table["parcel_id"] == parcel).to_numpy(dtype=bool, na_value=False)]
    return [str(key) for key in mine["building_id"]]


def _told(workspace: Workspace, layer: str, key: str) -> dict[str, str | int | float | None]:
    """A layer and what a row of it is called."""
    found = row(workspace, layer, key)
    name = found.get("parcel_no") or found.get("name") or key
    return {"layer": layer, "name": str(name)}
