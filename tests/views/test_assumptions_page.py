"""The assumptions page: what its tables and previews say, and who may change what, without a browser."""

from __future__ import annotations

import re

import pytest

from layers import consequences, ruling
from layers.consequences import Figure, Moved
from layers.rows import row
from layers.vocabulary import ASSUMED
from layers.workspace import Workspace
from tests.hostile import hostile
from tests.world import demo, table, three_parcels
from views.assumptions import effects, naming, numbers_view, rules_view, spread
from views.text import texts


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_number_has_its_name_in_words_and_stands_with_its_subject(language: str) -> None:
    say, world = texts(language), demo()
    shown = numbers_view.numbers_table(numbers_view.ordered(world), say)
    assert len(shown) == len(world.table("assumptions"))
    codes = {*ASSUMED, *world.table("assumptions")["name"]}
    assert not codes & {*shown[say("assume_name")]}
    subjects = shown[say("assume_subject")].tolist()
    assert subjects == sorted(subjects, key=list(dict.fromkeys(subjects)).index), "rows of a subject stand together"
    assert shown[say("assume_range")].notna().all() and shown[say("source")].str.len().gt(3).all()


def test_a_preview_says_old_and_new_and_leaves_out_what_reads_the_same() -> None:
    say = texts("zh-CN")
    moved = [
        Moved(Figure("persons", "east"), 680.0, 340.0),
        Moved(Figure("available", "east"), 10_001.0, 10_002.0),
        Moved(Figure("demand_p50", "west", "research"), 20_000.0, 31_000.0),
        Moved(Figure("shortage", "west", "research"), 0.0, 0.125),
    ]
    drawn = re.sub(r"<[^>]+>", " ", effects.effects(three_parcels(), moved, 2030, say))
    told = re.sub(r"\s+", " ", drawn)
    assert "东区 680 → 340 −340" in told
    assert "西区 · 研发设计 2.00 → 3.10 +1.10 0.0% → 12.5% +12.5" in told
    assert say("assume_kind_available") not in told
    assert say("assume_nothing_moves") in effects.effects(three_parcels(), moved[1:2], 2030, say)


def test_names_of_the_workspace_never_become_markup() -> None:
    world, say = hostile(), texts("zh-CN")
    rules = world.with_tables(
        rulepacks=table(
            "rulepacks",
            [{"rule_id": "l", "pack": "<img src=x>", "valid_from": "2020-01-01", "rule": "term", "note": "<script>"}],
        )
    )
    targets = [Moved(Figure("target", "", "<img src=x>"), 0.0, 1e6)]
    drawn = spread.tornado(world, say) + effects.effects(world, targets, 2030, say)
    drawn += rules_view.packs_table(rules, "2026-01-01", say) + rules_view.rules_table(rules, "2026-01-01", say)
    assert not re.search(r"<(script|img|svg|iframe|a)\b", drawn)
    assert naming.called_by_key(world, "<b>", say) == "<b>"


TERM: dict[str, object] = {"rule": "term", "unit": "年"}
RULES: list[dict[str, object]] = [
    TERM | {"rule_id": "old", "pack": "甲〔2018〕1号", "valid_from": "2018-01-01", "high": 50.0},
    TERM | {"rule_id": "new", "pack": "乙〔2026〕2号", "valid_from": "2026-01-01", "high": 20.0}
    | {"clause": "从未核对的条文", "verified": False},
    TERM | {"rule_id": "class", "pack": "乙〔2026〕2号", "valid_from": "2026-01-01", "high": 50.0}
    | {"for_class": "major", "clause": "核对过的条文", "verified": True},
]  # fmt: skip


def ruled() -> Workspace:
    given = {"parcel_id": "A", "project_id": "p1", "floor_area_m2": 100.0, "stage": "signed"}
    return three_parcels().with_tables(
        rulepacks=table("rulepacks", RULES),
        assignments=table("assignments", [{"assignment_id": "a", "term_years": 30.0, **given}]),
    )


