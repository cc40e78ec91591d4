"""Finding, filtering and colouring, by mouse and by keyboard: what the editor shows is what the store holds."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import expect

from layers import applying, stores
from layers.changes import Actor, Asked
from layers.commands import Assign, EditMany
from tests.browser.desk import Desk

pytestmark = pytest.mark.browser

M4, SPARE = "M4 工业研发用地", 4800.0


@pytest.fixture(scope="module", autouse=True)
def arranged(opened_desk: Desk) -> None:
    """Three parcels are on sale, two by lease, and one of them is given to a project."""
    store = stores.open_store(opened_desk.server.workspace)
    for command in (
        EditMany("parcels", ("P00", "P01", "P02"), (("status", "announced"),)),
        EditMany("parcels", ("P00", "P01"), (("supply_mode", "lease"),)),
        EditMany("parcels", ("P03",), (("land_use", "B23"), ("name", "北斗大厦"))),
        Assign("P00", "j0", 1000.0),
    ):
        outcome = applying.apply(store, Asked(Actor("李工"), repr(command)[:60]), command)
        assert outcome.status == "ok", outcome.error
    opened_desk.until(f"core => core.revision >= {outcome.revision}")


def on_file(desk: Desk) -> dict[str, Counter[str]]:
    """How many parcels each class has under every way of colouring, from the tables."""
    parcels = desk.stored().table("parcels")
    given = set(desk.stored().table("assignments")["parcel_id"])
    status = {"announced": "公告"}
    supply = {"lease": "租赁"}
    return {
        "land_use": Counter({"M4": M4, "B23": "B23 研发设计用地"}[str(use)] for use in parcels["land_use"]),
        "zone": Counter(["东区"] * len(parcels)),
        "status": Counter(status.get(str(one), "未填状态") for one in parcels["status"]),
        "supply_mode": Counter(supply.get(str(one), "未填供应方式") for one in parcels["supply_mode"]),
        "assignment": Counter("意向" if key in given else "未落位" for key in parcels["parcel_id"]),
        "available": Counter(["不足 0.5 万m²"] * len(parcels)),
        "suitability": Counter(["未评价"] * len(parcels)),
    }


def legend(desk: Desk) -> dict[str, int]:
    rows = desk.page.locator(".cz-legend .cz-row:has(.cz-count)").all_inner_texts()
    return {row.split("\n")[0]: int(row.split("\n")[1]) for row in rows}


def test_every_way_of_colouring_counts_what_is_on_file(desk: Desk) -> None:
    wanted = on_file(desk)
    modes = desk.core("core => core.looks.offered.map(({ key }) => key)")
    assert set(modes) == set(wanted)
    radios = desk.page.locator('.cz-modes input[type="radio"]')
    radios.first.focus()
    for number, key in enumerate(modes):
        if number % 2:  # by mouse
            radios.nth(number).click(force=True)
        elif number:
            radios.nth(number - 1).focus()
            desk.page.keyboard.press("ArrowRight")
        assert desk.core("core => core.looks.mode.key") == key
        assert legend(desk) == dict(wanted[key]), key
    assert "尚无适宜性评价" in desk.page.inner_text(".cz-panel"), "what is not there yet is said"
    radios.first.click(force=True)


def test_every_way_of_colouring_filters_what_is_on_file(desk: Desk) -> None:
    wanted = on_file(desk)
    parcels, given = desk.stored().table("parcels"), desk.stored().table("assignments")
    desk.page.locator("#cz-tab-query").click()
    for number, (key, counts) in enumerate(wanted.items()):
        box = desk.page.locator(f'[data-mode="{key}"]')
        summary = box.locator("summary")
        label = min(counts, key=lambda one: counts[one])
        if number % 2:
            summary.click()
            box.get_by_text(label).click()
        else:
            summary.focus()
            desk.page.keyboard.press("Enter")
            tick = box.locator("label", has_text=label).locator("input")
            tick.focus()
            desk.page.keyboard.press("Space")
        expect(desk.page.locator(".cz-count-found")).to_have_text(f"{counts[label]} 个地块")
        desk.page.locator(".cz-select-all").press("Enter")
        if key == "status":
            assert set(desk.selected()) == set(parcels.loc[parcels["status"] == "announced", "parcel_id"])
        if key == "assignment":
            assert set(desk.selected()) == set(given["parcel_id"])
        desk.page.locator(".cz-clear").click()


@pytest.mark.parametrize("query", ["东区, M4, available > 4,000 m²", "东区，M4，可供 > 4000"])
def test_a_query_selects_by_keyboard_what_the_tables_say(desk: Desk, query: str) -> None:
    parcels, given = desk.stored().table("parcels"), desk.stored().table("assignments")
    taken = given.groupby("parcel_id")["floor_area_m2"].sum()
    left = parcels["far_max"] * parcels["official_area_m2"] - parcels["parcel_id"].map(taken).fillna(0)
    left -= (parcels["parcel_id"] == "P36") * 500.0  # its building
    wanted = set(parcels.loc[(parcels["land_use"] == "M4") & (left > 4000), "parcel_id"])
    assert 20 < len(wanted) < len(parcels) - 1
    desk.page.locator("#cz-tab-query").focus()
    desk.page.keyboard.press("Enter")
    desk.page.locator("#cz-query").focus()
    desk.page.keyboard.press("Control+a")
    desk.page.keyboard.type(query)
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator(".cz-count-found")).to_have_text(f"{len(wanted)} 个地块")
    desk.page.locator(".cz-select-all").press("Enter")
    assert set(desk.selected()) == wanted
    desk.page.locator(".cz-select-all").focus()
    before = desk.page.locator(".cz-select-all").element_handle()
    desk.page.locator(".cz-query-line").evaluate("form => form.requestSubmit()")
    desk.page.wait_for_function("button => !button.isConnected", arg=before)
    desk.select()
    desk.page.keyboard.press("Enter")  # the answer came again under the keyboard
    assert set(desk.selected()) == wanted
    desk.page.locator(".cz-clear").click()


def test_a_name_is_found_by_keyboard_and_a_number_by_mouse(desk: Desk) -> None:
    desk.view(1000, 1000, 1200, 1200)
    field = desk.page.locator("#cz-find")
    field.fill("北斗")
    desk.page.locator(".cz-suggestions li", has_text="P03").wait_for()
    field.press("Enter")
    assert desk.selected() == ["P03"]
    field.fill("P2")
    desk.page.locator(".cz-suggestions li", has_text="P24").click()
    assert desk.selected() == ["P24"]
    x, y = desk.shape("P24").centroid.coords[0]
    inside = desk.core("(core, lon, lat) => core.map.getBounds().contains([lat, lon])", *desk.lonlat(x, y))
    assert inside, "the map has flown there"


def test_a_cell_is_changed_by_keyboard_and_the_map_follows(desk: Desk) -> None:
    desk.page.locator("#cz-tab-table").click()
    desk.select("P20", "P21")
    desk.page.locator(".cz-scope", has_text="已选").click()
    row = desk.page.locator(".cz-line-row", has_text="P20")
    row.wait_for()
    grid = desk.page.locator(".cz-grid")
    grid.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        desk.page.keyboard.press(key)

    def act() -> None:
        desk.page.keyboard.press("F2")
        desk.page.locator(".cz-cell-input").wait_for()
        desk.page.keyboard.press("Control+a")
        desk.page.keyboard.type("1.75")
        with desk.saved():
            desk.page.keyboard.press("Enter")
        parcels = desk.stored().table("parcels").set_index("parcel_id")
        changed = parcels.index[parcels["far_max"] == 1.75]
        assert list(changed) == ["P20"], list(changed)

    desk.undone(act)
    desk.page.locator(".cz-scope", has_text="图上可见").click()
    desk.page.locator("#cz-tab-form").click()


def given(desk: Desk, key: str) -> list[Any]:
    table = desk.stored().table("assignments")
    return table.loc[table["parcel_id"] == key, "floor_area_m2"].tolist()


def test_part_of_the_floor_area_is_given_by_a_slider_that_is_dragged(desk: Desk) -> None:
    desk.click(330, 20)

    def act() -> None:
        chosen = desk.page.locator(".cz-adding select")
        expect(chosen.locator("option").nth(1)).to_be_attached()
        chosen.select_option(index=1)
        slider = desk.page.locator(".cz-adding input[type=range]")
        box = slider.bounding_box()
        assert box
        middle = box["y"] + box["height"] / 2
        desk.page.mouse.move(box["x"] + box["width"] - 8, middle)
        desk.page.mouse.down()
        desk.page.mouse.move(box["x"] + box["width"] / 2, middle, steps=4)
        desk.page.mouse.up()
        told = float(desk.page.locator('.cz-adding input[type="text"]').input_value().replace(",", ""))
        assert told == pytest.approx(SPARE / 2, rel=0.08)
        with desk.saved():
            desk.page.locator(".cz-assign").click()
        assert given(desk, "P05") == [told]

    desk.undone(act)
