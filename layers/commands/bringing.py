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
    _known: list[tuple[pd.DataFrame, tuple[RowChange, ...]]] = field(
        default_factory=list, init=False, repr=False, compare=False
    )

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the rows."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The rows that differ."""
        return self._differences(workspace)

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Which layer, from which file, and how many rows it made another."""
        return {"layer": self.layer, "file": self.file, "rows": len(self._differences(workspace))}

    def _differences(self, workspace: Workspace) -> tuple[RowChange, ...]:
        """The rows that differ, found once for the same table: a transaction holds up everybody else."""
        before = workspace.table(self.layer)
        if not self._known or self._known[0][0] is not before:
            self._known[:] = [(before, differences(self.layer, before, self.table))]
        return self._known[0][1]
