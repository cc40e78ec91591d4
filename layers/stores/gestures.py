"""A gesture as events: one, or several of bounded size where it changes very many rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from layers.stores.contract import Event, Writing

CHUNK = 5_000
"""Rows of one event."""


def append(tx: Writing, event: Event, told: Callable[[int, int], None] = lambda _done, _total: None) -> int:
    """Write a gesture as events under its op id; answers with the number of the last.

    Parameters
    ----------
    told
        Is told before each event how many rows of how many are written; what it raises undoes them all.
    """
    parts = [event.changes[start : start + CHUNK] for start in range(0, len(event.changes), CHUNK)] or [()]
    seq = 0
    for place, part in enumerate(parts):
        told(place * CHUNK, len(event.changes))
        own = event.op_id if place == 0 else f"{event.op_id}/{place + 1}"
        whole = event.op_id if len(parts) > 1 else None
        seq = tx.append(replace(event, op_id=own, changes=part, parent_op=event.parent_op or whole))
    return seq
