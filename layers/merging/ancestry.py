"""The state that two branches last had in common."""

from __future__ import annotations

from layers.stores.contract import Reading, Scenario
from layers.workspace import Workspace


def base_of(reading: Reading, source: str, target: str) -> Workspace:
    """The nearest common ancestor of two branches as they are now.

    A branch knows its own changes, those of its parent up to where it started, and, after a merge, those of the
    source up to what was merged. What both know of one branch is a common ancestor; the newest of them is the base.
    So after FROM was merged into INTO at its revision m, the base of the pair is FROM at m, in either direction, and
    what was decided then is not asked again. Sister branches meet where the later of them left their parent.

    Raises
    ------
    ScenarioUnknown
    """
    one, other = (known(reading, name) for name in (source, target))
    shared = {name: min(one[name], other[name]) for name in one.keys() & other.keys()}
    name = max(shared, key=lambda name: (shared[name], name))
    return reading.workspace(name, max(shared[name], 1))


def known(reading: Reading, scenario: str) -> dict[str, int]:
    """Up to which event a branch knows each branch that it has anything from, itself among them."""
    branches = {one.name: one for one in reading.scenarios()}
    found: dict[str, int] = {}
    waiting = [(reading.scenario(scenario).name, reading.revision())]
    while waiting:
        name, until = waiting.pop()
        if found.get(name, -1) >= until:
            continue
        found[name] = until
        waiting += _before(reading, branches[name], until)
    return found


def _before(reading: Reading, branch: Scenario, until: int) -> list[tuple[str, int]]:
    """What a branch had, up to an event, from others."""
    merged = [
        (one.source, one.source_seq) for one in reading.joins() if one.target == branch.name and one.seq <= until
    ]
    return merged + ([(branch.parent, min(branch.forked_at, until))] if branch.parent else [])
