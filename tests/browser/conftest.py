"""One browser and one server for each module; without a browser the tests are skipped by name, never in CI."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from layers import stores
from tests.browser.app_server import FLAGS, Server, find_browser, serving
from tests.browser.desk import Desk, grid
from tests.browser.visit import Visit
from tests.world import demo


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        reason = "NO BROWSER: install Chromium to run the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        warnings.warn(reason, stacklevel=1)
        pytest.skip(reason)
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("app")
    stores.create(folder / "demo.gpkg", demo())
    with serving(folder / "demo.gpkg", folder / "server.log") as running:
        yield running


@pytest.fixture(scope="module")
def grid_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the grid of parcels that can be worked out by hand."""
    folder: Path = tmp_path_factory.mktemp("app")
    stores.create(folder / "grid.gpkg", grid())
    with serving(folder / "grid.gpkg", folder / "server.log") as running:
        yield running


@pytest.fixture(scope="module")
def opened_desk(browser: Browser, grid_server: Server) -> Iterator[Desk]:
    made = Desk(browser, grid_server)
    yield made
    made.close()


@pytest.fixture
def desk(opened_desk: Desk) -> Desk:
    """The editor at the grid, with nothing in hand and nothing selected; one page for all tests of a module."""
    return opened_desk.fresh()


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """A visit at which nothing may leave the machine and nothing may go wrong unseen."""
    made = Visit(browser, server.address)
    yield made
    made.close()
    assert made.left == [], "requests that would leave the machine"
    assert made.errors == [], "errors in the browser"
