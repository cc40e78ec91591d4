"""The engine of the editor: acts that are kept or refused, what others do, and a view that never jumps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Edit, Split
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PARCEL = "1516-66C"

BRUSH = """values => {
  const core = window.chengzai;
  const click = ({ slot }) => {
    const parcel = core.names.keys[slot];
    const effect = { rows: [`parcels ${parcel}`], slots: [slot], look: { assignment: 0 } };
    core.act({ do: "assign", parcel, project: "crsc", stage: "intent", ...values }, effect);
  };
  core.tools.use({ name: "test", click });
}"""

HIT = """slot => {
  const { geometry } = window.chengzai;
  const [x, y] = geometry.inside(slot);
  return geometry.at((geometry.origin[0] + x) / 2 ** 32, (geometry.origin[1] + y) / 2 ** 32);
}"""

PIXEL = """slot => {
  const frame = window.chengzai.map.getContainer().getBoundingClientRect();
  const [x, y] = window.chengzai.pixel(slot);
  return [frame.x + x, frame.y + y];
}"""


def opened(visit: Visit) -> Page:
    """The editor, once its map is painted."""
    visit.page.goto(f"{visit.address}/?language=zh-CN")
    visit.page.get_by_role("link", name="编辑", exact=True).click()
    page = visit.page
    page.wait_for_function("window.chengzai?.ready && window.chengzai.parcels.slices.idle", timeout=30_000)
    return page


@pytest.fixture
def page(visit: Visit) -> Page:
    return opened(visit)


@pytest.fixture
def other(browser: Browser, server: Server) -> Iterator[Page]:
    made = Visit(browser, server.address)
    yield opened(made)
    made.close()


def slot_of(page: Page, label: str) -> int:
    return int(page.evaluate("label => window.chengzai.labelled(label)", label))


def look_at(page: Page, slot: int, zoom: int = 16) -> None:
    script = """([slot, zoom]) => {
      const { map, geometry } = window.chengzai;
      map.setView(geometry.anchor(slot), zoom, { animate: false });
    }"""
    page.evaluate(script, [slot, zoom])
    page.wait_for_function("window.chengzai.parcels.slices.idle")


def given(server: Server) -> int:
    return len(stores.read(server.workspace).table("assignments"))


def quiet(page: Page) -> None:
    page.wait_for_function("window.chengzai.outbox.queue.length === 0 && !window.chengzai.outbox.sending")


def colour(page: Page, slot: int) -> list[int]:
    """What a parcel's middle looks like, from the canvas."""
    script = """slot => {
      const { map, geometry, parcels } = window.chengzai;
      const [x, y] = geometry.inside(slot);
      for (const { el } of Object.values(parcels._tiles)) {
        const { scale, left, top } = el.frame;
        const [right, down] = [Math.round(x * scale - left) + 6, Math.round(y * scale - top) + 6];
        if (!el.painted || right < 0 || down < 0 || right >= el.width || down >= el.height) continue;
        return Array.from(el.getContext("2d").getImageData(right, down, 1, 1).data.slice(0, 3));
      }
      return [];
    }"""
    return list(page.evaluate(script, slot))


def view(page: Page) -> Any:
    return page.evaluate("(({ lat, lng }) => [lat, lng, chengzai.map.getZoom()])(chengzai.map.getCenter())")


NOTES = """() => {
  const core = window.chengzai;
  let count = 0;
  const click = ({ slot }) => {
    const key = core.names.keys[slot];
    count += 1;
    const act = { do: "edit", layer: "parcels", key, values: { note: `click ${count}` } };
    core.act(act, { rows: [`parcels ${key}`], slots: [slot], look: {} });
  };
  core.tools.use({ name: "test", click });
}"""


def test_twenty_clicks_thirty_milliseconds_apart_are_twenty_acts_in_their_order(page: Page, server: Server) -> None:
    slot = slot_of(page, PARCEL)
    look_at(page, slot, 17)
    x, y = page.evaluate(PIXEL, slot)
    page.evaluate(NOTES)
    first = stores.revision(server.workspace)
    for turn in range(20):
        page.mouse.click(x + 60 * (turn % 4) - 90, y + 60 * (turn % 3) - 60)
        page.wait_for_timeout(30)
    quiet(page)
    with stores.open_store(server.workspace).reading() as tx:
        found = [change for event in tx.events(after=first) for change in event.changes]
    assert [change.after["note"] for change in found if change.after] == [f"click {n}" for n in range(1, 21)]
    wanted = {change.key: change.after["note"] for change in found if change.after}
    kept = stores.read(server.workspace).table("parcels").set_index("parcel_id")["note"]
    assert {key: kept[key] for key in wanted} == wanted
    assert page.evaluate("window.chengzai.furniture.line.textContent") == "已保存"


