"""Rights at the exchange page: who may not write prepares and is told who may; who lost the right loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from layers import people, stores
from layers.changes import Actor
from tests.browser.app_server import Server, serving
from tests.browser.exchange import commit, enter, events, give, now, on
from tests.browser.visit import Visit
from tests.browser.wire import sign_in
from tests.files import geojson, parcels
from tests.world import demo

pytestmark = pytest.mark.browser

PASS = "four plain words here"
OPERATOR = Actor("root", "operator")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Server]:
    """A workspace of 李工, who is GIS staff, and of 王主任, the administrator."""
    stores.create(tmp_path / "w.gpkg", demo())
    store = stores.open_store(tmp_path / "w.gpkg")
    for name, role in (("wang", "admin"), ("li", "gis")):
        people.set_password(store, name, people.add(store, OPERATOR, name, role), PASS)
    people.show_as(store, Actor("wang", "accounts"), "王主任")
    with serving(tmp_path / "w.gpkg", tmp_path / "log") as running:
        yield running


@pytest.fixture
def visit(browser: Browser, office: Server) -> Iterator[Visit]:
    made = Visit(browser, office.address)
    name, _, value = sign_in(office.address, "li", PASS).partition("=")
    made.context.add_cookies([{"name": name, "value": value, "url": office.address}])
    yield made
    made.close()
    assert made.left == []


def test_who_loses_the_role_in_the_middle_is_told_so_and_goes_on_when_it_is_back(
    visit: Visit, office: Server, tmp_path: Path
) -> None:
    store, page = stores.open_store(office.workspace), visit.page
    before = len(now(office).table("parcels"))
    enter(visit)
    give(visit, geojson(tmp_path / "a.geojson", parcels(2, 地块编号=["晚一", "晚二"]).to_crs("EPSG:4326")))
    for step in ("found", "columns", "preview"):
        on(visit, step)
    page.wait_for_selector(".st-key-commit button:visible:not([disabled])")
    people.set_role(store, OPERATOR, "li", "viewer")
    page.locator(".st-key-commit button:visible").click()
    page.wait_for_selector(".st-key-commit button[disabled]", timeout=60_000)
    page.wait_for_selector("text=没有写入：你现在的角色不能导入", timeout=60_000)
    told = page.inner_text(".stMain")
    assert "你的角色是查看者" in told and "GIS 人员或管理员" in told and "王主任" in told
    assert "文件和设置都还在" in told
    assert len(now(office).table("parcels")) == before
    assert [event.facts["tried"] for event in events(office) if event.kind == "refused"] == ["import"]
    page.screenshot(path=str(tmp_path / "viewer.png"))

    people.disable(store, OPERATOR, "li")
    page.locator(".st-key-step-back button").click()
    page.wait_for_selector(".st-key-step-back", state="detached", timeout=60_000)
    page.wait_for_selector(".cz-refused:visible")
    page.screenshot(path=str(tmp_path / "nobody.png"))
    assert len(now(office).table("parcels")) == before

    people.disable(store, OPERATOR, "li", disabled=False)
    people.set_role(store, OPERATOR, "li", "gis")
    name, _, value = sign_in(office.address, "li", PASS).partition("=")
    visit.context.add_cookies([{"name": name, "value": value, "url": office.address}])
    enter(visit)
    give(visit, tmp_path / "a.geojson")
    for step in ("found", "columns", "preview"):
        on(visit, step)
    commit(visit, "导入 2 个地块")
    assert len(now(office).table("parcels")) == before + 2
    visit.errors.clear()  # addresses of somebody without a role are refused, which the browser calls an error


def test_who_may_not_write_sees_the_preview_and_who_may(visit: Visit, office: Server, tmp_path: Path) -> None:
    people.set_role(stores.open_store(office.workspace), OPERATOR, "li", "planner")
    enter(visit)
    assert "你的角色是规划师" in visit.page.inner_text(".stMain")
    give(visit, geojson(tmp_path / "a.geojson", parcels(1, 地块编号=["看"]).to_crs("EPSG:4326")))
    for step in ("found", "columns", "preview"):
        on(visit, step)
    assert visit.page.locator(".st-key-commit button:visible").is_disabled()
    assert "王主任" in visit.page.inner_text(".stMain")
    assert not [event for event in events(office) if event.kind in ("import", "refused")]


def test_a_planner_fills_the_project_library_from_a_file(visit: Visit, office: Server, tmp_path: Path) -> None:
    """By the way that the projects page shows them; what they may not write is told on the same page."""
    people.set_role(stores.open_store(office.workspace), OPERATOR, "li", "planner")
    before = len(now(office).table("projects"))
    page = visit.page
    page.goto(f"{visit.address}/projects?language=zh-CN")
    page.locator(".st-key-projects-subject button", has_text="导入导出").click()
    page.locator(".st-key-projects-in").get_by_role("link").click()
    page.wait_for_selector('[class*="st-key-exchange-drop"] input[type=file]', state="attached", timeout=60_000)
    visit.idle()
    assert "你的角色是规划师" not in page.inner_text(".stMain")
    (tmp_path / "p.csv").write_text("项目编号,名称,人数\nXM-9,新来的企业,40\n", encoding="utf-8")
    give(visit, tmp_path / "p.csv")
    for step in ("found", "columns", "preview"):
        on(visit, step)
    commit(visit, "导入 1 个项目")
    assert len(now(office).table("projects")) == before + 1
    assert events(office)[0].kind == "import_projects"
