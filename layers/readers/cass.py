"""Survey points as CASS keeps them (.dat)."""

from __future__ import annotations

from layers.readers.errors import FormatRefused
from layers.readers.features import Choice, Features
from layers.readers.source import Source


def read_cass(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read it.

    Raises
    ------
    FileRefused
    """
    raise FormatRefused(where=source.name, path=source.name, found="CASS .dat")
