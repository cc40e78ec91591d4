"""Land supply (P4): a parcel goes from the land reserve into the plan of a year, is announced, sold and delivered."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field

from layers.changes import Key, Row, RowChange, Scene
from layers.commands.errors import SupplyRefused
from layers.commands.steps import LONGEST_DOCUMENT, LONGEST_REASON, Ladder, Step, on_day
from layers.commands.values import plain
from layers.rows import edited, row
from layers.vocabulary import PARCEL_STATUS, term
from layers.workspace import Workspace

Facts = Mapping[str, str | int | float | None]

_EVERY = tuple(PARCEL_STATUS)

SUPPLY_LADDER = Ladder(
    PARCEL_STATUS,
    follows={None: ("reserve", "planned")} | {was: (to,) for was, to in itertools.pairwise(_EVERY)},
)


@dataclass(frozen=True)
class Supply:
    """Move a parcel to another state of land supply.

    Parameters
    ----------
    to
        The next state; any other one needs a reason.
    on
        Day of the decision, ``YYYY-MM-DD``.
    year
        Year of the supply plan, where it is not known yet or another one.
    """

    parcel_id: str
    to: str
    on: str
    year: int | None = None
    document: str = ""
    reason: str = ""
    kind: str = field(default="supply", init=False)

    def rests_on(self) -> tuple[Key, ...]:
        """Nothing besides the parcel and what is assigned there."""
        return ()

    def changes(self, workspace: Workspace, scene: Scene) -> tuple[RowChange, ...]:
        """The parcel in its new state, and the step.

        Raises
        ------
        NothingSuch, StepRefused, ReasonMissing, SupplyRefused, DateRefused, DayBeforeStep, ValueUnfit
        """
        found = row(workspace, "parcels", self.parcel_id)
        was, name = found.get("status"), _name(found)
        SUPPLY_LADDER.refuse(name, was, self.to, self.reason)
        on = on_day(workspace, "parcels", self.parcel_id, self.on, name)
        values = plain("parcels", {"supply_year": self.year} if self.year is not None else {}) | {"status": self.to}
        if self.to == "reserve" and was is not None:
            values["supply_year"] = None  # what went back to the reserve is in no plan
        self._guard(workspace, found, values)
        at = ("parcels", self.parcel_id)
        step = Step(at, was, self.to, on, self.reason, self.document)
        return (edited(workspace, "parcels", self.parcel_id, values), step.kept(scene))

    def facts(self, workspace: Workspace) -> Facts:
        """Which parcel, from which state to which, in which plan, when, why and by which document."""
        found = row(workspace, "parcels", self.parcel_id)
        return {
            "parcel": _name(found),
            "was_status": found.get("status"),
            "status": self.to,
            "supply_year": None if self.year is None else str(self.year),
            "on": self.on,
            "reason": self.reason[:LONGEST_REASON] or None,
            "document": self.document[:LONGEST_DOCUMENT] or None,
        }

    def _guard(self, workspace: Workspace, found: Row, values: Mapping[str, object]) -> None:
        after = {**found, **values}
        rank = SUPPLY_LADDER.rank(self.to)
        if rank >= SUPPLY_LADDER.rank("planned") and after.get("supply_year") is None:
            raise self._refused(
                found,
                ("没有列入任何年度的供应计划", "it is in the supply plan of no year"),
                ("填写供应计划年度", "Give the year of the supply plan"),
            )
        if rank >= SUPPLY_LADDER.rank("sold") and not found.get("supply_mode"):
            raise self._refused(
                found,
                ("没有供应方式", "it has no supply mode"),
                (
                    "先填写供应方式：出让、租赁、先租后让等",
                    "Say first how it is supplied: transfer, lease or another",
                ),
            )
        if rank < SUPPLY_LADDER.rank("sold") <= SUPPLY_LADDER.rank(found.get("status")):
            signed = self._signed(workspace)
            if signed:
                raise self._refused(
                    found,
                    (f"其上有 {signed} 条已签约的落位", f"{signed} assignments there are signed"),
                    ("先办理这些项目的退出或撤回落位", "Let these projects leave or take the assignments back first"),
                )

    def _signed(self, workspace: Workspace) -> int:
        given = workspace.table("assignments")
        here = (given["parcel_id"] == self.parcel_id) & given["stage"].isin(
            ("signed", "under_construction", "completed")
        )
        return int(here.sum())

    def _refused(self, found: Row, reason: tuple[str, str], cure: tuple[str, str]) -> SupplyRefused:
        words = {"to": term(PARCEL_STATUS, self.to), "to_en": term(PARCEL_STATUS, self.to, "en")}
        told = {"reason": reason[0], "reason_en": reason[1], "cure": cure[0], "cure_en": cure[1]}
        return SupplyRefused(where=_name(found), parcel=_name(found), **words, **told)


def _name(found: Row) -> str:
    return str(found.get("parcel_no") or found["parcel_id"])
