"""Services over the history of a workspace: what was done, taking it back, branches, differences and merges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from layers import applying, history, merging, scenarios, stores
from layers.changes import Actor, Asked, Outcome
from layers.comparing import compare, label, plain, told
from layers.errors import CallWrong, ChangedSince, NothingSuch
from layers.stores.contract import Event, Reading, Scenario
from layers.workspace import Workspace
from spatial.errors import tell

Answer = dict[str, Any]

_ACCOUNT = ("permitted_m2", "built_m2", "committed_m2", "reserved_m2", "held_by_cap_m2", "available_m2", "over_m2")

_MANY = 50
"""Events that a list shows where nobody says how many."""


def events(
    address: str, scenario: str | None = None, *, limit: int | None = _MANY, parcel: str | None = None
) -> Answer:
    """What was done, newest first.

    Parameters
    ----------
    scenario
        One branch; None for all of the store.
    parcel
        Only what changed the parcel of that number or key.

    Raises
    ------
    ScenarioUnknown, NothingSuch
    """
    with stores.open_store(address).reading() as tx:
        if scenario is not None:
            tx.scenario(scenario)
        if parcel is None:
            found = list(tx.events(scenario=scenario, newest_first=True, limit=limit, rows=False))
        else:
            key = _parcel(tx, scenario or "main", parcel)
            found = list(reversed(tx.events_at(scenario or "main", ("parcels", key))))[:limit]
        return {"events": [history.told(event) for event in found], "revision": tx.revision()}


def _parcel(tx: Reading, scenario: str, name: str) -> str:
    """The key of a parcel by its number or key, also of one that is there no more."""
    table = tx.workspace(scenario).table("parcels")
    for column in ("parcel_id", "parcel_no"):
        rows = table[(table[column] == name).to_numpy(dtype=bool, na_value=False)]
        if len(rows):
            return str(rows["parcel_id"].iloc[0])
    if tx.row_revision(scenario, "parcels", name):
        return name
    raise NothingSuch(where=name[:40], key=name[:40], what="地块")


def take_back(address: str, actor: Actor, scenario: str = "main", gesture: str | None = None) -> Answer:
    """Undo the last gesture of an actor, or another one by its op id or revision."""
    store = stores.open_store(address)
    if gesture is not None and gesture.isdigit():
        with store.reading() as tx:
            gesture = _event(tx, int(gesture)).gesture
    return _answer(applying.undo(store, Asked(actor, uuid4().hex, scenario=scenario), gesture))


def do_again(address: str, actor: Actor, scenario: str = "main") -> Answer:
    """Redo what an actor undid last."""
    store = stores.open_store(address)
    return _answer(applying.redo(store, Asked(actor, uuid4().hex, scenario=scenario)))


def _event(tx: Reading, seq: int) -> Event:
    for event in tx.events(after=seq - 1, until=seq, rows=False):
        return event
    raise NothingSuch(where=str(seq), key=str(seq), what="操作")


def _answer(outcome: Outcome) -> Answer:
    written(outcome)
    return {"revision": outcome.revision, "rows": len(outcome.changes), "facts": dict(outcome.facts)}


def written(outcome: Outcome) -> Outcome:
    """The outcome, where it was written.

    Raises
    ------
    ChengzaiError
        Why not, where it was not.
    """
    if outcome.status == "conflict":
        first = outcome.clashes[0]
        what = f"{first.layer} {first.key}"
        raise ChangedSince(where=what, what=what, by=first.by or "—", clashes=outcome.clashes)
    if outcome.error is not None:
        raise outcome.error
    return outcome


def branch(address: str, actor: Actor, name: str, scenario: str = "main", note: str = "") -> Answer:
    """Make a branch; nothing is copied."""
    made = scenarios.branch(stores.open_store(address), Asked(actor, uuid4().hex, scenario=scenario), name, note)
    return _scenario(made)


def lock(address: str, actor: Actor, name: str, *, locked: bool) -> Answer:
    """Lock or unlock a branch."""
    asked = Asked(actor, uuid4().hex, scenario=name)
    return _scenario(scenarios.lock(stores.open_store(address), asked, locked=locked))


def rename(address: str, actor: Actor, name: str, to: str) -> Answer:
    """Call a branch otherwise."""
    return _scenario(scenarios.rename(stores.open_store(address), Asked(actor, uuid4().hex, scenario=name), to))


def listed(address: str) -> Answer:
    """Every branch."""
    with stores.open_store(address).reading() as tx:
        return {"scenarios": [_scenario(one) for one in tx.scenarios()], "revision": tx.revision()}


def _scenario(one: Scenario) -> Answer:
    return {
        "scenario": one.name,
        "parent": one.parent,
        "forked_at": one.forked_at,
        "revision": one.head,
        "locked": one.locked,
        "made_by": one.made_by,
        "made_at": one.made_at,
        "note": one.note,
    }


def difference(address: str, one: str, other: str, scenario: str = "main", language: str = "zh-CN") -> Answer:
    """Rows in which two states differ.

    Parameters
    ----------
    one, other
        A branch (``方案二``), a branch at a revision (``方案二@12``), or a revision of `scenario` (``12``).
    """
    with stores.open_store(address).reading() as tx:
        before, after = (state_of(tx, text, scenario) for text in (one, other))
    changes = told(compare(before, after), language)
    return {"changes": changes, "a": one, "b": other, "count": len(changes), "revision": after.revision}


def state_of(tx: Reading, text: str, scenario: str = "main") -> Workspace:
    """The workspace that a text names: a branch, a branch at a revision, or a revision.

    Raises
    ------
    ScenarioUnknown, RevisionUnknown
    """
    names = {one.name for one in tx.scenarios()}
    if text in names:
        return tx.workspace(text)
    found = re.fullmatch(r"(?:(.+)@)?(\d{1,12})", text)
    if found is None:
        return tx.workspace(text)  # says which there are
    return tx.workspace(found[1] or scenario, int(found[2]))


def merge(
    address: str,
    actor: Actor,
    source: str,
    target: str,
    choices: Mapping[str, str],
    *,
    dry_run: bool = False,
    language: str = "zh-CN",
) -> Answer:
    """Take what a branch changed into another one, or say what has to be decided first."""
    store = stores.open_store(address)
    if source == target:
        raise CallWrong(where="merge", reason=f"{source} → {target}", verb="merge")
    with store.reading() as tx:
        found, seen, head = scenarios.preview(tx, source, target), tx.scenario(target).head, tx.scenario(source).head
    conflicts = [conflict_told(found, one, language) for one in found.conflicts]
    answer = {"from": source, "into": target, "merged": False, "conflicts": conflicts}
    still = found.undecided(choices)
    if dry_run or still:
        rows = found.automatic if still else found.resolve(choices)
        return answer | {"rows": len(rows), "undecided": still, "revision": seen}
    outcome = written(scenarios.merge(store, Asked(actor, uuid4().hex, seen, target), source, choices, head))
    return answer | {"merged": True, "rows": len(outcome.changes), "undecided": [], "revision": outcome.revision}


def conflict_told(found: merging.MergePlan, conflict: merging.Conflict, language: str = "zh-CN") -> Answer:
    """A conflict as the command line says it: the three forms of its rows, and what each way out comes to."""
    sides = {side: conflict.rows(side) for side in ("mine", "theirs", "ancestor")}

    def rows(side: str) -> list[Answer]:
        own = sides[side]
        return [
            {"layer": at[0], "key": at[1], "label": label(row or sides["ancestor"].get(at) or {}, at[1])}
            | {"row": None if row is None else {name: plain(row, name) for name in row}}
            for at, row in ((at, own.get(at)) for at in conflict.keys)
        ]

    ways = []
    for way in conflict.resolutions:
        told_: Answer = {"choice": way.choice, "name": way.name(language)}
        if way.refused is None:
            account = found.preview(conflict, way.choice)
            told_ |= {name: account["totals"][name] for name in _ACCOUNT} | {"parcels": account["parcels"]}
        else:
            told_["refused"] = tell(way.refused, language)
        ways.append(told_)
    return {"id": conflict.id, "kind": conflict.kind, "resolutions": ways} | {side: rows(side) for side in sides}
