"""The supply plan in a browser: a parcel takes its next step with day and document, and takes it back."""

from __future__ import annotations

import pytest

from layers import stores
from layers.rows import row, rows
from layers.supply_plan import lots
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser


def test_the_next_step_is_entered_and_taken_back(visit: Visit, server: Server) -> None:
    page = visit.page
    world = stores.read(server.workspace)
    first = str(world.parcel_index[int(lots(world)["row"].iloc[0])])
    page.goto(f"{visit.address}/remaining")
    page.locator(".st-key-remaining-view button", has_text="供应计划").click()
    page.wait_for_selector(".cz-supply >> text=列入供应计划")
    box = page.locator(".st-key-supply-list canvas").first.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 18, box["y"] + 47)
    page.wait_for_selector(".cz-assumed >> text=列入供应计划")
    page.get_by_role("textbox", name="文号").fill("京规自公告〔2026〕1号")
    page.get_by_role("textbox", name="文号").press("Tab")
    page.get_by_role("button", name="登记").click()
    page.wait_for_selector(".cz-assumed >> text=公告")
    now = stores.read(server.workspace)
    assert row(now, "parcels", first)["status"] == "announced"
    last = rows(now.table("moves"))[-1]
    assert (last["row_key"], last["to_state"], last["document"]) == (first, "announced", "京规自公告〔2026〕1号")
    page.get_by_role("button", name="撤销").click()
    page.wait_for_selector(".cz-assumed >> text=列入供应计划")
    assert row(stores.read(server.workspace), "parcels", first)["status"] == "planned"
