"""Putting whole tables in the place of others: imports, rules, assumptions, models of suitability and plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from layers.bulk import Parts, gone, parts
from layers.changes import Key, RowChange, Scene
from layers.commands.following import members
from layers.rows import removed
from layers.tables import differences
from layers.workspace import Workspace


@dataclass(frozen=True)
class Bring:
    """A layer's table as it is to be; only the rows that differ are written.

    Parameters
    ----------
    table
        The whole table.
    kind
        What brings it; decides who may.
    file
        Name of the file that it came from.
    drops
        Rows of other layers that go with rows that go, as its user was told: an ``import_release`` only.

    Raises
    ------
    ValueError
        When another kind drops rows, or projects are said to come into another layer.
    """

    layer: str
    table: pd.DataFrame = field(repr=False, compare=False)
    kind: Literal["import", "import_projects", "import_release", "rules", "assumptions", "criteria", "plan"] = (
        "import"
    )
    file: str = ""
    drops: tuple[Key, ...] = ()
    _known: list[tuple[pd.DataFrame, Sequence[RowChange]]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        if self.drops and self.kind != "import_release":
            raise ValueError(f"{self.kind} drops {len(self.drops)} rows")
        if self.kind == "import_projects" and self.layer != "projects":
            raise ValueError(f"{self.kind} into {self.layer}")

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the rows."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> Sequence[RowChange]:  # noqa: ARG002
        """The rows that differ, and those that go with them; parks list no parcel that is gone.

        Raises
        ------
        NothingSuch
        """
        found = self._differences(workspace)
        with_them = [removed(workspace, *at) for at in self.drops]
        keys = gone(found) if self.layer == "parcels" else []
        rest = (*with_them, *(members(workspace, dict.fromkeys(keys, ())) if keys else ()))
        return Parts((*parts(found), rest)) if rest else found

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Which layer, from which file, and how many rows it made another."""
        rows = len(self._differences(workspace))
        told: dict[str, str | int | float | None] = {"layer": self.layer, "file": self.file, "rows": rows}
        if self.drops:
            told["assignments"] = sum(layer == "assignments" for layer, _ in self.drops)
        return told

    def _differences(self, workspace: Workspace) -> Sequence[RowChange]:
        """The rows that differ, found once for the same table: a transaction holds up everybody else."""
        before = workspace.table(self.layer)
        if not self._known or self._known[0][0] is not before:
            self._known[:] = [(before, differences(self.layer, before, self.table))]
        return self._known[0][1]
