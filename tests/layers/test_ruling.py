"""Which rules hold on a day, and what they would not allow."""

from __future__ import annotations

from typing import Any

import pytest

from layers import ruling
from layers.commands import Agree, Assign, Edit, Reassign
from layers.errors import DateRefused
from layers.workspace import Workspace
from spatial.errors import tell
from tests.world import after, box, demo, table, three_parcels


def rule(key: str, since: str, **more: Any) -> dict[str, Any]:
    return {"rule_id": key, "pack": f"{key}号", "valid_from": since, "rule": "term"} | more


def world(*rules: dict[str, Any], mode: str | None = "flexible_transfer", term: float = 30.0) -> Workspace:
    """Assignment A00001 of 1,000 m² on parcel A for a term."""
    plain = three_parcels().with_tables(rulepacks=table("rulepacks", list(rules)))
    return after(plain, Assign("A", "p1", 1_000.0, supply_mode=mode, term_years=term))


def test_a_rule_holds_from_its_first_day_to_its_last() -> None:
    w = world(rule("a", "2018-01-01", valid_to="2022-12-31", high=20))
    held = [len(ruling.in_force(w, on)) for on in ("2017-12-31", "2018-01-01", "2022-12-31", "2023-01-01")]
    assert held == [0, 1, 1, 0]


def test_of_rules_about_the_same_the_youngest_holds() -> None:
    w = world(
        rule("old", "2018-01-01", high=20),
        rule("new", "2025-12-01", high=15),
        rule("lease", "2018-01-01", supply_mode="lease", high=9),
    )
    assert ruling.in_force(w, "2024-01-01")["rule_id"].tolist() == ["lease", "old"]
    assert ruling.in_force(w, "2026-01-01")["rule_id"].tolist() == ["lease", "new"]


def test_a_term_beyond_the_rule_of_its_mode_is_named_with_both() -> None:
    rules = (
        rule("a", "2018-01-01", supply_mode="flexible_transfer", high=20),
        rule("b", "2018-01-01", supply_mode="lease", high=5),
    )
    (one,) = ruling.breaches(world(*rules), "2024-01-01")
    assert (one.assignment_id, one.rule_id, one.pack, one.value, one.limit) == ("A00001", "a", "a号", 30, 20)
    assert one.classes == ()
    assert ruling.breaches(world(*rules, term=20), "2024-01-01") == []
    assert ruling.breaches(world(*rules, mode="transfer"), "2024-01-01") == []
    assert ruling.breaches(world(*rules), "2017-01-01") == []


def test_less_than_the_least_breaks_it_too() -> None:
    (one,) = ruling.breaches(world(rule("a", "2018-01-01", low=5), term=3), "2024-01-01")
    assert (one.value, one.limit) == (3, 5)


def test_a_class_that_would_allow_it_is_named_and_nothing_is_assumed_of_it() -> None:
    rules = (
        rule("general", "2018-01-01", high=20),
        rule("major", "2018-01-01", for_class="major", low=30, high=50),
        rule("storage", "2018-01-01", for_class="storage", high=25),
    )
    (one,) = ruling.breaches(world(*rules), "2024-01-01")
    assert one.classes == ("major",)
    assert ruling.breaches(world(*rules, term=60), "2024-01-01")[0].classes == ()


def test_a_rule_for_a_constraint_holds_on_the_land_under_it_whatever_the_class() -> None:
    rules = (
        rule("green", "2018-01-01", constraint_kind="green_belt", high=20),
        rule("major", "2018-01-01", for_class="major", low=30, high=50),
    )
    w = world(*rules)
    assert ruling.breaches(w, "2024-01-01") == []
    belt = [{"constraint_id": "g", "kind": "green_belt", "effect": "inform", "geometry": box(-10, 0, 50, 100)}]
    (one,) = ruling.breaches(w.with_tables(constraints=table("constraints", belt)), "2024-01-01")
    assert (one.rule_id, one.classes) == ("green", ())


def test_a_lease_that_was_to_become_a_transfer_and_lasts_too_long() -> None:
    w = world(rule("phase", "2018-01-01", rule="lease_phase", high=5.0), mode="lease_then_transfer", term=20)
    since = after(w, Edit.of("assignments", "A00001", valid_from="2021-05-12"))
    assert ruling.breaches(since, "2026-05-12") == []
    (one,) = ruling.breaches(since, "2026-11-12")
    assert (one.rule, one.rule_id, one.value, one.limit) == ("lease_phase", "phase", 5.5, 5.0)
    assert ruling.breaches(w, "2026-11-12") == [], "without its first day nothing can be said"
    assert ruling.breaches(after(since, Edit.of("assignments", "A00001", supply_mode="transfer")), "2029-01-01") == []


def test_support_beyond_its_share_of_a_parcel() -> None:
    """A may carry 20,000 m²; of 4,000 m² for p1 all is support: 20 %, where 15 % is the most."""
    rules = (rule("support", "2018-01-01", rule="support_share", high=0.15),)
    w = after(world(*rules), Edit.of("projects", "p1", function_mix="support"), Reassign("A00001", 3_000.0))
    assert ruling.breaches(w, "2024-01-01") == []
    (one,) = ruling.breaches(after(w, Assign("A", "p1", 1_000.0)), "2024-01-01")
    assert (one.rule, one.assignment_id, one.parcel_id, one.limit) == ("support_share", "A00001", "A", 0.15)
    assert one.value == pytest.approx(0.2)


