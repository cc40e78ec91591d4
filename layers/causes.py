"""What of the constraints table acts as one cause: the rows of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from spatial import overlay
from spatial.overlay import Cause

PRECEDENCE = (
    "ecological_red_line",
    "growth_boundary",
    "flood_control",
    "heritage",
    "purple_line",
    "blue_line",
    "green_line",
    "yellow_line",
    "road_line",
    "pipeline",
    "green_belt",
    "noise",
    "other",
)
"""Which cause land under several is counted for where it may be counted once only, the firmest first.

What a parcel loses in all does not depend on it."""


@dataclass(frozen=True)
class Usual:
    """What a kind of limit usually does."""

    effect: str
    side: str = "inside"


USUAL: Mapping[str, Usual] = {
    "ecological_red_line": Usual("exclude"),
    "growth_boundary": Usual("exclude", "outside"),
    "flood_control": Usual("exclude"),
    "heritage": Usual("inform"),
    "purple_line": Usual("inform"),
    "blue_line": Usual("exclude"),
    "green_line": Usual("exclude"),
    "yellow_line": Usual("exclude"),
    "road_line": Usual("exclude"),
    "green_belt": Usual("inform"),
    "noise": Usual("inform"),
    "pipeline": Usual("exclude"),
    "other": Usual("inform"),
}
"""What is proposed for each kind. The green belt informs: building in it is bound to rules, not ruled out."""

KIND_UNSAID = "other"
"""Kind of a row that says none."""


@dataclass(frozen=True)
class Causes:
    """Constraints by cause.

    Parameters
    ----------
    names
        Name of each cause: a kind, those of the vocabulary in the order of `PRECEDENCE`, then any other by name.
    areas
        Outlines of each.
    """

    names: tuple[str, ...]
    areas: tuple[Cause, ...]


@dataclass(frozen=True)
class Covered:
    """Parcels cut by causes.

    Parameters
    ----------
    kinds
        Kind of each cause, in the order of the columns of `land`.
    """

    kinds: tuple[str, ...]
    land: overlay.Overlay


def kinds_of(constraints: pd.DataFrame) -> np.ndarray:
    """Kind of each row, shape (n,)."""
    kinds = constraints["kind"]
    return np.asarray(kinds.where(kinds.notna() & (kinds != ""), KIND_UNSAID).astype(object), dtype=object)


def outside_of(constraints: pd.DataFrame) -> np.ndarray:
    """Which rows act beyond their outline, shape (n,)."""
    return np.asarray((constraints["side"] == "outside").to_numpy(dtype=bool, na_value=False))


def by_kind(constraints: pd.DataFrame) -> Causes:
    """The causes of some rows: rows of one kind act together.

    Examples
    --------
    >>> from layers.constraints import CONSTRAINTS
    >>> by_kind(CONSTRAINTS.empty("EPSG:4548")).names
    ()
    """
    kinds, outside = kinds_of(constraints), outside_of(constraints)
    shapes = np.asarray(constraints["geometry"], dtype=object)
    rank = {kind: place for place, kind in enumerate(PRECEDENCE)}
    names = sorted(set(kinds), key=lambda kind: (rank.get(kind, len(rank)), kind))
    return Causes(tuple(names), tuple(Cause.of(shapes[kinds == kind], outside[kinds == kind]) for kind in names))


def with_effect(constraints: pd.DataFrame, effect: str) -> pd.DataFrame:
    """The rows that have an effect."""
    return constraints[(constraints["effect"] == effect).to_numpy(dtype=bool, na_value=False)]
