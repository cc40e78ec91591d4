"""The chain over the events: each carries the hash of the one before, so that no change of the past stays unseen."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from json.encoder import encode_basestring
from typing import Any

from layers.bulk import Bulk, parts
from layers.changes import RowChange
from layers.rows import canonical
from layers.stores import texts

START = "0" * 64
"""What stands before the first event."""

COLUMNS = ("seq", "op_id", "at", "actor", "role", "scenario", "kind", "facts", "parent_op", "undoes")
"""Columns of an event that its hash covers, in this order; the rows that it changed come last."""


def packed(changes: Sequence[RowChange]) -> bytes:
    """Rows before and after, as an event keeps them: the canonical JSON of layer, key, before and after of each."""
    told = ",".join(",".join(_told(part)) for part in parts(changes) if len(part))
    return zlib.compress(f"[{told}]".encode(), 1)


def _told(changes: Sequence[RowChange]) -> Iterator[str]:
    if isinstance(changes, Bulk):
        layer = canonical(changes.layer)
        ends = ("null,", "") if changes.comes else ("", ",null")
        keys = map(encode_basestring, changes.keys)
        return (
            f"[{layer},{key},{ends[0]}{text}{ends[1]}]"
            for key, text in zip(keys, texts.of_bulk(changes), strict=True)
        )
    before, after = (texts.of_rows([getattr(change, side) for change in changes]) for side in ("before", "after"))
    at = (f"{canonical(change.layer)},{canonical(change.key)}" for change in changes)
    return (f"[{own},{one or 'null'},{other or 'null'}]" for own, one, other in zip(at, before, after, strict=True))


def unpacked(changes: bytes) -> tuple[RowChange, ...]:
    """Rows before and after from what an event keeps."""
    told: list[list[Any]] = json.loads(zlib.decompress(changes))
    before, after = (texts.rows_of([line[side] for line in told]) for side in (2, 3))
    return tuple(RowChange(line[0], line[1], *pair) for line, *pair in zip(told, before, after, strict=True))


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
