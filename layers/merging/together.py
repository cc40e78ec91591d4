"""What fits each side alone and not both together: caps of zones, room of parcels, rows that others name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from layers import invariants
from layers.changes import Key, RowChange
from layers.merging.units import Unit
from layers.rows import with_rows
from layers.standing import capped, standing
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

Case = tuple[str, tuple[Unit, ...], tuple[Unit, ...]]

_SLACK_M2 = 0.05
"""Shortage [m²] that may come of rounding where shares of several parts meet."""


def apart(
    mine: Workspace,
    theirs: Workspace,
    automatic: Mapping[Key, RowChange],
    left: Sequence[Unit],
    right: Sequence[Unit],
) -> tuple[list[RowChange], list[Case]]:
    """The changes that can be taken without a decision, and what has to be decided because it does not fit.

    Parameters
    ----------
    automatic
        Changes of theirs that touch nothing of mine, as changes of mine.
    left, right
        Units of mine and of theirs.
    """
    kept, cases = dict(automatic), []
    if _fits(mine, theirs, kept):
        return list(kept.values()), []
    free = [unit for unit in right if unit.changes.keys() & kept.keys()]
    if _over_caps(mine, kept):
        adding = tuple(unit for unit in free if unit.kind == "assign")
        kept = _without(kept, adding)
        cases.append(("cap", tuple(unit for unit in left if unit.kind == "assign"), adding))
        free = [unit for unit in free if unit.kind != "assign"]
    out = _misfits(mine, theirs, kept, free)
    if out:
        kept = _without(kept, out)
        cases.append(("together", (), tuple(out)))
    return list(kept.values()), cases


def _without(kept: Mapping[Key, RowChange], units: Sequence[Unit]) -> dict[Key, RowChange]:
    gone = {at for unit in units for at in unit.changes}
    return {at: change for at, change in kept.items() if at not in gone}


def _misfits(mine: Workspace, theirs: Workspace, kept: Mapping[Key, RowChange], free: Sequence[Unit]) -> list[Unit]:
    """Units without which the others fit: halves are tried before single ones, for most fit."""
    taken = _without(kept, free)
    out: list[Unit] = []

    def take(units: Sequence[Unit]) -> None:
        nonlocal taken
        more = {at: kept[at] for unit in units for at in unit.changes if at in kept}
        if not units or _fits(mine, theirs, taken | more):
            taken = taken | more
        elif len(units) == 1:
            out.append(units[0])
        else:
            take(units[: len(units) // 2])
            take(units[len(units) // 2 :])

    take(list(free))
    return out


def _over_caps(mine: Workspace, kept: Mapping[Key, RowChange]) -> bool:
    changes = list(kept.values())
    try:
        invariants.refuse_caps(mine, with_rows(mine, changes), changes)
    except ChengzaiError:
        return True
    return False


def _fits(mine: Workspace, theirs: Workspace, kept: Mapping[Key, RowChange]) -> bool:
    """Whether changes of theirs break nothing in mine and leave nothing worse off than either side does."""
    changes = list(kept.values())
    if not changes:
        return True
    after = with_rows(mine, changes)
    try:
        invariants.refuse(mine, after, changes)
    except ChengzaiError:
        return False
    for asked in (_short, _above):
        was = [asked(side) for side in (mine, theirs)]
        for key, value in asked(after).items():
            if value > max(side.get(key, 0.0) for side in was) + _SLACK_M2:
                return False
    return True


def _short(workspace: Workspace) -> dict[str, float]:
    """Assigned floor area without room, of parcels that have assignments [m²]."""
    keys = pd.Index(workspace.table("assignments")["parcel_id"].unique(), dtype="str")
    rows = workspace.parcel_index.get_indexer(keys)
    there = rows[rows >= 0]
    if not len(there):
        return {}
    return dict(zip(workspace.parcel_index[there].tolist(), standing(workspace, there).short.tolist(), strict=True))


def _above(workspace: Workspace) -> dict[str, float]:
    """What is used of zones beyond their caps [m²]."""
    found = capped(workspace)
    return dict(zip(found.keys, np.maximum(found.used - found.cap, 0.0).tolist(), strict=True))
