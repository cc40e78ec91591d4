"""Which rules held on a day, and which assignments they would not allow."""

from __future__ import annotations

import calendar
import dataclasses
import datetime
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.accounts import books
from layers.conditions import TRANSFERS, Short, Unjudged, judged
from layers.errors import DateRefused
from layers.ground import overlaid, serving
from layers.matching import for_support_alone
from layers.workspace import Workspace

UNDER = 0.01
"""Share of a parcel under a constraint from which a rule for that constraint holds."""

LEASE_YEARS = 5.0
"""Years that a lease which is to become a transfer may last where no rule of the day says another number."""

_SAME = ["rule", "supply_mode", "for_class", "constraint_kind"]
_NEAR = 1e-9


@dataclass(frozen=True)
class Breach:
    """An assignment that a rule does not allow as it is.

    Parameters
    ----------
    rule_id, pack
        The rule that says so.
    rule
        What it rules, a key of `vocabulary.RULES`.
    value, limit
        What the assignment has, and what the rule allows at most or at least, in the unit of the rule: years, or a
        share of the parcel's floor area for `support_share`; for `no_transfer` 1 against 0; for `price_floor` and
        `entry` in the unit of the measure.
    classes
        Classes of which one has to be shown for it to be allowed; none where nothing allows it.
    measure
        Kind of milestone that a price or a condition of entry is about; None for all other rules.
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
    measure: str | None = None


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


def day(text: str, where: str = "--on") -> str:
    """A day as ISO 8601, written out: ``YYYY-MM-DD``.

    Raises
    ------
    DateRefused

    Examples
    --------
    >>> day("2022-09-09")
    '2022-09-09'
    """
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return datetime.date.fromisoformat(text).isoformat()
    except (ValueError, TypeError) as error:
        raise DateRefused(where=where, value=str(text)[:40]) from error


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
    about = valid[_SAME].assign(measure=valid["unit"].where(valid["rule"] == "entry"))
    return valid[~about.duplicated(keep="last").to_numpy(dtype=bool)].sort_values(
        ["pack", "rule_id"], kind="stable", ignore_index=True
    )


def breaches(workspace: Workspace, on: str) -> list[Breach]:
    """Assignments that the rules of a day do not allow, rule by rule, in the order of their table.

    Terms: a rule for everybody limits every assignment of its mode; a rule for a class allows more (or asks for more)
    to whoever shows that class; a rule for a constraint holds on land under it whatever the class. Then a lease that
    was to become a transfer and has lasted too long, support beyond its share of a parcel, the land of a platform
    that is transferred, and a price or a condition of entry that the promises of an assignment fall short of.
    """
    return judge(workspace, on)[0]


def judge(workspace: Workspace, on: str) -> tuple[list[Breach], list[Unjudged]]:
    """As `breaches`, and what a price floor or a condition of entry cannot be judged of."""
    rules, given = in_force(workspace, on), workspace.table("assignments")
    found = [*_terms(workspace, rules), *_leases(workspace, rules, on)]
    found += [*_support(workspace, rules), *_transfers(workspace, rules)]
    under = {kind: share >= UNDER for kind, share in _under(workspace, rules).items()}
    promises = list(judged(workspace, rules, under))
    for one in (one for one in promises if isinstance(one, Short)):
        short = _of(given.iloc[one.row], one.rule, one.value, one.limit)
        found.append(dataclasses.replace(short, measure=one.measure))
    return found, [one for one in promises if isinstance(one, Unjudged)]


def term_breach(workspace: Workspace, assignment_id: str, on: str) -> Breach | None:
    """Which rule the term of one assignment breaks on a day; None where it keeps to all of them."""
    return next(iter(_terms(workspace, in_force(workspace, on), assignment_id)), None)


def lease_limit(workspace: Workspace, on: str) -> tuple[float, str | None]:
    """How many years a lease that is to become a transfer may last on a day, and the document that says so."""
    rule = _first(in_force(workspace, on), "lease_phase")
    return (LEASE_YEARS, None) if rule is None or pd.isna(rule.high) else (float(rule.high), str(rule.pack))


def years_between(first: str, last: str) -> float:
    """Years from one day to another, whole ones on the anniversary.

    >>> years_between("2021-05-12", "2026-05-12"), round(years_between("2021-05-12", "2026-05-13"), 4)
    (5.0, 5.0027)
    """
    start, end = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
    whole = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    day_ = min(start.day, calendar.monthrange(start.year + whole, start.month)[1])
    return whole + (end - datetime.date(start.year + whole, start.month, day_)).days / 365.0


def _terms(workspace: Workspace, rules: pd.DataFrame, only: str | None = None) -> list[Breach]:
    rules = rules[(rules["rule"] == "term").to_numpy(dtype=bool)]
    given = workspace.table("assignments")
    which = given["term_years"].notna().to_numpy(dtype=bool) & _live(given)
    mine = given[which if only is None else which & (given["assignment_id"] == only).to_numpy(dtype=bool)]
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


def _leases(workspace: Workspace, rules: pd.DataFrame, on: str) -> list[Breach]:
    """Leases that were to become a transfer and did not in time."""
    rule, given = _first(rules, "lease_phase"), workspace.table("assignments")
    if rule is None or pd.isna(rule.high):
        return []
    leased = (given["supply_mode"] == "lease_then_transfer").to_numpy(dtype=bool, na_value=False)
    begun = (given["valid_from"].notna() & (given["valid_from"].astype("str") <= on)).to_numpy(dtype=bool)
    found = []
    for row in np.flatnonzero(leased & begun & _live(given)).tolist():
        lasted = years_between(str(given["valid_from"].iloc[row]), on)
        if lasted > rule.high + _NEAR:
            found.append(_of(given.iloc[row], rule, round(lasted, 2), float(rule.high)))
    return found


def _support(workspace: Workspace, rules: pd.DataFrame) -> list[Breach]:
    """Support beyond its share of the floor area that a parcel may carry; the largest assignment stands for it."""
    rule, given = _first(rules, "support_share"), workspace.table("assignments")
    if rule is None or pd.isna(rule.high) or not len(given):
        return []
    assigned = serving.assigned_support(workspace)
    permitted = books(workspace).parcels().permitted
    some = (permitted > 0) & ~for_support_alone(workspace)
    share = np.divide(assigned.by_parcel, permitted, out=np.zeros(len(permitted)), where=some)
    found = []
    for parcel in np.flatnonzero(share > rule.high + _NEAR).tolist():
        here = np.flatnonzero(assigned.parcel == parcel)
        largest = here[int(np.argmax(assigned.area[here]))]
        found.append(_of(given.iloc[largest], rule, float(share[parcel]), float(rule.high)))
    return found


def _transfers(workspace: Workspace, rules: pd.DataFrame) -> list[Breach]:
    """Floor area on land that a platform holds itself, transferred where it may be leased only."""
    rule, given = _first(rules, "no_transfer"), workspace.table("assignments")
    held = workspace.table("parcels")["held_by"].notna().to_numpy(dtype=bool)
    if rule is None or not held.any():
        return []
    parcel = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    away = given["supply_mode"].isin(TRANSFERS).to_numpy(dtype=bool)
    rows = np.flatnonzero((parcel >= 0) & np.append(held, False)[parcel] & away & _live(given))
    return [_of(given.iloc[row], rule, 1.0, 0.0) for row in rows.tolist()]


def _first(rules: pd.DataFrame, kind: str) -> Any:
    """The rule of a kind that holds; None where there is none."""
    return next(rules[(rules["rule"] == kind).to_numpy(dtype=bool)].itertuples(index=False), None)


def _live(given: pd.DataFrame) -> np.ndarray:
    return (given["stage"] != "vacated").to_numpy(dtype=bool)


def _of(one: Any, rule: Any, value: float, limit: float) -> Breach:
    return Breach(
        assignment_id=str(one["assignment_id"]),
        parcel_id=str(one["parcel_id"]),
        project_id=str(one["project_id"]),
        rule_id=str(rule.rule_id),
        pack=str(rule.pack),
        rule=str(rule.rule),
        value=value,
        limit=limit,
    )


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
    broken, unjudged = judge(workspace, on)
    return {
        "on": on,
        "packs": sorted({str(rule["pack"]) for rule in rules}),
        "rules": rules,
        "breaches": [
            {**vars(one), "classes": list(one.classes), "parcel_no": parcels.get(one.parcel_id)} for one in broken
        ],
        "unjudged": [{**vars(one), "parcel_no": parcels.get(one.parcel_id)} for one in unjudged],
    }
