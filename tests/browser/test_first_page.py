"""The first page in a real browser: figures that add up, a parcel's card, an assignment that is on file."""

from __future__ import annotations

import json
import re
import time

import pytest
from playwright.sync_api import Browser

from layers import stores
from layers.accounts import totals
from tests.browser.app_server import Server
from tests.browser.visit import Visit
from tests.world import put

pytestmark = pytest.mark.browser

PARCEL = "1516-66C"
ACCOUNTS = ("built_occupied", "built_vacant", "under_construction", "committed", "reserved", "available")


def test_three_zones_and_totals_that_add_up(visit: Visit, server: Server) -> None:
    visit.open()
    heads = visit.page.locator(".cz-sheet").first.locator("thead th").all_inner_texts()
    assert heads[1:4] == ["东区", "西区", "新扩区域"] and heads[-1] == "合计"
    for name in (*ACCOUNTS, "permitted", "asked", "housed", "unmet", "supply", "margin"):
        *parts, total = visit.row(name)
        assert total == pytest.approx(sum(parts), abs=1e-9), name
    booked = [sum(column) for column in zip(*(visit.row(name) for name in ACCOUNTS), strict=True)]
    assert [a + b for a, b in zip(visit.row("permitted"), visit.row("over"), strict=True)] == pytest.approx(booked)
    exact = totals(stores.read(server.workspace))
    assert visit.figure("permitted") * 10_000 == pytest.approx(exact["permitted_m2"], abs=2_000)
    page = visit.page.inner_text("body")
    assert "示意" in page and "数据日期" in page
    legend = visit.map().inner_text(".cz-panel")
    assert "示意地块" in legend and "用地性质" in legend


def test_a_click_shows_the_card_and_an_assignment_is_on_file(visit: Visit, server: Server) -> None:
    visit.open()
    before = stores.read(server.workspace)
    available, unmet = visit.figure("available"), visit.figure("unmet")
    visit.click_parcel(PARCEL)
    assert "容积率 2.5 × 6,400 m² = 16,000 m²，受容积率约束" in visit.page.inner_text(".cz-because")
    visit.page.wait_for_selector(".cz-origin")
    card = visit.page.inner_text(".st-key-card")
    for word in ("平面面积", "椭球面积", "M4 工业研发用地", "公开数据"):
        assert word in card
    frame = visit.map()
    view = frame.evaluate("JSON.stringify([window.chengzai.map.getCenter(), window.chengzai.map.getZoom()])")
    born = frame.evaluate("window.chengzai.session")
    visit.choose_project("中国铁路通信信号集团")
    visit.press('[class*="st-key-assign-"] button')
    visit.page.wait_for_selector(".cz-saved")
    visit.idle()
    after = stores.read(server.workspace)
    assert after.revision == before.revision + 1
    made = after.table("assignments").iloc[-1]
    assert (made["floor_area_m2"], made["stage"], made["source"]) == (16_000.0, "intent", "new")
    assert visit.figure("available") == pytest.approx(available - 1.6, abs=0.011)
    assert visit.figure("unmet") == pytest.approx(unmet - 1.6, abs=0.011)
    frame = visit.map()
    frame.wait_for_function(f"window.chengzai.revision === {after.revision}")
    assert frame.evaluate("window.chengzai.session") == born, "the map was mounted again"
    now = frame.evaluate("JSON.stringify([window.chengzai.map.getCenter(), window.chengzai.map.getZoom()])")
    assert now == view, "the view jumped"
    visit.page.reload()
    frame = visit.map()
    row = frame.evaluate("label => window.chengzai.labelled(label)", PARCEL)
    assert frame.evaluate("row => window.chengzai.amount(row)", row) == 0
    centre, zoom = json.loads(view)
    again = json.loads(
        frame.evaluate("JSON.stringify([window.chengzai.map.getCenter(), window.chengzai.map.getZoom()])")
    )
    assert again[1] == zoom and again[0] == pytest.approx(centre, abs=1e-4), "a reload keeps the view, to a pixel"


def test_it_can_be_taken_back(visit: Visit, server: Server) -> None:
    visit.open()
    count = len(stores.read(server.workspace).table("assignments"))
    visit.find(PARCEL)
    visit.press('[class*="st-key-take-"] button')
    visit.press('[class*="st-key-back-"] button')
    visit.page.wait_for_selector(".cz-saved")
    assert len(stores.read(server.workspace).table("assignments")) == count - 1


