"""Stations on the page of the ground: rings on the map, and a radius that is edited and taken back."""

from __future__ import annotations

import pytest

from layers import stores
from layers.ground import catchments
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

LEGEND = ".cz-quiet .cz-text"


def test_rings_show_and_follow_their_radius(visit: Visit, server: Server) -> None:
    page = visit.page
    page.goto(f"{visit.address}/ground")
    page.locator(".st-key-ground-tab button", has_text="车站与配套").click()
    frame = visit.map()
    frame.wait_for_selector(f"{LEGEND} >> text=地铁站 500 m（直线距离）")
    field = page.get_by_role("spinbutton", name="核心范围半径（m）")
    field.fill("350")
    field.press("Enter")
    frame.wait_for_selector(f"{LEGEND} >> text=地铁站 350 m（直线距离）")
    assert catchments.radius(stores.read(server.workspace), "near") == 350
    page.locator(".st-key-reach-shown button", has_text="核心范围").click()
    frame.wait_for_selector(f"{LEGEND} >> text=地铁站 350 m（直线距离）", state="detached")
    page.get_by_role("button", name="撤销").click()
    page.wait_for_function("() => document.querySelector('.st-key-panel input[type=number]')?.value === '500'")
    assert catchments.radius(stores.read(server.workspace), "near") == 500
    assert visit.errors == []
    assert visit.left == []
