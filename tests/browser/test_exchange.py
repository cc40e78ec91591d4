"""Files come in through the browser; what came of it is read from the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.app_server import Server
from tests.browser.exchange import back, choose, commit, count, enter, events, give, now, on, zipped
from tests.browser.visit import Visit
from tests.files import parcels
from tests.world import X, Y

pytestmark = pytest.mark.browser


def plots(count: int = 4) -> dict[str, list[object]]:
    """Columns as a Chinese office calls them."""
    return {
        "地块编号": [f"新-{number}" for number in range(count)],
        "用地性质": ["M4"] * count,
        "容积率": [2.0 + number / 10 for number in range(count)],
        "权属单位": ["某公司"] * count,
    }


def test_a_zip_in_gbk_without_a_crs_comes_in_with_a_confirmed_cure(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    before, done = now(server), len(events(server))
    file = zipped(tmp_path, parcels(4, **plots()), "规划地块", without=(".prj", ".cpg"))
    enter(visit)
    give(visit, file)
    on(visit, "found")
    visit.page.wait_for_selector(".cz-weight-stops")
    assert "GB18030" in visit.page.inner_text(".cz-evidence")
    assert "没有坐标系" in visit.page.inner_text('[class*="st-key-doubt-crs_missing"]')
    visit.page.wait_for_selector(".st-key-step-on button:visible[disabled]")
    assert visit.page.locator('[class*="st-key-cure-"] input:checked').count() == 0, "nothing is cured by itself"
    visit.page.locator('[class*="st-key-cure-"] label').first.click()
    visit.page.wait_for_selector(".cz-evidence >> text=EPSG:4548")
    on(visit, "columns")
    assert "新-0" in visit.page.inner_text(".st-key-exchange-columns")
    on(visit, "preview")
    assert (count(visit, "文件共有"), count(visit, "新增"), count(visit, "不变")) == (
        4,
        4,
        len(before.table("parcels")),
    )
    visit.page.wait_for_function("window.chengzai && window.chengzai.ready")
    assert visit.page.evaluate("window.chengzai.looks.modes.map((mode) => mode.key)") == ["arriving"]
    assert len(events(server)) == done, "nothing is written by looking"
    commit(visit, "导入 4 个地块")
    after = now(server).table("parcels")
    rows = after[after["parcel_no"].isin(plots()["地块编号"])]
    assert rows["far_max"].tolist() == [2.0, 2.1, 2.2, 2.3] and set(rows["权属单位"]) == {"某公司"}
    assert rows["geometry"].iloc[0].bounds == pytest.approx((X, Y, X + 100, Y + 100))
    assert [event.kind for event in events(server)][: len(events(server)) - done] == ["import"]
    assert events(server)[0].facts["file"] == "规划地块.zip"
    visit.press(".st-key-done-take-back button")
    visit.page.wait_for_selector(".cz-saved")
    visit.idle()
    assert len(now(server).table("parcels")) == len(before.table("parcels"))


def test_going_back_and_forth_loses_nothing(visit: Visit, server: Server, tmp_path: Path) -> None:
    file = zipped(tmp_path, parcels(2, **plots(2)), "地块")
    enter(visit)
    give(visit, file)
    on(visit, "found")
    choose(visit, "exchange-area-unit", "公顷")
    on(visit, "columns")
    visit.page.locator(".st-key-columns-rest summary").click()
    choose(visit, "read-note", "权属单位")
    back(visit)
    back(visit)
    visit.page.wait_for_selector('[class*="st-key-upload-"] >> text=地块.zip')
    on(visit, "found")
    assert visit.page.locator(".st-key-exchange-area-unit input").input_value() == "公顷"
    on(visit, "columns")
    assert visit.page.locator(".st-key-read-note input").input_value() == "权属单位"
    visit.page.get_by_role("link", name="历史", exact=True).click()
    visit.page.wait_for_selector(".st-key-log-list")
    visit.page.get_by_role("link", name="数据交换", exact=True).click()
    visit.page.wait_for_selector(".cz-ours")
    visit.idle()
    assert visit.page.locator(".st-key-read-note input").input_value() == "权属单位"
