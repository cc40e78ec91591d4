"""A long import: stopping it by a click, others who go on working, and rights that are gone meanwhile."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from playwright.sync_api import Browser

from layers import people, stores
from layers.changes import Actor
from tests.browser.app_server import Server
from tests.browser.exchange import enter, events, give, now, on
from tests.browser.visit import Visit
from tests.files import geojson, parcels
from tests.world import X, Y

pytestmark = pytest.mark.browser

MANY, ACROSS, SIDE = 60_000, 250, 30.0


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    number = np.arange(MANY)
    west, south = X + number % ACROSS * SIDE, Y + number // ACROSS * SIDE
    shapes = shapely.box(west, south, west + SIDE - 1, south + SIDE - 1)
    names = [f"大-{one:06d}" for one in number]
    path = tmp_path_factory.mktemp("large") / "large.gpkg"
    pyogrio.write_dataframe(gpd.GeoDataFrame({"地块编号": names}, geometry=shapes, crs="EPSG:4548"), path)
    return path


def test_a_click_stops_it_others_go_on_and_it_can_be_taken_up_again(
    visit: Visit, server: Server, browser: Browser, large: Path
) -> None:
    before, done = len(now(server).table("parcels")), len(events(server))
    other = Visit(browser, server.address)
    other.open()
    enter(visit)
    give(visit, large)
    visit.press(".st-key-step-on button:visible")
    visit.page.wait_for_selector(".cz-job-stop", timeout=60_000)
    other.page.get_by_role("link", name="项目", exact=True).click()
    other.page.wait_for_selector("canvas")
    visit.page.locator(".cz-job-stop").click()
    visit.page.wait_for_selector(".cz-note >> text=已停止", timeout=60_000)
    visit.page.wait_for_selector(".cz-job", state="detached")
    assert len(events(server)) == done and len(now(server).table("parcels")) == before
    visit.press(".st-key-try-again button")
    visit.page.wait_for_selector(".st-key-step-on button:visible:not([disabled])", timeout=240_000)
    assert f"{MANY:,}" in visit.page.inner_text(".cz-evidence")
    other.close()
    assert other.errors == [] and other.left == []


def test_who_lost_the_right_meanwhile_writes_nothing_and_the_try_is_kept(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    enter(visit)
    give(visit, geojson(tmp_path / "a.geojson", parcels(1, 地块编号=["晚"]).to_crs("EPSG:4326")))
    for step in ("found", "columns", "preview"):
        on(visit, step)
    button = visit.page.wait_for_selector(".st-key-commit button:visible:not([disabled])")
    assert button
    people.add(stores.open_store(server.workspace), Actor("operator", "operator"), "boss", "admin")  # all sign in now
    button.evaluate("button => button.click()")  # at once: the page is about to hear of it and to close
    visit.page.wait_for_selector(".st-key-commit", state="detached", timeout=60_000)
    for _ in range(150):  # it is tried beside the page
        if refused(server):
            break
        visit.page.wait_for_timeout(200)
    assert refused(server) == ["import"]
    assert "晚" not in set(now(server).table("parcels")["parcel_no"].dropna())
    visit.errors.clear()  # addresses of the page before are refused, which the browser calls an error


def refused(server: Server) -> list[str]:
    """What was tried without the right to it."""
    with stores.open_store(server.workspace).reading() as tx:
        return [str(event.facts["tried"]) for event in tx.events(kinds=("refused",))]
