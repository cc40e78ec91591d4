"""A GIS person at the exchange page: files as offices make them, and the hands on the wizard."""

from __future__ import annotations

import contextlib
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import geopandas as gpd
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from layers import stores
from layers.stores.contract import Event
from layers.workspace import Workspace
from tests.browser.app_server import Server
from tests.browser.visit import Visit
from tests.files import shapefile

STEPS = {"found": ".cz-evidence", "columns": ".cz-ours", "preview": ".cz-counts"}
"""What every step shows once it is there."""


def enter(visit: Visit, language: str = "zh-CN") -> None:
    """Open the page."""
    visit.page.goto(f"{visit.address}/exchange?language={language}")
    visit.page.wait_for_selector('[class*="st-key-exchange-drop"] input[type=file]', state="attached", timeout=60_000)
    visit.idle()


def give(visit: Visit, *files: Path | Mapping[str, object]) -> None:
    """Hand files over, all at once."""
    before = visit.page.locator('[class*="st-key-upload-"]').count()
    field = visit.page.locator('[class*="st-key-exchange-drop"] input[type=file]')
    field.set_input_files(list(files))  # type: ignore[arg-type]
    visit.page.wait_for_function(
        "before => document.querySelectorAll('[class*=\"st-key-upload-\"]').length > before"
        " || document.querySelector('.cz-refused')",
        arg=before,
        timeout=60_000,
    )
    visit.idle()


def on(visit: Visit, step: str) -> None:
    """Take the next step, which is this one."""
    visit.page.wait_for_selector(".st-key-step-on button:visible:not([disabled])", timeout=120_000)
    visit.press(".st-key-step-on button:visible")
    visit.page.wait_for_selector(STEPS[step], timeout=120_000)
    visit.idle()


def back(visit: Visit) -> None:
    """A step back."""
    visit.press(".st-key-step-back button")
    visit.idle()


def commit(visit: Visit, promise: str) -> None:
    """Write, once the button says so."""
    visit.page.wait_for_selector(f".st-key-commit button:visible:not([disabled]) >> text={promise}", timeout=120_000)
    visit.press(".st-key-commit button:visible")
    visit.page.wait_for_selector(".cz-done", timeout=120_000)
    visit.idle()


def choose(visit: Visit, key: str, words: str) -> None:
    """Choose in a list by typing."""
    box = visit.page.locator(f".st-key-{key} input").first
    option = visit.page.locator('[role="option"]').get_by_text(words, exact=True).first
    for _ in range(5):  # a page that is drawn anew meanwhile closes the list
        visit.idle()
        box.click()
        box.fill(words)
        with contextlib.suppress(PlaywrightTimeout):
            option.click(timeout=4_000)
            break
    visit.page.wait_for_timeout(300)  # the choice is on its way to the server
    visit.idle()


def count(visit: Visit, row: str) -> int:
    """A figure of the table of counts."""
    cells = visit.page.locator(".cz-counts tr", has=visit.page.get_by_text(row, exact=True))
    return int(re.sub(r"\D", "", cells.locator("td").first.inner_text()))


def now(server: Server) -> Workspace:
    """What is on file."""
    return stores.read(server.workspace)


def events(server: Server) -> list[Event]:
    """What was done, the newest first."""
    with stores.open_store(server.workspace).reading() as tx:
        return list(tx.events(newest_first=True, rows=False))


def zipped(folder: Path, frame: gpd.GeoDataFrame, name: str, *, without: Sequence[str] = ()) -> Path:
    """A shapefile in GBK in a ZIP whose names are in GBK as well, as Chinese systems pack them."""
    shape = shapefile(folder / f"{name}.shp", frame, "GBK")
    packed = folder / f"{name}.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for part in sorted(folder.glob(f"{name}.*")):
            if part.suffix not in (".zip", *without):
                archive.writestr(part.name.encode("gbk").decode("cp437"), part.read_bytes())
    assert shape.exists()
    return packed
