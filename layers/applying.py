"""The one way in which a workspace changes: who may, against what they saw, by which rules, in one transaction.

`apply` answers a command, `undo` and `redo` take gestures back. Each writes the rows and the event together or writes
nothing; whoever may not is told so, and the try is in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import uuid4

from layers import history, invariants
from layers.bulk import Bulk, Parts
from layers.catalogue import LAYERS
from layers.changes import (
    Actor,
    Asked,
    Clash,
    Command,
    Key,
    Outcome,
    Row,
    RowChange,
    Scene,
    binding,
    clash,
    differing,
)
from layers.errors import CapGone, Denied, Locked, NothingSuch, NothingToUndo, OpIdTaken, RoomGone
from layers.people import role_of
from layers.roles import may
from layers.rows import gathered, position, row_at, settled, with_rows
from layers.stores import gestures
from layers.stores.contract import Event, Store, Writing
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

Facts = Mapping[str, str | int | float | None]


class Listener(Protocol):
    """Whoever waits for a long write: told how far it is, and heard until it is about to be kept."""

    def step(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Hear how many rows of how many are written; what it raises leaves nothing behind."""

    def carry_through(self, stage: str) -> None:
        """Hear that it will be kept; the last moment at which raising stops it."""


class _Nobody:
    def step(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Nobody waits."""

    def carry_through(self, stage: str) -> None:
        """Nobody waits."""


NOBODY: Listener = _Nobody()


@dataclass(frozen=True)
class Made:
    """What is to be written, once it is known that it may be.

    Parameters
    ----------
    documents
        Contents that rows refer to by their hash.
    also
        Called with the number of the event in the same transaction.
    """

    kind: str
    before: Workspace
    changes: Sequence[RowChange]
    facts: Facts
    undoes: str | None = None
    documents: tuple[bytes, ...] = ()
    also: Callable[[Writing, int], None] | None = None


def apply(
    store: Store, asked: Asked, command: Command, documents: Sequence[bytes] = (), listener: Listener = NOBODY
) -> Outcome:
    """Do what a command says.

    Parameters
    ----------
    documents
        Contents that rows of the change refer to by their SHA-256; kept in the same transaction.
    listener
        Told how far it is, and may stop it.

    Returns
    -------
    Outcome
        Only ``ok`` has written rows. What a store itself cannot do (a full disk, say) is raised.

    Raises
    ------
    StoreBusy, StoreFull, StoreUnwritable, ScenarioUnknown
    """

    def made(tx: Writing, present: Workspace) -> Made | tuple[Clash, ...]:
        since = present.revision if asked.seen is None else asked.seen
        clashes = _moved(tx, asked.scenario, since, present, command.rests_on())
        if clashes:
            return clashes
        scene = Scene(asked.actor.name, tx.now(), tx.mint)
        try:
            found = command.changes(present, scene)
        except NothingSuch as error:
            clashes = _taken(tx, asked.scenario, since, error)
            if clashes:
                return clashes
            raise
        clashes = _crossed(tx, asked.scenario, since, present, found, lambda seen: command.changes(seen, scene))
        if clashes:
            return clashes
        return Made(command.kind, present, _settled(found), command.facts(present), documents=tuple(documents))

    return transact(store, asked, command.kind, made, listener)


def undo(store: Store, asked: Asked, gesture: str | None = None) -> Outcome:
    """Take a gesture back by a new event.

    Whoever takes back, or does again, needs the right to what was done first.

    Parameters
    ----------
    gesture
        Which; the actor's last one that still stands where it is None. Only an admin takes back those of others.
    """
    return _back(store, asked, "undo", gesture)


def redo(store: Store, asked: Asked) -> Outcome:
    """Do again what the actor undid last."""
    return _back(store, asked, "redo", None)


def _back(store: Store, asked: Asked, kind: str, gesture: str | None) -> Outcome:
    def made(tx: Writing, present: Workspace) -> Made | tuple[Clash, ...]:
        stacks = history.stacks(tx, asked.actor.name, asked.scenario)
        stack = stacks.undo if kind == "undo" else stacks.redo
        if gesture is None and not stack:
            raise NothingToUndo(where=asked.scenario, what=kind)
        named = gesture or stack[-1]
        undone = history.latest(tx, named)
        events = tx.events_of(undone)
        mine = all(event.actor == asked.actor.name for event in events)
        if not events or any(event.scenario != asked.scenario or event.kind in history.STILL for event in events):
            raise NothingToUndo(where=undone[:60], what=kind)
        if not mine and not may(_role(tx, asked.actor), "revert"):
            raise Denied(where=kind, actor=asked.actor.name, what="revert")
        first = _first_of(tx, events)
        if not may(_role(tx, asked.actor), first):
            raise Denied(where=kind, actor=asked.actor.name, what=first)
        if events[0].kind == "undo" and undone != named:
            raise NothingToUndo(where=named[:60], what=kind)
        changes, clashes = _reversed(tx, asked.scenario, present, events)
        if clashes:
            return clashes
        facts: dict[str, str | int | float | None] = {"of": events[0].kind, "revision": events[0].seq}
        if not mine:
            facts["by"] = events[0].actor
        act = "redo" if events[0].kind == "undo" else "undo"
        return Made(act, present, changes, dict(events[0].facts) | facts, undoes=undone)

    return transact(store, asked, kind, made)


def transact(
    store: Store,
    asked: Asked,
    kind: str,
    make: Callable[[Writing, Workspace], Made | tuple[Clash, ...]],
    listener: Listener = NOBODY,
) -> Outcome:
    """One transaction: the right to do it, whether it was done before, what is to be written, the rules, the log.

    Parameters
    ----------
    kind
        What `layers.roles` knows the act as.
    make
        Given the store and the present state, what is to be written, or the rows that others were faster with.
    """
    with store.writing() as tx:
        done = already(tx, asked, kind)
        refusal = None if done else refused(tx, asked.actor, asked.scenario, kind)
        if refusal is not None:
            return Outcome("denied", tx.scenario(asked.scenario).head, error=refusal)
        present = tx.workspace(asked.scenario)
        listener.step("write")
        if done:
            same = (done[0].actor, done[0].scenario) == (asked.actor.name, asked.scenario)
            if not same or not _alike(done[0].kind, kind):
                return Outcome("invalid", present.revision, present, error=OpIdTaken(where=asked.op_id[:60]))
            return Outcome("duplicate", done[-1].seq, present, facts=done[0].facts)
        try:
            made = make(tx, present)
            if not isinstance(made, Made):
                return Outcome("conflict", present.revision, present, clashes=made)
            after = with_rows(present, made.changes)
            _rule(tx, asked.scenario, made, present, after)
        except Denied as error:
            _remember(tx, asked, kind, error)
            return Outcome("denied", present.revision, present, error=error)
        except ChengzaiError as error:
            return Outcome("invalid", present.revision, present, error=error)
        if not made.changes and made.also is None and made.undoes is None:
            return Outcome("ok", present.revision, present, facts=made.facts)
        seq = _written(tx, asked, made, listener)
        if made.also is not None:
            made.also(tx, seq)
        listener.carry_through("commit")
        if made.changes:  # an event without rows leaves the branch where it was
            after = after.at(seq)
            tx.keep(after)
    return Outcome("ok", seq, after, made.changes, facts=made.facts)


def already(tx: Writing, asked: Asked, kind: str) -> tuple[Event, ...]:
    """The events of a gesture that was done before: it stays done, also where its branch was locked since.

    Whoever may not do such a thing any more is told nothing.
    """
    role = role_of(tx, asked.actor)
    return tx.events_of(asked.op_id) if role is not None and may(role, kind) else ()


def _alike(done: str, kind: str) -> bool:
    """Whether an event is what an act of some kind writes; what takes back may come to do again."""
    return done == kind or {done, kind} <= {"undo", "redo"}


def _rule(tx: Writing, scenario: str, made: Made, present: Workspace, after: Workspace) -> None:
    """Refuse what breaks a rule; what goes back to how it was may be as short of room as it was then."""
    try:
        invariants.refuse(present, after, made.changes, made.kind)
    except (RoomGone, CapGone):
        if made.undoes is None:
            raise
        was = tx.workspace(scenario, max(tx.events_of(made.undoes)[0].seq - 1, 1))
        invariants.refuse_shortage(was, after, made.changes)


def refused(tx: Writing, actor: Actor, scenario: str, kind: str) -> ChengzaiError | None:
    """Why an actor may not do something now; the try is remembered.

    Parameters
    ----------
    kind
        A command's kind, or another act that `layers.roles` knows.
    """
    branch = tx.scenario(scenario)
    role = role_of(tx, actor)
    error: ChengzaiError | None = None
    if role is None or not may(role, kind):
        error = Denied(where=kind, actor=actor.name, what=kind)
    elif branch.locked and kind not in ("lock", "unlock", "rename", "branch", "restore"):
        error = Locked(where=scenario, scenario=scenario)
    if error is not None:
        _remember(tx, Asked(actor, "", scenario=scenario), kind, error)
    return error


def _remember(tx: Writing, asked: Asked, kind: str, error: ChengzaiError) -> None:
    facts = {"tried": kind, "code": error.code}
    role = role_of(tx, asked.actor) or ""
    tx.append(Event(0, uuid4().hex, "", asked.actor.name, role, asked.scenario, "refused", facts))


def _role(tx: Writing, actor: Actor) -> str:
    role = role_of(tx, actor)
    if role is None:
        raise Denied(where=actor.name, actor=actor.name, what="revert")
    return role


def _first_of(tx: Writing, events: Sequence[Event]) -> str:
    """The kind of what was done before anybody took it back and did it again."""
    while events[0].undoes is not None:
        events = tx.events_of(events[0].undoes)
    return events[0].kind


def _settled(changes: Sequence[RowChange]) -> Sequence[RowChange]:
    """What differs, in the types of its layer, so that what is replayed is what was written."""
    if isinstance(changes, Bulk):
        return changes
    if isinstance(changes, Parts):
        return Parts(tuple(_settled(part) for part in changes.parts))
    ready = ((change, None if change.after is None else settled(change.layer, change.after)) for change in changes)
    return tuple(replace(change, after=after) for change, after in ready if not change.idle)


def _written(tx: Writing, asked: Asked, made: Made, listener: Listener) -> int:
    role = role_of(tx, asked.actor) or ""
    for content in made.documents:
        tx.put_blob(content)
    event = Event(
        seq=0,
        op_id=asked.op_id,
        at="",
        actor=asked.actor.name,
        role=role,
        scenario=asked.scenario,
        kind=made.kind,
        facts=made.facts,
        changes=made.changes,
        undoes=made.undoes,
    )
    return gestures.append(tx, event, lambda done, total: listener.step("write", done, total))


# -- what others did meanwhile


def _moved(tx: Writing, scenario: str, since: int, present: Workspace, keys: Sequence[Key]) -> tuple[Clash, ...]:
    """Rows that a decision rests on and that others changed in what accounts, rules or caps read."""
    found = []
    for at in keys if present.revision > since else ():
        if tx.row_revision(scenario, *at) <= since:
            continue
        events = tx.events_at(scenario, at, after=since)
        ancestor, theirs, fields = _told(events, at)
        if theirs is None or ancestor is None or binding(fields):
            found.append(_clash(at, ancestor, theirs, ancestor, events))
    return tuple(found)


def _crossed(
    tx: Writing,
    scenario: str,
    since: int,
    present: Workspace,
    changes: Sequence[RowChange],
    again: Callable[[Workspace], Sequence[RowChange]],
) -> tuple[Clash, ...]:
    """Rows that both sides changed, where they share a column or what binds two of them.

    Parameters
    ----------
    again
        The changes in another state: what an actor means to change is what differs from what they saw. Who raises a
        figure from 5 to 6 and finds it raised to 6 by somebody else has not raised it.
    """
    if present.revision <= since:
        return ()
    theirs_of: dict[Key, tuple[Row | None, Row | None, frozenset[str], tuple[Event, ...]]] = {}
    for layer in dict.fromkeys(change.layer for change in changes):
        keys = [change.key for change in changes if change.layer == layer]
        for key, rev in tx.row_revisions(scenario, layer, keys).items():
            if rev > since:
                events = tx.events_at(scenario, (layer, key), after=since)
                theirs_of[layer, key] = (*_told(events, (layer, key)), events)
    if not theirs_of:
        return ()
    back = [RowChange(*at, theirs, seen) for at, (seen, theirs, _, _) in theirs_of.items() if seen and theirs]
    try:
        meant = {change.at: change.fields for change in again(with_rows(present, back))}
    except ChengzaiError:
        meant = {}
    found = []
    for change in changes:
        ancestor, theirs, fields, events = theirs_of.get(change.at, (None, None, frozenset(), ()))
        whole = ancestor is None or theirs is None or change.before is None or change.after is None
        if events and (whole or clash(change.fields | meant.get(change.at, frozenset()), fields)):
            found.append(_clash(change.at, change.after, theirs, ancestor, events))
    return tuple(found)


def _taken(tx: Writing, scenario: str, since: int, error: NothingSuch) -> tuple[Clash, ...]:
    """A row that is not there any more because somebody took it away after it was seen."""
    key = str(error.facts.get("key", ""))
    for layer, contract in LAYERS.items():
        if contract.zh == error.facts.get("what") and tx.row_revision(scenario, layer, key) > since:
            events = tx.events_at(scenario, (layer, key), after=since)
            ancestor, theirs, _ = _told(events, (layer, key))
            return (_clash((layer, key), ancestor, theirs, ancestor, events),)
    return ()


def _told(events: Sequence[Event], at: Key) -> tuple[Row | None, Row | None, frozenset[str]]:
    """A row before and after some events, and the columns that they changed."""
    steps = [change for event in events for change in event.changes if change.at == at]
    fields = frozenset(name for step in steps for name in step.fields)
    return (steps[0].before, steps[-1].after, fields) if steps else (None, None, fields)


def _clash(at: Key, mine: Row | None, theirs: Row | None, ancestor: Row | None, events: Sequence[Event]) -> Clash:
    last = events[-1] if events else None
    by, when, seq = (last.actor, last.at, last.seq) if last else ("", "", 0)
    return Clash(at[0], at[1], mine, theirs, ancestor, by, when, seq)


def _reversed(
    tx: Writing, scenario: str, present: Workspace, events: Sequence[Event]
) -> tuple[Sequence[RowChange], tuple[Clash, ...]]:
    """The changes that take events back; clashes where somebody changed one of their rows since."""
    first: dict[Key, RowChange] = {}
    last: dict[Key, tuple[int, RowChange]] = {}
    for event in events:
        for change in event.changes:
            first.setdefault(change.at, change)
            last[change.at] = (event.seq, change)
    changes, clashes = [], []
    for layer in dict.fromkeys(at[0] for at in last):
        keys = [at[1] for at in last if at[0] == layer]
        revisions = tx.row_revisions(scenario, layer, keys)
        for key in keys:
            seq, change = last[layer, key]
            before = first[layer, key].before
            if before is None and change.after is None:
                continue  # it came and went within the gesture
            still = revisions[key] == seq
            now = change.after if still else _present(present, layer, key)
            if still or not differing(now, change.after):  # also where what came later was taken back
                changes.append(RowChange(layer, key, change.after, before))
                continue
            since = tx.events_at(scenario, (layer, key), after=seq)
            clashes.append(_clash((layer, key), before, now, change.after, since))
    return gathered(tuple(change for change in changes if not change.idle), present.crs), tuple(clashes)


def _present(workspace: Workspace, layer: str, key: str) -> Row | None:
    try:
        return row_at(workspace.table(layer), position(workspace, layer, key))
    except NothingSuch:
        return None
