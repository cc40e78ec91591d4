"""Answers of the services as text for people at a terminal, in both languages."""

from __future__ import annotations

from collections.abc import Callable

from layers.printed import (
    accounts,
    allocations,
    balance,
    moves,
    obligations,
    past,
    people,
    plans,
    rasters,
    rating,
    reach,
    rules,
)
from layers.printed.lines import Answer, table

SHOW: dict[str, Callable[[Answer, str], str]] = {
    "demo": accounts.demo, "new": accounts.new, "import": accounts.imported, "capacity": accounts.capacity,
    "reach": reach.reach, "allocate": allocations.allocated, "why-not": allocations.why_not,
    "rules": rules.rules, "export": accounts.exported, "check": accounts.checked,
    "map": accounts.saved_map, "demand": balance.demand, "balance": balance.balance, "solve": plans.solved,
    "history": past.events, "undo": past.taken_back, "redo": past.taken_back, "branch": past.branch,
    "scenario": past.scenarios, "diff": past.difference, "merge": past.merge, "backup": past.backup,
    "restore": past.restored, "move": past.moved,
    "zonal": rasters.zonal, "suitability": rating.suitability,
    "project": moves.moved, "obligations": obligations.obligations,
    "user": people.users, "serve": lambda _answer, _language: "",
}  # fmt: skip
"""How the answer of each verb reads."""

__all__ = ["SHOW", "Answer", "table"]
