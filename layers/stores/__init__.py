"""Where workspaces are kept: one front door for every kind of address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from layers.errors import NotYet
from layers.stores import geopackage
from layers.workspace import Workspace


def read(address: str) -> Workspace:
    """The workspace at an address, at its present revision.

    Parameters
    ----------
    address
        A file; a ``postgresql://`` address and a folder of GeoParquet come with later versions.

    Raises
    ------
    WorkspaceMissing, NotAWorkspace, NotYet
    """
    return geopackage.read(_file(address))


def create(address: str, workspace: Workspace) -> Workspace:
    """Keep a new workspace at an address where none is.

    Raises
    ------
    WorkspaceExists, NotYet
    """
    return geopackage.create(_file(address), workspace)


def save(address: str, tables: Mapping[str, pd.DataFrame], expected: int) -> int:
    """Replace tables of the workspace at an address, made on revision `expected`; answers with the new revision.

    Raises
    ------
    Stale, NotYet
    """
    return geopackage.save(_file(address), tables, expected)


def _file(address: str) -> Path:
    if address.startswith(("postgresql://", "postgres://")):
        raise NotYet(where="postgresql://", what="postgresql://")
    path = Path(address)
    if path.is_dir():
        raise NotYet(where=address, what=f"{path.name}/*.parquet")
    return path
