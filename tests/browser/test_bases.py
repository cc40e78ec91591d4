"""Base maps in a real browser: drawn from files of this machine, said on the map, and none unless one is chosen."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame
from pyproj import Transformer

from layers import stores
from layers.map.bases.pmtiles import PmTiles
from spatial import tiles
from tests.browser.app_server import Server, serving
from tests.browser.visit import Visit
from tests.hostile import PAYLOADS
from tests.layers.map.bases.making import at, geotiff, mbtiles, painted, pmtiles
from tests.world import demo

pytestmark = pytest.mark.browser

GREEN, BLUE = (20, 120, 60), (40, 60, 160)
LON, LAT = 116.215, 39.865
"""A place in Fengtai without parcels."""


def around(colour: tuple[int, int, int]) -> dict[tuple[int, int, int], bytes]:
    """Tiles of one colour over the whole district."""
    held = {}
    for z in range(9, 14):
        _, west, north = at(z, 115.9, 40.1)
        _, east, south = at(z, 116.7, 39.6)
        held |= {(z, x, y): painted(colour) for x in range(west, east + 1) for y in range(north, south + 1)}
    return held


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bases")
    mbtiles(made / "green.mbtiles", around(GREEN))
    mbtiles(made / "moved.mbtiles", around(BLUE))
    bands = np.zeros((3, 512, 512), dtype=np.uint8)
    bands[0] = 210
    geotiff(made / "ortho.tif", bands)
    pmtiles(made / "water.pmtiles")
    (made / "broken.tif").write_bytes(b"nothing")
    moved = {"key": "moved", "file": "moved.mbtiles", "datum": "gcj02", "title": PAYLOADS[0], "credit": PAYLOADS[1]}
    (made / "bases.json").write_text(json.dumps({"bases": [moved]}), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, folder: Path) -> Iterator[Server]:
    place: Path = tmp_path_factory.mktemp("app")
    stores.create(place / "demo.gpkg", demo())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHENGZAI_BASES", str(folder))
        with serving(place / "demo.gpkg", place / "server.log") as running:
            yield running


def choose(frame: Frame, title: str) -> None:
    """Open the chooser and take a base."""
    frame.wait_for_selector(".cz-bases summary")
    if frame.get_attribute(".cz-bases", "open") is None:
        frame.locator(".cz-bases summary").click()
    frame.locator(".cz-base", has_text=title).locator("input").check()


def look(frame: Frame, zoom: float, lon: float = LON, lat: float = LAT) -> None:
    frame.evaluate("([at, zoom]) => window.chengzai.map.setView(at, zoom, {animate: false})", [[lat, lon], zoom])


def pixel(visit: Visit, frame: Frame, lon: float = LON, lat: float = LAT) -> tuple[int, ...]:
    """Colour on the screen at a place."""
    visit.page.wait_for_timeout(700)  # tiles fade in
    box = visit.page.locator(".st-key-map iframe").bounding_box()
    script = "at => { const p = window.chengzai.map.latLngToContainerPoint(at); return [p.x, p.y]; }"
    x, y = frame.evaluate(script, [lat, lon])
    assert box
    clip = {"x": box["x"] + x - 2, "y": box["y"] + y - 2, "width": 5, "height": 5}
    shot = Image.open(io.BytesIO(visit.page.screenshot(clip=clip))).convert("RGB")
    found: tuple[int, ...] = tuple(np.asarray(shot).reshape(-1, 3).mean(axis=0).round().astype(int).tolist())
    return found


def near(found: tuple[int, ...], wanted: tuple[int, int, int], most: int = 8) -> bool:
    return bool(np.abs(np.subtract(found, wanted)).max() <= most)


def test_none_is_chosen_and_nothing_is_asked_for(visit: Visit) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    frame = visit.open()
    frame.wait_for_selector(".cz-bases summary")
    look(frame, 13)
    assert not near(pixel(visit, frame), GREEN, 40)
    assert not [url for url in asked if "/map/base/" in url]
    assert frame.evaluate("window.chengzai.bases.edits") == "allowed"
    frame.locator(".cz-bases summary").click()
    assert frame.locator(".cz-base input").first.is_checked()
    assert "无底图" in frame.inner_text(".cz-bases") and "broken.tif 无法读取" in frame.inner_text(".cz-bases")


def test_a_tile_of_a_file_is_drawn_and_a_reload_keeps_it(visit: Visit) -> None:
    frame = visit.open()
    look(frame, 12.75)
    choose(frame, "green")
    frame.wait_for_selector(".leaflet-tile-loaded")
    assert near(pixel(visit, frame), GREEN)
    look(frame, 16)
    assert near(pixel(visit, frame), GREEN), "the last zoom of the file is shown larger"
    visit.page.reload()
    frame = visit.map()
    frame.wait_for_selector(".leaflet-tile-loaded")
    assert near(pixel(visit, frame), GREEN)
    choose(frame, "无底图")
    assert not near(pixel(visit, frame), GREEN, 40)


def test_a_shifted_base_is_for_display_only_and_says_so(visit: Visit) -> None:
    frame = visit.open()
    look(frame, 12)
    choose(frame, PAYLOADS[0])
    frame.wait_for_selector(".cz-warned")
    assert frame.inner_text(".cz-warned") == "底图为 GCJ-02，仅供显示，编辑已停用"
    assert PAYLOADS[1] in frame.inner_text(".cz-base-note")
    assert frame.evaluate("window.chengzai.bases.edits") == "blocked"
    assert frame.get_attribute(".leaflet-container", "data-edits") == "blocked"
    assert frame.evaluate("window.chengzai.act({do: 'assign'}, {rows: [], slots: [], look: null})") == ""
    assert frame.inner_text(".cz-said.cz-refused") == frame.inner_text(".cz-warned")
    assert near(pixel(visit, frame), BLUE)
    assert set(visit.frames_say("typeof window.XSS")) == {"undefined"}
    choose(frame, "green")
    assert frame.locator(".cz-warned").count() == 0 and frame.evaluate("window.chengzai.bases.edits") == "allowed"


def test_a_raster_in_the_working_crs_is_drawn(visit: Visit) -> None:
    frame = visit.open()
    choose(frame, "ortho")
    look(frame, 15, 116.2705, 39.8235)
    shown = pixel(visit, frame, 116.2705, 39.8235)
    assert shown[0] > 150 and shown[0] - shown[1] > 60


def test_vectors_are_drawn_on_canvas_also_beyond_their_last_zoom(visit: Visit) -> None:
    frame = visit.open()
    choose(frame, "water")
    for zoom in (12, 13.5, 17):
        look(frame, zoom)
        assert near(pixel(visit, frame), (0xCD, 0xDF, 0xE9)), zoom
    look(frame, 9)
    assert "放大后显示底图" in frame.inner_text(".cz-base-note")


def test_the_kilometre_grid_is_that_of_the_working_crs(visit: Visit) -> None:
    frame = visit.open()
    frame.wait_for_selector(".cz-bases summary")
    frame.locator(".cz-bases summary").click()
    frame.locator(".cz-bases input[name=kilometres]").check()
    look(frame, 15)
    marks = frame.evaluate("""
        [...window.chengzai.bases.grid.getLayers()].filter((one) => one.getLatLng)
            .map((one) => [one.options.icon.options.html.textContent, one.getLatLng().lat, one.getLatLng().lng])
    """)
    assert len(marks) > 6
    covered = frame.evaluate("""() => {
        const boxes = (selector) => [...document.querySelectorAll(selector)]
            .filter((one) => one.style.visibility !== 'hidden').map((one) => one.getBoundingClientRect());
        const controls = boxes('.leaflet-control');
        const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
        return boxes('.cz-foot, .cz-under').some((box) => controls.some((one) => meet(one, box)));
    }""")
    assert covered is False, "a number lies under a control"
    to_metres = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True)
    for text, lat, lon in marks:
        east, north = to_metres.transform(lon, lat)
        assert min(abs(east - float(text) * 1000), abs(north - float(text) * 1000)) < 1.0, text


def test_the_projection_agrees_with_proj_both_ways(visit: Visit) -> None:
    frame = visit.open()
    frame.wait_for_selector(".cz-bases summary")
    random = np.random.default_rng(3)
    lonlat = np.column_stack([random.uniform(115.5, 118.5, 50), random.uniform(18, 54, 50)])
    found = np.array(frame.evaluate("points => points.map((p) => window.chengzai.bases.projection.metres(...p))",
                                    lonlat.tolist()))  # fmt: skip
    there = Transformer.from_crs("EPSG:4490", "EPSG:4548", always_xy=True).transform(*lonlat.T)
    assert np.abs(found - np.column_stack(there)).max() < 1e-3
    back = np.array(frame.evaluate("points => points.map((p) => window.chengzai.bases.projection.degrees(...p))",
                                   found.tolist()))  # fmt: skip
    assert np.abs(back - lonlat).max() < 1e-8


def test_a_vector_tile_of_gdal_is_read_as_it_was_written(visit: Visit, folder: Path) -> None:
    frame = visit.open()
    frame.wait_for_selector(".cz-bases summary")
    held = PmTiles(folder / "water.pmtiles").tile(*at(12))
    assert held is not None
    plain = gzip.decompress(held.data) if held.encoding else held.data
    script = """async (bytes) => {
        const { layersOf } = await import(new URL('/assets/map/mvt.js', location.origin));
        return layersOf(Uint8Array.from(bytes).buffer);
    }"""
    (layer,) = frame.evaluate(script, list(plain))
    assert (layer["name"], layer["extent"]) == ("water", 4096)
    (water,) = layer["features"]
    assert (water["type"], water["tags"]) == (3, {"name": "永定河"})
    ring = water["parts"][0]
    x, y = tiles.position(12, np.array([116.36]), np.array([39.78]))
    south_east = [(x[0] - at(12)[1]) * 4096, (y[0] - at(12)[2]) * 4096]
    assert ring[0] == ring[-1] and np.abs(np.max(ring, axis=0) - np.minimum(south_east, 4096 + 80)).max() < 1.5


def test_vector_tiles_that_lie_are_errors_and_nothing_else(visit: Visit) -> None:
    frame = visit.open()
    random = np.random.default_rng(5)
    good = bytes.fromhex(
        "1a2a0a057761746572120e120200001803220609001a0202071a046e616d6522060a04e69db00028804078020000"
    )
    hostile = [
        b"\x1a\xff\xff\xff\xff\x7f",
        b"\xff" * 30,
        bytes([0x1A, 9, 0x12, 7, 0x18, 2, 0x22, 3, 0xFA, 0xFF, 0x7F]),
        *(bytes(random.integers(0, 256, 400, dtype=np.uint8)) for _ in range(200)),
        *(good[:cut] for cut in range(len(good))),
    ]
    script = """async (tiles) => {
        const { layersOf } = await import(new URL('/assets/map/mvt.js', location.origin));
        return tiles.map((bytes) => {
            try { return Array.isArray(layersOf(Uint8Array.from(bytes).buffer)) ? 'read' : 'odd'; }
            catch (error) { return error.constructor.name; }
        });
    }"""
    said = frame.evaluate(script, [list(data) for data in hostile])
    assert set(said) <= {"read", "RangeError"} and said[:3] == ["RangeError"] * 3


def test_a_picture_for_people(visit: Visit, browser: Browser) -> None:
    """The map without a base and over one: each has its parcels, names and grid on it."""
    frame = visit.open()
    frame.wait_for_selector(".cz-bases summary")
    without = visit.page.screenshot()
    choose(frame, "water")
    visit.page.wait_for_timeout(700)
    over = visit.page.screenshot()
    out = Path(__file__).parent.parent / "out"
    out.mkdir(exist_ok=True)
    (out / "base-none.png").write_bytes(without)
    (out / "base-vector.png").write_bytes(over)
    assert without != over
    assert tiles.inside(*at(12, LON, LAT))
