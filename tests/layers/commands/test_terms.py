"""A lease that becomes a transfer, and a term that is renewed."""

from __future__ import annotations

from typing import Any

import pytest

from layers.commands import Advance, Agree, Assign, Convert, Edit, Fulfil, Renew
from layers.commands.errors import DayBeforeStep, LeaseTooLong, TermBeyondRule, TermNotOpen, ValueUnfit
from layers.commands.steps import steps_of
from layers.errors import DateRefused, NotAnOption, NothingSuch
from layers.workspace import Workspace
from spatial.errors import tell
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import Put, table, three_parcels

SIGNED, DAY = "2024-05-12", "2026-11-23"


def rule(key: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"rule_id": key, "pack": f"{key}号", "valid_from": "2018-01-01", "rule": kind} | more


def leased(*rules: dict[str, Any], mode: str = "lease_then_transfer", state: str = "at_capacity") -> Workspace:
    """1,000 m² in use by p1 since 2024-05-12 for three years."""
    world = did(
        three_parcels().with_tables(rulepacks=table("rulepacks", list(rules))),
        Assign("A", "p1", 1_000.0, stage="completed", supply_mode=mode, term_years=3.0),
        Edit.of("assignments", "A00001", valid_from=SIGNED, valid_to="2027-05-11"),
    )
    return did(world, Put.of("projects", "p1", state=state, supervision_agreement="监管 1 号"))


def given(world: Workspace) -> dict[str, Any]:
    return dict(world.table("assignments").iloc[0])


def test_a_lease_becomes_a_transfer_with_a_term_of_its_own() -> None:
    here, command = leased(), Convert("A00001", DAY, "合同 8 号", 20)
    after = did(here, command)
    now = given(after)
    assert (now["supply_mode"], now["term_years"]) == ("transfer", 20.0)
    assert (now["valid_from"], now["valid_to"]) == (DAY, "2046-11-22")
    (kept,) = steps_of(after, "assignments", ["A00001"])
    assert (kept["from_state"], kept["to_state"], kept["document"]) == (
        "lease_then_transfer",
        "transfer",
        "合同 8 号",
    )
    assert command.facts(here)["supply_mode"] == "transfer"
    assert every_row(undone(after, changes(here, command))) == every_row(here)


@pytest.mark.parametrize("mode", ["lease", "transfer", "self_held", "agreement"])
def test_no_other_mode_is_converted(mode: str) -> None:
    with pytest.raises(TermNotOpen) as refused:
        changes(leased(mode=mode), Convert("A00001", DAY, "", 20))
    for language in ("zh-CN", "en"):
        assert "{" not in tell(refused.value, language)["message"]


@pytest.mark.parametrize("state", ["signed", "started", "completed", "operating"])
def test_not_before_the_project_is_at_capacity(state: str) -> None:
    with pytest.raises(TermNotOpen):
        changes(leased(state=state), Convert("A00001", DAY, "", 20))
    there = did(leased(state="operating"), Advance("p1", "at_capacity", DAY))
    assert given(did(there, Convert("A00001", DAY, "", 20)))["supply_mode"] == "transfer"


def test_an_obligation_that_was_kept_says_so_too() -> None:
    agreed = did(leased(state="operating"), Agree("A00001", "full_capacity", "2026-12-31"))
    with pytest.raises(TermNotOpen):
        changes(agreed, Convert("A00001", DAY, "", 20))
    kept = did(agreed, Fulfil("Y00001", "2026-11-20"))
    assert given(did(kept, Convert("A00001", DAY, "", 20)))["supply_mode"] == "transfer"
    with pytest.raises(TermNotOpen):
        changes(kept, Convert("A00001", "2026-11-19", "", 20))


