"""Rules about what an assignment has promised: the least price of land, and the conditions of entry."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from layers.milestones import QUANTITIES, in_our_unit
from layers.workspace import Workspace

TRANSFERS = ("transfer", "flexible_transfer", "agreement", "lease_then_transfer")
"""Supply modes that transfer the land or are to do so; what is let has no price of land."""

NO_NUMBER, NO_CLASS, NO_TERM = "number", "class", "term"
"""Why nothing can be judged, besides a figure that was not promised: the rule sets no number, it is for a class that
nobody has shown, or the term is not known that a price rests on."""

_NEAR = 1e-9


@dataclass(frozen=True)
class Unjudged:
    """An assignment that a rule is about and of which nothing can be said.

    Parameters
    ----------
    missing
        What it would take: a kind of milestone whose figure is missing, or `NO_NUMBER`, `NO_CLASS` or `NO_TERM`.
    """

    assignment_id: str
    parcel_id: str
    rule_id: str
    pack: str
    rule: str
    missing: str


@dataclass(frozen=True)
class Short:
    """An assignment, by its row, whose promise lies beyond a rule; value and limit in the unit of the measure."""

    row: int
    rule: Any
    measure: str
    value: float
    limit: float


def measure_of(unit: object) -> str | None:
    """The kind of promise that a unit tells; None where none has it.

    >>> measure_of("亿元/万m2"), measure_of("%"), measure_of(None)
    ('investment', 'research_share', None)
    """
    if not isinstance(unit, str):
        return None
    plain = unicodedata.normalize("NFKC", unit)
    return next((kind for kind, own in QUANTITIES.items() if unicodedata.normalize("NFKC", own) == plain), None)


def judged(workspace: Workspace, rules: pd.DataFrame, under: dict[str, np.ndarray]) -> Iterator[Short | Unjudged]:
    """Assignments that promise less than the rules of a day ask for, and those of which nothing can be said.

    A price floor is so much of the 50-year price for each year of the term. A condition of entry says in its unit
    which promise it is about. What was promised more than once counts with the most.

    Parameters
    ----------
    under
        Whether each parcel lies under a kind of constraint, boolean, shape (n_parcels,).
    """
    given = workspace.table("assignments")
    live = (given["stage"] != "vacated").to_numpy(dtype=bool)
    parcel = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    promised = _promised(workspace)
    about = rules["rule"].isin(["price_floor", "entry"]).to_numpy(dtype=bool)
    rule: Any
    for rule in rules[about].itertuples(index=False):
        mine = live & _for_mode(given["supply_mode"], rule)
        if not pd.isna(rule.constraint_kind):
            mine &= (parcel >= 0) & np.append(under[str(rule.constraint_kind)], False)[parcel]
        for row in np.flatnonzero(mine).tolist():
            found = _judge(row, given, rule, promised)
            if found is not None:
                yield found


def _for_mode(modes: pd.Series, rule: Any) -> np.ndarray:
    """Assignments that a rule is for; one of which nobody said how it is supplied may be any."""
    if not pd.isna(rule.supply_mode):
        return (modes == rule.supply_mode).to_numpy(dtype=bool, na_value=False)
    if rule.rule == "price_floor":
        return (modes.isin(TRANSFERS) | modes.isna()).to_numpy(dtype=bool, na_value=False)
    return np.ones(len(modes), dtype=bool)


def _judge(
    row: int, given: pd.DataFrame, rule: Any, promised: dict[tuple[str, str], float]
) -> Short | Unjudged | None:
    one = given.iloc[row]

    def unjudged(missing: str) -> Unjudged:
        where = str(one["assignment_id"]), str(one["parcel_id"])
        return Unjudged(*where, str(rule.rule_id), str(rule.pack), str(rule.rule), missing)

    price = rule.rule == "price_floor"
    measure = "land_price" if price else measure_of(rule.unit)
    low, high = (None if pd.isna(value) else float(value) for value in (rule.low, rule.high))
    if measure is None or (low is None and high is None):
        return unjudged(NO_NUMBER)
    if not pd.isna(rule.for_class):
        return unjudged(NO_CLASS)
    value = promised.get((str(one["assignment_id"]), measure))
    if value is None:
        return unjudged(measure)
    if price:
        if pd.isna(one["term_years"]):
            return unjudged(NO_TERM)
        per_year = 100.0 * float(one["term_years"])
        low, high = (None if bound is None else bound * per_year for bound in (low, high))
    for limit, beyond in (
        (low, low is not None and value < low - _NEAR),
        (high, high is not None and value > high + _NEAR),
    ):
        if beyond and limit is not None:
            return Short(row, rule, measure, value, limit)
    return None


def _promised(workspace: Workspace) -> dict[tuple[str, str], float]:
    """What each assignment promised of each kind, where it is told in the unit of that kind."""
    table = workspace.table("milestones")
    found: dict[tuple[str, str], float] = {}
    columns = (table[name] for name in ("assignment_id", "kind", "promised", "unit"))
    for key, kind, value, unit in zip(*columns, strict=True):
        if not pd.isna(value) and in_our_unit(str(kind), unit):
            at = (str(key), str(kind))
            found[at] = max(found.get(at, 0.0), float(value))
    return found
