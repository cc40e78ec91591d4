"""A scenario from its branch to its merge: made, changed, compared, a conflict decided, merged, looked back at."""

from __future__ import annotations

import pytest
import shapely

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Assign, Split
from layers.stores.contract import Event
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PARCEL, PROJECT, BRANCH = "1516-66C", "中国铁路通信信号集团", "方案甲：东区优先"


def go(visit: Visit, name: str) -> None:
    visit.page.get_by_role("link", name=name, exact=True).click()
    visit.idle()


def tab(visit: Visit, name: str) -> None:
    visit.page.locator(".st-key-scenarios-tab").get_by_text(name, exact=True).click()
    visit.idle()


def keys(server: Server) -> tuple[str, str, shapely.Geometry]:
    workspace = stores.read(server.workspace)
    parcels, projects = workspace.table("parcels"), workspace.table("projects")
    row = parcels[parcels["parcel_no"] == PARCEL].iloc[0]
    project = projects.loc[projects["name"] == PROJECT, "project_id"].iloc[0]
    return str(row["parcel_id"]), str(project), row["geometry"]


def test_a_branch_is_made_and_stays_after_a_reload(visit: Visit, server: Server) -> None:
    visit.open()
    go(visit, "方案")
    visit.page.locator('[class*="st-key-new-name"] input').fill(BRANCH)
    visit.page.locator('[class*="st-key-new-note"] input').fill("先满足东区总部类项目")
    visit.page.get_by_role("button", name="新建").click()
    visit.page.wait_for_selector(f".cz-here >> text={BRANCH}")
    told = visit.page.inner_text(".cz-tree")
    assert "先满足东区" in told and "自「主方案」第 1 版" in told
    visit.page.reload()
    visit.page.wait_for_selector(f".cz-here >> text={BRANCH}")
    go(visit, "分区承载")
    assert visit.page.locator(".st-key-branch input").input_value() == BRANCH


def test_both_branches_change_and_are_compared(visit: Visit, server: Server) -> None:
    parcel, project, outline = keys(server)
    store = stores.open_store(server.workspace)
    west, south, east, north = outline.bounds
    cut = shapely.LineString([((west + east) / 2, south - 10), ((west + east) / 2, north + 10)])
    assert applying.apply(store, Asked(Actor("王工"), "split"), Split(parcel, cut)).status == "ok"
    asked = Asked(Actor("李工"), "give", scenario=BRANCH)
    assert applying.apply(store, asked, Assign(parcel, project, 6000.0)).status == "ok"
    visit.page.goto(f"{visit.address}/scenarios?scenario={BRANCH}")
    visit.page.wait_for_selector(".cz-tree")
    tab(visit, "对比")
    visit.page.wait_for_selector(".cz-changes")
    told = visit.page.inner_text(".cz-changes")
    for word in (f"{PARCEL}-1", f"{PARCEL} → {PROJECT}", "6,000 m²", "删除", "新增"):
        assert word in told, word
    assert visit.page.locator("img.cz-drawing").count() == 1
    assert "+0.60" in visit.page.inner_text(".cz-sheet"), "6,000 m² more are reserved"


def test_a_merge_asks_and_shows_what_each_way_out_comes_to(visit: Visit, server: Server) -> None:
    visit.page.goto(f"{visit.address}/scenarios?scenario={BRANCH}")
    visit.page.wait_for_selector(".cz-tree")
    tab(visit, "合并")
    visit.page.wait_for_selector(".st-key-conflict-0")
    said = visit.page.inner_text(".st-key-conflict-0")
    for word in ("目标方案：分割", "来源方案：落位", "按面积落到各部分", "撤销分割", "双方修改前"):
        assert word in said, word
    assert visit.page.locator(".st-key-conflict-0 img.cz-drawing").count() == 3
    assert visit.page.locator(".st-key-conflict-0 input:checked").count() == 0, "something is chosen already"
    button = visit.page.locator(".st-key-merge-now button")
    assert button.is_disabled() and "还有 1 处没有决定" in button.inner_text()
    visit.page.locator('[class*="st-key-decide-"]').get_by_text("按面积落到各部分").click()
    visit.page.wait_for_selector(".st-key-merge-now button:not([disabled])")
    before = len(stores.read(server.workspace).table("assignments"))
    visit.press(".st-key-merge-now button")
    visit.page.wait_for_selector(".st-key-merged")
    assert "已合并" in visit.page.inner_text(".st-key-merged")
    given = stores.read(server.workspace).table("assignments")
    assert len(given) == before + 2
    assert given["floor_area_m2"].iloc[-2:].sum() == 6000.0
    visit.press(".st-key-to-target button")
    visit.page.wait_for_selector('.st-key-branch input[value="主方案"]')


def test_the_past_is_opened_read_only(visit: Visit, server: Server) -> None:
    visit.page.goto(f"{visit.address}/history")
    visit.page.wait_for_selector(".st-key-log-list canvas")
    visit.idle()
    rows = len(events(server))
    visit.page.locator(".st-key-log-list .dvn-scroller").click(position={"x": 17, "y": 50 + 31 * (rows - 1)})
    visit.press(".st-key-open-revision button")
    visit.page.wait_for_selector(".cz-past >> text=第 1 版")
    go(visit, "分区承载")
    frame = visit.map()
    labels = "window.chengzai.names.labels"
    frame.wait_for_function(f"{labels}.includes('{PARCEL}') && !{labels}.includes('{PARCEL}-1')")
    visit.find(PARCEL)
    assert visit.page.locator('[class*="st-key-project-"]').count() == 0, "the past can be changed"
    assert visit.page.locator(".st-key-undo").count() == 0
    visit.page.reload()
    visit.page.wait_for_selector(".cz-past >> text=第 1 版")
    visit.press(".st-key-to-present button")
    visit.page.wait_for_selector(".cz-past", state="detached")


def test_an_act_is_taken_back_from_the_history(visit: Visit, server: Server) -> None:
    visit.open()
    go(visit, "历史")
    visit.page.wait_for_selector(".st-key-log-list canvas")
    visit.idle()
    visit.page.locator(".st-key-log-list .dvn-scroller").click(position={"x": 17, "y": 50})
    visit.page.wait_for_selector(".cz-act >> text=合并方案")
    assert "3,000 m²" in visit.page.inner_text(".st-key-side .cz-changes")
    before = len(stores.read(server.workspace).table("assignments"))
    visit.press('[class*="st-key-back-"] button')
    visit.page.wait_for_selector(".cz-saved")
    assert len(stores.read(server.workspace).table("assignments")) == before - 2
    assert events(server)[0].kind == "undo"


def events(server: Server) -> list[Event]:
    with stores.open_store(server.workspace).reading() as tx:
        return list(tx.events(newest_first=True, rows=False))
