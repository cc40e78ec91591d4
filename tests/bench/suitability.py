"""Suitability: a change of weights over many parcels, draws, and in the browser from a slider to the painted map.

Run at the root of the checkout: ``python -m tests.bench.suitability`` (``--page`` for the browser as well).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from layers import stores
from layers.rows import table_of
from spatial.robustness import robustness
from spatial.suitability import Scores, rate
from tests.bench.synthetic import workspace
from tests.browser.app_server import FLAGS, find_browser, serving
from tests.browser.visit import Visit

PARCELS = 2_000
MOVES = 12
SCALES = (("far_max", 0.5, 3.5), ("built_floor_area_m2", 20_000.0, 0.0), ("available_m2", 0.0, 10_000.0))

_WATCH = """() => {
  const { core } = { core: window.chengzai };
  window.graded = [];
  const paint = core.parcels.repaintAll.bind(core.parcels);
  core.parcels.repaintAll = () => {
    paint();
    requestAnimationFrame(() => setTimeout(() => window.graded.push(performance.timeOrigin + performance.now())));
  };
}"""


def median(act: Callable[[], object], times: int = 7) -> float:
    """Median time of an act [ms]."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return statistics.median(found)


def told(what: str, value: float) -> None:
    """One line of the result."""
    sys.stdout.write(f"{what}: {value:.1f} ms\n")


def computing() -> None:
    """Weights over random scores, a tenth of them unknown, and draws."""
    rng = np.random.default_rng(1)
    for parcels in (PARCELS, 100_000):
        table = rng.uniform(0, 100, (8, parcels))
        table[:, rng.uniform(size=parcels) < 0.1] = np.nan
        scores = Scores(table, np.zeros((0, parcels)), np.arange(8) < 4, np.zeros(0, dtype=bool))
        rate(scores, np.ones(8))
        told(f"weights of 8 criteria over {parcels:,} parcels", median(partial(rate, scores, np.arange(1.0, 9.0))))
    few = Scores(rng.uniform(0, 100, (8, PARCELS)), np.zeros((0, PARCELS)), np.zeros(8, bool), np.zeros(0, bool))
    told(f"10,000 draws over {PARCELS:,} parcels", median(partial(robustness, few, np.ones(8), 20), 3))


def page() -> None:
    """From the key that moves a slider to the map that is painted, in Chromium."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        path = Path(folder) / "town.gpkg"
        rows = [
            {"criterion_id": f"S{at}", "model": "town", "measure": "parcel_value", "subject": subject, "worst": worst,
             "best": best, "weight": 5.0, "missing": "pass_on"}
            for at, (subject, worst, best) in enumerate(SCALES)
        ]  # fmt: skip
        town = workspace(PARCELS, assign=True)
        stores.create(path, town.with_tables(criteria=table_of("criteria", rows, town.crs)))
        browser = play.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        with serving(path, Path(folder) / "server.log") as server:
            visit = Visit(browser, server.address)
            visit.page.goto(f"{server.address}/ground?language=en")
            frame = visit.map()
            visit.page.wait_for_selector(".st-key-rate-weights", timeout=60_000)
            visit.page.wait_for_timeout(3000)
            frame.evaluate(_WATCH)
            slider = visit.page.locator('.st-key-rate-weights :is([role="slider"], input[type="range"])').first
            found = []
            for move in range(MOVES):
                slider.focus()
                before = frame.evaluate("window.graded.length")
                begun = visit.page.evaluate("performance.timeOrigin + performance.now()")
                visit.page.keyboard.press("ArrowRight" if move % 6 < 3 else "ArrowLeft")
                frame.wait_for_function(f"window.graded.length > {before}", timeout=10_000)
                found.append(frame.evaluate("window.graded.at(-1)") - begun)
                visit.page.wait_for_timeout(500)
            visit.close()
        browser.close()
    told(f"slider to painted map, {PARCELS:,} parcels, median of {MOVES}", statistics.median(found))
    told("the slowest of them", max(found))


def main() -> None:
    """Command line."""
    words = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    words.add_argument("--page", action="store_true", help="in the browser as well")
    computing()
    if words.parse_args().page:
        page()


if __name__ == "__main__":
    main()
