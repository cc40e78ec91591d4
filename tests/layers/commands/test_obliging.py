"""Agreeing, keeping, postponing and dropping what an assignment promises, and what goes with an assignment."""

from __future__ import annotations

import pytest

from layers import history
from layers.commands import (
    Agree,
    Assign,
    Attach,
    Convert,
    Drop,
    Edit,
    Fulfil,
    Leave,
    Postpone,
    Renew,
    Unassign,
    UnassignMany,
)
from layers.commands.errors import MilestoneRefused
from layers.errors import DateRefused, NotAnOption, NothingSuch
from layers.rows import row
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import Put

GIVEN = Assign("A", "p1", 4_000.0, stage="signed")
DATE = Agree("A00001", "completion", "2027-12-31", document="京丰监管〔2026〕1号")
MUCH = Agree("A00001", "investment", "2028-12-31", 2.0)


@pytest.fixture
def agreed(world: Workspace) -> Workspace:
    """Parcel A with a day (Y00001) and a quantity (Y00002) agreed."""
    return did(world, GIVEN, DATE, MUCH)


def test_what_is_agreed_stands_in_the_table_with_its_unit(agreed: Workspace) -> None:
    date, much = (row(agreed, "milestones", key) for key in ("Y00001", "Y00002"))
    assert (date["kind"], date["due"], date["document"], date["basis"]) == (
        "completion", "2027-12-31", "京丰监管〔2026〕1号", "edited"
    )  # fmt: skip
    assert (much["promised"], much["unit"]) == (2.0, "亿元/万m²")
    assert "unit" not in date


def test_an_agreement_changes_in_its_place(agreed: Workspace) -> None:
    after = did(agreed, Agree("A00001", "investment", "2029-06-30", 2.5, milestone_id="Y00002"))
    assert len(after.table("milestones")) == 2
    assert row(after, "milestones", "Y00002")["promised"] == 2.5


def test_a_day_is_kept_and_a_quantity_is_found(agreed: Workspace) -> None:
    after = did(agreed, Fulfil("Y00001", "2027-11-30", document="竣备1号"), Fulfil("Y00002", "2028-06-30", 1.8))
    assert row(after, "milestones", "Y00001")["done_on"] == "2027-11-30"
    assert row(after, "milestones", "Y00001")["document"] == "竣备1号"
    assert row(after, "milestones", "Y00002")["achieved"] == 1.8


def test_the_first_day_stays_on_record_however_often_it_is_postponed(agreed: Workspace) -> None:
    after = did(agreed, Postpone("Y00001", "2028-06-30", "管线"), Postpone("Y00001", "2028-12-31", "管线"))
    assert row(after, "milestones", "Y00001")["due"] == "2028-12-31"
    assert row(after, "milestones", "Y00001")["first_due"] == "2027-12-31"


@pytest.mark.parametrize(
    "command",
    [DATE, MUCH, Fulfil("Y00001", "2027-11-30"), Postpone("Y00001", "2028-06-30", "x"), Drop("Y00002", "x")],
)
def test_each_is_undone_to_the_row(agreed: Workspace, command: object) -> None:
    found = changes(agreed, command)  # type: ignore[arg-type]
    after = did(agreed, command)  # type: ignore[arg-type]
    assert every_row(after) != every_row(agreed)
    assert every_row(undone(after, found)) == every_row(agreed)


@pytest.mark.parametrize(
    ("command", "error"),
    [
        (Agree("nobody", "start", "2027-01-01"), NothingSuch),
        (Agree("A00001", "party", "2027-01-01"), NotAnOption),
        (Agree("A00001", "start", "2027-02-30"), DateRefused),
        (Agree("A00001", "start"), MilestoneRefused),
        (Agree("A00001", "start", "2027-01-01", 5.0), MilestoneRefused),
        (Agree("A00001", "jobs", "2027-01-01", -5.0), ChengzaiError),
        (Agree("A00001", "jobs", "2027-01-01", float("nan")), ChengzaiError),
        (Fulfil("nobody", "2027-01-01"), NothingSuch),
        (Fulfil("Y00001", "soon"), DateRefused),
        (Fulfil("Y00001", "2027-01-01", 5.0), MilestoneRefused),
        (Fulfil("Y00002", "2027-01-01"), MilestoneRefused),
        (Fulfil("Y00002", "2027-01-01", -1.0), MilestoneRefused),
        (Postpone("Y00001", "2027-12-31", "x"), MilestoneRefused),
        (Postpone("Y00001", "2028-12-31", " "), MilestoneRefused),
        (Postpone("nobody", "2028-12-31", "x"), NothingSuch),
        (Drop("nobody"), NothingSuch),
    ],
)
def test_what_cannot_be_is_refused_in_words(agreed: Workspace, command: object, error: type[ChengzaiError]) -> None:
    with pytest.raises(error) as refused:
        changes(agreed, command)  # type: ignore[arg-type]
    for language in ("zh-CN", "en"):
        assert "{" not in "".join(tell(refused.value, language).values())


def test_what_was_kept_is_not_postponed(agreed: Workspace) -> None:
    with pytest.raises(MilestoneRefused):
        changes(did(agreed, Fulfil("Y00001", "2027-11-30")), Postpone("Y00001", "2028-12-31", "x"))


@pytest.mark.parametrize("command", [Unassign("A00001"), Leave("p1", "2026-11-20", ""), UnassignMany(("A",))])
def test_promises_and_documents_go_with_their_assignment_in_one_act(agreed: Workspace, command: object) -> None:
    full = did(agreed, Attach("assignments", "A00001", "ab" * 32, "a.pdf", "application/pdf", 3))
    found = changes(full, command)  # type: ignore[arg-type]
    after = did(full, command)  # type: ignore[arg-type]
    assert len(after.table("milestones")) == len(after.table("attachments")) == 0
    assert every_row(undone(after, found)) == every_row(full)


def test_history_says_it_in_both_languages(agreed: Workspace) -> None:
    facts = Postpone("Y00001", "2028-06-30", "管线").facts(agreed)
    assert history.line(facts) == "A · 甲 · 竣工 · 原定 2027-12-31 · 2028-06-30 · 管线"
    assert history.line(facts, "en") == "A · 甲 · Completion · was 2027-12-31 · 2028-06-30 · 管线"


@pytest.mark.parametrize(
    ("kind", "command", "state"),
    [
        ("conversion", Convert("A00001", "2026-11-23", "合同 8 号", 20.0), "at_capacity"),
        ("renewal", Renew("A00001", "2029-05-11", "2026-11-23", "续 1 号"), "evaluated"),
    ],
)
def test_an_act_on_the_term_keeps_what_was_promised_of_it(
    agreed: Workspace, kind: str, command: Convert | Renew, state: str
) -> None:
    lease = did(
        agreed,
        Edit.of("assignments", "A00001", supply_mode="lease_then_transfer", valid_from="2024-05-12",
                valid_to="2027-05-11", stage="completed"),
        Put.of("projects", "p1", state=state, supervision_agreement="监管 1 号"),
        Agree("A00001", "conversion", "2029-05-12"),
        Agree("A00001", "renewal", "2027-05-11"),
    )  # fmt: skip
    after = did(lease, command)
    table = after.table("milestones").set_index("kind")["done_on"].dropna()
    assert table.to_dict() == {kind: "2026-11-23"}
    assert every_row(undone(after, changes(lease, command))) == every_row(lease)
