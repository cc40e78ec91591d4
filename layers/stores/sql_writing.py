"""Writing to a store in any database that SQLAlchemy speaks to, inside one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import sqlalchemy as sql

from layers.bulk import Bulk, by_layer, keys_of
from layers.changes import RowChange
from layers.rows import canonical
from layers.stores import chain, state, texts
from layers.stores.contract import Event, Joined, Logged, Person, Scenario
from layers.stores.errors import StoreDamaged, ValueRefused
from layers.stores.kept import Kept
from layers.stores.schema import BLOB, EVENT, EVENT_ROW, JOINED, META, PERSON, SCENARIO, SCENARIO_ROW
from layers.stores.sql_reading import SqlReading, parts
from layers.workspace import Workspace

_LONGEST_RUN = 512
"""Most numbers that are looked up at once."""


_REPLACED = (
    sql.update(SCENARIO_ROW)
    .where(*(SCENARIO_ROW.c[name] == sql.bindparam(f"the_{name}") for name in ("scenario", "layer", "key")))
    .values(rev=sql.bindparam("the_rev"), row=sql.bindparam("the_row"))
)


@dataclass
class _Run:
    """Numbers of one prefix in one transaction: up to which they were looked up, and the free ones, the next last."""

    seen: int
    length: int = 1
    free: list[str] = field(default_factory=list)


class SqlWriting(SqlReading):
    """One transaction; `layers.stores.contract.Writing` says what it promises.

    Parameters
    ----------
    srs
        Number under which the database knows the working CRS.
    touched
        Called with a layer and the rows that change in its own table.
    """

    def __init__(
        self,
        connection: sql.Connection,
        kept: Kept,
        srs: int,
        touched: Callable[[str, Sequence[RowChange]], None] = lambda _layer, _changes: None,
    ) -> None:
        super().__init__(connection, kept)
        self._srs = srs
        self._touched = touched
        self._runs: dict[str, _Run] = {}

    def now(self) -> str:
        return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def put_meta(self, **values: str | int) -> None:
        """Write facts of the store itself."""
        lines = [{"at": key, "is": str(value)} for key, value in values.items()]
        order = sql.update(META).where(META.c.key == sql.bindparam("at")).values(value=sql.bindparam("is"))
        if self._connection.execute(order, lines).rowcount < len(lines):
            known = set(self._connection.execute(sql.select(META.c.key)).scalars())
            new = [{"key": line["at"], "value": line["is"]} for line in lines if line["at"] not in known]
            self._connection.execute(sql.insert(META), new)

    def mint(self, prefix: str) -> str:
        run = self._runs.get(prefix)
        if run is None:
            run = self._runs[prefix] = _Run(int(self.meta(f"minted_{prefix}") or self._highest(prefix)))
        while not run.free:
            # numbers are looked up a run at a time, so that a command that makes thousands of rows asks a few times
            keys = [f"{prefix}{number:05d}" for number in range(run.seen + 1, run.seen + run.length + 1)]
            asked = sql.select(EVENT_ROW.c.key).where(EVENT_ROW.c.key.in_(keys)).distinct()
            used = set(self._connection.execute(asked).scalars())
            run.free = [key for key in reversed(keys) if key not in used]
            run.seen, run.length = run.seen + run.length, min(2 * run.length, _LONGEST_RUN)
            self.put_meta(**{f"minted_{prefix}": run.seen})
        return run.free.pop()

    def _remember_minted(self) -> None:
        """The highest number of each prefix that was given; those that were only looked up are free again."""
        if self._runs:
            self.put_meta(**{f"minted_{prefix}": run.seen - len(run.free) for prefix, run in self._runs.items()})

    def _highest(self, prefix: str) -> int:
        """The highest number that a key with a prefix has had."""
        used = sql.select(EVENT_ROW.c.key).distinct()
        near = used.where(EVENT_ROW.c.key >= f"{prefix}0", EVENT_ROW.c.key < f"{prefix}:")
        ends = (str(key)[len(prefix) :] for key in self._connection.execute(near).scalars())
        return max((int(end) for end in ends if end.isascii() and end.isdigit() and len(end) < 12), default=0)

    def append(self, event: Event) -> int:
        self._remember_minted()
        seq, previous = self._last()
        values: dict[str, Any] = {
            "seq": seq + 1,
            "op_id": event.op_id,
            "at": event.at or self.now(),
            "actor": event.actor,
            "role": event.role,
            "scenario": self._id(event.scenario),
            "kind": event.kind,
            "facts": canonical(dict(event.facts)),
            "parent_op": event.parent_op,
            "undoes": event.undoes,
        }
        try:
            body = chain.packed(event.changes)
        except (ValueError, TypeError) as error:  # no number, or nothing that a table could hold
            raise ValueRefused(where=event.kind, reason=str(error)[:200]) from error
        hash_ = chain.link(previous, [values[name] for name in chain.COLUMNS], body)
        self._log(Logged(values, body, hash_), previous, event.changes)
        return seq + 1

    def take_over(self, logged: Logged) -> None:
        seq, previous = self._last()
        hash_ = chain.link(previous, [logged.values[name] for name in chain.COLUMNS], logged.changes)
        if (logged.values["seq"], logged.hash) != (seq + 1, hash_):
            raise StoreDamaged(where="event", reason=f"event {logged.values['seq']}")
        self._log(logged, previous, chain.unpacked(logged.changes))

    def _last(self) -> tuple[int, str]:
        """Number and hash of the last event, where the store agrees with itself on them."""
        order = sql.select(EVENT.c.seq, EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)
        last = self._connection.execute(order).first()
        found = (last.seq, last.hash) if last else (0, chain.START)
        if (int(self.meta("revision") or 0), self.meta("chain_head") or chain.START) != found:
            raise StoreDamaged(where="event", reason="event ≠ app_meta")
        return found

    def _log(self, logged: Logged, previous: str, changes: Sequence[RowChange]) -> None:
        seq, number = logged.values["seq"], logged.values["scenario"]
        if changes:
            self._write(number, changes, seq)
        line = {**logged.values, "changes": logged.changes, "prev_hash": previous, "hash": logged.hash}
        self._connection.execute(sql.insert(EVENT), line)
        if changes:
            for layer, some in by_layer(changes).items():
                keys, count = keys_of(some), len(some)
                at = {"key": keys, "layer": [layer] * count, "scenario": [number] * count, "seq": [seq] * count}
                state.many(self._connection, sql.insert(EVENT_ROW), at)
        if changes or seq == 1:  # the first event makes the workspace, be it empty
            self._connection.execute(sql.update(SCENARIO).where(SCENARIO.c.id == number).values(head=seq))
            self._known = {}
        count = int(self.meta("rows_changed") or 0) + len(changes)
        self.put_meta(revision=seq, chain_head=logged.hash, rows_changed=count)

    def _write(self, number: int, changes: Sequence[RowChange], seq: int) -> None:
        every = self._branches()
        children = [child for child, (parent, _) in every.items() if parent == number]
        for layer, some in by_layer(changes).items():
            for child in children:
                self._keep(child, number, layer, some)
            if every[number][0] is None:
                state.write(self._connection, layer, some, seq, self._srs)
                self._touched(layer, some)
            else:
                rows = zip(keys_of(some), _texts(some, "after"), strict=True)
                self._put_rows(number, layer, {key: (text, seq) for key, text in rows})

    def _keep(self, child: int, parent: int, layer: str, changes: Sequence[RowChange]) -> None:
        """A branch keeps the form that rows had before they change in the one that it started from."""
        before = dict(zip(keys_of(changes), _texts(changes, "before"), strict=True))
        for key in self._own(child, layer, list(before)):
            del before[key]
        known = self._row_revisions(parent, layer, list(before))
        self._put_rows(child, layer, {key: (text, known[key]) for key, text in before.items()})

    def _own(self, number: int, layer: str, keys: Sequence[str]) -> set[str]:
        """Those of some rows of which a branch has a form of its own."""
        own = sql.select(SCENARIO_ROW.c.key).where(SCENARIO_ROW.c.scenario == number, SCENARIO_ROW.c.layer == layer)
        found: set[str] = set()
        for part in parts(keys):
            found |= set(self._connection.execute(own.where(SCENARIO_ROW.c.key.in_(part))).scalars())
        return found

    def _put_rows(self, number: int, layer: str, rows: Mapping[str, tuple[str | None, int]]) -> None:
        """Write the form that a branch has of some rows: text and event, no text where it has none of that key."""
        there = self._own(number, layer, list(rows))
        for known in (True, False):
            some = [(number, layer, key, rev, text) for key, (text, rev) in rows.items() if (key in there) == known]
            if some:
                names = ("scenario", "layer", "key", "rev", "row")
                marked = [f"the_{name}" for name in names] if known else names
                lines = dict(zip(marked, zip(*some, strict=True), strict=True))
                state.many(self._connection, _REPLACED if known else sql.insert(SCENARIO_ROW), lines)

    def put_scenario(self, name: str, scenario: Scenario) -> None:
        values: dict[str, Any] = {
            "name": scenario.name,
            "parent": None if scenario.parent is None else self._id(scenario.parent),
            "forked_at": scenario.forked_at,
            "head": scenario.head or scenario.forked_at,
            "locked": int(scenario.locked),
            "made_by": scenario.made_by,
            "made_at": scenario.made_at or self.now(),
            "note": scenario.note,
        }
        changed = sql.update(SCENARIO).where(SCENARIO.c.name == name).values(values)
        if not self._connection.execute(changed).rowcount:
            self._connection.execute(sql.insert(SCENARIO), values)
        self._known = {}

    def keep(self, workspace: Workspace) -> None:
        number = self._id(workspace.scenario)
        self._kept.put(number, self._hash(workspace.revision), workspace)

    def put_join(self, joined: Joined) -> None:
        line = {
            "seq": joined.seq,
            "source": self._id(joined.source),
            "source_seq": joined.source_seq,
            "target": self._id(joined.target),
        }
        self._connection.execute(sql.insert(JOINED), line)

    def put_person(self, person: Person) -> None:
        values = _line_of(person)
        changed = sql.update(PERSON).where(PERSON.c.name == person.name).values(values)
        if not self._connection.execute(changed).rowcount:
            self._connection.execute(sql.insert(PERSON), values)

    def remove_person(self, name: str) -> None:
        self._connection.execute(sql.delete(PERSON).where(PERSON.c.name == name))

    def put_blob(self, content: bytes) -> str:
        name = hashlib.sha256(content).hexdigest()
        if self._connection.execute(sql.select(BLOB.c.size_bytes).where(BLOB.c.sha256 == name)).first() is None:
            line = {"sha256": name, "size_bytes": len(content), "content": content}
            self._connection.execute(sql.insert(BLOB), line)
        return name


def _texts(changes: Sequence[RowChange], side: Literal["before", "after"]) -> Sequence[str | None]:
    """The rows of changes as a branch keeps them."""
    if isinstance(changes, Bulk):
        there = changes.comes == (side == "after")
        return texts.of_bulk(changes) if there else [None] * len(changes)
    return texts.of_rows([getattr(change, side) for change in changes])


def _line_of(person: Person) -> dict[str, Any]:
    return {
        "name": person.name,
        "role": person.role,
        "display": person.display,
        "secret": person.secret,
        "code": person.code,
        "failed": person.failed,
        "wait_until": person.wait_until,
        "disabled": int(person.disabled),
        "made_at": person.made_at,
    }
