"""Text of the workspace stays text in the app: in every list, card, label and tooltip, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from layers import scenarios, stores
from layers.changes import Actor, Asked
from tests.browser.app_server import Server, serving
from tests.browser.visit import Visit
from tests.hostile import PAYLOADS, hostile

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("hostile")
    path = folder / "{{7*7}}<img src=x onerror=alert(1)>.gpkg"
    stores.create(path, hostile())
    with serving(path, folder / "server.log") as running:
        yield running


def nothing_ran(visit: Visit) -> None:
    assert set(visit.frames_say("typeof window.XSS")) == {"undefined"}
    assert visit.page.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0


def test_every_parcel_is_shown_literally(visit: Visit, browser: Browser) -> None:
    frame = visit.open()
    assert frame.evaluate("window.chengzai.names.labels") == list(PAYLOADS)
    for row, payload in enumerate(PAYLOADS):
        frame.evaluate(
            "row => window.chengzai.map.setView(window.chengzai.geometry.anchor(row), 17, {animate: false})", row
        )
        box = visit.page.locator(".st-key-map iframe").bounding_box()
        x, y = frame.evaluate("row => window.chengzai.pixel(row)", row)
        assert box
        visit.page.mouse.move(box["x"] + x, box["y"] + y)
        frame.wait_for_selector(".cz-tip strong")
        assert frame.inner_text(".cz-tip strong") == payload
        visit.page.mouse.click(box["x"] + x, box["y"] + y)
        visit.page.wait_for_function(
            "text => document.querySelector('.cz-title .cz-number')?.textContent === text", arg=payload
        )
        assert "49" not in visit.page.inner_text(".cz-title")
    legend = frame.inner_text(".cz-legend")
    assert "{{7*7}}" in legend and "onerror" in legend and "${window.top.XSS=1}" in legend and "49" not in legend
    nothing_ran(visit)


def test_lists_notes_and_pages_are_literal_too(visit: Visit) -> None:
    visit.open("?language=en")
    visit.page.get_by_text("Notes", exact=True).click()
    visit.page.wait_for_selector(".cz-disagree")
    assert "onerror" in visit.page.inner_text(".st-key-sheet")
    visit.page.locator(".st-key-find input").first.click()
    visit.page.wait_for_timeout(300)
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_selector(".cz-because")
    visit.page.locator('[class*="st-key-project-"] input').first.click()
    visit.page.wait_for_timeout(400)
    nothing_ran(visit)
    for name in ("Projects", "Remaining"):
        visit.page.keyboard.press("Escape")
        visit.page.get_by_role("link", name=name, exact=True).click()
        visit.page.wait_for_selector("canvas")
        visit.page.wait_for_timeout(300)
        nothing_ran(visit)


def test_scenarios_history_and_workspaces_are_literal_too(visit: Visit, server: Server) -> None:
    store = stores.open_store(server.workspace)
    for number, payload in enumerate(PAYLOADS):
        scenarios.branch(store, Asked(Actor(payload), f"branch {number}"), payload, payload)
    for name, there in (
        ("scenarios", ".cz-tree"),
        ("history", ".st-key-log-list canvas"),
        ("workspaces", ".cz-given"),
    ):
        visit.page.goto(f"{visit.address}/{name}?language=en")
        visit.page.wait_for_selector(there)
        visit.idle()
        nothing_ran(visit)
        shown = visit.page.inner_text('[data-testid="stMainBlockContainer"]')
        # a coordinate system, or a time of day, is no product of seven and seven
        assert "49" not in re.sub(r"EPSG:4549|\d\d:\d\d", "", shown)
    visit.page.goto(f"{visit.address}/scenarios?language=en")
    visit.page.wait_for_selector(".cz-tree")
    told = visit.page.inner_text(".cz-tree")
    assert all(payload in told for payload in PAYLOADS)
    visit.page.locator(".st-key-scenarios-tab").get_by_text("Merge", exact=True).click()
    visit.page.wait_for_selector(".cz-hint")
    nothing_ran(visit)
