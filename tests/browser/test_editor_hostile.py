"""Text of a workspace, of its people and of its files stays text in the editor: nothing of it ever runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Edit
from tests.browser.app_server import Server, serving
from tests.browser.desk import Desk
from tests.hostile import PAYLOADS, hostile

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A file whose name is a payload, and an act of somebody whose name is one."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    path = folder / "{{7*7}}<img src=x onerror=window.top.XSS=1>.gpkg"
    stores.create(path, hostile())
    with serving(path, folder / "server.log") as running:
        yield running


@pytest.fixture(scope="module", params=["zh-CN", "en"])
def desk(request: pytest.FixtureRequest, browser: Browser, server: Server) -> Iterator[Desk]:
    made = Desk(browser, server, query=f"?language={request.param}")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def nothing_runs(desk: Desk) -> Iterator[None]:
    desk.press("Escape", "Escape")
    yield
    assert set(desk.visit.frames_say("typeof window.XSS")) == {"undefined"}
    assert desk.page.locator("img[src=x], svg[onload]").count() == 0


def keys(desk: Desk) -> list[str]:
    return [str(key) for key in desk.stored().table("parcels")["parcel_id"]]


def test_beside_the_map(desk: Desk) -> None:
    for key, payload in zip(keys(desk), PAYLOADS, strict=True):
        desk.select(key)
        expect(desk.page.locator(".cz-form-title")).to_have_text(payload)
        desk.page.locator("#cz-find").fill(payload)
        expect(desk.page.locator(".cz-suggestions li").first).to_have_text(payload)
        desk.page.locator("#cz-find").press("Escape")
    desk.page.locator("#cz-tab-table").click()
    desk.page.locator(".cz-line-row").first.wait_for()
    desk.page.locator("#cz-tab-query").click()
    for mode in desk.page.locator(".cz-filter summary").all():
        mode.click()
    for payload in PAYLOADS:
        desk.page.locator("#cz-query").fill(payload)
        with desk.page.expect_response(lambda answer: "/map/ask" in answer.url):
            desk.page.locator("#cz-query").press("Enter")
        expect(
            desk.page.locator(".cz-query .cz-told, .cz-count-found").filter(has_text=re.compile("."))
        ).to_be_visible()
    desk.page.locator("#cz-tab-form").click()


def test_on_the_map(desk: Desk) -> None:
    for number in range(desk.page.locator(".cz-modes label").count()):
        desk.page.locator(".cz-modes label").nth(number).click()
    for key, payload in zip(keys(desk), PAYLOADS, strict=True):
        desk.core(
            "(core, key) => core.map.setView(core.geometry.anchor(core.names.slot(key)), 17, {animate: false})", key
        )
        x, y = desk.core("(core, key) => core.pixel(core.names.slot(key))", key)
        box = desk.page.locator(".cz-map").bounding_box()
        assert box
        desk.page.mouse.move(box["x"] + x, box["y"] + y)
        expect(desk.page.locator(".cz-tip strong")).to_have_text(payload)
    desk.press("b")
    choice = desk.page.locator(".cz-options select")
    desk.page.wait_for_function("one => one.options.length > 8", arg=choice.element_handle())
    desk.take("faults")
    desk.page.locator(".cz-faults").wait_for()
    desk.take("faults")
    desk.select(*keys(desk)[:2])
    desk.press("m")
    desk.until("core => core.furniture.line.textContent !== ''")


def test_names_of_people(desk: Desk) -> None:
    people = [{"name": payload, "own": False, "ago": 0} for payload in PAYLOADS]

    def crowded(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=json.dumps(answer.json() | {"people": people}))

    desk.page.route("**/map/feed*", crowded)
    for payload in PAYLOADS:
        expect(desk.page.locator(".cz-others")).to_contain_text(payload, timeout=10_000)
    desk.page.unroute("**/map/feed*")
    desk.page.route("**/map/feed*", lambda route: route.abort())
    for key, payload in zip(keys(desk), PAYLOADS, strict=True):
        desk.select(key)
        expect(desk.page.locator(".cz-form-title")).to_have_text(payload)
        field = desk.page.locator("#cz-field-note")
        field.fill(f"mine {payload}")
        revision = stores.revision(desk.server.workspace)
        theirs = Edit("parcels", key, (("note", f"{payload} {revision}"),))
        asked = Asked(Actor(payload), f"note {revision}")
        assert applying.apply(stores.open_store(desk.server.workspace), asked, theirs).status == "ok"
        field.press("Enter")
        box = desk.page.locator(".cz-clash")
        expect(box).to_contain_text(f"{payload} {revision}", timeout=10_000)
        expect(box.locator("p").first).to_contain_text(payload)
        box.locator(".cz-keep-theirs").click()
        expect(field).to_have_value(f"{payload} {revision}", timeout=10_000)
    desk.page.unroute("**/map/feed*")
    desk.visit.errors.clear()  # the browser tells of each request that was broken off