def test_land_that_a_platform_holds_is_leased_and_not_transferred() -> None:
    rules = (rule("keep", "2018-01-01", rule="no_transfer", supply_mode="self_held"),)
    held = after(world(*rules), Edit.of("parcels", "A", held_by="p2"))
    (one,) = ruling.breaches(held, "2024-01-01")
    assert (one.rule, one.assignment_id) == ("no_transfer", "A00001")
    assert ruling.breaches(after(held, Edit.of("assignments", "A00001", supply_mode="lease")), "2024-01-01") == []
    assert ruling.breaches(world(*rules), "2024-01-01") == [], "no platform holds it"


PRICE = rule("price", "2018-01-01", rule="price_floor", low=0.02, unit="1/年")


def promising(w: Workspace, *promised: tuple[str, float | None]) -> Workspace:
    """The world in which A00001 promised some quantities."""
    for kind, value in promised:
        w = after(w, Agree("A00001", kind, None, value, "协议1号"))
    return w


@pytest.mark.parametrize(("price", "broken"), [(39.9, True), (40.0, False), (55.0, False)])
def test_a_price_is_at_least_its_years_of_that_for_fifty(price: float, broken: bool) -> None:
    """20 years at 2 % a year are 40 % of the price for 50 years."""
    w = promising(world(PRICE, term=20), ("land_price", price))
    found, unjudged = ruling.judge(w, "2024-01-01")
    assert [(one.rule, one.measure, one.value, one.limit) for one in found] == (
        [("price_floor", "land_price", price, pytest.approx(40.0))] if broken else []
    )
    assert unjudged == []
    assert ruling.judge(w, "2017-01-01") == ([], []), "before its first day it says nothing"


def test_without_a_price_or_a_term_nothing_is_judged_and_nothing_is_broken() -> None:
    found, (one,) = ruling.judge(world(PRICE), "2024-01-01")
    assert (found, one.assignment_id, one.missing) == ([], "A00001", "land_price")
    priced = promising(world(PRICE), ("land_price", 10.0))
    found, (one,) = ruling.judge(after(priced, Edit.of("assignments", "A00001", term_years=None)), "2024-01-01")
    assert (found, one.missing) == ([], "term")
    assert ruling.judge(world(PRICE, mode="lease"), "2024-01-01") == ([], []), "what is let has no such price"


def test_a_condition_of_entry_is_judged_by_the_promise_that_its_unit_names() -> None:
    rules = (
        rule("entry", "2018-01-01", rule="entry", low=2.0, unit="亿元/万m2"),
        rule("entry-rd", "2018-01-01", rule="entry", low=5.0, unit="%"),
    )
    found, unjudged = ruling.judge(promising(world(*rules), ("investment", 1.5)), "2024-01-01")
    assert [(one.rule_id, one.measure, one.value, one.limit) for one in found] == [("entry", "investment", 1.5, 2.0)]
    assert [(one.rule_id, one.missing) for one in unjudged] == [("entry-rd", "research_share")]
    more = promising(world(*rules), ("investment", 1.5), ("research_share", 5.0), ("investment", 2.5))
    assert ruling.judge(more, "2024-01-01") == ([], []), "of two promises of a kind the larger counts"


def test_a_figure_in_another_unit_a_rule_without_a_number_and_one_for_a_class_judge_nothing() -> None:
    rules = (
        rule("plain", "2018-01-01", rule="entry"),
        rule("major", "2018-01-01", rule="entry", for_class="major", low=3.0, unit="亿元/万m²"),
        rule("jobs", "2018-01-01", rule="entry", low=30.0, unit="人"),
    )
    w = after(promising(world(*rules), ("jobs", 10.0)), Edit.of("milestones", "Y00001", unit="人/亩"))
    found, unjudged = ruling.judge(w, "2024-01-01")
    assert found == []
    assert {one.rule_id: one.missing for one in unjudged} == {"plain": "number", "major": "class", "jobs": "jobs"}


def test_a_condition_for_a_constraint_is_for_the_parcels_under_it() -> None:
    rules = (rule("belt", "2018-01-01", rule="entry", constraint_kind="green_belt", low=30.0, unit="人"),)
    w = promising(world(*rules), ("jobs", 10.0))
    assert ruling.judge(w, "2024-01-01") == ([], [])
    belt = [{"constraint_id": "g", "kind": "green_belt", "effect": "inform", "geometry": box(-10, 0, 50, 100)}]
    (one,) = ruling.breaches(w.with_tables(constraints=table("constraints", belt)), "2024-01-01")
    assert (one.rule_id, one.value, one.limit) == ("belt", 10.0, 30.0)


def test_which_pack_applied_on_the_day_of_the_notice() -> None:
    packs = [set(ruling.in_force(demo(), on)["pack"]) for on in ("2022-09-09", "2026-11-22")]
    assert packs[0] == {"京政发〔2017〕39号", "国土资源部令第53号"}
    assert packs[1] == packs[0] | {"京政发〔2025〕29号", "自然资发〔2022〕201号"}


def test_no_rule_of_the_demo_claims_to_be_verified_or_shows_a_clause() -> None:
    rules = demo().table("rulepacks")
    assert not rules["verified"].any()
    assert rules["clause"].isna().all()
    assert rules["note"].str.contains("须核对原文").all()


def test_no_date_is_refused_with_how_to_write_it() -> None:
    with pytest.raises(DateRefused) as caught:
        ruling.day("去年")
    assert tell(caught.value)["cure"] == "写成 2026-11-23"
