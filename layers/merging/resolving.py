"""Ways out of a conflict, each as rows that the target comes to have."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from layers import invariants
from layers.changes import Key, Row, RowChange, differing
from layers.commands.sharing import SHARED, shared_out
from layers.errors import NothingSuch
from layers.merging.units import Unit
from layers.rows import position, row_at, with_rows
from layers.workspace import Workspace
from spatial.errors import ChengzaiError

Mint = Callable[[str], str]
Rows = dict[Key, Row | None]

NAMES: dict[str, tuple[str, str]] = {
    "mine": ("保留目标方案", "Keep the target"),
    "theirs": ("采用来源方案", "Take the source"),
    "both": ("两者都保留", "Keep both"),
    "both_parts": ("按面积落到各部分", "Assign all parts, by area"),
    "part": ("全部落到 {part}", "Assign it all to {part}"),
    "merged_parcel": ("落到合并后的地块", "Assign the merged parcel"),
    "edit_parts": ("各部分都采用修改", "Edit every part"),
    "undo_split": ("撤销分割", "Undo the split"),
    "undo_merge": ("撤销地块合并", "Undo the merging of parcels"),
    "delete": ("删除", "Delete"),
    "keep": ("不删除", "Do not delete"),
}
"""What each way out is called, Chinese and English."""

_OF_ONE = frozenset({"geometry", "parcel_no", "parents"})
"""What a parcel has for itself alone: it cannot be given to those that came in its place."""


@dataclass(frozen=True)
class Resolution:
    """One way out of a conflict.

    Parameters
    ----------
    choice
        Its name: a key of `NAMES`, or ``part:`` and the key of a part.
    changes
        Rows of the target that it changes.
    refused
        Why it cannot be, None where it can.
    """

    choice: str
    changes: tuple[RowChange, ...]
    refused: ChengzaiError | None = None
    part: str = ""

    def name(self, language: str = "zh-CN") -> str:
        """What it is called."""
        pair = NAMES[self.choice.partition(":")[0]]
        return (pair[0] if language == "zh-CN" else pair[1]).format(part=self.part)


def resolutions(
    target: Workspace, mine: Sequence[Unit], theirs: Sequence[Unit], kind: str, mint: Mint
) -> tuple[Resolution, ...]:
    """The ways out, the most sensible first; those that cannot be say why.

    Parameters
    ----------
    target
        The target with everything that needs no decision.
    """
    found = []
    before = {at: change.before for unit in (*mine, *theirs) for at, change in unit.changes.items()}
    fields: dict[Key, frozenset[str]] = {}
    for unit in (*mine, *theirs):
        for at, change in unit.changes.items():
            fields[at] = fields.get(at, frozenset()) | change.fields
    for choice, rows, part in _ways(mine, theirs, kind, mint):
        changes = []
        for at, row in rows.items():
            present = _present(target, at)
            here = written(present, row, fields.get(at, frozenset()) | differing(before.get(at), row))
            if (present is None) != (here is None) or (here is not None and differing(present, here)):
                changes.append(RowChange(*at, present, here))
        found.append(Resolution(choice, tuple(changes), _why_not(target, tuple(changes)), part))
    return tuple(found)


def written(present: Row | None, row: Row | None, fields: frozenset[str]) -> Row | None:
    """A row with some columns as another form of it has them: what is decided elsewhere stays as it is."""
    if present is None or row is None:
        return row
    values = {name: row.get(name) for name in fields}
    return {name: value for name, value in {**present, **values}.items() if value is not None}


def _why_not(target: Workspace, changes: tuple[RowChange, ...]) -> ChengzaiError | None:
    try:
        invariants.refuse(target, with_rows(target, changes), changes)
    except ChengzaiError as error:
        return error
    return None


def _ways(mine: Sequence[Unit], theirs: Sequence[Unit], kind: str, mint: Mint) -> Iterator[tuple[str, Rows, str]]:
    """Name, rows and part of each way out."""
    before = {at: change.before for unit in (*mine, *theirs) for at, change in unit.changes.items()}
    ours, others = ({at: c.after for unit in side for at, c in unit.changes.items()} for side in (mine, theirs))
    kinds = tuple({unit.kind for unit in side} for side in (mine, theirs))
    lineage = [bool(some & {"split", "merge"}) for some in kinds]
    fits = kind not in ("cap", "together")
    if fits and lineage[0] != lineage[1]:
        cutting, other = (mine, theirs) if lineage[0] else (theirs, mine)
        whole = {**before, **(others if lineage[0] else ours)}
        yield from _over_parts(cutting, other, {**before, **(ours if lineage[0] else others)}, mint)
        merges = any(unit.kind == "merge" for unit in cutting)
        yield "undo_merge" if merges else "undo_split", whole, ""
    elif kind != "together" and not any(lineage) and not any("delete" in some for some in kinds):
        both = _both(mine, theirs)
        if both is not None:
            yield "both", {**before, **both}, ""
    if fits and ("delete" in kinds[0]) != ("delete" in kinds[1]):
        gone, kept = (ours, others) if "delete" in kinds[0] else (others, ours)
        yield "delete", {**before, **gone}, ""
        yield "keep", {**before, **kept}, ""
    yield "mine", {**before, **ours}, ""
    yield "theirs", {**before, **others}, ""


def _both(mine: Sequence[Unit], theirs: Sequence[Unit]) -> Rows | None:
    """What both sides did, where no row has two forms of one column."""
    left, right = ({at: c for unit in side for at, c in unit.changes.items()} for side in (mine, theirs))
    rows: Rows = {at: change.after for at, change in {**left, **right}.items()}
    for at in left.keys() & right.keys():
        one, other = left[at], right[at]
        if (one.after is None) != (other.after is None) or (one.fields & other.fields and _differ(one, other)):
            return None
        rows[at] = merged_row(one, other)
    return rows


def _differ(one: RowChange, other: RowChange) -> bool:
    fields = differing(one.after, other.after) if one.after is not None and other.after is not None else set()
    return bool(fields & one.fields & other.fields)


def merged_row(one: RowChange, other: RowChange) -> Row | None:
    """A row with the columns that either side changed; where both changed one, that of the second."""
    if one.after is None or other.after is None:
        return None
    changed = {name: other.after.get(name) for name in other.fields}
    return {name: value for name, value in {**one.after, **changed}.items() if value is not None}


def _over_parts(
    cutting: Sequence[Unit], other: Sequence[Unit], rows: Rows, mint: Mint
) -> Iterator[tuple[str, Rows, str]]:
    """What one side did to a parcel, done to what the other side made of it."""
    changes = [change for unit in other for change in unit.changes.values()]
    if any(change.layer not in ("assignments", "parcels") for change in changes):
        return
    parcels = [change for change in changes if change.layer == "parcels"]
    if any(one.before is None or one.after is None or one.fields & _OF_ONE for one in parcels):
        return
    heirs = _heirs(cutting, rows)
    edits = {**rows, **_edited(changes, heirs, rows)}
    given = [change for change in changes if change.layer == "assignments"]
    if not given:
        yield "edit_parts", edits, ""
        return
    merges = any(unit.kind == "merge" for unit in cutting)
    where = list(dict.fromkeys(key for keys in heirs.values() for key in keys))
    if merges or len(where) < 2:
        yield "merged_parcel", {**edits, **_placed(given, heirs, rows, None, mint)}, ""
        return
    yield "both_parts", {**edits, **_placed(given, heirs, rows, None, mint)}, ""
    for key in where:
        row = rows["parcels", key] or {}
        yield f"part:{key}", {**edits, **_placed(given, heirs, rows, key, mint)}, str(row.get("parcel_no", key))


def _heirs(cutting: Sequence[Unit], rows: Rows) -> dict[str, list[str]]:
    """The parcels that came in the place of each parcel of the ancestor."""
    found: dict[str, list[str]] = {}
    for unit in cutting:
        for key in unit.children:
            if rows.get(("parcels", key)) is not None:
                for root in unit.roots[key]:
                    found.setdefault(root, []).append(key)
    return found


def _edited(changes: Sequence[RowChange], heirs: Mapping[str, list[str]], rows: Rows) -> Rows:
    """Edits of a parcel, on each that came in its place; a figure that parts share is shared by area."""
    found: Rows = {}
    for change in changes:
        keys = heirs.get(change.key, []) if change.layer == "parcels" else []
        now = [found.get(("parcels", key)) or rows["parcels", key] or {} for key in keys]
        shares: list[dict[str, Any]] = [{} for _ in keys]
        for name in change.fields & set(SHARED) if keys else ():
            for one, value in zip(shares, _shared(change, name, now, list(heirs.values())), strict=True):
                one[name] = value
        values = {name: (change.after or {}).get(name) for name in change.fields - set(SHARED)}
        for key, row, one in zip(keys, now, shares, strict=True):
            found["parcels", key] = {n: v for n, v in {**row, **values, **one}.items() if v is not None}
    return found


def _shared(
    change: RowChange, name: str, now: Sequence[Row], every: Sequence[Sequence[str]]
) -> Sequence[float | None]:
    """A figure of a parcel on those that came in its place: shared among parts, or the difference on a merged one."""
    old, new = ((row or {}).get(name) for row in (change.before, change.after))
    merged = [str(row["parcel_id"]) for row in now if sum(str(row["parcel_id"]) in keys for keys in every) > 1]
    if merged:
        return [(row.get(name) or 0.0) + (new or 0.0) - (old or 0.0) for row in now]
    return [None] * len(now) if new is None else shared_out(new, np.array([row["geometry"].area for row in now]))


def _placed(
    given: Sequence[RowChange], heirs: Mapping[str, list[str]], rows: Rows, part: str | None, mint: Mint
) -> Rows:
    """Assignments as the other side has them, on what came in the place of their parcel.

    Parameters
    ----------
    part
        The parcel that takes all; None shares them by area.
    """
    found: Rows = {}
    for change in given:
        if change.before is not None:
            found |= dict.fromkeys(_pieces(change, rows))
        after = change.after
        if after is None:
            continue
        keys = heirs.get(str(after["parcel_id"]))
        if keys is None:
            found["assignments", change.key] = after
            continue
        chosen = [part] if part in keys else keys
        share = np.array([(rows["parcels", key] or {})["geometry"].area for key in chosen])
        areas = shared_out(float(after["floor_area_m2"]), share)
        for i, (key, area) in enumerate(zip(chosen, areas, strict=True)):
            name = change.key if i == 0 else mint("A")
            if area > 0 or i == 0:
                more: dict[str, Any] = {"assignment_id": name, "parcel_id": key, "floor_area_m2": area}
                found["assignments", name] = {**after, **more}
    return found


def _pieces(change: RowChange, rows: Rows) -> list[Key]:
    """The rows into which a split shared an assignment: itself, and those of the same project, terms and time."""
    before = change.before or {}
    same = ("project_id", "source", "stage", "assigned_at", "assigned_by", "phase")
    found = [change.at]
    for at, row in rows.items():
        other = at[0] == "assignments" and at != change.at
        if other and row is not None and all(row.get(name) == before.get(name) for name in same):
            found.append(at)
    return found


def _present(target: Workspace, at: Key) -> Row | None:
    try:
        return row_at(target.table(at[0]), position(target, *at))
    except NothingSuch:
        return None
