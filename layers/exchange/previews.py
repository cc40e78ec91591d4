"""What an import would change in a layer, before anything is written: how many rows, how much area, and which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.contract import Complaint
from layers.readers.bring_in import Arrival
from layers.tables import differing
from layers.workspace import Workspace

KINDS = ("unchanged", "added", "changed", "removed")
"""What becomes of a row; the place in this list is its class on the map."""


@dataclass(frozen=True)
class Extent:
    """How much a layer holds.

    Parameters
    ----------
    area_m2
        Sum of planar areas in the working CRS [m²].
    bounds
        West, south, east and north in the working CRS [m]; None where nothing has an outline.
    """

    rows: int
    area_m2: float
    bounds: tuple[float, float, float, float] | None


@dataclass(frozen=True, eq=False)
class Preview:
    """An import that could be written, beside what the layer holds.

    Parameters
    ----------
    arrival
        What was read.
    seen
        State of the branch that it is compared with.
    rows
        Every row of the layer as it is to be, and after them those that go.
    kinds
        Place in `KINDS` of each of these rows, shape (n,).
    """

    layer: str
    arrival: Arrival
    seen: Workspace = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    kinds: np.ndarray = field(repr=False)
    before: Extent
    after: Extent

    @property
    def counts(self) -> dict[str, int]:
        """Rows of each kind."""
        found = np.bincount(self.kinds, minlength=len(KINDS))
        return {kind: int(found[at]) for at, kind in enumerate(KINDS)}

    @property
    def changes(self) -> int:
        """Rows that would be written."""
        return int((self.kinds > 0).sum())

    @property
    def rejected(self) -> dict[int, list[Complaint]]:
        """Rows of the file that stay out, each with what is wrong with it."""
        out: dict[int, list[Complaint]] = {}
        for said in self.arrival.notes:
            if said.severity == "error" and said.row is not None:
                out.setdefault(said.row, []).append(said)
        return out


def preview(workspace: Workspace, layer: str, arrival: Arrival) -> Preview:
    """Compare what was read with what is there."""
    before, after = workspace.table(layer), arrival.table
    kinds = np.zeros(len(after), dtype=np.uint8)
    rows = after
    if after is not before:
        gone, changed, come = differing(layer, before, after)
        kinds[changed], kinds[come] = KINDS.index("changed"), KINDS.index("added")
        if len(gone):
            rows = pd.concat([after, before.iloc[gone]], ignore_index=True)
            kinds = np.concatenate([kinds, np.full(len(gone), KINDS.index("removed"), dtype=np.uint8)])
    return Preview(layer, arrival, workspace, rows, kinds, extent(layer, before), extent(layer, after))


def extent(layer: str, table: pd.DataFrame) -> Extent:
    """How much a table of a layer holds."""
    if not LAYERS[layer].geometry or not len(table):
        return Extent(len(table), 0.0, None)
    shapes = np.asarray(table["geometry"], dtype=object)
    drawn = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    if not len(drawn):
        return Extent(len(table), 0.0, None)
    west, south, east, north = (float(side) for side in shapely.total_bounds(drawn))
    return Extent(len(table), float(shapely.area(drawn).sum()), (west, south, east, north))


def by_code(notes: tuple[Complaint, ...]) -> Mapping[tuple[str, str, str], list[Complaint]]:
    """What there is to say, the same things together: by severity, code and column, the worst first."""
    order = {"error": 0, "warning": 1, "info": 2}
    out: dict[tuple[str, str, str], list[Complaint]] = {}
    for said in sorted(notes, key=lambda said: order[said.severity]):
        out.setdefault((said.severity, said.code, said.column), []).append(said)
    return out
