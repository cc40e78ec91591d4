"""What the projects of a workspace ask for, with every assumption as a distribution."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from layers.matching import in_usable_area, mixes, own_share
from layers.vocabulary import FUNCTIONS
from layers.workspace import Workspace
from spatial import demand
from spatial.chance import Spread, spread

DRAWS = 10_000
"""Draws that a balance rests on."""

_FIRST_STREAM = 1_000
_CASES = ("low", "value", "high")


@dataclass(frozen=True)
class _Kept:
    """Draws, and what they were made with."""

    count: int
    seed: int
    own: bytes
    drawn: demand.Drawn


def drawn(workspace: Workspace, count: int = DRAWS, seed: int = 0) -> demand.Drawn:
    """Draws of what every project asks for.

    A project's draws follow from its key and the seed: they stay as they are while other projects come and go. Kept
    with the workspace, and with those that follow as long as no project and no assumption changes.
    """
    kept, own = workspace.__dict__.get("drawn"), own_share(workspace).tobytes()
    if not isinstance(kept, _Kept) or (kept.count, kept.seed, kept.own) != (count, seed, own):
        keys = workspace.table("projects")["project_id"]
        streams = np.array([_FIRST_STREAM + zlib.crc32(str(key).encode()) for key in keys], dtype=np.int64)
        kept = _Kept(count, seed, own, demand.draw(uncertain(workspace), streams, count, seed))
        workspace.__dict__["drawn"] = kept
    return kept.drawn


def uncertain(workspace: Workspace) -> demand.Uncertain:
    """What every project asks for and every norm behind it, as distributions; projects that left ask for nothing."""
    projects, mix = workspace.table("projects"), mixes(workspace)
    area = _three(projects, *(f"requested_floor_area{case}_m2" for case in ("_low", "", "_high")))
    people = _three(projects, *(f"headcount{case}" for case in ("_low", "", "_high")))
    norms = _assumed(workspace, "floor_area_per_person")
    stated = ~np.isnan(area[1])
    known = ~((mix > 0) & np.isnan(norms.likely)).any(axis=1) & ~np.isnan(people[1])
    here = (projects["state"] != "exited").to_numpy(dtype=bool) & (stated | known)
    amount = np.where(here, np.where(stated, area, people), 0.0)
    bounds = (projects["range_is"] == "bounds").to_numpy(dtype=bool)
    ranges, own = spread(amount[0], amount[1], amount[2], bounds), own_share(workspace)
    return demand.Uncertain(
        mix=mix,
        amount=replace(ranges, likely=ranges.likely * own, below=ranges.below * own, above=ranges.above * own),
        stated=stated,
        # a norm that nobody assumed is nobody's: projects that would need it ask for nothing and are listed as silent
        per_person=Spread(np.nan_to_num(norms.likely), np.nan_to_num(norms.below), np.nan_to_num(norms.above)),
        usable=in_usable_area(workspace),
        efficiency=_assumed(workspace, "efficiency", default=0.7),
        vacancy=_assumed(workspace, "vacancy", functions=(None,), default=0.0),
    )


def illustrative(workspace: Workspace) -> list[str]:
    """Keys of the projects whose headcount or floor area is made up; those that left ask for nothing."""
    projects = workspace.table("projects")
    made_up = (projects["basis"] == "schematic") & (projects["state"] != "exited")
    return [str(key) for key in projects["project_id"][made_up.to_numpy(dtype=bool, na_value=False)]]


def _assumed(
    workspace: Workspace,
    name: str,
    functions: tuple[str | None, ...] = tuple(FUNCTIONS),
    default: float = np.nan,
) -> Spread:
    """An assumption as a distribution for each function: its own row where there is one, else the row for all."""
    table = workspace.table("assumptions")
    rows = table[table["name"] == name]
    own = {None if pd.isna(of) or of == "" else str(of): at for at, of in reversed([*enumerate(rows["function"])])}
    at = [own.get(function, own.get(None, -1)) for function in functions]
    low, likely, high = (np.append(rows[case].to_numpy(dtype=float, na_value=np.nan), default)[at] for case in _CASES)
    bounds = np.append((rows["range_is"] == "bounds").to_numpy(dtype=bool), False)[at]
    return spread(low, likely, high, bounds)


def _three(table: pd.DataFrame, *columns: str) -> np.ndarray:
    return np.stack([table[column].to_numpy(dtype=float, na_value=np.nan) for column in columns])
