"""Beside the map of the editor: what is typed and taken back there is on file, or the viewer is told why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

from layers import applying, selecting, stores
from layers.accounts import books
from layers.changes import Actor, Asked
from layers.commands import Edit
from layers.stores.contract import Event
from tests.browser.app_server import Server
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PARCEL, OTHER = "1516-66C", "E1-09-02"
EXAMPLE = "东区三期，M4，可供 > 10000"
PROJECT = "中国铁路通信信号集团"


def open_editor(visit: Visit) -> Page:
    visit.page.goto(f"{visit.address}/editor")
    visit.page.wait_for_function("window.chengzai?.ready")
    visit.page.wait_for_selector(".cz-side")
    return visit.page


@pytest.fixture
def page(visit: Visit) -> Page:
    return open_editor(visit)


@pytest.fixture
def other(browser: Browser, server: Server) -> Iterator[Page]:
    made = Visit(browser, server.address)
    yield open_editor(made)
    made.close()
    assert made.errors == []


def find(page: Page, number: str) -> None:
    """Choose a parcel by its number, with the keyboard alone."""
    page.locator("#cz-find").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(number)
    page.wait_for_selector(".cz-suggestions .cz-at")
    page.keyboard.press("Enter")
    expect(page.locator(".cz-form-title")).to_have_text(number)


def settled(page: Page) -> None:
    """Wait until everything is answered."""
    page.wait_for_function("window.chengzai.outbox.queue.length === 0")
    expect(page.locator('.cz-saving[data-state="saved"]')).to_be_visible()


def stored(server: Server, number: str, column: str) -> Any:
    parcels = stores.read(server.workspace).table("parcels")
    return parcels.loc[(parcels["parcel_no"] == number).fillna(False), column].iloc[0]


def key_of(server: Server, number: str) -> str:
    return str(stored(server, number, "parcel_id"))


def given(server: Server, number: str) -> pd.DataFrame:
    table = stores.read(server.workspace).table("assignments")
    return table[table["parcel_id"] == key_of(server, number)]


def by_colleague(server: Server, number: str, **values: Any) -> None:
    asked = Asked(Actor("李工"), f"{number} {values} {stores.revision(server.workspace)}")
    command = Edit("parcels", key_of(server, number), tuple(values.items()))
    assert applying.apply(stores.open_store(server.workspace), asked, command).status == "ok"


def events(server: Server) -> list[Event]:
    with stores.open_store(server.workspace).reading() as tx:
        return list(tx.events(newest_first=True, limit=8, rows=False))


def field(page: Page, column: str) -> Any:
    return page.locator(f"#cz-field-{column}")


def save(page: Page, column: str, text: str) -> None:
    field(page, column).fill(text)
    field(page, column).press("Enter")
    settled(page)


def tab(page: Page, name: str) -> None:
    page.locator(f"#cz-tab-{name}").click()


def selected(page: Page) -> list[str]:
    return list(page.evaluate("[...window.chengzai.selection].map(slot => window.chengzai.names.labels[slot])"))


def test_a_number_is_found_by_keyboard_and_flown_to(page: Page) -> None:
    find(page, OTHER)
    assert selected(page) == [OTHER]
    x, y = page.evaluate("label => window.chengzai.pixel(window.chengzai.labelled(label))", OTHER)
    box = page.locator(".cz-map").bounding_box()
    assert box and 0 < x < box["width"] and 0 < y < box["height"]
    page.locator("#cz-find").fill("E1-0")
    labels = page.locator(".cz-suggestions li").all_inner_texts()
    assert 1 < len(labels) <= 10 and all("E1-0" in label for label in labels)
    page.locator("#cz-find").press("ArrowDown")
    page.locator("#cz-find").press("Enter")
    assert selected(page) == [labels[1]]
    page.locator("#cz-find").fill(f"东区三期 {PARCEL}")
    expect(page.locator(".cz-suggestions li").first).to_have_text(PARCEL)


def test_a_figure_is_changed_in_the_form(page: Page, server: Server) -> None:
    find(page, PARCEL)
    revision = stores.revision(server.workspace)
    field(page, "far_max").fill("-1")
    expect(page.locator("#cz-why-far_max")).to_have_text("不能小于 0")
    assert page.locator(".cz-save").is_disabled()
    field(page, "far_max").press("Escape")
    expect(field(page, "far_max")).to_have_value("2.5")
    save(page, "far_max", "2.25")
    assert stored(server, PARCEL, "far_max") == 2.25 and stores.revision(server.workspace) == revision + 1
    expect(page.locator('[data-figure="permitted"] b').last).to_have_text("14,400")
    field(page, "status").select_option(index=2)
    page.locator(".cz-save").click()
    settled(page)
    assert stored(server, PARCEL, "status") == field(page, "status").input_value()


def test_many_are_changed_by_one_act(page: Page, server: Server) -> None:
    slots = [page.evaluate("label => window.chengzai.labelled(label)", label) for label in (PARCEL, OTHER)]
    page.evaluate("slots => window.chengzai.select(slots)", slots)
    expect(page.locator(".cz-form-title")).to_have_text("已选 2 个地块")
    expect(field(page, "parcel_no")).to_have_attribute("placeholder", "多值")
    revision = stores.revision(server.workspace)
    save(page, "height_max_m", "45")
    assert [stored(server, one, "height_max_m") for one in (PARCEL, OTHER)] == [45, 45]
    assert stored(server, PARCEL, "parcel_no") == PARCEL and stores.revision(server.workspace) == revision + 1


def test_undo_and_redo_by_keys_also_after_a_reload(visit: Visit, page: Page, server: Server) -> None:
    find(page, PARCEL)
    save(page, "far_max", "2.6")
    field(page, "far_max").fill("9")
    field(page, "far_max").press("Control+z")
    page.wait_for_timeout(300)
    assert stored(server, PARCEL, "far_max") == 2.6, "while a field is typed in, the keys are the field's"
    open_editor(visit)
    expect(page.locator('.cz-undo [data-act="undo"]')).to_have_attribute(
        "title", re.compile("^撤销：.*1516-66C.*容积率上限")
    )
    page.locator(".cz-map").focus()
    page.keyboard.press("Control+z")
    settled(page)
    assert stored(server, PARCEL, "far_max") == 2.25
    open_editor(visit)
    page.keyboard.press("Control+Shift+z")
    settled(page)
    assert stored(server, PARCEL, "far_max") == 2.6
    page.locator('.cz-undo [data-act="undo"]').click()
    settled(page)
    page.keyboard.press("Control+y")
    settled(page)
    assert [event.kind for event in events(server)][:4] == ["redo", "undo", "redo", "undo"]


def test_a_cell_is_changed_in_place_and_map_and_table_follow_each_other(page: Page, server: Server) -> None:
    tab(page, "table")
    row = page.locator(".cz-line-row").filter(has_text=OTHER)
    find_row(page, OTHER)
    row.locator('[data-column="3"]').dblclick()
    page.locator(".cz-cell-input").fill("3.1")
    page.keyboard.press("Enter")
    settled(page)
    assert stored(server, OTHER, "far_max") == 3.1
    expect(row.locator('[data-column="3"]')).to_have_text("3.1")
    assert selected(page) == [OTHER]
    slot = page.evaluate("label => window.chengzai.labelled(label)", PARCEL)
    page.evaluate("slot => { window.chengzai.select([slot]); window.chengzai.fly(slot); }", slot)
    expect(page.locator('.cz-line-row[aria-selected="true"]')).to_contain_text(PARCEL)
    page.locator(".cz-grid").focus()
    page.keyboard.press("ArrowDown")
    assert len(selected(page)) == 1 and selected(page) != [PARCEL]
    page.keyboard.press("Shift+ArrowDown")
    assert len(selected(page)) == 2


def find_row(page: Page, number: str) -> None:
    """Select a parcel on the map so that the table brings its row into sight."""
    page.evaluate(
        "label => { const c = window.chengzai; const s = c.labelled(label); c.fly(s); c.select([s]); }", number
    )
    expect(page.locator('.cz-line-row[aria-selected="true"]')).to_contain_text(number)


def test_the_example_of_a_query_gives_what_the_accounts_say(page: Page, server: Server) -> None:
    workspace = stores.read(server.workspace)
    mask = selecting.chosen(workspace, selecting.read(workspace, EXAMPLE))
    held = books(workspace)
    tab(page, "query")
    page.locator("#cz-query").fill(EXAMPLE)
    page.locator("#cz-query").press("Enter")
    expect(page.locator(".cz-count-found")).to_have_text(f"{mask.sum()} 个地块")
    area, left = held.site_area[mask].sum(), held.parcels().available[mask].sum()
    expect(page.locator(".cz-sums")).to_have_text(f"用地 {area:,.0f} m² · 可供 {left:,.0f} m²")
    page.locator(".cz-select-all").click()
    keys = page.evaluate("[...window.chengzai.selection].map(slot => window.chengzai.names.keys[slot])")
    assert set(keys) == set(workspace.table("parcels")["parcel_id"][mask])
    page.locator(".cz-only").click()
    assert page.evaluate("window.chengzai.looks.marks.filter(mark => !(mark & 4)).length") == mask.sum()
    tab(page, "table")
    expect(page.locator(".cz-table-bar .cz-faint")).to_have_text(f"{mask.sum()} 行")
    tab(page, "query")
    page.locator("#cz-query").fill("不是条件")
    page.locator("#cz-query").press("Enter")
    expect(page.locator(".cz-query .cz-told")).to_contain_text("看不懂筛选条件“不是条件”")
    assert page.evaluate("window.chengzai.looks.marks.some(mark => mark & 4)") is False


def test_classes_of_the_legend_are_ticked_together(page: Page, server: Server) -> None:
    parcels = stores.read(server.workspace).table("parcels")
    tab(page, "query")
    page.locator('[data-mode="land_use"] summary').click()
    page.locator(".cz-ticks").get_by_text("M4 工业研发用地").click()
    expect(page.locator(".cz-count-found")).to_have_text(f"{(parcels['land_use'] == 'M4').sum()} 个地块")


def test_floor_area_is_given_changed_and_taken_back(page: Page, server: Server) -> None:
    find(page, PARCEL)
    chosen = page.locator(".cz-adding select")
    expect(chosen.locator("option").nth(1)).to_be_attached()
    chosen.select_option(label=next(one for one in chosen.locator("option").all_inner_texts() if PROJECT in one))
    amount = page.locator('.cz-adding input[type="text"]')
    amount.fill("3000")
    page.locator(".cz-assign").click()
    settled(page)
    assert given(server, PARCEL)["floor_area_m2"].tolist() == [3000]
    area = page.locator('.cz-given input[type="text"]')
    area.fill("4000")
    area.press("Enter")
    settled(page)
    page.locator(".cz-given select").select_option("signed")
    settled(page)
    row = given(server, PARCEL).iloc[0]
    assert (row["floor_area_m2"], row["stage"]) == (4000, "signed")
    slider = page.locator('.cz-given input[type="range"]')
    slider.focus()
    page.keyboard.press("Home")
    page.keyboard.press("End")
    settled(page)
    assert given(server, PARCEL)["floor_area_m2"].iloc[0] == pytest.approx(
        float(slider.get_attribute("max") or 0), abs=1
    )
    area.fill("9999999")
    area.press("Enter")
    expect(page.locator(".cz-givings .cz-told")).to_contain_text("不够")
    page.locator(".cz-take-back").click()
    settled(page)
    assert given(server, PARCEL).empty


def test_what_is_typed_stays_when_a_colleague_writes_and_the_second_save_is_asked(page: Page, server: Server) -> None:
    find(page, OTHER)
    field(page, "far_max").fill("1.5")
    by_colleague(server, OTHER, far_max=1.1, note="李工改过")
    expect(page.locator(".cz-told", has_text="他人已修改此地块")).to_be_visible(timeout=4_000)
    expect(field(page, "far_max")).to_have_value("1.5")
    expect(field(page, "note")).to_have_value("李工改过")
    field(page, "far_max").press("Enter")
    box = page.locator(".cz-clash")
    for word in ("李工", "1.5", "1.1", "3.1", "容积率上限"):
        expect(box).to_contain_text(word)
    page.keyboard.press("Escape")
    assert box.is_visible() and stored(server, OTHER, "far_max") == 1.1
    page.locator(".cz-keep-theirs").click()
    expect(field(page, "far_max")).to_have_value("1.1")
    assert stored(server, OTHER, "far_max") == 1.1


def test_of_two_pages_the_slower_may_overwrite_knowingly(page: Page, other: Page, server: Server) -> None:
    for one, value in ((page, "1.2"), (other, "1.3")):
        find(one, OTHER)
        field(one, "far_max").fill(value)
    field(page, "far_max").press("Enter")
    settled(page)
    field(other, "far_max").press("Enter")
    other.locator(".cz-use-mine").click()
    settled(other)
    assert stored(server, OTHER, "far_max") == 1.3
    expect(field(page, "far_max")).to_have_value("1.3", timeout=4_000)


def test_the_editor_fills_the_window_and_the_side_can_be_put_away(page: Page) -> None:
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight <= innerHeight")
    wide = page.locator(".cz-map").bounding_box()
    page.locator(".cz-hide").click()
    assert page.locator(".cz-side").is_hidden()
    now = page.locator(".cz-map").bounding_box()
    assert wide and now and now["width"] > wide["width"] + 300
    page.locator(".cz-open").click()
    assert page.locator(".cz-side").is_visible()
