"""Which rules held on a day, and which assignments they would not allow."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.commands.errors import DateRefused
from layers.ground import overlaid
from layers.workspace import Workspace

UNDER = 0.01
"""Share of a parcel under a constraint from which a rule for that constraint holds."""

_SAME = ["rule", "supply_mode", "for_class", "constraint_kind"]
_NEAR = 1e-9


@dataclass(frozen=True)
class Breach:
    """An assignment that a rule does not allow as it is.

    Parameters
    ----------
    rule_id, pack
        The rule that says so.
    value, limit
        What the assignment has, and what the rule allows at most or at least.
    classes
        Classes of which one has to be shown for it to be allowed; none where nothing allows it.
    """

    assignment_id: str
    parcel_id: str
    project_id: str
    rule_id: str
    pack: str
    rule: str
    value: float
    limit: float
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pack:
    """A document with rules.

    Parameters
    ----------
    valid_from, valid_to
        First day of its first rule and last of its last; None until further notice.
    rules, verified, holds
        How many rules it has, of how many somebody compared the text with the document, and how many hold on the day
        that was asked for.
    """

    pack: str
    name: str
    valid_from: str
    valid_to: str | None
    rules: int
    verified: int
    holds: int


def day(text: str) -> str:
    """A day as ISO 8601.

    Raises
    ------
    DateRefused

    Examples
    --------
    >>> day("2022-09-09")
    '2022-09-09'
    """
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise DateRefused(where="--on", value=text[:40]) from error


def in_force(workspace: Workspace, on: str) -> pd.DataFrame:
    """Rules that hold on a day, by document; of rules about the same thing the youngest alone.

    Parameters
    ----------
    on
        ISO 8601; days compare as their texts do.
    """
    table = workspace.table("rulepacks")
    since, until = table["valid_from"].astype("str"), table["valid_to"].astype("str")
    holds = (since <= on) & (table["valid_to"].isna() | (until >= on))
    valid = table[holds.to_numpy(dtype=bool)].sort_values("valid_from", kind="stable")
    return valid.drop_duplicates(_SAME, keep="last").sort_values(
        ["pack", "rule_id"], kind="stable", ignore_index=True
    )


def breaches(workspace: Workspace, on: str) -> list[Breach]:
    """Assignments whose term the rules of a day do not allow, in the order of their table.

    A rule for everybody limits every assignment of its mode; a rule for a class allows more (or asks for more) to
    whoever shows that class; a rule for a constraint holds on land under it whatever the class.
    """
    rules = in_force(workspace, on)
    rules = rules[(rules["rule"] == "term").to_numpy(dtype=bool)]
    given = workspace.table("assignments")
    mine = given[(given["term_years"].notna() & (given["stage"] != "vacated")).to_numpy(dtype=bool)]
    if rules.empty or mine.empty:
        return []
    under, terms = _under(workspace, rules), [_term(rule) for rule in rules.to_dict("records")]
    parcel = workspace.parcel_index.get_indexer(pd.Index(mine["parcel_id"]))
    found = []
    for row, one in zip(parcel.tolist(), mine.to_dict("records"), strict=True):
        mode = None if pd.isna(one["supply_mode"]) else str(one["supply_mode"])
        here = {kind for kind, share in under.items() if row >= 0 and share[row] >= UNDER}
        breach = _breach(one, [rule for rule in terms if rule.mode in (None, mode)], here)
        if breach is not None:
            found.append(breach)
    return found


def changed_by(workspace: Workspace, before: str, after: str) -> tuple[list[Breach], list[Breach]]:
    """What the rules of another day would break that holds today, and what they would allow that does not."""
    first, second = (
        {(one.assignment_id, one.limit, one.classes): one for one in breaches(workspace, on)}
        for on in (before, after)
    )
    broken = [one for key, one in second.items() if key not in first]
    return broken, [one for key, one in first.items() if key not in second]


def _under(workspace: Workspace, rules: pd.DataFrame) -> dict[str, np.ndarray]:
    kinds = sorted(set(rules["constraint_kind"].dropna()))
    return {str(kind): overlaid.shares(workspace, str(kind)) for kind in kinds}


@dataclass(frozen=True)
class _Term:
    """A rule about terms; None is for all, or no bound."""

    rule_id: str
    pack: str
    mode: str | None
    of_class: str | None
    kind: str | None
    low: float | None
    high: float | None

    def beyond(self, value: float) -> float | None:
        """The bound that a value lies beyond, None where it keeps to both."""
        if self.high is not None and value > self.high + _NEAR:
            return self.high
        return self.low if self.low is not None and value < self.low - _NEAR else None


def _term(rule: dict[Any, Any]) -> _Term:
    mode, of_class, kind, low, high = (
        None if pd.isna(rule[name]) else rule[name]
        for name in ("supply_mode", "for_class", "constraint_kind", "low", "high")
    )
    return _Term(str(rule["rule_id"]), str(rule["pack"]), mode, of_class, kind, low, high)


def _breach(one: dict[Any, Any], rules: list[_Term], here: set[str]) -> Breach | None:
    term = float(one["term_years"])
    on_this_land = [rule for rule in rules if rule.kind in here]
    everywhere = [rule for rule in rules if rule.kind is None]
    allowing = sorted({rule.of_class for rule in everywhere if rule.of_class and rule.beyond(term) is None})
    for which, classes in ((on_this_land, []), ([rule for rule in everywhere if rule.of_class is None], allowing)):
        for rule in which:
            limit = rule.beyond(term)
            if limit is not None:
                return Breach(
                    assignment_id=str(one["assignment_id"]),
                    parcel_id=str(one["parcel_id"]),
                    project_id=str(one["project_id"]),
                    rule_id=rule.rule_id,
                    pack=rule.pack,
                    rule="term",
                    value=term,
                    limit=limit,
                    classes=tuple(classes),
                )
    return None


def packs(workspace: Workspace, on: str) -> list[Pack]:
    """Every document with rules, the youngest first."""
    held = set(in_force(workspace, on)["rule_id"])
    found = []
    for pack, mine in workspace.table("rulepacks").groupby("pack", sort=False):
        ends, names = mine["valid_to"], mine["name"].dropna()
        found.append(
            Pack(
                pack=str(pack),
                name=str(names.iloc[0]) if len(names) else "",
                valid_from=str(mine["valid_from"].min()),
                valid_to=None if ends.isna().any() else str(ends.max()),
                rules=len(mine),
                verified=int(mine["verified"].fillna(False).sum()),
                holds=int(mine["rule_id"].isin(held).sum()),
            )
        )
    return sorted(found, key=lambda one: one.valid_from, reverse=True)


def rules_of(workspace: Workspace, on: str) -> list[dict[str, Any]]:
    """Rules of a day as plain rows; a clause only where somebody compared it with its document."""
    rows = []
    for rule in in_force(workspace, on).to_dict("records"):
        row = {str(key): None if pd.isna(value) else value for key, value in rule.items()}
        row["verified"] = bool(row["verified"])
        rows.append(row | {"clause": row["clause"] if row["verified"] else None})
    return rows


def told(workspace: Workspace, on: str) -> dict[str, Any]:
    """Rules of a day and what they break, in the words of the command line; a clause only where it is verified."""
    rules = rules_of(workspace, on)
    parcels = workspace.table("parcels").set_index("parcel_id")["parcel_no"]
    return {
        "on": on,
        "packs": sorted({str(rule["pack"]) for rule in rules}),
        "rules": rules,
        "breaches": [
            {**vars(one), "classes": list(one.classes), "parcel_no": parcels.get(one.parcel_id)}
            for one in breaches(workspace, on)
        ],
    }