def test_a_refused_act_is_painted_back_with_its_reason(page: Page, server: Server) -> None:
    page.evaluate("window.chengzai.turn('assignment')")
    slot = slot_of(page, PARCEL)
    look_at(page, slot)
    was, before = colour(page, slot), given(server)
    page.evaluate(BRUSH, {"floor_area_m2": 9e8})
    page.mouse.click(*page.evaluate(PIXEL, slot))
    assert colour(page, slot) != was, "it is painted before anybody has answered"
    quiet(page)
    page.wait_for_function("window.chengzai.furniture.line.classList.contains('cz-refused')")
    assert "不够" in page.evaluate("window.chengzai.furniture.line.textContent")
    assert colour(page, slot) == was and given(server) == before


def test_what_another_commits_appears_and_the_view_stays(page: Page, other: Page, server: Server) -> None:
    page.evaluate("window.chengzai.turn('status')")
    slot = slot_of(page, "E1-09-02")
    look_at(page, slot)
    was, there = colour(page, slot), view(page)
    key = page.evaluate("slot => window.chengzai.names.keys[slot]", slot)
    present = stores.read(server.workspace).table("parcels").set_index("parcel_id")["status"]
    change = Edit.of("parcels", key, status="sold" if present[key] != "sold" else "reserve")
    clock = time.monotonic()
    outcome = applying.apply(stores.open_store(server.workspace), Asked(Actor("李工"), "live status"), change)
    assert outcome.status == "ok"
    for one in (page, other):
        one.wait_for_function(f"window.chengzai.revision >= {outcome.revision}", timeout=10_000)
    took = time.monotonic() - clock
    assert colour(page, slot) != was
    assert view(page) == there
    assert took < 6, "two seconds on a machine of its own"


def test_a_split_by_another_is_drawn_and_can_be_taken_hold_of(page: Page, server: Server) -> None:
    slot = slot_of(page, "E1-09-02")
    key = page.evaluate("slot => window.chengzai.names.keys[slot]", slot)
    count = page.evaluate("window.chengzai.geometry.count")
    store = stores.open_store(server.workspace)
    outcome = applying.apply(store, Asked(Actor("李工"), "live split"), Split(key, parts=2))
    assert outcome.status == "ok", outcome.error
    page.wait_for_function(f"window.chengzai.revision >= {outcome.revision}")
    assert page.evaluate("slot => window.chengzai.geometry.there(slot)", slot) is False
    fresh = page.evaluate("window.chengzai.geometry.count")
    assert fresh == count + 2
    for one in range(count, fresh):
        look_at(page, one)
        assert page.evaluate(HIT, one) == one
    assert applying.undo(store, Asked(Actor("李工"), "live split back")).status == "ok"
    page.wait_for_function("slot => window.chengzai.geometry.there(slot)", arg=slot)


def test_who_else_is_there_is_shown(page: Page, other: Page) -> None:
    page.wait_for_function("window.chengzai.furniture.here.childElementCount > 0", timeout=10_000)
    other.close()
    page.wait_for_function("window.chengzai.furniture.here.childElementCount === 0", timeout=25_000)


def test_a_reload_keeps_view_and_colours(page: Page) -> None:
    look_at(page, slot_of(page, PARCEL), 17)
    page.evaluate("window.chengzai.turn('zone')")
    there = view(page)
    page.reload()
    page.wait_for_function("window.chengzai?.ready && window.chengzai.parcels.slices.idle", timeout=30_000)
    again = view(page)
    assert again[2] == there[2] and again[:2] == pytest.approx(there[:2], abs=2e-4)
    assert page.evaluate("window.chengzai.looks.mode.key") == "zone"


def test_acts_wait_for_a_server_that_does_not_answer(visit: Visit, page: Page, server: Server) -> None:
    slot, before = slot_of(page, PARCEL), given(server)
    look_at(page, slot)
    page.route("**/map/acts*", lambda route: route.abort())
    page.evaluate(BRUSH, {"floor_area_m2": 1})
    page.mouse.click(*page.evaluate(PIXEL, slot))
    page.wait_for_function("window.chengzai.furniture.line.textContent.includes('没有响应')")
    page.unroute("**/map/acts*")
    quiet(page)
    assert given(server) == before + 1
    visit.errors.clear()  # the browser tells of each request that was broken off
