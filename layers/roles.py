"""Which role may do what: one table, looked at in the transaction of every command."""

from __future__ import annotations

from typing import Literal

from layers.stores.contract import ROLES, Role
from layers.vocabulary import Terms

NAMES: Terms = {
    "viewer": ("查看者", "Viewer"),
    "planner": ("规划师", "Planner"),
    "gis": ("GIS 人员", "GIS staff"),
    "admin": ("管理员", "Administrator"),
}

_SHAPES = frozenset(
    {"edit", "edit_many", "reshape", "move_vertices", "trim", "draw", "split", "cut_strip", "merge_parcels"}
    | {"delete", "rules"}
)
_PLANS = frozenset({"assign", "assign_many", "reassign", "unassign", "unassign_many", "admit", "leave"}) | {
    "agree",
    "fulfil",
    "postpone",
    "drop",
    "plan",
    "allocate",
    "assumptions",
    "criteria",
    "advance",
    "convert",
    "renew",
    "let",
    "supply",
    "import_projects",
}
_OWN = frozenset({"attach", "detach", "undo", "redo", "branch", "rename", "merge"})
_HOUSE = frozenset({"lock", "unlock", "people", "restore", "revert"})

RIGHTS: dict[Role, frozenset[str]] = {
    "viewer": frozenset(),
    "planner": _SHAPES | _PLANS | _OWN,
    "gis": _SHAPES | _OWN | {"import", "import_projects"},
    "admin": _SHAPES | _PLANS | _OWN | _HOUSE | {"import", "import_release"},
}
"""Kinds of commands and acts that each role may do."""


def import_into(layer: str) -> Literal["import", "import_projects"]:
    """The right that a file takes which comes into a layer: who keeps the project library may fill it from a file."""
    return "import_projects" if layer == "projects" else "import"


def may(role: str, kind: str) -> bool:
    """Whether a role may do something; nobody may do what is in no row of the table.

    >>> may("planner", "assign"), may("viewer", "assign"), may("admin", "unheard_of")
    (True, False, False)
    """
    return role in ROLES and kind in RIGHTS[role]
