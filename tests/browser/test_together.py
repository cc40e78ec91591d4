"""Two people at once: what one writes the other sees, nobody is overwritten, and all take back their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Assign, Reassign
from layers.stores.contract import Event
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PARCEL, PROJECT = "1516-66C", "中国铁路通信信号集团"


@pytest.fixture
def other(browser: Browser, server: Server) -> Iterator[Visit]:
    made = Visit(browser, server.address)
    yield made
    made.close()
    assert made.errors == []


def key_of(server: Server, layer: str, column: str, name: str, key: str) -> str:
    table = stores.read(server.workspace).table(layer)
    return str(table.loc[table[column] == name, key].iloc[0])


def give(server: Server, area: float) -> str:
    """The colleague 李工 gives floor area of the parcel to the project; answers with the assignment's key."""
    parcel = key_of(server, "parcels", "parcel_no", PARCEL, "parcel_id")
    project = key_of(server, "projects", "name", PROJECT, "project_id")
    asked = Asked(Actor("李工"), f"give {area}")
    outcome = applying.apply(stores.open_store(server.workspace), asked, Assign(parcel, project, area))
    assert outcome.status == "ok"
    return outcome.changes[0].key


def area_of(server: Server, key: str) -> float:
    given = stores.read(server.workspace).table("assignments")
    return float(given.loc[given["assignment_id"] == key, "floor_area_m2"].iloc[0])


def fill_in(visit: Visit, area: str) -> None:
    """Open the first assignment of the card and fill another floor area in, without saving it."""
    field = visit.page.locator('[class*="st-key-change-"][class*="-area-"] input').first
    for _ in range(5):
        visit.press('[class*="st-key-take-"] button')
        visit.page.wait_for_timeout(400)
        if field.is_visible():
            break
    field.fill(area)
    field.press("Enter")
    visit.idle()


def test_what_a_colleague_writes_comes_in_and_a_half_filled_form_stays(visit: Visit, server: Server) -> None:
    frame = visit.open()
    visit.find(PARCEL)
    visit.choose_project(PROJECT)
    field = visit.page.locator('[class*="st-key-area-"] input')
    field.fill("1234")
    field.press("Enter")
    visit.idle()
    view = frame.evaluate("JSON.stringify([window.chengzai.map.getCenter(), window.chengzai.map.getZoom()])")
    born = frame.evaluate("window.chengzai.session")
    give(server, 6000.0)
    visit.page.wait_for_selector(".cz-values >> text=6,000", timeout=6_000)
    assert field.input_value() == "1234.00", "what was filled in is lost"
    frame = visit.map()
    assert frame.evaluate("window.chengzai.session") == born, "the map was mounted again"
    now = frame.evaluate("JSON.stringify([window.chengzai.map.getCenter(), window.chengzai.map.getZoom()])")
    assert now == view, "the view jumped"


def test_of_two_saves_the_second_is_asked_and_nothing_is_overwritten(
    visit: Visit, other: Visit, server: Server
) -> None:
    given = stores.read(server.workspace).table("assignments")
    key = str(given["assignment_id"].iloc[-1])
    for one in (visit, other):
        one.open()
        one.find(PARCEL)
    fill_in(visit, "5000")
    fill_in(other, "4000")
    visit.press('[class*="st-key-change-save"] button')
    visit.page.wait_for_selector(".cz-saved")
    assert area_of(server, key) == 5000.0
    other.press('[class*="st-key-change-save"] button')
    other.page.wait_for_selector(".st-key-keep-theirs button")
    told = other.page.inner_text('[role="dialog"]:has(.st-key-keep-theirs)')
    for word in ("4,000 m²", "5,000 m²", "6,000 m²", "本机", PARCEL, "双方修改前"):
        assert word in told, word
    other.page.keyboard.press("Escape")
    assert other.page.locator('[role="dialog"]').is_visible(), "it can be looked away from"
    assert area_of(server, key) == 5000.0
    other.press(".st-key-keep-theirs button")
    other.page.wait_for_selector('[role="dialog"]', state="detached")
    assert area_of(server, key) == 5000.0
    fill_in(other, "4100")
    asked = Asked(Actor("李工"), "again")
    assert applying.apply(stores.open_store(server.workspace), asked, Reassign(key, 4200.0)).status == "ok"
    other.press('[class*="st-key-change-save"] button')
    other.page.wait_for_selector(".st-key-apply-mine button")
    assert "李工" in other.page.inner_text('[role="dialog"]:has(.st-key-keep-theirs)')
    other.press(".st-key-apply-mine button")
    other.page.wait_for_selector(".cz-saved")
    assert area_of(server, key) == 4100.0
    kinds = [event.kind for event in events(server)]
    assert kinds[:4] == ["reassign"] * 3 + ["assign"]


def test_undo_and_redo_by_keyboard_after_a_reload(visit: Visit, server: Server) -> None:
    visit.open()
    visit.find(PARCEL)
    key = str(stores.read(server.workspace).table("assignments")["assignment_id"].iloc[-1])
    assert area_of(server, key) == 4100.0
    visit.page.reload()
    visit.map()
    visit.idle()
    visit.page.locator(".st-key-undo button").first.hover()
    hint = visit.page.locator('[data-testid="stTooltipContent"]')
    hint.wait_for()
    assert "撤销：调整落位 · 1516-66C" in hint.inner_text() and "4,100 m²" in hint.inner_text()
    visit.page.keyboard.press("Control+z")
    visit.page.wait_for_selector(".cz-saved")
    assert area_of(server, key) == 4200.0
    visit.page.reload()
    visit.map()
    visit.idle()
    visit.page.keyboard.press("Control+Shift+z")
    visit.page.wait_for_selector(".cz-saved")
    assert area_of(server, key) == 4100.0


def test_undoing_what_somebody_changed_since_is_a_conflict(visit: Visit, server: Server) -> None:
    visit.open()
    key = str(stores.read(server.workspace).table("assignments")["assignment_id"].iloc[-1])
    asked = Asked(Actor("李工"), "since")
    assert applying.apply(stores.open_store(server.workspace), asked, Reassign(key, 3900.0)).status == "ok"
    visit.idle()
    visit.page.keyboard.press("Control+z")
    visit.page.wait_for_selector(".st-key-keep-theirs button")
    told = visit.page.inner_text('[role="dialog"]')
    assert "李工" in told and "3,900 m²" in told
    assert visit.page.locator(".st-key-apply-mine").count() == 0
    visit.press(".st-key-keep-theirs button")
    visit.page.wait_for_selector('[role="dialog"]', state="detached")
    assert area_of(server, key) == 3900.0


def events(server: Server) -> list[Event]:
    with stores.open_store(server.workspace).reading() as tx:
        return list(tx.events(newest_first=True, limit=8, rows=False))
