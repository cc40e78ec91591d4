"""Placemarks of KML and KMZ files."""

from __future__ import annotations

from layers.readers.features import Choice, Features, FoundLayer
from layers.readers.gdal import read_whole
from layers.readers.grouping import grouped, of_group
from layers.readers.source import Source

FOLDER = "folder"
"""Column with the path of the folders that a placemark lies in."""


def read_placemarks(source: Source, choice: Choice) -> Features:
    """Read the placemarks of a file, or those of one folder.

    Raises
    ------
    ChooseLayer, FileRefused, Cancelled
    """
    return of_group(read_whole(source, choice, "placemarks"), FOLDER, source, choice)


def look_at_placemarks(source: Source, choice: Choice) -> tuple[FoundLayer, ...]:
    """The whole file as one layer, and each folder.

    Raises
    ------
    FileRefused, Cancelled
    """
    return grouped(read_whole(source, choice, "placemarks"), FOLDER, source)
