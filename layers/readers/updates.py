"""What a second import of a layer changes: rows that come, go, differ or stay, told before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import pandas as pd

from layers.changes import Key
from layers.readers.errors import FileRefused
from spatial.pairing import LEAST_SHARE

Match = Literal["append", "number", "shape"]
MATCHES: tuple[Match, ...] = ("append", "number", "shape")
"""How rows of a file are matched with rows of the layer: not at all, by number, or by the land that both cover."""

REMOVED = ("keep", "delete")
ASSIGNED = ("keep", "release")

SAME_PLACE_M = 0.001
"""How far a vertex may move [m] without being a change: less than survey files write."""

SHOWN = 1_000
"""Rows of each kind that a report lists; the counts are of all."""


class MatchRefused(FileRefused):
    """Rows cannot be matched in the way that was asked for."""

    code = "match_refused"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "{layer}不能按{by}匹配：文件里没有所需的编号或面状图形",
        "en": "{layer} cannot be matched by {match}: the file has no numbers, or no outlines, to do it by",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "换一种匹配方式（--match append、number 或 shape），或用 --map 指明编号列",
        "en": "Match in another way (--match append, number or shape), or say which column is the number with --map",
    }


class StandingRefused(FileRefused):
    """Parcels would go on which something stands, and nobody said what becomes of that."""

    code = "removed_with_assignments"
    says: ClassVar[dict[str, str]] = {
        "zh-CN": "新文件里没有的 {count} 个{layer}上还有落位、建筑或附件（例如 {example}，落位 {area} m²）",
        "en": "{count} rows that the file no longer has carry assignments, buildings or documents "
        "(such as {example}: {area} m² assigned)",
    }
    cure: ClassVar[dict[str, str]] = {
        "zh-CN": "选择保留它们（--assigned keep），或连同其上的落位、建筑、附件一并移除（--assigned release）；"
        "数据没有写入",
        "en": "Keep them (--assigned keep), or let them go with all that stands on them (--assigned release); "
        "nothing was written",
    }


@dataclass(frozen=True)
class Rule:
    """How a file is matched with what the layer holds.

    Parameters
    ----------
    match
        ``append`` matches nothing; ``number`` by the key that the file carries or the parcel number; ``shape`` by
        the largest mutual overlap.
    removed
        What becomes of rows that the file does not have.
    assigned
        What becomes of those of them that carry assignments, buildings or documents; None asks.
    least_share
        Share of the larger outline that both must cover to be the same parcel.
    """

    match: Match = "append"
    removed: Literal["keep", "delete"] = "keep"
    assigned: Literal["keep", "release"] | None = None
    least_share: float = LEAST_SHARE


@dataclass(frozen=True)
class FieldChange:
    """A value before and after; None where there is none."""

    column: str
    old: Any
    new: Any


@dataclass(frozen=True)
class Standing:
    """What stands on a row: it follows the row where it stays.

    Parameters
    ----------
    assigned_m2
        Floor area of its assignments that have not ended [m²].
    """

    assignments: int = 0
    assigned_m2: float = 0.0
    buildings: int = 0
    documents: int = 0

    def __bool__(self) -> bool:
        return bool(self.assignments or self.buildings or self.documents)


NOTHING = Standing()


@dataclass(frozen=True)
class Come:
    """A row that the layer did not have.

    Parameters
    ----------
    key, number
        Its key in the workspace, and what people call it.
    row
        Row of the file, from 0.
    parents
        Keys of the parcels that most of it lay in before.
    """

    key: str
    number: str
    row: int
    area_m2: float | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gone:
    """A row of the layer that the file does not have.

    Parameters
    ----------
    stays
        Whether it is kept all the same, by the rule.
    """

    key: str
    number: str
    area_m2: float | None = None
    standing: Standing = NOTHING
    stays: bool = True


@dataclass(frozen=True)
class Changed:
    """A row that both have and that differs.

    Parameters
    ----------
    fields
        Columns that differ, the geometry not among them.
    area_before_m2, area_after_m2
        Planar area [m²]; None where its geometry did not change.
    moved_m2
        Area that only one of the two outlines covers [m²]; None where its geometry did not change.
    standing
        What stands on it and stays there.
    """

    key: str
    number: str
    row: int
    fields: tuple[FieldChange, ...] = ()
    area_before_m2: float | None = None
    area_after_m2: float | None = None
    moved_m2: float | None = None
    standing: Standing = NOTHING


@dataclass(frozen=True)
class Update:
    """What an import changes in a layer.

    Parameters
    ----------
    added, removed, changed
        In the order of the file, and of the layer for those removed.
    unchanged
        Keys of the rows that stay as they are.
    held
        Keys of the rows that stay as they are because the row of the file that matches them is rejected.
    table
        The layer's whole table as it is to be.
    drops
        Rows of other layers that go with the rows that go: assignments, buildings, documents.
    refusal
        Why it cannot be written before somebody chooses; None where it can.
    """

    rule: Rule
    added: tuple[Come, ...]
    removed: tuple[Gone, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[str, ...]
    held: tuple[str, ...]
    table: pd.DataFrame = field(repr=False, compare=False)
    drops: tuple[Key, ...] = ()
    refusal: StandingRefused | None = field(default=None, compare=False)

    @property
    def going(self) -> tuple[Gone, ...]:
        """Rows that really go."""
        return tuple(one for one in self.removed if not one.stays)

    @property
    def written(self) -> int:
        """Rows that are written: 0 when the file says what the layer holds already."""
        return len(self.added) + len(self.changed) + len(self.going)

    def report(self) -> dict[str, Any]:
        """The keys that it adds to the report of the command line."""
        return {
            "match": self.rule.match,
            "added": len(self.added),
            "removed": len(self.removed),
            "removed_kept": len(self.removed) - len(self.going),
            "changed": len(self.changed),
            "unchanged": len(self.unchanged),
            "held": len(self.held),
            "released_assignments": sum(one.standing.assignments for one in self.going),
            "changes": [
                *({"what": "added"} | _come(one) for one in self.added[:SHOWN]),
                *({"what": "removed"} | _gone(one) for one in self.removed[:SHOWN]),
                *({"what": "changed"} | _changed(one) for one in self.changed[:SHOWN]),
            ],
        }


def _come(one: Come) -> dict[str, Any]:
    return {"key": one.key, "label": one.number, "row": one.row, "area_m2": one.area_m2, "parents": [*one.parents]}


def _gone(one: Gone) -> dict[str, Any]:
    told = {"key": one.key, "label": one.number, "area_m2": one.area_m2, "kept": one.stays}
    return told | _stands(one.standing)


def _changed(one: Changed) -> dict[str, Any]:
    return {
        "key": one.key,
        "label": one.number,
        "row": one.row,
        "fields": [{"name": f.column, "before": f.old, "after": f.new} for f in one.fields],
        "area_before_m2": one.area_before_m2,
        "area_after_m2": one.area_after_m2,
        "moved_m2": one.moved_m2,
    } | _stands(one.standing)


def _stands(one: Standing) -> dict[str, Any]:
    return {
        "assignments": one.assignments,
        "assigned_m2": one.assigned_m2,
        "buildings": one.buildings,
        "documents": one.documents,
    }
