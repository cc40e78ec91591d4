"""What a user enters, looked at before it becomes a row: a value that its column can never hold is refused."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from layers.catalogue import LAYERS
from layers.commands.errors import ColumnRefused, ValueUnfit
from layers.errors import UnknownLayer

LARGEST = 1e12
"""Largest figure that may be entered, whatever its unit: above it sums lose their square metres."""

LONGEST = 100_000
"""Longest text that may be entered, in characters."""

_RESERVED = frozenset({"geometry", "geom", "fid", "rev", "extra", "parents"})


def known(layer: str) -> str:
    """The layer.

    Raises
    ------
    UnknownLayer
    """
    if layer not in LAYERS:
        raise UnknownLayer(where=str(layer)[:40], layer=str(layer)[:40], known=", ".join(LAYERS))
    return layer


def plain(layer: str, values: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Values as a row keeps them; an empty text takes a value away, as None does.

    Ranges and lists of allowed values are looked at later, by the contract of the layer.

    Raises
    ------
    UnknownLayer, ColumnRefused, ValueUnfit
    """
    contract = LAYERS[known(layer)]
    kinds = {column.name: column.kind for column in contract.columns}
    found: dict[str, Any] = {}
    for name, value in dict(values).items():
        odd = not isinstance(name, str) or not name or len(name) > 120 or not name.isprintable()
        if odd or name == contract.key or name in _RESERVED:
            raise ColumnRefused(where=layer, column=str(name)[:40])
        if isinstance(value, np.generic):
            value = value.item()
        if value == "" and name in kinds:
            value = None
        if not _fits(kinds.get(name), value):
            raise ValueUnfit(where=f"{layer} {name}", column=name, value=_said(value))
        found[name] = value
    return found


def outline(layer: str, shape: object) -> BaseGeometry:
    """A geometry in two dimensions.

    Raises
    ------
    UnknownLayer, ColumnRefused, ValueUnfit
        When the layer has no geometry, or this is none.
    """
    if not LAYERS[known(layer)].geometry:
        raise ColumnRefused(where=layer, column="geometry")
    if not isinstance(shape, BaseGeometry):
        raise ValueUnfit(where=f"{layer} geometry", column="geometry", value=_said(shape))
    return shapely.force_2d(shape)


def _fits(kind: str | None, value: object) -> bool:
    if value is None:
        return True
    number = _number(value)
    if kind in ("number", "integer"):
        return number
    if kind == "boolean":
        return isinstance(value, bool)
    return _text(value) or (kind is None and (number or isinstance(value, bool)))


def _number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) <= LARGEST and not math.isnan(value)


def _text(value: object) -> bool:
    """Text that every store and file can keep: no half of a character, no NUL."""
    if not isinstance(value, str) or len(value) > LONGEST or "\0" in value:
        return False
    return not any("\ud800" <= sign <= "\udfff" for sign in value)


def _said(value: object) -> str:
    text = (
        value if isinstance(value, str) else type(value).__name__ if isinstance(value, (list, dict)) else repr(value)
    )
    return text[:40].encode("utf-8", "replace").decode("utf-8").replace("\0", "?")
