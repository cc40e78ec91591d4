"""Start-up of the app: from the command to the first map that can be clicked, in a real browser."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from statistics import median

from tests.bench.line import Line


def first_map(*, quick: bool) -> list[Line]:
    """Seconds to the first map, of a fresh server and of a second visit."""
    try:
        from playwright.sync_api import sync_playwright

        from layers import stores
        from layers.demo import demo
        from tests.browser.app_server import FLAGS, find_browser, serving
        from tests.browser.visit import Visit
    except ImportError as error:
        print(f"SKIPPED start-up of the app: {error}")
        return []
    path = find_browser()
    if path is None:
        print("SKIPPED start-up of the app: no Chromium on this machine")
        return []
    server, first, second = [], [], []
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        workspace = Path(scratch) / "demo.gpkg"
        stores.create(workspace, demo())
        for turn in range(1 if quick else 3):
            # the browser runs already, as it does for whoever types `make run`
            browser = play.chromium.launch(executable_path=path, args=list(FLAGS))
            clock = time.perf_counter()
            with serving(workspace, Path(scratch) / f"{turn}.log") as running:
                server.append(time.perf_counter() - clock)
                for taken, since in ((first, clock), (second, None)):
                    begin = since or time.perf_counter()
                    visit = Visit(browser, running.address)
                    visit.open()
                    taken.append(time.perf_counter() - begin)
                    visit.close()
            browser.close()
    return [
        Line(
            "Start-up of the app on the demo, from the command to a map that can be clicked",
            f"{median(first):.1f} s",
            "none",
            f"server answers after {median(server):.1f} s",
        ),
        Line("The same page for the next visitor", f"{median(second):.1f} s", "none", "a browser without a cache"),
    ]
