"""How a layer looks in other programs: the colours and labels of our own maps, told once for every kind of style."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from layers.map.landuse import UNKNOWN_COLOUR, use
from layers.map.styles import STAGE_COLOURS
from layers.vocabulary import EFFECTS, FACILITY_KINDS, PARK_KINDS, STAGES, STATION_KINDS, WAY_KINDS, ZONE_KINDS, Terms
from layers.writers.sheets import Sheet

INK = "#3c4a52"
_PLAIN = "#93c7c1"
_FACILITIES = (
    "#b9825b", "#c98a1b", "#8d79a6", "#d08770", "#4d6f84", "#a63a2e",
    "#2f7d6d", "#6d5f9c", "#5f9c5f", "#1e2a32", "#7c9eb2", "#8a9aa1",
)  # fmt: skip
_KINDS: dict[str, tuple[str, Terms, tuple[str, ...]]] = {
    "zones": ("kind", ZONE_KINDS, ("#c98a1b", "#4d6f84", "#4d9d98", "#8d79a6")),
    "parks": ("kind", PARK_KINDS, ("#8d79a6", "#4d9d98", "#c98a1b", "#4d6f84", "#b9825b", "#7b8990")),
    "stations": ("kind", STATION_KINDS, ("#a63a2e", "#1e2a32", "#7c9eb2")),
    "constraints": ("effect", EFFECTS, ("#a63a2e", "#c98a1b", "#7c9eb2")),
    "ways": ("kind", WAY_KINDS, ("#5b6b73", "#8a9aa1", "#c98a1b", "#a63a2e", "#4d6f84", "#8d79a6")),
    "facilities": ("kind", FACILITY_KINDS, _FACILITIES),
    "assignments": ("stage", STAGES, STAGE_COLOURS),
}
_LABELS = ("parcel_no", "name", "project_name", "building_id")
_OUTLINED = ("zones", "parks", "constraints", "rasters", "catchments")
"""Layers that lie over others: what is below shows through."""


@dataclass(frozen=True)
class LookClass:
    """Rows that look alike: the values that they share, how people call them, and their colour as ``#rrggbb``."""

    values: tuple[str, ...]
    label: str
    colour: str


@dataclass(frozen=True)
class Look:
    """How a layer looks.

    Parameters
    ----------
    by
        Columns that the classes go by; none for a layer of one colour.
    classes
        Every class that occurs, the most frequent first.
    label
        Column that is written on the map, if any.
    opacity
        Of the fill, 0 to 1.
    """

    by: tuple[str, ...]
    classes: tuple[LookClass, ...]
    label: str | None
    opacity: float = 0.85
    plain: str = _PLAIN

    def of(self, frame: pd.DataFrame) -> np.ndarray:
        """Number of the class of each row, shape (n,); −1 for none of them."""
        number = {one.values: place for place, one in enumerate(self.classes)}
        found = [number.get(values, -1) for values in _rows(frame, self.by)]
        return np.array(found, dtype=np.int64)


def look(made: Sheet) -> Look:
    """How a layer looks: parcels by land use in the colours that planners use, others by what they are."""
    has = {column.name for column in made.columns}
    label = next((name for name in _LABELS if name in has), None)
    if {"classification", "land_use"} <= has and made.layer in ("parcels", "remaining"):
        return Look(("classification", "land_use"), _land_uses(made.frame), label)
    if made.layer not in _KINDS:
        return Look((), (), label)
    by, terms, colours = _KINDS[made.layer]
    classes = tuple(
        LookClass((code,), terms[code][0], colour)
        for code, colour in zip(terms, colours, strict=True)
        if bool((made.frame[by] == code).any())
    )
    return Look((by,), classes, label, 0.3 if made.layer in _OUTLINED else 0.85)


def _land_uses(frame: pd.DataFrame) -> tuple[LookClass, ...]:
    counted = pd.Series(_rows(frame, ("classification", "land_use")), dtype=object).value_counts()
    out = []
    for values in counted.index:
        scheme, code = values
        found = use(scheme, code)
        colour = found.colour if code else UNKNOWN_COLOUR
        out.append(LookClass(values, found.label() or "—", colour))
    return tuple(out)


def _rows(frame: pd.DataFrame, by: tuple[str, ...]) -> list[tuple[str, ...]]:
    if not by:
        return [()] * len(frame)
    columns = [frame[name].fillna("").astype("str").tolist() for name in by]
    return list(zip(*columns, strict=True))
