"""How constraints look: hatchings that are told apart without colour, the same on the map, in legends and in bars."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from layers.causes import USUAL, kinds_of, outside_of
from layers.vocabulary import CONSTRAINT_KINDS, EFFECTS, SIDES, term
from layers.workspace import Workspace
from spatial import crs as crs_

Pattern = Literal["rising", "falling", "cross", "level", "upright", "grid", "dots"]


@dataclass(frozen=True)
class Look:
    """A hatching.

    Parameters
    ----------
    gap
        Distance between its lines or dots [px].
    """

    colour: str
    pattern: Pattern
    gap: int


LOOKS: dict[str, Look] = {
    "ecological_red_line": Look("#b3261e", "cross", 8),
    "growth_boundary": Look("#5b4a8a", "cross", 14),
    "flood_control": Look("#1f6fb2", "level", 6),
    "heritage": Look("#8a5a2b", "grid", 8),
    "purple_line": Look("#7b3fa0", "upright", 6),
    "blue_line": Look("#2b8cc4", "level", 12),
    "green_line": Look("#3a8f4c", "rising", 6),
    "yellow_line": Look("#a87f00", "dots", 6),
    "road_line": Look("#c2452d", "upright", 12),
    "green_belt": Look("#2f7d3b", "rising", 12),
    "noise": Look("#6b7280", "dots", 11),
    "pipeline": Look("#3f4a50", "falling", 6),
    "other": Look("#7a7f83", "falling", 12),
}
"""No two kinds share a pattern and its gap."""

_DRAWN_M = 0.5
"""How far a drawn outline may lie from the stored one [m]: half a pixel at the largest scale."""
_AROUND = 0.5
"""How far beyond the parcels outlines are drawn, in sizes of what the map shows at first."""


def look_of(kind: str) -> Look:
    """The look of a kind; kinds of one's own share that of the others."""
    return LOOKS.get(kind, LOOKS["other"])


def css_of(kind: str) -> str:
    """The hatching of a kind as a CSS background.

    >>> css_of("green_line")
    'background:repeating-linear-gradient(135deg,#3a8f4c 0 1.5px,#3a8f4c2e 1.5px 6px)'
    """
    look = look_of(kind)
    turns = {"rising": (135,), "falling": (45,), "level": (0,), "upright": (90,), "cross": (45, 135), "grid": (0, 90)}
    if look.pattern == "dots":
        dot = f"radial-gradient({look.colour} 1.4px,{look.colour}2e 1.6px)"
        return f"background:{dot} 0 0/{look.gap}px {look.gap}px"
    light = f"{look.colour}2e" if len(turns[look.pattern]) == 1 else f"{look.colour}18"
    lines = [
        f"repeating-linear-gradient({turn}deg,{look.colour} 0 1.5px,{light} 1.5px {look.gap}px)"
        if number == len(turns[look.pattern]) - 1
        else f"repeating-linear-gradient({turn}deg,{look.colour} 0 1.5px,transparent 1.5px {look.gap}px)"
        for number, turn in enumerate(turns[look.pattern])
    ]
    return f"background:{','.join(lines)}"


def drawn(workspace: Workspace, language: str) -> list[dict[str, Any]]:
    """Constraints as the map draws them: outlines in degrees, words for kind, effect and side, and the hatching."""
    table = workspace.table("constraints")
    shapes = _seen(workspace)
    degrees = crs_.transform(shapes, workspace.pyproj_crs, crs_.parse(crs_.LONLAT))
    rows = zip(degrees, kinds_of(table), table["effect"], outside_of(table), table["name"], strict=True)
    out = []
    for shape, kind, effect, outside, name in rows:
        polygons = [] if shape is None or shape.is_empty else shapely.get_parts(shape)
        rings = [
            np.round(shapely.get_coordinates(ring)[:, ::-1], 6).tolist()
            for part in polygons
            if part.geom_type == "Polygon"
            for ring in shapely.get_rings(part)
        ]
        if not rings:
            continue
        look = look_of(str(kind))
        side = term(SIDES, "outside", language) if outside else ""
        words = [term(CONSTRAINT_KINDS, kind, language), term(EFFECTS, effect, language), side]
        out.append(
            {
                "name": "" if name is None or name != name else str(name),
                "kind": str(kind),
                "label": " · ".join(word for word in words if word),
                "outside": bool(outside),
                "rings": rings,
                "colour": look.colour,
                "pattern": look.pattern,
                "gap": look.gap,
            }
        )
    return out


def offered(language: str) -> list[dict[str, Any]]:
    """Kinds that can be drawn, in words, each with what it usually does: what a new area holds at first."""
    return [
        {
            "kind": kind,
            "label": term(CONSTRAINT_KINDS, kind, language),
            "values": {"kind": kind, "effect": usual.effect, "side": usual.side},
        }
        for kind, usual in USUAL.items()
    ]


def _seen(workspace: Workspace) -> np.ndarray:
    """Outlines near the parcels, as fine as a screen shows them."""
    shapes = workspace.shapes("constraints")
    drawn = [workspace.shapes(layer) for layer in ("parcels", "zones")]
    around = [shapely.total_bounds(some) for some in drawn if len(some)]
    known = [bounds for bounds in around if np.isfinite(bounds).all()]
    if not known or not len(shapes):
        return shapes
    low, high = (np.array(known)[:, side].reshape(len(known), 2) for side in (slice(0, 2), slice(2, 4)))
    west_south, east_north = low.min(axis=0), high.max(axis=0)
    reach = np.maximum(east_north - west_south, 100.0) * _AROUND
    window = shapely.box(*(west_south - reach), *(east_north + reach))
    shapely.prepare(window)
    near = shapes.copy()
    crossing = ~shapely.contains(window, near)
    near[crossing] = shapely.intersection(near[crossing], window)
    return np.asarray(shapely.simplify(near, _DRAWN_M), dtype=object)
