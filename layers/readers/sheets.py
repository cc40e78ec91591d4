"""Sheets of a spreadsheet file (.xlsx), each a layer."""

from __future__ import annotations

from layers.readers.errors import FormatRefused
from layers.readers.features import Choice, Features, FoundLayer
from layers.readers.source import Source


def read_sheet(source: Source, choice: Choice) -> Features:  # noqa: ARG001
    """Read one sheet.

    Raises
    ------
    FileRefused
    """
    raise FormatRefused(where=source.name, path=source.name, found="XLSX")


def look_at_sheets(source: Source, choice: Choice) -> tuple[FoundLayer, ...]:  # noqa: ARG001
    """The sheets that are tables.

    Raises
    ------
    FileRefused
    """
    raise FormatRefused(where=source.name, path=source.name, found="XLSX")
