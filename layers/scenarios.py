"""Scenarios (方案): branches of a workspace that are made, locked, renamed and merged."""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from layers.applying import Facts, Made, already, refused, transact
from layers.changes import Asked, Outcome
from layers.errors import OpIdTaken, Stale
from layers.merging import MergePlan, base_of, plan
from layers.people import role_of
from layers.stores.contract import MAIN, Event, Joined, Reading, Scenario, Store, Writing
from layers.stores.errors import MainStays, ScenarioExists, ScenarioNameRefused
from layers.workspace import Workspace

LONGEST = 60
"""Characters of a name."""


def branch(store: Store, asked: Asked, name: str, note: str = "") -> Scenario:
    """Make a branch of the one that is asked for, as it is now; nothing is copied.

    Raises
    ------
    ScenarioExists, ScenarioNameRefused, ScenarioUnknown, Denied
    """
    new = name_of(name)

    def make(tx: Writing, source: Scenario) -> tuple[Scenario, dict[str, Any]]:
        _unused(tx, new)
        at = tx.revision()
        made = Scenario(new, source.name, at, at, False, asked.actor.name, tx.now(), note.strip()[:500])
        tx.put_scenario(new, made)
        return made, {"name": new, "parent": source.name, "forked_at": at}

    return _act(store, asked, "branch", make)


def lock(store: Store, asked: Asked, *, locked: bool = True) -> Scenario:
    """Lock a branch, so that nothing changes it, or unlock it.

    Raises
    ------
    ScenarioUnknown, Denied
    """

    def make(tx: Writing, source: Scenario) -> tuple[Scenario, dict[str, Any]]:
        made = replace(source, locked=locked)
        tx.put_scenario(source.name, made)
        return made, {"name": source.name}

    return _act(store, asked, "lock" if locked else "unlock", make)


def rename(store: Store, asked: Asked, name: str) -> Scenario:
    """Give a branch another name; its history stays with it.

    Raises
    ------
    ScenarioExists, ScenarioNameRefused, ScenarioUnknown, MainStays, Denied
    """
    new = name_of(name)
    if asked.scenario == MAIN and new != MAIN:
        raise MainStays(where=MAIN)

    def make(tx: Writing, source: Scenario) -> tuple[Scenario, dict[str, Any]]:
        if new != source.name:
            _unused(tx, new)
        made = replace(source, name=new)
        tx.put_scenario(source.name, made)
        return made, {"name": new, "was": source.name}

    return _act(store, asked, "rename", make)


def preview(tx: Reading, source: str, target: str) -> MergePlan:
    """What merging a branch into another comes to, as both are now; nothing is written."""
    count = itertools.count(1)
    base = base_of(tx, source, target)
    return plan(base, tx.workspace(target), tx.workspace(source), lambda prefix: f"{prefix}·{next(count)}")


def merge(
    store: Store, asked: Asked, source: str, choices: Mapping[str, str], source_seen: int | None = None
) -> Outcome:
    """Take what another branch changed into the one that is asked for.

    Parameters
    ----------
    choices
        What was decided, by the ids of the conflicts.
    source_seen
        Revision of the source that was looked at. Where either branch moved on, nothing is written.

    Returns
    -------
    Outcome
        ``invalid`` with `ConflictsOpen` where something is left to decide.

    Raises
    ------
    ScenarioUnknown
    """

    def make(tx: Writing, present: Workspace) -> Made:
        head = tx.scenario(source).head
        seen = (asked.seen, source_seen)
        if any(one is not None and one != now for one, now in zip(seen, (present.revision, head), strict=True)):
            raise Stale(where=asked.scenario, found=max(present.revision, head), expected=asked.seen or source_seen)
        found = plan(base_of(tx, source, asked.scenario), present, tx.workspace(source), tx.mint)
        changes = found.resolve(choices)
        facts: Facts = {"from": source, "into": asked.scenario, "at": head, "decided": len(choices)}

        def also(tx: Writing, seq: int) -> None:
            # up to just before: what the source itself had merged without a change of rows is known as well
            tx.put_join(Joined(seq, source, seq - 1, asked.scenario))

        return Made("merge", present, changes, facts, also=also)

    return transact(store, asked, "merge", make)


def name_of(text: str) -> str:
    """A name for a branch, as it is kept.

    Raises
    ------
    ScenarioNameRefused
    """
    name = unicodedata.normalize("NFC", text).strip()
    odd = any(unicodedata.category(sign).startswith("C") for sign in name)
    if not name or len(name) > LONGEST or odd or name.startswith("-"):
        raise ScenarioNameRefused(where="--scenario", name=text[:LONGEST], longest=LONGEST)
    return name


def _unused(tx: Writing, name: str) -> None:
    if any(one.name == name for one in tx.scenarios()):
        raise ScenarioExists(where=name, name=name)


def _act(
    store: Store, asked: Asked, kind: str, make: Callable[[Writing, Scenario], tuple[Scenario, dict[str, Any]]]
) -> Scenario:
    with store.writing() as tx:
        done = already(tx, asked, kind)
        if done:
            if (done[0].actor, done[0].kind) != (asked.actor.name, kind):
                raise OpIdTaken(where=asked.op_id[:60])
            return tx.scenario(done[0].scenario)
        refusal = refused(tx, asked.actor, asked.scenario, kind)
        if refusal is None:
            made, facts = make(tx, tx.scenario(asked.scenario))
            role = role_of(tx, asked.actor) or ""
            tx.append(Event(0, asked.op_id, "", asked.actor.name, role, made.name, kind, facts))
            return made
    raise refusal
