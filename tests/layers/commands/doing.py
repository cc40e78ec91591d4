"""Commands done as the service does them, without a store: the changes, the next workspace, the rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from itertools import count

import pytest

from layers import invariants
from layers.accounts import books, report
from layers.catalogue import LAYERS
from layers.changes import Command, Row, RowChange, Scene
from layers.rows import rows, with_rows
from layers.workspace import Workspace
from spatial.ledger import Accounts


def fresh(workspace: Workspace) -> Callable[[str], str]:
    """Keys that no row has."""
    used = {str(key) for name, layer in LAYERS.items() for key in workspace.table(name)[layer.key]}

    def mint(prefix: str) -> str:
        key = next(key for key in map(f"{prefix}{{:05d}}".format, count(1)) if key not in used)
        used.add(key)
        return key

    return mint


def changes(workspace: Workspace, command: Command) -> tuple[RowChange, ...]:
    """What a command changes, once no rule forbids it."""
    found = command.changes(workspace, Scene("test", "2026-11-23T08:00:00Z", fresh(workspace)))
    assert command.facts(workspace) is not None
    invariants.refuse(workspace, with_rows(workspace, found), found, command.kind)
    return found


def did(workspace: Workspace, *commands: Command) -> Workspace:
    """The workspace after some commands."""
    for command in commands:
        workspace = with_rows(workspace, changes(workspace, command))
    return workspace


def undone(workspace: Workspace, found: Sequence[RowChange]) -> Workspace:
    """The workspace after changes are taken back, once no rule forbids it."""
    back = tuple(change.reversed() for change in reversed(found))
    before = with_rows(workspace, back)
    invariants.refuse(workspace, before, back, "undo")
    return before


def every_row(workspace: Workspace) -> dict[tuple[str, str], Row]:
    """Every row of a workspace by layer and key, geometries as text to the last bit."""
    return {
        (name, str(row[layer.key])): {
            column: value.wkb_hex if column == "geometry" else value for column, value in row.items()
        }
        for name, layer in LAYERS.items()
        for row in rows(workspace.table(name))
    }


def same_accounts(one: Workspace, other: Workspace, within: float) -> None:
    """Every account, in all and by zone, is the same [m²]."""
    for f in fields(Accounts):
        mine, theirs = (float(getattr(books(w).parts, f.name).sum()) for w in (one, other))
        assert mine == pytest.approx(theirs, abs=within), f.name
    mine, theirs = ({g["zone"]: g for g in report(w)["groups"]} for w in (one, other))
    assert mine.keys() == theirs.keys()
    for zone, group in mine.items():
        for name, value in group.items():
            if name.endswith("_m2"):
                assert value == pytest.approx(theirs[zone][name], abs=within), (zone, name)
