"""Idle land: a table of cases to the day, leap days included, and what the tables of a workspace say of a parcel."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from layers import obliging
from layers.obliging import IdleRule, Site, judge_site
from layers.workspace import Workspace
from tests.layers.obliging.promised import RULES, world
from tests.world import table

RULE = IdleRule(1.0, 1.0, 1 / 3, 0.25, 0.2, 2.0, "甲号")
day = datetime.date.fromisoformat


@pytest.mark.parametrize(
    ("agreed", "on", "state"),
    [
        ("2025-03-01", "2025-03-01", None),
        ("2025-03-01", "2025-03-02", "approaching"),
        ("2025-03-01", "2026-03-01", "approaching"),
        ("2025-03-01", "2026-03-02", "suspected"),
        ("2025-03-01", "2027-02-28", "suspected"),
        ("2025-03-01", "2027-03-01", "withdrawable"),
        ("2024-02-29", "2025-02-28", "approaching"),
        ("2024-02-29", "2025-03-01", "suspected"),
        ("2024-02-29", "2026-02-28", "withdrawable"),
        ("2023-02-28", "2024-02-28", "approaching"),
        ("2023-02-28", "2024-02-29", "suspected"),
        ("2026-06-30", "2026-05-01", None),
    ],
)
def test_land_on_which_nobody_began(agreed: str, on: str, state: str | None) -> None:
    found = judge_site(Site(agreed_start=day(agreed)), RULE, day(on))
    assert (found and found.state) == state
    if found and state != "approaching":
        assert found.rules == ("idle_start",) and found.fee == 0.2
        assert found.since <= day(on)


@pytest.mark.parametrize(
    ("land", "invested", "stopped", "on", "state", "rules"),
    [
        (0.32, 0.9, "2025-03-01", "2026-02-28", "approaching", ("idle_land",)),
        (0.32, 0.9, "2025-03-01", "2026-03-01", "suspected", ("idle_land",)),
        (0.9, 0.24, "2025-03-01", "2026-03-01", "suspected", ("idle_investment",)),
        (0.1, 0.1, "2025-03-01", "2026-03-01", "suspected", ("idle_land", "idle_investment")),
        (1 / 3, 0.25, "2025-03-01", "2030-03-01", None, ()),
        (0.1, None, "2024-02-29", "2025-02-27", "approaching", ("idle_land",)),
        (0.1, None, "2024-02-29", "2025-02-28", "suspected", ("idle_land",)),
        (0.9, None, "2025-03-01", "2026-03-01", "incomplete", ("idle_investment",)),
        (None, None, "2025-03-01", "2025-03-02", "incomplete", ("idle_land", "idle_investment")),
        (0.1, 0.1, "2026-03-02", "2026-03-01", None, ()),
        (0.1, 0.1, None, "2026-03-01", None, ()),
    ],
)
def test_land_on_which_building_stopped(
    land: float | None,
    invested: float | None,
    stopped: str | None,
    on: str,
    state: str | None,
    rules: tuple[str, ...],
) -> None:
    since = None if stopped is None else day(stopped)
    site = Site(day("2020-01-01"), True, False, land, invested, since)
    found = judge_site(site, RULE, day(on))
    assert (found and found.state) == state
    if found is not None:
        assert found.rules == rules
        assert found.fee is None, "the fee is for land on which nobody began"


def test_causes_of_others_suspend_and_own_causes_do_not() -> None:
    late = {"agreed_start": day("2024-01-01")}
    for cause, state in (("government", "suspended"), ("force_majeure", "suspended"), ("enterprise", "suspected")):
        found = judge_site(Site(**late, cause=cause), RULE, day("2025-06-01"))  # type: ignore[arg-type]
        assert found is not None and found.state == state
        assert (found.fee is None) is (state == "suspended")


def test_completed_land_is_not_idle_and_a_rule_that_is_missing_rules_nothing() -> None:
    late = Site(agreed_start=day("2020-01-01"))
    assert (
        judge_site(Site(day("2020-01-01"), True, True, 0.1, 0.1, day("2020-06-01")), RULE, day("2026-01-01")) is None
    )
    assert judge_site(late, IdleRule(stop_years=1.0), day("2026-01-01")) is None
    free = judge_site(late, IdleRule(start_years=1.0), day("2026-01-01"))
    assert free is not None and (free.state, free.fee, free.withdrawal_from) == ("suspected", None, None)


def start(due: str, done: str | None = None) -> dict[str, Any]:
    return {"milestone_id": "s", "assignment_id": "A00001", "kind": "start", "due": due, "done_on": done}


def only(milestone: dict[str, Any], **parcel: Any) -> Workspace:
    plain = world(**parcel)
    return plain.with_tables(milestones=table("milestones", [milestone]))


def alerts(workspace: Workspace, on: str) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.parcel_no, one.idle.state, one.idle.rules) for one in obliging.alerts(workspace, day(on))]


def test_alerts_of_a_workspace_read_the_milestones_and_the_parcel() -> None:
    late = only(start("2025-03-01"))
    assert alerts(late, "2026-03-02") == [("A", "suspected", ("idle_start",))]
    assert alerts(only(start("2025-03-01", "2025-02-20")), "2026-03-02") == []
    assert alerts(only(start("2025-03-01", "2026-03-03")), "2026-03-02") == [("A", "suspected", ("idle_start",))]
    assert alerts(only(start("2025-03-01"), delay_cause="government"), "2026-03-02") == [
        ("A", "suspended", ("idle_start",))
    ]
    # a third of 10,000 m² begun, 24 of 100 invested, still for a year
    still = {"started_land_m2": 3_400.0, "investment_total_wan": 100.0, "investment_made_wan": 24.0}
    stopped = only(start("2025-03-01"), **still, stopped_since="2025-11-22")
    assert alerts(stopped, "2026-11-22") == [("A", "suspected", ("idle_investment",))]
    assert alerts(stopped, "2026-11-21") == [("A", "approaching", ("idle_investment",))]


def test_no_rule_in_force_no_alert() -> None:
    late = only(start("2011-03-01"))
    assert alerts(late, "2012-06-30") == []
    assert alerts(late, "2012-07-01") == [("A", "suspected", ("idle_start",))]
    assert alerts(late.with_tables(rulepacks=table("rulepacks", RULES[-1:])), "2026-01-01") == []


def test_thresholds_are_those_of_the_rule_pack() -> None:
    rules = [one | {"high": 2.0} if one["rule"] == "idle_start" else one for one in RULES]
    late = only(start("2025-03-01")).with_tables(rulepacks=table("rulepacks", rules))
    assert alerts(late, "2027-03-01")[0][1] == "approaching"
    assert alerts(late, "2027-03-02")[0][1] == "withdrawable"
