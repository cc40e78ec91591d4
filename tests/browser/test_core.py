"""The core of the map, module by module, in the browser that it is for; each function of `core/` is a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from playwright.sync_api import Browser, Page, Route

from layers.map import blob
from layers.map.files import OWN
from spatial import crs
from tests.world import box

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent / "core"
NAMES = [
    (file.stem, name)
    for file in sorted(HERE.glob("*.js"))
    if file.stem != "check"
    for name in re.findall(r"^export (?:async )?function (\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that may load our scripts and nothing else."""
    made = browser.new_page()

    def answer(route: Route) -> None:
        folder, _, name = route.request.url.removeprefix("http://core.test/").partition("/")
        file = {"map": OWN, "core": HERE}.get(folder, HERE) / name
        if not name:
            route.fulfill(body="<!doctype html>", content_type="text/html")
        elif file.is_file():
            route.fulfill(body=file.read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.abort()

    made.route("**/*", answer)
    made.goto("http://core.test/")
    shapes = np.array(
        [
            shapely.Polygon(box(0, 0, 90, 90).exterior.coords, [box(30, 30, 60, 60).exterior.coords]),
            shapely.MultiPolygon([box(150, 0, 200, 50), box(210, 0, 250, 50)]),
            None,
        ],
        dtype=object,
    )
    found = blob.outlines(shapes, crs.parse("EPSG:4548"), np.array([blob.SCHEMATIC, 0, blob.GONE]))
    made.evaluate(
        "([bytes, xy]) => Object.assign(window, {BLOB: bytes, XY: xy})", [list(blob.encode(found)), found.xy.tolist()]
    )
    yield made
    made.close()


@pytest.mark.parametrize(("module", "name"), NAMES, ids=[f"{module}-{name}" for module, name in NAMES])
def test_core(page: Page, module: str, name: str) -> None:
    page.evaluate("async ([module, name]) => await (await import(`/core/${module}.js`))[name]()", [module, name])


def test_every_module_of_the_core_loads(page: Page) -> None:
    for file in sorted(OWN.rglob("*.js")):
        name = file.relative_to(OWN).as_posix()
        page.evaluate("name => import(`/map/${name}`).then(() => true)", name)
