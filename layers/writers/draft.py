"""A file that is to be written: its rows, its geometries where they will lie, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd
import shapely
from pyproj import CRS

from layers.contract import Column
from layers.writers.losses import Loss
from layers.writers.sheets import Sheet


class Told(Protocol):
    """Is told how far the export is: a step, and how many of how many rows; 0 of 0 where nobody knows."""

    def __call__(self, step: str, done: int = 0, total: int = 0, /) -> None:
        """Listen; what it raises ends the export."""


def nobody(_step: str, _done: int = 0, _total: int = 0, /) -> None:
    """Listens where nobody does."""


_Row = TypeVar("_Row")
_BREATH = 500
FAMILIES = {
    "point": ("Point", "MultiPoint"),
    "line": ("LineString", "MultiLineString"),
    "polygon": ("Polygon", "MultiPolygon"),
}


@dataclass(frozen=True)
class About:
    """Where the rows come from, as the files say it.

    Parameters
    ----------
    as_of
        Date of the data, ISO 8601; empty where it is not known.
    made_on
        Date of the export, ISO 8601.
    """

    workspace: str
    scenario: str
    revision: int
    as_of: str
    made_on: str
    working_crs: str


@dataclass(frozen=True)
class Draft:
    """A file to be written.

    Parameters
    ----------
    path
        Its main file, in a folder of ours.
    shapes
        Geometries in `crs`, shape (n,), two-dimensional; None for a table without geometry.
    crs
        CRS of the file.
    encoding
        Of its text, as Python names it.
    tell
        Is told of the steps.
    """

    path: Path
    made: Sheet
    shapes: np.ndarray | None
    crs: CRS
    encoding: str
    about: About
    tell: Told = nobody

    @property
    def columns(self) -> tuple[Column, ...]:
        """Every column but the geometry."""
        return self.made.columns

    @property
    def drawn(self) -> int:
        """How many rows have a geometry."""
        return 0 if self.shapes is None else int((~shapely.is_missing(self.shapes)).sum())

    def beside(self, ending: str) -> Path:
        """A file that lies beside the main one, called after the whole of its name."""
        return self.path.with_name(f"{self.path.name}{ending}")

    def heard(self, rows: Iterable[_Row], step: str = "writing") -> Iterator[_Row]:
        """The same rows; every so often it is told how many went by, and whoever listens can end it."""
        for number, row in enumerate(rows):
            if number % _BREATH == 0:
                self.tell(step, number, len(self.made.frame))
            yield row


Cleaning = Callable[[pd.Series, str], tuple[pd.Series, list[Loss]]]


def cleaned(draft: Draft, *, text: Cleaning, number: Cleaning) -> tuple[pd.DataFrame, list[Loss]]:
    """The rows as a format can hold them, and what that costs.

    Parameters
    ----------
    text
        What becomes of text, dates and lists.
    number
        What becomes of numbers.
    """
    frame, lost = draft.made.frame.copy(), []
    for column in draft.columns:
        if column.kind in ("text", "list", "date"):
            frame[column.name], said = text(frame[column.name], column.name)
        elif column.kind in ("number", "integer"):
            frame[column.name], said = number(frame[column.name], column.name)
        else:
            continue
        lost += said
    return frame, lost


def families(shapes: np.ndarray) -> dict[str, np.ndarray]:
    """Rows by kind of geometry, for a format that keeps one kind a file; rows without geometry go with the last."""
    found = {kind: of_kind(shapes, names) for kind, names in FAMILIES.items()}
    found = {kind: rows for kind, rows in found.items() if rows.any()}
    none = shapely.is_missing(shapes)
    if not found:
        return {"polygon": np.ones(len(shapes), dtype=bool)}
    last = list(found)[-1]
    return found | {last: found[last] | none}


def of_kind(shapes: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Which geometries are of these types."""
    return np.isin(shapely.get_type_id(shapes), [shapely.GeometryType[name.upper()].value for name in names])


def geometry_type(shapes: np.ndarray, otherwise: str = "Polygon") -> str:
    """The type that holds all of them: single where every one is, else multi; ``Unknown`` for several kinds.

    Parameters
    ----------
    otherwise
        The type where there is no geometry at all.
    """
    kinds = set(np.unique(shapely.get_type_id(shapes)).tolist()) - {-1}
    if not kinds:
        return otherwise
    for single, several in FAMILIES.values():
        one, many = (shapely.GeometryType[name.upper()].value for name in (single, several))
        if kinds <= {one, many}:
            return several if many in kinds else single
    return "Unknown"


def names_in_file(
    columns: Iterable[str], reserved: Iterable[str], most: int = 63, sign: Callable[[str], bool] = lambda _sign: True
) -> dict[str, str]:
    """A name for every column that no two share, whatever their case.

    Parameters
    ----------
    reserved
        Names that the format keeps for itself.
    most
        Characters that a name may have.
    sign
        Whether a character may stand in a name.

    Examples
    --------
    >>> names_in_file(["name", "Name", "fid", "a b"], ["fid"], sign=str.isalnum)
    {'name': 'name', 'Name': 'Name_1', 'fid': 'fid_1', 'a b': 'a_b'}
    """
    taken = {name.casefold() for name in reserved}
    out: dict[str, str] = {}
    for column in columns:
        plain = "".join(one if sign(one) or one == "_" else "_" for one in column)[:most] or "_"
        name, number = plain, 0
        while name.casefold() in taken:
            number += 1
            name = f"{plain[: most - 6]}_{number}"
        out[column] = name
        taken.add(name.casefold())
    return out


def renamed(names: dict[str, str], rows: int, format: str) -> list[Loss]:
    """The columns that have another name in the file."""
    return [
        Loss(column, "field_renamed", rows, {"format": format, "name": name})
        for column, name in names.items()
        if column != name
    ]
