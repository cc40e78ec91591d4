"""The state that two branches last had in common."""

from __future__ import annotations

from collections.abc import Mapping

from layers.comparing import compare
from layers.rows import with_rows
from layers.stores.contract import Joined, Reading, Scenario
from layers.workspace import Workspace

Known = Mapping[str, int]
Point = tuple[str, int]
"""A branch as it was at a revision."""


def base_of(reading: Reading, source: str, target: str) -> Workspace:
    """The nearest common ancestor of two branches as they are now.

    A branch knows its own changes, those of its parent up to where it started, and, after a merge, those of the
    source up to what was merged, unless the merge was taken back. What both know of one branch is a common ancestor.
    So after FROM was merged into INTO at its revision m, the base of the pair is FROM at m, in either direction, and
    what was decided then is not asked again. Sister branches meet where the later of them left their parent.

    Where several ancestors are as near, none of which knows another, the base is what they come to together: the
    newest of them, with the rows that only another one changed since what these two have in common.

    Raises
    ------
    ScenarioUnknown
    """
    now = reading.revision()
    return _base(reading, (reading.scenario(source).name, now), (reading.scenario(target).name, now))


def _base(reading: Reading, one: Point, other: Point) -> Workspace:
    mine, theirs = (known(reading, *point) for point in (one, other))
    shared = [(name, max(min(mine[name], theirs[name]), 1)) for name in mine.keys() & theirs.keys()]
    nearest = _nearest({point: known(reading, *point) for point in shared})
    base = reading.workspace(*nearest[0])
    for point in nearest[1:]:
        before = _base(reading, nearest[0], point)
        here = {change.at for change in compare(before, base)}
        there = compare(before, reading.workspace(*point))
        base = with_rows(base, [change for change in there if change.at not in here])
    return base


def _nearest(shared: Mapping[Point, Known]) -> list[Point]:
    """The points that no other one knows, the newest first."""
    found: list[Point] = []
    for name, seq in sorted(shared, key=lambda point: (-point[1], point[0])):
        if not any(shared[other].get(name, -1) >= seq for other in found):
            found.append((name, seq))
    return found


def known(reading: Reading, scenario: str, until: int) -> dict[str, int]:
    """Up to which event a branch, as it was at a revision, knows those that it has anything from, and itself."""
    branches = {one.name: one for one in reading.scenarios()}
    joins = reading.joins()
    found: dict[str, int] = {}
    waiting = [(scenario, until)]
    while waiting:
        name, until = waiting.pop()
        if found.get(name, -1) >= until:
            continue
        found[name] = until
        merged = (one for one in joins if one.target == name and one.seq <= until)
        waiting += [(one.source, one.source_seq) for one in merged if _stands(reading, one, until)]
        waiting += _start(branches[name], until)
    return found


def _start(branch: Scenario, until: int) -> list[Point]:
    """What a branch had of the one that it started from."""
    return [(branch.parent, min(branch.forked_at, until))] if branch.parent else []


def _stands(reading: Reading, joined: Joined, until: int) -> bool:
    """Whether a merge was in effect at a revision: not taken back, or done again after that."""
    gesture: str | None = next(iter(reading.events(after=joined.seq - 1, until=joined.seq, rows=False))).gesture
    stands = False
    while gesture is not None and reading.events_of(gesture)[0].seq <= until:
        gesture, stands = reading.taken_back(gesture), not stands
    return stands
