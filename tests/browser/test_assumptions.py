"""Assumptions in a browser: a number is tried before it is saved, saved and taken back; the rules of a day."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from layers import stores
from layers.rows import row
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

KEY = "floor_area_per_person.research"
FIRST_ROW, ROW_HIGH = 47.0, 31.0
"""Middle of the first row below the top of a table, and how far rows lie apart [px]."""


def pick(page: Page, inside: str, row_: int) -> None:
    """Choose a row of a table by its box."""
    box = page.locator(f"{inside} canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + FIRST_ROW + ROW_HIGH * row_)


def held(server: Server) -> float:
    return float(row(stores.read(server.workspace), "assumptions", KEY)["value"])


def test_a_number_is_tried_saved_and_taken_back(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"{visit.address}/assumptions")
    page.wait_for_selector(".st-key-assume-table canvas")
    pick(page, ".st-key-assume-table", 1)
    page.wait_for_selector(".cz-assumed >> text=研发设计")
    field = page.get_by_role("spinbutton", name="取值")
    field.fill("40")
    field.press("Enter")
    page.wait_for_selector(".cz-refused >> text=高值 35 小于取值 40")
    assert page.get_by_role("button", name="保存").is_disabled()
    field.fill("32")
    field.press("Enter")
    page.wait_for_selector(".cz-moved >> text=可容纳")
    assert "→" in page.locator(".cz-moved").first.inner_text()
    assert held(server) == 25, "a preview writes nothing"
    page.get_by_role("button", name="保存").click()
    page.wait_for_selector(".st-key-assume-side >> text=取值 25 → 32")
    assert held(server) == 32
    page.get_by_role("button", name="撤销").click()
    page.wait_for_selector(".st-key-assume-side >> text=取值 32 → 25")
    assert held(server) == 25


def test_a_day_tells_what_its_rules_break_and_leads_to_the_parcel(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.address}/assumptions")
    page.locator(".st-key-assume-view button", has_text="规则包").click()
    page.wait_for_selector(".cz-lead >> text=新增 3 项不允许")
    assert page.locator(".cz-unchecked").first.inner_text() == "未核对原文"
    pick(page, ".st-key-assume-side", 0)
    page.get_by_role("link", name="在地图上看 E3-17-04").click()
    page.wait_for_selector(".cz-title >> text=E3-17-04")
