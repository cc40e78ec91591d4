"""The ground in a browser: why a parcel scores as it does, weights that the map follows, and figures of a raster."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame

from layers import stores
from layers.ground.models import criteria, models
from layers.workspace import Workspace
from tests.browser.app_server import Server
from tests.browser.exchange import choose
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PARCEL = "1516-66C"
CLASSES = "() => window.chengzai.looks.mode.key + ' ' + Array.from(window.chengzai.looks.shown).join()"
FOLLOWED = f"before => ({CLASSES})() !== before"


def at(visit: Visit, panel: str) -> Frame:
    """The page with one of its panels, in English."""
    visit.page.goto(f"{visit.address}/ground?language=en")
    visit.map()
    visit.page.locator(".st-key-ground-tab button", has_text=panel).click()
    visit.idle()
    return visit.map()


def kept(server: Server) -> dict[str, float]:
    """Weights of the model on file, by key."""
    world: Workspace = stores.read(server.workspace)
    mine = (one for one in criteria(world) if one.model == models(world)[0])
    return {one.key: one.weight for one in mine if one.weight is not None}


def test_a_click_says_why_and_the_map_follows_a_weight(visit: Visit, server: Server) -> None:
    """Points add up to the score; a moved weight changes both and the map, and nothing on file until it is saved."""
    page, frame = visit.page, at(visit, "Suitability")
    frame.wait_for_function("() => window.chengzai.looks.mode.key === 'suitability'")
    visit.click_parcel(PARCEL)
    page.wait_for_selector(".cz-why-bars")

    def score() -> float:
        return float(page.inner_text(".cz-score"))

    def points() -> list[float]:
        told = page.locator(".cz-why-bars tbody tr td:last-child").all_inner_texts()
        return [float(one) for one in told if one != "–"]

    before, looks, on_file = score(), frame.evaluate(CLASSES), kept(server)
    assert len(points()) > 2 and abs(sum(points()) - before) <= 0.05 * len(points()) + 0.05
    assert page.locator(".cz-why-bars svg, .cz-why-bars .cz-bar").count() >= len(points()), "a bar for each criterion"
    slider = page.locator(".st-key-rate-weights").get_by_role("slider").first
    slider.focus()
    page.keyboard.press("End")
    frame.wait_for_function(FOLLOWED, arg=looks)
    page.wait_for_function("was => document.querySelector('.cz-score').innerText !== was", arg=f"{before:.1f}")
    assert abs(sum(points()) - score()) <= 0.05 * len(points()) + 0.05
    assert kept(server) == on_file, "a weight that is tried out is nobody else's"
    page.get_by_role("button", name="Save to the model").click()
    page.wait_for_selector(".cz-saved")
    assert max(kept(server).values()) == 10 != max(on_file.values())
    page.get_by_role("button", name="Undo").click()
    frame.wait_for_function(f"before => ({CLASSES})() === before", arg=looks)
    assert kept(server) == on_file


def test_a_raster_grades_the_parcels_and_tells_of_the_chosen_one(visit: Visit) -> None:
    """Every parcel is in one grade, on the page and on the map; heights say that they are made up."""
    page, frame = visit.page, at(visit, "Rasters")
    page.wait_for_selector("text=Parcels by grade")
    assert "Schematic" in page.inner_text(".st-key-sheet")
    frame.wait_for_function("() => window.chengzai.looks.mode.key === 'raster'")
    counts = page.locator(".cz-facts:has(.cz-key) tbody tr td:last-child").all_inner_texts()
    assert sum(int(one.replace(",", "")) for one in counts) == frame.evaluate(
        "() => window.chengzai.looks.shown.length"
    )
    visit.click_parcel(PARCEL)
    page.wait_for_selector(".cz-facts >> text=100.0%")
    looks = frame.evaluate(CLASSES)
    choose(visit, "ground-stat-mean", "Maximum")
    frame.wait_for_function(FOLLOWED, arg=looks)
