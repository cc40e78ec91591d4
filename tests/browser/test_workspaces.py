"""The start page: a workspace is made, copied, backed up, restored and opened, and a reload stays with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from layers import stores
from tests.browser.app_server import Server, serving
from tests.browser.visit import Visit
from tests.world import three_parcels

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder: Path = tmp_path_factory.mktemp("shelf")
    stores.create(folder / "demo.gpkg", three_parcels())
    (folder / "broken.gpkg").write_bytes(b"no database at all, but long enough to be looked into")
    (folder / "secret.txt").write_text("not for the list")
    with serving(folder / "demo.gpkg", folder / "server.log") as running:
        yield running


def shelf(visit: Visit, way: str) -> None:
    visit.page.goto(f"{visit.address}/workspaces")
    visit.page.wait_for_selector(".st-key-make-way")
    visit.idle()
    visit.page.locator(".st-key-make-way").get_by_text(way, exact=True).click()
    visit.idle()


def submit(visit: Visit) -> None:
    visit.idle()
    visit.page.locator('[data-testid="stFormSubmitButton"] button').first.click()


def test_only_workspaces_of_the_folder_are_listed(visit: Visit) -> None:
    shelf(visit, "新建")
    listed = visit.page.inner_text('[data-testid="stMainBlockContainer"]')
    assert "三地块" in listed and "demo.gpkg" in listed and "第 1 版" in listed
    assert "broken.gpkg 不是承载的工作空间" in listed and "secret" not in listed


def test_a_copy_has_everything_and_is_opened(visit: Visit, server: Server) -> None:
    shelf(visit, "复制")
    visit.page.locator(".st-key-copy-name input").fill("../../副本 <img src=x onerror=window.top.XSS=1>")
    submit(visit)
    visit.page.wait_for_selector(".cz-done >> text=已复制")
    made = [path for path in server.workspace.parent.glob("*.gpkg") if path.name.startswith("副本")]
    assert len(made) == 1 and made[0].parent == server.workspace.parent
    assert len(stores.read(made[0]).table("parcels")) == 3
    assert visit.page.evaluate("typeof window.XSS") == "undefined"
    visit.press('[class*="st-key-open-"] button')
    visit.page.wait_for_selector(".cz-done >> text=已打开")
    visit.page.get_by_role("link", name="查看").first.click()
    visit.page.wait_for_selector(".cz-heading")
    visit.idle()
    assert "workspace=" in visit.page.url and ".gpkg" not in visit.page.url
    address = visit.page.url
    visit.page.reload()
    visit.page.wait_for_selector(".cz-heading")
    assert visit.page.url == address


def test_the_link_of_an_opened_workspace_leads_to_it_while_the_page_is_still_drawn(
    visit: Visit, server: Server
) -> None:
    stores.create(server.workspace.parent / "隔壁.gpkg", three_parcels())
    for _ in range(
        10
    ):  # the button that the link replaces used to push it out from under the mouse, one time in three
        shelf(visit, "新建")
        visit.press('[class*="st-key-open-"] button')
        visit.page.wait_for_selector(".cz-done >> text=已打开")
        visit.page.get_by_role("link", name="查看").first.click()
        visit.page.wait_for_selector(".cz-heading")


def test_a_backup_becomes_a_workspace_again(visit: Visit, server: Server) -> None:
    shelf(visit, "备份")
    visit.press(".st-key-back-up button")
    visit.page.wait_for_selector(".cz-done >> text=已备份并核验")
    shelf(visit, "恢复")
    visit.page.locator(".st-key-restore-name input").fill("昨天")
    submit(visit)
    visit.page.wait_for_selector(".cz-done >> text=已恢复")
    found = stores.read(server.workspace.parent / "昨天.gpkg")
    assert len(found.table("parcels")) == 3
    assert len(stores.read(server.workspace).table("parcels")) == 3


def test_a_new_workspace_is_opened_at_once_and_a_wrong_crs_is_refused(visit: Visit, server: Server) -> None:
    shelf(visit, "新建")
    visit.page.locator(".st-key-new-workspace-name input").fill("新城")
    crs = visit.page.locator(".st-key-new-workspace-crs input")
    crs.fill("EPSG:4326")
    crs.press("Enter")
    submit(visit)
    visit.page.wait_for_selector(".cz-refused")
    assert not (server.workspace.parent / "新城.gpkg").exists()
    shelf(visit, "新建")
    visit.page.locator(".st-key-new-workspace-name input").fill("新城")
    submit(visit)
    visit.page.wait_for_selector(".cz-done >> text=已打开「新城」")
    visit.page.get_by_role("link", name="查看").first.click()
    visit.page.wait_for_selector(".cz-heading >> text=新城")
    assert stores.read(server.workspace.parent / "新城.gpkg").crs == "EPSG:4548"
