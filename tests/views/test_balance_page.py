"""The balance page: what its matrix and pictures say, without a browser."""

from __future__ import annotations

import base64
import re

import pytest

from layers import balancing
from layers.balancing import Options
from tests.hostile import hostile
from tests.world import demo, three_parcels
from views import balance, balance_side, balance_targets
from views.text import texts

FEW = Options(draws=400)


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_matrix_says_what_the_balance_says(language: str) -> None:
    say, world = texts(language), three_parcels()
    _, years = balancing.outlook(world, FEW)
    lines = balance.lines_of(world, years)
    table = balance.matrix_table(world, lines, years, years[-1], say)
    assert [line.cell for line in lines] == [("east", "research"), (None, "headquarters"), (None, "research")]
    assert table[say("balance_p50")].tolist() == [0.8, 0.13, 0.13]
    assert table[say("balance_eligible")].tolist()[0] == 1.7
    assert table[say("balance_gap")].tolist() == [0, 0, 0]
    assert table[say("balance_zone")].tolist() == ["东区", say("balance_free"), say("balance_free")]


def test_zones_stand_in_the_order_of_their_table_and_free_demand_last() -> None:
    _, years = balancing.outlook(demo(), FEW)
    zones = [line.cell[0] for line in balance.lines_of(demo(), years)]
    assert list(dict.fromkeys(zones)) == ["east", "west", "expanded", None]


def test_the_fan_is_drawn_to_scale() -> None:
    both, years = balancing.outlook(demo(), FEW)
    drawn = balance_side.fan(both, years, years[-1].year, texts("en"))
    code = re.search(r"base64,([^\"]+)\"", drawn)
    assert code is not None
    svg = base64.b64decode(code.group(1)).decode()
    supply = [float(pair.split(",")[1]) for pair in re.findall(r'polyline points="([^"]+)"', svg)[1].split()]
    share = [(190 - 24 - y) / (190 - 12 - 24) for y in supply]
    told = [both.for_enterprises(one.supply) / 1e4 / 400 for one in years]
    assert share == pytest.approx(told, abs=1e-3)


def test_names_of_the_workspace_never_become_markup() -> None:
    world, say = hostile(), texts("zh-CN")
    both, years = balancing.outlook(world, FEW)
    for line in balance.lines_of(world, years):
        projects = balancing.projects_behind(world, both, years[-1], line.cell)
        parcels = balancing.parcels_behind(world, both, years[-1], line.cell)
        drawn = balance_side.projects_table(world, projects, say) + balance_side.parcels_table(world, parcels, say)
        assert not re.search(r"<(script|img|svg|iframe|a)\b", drawn)
    assert not re.search(r"<(script|img|iframe)\b", balance_side.reasons(world, both, years[-1], say))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_targets_stand_with_their_change_and_what_nobody_published_says_so(language: str) -> None:
    say, world = texts(language), demo()
    _, years = balancing.outlook(world, FEW)
    drawn = balance_targets.targets_view(world, years, years[-1], say)
    for told in ("+3,699", "+6", "−3", "+13", "+44", say("balance_unknown")):
        assert told in drawn
    assert say("balance_no_targets") in balance_targets.targets_view(three_parcels(), years, years[-1], say)


def test_both_ways_to_count_stand_side_by_side_for_every_zone_and_function() -> None:
    say, world = texts("zh-CN"), demo()
    _, years = balancing.outlook(world, FEW)
    told = re.sub(r"<[^>]+>", " ", balance_targets.by_cell(world, years[-1], say))
    assert "研发人员" in told and "企业" in told
    row = next(line for line in re.split("(?=不限分区 · )", told) if line.startswith("不限分区 · 研发设计"))
    assert row.count("–") >= 3, "two targets and the projects that may be anywhere, each with a range"
    assert "东区 · 总部办公" in told
