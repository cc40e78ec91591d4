"""What an import would change, on the map of the product: rows that stay, come, change and go, in four looks.

The colours are those of Okabe and Ito, which people with any kind of colour vision tell apart; what goes is hatched
as well, and what stays is pale.
"""

from __future__ import annotations

import json
import struct
import weakref
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from layers.catalogue import LAYERS
from layers.errors import WorkspaceMissing
from layers.map.board import BOARDS, Board
from layers.map.styles import Mode, Style
from layers.map.words import words
from layers.workspace import Workspace
from spatial import crs as crs_
from spatial.vertices import is_finite

LOOKS = (
    ("unchanged", "#e6eaec", False),
    ("added", "#0072b2", False),
    ("changed", "#e69f00", False),
    ("removed", "#d55e00", True),
)
"""Name of each kind of row, its colour, and whether it is hatched."""

_DOT_M, _LINE_M = 20.0, 4.0
"""Radius of what stands for a point, and half the width of what stands for a line [m]."""


class Arriving(Board):
    """A board of rows of any layer, coloured by what becomes of them.

    Parameters
    ----------
    seen
        State that the rows are compared with; what lies around them is taken from it.
    layer, rows
        Layer, and rows of it.
    kinds
        Place in `LOOKS` of each row, shape (n,).
    """

    def __init__(self, seen: Workspace, layer: str, rows: pd.DataFrame, kinds: np.ndarray) -> None:
        super().__init__(_as_parcels(seen, layer, rows))
        self._kinds = kinds.astype("<u2")

    def state(self, language: str) -> bytes:
        """Classes of all rows under the one way of colouring that there is; the format of `Board.state`."""
        say = words(language)
        looks = tuple(Style(say[f"arriving_{name}"], colour, hatch) for name, colour, hatch in LOOKS)
        mode = Mode("arriving", say["arriving"], looks)
        told = {"revision": self.revision, "count": len(self._kinds), "modes": [mode.payload()]}
        head = json.dumps(told, ensure_ascii=False).encode("utf-8")
        planes = self._kinds.view(np.uint8).reshape(-1, 2).T.tobytes()
        return b"".join([struct.pack("<I", len(head)), head, planes])

    @property
    def frame(self) -> list[list[float]] | None:
        """South-west and north-east corner of what differs, in degrees; None where nothing does."""
        shapes = self.workspace.shapes("parcels")[self._kinds > 0]
        drawn = shapes[~shapely.is_missing(shapes)]
        if not len(drawn):
            return None
        west, south, east, north = crs_.lonlat_bounds(drawn, self.workspace.pyproj_crs)
        return [[south, west], [north, east]]

    def available(self, key: str) -> float | None:  # noqa: ARG002
        """Nothing is said of what is not there yet."""
        return None


_SHOWN: weakref.WeakValueDictionary[str, Arriving] = weakref.WeakValueDictionary()


def shown_at(place: str, board: Arriving) -> str:
    """The name under which the routes of the map find a board, for as long as somebody holds it.

    Parameters
    ----------
    place
        The name of the workspace's file.
    """
    name = f"{place}-p{board.epoch}"
    _SHOWN[name] = board
    BOARDS.put(name, board)
    return name


def workspace_at(name: str) -> Workspace:
    """What the board of a name shows; the board answers for the name again where others took its room.

    Raises
    ------
    WorkspaceMissing
    """
    board = _SHOWN.get(name)
    if board is None:
        raise WorkspaceMissing(where=name[:40], path=name[:40])
    BOARDS.put(name, board)
    return board.workspace


def _as_parcels(seen: Workspace, layer: str, rows: pd.DataFrame) -> Workspace:
    """A workspace whose parcels are the outlines of these rows."""
    contract = LAYERS[layer]
    shapes = _outlined(np.asarray(rows["geometry"], dtype=object))
    names = [_label(row) for row in zip(*(rows[name] for name in _naming(rows, contract.key)), strict=True)]
    data = {"parcel_id": [str(number) for number in range(len(rows))], "parcel_no": names}
    table = gpd.GeoDataFrame(data, geometry=shapes, crs=seen.crs)
    around = {name: seen.table(name) for name in ("zones", "stations", "backdrop", "parks") if name != layer}
    parcels = LAYERS["parcels"].conform(table, seen.crs)
    return Workspace(seen.name, seen.crs, {**around, "parcels": parcels}, revision=seen.revision)


def _naming(rows: pd.DataFrame, key: str) -> list[str]:
    return [name for name in ("parcel_no", "name", key) if name in rows]


def _label(row: Sequence[object]) -> str:
    return next((str(value) for value in row if value is not None and value == value and value != ""), "—")


def _outlined(shapes: np.ndarray) -> np.ndarray:
    """Outlines of any shapes: a disc for a point, a strip for a line; what cannot be drawn is left out."""
    out = shapes.copy()
    out[~shapely.is_missing(shapes) & ~is_finite(shapes)] = None
    kind = shapely.get_type_id(out)
    for kinds, size in (((0, 4), _DOT_M), ((1, 2, 5), _LINE_M)):
        at = np.isin(kind, kinds)
        out[at] = shapely.buffer(out[at], size)
    out[~np.isin(shapely.get_type_id(out), (3, 6))] = None
    return out
