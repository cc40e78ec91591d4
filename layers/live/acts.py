"""What a map sends when a hand has acted, and the command that each act means.

An act is an object: `op` names the gesture, `do` says what, `seen` is the revision that the viewer had before them,
and the rest belongs to the kind. Rows travel by key and never as shapes. What the browser may say of each kind stands
in `KINDS`; a command that is not there cannot be sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from layers.catalogue import LAYERS
from layers.changes import Command
from layers.commands import Assign, Delete, Edit, EditMany, MergeParcels, Reassign, Split, Unassign
from layers.live.errors import ActRefused
from layers.live.reading import KEY, Field, fields, number, one_of, refuse, several, text, truth, values, whole
from layers.vocabulary import SOURCES, STAGES, SUPPLY_MODES
from layers.workspace import Workspace

MOST_BYTES = 1_000_000
MOST_ACTS = 50
MOST_ROWS = 5_000
"""Rows that one act may name; what is larger is for the query of the service."""

_LARGEST_M2 = 1e9

Make = Callable[[Workspace, dict[str, Any]], Command | str]
"""The command of an act, or ``undo`` or ``redo``; told the workspace for the sake of its CRS."""


@dataclass(frozen=True)
class Act:
    """One gesture as it was read.

    Parameters
    ----------
    said
        Fields of its kind.
    """

    op: str
    do: str
    seen: int
    said: dict[str, Any]

    def command(self, workspace: Workspace) -> Command | str:
        """What it means."""
        return KINDS[self.do].make(workspace, self.said)


@dataclass(frozen=True)
class Batch:
    """Acts that came together, in their order.

    Parameters
    ----------
    revision
        What the map shows; it is told what changed since.
    acts
        Acts, or the error of one that cannot be read, with the name of its gesture.
    """

    epoch: str
    revision: int
    acts: tuple[Act | tuple[str, ActRefused], ...]


@dataclass(frozen=True)
class _Kind:
    said: Mapping[str, Field]
    make: Make


_FLOOR = Field(number(0.01, _LARGEST_M2), needed=False)
_TERMS = {
    "floor_area_m2": _FLOOR,
    "stage": Field(one_of(*STAGES), needed=False),
    "supply_mode": Field(one_of(*SUPPLY_MODES), needed=False),
    "term_years": Field(number(0, 99), needed=False),
}
_LAYER = Field(one_of(*LAYERS))
_ROW = {"layer": _LAYER, "key": Field(KEY)}


def _assign(_: Workspace, said: dict[str, Any]) -> Command:
    return Assign(said.pop("parcel"), said.pop("project"), **said)


def _split(_: Workspace, said: dict[str, Any]) -> Command:
    return Split(said["parcel"], parts=said["parts"], share=said.get("share", "by_area"))


def _merge(_: Workspace, said: dict[str, Any]) -> Command:
    return MergeParcels(said["parcels"], said.get("figures", ()))


KINDS: dict[str, _Kind] = {
    "assign": _Kind(
        {"parcel": Field(KEY), "project": Field(KEY), "source": Field(one_of(*SOURCES), needed=False), **_TERMS},
        lambda w, said: _assign(w, dict(said)),
    ),
    "reassign": _Kind(
        {"assignment": Field(KEY), **_TERMS, **{name: Field(text(2000), needed=False) for name in ("phase", "note")}},
        lambda _, said: Reassign(said["assignment"], **{k: v for k, v in said.items() if k != "assignment"}),
    ),
    "unassign": _Kind({"assignment": Field(KEY)}, lambda _, said: Unassign(said["assignment"])),
    "edit": _Kind(
        {**_ROW, "values": Field(values())}, lambda _, said: Edit(said["layer"], said["key"], said["values"])
    ),
    "edit_many": _Kind(
        {"layer": _LAYER, "keys": Field(several(KEY, MOST_ROWS)), "values": Field(values())},
        lambda _, said: EditMany(said["layer"], said["keys"], said["values"]),
    ),
    "delete": _Kind(
        {**_ROW, "with_buildings": Field(truth, needed=False)},
        lambda _, said: Delete(said["layer"], said["key"], said.get("with_buildings", False)),
    ),
    "split": _Kind(
        {"parcel": Field(KEY), "parts": Field(whole(2, 200)), "share": Field(whole(0, 199), needed=False)}, _split
    ),
    "merge": _Kind({"parcels": Field(several(KEY, 200, least=2)), "figures": Field(values(), needed=False)}, _merge),
    "undo": _Kind({}, lambda _, __: "undo"),
    "redo": _Kind({}, lambda _, __: "redo"),
}
"""Every act, by its name: the fields that it has besides `op`, `do` and `seen`, and the command that it means."""

_OP = text(40, "[a-z0-9-]+", least=1)
_SEEN = whole(0, 2**53)
_ENVELOPE = {
    "epoch": Field(text(40, "[a-z0-9-]+", least=1)),
    "revision": Field(_SEEN),
    "acts": Field(several(lambda given, _at: given, MOST_ACTS)),
}


def read(body: bytes) -> Batch:
    """The acts of a request.

    Raises
    ------
    ActRefused
        When the request as a whole cannot be read; a single act that cannot be read is told apart from the others.
    """
    given = fields(parsed(body, MOST_BYTES), _ENVELOPE, "body")
    acts = tuple(_act(one, f"acts[{i}]") for i, one in enumerate(given["acts"]))
    ops = [one.op if isinstance(one, Act) else one[0] for one in acts]
    if len(set(ops)) < len(ops):
        raise refuse("acts", "the same gesture twice")
    return Batch(given["epoch"], given["revision"], acts)


def parsed(body: bytes, most: int) -> Any:
    """JSON of a limited size.

    Raises
    ------
    ActRefused
    """
    if len(body) > most:
        raise refuse("body", f"more than {most} bytes")
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise refuse("body", "JSON") from error


def _no_number(name: str) -> None:
    raise ValueError(name)


def _act(given: Any, at: str) -> Act | tuple[str, ActRefused]:
    if not isinstance(given, dict):
        raise refuse(at, "object")
    op = _OP(given.get("op"), f"{at}.op")
    try:
        do = one_of(*KINDS)(given.get("do"), f"{at}.do")
        known = {"op": Field(_OP), "do": Field(one_of(*KINDS)), "seen": Field(_SEEN), **KINDS[do].said}
        said = fields(given, known, at)
    except ActRefused as error:
        return op, error
    seen = said.pop("seen")
    del said["op"], said["do"]
    return Act(op, do, seen, said)
