"""How parcels are coloured: for each mode, the classes that occur and the class of every parcel.

A parcel's style travels as the number of its class, never as a colour or a name of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers.accounts import books
from layers.map.landuse import use
from layers.map.words import words
from layers.vocabulary import PARCEL_STATUS, STAGES, term
from layers.workspace import Workspace

NOTHING = "#f4f5f5"
UNKNOWN = "#e3e6e8"
STATUS_COLOURS = ("#dfe3c3", "#c3cf95", "#f0cf83", "#d9a066", "#b9825b", "#8aa5b5", "#66808f")
STAGE_COLOURS = ("#e3bd62", "#c98a1b", "#7c9eb2", "#4d6f84", "#c9bfd6")
LEFT_COLOURS = ("#cfe5e2", "#93c7c1", "#4d9d98", "#12696b")
LEFT_FROM = (0.0, 5_000.0, 20_000.0, 50_000.0)
"""Available floor area [m²] from which a class counts; below the first there is none left."""
_CENT = 0.005


@dataclass(frozen=True)
class Style:
    """One class of a mode, as the legend shows it."""

    label: str
    colour: str
    hatch: bool = False


@dataclass(frozen=True)
class Mode:
    """One way to colour the parcels.

    Parameters
    ----------
    classes
        Every class that may occur, in the order of the legend.
    of
        Number of the class of each parcel, shape (n,).
    """

    key: str
    title: str
    classes: tuple[Style, ...]
    of: np.ndarray
    note: str = ""

    def payload(self) -> dict[str, Any]:
        """The mode as the map reads it."""
        counts = np.bincount(self.of, minlength=len(self.classes))
        classes = [
            {"label": kind.label, "colour": kind.colour, "hatch": kind.hatch, "count": int(count)}
            for kind, count in zip(self.classes, counts, strict=True)
        ]
        return {
            "key": self.key,
            "title": self.title,
            "note": self.note,
            "classes": classes,
            "of": self.of.tolist(),
        }


def modes(workspace: Workspace, language: str) -> tuple[Mode, ...]:
    """Every mode, in the order in which the map offers them."""
    return (
        by_land_use(workspace, language),
        by_available(workspace, language),
        by_status(workspace, language),
        by_assignment(workspace, language),
    )


def by_land_use(workspace: Workspace, language: str) -> Mode:
    """Parcels in the colours of their land use, the most frequent first."""
    parcels, say = workspace.table("parcels"), words(language)
    scheme = parcels["classification"].astype(object).where(parcels["classification"].notna(), "")
    code = parcels["land_use"].astype(object).where(parcels["land_use"].notna(), "")
    pairs = list(zip(scheme, code, strict=True))
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    order = sorted(counts, key=lambda pair: (pair[1] == "", -counts[pair], pair))
    uses = [use(*pair) for pair in order]
    classes = tuple(
        Style(found.label(language), found.colour) if found.code else Style(say["no_land_use"], UNKNOWN, hatch=True)
        for found in uses
    )
    number = {pair: i for i, pair in enumerate(order)}
    note = say["borrowed"] if any(found.borrowed for found in uses) else ""
    return Mode("land_use", say["land_use"], classes, _whole([number[pair] for pair in pairs]), note)


def by_available(workspace: Workspace, language: str) -> Mode:
    """Parcels by the floor area that they can still give."""
    held, say = books(workspace), words(language)
    left = held.parcels().available
    of = np.searchsorted(LEFT_FROM, left, side="right")
    of = np.where(left <= _CENT, 0, of)
    of = np.where(held.unknown(), len(LEFT_FROM) + 1, of)
    steps = [_amount(value, language) for value in LEFT_FROM]
    classes = [Style(say["none_left"], NOTHING), Style(say["less"].format(high=steps[1]), LEFT_COLOURS[0])]
    for i in (1, 2):
        classes.append(Style(say["between"].format(low=steps[i], high=steps[i + 1]), LEFT_COLOURS[i]))
    classes += [Style(say["more"].format(low=steps[3]), LEFT_COLOURS[3]), Style(say["unknown"], UNKNOWN, hatch=True)]
    return Mode("available", say["available_mode"], tuple(classes), of.astype(np.int64))


def by_status(workspace: Workspace, language: str) -> Mode:
    """Parcels by where they stand in land supply."""
    say, codes = words(language), list(PARCEL_STATUS)
    number = {code: i for i, code in enumerate(codes)}
    of = [number.get(str(value), len(codes)) for value in workspace.table("parcels")["status"]]
    classes = [
        Style(term(PARCEL_STATUS, code, language), colour) for code, colour in zip(codes, STATUS_COLOURS, strict=True)
    ]
    return Mode("status", say["status"], (*classes, Style(say["no_status"], UNKNOWN, hatch=True)), _whole(of))


def by_assignment(workspace: Workspace, language: str) -> Mode:
    """Parcels by the furthest stage of the assignments on them."""
    say, codes = words(language), list(STAGES)
    given = workspace.table("assignments")
    rank = {code: i for i, code in enumerate(("vacated", "intent", "signed", "under_construction", "completed"))}
    furthest: dict[str, str] = {}
    for parcel, stage in zip(given["parcel_id"], given["stage"], strict=True):
        if rank.get(stage, -1) > rank.get(furthest.get(parcel, ""), -1):
            furthest[parcel] = stage
    number = {code: i for i, code in enumerate(codes)}
    of = [number.get(furthest.get(key, ""), len(codes)) for key in workspace.table("parcels")["parcel_id"]]
    classes = [Style(term(STAGES, code, language), colour) for code, colour in zip(codes, STAGE_COLOURS, strict=True)]
    return Mode("assignment", say["assignment"], (*classes, Style(say["not_assigned"], NOTHING)), _whole(of))


def _whole(numbers: Sequence[int]) -> np.ndarray:
    return np.asarray(numbers, dtype=np.int64)


def _amount(value: float, language: str) -> str:
    return f"{value / 10_000:g}" if language == "zh-CN" else f"{value:,.0f}"
