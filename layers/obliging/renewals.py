"""Terms that end and leases that are to become transfers: when, and for whom."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from layers.obliging.days import Day, after_years, day_of
from layers.obliging.obligations import Party, parties
from layers.posting import assumption
from layers.rows import rows
from layers.ruling import lease_limit
from layers.workspace import Workspace

What = Literal["renewal", "conversion"]


@dataclass(frozen=True)
class Ending:
    """A term that ends, or a lease that has to become a transfer.

    Parameters
    ----------
    day
        Last day of the term, or last day on which the lease may be converted.
    days
        Left to it; negative once it has passed.
    basis
        ``agreed``: the day is written down. ``term``: worked out from the first day and the years.
        ``rule``: from the first day and the rule in force.
    """

    assignment_id: str
    party: Party
    what: What
    day: Day
    days: int
    basis: Literal["agreed", "term", "rule"]

    @property
    def passed(self) -> bool:
        """Whether the day is over."""
        return self.days < 0


def ahead_of(workspace: Workspace) -> int:
    """Days before the end of a term from which it is told, from the assumptions."""
    return int(assumption(workspace, "renewal_ahead", default=365.0))


def renewals(workspace: Workspace, on: Day, ahead: int) -> list[Ending]:
    """What ends within some days, or has ended with nothing done about it, the soonest first.

    A milestone of its own that was kept, renewal or conversion, takes an assignment off the list.
    """
    kept = _kept(workspace, on)
    years, _ = lease_limit(workspace, on.isoformat())
    found = []
    for key, party in parties(workspace).items():
        for what, day, basis in _ends(party, years):
            days = (day - on).days
            if days <= ahead and (key, what) not in kept:
                found.append(Ending(key, party, what, day, days, basis))
    return sorted(found, key=lambda one: (one.day, one.assignment_id, one.what))


def _ends(party: Party, years: float) -> list[tuple[What, Day, Literal["agreed", "term", "rule"]]]:
    given, first = party.assignment, day_of(party.assignment.get("valid_from"))
    found: list[tuple[What, Day, Literal["agreed", "term", "rule"]]] = []
    last, term = day_of(given.get("valid_to")), given.get("term_years")
    if last is not None:
        found.append(("renewal", last, "agreed"))
    elif first is not None and term:
        found.append(("renewal", after_years(first, float(term)) - datetime.timedelta(days=1), "term"))
    if given.get("supply_mode") == "lease_then_transfer" and first is not None:
        found.append(("conversion", after_years(first, years), "rule"))
    return found


def _kept(workspace: Workspace, on: Day) -> set[tuple[str, str]]:
    return {
        (str(one["assignment_id"]), str(one["kind"]))
        for one in rows(workspace.table("milestones"))
        if one["kind"] in ("renewal", "conversion") and (day := day_of(one.get("done_on"))) and day <= on
    }
