"""Changing one assumption: its value, its range and where both come from, as one act that can be undone."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.editing import frozen
from layers.commands.errors import AssumptionRefused, ColumnRefused
from layers.commands.values import plain
from layers.rows import edited, row
from layers.workspace import Workspace

MAY_CHANGE = ("value", "low", "high", "source", "confidence", "note")
"""What may be changed of an assumption; what it is called and measured in stays."""

_REASONS = {
    "empty": ("要有取值", "it needs a value"),
    "low": ("低值 {low} 大于取值 {value}", "low {low} is above the value {value}"),
    "high": ("高值 {high} 小于取值 {value}", "high {high} is below the value {value}"),
    "negative": ("不能小于 0：{number}", "it cannot be below 0: {number}"),
    "nothing": ("要大于 0：{number}", "it has to be above 0: {number}"),
    "share": ("比例不能大于 1：{number}", "a share cannot be above 1: {number}"),
    "full": ("空置率要小于 1：{number}", "vacancy has to be below 1: {number}"),
}
_ABOVE_NOTHING = ("floor_area_per_", "efficiency", "storey_height")
"""What something is divided by, or a person or storey needs: none of it can be 0."""


@dataclass(frozen=True)
class Assume:
    """Give an assumption another value, range, source, confidence or note.

    Parameters
    ----------
    values
        Any of `MAY_CHANGE` with its new value; None takes it away.
    """

    assumption_id: str
    values: tuple[tuple[str, Any], ...]
    kind: str = field(default="assumptions", init=False)

    @classmethod
    def of(cls, assumption_id: str, **values: Any) -> Assume:
        """The same from keyword arguments."""
        return cls(assumption_id, frozen(values))

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the row."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:  # noqa: ARG002
        """The row with its new values.

        Raises
        ------
        NothingSuch, ColumnRefused, ValueUnfit, AssumptionRefused
        """
        for name, _ in self.values:
            if name not in MAY_CHANGE:
                raise ColumnRefused(where="assumptions", column=str(name)[:40])
        change = edited(workspace, "assumptions", self.assumption_id, plain("assumptions", self.values))
        _refuse(change.after or {})
        return (change,)

    def facts(self, workspace: Workspace) -> Mapping[str, str | int | float | None]:
        """Which assumption, and its columns."""
        found = row(workspace, "assumptions", self.assumption_id)
        name = str(found.get("meaning") or found.get("name") or self.assumption_id)
        told: dict[str, str | int | float | None] = {"layer": "assumptions", "name": name}
        return told | {"columns": ", ".join(name for name, _ in self.values)}


def _refuse(after: Row) -> None:
    """Refuse a row that contradicts itself or that no formula can use.

    Raises
    ------
    AssumptionRefused
    """
    numbers = {name: after[name] for name in ("value", "low", "high") if after.get(name) is not None}
    value = numbers.get("value")
    if value is None:
        raise _refused(after, "empty")
    if value < numbers.get("low", -math.inf):
        raise _refused(after, "low", **numbers)
    if value > numbers.get("high", math.inf):
        raise _refused(after, "high", **numbers)
    name = str(after.get("name"))
    for number in numbers.values():
        if number < 0:
            raise _refused(after, "negative", number=number)
        if number == 0 and name.startswith(_ABOVE_NOTHING):
            raise _refused(after, "nothing", number=number)
        if name == "vacancy" and number >= 1:
            raise _refused(after, "full", number=number)
        if number > 1 and after.get("basis") == "share" and not name.startswith("service_need"):
            raise _refused(after, "share", number=number)


def _refused(after: Row, reason: str, **numbers: float) -> AssumptionRefused:
    zh, en = (text.format(**{name: f"{number:g}" for name, number in numbers.items()}) for text in _REASONS[reason])
    where = str(after.get("assumption_id"))[:60]
    return AssumptionRefused(where=where, name=str(after.get("meaning") or where)[:60], reason=zh, reason_en=en)
