"""The sheet of the first page adds up in both directions, as shown."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.accounts import totals
from layers.commands import Assign
from layers.workspace import Workspace
from tests.world import after as after_
from tests.world import box, demo, table
from views.numbers import columns_in_balance
from views.sheet import ACCOUNTS, Sheet, sheet
from views.text import LANGUAGES, texts
from views.zones_panel import headline, notes_view, zones_view


@pytest.fixture(scope="module")
def fengtai() -> Workspace:
    return demo()


def adds_up(found: Sheet) -> None:
    for column in range(len(found.zones)):
        booked = sum((found.accounts[name][column] for name in ACCOUNTS), Decimal(0))
        assert found.accounts["permitted"][column] + found.accounts["over"][column] == booked
        supply = found.accounts["available"][column] + found.accounts["built_vacant"][column]
        assert found.demand["supply"][column] <= supply, "housing and greens are no supply for enterprises"
        assert found.demand["margin"][column] == found.demand["supply"][column] - found.demand["unmet"][column]
    assert found.total("permitted") + found.total("over") == sum((found.total(name) for name in ACCOUNTS), Decimal(0))
    assert found.total("margin") == found.total("supply") - found.total("unmet")


def test_the_world_by_hand(world: Workspace) -> None:
    found = sheet(world)
    adds_up(found)
    assert found.zones == ("east", "west", None)
    assert found.accounts["permitted"] == [Decimal("2.50"), Decimal("0.50"), Decimal("0.00")]
    assert found.accounts["over"] == [Decimal("0.10"), Decimal("0.10"), Decimal("0.00")]
    assert found.accounts["available"] == [Decimal("1.50"), Decimal("0.00"), Decimal("0.00")]
    assert found.demand["unmet"] == [Decimal("0.80"), Decimal("0.00"), Decimal("0.25")]
    assert found.demand["margin"] == [Decimal("0.90"), Decimal("0.00"), Decimal("-0.25")]


def test_an_assignment_moves_the_account_and_the_gap(world: Workspace) -> None:
    after = after_(world, Assign("A", "p1", 8000.0))
    before, now = sheet(world), sheet(after)
    adds_up(now)
    assert now.accounts["reserved"][0] - before.accounts["reserved"][0] == Decimal("0.80")
    assert before.demand["unmet"][0] - now.demand["unmet"][0] == Decimal("0.80")
    assert now.total("margin") == before.total("margin")


def test_the_demo_adds_up_and_is_near_the_exact_totals(fengtai: Workspace) -> None:
    found = sheet(fengtai)
    adds_up(found)
    exact = totals(fengtai)
    for name in ("permitted", "available", "over"):
        assert abs(float(found.total(name)) * 10_000 - exact[f"{name}_m2"]) < 50 * (len(found.zones) + len(ACCOUNTS))


@given(st.lists(st.lists(st.floats(0, 1e8), min_size=3, max_size=3), min_size=2, max_size=7))
def test_columns_are_balanced_whatever_they_hold(rows: list[list[float]]) -> None:
    shown = columns_in_balance({str(i): row for i, row in enumerate(rows)})
    for column in range(3):
        exact = float(np.sum([row[column] for row in rows])) / 10_000
        assert abs(float(sum(row[column] for row in shown.values())) - exact) <= 0.005 + 1e-6


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_views_say_every_figure(fengtai: Workspace, language: str) -> None:
    found, say = sheet(fengtai), texts(language)
    page = zones_view(fengtai, found, say) + headline(found, say) + notes_view(fengtai, found, say)
    for name in ("permitted", "available"):
        assert f"{found.total(name):,}" in page
    assert "2.00" in page and "1.81" in page, "the two areas of Phase III that disagree"
    assert "<script" not in page


def test_many_zones_are_rows_that_add_up_to_the_total(world: Workspace) -> None:
    strips = [
        {"zone_id": f"z{i}", "name": f"第{i}区", "geometry": box(i * 40, 0, i * 40 + 40, 100)} for i in range(10)
    ]
    many = world.with_tables(zones=table("zones", strips))
    said = zones_view(many, sheet(many), texts("zh-CN"))
    assert [f"第{i}区" in said for i in range(10)] == [True] * 10
    assert said.count("cz-line") == 1, "one bar, that of everything"
    exact = totals(many)
    for name in ("permitted", "available", "over"):
        assert abs(float(sheet(many).total(name)) * 10_000 - exact[f"{name}_m2"]) <= 50, name
