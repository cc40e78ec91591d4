"""Allocation in a browser: a plan is made, asked about, applied in one step and taken back."""

from __future__ import annotations

import pytest

from layers import stores
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def given(server: Server) -> dict[str, float]:
    table = stores.read(server.workspace).table("assignments")
    return dict(zip(table["assignment_id"], table["floor_area_m2"], strict=True))


def test_a_plan_is_made_asked_about_applied_and_taken_back(visit: Visit, server: Server) -> None:
    page, before = visit.page, given(server)
    page.goto(f"{visit.address}/allocation")
    page.get_by_role("button", name="生成方案").click()
    page.wait_for_selector(".cz-goals >> text=已证明最优", timeout=60_000)
    assert page.locator(".cz-goals li").count() == 4
    visit.map().wait_for_selector("text=新落位（新建）")
    tabs = page.locator(".st-key-place-view button")
    tabs.nth(2).click()
    page.wait_for_selector(".cz-left-out >> text=保定协同分园")
    tabs.nth(3).click()
    page.wait_for_selector("text=在图上点一个地块")
    field = page.locator(".st-key-find input")
    field.click()
    field.fill("E2-01-02")
    page.keyboard.press("Enter")
    page.wait_for_selector(".cz-refused >> text=不能落在 E2-01-02", timeout=40_000)
    page.get_by_role("button", name="应用方案").click()
    page.wait_for_selector(".st-key-place-apply >> text=已应用")
    after = given(server)
    assert len(after) > len(before) and after != before
    page.get_by_role("button", name="撤销").click()
    page.wait_for_selector(".st-key-place-apply >> text=已应用", state="detached")
    assert given(server) == before
    assert visit.errors == []
    assert visit.left == []