def test_a_day_names_its_documents_and_a_clause_that_nobody_compared_is_never_shown() -> None:
    say = texts("zh-CN")
    drawn = rules_view.rules_table(ruled(), "2026-06-01", say)
    assert "核对过的条文" in drawn and "从未核对的条文" not in drawn and "未核对原文" in drawn
    packs = ruling.packs(ruled(), "2026-06-01")
    assert [(one.pack, one.rules, one.verified, one.holds) for one in packs] == [
        ("乙〔2026〕2号", 2, 1, 2),
        ("甲〔2018〕1号", 1, 0, 0),
    ]
    assert [one.holds for one in ruling.packs(ruled(), "2022-09-09")] == [0, 1]


def test_another_day_tells_what_is_no_longer_allowed_and_what_is() -> None:
    say = texts("zh-CN")
    found = rules_view.compared(ruled(), "2026-06-01", "2022-09-09")
    assert [(state, one.assignment_id, one.limit) for state, one in found] == [("broken", "a", 20.0)]
    shown = rules_view.breaches_table(ruled(), found, say).iloc[0]
    assert (shown[say("parcel")], shown[say("project")]) == ("A", "甲")
    assert (shown[say("pack_has")], shown[say("pack_allows")]) == ("30 年", "至多 20 年")
    assert shown[say("pack_unless")] == "国家级重大或指定产业重大项目"
    back = rules_view.compared(ruled(), "2022-09-09", "2026-06-01")
    assert [state for state, _ in back] == ["allowed"]
    assert [state for state, _ in rules_view.compared(ruled(), "2026-06-01", "2026-07-01")] == ["both"]


def test_a_price_is_compared_on_two_days_and_what_lacks_its_figure_is_told_apart() -> None:
    floor = {"rule_id": "f", "pack": "丙号", "valid_from": "2026-01-01", "rule": "price_floor", "low": 0.02}
    price = {"assignment_id": "a", "kind": "land_price", "promised": 30.0, "unit": "% 50 年期地价"}
    bare = ruled().with_tables(rulepacks=table("rulepacks", [floor]))
    priced, say = bare.with_tables(milestones=table("milestones", [{"milestone_id": "m", **price}])), texts("en")
    found = rules_view.compared(priced, "2026-06-01", "2022-09-09")
    assert [(state, one.rule) for state, one in found] == [("broken", "price_floor")]
    shown = rules_view.breaches_table(priced, found, say).iloc[0]
    assert shown[say("pack_has")] == "Price of the land 30 % of the 50-year price"
    assert shown[say("pack_allows")] == "at least Price of the land 60 % of the 50-year price"
    assert rules_view.compared(bare, "2026-06-01", "2022-09-09") == []
    told = rules_view.unjudged_told(bare, ruling.judge(bare, "2026-06-01")[1], say)
    assert "丙号: 1 assignments not judged, no figure: Price of the land" in told and 'title="A"' in told


def test_the_first_days_are_that_of_the_workspace_and_the_one_before_its_youngest_rules() -> None:
    now, before = rules_view.default_days(ruled())
    assert (now.isoformat(), before.isoformat()) == ("2026-11-22", "2025-12-31")


def test_the_demo_finds_terms_that_the_rules_of_2025_do_not_allow() -> None:
    found = rules_view.compared(demo(), "2026-11-22", "2022-09-09")
    assert {state for state, _ in found} == {"broken"} and len(found) == 3


@pytest.mark.parametrize("key", ["vacancy", "floor_area_per_person.research"])
def test_the_demo_shows_what_a_number_moves(key: str) -> None:
    world, say = demo(), texts("en")
    value = float(row(world, "assumptions", key)["value"]) * 1.05
    moved = consequences.moved(world, consequences.with_assumption(world, key, {"value": value}))
    drawn = effects.effects(world, moved, 2030, say)
    assert say("assume_moves_capacity") in drawn and say("total") in drawn
