"""Where workspaces are kept: one front door for every kind of address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from layers.errors import FolderIsReadOnly, NotYet
from layers.stores import geopackage, geoparquet
from layers.stores.contract import Store, StoreFacts, Writing
from layers.stores.errors import ScenarioUnknown
from layers.workspace import Workspace


def open_store(address: str | Path) -> Store:
    """The store at an address, to read from and write to.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace, FolderIsReadOnly, NotYet
    """
    return geopackage.GeoPackage(file_at(address))


def read(address: str | Path, scenario: str = "main") -> Workspace:
    """The workspace at an address, as a branch of it is now.

    Parameters
    ----------
    address
        A file, or a folder of GeoParquet; a ``postgresql://`` address comes with a later version.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace, ScenarioUnknown, NotYet
    """
    folder = as_folder(address)
    if folder:
        if scenario != "main":
            raise ScenarioUnknown(where="--scenario", name=scenario[:60], known="main")
        return geoparquet.read(folder)
    with open_store(address).reading() as tx:
        return tx.workspace(scenario)


def as_folder(address: str | Path) -> Path | None:
    """The folder at an address, None where it is no folder; a folder is read-only."""
    path = Path(address)
    return path if path.is_dir() else None


def file_at(address: str | Path) -> Path:
    """The file at an address that is to be written to.

    Raises
    ------
    FolderIsReadOnly, NotYet
    """
    if str(address).startswith(("postgresql://", "postgres://")):
        raise NotYet(where="postgresql://", what="postgresql://")
    folder = as_folder(address)
    if folder:
        raise FolderIsReadOnly(where=str(address), path=folder.resolve().name)
    return Path(address)


def create(address: str | Path, workspace: Workspace, *, actor: str = "") -> Workspace:
    """Keep a new workspace at an address where none is.

    Raises
    ------
    WorkspaceExists, NotYet
    """
    with geopackage.create(file_at(address), workspace, actor=actor).reading() as tx:
        return tx.workspace()


def found(address: str | Path, facts: StoreFacts, write: Callable[[Writing], None]) -> Store:
    """Make a new store at an address where none is; it is there with what `write` writes, or not at all.

    Raises
    ------
    WorkspaceExists, NotYet
    """
    return geopackage.found(file_at(address), facts, write)


def revision(address: str | Path, scenario: str = "main") -> int:
    """The last change of a branch, without reading its tables.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NewerWorkspace, ScenarioUnknown, FolderIsReadOnly, NotYet
    """
    with open_store(address).reading() as tx:
        return tx.scenario(scenario).head
