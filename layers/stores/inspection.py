"""Whether a store agrees with its own history: the chain whole, and the log leading to the present state."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sql

from layers.catalogue import LAYERS
from layers.changes import Key
from layers.rows import encode, rows
from layers.stores import chain
from layers.stores.contract import MAIN
from layers.stores.errors import StoreDamaged
from layers.stores.replaying import Replay, State
from layers.stores.schema import BLOB, EVENT, EVENT_ROW
from layers.stores.sql_reading import SqlReading

Fault = tuple[str, Mapping[str, str]]

_SHOWN = 5
"""Faults of one kind that are told; the first ones say enough."""


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
    """What the tables hold and the events do not lead to: rows, branches, merges, people, documents."""
    replay = Replay(connection)
    for line in connection.execute(sql.select(EVENT).order_by(EVENT.c.seq)):
        wrong = replay.take(line)
        if wrong is not None:
            yield "history_disagrees", {"value": wrong, "limit": str(line.seq)}
            return
    replay.fork(reading.revision() + 1)
    for said in replay.differences(connection):
        yield "state_disagrees", {"value": said, "limit": MAIN}
    known = set()
    for number, state in replay.states.items():
        try:
            yield from _compared(reading, replay.branches[number], state, replay.heads[number])
            known |= {values["sha256"] for (layer, _), (values, _) in state.items() if layer == "attachments"}
        except StoreDamaged as error:
            yield "file_damaged", {"value": str(error.facts["reason"])}
    yield from _documents(connection, known)


def _compared(reading: SqlReading, branch: Any, state: State, head: int) -> Iterator[Fault]:
    if branch.head != head:
        yield "events_cut", {"value": str(head), "limit": str(branch.head)}
    present = reading.workspace(branch.name)
    found: dict[Key, Any] = {}
    for layer, contract in LAYERS.items():
        for row in rows(present.table(layer)):
            found[layer, str(row[contract.key])] = encode(row)
    wrong = {key for key in found.keys() | state.keys() if found.get(key) != state.get(key, (None, 0))[0]}
    for layer in LAYERS:
        expected = {key: seq for (own, key), (_, seq) in state.items() if own == layer}
        told = reading.row_revisions(branch.name, layer, list(expected))
        wrong |= {(layer, key) for key, seq in expected.items() if told[key] != seq}
    for layer, key in sorted(wrong)[:_SHOWN]:
        yield "state_disagrees", {"value": f"{layer} {key}", "limit": branch.name}


def _documents(connection: sql.Connection, wanted: set[str]) -> Iterator[Fault]:
    """Documents that are not what their name says, or that a row names and that are not there."""
    there = set()
    for name, size, content in connection.execute(sql.select(BLOB.c.sha256, BLOB.c.size_bytes, BLOB.c.content)):
        there.add(name)
        if hashlib.sha256(content).hexdigest() != name or len(content) != size:
            yield "file_damaged", {"value": f"blob {name[:12]}"}
    for name in sorted(wanted - there)[:_SHOWN]:
        yield "file_damaged", {"value": f"blob {name[:12]}"}
