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
_PAGE = Path(__file__).parent / "stock_page.py"


@dataclass(frozen=True)
class Peer:
    """Medians: click to figure [ms], first map [s], bytes of a click [kB]."""

    click_ms: float
    first_s: float
    edit_kb: float

    def told(self) -> tuple[str, str, str]:
        """The three in words."""
        name = "st_folium GeoJson: "
        return f"{name}{self.click_ms:,.0f} ms", f"{name}{self.first_s:.1f} s", f"{name}{self.edit_kb:,.0f} kB"


def clicks(browser: Any, folder: Path, turns: int) -> Peer:
    """Click `turns` parcels one after the other."""
    path = folder / "stock.parquet"
    synthetic.parcels(COUNT)[["parcel_id", "geometry"]].to_crs("EPSG:4326").to_parquet(path)
    took, sizes = [], []
    with _serving(path, folder / "stock.log") as address:
        context = browser.new_context(viewport={"width": 1366, "height": 768})
        page = context.new_page()
        page.route("**/*", lambda route: _answer(route, address))
        received = _Received(page)
        clock = time.perf_counter()
        page.goto(address)
        _wait(page)
        first = time.perf_counter() - clock
        for turn in range(turns):
            page.wait_for_timeout(4_000)  # the map of the click before has gone, and the new one answers
            box = page.locator("iframe").last.bounding_box()
            received.bytes = 0
            clock = time.perf_counter()
            page.mouse.click(box["x"] + 250 + 90 * (turn % 8), box["y"] + 180 + 110 * (turn // 8))
            page.wait_for_function(
                "wanted => document.querySelector('[data-testid=stMetricValue]')?.innerText.trim() === wanted",
                arg=str(turn + 1),
                timeout=60_000,
            )
            took.append((time.perf_counter() - clock) * 1e3)
            page.wait_for_timeout(500)
            sizes.append(received.bytes / 1e3)
            _wait(page)
        context.close()
    return Peer(median(took), first, median(sizes))


class _Received:
    def __init__(self, page: Any) -> None:
        self.bytes = 0
        page.on("websocket", self._listen)

    def _listen(self, socket_: Any) -> None:
        for way in ("framereceived", "framesent"):
            socket_.on(way, self._add)

    def _add(self, payload: bytes | str) -> None:
        self.bytes += len(payload)


def _wait(page: Any) -> None:
    """Until the parcels are drawn; after a click they are in a new frame."""
    for _ in range(1_200):
        frame = next((one for one in reversed(page.frames) if "streamlit_folium" in one.url), None)
        if frame and frame.evaluate("document.querySelectorAll('path.leaflet-interactive').length > 100"):
            return
        page.wait_for_timeout(50)
    raise RuntimeError("the map of the peer did not come")


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
