"""What a map sends when a hand has acted, and the command that each act means.

An act is an object: `op` names the gesture, `do` says what, `seen` is the revision that the viewer had before them,
and the rest belongs to the kind, as `kinds.KINDS` lists it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from layers.changes import Command
from layers.live.errors import ActRefused
from layers.live.kinds import KINDS
from layers.live.reading import Field, fields, one_of, refuse, several, text, whole
from layers.workspace import Workspace

MOST_BYTES = 1_000_000
MOST_ACTS = 50


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
