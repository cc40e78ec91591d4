"""Pictures of the pages for the documentation: ``python -m tests.browser.pictures [folder]``.

They are taken of the demo, in both languages and at the two sizes of screen that offices have.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from layers import stores
from layers.demo import demo
from tests.browser.app_server import FLAGS, ROOT, find_browser, serving
from tests.browser.visit import Visit

SIZES = {"": (1366, 768), "-1920": (1920, 1080)}
LANGUAGES = {"zh": "zh-CN", "en": "en"}
PARCEL = "1516-66C"


def take(folder: Path) -> None:
    """Every picture, into a folder."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        path = Path(scratch) / "demo.gpkg"
        stores.create(path, demo())
        browser = play.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        with serving(path, Path(scratch) / "server.log") as server:
            for short, language in LANGUAGES.items():
                for suffix, size in SIZES.items():
                    visit = Visit(browser, server.address, size)
                    visit.open(f"?language={language}")
                    visit.page.wait_for_timeout(800)
                    visit.picture(folder / f"overview-{short}{suffix}.png")
                    if not suffix:
                        visit.click_parcel(PARCEL)
                        visit.page.wait_for_selector(".cz-origin")
                        visit.page.wait_for_timeout(500)
                        visit.picture(folder / f"parcel-{short}.png")
                    visit.close()
        browser.close()


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
