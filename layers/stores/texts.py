"""The canonical JSON text of very many rows, written column by column: letter for letter what one by one gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any

import numpy as np
import shapely

from layers.bulk import Bulk, to_wkb
from layers.changes import Row
from layers.rows import canonical, decode

_HEX = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode("ascii"), dtype="<u2")
"""The two digits of each byte, as one number."""


def of_bulk(bulk: Bulk) -> list[str]:
    """The text of each row, as `canonical` writes what `layers.rows.encode` makes of it."""
    return of_columns({**bulk.columns, "geometry": bulk.wkb}, len(bulk))


def of_rows(rows: Sequence[Row | None]) -> list[str | None]:
    """The text of each row; None where there is none."""
    shapes = np.array([*((row or {}).get("geometry") for row in rows), None], dtype=object)[:-1]
    drawn = hexadecimal(to_wkb(shapes))
    return [
        None if row is None else canonical(row if shape is None else {**row, "geometry": shape})
        for row, shape in zip(rows, drawn, strict=True)
    ]


def of_columns(columns: Mapping[str, Sequence[Any]], count: int) -> list[str]:
    """The text of each row of some columns, without what is missing; bytes are written in hexadecimal.

    Parameters
    ----------
    columns
        Python values, as many as `count` in each; None where one is missing.

    Raises
    ------
    ValueError, TypeError
        Where a value is no number, or nothing that JSON knows.

    Examples
    --------
    >>> of_columns({"far_max": [2.5, None], "land_use": ["丰", 'B"1']}, 2)
    ['{"far_max":2.5,"land_use":"丰"}', '{"land_use":"B\\\\"1"}']
    """
    told = [list(_fragments(name, columns[name])) for name in sorted(columns)]
    if not told:
        return ["{}"] * count
    return ["{" + ",".join(filter(None, line)) + "}" for line in zip(*told, strict=True)]


def _fragments(name: str, values: Sequence[Any]) -> Iterator[str]:
    """`"name":value` of each row, empty where it is missing."""
    head = encode_basestring(name) + ":"
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return ("" if value is None else head + encode_basestring(value) for value in values)
    if kinds <= {float, type(None)} and np.isfinite(np.array(values, dtype=float)[_there(values)]).all():
        return ("" if value is None else head + float.__repr__(value) for value in values)
    if bytes in kinds:
        return ("" if value is None else f'{head}"{value}"' for value in hexadecimal(values))
    return ("" if value is None else head + canonical(value) for value in values)


def _there(values: Sequence[Any]) -> list[int]:
    return [place for place, value in enumerate(values) if value is not None]


def hexadecimal(values: Sequence[bytes | None]) -> list[str | None]:
    """Bytes in capital hexadecimal digits, all at once.

    >>> hexadecimal([b"\\x01\\xab", None, b""])
    ['01AB', None, '']
    """
    whole = b"".join(value for value in values if value is not None)
    digits = _HEX[np.frombuffer(whole, dtype=np.uint8)].tobytes().decode("ascii")
    found: list[str | None] = []
    start = 0
    for value in values:
        if value is None:
            found.append(None)
            continue
        stop = start + 2 * len(value)
        found.append(digits[start:stop])
        start = stop
    return found


def rows_of(told: Sequence[Any]) -> list[Row | None]:
    """Rows from what their texts hold, all geometries read at once."""
    if len(told) < 2:
        return [decode(values) for values in told]
    digits = [None if values is None else values.get("geometry") for values in told]
    shapes = shapely.from_wkb(np.array([*digits, None], dtype=object))[:-1]
    return [
        values if shape is None else {**values, "geometry": shape} for values, shape in zip(told, shapes, strict=True)
    ]
