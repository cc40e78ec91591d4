"""Allocation in a browser: a plan is made, asked about, applied in one step and taken back, stopped and kept."""

from __future__ import annotations

import re

import pytest

from layers import stores
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def given(server: Server, scenario: str = "main") -> dict[str, float]:
    table = stores.read(server.workspace, scenario).table("assignments")
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


def planned(visit: Visit) -> None:
    """The page with a plan."""
    visit.page.goto(f"{visit.address}/allocation")
    visit.map()
    visit.press(".st-key-place-make button")
    visit.page.wait_for_selector(".cz-goals >> text=已证明最优", timeout=60_000)
    visit.idle()


def test_a_plan_goes_into_a_scenario_of_its_own_and_is_taken_back_there(visit: Visit, server: Server) -> None:
    page, before = visit.page, given(server)
    planned(visit)
    page.locator(".st-key-place-apply").get_by_role("button", name="写入新方案").click()
    page.wait_for_selector(".st-key-place-new-apply button")
    field = page.locator('[class*="st-key-place-new-name"] input')
    field.fill("比选")
    field.press("Tab")
    visit.press(".st-key-place-new-apply button")
    page.wait_for_selector(".st-key-place-apply >> text=已应用", timeout=20_000)
    assert given(server) == before, "the scenario that it came from stays"
    assert len(given(server, "比选")) > len(before)
    page.get_by_role("button", name="撤销").click()
    page.wait_for_selector(".st-key-place-apply >> text=已应用", state="detached")
    assert given(server, "比选") == before


def test_a_row_tells_what_decided_it_and_draws_that_are_stopped_are_kept(visit: Visit) -> None:
    page = visit.page
    planned(visit)
    tabs = page.locator(".st-key-place-view button")
    tabs.nth(1).click()
    page.wait_for_selector(".st-key-place-table canvas")
    visit.idle()
    box = page.locator(".st-key-place-table canvas").first.bounding_box()
    assert box
    page.mouse.click(box["x"] + 16, box["y"] + 32 + 15)
    page.wait_for_selector(".cz-decided >> text=次优")
    tabs.nth(2).click()
    page.wait_for_selector(".cz-left-one >> text=如果一定要落位", timeout=60_000)
    tabs.nth(4).click()
    page.locator(".st-key-place-more button", has_text="留用图").click()
    page.wait_for_selector(".st-key-place-draws button")
    visit.press(".st-key-place-draws button")
    page.locator(".cz-job-said", has_text=re.compile("[1-9][0-9]*%")).wait_for(timeout=60_000)
    page.locator(".cz-job-stop").click()
    told = page.wait_for_selector(".cz-drawn", timeout=20_000).inner_text()
    assert re.search(r"100 次抽样完成了 [1-9]\d* 次", told), told
    visit.map().wait_for_selector("text=80–100 %：留用")
    page.locator(".st-key-switch-language button").click()
    page.wait_for_selector(".cz-drawn >> text=of 100 draws")


def test_why_not_here_is_asked_from_the_card_and_from_the_editor(visit: Visit) -> None:
    page = visit.page
    visit.open()
    visit.find("W1-20-01")
    visit.press(".st-key-why-here button")
    _ask(visit, "地铁运营公司技术创新研究院")
    page.wait_for_selector("[role=dialog] .cz-moves >> text=不落位", timeout=60_000)
    page.goto(f"{visit.address}/editor")
    page.wait_for_function("window.chengzai && window.chengzai.editor", timeout=30_000)
    page.evaluate("() => window.chengzai.select([window.chengzai.labelled('W1-20-01')])")
    page.locator(".cz-why-here").click()
    _ask(visit, "北京全路通信信号研究设计院")
    page.wait_for_selector("[role=dialog] .cz-refused >> text=不能落在 W1-20-01", timeout=60_000)


def _ask(visit: Visit, project: str) -> None:
    field = visit.page.locator("[role=dialog] .st-key-why-project input")
    field.click()
    visit.page.keyboard.type(project[:8])
    visit.page.keyboard.press("Enter")


def test_what_is_chosen_from_lists_speaks_the_language_that_was_switched_to(visit: Visit) -> None:
    page = visit.page
    page.goto(f"{visit.address}/exchange")
    page.locator(".st-key-exchange-tab button").nth(1).click()
    chosen = "[data-testid=stSelectbox] input"
    page.wait_for_selector(chosen)
    visit.idle()
    values = "every => every.map((one) => one.value)"
    assert "地块" in page.locator(chosen).evaluate_all(values)
    page.locator(".st-key-switch-language button").click()
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stSelectbox] input')].some((one) => one.value === 'Parcels')"
    )
    visit.idle()
    assert not [one for one in page.locator(chosen).evaluate_all(values) if re.search("[\u4e00-\u9fff]", one)]
