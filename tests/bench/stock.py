"""A click in the usual way: folium's `GeoJson` through `st_folium`, in the same browser on the same parcels."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from layers.map.files import leaflet
from tests.bench import synthetic

COUNT = 2_000
GIVEN, FREE = "#c98a1b", "#cfe5e2"
"""Colours of the page in `stock_page.py`."""

_PATIENCE_S, _REST_S = 15, 4
_PAGE = Path(__file__).parent / "stock_page.py"


@dataclass(frozen=True)
class Peer:
    """Medians: click to figure [ms], first map [s], bytes of a click [kB]; and clicks without an answer."""

    click_ms: float
    first_s: float
    edit_kb: float
    lost: int

    def told(self) -> tuple[str, str, str]:
        """The three in words."""
        name = "st_folium GeoJson: "
        lost = f", clicks lost: {self.lost}" if self.lost else ""
        return f"{name}{self.click_ms:,.0f} ms{lost}", f"{name}{self.first_s:.1f} s", f"{name}{self.edit_kb:,.0f} kB"


def clicks(browser: Any, folder: Path, turns: int) -> Peer:
    """Click until `turns` parcels have answered; a click without an answer is lost, and the next parcel is clicked.

    Raises
    ------
    RuntimeError
        When more clicks are lost than are asked for.
    """
    path = folder / "stock.parquet"
    synthetic.parcels(COUNT)[["parcel_id", "geometry"]].to_crs("EPSG:4326").to_parquet(path)
    took: list[float] = []
    sizes: list[float] = []
    lost = 0
    with _serving(path, folder / "stock.log") as address:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        page.route("**/*", lambda route: _answer(route, address))
        received = _Received(page)
        clock = time.perf_counter()
        page.goto(address)
        _drawn(page, given=0)
        first = time.perf_counter() - clock
        while len(took) < turns:
            x, y = _free(page)
            received.bytes = 0
            clock = time.perf_counter()
            page.mouse.click(x, y)
            if _counted(page, len(took) + 1):
                took.append((time.perf_counter() - clock) * 1e3)
                _drawn(page, given=len(took))  # only then has all of the answer come
                sizes.append(received.bytes / 1e3)
                page.wait_for_timeout(_REST_S * 1e3)  # at once it would lose every other click
            elif (lost := lost + 1) > turns:
                raise RuntimeError("the map of the peer answers no clicks")
        context.close()
    return Peer(median(took), first, median(sizes), lost)


class _Received:
    def __init__(self, page: Any) -> None:
        self.bytes = 0
        page.on("websocket", self._listen)

    def _listen(self, socket_: Any) -> None:
        for way in ("framereceived", "framesent"):
            socket_.on(way, self._add)

    def _add(self, payload: bytes | str) -> None:
        self.bytes += len(payload)


def _counted(page: Any, wanted: int) -> bool:
    """Whether the figure followed a click."""
    from playwright.sync_api import TimeoutError as TooLong

    shown = "wanted => document.querySelector('[data-testid=stMetricValue]')?.innerText.trim() === wanted"
    try:
        page.wait_for_function(shown, arg=str(wanted), timeout=_PATIENCE_S * 1e3)
    except TooLong:
        return False
    return True


def _drawn(page: Any, given: int) -> None:
    """Until every parcel is drawn, those that were given in their colour; after a click they are in a new frame."""
    from playwright.sync_api import Error as Gone

    script = "fill => document.querySelectorAll(`path.leaflet-interactive[fill='${fill}']`).length"
    until = time.monotonic() + 4 * _PATIENCE_S
    while time.monotonic() < until:
        with contextlib.suppress(Gone):  # the frame of the map before goes while it is asked
            frame = _frame(page)
            if frame and (frame.evaluate(script, GIVEN), frame.evaluate(script, FREE)) == (given, COUNT - given):
                return
        page.wait_for_timeout(50)
    raise RuntimeError("the map of the peer did not come")


def _frame(page: Any) -> Any:
    return next((one for one in reversed(page.frames) if "streamlit_folium" in one.url), None)


def _free(page: Any) -> tuple[float, float]:
    """On the page, the middle of the parcel that is not given yet and nearest to the middle of the map."""
    script = """fill => {
      const [right, bottom] = [window.innerWidth / 2, window.innerHeight / 2];
      const places = [...document.querySelectorAll(`path.leaflet-interactive[fill='${fill}']`)].map((path) => {
        const { x, y, width, height } = path.getBoundingClientRect();
        return [x + width / 2, y + height / 2, path];
      });
      const seen = places.filter(([x, y, path]) => document.elementFromPoint(x, y) === path);
      const away = ([x, y]) => Math.hypot(x - right, y - bottom);
      return seen.sort((one, other) => away(one) - away(other))[0].slice(0, 2);
    }"""
    frame = _frame(page)
    box = frame.frame_element().bounding_box()
    x, y = frame.evaluate(script, FREE)
    return box["x"] + x, box["y"] + y


def _answer(route: Any, address: str) -> None:
    """What folium wants from the internet: Leaflet from the installed package, nothing for all else."""
    url = route.request.url
    if url.startswith((address, "data:", "blob:")):
        route.continue_()
    elif url.endswith(("leaflet.js", "leaflet.css")):
        route.fulfill(path=str(leaflet() / url.rsplit("/", 1)[1]))
    elif url.endswith((".js", ".css")):
        route.fulfill(body="", content_type="text/javascript" if url.endswith(".js") else "text/css")
    else:
        route.abort()


@contextlib.contextmanager
def _serving(parcels: Path, log: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(_PAGE),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, env=os.environ | {"STOCK_PARCELS": str(parcels)}, stdout=sink, stderr=sink
        )
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                break
            time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(10)
