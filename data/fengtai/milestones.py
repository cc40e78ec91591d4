"""The demo's obligations: dates and quantities that its assignments promise; none of them is anybody's contract.

The conditions of 1516-66C are published figures; that they stand at other parcels of the third stage is illustrative.
"""

from __future__ import annotations

from typing import Any

from data.fengtai.parcels import NOTICE_66C
from data.fengtai.projects import assignments
from layers.milestones import QUANTITIES

_ILLUSTRATIVE = "示意：日期与数量为编制，不代表任何单位的合同"
_AS_PUBLISHED = "数值为 1516-66C 公示的准入条件；用于本落位为示意"
_MASKED = "公示列有按建筑面积计的达产贡献，数字隐去，因此承诺值未知；用于本落位为示意"

_When = tuple[str, str | None, str | None]
_DATES: dict[tuple[str, str], tuple[_When, ...]] = {
    ("E3-30-01", "crsc"): (
        ("delivery", "2026-08-31", "2026-08-20"),
        ("start", "2027-02-15", None),
        ("completion", "2029-06-30", None),
        ("full_capacity", "2031-06-30", None),
    ),
    ("E3-10-03", "tct"): (
        ("start", "2026-03-31", "2026-03-18"),
        ("completion", "2027-12-31", None),
        ("production", "2028-06-30", None),
        ("evaluation", "2026-12-31", None),
    ),
    ("E3-17-04", "ftinv"): (
        ("start", "2025-12-31", "2026-01-20"),
        ("completion", "2027-10-31", None),
    ),
    ("E3-28-02", "eeb"): (("delivery", "2026-10-31", None), ("start", "2027-01-20", None)),
    ("W1-17-03", "plattc"): (("delivery", "2026-06-30", "2026-06-25"), ("start", "2026-10-20", None)),
    ("E2-01-02", "bjtu"): (("production", "2021-12-31", "2021-11-30"), ("evaluation", "2027-01-31", None)),
    ("E2-08-02", "bjtu"): (("delivery", "2026-12-15", None), ("production", None, None)),
    ("E2-07-01", "crexp"): (("production", "2025-12-31", "2025-12-10"), ("evaluation", "2026-10-31", None)),
    ("E1-18-03", "bjmoa"): (("production", "2026-06-30", "2026-06-12"),),
    ("W1-CXZX-1", "synergy"): (("production", "2026-09-30", "2026-09-28"), ("evaluation", "2026-12-20", None)),
    ("XL-02-01", "longtie"): (("delivery", "2026-09-30", None), ("production", "2027-03-31", None)),
}

_Much = tuple[str, str | None, float | None, float | None]
_AMOUNTS: dict[tuple[str, str], tuple[_Much, ...]] = {
    ("E3-30-01", "crsc"): (("jobs", "2031-06-30", 3_600.0, None),),
    ("E3-10-03", "tct"): (("jobs", "2028-12-31", 1_300.0, None),),
    ("E2-07-01", "crexp"): (("jobs", "2026-06-30", 320.0, 268.0), ("tax_per_floor", "2026-12-31", 1_500.0, None)),
    ("E1-18-03", "bjmoa"): (("jobs", "2026-09-30", 300.0, 312.0),),
    ("E2-01-02", "bjtu"): (("research_share", "2026-06-30", 30.0, 41.0),),
    ("W1-CXZX-1", "synergy"): (("research_share", "2026-12-31", 20.0, None),),
}
_CONDITIONS = (("E3-30-01", "crsc"), ("E3-10-03", "tct"), ("E3-28-02", "eeb"))
"""Signed assignments of the third stage that carry the published conditions of their neighbour."""


def milestones() -> list[dict[str, Any]]:
    """Rows of the milestones table, by assignment."""
    keys = {(one["parcel_id"], one["project_id"]): one["assignment_id"] for one in assignments()}
    rows = []
    for pair, key in keys.items():
        for kind, due, done in _DATES.get(pair, ()):
            rows.append(_row(key, kind, due=due, done_on=done))
        for kind, due, promised, achieved in _AMOUNTS.get(pair, ()):
            rows.append(_row(key, kind, due=due, promised=promised, achieved=achieved))
        if pair in _CONDITIONS:
            at = {"basis": "published", "source": NOTICE_66C}
            rows.append(_row(key, "investment", due="2030-12-31", promised=2.0, note=_AS_PUBLISHED, **at))
            rows.append(_row(key, "research_share", due="2030-12-31", promised=5.0, note=_AS_PUBLISHED, **at))
            rows.append(_row(key, "tax_per_floor", due="2031-12-31", note=_MASKED, **at))
    return [row | {"milestone_id": f"Y-{number:03d}"} for number, row in enumerate(rows, start=1)]


def _row(assignment: str, kind: str, **told: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("due", "first_due", "done_on", "promised", "achieved", "document"))
    own = {"basis": "schematic", "source": "示意", "note": _ILLUSTRATIVE}
    return {"assignment_id": assignment, "kind": kind, "unit": QUANTITIES.get(kind), **empty, **own, **told}
