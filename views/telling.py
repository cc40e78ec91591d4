"""Scenarios and acts as people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.catalogue import LAYERS
from layers.history import Stacks, kind, line, stacks
from layers.stores.contract import MAIN, Event, Reading, Scenario
from views.rows import column_name, layer_name
from views.text import Text


def called(name: str, say: Text) -> str:
    """A branch by its name as people call it."""
    return say("main_scenario") if name == MAIN else name


def branch_name(branch: Scenario, say: Text) -> str:
    """A branch as people call it, with a word where it is locked."""
    name = called(branch.name, say)
    return f"{name} · {say('scenario_locked')}" if branch.locked else name


def act_name(event: Event, say: Text) -> str:
    """An act in one line: what it was, and of what."""
    return " · ".join(one for one in (kind(event.kind, say.language), details(event, say)) if one)


def tops(tx: Reading, name: str, scenario: str, say: Text) -> dict[str, str]:
    """What the next undo and redo of somebody would take, in words; empty for nothing."""
    found: Stacks = stacks(tx, name, scenario)
    return {"undo": _last(tx, found.undo, say), "redo": _last(tx, found.redo, say)}


def _last(tx: Reading, stack: tuple[str, ...], say: Text) -> str:
    """The last of a stack as people call it; an undone act by what it undid."""
    if not stack:
        return ""
    event = tx.events_of(stack[-1])[0]
    while event.undoes:
        event = tx.events_of(event.undoes)[0]
    return act_name(event, say)


def details(event: Event, say: Text) -> str:
    """What an act says of itself, in the words of the screens."""
    facts = event.facts
    if event.kind == "create":
        return ""  # it only counts rows
    if event.kind == "branch":
        return say("forked", name=called(str(facts.get("parent")), say), number=facts.get("forked_at"))
    if event.kind == "merge" or facts.get("of") == "merge":
        pair = {name: called(str(facts.get(name)), say) for name in ("from", "into")}
        return say("merge_told", **pair)
    return line(_in_words(facts, say), say.language)


def _in_words(facts: Mapping[str, Any], say: Text) -> dict[str, Any]:
    """Facts with names of layers and columns as people read them."""
    told = dict(facts)
    layer = str(told.get("layer", ""))
    if layer in LAYERS:
        told["layer"] = layer_name(layer, say)
        columns = [part.strip() for part in str(told.get("columns", "")).split(",") if part.strip()]
        if columns:
            told["columns"] = say("list_sign").join(column_name(layer, one, say) for one in columns)
    counts = {name for name, value in told.items() if isinstance(value, int) and name != "rows"}
    return {name: value for name, value in told.items() if name not in counts or name.endswith("_m2")}
