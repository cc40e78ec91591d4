"""What a side did, cut into units that belong together, and what each of them touches."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from layers.changes import Key, RowChange, binding
from layers.commands.following import LISTING
from layers.contract import split_list

Changes = Mapping[Key, RowChange]


@dataclass(frozen=True)
class Unit:
    """Changes of one side that only make sense together: a split with all that moved, or a single edit.

    Parameters
    ----------
    changes
        Rows by layer and key, since the common ancestor.
    roots
        Parcels of the common ancestor that each parcel of the side came from.
    """

    changes: Changes
    roots: Mapping[str, frozenset[str]]

    @cached_property
    def parcels(self) -> dict[str, RowChange]:
        """Changes of parcels, by key."""
        return {change.key: change for change in self.changes.values() if change.layer == "parcels"}

    @cached_property
    def children(self) -> list[str]:
        """Parcels that were made of others."""
        return [key for key, change in self.parcels.items() if change.before is None and self.roots[key] - {key}]

    @cached_property
    def kind(self) -> str:
        """``split``, ``merge``, ``delete``, ``assign`` or ``edit``."""
        if self.children:
            return "merge" if any(len(self.roots[key]) > 1 for key in self.children) else "split"
        removed = [change for change in self.changes.values() if change.after is None]
        if any(change.layer in ("parcels", "projects") for change in removed):
            return "delete"
        layers = {change.layer for change in self.changes.values()}
        return (
            "assign" if "assignments" in layers and layers <= {"assignments", "attachments", "milestones"} else "edit"
        )

    @cached_property
    def used(self) -> frozenset[str]:
        """Parcels of the ancestor on which assignments or buildings change."""
        found: set[str] = set()
        for change in self.changes.values():
            if change.layer in ("assignments", "buildings"):
                for row in (change.before, change.after):
                    if row and "parcel_id" in row and binding(change.fields):
                        found |= self.roots.get(str(row["parcel_id"]), frozenset({str(row["parcel_id"])}))
        return frozenset(found)

    @cached_property
    def shaped(self) -> frozenset[str]:
        """Parcels of the ancestor of which the limits, the outline or the very being change."""
        found: set[str] = set()
        for key, change in self.parcels.items():
            if binding(change.fields):
                found |= self.roots.get(key, frozenset({key}))
        return frozenset(found)

    @cached_property
    def placed(self) -> frozenset[str]:
        """Projects of which assignments change in more than where the parcel went."""
        found = set()
        for change in self.changes.values():
            moved = change.fields <= {"parcel_id", "floor_area_m2"} and bool(self.children)
            if change.layer == "assignments" and binding(change.fields) and not moved:
                if self.children and change.before is None:
                    continue  # the share of a part
                found |= {str(row["project_id"]) for row in (change.before, change.after) if row}
        return frozenset(found)

    @cached_property
    def projects(self) -> frozenset[str]:
        """Projects that are edited or removed in what rules read."""
        every = (change for change in self.changes.values() if change.layer == "projects")
        return frozenset(change.key for change in every if binding(change.fields))


def roots(changes: Iterable[RowChange], base: frozenset[str]) -> dict[str, frozenset[str]]:
    """Which parcels of the ancestor each changed parcel of a side came from; itself where it was there."""
    found = {}
    for change in changes:
        if change.layer == "parcels":
            parents = frozenset(split_list((change.after or {}).get("parents"))) & base
            found[change.key] = frozenset({change.key}) if change.key in base else parents
    return found


def units(changes: Changes, base: frozenset[str]) -> list[Unit]:
    """The changes of a side as units."""
    of = roots(changes.values(), base)
    lead: dict[Key, Key] = {at: at for at in changes}

    def find(at: Key) -> Key:
        while lead[at] != at:
            at = lead[at]
        return at

    def join(one: Key, other: Key) -> None:
        if one in lead and other in lead:
            lead[find(one)] = find(other)

    moving = {key for key in of if ("parcels", key) in changes and _comes_or_goes(changes["parcels", key])}
    for at, change in changes.items():
        for other in _with(change, of, moving):
            join(at, other)
        promise = (change.after or change.before or {}) if change.layer == "milestones" else {}
        party = ("assignments", str(promise.get("assignment_id")))
        if party in changes and _comes_or_goes(changes[party]):
            join(at, party)
        paper = (change.after or change.before or {}) if change.layer == "attachments" else {}
        carrier = (str(paper.get("layer")), str(paper.get("row_key")))
        if carrier in changes and _comes_or_goes(changes[carrier]):
            join(at, carrier)
    grouped: dict[Key, dict[Key, RowChange]] = {}
    for at, change in changes.items():
        grouped.setdefault(find(at), {})[at] = change
    return [Unit(some, of) for some in grouped.values()]


def _with(change: RowChange, of: Mapping[str, frozenset[str]], moving: set[str]) -> Iterator[Key]:
    """Rows whose change belongs to that of a row."""
    if change.layer == "parcels" and change.key in moving:
        yield from (("parcels", root) for root in of[change.key] & moving)
    for row in (change.before, change.after):
        if row is None:
            continue
        carrier = {"assignments": "parcel_id", "buildings": "parcel_id", "attachments": "row_key"}.get(change.layer)
        if carrier and row.get(carrier) in moving:
            yield "parcels", str(row[carrier])
        for column in LISTING.get(change.layer, ()):
            if column in change.fields:
                yield from (("parcels", one) for one in split_list(row.get(column)) if one in moving)
        if change.layer == "assignments" and change.after is None:
            yield "projects", str(row["project_id"])


def _comes_or_goes(change: RowChange) -> bool:
    return change.before is None or change.after is None
