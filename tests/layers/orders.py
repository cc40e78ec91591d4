"""Orders of acts on a real store: how each is done, and what it is held to."""

from __future__ import annotations

import contextlib
import functools
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import shapely
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from layers import applying, stores
from layers.catalogue import LAYERS
from layers.changes import Actor, Asked, Command, Outcome
from layers.stores import geopackage
from layers.workspace import Workspace
from spatial.errors import ChengzaiError
from tests.layers.soundness import afresh, every_row, shortage, sound

PEOPLE = ("ann", "bob")
LIMITING = {"zones", "assumptions", "constraints"}
"""Layers whose rows limit many parcels at once; what they take away from shows as `over`."""

whole = st.integers(0, 10_000)
"""Picks one of whatever there is."""
person = st.sampled_from(PEOPLE)


class _Nothing(Exception):
    """There is nothing that this act could be done to; the order goes on."""


def act(**drawn: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Any]:
    """A step of an order; one that finds nothing to do is no step."""

    def made(step: Callable[..., None]) -> Any:
        @functools.wraps(step)
        def run(self: Order, **values: Any) -> None:
            with contextlib.suppress(_Nothing):
                step(self, **values)

        return rule(**drawn)(run)

    return made


def found(there: object) -> None:
    """Leave the step where nothing is there."""
    if not there:
        raise _Nothing


def memory() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


class Order(RuleBasedStateMachine):
    """Two people, up to four branches, and what every act of theirs is held to."""

    template: Path

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=memory())
        self.path = Path(self.folder.name) / "w.gpkg"
        shutil.copyfile(self.template, self.path)
        self.store = stores.open_store(self.path)
        self.scenario, self.names, self.count, self.steps = "main", ["main"], 0, 0
        self.seen = dict.fromkeys(PEOPLE, 1)
        self.done: list[tuple[str, str, str, Command]] = []
        self.past: list[tuple[str, int, dict[Any, str]]] = []

    def teardown(self) -> None:
        try:
            if not hasattr(self, "store"):
                return
            assert self.store.faults() == []
            with self.store.reading() as tx:
                known = {name: every_row(tx.workspace(name)) for name in self.names}
                for number, revision, wanted in self.past[-3:]:
                    name = next(one for one in self.names if self._number(one) == number)
                    assert every_row(tx.workspace(name, revision)) == wanted
            geopackage.close(self.path)
            with stores.open_store(self.path).reading() as tx:
                for name in self.names:
                    assert every_row(tx.workspace(name)) == known[name], "what is kept is what is on file"
        finally:
            if hasattr(self, "folder"):
                geopackage.close(self.path)
                self.folder.cleanup()

    # -- what every step is held to

    @invariant()
    def nothing_is_wrong(self) -> None:
        if not hasattr(self, "store"):
            return
        self.steps += 1
        workspace = self.workspace()
        if workspace is not getattr(self, "looked_at", None):
            sound(workspace)
            self.looked_at = workspace
        if self.steps % 10 == 0:
            afresh(workspace)
        if self.steps % 25 == 0:
            assert self.store.faults() == []

    def workspace(self, name: str | None = None) -> Workspace:
        with self.store.reading() as tx:
            return tx.workspace(name or self.scenario)

    def written(self) -> int:
        with self.store.reading() as tx:
            return tx.revision()

    def _number(self, name: str) -> str:
        """A branch under whatever name: who made it when."""
        with self.store.reading() as tx:
            return tx.scenario(name).made_at + str(tx.scenario(name).forked_at)

    def asked(self, who: str, seen: int | None = None, op: str = "") -> Asked:
        return Asked(Actor(who), op or uuid4().hex, seen, self.scenario)

    def do(self, who: str, command: Command, *, stale: bool = False, back: bool = False, **more: Any) -> Outcome:
        """A command, held to what every command promises; with `back` it is undone and done again at once."""
        before, events = self.workspace(), self.written()
        asked = self.asked(who, self.seen[who] if stale else None)
        outcome = applying.apply(self.store, asked, command, **more)
        assert outcome.status in ("ok", "conflict", "invalid"), outcome
        if outcome.status != "ok":
            self._nothing_came_of_it(outcome, before, events)
            return outcome
        after = outcome.workspace
        assert after is not None
        self.done.append((who, asked.op_id, self.scenario, command))
        if not outcome.changes:
            assert self.written() == events
            return outcome
        assert self.written() == events + 1
        if stale:
            self._nothing_was_overwritten(outcome, asked.seen or 0)
        if not {change.layer for change in outcome.changes} & LIMITING:
            assert shortage(after) <= shortage(before) + 0.03 * len(outcome.changes)
        self.seen[who] = outcome.revision
        if len(self.past) < 40:
            self.past.append((self._number(self.scenario), outcome.revision, every_row(after)))
        if back:
            self._back_and_again(who, before, after)
        return outcome

    def _nothing_came_of_it(self, outcome: Outcome, before: Workspace, events: int) -> None:
        assert self.written() == events
        assert self.workspace() is before or every_row(self.workspace()) == every_row(before)
        if outcome.status == "conflict":
            assert outcome.clashes
        else:
            assert isinstance(outcome.error, ChengzaiError)

    def _nothing_was_overwritten(self, outcome: Outcome, seen: int) -> None:
        with self.store.reading() as tx:
            for change in outcome.changes:
                for event in tx.events_at(self.scenario, change.at, after=seen):
                    theirs = {name for one in event.changes if one.at == change.at for name in one.fields}
                    assert event.seq == outcome.revision or not theirs & change.fields

    def _back_and_again(self, who: str, before: Workspace, after: Workspace) -> None:
        undone = applying.undo(self.store, self.asked(who))
        assert undone.status == "ok", undone
        assert undone.workspace is not None
        assert every_row(undone.workspace) == every_row(before), "undo∘do is the identity"
        again = applying.redo(self.store, self.asked(who))
        assert again.status == "ok", again
        assert again.workspace is not None
        assert every_row(again.workspace) == every_row(after), "redo∘undo is the identity"

    def one_of(self, layer: str, pick: int) -> str:
        keys = sorted(self.workspace().table(layer)[LAYERS[layer].key])
        found(keys)
        return str(keys[pick % len(keys)])

    def parcel(self, pick: int) -> shapely.Geometry:
        table = self.workspace().table("parcels")
        return table["geometry"].iloc[self.workspace().parcel_index.get_loc(self.one_of("parcels", pick))]
