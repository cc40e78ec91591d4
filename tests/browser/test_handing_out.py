"""Layers go out by the page: choices, what is lost before the download, the file itself."""

from __future__ import annotations

import zipfile
from pathlib import Path

import geopandas as gpd

from tests.browser.visit import Visit

READY = "[data-testid=stDownloadButton] button"
MAKE = ".st-key-out-prepare button"


def at_export(visit: Visit) -> None:
    """The half of the exchange page that hands out."""
    visit.page.goto(f"{visit.address}/exchange?language=zh-CN")
    visit.page.get_by_role("radio", name="导出").or_(visit.page.get_by_role("button", name="导出")).first.click()
    visit.page.wait_for_selector(MAKE)


def chosen(visit: Visit, key: str, word: str) -> None:
    """Choose from a list."""
    visit.page.click(f".st-key-{key} [data-testid=stSelectbox] input")
    visit.page.get_by_role("option", name=word).first.click()


def test_a_shapefile_by_the_page(visit: Visit, tmp_path: Path) -> None:
    at_export(visit)
    visit.page.click(MAKE)
    visit.page.wait_for_selector(READY)
    told = visit.page.inner_text(".st-key-side")
    assert "已重新打开核对" in told and "271 行" in told
    assert "下载前请注意" in told and "备注" in told
    with visit.page.expect_download() as taken:
        visit.page.click(READY)
    path = tmp_path / taken.value.suggested_filename
    taken.value.save_as(path)
    assert path.name == "parcels-r1-shp.zip"
    with zipfile.ZipFile(path) as whole:
        assert all(name.isascii() for name in whole.namelist())
        whole.extractall(tmp_path / "in")
    assert len(gpd.read_file(tmp_path / "in" / "parcels-r1-shp.shp")) == 271


def test_another_choice_asks_anew(visit: Visit) -> None:
    at_export(visit)
    visit.page.click(MAKE)
    visit.page.wait_for_selector(READY)
    chosen(visit, "out-format", "KML")
    visit.page.wait_for_selector(MAKE)
    assert "未加偏" in visit.page.inner_text(".st-key-side")
    visit.page.click(MAKE)
    visit.page.wait_for_selector(READY)
    assert "parcels-r1-kml.zip" in visit.page.inner_text(READY)


def test_a_wrong_definition_is_refused_in_words(visit: Visit) -> None:
    at_export(visit)
    chosen(visit, "out-crs-any", "其他")
    visit.page.wait_for_selector(".st-key-out-definition textarea")
    assert visit.page.locator(MAKE).count() == 0
    visit.page.fill(".st-key-out-definition textarea", "+proj=longlat +nadgrids=@/etc/passwd")
    visit.page.press(".st-key-out-definition textarea", "Control+Enter")
    visit.page.wait_for_selector(MAKE)
    visit.page.click(MAKE)
    visit.page.wait_for_selector(".cz-refused")
    assert "不能使用" in visit.page.inner_text(".cz-refused")