def test_not_after_the_lease_may_last() -> None:
    """Five years from 2024-05-12 end with 2029-05-12; a rule of the day may say three."""
    assert given(did(leased(), Convert("A00001", "2029-05-12", "", 20)))["supply_mode"] == "transfer"
    with pytest.raises(LeaseTooLong) as late:
        changes(leased(), Convert("A00001", "2029-05-13", "", 20))
    assert "2029-05-12" in tell(late.value)["message"]
    short = leased(rule("phase", "lease_phase", supply_mode="lease_then_transfer", high=3.0))
    with pytest.raises(LeaseTooLong, match="3 years"):
        changes(short, Convert("A00001", "2027-05-13", "", 20))
    assert did(short, Convert("A00001", "2027-05-12", "", 20)) is not None
    with pytest.raises(TermNotOpen):
        changes(leased(), Convert("A00001", "2024-05-11", "", 20))


def test_the_term_keeps_to_the_rules_of_the_day() -> None:
    here = leased(rule("general", "term", high=20.0))
    with pytest.raises(TermBeyondRule) as refused:
        changes(here, Convert("A00001", DAY, "", 30))
    assert "general号" in tell(refused.value)["message"]
    shown = leased(rule("general", "term", high=20.0), rule("major", "term", for_class="major", low=30.0, high=50.0))
    assert given(did(shown, Convert("A00001", DAY, "", 30)))["term_years"] == 30.0, "a class may be shown elsewhere"
    for years, error in ((0, NotAnOption), (-1, NotAnOption), (71, NotAnOption), (True, ValueUnfit)):
        with pytest.raises(error):
            changes(here, Convert("A00001", DAY, "", years))


def test_a_renewal_is_a_new_term_after_the_old_one() -> None:
    here, command = leased(mode="lease", state="evaluated"), Renew("A00001", "2032-05-11", DAY, "续 1 号")
    after = did(here, command)
    now = given(after)
    assert (now["valid_from"], now["valid_to"], now["term_years"]) == ("2027-05-12", "2032-05-11", 5.0)
    (kept,) = steps_of(after, "assignments", ["A00001"])
    assert (kept["from_state"], kept["to_state"]) == ("2027-05-11", "2032-05-11")
    assert every_row(undone(after, changes(here, command))) == every_row(here)


@pytest.mark.parametrize("state", ["operating", "at_capacity"])
def test_nobody_is_renewed_without_an_evaluation(state: str) -> None:
    with pytest.raises(TermNotOpen):
        changes(leased(mode="lease", state=state), Renew("A00001", "2032-05-11", DAY, ""))


@pytest.mark.parametrize("until", ["2027-05-11", "2020-01-01"])
def test_a_renewal_ends_later_than_the_term(until: str) -> None:
    with pytest.raises(TermNotOpen):
        changes(leased(mode="lease", state="evaluated"), Renew("A00001", until, DAY, ""))


def test_a_renewal_keeps_to_the_rules_and_a_lease_to_its_phase() -> None:
    here = leased(rule("lease", "term", supply_mode="lease", high=5.0), mode="lease", state="evaluated")
    with pytest.raises(TermBeyondRule):
        changes(here, Renew("A00001", "2033-05-11", DAY, ""))
    to_be_sold = leased(state="evaluated")
    longer = given(did(to_be_sold, Renew("A00001", "2029-05-11", DAY, "")))
    assert (longer["valid_from"], longer["valid_to"]) == (SIGNED, "2029-05-11")
    with pytest.raises(LeaseTooLong):
        changes(to_be_sold, Renew("A00001", "2029-06-01", DAY, ""))


def test_what_cannot_be_meant_is_refused() -> None:
    here = leased(mode="lease", state="evaluated")
    for command in (Renew("A00001", "tomorrow", DAY, ""), Renew("A00001", "2032-05-11", "today", "")):
        with pytest.raises(DateRefused):
            changes(here, command)
    with pytest.raises(NothingSuch):
        changes(here, Convert("A9", DAY, "", 20))
    once = did(here, Renew("A00001", "2032-05-11", DAY, ""))
    with pytest.raises(DayBeforeStep):
        changes(once, Renew("A00001", "2033-05-11", "2026-11-22", ""))
    unsigned = did(here, Edit.of("assignments", "A00001", valid_from=None))
    with pytest.raises(TermNotOpen):
        changes(unsigned, Renew("A00001", "2032-05-11", DAY, ""))
