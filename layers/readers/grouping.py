"""Which layer of a source is meant; and sources of one table whose rows lie in folders or layers of a drawing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from layers.readers.errors import ChooseLayer
from layers.readers.features import Choice, Features, FoundLayer, described
from layers.readers.source import Source

OF_QGIS = ("layer_styles", "qgis_projects")
"""Tables that QGIS puts beside the layers of a GeoPackage; nobody means them by its layer."""


def chosen(known: list[str], layer: str | None, source: Source) -> str:
    """The layer that a user means; the name of the file stands for the only one.

    Raises
    ------
    ChooseLayer
    """
    if layer in known:
        return str(layer)
    known = [name for name in known if name not in OF_QGIS] or known
    if len(known) == 1 and layer in (None, Path(source.name).stem):
        return known[0]
    raise ChooseLayer(
        where=source.name, path=source.name, count=len(known), asked=layer or "", known=", ".join(known)
    )


def of_group(features: Features, column: str, source: Source, choice: Choice) -> Features:
    """Rows of one folder or layer; all of them where none is chosen, or the name of the file is.

    Raises
    ------
    ChooseLayer
    """
    groups = _groups(features, column)
    if choice.layer is None or (choice.layer == Path(source.name).stem and choice.layer not in groups):
        return features
    name = chosen(groups, choice.layer, source)
    return _rows(features, (features.table[column] == name).to_numpy(dtype=bool, na_value=False))


def grouped(features: Features, column: str, source: Source) -> tuple[FoundLayer, ...]:
    """All rows as one layer, and where they lie in several groups each of these as well."""
    groups = _groups(features, column)
    whole = described(Path(source.name).stem, features)
    if len(groups) < 2:
        return (whole,)
    values = features.table[column]
    each = [_rows(features, (values == name).to_numpy(dtype=bool, na_value=False)) for name in groups]
    return (whole, *(described(name, part) for name, part in zip(groups, each, strict=True)))


def _groups(features: Features, column: str) -> list[str]:
    if column not in features.table:
        return []
    return [str(name) for name in features.table[column].dropna().unique()]


def _rows(features: Features, rows: np.ndarray) -> Features:
    """Some rows, without the columns that are empty in them."""
    table = features.table[rows].reset_index(drop=True)
    return replace(
        features,
        table=table.dropna(axis="columns", how="all"),
        shapes=None if features.shapes is None else features.shapes[rows],
        unreadable=features.unreadable[rows],
    )
