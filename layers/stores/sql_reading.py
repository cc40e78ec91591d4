"""A store in any database that SQLAlchemy speaks to: one consistent view of it.

The branch `main` stands in the layers' own tables. Another branch keeps only the rows in which it differs from the
one that it started from; when a row changes there, the branches that start from it keep the form that they had.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import shapely
import sqlalchemy as sql
from spatial.crs import parse
from spatial.errors import ChengzaiError

from layers.catalogue import LAYERS
from layers.changes import Key, Row, RowChange
from layers.rows import decode, with_rows
from layers.stores import chain, state
from layers.stores.contract import MAIN, Event, Joined, Logged, Person, Scenario, StoreFacts
from layers.stores.errors import RevisionUnknown, ScenarioUnknown, StoreDamaged
from layers.stores.kept import Kept
from layers.stores.schema import BLOB, EVENT, EVENT_ROW, JOINED, META, PERSON, SCENARIO, SCENARIO_ROW
from layers.workspace import Workspace

_MANY_ROWS = 5_000
_CATCH_UP = 200
"""Events after which a kept workspace is read anew instead of being brought up to date."""


class SqlReading:
    """One consistent view; `layers.stores.contract.Reading` says what it promises."""

    def __init__(self, connection: sql.Connection, kept: Kept) -> None:
        self._connection = connection
        self._kept = kept
        self._names: dict[int, str] = {}
        self._known: dict[int, tuple[int | None, Scenario]] = {}

    # -- the store

    def meta(self, key: str) -> str:
        """One fact of the store itself; empty where it is not known."""
        found = self._connection.execute(sql.select(META.c.value).where(META.c.key == key)).scalar()
        return str(found or "")

    def revision(self) -> int:
        return int(self._connection.execute(sql.select(sql.func.max(EVENT.c.seq))).scalar() or 0)

    def chain_head(self) -> str:
        newest = sql.select(EVENT.c.hash).order_by(EVENT.c.seq.desc()).limit(1)
        return str(self._connection.execute(newest).scalar() or chain.START)

    def identity(self) -> str:
        return self.meta("store")

    def facts(self) -> StoreFacts:
        return StoreFacts(**{key: self.meta(key) for key in StoreFacts.__dataclass_fields__})

    # -- branches

    def scenario(self, name: str = MAIN) -> Scenario:
        for _, found in self._branches().values():
            if found.name == name:
                return found
        known = ", ".join(found.name for _, found in self._branches().values())
        raise ScenarioUnknown(where="--scenario", name=name[:60], known=known)

    def scenarios(self) -> tuple[Scenario, ...]:
        return tuple(found for _, found in self._branches().values())

    def _branches(self) -> dict[int, tuple[int | None, Scenario]]:
        """Number of each branch to its parent's number and itself, in the order in which they were made."""
        if self._known:
            return self._known
        lines = self._connection.execute(sql.select(SCENARIO).order_by(SCENARIO.c.id)).all()
        self._names = {line.id: line.name for line in lines}
        self._known = {
            line.id: (
                line.parent,
                Scenario(
                    name=line.name,
                    parent=self._names.get(line.parent),
                    forked_at=line.forked_at,
                    head=line.head,
                    locked=bool(line.locked),
                    made_by=line.made_by,
                    made_at=line.made_at,
                    note=line.note,
                ),
            )
            for line in lines
        }
        return self._known

    def _id(self, name: str) -> int:
        for number, (_, found) in self._branches().items():
            if found.name == name:
                return number
        self.scenario(name)
        raise AssertionError(name)

    def _line(self, number: int) -> list[int]:
        """A branch and those that it comes from, itself first."""
        every = self._branches()
        line = [number]
        while (parent := every[line[-1]][0]) is not None:
            line.append(parent)
        return line

    def joins(self) -> tuple[Joined, ...]:
        self._branches()
        lines = self._connection.execute(sql.select(JOINED).order_by(JOINED.c.seq)).all()
        return tuple(
            Joined(line.seq, self._names[line.source], line.source_seq, self._names[line.target]) for line in lines
        )

    # -- state

    def workspace(self, scenario: str = MAIN, revision: int | None = None) -> Workspace:
        branch = self.scenario(scenario)
        if revision is None or revision == branch.head:
            return self._present(self._id(scenario), branch)
        if not 1 <= revision <= self.revision():
            raise RevisionUnknown(where=str(revision), revision=revision, last=self.revision())
        if branch.parent is not None and revision < branch.forked_at:
            return self.workspace(branch.parent, revision).at(revision, scenario)
        first: dict[Key, RowChange] = {}
        for event in self.events(after=revision, scenario=scenario):
            for change in event.changes:
                first.setdefault(change.at, change)
        present = self._present(self._id(scenario), branch)
        back = [RowChange(one.layer, one.key, _NOW, one.before) for one in first.values() if one.before is not None]
        gone = [RowChange(one.layer, one.key, _NOW, None) for one in first.values() if one.before is None]
        return with_rows(present, [*back, *gone], min(revision, branch.head))

    def _present(self, number: int, branch: Scenario) -> Workspace:
        head = self._hash(branch.head)
        known = self._kept.get(number, head)
        if known is not None:
            found = self._caught_up(*known, head, branch)
            if found is not None:
                self._kept.put(number, head, found)
                return found
        line = self._line(number)
        if len(line) == 1:
            crs = self._crs()
            tables = {name: state.table(self._connection, name, crs) for name in LAYERS}
            told: dict[str, Any] = self.facts().told() | {"revision": branch.head, "scenario": branch.name}
            found = Workspace(tables=tables, files=self._kept.files, **told)
        else:
            parent = self._present(line[1], self.scenario(branch.parent or MAIN))
            found = with_rows(parent, self._overlay(number)).at(branch.head, branch.name)
        self._kept.put(number, head, found)
        return found

    def _crs(self) -> str:
        """The working CRS; without one nothing can be measured.

        Raises
        ------
        StoreDamaged
        """
        told = self.meta("crs")
        try:
            parse(told)
        except ChengzaiError as error:
            raise StoreDamaged(where="app_meta", reason=f"app_meta crs {told[:60]}") from error
        return told

    def _caught_up(self, was: str, known: Workspace, head: str, branch: Scenario) -> Workspace | None:
        """A workspace that is kept, brought up to date; None where reading it anew is the better way."""
        if was == head:
            return known if known.scenario == branch.name else known.at(known.revision, branch.name)
        if known.revision >= branch.head or self._hash(known.revision) != was:
            return None
        events = list(self.events(after=known.revision, scenario=branch.name, limit=_CATCH_UP + 1))
        if len(events) > _CATCH_UP or sum(len(event.changes) for event in events) > _MANY_ROWS:
            return None
        for event in events:
            if event.changes:
                known = with_rows(known, event.changes)
        return known.at(branch.head, branch.name)

    def _hash(self, seq: int) -> str:
        return str(
            self._connection.execute(sql.select(EVENT.c.hash).where(EVENT.c.seq == seq)).scalar() or chain.START
        )

    def _overlay(self, number: int) -> list[RowChange]:
        """Rows in which a branch differs from the present form of the one that it started from."""
        rows = sql.select(SCENARIO_ROW).where(SCENARIO_ROW.c.scenario == number).order_by(SCENARIO_ROW.c.id)
        found = []
        for line in self._connection.execute(rows):
            try:
                after = decode(json.loads(line.row)) if line.row is not None else None
            except (ValueError, shapely.errors.ShapelyError) as error:
                raise StoreDamaged(where=line.layer, reason=f"{line.layer} {line.key}: {error}") from error
            found.append(RowChange(line.layer, line.key, _NOW, after))
        return found

    def row_revision(self, scenario: str, layer: str, key: str) -> int:
        return self._row_revisions(self._id(scenario), layer, [key])[key]

    def row_revisions(self, scenario: str, layer: str, keys: Sequence[str]) -> Mapping[str, int]:
        return self._row_revisions(self._id(scenario), layer, keys)

    def _row_revisions(self, number: int, layer: str, keys: Sequence[str]) -> dict[str, int]:
        """Last event of each row as a branch sees it; of rows that it does not have, the event that took them."""
        found: dict[str, int] = {}
        wanted = list(dict.fromkeys(keys))
        line = self._line(number)
        for level in line[:-1]:
            overlay = sql.select(SCENARIO_ROW.c.key, SCENARIO_ROW.c.rev).where(
                SCENARIO_ROW.c.scenario == level, SCENARIO_ROW.c.layer == layer
            )
            for part in parts([key for key in wanted if key not in found]):
                lines = self._connection.execute(overlay.where(SCENARIO_ROW.c.key.in_(part)))
                found.update((one.key, int(one.rev)) for one in lines)
        rest = [key for key in wanted if key not in found]
        found |= state.revisions(self._connection, layer, rest)
        last = sql.select(EVENT_ROW.c.key, sql.func.max(EVENT_ROW.c.seq)).group_by(EVENT_ROW.c.key)
        for part in parts([key for key in rest if key not in found]):
            here = last.where(EVENT_ROW.c.layer == layer, EVENT_ROW.c.scenario == line[-1], EVENT_ROW.c.key.in_(part))
            found.update((str(one), int(seq)) for one, seq in self._connection.execute(here))
        return {key: found.get(key, 0) for key in wanted}

    # -- history

    def events(  # noqa: PLR0913 each is one more way to narrow the same list
        self,
        *,
        after: int = 0,
        until: int | None = None,
        scenario: str | None = None,
        actor: str | None = None,
        kinds: Sequence[str] = (),
        but: Sequence[str] = (),
        last: bool = False,
        newest_first: bool = False,
        limit: int | None = None,
        rows: bool = True,
    ) -> Iterator[Event]:
        asked = sql.select(EVENT).where(EVENT.c.seq > after)
        if until is not None:
            asked = asked.where(EVENT.c.seq <= until)
        if scenario is not None:
            asked = asked.where(EVENT.c.scenario == self._id(scenario))
        if actor is not None:
            asked = asked.where(EVENT.c.actor == actor)
        if kinds:
            asked = asked.where(EVENT.c.kind.in_(kinds))
        if but:
            asked = asked.where(EVENT.c.kind.not_in(but))
        if last:
            later = EVENT.alias()
            back = sql.select(later.c.seq).where(later.c.undoes == EVENT.c.op_id)
            first = sql.or_(EVENT.c.parent_op.is_(None), EVENT.c.parent_op == EVENT.c.op_id)
            asked = asked.where(first, ~back.exists())
        asked = asked.order_by(EVENT.c.seq.desc() if newest_first else EVENT.c.seq).limit(limit)
        yield from self._told(asked, rows=rows)

    def taken_back(self, gesture: str) -> str | None:
        newest = sql.select(EVENT.c.parent_op, EVENT.c.op_id).where(EVENT.c.undoes == gesture)
        found = self._connection.execute(newest.order_by(EVENT.c.seq.desc()).limit(1)).first()
        return None if found is None else str(found.parent_op or found.op_id)

    def events_of(self, gesture: str) -> tuple[Event, ...]:
        asked = sql.select(EVENT).where(sql.or_(EVENT.c.op_id == gesture, EVENT.c.parent_op == gesture))
        return tuple(self._told(asked.order_by(EVENT.c.seq), rows=True))

    def events_at(self, scenario: str, at: Key, *, after: int = 0) -> tuple[Event, ...]:
        """The events that changed a row in a branch, oldest first; those of where it comes from, before it did."""
        every = self._branches()
        found: list[Event] = []
        number: int | None = self._id(scenario)
        until = self.revision()
        while number is not None:
            asked = (
                sql.select(EVENT)
                .join(EVENT_ROW, EVENT_ROW.c.seq == EVENT.c.seq)
                .where(EVENT_ROW.c.layer == at[0], EVENT_ROW.c.key == at[1], EVENT_ROW.c.scenario == number)
                .where(EVENT.c.seq > after, EVENT.c.seq <= until)
                .order_by(EVENT.c.seq)
            )
            found = [*self._told(asked, rows=True), *found]
            until = every[number][1].forked_at
            number = every[number][0]
        return tuple(found)

    def log(self) -> Iterator[Logged]:
        for line in self._connection.execute(sql.select(EVENT).order_by(EVENT.c.seq)):
            yield Logged({name: getattr(line, name) for name in chain.COLUMNS}, bytes(line.changes), line.hash)

    def _told(self, asked: sql.Select[Any], *, rows: bool) -> Iterator[Event]:
        names = {number: branch.name for number, (_, branch) in self._branches().items()}
        for line in self._connection.execute(asked):
            yield Event(
                seq=line.seq,
                op_id=line.op_id,
                at=line.at,
                actor=line.actor,
                role=line.role,
                scenario=names[line.scenario],
                kind=line.kind,
                facts=json.loads(line.facts),
                changes=chain.unpacked(line.changes) if rows else (),
                parent_op=line.parent_op,
                undoes=line.undoes,
                hash=line.hash,
            )

    # -- people and documents

    def people(self) -> tuple[Person, ...]:
        lines = self._connection.execute(sql.select(PERSON).order_by(PERSON.c.name)).all()
        return tuple(_person(dict(line._mapping)) for line in lines)

    def person(self, name: str) -> Person | None:
        line = self._connection.execute(sql.select(PERSON).where(PERSON.c.name == name)).first()
        return None if line is None else _person(dict(line._mapping))

    def blob(self, sha256: str) -> bytes | None:
        found = self._connection.execute(sql.select(BLOB.c.content).where(BLOB.c.sha256 == sha256)).scalar()
        return None if found is None else bytes(found)

    def blobs(self) -> tuple[str, ...]:
        return tuple(self._connection.execute(sql.select(BLOB.c.sha256).order_by(BLOB.c.sha256)).scalars())


_NOW: Row = {}
"""Stands for the present form of a row where only the one that it comes to have is of interest."""


def parts(keys: Sequence[str], size: int = 500) -> Iterator[Sequence[str]]:
    for start in range(0, len(keys), size):
        yield keys[start : start + size]


def _person(line: Mapping[str, Any]) -> Person:
    return Person(**(dict(line) | {"disabled": bool(line["disabled"])}))
