"""The projects page in a browser: table and map follow each other, links keep filters, moves and imports go in."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser

from layers import stores
from tests.browser.app_server import Server
from tests.browser.exchange import commit, give, on
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

LEGEND = ".cz-legend .cz-text"
SCROLLER = ".st-key-projects-table .dvn-scroller"


def enter(visit: Visit, query: str = "") -> None:
    visit.page.goto(f"{visit.address}/projects{query}")
    visit.map()
    visit.idle()


def click_on_map(visit: Visit, label: str) -> None:
    """Bring a parcel into view and click it."""
    frame = visit.map()
    row = frame.evaluate("label => window.chengzai.labelled(label)", label)
    frame.evaluate(
        "row => window.chengzai.fit(window.chengzai.geometry.bounds(row), {maxZoom: 15, animate: false})", row
    )
    box = visit.page.locator(".st-key-map iframe").bounding_box()
    x, y = frame.evaluate("row => window.chengzai.pixel(row)", row)
    assert box
    visit.page.mouse.click(box["x"] + x, box["y"] + y)


def test_table_and_map_follow_each_other_without_a_reload(visit: Visit) -> None:
    enter(visit)
    page, frame = visit.page, visit.map()
    frame.evaluate("() => { window.sameMap = true; }")
    frame.wait_for_selector(f"{LEGEND} >> text=表中项目已落位")
    page.locator(SCROLLER).click(position={"x": 17, "y": 267})
    page.wait_for_selector(".cz-number >> text=北京交通大学轨道交通创新基地")
    frame.wait_for_selector(f"{LEGEND} >> text=所选项目已落位")
    took = frame.evaluate(
        "() => window.chengzai.names.labels.filter((name, slot) => window.chengzai.looks.shown[slot] === 0)"
    )
    assert sorted(took) == ["E2-01-02", "E2-08-02"]
    click_on_map(visit, "E3-10-03")
    page.wait_for_selector(".cz-number >> text=交控科技")
    assert frame.evaluate("() => window.sameMap && window.chengzai.selection.size === 1")


def test_a_link_keeps_its_filters_and_a_click_on_a_state_adds_one(visit: Visit) -> None:
    enter(visit, "?zone=west&unmet=1")
    page = visit.page
    shown = page.locator(".cz-counted").inner_text()
    assert " / 35 " in shown and not shown.startswith("35")
    page.locator(".st-key-library button", has_text="线索").click()
    page.wait_for_function("() => location.search.includes('states=lead')")
    assert "zone=west" in page.url and "unmet=1" in page.url
    page.get_by_role("button", name="清除筛选").click()
    page.wait_for_function("() => !location.search.includes('zone')")
    page.wait_for_selector(".cz-counted >> text=35 / 35")


def test_a_guard_answers_in_its_form_and_takes_what_was_missing(visit: Visit, server: Server) -> None:
    enter(visit, "?text=全路通信")
    page = visit.page
    page.locator(SCROLLER).click(position={"x": 17, "y": 50})
    page.wait_for_selector(".cz-number >> text=北京全路通信信号研究设计院")
    visit.press('.st-key-projects-moves [data-testid="stPopover"] button:has-text("签约")')
    form = page.locator('[data-testid="stPopoverBody"]')
    form.get_by_role("button", name="转为“签约”").click()
    form.locator(".cz-refused").wait_for()
    assert page.locator(".cz-refused").count() == 1
    field = form.get_by_role("textbox", name="监管协议")
    field.fill("监〔2026〕9号")
    field.press("Enter")
    visit.idle()
    form.get_by_role("button", name="转为“签约”").click()
    page.wait_for_selector(".cz-title .cz-binds >> text=签约")
    projects = stores.read(server.workspace).table("projects").set_index("project_id")
    assert projects.loc["crscd", ["state", "supervision_agreement"]].tolist() == ["signed", "监〔2026〕9号"]


def test_a_filled_template_comes_into_the_table(visit: Visit, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "项目.xlsx"
    enter(visit)
    page = visit.page
    page.locator(".st-key-projects-subject button", has_text="导入导出").click()
    visit.idle()
    with page.expect_download() as taken:
        page.get_by_role("button", name="下载模板").click()
    taken.value.save_as(path)
    book = openpyxl.load_workbook(path)
    book["项目"].cell(3, 1).value = "某新企业"
    book["项目"].cell(3, 3).value = "线索"
    book.save(path)
    page.locator(".st-key-projects-in").get_by_role("link").click()
    page.wait_for_selector(".st-key-exchange-layer input")
    assert page.locator(".st-key-exchange-layer input").input_value() == "项目"
    give(visit, path)
    for step in ("found", "columns", "preview"):
        on(visit, step)
    commit(visit, "导入 1 个项目")
    names = stores.read(server.workspace).table("projects")["name"]
    assert "某新企业" in set(names) and not names.str.contains("示例").any()
    page.get_by_role("link", name="项目", exact=True).click()
    page.wait_for_selector(".cz-counted >> text=36 / 36")


def test_both_sizes_hold_the_page_without_a_bar(browser: Browser, server: Server) -> None:
    for size in ((1366, 768), (1920, 1080)):
        visit = Visit(browser, server.address, size)
        enter(visit, "?language=en")
        over = "({scrollWidth, scrollHeight}) => [scrollWidth - innerWidth, scrollHeight - innerHeight]"
        assert visit.page.locator("html").evaluate(over) == [0, 0]
        low = visit.page.locator(".st-key-projects-left .st-key-map iframe").bounding_box()
        table = visit.page.locator(".st-key-projects-table .dvn-scroller").bounding_box()
        assert low and table and table["y"] + table["height"] <= low["y"] and low["y"] + low["height"] <= size[1]
        visit.close()
        assert visit.errors == [] and visit.left == []
