"""The history of a store played through from its beginning, to see what it leads to."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sql

from layers.changes import Key
from layers.stores.contract import MAIN
from layers.stores.schema import JOINED, PERSON, SCENARIO

State = dict[Key, tuple[Any, int]]
"""Rows of a branch as events keep them, each with the event that changed it last."""


class Replay:
    """What the events up to one of them lead to.

    Branches are known by their numbers. What they are called, who has which role and what was merged follows from
    the events that say so.
    """

    def __init__(self, connection: sql.Connection) -> None:
        self.branches = {line.id: line for line in connection.execute(sql.select(SCENARIO))}
        self._waiting = sorted(
            (line for line in self.branches.values() if line.parent is not None), key=lambda line: line.forked_at
        )
        self.states: dict[int, State] = {key: {} for key, line in self.branches.items() if line.parent is None}
        self.heads = dict.fromkeys(self.states, 0)
        self._names = dict(zip([MAIN], self.states, strict=False))
        self._locked: set[int] = set()
        self._people: dict[str, tuple[str, bool]] = {}
        self._merges: dict[str, tuple[int, int | None, int]] = {}

    def fork(self, until: int) -> None:
        """Let the branches begin that were made before an event."""
        while self._waiting and self._waiting[0].forked_at < until:
            line = self._waiting.pop(0)
            self.states[line.id] = dict(self.states[line.parent])
            self.heads[line.id] = line.forked_at

    def take(self, line: Any) -> str | None:
        """Play the next event; what in it does not follow from those before, None where all of it does."""
        self.fork(line.seq)
        state = self.states.get(line.scenario)
        if state is None:
            return f"scenario {line.scenario}"
        changes = json.loads(zlib.decompress(line.changes))
        for layer, key, before, after in changes:
            if state.get((layer, key), (None, 0))[0] != before:
                return f"{layer} {key}"
            if after is None:
                del state[layer, key]
            else:
                state[layer, key] = after, line.seq
        if changes or line.seq == 1:
            self.heads[line.scenario] = line.seq
        self._note(line, json.loads(line.facts))
        return None

    def _note(self, line: Any, facts: dict[str, Any]) -> None:
        if line.kind in ("branch", "rename") and "name" in facts:
            self._names.pop(facts.get("was", ""), None)
            self._names[facts["name"]] = line.scenario
        elif line.kind == "lock":
            self._locked.add(line.scenario)
        elif line.kind == "unlock":
            self._locked.discard(line.scenario)
        elif line.kind == "merge":
            source = self._names.get(facts.get("from", ""))
            self._merges[line.parent_op or line.op_id] = line.seq, source, line.scenario  # the last of its events
        elif line.kind == "people" and "name" in facts:
            self._person(facts["name"], facts)

    def _person(self, name: str, facts: dict[str, Any]) -> None:
        role, disabled = self._people.get(name, ("", False))
        act = facts.get("act")
        if act == "remove":
            self._people.pop(name, None)
        elif act in ("add", "role"):
            self._people[name] = facts["role"], disabled
        elif act in ("disable", "enable"):
            self._people[name] = role, act == "disable"

    def differences(self, connection: sql.Connection) -> Iterator[str]:
        """Branches, merges and people that the tables have otherwise."""
        for number, line in self.branches.items():
            if self._names.get(line.name) != number or bool(line.locked) != (number in self._locked):
                yield f"scenario {line.name}"
        found = set()
        for line in connection.execute(sql.select(JOINED)):
            found.add((line.seq, line.source, line.target))
            if line.source_seq >= line.seq:
                yield f"joined {line.seq}"
        for told in found ^ set(self._merges.values()):
            yield f"joined {told[0]}"
        people = {line.name: (line.role, bool(line.disabled)) for line in connection.execute(sql.select(PERSON))}
        for name in sorted(people.keys() | self._people.keys()):
            if people.get(name) != self._people.get(name):
                yield f"person {name}"
