"""Every step of the project library, allowed and refused, and what moves with a project."""

from __future__ import annotations

import itertools

import pytest

from layers.accounts import totals
from layers.commands import Admit, Advance, Assign, Leave
from layers.commands.errors import AgreementMissing, DayBeforeStep, ReasonMissing, StepRefused
from layers.commands.steps import steps_of
from layers.errors import DateRefused, NothingSuch
from layers.matching import ask, housed
from layers.vocabulary import PROJECT_STATES
from layers.workspace import Workspace
from spatial.errors import ChengzaiError, tell
from tests.layers.commands.doing import changes, did, every_row, undone
from tests.world import Put

DAY, NEXT, LATER = "2026-11-23", "2026-11-24", "2027-03-01"
EVERY = (None, *PROJECT_STATES)
PLAIN = {
    (None, "lead"), (None, "reserve"), (None, "admitted"),
    ("lead", "reserve"), ("lead", "admitted"), ("reserve", "admitted"), ("admitted", "signed"),
    ("signed", "started"), ("started", "completed"), ("completed", "operating"), ("operating", "at_capacity"),
    ("at_capacity", "evaluated"), ("evaluated", "renewed"), ("evaluated", "at_capacity"), ("renewed", "evaluated"),
    ("exited", "lead"), ("exited", "reserve"),
}  # fmt: skip
"""Steps that need no reason, written out by hand."""
NEVER = (
    {("exited", to) for to in PROJECT_STATES if to not in ("lead", "reserve")}
    | {(was, "renewed") for was in EVERY if was != "evaluated"}
    | {(was, was) for was in PROJECT_STATES}
)
"""Pairs without a step, whatever the reason."""
AGREED = {"signed", "started", "completed", "operating", "at_capacity", "evaluated", "renewed"}


def at(world: Workspace, state: str | None, agreement: str | None = "监管 1 号") -> Workspace:
    return did(world, Put.of("projects", "p1", state=state, supervision_agreement=agreement))


@pytest.mark.parametrize(("was", "to"), list(itertools.product(EVERY, PROJECT_STATES)))
def test_every_pair_of_states(world: Workspace, was: str | None, to: str) -> None:
    """Plain steps go without a reason, other ones with it, and some not at all."""
    here = at(world, was)
    if (was, to) in NEVER:
        for reason in ("", "有理由"):
            with pytest.raises(StepRefused) as refused:
                changes(here, Advance("p1", to, DAY, reason))
        for language in ("zh-CN", "en"):
            said = tell(refused.value, language)
            assert "{" not in said["message"] + said["cure"]
        return
    if (was, to) not in PLAIN:
        with pytest.raises(ReasonMissing) as missing:
            changes(here, Advance("p1", to, DAY, "  "))
        assert "{" not in tell(missing.value, "en")["message"]
    after = did(here, Advance("p1", to, DAY, "" if (was, to) in PLAIN else "有理由"))
    assert after.table("projects")["state"].iloc[0] == to
    (kept,) = steps_of(after, "projects", ["p1"])
    assert (kept.get("from_state"), kept["to_state"], kept["moved_on"]) == (was, to, DAY)


@pytest.mark.parametrize("to", sorted(AGREED - {"renewed"}))
def test_nobody_signs_without_a_supervision_agreement(world: Workspace, to: str) -> None:
    here = at(world, "admitted", None)
    with pytest.raises(AgreementMissing) as missing:
        changes(here, Advance("p1", to, DAY, "并步"))
    assert "{" not in tell(missing.value, "en")["message"]
    after = did(here, Advance("p1", to, DAY, "并步", agreement=" 监管 7 号 "))
    assert after.table("projects")["supervision_agreement"].iloc[0] == "监管 7 号"


def test_a_lead_needs_none(world: Workspace) -> None:
    for to in ("lead", "reserve", "admitted"):
        assert did(world, Advance("p1", to, DAY)).table("projects")["state"].iloc[0] == to


def test_no_step_lies_before_the_one_that_went_before(world: Workspace) -> None:
    here = did(at(world, "lead"), Admit("p1", NEXT, "1 号"))
    for command in (Advance("p1", "signed", DAY), Leave("p1", DAY, "迁出")):
        with pytest.raises(DayBeforeStep) as refused:
            changes(here, command)
        assert NEXT in tell(refused.value)["message"]
    same_day = did(here, Advance("p1", "signed", NEXT))
    assert [one["to_state"] for one in steps_of(same_day, "projects", ["p1"])] == ["admitted", "signed"]


@pytest.mark.parametrize("day", ["1066-10-14", "2526-01-01", "昨天", ""])
def test_a_day_that_cannot_be_meant(world: Workspace, day: str) -> None:
    with pytest.raises(DateRefused):
        changes(world, Advance("p1", "lead", day))


def test_a_project_that_is_not_there(world: Workspace) -> None:
    with pytest.raises(NothingSuch):
        changes(world, Advance("nobody", "lead", DAY))


def stages(world: Workspace) -> list[str]:
    return [str(one) for one in world.table("assignments")["stage"]]


