"""Giving parcels to a project with the brush, and taking them back, read from the store."""

from __future__ import annotations

import pytest

from tests.browser.desk import Desk

pytestmark = pytest.mark.browser


def brush(desk: Desk, name: str = "甲") -> None:
    """Take the brush and choose a project in its bar."""
    desk.press("b")
    choice = desk.page.locator(".cz-options select")
    desk.page.wait_for_function("document => document.options.length > 1", arg=choice.element_handle())
    label = next(text for text in choice.locator("option").all_inner_texts() if text.startswith(name))
    choice.select_option(label=label)


def given(desk: Desk) -> dict[str, float]:
    """Floor area that is assigned, by parcel."""
    table = desk.stored().table("assignments")
    return dict(zip(table["parcel_id"].astype(str), table["floor_area_m2"].astype(float), strict=True))


def test_without_a_project_nothing_is_given(desk: Desk) -> None:
    desk.press("b")
    desk.click(90, 60)
    assert "先选择项目" in desk.bar() and given(desk) == {}


def test_twenty_clicks_thirty_milliseconds_apart_are_twenty_acts(desk: Desk) -> None:
    brush(desk)
    keys = [f"P{row}{column}" for row in range(3) for column in range(7)][:20]
    places = [desk.pixel(int(key[2]) * 60 + 30, int(key[1]) * 40 + 20) for key in keys]
    before = len(desk.events())
    for place in places:
        desk.page.mouse.click(*place)
        desk.page.wait_for_timeout(30)
    desk.settled()
    assert given(desk) == dict.fromkeys(keys, 4800.0)
    assert [event.kind for event in desk.events()][: len(desk.events()) - before] == ["assign"] * 20


def test_what_is_painted_twice_is_refused_and_shows_the_truth(desk: Desk) -> None:
    brush(desk, "乙")
    desk.click(90, 20)
    desk.settled()
    assert desk.core("core => core.furniture.line.className") == "cz-said cz-refused" and desk.said()
    assert len(given(desk)) == 20
    slot = desk.core("core => core.names.slot('P01')")
    assert desk.core("(core, slot) => core.looks.over.size + (core.looks.marks[slot] & 2)", slot) == 0


def test_a_drag_takes_back_what_it_passes_as_one_act_and_undo_gives_it_again(desk: Desk) -> None:
    def act() -> None:
        desk.press("e")
        desk.drag((30, 20), (150, 20), (150, 60))

    desk.undone(act)
    assert len(given(desk)) == 20 and desk.events()[1].kind == "unassign_many"


def test_a_drag_with_a_share_gives_part_of_what_is_left(desk: Desk) -> None:
    brush(desk)
    slider = desk.page.locator(".cz-options input[type=range]")
    slider.fill("50")

    def act() -> None:
        desk.drag((30, 140), (150, 140))

    desk.undone(act)
    assert desk.events()[1].kind == "assign_many"
    brush(desk)
    desk.page.locator(".cz-options input[type=range]").fill("25")
    desk.click(330, 140)
    desk.settled()
    assert given(desk)["P35"] == 600.0


def test_a_key_paints_the_parcel_that_was_walked_to(desk: Desk) -> None:
    desk.select("P32")
    brush(desk)
    desk.page.locator(".cz-options input[type=range]").fill("100")
    desk.press("ArrowRight", "Enter")
    desk.settled()
    assert given(desk)["P33"] == 4800.0
