"""The rules of a day on the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

import cli
from layers import services, stores
from layers.commands import Agree, Assign
from tests.files import call
from tests.world import after, table, three_parcels


@pytest.fixture
def w(tmp_path: Path) -> Path:
    rules = [
        {
            "rule_id": "a",
            "pack": "甲号",
            "valid_from": "2018-01-01",
            "rule": "term",
            "high": 20,
            "clause": "不得超过",
        },
        {
            "rule_id": "m",
            "pack": "甲号",
            "valid_from": "2018-01-01",
            "rule": "term",
            "for_class": "major",
            "high": 50,
        },
        {"rule_id": "e", "pack": "甲号", "valid_from": "2018-01-01", "rule": "entry", "low": 30, "unit": "人"},
        {"rule_id": "p", "pack": "甲号", "valid_from": "2018-01-01", "rule": "price_floor", "low": 0.02},
    ]
    plain = three_parcels().with_tables(rulepacks=table("rulepacks", rules))
    path = tmp_path / "w.gpkg"
    given = after(plain, Assign("A", "p1", 1_000.0, supply_mode="transfer", term_years=30.0))
    stores.create(path, after(given, Agree("A00001", "jobs", None, 20.0)))
    return path


def test_rules_of_a_day_and_what_they_break(w: Path) -> None:
    status, answer = call("rules", "in-force", w, "--on", "2022-09-09")
    assert status == 0
    assert (answer["on"], answer["packs"]) == ("2022-09-09", ["甲号"])
    one, jobs = answer["breaches"]
    assert (one["assignment_id"], one["parcel_no"], one["value"], one["limit"]) == ("A00001", "A", 30, 20)
    assert one["classes"] == ["major"]
    assert (jobs["rule"], jobs["measure"], jobs["value"], jobs["limit"]) == ("entry", "jobs", 20, 30)
    assert [(one["rule_id"], one["parcel_no"], one["missing"]) for one in answer["unjudged"]] == [
        ("p", "A", "land_price")
    ]
    assert [rule["clause"] for rule in answer["rules"]] == [None] * 4, "no clause that nobody verified"
    assert call("rules", "in-force", w, "--on", "2017-01-01")[1]["rules"] == []


def test_without_a_day_it_is_that_of_the_workspace(w: Path) -> None:
    assert call("rules", "in-force", w)[1]["on"] == "2026-11-22"


def test_calls_that_make_no_sense_are_refused(w: Path) -> None:
    for words, status, code in (
        (("in-force", w, "--on", "soon"), 1, "date_refused"),
        (("set", w), 2, "call_wrong"),
        (("in-force", w, "x.csv"), 2, "call_wrong"),
    ):
        got, answer = call("rules", *words)
        assert (got, answer["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-CN", ("须证明属于", "就业人数 20 人，甲号 限 30 人", "未登记成交地价")),
        ("en", ("unless it is shown to be", "Jobs 20, 甲号 sets 30", "no figure: Price of the land")),
    ],
)
def test_it_reads_well_on_a_terminal(
    w: Path, capsys: pytest.CaptureFixture[str], language: str, told: tuple[str, ...]
) -> None:
    assert cli.main(["rules", "in-force", str(w), "--lang", language]) == 0
    out = capsys.readouterr().out
    assert [text for text in told if text not in out] == []
    services.make_demo(str(w.with_name("demo.gpkg")))
    assert cli.main(["rules", "in-force", str(w.with_name("demo.gpkg")), "--lang", language]) == 0
