"""Terms that end and leases that have to be converted, to the day."""

from __future__ import annotations

import datetime
from typing import Any

from layers import obliging
from layers.workspace import Workspace
from tests.layers.obliging.promised import world

day = datetime.date.fromisoformat


def lasting(*more: dict[str, Any], **given: Any) -> Workspace:
    plain = world(*more)
    rows = plain.table("assignments").copy()
    for name, value in given.items():
        rows.loc[rows["assignment_id"] == "A00001", name] = value
    return plain.with_tables(assignments=rows)


def told(workspace: Workspace, on: str, ahead: int = 365) -> list[tuple[str, str, int, str]]:
    return [(e.what, e.day.isoformat(), e.days, e.basis) for e in obliging.renewals(workspace, day(on), ahead)]


def test_the_end_of_a_term_is_told_a_year_ahead() -> None:
    agreed = lasting(valid_from="2021-03-23", valid_to="2036-03-22")
    assert told(agreed, "2035-03-22") == []
    assert told(agreed, "2035-03-23") == [("renewal", "2036-03-22", 365, "agreed")]
    assert told(agreed, "2036-03-23") == [("renewal", "2036-03-22", -1, "agreed")]


def test_the_end_is_worked_out_where_only_the_years_are_known() -> None:
    assert told(lasting(valid_from="2024-02-29", term_years=2.0), "2026-01-01") == [
        ("renewal", "2026-02-27", 57, "term")
    ]


def test_a_lease_is_converted_within_the_years_of_the_rule() -> None:
    lease = lasting(valid_from="2022-01-10", supply_mode="lease_then_transfer")
    assert told(lease, "2026-11-22") == [("conversion", "2027-01-10", 49, "rule")]
    assert told(lasting(valid_from="2022-01-10", supply_mode="lease"), "2026-11-22") == []


def test_what_was_kept_is_off_the_list() -> None:
    kept = {"milestone_id": "k", "assignment_id": "A00001", "kind": "conversion", "done_on": "2026-10-01"}
    lease = lasting(kept, valid_from="2022-01-10", supply_mode="lease_then_transfer")
    assert told(lease, "2026-11-22") == []
    assert len(told(lease, "2026-09-30")) == 1
