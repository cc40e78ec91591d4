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
    rows = np.flatnonzero((given["term_years"].notna() & (given["stage"] != "vacated")).to_numpy(dtype=bool))
    if rules.empty or not len(rows):
        return []
    under = _under(workspace, rules)
    parcel = workspace.parcel_index.get_indexer(pd.Index(given["parcel_id"]))
    found = []
    for row in rows.tolist():
        one = given.iloc[row]
        mine = rules[
            (rules["supply_mode"].isna() | (rules["supply_mode"] == one["supply_mode"])).to_numpy(dtype=bool)
        ]
        here = [kind for kind, share in under.items() if parcel[row] >= 0 and share[parcel[row]] >= UNDER]
        breach = _breach(one, mine, here)
        if breach is not None:
            found.append(breach)
    return found


def changed_by(workspace: Workspace, before: str, after: str) -> tuple[list[Breach], list[Breach]]:
    """What the rules of another day would break that holds today, and what they would allow that does not."""
    first, second = (
        {(one.assignment_id, one.limit, one.classes): one for one in breaches(workspace, on)}
        for on in (before, after)
    )
    return [second[key] for key in second.keys() - first.keys()], [first[key] for key in first.keys() - second.keys()]


def _under(workspace: Workspace, rules: pd.DataFrame) -> dict[str, np.ndarray]:
    kinds = sorted(set(rules["constraint_kind"].dropna()))
    return {str(kind): overlaid.shares(workspace, str(kind)) for kind in kinds}


def _breach(one: Any, rules: pd.DataFrame, here: list[str]) -> Breach | None:
    term = float(one["term_years"])
    everywhere = rules["constraint_kind"].isna()
    on_this_land = rules["constraint_kind"].isin(here)
    for_classes = rules[(everywhere & rules["for_class"].notna()).to_numpy(dtype=bool)]
    allowing = sorted(
        {str(rule.for_class) for rule in for_classes.itertuples(index=False) if _beyond(term, rule) is None}
    )
    for which, classes in ((on_this_land, []), (everywhere & rules["for_class"].isna(), allowing)):
        for rule in rules[which.to_numpy(dtype=bool)].itertuples(index=False):
            limit = _beyond(term, rule)
            if limit is not None:
                return Breach(
                    assignment_id=str(one["assignment_id"]),
                    parcel_id=str(one["parcel_id"]),
                    project_id=str(one["project_id"]),
                    rule_id=str(rule.rule_id),
                    pack=str(rule.pack),
                    rule=str(rule.rule),
                    value=term,
                    limit=limit,
                    classes=tuple(classes),
                )
    return None


def _beyond(value: float, rule: Any) -> float | None:
    """The bound of a rule that a value lies beyond, None where it keeps to both."""
    if not pd.isna(rule.high) and value > rule.high + _NEAR:
        return float(rule.high)
    return float(rule.low) if not pd.isna(rule.low) and value < rule.low - _NEAR else None


def told(workspace: Workspace, on: str) -> dict[str, Any]:
    """Rules of a day and what they break, in the words of the command line; a clause only where it is verified."""
    rules = in_force(workspace, on)
    parcels = workspace.table("parcels").set_index("parcel_id")["parcel_no"]
    rows = []
    for rule in rules.to_dict("records"):
        row = {str(key): None if pd.isna(value) else value for key, value in rule.items()}
        row["verified"] = bool(row["verified"])
        rows.append(row | {"clause": row["clause"] if row["verified"] else None})
    return {
        "on": on,
        "packs": sorted(set(rules["pack"].astype("str"))),
        "rules": rows,
        "breaches": [
            {**vars(one), "classes": list(one.classes), "parcel_no": parcels.get(one.parcel_id)}
            for one in breaches(workspace, on)
        ],
    }
