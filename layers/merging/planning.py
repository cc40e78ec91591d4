"""The plan of a merge: what can be taken as it is, what has to be decided, and what each decision comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from layers import accounts, invariants
from layers.changes import Key, Row, RowChange, clash, differing
from layers.comparing import compare, label
from layers.merging.errors import ChoiceUnknown, ConflictsOpen, ConflictUnknown
from layers.merging.resolving import Resolution, merged_row, resolutions, written
from layers.merging.together import apart
from layers.merging.units import Unit, units
from layers.rows import with_rows
from layers.workspace import Workspace

_OVERLAP_M2 = 0.01

Mint = Callable[[str], str]


@dataclass(frozen=True)
class Conflict:
    """What both sides did to the same thing, and the ways out.

    Parameters
    ----------
    id
        The same for the same states, so that a choice can name it.
    kind
        What mine did and what theirs did: ``split/assign``; ``cap`` where only a zone's cap is between them, and
        ``together`` where what theirs did alone cannot stand beside what mine did.
    mine, theirs
        Their units.
    resolutions
        The ways out; one that cannot be says why.
    """

    id: str
    kind: str
    mine: tuple[Unit, ...]
    theirs: tuple[Unit, ...]
    resolutions: tuple[Resolution, ...]

    @property
    def keys(self) -> list[Key]:
        """Rows that either side changed."""
        return list(dict.fromkeys(at for unit in (*self.mine, *self.theirs) for at in unit.changes))

    def rows(self, side: str) -> dict[Key, Row | None]:
        """The rows as one side has them: ``mine``, ``theirs`` or ``ancestor``."""
        found: dict[Key, Row | None] = {}
        for unit in (*self.mine, *self.theirs):
            for at, change in unit.changes.items():
                found.setdefault(at, change.before)
        if side != "ancestor":
            for unit in self.mine if side == "mine" else self.theirs:
                found |= {at: change.after for at, change in unit.changes.items()}
        return found

    def resolution(self, choice: str) -> Resolution:
        """The way out of that name.

        Raises
        ------
        ChoiceUnknown
            Also for one that cannot be.
        """
        offered = [one for one in self.resolutions if one.refused is None]
        for one in offered:
            if one.choice == choice:
                return one
        known = ", ".join(one.choice for one in offered)
        raise ChoiceUnknown(where=self.id, id=self.id, choice=choice[:60], known=known)


@dataclass(frozen=True)
class MergePlan:
    """What a merge comes to.

    Parameters
    ----------
    target
        The state that takes the changes.
    automatic
        Changes that need no decision.
    conflicts
        What has to be decided.
    """

    target: Workspace
    automatic: tuple[RowChange, ...]
    conflicts: tuple[Conflict, ...]

    @cached_property
    def settled(self) -> Workspace:
        """The target with everything that needs no decision."""
        return with_rows(self.target, self.automatic)

    def resolve(self, choices: Mapping[str, str]) -> tuple[RowChange, ...]:
        """All changes of the merge.

        Parameters
        ----------
        choices
            A choice for every conflict, by its id.

        Raises
        ------
        ConflictsOpen, ConflictUnknown, ChoiceUnknown
        ChengzaiError
            When the choices together break an invariant that each alone keeps.
        """
        open_ = self.undecided(choices)
        if open_:
            raise ConflictsOpen(where=open_[0], count=len(open_), ids=", ".join(open_[:5]))
        return self._made(choices)

    def undecided(self, choices: Mapping[str, str]) -> list[str]:
        """Conflicts that are left to decide.

        Raises
        ------
        ConflictUnknown, ChoiceUnknown
            A choice that nothing asks for is a mistake, also while others are open.
        """
        of = {conflict.id: conflict for conflict in self.conflicts}
        for name, choice in choices.items():
            if name not in of:
                raise ConflictUnknown(where=name[:60], id=name[:60], known=", ".join(sorted(of)) or "—")
            of[name].resolution(choice)
        return [name for name in of if name not in choices]

    def _made(self, choices: Mapping[str, str]) -> tuple[RowChange, ...]:
        found = {change.at: change for change in self.automatic}
        for conflict in self.conflicts:
            if conflict.id in choices:
                for change in conflict.resolution(choices[conflict.id]).changes:
                    so_far = found.get(change.at, RowChange(*change.at, change.before, change.before or change.after))
                    after = written(so_far.after, change.after, change.fields)
                    found.pop(change.at, None)
                    if so_far.before is not None or after is not None:
                        found[change.at] = RowChange(*change.at, so_far.before, after)
        changes = tuple(change for change in found.values() if not _nothing(change))
        invariants.refuse(self.target, with_rows(self.target, changes), changes)
        return changes

    def after(self, choices: Mapping[str, str]) -> Workspace:
        """The target after the merge, with the conflicts that are decided."""
        return with_rows(self.target, self._made(choices))

    def account(self, choices: Mapping[str, str]) -> dict[str, Any]:
        """The accounts of everything after the merge, with the conflicts that are decided."""
        return accounts.totals(self.after(choices))

    def preview(self, conflict: Conflict, choice: str) -> dict[str, Any]:
        """The accounts of everything, and of the parcels concerned, after one decision."""
        after = with_rows(self.settled, conflict.resolution(choice).changes)
        keys = {
            key for unit in (*conflict.mine, *conflict.theirs) for key in (*unit.used, *unit.shaped, *unit.children)
        }
        rows = [row for row in accounts.parcel_rows(after) if row["parcel_id"] in keys]
        return {"totals": accounts.totals(after), "parcels": rows}


def _nothing(change: RowChange) -> bool:
    return (change.before is None and change.after is None) or not differing(change.before, change.after)


def plan(base: Workspace, mine: Workspace, theirs: Workspace, mint: Mint) -> MergePlan:
    """The plan to take what `theirs` did since `base` into `mine`.

    Parameters
    ----------
    mint
        Gives new keys, for rows that a resolution makes.
    """
    ours, others = ({change.at: change for change in compare(base, side)} for side in (mine, theirs))
    there = frozenset(base.table("parcels")["parcel_id"])
    left, right = units(ours, there), units(others, there)
    cases = _cases(left, right)
    tied = {id(unit) for case in cases for side in case for unit in side}
    automatic: dict[Key, RowChange] = {}
    for unit in right:
        if id(unit) not in tied:
            for at, change in unit.changes.items():
                made = _taken(change, ours.get(at))
                if made is not None:
                    automatic[at] = made
    drafts = [(_kind(one, two), one, two) for one, two in cases]
    kept, misfits = apart(mine, theirs, automatic, left, right)
    settled = with_rows(mine, kept)
    taken: set[str] = set()
    conflicts = []
    for kind, one, two in [*drafts, *misfits]:
        name = _name(kind, one, two, taken)
        conflicts.append(Conflict(name, kind, one, two, resolutions(settled, one, two, kind, mint)))
    return MergePlan(mine, tuple(kept), tuple(conflicts))


def _taken(change: RowChange, ours: RowChange | None) -> RowChange | None:
    """A change of theirs as a change of mine; None where mine has it already."""
    if ours is None:
        return change
    after = merged_row(ours, change)
    made = None if (ours.after is None and after is None) else RowChange(*change.at, ours.after, after)
    return None if made is None or made.idle else made


def _cases(left: Sequence[Unit], right: Sequence[Unit]) -> list[tuple[tuple[Unit, ...], tuple[Unit, ...]]]:
    """Units of both sides that touch each other, in groups."""
    lead = list(range(len(left) + len(right)))

    def find(at: int) -> int:
        while lead[at] != at:
            at = lead[at]
        return at

    for i, j in _touching(left, right):
        lead[find(i)] = find(len(left) + j)
    groups: dict[int, tuple[list[Unit], list[Unit]]] = {}
    for at in range(len(lead)):
        pair = groups.setdefault(find(at), ([], []))
        (pair[0] if at < len(left) else pair[1]).append(left[at] if at < len(left) else right[at - len(left)])
    return [(tuple(one), tuple(two)) for one, two in groups.values() if one and two]


def _touching(left: Sequence[Unit], right: Sequence[Unit]) -> set[tuple[int, int]]:
    """Pairs of units that share a column, an account or a place."""
    found: set[tuple[int, int]] = set()

    def by(units_: Sequence[Unit], name: str) -> dict[Any, list[int]]:
        of: dict[Any, list[int]] = {}
        for i, unit in enumerate(units_):
            for one in unit.changes if name == "changes" else getattr(unit, name):
                of.setdefault(one, []).append(i)
        return of

    mine = {name: by(left, name) for name in ("changes", "used", "shaped", "placed", "projects")}
    theirs = {name: by(right, name) for name in mine}
    for at in mine["changes"].keys() & theirs["changes"].keys():
        for i in mine["changes"][at]:
            for j in theirs["changes"][at]:
                if _clash(left[i].changes[at], right[j].changes[at]):
                    found.add((i, j))
    pairs = [("used", "used"), ("used", "shaped"), ("shaped", "used"), ("shaped", "shaped")]
    pairs += [("placed", "placed"), ("placed", "projects"), ("projects", "placed")]
    for one, other in pairs:
        for at in mine[one].keys() & theirs[other].keys():
            found |= {(i, j) for i in mine[one][at] for j in theirs[other][at]}
    found |= _overlapping(left, right)
    found = {(i, j) for i, j in found if not _same(left[i], right[j])}
    # what both sides did alike belongs to a case where one of the two is part of it
    alike = {frozenset(unit.changes): j for j, unit in enumerate(right)}
    twins = {(i, alike.get(frozenset(unit.changes), -1)) for i, unit in enumerate(left)}
    mine_tied, theirs_tied = {i for i, _ in found}, {j for _, j in found}
    near = {(i, j) for i, j in twins if j >= 0 and (i in mine_tied or j in theirs_tied)}
    return found | {(i, j) for i, j in near if _same(left[i], right[j])}


def _clash(one: RowChange, other: RowChange) -> bool:
    if one.after is None or other.after is None:
        return (one.after is None) != (other.after is None)
    if one.before is None or other.before is None:
        return bool(differing(one.after, other.after))
    return bool(differing(one.after, other.after)) and clash(one.fields, other.fields)


def _same(one: Unit, other: Unit) -> bool:
    """Whether both sides did the very same."""
    if one.changes.keys() != other.changes.keys():
        return False
    pairs = ((one.changes[at].after, other.changes[at].after) for at in one.changes)
    return all((a is None) == (b is None) and (a is None or not differing(a, b)) for a, b in pairs)


def _overlapping(left: Sequence[Unit], right: Sequence[Unit]) -> set[tuple[int, int]]:
    """Pairs of units whose new outlines of parcels lie on each other."""
    mine, theirs = (_outlines(side) for side in (left, right))
    if not mine or not theirs:
        return set()
    shapes = np.array([shape for _, shape in mine] + [None], dtype=object)[:-1]
    tree = shapely.STRtree(shapes)
    found = set()
    for j, shape in theirs:
        for at in tree.query(shape, predicate="intersects"):
            if shapely.intersection(shapes[at], shape).area > _OVERLAP_M2:
                found.add((mine[int(at)][0], j))
    return found


def _outlines(side: Sequence[Unit]) -> list[tuple[int, Any]]:
    return [
        (i, change.after["geometry"])
        for i, unit in enumerate(side)
        for change in unit.parcels.values()
        if change.after is not None and "geometry" in change.fields
    ]


def _kind(one: Sequence[Unit], two: Sequence[Unit]) -> str:
    def told(side: Sequence[Unit]) -> str:
        return "+".join(sorted({unit.kind for unit in side}))

    return f"{told(one)}/{told(two)}"


def _name(kind: str, one: Sequence[Unit], two: Sequence[Unit], taken: set[str]) -> str:
    """A short name that is the same whenever the same is merged."""
    keys: list[tuple[int, str]] = []
    rank = {"parcels": 0, "projects": 1, "assignments": 2}
    for unit in (*one, *two):
        for at, change in unit.changes.items():
            if change.before is not None:
                keys.append((rank.get(at[0], 3), label(change.before, at[1])))
        keys += [(1, key) for key in unit.used | unit.shaped]
    name = f"{kind.replace('/', '-')}:{min(keys)[1] if keys else ''}".replace("=", "-").replace(" ", "_")
    count, found = 1, name
    while found in taken:
        count += 1
        found = f"{name}#{count}"
    taken.add(found)
    return found