def test_a_refusal_says_why_and_writes_nothing(visit: Visit, server: Server) -> None:
    visit.open()
    revision = stores.revision(server.workspace)
    visit.find(PARCEL)
    visit.choose_project("中国铁路通信信号集团")
    amount = visit.page.locator('[class*="st-key-area-"] input')
    amount.fill("999999")
    amount.press("Enter")
    visit.press('[class*="st-key-assign-"] button')
    visit.page.wait_for_selector(".cz-refused")
    said = visit.page.inner_text(".cz-refused")
    assert PARCEL in said and "不够" in said and "减少面积" in said
    assert stores.revision(server.workspace) == revision


def test_another_planner_is_seen_and_never_overwritten(visit: Visit, server: Server, browser: Browser) -> None:
    visit.open()
    visit.find(PARCEL)
    visit.choose_project("中国铁路通信信号集团")
    present = stores.read(server.workspace)
    parcels = present.table("parcels")
    far = parcels["far_max"].mask((parcels["parcel_no"] == PARCEL).fillna(False), 0.123)
    put(server.workspace, "parcels", parcels.assign(far_max=far))
    visit.page.wait_for_selector(f".cz-heading >> text=第 {present.revision + 1} 版")
    visit.press('[class*="st-key-assign-"] button')
    visit.page.wait_for_selector(".st-key-keep-theirs")
    told = visit.page.inner_text('[role="dialog"]')
    assert "容积率上限" in told and "0.123" in told and "2.5" in told and "中国铁路通信信号集团" in told
    assert stores.revision(server.workspace) == present.revision + 1
    visit.press(".st-key-keep-theirs button")
    visit.page.wait_for_selector('[role="dialog"]', state="detached")
    assert stores.revision(server.workspace) == present.revision + 1


def test_english_at_a_switch(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("button", name="English").click()
    visit.page.wait_for_selector(".cz-sheet >> text=East Zone")
    visit.idle()
    panel = visit.map().inner_text(".cz-panel")
    assert "Land use" in panel and "Schematic parcel" in panel
    for selector in (".cz-headline", ".st-key-sheet", '[data-testid="stHeader"]'):
        assert not any(
            "\u4e00" <= letter <= "\u9fff" for letter in visit.page.inner_text(selector).replace("中文", "")
        )


def test_colours_and_layers_at_a_choice(visit: Visit) -> None:
    frame = visit.open()
    frame.get_by_role("radio", name="可供规模").check()
    assert "承载未知" in frame.inner_text(".cz-legend")
    frame.locator("summary").first.click()
    frame.get_by_role("checkbox", name="车站").uncheck()
    assert frame.evaluate("window.chengzai.map.hasLayer(window.chengzai.layers.stations)") is False


def test_a_click_is_answered_quickly(visit: Visit) -> None:
    visit.open()
    visit.click_parcel(PARCEL)
    took = []
    for label in ("E1-09-02", PARCEL, "E1-09-02"):
        frame = visit.map()
        row = frame.evaluate("label => window.chengzai.labelled(label)", label)
        frame.evaluate(
            "row => window.chengzai.map.setView(window.chengzai.geometry.anchor(row), 15, {animate: false})", row
        )
        box = visit.page.locator(".st-key-map iframe").bounding_box()
        x, y = frame.evaluate("row => window.chengzai.pixel(row)", row)
        assert box
        start = time.monotonic()
        visit.page.mouse.click(box["x"] + x, box["y"] + y)
        visit.page.wait_for_selector(f".cz-number >> text={label}")
        took.append(time.monotonic() - start)
    assert sorted(took)[1] < 2.0, took


def test_the_other_pages_open_and_hand_out_files(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("link", name="项目", exact=True).click()
    visit.page.wait_for_selector('[data-testid="stDataFrame"] canvas')
    visit.page.get_by_role("link", name="剩余地块", exact=True).click()
    visit.page.wait_for_selector(".st-key-remaining-prepare button")
    visit.press(".st-key-remaining-prepare button")
    button = visit.page.locator('[data-testid="stDownloadButton"] button')
    with visit.page.expect_download() as waiting:
        button.click()
    assert re.fullmatch(r"remaining-r\d+\.xlsx", waiting.value.suggested_filename)  # others have edited before
