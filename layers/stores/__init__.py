"""Where workspaces are kept: one front door for every kind of address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from layers.errors import FolderIsReadOnly, NotYet
from layers.stores import geopackage, geoparquet
from layers.workspace import Workspace


def read(address: str) -> Workspace:
    """The workspace at an address, at its present revision.

    Parameters
    ----------
    address
        A file, or a folder of GeoParquet; a ``postgresql://`` address comes with a later version.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NotYet
    """
    folder = as_folder(address)
    return geoparquet.read(folder) if folder else geopackage.read(file_at(address))


def as_folder(address: str) -> Path | None:
    """The folder at an address, None where it is no folder; a folder is read-only."""
    path = Path(address)
    return path if path.is_dir() else None


def file_at(address: str) -> Path:
    """The file at an address that is to be written to.

    Raises
    ------
    FolderIsReadOnly, NotYet
    """
    if address.startswith(("postgresql://", "postgres://")):
        raise NotYet(where="postgresql://", what="postgresql://")
    folder = as_folder(address)
    if folder:
        raise FolderIsReadOnly(where=address, path=folder.name)
    return Path(address)


def create(address: str, workspace: Workspace) -> Workspace:
    """Keep a new workspace at an address where none is.

    Raises
    ------
    WorkspaceExists, NotYet
    """
    return geopackage.create(file_at(address), workspace)


def save(address: str, tables: Mapping[str, pd.DataFrame], expected: int) -> int:
    """Replace tables of the workspace at an address, made on revision `expected`; answers with the new revision.

    Raises
    ------
    Stale, NotYet
    """
    return geopackage.save(file_at(address), tables, expected)