def test_floor_area_goes_from_account_to_account_with_its_project(world: Workspace) -> None:
    """1,000 m² new and 500 m² of vacant space: asked, committed and built, never two of them at once."""
    here = did(
        at(world, "admitted"),
        Assign("A", "p1", 1_000.0, supply_mode="lease", term_years=10),
        Assign("A", "p1", 500.0, source="existing"),
    )
    names = ("reserved_m2", "committed_m2", "under_construction_m2", "built_vacant_m2", "available_m2", "built_m2")

    def accounts(one: Workspace) -> tuple[float, ...]:
        found = totals(one)
        assert found["permitted_m2"] + found["over_m2"] == pytest.approx(
            sum(found[name] for name in names if name != "built_vacant_m2") + found["held_by_cap_m2"]
        )
        assert housed(one)[0] == 1_500.0 and ask(one).total()[0] == 8_000.0, "what is housed is housed once"
        return tuple(found[name] for name in names)

    built = totals(world)["built_m2"]
    assert accounts(here) == (1_500.0, 0.0, 0.0, 1_500.0, 14_000.0, built - 500.0)
    signed = did(here, Advance("p1", "signed", DAY))
    assert accounts(signed) == (0.0, 1_500.0, 0.0, 1_500.0, 14_000.0, built - 500.0)
    started = did(signed, Advance("p1", "started", NEXT))
    assert stages(started) == ["under_construction", "signed"], "space that stands already is not built anew"
    assert accounts(started) == (0.0, 500.0, 1_000.0, 1_500.0, 14_000.0, built - 500.0)
    completed = did(started, Advance("p1", "completed", LATER))
    assert accounts(completed) == (0.0, 0.0, 0.0, 1_500.0, 14_000.0, built + 1_000.0)
    for to in ("operating", "at_capacity", "evaluated", "renewed"):
        completed = did(completed, Advance("p1", to, LATER))
        assert accounts(completed)[3:] == (1_500.0, 14_000.0, built + 1_000.0)
    first, second = completed.table("assignments")[["valid_from", "valid_to"]].astype(object).to_numpy().tolist()
    assert first == [DAY, "2036-11-22"], "the term runs from the day of the signature"
    assert second[0] == DAY and second[1] != second[1], "without a term there is no last day"


def test_a_later_phase_stays_where_it_is(world: Workspace) -> None:
    here = did(at(world, "signed"), Assign("A", "p1", 1_000.0, stage="signed"), Assign("A", "p1", 2_000.0))
    assert stages(did(here, Advance("p1", "started", DAY))) == ["under_construction", "intent"]
    in_use = did(at(world, "operating"), Assign("A", "p1", 1_000.0, stage="completed"), Assign("A", "p1", 9.0))
    assert stages(did(in_use, Advance("p1", "at_capacity", DAY))) == ["completed", "intent"]


def test_a_step_back_takes_its_floor_area_back(world: Workspace) -> None:
    here = did(at(world, "admitted"), Assign("A", "p1", 1_000.0, term_years=10), Advance("p1", "signed", DAY))
    back = did(here, Advance("p1", "admitted", NEXT, "合同未生效"))
    assert stages(back) == ["intent"]
    assert back.table("assignments")["valid_from"].isna().all()
    skipped = did(back, Advance("p1", "completed", NEXT, "补登记"))
    assert stages(skipped) == ["completed"]


def test_exit_frees_space_and_comes_back_only_as_a_lead_or_in_reserve(world: Workspace) -> None:
    here = did(at(world, "operating"), Assign("A", "p1", 1_000.0, stage="completed"), Assign("A", "p1", 2_000.0))
    with pytest.raises(ReasonMissing):
        changes(here, Advance("p1", "exited", DAY))
    gone = did(here, Advance("p1", "exited", DAY, "腾退"))
    assert every_row(gone) == every_row(did(here, Leave("p1", DAY, "腾退"))), "there is one way to leave"
    now = totals(gone)
    assert (now["built_vacant_m2"], now["available_m2"], now["reserved_m2"]) == (3_000.0, 14_000.0, 0.0)
    assert housed(gone)[0] == 0.0 and ask(gone).total()[0] == 0.0
    again = did(gone, Advance("p1", "reserve", LATER, document="更新 2 号"))
    assert ask(again).total()[0] == 8_000.0
    told = [(one.get("from_state"), one["to_state"]) for one in steps_of(again, "projects", ["p1"])]
    assert told == [("operating", "exited"), ("exited", "reserve")]


@pytest.mark.parametrize("to", ["signed", "exited", "reserve"])
def test_taking_it_back_gives_the_same_rows(world: Workspace, to: str) -> None:
    here = did(at(world, "admitted"), Assign("A", "p1", 100.0), Assign("A", "p1", 10.0, stage="completed"))
    command = Advance("p1", to, DAY, "理由", "文号 9", "监管 2 号")
    assert every_row(undone(did(here, command), changes(here, command))) == every_row(here)
    assert command.facts(here) == {
        "project": "甲", "was_state": "admitted", "state": to, "on": DAY, "reason": "理由", "document": "文号 9",
        "agreement": "监管 2 号",
    }  # fmt: skip


def test_a_refusal_writes_nothing_and_says_what_to_do(world: Workspace) -> None:
    with pytest.raises(ChengzaiError) as refused:
        changes(at(world, "exited"), Advance("p1", "signed", DAY, "x"))
    assert tell(refused.value)["cure"] == "可以变为：线索、储备"
