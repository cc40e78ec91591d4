"""One visit of the app in a real browser, and everything that went over the wire during it."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Frame, Page, Route

NOISE = ("Unrecognized feature", "allow-scripts and allow-same-origin", "preload")
"""Warnings of Chromium about the frames of Streamlit; errors are never noise."""


class Visit:
    """A page of the app. Requests that would leave the machine are written down and cut off."""

    def __init__(
        self,
        browser: Browser,
        address: str,
        size: tuple[int, int] = (1366, 768),
        context: BrowserContext | None = None,
    ) -> None:
        viewport = {"width": size[0], "height": size[1]}
        self.context = context or browser.new_context(viewport=viewport, locale="zh-CN")  # type: ignore[arg-type]
        self.page: Page = self.context.new_page()
        self.address = address
        self.host = urlsplit(address).netloc
        self.left: list[str] = []
        self.errors: list[str] = []
        self.page.route("**/*", self._gate)
        self.page.on("console", lambda said: self._hear(said.type, said.text, said.location.get("url", "")))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("websocket", lambda socket: self._check(socket.url))

    def _gate(self, route: Route) -> None:
        if self._check(route.request.url):
            route.continue_()
        else:
            route.abort()

    def _check(self, url: str) -> bool:
        inside = urlsplit(url).netloc == self.host or url.startswith(("data:", "blob:"))
        if not inside:
            self.left.append(url)
        return inside

    def _hear(self, kind: str, text: str, url: str) -> None:
        looking = "/_stcore/" in url  # on the address of a page Streamlit looks for its server below it first
        if kind == "error" and not looking and not any(noise in text for noise in NOISE):
            self.errors.append(text)

    def open(self, query: str = "") -> Frame:
        """Open the first page and wait for its map."""
        self.page.goto(f"{self.address}/{query}")
        return self.map()

    def map(self) -> Frame:
        """The frame of the map, once it is drawn."""
        self.page.wait_for_selector(".st-key-map iframe", timeout=30_000)
        for _ in range(600):
            frame = next((one for one in self.page.frames if "streamlit_folium" in one.url), None)
            if frame and frame.evaluate("Boolean(window.chengzai && window.chengzai.ready)"):
                return frame
            self.page.wait_for_timeout(50)
        raise AssertionError(f"no map: {self.errors}")

    def idle(self) -> None:
        """Wait until the page is drawn: a click on what is being drawn anew is lost."""
        self.page.wait_for_timeout(100)
        self.page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=20_000)

    def press(self, selector: str) -> None:
        """Click the first button of that kind once the page is drawn."""
        self.idle()
        self.page.locator(selector).first.click()

    def click_parcel(self, label: str) -> None:
        """Bring a parcel into view and click it, with the mouse, on the map."""
        frame = self.map()
        row = frame.evaluate("label => window.chengzai.labelled(label)", label)
        assert row >= 0, label
        frame.evaluate(
            "row => window.chengzai.fit(window.chengzai.geometry.bounds(row), {maxZoom: 15, animate: false})", row
        )
        box = self.page.locator(".st-key-map iframe").bounding_box()
        x, y = frame.evaluate("row => window.chengzai.pixel(row)", row)
        assert box
        self.page.mouse.click(box["x"] + x, box["y"] + y)
        self.page.wait_for_selector(f".cz-number >> text={label}")
        self.idle()

    def find(self, number: str) -> None:
        """Choose a parcel by its number, with the keyboard alone."""
        self.page.locator(".st-key-find input").first.focus()
        self.page.keyboard.type(number)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(f".cz-number >> text={number}")
        self.idle()

    def choose_project(self, name: str) -> None:
        """Choose a project in the form of the card."""
        box = self.page.locator('[class*="st-key-project-"] input').first
        box.click()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector('[class*="st-key-assign-"] button')
        self.idle()

    def figure(self, name: str) -> float:
        """A figure of the headline."""
        return number(self.page.locator(f'[data-figure="{name}"] b').inner_text())

    def row(self, name: str) -> list[float]:
        """The figures of a row of the sheet, total last."""
        cells = self.page.locator(f".cz-r-{name} td > span:first-child").all_inner_texts()
        return [number(cell) for cell in cells]

    def frames_say(self, script: str) -> list[object]:
        """What a script gives in every frame of the page."""
        return [frame.evaluate(script) for frame in self.page.frames]

    def picture(self, path: Path) -> None:
        """The page as it stands."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=path)

    def close(self) -> None:
        """Leave."""
        self.context.close()


def number(text: str) -> float:
    """A figure as the page writes it."""
    plain = re.sub(r"[,+\s]", "", text).replace("−", "-")
    return 0.0 if plain == "–" else float(plain)
