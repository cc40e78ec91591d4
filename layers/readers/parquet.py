"""GeoParquet, read by pyarrow."""

from __future__ import annotations

from layers.readers.errors import FormatRefused
from layers.readers.features import Choice, Features
from layers.readers.source import Source


def read_parquet(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read it.

    Raises
    ------
    FileRefused
    """
    raise FormatRefused(where=source.name, path=source.name, found="GeoParquet")
