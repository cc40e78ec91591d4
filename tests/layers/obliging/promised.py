"""The world of three parcels with an obligation of every colour, a rule on idle land, and terms that end."""

from __future__ import annotations

from typing import Any

from layers.commands import Assign
from layers.workspace import Workspace
from tests.world import after, table, three_parcels

ON = "2026-11-22"

RULES: list[dict[str, Any]] = [
    {"rule_id": name, "pack": "甲号", "valid_from": "2012-07-01", "rule": name, side: value}
    for name, side, value in (
        ("idle_start", "high", 1.0),
        ("idle_stop", "high", 1.0),
        ("idle_land", "low", 1 / 3),
        ("idle_investment", "low", 0.25),
        ("idle_fee", "high", 0.2),
        ("idle_withdrawal", "high", 2.0),
        ("lease_phase", "high", 5.0),
    )
]

MILESTONES: list[dict[str, Any]] = [
    # A, 4,000 m² of p1 in East
    {"milestone_id": "y1", "assignment_id": "A00001", "kind": "delivery", "due": "2026-03-31",
     "done_on": "2026-03-31"},
    {"milestone_id": "y2", "assignment_id": "A00001", "kind": "start", "due": "2026-08-31", "done_on": "2026-09-02"},
    {"milestone_id": "y3", "assignment_id": "A00001", "kind": "completion", "due": "2026-12-31"},
    {"milestone_id": "y4", "assignment_id": "A00001", "kind": "investment", "due": "2026-06-30", "promised": 2.0,
     "achieved": 1.5, "unit": "亿元/万m²"},
    {"milestone_id": "y5", "assignment_id": "A00001", "kind": "tax_per_mu", "promised": 30.0, "achieved": 30.0,
     "unit": "万元/亩"},
    # A, 500 m² of vacant space there, of p3
    {"milestone_id": "y6", "assignment_id": "A00002", "kind": "evaluation", "due": "2026-11-21"},
    {"milestone_id": "y7", "assignment_id": "A00002", "kind": "tax_per_floor", "due": "2028-12-31"},
    {"milestone_id": "y8", "assignment_id": "A00002", "kind": "production"},
    {"milestone_id": "y9", "assignment_id": "A00002", "kind": "renewal", "due": "2029-12-31"},
]  # fmt: skip


def world(*more: dict[str, Any], **parcel: Any) -> Workspace:
    """Obligations of every colour; `more` are further milestones, `parcel` is written into parcel A."""
    plain = three_parcels()
    projects = plain.table("projects").to_dict("records")
    projects.append({"project_id": "p3", "name": "丙", "function_mix": "research"})
    parcels = plain.table("parcels").to_dict("records")
    parcels[0] |= parcel
    full = plain.with_tables(
        projects=table("projects", projects),
        rulepacks=table("rulepacks", RULES),
        parcels=table("parcels", parcels),
    )
    given = after(
        full,
        Assign("A", "p1", 4_000.0, stage="signed"),
        Assign("A", "p3", 500.0, source="existing", stage="signed"),
    )
    return given.with_tables(milestones=table("milestones", [*MILESTONES, *more]))
