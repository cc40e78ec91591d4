"""Boundary points as survey offices hand them in (勘测定界界址点)."""

from __future__ import annotations

from layers.readers.errors import FormatRefused
from layers.readers.features import Choice, Features
from layers.readers.source import Source


def read_boundary_points(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read it.

    Raises
    ------
    FileRefused
    """
    raise FormatRefused(where=source.name, path=source.name, found="界址点 TXT")
