"""Parcels that are selected in the editor go out as a file: losses told, opened again, and only they are in it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd
import pytest

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

TAKE = ".cz-side-head .cz-take"


def test_what_is_selected_is_what_goes_out(desk: Desk, tmp_path: Path) -> None:
    page = desk.page
    assert page.locator(TAKE).is_disabled(), "nothing is selected"
    desk.select("P11", "P12", "O1")
    page.locator(TAKE).click()
    page.wait_for_selector("[role=dialog] .st-key-take-prepare button")
    dialog = page.locator("[role=dialog]")
    assert "3 个地块" in dialog.inner_text()
    page.screenshot(path=str(tmp_path / "choose.png"))
    page.click(".st-key-take-prepare button")
    page.wait_for_selector(".st-key-take-take button", timeout=60_000)
    told = dialog.inner_text()
    assert "已重新打开核对" in told and "3 行" in told
    page.screenshot(path=str(tmp_path / "made.png"))
    with page.expect_download() as taken:
        page.click(".st-key-take-take button")
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    with zipfile.ZipFile(path) as whole:
        whole.extractall(tmp_path / "in")
    (shape,) = (tmp_path / "in").glob("*.shp")
    assert sorted(gpd.read_file(shape)["DKBH"]) == ["O1", "P11", "P12"]
    dialog.press("Escape")
    page.wait_for_selector("[role=dialog]", state="detached")
    assert desk.selected() == ["O1", "P11", "P12"], "the map stays as it was"
