"""A map in a file of its own: it opens without a server, says what each parcel is, and text of data stays text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from layers.map.saved import saved
from layers.workspace import Workspace
from tests.hostile import PAYLOADS, hostile
from tests.world import demo

pytestmark = pytest.mark.browser

Open = Callable[[Workspace, str], Page]


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Opens the saved map of a workspace from the disk; nothing may be asked of anybody."""
    page, asked, errors = browser.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: said.type == "error" and errors.append(said.text))

    def open_(workspace: Workspace, language: str) -> Page:
        path = tmp_path / "map.html"
        path.write_bytes(saved(workspace, language))
        page.goto(path.as_uri())
        page.wait_for_function("window.chengzai?.ready && window.chengzai.parcels.slices.idle")
        return page

    yield open_
    page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert errors == []


def test_it_opens_from_the_disk(opened: Open) -> None:
    page = opened(demo(), "zh-CN")
    assert page.title() == demo().name
    assert "用地性质" in page.inner_text(".cz-panel")
    slot = page.evaluate("window.chengzai.labelled('1516-66C')")
    page.evaluate(
        "slot => window.chengzai.fit(window.chengzai.geometry.bounds(slot), {maxZoom: 16, animate: false})", slot
    )
    x, y = page.evaluate("slot => window.chengzai.pixel(slot)", slot)
    page.mouse.move(x, y)
    page.wait_for_function("document.querySelector('.cz-tip')?.textContent.includes('m²')")
    assert page.inner_text(".cz-tip strong") == "1516-66C" and "16,000 m²" in page.inner_text(".cz-tip")
    page.mouse.click(x, y)
    assert page.evaluate("[...window.chengzai.selection]") == [slot]


def test_text_of_data_stays_text(opened: Open) -> None:
    name = "{{7*7}}</title><img src=x onerror=window.XSS=1>"
    page = opened(replace(hostile(), name=name, name_en=name), "en")
    assert page.title() == name
    for slot, payload in enumerate(PAYLOADS):
        page.evaluate(
            "slot => window.chengzai.map.setView(window.chengzai.geometry.anchor(slot), 17, {animate: false})", slot
        )
        x, y = page.evaluate("slot => window.chengzai.pixel(slot)", slot)
        page.mouse.move(x, y)
        page.wait_for_selector(".cz-tip strong")
        assert page.inner_text(".cz-tip strong") == payload
    assert page.evaluate("typeof window.XSS") == "undefined"
    assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0
