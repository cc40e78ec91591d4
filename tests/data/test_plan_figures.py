"""Figures of the plan come out of the demo as the plan has them, each with its source."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from layers import balancing
from tests.world import demo

PLAN = "丰政发〔2022〕7号"


@pytest.fixture(scope="module")
def targets() -> pd.DataFrame:
    return demo().table("targets").set_index("target_id")


def table(shared: Path) -> dict[str, list[str]]:
    """The indicators of the plan by name: what its table says of 2015, 2020 and 2025."""
    lines = (shared / "plan" / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return {row[0]: row[1:] for row in rows if len(row) == 4}


def figures(text: str) -> list[float]:
    """The numbers of a cell.

    >>> figures("> 10 / > 25"), figures("11,301"), figures("180+")
    ([10.0, 25.0], [11301.0], [180.0])
    """
    return [float(one.replace(",", "")) for one in re.findall(r"\d[\d,]*\.?\d*", text)]


@pytest.mark.shared
def test_targets_are_those_of_the_plan(shared: Path, targets: pd.DataFrame) -> None:
    plan = table(shared)
    pairs = {"rd-staff": "R&D staff", "firms-0": "rail enterprises", "platforms": "innovation platforms"}
    for key, name in pairs.items():
        row = targets.loc[key]
        assert [row["target_value"]] == figures(plan[name][2])
        assert ([] if pd.isna(row["base_value"]) else [row["base_value"]]) == figures(plan[name][1])
        assert (row["base_year"], row["target_year"]) == (2020, 2025)
    tiers = plan["… ≥ 100 亿 / ≥ 10 亿 / ≥ 1 亿 enterprises"]
    rows = targets.loc[["firms-100", "firms-10", "firms-1"]]
    assert rows["base_value"].tolist() == figures(tiers[1])
    assert rows["target_value"].tolist() == figures(tiers[2])


@pytest.mark.shared
def test_facts_beside_the_plan_say_the_same(shared: Path, targets: pd.DataFrame) -> None:
    with (shared / "facts" / "indicators.csv").open(encoding="utf-8", newline="") as handle:
        facts = {(row["indicator"], row["period"]): row for row in csv.DictReader(handle)}
    for key, name in (
        ("rd-staff", "rail R&D staff"),
        ("firms-0", "rail firms"),
        ("firms-100", "rail firms ≥ 100 亿"),
    ):
        base, target = facts[name, "2020"], facts[f"{name} TARGET", "2025"]
        assert [targets.loc[key, "base_value"]] == figures(base["value"])
        assert [targets.loc[key, "target_value"]] == figures(target["value"])
        assert targets.loc[key, "confidence"] == base["confidence"] == target["confidence"]


def test_every_target_names_the_plan_as_its_source(targets: pd.DataFrame) -> None:
    assert targets["source"].str.contains(PLAN, regex=False).all()


def test_what_the_plan_asks_for_is_its_change_and_what_nobody_published_stays_open() -> None:
    found = {one["target_id"]: one["units"] for one in balancing.top_down(demo(), 400)}
    firms = [found[f"firms-{bound}"] for bound in (100, 10, 1, 0)]
    assert (found["rd-staff"], firms, sum(firms), found["platforms"]) == (3_699, [6, -3, 13, 44], 60, None)


@pytest.mark.shared
def test_organisations_of_the_plan_are_in_the_library_with_the_plan_or_the_facts_as_source(shared: Path) -> None:
    text = (shared / "plan" / "README.md").read_text(encoding="utf-8")
    named = text.split("headcount or a floor area is not in the facts):")[1]
    names = re.findall(r"[\u4e00-\u9fff]{4,}", named)
    assert len(names) > 20
    projects = demo().table("projects")
    known = [*projects["name"].dropna(), *projects["note"].dropna()]
    assert [one for one in names if not any(abbreviates(one.removeprefix("北京"), other) for other in known)] == []
    assert projects["source"].notna().all()


def abbreviates(short: str, name: str) -> bool:
    """Whether the signs of one stand in the other in their order.

    >>> abbreviates("中国通号", "中国铁路通信信号集团"), abbreviates("中国通号", "通号中国")
    (True, False)
    """
    rest = iter(name)
    return all(sign in rest for sign in short)
