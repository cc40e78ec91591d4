"""Moving a workspace to another store: every event as it was written, and then both compared in everything."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from layers import stores
from layers.catalogue import LAYERS
from layers.keeping.errors import MoveUnequal
from layers.rows import encode, rows
from layers.stores import raster_files
from layers.stores.contract import Reading, Writing
from layers.workspace import Workspace

Answer = dict[str, Any]


def move(source: str | Path, target: str | Path) -> Answer:
    """Copy a workspace with its branches, history, people and documents to a store where none is.

    Both stores are used by their contract alone, so either may be of any kind. The source stays as it is.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, WorkspaceExists, MoveUnequal, StoreDamaged, NotYet
        Nothing stands at the target then.
    """
    with stores.open_store(source).reading() as tx:

        def write(into: Writing) -> None:
            _copy(tx, into)
            _compare(tx, into)

        made = stores.found(target, tx.facts(), write)
        raster_files.carry(*(raster_files.folder_beside(Path(place)) for place in (source, target)))
        with made.reading() as other:
            equal = other.chain_head() == tx.chain_head()
            answer = {"revision": other.revision(), "chain_head": other.chain_head(), "equal": equal}
            return answer | {"workspace": str(target), "scenarios": [one.name for one in other.scenarios()]}


def _copy(tx: Reading, into: Writing) -> None:
    branches = list(tx.scenarios())

    def begin(before: int) -> None:
        while branches and branches[0].forked_at < before:
            one = branches.pop(0)
            into.put_scenario(one.name, replace(one, head=one.forked_at))

    for logged in tx.log():
        begin(logged.values["seq"])
        into.take_over(logged)
    begin(tx.revision() + 1)
    for join in tx.joins():
        into.put_join(join)
    for person in tx.people():
        into.put_person(person)
    for name in tx.blobs():
        content = tx.blob(name)
        if content is None or into.put_blob(content) != name:
            raise MoveUnequal(where=name[:12], what=f"blob {name[:12]}")


def _compare(one: Reading, other: Reading) -> None:
    """Compare two stores in everything that the contract knows.

    Raises
    ------
    MoveUnequal
    """
    wrong = [
        what
        for what, told, found in (
            ("facts", one.facts(), other.facts()),
            ("chain_head", one.chain_head(), other.chain_head()),
            ("scenarios", one.scenarios(), other.scenarios()),
            ("joins", one.joins(), other.joins()),
            ("people", one.people(), other.people()),
            ("blobs", one.blobs(), other.blobs()),
        )
        if told != found
    ]
    for branch in () if wrong else one.scenarios():
        here, there = one.workspace(branch.name), other.workspace(branch.name)
        wrong += [f"{branch.name} {layer}" for layer in LAYERS if _told(here, layer) != _told(there, layer)]
    if wrong:
        raise MoveUnequal(where=wrong[0], what=", ".join(wrong[:5]))


def _told(workspace: Workspace, layer: str) -> dict[str, Any]:
    """The rows of a layer by their keys: in which order a branch has them, no store promises."""
    key = LAYERS[layer].key
    return {str(row[key]): encode(row) for row in rows(workspace.table(layer))}
