"""Putting whole tables in the place of others: imports, rules, assumptions and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from layers.changes import Key, RowChange, Scene
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
    """

    layer: str
    table: pd.DataFrame = field(repr=False, compare=False)
    kind: Literal["import", "rules", "assumptions", "plan"] = "import"
    file: str = ""

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the rows."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The rows that differ."""
        return differences(self.layer, workspace.table(self.layer), self.table)

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Which layer, from which file, and how many rows it made another."""
        rows = len(differences(self.layer, workspace.table(self.layer), self.table))
        return {"layer": self.layer, "file": self.file, "rows": rows}
