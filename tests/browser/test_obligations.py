"""The obligations page in a browser: choose what is due, put down that it was kept, and take that back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from layers import obliging, stores
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def counts(page: Page) -> list[int]:
    """Red, amber, unknown, green and all of them, as the last line of the lights says."""
    cells = page.locator(".cz-lights .cz-sum td").all_inner_texts()
    return [int(cell.replace(",", "")) for cell in cells]


def told(server: Server) -> dict[str, int]:
    with stores.open_store(server.workspace).reading() as tx:
        found: dict[str, int] = obliging.told(tx.workspace("main"))["counts"]
        return found


def test_what_is_due_is_kept_and_taken_back(browser: Browser, server: Server) -> None:
    visit = Visit(browser, server.address)
    page = visit.page
    page.goto(f"{server.address}/obligations?language=en")
    page.wait_for_selector(".cz-lights")
    before = counts(page)
    assert before == list(told(server).values())
    assert before[4] == sum(before[:4])
    grid = page.locator("[class*=st-key-obligations-list] canvas").first
    grid.wait_for()
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 52)  # the box that selects the first row
    page.get_by_text("It was kept").wait_for()
    page.get_by_label("Document").first.fill("会议纪要〔2026〕7号")
    page.get_by_label("Document").first.press("Tab")
    page.get_by_role("button", name="Put down", exact=True).click()
    page.wait_for_selector(".cz-saved")
    page.wait_for_function(
        "n => document.querySelectorAll('.cz-lights .cz-sum td')[1].innerText == n", arg=str(before[1] - 1)
    )
    after = counts(page)
    assert after == [before[0], before[1] - 1, before[2], before[3] + 1, before[4]] == list(told(server).values())
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function(
        "n => document.querySelectorAll('.cz-lights .cz-sum td')[1].innerText == n", arg=str(before[1])
    )
    assert counts(page) == before == list(told(server).values())
    box = grid.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 16, box["y"] + 52)
    page.get_by_text("Show the parcel on the map").click()
    page.wait_for_selector(".cz-origin")  # the card of a parcel
    assert "E2-08-02" in page.inner_text("[data-testid=stMain]")
    assert visit.errors == [] and visit.left == []
    visit.context.close()
