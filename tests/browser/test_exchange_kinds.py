"""What survey offices hand in: boundary points, a table that is joined, a file that comes again, hostile names."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser

from tests.browser.app_server import Server
from tests.browser.exchange import back, choose, commit, count, enter, events, give, now, on
from tests.browser.visit import Visit
from tests.files import POINTS_HEAD, geojson, parcels
from tests.hostile import PAYLOADS
from tests.world import X, Y

pytestmark = pytest.mark.browser

POINTS = f"""{POINTS_HEAD}4,1.0000,界址-1,地块1,面,,M4,,@
J1,1,{Y + 100:.3f},39{X:.3f}
J2,1,{Y + 100:.3f},39{X + 100:.3f}
J3,1,{Y:.3f},39{X + 100:.3f}
J4,1,{Y:.3f},39{X:.3f}
J1,1,{Y + 100:.3f},39{X:.3f}
"""


def test_boundary_points_come_in_by_their_header(visit: Visit, server: Server, tmp_path: Path) -> None:
    file = tmp_path / "勘测定界.txt"
    file.write_bytes(POINTS.replace("\n", "\r\n").encode("gb18030"))
    enter(visit)
    give(visit, file)
    on(visit, "found")
    visit.page.wait_for_selector(".cz-evidence >> text=界址点 TXT")
    on(visit, "columns")
    on(visit, "preview")
    commit(visit, "导入 1 个地块")
    table = now(server).table("parcels")
    (row,) = table[table["parcel_no"] == "界址-1"].to_dict("records")
    assert row["geometry"].bounds == pytest.approx((X, Y, X + 100, Y + 100), abs=0.002)


def test_a_workbook_is_joined_and_many_records_become_one_by_the_rule(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    file = geojson(tmp_path / "地块.geojson", parcels(3, 地块编号=["甲", "乙", "丙"]).to_crs("EPSG:4326"))
    book = openpyxl.Workbook()
    for line in (("编号", "建筑面积"), ("甲", 100), ("甲", 250), ("乙", 40)):
        book.active.append(line)
    book.save(tmp_path / "楼栋.xlsx")
    enter(visit)
    give(visit, file, tmp_path / "楼栋.xlsx")
    on(visit, "found")
    on(visit, "columns")
    visit.page.locator(".st-key-join summary").click()
    choose(visit, "join-table", "楼栋.xlsx")
    visit.page.wait_for_selector(".st-key-join-right")
    choose(visit, "join-left", "地块编号")
    choose(visit, "join-right", "编号")
    choose(visit, "join-take", "建筑面积")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector('[class*="st-key-join-rule-"]')
    choose(visit, "join-rule-0", "求和")
    visit.page.locator(".st-key-columns-rest summary").click()
    choose(visit, "read-built_floor_area_m2", "建筑面积")
    on(visit, "preview")
    commit(visit, "导入 3 个地块")
    table = now(server).table("parcels").set_index("parcel_no")
    assert table.loc[["甲", "乙"], "built_floor_area_m2"].tolist() == [350.0, 40.0]
    assert table.loc[["丙"], "built_floor_area_m2"].isna().all()


def test_a_file_that_comes_again_updates_what_it_matches(visit: Visit, server: Server, tmp_path: Path) -> None:
    numbers = ["再-1", "再-2", "再-3"]
    first = geojson(tmp_path / "一.geojson", parcels(3, 地块编号=numbers, 容积率=[1.0, 1.0, 1.0]).to_crs("EPSG:4326"))
    again = geojson(tmp_path / "二.geojson", parcels(3, 地块编号=numbers, 容积率=[1.0, 2.5, 3.0]).to_crs("EPSG:4326"))
    before = len(now(server).table("parcels"))
    enter(visit)
    give(visit, first)
    for step in ("found", "columns", "preview"):
        on(visit, step)
    commit(visit, "导入 3 个地块")
    keys = now(server).table("parcels").set_index("parcel_no").loc[numbers, "parcel_id"].tolist()
    visit.press(".st-key-done-new button")
    visit.page.wait_for_selector('[class*="st-key-exchange-drop"] input[type=file]', state="attached")
    give(visit, again)
    for step in ("found", "columns", "preview"):
        on(visit, step)
    choose(visit, "match", "按编号对应：同号的更新")
    commit(visit, "更新 2 个地块")
    table = now(server).table("parcels").set_index("parcel_no")
    assert table.loc[numbers, "far_max"].tolist() == [1.0, 2.5, 3.0]
    assert table.loc[numbers, "parcel_id"].tolist() == keys and len(table) == before + 3
    visit.idle()
    visit.page.keyboard.press("Control+z")
    visit.page.wait_for_selector(".cz-saved")
    visit.idle()
    assert now(server).table("parcels").set_index("parcel_no").loc[numbers, "far_max"].tolist() == [1.0, 1.0, 1.0]


def test_rows_that_cannot_come_in_are_told_and_taken_away(visit: Visit, server: Server, tmp_path: Path) -> None:
    frame = parcels(3, 地块编号=["好", "坏", "差"], 容积率=["2", "很多", "-1"]).to_crs("EPSG:4326")
    done = len(events(server))
    enter(visit)
    give(visit, geojson(tmp_path / "a.geojson", frame))
    for step in ("found", "columns", "preview"):
        on(visit, step)
    visit.page.wait_for_selector(".cz-rejected")
    told = visit.page.inner_text(".cz-rejected")
    assert "很多" in told and "容积率上限" in told
    assert [count(visit, row) for row in ("文件共有", "可用", "拒绝")] == [3, 1, 2]
    visit.page.wait_for_selector(".st-key-commit button:visible[disabled]")
    visit.idle()
    with visit.page.expect_download() as waiting:
        visit.page.locator(".st-key-rejected-csv button").click()
    lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3 and "很多" in lines[1]
    assert len(events(server)) == done
    visit.page.locator(".st-key-exchange-skip label").first.click()
    commit(visit, "导入 1 个地块")
    assert "2 行没有导入" in visit.page.inner_text(".cz-hint.cz-note")


def test_a_file_in_which_nothing_is_sound_leads_back_and_loses_nothing(
    visit: Visit, server: Server, tmp_path: Path
) -> None:
    frame = parcels(2, 地块编号=["a", "b"], 容积率=["x", "y"]).to_crs("EPSG:4326")
    enter(visit)
    give(visit, geojson(tmp_path / "a.geojson", frame))
    for step in ("found", "columns", "preview"):
        on(visit, step)
    visit.page.wait_for_selector(".cz-refused >> text=没有一行可以导入")
    visit.page.wait_for_selector(".st-key-commit button:visible[disabled]")
    back(visit)
    choose(visit, "read-far_max", "（不导入）")
    on(visit, "preview")
    visit.page.wait_for_selector(".st-key-commit button:visible:not([disabled])")


@pytest.mark.parametrize("content", [b"%PDF-1.7 no map at all", b"\x00\x01\x02", b"<html></html>"])
def test_what_is_no_data_is_refused_in_words_and_the_file_stays(visit: Visit, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "说明.shp.csv"
    file.write_bytes(content)
    enter(visit)
    give(visit, file)
    visit.press(".st-key-step-on button:visible")
    visit.page.wait_for_selector(".cz-refused")
    said = visit.page.inner_text(".cz-refused")
    assert "source" not in said and "/tmp" not in said and "Traceback" not in said
    visit.page.wait_for_selector(".st-key-step-on button:visible[disabled]")
    back(visit)
    visit.page.wait_for_selector('[class*="st-key-upload-"] >> text=说明.shp.csv')


def test_hostile_names_and_values_stay_text(visit: Visit, server: Server, browser: Browser, tmp_path: Path) -> None:
    frame = parcels(len(PAYLOADS), 地块编号=list(PAYLOADS)).to_crs("EPSG:4326")
    frame = frame.assign(**{payload: "=1+1" for payload in PAYLOADS})
    content = geojson(tmp_path / "a.geojson", frame).read_bytes()
    name = "{{7*7}}<img src=x onerror=window.top.XSS=1>.geojson"
    enter(visit, "en")
    give(visit, {"name": name, "mimeType": "application/json", "buffer": content})
    quiet(visit)
    for step in ("found", "columns", "preview"):
        on(visit, step)
        quiet(visit)
    visit.page.wait_for_function("window.chengzai && window.chengzai.ready")
    commit(visit, f"Import {len(PAYLOADS)} parcels")
    quiet(visit)
    assert "onerror" in visit.page.inner_text(".cz-done")
    assert set(PAYLOADS) <= set(now(server).table("parcels")["parcel_no"].dropna())


def quiet(visit: Visit) -> None:
    """Nothing of the file ran or became markup."""
    visit.page.wait_for_timeout(300)
    assert set(visit.frames_say("typeof window.XSS")) == {"undefined"}
    assert visit.page.evaluate("document.querySelectorAll('img[src=x], svg[onload]').length") == 0
    assert "49.geojson" not in visit.page.inner_text('[data-testid="stMainBlockContainer"]')
