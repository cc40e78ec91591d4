"""The chain over the events: each carries the hash of the one before, so that no change of the past stays unseen."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

from layers.changes import RowChange
from layers.rows import canonical, decode, encode

START = "0" * 64
"""What stands before the first event."""

COLUMNS = ("seq", "op_id", "at", "actor", "role", "scenario", "kind", "facts", "parent_op", "undoes")
"""Columns of an event that its hash covers, in this order; the rows that it changed come last."""


def packed(changes: Sequence[RowChange]) -> bytes:
    """Rows before and after, as an event keeps them."""
    told = [[change.layer, change.key, encode(change.before), encode(change.after)] for change in changes]
    return zlib.compress(canonical(told).encode("utf-8"), 1)


def unpacked(changes: bytes) -> tuple[RowChange, ...]:
    """Rows before and after from what an event keeps."""
    told: list[list[Any]] = json.loads(zlib.decompress(changes))
    return tuple(RowChange(layer, key, decode(before), decode(after)) for layer, key, before, after in told)


def link(previous: str, values: Iterable[Any], changes: bytes) -> str:
    """SHA-256 of an event.

    Parameters
    ----------
    previous
        Hash of the event before.
    values
        What `COLUMNS` names.
    changes
        What `packed` made.
    """
    body = canonical([previous, *values, hashlib.sha256(changes).hexdigest()])
    return hashlib.sha256(body.encode("utf-8")).hexdigest()
