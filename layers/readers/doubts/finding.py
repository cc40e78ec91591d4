"""One thing that a file makes us doubt: what shows it, how much it matters, and what would cure it.

A cure is a change of the wish. The user confirms it, the wish becomes another, and the file is read again with that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from layers.readers.columns import Units
from layers.readers.doubts.words import CURES, SENTENCES, UNITS
from layers.readers.row_names import Name, spoken
from layers.readers.wish import Wish

Weight = Literal["stops", "asks", "tells"]
"""``stops``: nothing comes in before it is settled; ``asks``: the user should decide; ``tells``: good to know."""

_EXAMPLES, _BESIDE = 20, 3
_ROWS = ("worst_row", "first_of")
"""Evidence that is a row, counted from 0; sentences call it as the file does."""


@dataclass(frozen=True)
class Cure:
    """A change of the wish, by name.

    Parameters
    ----------
    name
        What kind of change it is: a key of the words of cures.
    changes
        Field of the wish to its new value. Mappings, sets of rows and units are added to those that are there.
    facts
        What its line mentions.

    Examples
    --------
    >>> Cure("datum", {"datum": "gcj02"}, {"datum": "GCJ-02"}).line("en")
    'Read it as GCJ-02 and take the shift out'
    """

    name: str
    changes: Mapping[str, Any]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def line(self, language: str = "zh-CN") -> str:
        """What it does, in one line."""
        column = _named(self.facts.get("column"), self.facts.get("label", ""), language)
        return _said(CURES[self.name], language, {**self.facts, "column": column})

    def apply(self, wish: Wish) -> Wish:
        """The wish with the change."""
        return replace(wish, **{name: _added(getattr(wish, name), new) for name, new in self.changes.items()})


@dataclass(frozen=True)
class Finding:
    """One doubt about a file.

    Parameters
    ----------
    code
        Stable name; a key of the words of findings.
    severity
        How much it matters.
    evidence
        Numbers, samples and names that show it.
    column
        Column that it is about: ours where it has one, else of the source; ``geometry`` for shapes.
    rows
        Rows that it is about, counted from 0; empty where the whole file or column is meant.
    cure
        What would settle it; None where only people can.
    label
        The column's Chinese name, where it has one.
    names
        What people call the rows that are mentioned; the others are counted from 1.
    """

    code: str
    severity: Weight
    evidence: Mapping[str, Any] = field(default_factory=dict)
    column: str | None = None
    rows: tuple[int, ...] = ()
    cure: Cure | None = None
    label: str = ""
    names: Mapping[int, Name] = field(default_factory=dict)

    @property
    def mentioned(self) -> tuple[int, ...]:
        """Rows that its sentence may name, and those that are listed."""
        named = [self.evidence[key] for key in _ROWS if isinstance(self.evidence.get(key), int)]
        return tuple(dict.fromkeys([*self.rows[:_EXAMPLES], *named, *self._together]))

    @property
    def _together(self) -> list[int]:
        """Rows of the largest of its faults."""
        faults = self.evidence.get("listed")
        return list(faults[0]["rows"])[:_BESIDE] if faults else []

    def _called(self, row: int, language: str) -> str:
        return spoken(self.names.get(row, (row + 1, "")), language)

    def sentence(self, language: str = "zh-CN") -> str:
        """The evidence as one sentence."""
        facts = {
            "column": _named(self.column, self.label, language),
            "count": len(self.rows),
            "first": self._called(self.rows[0], language) if self.rows else "—",
            "whose": ("与" if language == "zh-CN" else " and ").join(
                self._called(row, language) for row in self._together
            ),
        }
        named = {key: self._called(self.evidence[key], language) for key in _ROWS if key in self.evidence}
        return _said(SENTENCES[self.code], language, facts | dict(self.evidence) | named)

    def told(self, language: str = "zh-CN") -> dict[str, Any]:
        """The finding in the words of the command line."""
        cure, at = self.cure, 0 if language == "zh-CN" else 1
        return {
            "code": self.code,
            "severity": self.severity,
            "column": self.column,
            "count": len(self.rows),
            "rows": list(self.rows[:_EXAMPLES]),
            "named": [self._called(row, language) for row in self.rows[:_EXAMPLES]],
            "evidence": {key: value[at] if _is_pair(value) else value for key, value in self.evidence.items()},
            "message": self.sentence(language),
            "cure": None if cure is None else {"name": cure.name, "line": cure.line(language)},
        }


def cured(wish: Wish, findings: Iterable[Finding], codes: Iterable[str] = ("all",)) -> Wish:
    """The wish with the cures of these findings.

    Parameters
    ----------
    codes
        Codes of findings whose cures the user confirms; ``all`` for every one.
    """
    wanted = set(codes)
    for finding in findings:
        if finding.cure is not None and wanted & {"all", finding.code}:
            wish = finding.cure.apply(wish)
    return wish


def _added(old: Any, new: Any) -> Any:
    if isinstance(new, Mapping):
        return {**old, **new}
    if isinstance(new, frozenset):
        return old | new
    if isinstance(new, Units):
        return Units(new.area or old.area, new.length or old.length, {**old.columns, **new.columns})
    return new


def _named(column: str | None, label: str, language: str) -> str:
    return label if label and language == "zh-CN" else column or ""


def _said(pair: tuple[str, str], language: str, facts: Mapping[str, Any]) -> str:
    place = 0 if language == "zh-CN" else 1
    units = {key: UNITS[value][place] for key, value in facts.items() if key in _OF_UNITS and value in UNITS}
    units |= {key: value[place] for key, value in facts.items() if _is_pair(value)}
    return pair[place].format_map({**facts, **units})


def _is_pair(value: Any) -> bool:
    """Whether a fact is said in both languages."""
    return isinstance(value, tuple) and len(value) == 2 and all(isinstance(one, str) for one in value)


_OF_UNITS = ("unit", "told")
