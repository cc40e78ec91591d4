"""Whether a store agrees with its own history: the chain whole, and the log leading to the present state."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sql

from layers.catalogue import LAYERS
from layers.rows import encode, rows
from layers.stores import chain
from layers.stores.schema import EVENT, EVENT_ROW, JOINED, SCENARIO
from layers.stores.sql_reading import SqlReading

Fault = tuple[str, Mapping[str, str]]

_SHOWN = 5
"""Faults of one kind that are told; the first ones say enough."""

Rows = dict[tuple[str, str], Any]


def faults(connection: sql.Connection, reading: SqlReading) -> Iterator[Fault]:
    """Everything in which the store and its history disagree.

    Parameters
    ----------
    reading
        A view through the same connection that knows nothing yet: it reads the tables anew.
    """
    broken = list(_chain(connection, reading))
    yield from broken[:_SHOWN]
    if not broken:
        yield from _replayed(connection, reading)


def _chain(connection: sql.Connection, reading: SqlReading) -> Iterator[Fault]:
    """Events that are missing, changed, moved or cut off."""
    previous, seq, count = chain.START, 0, 0
    listed = _listed(connection)
    for line in connection.execute(sql.select(EVENT).order_by(EVENT.c.seq)):
        seq += 1
        if line.seq != seq:
            yield "event_missing", {"value": str(seq), "limit": str(line.seq)}
            return
        values = [getattr(line, name) for name in chain.COLUMNS]
        if line.prev_hash != previous or line.hash != chain.link(previous, values, line.changes):
            yield "event_changed", {"value": str(seq)}
            return
        keys = _keys(line.changes)
        if keys is None or listed.pop(seq, set()) != {(layer, key, line.scenario) for layer, key in keys}:
            yield "event_changed", {"value": str(seq)}
        previous, count = line.hash, count + len(keys or ())
    if listed:
        yield "event_missing", {"value": str(min(listed)), "limit": ""}
    told = (reading.meta("revision") or "0", reading.meta("chain_head") or chain.START)
    if told != (str(seq), previous):
        yield "events_cut", {"value": str(seq), "limit": told[0]}
    if int(reading.meta("rows_changed") or 0) != count:
        yield "events_cut", {"value": str(count), "limit": reading.meta("rows_changed")}


def _listed(connection: sql.Connection) -> dict[int, set[tuple[str, str, int]]]:
    found: dict[int, set[tuple[str, str, int]]] = {}
    for line in connection.execute(sql.select(EVENT_ROW)):
        found.setdefault(line.seq, set()).add((line.layer, line.key, line.scenario))
    return found


def _keys(changes: bytes) -> list[tuple[str, str]] | None:
    try:
        return [(layer, key) for layer, key, _, _ in json.loads(zlib.decompress(changes))]
    except (zlib.error, ValueError, TypeError):
        return None


def _replayed(connection: sql.Connection, reading: SqlReading) -> Iterator[Fault]:
    """Rows of the present state that the events do not lead to, of every branch."""
    branches = {line.id: line for line in connection.execute(sql.select(SCENARIO).order_by(SCENARIO.c.forked_at))}
    waiting = [line for line in branches.values() if line.parent is not None]
    states: dict[int, Rows] = {number: {} for number, line in branches.items() if line.parent is None}
    heads = dict.fromkeys(states, 0)

    def fork(until: int) -> None:
        while waiting and waiting[0].forked_at < until:
            line = waiting.pop(0)
            states[line.id] = dict(states[line.parent])
            heads[line.id] = line.forked_at

    for line in connection.execute(sql.select(EVENT).order_by(EVENT.c.seq)):
        fork(line.seq)
        told = json.loads(zlib.decompress(line.changes))
        state = states[line.scenario]
        for layer, key, before, after in told:
            if state.get((layer, key)) != before:
                yield "history_disagrees", {"value": f"{layer} {key}", "limit": str(line.seq)}
                return
            if after is None:
                del state[layer, key]
            else:
                state[layer, key] = after
        if told or line.seq == 1:
            heads[line.scenario] = line.seq
    fork(reading.revision() + 1)
    for number, state in states.items():
        yield from _compared(reading, branches[number], state, heads[number])
    joined = connection.execute(sql.select(JOINED.c.seq).where(JOINED.c.seq > reading.revision())).all()
    if joined:
        yield "event_missing", {"value": str(joined[0].seq), "limit": ""}


def _compared(reading: SqlReading, branch: Any, state: Rows, head: int) -> Iterator[Fault]:
    if branch.head != head:
        yield "events_cut", {"value": str(head), "limit": str(branch.head)}
    present = reading.workspace(branch.name)
    found: Rows = {}
    for layer, contract in LAYERS.items():
        for row in rows(present.table(layer)):
            found[layer, str(row[contract.key])] = encode(row)
    wrong = [key for key in found.keys() | state.keys() if found.get(key) != state.get(key)]
    for layer, key in sorted(wrong)[:_SHOWN]:
        yield "state_disagrees", {"value": f"{layer} {key}", "limit": branch.name}
