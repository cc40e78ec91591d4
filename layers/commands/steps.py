"""Steps from state to state: what follows what, on which day, and what is written down of it.

Projects, parcels and assignments move by the same rules: one step at a time, or a step that is skipped or taken back
with a reason; never before the step that went before; every one a row of the moves table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from layers.changes import RowChange, Scene
from layers.commands.errors import DayBeforeStep, ReasonMissing, StepRefused
from layers.errors import DateRefused
from layers.moves import MOVES
from layers.rows import added, rows
from layers.ruling import day
from layers.vocabulary import Terms, term
from layers.workspace import Workspace

_FIRST, _LAST = "1949-10-01", "2200-12-31"
"""Days between which a step can lie."""

LONGEST_REASON = 500
LONGEST_DOCUMENT = 200


@dataclass(frozen=True)
class Ladder:
    """States in their order, and the steps between them that need no reason.

    Parameters
    ----------
    follows
        What may follow a state without a reason; None is a row that has no state yet.
    never
        Pairs of states between which there is no step, whatever the reason.
    """

    terms: Terms
    follows: dict[str | None, tuple[str, ...]]
    never: frozenset[tuple[str | None, str]] = field(default_factory=frozenset)

    def rank(self, state: str | None) -> int:
        """Place of a state in the order, −1 for none."""
        return list(self.terms).index(state) if state in self.terms else -1

    def plain(self, state: str | None, to: str) -> bool:
        """Whether a step needs no reason."""
        return to in self.follows.get(state if state in self.terms else None, ())

    def possible(self, state: str | None, to: str) -> bool:
        """Whether there is such a step, with a reason or without."""
        return to in self.terms and to != state and (state, to) not in self.never

    def refuse(self, name: str, state: str | None, to: str, reason: str) -> None:
        """Refuse a step that there is not, or one that skips or goes back without a reason.

        Raises
        ------
        StepRefused, ReasonMissing
        """
        words = {
            "state": term(self.terms, state) or "—",
            "state_en": term(self.terms, state, "en") or "no state",
            "to": term(self.terms, to)[:40],
            "to_en": term(self.terms, to, "en")[:40],
        }
        if not self.possible(state, to):
            open_ = [one for one in self.terms if self.possible(state, one)]
            sign = {language: [term(self.terms, one, language) for one in open_] for language in ("zh-CN", "en")}
            known = {"known": "、".join(sign["zh-CN"]), "known_en": ", ".join(sign["en"])}
            raise StepRefused(where=name, name=name, **words, **known)
        if not self.plain(state, to) and not reason.strip():
            raise ReasonMissing(where=name, name=name, **words)


def last_day(workspace: Workspace, layer: str, key: str) -> str | None:
    """Day of the last step of a row; None where none is written down."""
    table = workspace.table("moves")
    mine = table[((table["layer"] == layer) & (table["row_key"] == key)).to_numpy(dtype=bool, na_value=False)]
    days = mine["moved_on"].dropna()
    return str(days.max()) if len(days) else None


def on_day(workspace: Workspace, layer: str, key: str, on: str, name: str) -> str:
    """The day of a step.

    Raises
    ------
    DateRefused, DayBeforeStep
    """
    when, before = day(on, "on"), last_day(workspace, layer, key)
    if not _FIRST <= when <= _LAST:
        raise DateRefused(where="on", value=when)
    if before is not None and when < before:
        raise DayBeforeStep(where=name, name=name, on=when, before=before)
    return when


@dataclass(frozen=True)
class Step:
    """One step, as it is written down.

    Parameters
    ----------
    at
        Layer and key of the row.
    """

    at: tuple[str, str]
    was: str | None
    to: str
    on: str
    reason: str = ""
    document: str = ""

    def kept(self, scene: Scene) -> RowChange:
        """The row of the moves table."""
        values = {
            "move_id": scene.mint("M"),
            "layer": self.at[0],
            "row_key": self.at[1],
            "from_state": self.was,
            "to_state": self.to,
            "moved_on": self.on,
            "reason": self.reason[:LONGEST_REASON] or None,
            "document": self.document[:LONGEST_DOCUMENT] or None,
            "moved_by": scene.actor or None,
            "moved_at": scene.at,
        }
        return added(MOVES.name, values)


def steps_of(workspace: Workspace, layer: str, keys: Sequence[str]) -> list[dict[str, Any]]:
    """Every step of some rows, the oldest first, as they are written down."""
    table = workspace.table("moves")
    mine = table[(table["layer"] == layer).to_numpy(dtype=bool, na_value=False) & table["row_key"].isin(list(keys))]
    ordered = mine.sort_values("moved_on", kind="stable")[list(MOVES.names)]
    return [{str(name): value for name, value in one.items()} for one in rows(ordered)]
