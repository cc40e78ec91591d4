"""Pictures of the pages for the documentation: ``python -m tests.browser.pictures [folder]``.

They are taken of the demo, in both languages and at the two sizes of screen that offices have.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import geopandas as gpd
import shapely
from playwright.sync_api import Browser, sync_playwright

from layers import applying, scenarios, stores
from layers.changes import Actor, Asked
from layers.commands import Assign, Split
from layers.demo import demo
from tests.browser.app_server import FLAGS, ROOT, Server, find_browser, serving
from tests.browser.exchange import choose, enter, give, on
from tests.browser.visit import Visit
from tests.files import geojson
from views.text import texts

SIZES = {"": (1366, 768), "-1920": (1920, 1080)}
LANGUAGES = {"zh": "zh-CN", "en": "en"}
PARCEL, PROJECT, BRANCH = "1516-66C", "中国铁路通信信号集团", "方案甲：东区优先"


def take(folder: Path) -> None:
    """Every picture, into a folder."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        path = Path(scratch) / "demo.gpkg"
        stores.create(path, demo())
        browser = play.chromium.launch(executable_path=find_browser(), args=list(FLAGS))
        with serving(path, Path(scratch) / "server.log") as server:
            for short, language in LANGUAGES.items():
                for suffix, size in SIZES.items():
                    visit = Visit(browser, server.address, size)
                    visit.open(f"?language={language}")
                    visit.page.wait_for_timeout(800)
                    visit.picture(folder / f"overview-{short}{suffix}.png")
                    if not suffix:
                        visit.click_parcel(PARCEL)
                        visit.page.wait_for_selector(".cz-origin")
                        visit.page.wait_for_timeout(500)
                        visit.picture(folder / f"parcel-{short}.png")
                    visit.close()
            brought_in(browser, server, folder, Path(scratch))
            branches(path)
            for short, language in LANGUAGES.items():
                visit = Visit(browser, server.address)
                visit.open(f"?language={language}")
                pages(visit, folder, short)
                visit.close()
        browser.close()


def brought_in(browser: Browser, server: Server, folder: Path, scratch: Path) -> None:
    """The last step of an import that comes a second time: some parcels differ, some are new, one is gone."""
    table = stores.read(server.workspace).table("parcels")
    near = table[table["parcel_no"].notna()].iloc[:40]
    moved = near.geometry.translate(xoff=6.0).where(near.index % 5 == 0, near.geometry)
    fresh = near.iloc[:6].geometry.translate(yoff=-900.0)
    numbers = [*near["parcel_no"], *(f"新增-{number}" for number in range(6))]
    frame = gpd.GeoDataFrame({"地块编号": numbers}, geometry=[*moved, *fresh], crs=table.crs)
    file = geojson(scratch / "2026年更新地块.geojson", frame.to_crs("EPSG:4490"))
    for short, language in LANGUAGES.items():
        visit = Visit(browser, server.address)
        enter(visit, language)
        give(visit, file)
        for step in ("found", "columns", "preview"):
            on(visit, step)
        choose(visit, "match", texts(language)("match_number"))
        visit.page.wait_for_function("window.chengzai && window.chengzai.ready")
        visit.page.wait_for_timeout(1500)
        visit.picture(folder / f"import-{short}.png")
        visit.close()


def pages(visit: Visit, folder: Path, short: str) -> None:
    """Projects, scenarios, a comparison, a merge with a conflict, history and the start page."""
    say = texts(LANGUAGES[short])

    def taken(name: str, there: str) -> None:
        visit.page.wait_for_selector(there)
        visit.idle()
        visit.page.wait_for_timeout(500)
        visit.picture(folder / f"{name}-{short}.png")

    def go(page: str) -> None:
        visit.page.get_by_role("link", name=say(page), exact=True).click()

    go("page_projects")
    visit.map()
    visit.idle()
    visit.page.locator(".st-key-projects-table .dvn-scroller").click(position={"x": 17, "y": 267})
    taken("projects", ".cz-asks")
    go("page_scenarios")
    taken("scenarios", ".cz-tree")
    for tab, there in (("compare", ".st-key-compare-a"), ("merge", ".cz-maps")):
        visit.page.locator(".st-key-scenarios-tab").get_by_text(say(f"tab_{tab}"), exact=True).click()
        visit.page.wait_for_selector(there)
        if tab == "compare":
            visit.page.locator(".st-key-compare-b input").click()
            visit.page.keyboard.type(BRANCH)
            visit.page.keyboard.press("Enter")
            there = ".cz-changes"
        taken(tab, there)
    go("page_history")
    visit.page.wait_for_selector(".st-key-log-list canvas")
    visit.idle()
    visit.page.locator(".st-key-log-list .dvn-scroller").click(position={"x": 17, "y": 50})
    taken("history", ".cz-act")
    visit.page.goto(f"{visit.address}/workspaces?language={LANGUAGES[short]}")
    taken("workspaces", ".st-key-make-way")


def branches(path: Path) -> None:
    """Two planners go on in two scenarios: one splits a parcel, floor area of which the other assigns."""
    store = stores.open_store(path)
    with store.reading() as tx:
        workspace = tx.workspace()
    parcels, projects = workspace.table("parcels"), workspace.table("projects")
    parcel = parcels[parcels["parcel_no"] == PARCEL].iloc[0]
    project = projects.loc[projects["name"] == PROJECT, "project_id"].iloc[0]
    west, south, east, north = parcel["geometry"].bounds
    cut = shapely.LineString([((west + east) / 2, south - 10), ((west + east) / 2, north + 10)])
    li, wang = Actor("李工"), Actor("王工")
    scenarios.branch(store, Asked(li, "first"), BRANCH, "先满足东区总部类项目")
    give = Assign(str(parcel["parcel_id"]), str(project), 6000.0)
    applying.apply(store, Asked(li, "give", scenario=BRANCH), give)
    applying.apply(store, Asked(wang, "split"), Split(str(parcel["parcel_id"]), cut))


if __name__ == "__main__":
    take(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures")
