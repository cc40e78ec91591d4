"""Every act that a map can send, the fields that it may have, and the command that it means.

Rows travel by key, never as shapes. A point is a place in longitude and latitude, or a vertex or a place on an edge
of a stored outline: a browser knows outlines to the centimetre only, so that what snaps must travel by reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from layers.catalogue import LAYERS
from layers.changes import Command
from layers.commands import (
    Assign,
    AssignMany,
    At,
    AtVertex,
    CutStrip,
    Delete,
    DrawArea,
    DrawParcel,
    Dropped,
    Edit,
    EditMany,
    Inserted,
    MergeParcels,
    Moved,
    MoveVertices,
    OnEdge,
    Reassign,
    Split,
    TrimOverlaps,
    Unassign,
    UnassignMany,
    at_lonlat,
)
from layers.live.reading import (
    KEY,
    Field,
    Read,
    fields,
    list_of,
    number,
    one_of,
    refuse,
    several,
    text,
    truth,
    values,
    whole,
)
from layers.vocabulary import SOURCES, STAGES, SUPPLY_MODES
from layers.workspace import Workspace

MOST_ROWS = 5_000
"""Rows that one act may name; what is larger is for an import."""

_MOST_POINTS = 2_000
_LARGEST_M2 = 1e9
_WIDEST_M = 1_000.0

Said = dict[str, Any]
Make = Callable[[Workspace, Said], Command | str]
"""The command of an act, or ``undo`` or ``redo``; told the workspace for the sake of its CRS."""


@dataclass(frozen=True)
class Kind:
    """What an act of one kind says besides `op`, `do` and `seen`, and what it means."""

    said: Mapping[str, Field]
    make: Make


# -- points


def point(given: Any, at: str) -> tuple[str, tuple[Any, ...]]:
    """A point: ``at`` [lon, lat], ``xy`` [east, north], ``vertex`` [parcel, part, ring, i], ``edge`` [… fraction]."""
    if not isinstance(given, dict) or len(given) != 1:
        raise refuse(at, " | ".join(_POINTS))
    name, value = next(iter(given.items()))
    if name not in _POINTS:
        raise refuse(at, " | ".join(_POINTS))
    return str(name), list_of(*_POINTS[name])(value, at)


_INDEX = whole(0, 10_000_000)
_REFERENCE = (KEY, _INDEX, _INDEX, _INDEX)
_POINTS: dict[str, tuple[Read, ...]] = {
    "at": (number(-180, 180), number(-90, 90)),
    "xy": (number(-1e8, 1e8), number(-1e8, 1e8)),
    "vertex": _REFERENCE,
    "edge": (*_REFERENCE, number(0, 1)),
}
_LINE = Field(several(point, _MOST_POINTS, least=2))
_RING = several(point, _MOST_POINTS, least=3)


def placed(workspace: Workspace, said: tuple[str, tuple[Any, ...]]) -> Any:
    """The point that was said, as commands take it."""
    name, value = said
    if name == "at":
        return at_lonlat(workspace, *value)
    if name == "xy":
        return At(*value)
    return AtVertex(*value) if name == "vertex" else OnEdge(*value)


def _line(workspace: Workspace, said: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(placed(workspace, one) for one in said)


# -- steps of vertices

_STEPS: dict[str, dict[str, Field]] = {
    "move": {"vertex": Field(list_of(*_REFERENCE)), "to": Field(point)},
    "insert": {"edge": Field(list_of(*_POINTS["edge"])), "to": Field(point, needed=False)},
    "drop": {"vertex": Field(list_of(*_REFERENCE))},
}


def _step(given: Any, at: str) -> Said:
    if not isinstance(given, dict):
        raise refuse(at, "object")
    step = one_of(*_STEPS)(given.get("step"), f"{at}.step")
    return fields(given, {"step": Field(one_of(step)), **_STEPS[step]}, at)


def _moved(workspace: Workspace, said: Said) -> Moved | Inserted | Dropped:
    if said["step"] == "drop":
        return Dropped(AtVertex(*said["vertex"]))
    to: Any = placed(workspace, said["to"]) if "to" in said else None
    if said["step"] == "insert":
        return Inserted(OnEdge(*said["edge"]), to)
    return Moved(AtVertex(*said["vertex"]), to)


# -- the acts

_TERMS = {
    "stage": Field(one_of(*STAGES), needed=False),
    "supply_mode": Field(one_of(*SUPPLY_MODES), needed=False),
    "term_years": Field(number(0, 99), needed=False),
}
_FLOOR = {"floor_area_m2": Field(number(0.01, _LARGEST_M2), needed=False)}
_SOURCE = {"source": Field(one_of(*SOURCES), needed=False)}
_PARCEL, _PARCELS = Field(KEY), Field(several(KEY, MOST_ROWS))
_LAYER = Field(one_of(*LAYERS))
_ROW = {"layer": _LAYER, "key": Field(KEY)}
_VALUES = Field(values())
_MAY = Field(values(), needed=False)
_SHARE = {"share": Field(whole(0, 199), needed=False)}


def _without(said: Said, *names: str) -> Said:
    return {name: value for name, value in said.items() if name not in names}


def _cut(workspace: Workspace, said: Said) -> Command:
    return Split(said["parcel"], line=_line(workspace, said["line"]), share=said.get("share", "by_area"))


def _equal(_: Workspace, said: Said) -> Command:
    towards: Any = said.get("bearing", said.get("direction", "longest_side"))
    return Split(said["parcel"], parts=said["parts"], direction=towards, share=said.get("share", "by_area"))


def _strip(workspace: Workspace, said: Said) -> Command:
    line = _line(workspace, said["line"])
    return CutStrip(said["parcels"], line, said["width_m"], **_without(said, "parcels", "line", "width_m"))


def _draw(workspace: Workspace, said: Said) -> Command:
    more = {name: said[name] for name in ("values", "trim", "fill_m") if name in said}
    holes = tuple(_line(workspace, ring) for ring in said.get("holes", ()))
    return DrawParcel(_line(workspace, said["ring"]), holes=holes, **more)


KINDS: dict[str, Kind] = {
    "assign": Kind(
        {"parcel": _PARCEL, "project": Field(KEY), **_SOURCE, **_FLOOR, **_TERMS},
        lambda _, said: Assign(said["parcel"], said["project"], **_without(said, "parcel", "project")),
    ),
    "assign_many": Kind(
        {"parcels": _PARCELS, "project": Field(KEY), "share": Field(number(0, 1), needed=False), **_SOURCE, **_TERMS},
        lambda _, said: AssignMany(said["parcels"], said["project"], **_without(said, "parcels", "project")),
    ),
    "reassign": Kind(
        {"assignment": Field(KEY), **_FLOOR, **_TERMS}
        | {name: Field(text(2000), needed=False) for name in ("phase", "note")},
        lambda _, said: Reassign(said["assignment"], **_without(said, "assignment")),
    ),
    "unassign": Kind({"assignment": Field(KEY)}, lambda _, said: Unassign(said["assignment"])),
    "unassign_many": Kind(
        {"parcels": _PARCELS, "project": Field(KEY, needed=False)},
        lambda _, said: UnassignMany(said["parcels"], said.get("project")),
    ),
    "edit": Kind({**_ROW, "values": _VALUES}, lambda _, said: Edit(said["layer"], said["key"], said["values"])),
    "edit_many": Kind(
        {"layer": _LAYER, "keys": _PARCELS, "values": _VALUES},
        lambda _, said: EditMany(said["layer"], said["keys"], said["values"]),
    ),
    "delete": Kind(
        {**_ROW, "with_buildings": Field(truth, needed=False)},
        lambda _, said: Delete(said["layer"], said["key"], said.get("with_buildings", False)),
    ),
    "draw": Kind(
        {"ring": Field(_RING), "holes": Field(several(_RING, 50), needed=False), "values": _MAY}
        | {"trim": Field(truth, needed=False), "fill_m": Field(number(0, 50), needed=False)},
        _draw,
    ),
    "draw_area": Kind(
        {"layer": Field(one_of("constraints")), "ring": Field(_RING), "values": _VALUES}
        | {"holes": Field(several(_RING, 50), needed=False)},
        lambda w, said: DrawArea(
            said["layer"],
            _line(w, said["ring"]),
            said["values"],
            tuple(_line(w, ring) for ring in said.get("holes", ())),
        ),
    ),
    "split": Kind({"parcel": _PARCEL, "line": _LINE, **_SHARE}, _cut),
    "split_equally": Kind(
        {"parcel": _PARCEL, "parts": Field(whole(2, 200)), "bearing": Field(number(0, 360), needed=False)}
        | {"direction": Field(one_of("longest_side", "longest_edge"), needed=False), **_SHARE},
        _equal,
    ),
    "strip": Kind(
        {"parcels": _PARCELS, "line": _LINE, "width_m": Field(number(0.1, _WIDEST_M)), "values": _MAY}
        | {"becomes": Field(one_of("road", "parcels", "nothing"), needed=False)},
        _strip,
    ),
    "vertices": Kind(
        {"steps": Field(several(_step, 500))},
        lambda w, said: MoveVertices(tuple(_moved(w, one) for one in said["steps"])),
    ),
    "trim": Kind(
        {"parcels": _PARCELS, "against": Field(several(KEY, MOST_ROWS), needed=False)},
        lambda _, said: TrimOverlaps(said["parcels"], said.get("against", ())),
    ),
    "merge": Kind(
        {"parcels": Field(several(KEY, 200, least=2)), "figures": _MAY},
        lambda _, said: MergeParcels(said["parcels"], said.get("figures", ())),
    ),
    "undo": Kind({}, lambda _, __: "undo"),
    "redo": Kind({}, lambda _, __: "redo"),
}
"""Every act, by its name; a command that is not there cannot be sent."""
